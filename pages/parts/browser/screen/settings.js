// The settings: what the page itself does not show of the example, its columns, and its classes.

import { as_name, LIMITS, with_class, without_class } from "../example/edits.js";
import { held, look } from "../session.js";
import { COLUMNS, shown } from "../table/columns.js";
import { CONTROLS } from "./controls.js";
import { attribute, make } from "./elements.js";
import { complain, settle, told } from "./hands.js";
import { typed_into } from "./inputs.js";

const EVERYWHERE = ["base", "precision", "temperature", "smoothing", "bounds"];

/** A panel that opens over the stage, and closes with a press beside it. */
export function settings(stage) {
  const panel = make("div", {
    className: "settings",
    id: "settings",
    popover: "auto",
    role: "group",
    aria: { label: "Settings" },
  });
  const others = EVERYWHERE.filter((name) => !stage.data.controls.includes(name));
  const { batch, photo, training } = held.scene;
  if (batch || photo || training) return panel;
  panel.append(...others.map((name) => CONTROLS[name](stage)), columns(stage), classes(stage));
  return panel;
}

function columns(stage) {
  const now = shown(stage.data, held.view);
  const flip = (name) =>
    Object.keys(COLUMNS).filter((other) => other === name ? !now.includes(name) : now.includes(other));
  const chips = Object.keys(COLUMNS).map((name) =>
    make("button", {
      type: "button",
      className: "chip",
      aria: { pressed: now.includes(name) },
      dataset: { key: `column ${name}` },
      onclick: () => {
        look({ show: flip(name) });
        stage.paint();
        told(stage);
      },
    }, COLUMNS[name].word + (COLUMNS[name].word === "softmax" ? " of q" : ""))
  );
  return make(
    "div",
    { className: "chips", role: "group", aria: { label: "Columns" } },
    make("span", { className: "title" }, "Columns"),
    ...chips,
  );
}

function classes(stage) {
  const count = held.scene.example.names.length;
  const add = make("button", {
    type: "button",
    className: "tool",
    disabled: count >= LIMITS.classes,
    dataset: { key: "add" },
    onclick: () => settle(stage, with_class(held.scene.example, stage.data.names)),
  }, "Add a class");
  const fields = Array.from({ length: count }, (_, i) => naming(stage, i, count));
  return make(
    "div",
    { className: "classes", role: "group", aria: { label: "Classes" } },
    make("span", { className: "title" }, "Classes"),
    ...fields,
    add,
  );
}

function naming(stage, i, count) {
  const input = make("input", {
    className: "box rename",
    maxLength: LIMITS.name,
    aria: { label: `Name of class ${i + 1}` },
  });
  typed_into(stage, input, () => {
    const { example } = held.scene, name = as_name(input.value);
    if (name) settle(stage, { ...example, names: example.names.with(i, name) });
    else complain(stage, "A class without a name was not taken. Expected 1 to 24 printable characters.");
  });
  stage.painters.push(({ example: { names } }) => {
    if (input !== stage.root.activeElement) input.value = names[i] ?? "";
  });
  const remove = make("button", {
    type: "button",
    className: "remove",
    disabled: count <= 2,
    title: "Remove this class",
    aria: { label: `Remove class ${i + 1}` },
    onclick: () => settle(stage, without_class(held.scene.example, i)),
  }, "×");
  const field = make("span", { className: "naming" }, input, remove);
  attribute(field, "data-class", i);
  return field;
}
