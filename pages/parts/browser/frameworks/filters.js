// The search over the calls, and its filters: they hide rows that Python drew, and need no run of it.

import { make } from "../screen/elements.js";
import { document_rule } from "../screen/rule.js";
import { ask, asked } from "./asked.js";
import { has, words_of } from "./search.js";

const ROW = ".calls details:not([hidden])";
const SAID = {
  takes: { "": "Logits or probabilities", logits: "Take logits", probabilities: "Take probabilities" },
  only: { "": "All", differing: "Only those that differ", mistakes: "Only classic mistakes", uses: "Without mistakes" },
};
const hide = document_rule();

// Each filter's options: ids and words, the first of which leaves all calls.
const choices_of = ({ libraries, tasks, releases }) => ({
  framework: { "": "All libraries", ...libraries },
  task: { "": "All tasks", ...tasks },
  ...SAID,
  release: { "": "Newest releases", ...releases },
});

/** What each filter may be, of what the page offers. */
export const known = (offered) =>
  Object.fromEntries(
    Object.entries(choices_of(offered)).map(([name, { "": _all, ...options }]) => [name, Object.keys(options)]),
  );

/** The search, and beside what it finds how many calls that are. */
export function filters(stage) {
  const find = make("input", {
    type: "search",
    className: "box find",
    placeholder: "Search: smoothing, 1e-7, nan …",
    maxLength: 60,
    aria: { label: "Search the calls" },
    value: asked().find,
    oninput: () => change({ find: find.value }),
  });
  const count = make("p", { aria: { live: "polite" } });
  const clear = make("button", { type: "button", className: "tool", onclick: () => reset() }, "Show all");
  const change = (changes) => {
    ask(changes);
    stage.paint();
  };
  const selects = Object.entries(choices_of(stage.data.filters)).map(([name, options]) =>
    select(name, options, change)
  );
  const reset = () => {
    find.value = "";
    for (const one of selects) one.value = "";
    change(Object.fromEntries(["find", ...selects.map(({ dataset }) => dataset.key)].map((name) => [name, ""])));
  };
  stage.sift = (answer) => sift(answer?.figures ?? {}, count, clear);
  return {
    search: make("div", { className: "filters", role: "search" }, find, ...selects),
    found: make("div", { className: "found" }, count, clear),
  };
}

function select(name, options, change) {
  const choose = make(
    "select",
    { className: "box", dataset: { key: name }, aria: { label: LABELS[name] } },
    ...Object.entries(options).map(([value, text]) => make("option", { value }, text)),
  );
  choose.value = asked()[name];
  choose.onchange = () => change({ [name]: choose.value });
  return choose;
}

const LABELS = { framework: "Library", task: "Task", takes: "What is taken", only: "Which calls", release: "Releases" };

// Rows are hidden by a style: what Python draws again stays hidden.
function sift(figures, count, clear) {
  const all = [...document.querySelectorAll(ROW)], words = words_of(asked().find);
  const fitting = all.filter((row) => !Object.keys(figures).length || row.classList[0] in figures);
  const rows = fitting.filter((row) => is_of(row.classList, asked().release));
  const sifted = rows.filter((row) => !fits(row.classList, asked()) || !has(said_by(row), words));
  const gone = [...all.filter((row) => !rows.includes(row)), ...sifted];
  const left = new Set(rows.filter((row) => !sifted.includes(row)).map(library_of));
  const empty = [...new Set(all.map(library_of))].filter((library) => !left.has(library));
  const hidden = [...gone.map((row) => row.classList[0]), ...empty.map((library) => `heading-${library}`)];
  hide(hidden.length ? `${hidden.map((name) => `.calls .${name}`).join()} { display: none; }` : "");
  const kept = rows.length - sifted.length;
  count.textContent = sifted.length ? `${kept || "None"} of ${rows.length} calls` : `${rows.length} calls`;
  clear.hidden = !sifted.length && !asked().release;
}

// Its call and what is said of it: in formulas and figures every word would find all of them.
const said_by = (row) => [...row.querySelectorAll("summary, .said")].map(({ textContent }) => textContent).join(" ");
const library_of = (row) => [...row.classList].find((name) => name.startsWith("library-"));

const SIFTS = {
  differing: (names) => names.contains("differing"),
  mistakes: (names) => names.contains("mistake"),
  uses: (names) => !names.contains("mistake"),
};
const fits = (names, { framework, task, takes, only }) =>
  [framework && `library-${framework}`, task && `task-${task}`, takes && `takes-${takes}`].every((name) =>
    !name || names.contains(name)
  ) && (SIFTS[only]?.(names) ?? true);

// An older release is asked for what its own library computed then; all others are the newest.
const is_of = (names, release) =>
  release && names.contains(`library-${release.split("-")[0]}`)
    ? names.contains(`release-${release}`)
    : !names.contains("old");
