// A prediction made on the picture: a ghost marker is dragged to where one expects the point; then guess and truth stand
// there together, with the gap between them.

import { derive, loss_of } from "../example/derive.js";
import { brief } from "../numbers.js";
import { held } from "../session.js";
import { draw } from "../screen/elements.js";
import { schedule } from "../screen/player.js";
import { words } from "../screen/plot.js";
import { step_of, waits } from "./steps.js";

/** The number that a step's question is about, once its step has been played. */
export const truth_of = ({ ask, shows }) => ask.quantity && quantity_of(ask.quantity, derive(shows));

function quantity_of(quantity, result) {
  const [name, row] = quantity.split(".");
  if (row === undefined) return name in result.routes ? result.routes[name].categorical : loss_of(name, result);
  return name in result.routes ? result.routes[name].gradient[Number(row)] : result.columns[name][Number(row)];
}

/** The marker of the step's question, on the chart it belongs to: `x_of` is where its step will put the point. */
export function guess_on(stage, paper, chart, x_of) {
  const told = held.story && step_of(held.story, held.step), ask = told?.ask;
  if (ask?.chart !== chart || held.view.hide) return;
  const x = paper.at_x(x_of(derive(told.shows))), { svg, em } = paper;
  if (!Number.isFinite(x)) return;
  if (waits(held.story, held.step, held.seen)) {
    const value = stage.draft ?? ask.start, y = paper.at_y(value);
    svg.append(
      draw("line", { class: "guess track", x1: x, x2: x, y1: paper.top, y2: paper.floor }),
      draw("circle", { class: "guess handle", cx: x, cy: y, r: 0.6 * em }),
      draw("path", { class: "guess arrows", d: `M${x - 4} ${y - em}l4 -5l4 5M${x - 4} ${y + em}l4 5l4 -5` }),
    );
    words(paper, x + em, y + 0.3 * em, `you say ${brief(value, 2)}`, "note halo");
    return;
  }
  const guess = held.seen[held.step];
  if (typeof guess !== "number" || held.own || stage.element.dataset.moving === "true") return;
  const y = paper.at_y(guess), truth = paper.at_y(truth_of(told));
  if (Math.abs(y - truth) < 0.2 * em) return;
  svg.append(
    draw("line", { class: "guess apart", x1: x, x2: x, y1: y, y2: truth }),
    draw("circle", { class: "guess made", cx: x, cy: y, r: 0.6 * em }),
  );
  words(paper, x + em, y + 0.3 * em, `you said ${brief(guess, 2)}`, "note quiet halo");
}

/** A pointer near the waiting marker drags it, and lets the point alone. */
export function take_guess(stage, event, svg, paper) {
  const told = held.story && step_of(held.story, held.step), ask = told?.ask;
  const chart = svg.closest("figure").dataset.chart;
  if (ask?.kind !== "marker" || ask.chart !== chart || !waits(held.story, held.step, held.seen)) return false;
  const set = (now) => {
    const y = paper.to_y(now.clientY - svg.getBoundingClientRect().top), [low, high] = ask.range;
    stage.draft = Math.min(Math.max(Number(y.toFixed(2)), low), high);
    schedule(stage);
  };
  const move = (now) => set(now),
    end = () => {
      svg.removeEventListener("pointermove", move);
      svg.removeEventListener("pointerup", end);
      svg.removeEventListener("pointercancel", end);
    };
  svg.setPointerCapture(event.pointerId);
  for (const [kind, listener] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) {
    svg.addEventListener(kind, /** @type {any} */ (listener));
  }
  set(event);
  event.preventDefault();
  return true;
}

/** Whether a marker waits on a chart: its words have the room then. */
export function marker_waits(chart) {
  const ask = held.story && step_of(held.story, held.step).ask;
  return ask?.kind === "marker" && ask.chart === chart && waits(held.story, held.step, held.seen);
}
