// A batch in the browser: its numbers, and what a hand can change.
import assert from "node:assert/strict";
import { derive_batch } from "../../pages/parts/browser/batch/derive.js";
import {
  batch_between,
  batch_parameters,
  border_of,
  with_border,
  with_label,
} from "../../pages/parts/browser/batch/edits.js";

const NATS = { base: "e" };
const none = { loss: 0, count: 0, right: 0 };

function batch(qs, labels, more = {}) {
  const rows = qs.map((q, i) => ({
    q,
    targets: q.map((_, k) => Number(k === labels[i])),
    counts: true,
    sequence: 0,
    title: "",
    segments: null,
    right: null,
  }));
  return {
    ready: "",
    names: ["cat", "dog", "fox"],
    weights: null,
    classes: 3,
    fixed: false,
    others: none,
    rows,
    ...more,
  };
}
const article = () => batch([[0.5, 0.2, 0.3], [0.8, 0.1, 0.1]], [0, 0]);
const near = (a, b, digits = 4) => assert.equal(a.toFixed(digits), b.toFixed(digits));

Deno.test("the article's batch has its known means in each base", () => {
  for (const [base, mean, entries] of [["e", 0.4581, 0.1527], ["10", 0.199, 0.0663], ["2", 0.661, 0.2203]]) {
    const { numbers } = derive_batch(article(), { base });
    near(numbers.mean, mean);
    near(numbers.entries, entries);
  }
});

Deno.test("between two epochs the accuracy and the mean loss both rise", () => {
  const before = [[0.45, 0.5, 0.05], [0.48, 0.26, 0.26], [0.5, 0.45, 0.05], [0.35, 0.4, 0.25], [0.05, 0.5, 0.45], [
    0.6,
    0.15,
    0.25,
  ]];
  const after = [[0.6, 0.2, 0.2], [0.7, 0.15, 0.15], [0.2, 0.7, 0.1], [0.3, 0.6, 0.1], [0.1, 0.2, 0.7], [
    0.99,
    0.0095,
    0.0005,
  ]];
  const [was, is] = [before, after].map((rows) => derive_batch(batch(rows, [0, 0, 1, 1, 2, 2]), NATS));
  assert.deepEqual([was.right, is.right], [2, 5]);
  near(was.numbers.mean, 0.9053);
  near(is.numbers.mean, 1.6154);
});

Deno.test("weights of the labels' classes divide by their sum or by the rows", () => {
  const after = [[0.6, 0.2, 0.2], [0.7, 0.15, 0.15], [0.2, 0.7, 0.1], [0.3, 0.6, 0.1], [0.1, 0.2, 0.7], [
    0.99,
    0.0095,
    0.0005,
  ]];
  const { numbers } = derive_batch(batch(after, [0, 0, 1, 1, 2, 2], { weights: [1, 1, 5] }), NATS);
  near(numbers.weighted, 2.966, 3);
  near(numbers.weighted_rows, 6.92, 2);
});

Deno.test("the mean of tokens is not the mean of the sequences' means", () => {
  const told = batch([[0.8, 0.1, 0.1], ...Array(5).fill([0.5, 0.2, 0.3])], Array(6).fill(0));
  told.rows.forEach((row, i) => row.sequence = Number(i > 0));
  const { numbers } = derive_batch(told, NATS);
  near(numbers.tokens, 0.6148);
  near(numbers.sequences, 0.4581);
});

Deno.test("padding is left out of the mean, or adds zeros to that over all rows", () => {
  const told = batch([[0.5, 0.2, 0.3], [0.8, 0.1, 0.1], [0.3, 0.4, 0.3], [0.3, 0.4, 0.3]], Array(4).fill(0));
  told.rows[2].counts = told.rows[3].counts = false;
  const { numbers } = derive_batch(told, NATS);
  near(numbers.mean, 0.4581);
  near(numbers.rows, 0.4581 / 2);
});

Deno.test("one infinite loss makes the mean infinite, and equal firsts are not right", () => {
  const { numbers, right } = derive_batch(batch([[0, 0.7, 0.3], [0.4, 0.4, 0.2]], [0, 0]), NATS);
  assert.equal(numbers.mean, Infinity);
  assert.equal(right, 0);
});

Deno.test("a border that is dragged takes from one class what it gives to the next", () => {
  for (const at of [-1, 0, 0.25, 0.6, 0.7, 2]) {
    const { q } = with_border(article(), 0, 0, at).rows[0];
    assert.ok(Math.abs(q[0] + q[1] - 0.7) < 1e-12);
    assert.equal(q[2], 0.3);
    assert.ok(q.every((value) => value >= 0));
  }
  const moved = with_border(article(), 0, 1, 0.9);
  assert.ok(Math.abs(border_of(moved.rows[0], 1) - 0.9) < 1e-12);
});

Deno.test("a hand's batch is no longer the ready one of the link", () => {
  const ready = { ...article(), ready: "wrong" };
  assert.deepEqual(batch_parameters(ready), { batch: "wrong" });
  assert.deepEqual(batch_parameters(with_label(ready, 1, 2)), { rows: "0.5,0.2,0.3;0.8,0.1,0.1", y: "0,2" });
});

Deno.test("every frame between two batches is a batch", () => {
  const to = batch([[0.1, 0.8, 0.1], [0.3, 0.3, 0.4]], [0, 0]);
  for (const t of [0, 0.3, 0.9]) {
    for (const { q } of batch_between(article(), to, t).rows) {
      assert.ok(Math.abs(q.reduce((a, b) => a + b) - 1) < 1e-12);
    }
  }
});
