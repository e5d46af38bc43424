// The pictures of a phone, one at a time.

import { held } from "../session.js";
import { step_of } from "../story/steps.js";
import { make } from "./elements.js";

const WORDS = {
  cost: "Loss",
  exponentials: "Exponentials",
  shares: "Probabilities",
  twice: "Loss",
  forms: "Losses",
  floors: "Floors",
  loss: "Loss",
  slope: "Gradient",
  routes: "Routes",
  triangle: "Triangle",
  descent: "Steps",
  batch: "Batch",
  strip: "Logits",
  networks: "Networks",
  layers: "Layers",
  learning: "Loss",
  accuracy: "Accuracy",
  weights: "Weights",
  digits: "Digits",
  worst: "Worst",
};

/** The picture that the step is about is seen first; another can be chosen. */
export function tabs_of(stage, pictures) {
  const names = pictures.map((picture) => picture.dataset.chart), at = { step: 0, name: "" };
  const tabs = names.map((name) =>
    make("button", { type: "button", role: "tab", onclick: () => choose(name) }, WORDS[name])
  );
  const choose = (name) => {
    at.name = name;
    stage.paint();
  };
  stage.painters.push(() => {
    const { look } = step_of(held.story, held.step);
    if (at.step !== held.step) Object.assign(at, { step: held.step, name: names.includes(look) ? look : names[0] });
    tabs.forEach((tab, k) => tab.setAttribute("aria-selected", String(names[k] === at.name)));
    stage.element.dataset.look = at.name;
    pictures.forEach((picture, k) => picture.classList.toggle("looked-at", names[k] === at.name));
  });
  return make("div", { className: "tabs", role: "tablist", hidden: names.length < 2 }, ...tabs);
}
