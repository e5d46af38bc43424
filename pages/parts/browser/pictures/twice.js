// The loss, and the loss of a softmax taken twice, against the wanted class's logit: the second has a floor.

import { BASES } from "../example/bases.js";
import { doubled_floor, target_class, target_name } from "../example/derive.js";
import { with_logit } from "../example/edits.js";
import { format } from "../numbers.js";
import { held } from "../session.js";
import { waits } from "../story/steps.js";
import { axes, figure, floor, ghost, graspable, line, name_voids, point } from "../screen/plot.js";
import { softmax_cross_entropy } from "../xent_core/losses.js";
import { softmax } from "../xent_core/softmax.js";

const REACH = [-10, 17], STEPS = Array.from({ length: 89 }, (_, k) => REACH[0] + (REACH[1] - REACH[0]) * k / 88);

export function twice(stage) {
  let paper = null;
  const picture = figure(stage, {
    name: "twice",
    heading: (example) => [
      ["loss", "loss"],
      ["quiet", ` against ${target_name(example)}’s logit: one softmax (line), two (dashes)`],
    ],
    label: (_, { totals, doubled }) => `Loss ${format(totals.categorical)}, of a doubled softmax ${format(doubled)}`,
    paint(svg, { example }, result) {
      const { logits, targets, temperature } = example, base = BASES[example.base], i = target_class(example);
      paper = axes(stage, svg, { x: REACH, y: [0, 5 / Math.log(base)] });
      const seen = asks() ? STEPS.filter((x) => x <= logits[i]).concat(logits[i]) : STEPS;
      const along = (loss) => seen.map((x) => [x, loss(logits.with(i, x))]);
      line(paper, along((z) => softmax_cross_entropy(z, targets, temperature, base)), "categorical", "one");
      line(paper, along((z) => softmax_cross_entropy(softmax(z, temperature), targets, 1, base)), "doubled", "two");
      name_voids(paper);
      if (!held.view.hide && !asks()) floor(paper, doubled_floor(logits.length, base));
      const x = logits[i], before = stage.ghost;
      if (before) {
        const was = before.scene.example.logits[i];
        ghost(paper, [was, before.result.totals.categorical], [x, result.totals.categorical]);
        ghost(paper, [was, before.result.doubled], [x, result.doubled]);
      }
      point(paper, x, result.doubled, "diamond", "doubled");
      point(paper, x, result.totals.categorical, "circle", "categorical");
    },
  });
  const set = (start, x) => with_logit(start, target_class(start), Number(x.toFixed(2)));
  graspable(stage, picture.querySelector("svg"), set, () => paper);
  return picture;
}

// Where a question waits, the curves end at the point, and the floor is not drawn: they would be the answer.
const asks = () => waits(held.story, held.step, held.seen);
