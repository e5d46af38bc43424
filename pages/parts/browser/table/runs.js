// The four losses side by side, each where its own steps have led it: its own number, and the same measured alike. The
// one that is chosen here is the one that the point, the arrows and the gradients in the table follow.

import { target_class } from "../example/derive.js";
import { logits_at, OBJECTIVES } from "../example/descent.js";
import { attribute, head, make, number_place, put_number } from "../screen/elements.js";
import { settle } from "../screen/hands.js";
import { held } from "../session.js";
import { sample } from "../screen/plot.js";
import { SHAPES } from "../pictures/shapes.js";

const KINDS = { loss: "its loss", cross_entropy: "cross-entropy", gradient: "∂L/∂z" };

export function runs(stage) {
  const rows = Object.entries(OBJECTIVES).map(([name, { word }]) => {
    const cells = Object.keys(KINDS).map((kind) => number_place(`${name}_${kind}`, "total", "td"));
    cells.forEach((cell, k) => cell.classList.add(k === 2 ? "gradient" : "loss"));
    const choose = make(
      "button",
      {
        type: "button",
        className: "tool",
        title: `Follow the gradient of ${word}`,
        onclick: () => settle(stage, { ...held.scene.example, objective: name }),
      },
      sample(SHAPES[name], `run ${name}`),
      ` ${word}`,
    );
    stage.painters.push((scene) => {
      const { example } = scene, z = logits_at(scene, name), found = OBJECTIVES[name];
      put_number(cells[0], found.loss(z, example));
      put_number(cells[1], OBJECTIVES.cross_entropy.loss(z, example));
      put_number(cells[2], found.gradient(z, example)[target_class(example)]);
      row.classList.toggle("chosen", name === example.objective);
      attribute(choose, "aria-pressed", name === example.objective);
    });
    const row = make("tr", {}, make("th", { scope: "row" }, choose), ...cells);
    return row;
  });
  return make(
    "table",
    { className: "routes runs" },
    head(["loss", ...Object.values(KINDS)]),
    make("tbody", {}, ...rows),
  );
}
