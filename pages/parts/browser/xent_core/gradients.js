// @ts-check
// Gradients with respect to the logits, as in xent_core/gradients.py. Numbers are already in the precision that `round`
// rounds to.
/** @import { Round } from "./rounding.js" */
import { others, ROUND, sum } from "./rounding.js";
import { exponentials, one_minus_softmax, shifted_exponentials, softmax } from "./softmax.js";

/**
 * (P · q − p) / (T · ln b) with P = Σp, as q · (P − p) − p · (1 − q), which keeps the digits of 1 − q at a nearly
 * certain class.
 * @param {number[]} logits
 * @param {number[]} targets
 * @param {number} [temperature]
 * @param {number} [base]
 * @param {Round} [round]
 * @returns {number[]}
 */
export const softmax_cross_entropy_gradient = (
  logits,
  targets,
  temperature = 1,
  base = Math.E,
  round = ROUND.float64,
) => scaled(fused_gradient(logits, targets, temperature, round), temperature, base, round);

/**
 * That of −Σ p log clip(q, low, high): −p / q where low ≤ q ≤ high, else 0, carried back through softmax.
 * @param {number[]} logits
 * @param {number[]} targets
 * @param {number} [low]
 * @param {number} [high]
 * @param {number} [temperature]
 * @param {number} [base]
 * @param {Round} [round]
 * @returns {number[]}
 */
export function clipped_cross_entropy_gradient(
  logits,
  targets,
  low = 1e-10,
  high = 1,
  temperature = 1,
  base = Math.E,
  round = ROUND.float64,
) {
  const q = softmax(logits, temperature, round);
  const slope = q.map((value, i) => round(low) <= value && value <= round(high) ? round(-targets[i] / value) : 0);
  return scaled(through_softmax(slope, q, round), temperature, base, round);
}

/**
 * That of the formula as written, with its inf and nan: as soon as any q underflows to 0, all are nan.
 * @param {number[]} logits
 * @param {number[]} targets
 * @param {number} [temperature]
 * @param {number} [base]
 * @param {Round} [round]
 * @returns {number[]}
 */
export function naive_cross_entropy_gradient(
  logits,
  targets,
  temperature = 1,
  base = Math.E,
  round = ROUND.float64,
) {
  const powers = exponentials(logits, temperature, round), total = round(sum(powers));
  const q = powers.map((power) => round(power / total)), slope = q.map((value, i) => round(-targets[i] / value));
  return scaled(through_softmax(slope, q, round), temperature, base, round);
}

/**
 * (a − q Σa) / (T · ln b) with a = (1 − p) q / (1 − q) − p: that of the Bernoulli form. At the largest entry, where
 * 1 − q may vanish, it is a flow to it from its rivals: (1 − p) q times the rivals' softmax among themselves.
 * @param {number[]} logits
 * @param {number[]} targets
 * @param {number} [temperature]
 * @param {number} [base]
 * @returns {number[]}
 */
export function bernoulli_cross_entropy_gradient(logits, targets, temperature = 1, base = Math.E) {
  const q = softmax(logits, temperature), peak = logits.indexOf(Math.max(...logits));
  const odds = q.map((value, i) => i === peak ? 0 : (1 - targets[i]) * value / (1 - value));
  const flow = softmax_of_rivals(logits, peak, temperature).map((share) => (1 - targets[peak]) * q[peak] * share);
  const gradient = fused_gradient(logits, targets, temperature, ROUND.float64).map((value, i) =>
    value + odds[i] - q[i] * sum(odds) + (i === peak ? sum(flow) : -flow[i])
  );
  return scaled(gradient, temperature, base, ROUND.float64);
}

/**
 * That of ½ Σ e² with e = q − p: q · (e − Σ e q) / T.
 * @param {number[]} logits
 * @param {number[]} targets
 * @param {number} [temperature]
 * @returns {number[]}
 */
export function squared_error_gradient(logits, targets, temperature = 1) {
  const q = softmax(logits, temperature), errors = q.map((value, i) => value - targets[i]);
  return scaled(through_softmax(errors, q, ROUND.float64), temperature, Math.E, ROUND.float64);
}

/**
 * The path downhill, z ← z − rate · gradient(z): the logits at the start and after each step.
 * @param {(logits: number[]) => number[]} gradient
 * @param {number[]} logits
 * @param {number} rate
 * @param {number} steps
 * @returns {number[][]}
 */
export function descend(gradient, logits, rate, steps) {
  const path = [logits];
  for (let step = 0; step < steps; step++) {
    const slope = gradient(path[step]);
    path.push(path[step].map((logit, i) => logit - rate * slope[i]));
  }
  return path;
}

/**
 * P · q − p as q · (P − p) − p · (1 − q).
 * @param {number[]} logits
 * @param {number[]} targets
 * @param {number} temperature
 * @param {Round} round
 */
function fused_gradient(logits, targets, temperature, round) {
  const rest = one_minus_softmax(logits, temperature, round), total = round(sum(targets));
  return softmax(logits, temperature, round)
    .map((q, i) => round(round(q * round(total - targets[i])) - round(targets[i] * rest[i])));
}

/**
 * Softmax over the classes other than the largest, where it is 0; equal shares where all of them are −∞.
 * @param {number[]} logits
 * @param {number} peak
 * @param {number} temperature
 */
function softmax_of_rivals(logits, peak, temperature) {
  const rivals = others(logits, peak), absent = rivals.every((logit) => logit === -Infinity);
  const powers = shifted_exponentials(absent ? rivals.map(() => 0) : rivals, temperature), total = sum(powers);
  return powers.map((power) => power / total).toSpliced(peak, 0, 0);
}

/**
 * dL/dq carried back through softmax at temperature 1: q · (slope − Σ slope · q).
 * @param {number[]} slope
 * @param {number[]} q
 * @param {Round} round
 */
function through_softmax(slope, q, round) {
  const mean = round(sum(slope.map((value, i) => round(value * q[i]))));
  return q.map((value, i) => round(value * round(slope[i] - mean)));
}

/**
 * `gradient` over T · ln b; adding 0 makes −0 a plain 0.
 * @param {number[]} gradient
 * @param {number} temperature
 * @param {number} base
 * @param {Round} round
 */
const scaled = (gradient, temperature, base, round) =>
  gradient.map((value) => round(round(value / round(temperature)) / round(Math.log(base))) + 0);
