// What is painted, and the motion from one scene to the next: half a second, eased, and any hand ends it at once.

import { UNITS } from "../example/bases.js";
import { loss_of } from "../example/derive.js";
import { result_of } from "../example/result.js";
import { ease, same, scene_between } from "../example/motion.js";
import { format } from "../numbers.js";
import { held } from "../session.js";
import { ask_ahead, ready } from "../training/store.js";
import { attribute, put } from "./elements.js";

const MILLISECONDS = 500;
const WORDS = {
  categorical: "categorical loss",
  bernoulli: "Bernoulli loss",
  clipped: "clipped loss",
  doubled: "doubled loss",
};

/** Whether nothing is to move: the reader wants no motion, or sees none. */
export const is_still = () => document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Do something that changes the scene, and play from what was on screen to what is held then. */
export function act(stage, change) {
  const from = stage.shown;
  change();
  play(stage, from);
}

export function play(stage, from) {
  const to = held.scene, run = ++stage.run, still = same(from, to);
  const again = () => run === stage.run && play(stage, still ? stage.shown : from);
  if (to.training && !ready(stage, to.training.runs, again)) return wait(stage, to);
  stage.ghost = still ? null : { scene: from, result: result_of(in_unit_of(from, to)) };
  if (still || is_still()) return finish(stage);
  attribute(stage.element, "data-moving", true);
  const begun = performance.now();
  const frame = (now) => {
    if (run !== stage.run) return;
    const t = Math.max(0, now - begun) / MILLISECONDS;
    if (t >= 1) return finish(stage);
    stage.shown = scene_between(from, to, ease(t));
    stage.paint();
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  stage.paint();
}

// Until the runs it shows are here a scene stands at its start, and counts as moving.
function wait(stage, to) {
  attribute(stage.element, "data-moving", true);
  stage.ghost = null;
  stage.shown = { ...to, training: { ...to.training, epoch: 0 } };
  stage.paint();
}

// What was there is told in the unit of what is there.
const in_unit_of = (from, to) => ({ ...from, example: { ...from.example, base: to.example.base } });

function finish(stage) {
  stage.shown = held.scene;
  attribute(stage.element, "data-moving", false);
  stage.paint();
  speak(stage);
  if (held.scene.training) ask_ahead(stage, upcoming(held));
}

const upcoming = ({ story, step }) => story.steps.slice(step, step + 2).flatMap(({ training }) => training?.runs ?? []);

/** A hand's change shows as it is: whatever was playing has ended. */
export function show_now(stage) {
  stage.run += 1;
  stage.ghost = null;
  stage.shown = held.scene;
  attribute(stage.element, "data-moving", false);
  schedule(stage);
}

/** Paint in the next frame, once. */
export function schedule(stage) {
  stage.frame ||= requestAnimationFrame(() => {
    stage.frame = 0;
    stage.paint();
  });
}

/** The losses, or where a page has none the likeliest class, for the ear. */
export function speak(stage) {
  if (!stage.data.story) return; // a page without a story shows no loss of its own
  put(stage.spoken, held.view.hide ? "" : said(stage, held.scene, result_of(held.scene)));
}

function said(stage, { example, batch, training }, result) {
  const unit = UNITS[example.base];
  if (training) {
    const { train_loss, test_accuracy } = result.numbers;
    return `loss ${format(train_loss)}, ${format(100 * test_accuracy, 1)} % of the unseen digits right`;
  }
  if (batch) return `mean loss ${format(result.numbers.mean)} ${unit}, ${result.right} right`;
  const { probability } = result.columns, top = Math.max(...probability);
  const losses = stage.data.losses.map((name) => `${WORDS[name]} ${format(loss_of(name, result))}`);
  const likeliest = `probability of ${example.names[probability.indexOf(top)]} ${format(top)}`;
  return losses.length ? `${losses.join(", ")} ${unit}` : likeliest;
}
