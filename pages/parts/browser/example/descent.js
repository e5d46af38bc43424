// Steps downhill. Each loss follows its own gradient from the same start; the example is where the chosen one has come to.

import {
  bernoulli_cross_entropy_gradient,
  clipped_cross_entropy_gradient,
  descend,
  softmax_cross_entropy_gradient,
  squared_error_gradient,
} from "../xent_core/gradients.js";
import {
  bernoulli_terms,
  categorical_terms,
  softmax_bernoulli_cross_entropy,
  softmax_cross_entropy,
} from "../xent_core/losses.js";
import { clipped_cross_entropy } from "../xent_core/clipping.js";
import { sum } from "../xent_core/rounding.js";
import { softmax } from "../xent_core/softmax.js";
import { BASES } from "./bases.js";

const squared = (q, targets) => sum(q.map((value, i) => (value - targets[i]) ** 2)) / 2;

/**
 * What can be followed downhill: its loss of logits and of probabilities, and its gradient with respect to the logits.
 * @type {Record<string, {word: string, loss: (z: number[], example: any) => number,
 *   of_q: (q: number[], example: any) => number, gradient: (z: number[], example: any) => number[]}>}
 */
export const OBJECTIVES = {
  cross_entropy: {
    word: "cross-entropy",
    loss: (z, { targets, temperature, base }) => softmax_cross_entropy(z, targets, temperature, BASES[base]),
    of_q: (q, { targets, base }) => sum(categorical_terms(q, targets, BASES[base])),
    gradient: (z, { targets, temperature, base }) =>
      softmax_cross_entropy_gradient(z, targets, temperature, BASES[base]),
  },
  clipped: {
    word: "clipped",
    loss: (z, { targets, temperature, base, low, high }) =>
      clipped_cross_entropy(softmax(z, temperature), targets, low, high, BASES[base]),
    of_q: (q, { targets, base, low, high }) => clipped_cross_entropy(q, targets, low, high, BASES[base]),
    gradient: (z, { targets, temperature, base, low, high }) =>
      clipped_cross_entropy_gradient(z, targets, low, high, temperature, BASES[base]),
  },
  squared_error: {
    word: "squared error",
    loss: (z, { targets, temperature }) => squared(softmax(z, temperature), targets),
    of_q: (q, { targets }) => squared(q, targets),
    gradient: (z, { targets, temperature }) => squared_error_gradient(z, targets, temperature),
  },
  bernoulli: {
    word: "Bernoulli",
    loss: (z, { targets, temperature, base }) => softmax_bernoulli_cross_entropy(z, targets, temperature, BASES[base]),
    of_q: (q, { targets, base }) => sum(bernoulli_terms(q, targets, BASES[base])),
    gradient: (z, { targets, temperature, base }) =>
      bernoulli_cross_entropy_gradient(z, targets, temperature, BASES[base]),
  },
};

const FAR = 1e6; // beyond the logits that an address takes: a path ends before

let known = { key: "", paths: /** @type {Record<string, number[][]>} */ ({}) };

/** Each loss's own path from the start: the logits after 0, 1, 2 … steps. */
export function paths_of(example, { start, steps }) {
  const { targets, temperature, base, low, high, rate } = example, count = Math.ceil(steps);
  const key = JSON.stringify([start.map(String), count, targets, temperature, base, low, high, rate]);
  if (key === known.key) return known.paths;
  const walk = (gradient) => bounded(descend((z) => gradient(z, example), start, rate, count));
  const paths = Object.fromEntries(Object.entries(OBJECTIVES).map(([name, { gradient }]) => [name, walk(gradient)]));
  known = { key, paths };
  return paths;
}

// A rate so large that the path leaves all bounds stays at the last place within them.
function bounded(path) {
  const out = path.findIndex((z) =>
    z.some((logit) => Number.isNaN(logit) || (logit !== -Infinity && Math.abs(logit) > FAR))
  );
  return out < 0 ? path : path.map((z, k) => (k < out ? z : path[out - 1]));
}

/** The place on a path after some steps; between two steps on the straight way. */
export function place_on(path, steps) {
  const from = path[Math.floor(steps)], to = path[Math.ceil(steps)], t = steps - Math.floor(steps);
  return t === 0 ? from : from.map((logit, i) => logit === to[i] ? logit : logit + (to[i] - logit) * t);
}

/** A scene after steps downhill: the example stands where its own objective has come to. */
export function descended(example, start, steps) {
  const descent = { start, steps };
  return { example: { ...example, logits: place_on(paths_of(example, descent)[example.objective], steps) }, descent };
}

/** Where a loss of another name has come to in a scene; without a descent all stand at the example. */
export const logits_at = ({ example, descent }, objective) =>
  descent ? place_on(paths_of(example, descent)[objective], descent.steps) : example.logits;
