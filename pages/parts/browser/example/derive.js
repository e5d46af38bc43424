// Everything that is computed from an example: each column, its total, and what stands beside them.

import { BASES } from "./bases.js";
import { OBJECTIVES } from "./descent.js";
import { clip_probabilities } from "../xent_core/clipping.js";
import {
  parts,
  softmax_bernoulli_terms,
  softmax_cross_entropy,
  softmax_cross_entropy_terms,
} from "../xent_core/losses.js";
import { ROUND, sum } from "../xent_core/rounding.js";
import { routes } from "../xent_core/routes.js";
import { one_hot } from "../xent_core/targets.js";
import { exponentials, naive_softmax, one_minus_softmax, softmax, softmax_log_odds } from "../xent_core/softmax.js";

/**
 * Every column and total that a page can show: the exponentials, the naive, shifted and clipped ones in the precision
 * chosen, the others in float64. `rest` is 1 − q with its digits; `routes` and `parts` are computed when first read.
 */
export function derive(example) {
  const { logits, targets, temperature, base, low, high, precision } = example;
  const round = ROUND[precision], b = BASES[base], z = logits.map(round);
  const probability = softmax(logits, temperature), shifted = softmax(z, temperature, round);
  const columns = {
    logit: logits,
    exp: exponentials(z, temperature, round),
    naive: naive_softmax(z.map((logit) => round(logit / round(temperature))), round),
    shifted,
    probability,
    twice: softmax(probability),
    clipped: clip_probabilities(shifted, low, high, round),
    target: targets,
    categorical: softmax_cross_entropy_terms(logits, targets, temperature, b),
    bernoulli: softmax_bernoulli_terms(logits, targets, temperature, b),
    gradient: OBJECTIVES[example.objective].gradient(logits, example),
  };
  const totals = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, sum(values)]));
  for (const name of ["exp", "naive", "shifted"]) totals[name] = round(totals[name]);
  let found_routes = null, found_parts = null;
  return {
    columns,
    totals,
    rest: one_minus_softmax(logits, temperature),
    doubled: softmax_cross_entropy(probability, targets, 1, b),
    get routes() {
      return found_routes ??= routes_of(example);
    },
    get parts() {
      return found_parts ??= parts(logits, targets, temperature, b);
    },
  };
}

/** The ways to the same loss, in the example's precision and base. */
export const routes_of = (example) => routes({ ...example, base: BASES[example.base] });

/** What the loss called `name` is, of `result`. */
export function loss_of(name, result) {
  if (name === "clipped") return result.routes.clipped.categorical;
  return name === "doubled" ? result.doubled : result.totals[name];
}

/** The lowest that a softmax taken twice lets the loss of n classes fall: that of a prediction sure and right. */
export const doubled_floor = (n, base = Math.E) => softmax_cross_entropy(one_hot(0, n), one_hot(0, n), 1, base);

/** The class that is wanted most. */
export const target_class = ({ targets }) => targets.indexOf(Math.max(...targets));

/** What that class is called. */
export const target_name = ({ names, targets }) => names[target_class({ targets })];

/** How far class i's logit stands above the logsumexp of the others, in units of T. */
export const gap = ({ logits, temperature }, i) => softmax_log_odds(logits, temperature)[i];
