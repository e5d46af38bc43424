// What a hand does to a batch: the same as to an example, one frame at a time.

import { edit_batch, grasp, held, let_go } from "../session.js";
import { told } from "../screen/hands.js";
import { show_now } from "../screen/player.js";

/** A hand moves: painted in this frame. */
export function move_batch(stage, batch) {
  if (!stage.start) {
    grasp();
    stage.start = held.scene.batch;
  }
  edit_batch(batch);
  show_now(stage);
}

/** A hand lets go. */
export function settle_batch(stage, batch) {
  move_batch(stage, batch);
  stage.start = null;
  told(stage);
}

/** A hand that came to nothing. */
export function drop_batch(stage) {
  if (stage.start) let_go();
  stage.start = null;
  show_now(stage);
}
