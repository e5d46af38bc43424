// What a hand can change: each edit keeps what it does not mean, and what it sets is what is read.
import assert from "node:assert/strict";
import { derive, gap, target_class } from "../../pages/parts/browser/example/derive.js";
import * as edits from "../../pages/parts/browser/example/edits.js";
import { softmax } from "../../pages/parts/browser/xent_core/softmax.js";
import { example, of_logits } from "./stories.js";

const sum = (values) => values.reduce((a, b) => a + b, 0);
const near = (a, b, within = 1e-12) => assert.ok(Math.abs(a - b) <= within * Math.max(1, Math.abs(b)), `${a} ${b}`);
const FOUR = example({
  names: ["a", "b", "c", "d"],
  logits: [1, -2, 0.5, -Infinity],
  targets: [0.1, 0.2, 0.3, 0.4],
  temperature: 0.7,
});
const STARTS = [example(), FOUR, of_logits(1e6, -1e6, 0), example({ targets: [0, 1, 0], temperature: 20 })];

Deno.test("an edit returns a new example and leaves the one it was given", () => {
  const start = example(), before = structuredClone(start);
  for (
    const now of [
      edits.with_logit(start, 0, 3),
      edits.with_target(start, 0, 0.5),
      edits.one_hot_at(start, 1),
      edits.with_gap(start, 0, 3),
      edits.with_probability(start, 0, 0.9),
      edits.with_mean(start, 3),
      edits.smoothed(start, 0.1, false),
      edits.with_class(start, ["cat", "owl"]),
      edits.without_class(start, 1),
    ]
  ) {
    assert.notEqual(now, start);
    assert.deepEqual(start, before);
  }
});

Deno.test("a target that moves keeps the sum at 1 and the ratios of the others", () => {
  for (const target of [0, 0.01, 0.37, 0.99, 1]) {
    for (let i = 0; i < 4; i++) {
      const { targets } = edits.with_target(FOUR, i, target);
      assert.equal(targets[i], target);
      near(sum(targets), 1);
      const others = targets.flatMap((p, j) => (j === i ? [] : [p / FOUR.targets[j]]));
      if (target < 1) { for (const ratio of others) near(ratio, others[0]); }
    }
  }
});

Deno.test("where all others were 0 they share equally what a target leaves", () => {
  assert.deepEqual(edits.with_target(example(), 0, 0.5).targets, [0.5, 0.25, 0.25]);
});

Deno.test("a class pressed is the whole target", () => {
  assert.deepEqual(edits.one_hot_at(FOUR, 2).targets, [0, 0, 1, 0]);
});

Deno.test("a gap that is set is the gap that is read, and the others' logits stay", () => {
  for (const start of STARTS.filter(({ logits }) => Math.max(...logits.map(Math.abs).filter(Number.isFinite)) < 100)) {
    for (const wanted of [-40, -6.91, 0, 0.5, 30]) {
      for (let i = 0; i < start.logits.length; i++) {
        const now = edits.with_gap(start, i, wanted);
        near(gap(now, i), wanted);
        now.logits.forEach((z, j) => j === i || assert.equal(z, start.logits[j]));
      }
    }
  }
});

Deno.test("a probability that is set is the one that is read, and the others keep their ratios", () => {
  for (const start of STARTS.slice(0, 2)) {
    const before = softmax(start.logits, start.temperature);
    for (const wanted of [0.0005, 0.25, 0.5, 0.9995]) {
      const q = softmax(edits.with_probability(start, 0, wanted).logits, start.temperature);
      near(q[0], wanted);
      near(q[1] / q[2], before[1] / before[2], 1e-9);
    }
  }
});

Deno.test("at a probability of 1 nothing is left for the others, and at 0 nothing for it", () => {
  assert.deepEqual(softmax(edits.with_probability(example(), 0, 1).logits, 1), [1, 0, 0]);
  assert.equal(softmax(edits.with_probability(example(), 0, 0).logits, 1)[0], 0);
});

Deno.test("where all others are ruled out a gap brings them back", () => {
  const now = edits.with_gap(of_logits(3, -Infinity, -Infinity), 0, 2);
  assert.ok(now.logits.every(Number.isFinite));
  near(gap(now, 0), 2);
});

Deno.test("a mean that is set is the mean that is read, and q stays", () => {
  for (const mean of [-30, 0, 12.5]) {
    const now = edits.with_mean(FOUR, mean);
    near(edits.finite_mean(now.logits), mean);
    assert.equal(now.logits[3], -Infinity);
    softmax(now.logits, 0.7).forEach((q, i) => near(q, softmax(FOUR.logits, 0.7)[i]));
  }
});

Deno.test("an amount of smoothing is read again in the convention that it was given in", () => {
  for (const over_others of [false, true]) {
    for (const amount of [0, 0.1, 0.5]) {
      for (const start of STARTS) {
        const now = edits.smoothed(start, amount, over_others);
        near(edits.smoothing_of(now, over_others), amount);
        near(sum(now.targets), 1);
        assert.equal(target_class(now), target_class(start));
      }
    }
  }
  assert.ok(Number.isNaN(edits.smoothing_of(FOUR, false)));
});

Deno.test("a class more has a name of its own, logit 0 and target 0; one less leaves a true example", () => {
  const names = ["cat", "dog", "fox", "owl"], more = edits.with_class(example(), names);
  assert.deepEqual([more.names[3], more.logits[3], more.targets[3]], ["owl", 0, 0]);
  assert.equal(edits.with_class(more, names).names[4], "class 5");
  for (const start of [FOUR, of_logits(0, -Infinity, -Infinity), example()]) {
    for (let i = 0; i < start.names.length; i++) {
      const less = edits.without_class(start, i);
      assert.equal(less.names.length, start.names.length - 1);
      assert.deepEqual([less.logits.length, less.targets.length], [less.names.length, less.names.length]);
      near(sum(less.targets), 1);
      assert.equal(edits.fault_of(less), "");
      derive(less);
    }
  }
  assert.deepEqual(edits.without_class(more, 3), example());
});

Deno.test("what no address could hold is refused in a sentence", () => {
  assert.equal(edits.fault_of(example()), "");
  assert.equal(edits.fault_of(of_logits(1e6, -1e6, -Infinity)), "");
  assert.match(edits.fault_of(of_logits(-Infinity, -Infinity, -Infinity)), /one logit must stay finite/);
  assert.match(edits.fault_of(of_logits(2e6, 0, 0)), /range from −10⁶ to 10⁶/);
});

Deno.test("a typed name loses what cannot be printed and keeps the rest", () => {
  assert.equal(edits.as_name("\u00a0a\tb\u2003c\u0000 "), "ab c");
  assert.equal(edits.as_name("👩‍🔬 <b>"), "👩‍🔬 <b>");
  assert.equal(edits.as_name("\u202e \n"), "");
});
