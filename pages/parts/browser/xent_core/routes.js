// @ts-check
// The routes to the same loss, as in xent_core/routes.py, each as a library or a hand would write it.
/** @import { Round } from "./rounding.js" */
import { clipped_bernoulli_cross_entropy, clipped_cross_entropy } from "./clipping.js";
import {
  clipped_cross_entropy_gradient,
  naive_cross_entropy_gradient,
  softmax_cross_entropy_gradient,
} from "./gradients.js";
import {
  softmax_bernoulli_cross_entropy,
  softmax_cross_entropy,
  written_bernoulli_terms,
  written_terms,
} from "./losses.js";
import { ROUND, sum } from "./rounding.js";
import { naive_softmax, softmax } from "./softmax.js";

/**
 * @typedef {object} Setting
 * @property {number[]} logits
 * @property {number[]} targets
 * @property {number} temperature
 * @property {number} base
 * @property {number} low
 * @property {number} high
 * @property {keyof typeof ROUND} precision What all is computed in, logits and targets rounded to it first.
 */
/** @typedef {{ categorical: number, bernoulli: number, gradient: number[] }} Route Losses; the categorical gradient. */

/**
 * Naive: softmax and logarithm as written. Discarded: softmax shifted, the result of the clip thrown away. Clipped:
 * the result used. Fused: straight from the logits.
 * @param {Setting} setting
 * @returns {{ naive: Route, discarded: Route, clipped: Route, fused: Route }}
 */
export function routes({ logits, targets, temperature, base, low, high, precision }) {
  const round = ROUND[precision], z = logits.map(round), p = targets.map(round);
  return {
    naive: naive(z, p, temperature, base, round),
    discarded: clipped(z, p, 0, 1, temperature, base, round), // as clipping to [0, 1] does, it leaves q as it is
    clipped: clipped(z, p, low, high, temperature, base, round),
    fused: {
      categorical: softmax_cross_entropy(z, p, temperature, base, round),
      bernoulli: softmax_bernoulli_cross_entropy(z, p, temperature, base, round),
      gradient: softmax_cross_entropy_gradient(z, p, temperature, base, round),
    },
  };
}

/**
 * @param {number[]} z
 * @param {number[]} p
 * @param {number} temperature
 * @param {number} base
 * @param {Round} round
 */
function naive(z, p, temperature, base, round) {
  const q = naive_softmax(z.map((logit) => round(logit / round(temperature))), round);
  return {
    categorical: round(sum(written_terms(q, p, base, round))),
    bernoulli: round(sum(written_bernoulli_terms(q, p, base, round))),
    gradient: naive_cross_entropy_gradient(z, p, temperature, base, round),
  };
}

/**
 * @param {number[]} z
 * @param {number[]} p
 * @param {number} low
 * @param {number} high
 * @param {number} temperature
 * @param {number} base
 * @param {Round} round
 */
function clipped(z, p, low, high, temperature, base, round) {
  const q = softmax(z, temperature, round);
  return {
    categorical: clipped_cross_entropy(q, p, low, high, base, round),
    bernoulli: clipped_bernoulli_cross_entropy(q, p, low, high, base, round),
    gradient: clipped_cross_entropy_gradient(z, p, low, high, temperature, base, round),
  };
}
