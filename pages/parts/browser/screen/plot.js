// A small kit for curves: axes in rem of the root, lines that name where they are infinite, points, ghosts, a hand.

import { brief, format } from "../numbers.js";
import { held } from "../session.js";
import { attribute, draw, make } from "./elements.js";
import { drop, move, settle, start_of } from "./hands.js";

/** Round numbers within [low, high], about `count` of them. */
export function ticks([low, high], count) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5].map((k) => k * power).find((size) => size >= rough) ?? 10 * power;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) => (first + k) * step);
}

/** A piece of a line with its point, beside a word: what the word stands for in the pictures. */
export function sample(shape, className) {
  const svg = draw("svg", { class: "sample", viewBox: "0 0 44 22", "aria-hidden": true });
  svg.append(draw("path", { class: `line ${className}`, d: "M0 11L44 11" }), mark(shape, 22, 11, 18, className));
  return svg;
}

/**
 * A picture that stretches into its place, drawn anew by `paint` in every frame.
 * @param {any} stage
 * @param {any} options `name`; `heading(example)`, its title as nodes or text; `label(example, result)`, for the ear
 */
export function figure(stage, { name, heading, label, paint }) {
  const svg = draw("svg", { role: "img" }), title = make("figcaption");
  let said = "";
  stage.painters.push((scene, result) => {
    const words = heading(scene.example);
    if (words.join("|") !== said) {
      said = words.join("|");
      title.replaceChildren(...words.map(([className, text]) => make("span", { className }, text)));
    }
    attribute(
      svg,
      "aria-label",
      held.view.hide ? words.map(([, text]) => text).join("") : label(scene.example, result),
    );
    // Without the room for its axes it waits for some.
    if (svg.clientWidth > 10 && svg.clientHeight > 3 * stage.em) paint(svg, scene, result);
  });
  return make(
    "figure",
    { className: `chart ${name}`, dataset: { chart: name } },
    title,
    make("div", { className: "frame" }, svg),
  );
}

/**
 * Axes in an empty picture; what is drawn next stands on the paper that is returned.
 * @param {any} stage
 * @param {SVGSVGElement} svg
 * @param {{x: any, y: any, between?: number[] | null}} ranges `between` [left, right] in
 *   pixels where the picture has to stand on another's axis
 */
export function axes(stage, svg, { x, y, between = null }) {
  const em = stage.em, width = svg.clientWidth, height = svg.clientHeight;
  const [left, right] = between ?? [2.6 * em, width - 0.7 * em],
    top = 0.9 * em,
    floor = height - 1.6 * em;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const clamp = (v, [low, high]) => Math.min(Math.max(v, low), high);
  const at_x = (v) => left + (clamp(v, x) - x[0]) / (x[1] - x[0]) * (right - left);
  const at_y = (v) => floor - (clamp(v, y) - y[0]) / (y[1] - y[0]) * (floor - top);
  // Beyond the frame a curve goes on, and is cut off there: where it is flat it is flat.
  const beyond_y = (v) => Math.max(floor - (v - y[0]) / (y[1] - y[0]) * (floor - top), -1e5);
  const to_x = (pixels) => x[0] + clamp((pixels - left) / (right - left), [0, 1]) * (x[1] - x[0]);
  const to_y = (pixels) => y[0] + clamp((floor - pixels) / (floor - top), [0, 1]) * (y[1] - y[0]);
  const paper = {
    svg,
    em,
    x,
    y,
    left,
    right,
    top,
    floor,
    at_x,
    at_y,
    beyond_y,
    to_x,
    to_y,
    voids: [],
    ink: framed(svg, left, top, right, floor),
  };
  svg.replaceChildren(
    ...ticks(y, Math.max(2, Math.min(4, (floor - top) / em / 2.5))).flatMap((v) => [
      draw("line", { class: v === 0 ? "grid zero" : "grid", x1: left, x2: right, y1: at_y(v), y2: at_y(v) }),
      draw("text", { class: "tick", x: left - 0.5 * em, y: at_y(v) + 0.3 * em, "text-anchor": "end" }, brief(v, 2)),
    ]),
    ...ticks(x, Math.max(3, (right - left) / em / 5.5)).map((v) =>
      draw("text", { class: "tick", x: at_x(v), y: floor + 1.2 * em, "text-anchor": "middle" }, brief(v, 2))
    ),
  );
  svg.append(...paper.ink.parts);
  return { ...paper, ink: paper.ink.group };
}

// A group in which curves are cut at the frame, with room for half a line's width.
function framed(svg, left, top, right, floor) {
  const id = `frame-${svg.closest("figure").dataset.chart}`, clip = draw("clipPath", { id });
  clip.append(draw("rect", { x: left - 4, y: top - 4, width: right - left + 8, height: floor - top + 8 }));
  const group = draw("g", { "clip-path": `url(#${id})` });
  return { group, parts: [clip, group] };
}

export function words(paper, x, y, text, className, anchor = "start") {
  paper.svg.append(draw("text", { class: className, x, y, "text-anchor": anchor }, text));
}

/** A line through the finite points; where it is infinite or no number, that stretch is kept to be named. */
export function line(paper, points, className, name) {
  /** @type {any} */
  let lost = null;
  let path = "", pen = "M";
  for (const [x, y] of points) {
    const kind = Number.isFinite(y) ? null : format(y);
    if (kind) {
      lost = lost?.kind === kind ? lost : { kind, name, from: x };
      if (lost.to === undefined) paper.voids.push(lost);
      lost.to = x;
      pen = "M";
    } else {
      path += `${pen}${paper.at_x(x).toFixed(1)} ${paper.beyond_y(y).toFixed(1)}`;
      [pen, lost] = ["L", null];
    }
  }
  paper.ink.append(draw("path", { class: `line ${className}`, d: path }));
}

/** Each lost stretch is marked on the upper edge; those on one side share a label under it. */
export function name_voids(paper) {
  const labels = { start: new Map(), middle: new Map(), end: new Map() };
  for (const { name, kind, from, to } of paper.voids) {
    const x1 = paper.at_x(from), x2 = Math.max(paper.at_x(to), x1 + 2);
    const side = x1 < paper.left + 60 ? "start" : x2 > paper.right - 60 ? "end" : "middle";
    labels[side].set(kind, [...(labels[side].get(kind) ?? []), name]);
    paper.svg.append(draw("line", { class: "void", x1, x2, y1: paper.top, y2: paper.top }));
  }
  const places = { start: paper.left + 2.2 * paper.em, middle: (paper.left + paper.right) / 2, end: paper.right };
  for (const [side, kinds] of Object.entries(labels)) {
    const text = [...kinds].map(([kind, names]) => `${names.join(", ")}: ${kind}`).join("; ");
    if (text) words(paper, places[side], paper.top + 1.1 * paper.em, text, "note halo", side);
  }
}

/** A level that curves do not fall below, named. */
export function floor(paper, level) {
  const y = paper.at_y(level);
  paper.svg.append(draw("line", { class: "edge", x1: paper.left, x2: paper.right, y1: y, y2: y }));
  words(paper, paper.right, y - 0.4 * paper.em, `floor ${format(level)}`, "note halo", "end");
}

const POINTS = {
  circle: (x, y, r) => draw("circle", { cx: x, cy: y, r: 0.42 * r }),
  ring: (x, y, r) => draw("circle", { cx: x, cy: y, r: 0.66 * r }),
  diamond: (x, y, r) =>
    draw("path", { d: `M${x} ${y - 0.55 * r}L${x + 0.55 * r} ${y}L${x} ${y + 0.55 * r}L${x - 0.55 * r} ${y}Z` }),
  cross: (x, y, r) =>
    draw("path", { d: `M${x - 0.4 * r} ${y - 0.4 * r}l${0.8 * r} ${0.8 * r}m${-0.8 * r} 0l${0.8 * r} ${-0.8 * r}` }),
};

/** The mark of a point by itself, in a legend. */
export const mark = (shape, x, y, em, className) => {
  const found = POINTS[shape](x, y, em);
  found.setAttribute("class", `point ${className}`);
  return found;
};

/** The point on its line; at the upper edge, named, where the value is infinite; none where it is no number. */
export function point(paper, x, y, shape, className) {
  if (Number.isNaN(y) || Number.isNaN(x)) return;
  paper.svg.append(mark(shape, paper.at_x(x), paper.at_y(y), paper.em, className));
  if (y === Infinity) words(paper, paper.at_x(x) + 0.8 * paper.em, paper.top + 0.3 * paper.em, "∞", "note halo");
}

/** Where a point was before the last step: hollow, and only where it has moved. */
export function ghost(paper, [x, y], [now_x, now_y]) {
  const within = (v, [low, high]) => v >= low && v <= high;
  if (!within(x, paper.x) || !within(y, paper.y)) return;
  const [a, b, c, d] = [paper.at_x(x), paper.at_y(y), paper.at_x(now_x), paper.at_y(now_y)];
  if (![a, b].every(Number.isFinite) || Math.hypot(a - c, b - d) < 0.6 * paper.em) return;
  paper.svg.append(draw("circle", { class: "ghost", cx: a, cy: b, r: 0.4 * paper.em }));
}

/** From here on curves are drawn only right of `x`, with a soft edge: as far as one has been. */
export function veil(paper, x) {
  const { svg, em, at_x, x: range } = paper, id = `soft-${svg.closest("figure").dataset.chart}`, edge = at_x(x);
  if (!(x > range[0])) return;
  const units = "userSpaceOnUse",
    fade = draw("linearGradient", {
      id: `${id}-fade`,
      gradientUnits: units,
      x1: edge,
      x2: edge + 2 * em,
      y1: 0,
      y2: 0,
    });
  fade.append(draw("stop", { offset: 0, "stop-color": "#000" }), draw("stop", { offset: 1, "stop-color": "#fff" }));
  const whole = { x: 0, y: -20, width: svg.clientWidth + 20, height: svg.clientHeight + 40 };
  const mask = draw("mask", { id, maskUnits: units, ...whole });
  mask.append(draw("rect", { ...whole, fill: `url(#${id}-fade)` }));
  const veiled = draw("g", { mask: `url(#${id})` });
  paper.ink.append(veiled);
  paper.ink = veiled;
  svg.append(fade, mask);
}

/**
 * A finger or mouse on the picture takes the point along; up and down still scrolls the page.
 * @param {any} stage
 * @param {(start: any, x: number) => any} set the example where the point stands at x
 */
export function graspable(stage, svg, set, paper_of) {
  const take = (event) => {
    const x = paper_of().to_x(event.clientX - svg.getBoundingClientRect().left);
    move(stage, set(start_of(stage), x));
  };
  let from = null; // where a finger came down: it takes the point only once it has moved sideways
  let own = NaN; // the pointer that has the point: one that drags a guess has not
  svg.onpointerdown = (event) => {
    if (stage.take_guess?.(event, svg, paper_of())) return;
    own = event.pointerId;
    svg.setPointerCapture(own);
    from = event.pointerType === "touch" ? event.clientX : null;
    if (from === null) take(event);
  };
  svg.onpointermove = (event) => {
    if (event.pointerId !== own || (from !== null && Math.abs(event.clientX - from) < 6)) return;
    from = null;
    take(event);
  };
  svg.onpointerup = () => {
    own = NaN;
    if (stage.start) settle(stage, held.scene.example);
  };
  svg.onpointercancel = () => {
    own = NaN;
    drop(stage);
  };
}
