// From one scene to another: the logits and targets move, all the rest is derived, so that every frame is true.

import { batch_between } from "../batch/edits.js";
import { example_of, photo_between } from "../photos/derive.js";
import { played_between } from "../training/settings.js";
import { descended } from "./descent.js";

/** Slow, fast, slow. */
export const ease = (x) => (x < 0.5 ? 4 * x ** 3 : 1 - (2 - 2 * x) ** 3 / 2);

/** Between two numbers; where one is not finite there is no way between them, and the first stays until the end. */
export const between = (a, b, t) => (Number.isFinite(a) && Number.isFinite(b) ? a + (b - a) * t : a);

/** Whether two scenes show the same. */
export const same = (a, b) => JSON.stringify(plain(a)) === JSON.stringify(plain(b));
const plain = (scene) => ({ ...scene, example: { ...scene.example, logits: scene.example.logits.map(String) } });

/**
 * The scene at `t` of the way from one to another: 1 is the end itself. What can move moves (logits, targets, bounds,
 * temperature, how far the curves are drawn); the rest (base, precision, names) changes at the end. Steps downhill are
 * walked along their paths.
 */
export function scene_between(from, to, t) {
  const a = from.example, b = to.example;
  if (t >= 1) return to;
  if (from.photo && to.photo && a.logits.length !== b.logits.length) return to;
  if (a.logits.length !== b.logits.length) return from;
  const reveal = between(from.reveal, to.reveal, t), begun = steps_begun(from, to);
  if (from.photo && to.photo) return photos_between(from, to, t);
  if (from.training && to.training) return { ...to, training: played_between(from.training, to.training, t) };
  if (from.batch && to.batch) return { ...from, batch: batch_between(from.batch, to.batch, t) };
  if (begun !== null) return { ...descended(b, to.descent.start, between(begun, to.descent.steps, t)), reveal };
  const all = (name) => a[name].map((value, i) => between(value, b[name][i], t));
  const scaled = (name) =>
    a[name] > 0 && b[name] > 0 ? Math.exp(between(Math.log(a[name]), Math.log(b[name]), t)) : a[name];
  const moving = (name) => a[name] === b[name] ? a[name] : scaled(name);
  // Where the lower bound has no way, for 0 has no logarithm, the upper one waits too: else they might cross.
  const apart = a.low !== b.low && !(a.low > 0 && b.low > 0);
  const bounds = apart ? { low: a.low, high: a.high } : { low: moving("low"), high: moving("high") };
  const settings = { ...bounds, temperature: moving("temperature") };
  return { example: { ...a, ...settings, logits: all("logits"), targets: all("targets") }, reveal, descent: null };
}

// The rows take the names of what comes, and move to its numbers; a lesson is seen step by step.
function photos_between(from, to, t) {
  const photo = photo_between(from.photo, to.photo, t);
  if (!photo.before) return { ...to, photo, example: example_of(photo, to.example) };
  const logits = to.example.logits.map((logit, i) => between(from.example.logits[i], logit, t));
  return { ...to, photo, example: { ...to.example, logits } };
}

// How many of a descent's steps were taken before: 0 from its start, and null where the way does not begin on it.
function steps_begun(from, { example, descent }) {
  if (!descent || !alike(from.example, example)) return null;
  const at_start = (logits) => logits.every((logit, i) => logit === descent.start[i]);
  if (from.descent) return at_start(from.descent.start) ? from.descent.steps : null;
  return at_start(from.example.logits) ? 0 : null;
}

const alike = (a, b) =>
  ["temperature", "base", "low", "high", "rate", "objective"].every((name) => a[name] === b[name]) &&
  a.targets.every((target, i) => target === b.targets[i]);
