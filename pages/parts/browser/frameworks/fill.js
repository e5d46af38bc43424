// The numbers of the calls, put into the rows that Python drew without them: a change of the example draws no formula.

import { make, put } from "../screen/elements.js";
import { document_rule } from "../screen/rule.js";

const hide = document_rule();
const PLACES = [".loss", ".difference", ".track", "em", ".why", ".slope"].map((place) => `.calls ${place}`).join();

/** Put an answer into the rows; while there is none they are without numbers. */
export function fill(answer) {
  hide(answer?.figures ? "" : `${PLACES} { visibility: hidden; }`);
  if (!answer?.figures) return;
  for (const sign of document.querySelectorAll(".calls .sign")) put(sign, answer.sign);
  for (const [name, told] of Object.entries(answer.figures)) {
    const row = document.querySelector(`.calls .${name}`);
    if (row) fill_row(row, told);
  }
}

// In the order in which Python tells them.
function fill_row(row, [loss, difference, bar, badge, why, words, slopes, due, differing]) {
  const at = (selector) => row.querySelector(selector);
  put(at(".loss"), loss);
  put(at(".difference"), difference);
  put(at("em"), badge);
  put(at(".why"), why);
  lay(at(".track b"), bar);
  const said = [words, ...slopes, ...due].join("|");
  if (at(".slope").dataset.said !== said) {
    at(".slope").replaceChildren(...slope(words, slopes, due));
    at(".slope").dataset.said = said;
  }
  row.classList.toggle("equal", bar === 0);
  row.classList.toggle("differing", differing);
}

// From the middle, to the left where the loss is less than the plain one; none for nan.
function lay(place, bar) {
  place.hidden = !bar;
  place.classList.toggle("endless", bar === "endless");
  const share = bar === "endless" ? 1 : bar ?? 0;
  place.style.left = `${50 + 50 * Math.min(share, 0)}%`;
  place.style.width = `${50 * Math.abs(share)}%`;
}

function* slope(words, slopes, due) {
  if (words) yield `${words} `;
  for (const [i, row] of slopes.entries()) {
    if (i) yield make("br");
    yield make("span", { className: "gradient" }, row);
  }
  if (!due.length) return;
  yield make("br");
  yield "The plain cross-entropy’s is ";
  yield make("span", { className: "gradient" }, due.join("; "));
  yield ".";
}
