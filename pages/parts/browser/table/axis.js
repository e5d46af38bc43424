// The axis that q and p share: the bar of q, the handle of p, and on Gradients the arrow from the one to where it is pulled.

import { make } from "../screen/elements.js";
import { held } from "../session.js";
import { shown } from "./columns.js";

// The bar of q from 0, the handle of p, and as a ghost what q was before.
export function axis(stage, i, handle) {
  const fill = make("i", { className: "fill" }), old = make("i", { className: "old" });
  stage.painters.push(({ example }, { columns }) => {
    const q = columns.probability[i], before = stage.ghost?.result.columns.probability;
    fill.style.transform = `scaleX(${q})`;
    const moved = before?.length === example.names.length && Math.abs(before[i] - q) >= 0.004;
    old.hidden = !moved;
    if (moved) old.style.width = `${100 * before[i]}%`;
  });
  const arrow = shown(stage.data, held.view).includes("gradient") ? [arrow_of(stage, i)] : [];
  return make("div", { className: "axis" }, fill, old, ...arrow, handle);
}

// Where a step of rate 1 would take the logit: against the gradient, as long as it is, from the end of the bar.
function arrow_of(stage, i) {
  const arrow = make("i", { className: "arrow" });
  stage.painters.push((_, { columns }) => {
    const q = columns.probability[i], pull = columns.gradient[i], to = Math.min(Math.max(q - pull, 0), 1);
    arrow.hidden = !(Math.abs(to - q) > 0.002);
    arrow.classList.toggle("back", to < q);
    arrow.style.left = `${100 * Math.min(q, to)}%`;
    arrow.style.width = `${100 * Math.abs(to - q)}%`;
  });
  return arrow;
}
