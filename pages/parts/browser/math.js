// The mathematics of xent_core, under the same names, for rows of up to ten classes.
// Pure: nothing here knows the screen. Each function takes and returns plain numbers and arrays.
// `round` is float64 (the identity), float32 or float16: applied after every operation, as NumPy does in that dtype.

const float64 = x => x;
const float32 = Math.fround;
const float16 = Math.f16round ?? round_to_half;
export const ROUND = { float16, float32, float64 };

// Round to the nearest half, ties to even; beyond 65520 to infinity; steps of 2^-24 below 2^-14.
export function round_to_half(x) {
  const size = Math.abs(x);
  if (!(size > 0 && size < Infinity)) return x;
  if (size >= 65520) return Math.sign(x) * Infinity;
  const step = 2 ** (Math.max(Math.floor(Math.log2(size)), -14) - 10);
  const steps = size / step, whole = Math.floor(steps), rest = steps - whole;
  return Math.sign(x) * (rest > 0.5 || (rest === 0.5 && whole % 2) ? whole + 1 : whole) * step;
}

const sum = values => values.reduce((total, value) => total + value, 0);
const others = (values, i) => values.filter((_, j) => j !== i);
const log_odds = q => Math.log(q) - Math.log1p(-q);

// p · x with 0 · ∞ = 0, and no negative zero.
const weighted = (p, x) => (p === 0 || x === 0 ? 0 : p * x);

export function logsumexp(values) {
  const top = Math.max(...values);
  if (!Number.isFinite(top)) return top;
  const i = values.indexOf(top);
  return top + Math.log1p(sum(others(values, i).map(value => Math.exp(value - top))));
}

// (z − max z) / T, rounded once: the difference first, so that large logits keep their digits.
function shifted_logits(logits, temperature, round = float64) {
  const top = Math.max(...logits);
  return logits.map(logit => round((logit - top) / round(temperature)));
}

// The largest entry is −log1p of the others' sum, so that a nearly certain class keeps its digits.
export function log_softmax(logits, temperature = 1, round = float64) {
  const shifted = shifted_logits(logits, temperature, round);
  const i = shifted.indexOf(0);
  const log_total = round(Math.log1p(round(sum(others(shifted, i).map(value => round(Math.exp(value)))))));
  return shifted.map(value => round(value - log_total));
}

export function softmax(logits, temperature = 1, round = float64) {
  const powers = shifted_logits(logits, temperature, round).map(value => round(Math.exp(value)));
  const total = round(sum(powers));
  return powers.map(power => round(power / total));
}

// As written: overflows on purpose.
export function naive_softmax(logits, round = float64) {
  const powers = logits.map(logit => round(Math.exp(logit)));
  const total = round(sum(powers));
  return powers.map(power => round(power / total));
}

export const smooth_targets = (targets, amount) =>
  targets.map(target => (1 - amount) * target + amount / targets.length);

export const categorical_terms = (probabilities, targets, base = Math.E, round = float64) =>
  probabilities.map((q, i) => cost(targets[i], round(Math.log(q)), base, round));

// −p · log q in the base given, from the natural logarithm.
const cost = (target, log, base, round = float64) =>
  round(weighted(target, -log) / (base === Math.E ? 1 : round(Math.log(base))));

const fused_categorical_terms = (logits, targets, temperature = 1, base = Math.E, round = float64) =>
  log_softmax(logits, temperature, round).map((log, i) => cost(targets[i], log, base, round));

export const softmax_cross_entropy = (logits, targets, temperature = 1, base = Math.E, round = float64) =>
  round(sum(fused_categorical_terms(logits, targets, temperature, base, round)));

// log(1 − q): log1p(−q) for q ≤ ½; above, where 1 − q cancels, the others' logsumexp less everybody's.
export function log_one_minus_softmax(logits, temperature = 1) {
  const scaled = shifted_logits(logits, temperature), all = logsumexp(scaled);
  return scaled.map((value, i) => {
    const q = Math.exp(value - all);
    return q <= 0.5 ? Math.log1p(-q) : logsumexp(others(scaled, i)) - all;
  });
}

function fused_bernoulli_terms(logits, targets, temperature = 1, base = Math.E) {
  const rest = log_one_minus_softmax(logits, temperature);
  return fused_categorical_terms(logits, targets, temperature, base)
    .map((term, i) => term + cost(1 - targets[i], rest[i], base));
}

export const softmax_bernoulli_cross_entropy = (logits, targets, temperature = 1, base = Math.E) =>
  sum(fused_bernoulli_terms(logits, targets, temperature, base));

const entropy = (probabilities, base = Math.E) => sum(categorical_terms(probabilities, probabilities, base));

const clip_probabilities = (probabilities, low = 1e-10, high = 1, round = float64) =>
  probabilities.map(q => Math.max(Math.min(q, round(high)), round(low)));

// 1 − softmax without the cancellation: at the largest entry, the others' share.
export function one_minus_softmax(logits, temperature = 1, round = float64) {
  const shifted = shifted_logits(logits, temperature, round), i = shifted.indexOf(0);
  const powers = shifted.map(value => round(Math.exp(value)));
  const total = round(sum(powers));
  return powers.map((power, j) => j === i ? round(round(sum(others(powers, i))) / total) : round(1 - round(power / total)));
}

// q · (Σp − p) − p · (1 − q), which keeps the digits of 1 − q at a nearly certain class.
export function softmax_cross_entropy_gradient(logits, targets, temperature = 1, base = Math.E, round = float64) {
  const q = softmax(logits, temperature, round), rest = one_minus_softmax(logits, temperature, round);
  const total = round(sum(targets));
  return q.map((value, i) => round(round(value * round(total - targets[i])) - round(targets[i] * rest[i])))
    .map(scale_by(temperature, base, round));
}

// 0 through every class whose q was clipped: −p / q where low ≤ q ≤ high, else 0, in the dtype given.
function clipped_cross_entropy_gradient(
  logits, targets, low = 1e-10, high = 1, temperature = 1, base = Math.E, round = float64) {
  const q = softmax(logits, temperature, round);
  const slope = q.map((value, i) => round(low) <= value && value <= round(high) ? round(-targets[i] / value) : 0);
  return through_softmax(slope, q, round).map(scale_by(temperature, base, round));
}

// As automatic differentiation gives it: as soon as any q underflows to 0, its row is nan.
function naive_cross_entropy_gradient(logits, targets, temperature = 1, base = Math.E, round = float64) {
  const q = naive_softmax(logits.map(logit => round(logit / round(temperature))), round);
  const slope = q.map((value, i) => round(-targets[i] / value));
  return through_softmax(slope, q, round).map(scale_by(temperature, base, round));
}

function through_softmax(slope, q, round) {
  const mean = round(sum(slope.map((value, i) => round(value * q[i]))));
  return q.map((value, i) => round(value * round(slope[i] - mean)));
}

const scale_by = (temperature, base, round) => {
  const log_base = base === Math.E ? 1 : round(Math.log(base));
  return value => round(round(value / round(temperature)) / log_base) + 0;
};
