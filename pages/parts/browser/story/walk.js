// Through the story and back through what was done: by button, key or remote, all the same.

import { write_address } from "../post.js";
import { answer, arrive_at_last, back_to_step, downhill, go, held, look, redo, reset, undo } from "../session.js";
import { told } from "../screen/hands.js";
import { act } from "../screen/player.js";
import { clamped, waits } from "./steps.js";

/** Something changes what is on the stage: it plays, and others hear of it. */
export function change(stage, verb) {
  stage.draft = null;
  stage.complaint = "";
  stage.start = null;
  act(stage, verb);
  told(stage);
}

/** On: a question that still waits is skipped and plays; after the last step the next page opens. */
export function onward(stage) {
  const { story, step, seen } = held;
  if (!story) return neighbour(1);
  if (waits(story, step, seen)) return change(stage, () => answer(null));
  if (step < story.steps.length) return change(stage, () => go(step + 1, true));
  neighbour(1);
}

/** Back: to the step before, as it was revealed; before the first, to the last step of the page before. */
export function backward(stage) {
  const { story, step } = held;
  if (story && step > 1) return change(stage, () => go(step - 1, false));
  if (neighbour(-1)) arrive_at_last();
}

/** A jump to a step, which waits there if it asks. */
export const jump = (stage, step) => {
  const to = clamped(held.story, step);
  if (to !== held.step || held.own) change(stage, () => go(to, true));
};

/** The answer to a step's question; in a room it may be a vote, and shows nothing yet. */
export function say(stage, guess) {
  if (!stage.room?.takes(guess)) change(stage, () => answer(guess));
}

export const return_to_step = (stage) => change(stage, back_to_step);
export const take_back = (stage) => held.past.length && change(stage, undo);
export const do_again = (stage) => held.future.length && change(stage, redo);
export const begin_again = (stage) => change(stage, () => reset(stage.data.defaults.example));

/** Steps downhill, by a hand. */
export const walk_down = (stage, steps) => change(stage, () => downhill(steps));

/** L and the answers, hidden or shown. */
export function hide(stage) {
  look({ hide: !held.view.hide });
  stage.paint();
  write_address();
}

/** The projector view, entered or left. */
export function present(stage) {
  look({ present: !held.view.present });
  stage.paint();
  told(stage);
}

/** @returns {HTMLAnchorElement[]} the navigation's links, in the order of the pages */
const links_of = () => /** @type {any} */ ([
  ...document.querySelectorAll("[data-testid=stTopNavLink], [data-testid=stSidebarNavLink]"),
]);
const path_of = (link) => new URL(link.href).pathname;

/** @returns {HTMLAnchorElement | undefined} the navigation's link to the page `by` places after this one */
function link_to(by) {
  const links = links_of(), here = links.findIndex((link) => path_of(link) === location.pathname);
  return here < 0 ? undefined : links[here + by];
}

/** Opens the page at that path, the first one's is empty, if the navigation is there. */
export function turn_to(path) {
  const links = links_of(), link = path ? links.find((link) => path_of(link).endsWith(`/${path}`)) : links[0];
  link?.click();
  return Boolean(link);
}

/** Opens the page after or before this one, if there is one. */
export function neighbour(by) {
  const link = link_to(by);
  link?.click();
  return Boolean(link);
}

/** The name of the page after this one, as the navigation has it: without its icon, which is text too. */
export function next_page() {
  const name = link_to(1)?.cloneNode(true);
  if (!(name instanceof HTMLElement)) return "";
  for (const icon of name.querySelectorAll("[data-testid=stIconMaterial]")) icon.remove();
  return name.textContent.trim();
}
