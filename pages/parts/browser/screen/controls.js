// What sets an example beside its logits and targets: a page shows its own, the settings hold the others.

import { BASES, LOGS, UNITS } from "../example/bases.js";
import { gap, target_class } from "../example/derive.js";
import { finite_mean, LIMITS, smoothed, smoothing_of, with_gap, with_mean } from "../example/edits.js";
import { programmed } from "../numbers.js";
import { GAP_RANGE } from "../pictures/gap.js";
import { lessons, network, photos, wanted } from "../photos/controls.js";
import { held } from "../session.js";
import { playback } from "../training/hands.js";
import { ROUND } from "../xent_core/rounding.js";
import { attribute, make } from "./elements.js";
import { walk_down } from "../story/walk.js";
import { settle } from "./hands.js";
import { box, choice, labelled, slider_and_box } from "./inputs.js";

const SHIFT = 5, SHIFT_RANGE = { float16: 30, float32: 200, float64: 1500 };
const shift_range = () => Math.asinh(SHIFT_RANGE[held.scene.example.precision] / SHIFT);

const scale = (stage, text, setting) =>
  labelled(text, `scale ${setting.quantity}`, ...slider_and_box(stage, { row: "total", ...setting }));

export const CONTROLS = {
  base: (stage) =>
    choice(
      stage,
      "Logarithm",
      Object.keys(BASES).reverse().map((base) => [base, `${LOGS[base]} · ${UNITS[base]}`]),
      (example) => example.base,
      (example, base) => ({ ...example, base }),
    ),
  precision: (stage) =>
    choice(
      stage,
      "Precision",
      Object.keys(ROUND).map((name) => [name, name]),
      (example) => example.precision,
      (example, precision) => ({ ...example, precision }),
    ),
  temperature: (stage) =>
    scale(stage, "T", {
      range: [...LIMITS.temperature.map(Math.log), 0.001],
      bounds: [...LIMITS.temperature, false],
      wanted: "a temperature from 0.05 to 20",
      spoken: () => "temperature",
      className: "plain",
      quantity: "temperature",
      to: Math.log,
      from: (x) => Number(Math.exp(x).toPrecision(3)),
      value: (example) => example.temperature,
      set: (start, temperature) => ({ ...start, temperature }),
    }),
  // Fine around 0, and yet far enough to overflow the precision.
  shift: (stage) =>
    scale(stage, "Mean z", {
      range: [-1, 1, 0.005],
      bounds: [-LIMITS.logit, LIMITS.logit, false],
      wanted: "a mean from −10⁶ to 10⁶",
      spoken: () => "mean of the logits",
      className: "plain",
      quantity: "mean",
      to: (mean) => Math.asinh(mean / SHIFT) / shift_range(),
      from: (x) => Number((SHIFT * Math.sinh(x * shift_range())).toPrecision(3)),
      value: (example) => finite_mean(example.logits),
      set: with_mean,
    }),
  smoothing: (stage) => smoothing(stage),
  gap: (stage) =>
    scale(stage, "Gap", {
      range: [...GAP_RANGE[held.scene.example.precision], 0.05],
      bounds: [-2e6, 2e6, false],
      wanted: "a gap from −2·10⁶ to 2·10⁶",
      spoken: () => "logit gap of the target",
      className: "plain",
      quantity: "gap",
      value: (example) => gap(example, target_class(example)),
      set: (start, value) => with_gap(start, target_class(start), value),
    }),
  descent: (stage) => steps_downhill(stage),
  photos,
  network,
  wanted,
  lessons,
  playback: (stage) => playback(stage),
  bounds: (stage) =>
    labelled(
      "Clip from",
      "bounds",
      bound(stage, "low"),
      make("span", { className: "title" }, "to"),
      bound(stage, "high"),
    ),
};

// The rate, one step and ten, and how many were taken.
function steps_downhill(stage) {
  const control = scale(stage, "Rate", {
    range: [...LIMITS.rate.map(Math.log10), 0.001],
    bounds: [...LIMITS.rate, false],
    wanted: "a rate from 0.01 to 100",
    spoken: () => "learning rate",
    className: "plain",
    quantity: "rate",
    to: Math.log10,
    from: (x) => Number((10 ** x).toPrecision(3)),
    value: (example) => example.rate,
    set: (start, rate) => ({ ...start, rate }),
  });
  const count = make("span", { className: "title", dataset: { part: "steps" } });
  stage.painters.push(({ descent }) => {
    const taken = Math.floor(descent?.steps ?? 0);
    count.textContent = taken === 1 ? "1 step" : `${taken} steps`;
  });
  const step = (by, text) =>
    make("button", { type: "button", dataset: { act: `downhill-${by}` }, onclick: () => walk_down(stage, by) }, text);
  control.append(make("span", { className: "segments" }, step(1, "Step"), step(10, "10 steps")), count);
  return control;
}

// The amount, and among how many classes it is shared: two conventions are in use.
function smoothing(stage) {
  const over_others = () => Boolean(stage.over_others);
  const control = scale(stage, "Smoothing a", {
    range: [0, 0.99, 0.01],
    bounds: [0, 0.99, false],
    wanted: "an amount from 0 to 0.99",
    spoken: () => "label smoothing",
    className: "target",
    quantity: "smoothing",
    value: (example) => smoothing_of(example, over_others()),
    set: (start, amount) => smoothed(start, amount, over_others()),
  });
  const buttons = [false, true].map((others) =>
    make(
      "button",
      { type: "button", onclick: () => convention(stage, others) },
      others ? "a ⁄ (n−1)" : "a ⁄ n",
    )
  );
  stage.painters.push(() =>
    buttons.forEach((button, k) => attribute(button, "aria-pressed", Boolean(k) === over_others()))
  );
  control.append(
    make("span", { className: "segments", role: "group", aria: { label: "How it is shared" } }, ...buttons),
  );
  return control;
}

// The same amount, shared the other way.
function convention(stage, over_others) {
  const { example } = held.scene, amount = smoothing_of(example, Boolean(stage.over_others));
  stage.over_others = over_others;
  settle(stage, Number.isNaN(amount) ? example : smoothed(example, Math.min(amount, 0.99), over_others));
}

function bound(stage, name) {
  const low = name === "low";
  return box(stage, {
    bounds: [0, 1, false],
    wanted: "a bound from 0 to 1, low below high",
    spoken: () => `${name} bound`,
    quantity: name,
    row: "total",
    written: programmed,
    value: (example) => example[name],
    // A bound on the wrong side of the other is refused like one out of range.
    set: (example, value) => (low ? value < example.high : example.low < value) ? { ...example, [name]: value } : null,
  });
}
