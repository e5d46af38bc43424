// @ts-check
// From logits to probabilities, as in xent_core/softmax.py. Logits are finite or −Infinity, at least one of them
// finite, and already in the precision that `round` rounds to.
/** @import { Round } from "./rounding.js" */
import { others, ROUND, sum } from "./rounding.js";

/**
 * log Σ exp(values), in nats: max + log1p(Σ of the others' exp(value − max)).
 * @param {number[]} values
 * @param {Round} [round]
 * @returns {number}
 */
export function logsumexp(values, round = ROUND.float64) {
  const top = Math.max(...values);
  if (!Number.isFinite(top)) return top;
  const exponentials = values.map((value) => round(Math.exp(round(value - top))));
  return round(top + round(Math.log1p(sum_of_others(exponentials, round))));
}

/**
 * log softmax(logits / temperature), in nats: a nearly certain class keeps its digits.
 * @param {number[]} logits
 * @param {number} [temperature]
 * @param {Round} [round]
 * @returns {number[]}
 */
export function log_softmax(logits, temperature = 1, round = ROUND.float64) {
  const log_total = round(Math.log1p(sum_of_others(shifted_exponentials(logits, temperature, round), round)));
  return shift_and_scale(logits, temperature, round).map((value) => round(value - log_total));
}

/**
 * The logits of the kept classes, and as one more the logsumexp of all others: softmax and loss stay as they are.
 * @param {number[]} logits
 * @param {number[]} kept
 * @returns {number[]}
 */
export function group_others(logits, kept) {
  const among = new Set(kept);
  return [...kept.map((i) => logits[i]), logsumexp(logits.filter((_, i) => !among.has(i)))];
}

/**
 * exp(logits / temperature) over its sum, shifted by the maximum so that nothing overflows.
 * @param {number[]} logits
 * @param {number} [temperature]
 * @param {Round} [round]
 * @returns {number[]}
 */
export const softmax = (logits, temperature = 1, round = ROUND.float64) =>
  normalised(shifted_exponentials(logits, temperature, round), round);

/**
 * exp(logits / temperature) as written: overflows on purpose.
 * @param {number[]} logits
 * @param {number} [temperature]
 * @param {Round} [round]
 * @returns {number[]}
 */
export const exponentials = (logits, temperature = 1, round = ROUND.float64) =>
  logits.map((logit) => round(Math.exp(round(logit / round(temperature)))));

/**
 * exp((logits − max) / temperature): 1 at the largest, at most 1 elsewhere.
 * @param {number[]} logits
 * @param {number} [temperature]
 * @param {Round} [round]
 * @returns {number[]}
 */
export const shifted_exponentials = (logits, temperature = 1, round = ROUND.float64) =>
  shift_and_scale(logits, temperature, round).map((value) => round(Math.exp(value)));

/**
 * exp(logits) / Σ exp(logits) as written: inf / inf and 0 / 0 are nan.
 * @param {number[]} logits
 * @param {Round} [round]
 * @returns {number[]}
 */
export const naive_softmax = (logits, round = ROUND.float64) => normalised(exponentials(logits, 1, round), round);

/**
 * 1 − softmax(logits / temperature) without the cancellation: at the largest entry Σ others / Σ all.
 * @param {number[]} logits
 * @param {number} [temperature]
 * @param {Round} [round]
 * @returns {number[]}
 */
export function one_minus_softmax(logits, temperature = 1, round = ROUND.float64) {
  const powers = shifted_exponentials(logits, temperature, round), peak = peak_of(powers);
  const of_others = round(sum_of_others(powers, round) / round(sum(powers)));
  return normalised(powers, round).map((q, i) => i === peak ? of_others : round(1 - q));
}

/**
 * log(1 − softmax(logits / temperature)), in nats: log1p(−q) for q ≤ ½; above, where 1 − q cancels, the others'
 * logsumexp less everybody's.
 * @param {number[]} logits
 * @param {number} [temperature]
 * @param {Round} [round]
 * @returns {number[]}
 */
export function log_one_minus_softmax(logits, temperature = 1, round = ROUND.float64) {
  const shifted = shift_and_scale(logits, temperature, round), of_others = others(shifted, peak_of(shifted));
  const powers = shifted_exponentials(logits, temperature, round);
  const all = round(Math.log1p(sum_of_others(powers, round)));
  return normalised(powers, round)
    .map((q) => q > 0.5 ? round(logsumexp(of_others, round) - all) : round(Math.log1p(-q)));
}

/**
 * log(q / (1 − q)) of a probability.
 * @param {number} q
 * @returns {number}
 */
export const log_odds = (q) => Math.log(q) - Math.log1p(-q);

/**
 * log(q / (1 − q)) for q = softmax(logits / temperature): how far each logit stands above the logsumexp of the others,
 * in units of the temperature.
 * @param {number[]} logits
 * @param {number} [temperature]
 * @returns {number[]}
 */
export function softmax_log_odds(logits, temperature = 1) {
  const rest = log_one_minus_softmax(logits, temperature);
  return log_softmax(logits, temperature).map((log_q, i) => log_q - rest[i]);
}

/**
 * (logits − max) / temperature, rounded once: the difference first, so that large logits keep their digits.
 * @param {number[]} logits
 * @param {number} temperature
 * @param {Round} round
 */
function shift_and_scale(logits, temperature, round) {
  const top = Math.max(...logits);
  return logits.map((logit) => round((logit - top) / round(temperature)));
}

/**
 * @param {number[]} powers
 * @param {Round} round
 */
function normalised(powers, round) {
  const total = round(sum(powers));
  return powers.map((power) => round(power / total));
}

/** @param {number[]} values */
const peak_of = (values) => values.indexOf(Math.max(...values));

/**
 * Σ of all entries but the first largest.
 * @param {number[]} values
 * @param {Round} round
 */
const sum_of_others = (values, round) => round(sum(others(values, peak_of(values))));
