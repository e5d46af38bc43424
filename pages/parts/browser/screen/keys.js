// Keys, for a hand on the keyboard and for a remote, which sends PageDown and PageUp.

import { held } from "../session.js";
import { backward, do_again, hide, jump, onward, present, take_back, walk_down } from "../story/walk.js";

export const KEYS = [
  ["PageDown, →, Space", "on"],
  ["PageUp, ←", "back"],
  ["Home, End", "first, last step"],
  ["h", "hide or show L and the answers"],
  ["b or .", "blank the picture"],
  ["p", "projector view"],
  ["s", "one step downhill, on Gradients"],
  ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo"],
  ["?", "these keys"],
];

const ACTS = {
  PageDown: onward,
  ArrowRight: onward,
  " ": onward,
  PageUp: backward,
  ArrowLeft: backward,
  Home: (stage) => jump(stage, 1),
  End: (stage) => jump(stage, Infinity),
  h: hide,
  b: blank,
  ".": blank,
  p: present,
  s: (stage) => stage.data.controls.includes("descent") && walk_down(stage, 1),
  "?": (stage) => stage.keys.togglePopover(),
};

function blank(stage) {
  stage.element.classList.toggle("blank");
}

/** @type {any} */
let stage = null;

/** From now on keys are this stage's. */
export function listen(mounted) {
  stage = mounted;
}

const deepest = () => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
};

// A slider or box that has the focus keeps its keys; only a remote's go through in the projector view.
function is_taken(event, element) {
  const remote = event.key === "PageDown" || event.key === "PageUp";
  if (remote && held.view.present) return false;
  if (element?.matches?.("input, select, textarea, [contenteditable=true], [role=slider], [role=textbox]")) return true;
  if (element?.matches?.("button, a, summary, [role=button], [role=tab]")) return event.key === " ";
  return false;
}

function press(event) {
  if (!stage?.element.isConnected || !held) return;
  const element = deepest(), undoes = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  if (undoes && !element?.matches?.("input[type=text], textarea")) {
    event.preventDefault();
    return event.shiftKey ? do_again(stage) : take_back(stage);
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const act = ACTS[event.key];
  if (!act || is_taken(event, element) || (!stage.data.story && !/^Page|^p$/.test(event.key))) return;
  if (!stage.data.story && !held.view.present) return;
  event.preventDefault();
  act(stage);
}

document.addEventListener("keydown", press);
