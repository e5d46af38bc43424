// Both forms against one class's probability, the others keeping their ratios.

import { BASES } from "../example/bases.js";
import { target_class } from "../example/derive.js";
import { with_probability } from "../example/edits.js";
import { held } from "../session.js";
import { make, put } from "../screen/elements.js";
import { slider } from "../screen/inputs.js";
import { schedule } from "../screen/player.js";
import { axes, figure, ghost, graspable, line, name_voids, point } from "../screen/plot.js";
import { softmax_bernoulli_cross_entropy, softmax_cross_entropy } from "../xent_core/losses.js";
import { others } from "../xent_core/rounding.js";

// Probabilities from 0 to 1, closer and closer at the ends, where the losses rise to ∞.
const TAILS = [0, 1e-12, 1e-9, 1e-7, 1e-5, 1e-4];
const EVEN = Array.from({ length: 95 }, (_, k) => (1 - Math.cos(Math.PI * (k + 1) / 96)) / 2);
const Q_STEPS = [...TAILS, ...EVEN, ...TAILS.map((x) => 1 - x).reverse()];

export function forms(stage) {
  let paper = null;
  const who = (example) => Math.min(stage.pick ?? target_class(example), example.names.length - 1);
  // At q = 1 the others' logits are −∞ and know their ratios no more: the last example that did is kept for the way back.
  let ratios = null;
  const with_q = (start, value) => {
    const i = who(start);
    if (others(start.logits, i).some(Number.isFinite) || ratios?.logits.length !== start.logits.length) ratios = start;
    return with_probability({ ...start, logits: ratios.logits }, i, value);
  };
  const picture = figure(stage, {
    name: "forms",
    heading: ({ names, ...rest }) => [
      ["loss", "both losses"],
      ["quiet", ` against q of ${names[who({ names, ...rest })]}`],
    ],
    label: (example) => `Both losses against the probability of ${example.names[who(example)]}`,
    paint(svg, { example }, { columns, totals }) {
      const i = who(example), b = BASES[example.base];
      paper = axes(stage, svg, { x: [0, 1], y: [0, 6 / Math.log(b)] });
      const moved = Q_STEPS.map((x) => [x, with_probability(example, i, x)]);
      const along = (loss) =>
        moved.map(([x, { logits, targets, temperature }]) => [x, loss(logits, targets, temperature, b)]);
      line(paper, along(softmax_cross_entropy), "categorical", "categorical");
      line(paper, along(softmax_bernoulli_cross_entropy), "bernoulli", "Bernoulli");
      name_voids(paper);
      const q = columns.probability[i], before = stage.ghost?.result;
      if (before && before.columns.probability.length > i) {
        for (const form of ["categorical", "bernoulli"]) {
          ghost(paper, [before.columns.probability[i], before.totals[form]], [q, totals[form]]);
        }
      }
      point(paper, q, totals.bernoulli, "diamond", "bernoulli");
      point(paper, q, totals.categorical, "circle", "categorical");
    },
  });
  graspable(stage, picture.querySelector("svg"), (start, x) => with_q(start, Number(x.toFixed(3))), () => paper);
  picture.append(make("div", { className: "under" }, class_picker(stage, who), q_slider(stage, who, with_q)));
  return picture;
}

function q_slider(stage, who, with_q) {
  return slider(stage, {
    range: [0, 1, 0.001],
    className: "probability",
    spoken: () => `probability of ${held.scene.example.names[who(held.scene.example)]}`,
    value: (example, { columns }) => columns.probability[who(example)],
    set: with_q,
  });
}

// Which class the curve follows.
function class_picker(stage, who) {
  const select = make("select", { aria: { label: "Class of the curve" } });
  select.onchange = () => {
    stage.pick = Number(select.value);
    schedule(stage);
  };
  stage.painters.push(({ example }) => {
    const { names } = example;
    names.forEach((name, k) =>
      put(select.options[k] ?? select.appendChild(make("option", { value: String(k) })), name)
    );
    while (select.options.length > names.length) select.remove(names.length);
    select.value = String(who(example));
  });
  return select;
}
