// What each network says before any training, and the two that are trained: the mean loss over the ready photos.

import { format } from "../numbers.js";
import { attribute, make, span } from "../screen/elements.js";
import { held } from "../session.js";
import { waits } from "../story/steps.js";
import { choose_network } from "./hands.js";
import { known } from "./store.js";

const REACH = 50; // nats

export function networks(stage) {
  const classes = known.classes.length, rows = known.networks.map((network) => row(stage, network));
  const ln = span("ln-word", `ln ${classes} = ${format(Math.log(classes))}`);
  ln.style.left = share(Math.log(classes));
  const made = make(
    "figure",
    { className: "chart networks", dataset: { chart: "networks" } },
    make(
      "figcaption",
      {},
      span("loss", "mean loss"),
      span("quiet", " over the photos; ○ where ln n + s²\u00a0⁄\u00a02 puts it"),
    ),
    make("div", { className: "network head" }, span("", ""), make("div", { className: "along" }, ln), span("", "")),
    ...rows,
  );
  made.style.setProperty("--ln", share(Math.log(classes)));
  stage.painters.push(() => made.classList.toggle("held-back", waits(held.story, held.step, held.seen)));
  return made;
}

const share = (loss) => `${100 * Math.min(loss / REACH, 1)}%`;

function row(stage, { id, title, kind, told, trained, loss, first }) {
  const name = make(
    "button",
    {
      type: "button",
      className: "tool",
      title: told,
      onclick: () => choose_network(stage, id),
    },
    title,
    span("quiet", `, ${kind}`),
  );
  const dot = make("i", { className: "dot-loss" }), expected = make("i", { className: "dot-expected" });
  dot.style.left = share(loss);
  expected.style.left = share(first);
  expected.hidden = trained || first > REACH;
  const line = make(
    "div",
    { className: "network" },
    name,
    make("div", { className: "along" }, dot, expected),
    span("number loss", format(loss)),
  );
  stage.painters.push(({ photo }) => attribute(name, "aria-pressed", photo.network === id));
  return line;
}
