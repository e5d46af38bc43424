// Exponentials and their shares, side by side: one bar a class.

import { format } from "../numbers.js";
import { draw } from "../screen/elements.js";
import { axes, figure, words } from "../screen/plot.js";

const largest = (values) => Math.max(0, ...values.filter(Number.isFinite));

/** The exponentials in the precision chosen; with an old picture as a ghost both stand on one scale. */
export const exponentials = (stage) =>
  bars(stage, "exponentials", "exp", {
    heading: (
      { temperature },
    ) => [["", `exponentials ${temperature === 1 ? "eᶻ" : "eᶻᐟᵀ"}`], ["quiet", ", of any size"]],
    highest: (values, before) => largest([...values, ...before]) || 1,
  });

/** The probabilities, which are the exponentials' shares of their sum. */
export const shares = (stage) =>
  bars(stage, "shares", "probability", {
    heading: () => [["q", "probabilities q"], ["quiet", ", each its share of the sum"]],
    highest: () => 1,
  });

function bars(stage, name, column, { heading, highest }) {
  return figure(stage, {
    name,
    heading,
    label: ({ names }, { columns }) =>
      `${name}: ${names.map((who, i) => `${who} ${format(columns[column][i])}`).join(", ")}`,
    paint(svg, { example }, result) {
      const values = result.columns[column], before = stage.ghost?.result.columns[column] ?? [];
      const top = highest(values, before) * 1.18, count = values.length;
      const paper = axes(stage, svg, { x: [0, count], y: [0, top] });
      svg.querySelectorAll(".tick[text-anchor=middle]").forEach((tick) => tick.remove());
      const step = (paper.right - paper.left) / count, width = Math.min(step * 0.6, 5 * paper.em);
      values.forEach((value, i) => {
        const middle = paper.left + (i + 0.5) * step;
        bar(paper, middle, width, value, `bar ${column}`);
        if (count === before.length && Math.abs(paper.at_y(before[i]) - paper.at_y(value)) > 2) {
          bar(paper, middle, width, before[i], "ghost");
        }
        const digits = count > 6 ? 2 : 4;
        words(
          paper,
          middle,
          paper.at_y(Number.isFinite(value) ? value : top) - 0.35 * paper.em,
          format(value, digits),
          "note",
          "middle",
        );
        words(paper, middle, paper.floor + 1.2 * paper.em, short(example.names[i], step / paper.em), "tick", "middle");
      });
    },
  });
}

function bar(paper, middle, width, value, className) {
  if (Number.isNaN(value)) return;
  const y = paper.at_y(value), endless = value === Infinity ? " endless" : "";
  paper.svg.append(
    draw("rect", { class: className + endless, x: middle - width / 2, width, y, height: Math.max(0, paper.floor - y) }),
  );
}

const short = (name, ems) =>
  name.length > ems * 1.8 ? `${name.slice(0, Math.max(1, Math.floor(ems * 1.8) - 1))}…` : name;
