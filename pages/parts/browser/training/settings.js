// The settings of a run, and what is shown of runs: pure. Python declares the settings, and reads what is written here.

import { to_parameters } from "../example/address.js";
import { brief } from "../numbers.js";

/** @type {Record<string, [number, number]>} */
export const LIMITS = {
  rate: [0.001, 100],
  batch: [8, 1437],
  smoothing: [0, 0.9],
  epochs: [1, 600],
  sure: [0, 100],
  normal: [0, 100],
};
/** @type {Record<string, string>} */
export const LOSSES = {
  cross_entropy: "cross-entropy",
  clipped: "clipped at 1e-10",
  squared_error: "squared error",
  bernoulli: "Bernoulli form",
  double_softmax: "softmax twice",
};
/** @type {Record<string, string>} */
export const WAYS = { mean: "rows", "all entries": "all entries" };
/** @type {Record<string, string>} */
export const STARTS = { zero: "weights 0", sure: "sure of 0 by", normal: "random, ± " };
const USUAL = { sure: 12, normal: 5 };
const MOST_RUNS = 3;

/** What tells runs with other settings apart. */
export const key_of = (run) => JSON.stringify(run);

/** A start's kind and its number; a kind without one has null. */
export function start_of({ start }) {
  const [kind, value] = start.split(":");
  return { kind, value: value === undefined ? null : Number(value) };
}

/** A start as an address spells it; of another kind with its usual number. */
export const spelled_start = (kind, value = USUAL[kind]) => kind === "zero" ? kind : `${kind}:${value}`;

/** The loss that the curves are of: as trained where all train the same, else cross-entropy, which all can share. */
export const measure_of = (runs) =>
  ["loss", "reduction", "smoothing"].every((name) => runs.every((run) => run[name] === runs[0][name]))
    ? "trained"
    : "cross_entropy";

/** What is shown after a setting was changed by hand: the new run to its end, over the `last` one seen. */
export function with_setting(played, changes, last = played.runs[0]) {
  const run = { ...played.runs[0], ...changes }, runs = key_of(run) === key_of(last) ? [run] : [run, last];
  return { runs, epoch: run.epochs, measure: measure_of(runs), top: null };
}

/** The same runs after another epoch. */
export const at_epoch = (played, epoch) => ({
  ...played,
  epoch: Math.min(Math.max(epoch, 0), last_epoch(played)),
});

/** How far one can go: to the end of the longest run. */
export const last_epoch = ({ runs }) => Math.max(...runs.map(({ epochs }) => epochs));

/** What a link brings, over what its step shows. */
export function over_step(played, shown) {
  const others = played.runs.length > 1 ? [] : shown.runs.filter((run) => key_of(run) !== key_of(played.runs[0]));
  const runs = [...played.runs, ...others].slice(0, others.length ? 2 : MOST_RUNS);
  return { ...played, runs, measure: measure_of(runs) };
}

const same_runs = (a, b) => key_of(a.runs) === key_of(b.runs);

/** From one to another: the epochs pass, of other runs from the first one on. */
export function played_between(from, to, t) {
  const first = same_runs(from, to) ? from.epoch : 0;
  return { ...to, epoch: Math.floor(first + (to.epoch - first) * t) };
}

/** As an address holds it: the run with its loss named, so that it is known to be one, and the run before it. */
export function training_parameters(settings, { runs: [run, last], epoch }, usual) {
  const fields = settings.filter(({ record }) => record === "training").map(({ field }) => field);
  return {
    train: run.loss,
    ...to_parameters(settings, "training", run, usual),
    ...(epoch === run.epochs ? {} : { epoch: String(Math.min(epoch, run.epochs)) }),
    ...(last ? { last: fields.map((field) => last[field]).join(",") } : {}),
  };
}

const PIECES = {
  loss: (run) => LOSSES[run.loss],
  start: (run) => {
    const { kind, value } = start_of(run);
    if (value === null) return "from weights 0";
    return kind === "sure" ? `sure of 0 by ${brief(value)}` : `from random ± ${brief(value)}`;
  },
  rate: ({ rate }) => `rate ${brief(rate)}`,
  batch: ({ batch }) => `batches of ${batch}`,
  reduction: ({ reduction }) => `mean over ${WAYS[reduction]}`,
  smoothing: ({ smoothing }) => `smoothing ${brief(smoothing)}`,
  epochs: ({ epochs }) => `${epochs} epochs`,
};

/** What a run is called beside others: its loss, and whatever sets it apart from one of them. */
export function name_of(run, runs) {
  const apart = Object.keys(PIECES).filter((name) => runs.some((other) => other[name] !== run[name]));
  const named = apart.length ? apart : ["loss"];
  return named.map((name) => PIECES[name](run)).join(", ");
}
