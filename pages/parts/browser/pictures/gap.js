// Loss and gradient of the routes against the wanted class's logit gap: where the clip sets in, and what it costs.

import { BASES } from "../example/bases.js";
import { gap, routes_of, target_class, target_name } from "../example/derive.js";
import { logits_at, paths_of } from "../example/descent.js";
import { with_gap } from "../example/edits.js";
import { format } from "../numbers.js";
import { held } from "../session.js";
import { draw } from "../screen/elements.js";
import { axes, figure, ghost, graspable, line, name_voids, point, veil, words } from "../screen/plot.js";
import { guess_on, marker_waits } from "../story/guess.js";
import { ROUND } from "../xent_core/rounding.js";
import { log_odds } from "../xent_core/softmax.js";

export const GAP_RANGE = { float16: [-30, 20], float32: [-60, 20], float64: [-40, 10] };
export const MARKS = { naive: "cross", clipped: "circle", fused: "ring" };
const ROUTES = ["fused", "naive", "clipped"]; // in the order in which they are drawn over each other

export const loss = (stage) =>
  picture(stage, {
    name: "loss",
    heading: (example) => [
      ["loss", "loss"],
      ["quiet", ` against the gap of ${target_name(example)}`],
    ],
    of: (route) => route.categorical,
    room: 0,
  });

export const slope = (stage) =>
  picture(stage, {
    name: "slope",
    heading: (example) => [
      ["gradient", "gradient ∂L/∂z"],
      ["quiet", ` of ${target_name(example)}, against the gap`],
    ],
    of: (route, i) => route.gradient[i],
    room: 0.2,
  });

function picture(stage, { name, heading, of, room }) {
  let paper = null;
  const lines = tracer();
  const made = figure(stage, {
    name,
    heading,
    label: (_, { routes }) =>
      `${name}, against the logit gap: clipped ${format(routes.clipped.categorical)}, fused ${
        format(routes.fused.categorical)
      }`,
    paint(svg, scene, result) {
      const { example, reveal } = scene,
        i = target_class(example),
        found = lines(example, i),
        b = Math.log(BASES[example.base]);
      const fused = found.map(([, routes]) => of(routes.fused, i)).filter(Number.isFinite);
      const y = [Math.min(0, ...fused) - room / b, Math.max(0, ...fused) + room / b];
      paper = axes(stage, svg, { x: GAP_RANGE[example.precision], y });
      const at = gap(example, i), uncovered = Math.min(reveal, at);
      threshold(paper, example, name, uncovered);
      veil(paper, uncovered);
      for (const route of ROUTES) {
        line(paper, found.map(([x, all]) => [x, of(all[route], i)]), `${route} ${name}`, route);
      }
      name_voids(paper);
      trail(paper, scene, i, of);
      const here = points(scene, result, i, of);
      if (stage.ghost) {
        const before = points(stage.ghost.scene, stage.ghost.result, i, of);
        for (const route of ["clipped", "fused"]) ghost(paper, before[route], here[route]);
      }
      guess_on(
        stage,
        paper,
        name,
        ({ columns }) => gap({ logits: columns.logit, temperature: example.temperature }, i),
      );
      for (const route of ROUTES) point(paper, ...here[route], MARKS[route], `${route} ${name}`);
      if (!held.view.hide && !marker_waits(name)) labels(paper, here);
    },
  });
  const set = (start, x) => with_gap(start, target_class(start), Number(x.toFixed(2)));
  graspable(stage, made.querySelector("svg"), set, () => paper);
  return made;
}

// Where each route's point stands; the clipped one may have gone a way of its own.
function points(scene, { routes }, i, of) {
  const { example, descent } = scene, x = gap(example, i);
  const own = descent && { ...example, logits: logits_at(scene, "clipped") };
  return {
    naive: [x, of(routes.naive, i)],
    clipped: own ? [gap(own, i), of(routes_of(own).clipped, i)] : [x, of(routes.clipped, i)],
    fused: [x, of(routes.fused, i)],
  };
}

// The lines change only with what they are computed from: not while the wanted class's own logit is dragged.
function tracer() {
  let key = "", lines = [];
  return (example, i) => {
    const { names: _, ...settings } = example;
    const now = JSON.stringify({ ...settings, logits: example.logits.map((z, j) => (j === i ? "" : String(z))) });
    if (now !== key) {
      key = now;
      lines = steps(example).map((x) => [x, routes_of(with_gap(example, i, x))]);
    }
    return lines;
  };
}

// Evenly, and more closely where the curves bend and where the clip sets in.
function steps({ precision, low }) {
  const [least, most] = GAP_RANGE[precision], edge = log_odds(ROUND[precision](low));
  const even = Array.from({ length: 81 }, (_, k) => least + (most - least) * k / 80);
  const bend = Array.from({ length: 33 }, (_, k) => k / 2 - 8);
  return [...even, ...bend, edge - 1e-6, edge + 1e-6].filter(Number.isFinite).sort((a, b) => a - b);
}

function trail(paper, { example, descent }, i, of) {
  if (!descent) return;
  for (const logits of paths_of(example, descent).cross_entropy) {
    const on = { ...example, logits }, y = of(routes_of(on).fused, i);
    paper.svg.append(
      draw("circle", { class: "trail", cx: paper.at_x(gap(on, i)), cy: paper.at_y(y), r: 0.16 * paper.em }),
    );
  }
}

// Where q falls below the lower bound: the plateau's height, and the stretch without a gradient.
function threshold(paper, { precision, low: bound, base, targets }, name, uncovered) {
  const low = ROUND[precision](bound), edge = paper.at_x(log_odds(low)), from = paper.at_x(uncovered);
  if (low === 0 || low === 1 || Math.max(...targets) < 1 || from > edge - 5 * paper.em) return;
  paper.svg.append(
    draw("rect", {
      class: "dead",
      x: paper.left,
      width: Math.max(0, edge - paper.left),
      y: paper.top,
      height: paper.floor - paper.top,
    }),
  );
  if (held.view.hide || name !== "loss" || marker_waits(name)) return;
  const level = -Math.log(low) / Math.log(BASES[base]);
  words(
    paper,
    paper.left + 0.4 * paper.em,
    paper.at_y(level) - 0.5 * paper.em,
    `flat at ${format(level, 2)}`,
    "note halo",
  );
}

// Clipped left of its point and below, fused right of it: neither covers the other.
function labels(paper, { clipped, fused }) {
  if (![...clipped, ...fused].every(Number.isFinite)) return;
  const [x, y] = [paper.at_x(clipped[0]), paper.at_y(clipped[1])],
    [u, v] = [paper.at_x(fused[0]), paper.at_y(fused[1])];
  const right = u > paper.left + 0.62 * (paper.right - paper.left),
    away = (right ? -0.9 : 0.9) * paper.em,
    anchor = right ? "end" : "start";
  if (Math.hypot(x - u, y - v) < 0.4 * paper.em) {
    words(paper, u + away, v - 0.7 * paper.em, "both", "note halo", anchor);
    return;
  }
  const below = y + 1.4 * paper.em < paper.floor;
  words(
    paper,
    x,
    y + (below ? 1.4 : -0.8) * paper.em,
    "clipped",
    "note halo",
    x < paper.left + 4 * paper.em ? "start" : "middle",
  );
  words(
    paper,
    u + away,
    v + (v < paper.top + 2 * paper.em ? 1.2 : -0.5) * paper.em,
    "fused",
    "note halo",
    anchor,
  );
}
