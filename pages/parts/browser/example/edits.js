// What a hand can change in an example. Pure: an edit returns a new example.

import { others, sum } from "../xent_core/rounding.js";
import { log_odds, logsumexp } from "../xent_core/softmax.js";
import { one_hot, smooth_targets } from "../xent_core/targets.js";
import { target_class } from "./derive.js";

export const LIMITS = { logit: 1e6, temperature: [0.05, 20], rate: [0.01, 100], name: 24, classes: 10 };

/** What would keep an address from holding an example: a sentence, or "" where nothing does. */
export function fault_of({ logits }) {
  if (!logits.some(Number.isFinite)) return "Not taken: at least one logit must stay finite.";
  if (logits.some((logit) => Number.isFinite(logit) && Math.abs(logit) > LIMITS.logit)) {
    return "Not taken: a logit would leave the range from −10⁶ to 10⁶.";
  }
  return "";
}

export const with_logit = (example, i, logit) => ({ ...example, logits: example.logits.with(i, logit) });

/** One target moves, the others keep their ratios (or share equally where all were 0), the sum stays 1. */
export function with_target(example, i, target) {
  const n = example.targets.length, rest = sum(others(example.targets, i));
  const targets = example.targets.map((p, j) =>
    j === i ? target : rest > 0 ? p / rest * (1 - target) : (1 - target) / (n - 1)
  );
  return { ...example, targets };
}

export const one_hot_at = (example, i) => ({ ...example, targets: one_hot(i, example.targets.length) });

/** Class i's logit stands `gap` above the logsumexp of the others, which stay where `start` had them. */
export function with_gap(start, i, gap) {
  const logits = [...start.logits];
  if (logits.every((z, j) => j === i || z === -Infinity)) logits.fill(0);
  logits[i] = start.temperature * (gap + logsumexp(others(logits, i).map((logit) => logit / start.temperature)));
  return { ...start, logits };
}

/** Class i gets probability q; the others keep the ratios that `start` had. At 1 the others' logits are −∞. */
export function with_probability(start, i, q) {
  if (q < 1) return with_gap(start, i, log_odds(q));
  const own = Number.isFinite(start.logits[i]) ? start.logits[i] : 0;
  return { ...start, logits: start.logits.map((_, j) => (j === i ? own : -Infinity)) };
}

/** The mean of the finite logits. */
export function finite_mean(values) {
  const finite = values.filter(Number.isFinite);
  return sum(finite) / finite.length;
}

/** All logits moved together until their mean is `mean`. */
export function with_mean(start, mean) {
  const by = mean - finite_mean(start.logits);
  return { ...start, logits: start.logits.map((logit) => logit + by) };
}

/** Label smoothing of the likeliest target, its amount shared among all classes, or among the others only. */
export const smoothed = (example, amount, over_others) => ({
  ...example,
  targets: smooth_targets(one_hot(target_class(example), example.targets.length), amount, over_others),
});

/** The amount that label smoothing would need to give these targets, or nan where they are not of that form. */
export function smoothing_of({ targets }, over_others) {
  const least = Math.min(...targets), i = targets.indexOf(Math.max(...targets)), n = targets.length;
  const even = targets.every((p, j) => j === i || Math.abs(p - least) < 1e-12);
  return even ? Math.min(1, least * (over_others ? n - 1 : n)) : NaN;
}

export function with_class(example, names) {
  const count = example.names.length + 1;
  const name = names.find((candidate) => !example.names.includes(candidate)) ?? `class ${count}`;
  return {
    ...example,
    names: [...example.names, name],
    logits: [...example.logits, 0],
    targets: [...example.targets, 0],
  };
}

export function without_class(example, i) {
  const logits = others(example.logits, i), freed = with_target(example, i, 0);
  return {
    ...example,
    names: others(example.names, i),
    targets: others(freed.targets, i),
    logits: logits.some(Number.isFinite) ? logits : logits.fill(0),
  };
}

/** A typed name as an example takes it: spaces are plain, what cannot be printed is gone. */
export const as_name = (text) => text.replace(/\p{Z}/gu, " ").replace(/(?![\u200c\u200d])\p{C}/gu, "").trim();
