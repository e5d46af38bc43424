// The numbers that a batch's losses become, in large: each by its own name.

import { LOGS, UNITS } from "../example/bases.js";
import { format } from "../numbers.js";
import { make, number_place, put, put_number, span } from "../screen/elements.js";
import { held } from "../session.js";

const WORDS = {
  mean: "mean loss",
  rows: "mean over all rows",
  entries: "mean over m·n entries",
  weighted: "weighted, over Σ w",
  weighted_rows: "weighted, over m",
  tokens: "mean of tokens",
  sequences: "mean of sequences",
  accuracy: "accuracy",
};

const HOW = {
  mean: (_, { count }) => `= Σ L ⁄ ${count}`,
  rows: (_, { rows }) => `= Σ L ⁄ ${rows}`,
  entries: ({ classes }, { rows }) => `= Σ L ⁄ (${rows}·${classes})`,
  weighted: () => "= Σ w L ⁄ Σ w",
  weighted_rows: ({ rows }) => `= Σ w L ⁄ ${rows.length}`,
  tokens: ({ rows }) => `= Σ L ⁄ ${rows.length}`,
  sequences: ({ rows }) => `of ${new Set(rows.map(({ sequence }) => sequence)).size} sequences`,
  accuracy: () => "put their label first",
};

/** The numbers that the step shows. */
export const batch_numbers = (stage, names) => names.map((name) => number(stage, name));

function number(stage, name) {
  const value = number_place(name, "total"), was = span("was"), unit = span("unit-word"), how = span("how");
  value.classList.add("value");
  const share = name === "accuracy";
  stage.painters.push(({ example, batch }, result) => {
    const hides = held.view.hide && !share, now = result.numbers[name], before = stage.ghost?.result.numbers?.[name];
    put_number(value, now, hides ? "?" : told(name, now, result));
    put(unit, share ? "" : UNITS[example.base]);
    put(
      was,
      before !== undefined && format(before) !== format(now) && !hides
        ? `was ${told(name, before, stage.ghost.result)}`
        : "",
    );
    put(how, hides ? "" : HOW[name](batch, result));
  });
  return make(
    "div",
    { className: `loss-number ${share ? "accuracy" : ""}` },
    make("p", { className: "loss-name" }, WORDS[name]),
    value,
    was,
    unit,
    how,
  );
}

// Of how many the label came first is told by counts.
const told = (name, value, { right, count }) => name === "accuracy" ? `${right} ⁄ ${count}` : format(value);

/** What a row's loss is, for its heading. */
export const loss_word = ({ base }) => `−${LOGS[base]} q, ${UNITS[base]}`;
