// The inputs that every setting gets. The example is the truth: an input only shows it, and is read in its own event.

import { derive } from "../example/derive.js";
import { brief, exactly, parse } from "../numbers.js";
import { held } from "../session.js";
import { attribute, make, put } from "./elements.js";
import { complain, drop, move, settle, start_of } from "./hands.js";
import { schedule } from "./player.js";

/**
 * A native slider with a box beside it. A value beyond the slider's range shows at its end, with its number.
 * @param {any} stage
 * @param {any} setting `range` [low, high, step] of the slider, `bounds` [low, high, infinite] of what may be typed and
 *   `wanted`, the words for that; `spoken()` names it; `value(example, result)`, `set(start, x)`; `to` and `from` map a
 *   value to the slider's scale and back.
 */
export function slider_and_box(stage, setting) {
  return [slider(stage, setting), box(stage, setting)];
}

export function slider(
  stage,
  { range: [low, high, step], spoken, className, value, set, to = (x) => x, from = (x) => x },
) {
  const input = make("input", { type: "range", className, min: low, max: high, step });
  input.oninput = () => move(stage, set(start_of(stage), from(Number(input.value))));
  input.onchange = () => settle(stage, held.scene.example);
  input.onpointercancel = () => drop(stage);
  stage.painters.push(({ example }, result) => {
    const x = value(example, result), at = Number.isNaN(x) ? low : Math.min(Math.max(to(x), low), high);
    if (input !== stage.root.activeElement || !stage.start) input.value = String(at);
    input.style.setProperty("--at", ((at - low) / (high - low)).toFixed(4));
    attribute(input, "aria-label", spoken());
    attribute(input, "aria-valuetext", Number.isNaN(x) ? "none" : brief(x));
  });
  return input;
}

export function box(stage, { bounds, wanted, spoken, quantity, row, value, set, written = brief, className = "" }) {
  const input = make("input", {
    type: "text",
    className: `box ${className}`,
    inputMode: bounds[0] < 0 ? "text" : "decimal",
    autocomplete: "off",
    dataset: { quantity, row },
  });
  input.onfocus = () => {
    input.value = exactly(value(held.scene.example, derive(held.scene.example)));
    input.select();
  };
  typed_into(stage, input, () => {
    const typed = parse(input.value, bounds[0], bounds[1], bounds[2]),
      next = typed === null ? null : set(held.scene.example, typed);
    if (next) settle(stage, next);
    else complain(stage, `“${input.value.slice(0, 20)}” was not taken. Expected ${wanted}.`);
  });
  stage.painters.push(({ example }, result) => {
    const x = value(example, result);
    attribute(input, "aria-label", `${spoken()}, typed`);
    attribute(input, "data-value", Number.isNaN(x) ? "" : x);
    if (input !== stage.root.activeElement) input.value = Number.isNaN(x) ? "" : written(x);
  });
  return input;
}

/**
 * `take` hears of a text that was changed by hand, once the box is left. (A change event would miss some: the box's
 * text is also set by us.)
 */
export function typed_into(stage, input, take) {
  let before;
  input.addEventListener("focus", () => {
    before = input.value;
  });
  input.onkeydown = (event) => {
    if (event.key === "Enter") input.blur();
  };
  input.onblur = () => {
    if (input.value !== before) take();
    schedule(stage);
  };
}

/** A label and what it labels. */
export const labelled = (text, className, ...children) =>
  make(
    "div",
    { className: `control ${className}`, role: "group", aria: { label: text } },
    make("span", { className: "title", aria: { hidden: true } }, text),
    ...children,
  );

/** A switch between a few options: [key, label]. */
export function choice(stage, text, options, value, set) {
  const buttons = options.map(([key, label]) =>
    make("button", { type: "button", onclick: () => settle(stage, set(held.scene.example, key)) }, label)
  );
  stage.painters.push(({ example }) =>
    buttons.forEach((button, k) => {
      attribute(button, "aria-pressed", options[k][0] === value(example));
      put(button, options[k][1]);
    })
  );
  return labelled(text, "choice", make("span", { className: "segments" }, ...buttons));
}
