// The four ways downhill as curves: each loss's own steps, all of them measured in cross-entropy.

import { UNITS } from "../example/bases.js";
import { logits_at, OBJECTIVES, paths_of, place_on } from "../example/descent.js";
import { axes, figure, line, point } from "../screen/plot.js";
import { runs } from "../table/runs.js";
import { SHAPES } from "./shapes.js";

const LEAST_STEPS = 10;

export function descent(stage) {
  const made = figure(stage, {
    name: "descent",
    heading: ({ base }) => [["loss", "cross-entropy"], ["quiet", ` against steps downhill, ${UNITS[base]}`]],
    label: () => "Cross-entropy against steps downhill, for each of the four losses",
    paint(svg, scene) {
      const { example } = scene,
        steps = scene.descent?.steps ?? 0,
        measure = (z) => OBJECTIVES.cross_entropy.loss(z, example);
      /** @type {[string, any[]][]} */
      const runs = Object.keys(OBJECTIVES).map((name) => [name, scene.descent ? measured(scene, name, measure) : []]);
      const heights = [measure(example.logits), ...runs.flatMap(([, points]) => points.map(([, y]) => y))].filter(
        Number.isFinite,
      );
      const paper = axes(stage, svg, {
        x: [0, Math.max(LEAST_STEPS, Math.ceil(steps))],
        y: [0, Math.max(0.1, ...heights) * 1.1],
      });
      for (const [name, points] of runs) line(paper, points, `run ${name}`, OBJECTIVES[name].word);
      for (const [name] of runs) point(paper, steps, measure(logits_at(scene, name)), SHAPES[name], `run ${name}`);
    },
  });
  made.append(runs(stage));
  return made;
}

// As far as one has walked.
function measured({ example, descent: { start, steps } }, name, measure) {
  const path = paths_of(example, { start, steps })[name];
  const whole = path.slice(0, Math.floor(steps) + 1).map((z, k) => [k, measure(z)]);
  return [...whole, [steps, measure(place_on(path, steps))]];
}
