// @ts-check
// What Keras computes of probabilities, as in xent_core/libraries/keras.py.
import { clipped_cross_entropy } from "./clipping.js";
import { sum } from "./rounding.js";

/**
 * −Σ p log clip(q / Σq, 1e-7, 1 − 1e-7).
 * @param {number[]} probabilities
 * @param {number[]} targets
 * @returns {number}
 */
export function categorical(probabilities, targets) {
  const total = sum(probabilities);
  return clipped_cross_entropy(probabilities.map((q) => q / total), targets, 1e-7, 1 - 1e-7);
}
