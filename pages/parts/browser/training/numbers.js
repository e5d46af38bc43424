// The numbers of the first run: its loss large, the others beside it.

import { format } from "../numbers.js";
import { make, number_place, put, put_number, span } from "../screen/elements.js";
import { held } from "../session.js";
import { waits } from "../story/steps.js";
import { LOSSES } from "./settings.js";

const WORDS = {
  train_loss: "training loss",
  test_loss: "test loss",
  train_accuracy: "training accuracy",
  test_accuracy: "test accuracy",
};
const IN_NATS = ["cross_entropy", "clipped", "bernoulli", "double_softmax"];

export function run_numbers(stage) {
  const [first, ...others] = stage.data.losses;
  return [large(stage, first), make("div", { className: "other-numbers" }, ...others.map((name) => line(stage, name)))];
}

function large(stage, name) {
  const called = make("p", { className: "loss-name" }), unit = span("unit-word"), how = span("how");
  stage.painters.push((_, { runs: [{ setting, numbers }], epoch }) => {
    put(called, `${WORDS[name]}, ${LOSSES[setting.loss]}`);
    put(unit, IN_NATS.includes(setting.loss) ? "nats" : "");
    put(how, remark(numbers, epoch));
  });
  return make("div", { className: "loss-number" }, called, ...number(stage, name), unit, how);
}

const line = (stage, name) =>
  make("p", { className: name.endsWith("accuracy") ? "share" : "loss" }, span("", WORDS[name]), ...number(stage, name));

// A number, and what it was.
function number(stage, name) {
  const value = number_place(name, "total"), was = span("was"), share = name.endsWith("accuracy");
  value.classList.add("value");
  stage.painters.push((_, { numbers }) => {
    const now = numbers[name], before = stage.ghost?.result.numbers?.[name], hides = held.view.hide && !share;
    const shown = Number.isNaN(now) ? "…" : told(name, now);
    put_number(value, now, hides ? "?" : shown);
    const moved = before !== undefined && !Number.isNaN(before) && told(name, before) !== shown && !hides;
    put(was, moved ? `was ${told(name, before)}` : "");
  });
  return [value, was];
}

const told = (name, value) => name.endsWith("accuracy") ? `${format(100 * value, 1)}\u00a0%` : format(value);

// What a number alone does not show: that nothing pulls any more. Where that is asked it is not said.
const remark = ({ stuck }, epoch) =>
  stuck > 0 && !held.view.hide && !waits(held.story, held.step, held.seen)
    ? `${format(100 * stuck, 1)} % of the digits: gradient 0`
    : `after epoch ${epoch}, of 1437 digits`;
