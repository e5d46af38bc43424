// AlexNet and ResNet, layer by layer, to scale: how many values come out of each, and how many parameters it has, down
// to the 1000 output nodes.

import { attribute, make, span } from "../screen/elements.js";
import { known } from "./store.js";

const whole = (n) => n.toLocaleString("en-US");

export function layers() {
  const body = make("div", { className: "layer-rows" });
  const buttons = known.layers.map((one) => make("button", { type: "button", onclick: () => show(one) }, one.network));
  function show({ layers, parameters, network, top_1, source }) {
    const most = [1, 2].map((k) => Math.max(...layers.map((layer) => layer[k])));
    body.replaceChildren(
      make("div", { className: "layer head" }, span("", ""), span("", "values out"), span("", "parameters")),
      ...layers.map(([name, ...sizes]) =>
        make("div", { className: "layer" }, span("layer-name", name), ...sizes.map((size, k) => bar(size, most[k], k)))
      ),
      make(
        "p",
        { className: "quiet" },
        `${whole(parameters)} parameters. Trained, ${
          Math.round(1000 * top_1) / 10
        } % of ImageNet’s validation photos are `,
        `read right at first (${source}).`,
      ),
    );
    buttons.forEach((button, k) => attribute(button, "aria-pressed", known.layers[k].network === network));
  }
  show(known.layers[0]);
  return make(
    "figure",
    { className: "chart layers", dataset: { chart: "layers" } },
    make("div", { className: "segments", role: "group", aria: { label: "Network" } }, ...buttons),
    body,
  );
}

function bar(size, most, k) {
  const length = make("i", { className: k ? "of-parameters" : "of-values" });
  length.style.width = `${100 * size / most}%`;
  return make(
    "div",
    { className: "layer-bar" },
    make("div", { className: "along" }, length),
    span("number", whole(size)),
  );
}
