// Who hears of what the browser holds: the address at once, Python when it draws something from the example, and the
// places that Python drew, which show only while they are true.

import { batch_parameters } from "./batch/edits.js";
import { shorter, spelled_numbers, to_parameters, to_query, usual_example } from "./example/address.js";
import { saved } from "./files.js";
import { photo_parameters } from "./photos/address.js";
import { document_rule } from "./screen/rule.js";
import { held, on_change } from "./session.js";
import { training_parameters } from "./training/settings.js";

/** @type {any} the stage that is mounted, and what Python sent to it last */
let stage = null;
let pending = "";
const hide = document_rule();

/** From now on this stage's Python is the one that hears. */
export function attach(mounted) {
  stage = mounted;
  pending = "";
  permit();
}

const example_of = (example, { settings, defaults, names }) =>
  to_parameters(settings, "example", example, usual_example(example, defaults.example, names));
const view_of = (view, { settings, defaults }) => to_parameters(settings, "view", view, defaults.view);

// As Python reads it: the example whole, the batch if the page has one, and the view.
const query_of = ({ example, batch, photo }, view, data) =>
  to_query({
    ...example_of(example, data),
    ...(data.story?.batches && batch ? batch_parameters(batch) : {}),
    ...(data.story?.photos && photo ? photo_parameters({ example, photo }) : {}),
    ...view_of({ ...view, step: data.defaults.view.step }, data),
  });
const now = () => query_of(held.scene, held.view, stage.data);
const told = () => query_of(stage.data, stage.data.view, stage.data);

/** Whether Python holds another example than the browser. */
const owed = () => stage.data.session !== held.session || now() !== told();

/** Tell Python, unless it knows. */
export function commit() {
  if (!stage || !owed()) return;
  const message = { session: held.session, revision: held.revision, query: now() };
  const text = JSON.stringify(message);
  if (text === pending) return;
  pending = text;
  stage.send(message);
}

/** Tell Python if it draws something from the example just now. */
export function commit_if_listening() {
  if (stage?.data.listening) commit();
}

// What Python drew from the example is hidden until it was drawn from the one on the stage: with all that is in it, for
// Streamlit makes some of that visible by itself.
function permit() {
  const drawn = '[class*="st-key-drawn"]';
  const mark = owed() ? "" : `:not(:has([data-drawn="${stage.data.mark}"]))`;
  hide(`${drawn}${mark}, ${drawn}${mark} * { visibility: hidden; }`);
}

on_change(() => stage && permit());

/**
 * The address, but of a saved page, which reads none: a step's own state is told by its number, a hand's example by
 * itself. replaceState: Back leads to the page before, not to the drag before. Parameters that are not ours stay.
 */
export function write_address() {
  if (saved) return;
  const { data } = stage,
    url = new URL(location.href),
    ours = new Set(data.settings.map(({ name }) => name).concat("q"));
  const foreign = [...url.searchParams].filter(([name]) => !ours.has(name) && !(name in data.address));
  const pages = Object.entries(data.address).filter(([, text]) => text);
  const own = own_parameters(data);
  const view = view_of({ ...held.view, step: held.story ? held.step : data.defaults.view.step }, data);
  const search = to_query({ ...Object.fromEntries([...foreign, ...pages]), ...own, ...view });
  const address = url.pathname + (search && `?${search}`) + url.hash;
  if (address !== location.pathname + location.search + location.hash) history.replaceState(history.state, "", address);
}

/** What a link to the stage asks for, in few signs: the step, the example unless it is the step's, and the view. */
export function query_on_stage(changes) {
  const { data } = stage, pages = Object.entries(data.address).filter(([, text]) => text);
  const view = view_of({ ...held.view, step: held.step, ...changes }, data);
  return to_query({
    ...Object.fromEntries(pages),
    ...shorter(own_parameters(data), held.scene.example.logits),
    ...view,
  })
    .replaceAll("%20", "+").replace(/(%[0-9A-F]{2})+/g, lettered);
}

// Letters of any script stand for themselves in a link.
const lettered = (signs) => decodeURIComponent(signs).replace(/[^\p{L}\p{M}\p{N}]+/gu, encodeURIComponent);

function own_parameters(data) {
  const { example, batch, photo, training } = held.scene, { base } = example;
  if (!held.own && held.story) return {};
  if (photo) return { ...(base === data.defaults.example.base ? {} : { base }), ...photo_parameters(held.scene) };
  if (training) return training_parameters(data.settings, training, data.defaults.training);
  if (batch) {
    return {
      ...(base === data.defaults.example.base ? {} : { base }),
      ...batch_parameters(batch),
    };
  }
  const own = example_of(example, data);
  return held.story ? { z: spelled_numbers(example.logits), ...own } : own;
}

// A hand that leaves the stage for what Python draws: Python is told first. Not on the way to another page, whose own
// stage tells: sent in the same moment, the message would undo the navigation.
function leave(event) {
  const way = event.composedPath();
  if (!stage || way.includes(stage.root) || way.some((element) => element instanceof HTMLAnchorElement)) return;
  commit();
}

for (const kind of ["pointerdown", "focusin", "click"]) document.addEventListener(kind, leave, { capture: true });
