// What a link asked for and did not get.

import { make } from "./elements.js";

/** One notice for all of it, until it is put away; Python may send the same again. */
export function notices(stage, faults = stage.data.faults) {
  const said = faults.join("\n");
  const box = make("div", { className: "notice", role: "alert", hidden: !said || said === stage.put_away });
  const close = make("button", {
    type: "button",
    className: "tool",
    aria: { label: "Close" },
    onclick: () => {
      stage.put_away = said;
      box.hidden = true;
    },
  }, "×");
  box.append(make("div", {}, ...faults.map((fault) => make("p", {}, fault))), close);
  return box;
}
