// What one does by hand on the page of training: play the run, and set another one.

import { saved } from "../files.js";
import { brief, parse } from "../numbers.js";
import { held } from "../session.js";
import { attribute, make, put, span } from "../screen/elements.js";
import { complain } from "../screen/hands.js";
import { labelled, typed_into } from "../screen/inputs.js";
import { act } from "../screen/player.js";
import { change_setting, end_scrub, is_playing, pause, scrub, SPEEDS, start_playing } from "./play.js";
import { last_epoch, LIMITS, LOSSES, spelled_start, start_of, STARTS, WAYS } from "./settings.js";
import { forget_failures, has_failed, progress_of } from "./store.js";

/** Play or pause, the epochs as a slider, and how fast; while a run is computed, how far that is. */
export function playback(stage) {
  const button = make("button", { type: "button", className: "press play", dataset: { act: "play" } });
  button.onclick = () => is_playing(stage) ? pause(stage) : start_playing(stage);
  const count = span("epoch-count"), progress = make("progress", { max: 100, aria: { label: "Training" } });
  const again = make("button", { type: "button", className: "press", dataset: { act: "retry" } }, "Try again");
  again.onclick = () => {
    forget_failures();
    act(stage, () => {});
  };
  const slider = epochs(stage);
  stage.painters.push(({ training }) => {
    const done = progress_of(training.runs), failed = has_failed(training.runs), playing = is_playing(stage);
    attribute(button, "data-act", playing ? "pause" : "play");
    put(button, playing ? "Pause" : "Play");
    button.disabled = done !== null || failed;
    progress.hidden = done === null;
    if (done !== null) progress.value = done;
    slider.hidden = done !== null || failed;
    again.hidden = !failed || saved;
    put(count, failed ? NOT_HERE : done === null ? place(training) : `training, ${done} %`);
  });
  return make("div", { className: "playback" }, button, slider, progress, again, count, speeds(stage));
}

const NOT_HERE = saved ? "This run is not in the saved page." : "The run did not come.";

const place = (training) => `epoch ${training.epoch} ⁄ ${last_epoch(training)}`;

function epochs(stage) {
  const input = make("input", { type: "range", min: 0, step: 1, aria: { label: "epoch" } });
  input.oninput = () => scrub(stage, Number(input.value));
  input.onchange = () => end_scrub(stage);
  stage.painters.push(({ training }) => {
    const end = last_epoch(training);
    attribute(input, "max", end);
    input.value = String(training.epoch);
    input.style.setProperty("--at", (training.epoch / end).toFixed(4));
    attribute(input, "aria-valuetext", place(training));
  });
  return input;
}

function speeds(stage) {
  const buttons = SPEEDS.map((speed) =>
    make("button", {
      type: "button",
      dataset: { act: `speed-${speed}` },
      onclick: () => {
        stage.speed = speed;
        stage.paint();
      },
    }, `${speed}×`)
  );
  stage.painters.push(() => buttons.forEach((one, k) => attribute(one, "aria-pressed", stage.speed === SPEEDS[k])));
  return make("span", { className: "segments", role: "group", aria: { label: "Speed" } }, ...buttons);
}

/** The settings of the run, each of which starts another one. */
export const run_settings = (stage) =>
  make(
    "div",
    { className: "run-settings", role: "group", aria: { label: "Settings of the run" } },
    field("Loss", options(stage, LOSSES, (run) => run.loss, (loss) => ({ loss }))),
    start(stage),
    field("Rate", box(stage, "rate")),
    field("Batch", box(stage, "batch")),
    field("Mean over", options(stage, WAYS, (run) => run.reduction, (reduction) => ({ reduction }))),
    field("Smoothing", box(stage, "smoothing")),
    field("Epochs", box(stage, "epochs")),
  );

const field = (text, input) =>
  make("label", { className: "control" }, make("span", { className: "title" }, text), input);

const first = ({ training }) => training.runs[0];

function options(stage, words, value, changes) {
  const select = make(
    "select",
    {},
    ...Object.entries(words).map(([key, text]) => make("option", { value: key }, text)),
  );
  select.onchange = () => change_setting(stage, changes(select.value));
  stage.painters.push((scene) => {
    if (select.value !== value(first(scene))) select.value = value(first(scene));
  });
  return select;
}

// A kind of start, and for two of them by how much.
function start(stage) {
  const kind = options(stage, STARTS, (run) => start_of(run).kind, (kind) => ({ start: spelled_start(kind) }));
  const by = typed(
    stage,
    "by",
    (run) => start_of(run).value,
    (run, value) => ({ start: spelled_start(start_of(run).kind, value) }),
    (run) => LIMITS[start_of(run).kind],
  );
  attribute(kind, "aria-label", "Start from");
  attribute(by, "aria-label", "by how much");
  return labelled("Start", "start", make("span", { className: "pair" }, kind, by));
}

const box = (stage, name) =>
  typed(stage, name, (run) => run[name], (_, value) => ({ [name]: value }), () => LIMITS[name]);

// A number that is typed: within its bounds, and whole where it counts something.
function typed(stage, name, value, changes, limits) {
  const input = make("input", {
    type: "text",
    className: "box",
    inputMode: "decimal",
    autocomplete: "off",
    dataset: { key: name },
  });
  const whole = name === "batch" || name === "epochs";
  typed_into(stage, input, () => {
    const run = first(held.scene), [low, high] = limits(run), number = parse(input.value, low, high);
    if (number !== null && (!whole || Number.isInteger(number))) return change_setting(stage, changes(run, number));
    const wanted = `a ${whole ? "whole " : ""}number from ${low} to ${high}`;
    complain(stage, `“${input.value.slice(0, 20)}” was not taken. Expected ${wanted}.`);
  });
  stage.painters.push((scene) => {
    const now = value(first(scene));
    input.hidden = now === null;
    if (input !== stage.root.activeElement && now !== null) input.value = brief(now);
  });
  return input;
}
