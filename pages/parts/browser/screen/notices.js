// What a link asked for and did not get.

import { make } from "./elements.js";

/** One notice for all of it, until it is put away. */
export function notices(stage) {
  const box = make("div", { className: "notice", role: "alert", hidden: !stage.data.faults.length });
  const close = make("button", {
    type: "button",
    className: "tool",
    aria: { label: "Close" },
    onclick: () => put_away(),
  }, "×");
  const put_away = () => {
    stage.data.faults = [];
    box.remove();
  };
  box.append(make("div", {}, ...stage.data.faults.map((fault) => make("p", {}, fault))), close);
  return box;
}
