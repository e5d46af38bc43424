// What stands above the calls of Frameworks: the example's own sliders with from_logits beside them, the search, and
// what all calls say together.

import { make, put, span } from "../screen/elements.js";
import { table } from "../table/table.js";
import { answer_of, forget_failures } from "./answers.js";
import { asked, read } from "./asked.js";
import { fill } from "./fill.js";
import { filters, known } from "./filters.js";
import { lay_formulas } from "./formulas.js";
import { from_logits, OPTIONS } from "./from_logits.js";

/** The parts of the page, and what its address asks for and cannot get. */
export function bench(stage) {
  const faults = read({ ...known(stage.data.filters), ...OPTIONS });
  const sliders = stage.data.columns.length
    ? [make("div", { className: "bench" }, table(stage), from_logits(stage))]
    : [];
  document.documentElement.classList.add("benched");
  const { search, found } = filters(stage), said = make("div", { className: "tally" }, summary(stage), found);
  stage.refreshed = null; // the places for what is said of them all are new
  stage.painters.push(() => refresh(stage, false));
  return { faults, parts: [...sliders, search, said] };
}

// The rows get the numbers of the example on the stage, and those that are not looked for go. A hundred rows are gone
// through only for another answer, another question, or where Python drew them anew: not in each frame of a drag.
function refresh(stage, drawn_anew) {
  const answer = answer_of(stage, stage.paint_soon), before = stage.refreshed;
  if (!drawn_anew && before?.answer === answer && before.asked === asked()) return;
  stage.refreshed = { answer, asked: asked() };
  fill(answer);
  stage.sift(answer);
  stage.summarise(answer);
}

/** Rows that Python draws get their numbers too, whenever it does. */
export function keep_filled(stage, stranger) {
  if (stranger) forget_failures();
  stage.watcher ??= new MutationObserver(() => {
    refresh(stage, true);
    lay_formulas(stage);
    stage.watcher.takeRecords(); // of what was done just now
  });
  const changes = { childList: true, subtree: true, attributeFilter: ["open"] };
  stage.watcher.observe(stage.root.host.closest("[data-testid=stMain]"), changes);
}

function summary(stage) {
  const plain = span("loss"), different = make("strong"), calls = span();
  const sentence = span("", "Plain cross-entropy: ", plain, " nats. ", calls, " return ", different);
  sentence.append(" different numbers.");
  const more = make("p", { className: "quiet" });
  const look = span(), box = make("div", { className: "summary" }, make("p", {}, look, sentence), more);
  stage.summarise = (answer) => {
    put(look, `${stage.data.look} `);
    sentence.style.visibility = answer?.figures ? "" : "hidden";
    put(more, answer?.fault ?? answer?.left_out.join(" ") ?? "");
    if (!answer?.figures) return;
    put(plain, answer.plain);
    put(calls, `${answer.calls} calls`);
    put(different, String(answer.different));
  };
  return box;
}
