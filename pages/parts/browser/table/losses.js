// The losses in large, what each is made of, and what it was before the last step.

import { LOGS, UNITS } from "../example/bases.js";
import { derive, loss_of, target_class, target_name } from "../example/derive.js";
import { logits_at } from "../example/descent.js";
import { brief, factor, format, programmed } from "../numbers.js";
import { make, number_place, put, put_number, span } from "../screen/elements.js";
import { sample } from "../screen/plot.js";
import { held } from "../session.js";

const WORDS = { categorical: "loss L", bernoulli: "Bernoulli L", clipped: "clipped L", doubled: "softmax twice" };
const SHAPES = { categorical: "circle", bernoulli: "diamond", clipped: "circle", doubled: "diamond" };

export const losses = (stage) => stage.data.losses.map((name) => loss(stage, name));

// With the clipped loss beside it the categorical one is the fused one, drawn as a ring.
function look_of(name, data) {
  if (name !== "categorical" || data.losses.length === 1) {
    return { word: WORDS[name], shape: SHAPES[name], className: name };
  }
  if (data.losses.includes("clipped")) return { word: "fused L", shape: "ring", className: "fused" };
  return { word: data.losses.includes("doubled") ? "softmax once" : "categorical L", shape: "circle", className: name };
}

function loss(stage, name) {
  const { word, shape, className } = look_of(name, stage.data);
  const called = span(),
    value = number_place(name, "total"),
    was = span("was"),
    unit = span("unit-word"),
    how = span("how");
  value.classList.add("value");
  stage.painters.push((scene, result) => {
    const { example } = scene, now = shown_loss(name, { scene, result });
    put_number(value, now, held.view.hide ? "?" : format(now));
    put(unit, UNITS[example.base]);
    put(
      called,
      ` ${word}${name === "categorical" && shape === "ring" && example.precision !== "float64" ? ", float64" : ""}`,
    );
    const before = stage.ghost && shown_loss(name, stage.ghost),
      moved = before !== null && format(before) !== format(now);
    put(was, moved && !held.view.hide ? `was ${format(before, Math.abs(before) >= 10 ? 2 : 4)}` : "");
    tell(how, held.view.hide ? [] : HOW[name](example, result));
  });
  return make(
    "div",
    { className: "loss-number" },
    make("p", { className: "loss-name" }, stage.data.losses.length > 1 ? sample(shape, className) : "", called),
    value,
    was,
    unit,
    how,
  );
}

// After steps downhill the clipped loss stands where its own gradient led it.
function shown_loss(name, { scene, result }) {
  const apart = scene.descent && name === "clipped" && scene.example.objective !== "clipped";
  return loss_of(name, apart ? derive({ ...scene.example, logits: logits_at(scene, "clipped") }) : result);
}

// Pieces [class, text] as spans, made anew only where the text is another.
function tell(place, pieces) {
  if (place.textContent !== text_of(pieces)) {
    place.replaceChildren(...pieces.map(([className, words]) => span(className, words)));
  }
}

const text_of = (pieces) => pieces.map(([, words]) => words).join("");
const joined = (terms) => terms.flatMap((term, i) => i ? [["", " + "], ...term] : term);

const LINE = 45; // characters

/** What a loss is made of, with the numbers put in: where that is more than a line can hold, of the wanted classes. */
const HOW = {
  categorical: (example, { columns }) => {
    const { targets, base, names } = example, i = target_class(example);
    if (held.story?.formula === "logits") return [["", `= ln Σ eᶻ − z of ${names[i]}`]];
    const all = names.map((_, j) => j), wanted = all.filter((j) => targets[j] > 0);
    const term = (j) => [["p", factor(targets[j])], ["", `·${LOGS[base]} `], ["q", factor(columns.probability[j])]];
    const sum = (classes) =>
      classes.length === 1
        ? [["", "= −"], ...term(classes[0])]
        : [["", "= −("], ...joined(classes.map(term)), ["", ")"]];
    if (names.length <= 3 && text_of(sum(all)).length <= LINE) return sum(all);
    return wanted.length > 3 ? [["", `= −Σ p ${LOGS[base]} q, of ${wanted.length} classes`]] : sum(wanted);
  },
  bernoulli: ({ names }, { columns }) =>
    names.length > 4
      ? [["", `= the sum of ${names.length} yes-or-no costs`]]
      : [["", "= "], ...joined(columns.bernoulli.map((term) => [["", brief(term)]]))],
  clipped: ({ low, high, base, targets }) => {
    const bound = high < 1 ? `clip(q, ${programmed(low)}, ${programmed(high)})` : `max(q, ${programmed(low)})`;
    return [["", `= −${Math.max(...targets) < 1 ? "Σ p " : ""}${LOGS[base]} `], ["q", bound]];
  },
  doubled: (example, { columns }) => {
    const likeness = factor(columns.twice[target_class(example)]);
    return [["", `= −${LOGS[example.base]} ${likeness}, of ${target_name(example)}`]];
  },
};
