// @ts-check
// Clipping of probabilities, as in xent_core/clipping.py: the bounds are rounded first, and products stand as written,
// so that 0 · log 0, where `low` is 0, is nan.
/** @import { Round } from "./rounding.js" */
import { written_bernoulli_terms, written_terms } from "./losses.js";
import { ROUND, sum } from "./rounding.js";

/**
 * max(min(q, high), low).
 * @param {number[]} probabilities
 * @param {number} [low]
 * @param {number} [high]
 * @param {Round} [round]
 * @returns {number[]}
 */
export const clip_probabilities = (probabilities, low = 1e-10, high = 1, round = ROUND.float64) =>
  probabilities.map((q) => Math.max(Math.min(q, round(high)), round(low)));

/**
 * −Σ p log clip(q, low, high).
 * @param {number[]} probabilities
 * @param {number[]} targets
 * @param {number} [low]
 * @param {number} [high]
 * @param {number} [base]
 * @param {Round} [round]
 * @returns {number}
 */
export const clipped_cross_entropy = (
  probabilities,
  targets,
  low = 1e-10,
  high = 1,
  base = Math.E,
  round = ROUND.float64,
) => round(sum(written_terms(clip_probabilities(probabilities, low, high, round), targets, base, round)));

/**
 * −Σ [p log c + (1 − p) log(1 − c)] with c = clip(q, low, high).
 * @param {number[]} probabilities
 * @param {number[]} targets
 * @param {number} [low]
 * @param {number} [high]
 * @param {number} [base]
 * @param {Round} [round]
 * @returns {number}
 */
export const clipped_bernoulli_cross_entropy = (
  probabilities,
  targets,
  low = 1e-10,
  high = 1,
  base = Math.E,
  round = ROUND.float64,
) => round(sum(written_bernoulli_terms(clip_probabilities(probabilities, low, high, round), targets, base, round)));
