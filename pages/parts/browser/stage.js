// The stage: picture and story in one window. This module puts the parts together; each part paints itself.

import { result_of } from "./example/result.js";
import { bench, keep_filled } from "./frameworks/bench.js";
import { PICTURES } from "./pictures/all.js";
import { batch_numbers } from "./batch/numbers.js";
import "./photos/paste.js";
import { known, load, receive_own } from "./photos/store.js";
import { attach, commit, commit_if_listening, write_address } from "./post.js";
import { room_painter } from "./rooms/panel.js";
import { enter } from "./rooms/room.js";
import { CONTROLS } from "./screen/controls.js";
import "./screen/enter.js";
import { make } from "./screen/elements.js";
import { root_class, sheets } from "./screen/frame.js";
import { listen } from "./screen/keys.js";
import { notices } from "./screen/notices.js";
import { act, schedule } from "./screen/player.js";
import { settings } from "./screen/settings.js";
import { tabs_of } from "./screen/tabs.js";
import { list_of_keys, steps } from "./screen/tools.js";
import { revive } from "./sent.js";
import { done, held, receive } from "./session.js";
import { take_guess } from "./story/guess.js";
import { is_solved, story_painter } from "./story/panel.js";
import { step_of, waits } from "./story/steps.js";
import { shown } from "./table/columns.js";
import { losses } from "./table/losses.js";
import { routes } from "./table/routes.js";
import { table } from "./table/table.js";
import { legend } from "./training/curves.js";
import { run_settings } from "./training/hands.js";
import { run_numbers } from "./training/numbers.js";
import { worst } from "./training/pictures.js";
import { forget_failures, give_up } from "./training/store.js";

const WIDE = 1000; // pixels: from here the story stands beside the picture
const stages = new WeakMap();

/** What Streamlit calls, again for all that Python sends: {data, parentElement, setStateValue}. */
export function mount(sent) {
  const { photos } = sent.data;
  if (!photos) return mounted(sent);
  let leave = () => {};
  load(photos).then(() => {
    receive_own(photos.own);
    leave = mounted(sent);
  });
  return () => leave();
}

function mounted({ data: sent, parentElement, setStateValue }) {
  const stage = stages.get(parentElement) ?? build(parentElement);
  stages.set(parentElement, stage);
  const data = stage.data = revive(sent);
  stage.send = (message) => setStateValue("commit", message);
  stage.tell_opened = (rows) => setStateValue("opened", rows);
  const from = stage.shown, before = held, stranger = held !== null && held.session !== data.session;
  receive({ ...data, address: asked() });
  attach(stage);
  listen(stage);
  if (before !== held) stage.shown = held.scene;
  if (stranger) forget_failures();
  if (held.scene.training || (from && before !== held)) act(stage, () => {});
  stage.paint();
  if (data.filters) keep_filled(stage, stranger);
  write_address();
  enter(stage);
  // A server that does not know this session knows no step either, nor yet that it has to draw something.
  setTimeout(stranger ? commit : commit_if_listening);
  return () => {
    stage.observer.disconnect();
    stage.watcher?.disconnect();
    give_up();
  };
}

// The step that the address of a page just turned to asks for: after a Back it is the one that was left. What Python
// knows is the step of the link that the session began with, which was another page's.
function asked() {
  const step = Number(new URLSearchParams(location.search).get("step"));
  return { step: step || 1, back: Boolean(step) };
}

function build(root) {
  const element = make("div", { className: "stage", dataset: { part: "stage", moving: "false" } });
  const spoken = make("p", { className: "spoken", aria: { live: "polite" } });
  /** @type {any} */
  const stage = {
    root,
    element,
    spoken,
    painters: [],
    data: null,
    shown: null,
    ghost: null,
    start: null,
    opened: [],
    run: 0,
    frame: 0,
    layout: "",
    complaint: "",
    put_away: "",
    draft: null,
    playing: null,
    speed: 1,
  };
  stage.paint = () => paint(stage);
  stage.paint_soon = () => schedule(stage);
  stage.explore = () => {
    element.classList.toggle("explored");
    stage.paint();
  };
  stage.take_guess = (...args) => take_guess(stage, ...args);
  stage.keys = list_of_keys();
  root.adoptedStyleSheets = sheets;
  root.append(element, stage.keys);
  stage.observer = new ResizeObserver(() => {
    document.documentElement.style.setProperty("--sheet", `${element.querySelector(".side")?.offsetHeight ?? 0}px`);
    if (held) schedule(stage);
  });
  stage.observer.observe(element);
  return stage;
}

function paint(stage) {
  root_class(held.view.present, Boolean(stage.data.story));
  stage.em = parseFloat(getComputedStyle(document.documentElement).fontSize);
  stage.wide = innerWidth >= WIDE;
  stage.element.classList.toggle("bare", !stage.data.story && !stage.data.filters);
  stage.element.classList.toggle("working", Boolean(stage.data.filters));
  stage.element.classList.toggle("hides", held.view.hide);
  stage.element.classList.toggle("projected", held.view.present);
  if (!stage.data.story && !stage.data.filters) return;
  lay_out_if_changed(stage);
  const result = result_of(stage.shown);
  if (held.story && is_solved(stage.shown, result)) done();
  for (const painter of stage.painters) painter(stage.shown, result);
  stage.follow_draft?.();
}

// Rebuilt where other parts are on the stage, never for a number.
function lay_out_if_changed(stage) {
  const { data } = stage, { example } = held.scene, told = held.story && step_of(held.story, held.step);
  const layout = JSON.stringify([
    data.page,
    data.story?.steps.length,
    example.names.length,
    shown(data, held.view),
    stage.wide,
    example.precision,
    told && charts(stage, told),
    known?.own,
    held.scene.batch && [numbers_of(stage, told), shape_of(held.scene.batch)],
    held.scene.training?.runs.length,
  ]);
  if (layout === stage.layout) return;
  stage.layout = layout;
  const focus = key_of(stage.root.activeElement);
  const open = stage.settings?.matches(":popover-open");
  lay_out(stage);
  if (open) stage.settings.showPopover();
  if (focus) {
    [...stage.root.querySelectorAll("button, input, select")].find((one) => key_of(one) === focus && !one.disabled)
      ?.focus();
  }
}

const key_of = (element) =>
  element?.dataset.key ?? element?.dataset.act ?? element?.getAttribute("aria-label") ?? element?.textContent;
const charts = (stage, told) => told.charts ?? stage.data.charts;
const shape_of = ({ rows, weights, fixed }) => [rows.map(({ q }) => q.length), Boolean(weights), Boolean(fixed)];

// What would answer a step's question is not among the numbers before it is answered.
const numbers_of = (stage, told) =>
  told.losses && !waits(held.story, held.step, held.seen) ? told.losses : stage.data.losses;

function lay_out(stage) {
  stage.painters = [];
  if (!held.story) return lay_out_bench(stage);
  const { data, element } = stage, told = step_of(held.story, held.step);
  const title = make("h1"),
    story = make("section", { className: "story", dataset: { part: "story" } }),
    why = make("div", { className: "why" });
  stage.settings = settings(stage);
  const pictures = charts(stage, told).map((name) => PICTURES[name](stage));
  const { batch, training } = held.scene, by_hand = batch ? [] : [training ? run_settings(stage) : table(stage)];
  if (data.beside && stage.wide) by_hand.push(BESIDE[data.beside](stage));
  else if (data.beside) pictures.push(as_picture(data.beside, BESIDE[data.beside](stage)));

  const tabs = tabs_of(stage, pictures);
  const scales = data.controls.length
    ? make("div", { className: "scales" }, ...data.controls.map((name) => CONTROLS[name](stage)))
    : "";
  const fold = make("button", {
    type: "button",
    className: "fold",
    aria: { label: "Fold or open the story" },
    onclick: () => element.classList.toggle("folded"),
  });
  element.dataset.page = data.page;
  element.dataset.rows = batch ? (batch.rows.length > 6 ? "many" : "few") : "";
  element.dataset.charts = String(pictures.length);
  element.dataset.classes = !batch && held.scene.example.names.length > 6 ? "many" : "few";
  element.replaceChildren(
    notices(stage),
    title,
    make("aside", { className: "side" }, fold, story, steps(stage)),
    make(
      "section",
      { className: "picture", dataset: { part: "picture" } },
      make(
        "div",
        { dataset: { part: "loss" } },
        make(
          "div",
          { className: "numbers" },
          ...(batch ? batch_numbers(stage, numbers_of(stage, told)) : training ? run_numbers(stage) : losses(stage)),
        ),
        why,
      ),
      make("div", { className: "charts" }, tabs, ...pictures, training?.runs.length > 1 ? legend(stage) : ""),
      scales,
      make("div", { className: "hands" }, ...by_hand),
    ),
    stage.settings,
    stage.spoken,
  );
  stage.observer.observe(element.querySelector(".side"));
  stage.painters.unshift(story_painter(stage, { title, story, why }), room_painter(stage, story));
}

// A page to work with has no story.
function lay_out_bench(stage) {
  const { faults, parts } = bench(stage);
  stage.element.dataset.page = stage.data.page;
  stage.element.replaceChildren(notices(stage, faults), ...parts, stage.spoken);
}

const BESIDE = { routes, worst };

// On a phone the second table is one of the pictures.
const as_picture = (name, table) =>
  make("figure", { className: `chart ${name}-chart`, dataset: { chart: name } }, table);
