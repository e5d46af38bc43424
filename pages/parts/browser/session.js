// What the browser holds: the scene on the stage, the step, what was answered, and what can be undone. It outlives a
// change of page and a restarted server. This module alone writes it; who draws or sends it listens.

import { descended } from "./example/descent.js";
import { same } from "./example/motion.js";
import { example_of } from "./photos/derive.js";
import { entered, scene_of, waits } from "./story/steps.js";
import { over_step } from "./training/settings.js";

const REMEMBERED = 200;

/** @type {any} */
export let held = null;

const listeners = new Set();
let arriving = "first";

/** Hear of every change of what is held. */
export const on_change = (listener) => listeners.add(listener);

function hold(changes) {
  held = { ...held, ...changes };
  for (const listener of listeners) listener(held);
}

/**
 * Take what Python sent. The browser follows it at first, and later only where Python itself changed the example: a
 * higher revision of the same session. A session it does not know is a restarted server's, or another replica's: that
 * one is told what the browser holds.
 */
export function receive(sent) {
  const { session, revision, page, story } = sent;
  if (held === null) return begin(sent);
  const stranger = session !== held.session, newer = !stranger && revision > held.revision;
  if (page !== held.page) arrive(sent);
  if (newer) follow(sent);
  else if (stranger) hold({ session, revision, story });
  else if (story !== held.story) hold({ story });
}

function begin({ session, revision, page, story, example, batch, photo, training, view, own, own_batch }) {
  const step = story ? Math.min(view.step, story.steps.length) : 1, seen = {}, kept = { example, own };
  const shown = story?.photos && photo ? { photo, example: example_of(photo, example) } : null;
  const opening = { story, step, seen, kept, batch: own_batch ? batch : null, shown, training };
  hold({ session, revision, page, story, step, seen, kept, view, visits: {}, ...opened(opening) });
}

// Python changed the example, the batch, the photo, or how they are looked at: the browser shows it.
function follow({ session, revision, page, story, example, batch, photo, view }) {
  const told = { session, revision, page, story, view, touched: false };
  if (story?.batches) return hold({ ...told, scene: by_hand(story, example, batch), own: true });
  if (story?.photos) {
    const scene = photo && { ...by_hand(story, example_of(photo, held.scene.example)), photo };
    return hold(photo ? { ...told, scene, own: true } : told);
  }
  if (story?.trains) return hold(told);
  const changed = !same({ example }, { example: held.scene.example });
  hold(changed ? { ...told, scene: by_hand(story, example), own: true } : told);
}

// An example made by a hand or a link goes along to the next page; one that a step set stays with its page. A batch
// and a photo wait on their own pages until one comes back.
function arrive({ session, revision, page, story, address }) {
  const visits = {
    ...held.visits,
    [held.page]: { step: held.step, seen: held.seen, ...(held.own ? left_behind(held.scene) : {}) },
  };
  const { example, batch, photo, training } = held.scene;
  const kept = batch || photo || training ? held.kept : { example, own: held.own };
  const { seen = {}, ...brought } = visits[page] ?? {}, last = story?.steps.length ?? 1;
  const step = arriving === "last" ? last : Math.min(Math.max(address.step, 1), last);
  const known = arriving === "last" ? entered(seen, last, false) : address.back ? seen : {};
  arriving = "first";
  const view = { ...held.view, show: [] }, opening = { ...brought, story, step, seen: known, kept };
  hold({ session, revision, page, story, step, seen: known, kept, view, visits, ...opened(opening) });
}

/**
 * What a page opens with: on its own step, or with what the reader brings.
 * @param {any} opening
 */
function opened({ story, step, seen, kept, batch = null, shown = null, training = null }) {
  const fresh = { touched: false, past: [], future: [] };
  if (story?.batches) {
    const scene = scene_of(story, step, seen), base = kept.own ? kept.example.base : scene.example.base;
    const own = Boolean(batch) || base !== scene.example.base;
    return { ...fresh, own, scene: { ...scene, example: { ...scene.example, base }, batch: batch ?? scene.batch } };
  }
  if (story?.photos) {
    const scene = shown ? { ...by_hand(story, shown.example), ...shown } : scene_of(story, step, seen);
    return { ...fresh, own: Boolean(shown), scene };
  }
  if (story?.trains) {
    const scene = scene_of(story, step, seen);
    const own = training ? { training: over_step(training, scene.training) } : {};
    return { ...fresh, own: Boolean(training), scene: { ...scene, ...own } };
  }
  return {
    ...fresh,
    scene: story && !kept.own ? scene_of(story, step, seen) : by_hand(story, kept.example),
    own: kept.own,
  };
}

const left_behind = ({ example, batch, photo, training }) =>
  photo ? { shown: { example, photo } } : { batch, training };

/** The next page's stage opens at its last step: the reader went back from the first. */
export const arrive_at_last = () => {
  arriving = "last";
};

const by_hand = (story, example, batch = null) => ({
  example,
  descent: null,
  reveal: story?.reveal ?? Infinity,
  ...(story?.batches && batch ? { batch } : {}),
});

// ------------------------------------------------------------------ changes, each of which can be undone

const snapshot = ({ step, seen, scene, own }) => ({ step, seen, scene, own, touched: false });
const remembered = () => ({ past: [...held.past.slice(-REMEMBERED), snapshot(held)], future: [] });

// What a story declares, in place of a hand's.
const declared = (changes) => hold({ ...remembered(), ...changes, own: false, touched: false });

/** A hand begins: what it finds can be brought back. */
export const grasp = () => hold({ ...remembered(), aside: held.future });

/**
 * A hand moves. `reveal` is how far the curves are uncovered by it; a `descent` is walked again with the new settings.
 */
export function edit(example, reveal = held.scene.reveal, descent = null) {
  hold({
    scene: { ...held.scene, ...retraced(example, descent), reveal: Math.min(reveal, held.scene.reveal) },
    own: true,
    touched: true,
  });
}

const retraced = (example, descent) =>
  descent ? descended(example, descent.start, descent.steps) : { example, descent: null };

/** A hand moves a border of the batch, or makes another class the wanted one. */
export const edit_batch = (batch) => hold({ scene: { ...held.scene, batch }, own: true, touched: true });

/** A hand chooses a photo, a network, a class, or teaches: the table is made anew. */
export const edit_photo = (photo) =>
  hold({
    ...remembered(),
    scene: { ...held.scene, example: example_of(photo, held.scene.example), photo },
    own: true,
    touched: true,
  });

/** A hand sets another run, or moves along the epochs. */
export const edit_training = (training) => hold({ scene: { ...held.scene, training }, own: true, touched: true });

/** A hand takes steps downhill, from where the last ones led to, or begins to. */
export function downhill(steps) {
  const { example, descent, reveal } = held.scene, start = descent?.start ?? example.logits;
  const scene = { ...descended(example, start, (descent?.steps ?? 0) + steps), reveal };
  hold({ ...remembered(), scene, own: true, touched: true });
}

/** A hand let go of what cannot be an example: as if it had never begun. */
export function let_go() {
  const { past } = held, before = past.at(-1);
  if (before) hold({ ...before, past: past.slice(0, -1), future: held.aside });
}

/** A step's scene, on the way forward (which waits where it asks), by a jump, or on the way back (revealed). */
export function go(step, forward) {
  const seen = entered(held.seen, step, forward);
  declared({ step, seen, scene: scene_of(held.story, step, seen) });
}

/** The reader's guess, or null for a skip: the step plays what it shows. */
export function answer(guess) {
  if (!waits(held.story, held.step, held.seen)) return;
  const seen = { ...held.seen, [held.step]: guess };
  declared({ seen, scene: scene_of(held.story, held.step, seen) });
}

/** The question asks once more, as if it had not been answered. */
export function ask_again() {
  const { [held.step]: _answer, ...seen } = held.seen;
  declared({ seen, scene: scene_of(held.story, held.step, seen) });
}

/** A task was done by a hand. */
export const done = () => hold({ seen: { ...held.seen, [held.step]: "done" } });

/** Back to what the step declares, after changes by hand. */
export const back_to_step = () => declared({ scene: scene_of(held.story, held.step, held.seen) });

/** The page's story from its first step, or without a story the example of old. */
export function reset(defaults) {
  const scene = held.story ? scene_of(held.story, 1, {}) : by_hand(null, defaults);
  declared({ step: 1, seen: {}, scene });
}

export function undo() {
  const { past, future } = held;
  if (past.length) hold({ ...past.at(-1), past: past.slice(0, -1), future: [...future, snapshot(held)] });
}

export function redo() {
  const { past, future } = held;
  if (future.length) hold({ ...future.at(-1), future: future.slice(0, -1), past: [...past, snapshot(held)] });
}

/** How it is looked at: columns, hidden answers, the projector view. */
export const look = (changes) => hold({ view: { ...held.view, ...changes } });
