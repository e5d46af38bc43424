// What a hand can change in a batch. Pure: an edit returns a new batch.

import { sum } from "../xent_core/rounding.js";

const with_row = (batch, i, changes) => ({
  ...batch,
  ready: "",
  rows: batch.rows.map((row, j) => (j === i ? { ...row, ...changes } : row)),
});

/** The border between class k and the next moves to `at`, between 0 and 1: what one loses the other gains. */
export function with_border(batch, i, k, at) {
  const { q } = batch.rows[i], before = sum(q.slice(0, k)), both = q[k] + q[k + 1];
  const own = Math.min(Math.max(at - before, 0), both);
  return with_row(batch, i, { q: q.with(k, own).with(k + 1, Number((both - own).toFixed(12))) });
}

/** Where the border between class k and the next stands. */
export const border_of = ({ q }, k) => sum(q.slice(0, k + 1));

/** Another class is wanted. */
export const with_label = (batch, i, label) =>
  with_row(batch, i, { targets: batch.rows[i].targets.map((_, k) => Number(k === label)) });

/** A row counts, or is padding. */
export const with_counts = (batch, i, counts) => with_row(batch, i, { counts });

/** Two batches of as many rows and classes, so that one can move into the other. */
export const alike = (a, b) =>
  a.rows.length === b.rows.length && a.rows.every(({ q }, i) => q.length === b.rows[i].q.length);

/** Between two batches: every row's probabilities move, and sum to 1 all the way. */
export function batch_between(from, to, t) {
  if (!alike(from, to)) return from;
  const rows = from.rows.map((row, i) => ({ ...row, q: row.q.map((q, k) => q + (to.rows[i].q[k] - q) * t) }));
  return { ...from, rows };
}

const spelled = (row) => row.map(String).join(",");

/** A batch as an address spells it; a ready one by its name. */
export function batch_parameters({ ready, rows, weights }) {
  if (ready) return { batch: ready };
  const labels = rows.map(({ targets }) =>
    targets.every((p) => p === 0 || p === 1) ? String(targets.indexOf(1)) : null
  );
  const parameters = { rows: rows.map(({ q }) => spelled(q)).join(";") };
  parameters.y = labels.every((label) => label !== null)
    ? labels.join(",")
    : rows.map(({ targets }) => spelled(targets)).join(";");
  if (rows.some(({ counts }) => !counts)) parameters.mask = rows.map(({ counts }) => Number(counts)).join(",");
  if (new Set(rows.map(({ sequence }) => sequence)).size > 1) {
    parameters.seq = rows.map(({ sequence }) => sequence).join(",");
  }
  if (weights) parameters.w = weights.map(String).join(",");
  return parameters;
}
