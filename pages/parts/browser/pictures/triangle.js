// The triangle of all probabilities: the loss as lines of equal height, the point, where its gradient pulls it, and the
// paths walked. The point can be dragged; the logits follow.

import { logits_at, OBJECTIVES, paths_of, place_on } from "../example/descent.js";
import { format } from "../numbers.js";
import { attribute, draw } from "../screen/elements.js";
import { drop, move, settle, start_of } from "../screen/hands.js";
import { figure, mark, words } from "../screen/plot.js";
import { held } from "../session.js";
import { softmax } from "../xent_core/softmax.js";
import { SHAPES } from "./shapes.js";
import { contours, to_place, to_probabilities } from "./contours.js";

const LEVELS = { squared_error: [0.02, 0.1, 0.25, 0.5, 0.8] }, USUAL_LEVELS = [0.1, 0.25, 0.5, 1, 2, 3, 5];
const SNAP = 0.004; // a probability below this is drawn to the edge, where it is exactly 0

export function triangle(stage) {
  let frame = null;
  const lines = line_finder();
  const made = figure(stage, {
    name: "triangle",
    heading: (
      { objective },
    ) => [["q", "all probabilities"], ["quiet", `, lines of equal ${OBJECTIVES[objective].word} loss`]],
    label: ({ names }, { columns }) =>
      `Triangle of all probabilities: ${
        names.map((name, i) => `${name} ${format(columns.probability[i])}`).join(", ")
      }`,
    paint(svg, scene, result) {
      frame = frame_of(stage, svg);
      svg.replaceChildren();
      if (scene.example.names.length !== 3) {
        words(frame, frame.width / 2, frame.height / 2, "The triangle shows three classes.", "note quiet", "middle");
        return;
      }
      outline(frame, scene.example);
      level_lines(frame, lines(scene.example));
      for (const name of Object.keys(OBJECTIVES)) path(frame, scene, name);
      arrow(frame, scene);
      points(stage, frame, scene, result);
    },
  });
  grasp(stage, made.querySelector("svg"), () => frame);
  return made;
}

// An even triangle in the middle of the picture, with room for the names at its corners.
function frame_of(stage, svg) {
  const em = stage.em, width = svg.clientWidth, height = svg.clientHeight, room = 1.4 * em;
  const side = Math.min(width - 6 * em, (height - 2 * room) * 2 / Math.sqrt(3)), tall = side * Math.sqrt(3) / 2;
  const left = (width - side) / 2, top = (height - tall) / 2;
  attribute(svg, "viewBox", `0 0 ${width} ${height}`);
  return {
    svg,
    em,
    width,
    height,
    at: ([x, y]) => [left + x * side, top + y * tall],
    from: (x, y) => [(x - left) / side, (y - top) / tall],
  };
}

const spelled = (places) => places.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

function outline(frame, { names }) {
  const corners = [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map((q) => frame.at(to_place(q)));
  frame.svg.append(draw("path", { class: "outline", d: `${spelled(corners)}Z` }));
  const [above, left, right] = corners, em = frame.em;
  words(frame, above[0], above[1] - 0.5 * em, names[0], "tick", "middle");
  words(frame, left[0] - 0.4 * em, left[1] + 0.3 * em, names[1], "tick", "end");
  words(frame, right[0] + 0.4 * em, right[1] + 0.3 * em, names[2], "tick");
}

// Found anew only where the loss is another.
function line_finder() {
  let key = "", found = null;
  return (example) => {
    const { objective, targets, base, low, high } = example,
      now = JSON.stringify([objective, targets, base, low, high]);
    if (now !== key) {
      key = now;
      const levels = LEVELS[objective] ?? USUAL_LEVELS;
      found = { levels, pieces: contours((q) => OBJECTIVES[objective].of_q(q, example), levels) };
    }
    return found;
  };
}

function level_lines(frame, { levels, pieces }) {
  levels.forEach((level, n) => {
    const d = pieces[n].map((ends) => spelled(ends.map(frame.at))).join("");
    frame.svg.append(draw("path", { class: "level", d }));
    const right = pieces[n].flat().reduce((best, place) => place[0] - place[1] > best[0] - best[1] ? place : best, [
      0,
      1,
    ]);
    const [x, y] = frame.at(right), foot = frame.at([1, 1])[1];
    if (!pieces[n].length || held.view.hide || y > foot - frame.em) return;
    words(frame, x + 0.3 * frame.em, y + 0.2 * frame.em, String(level), "level-word halo");
  });
}

const place_of = (frame, logits, temperature) => frame.at(to_place(softmax(logits, temperature)));

function path(frame, { example, descent }, name) {
  if (!descent) return;
  const walked = paths_of(example, descent)[name], whole = walked.slice(0, Math.floor(descent.steps) + 1);
  const places = [...whole, place_on(walked, descent.steps)].map((z) => place_of(frame, z, example.temperature));
  frame.svg.append(draw("path", { class: `way ${name}`, d: spelled(places) }));
  for (const [cx, cy] of places) {
    frame.svg.append(draw("circle", { class: `footprint ${name}`, cx, cy, r: 0.14 * frame.em }));
  }
}

// The way of the next step of the chosen loss, at the rate chosen: none where the gradient is 0.
function arrow(frame, { example }) {
  const { logits, temperature, rate } = example, slope = OBJECTIVES[example.objective].gradient(logits, example);
  const next = logits.map((logit, i) => slope[i] === 0 ? logit : logit - rate * slope[i]);
  if (!next.some(Number.isFinite) || next.some(Number.isNaN)) return;
  const [x, y] = place_of(frame, logits, temperature), [u, v] = place_of(frame, next, temperature);
  const length = Math.hypot(u - x, v - y), em = frame.em;
  if (length < 0.12 * em) return;
  const head = Math.min(0.7 * em, 0.7 * length), half = head / 2;
  const [a, b] = [(u - x) / length, (v - y) / length], [s, t] = [u - head * a, v - head * b];
  frame.svg.append(
    draw("path", { class: "pull", d: `M${x} ${y}L${s} ${t}` }),
    draw("path", {
      class: "pull-head",
      d: spelled([[u, v], [s - half * b, t + half * a], [s + half * b, t - half * a]]) + "Z",
    }),
  );
}

function points(stage, frame, scene, result) {
  const { example, descent } = scene,
    { temperature } = example,
    [x, y] = frame.at(to_place(result.columns.probability));
  if (stage.ghost && stage.ghost.result.columns.probability.length === 3) {
    const [cx, cy] = frame.at(to_place(stage.ghost.result.columns.probability));
    if (Math.hypot(cx - x, cy - y) > 0.6 * frame.em) {
      frame.svg.append(draw("circle", { class: "ghost", cx, cy, r: 0.4 * frame.em }));
    }
  }
  for (const name of descent ? Object.keys(OBJECTIVES) : []) {
    const [u, v] = place_of(frame, logits_at(scene, name), temperature);
    if (name !== example.objective) frame.svg.append(mark(SHAPES[name], u, v, 0.9 * frame.em, `run ${name}`));
  }
  frame.svg.append(mark("circle", x, y, 1.1 * frame.em, "here"));
}

// The point follows a finger or mouse in both directions; at an edge a probability is exactly 0.
function grasp(stage, svg, frame_now) {
  const take = (event) => {
    const box = svg.getBoundingClientRect(),
      q = to_probabilities(frame_now().from(event.clientX - box.left, event.clientY - box.top));
    const kept = q.map((value) => value < SNAP ? 0 : Number(value.toFixed(4))), start = start_of(stage);
    move(stage, { ...start, logits: kept.map((value) => value > 0 ? start.temperature * Math.log(value) : -Infinity) });
  };
  svg.onpointerdown = (event) => {
    if (held.scene.example.names.length !== 3) return;
    svg.setPointerCapture(event.pointerId);
    take(event);
  };
  svg.onpointermove = (event) => svg.hasPointerCapture(event.pointerId) && take(event);
  svg.onpointerup = () => stage.start && settle(stage, held.scene.example);
  svg.onpointercancel = () => drop(stage);
}
