// Sentences for an example that has reached an edge, by name: each says what is seen, and by what cause.

import { brief } from "../numbers.js";
import { LARGEST, ROUND } from "../xent_core/rounding.js";
import { target_class } from "../example/derive.js";

const SEEN = { float16: 2 ** -10, float32: 2 ** -21, float64: 1 }; // in q, beyond what computing it rounds

/** @type {Record<string, (example: any, result: any) => string>} */
export const REMARKS = { log_of_zero, overflow, clipping };

function log_of_zero({ targets, names }, { columns: { probability, categorical } }) {
  const zero = probability.map((q) => q === 0), wanted = targets.map((p) => p > 0);
  const met = (test) => targets.findIndex((_, i) => zero[i] && wanted[i] && test(categorical[i]));
  const infinite = met((term) => term === Infinity),
    tiny = met(Number.isFinite),
    idle = zero.findIndex((is, i) => is && !wanted[i]);
  if (infinite >= 0) return `log 0 is reached: ${names[infinite]} is wanted, and has probability 0. The loss is ∞.`;
  if (tiny >= 0) {
    return `${names[tiny]}’s probability is below the smallest float64 and shows as 0. The loss comes from the logits.`;
  }
  if (idle >= 0) {
    return `0·log 0 counts as 0: ${names[idle]} is not wanted, so its probability of 0 costs nothing here.`;
  }
  return "";
}

const beyond = ({ logits, precision }) =>
  logits.some((z) => Number.isFinite(z) && !Number.isFinite(ROUND[precision](z)));

function overflow(example, { columns, totals }) {
  const { precision } = example, largest = `${brief(LARGEST[precision])}, the largest ${precision}`;
  if (beyond(example)) return `${precision} cannot hold a logit beyond ${largest}: it became ∞.`;
  if (columns.exp.includes(Infinity)) {
    return `An exponential exceeded ${largest}, and became ∞. Naive: ∞ ⁄ ∞ is nan. Less the largest logit first, none exceeds 1.`;
  }
  if (totals.exp === Infinity) {
    return `The sum of the exponentials exceeded ${largest}, and became ∞: each naive quotient is 0.`;
  }
  if (totals.exp === 0) {
    return `Every exponential fell below the smallest ${precision} and became 0. Naive: 0 ⁄ 0 is nan.`;
  }
  return rounded_logit(example, columns);
}

// Digits that the logits lost in the precision chosen, where q shows it.
function rounded_logit({ logits, names, precision }, { probability, shifted }) {
  const off = probability.map((q, i) => Math.abs(q - shifted[i])), i = off.indexOf(Math.max(...off));
  if (off[i] < SEEN[precision]) return "";
  return `${precision} rounds the logits: ${names[i]}’s ${brief(logits[i])} became ${
    brief(ROUND[precision](logits[i]))
  }.`;
}

function clipping(example, { columns, routes }) {
  const { precision, targets, names, low, high } = example, round = ROUND[precision], i = target_class(example);
  if (beyond(example)) return `${precision} cannot hold a logit beyond ${brief(LARGEST[precision])}: it became ∞.`;
  if (low > 0 && round(low) === 0) {
    return `${precision} rounds ${low} to 0: nothing is clipped, and 0·log 0 is nan even for a right prediction.`;
  }
  const q = columns.shifted[i], side = q < round(low) ? "below low" : q > round(high) ? "above high" : "";
  const told = [];
  if (high < 1 && round(high) === 1) told.push(`${precision} rounds ${high} to 1: the upper bound does nothing.`);
  if (side && targets[i] === 1) {
    told.push(`${names[i]}’s q is ${side}: the clipped loss is flat here, its gradient exactly 0.`);
  } else if (side) told.push(`${names[i]}’s q is ${side}: its own term is flat, only the other classes pull.`);
  const why = naive_cause(example, columns, routes.naive);
  return [...told, ...(why && told.length < 2 ? [why] : [])].join(" ");
}

// Why the naive route gives no finite number: the cause that is there, not a choice of causes.
function naive_cause({ names, targets }, { exp, naive }, { categorical, bernoulli }) {
  if (Number.isFinite(categorical)) {
    const sure = naive.findIndex((q) => q === 1);
    return Number.isFinite(bernoulli)
      ? ""
      : sure >= 0
      ? `Naive Bernoulli: ${names[sure]}’s q is 1, and log(1 − q) is log 0.`
      : "";
  }
  if (exp.includes(Infinity)) return "Naive: an exponential became ∞, and ∞ ⁄ ∞ is nan.";
  if (naive.some(Number.isNaN)) return "Naive: every exponential became 0, and 0 ⁄ 0 is nan.";
  const idle = naive.findIndex((q, i) => q === 0 && targets[i] === 0),
    wanted = naive.findIndex((q, i) => q === 0 && targets[i] > 0);
  if (idle >= 0) return `Naive: ${names[idle]}’s q is 0 and it is not wanted: 0·log 0 = 0·(−∞) is nan.`;
  return wanted >= 0 ? `Naive: ${names[wanted]}’s q is 0, and −log 0 is ∞.` : "";
}
