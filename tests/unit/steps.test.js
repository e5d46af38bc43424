// A story as data: what a step shows is the same on every way to it.
import assert from "node:assert/strict";
import { clamped, entered, scene_of, shuffled, step_of, waits } from "../../pages/parts/browser/story/steps.js";
import { of_logits, story } from "./stories.js";

const told = story(), LAST = told.steps.length;

// Forward by Next, skipping what asks; what is seen at each step on arrival and once it was played.
function forward(to) {
  let seen = {};
  for (let step = 2; step <= to; step++) {
    seen = entered(seen, step, true);
    if (step < to && waits(told, step, seen)) seen = { ...seen, [step]: null };
  }
  return seen;
}
const played = (step, seen) => (waits(told, step, seen) ? { ...seen, [step]: null } : seen);

Deno.test("a step shows the same on the way forward, on the way back and by a link, once it was played", () => {
  for (let step = 1; step <= LAST; step++) {
    const by_next = scene_of(told, step, played(step, forward(step)));
    const by_link = scene_of(told, step, played(step, entered({}, step, true)));
    let seen = forward(LAST);
    for (let k = LAST - 1; k >= step; k--) seen = entered(seen, k, false);
    const on_the_way_back = scene_of(told, step, seen);
    assert.deepEqual(by_link, by_next);
    assert.deepEqual(on_the_way_back, by_next);
    assert.deepEqual(scene_of(told, step, { ...seen, 2: 1, 5: 0 }), by_next, "whatever was answered");
  }
});

Deno.test("a step that asks shows what was before, forward and by a link, and nothing that would answer it", () => {
  for (const step of [2, 5]) {
    for (const seen of [forward(step), entered({}, step, true)]) {
      assert.ok(waits(told, step, seen));
      assert.deepEqual(scene_of(told, step, seen).example, told.steps[step - 1].begins);
      assert.deepEqual(scene_of(told, step, seen).reveal, step === 2 ? -10 : -20);
      assert.equal(scene_of(told, step, seen).descent, null);
    }
  }
});

Deno.test("on the way back a step that asks is entered as it was played", () => {
  for (const seen of [{}, { 2: null }, { 2: 1 }]) assert.ok(!waits(told, 2, entered(seen, 2, false)));
});

Deno.test("forward again what was skipped asks again, and what was answered stays answered", () => {
  assert.ok(waits(told, 2, entered({ 2: null }, 2, true)));
  for (const guess of [0, 1, 7.5]) assert.deepEqual(entered({ 2: guess }, 2, true), { 2: guess });
  assert.deepEqual(entered({ 2: 1 }, 2, false), { 2: 1 });
});

Deno.test("entering a step leaves what is seen of the others, and the record that was given", () => {
  const seen = Object.freeze({ 2: null, 5: 1 });
  assert.deepEqual(entered(seen, 2, true), { 5: 1 });
  assert.deepEqual(entered(seen, 5, true), seen);
  assert.deepEqual(entered(seen, 4, false), { 2: null, 4: null, 5: 1 });
});

Deno.test("curves are uncovered further from step to step and never covered again", () => {
  const reveals = told.steps.map((_, k) => scene_of(told, k + 1, { 2: null, 5: null }).reveal);
  assert.deepEqual(reveals, [-10, -10, -20, -20, -40, -40]);
});

Deno.test("a step that walks shows where its steps have led", () => {
  const { example, descent } = scene_of(told, 4, {});
  assert.deepEqual(descent, { start: [0, 4, 0], steps: 3 });
  assert.notDeepEqual(example.logits, [0, 4, 0]);
  assert.deepEqual({ ...example, logits: [0, 4, 0] }, of_logits(0, 4, 0));
});

Deno.test("a step's number is brought into the story", () => {
  assert.deepEqual([-3, 0, 1, 6, 7, 1e9].map((step) => clamped(told, step)), [1, 1, 1, 6, 6, 6]);
  assert.equal(step_of(told, 6).title, "task");
});

Deno.test("choices are never in the order written, always in the same, and none is lost", () => {
  for (let count = 2; count <= 6; count++) {
    const choices = Array.from({ length: count }, (_, k) => k);
    for (let step = 1; step <= 12; step++) {
      const order = shuffled(choices, step);
      assert.notDeepEqual(order, choices);
      assert.notEqual(order[0], 0, "the right one is written first");
      assert.deepEqual(order, shuffled(choices, step));
      assert.deepEqual(order.toSorted(), choices);
    }
  }
});

Deno.test("the right choice is not always at the same place", () => {
  const places = new Set([1, 2, 3, 4, 5, 6].map((step) => shuffled(["a", "b", "c"], step).indexOf(0)));
  assert.deepEqual([...places].sort(), [1, 2]);
});
