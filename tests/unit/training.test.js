// The settings of runs, what is shown of them, and their way from Python.
import assert from "node:assert/strict";
import {
  at_epoch,
  key_of,
  last_epoch,
  measure_of,
  name_of,
  over_step,
  played_between,
  spelled_start,
  start_of,
  training_parameters,
  with_setting,
} from "../../pages/parts/browser/training/settings.js";
import { GOALS } from "../../pages/parts/browser/story/goals.js";

const USUAL = {
  loss: "cross_entropy",
  start: "zero",
  rate: 0.5,
  batch: 32,
  reduction: "mean",
  smoothing: 0,
  epochs: 100,
};
const run = (changes = {}) => ({ ...USUAL, ...changes });
const played = (runs, changes = {}) => ({ runs, epoch: runs[0].epochs, measure: "trained", top: null, ...changes });
const SETTINGS = [
  ["train", "loss", "text"],
  ["start", "start", "text"],
  ["lr", "rate", "number"],
  ["size", "batch", "number"],
  ["reduction", "reduction", "text"],
  ["smoothing", "smoothing", "number"],
  ["epochs", "epochs", "number"],
].map(([name, field, written]) => ({ name, record: "training", field, written }));

Deno.test("a setting changed by hand is a new run to its end, over the one before", () => {
  const before = played([run(), run({ rate: 5 })], { epoch: 3, top: 0.2 });
  const now = with_setting(before, { loss: "squared_error", epochs: 20 });
  assert.deepEqual(now.runs, [run({ loss: "squared_error", epochs: 20 }), run()]);
  assert.deepEqual([now.epoch, now.measure, now.top], [20, "cross_entropy", null]);
  assert.equal(with_setting(before, { rate: 1 }).measure, "trained");
});

Deno.test("a run given up before it was seen is not the last one; back at the last one it stands alone", () => {
  const seen = run({ rate: 5 }), before = played([run({ rate: 1 }), seen]);
  assert.deepEqual(with_setting(before, { rate: 2 }, seen).runs, [run({ rate: 2 }), seen]);
  assert.deepEqual(with_setting(before, { rate: 5 }, seen).runs, [seen]);
});

Deno.test("runs are measured in what they trained only where that is the same for all", () => {
  assert.equal(measure_of([run(), run({ rate: 5, start: "sure:12", epochs: 3, batch: 8 })]), "trained");
  for (const other of [{ loss: "clipped" }, { reduction: "all entries" }, { smoothing: 0.1 }]) {
    assert.equal(measure_of([run(), run(other)]), "cross_entropy");
  }
});

Deno.test("the epochs of the same runs pass from where they are, those of others from the first one on", () => {
  const from = played([run()], { epoch: 20 }), to = played([run()], { epoch: 100 });
  assert.deepEqual([0, 0.5, 0.999].map((t) => played_between(from, to, t).epoch), [20, 60, 99]);
  assert.deepEqual([1, 0.5].map((t) => played_between(to, from, t).epoch), [20, 60]);
  const other = played([run({ rate: 5 })], { epoch: 50 });
  assert.deepEqual([0, 0.5, 0.99].map((t) => played_between(from, other, t).epoch), [0, 25, 49]);
  assert.deepEqual(played_between(from, other, 0.5).runs, other.runs);
});

Deno.test("an epoch stays within the longest run", () => {
  const both = played([run({ epochs: 20 }), run()]);
  assert.equal(last_epoch(both), 100);
  assert.deepEqual([-1, 7, 1e9].map((epoch) => at_epoch(both, epoch).epoch), [0, 7, 100]);
});

Deno.test("what a link brings lies over what its step shows, and never over itself", () => {
  const shown = played([run({ loss: "squared_error" }), run({ rate: 5 }), run({ rate: 9 })]);
  assert.deepEqual(over_step(played([run({ loss: "clipped" })]), shown).runs, [
    run({ loss: "clipped" }),
    shown.runs[0],
  ]);
  assert.deepEqual(over_step(played([shown.runs[0]]), shown).runs, shown.runs.slice(0, 2));
  const two = played([run(), run({ rate: 2 })], { epoch: 4 });
  assert.deepEqual(over_step(two, shown).runs, two.runs);
  assert.deepEqual([over_step(two, shown).epoch, over_step(two, shown).measure], [4, "trained"]);
});

Deno.test("an address names the loss, what is not usual, the epoch unless it is the last, and the run before", () => {
  const of = (now) => training_parameters(SETTINGS, now, USUAL);
  assert.deepEqual(of(played([run()])), { train: "cross_entropy" });
  assert.deepEqual(of(played([run({ loss: "clipped", start: "sure:23.1", epochs: 20 }), run()], { epoch: 7 })), {
    train: "clipped",
    start: "sure:23.1",
    epochs: "20",
    epoch: "7",
    last: "cross_entropy,zero,0.5,32,mean,0,100",
  });
  assert.equal(of(played([run({ epochs: 20 }), run()], { epoch: 90 })).epoch, "20");
});

Deno.test("a start is a kind and its number, of which another kind has its usual one", () => {
  assert.deepEqual(start_of(run()), { kind: "zero", value: null });
  assert.deepEqual(start_of(run({ start: "sure:23.1" })), { kind: "sure", value: 23.1 });
  assert.deepEqual(["zero", "sure", "normal"].map((kind) => spelled_start(kind)), ["zero", "sure:12", "normal:5"]);
  assert.equal(spelled_start("sure", 3), "sure:3");
});

Deno.test("a run is called by what sets it apart, and by its loss where nothing does", () => {
  const runs = [run({ rate: 5, reduction: "all entries" }), run()];
  assert.equal(name_of(runs[0], runs), "rate 5, mean over all entries");
  assert.equal(name_of(runs[1], runs), "rate 0.5, mean over rows");
  assert.equal(name_of(run(), [run(), run({ loss: "clipped" })]), "cross-entropy");
  assert.equal(name_of(run(), [run(), run()]), "cross-entropy");
  const starts = ["zero", "sure:23.1", "normal:5"].map((start) => run({ start }));
  assert.deepEqual(starts.map((one) => name_of(one, starts)), [
    "from weights 0",
    "sure of 0 by 23.1",
    "from random ± 5",
  ]);
});

Deno.test("the task is done by another run that learns in 20 epochs, not by the step's, a longer or an absent one", () => {
  const start = played([run({ loss: "squared_error", start: "sure:12", epochs: 20 })]);
  const reached = (setting, test_accuracy, here = true) => {
    const curves = { test_accuracy: Array(setting.epochs + 1).fill(test_accuracy) };
    const own = { setting, run: here ? { curves } : null };
    return GOALS.learns_in_20_epochs({}, {}, { runs: [own] }, null, undefined, undefined, start);
  };
  assert.ok(reached(run({ start: "sure:12", epochs: 20 }), 0.97));
  assert.ok(!reached(run({ start: "sure:12", epochs: 20 }), 0.969));
  assert.ok(!reached(run({ start: "sure:12", epochs: 21 }), 0.99));
  assert.ok(!reached(start.runs[0], 0.99));
  assert.ok(!reached(run({ epochs: 20 }), 0.99, false));
});

// ------------------------------------------------------------------ their way from Python

let made = 0;
const stage = { data: { settings: SETTINGS, defaults: { training: USUAL } }, paint_soon: () => {} };
const TABLE = new TextEncoder().encode(JSON.stringify([["curves", "float64", [7, 2]]]).padEnd(44));
const RUN = new Uint8Array(4 + TABLE.length + 8 * 14);
RUN[0] = TABLE.length;
RUN.set(TABLE, 4);

/** A store of its own, and a server that answers when it is let. */
async function opened() {
  const zipped = await new Response(new Blob([RUN]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
  const asked = [];
  globalThis.fetch = /** @type {any} */ ((url, { signal }) => {
    const { promise, resolve, reject } = Promise.withResolvers();
    const answer = () => resolve(new Response(new Blob(["...", "..\n", zipped])));
    asked.push({ query: new URL(url).search, signal, answer, fail: () => reject(new TypeError("gone")) });
    signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    return promise;
  });
  const store = await import(`../../pages/parts/browser/training/store.js?${made++}`);
  return { store, asked };
}

Deno.test("a run is asked for once, with what is not usual, and is here when its last byte is", async () => {
  const { store, asked } = await opened(), one = run({ rate: 2 });
  const arrived = new Promise((done) => assert.ok(!store.ready(stage, [one], done)));
  assert.ok(!store.ready(stage, [one], () => {}));
  assert.deepEqual(asked.map(({ query }) => query), ["?train=cross_entropy&lr=2"]);
  assert.equal(store.progress_of([one]), 0);
  assert.equal(store.run_of(one), null);
  asked[0].answer();
  await arrived;
  assert.equal(store.run_of(one).epochs, 1);
  assert.equal(store.progress_of([one]), null);
  assert.ok(store.ready(stage, [one], () => assert.fail()));
});

Deno.test("what is no longer wanted is given up, and may be wanted again at once", async () => {
  const { store, asked } = await opened(), one = run({ rate: 2 }), other = run({ rate: 3 });
  store.ready(stage, [one], () => assert.fail("nobody waits for it any more"));
  const second = new Promise((done) => store.ready(stage, [other], done));
  assert.deepEqual(asked.map(({ signal }) => signal.aborted), [true, false]);
  const first = new Promise((done) => store.ready(stage, [other, one], done));
  assert.deepEqual(asked.map(({ signal }) => signal.aborted), [true, false, false]);
  asked[1].answer();
  asked[2].answer();
  await Promise.all([first, second]);
  assert.ok(store.run_of(one) && store.run_of(other));
  assert.ok(!store.has_failed([one, other]));
});

Deno.test("what will be wanted next is asked for one after another, until something else is wanted", async () => {
  const { store, asked } = await opened(), runs = [2, 3, 4].map((rate) => run({ rate }));
  const done = store.ask_ahead(stage, runs);
  assert.equal(asked.length, 1);
  store.ready(stage, [run()], () => {});
  await done;
  assert.deepEqual(asked.map(({ signal }) => signal.aborted), [true, false]);
  asked[1].answer();
});

Deno.test("a run that does not come is said to have failed, and is asked for anew when one wishes", async () => {
  const { store, asked } = await opened(), one = run({ rate: 2 });
  const settled = new Promise((done) => store.ready(stage, [one], done));
  asked[0].fail();
  await settled;
  assert.ok(store.has_failed([one]));
  assert.ok(store.ready(stage, [one], () => {}), "the page goes on without it");
  assert.equal(store.progress_of([one]), null);
  store.forget_failures();
  const again = new Promise((done) => store.ready(stage, [one], done));
  asked[1].answer();
  await again;
  assert.ok(store.run_of(one));
});

Deno.test("runs with other settings have other keys", () => {
  assert.notEqual(key_of(run()), key_of(run({ smoothing: 0.1 })));
});
