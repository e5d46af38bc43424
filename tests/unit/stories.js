// What the tests of the modules share: an example, a small story of every kind of step, and what Python sends.

export const example = (changes = {}) => ({
  names: ["cat", "dog", "fox"],
  logits: [0.5, 0.2, 0.3].map(Math.log),
  targets: [1, 0, 0],
  temperature: 1,
  base: "e",
  low: 1e-10,
  high: 1,
  precision: "float64",
  objective: "cross_entropy",
  rate: 1,
  ...changes,
});

export const of_logits = (...logits) => example({ logits });

const step = (title, shows, more = {}) => ({
  title,
  text: "",
  shows,
  begins: null,
  ask: null,
  reveal: null,
  look: "",
  charts: null,
  walk: 0,
  batch: null,
  begins_batch: null,
  losses: null,
  training: null,
  begins_training: null,
  ...more,
});
const choice = { kind: "choice", question: "?", choices: ["a", "b", "c"].map((text) => ({ text, why: "" })) };

/** A plain step, one that asks, one that uncovers, one that walks, one that asks again, and a task. */
export const story = (more = {}) => ({
  title: "",
  axis: "gap",
  reveal: -10,
  batches: false,
  trains: false,
  steps: [
    step("plain", of_logits(0, 0, 0)),
    step("asks", of_logits(1, 2, 3), { begins: of_logits(0, 0, 0), ask: choice }),
    step("uncovers", of_logits(3, 0, 0), { reveal: -20 }),
    step("walks", of_logits(0, 4, 0), { walk: 3 }),
    step("asks and uncovers", of_logits(-28, 0, -1), { begins: of_logits(0, 4, 0), ask: choice, reveal: -40 }),
    step("task", of_logits(1, 0, 0), { goal: "logit_pushed_to_10", why: "" }),
  ],
  ...more,
});

export const view = (changes = {}) => ({ step: 1, show: [], hide: false, present: false, ...changes });

/** What Python sends to a mounted stage. */
export const sent = (changes = {}) => ({
  session: "one",
  revision: 0,
  page: "start",
  story: story(),
  example: example(),
  batch: null,
  view: view(),
  own: false,
  own_batch: false,
  training: null,
  address: { step: 1, back: false },
  ...changes,
});
