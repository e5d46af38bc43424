// @ts-check
// Cross-entropy in its two forms, and what it is made of, as in xent_core/losses.py. 0 · log 0 is 0, and p · log 0 with
// p > 0 is infinite. Numbers are already in the precision that `round` rounds to.
/** @import { Round } from "./rounding.js" */
import { ROUND, sum } from "./rounding.js";
import { log_one_minus_softmax, log_softmax } from "./softmax.js";

/**
 * −p · log q for each class.
 * @param {number[]} probabilities
 * @param {number[]} targets
 * @param {number} [base]
 * @param {Round} [round]
 * @returns {number[]}
 */
export const categorical_terms = (probabilities, targets, base = Math.E, round = ROUND.float64) =>
  probabilities.map((q, i) => in_base(weighted_surprise(targets[i], round(Math.log(q)), round), base, round));

/**
 * −p · log q − (1 − p) · log(1 − q) for each class.
 * @param {number[]} probabilities
 * @param {number[]} targets
 * @param {number} [base]
 * @param {Round} [round]
 * @returns {number[]}
 */
export const bernoulli_terms = (probabilities, targets, base = Math.E, round = ROUND.float64) =>
  probabilities.map((q, i) =>
    in_base(bernoulli_nats(targets[i], round(Math.log(q)), round(Math.log1p(-q)), round), base, round)
  );

/**
 * −p · log softmax(logits / temperature) for each class.
 * @param {number[]} logits
 * @param {number[]} targets
 * @param {number} [temperature]
 * @param {number} [base]
 * @param {Round} [round]
 * @returns {number[]}
 */
export const softmax_cross_entropy_terms = (logits, targets, temperature = 1, base = Math.E, round = ROUND.float64) =>
  categorical_nats(logits, targets, temperature, round).map((nats) => in_base(nats, base, round));

/**
 * −Σ p log softmax(logits / temperature): the categorical form, free of underflow.
 * @param {number[]} logits
 * @param {number[]} targets
 * @param {number} [temperature]
 * @param {number} [base]
 * @param {Round} [round]
 * @returns {number}
 */
export const softmax_cross_entropy = (logits, targets, temperature = 1, base = Math.E, round = ROUND.float64) =>
  in_base(round(sum(categorical_nats(logits, targets, temperature, round))), base, round);

/**
 * −p · log q − (1 − p) · log(1 − q) for each class, with q = softmax(logits / temperature).
 * @param {number[]} logits
 * @param {number[]} targets
 * @param {number} [temperature]
 * @param {number} [base]
 * @param {Round} [round]
 * @returns {number[]}
 */
export const softmax_bernoulli_terms = (logits, targets, temperature = 1, base = Math.E, round = ROUND.float64) =>
  softmax_bernoulli_nats(logits, targets, temperature, round).map((nats) => in_base(nats, base, round));

/**
 * −Σ [p log q + (1 − p) log(1 − q)] with q = softmax(logits / temperature), exact near 0 and 1.
 * @param {number[]} logits
 * @param {number[]} targets
 * @param {number} [temperature]
 * @param {number} [base]
 * @param {Round} [round]
 * @returns {number}
 */
export const softmax_bernoulli_cross_entropy = (
  logits,
  targets,
  temperature = 1,
  base = Math.E,
  round = ROUND.float64,
) => in_base(round(sum(softmax_bernoulli_nats(logits, targets, temperature, round))), base, round);

/**
 * H(p) = −Σ p log p.
 * @param {number[]} probabilities
 * @param {number} [base]
 * @returns {number}
 */
export const entropy = (probabilities, base = Math.E) => sum(categorical_terms(probabilities, probabilities, base));

/**
 * KL(p‖q) = Σ p log(p / q) from the logarithms of q, natural ones, where xent_core takes q: a q near 0 or 1 keeps its
 * digits. q − p, which sums to 0, is added to each term: it is then 0 or more, and exactly 0 where q is p.
 * @param {number[]} targets
 * @param {number[]} log_probabilities
 * @param {number} [base]
 * @returns {number}
 */
export const kl_divergence = (targets, log_probabilities, base = Math.E) =>
  sum(targets.map((p, i) => excess(p, log_probabilities[i]))) / Math.log(base);

/**
 * How the losses of softmax(logits / temperature) split: the categorical form into H(p) + KL(p‖q), the Bernoulli form
 * into its floor, Σ h(p), and the excess, which is the divergence of n yes-or-no questions.
 * @param {number[]} logits
 * @param {number[]} targets
 * @param {number} [temperature]
 * @param {number} [base]
 * @returns {{ entropy: number, divergence: number, floor: number, excess: number }}
 */
export function parts(logits, targets, temperature = 1, base = Math.E) {
  const opposite = targets.map((p) => 1 - p);
  const divergence = kl_divergence(targets, log_softmax(logits, temperature), base);
  return {
    entropy: entropy(targets, base),
    divergence,
    floor: sum(bernoulli_terms(targets, targets, base)),
    excess: divergence + kl_divergence(opposite, log_one_minus_softmax(logits, temperature), base),
  };
}

/**
 * −p · log q for each class with the product as written, so that 0 · log 0 is nan.
 * @param {number[]} probabilities
 * @param {number[]} targets
 * @param {number} [base]
 * @param {Round} [round]
 * @returns {number[]}
 */
export const written_terms = (probabilities, targets, base = Math.E, round = ROUND.float64) =>
  probabilities.map((q, i) => in_base(round(-targets[i] * round(Math.log(q))), base, round));

/**
 * −p · log q − (1 − p) · log(1 − q) for each class as written.
 * @param {number[]} probabilities
 * @param {number[]} targets
 * @param {number} [base]
 * @param {Round} [round]
 * @returns {number[]}
 */
export function written_bernoulli_terms(probabilities, targets, base = Math.E, round = ROUND.float64) {
  const [rest, opposite] = [probabilities, targets].map((values) => values.map((value) => round(1 - value)));
  const of_the_rest = written_terms(rest, opposite, base, round);
  return written_terms(probabilities, targets, base, round).map((term, i) => round(term + of_the_rest[i]));
}

/**
 * @param {number[]} logits
 * @param {number[]} targets
 * @param {number} temperature
 * @param {Round} round
 */
const categorical_nats = (logits, targets, temperature, round) =>
  log_softmax(logits, temperature, round).map((log_q, i) => weighted_surprise(targets[i], log_q, round));

/**
 * @param {number[]} logits
 * @param {number[]} targets
 * @param {number} temperature
 * @param {Round} round
 */
function softmax_bernoulli_nats(logits, targets, temperature, round) {
  const rest = log_one_minus_softmax(logits, temperature, round);
  return log_softmax(logits, temperature, round)
    .map((log_q, i) => bernoulli_nats(targets[i], log_q, rest[i], round));
}

/**
 * @param {number} p
 * @param {number} log_q
 * @param {number} log_rest
 * @param {Round} round
 */
const bernoulli_nats = (p, log_q, log_rest, round) =>
  round(weighted_surprise(p, log_q, round) + weighted_surprise(round(1 - p), log_rest, round));

/**
 * −weight · log q in nats, and 0 where the weight is 0, even if log q is −∞.
 * @param {number} weight
 * @param {number} log_q
 * @param {Round} round
 */
const weighted_surprise = (weight, log_q, round) => weight === 0 ? 0 : round(-weight * log_q);

/**
 * Nats in units of `base`; adding 0 makes −0 a plain 0.
 * @param {number} nats
 * @param {number} base
 * @param {Round} round
 */
const in_base = (nats, base, round) => round(nats / round(Math.log(base))) + 0;

/**
 * p · log(p / q) + q − p; where the two are near each other, without their difference.
 * @param {number} p
 * @param {number} log_q
 */
function excess(p, log_q) {
  const q = Math.exp(log_q), log_ratio = Math.log(p) - log_q;
  if (p === 0) return q;
  return Math.abs(log_ratio) < 1 ? p * (log_ratio + Math.expm1(-log_ratio)) : p * log_ratio + (q - p);
}
