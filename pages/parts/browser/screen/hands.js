// What a hand does: a change shows in the same frame, and is told to others when the hand lets go.

import { gap, target_class } from "../example/derive.js";
import { fault_of } from "../example/edits.js";
import { same } from "../example/motion.js";
import { commit_if_listening, write_address } from "../post.js";
import { edit, grasp, held, let_go } from "../session.js";
import { softmax } from "../xent_core/softmax.js";
import { schedule, show_now, speak } from "./player.js";

// Where an example stands on the axis of a page's curves, which are drawn only as far as one has been.
const AXES = {
  gap: (example) => gap(example, target_class(example)),
  probability: (example) => softmax(example.logits, example.temperature)[target_class(example)],
};

/** The example that a hand found when it began. */
export function start_of(stage) {
  if (!stage.start) {
    grasp();
    stage.start = held.scene.example;
  }
  return stage.start;
}

// Where only a setting has changed, the steps that were taken downhill are taken again with it.
function take(stage, example) {
  const begun = stage.start,
    only_setting = ["logits", "targets", "names"].every((name) => example[name] === begun[name]);
  edit(example, AXES[held.story?.axis]?.(example), only_setting ? held.past.at(-1)?.scene.descent : null);
}

/** A hand moves: painted in this frame. */
export function move(stage, example) {
  start_of(stage);
  take(stage, example);
  show_now(stage);
}

/** A hand lets go: what cannot be an example goes back to where the hand took it from, and says so. */
export function settle(stage, example) {
  stage.complaint = fault_of(example);
  start_of(stage);
  if (stage.complaint || same({ example }, { example: stage.start })) return drop(stage);
  take(stage, example);
  stage.start = null;
  show_now(stage);
  told(stage);
}

/** A hand that came to nothing: the finger went on to scroll the page. */
export function drop(stage) {
  if (stage.start) let_go();
  stage.start = null;
  show_now(stage);
}

/** The address, Python if it listens, and the ear hear of it. */
export function told(stage) {
  write_address();
  commit_if_listening();
  speak(stage);
}

/** What was typed and not taken is said until something else is taken. */
export function complain(stage, sentence) {
  stage.complaint = sentence;
  schedule(stage);
}
