// What stands above the calls of Frameworks: the example's own sliders with from_logits beside them, and the search.

import { make } from "../screen/elements.js";
import { table } from "../table/table.js";
import { read } from "./asked.js";
import { fill } from "./fill.js";
import { filters, known } from "./filters.js";
import { from_logits, OPTIONS } from "./from_logits.js";

/** The parts of the page, and what its address asks for and cannot get. */
export function bench(stage) {
  const faults = read({ ...known(stage.data.filters), ...OPTIONS });
  const sliders = stage.data.columns.length
    ? [make("div", { className: "bench" }, table(stage), from_logits(stage))]
    : [];
  return { faults, parts: [...sliders, filters(stage)] };
}

/** The rows get their numbers, and those that are not looked for go; again whenever Python draws rows. */
export function keep_filled(stage) {
  const refresh = () => {
    fill(stage.data.figures);
    stage.sift();
    watcher.takeRecords(); // of what was done just now
  };
  const watcher = stage.watcher ??= new MutationObserver(() => stage.refresh());
  stage.refresh = refresh;
  watcher.observe(stage.root.host.closest("[data-testid=stMain]"), { childList: true, subtree: true });
  refresh();
}
