// The table of classes: a row a class, a column a stage of the computation. q and p share one axis: the bar and its handle.

import { one_hot_at, with_logit, with_target } from "../example/edits.js";
import { format } from "../numbers.js";
import { attribute, make, number_place, put, put_number, span } from "../screen/elements.js";
import { settle } from "../screen/hands.js";
import { box, slider } from "../screen/inputs.js";
import { held } from "../session.js";
import { axis } from "./axis.js";
import { COLUMNS, shown } from "./columns.js";

const INFINITE = true;
const WIDEST = 5; // columns: with more the table scrolls by itself, not the window
const EDITS = {
  logit: {
    value: (example, i) => example.logits[i],
    set: with_logit,
    range: (stage) => [-stage.data.logit_range, stage.data.logit_range, 0.01],
    bounds: [-1e6, 1e6, INFINITE],
    wanted: "a logit from −10⁶ to 10⁶, or −∞",
  },
  target: {
    value: (example, i) => example.targets[i],
    set: with_target,
    range: () => [0, 1, 0.01],
    bounds: [0, 1, !INFINITE],
    wanted: "a target from 0 to 1",
  },
};
const TRACKS = {
  name: "fit-content(12rem)",
  slider: "minmax(5rem, 1fr)",
  box: "4.75rem",
  axis: "minmax(6rem, 1.3fr)",
  number: "minmax(4.25rem, max-content)",
};

// With a second table beside it.
const NARROW = { slider: "minmax(3rem, 1fr)", axis: "minmax(3.5rem, 1.3fr)" };

/** The table of the example on the stage, in columns where the stage is wide, and with what is left below each row. */
export function table(stage) {
  const columns = shown(stage.data, held.view), n = held.scene.example.names.length;
  const rows = Array.from(
    { length: n },
    (_, i) => stage.wide ? wide_row(stage, columns, i) : narrow_row(stage, columns, i),
  );
  const grid = make(
    "div",
    { className: "table", role: "table", aria: { label: "The classes" } },
    heading(stage, columns),
    ...rows,
    total(stage, columns),
  );
  grid.style.setProperty("--tracks", tracks(stage, columns));
  attribute(grid, "data-rows", n > 6 ? "many" : n > 3 ? "some" : "few");
  attribute(grid, "data-columns", columns.length > WIDEST ? "many" : "few");
  return grid;
}

function tracks(stage, columns) {
  if (!stage.wide) {
    const name = held.scene.photo ? "4.5rem" : "2.5rem";
    return `minmax(${name}, max-content) minmax(2rem, 1fr) ${TRACKS.box} minmax(3.5rem, max-content) minmax(3.75rem, .6fr)`;
  }
  const room = stage.data.beside ? NARROW : TRACKS;
  const each = (name) => {
    if (name === "logit") return [room.slider, TRACKS.box];
    if (name === "probability") return [TRACKS.number, room.axis];
    if (name === "target") return columns.includes("probability") ? ["4rem"] : [TRACKS.axis, "4rem"];
    return [TRACKS.number];
  };
  return [TRACKS.name, ...columns.flatMap(each)].join(" ");
}

const cell = (className, ...children) => make("div", { className: `cell ${className}`, role: "cell" }, ...children);
const look = (name) => COLUMNS[name].look ?? name;

function wide_row(stage, columns, i) {
  const cells = columns.flatMap((name) => {
    if (name === "logit") return [cell("slider", edit(stage, "logit", i)), cell("typed", typed(stage, "logit", i))];
    if (name === "probability") {
      return [number(stage, name, i), cell("spread", axis(stage, i, edit(stage, "target", i)))];
    }
    if (name === "target") {
      const own = cell("typed", typed(stage, "target", i));
      return columns.includes("probability") ? [own] : [cell("spread", axis(stage, i, edit(stage, "target", i))), own];
    }
    return [number(stage, name, i)];
  });
  return row(stage, i, name_cell(stage, i), ...cells);
}

// On a phone: the score, what it gives, and under them whatever else the page computes.
function narrow_row(stage, columns, i) {
  const rest = columns.filter((name) => !["logit", "probability", "target"].includes(name));
  const more = rest.map((name) =>
    make("span", { className: look(name) }, `${COLUMNS[name].word} `, place(stage, name, i))
  );
  if (columns.includes("target")) {
    more.unshift(make("label", { className: "p" }, "target p ", typed(stage, "target", i)));
  }
  return row(
    stage,
    i,
    name_cell(stage, i),
    cell("slider", edit(stage, "logit", i)),
    cell("typed", typed(stage, "logit", i)),
    number(stage, "probability", i),
    cell("spread", axis(stage, i, edit(stage, "target", i))),
    make("div", { className: "cell more", role: "cell" }, ...more),
  );
}

function row(stage, i, ...cells) {
  const line = make("div", { className: "row", role: "row" }, ...cells);
  stage.painters.push(({ example }) =>
    line.classList.toggle("wanted", example.targets[i] === Math.max(...example.targets))
  );
  return line;
}

function name_cell(stage, i) {
  const button = make("button", {
    type: "button",
    className: "name",
    onclick: () => settle(stage, one_hot_at(held.scene.example, i)),
  });
  stage.painters.push(({ example: { names, targets } }) => {
    put(button, names[i]);
    button.title = `Make ${names[i]} the target`;
    button.disabled = Boolean(held.scene.photo) && i === names.length - 1; // all others are no class
    attribute(button, "aria-pressed", targets[i] === 1);
  });
  return make("div", { className: "cell class", role: "rowheader" }, button);
}

const setting = (kind, i) => {
  const { value, set, ...rest } = EDITS[kind];
  return {
    ...rest,
    className: kind,
    quantity: kind,
    row: i,
    spoken: () => `${kind} of ${held.scene.example.names[i]}`,
    value: (example) => value(example, i),
    set: (start, x) => set(start, i, x),
  };
};
const edit = (stage, kind, i) => slider(stage, { ...setting(kind, i), range: EDITS[kind].range(stage) });
const typed = (stage, kind, i) => box(stage, { ...setting(kind, i), className: kind === "target" ? "p" : "" });

function place(stage, name, i) {
  const found = number_place(name, i);
  stage.painters.push((_, { columns }) => put_number(found, columns[name][i]));
  return found;
}

const number = (stage, name, i) => cell(`number-cell ${look(name)}`, place(stage, name, i));

function heading(stage, columns) {
  const head = (className, ...children) =>
    make("div", { className: `cell ${className}`, role: children.length ? "columnheader" : "cell" }, ...children);
  const named = (name) => {
    const { word, sign, narrow } = COLUMNS[name], mark = span("sign");
    stage.painters.push(({ example }) =>
      put(mark, [sign(example), narrow && example.precision].filter(Boolean).join(", "))
    );
    return head(name === "logit" ? "" : `number-cell ${look(name)}`, `${word} `, mark);
  };
  const both = head("spread", span("q", "q"), stage.wide ? " and " : ", ", span("p", "p"));
  if (!stage.wide) {
    return make(
      "div",
      { className: "row head", role: "row" },
      head("class"),
      named("logit"),
      head(""),
      head("number-cell q", "q"),
      both,
    );
  }
  const cells = columns.flatMap((name) => {
    if (name === "logit") return [named(name), head("")];
    if (name === "probability") return [named(name), both];
    return name === "target" && !columns.includes("probability") ? [both, named(name)] : [named(name)];
  });
  return make("div", { className: "row head", role: "row" }, head("class"), ...cells);
}

function total(stage, columns) {
  const summed = (name) => {
    const column = COLUMNS[name];
    if (!column.sum) return "";
    // A loss that stands above the table in large is not told twice.
    const found = stage.data.losses.includes(name) ? span("number") : number_place(name, "total");
    stage.painters.push((_, { totals }) => put_sum(found, totals[name]));
    return found;
  };
  const sum_cell = (name) => cell(COLUMNS[name].sum ? `number-cell ${look(name)}` : "", summed(name));
  const scale = cell(
    "spread scale-axis",
    ...[0, 0.5, 1].map((v) => make("span", { style: `left: ${100 * v}%` }, String(v))),
  );
  const first = make("div", { className: "cell class", role: "rowheader" }, "Σ");
  if (!stage.wide) {
    const sums = columns.filter((name) => COLUMNS[name].sum && name !== "probability").map((name) =>
      make("span", { className: look(name) }, `${COLUMNS[name].word} `, summed(name))
    );
    return make(
      "div",
      { className: "row total", role: "row" },
      first,
      cell("sums", ...sums),
      cell(""),
      sum_cell("probability"),
      scale,
    );
  }
  const cells = columns.flatMap((name) => {
    if (name === "logit") return [cell(""), cell("")];
    if (name === "probability") return [sum_cell(name), scale];
    return name === "target" && !columns.includes("probability") ? [scale, sum_cell(name)] : [sum_cell(name)];
  });
  return make("div", { className: "row total", role: "row" }, first, ...cells);
}

const put_sum = (place, value) => {
  if (place.dataset.quantity) put_number(place, value);
  else put(place, format(value));
};
