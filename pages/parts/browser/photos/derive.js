// What is made of a photo's 1000 logits: the few rows that tell them, and how the last layer's lessons move them.

import { descend, softmax_cross_entropy_gradient, squared_error_gradient } from "../xent_core/gradients.js";
import { softmax_cross_entropy } from "../xent_core/losses.js";
import { group_others } from "../xent_core/softmax.js";
import { one_hot } from "../xent_core/targets.js";
import { target_class } from "../example/derive.js";
import { LIMITS } from "../example/edits.js";
import { known, logits_of } from "./store.js";

const RATE = 0.001;
const GRADIENTS = { cross_entropy: softmax_cross_entropy_gradient, squared_error: squared_error_gradient };

/** The wanted class and the `top` likeliest, from the likeliest on. */
export function kept_classes(logits, wanted, top) {
  const order = logits.map((_, label) => label).sort((a, b) => logits[b] - logits[a] || a - b);
  return order.filter((label, rank) => rank < top || label === wanted);
}

/** The rank of a class, 1 for the likeliest. */
export const rank_of = (logits, label) => 1 + logits.filter((logit) => logit > logits[label]).length;

const short = (name) => name.length <= LIMITS.name ? name : `${name.slice(0, LIMITS.name - 1)}…`;
const index_of = (photo) => known.photos.findIndex(({ id }) => id === photo);

/** All 1000 logits, after what the last layer was taught and before any hand. */
export function outputs_of({ network, photo, taught }) {
  const logits = logits_of(network, photo);
  if (!taught || network !== known.taught) return logits;
  const [pupil, wanted, loss, steps] = taught, k = index_of(pupil), j = index_of(photo);
  const start = logits_of(network, pupil), now = taught_logits(pupil, wanted, loss, steps);
  const share = known.products[k][j] / known.products[k][k];
  return logits.map((logit, i) => logit + (now[i] - start[i]) * share);
}

// Each step moves a photo's logits by its gradient times the product of its features with themselves: it is descent on
// the logits themselves. What was walked once is kept.
const paths = new Map();
function taught_logits(photo, wanted, loss, steps) {
  const key = `${known.own} ${photo} ${wanted} ${loss}`, k = index_of(photo);
  const path = paths.get(key) ?? [logits_of(known.taught, photo)];
  paths.set(key, path);
  if (path.length <= steps) {
    const targets = one_hot(wanted, known.classes.length), rate = RATE * known.products[k][k];
    const gradient = (logits) => GRADIENTS[loss](logits, targets);
    path.push(...descend(gradient, path.at(-1), rate, steps + 1 - path.length).slice(1));
  }
  return path[steps];
}

/** The classes of the table's rows but the last, which is all others; of the photo seen last it is kept. */
export function rows_of(photo) {
  const key = [known.own, photo.network, photo.photo, photo.wanted, photo.top, photo.taught].join();
  if (key !== last.key) last = { key, rows: kept_classes(outputs_of(photo), photo.wanted, photo.top) };
  return last.rows;
}
let last = { key: "", rows: [] };

/** The table of a photo: its kept classes, and all others as one. */
export function example_of(photo, example) {
  const kept = rows_of(photo), rest = known.classes.length - kept.length;
  const logits = photo.moved?.length === kept.length + 1 ? photo.moved : group_others(outputs_of(photo), kept);
  const names = [...kept.map((label) => short(known.classes[label])), `the other ${rest}`];
  return { ...example, names, logits, targets: one_hot(kept.indexOf(photo.wanted), kept.length + 1), temperature: 1 };
}

/** The class that the table wants now: a hand may have chosen another. */
export const wanted_of = ({ example, photo }) => rows_of(photo)[target_class(example)] ?? photo.wanted;

/** All 1000 logits as the table has them: a hand's changes go into theirs, a change of the others into all of these. */
export function spread_of({ example, photo }) {
  const kept = rows_of(photo), own = outputs_of(photo), before = group_others(own, kept);
  const shift = example.logits[kept.length] - before[kept.length];
  const all = own.map((logit) => logit + (Number.isFinite(shift) ? shift : 0));
  kept.forEach((label, i) => all[label] = example.logits[i]);
  return all;
}

/**
 * The loss of each photo for its own label, in nats, by the network as it is now; none where it has no label. A drag
 * moves none of them: what was computed last is kept.
 */
export function losses_of({ network, taught }) {
  const key = [known.own, network, taught].join();
  if (key !== told.key) told = { key, losses: known.photos.map((photo) => loss_of(network, taught, photo)) };
  return told.losses;
}
let told = { key: "", losses: [] };

function loss_of(network, taught, { id, label }) {
  const logits = logits_of(network, id) && outputs_of({ network, photo: id, taught });
  return logits && label !== null ? softmax_cross_entropy(logits, one_hot(label, logits.length)) : null;
}

/** Between two photos' scenes: the steps of a lesson go on one by one, the rest is the second's. */
export function photo_between(from, to, t) {
  const same = from.photo === to.photo && from.network === to.network;
  if (!same || !to.taught) return { ...to, before: from, t };
  const alike = from.taught?.slice(0, 3).join() === to.taught.slice(0, 3).join();
  const begun = alike ? from.taught[3] : 0, steps = Math.round(begun + (to.taught[3] - begun) * t);
  return { ...to, taught: steps ? to.taught.with(3, steps) : null };
}
