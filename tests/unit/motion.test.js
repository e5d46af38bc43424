// From one scene to another: both ends exact, and every frame between them a true example.
import assert from "node:assert/strict";
import { derive } from "../../pages/parts/browser/example/derive.js";
import { descended } from "../../pages/parts/browser/example/descent.js";
import { between, ease, same, scene_between } from "../../pages/parts/browser/example/motion.js";
import { example, of_logits, story } from "./stories.js";

/** @type {(example: any, reveal?: number) => any} */
const scene = (example, reveal = Infinity) => ({ example, descent: null, reveal });
const TIMES = Array.from({ length: 21 }, (_, k) => k / 20);
const sum = (values) => values.reduce((a, b) => a + b, 0);

const EXAMPLES = [
  example(),
  example({ targets: [0.2, 0.5, 0.3], temperature: 20, low: 0.05, high: 0.8 }),
  example({ targets: [0, 0, 1], base: "2", precision: "float16", low: 0, objective: "bernoulli" }),
  of_logits(-Infinity, 0, 0),
  of_logits(0, -Infinity, -Infinity),
  of_logits(1e6, -1e6, 0),
  example({ logits: [12, -8, -9], temperature: 0.05, low: 0, high: 1e-3 }),
  example({ names: ["a", "b"], logits: [0, 1], targets: [1, 0] }),
];

Deno.test("motion begins and ends at rest, goes on only, and is half done at half the time", () => {
  assert.deepEqual([ease(0), ease(0.5), ease(1)], [0, 0.5, 1]);
  const places = TIMES.map(ease);
  assert.deepEqual(places, places.toSorted((a, b) => a - b));
  assert.ok(ease(0.05) < 0.01 && ease(0.95) > 0.99);
});

Deno.test("the end is the very scene, and the begin shows what the first did", () => {
  for (const a of EXAMPLES) {
    for (const b of EXAMPLES) {
      const from = scene(a, -10), to = scene(b, -40);
      assert.equal(scene_between(from, to, 1), to);
      const begun = scene_between(from, to, 0);
      assert.equal(begun.reveal, from.reveal);
      begun.example.logits.forEach((z, i) => assert.equal(z, a.logits[i]));
      begun.example.targets.forEach((p, i) => assert.ok(Math.abs(p - a.targets[i]) < 1e-15));
      for (const name of ["temperature", "low", "high"]) {
        assert.ok(Math.abs(begun.example[name] - a[name]) <= 1e-15 * a[name], name);
      }
    }
  }
});

Deno.test("every frame is a true example: targets sum to 1, a logit is finite, bounds are in order, all derives", () => {
  for (const a of EXAMPLES) {
    for (const b of EXAMPLES) {
      for (const t of TIMES) {
        const now = scene_between(scene(a), scene(b), t).example;
        assert.ok(Math.abs(sum(now.targets) - 1) < 1e-12);
        assert.ok(now.targets.every((p) => p >= 0 && p <= 1));
        assert.ok(now.logits.some(Number.isFinite) && !now.logits.some(Number.isNaN));
        assert.ok(0 <= now.low && now.low < now.high && now.high <= 1, `${now.low} ${now.high}`);
        assert.ok(now.temperature >= 0.05 * (1 - 1e-12) && now.temperature <= 20 * (1 + 1e-12));
        const { columns } = derive(now);
        assert.ok(Math.abs(sum(columns.probability) - 1) < 1e-12);
      }
    }
  }
});

Deno.test("what has no way between waits for the end: −∞, another base, precision or objective, other names", () => {
  const a = of_logits(-Infinity, 0, 1),
    b = example({ logits: [1, -Infinity, 3], base: "2", precision: "float16", objective: "clipped" });
  for (const t of TIMES.slice(0, -1)) {
    const now = scene_between(scene(a), scene({ ...b, names: ["x", "y", "z"] }), t).example;
    assert.deepEqual([now.logits[0], now.logits[1], now.logits[2]], [-Infinity, 0, 1 + (3 - 1) * t]);
    assert.deepEqual([now.base, now.precision, now.objective, now.names], ["e", "float64", "cross_entropy", a.names]);
  }
});

Deno.test("another number of classes is a jump at the end", () => {
  const from = scene(example()), to = scene(EXAMPLES.at(-1));
  for (const t of TIMES.slice(0, -1)) assert.equal(scene_between(from, to, t), from);
});

Deno.test("steps downhill are walked along their path, past every place on it", () => {
  const start = of_logits(-1, 2, 0), to = { ...descended(start, start.logits, 10), reveal: Infinity };
  for (let k = 0; k <= 10; k++) {
    const now = scene_between(scene(start), to, k / 10);
    const there = descended(start, start.logits, k).example.logits;
    now.example.logits.forEach((z, i) => assert.ok(Math.abs(z - there[i]) < 1e-12));
  }
});

Deno.test("curves are uncovered as the point goes, and at the end where there is no way", () => {
  assert.equal(scene_between(scene(example(), -20), scene(example(), -40), 0.5).reveal, -30);
  assert.equal(scene_between(scene(example(), Infinity), scene(example(), -40), 0.5).reveal, Infinity);
  assert.equal(between(Infinity, 3, 0.9), Infinity);
  assert.equal(between(2, 4, 0.25), 2.5);
});

Deno.test("scenes are the same where all they show is, −∞ and all", () => {
  const a = scene(of_logits(-Infinity, 0, 1));
  assert.ok(same(a, structuredClone(a)));
  assert.ok(!same(a, scene(of_logits(0, 0, 1))));
  assert.ok(!same(a, { ...a, reveal: 3 }));
  assert.ok(!same(scene(example()), scene(example({ base: "2" }))));
});

Deno.test("each two steps of a story have a way between them", () => {
  const { steps } = story();
  for (const a of steps) for (const b of steps) for (const t of TIMES) scene_between(scene(a.shows), scene(b.shows), t);
});
