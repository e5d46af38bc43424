// When a task is done: by the hand that the story names, and by none that it excludes.
import assert from "node:assert/strict";
import { descended } from "../../pages/parts/browser/example/descent.js";
import { derive } from "../../pages/parts/browser/example/derive.js";
import { one_hot_at, smoothed, with_gap, with_logit, with_target } from "../../pages/parts/browser/example/edits.js";
import { GOALS } from "../../pages/parts/browser/story/goals.js";
import { example, of_logits } from "./stories.js";

/** @type {(goal: string, start: any, now: any, descent?: any) => boolean} */
const reached = (goal, start, now, descent = null) => GOALS[goal](now, start, derive(now), descent);
const q = (...values) => of_logits(...values.map(Math.log));
const REST = Math.log(1 + Math.exp(-1)), WRONG = q(0.01, 0.98, 0.01);
const STARTS = {
  halved_by_one_slider: q(0.5, 0.2, 0.3),
  logit_pushed_to_10: of_logits(1, 0, 0),
  forms_almost_equal: q(0.5, 0.2, 0.3),
  gradient_is_dead: example({ logits: [REST, 0, -1], low: 1e-3 }),
  below_in_three_steps: WRONG,
  likelier_than_all_others: of_logits(6, 9.7),
};
const raised = (start, i, by) => with_logit(start, i, start.logits[i] + by);

Deno.test("no task is done by the step itself", () => {
  const known = Object.keys(GOALS).filter((goal) => !["batch_put_right", "learns_in_20_epochs"].includes(goal));
  assert.deepEqual(Object.keys(STARTS).sort(), known.sort());
  for (const [goal, start] of Object.entries(STARTS)) assert.ok(!reached(goal, start, start), goal);
});

Deno.test("cat up by 0.89 halves the loss, by 0.87 not", () => {
  const start = STARTS.halved_by_one_slider,
    tried = (by) => reached("halved_by_one_slider", start, raised(start, 0, by));
  assert.ok(tried(0.89));
  assert.ok(!tried(0.87));
});

Deno.test("fox far enough down halves the loss, dog cannot however far", () => {
  const start = STARTS.halved_by_one_slider;
  assert.ok(reached("halved_by_one_slider", start, with_logit(start, 2, -10)));
  for (const z of [-5, -1e3, -1e6, -Infinity]) {
    assert.ok(!reached("halved_by_one_slider", start, with_logit(start, 1, z)));
  }
});

Deno.test("the loss is not halved by two sliders, another target, a base, a temperature, or another class less", () => {
  const start = STARTS.halved_by_one_slider, fails = (now) => assert.ok(!reached("halved_by_one_slider", start, now));
  fails(raised(raised(start, 0, 0.89), 1, 0.01));
  fails(raised(with_target(start, 0, 0.6), 0, 2));
  fails(raised({ ...start, base: "10" }, 1, 0.01));
  fails(raised({ ...start, temperature: 0.3 }, 0, 0.01));
  fails({ ...start, names: ["cat", "dog"], logits: [2, 0], targets: [1, 0] });
});

Deno.test("in another base half the loss is half the loss too", () => {
  const start = STARTS.halved_by_one_slider;
  assert.ok(reached("halved_by_one_slider", start, raised({ ...start, base: "2" }, 0, 0.89)));
});

Deno.test("cat's logit is pushed to 10, and no other class's", () => {
  const start = STARTS.logit_pushed_to_10, tried = (now) => reached("logit_pushed_to_10", start, now);
  assert.ok(tried(with_logit(start, 0, 10)));
  assert.ok(tried(with_logit(start, 0, 9.995)));
  assert.ok(!tried(with_logit(start, 0, 9.9)));
  assert.ok(!tried(with_logit(start, 1, 10)));
  assert.ok(!tried(one_hot_at(with_logit(start, 1, 10), 1)));
});

Deno.test("sure and wrong makes the forms almost equal, in every base", () => {
  const start = STARTS.forms_almost_equal;
  for (const base of ["e", "2", "10"]) {
    assert.ok(reached("forms_almost_equal", start, { ...start, base, logits: [-10, 10, 10] }));
  }
});

Deno.test("almost equal is less than 1.1 times", () => {
  const start = STARTS.forms_almost_equal, ratio = (z) => (z + 3 * Math.log(2)) / (z + Math.log(2));
  for (const z of [8, 11, 12.9, 13.2, 15, 30]) { // cat so far down that its loss is z + ln 2, and the others' are ln 2 each
    assert.equal(reached("forms_almost_equal", start, of_logits(-z, 0, 0)), ratio(z) < 1.1, String(z));
  }
});

Deno.test("label smoothing does not make the forms almost equal, whatever the amount and the convention", () => {
  const start = STARTS.forms_almost_equal;
  for (const over_others of [false, true]) {
    for (let amount = 0; amount <= 0.99; amount += 0.01) {
      assert.ok(!reached("forms_almost_equal", start, smoothed(start, amount, over_others)));
    }
  }
});

Deno.test("a loss that is infinite, or none at all, does not make the forms almost equal", () => {
  const start = STARTS.forms_almost_equal;
  assert.ok(!reached("forms_almost_equal", start, with_logit(start, 0, -Infinity)));
  assert.ok(!reached("forms_almost_equal", start, { ...start, logits: [0, -Infinity, -Infinity] }));
  assert.ok(!reached("forms_almost_equal", start, { ...start, logits: [-Infinity, 0, -Infinity] }));
});

Deno.test("the gradient is dead past a gap of −6.91", () => {
  const start = STARTS.gradient_is_dead, tried = (gap) => reached("gradient_is_dead", start, with_gap(start, 0, gap));
  assert.ok(tried(-6.92));
  assert.ok(tried(-40));
  assert.ok(!tried(-6.9));
  assert.ok(!tried(20));
});

Deno.test("the gradient is not dead by another bound, by being right, or for another target", () => {
  const start = STARTS.gradient_is_dead, fails = (now) => assert.ok(!reached("gradient_is_dead", start, now));
  fails({ ...start, low: 0.9 });
  fails({ ...with_gap(start, 0, -10), low: 1e-2 });
  fails(with_gap({ ...start, high: 0.5 }, 0, 40));
  fails(one_hot_at(with_gap(start, 1, -10), 1));
});

const after = (steps, changes, start = WRONG) => {
  const { example: now, descent } = descended({ ...start, ...changes }, start.logits, steps);
  return reached("below_in_three_steps", WRONG, now, descent);
};

Deno.test("three steps at a rate from 3.37 to 3.5 bring the loss below 0.05", () => {
  for (const rate of [3.37, 3.4, 3.5]) assert.ok(after(3, { rate }));
  for (const rate of [1, 3.3, 3.6, 10]) assert.ok(!after(3, { rate }));
});

Deno.test("neither more steps, another start, another temperature nor another base does it", () => {
  for (const steps of [0, 1, 2, 4, 10]) assert.ok(!after(steps, { rate: 3.5 }));
  assert.ok(!after(3, { rate: 3.5 }, q(0.1, 0.8, 0.1)));
  assert.ok(!after(3, { rate: 1, temperature: 0.05 }));
  for (const rate of [1, 2, 3, 3.3]) {
    for (const base of ["2", "10"]) assert.ok(!after(3, { rate, base }), `${rate} ${base}`);
  }
  assert.ok(!reached("below_in_three_steps", WRONG, of_logits(10, 0, 0)));
});

Deno.test("a batch is put right by its probabilities, not by another base, another wanted class or a row left out", () => {
  const row = (q, label) => ({
    q,
    targets: q.map((_, k) => Number(k === label)),
    counts: true,
    sequence: 0,
    right: null,
  });
  const told = (rows) => ({ rows, weights: null, classes: 2, others: { loss: 0, count: 0, right: 0 } });
  const start = told([row([0.9, 0.1], 0), row([0.001, 0.999], 0)]),
    right = told([row([0.9, 0.1], 0), row([0.9, 0.1], 0)]);
  const solved = (batch) => GOALS.batch_put_right({}, {}, {}, null, batch, start);
  assert.equal(solved(right), true);
  assert.equal(solved(start), false);
  assert.equal(solved(told([row([0.9, 0.1], 0), row([0.001, 0.999], 1)])), false);
  assert.equal(solved(told([right.rows[0], { ...start.rows[1], counts: false }])), false);
  assert.equal(solved(told([row([0.99, 0.01], 0)])), false);
});

Deno.test("a class is likelier than all others once its logit is above theirs, by one move alone", () => {
  const start = STARTS.likelier_than_all_others;
  /** @type {(i: number, to: number) => boolean} */
  const tried = (i, to) => reached("likelier_than_all_others", start, with_logit(start, i, to));
  assert.ok(tried(0, 9.71));
  assert.ok(!tried(0, 9.69));
  assert.ok(tried(1, 5));
  assert.ok(!reached("likelier_than_all_others", start, with_logit(with_logit(start, 0, 9), 1, 8)));
  assert.ok(!reached("likelier_than_all_others", start, one_hot_at(start, 1)));
});
