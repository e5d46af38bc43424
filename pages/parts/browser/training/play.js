// Play, pause and scrub: epochs pass on the stage by a hand, as fast as it likes.

import { edit_training, grasp, held } from "../session.js";
import { told } from "../screen/hands.js";
import { play, show_now } from "../screen/player.js";
import { at_epoch, last_epoch, with_setting } from "./settings.js";
import { run_of } from "./store.js";

const SECONDS = 8; // for a whole run, at speed 1
export const SPEEDS = [1, 2, 4];

export const is_playing = (stage) => stage.playing !== null && stage.playing === stage.run;

/** From the epoch on screen on, or from the first where that is the last. */
export function start_playing(stage) {
  const { training } = held.scene, end = last_epoch(training), from = training.epoch < end ? training.epoch : 0;
  grasp();
  stage.playing = ++stage.run;
  stage.ghost = null;
  let epoch = from, before = performance.now();
  const frame = (now) => {
    if (!is_playing(stage)) return;
    epoch += Math.max(0, now - before) / 1000 * end / SECONDS * (stage.speed ?? 1);
    before = now;
    if (epoch >= end) return pause(stage, end);
    set(stage, Math.floor(epoch));
    requestAnimationFrame(frame);
  };
  set(stage, from);
  requestAnimationFrame(frame);
}

function set(stage, epoch) {
  edit_training(at_epoch(held.scene.training, epoch));
  stage.shown = held.scene;
  stage.paint();
}

/** Here it stays. */
export function pause(stage, epoch = held.scene.training.epoch) {
  edit_training(at_epoch(held.scene.training, epoch));
  stage.playing = null;
  show_now(stage);
  told(stage);
}

/** A hand moves along the epochs. */
export function scrub(stage, epoch) {
  if (!stage.start) {
    grasp();
    stage.start = held.scene.training;
  }
  edit_training(at_epoch(held.scene.training, epoch));
  show_now(stage);
}

export function end_scrub(stage) {
  stage.start = null;
  told(stage);
}

/** Another setting by hand: the new run is computed, and draws itself over the last one. */
export function change_setting(stage, changes) {
  const { training } = held.scene, run = training.runs[0];
  if (Object.entries(changes).every(([name, value]) => run[name] === value)) return;
  const from = stage.shown;
  stage.complaint = "";
  grasp();
  edit_training(with_setting(training, changes, training.runs.find(run_of)));
  play(stage, from);
  told(stage);
}
