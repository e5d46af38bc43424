// Which photo, whose outputs, which class is wanted, and the lessons of the last layer.

import { format } from "../numbers.js";
import { attribute, make, put, span } from "../screen/elements.js";
import { labelled } from "../screen/inputs.js";
import { held } from "../session.js";
import { step_of } from "../story/steps.js";
import { losses_of, wanted_of } from "./derive.js";
import { choose_class, choose_network, choose_photo, forget, teach } from "./hands.js";
import { known, picture_of } from "./store.js";

const LOSSES = { cross_entropy: "cross-entropy", squared_error: "squared error" };

/** The photos, each with the loss of its own label. */
export function photos(stage) {
  const tiles = known.photos.map((photo) => {
    const image = make("img", { src: picture_of(photo), alt: photo.title });
    return make(
      "button",
      {
        type: "button",
        className: "tile",
        title: photo.title,
        onclick: () => choose_photo(stage, photo),
      },
      image,
      span("loss"),
    );
  });
  stage.painters.push(({ photo }) => {
    const losses = losses_of(photo);
    tiles.forEach((tile, k) => {
      attribute(tile, "aria-pressed", photo.photo === known.photos[k].id);
      put(tile.lastChild, held.view.hide || losses[k] === null ? "" : format(losses[k], 2));
    });
  });
  return make("div", { className: "tiles", role: "group", aria: { label: "Photos" } }, ...tiles);
}

export function network(stage) {
  const option = ({ id, title, kind, trained }) => make("option", { value: id }, trained ? title : `${title}, ${kind}`);
  const group = (label, trained) =>
    make("optgroup", { label }, ...known.networks.filter((one) => one.trained === trained).map(option));
  const select = make(
    "select",
    { aria: { label: "Network" }, onchange: () => choose_network(stage, select.value) },
    group("Trained on ImageNet", true),
    group("Before training", false),
  );
  stage.painters.push(({ photo }) => {
    if (select.value !== photo.network) select.value = photo.network;
    for (const one of select.options) {
      one.disabled = photo.photo === OWN && !known.networks.find(({ id }) => id === one.value).trained;
    }
  });
  return labelled("Network", "network-choice", select);
}

export function wanted(stage) {
  const list = make("datalist", { id: "classes" }, ...known.classes.map((name) => make("option", { value: name })));
  const input = make("input", {
    type: "text",
    className: "box class-name",
    autocomplete: "off",
    aria: { label: "Wanted class" },
  });
  input.setAttribute("list", "classes");
  input.onchange = () => {
    choose_class(stage, input.value);
    input.blur();
  };
  input.onfocus = () => input.select();
  stage.painters.push((scene) => {
    if (input !== stage.root.activeElement) input.value = known.classes[wanted_of(scene)];
  });
  return labelled("Wanted", "wanted-choice", input, list);
}

/** Lessons: gradient descent on the last layer alone, where they are told of. */
export function lessons(stage) {
  let loss = "cross_entropy";
  const kinds = Object.entries(LOSSES).map(([name, word]) =>
    make("button", { type: "button", onclick: () => begin(name) }, word)
  );
  const begin = (name) => {
    loss = name;
    stage.paint();
  };
  const step = (by, word) =>
    make("button", { type: "button", dataset: { act: `teach-${by}` }, onclick: () => teach(stage, loss, by) }, word);
  const count = span("title"),
    undo = make("button", { type: "button", className: "tool", onclick: () => forget(stage) }, "Forget");
  stage.painters.push(({ photo: { taught } }) => {
    kinds.forEach((button, k) => attribute(button, "aria-pressed", Object.keys(LOSSES)[k] === loss));
    put(count, taught ? `${taught[3]} ${taught[3] === 1 ? "step" : "steps"}, ${LOSSES[taught[2]]}` : "");
    undo.hidden = !taught;
  });
  const control = labelled(
    "Teach it",
    "lessons",
    make("span", { className: "segments" }, ...kinds),
    make("span", { className: "segments" }, step(1, "Step"), step(10, "10"), step(100, "100 steps")),
    count,
    undo,
  );
  stage.painters.push(({ photo }) => {
    const told = step_of(held.story, held.step).photo;
    control.hidden = !(told.taught || photo.taught || photo.photo === OWN);
  });
  return control;
}
const OWN = "own";
