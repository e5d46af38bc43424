// What one presses to go through the story, level with the table: dots, Back and Next, and quiet tools.

import { saved } from "../files.js";
import { held } from "../session.js";
import {
  backward,
  begin_again,
  do_again,
  hide,
  jump,
  next_page,
  onward,
  present,
  return_to_step,
  take_back,
} from "../story/walk.js";
import { step_of, waits } from "../story/steps.js";
import { attribute, make, put, tool } from "./elements.js";
import { KEYS } from "./keys.js";
import { share_panel } from "./share.js";

/** The buttons of a page with a story. */
export function steps(stage) {
  const dots = make("div", { className: "dots", role: "group", aria: { label: "Steps" } }),
    count = make("span", { className: "count" });
  const back = make("button", {
    type: "button",
    className: "go",
    dataset: { act: "back" },
    onclick: () => backward(stage),
  }, "Back");
  const next = make("button", {
    type: "button",
    className: "go",
    dataset: { act: "next" },
    onclick: () => onward(stage),
  });
  const home = tool("return", "Back to this step", () => return_to_step(stage));
  stage.painters.push(() => {
    const { story, step, seen } = held, waiting = waits(story, step, seen), last = step === story.steps.length;
    mark(stage, dots);
    put(count, `${step} / ${story.steps.length}`);
    next.disabled = saved && last && !waiting; // there is no page after it in its file
    put(next, waiting ? (stage.room?.reveals() ? "Reveal" : "Skip") : last ? next_page() || "Next" : "Next");
    next.classList.toggle("quiet", waiting || (Boolean(step_of(story, step).goal) && !(step in seen)));
    home.hidden = !held.own;
  });
  const row = make("div", { className: "row-of-dots" }, dots, count);
  return make(
    "div",
    { className: "steps" },
    row,
    back,
    next,
    make("div", { className: "tools" }, ...tools(stage), home),
  );
}

/** What a page without a story keeps of them. */
export function tools(stage) {
  const undo = tool("undo", "Undo", () => take_back(stage)), redo = tool("redo", "Redo", () => do_again(stage));
  const hider = tool("hide", "Hide L", () => hide(stage)),
    projector = tool("present", "Projector", () => present(stage));
  const fold = tool("explore", "Explore", () => stage.explore());
  stage.painters.push(() => {
    undo.disabled = !held.past.length;
    redo.disabled = !held.future.length;
    put(hider, held.view.hide ? "Show L" : "Hide L");
    put(projector, held.view.present ? "Leave projector" : "Projector");
    put(fold, stage.element.classList.contains("explored") ? "Story" : "Explore");
  });
  const settings = tool("settings", "Settings", null, { popoverTargetElement: stage.settings });
  const keys = tool("keys", "Keys", null, { popoverTargetElement: stage.keys });
  if (!saved) stage.root.append(stage.share ??= share_panel(stage));
  const share = tool("share", "Share", null, { popoverTargetElement: stage.share ?? null, hidden: saved });
  settings.hidden = !stage.settings.childElementCount;
  return [undo, redo, tool("reset", "Reset", () => begin_again(stage)), hider, settings, fold, projector, share, keys];
}

function mark(stage, dots) {
  const { story, step } = held;
  if (dots.childElementCount !== story.steps.length) {
    dots.replaceChildren(
      ...story.steps.map(({ title }, k) =>
        make("button", {
          type: "button",
          className: "dot",
          aria: { label: `Step ${k + 1}: ${title}` },
          onclick: () => jump(stage, k + 1),
        })
      ),
    );
  }
  [...dots.children].forEach((dot, k) => {
    dot.classList.toggle("past", k + 1 < step);
    if (k + 1 === step) attribute(dot, "aria-current", "step");
    else dot.removeAttribute("aria-current");
  });
}

/** The list of keys. */
export const list_of_keys = () =>
  make(
    "div",
    { className: "keys", popover: "auto", role: "dialog", aria: { label: "Keys" } },
    make("dl", {}, ...KEYS.flatMap(([keys, what]) => [make("dt", {}, keys), make("dd", {}, what)])),
  );
