// What the browser holds: every change can be undone, a hand's example travels, and of Python only news is followed.
import assert from "node:assert/strict";
import { scene_of } from "../../pages/parts/browser/story/steps.js";
import { example, of_logits, sent, story, view } from "./stories.js";

let made = 0;
const MODULE = "../../pages/parts/browser/session.js";

/** A browser that has just opened a page: a module of its own. */
async function opened(changes = {}) {
  const session = await import(`${MODULE}?${made++}`);
  session.receive(sent(changes));
  return session;
}
const now = ({ held: { step, seen, scene, own } }) => structuredClone({ step, seen, scene, own });
const HAND = of_logits(7, 8, 9);
const by_hand = (session, example = HAND) => {
  session.grasp();
  session.edit(example);
};

Deno.test("a link's example is shown at its step, and one without an example shows the step's own", async () => {
  const own = await opened({ own: true, example: HAND, view: view({ step: 3 }) });
  assert.deepEqual([own.held.step, own.held.scene.example, own.held.own], [3, HAND, true]);
  const plain = await opened({ view: view({ step: 3 }) });
  assert.deepEqual([plain.held.step, plain.held.scene, plain.held.own], [3, scene_of(story(), 3, {}), false]);
});

Deno.test("a step beyond the last is the last, and without a story there is one", async () => {
  assert.equal((await opened({ view: view({ step: 99 }) })).held.step, 6);
  assert.equal((await opened({ story: null, view: view({ step: 99 }) })).held.step, 1);
});

Deno.test("undo walks back through every change to where it began, redo to where it ended, again and again", async () => {
  const session = await opened(), states = [now(session)];
  const changes = [
    () => session.go(2, true),
    () => session.answer(1),
    () => session.go(3, true),
    () => by_hand(session),
    () => by_hand(session, of_logits(1, 1, 1)),
    () => session.downhill(1),
    () => session.downhill(10),
    () => session.back_to_step(),
    () => session.go(2, false),
    () => session.go(4, true),
    () => by_hand(session, example({ base: "2" })),
    () => session.reset(example()),
    () => session.go(5, true),
    () => session.answer(null),
  ];
  for (const change of changes) {
    change();
    states.push(now(session));
  }
  for (const [k, state] of states.entries()) if (k) assert.notDeepEqual(state, states[k - 1]);
  for (let round = 0; round < 3; round++) {
    for (let k = states.length - 1; k >= 0; k--) {
      assert.deepEqual(now(session), states[k]);
      session.undo();
    }
    assert.deepEqual(now(session), states[0]);
    assert.equal(session.held.past.length, 0);
    for (let k = 0; k < states.length; k++) {
      assert.deepEqual(now(session), states[k]);
      session.redo();
    }
    assert.deepEqual(now(session), states.at(-1));
  }
});

Deno.test("a new change takes the place of what was undone", async () => {
  const session = await opened();
  by_hand(session, of_logits(1, 1, 1));
  session.undo();
  by_hand(session);
  session.redo();
  assert.deepEqual(session.held.scene.example, HAND);
});

Deno.test("a hand's whole drag is one change", async () => {
  const session = await opened(), before = now(session);
  session.grasp();
  for (let z = 0; z < 50; z++) session.edit(of_logits(z, 0, 0));
  session.undo();
  assert.deepEqual(now(session), before);
});

Deno.test("a hand that came to nothing leaves no trace: nothing to undo, and what can be redone still can", async () => {
  const session = await opened();
  by_hand(session);
  const after = now(session);
  session.undo();
  const before = now(session);
  session.grasp();
  session.edit(of_logits(5, 5, 5));
  session.let_go();
  assert.deepEqual(now(session), before);
  assert.equal(session.held.past.length, 0);
  session.redo();
  assert.deepEqual(now(session), after);
});

Deno.test("what is remembered has an end", async () => {
  const session = await opened();
  for (let k = 0; k < 500; k++) by_hand(session, of_logits(k, 0, 0));
  assert.ok(session.held.past.length <= 201);
  session.undo();
  assert.deepEqual(session.held.scene.example.logits, [498, 0, 0]);
});

Deno.test("a hand's example travels to the next page and is shown at its step 1", async () => {
  const session = await opened();
  session.go(3, true);
  by_hand(session);
  session.receive(sent({ page: "softmax" }));
  assert.deepEqual([session.held.page, session.held.step, session.held.own], ["softmax", 1, true]);
  assert.deepEqual(session.held.scene.example, HAND);
  session.back_to_step();
  assert.deepEqual(session.held.scene, scene_of(story(), 1, {}));
});

Deno.test("a link's example travels too, a step's stays with its page", async () => {
  const link = await opened({ own: true, example: HAND });
  link.receive(sent({ page: "softmax" }));
  assert.deepEqual(link.held.scene.example, HAND);
  const plain = await opened();
  plain.go(3, true);
  plain.receive(sent({ page: "softmax" }));
  assert.deepEqual([plain.held.step, plain.held.scene], [1, scene_of(story(), 1, {})]);
});

Deno.test("a page without a story keeps a hand's example, and hands it on", async () => {
  const session = await opened();
  by_hand(session);
  session.receive(sent({ page: "identify", story: null }));
  session.receive(sent({ page: "softmax" }));
  assert.deepEqual(session.held.scene.example, HAND);
});

Deno.test("a hand's example travels past a page of batches, whose batch waits there", async () => {
  const batch = { rows: [1] },
    steps = story().steps.map((step) => ({ ...step, batch: { rows: [0] } })),
    story_of_batches = { ...story(), steps, batches: true };
  const session = await opened();
  by_hand(session);
  session.receive(sent({ page: "batches", story: story_of_batches }));
  assert.deepEqual(session.held.scene.batch, { rows: [0] });
  session.grasp();
  session.edit_batch(batch);
  session.receive(sent({ page: "gradients" }));
  assert.deepEqual([session.held.scene.example, session.held.scene.batch], [HAND, undefined]);
  session.receive(sent({ page: "batches", story: story_of_batches }));
  assert.deepEqual(session.held.scene.batch, batch);
});

Deno.test("back from a first step leads to the last of the page before, as it was played", async () => {
  const ends_asking = { ...story(), steps: story().steps.slice(0, 5) };
  const session = await opened({ page: "softmax" });
  session.arrive_at_last();
  session.receive(sent({ story: ends_asking }));
  assert.deepEqual([session.held.step, session.held.scene], [5, scene_of(ends_asking, 5, { 5: null })]);
  session.receive(sent({ page: "softmax" }));
  assert.equal(session.held.step, 1, "once");
});

Deno.test("after a Back of the browser a page is at the step that was left, answered as it was", async () => {
  const session = await opened();
  session.go(2, true);
  session.answer(1);
  session.receive(sent({ page: "softmax" }));
  session.receive(sent({ address: { step: 2, back: true } }));
  assert.deepEqual([session.held.step, session.held.seen], [2, { 2: 1 }]);
  session.receive(sent({ page: "softmax" }));
  session.receive(sent());
  assert.deepEqual([session.held.step, session.held.seen], [1, {}], "by its link it begins anew");
});

Deno.test("columns that were chosen stay with their page, the projector view goes along", async () => {
  const session = await opened();
  session.look({ show: ["logit"], present: true, hide: true });
  session.receive(sent({ page: "softmax" }));
  assert.deepEqual(session.held.view, view({ present: true, hide: true }));
});

Deno.test("what Python sends again, or sent earlier, changes nothing on screen", async () => {
  const session = await opened({ revision: 2 });
  by_hand(session);
  const before = now(session);
  for (const revision of [0, 1, 2]) session.receive(sent({ revision, example: of_logits(1, 1, 1) }));
  assert.deepEqual(now(session), before);
  assert.equal(session.held.touched, true);
});

Deno.test("a newer revision of the same session is followed, once", async () => {
  const session = await opened();
  by_hand(session);
  session.receive(sent({ revision: 1, example: of_logits(1, 1, 1), view: view({ present: true }) }));
  assert.deepEqual(session.held.scene.example, of_logits(1, 1, 1));
  assert.deepEqual([session.held.revision, session.held.own, session.held.touched], [1, true, false]);
  assert.equal(session.held.view.present, true);
  by_hand(session);
  session.receive(sent({ revision: 1, example: of_logits(1, 1, 1) }));
  assert.deepEqual(session.held.scene.example, HAND);
});

Deno.test("where Python changed only how it is looked at, the step stays what it was", async () => {
  const session = await opened();
  session.go(3, true);
  const before = now(session);
  session.receive(sent({ revision: 1, example: session.held.scene.example, view: view({ present: true }) }));
  assert.deepEqual(now(session), before);
  assert.equal(session.held.view.present, true);
});

Deno.test("a newer revision that comes with another page is followed there, on a step that the page has", async () => {
  const session = await opened();
  session.go(6, true);
  const short = { ...story(), steps: story().steps.slice(0, 2) };
  session.receive(sent({ page: "softmax", revision: 1, story: short, example: HAND }));
  assert.deepEqual([session.held.page, session.held.step, session.held.scene.example], ["softmax", 1, HAND]);
});

Deno.test("a strange session, of a restarted server, is told: the browser keeps what it shows", async () => {
  const session = await opened({ revision: 7 });
  session.go(3, true);
  by_hand(session);
  const before = now(session);
  session.receive(sent({ session: "two", revision: 0, example: example() }));
  assert.deepEqual(now(session), before);
  assert.deepEqual([session.held.session, session.held.revision], ["two", 0]);
  session.receive(sent({ session: "two", revision: 1, example: of_logits(1, 1, 1) }));
  assert.deepEqual(session.held.scene.example, of_logits(1, 1, 1), "from then on it is followed");
});

Deno.test("a strange session on another page keeps a hand's example too", async () => {
  const session = await opened();
  by_hand(session);
  session.receive(sent({ session: "two", page: "clipping" }));
  assert.deepEqual([session.held.session, session.held.page, session.held.scene.example], ["two", "clipping", HAND]);
});

Deno.test("only a hand has touched: no step, link, answer, undo, redo, reset, return or Python", async () => {
  const session = await opened({ own: true, example: HAND });
  const untouched = (change) => {
    change();
    assert.equal(session.held.touched, false, String(change));
  };
  const touched = (change) => {
    change();
    assert.equal(session.held.touched, true, String(change));
  };
  untouched(() => {});
  untouched(() => session.go(2, true));
  touched(() => by_hand(session));
  untouched(() => session.undo());
  untouched(() => session.redo());
  touched(() => session.downhill(1));
  untouched(() => session.back_to_step());
  touched(() => by_hand(session));
  untouched(() => session.answer(0));
  touched(() => by_hand(session));
  untouched(() => session.reset(example()));
  touched(() => by_hand(session));
  untouched(() => session.receive(sent({ revision: 1, example: of_logits(1, 2, 3) })));
  touched(() => by_hand(session));
  untouched(() => session.receive(sent({ revision: 1, page: "softmax" })));
});

Deno.test("an answer counts where a step waits, and only there", async () => {
  const session = await opened();
  session.answer(1);
  assert.deepEqual(session.held.seen, {});
  session.go(2, true);
  session.answer(1);
  session.answer(0);
  assert.deepEqual(session.held.seen, { 2: 1 });
});

Deno.test("a question that asks once more waits on what was before, and keeps the other answers", async () => {
  const session = await opened(), { story } = session.held;
  session.go(2, true);
  session.answer(1);
  session.ask_again();
  assert.deepEqual([session.held.seen, session.held.own], [{}, false]);
  assert.deepEqual(session.held.scene, scene_of(story, 2, {}));
  session.answer(0);
  assert.deepEqual(session.held.seen, { 2: 0 });
});

Deno.test("a task that was done is seen so", async () => {
  const session = await opened();
  session.go(6, true);
  by_hand(session);
  session.done();
  assert.deepEqual([session.held.seen, session.held.step], [{ 6: "done" }, 6]);
  assert.deepEqual(session.held.scene.example, HAND);
});

Deno.test("a hand uncovers curves and never covers them", async () => {
  const session = await opened();
  session.grasp();
  session.edit(HAND, -15);
  assert.equal(session.held.scene.reveal, -15);
  session.edit(HAND, 3);
  assert.equal(session.held.scene.reveal, -15);
});

Deno.test("steps downhill go on from where the last ones led, and begin anew after a hand", async () => {
  const session = await opened();
  session.downhill(1);
  session.downhill(2);
  assert.deepEqual(session.held.scene.descent, { start: [0, 0, 0], steps: 3 });
  by_hand(session);
  assert.equal(session.held.scene.descent, null);
  session.downhill(1);
  assert.deepEqual(session.held.scene.descent, { start: HAND.logits, steps: 1 });
});

Deno.test("every change is heard of, with what is held then", async () => {
  const session = await opened(), heard = [];
  session.on_change((held) => heard.push(held === session.held));
  by_hand(session);
  session.look({ hide: true });
  assert.deepEqual(heard, [true, true, true]);
});

Deno.test("neither the session nor anything it is made of knows a document, a window or an address", () => {
  const screen = /\b(document|window|location|history|navigator|localStorage|requestAnimationFrame|HTML\w*Element)\b/;
  const reached = new Set(), waiting = [new URL(MODULE, import.meta.url).href];
  for (const url of waiting) {
    if (reached.has(url)) continue;
    reached.add(url);
    const text = Deno.readTextFileSync(new URL(url)), code = text.replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
    assert.doesNotMatch(code, screen, url);
    for (const [, path] of text.matchAll(/^(?:import|\} from|export .* from)[^"]*"(\..*?)";/gm)) {
      waiting.push(new URL(path, url).href);
    }
  }
  assert.ok(reached.size > 5);
});

const RUN = {
  loss: "cross_entropy",
  start: "zero",
  rate: 0.5,
  batch: 32,
  reduction: "mean",
  smoothing: 0,
  epochs: 100,
};
const played = (changes, epoch = 100) => ({ runs: [{ ...RUN, ...changes }], epoch, measure: "trained", top: null });
const of_training = () => {
  const steps = story().steps.map((step, k) => ({ ...step, training: played({ rate: k + 1 }), begins_training: null }));
  return story({ trains: true, steps });
};
const on_training = (changes = {}) => ({ page: "training", story: of_training(), ...changes });

Deno.test("a link's run is shown at its step over the step's own, and without one the step shows its own", async () => {
  const own = await opened(on_training({ training: played({ loss: "clipped" }, 7), view: view({ step: 3 }) }));
  const { runs, epoch } = own.held.scene.training;
  assert.deepEqual([runs.map(({ loss, rate }) => [loss, rate]), epoch], [[["clipped", 0.5], ["cross_entropy", 3]], 7]);
  assert.deepEqual([own.held.step, own.held.own], [3, true]);
  const plain = await opened(on_training({ view: view({ step: 3 }) }));
  assert.deepEqual([plain.held.scene.training, plain.held.own], [played({ rate: 3 }), false]);
});

Deno.test("a run set by hand waits on its page for whoever comes back, and a hand's example travels past it", async () => {
  const session = await opened();
  by_hand(session);
  session.receive(sent(on_training()));
  assert.deepEqual([session.held.scene.training, session.held.own], [played({ rate: 1 }), false]);
  session.grasp();
  session.edit_training(played({ rate: 9 }, 5));
  session.receive(sent({ page: "start" }));
  assert.deepEqual([session.held.scene.example, session.held.scene.training], [HAND, undefined]);
  session.receive(sent(on_training({ address: { step: 1, back: true } })));
  assert.deepEqual(session.held.scene.training.runs[0].rate, 9);
  assert.deepEqual([session.held.scene.training.epoch, session.held.own], [5, true]);
});

Deno.test("a run set by hand can be undone, and what Python changes of the view leaves it", async () => {
  const session = await opened(on_training());
  session.grasp();
  session.edit_training(played({ rate: 9 }));
  session.receive(sent(on_training({ revision: 1, example: HAND, own: true, view: view({ hide: true }) })));
  assert.deepEqual([session.held.scene.training.runs[0].rate, session.held.view.hide], [9, true]);
  session.undo();
  assert.deepEqual(session.held.scene.training, played({ rate: 1 }));
});
