// Everything that is computed from a batch: each example's loss, and the numbers that are made of them.
//
// A batch has `rows` of {q, targets, counts, sequence, title}, the `names` of its classes, `classes` (how many there are in
// truth, where a row tells only some), and `weights` of the classes or null.

import { BASES } from "../example/bases.js";
import { categorical_terms } from "../xent_core/losses.js";
import { sum } from "../xent_core/rounding.js";

/** The class that a row wants most. */
export const label_of = ({ targets }) => targets.indexOf(Math.max(...targets));

/** Whether a row puts its label first, and alone; one that tells only some of its classes says so itself. */
export const is_right = (row) => {
  if (row.right !== null) return row.right;
  const own = row.q[label_of(row)];
  return row.q.every((q, k) => k === label_of(row) || q < own);
};

/** A row's loss in the unit of a base. */
export const loss_of_row = ({ q, targets }, base) => sum(categorical_terms(q, targets, base));

const mean = (values) => sum(values) / values.length;

/**
 * The losses, and what one number can be made of them: `mean` over the rows that count, `rows` over all (what does not
 * count adds 0), `entries` over all m·n entries, `weighted` by the labels' weights and divided by their sum,
 * `weighted_rows` divided by m, `tokens` and `sequences`, the mean of all rows and the mean of each sequence's mean.
 */
export function derive_batch(batch, { base }) {
  const { rows, weights, classes, others } = batch, losses = rows.map((row) => loss_of_row(row, BASES[base]));
  const counted = losses.filter((_, i) => rows[i].counts), weight = rows.map((row) => weights?.[label_of(row)] ?? 1);
  const weighted = sum(losses.map((loss, i) => weight[i] * loss));
  const sequences = [...new Set(rows.map((row) => row.sequence))];
  const total = sum(counted) + others.loss / Math.log(BASES[base]), m = rows.length + others.count;
  const count = counted.length + others.count;
  const right = rows.filter((row) => row.counts && is_right(row)).length + others.right;
  return {
    losses,
    right,
    count,
    rows: m,
    numbers: {
      mean: total / count,
      rows: total / m,
      entries: total / (m * classes),
      weighted: weighted / sum(weight),
      weighted_rows: weighted / rows.length,
      tokens: mean(losses),
      sequences: mean(sequences.map((own) => mean(losses.filter((_, i) => rows[i].sequence === own)))),
      accuracy: right / count,
    },
  };
}
