// −log q with the wanted class's point on it: on the axis that q and p share in the table below.

import { BASES, LOGS } from "../example/bases.js";
import { target_class, target_name } from "../example/derive.js";
import { with_probability } from "../example/edits.js";
import { format } from "../numbers.js";
import { held } from "../session.js";
import { draw } from "../screen/elements.js";
import { axes, figure, ghost, graspable, line, point, veil, words } from "../screen/plot.js";
import { guess_on, marker_waits } from "../story/guess.js";

const HIGHEST = 6; // nats
const Q_STEPS = Array.from({ length: 121 }, (_, k) => Math.exp(-HIGHEST * (1 - k / 120)));

/** What the point says: −log q of the class that is wanted most. */
const surprise = (result, i, base) => -Math.log(result.columns.probability[i]) / Math.log(base);

export function cost(stage) {
  let paper = null;
  const picture = figure(stage, {
    name: "cost",
    heading: (example) => [
      ["loss", `−${LOGS[example.base]} q`],
      ["quiet", ` of ${target_name(example)}, the wanted class`],
    ],
    label: ({ names }, { totals }) => `−log q of ${names[0]}, with the point at ${format(totals.categorical)}`,
    paint(svg, { example, reveal }, result) {
      const base = BASES[example.base], i = target_class(example), q = result.columns.probability[i];
      paper = axes(stage, svg, { x: [0, 1], y: [0, HIGHEST / Math.log(base)], between: axis_of(stage, svg) });
      picture.querySelector("figcaption").style.paddingLeft = `${paper.left}px`;
      veil(paper, Math.min(reveal, q));
      line(paper, Q_STEPS.map((x) => [x, -Math.log(x) / Math.log(base)]), "categorical", "−log q");
      guides(paper, q, surprise(result, i, base));
      /** @type {[number, number]} */
      const at = [q, surprise(result, i, base)];
      if (stage.ghost) {
        const before = stage.ghost.result, j = target_class(stage.ghost.scene.example);
        ghost(paper, [before.columns.probability[j], surprise(before, j, base)], at);
      }
      guess_on(stage, paper, "cost", (shows) => shows.columns.probability[target_class(held.scene.example)]);
      point(paper, ...at, "circle", "categorical");
      if (!held.view.hide && !marker_waits("cost")) label(paper, at, LOGS[example.base]);
    },
  });
  graspable(stage, picture.querySelector("svg"), (start, x) => {
    const q = Number(Math.min(Math.max(x, 0.0005), 0.9995).toFixed(4));
    return with_probability(start, target_class(start), q);
  }, () => paper);
  return picture;
}

// The table's axis of q, as this picture sees it; on a phone the picture has the whole width.
function axis_of(stage, svg) {
  const axis = stage.element.querySelector(".axis")?.getBoundingClientRect(), own = svg.getBoundingClientRect();
  if (!stage.wide || !axis?.width || axis.left - own.left < 2 * stage.em) return null;
  return [axis.left - own.left, axis.right - own.left];
}

function guides(paper, q, loss) {
  const x = paper.at_x(q), y = paper.at_y(loss);
  if (!Number.isFinite(y)) return;
  paper.svg.append(
    draw("line", { class: "guide probability", x1: x, x2: x, y1: y, y2: paper.floor }),
    draw("line", { class: "guide categorical", x1: paper.left, x2: x, y1: y, y2: y }),
  );
}

// Right of the point and above the curve; near the right edge above it.
function label(paper, [q, loss], log) {
  const { em } = paper, x = paper.at_x(q), y = paper.at_y(loss), room = x < paper.right - 8 * em;
  const text = loss === Infinity ? "q = 0" : `−${log} q = ${format(loss)}`, under = loss === Infinity ? 2.2 * em : 0;
  if (room) words(paper, x + 0.8 * em, y - 0.4 * em + under, text, "note halo loss");
  else words(paper, paper.right, y - 2.4 * em, text, "note halo loss", "end");
}
