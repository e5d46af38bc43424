// Steps downhill in the browser, the triangle they are drawn on, and its lines of equal loss.
import assert from "node:assert/strict";
import { descended, logits_at, OBJECTIVES, paths_of, place_on } from "../../pages/parts/browser/example/descent.js";
import { scene_between } from "../../pages/parts/browser/example/motion.js";
import { contours, to_place, to_probabilities } from "../../pages/parts/browser/pictures/contours.js";

const example = (changes = {}) => ({
  names: ["cat", "dog", "fox"],
  logits: [0.01, 0.98, 0.01].map(Math.log),
  targets: [1, 0, 0],
  temperature: 1,
  base: "e",
  low: 1e-10,
  high: 1,
  precision: "float64",
  objective: "cross_entropy",
  rate: 1,
  ...changes,
});
const { loss } = OBJECTIVES.cross_entropy;
const far = { ...example(), logits: [-28, 0, -1] };

Deno.test("ten steps lead cross-entropy to 0.0736 and squared error to 4.010, both measured in cross-entropy", () => {
  const paths = paths_of(example(), { start: example().logits, steps: 10 });
  assert.equal(loss(paths.cross_entropy[10], example()).toFixed(4), "0.0736");
  assert.equal(loss(paths.squared_error[10], example()).toFixed(3), "4.010");
});

Deno.test("three steps at a rate of 3.37 end below 0.05, at 3.36 above", () => {
  const after = (rate) => loss(descended(example({ rate }), example().logits, 3).example.logits, example());
  assert.ok(after(3.37) < 0.05);
  assert.ok(after(3.36) > 0.05);
});

Deno.test("past its plateau the clipped loss does not move, and cross-entropy comes back to 13.19", () => {
  const scene = descended(far, far.logits, 10);
  assert.deepEqual(logits_at(scene, "clipped"), far.logits);
  assert.equal(loss(scene.example.logits, far).toFixed(2), "13.19");
});

Deno.test("each gradient is the slope of its loss, by central differences", () => {
  const z = [0.3, -0.7, 1.1], at = { ...example(), targets: [0.6, 0.3, 0.1], temperature: 1.7, base: "2", low: 1e-3 };
  for (const { loss, gradient } of Object.values(OBJECTIVES)) {
    gradient(z, at).forEach((slope, i) => {
      const [up, down] = [1e-5, -1e-5].map((by) => loss(z.with(i, z[i] + by), at));
      assert.ok(Math.abs(slope - (up - down) / 2e-5) < 1e-8);
    });
  }
});

Deno.test("a loss of logits is that of their probabilities", () => {
  const q = [0.2, 0.5, 0.3], at = { ...example(), targets: [0.6, 0.3, 0.1] };
  for (const { loss, of_q } of Object.values(OBJECTIVES)) {
    assert.ok(Math.abs(loss(q.map(Math.log), at) - of_q(q, at)) < 1e-14);
  }
});

Deno.test("a logit of minus infinity stays where nothing pulls it, with ten classes too", () => {
  const wide = { ...example(), logits: [-Infinity, ...Array(9).fill(0)], targets: [0, 1, ...Array(8).fill(0)] };
  const { cross_entropy } = paths_of(wide, { start: wide.logits, steps: 100 });
  assert.ok(cross_entropy.every((z) => z[0] === -Infinity && z.slice(1).every(Number.isFinite)));
});

Deno.test("a rate that leaves all bounds stops at the last place within them", () => {
  const wild = { ...example(), rate: 100, logits: [-900000, 0, 0] };
  const { bernoulli } = paths_of(wild, { start: wild.logits, steps: 100 });
  assert.ok(bernoulli.flat().every((logit) => Math.abs(logit) <= 1e6));
});

Deno.test("motion walks along the path, and a fraction of a step lies between two of its places", () => {
  const from = { example: example(), descent: null, reveal: -Infinity };
  const to = { ...descended(example(), example().logits, 4), reveal: -Infinity };
  const path = paths_of(example(), to.descent).cross_entropy;
  assert.deepEqual(scene_between(from, to, 0.5).example.logits, path[2]);
  assert.deepEqual(scene_between(from, to, 1), to);
  const between = place_on(path, 2.5);
  between.forEach((logit, i) => assert.ok(Math.abs(logit - (path[2][i] + path[3][i]) / 2) < 1e-12));
});

Deno.test("a place in the triangle gives the probabilities that stand there, at corners and edges too", () => {
  for (const q of [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0.4, 0.6], [0.2, 0.5, 0.3]]) {
    to_probabilities(to_place(q)).forEach((value, i) => assert.ok(Math.abs(value - q[i]) < 1e-12));
  }
  const outside = to_probabilities([2, 3]);
  assert.ok(outside.every((value) => value >= 0) && Math.abs(outside.reduce((a, b) => a + b) - 1) < 1e-12);
});

Deno.test("the lines of the cross-entropy are straight: q of the wanted class is exp(-level) all along", () => {
  const levels = [0.1, 1, 3, 5], lines = contours((q) => OBJECTIVES.cross_entropy.of_q(q, example()), levels);
  lines.forEach((pieces, n) => {
    assert.ok(pieces.length > 0);
    for (const place of pieces.flat()) {
      assert.ok(Math.abs(to_probabilities(place)[0] - Math.exp(-levels[n])) < 1e-4);
    }
  });
});

Deno.test("along its lines every loss has the level they are drawn for, soft targets and edges included", () => {
  for (const targets of [[1, 0, 0], [0.7, 0.2, 0.1]]) {
    for (const { of_q } of Object.values(OBJECTIVES)) {
      const at = { ...example(), targets }, levels = [0.15, 0.5, 0.9, 1.5];
      contours((q) => of_q(q, at), levels).forEach((pieces, n) => {
        for (const place of pieces.flat()) {
          assert.ok(Math.abs(of_q(to_probabilities(place), at) - levels[n]) < 0.02 * levels[n]);
        }
      });
    }
  }
});
