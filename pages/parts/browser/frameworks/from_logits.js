// The switch that is set wrong most often: what from_logits makes of the example, and where a softmax too many stops.

import { doubled_floor, target_class, target_name } from "../example/derive.js";
import { with_logit } from "../example/edits.js";
import { ease } from "../example/motion.js";
import { format } from "../numbers.js";
import { attribute, make, number_place, put, put_number } from "../screen/elements.js";
import { is_still } from "../screen/player.js";
import { axes, figure, floor, graspable, line, point } from "../screen/plot.js";
import { ask, asked } from "./asked.js";
import { is_right, outcome } from "./outcomes.js";

const REACH = [-10, 17], STEPS = Array.from({ length: 109 }, (_, k) => REACH[0] + (REACH[1] - REACH[0]) * k / 108);
const MILLISECONDS = 500;
const SWITCHES = {
  output: { title: "The model puts out", options: { logits: "logits z", probabilities: "softmax q" } },
  from_logits: { title: "from_logits", options: { true: "True", false: "False" } },
};
const VERDICTS = {
  logits: {
    true: () => "Right: the loss takes the softmax itself, and nothing is clipped.",
    false: () =>
      "Logits taken for probabilities: each is divided by their sum and clipped. Learning stops or runs wild.",
  },
  probabilities: {
    true: (n) =>
      `Softmax twice: however sure and right the model is, the loss stays above ${format(doubled_floor(n))}.`,
    false: () => "Right: q is taken as it stands, and clipped at 1e-7: the loss stays below 16.12.",
  },
};

const now = () => /** @type {const} */ ([asked().output, asked().from_logits === "true"]);

/** The two switches, what comes out, and the loss against the wanted class’s logit. */
export function from_logits(stage) {
  const value = number_place("from_logits", "total"), verdict = make("p", { className: "verdict" });
  value.classList.add("value");
  /** @type {any} what was chosen before, and since when */
  let before = null;
  const shown = (example) => {
    const to = outcome(example, ...now()), t = before ? (performance.now() - before.since) / MILLISECONDS : 1;
    const from = t < 1 ? outcome(example, ...before.choice) : to;
    return Number.isFinite(from) && Number.isFinite(to) && t < 1 ? from + (to - from) * ease(t) : to;
  };
  const play = () => {
    stage.paint();
    if (before && performance.now() - before.since < MILLISECONDS) requestAnimationFrame(play);
  };
  const choose = (changes) => {
    before = is_still() ? null : { choice: now(), since: performance.now() };
    ask(changes);
    play();
  };
  stage.painters.push(({ example }) => {
    put_number(value, outcome(example, ...now()));
    put(verdict, VERDICTS[asked().output][asked().from_logits](example.names.length));
    verdict.classList.toggle("wrong", !is_right(...now()));
  });
  return make(
    "section",
    { className: "from-logits", aria: { label: "from_logits" } },
    make(
      "div",
      { className: "switches" },
      ...Object.entries(SWITCHES).map(([name, one]) => switched(stage, name, one, choose)),
    ),
    make("p", { className: "outcome" }, value, " nats"),
    verdict,
    curves(stage, shown),
  );
}

function switched(stage, name, { title, options }, choose) {
  const buttons = Object.entries(options).map(([key, text]) =>
    make("button", { type: "button", dataset: { key: `${name} ${key}` }, onclick: () => choose({ [name]: key }) }, text)
  );
  stage.painters.push(() =>
    buttons.forEach((button, k) => attribute(button, "aria-pressed", Object.keys(options)[k] === asked()[name]))
  );
  return make(
    "div",
    { className: "control", role: "group", aria: { label: title } },
    make("span", { className: "title", aria: { hidden: true } }, title),
    make("span", { className: "segments" }, ...buttons),
  );
}

function curves(stage, shown) {
  let paper = null;
  const picture = figure(stage, {
    name: "outcome",
    heading: (example) => [
      ["loss", "loss"],
      ["quiet", ` against ${target_name(example)}’s logit: as set (line), set rightly on logits (dashes)`],
    ],
    label: (example) =>
      `Loss ${format(outcome(example, ...now()))}, and ${
        format(outcome(example, "logits", true))
      } where it is set rightly`,
    paint(svg, { example }) {
      paper = axes(stage, svg, { x: REACH, y: [0, 5] });
      const i = target_class(example), x = example.logits[i];
      const along = (output, told) =>
        STEPS.map((z) => [z, outcome({ ...example, logits: example.logits.with(i, z) }, output, told)]);
      line(paper, along("logits", true), "doubled", "right");
      line(paper, along(...now()), "categorical", "as set");
      if (now().join() === "probabilities,true") floor(paper, doubled_floor(example.names.length));
      point(paper, x, shown(example), "circle", "categorical");
    },
  });
  const set = (start, x) => with_logit(start, target_class(start), Number(x.toFixed(2)));
  graspable(stage, picture.querySelector("svg"), set, () => paper);
  return picture;
}

/** What each switch may be. */
export const OPTIONS = Object.fromEntries(
  Object.entries(SWITCHES).map(([name, { options }]) => [name, Object.keys(options)]),
);
