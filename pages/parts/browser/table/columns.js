// The columns that a table can have, each declared once: its word, its sign, how it is edited, whether it has a sum.

import { OBJECTIVES } from "../example/descent.js";
import { LOGS } from "../example/bases.js";

/**
 * @typedef {object} Column
 * @property {string} word
 * @property {(example: any) => string} sign
 * @property {string} [look] the class that colours it, where that is not its own name
 * @property {boolean} [sum] its sum is shown
 * @property {boolean} [narrow] it is computed in the precision chosen, and says so
 */

/** @type {Record<string, Column>} in the order in which they stand */
export const COLUMNS = {
  logit: { word: "logit", sign: () => "z" },
  exp: { word: "exponential", sign: (t) => (t.temperature === 1 ? "eᶻ" : "eᶻᐟᵀ"), narrow: true, sum: true },
  naive: { word: "naive", sign: () => "softmax", narrow: true, sum: true },
  shifted: { word: "shifted", sign: () => "softmax", narrow: true, sum: true },
  clipped: { word: "clipped", sign: () => "q", narrow: true },
  probability: { word: "probability", sign: () => "q", look: "q", sum: true },
  target: { word: "target", sign: () => "p", look: "p", sum: true },
  twice: { word: "softmax", sign: () => "of q", sum: true },
  categorical: { word: "categorical", sign: (t) => `−p ${LOGS[t.base]} q`, look: "loss", sum: true },
  bernoulli: {
    word: "Bernoulli",
    sign: (t) => `−p ${LOGS[t.base]} q − (1−p) ${LOGS[t.base]} (1−q)`,
    look: "loss",
    sum: true,
  },
  gradient: {
    word: "gradient",
    sign: (t) => t.objective === "cross_entropy" ? "∂L/∂z" : OBJECTIVES[t.objective].word,
    look: "gradient",
  },
};

/** The columns on screen: those the reader chose, or else the page's own. */
export const shown = (data, view) => (view.show.length ? view.show : data.columns);
