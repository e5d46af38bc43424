// Loss and accuracy against epochs, of the digits trained on and of the unseen; several runs over each other.

import { brief, format } from "../numbers.js";
import { held } from "../session.js";
import { draw, make, number_place, put, put_number, span } from "../screen/elements.js";
import { axes, figure, line, point, words } from "../screen/plot.js";
import { curve_of } from "./derive.js";
import { last_epoch, LOSSES, name_of } from "./settings.js";

const FLOOR = Math.log(1 + 9 / Math.E); // what the loss of a doubled softmax over ten classes cannot fall below
const RISE = 1.1; // a curve that ends so many times above its lowest point has that one marked

export const learning = (stage) =>
  figure(stage, {
    name: "learning",
    heading: () => [["loss", loss_word(stage.shown.training)], ["quiet", " against epochs, test dashed"]],
    label: (_, result) => `${loss_word(stage.shown.training)} against epochs: ${spoken(result, "train_loss", format)}`,
    paint(svg, { training }, { runs, measure }) {
      const top = training.top ?? highest(runs, measure);
      const paper = axes(stage, svg, { x: [0, last_epoch(training)], y: [0, top] });
      if (measure === "trained" && runs[0].setting.loss === "double_softmax") floor(paper);
      const of = (part) => (run) => curve_of(run, part, measure);
      curves(paper, runs, of);
      if (runs[0].run) lowest(paper, of("test")(runs[0].run), runs[0].epoch);
    },
  });

export const accuracy = (stage) =>
  figure(stage, {
    name: "accuracy",
    heading: () => [["", "accuracy"], ["quiet", " against epochs, test dashed"]],
    label: (_, result) => `Share of digits read right against epochs: ${spoken(result, "test_accuracy", percent)}`,
    paint(svg, { training }, { runs }) {
      const paper = axes(stage, svg, { x: [0, last_epoch(training)], y: [0, 1] });
      curves(paper, runs, (part) => ({ curves }) => curves[`${part}_accuracy`]);
    },
  });

const percent = (share) => `${format(100 * share, 1)}\u00a0%`;
const loss_word = ({ measure, runs }) =>
  measure === "cross_entropy" || runs.every(({ loss }) => loss === "cross_entropy")
    ? "cross-entropy, nats"
    : runs.every(({ loss }) => loss === runs[0].loss)
    ? LOSSES[runs[0].loss]
    : "loss as trained";

const spoken = ({ runs }, name, tell) =>
  runs.map(({ setting, numbers }) => `${name_of(setting, runs.map((one) => one.setting))} ${tell(numbers[name])}`).join(
    "; ",
  );

// As high as any curve goes that is drawn, so that nothing shifts while it is.
function highest(runs, measure) {
  const all = runs.filter(({ run }) => run).flatMap(({ run }) =>
    ["train", "test"].map((part) => Math.max(...curve_of(run, part, measure)))
  );
  return all.length ? Math.max(...all, 1e-6) * 1.08 : 2.5;
}

// The others first, so that the first run lies on top of them.
function curves(paper, runs, of) {
  const drawn = runs.map((one, k) => ({ ...one, k })).filter(({ run }) => run).reverse();
  for (const part of ["train", "test"]) {
    for (const { run, epoch, k } of drawn) {
      const points = Array.from(of(part)(run).subarray(0, epoch + 1), (y, x) => [x, y]);
      line(paper, points, `of-run run-${k} ${part}`, "");
    }
  }
  for (const { run, epoch, k } of drawn) {
    if (k < 2) point(paper, epoch, of("train")(run)[epoch], k ? "ring" : "circle", `of-run run-${k}`);
  }
}

function floor(paper) {
  const y = paper.at_y(FLOOR);
  paper.svg.append(draw("line", { class: "edge", x1: paper.left, x2: paper.right, y1: y, y2: y }));
  words(paper, paper.right, y + 1.1 * paper.em, `floor ${format(FLOOR)}`, "note quiet halo", "end");
}

// Where the loss on unseen digits was lowest, once it has risen again.
function lowest(paper, curve, epoch) {
  const passed = curve.subarray(0, epoch + 1), least = Math.min(...passed), at = passed.indexOf(least);
  if (held.view.hide || !(curve[epoch] > RISE * least) || least > paper.y[1]) return;
  const x = paper.at_x(at), y = paper.at_y(least);
  paper.svg.append(draw("circle", { class: "ghost", cx: x, cy: y, r: 0.45 * paper.em }));
  words(paper, x, y - 0.9 * paper.em, `lowest at ${at}: ${brief(least)}`, "note halo", "middle");
}

/** What each run is called, with its numbers on unseen digits. */
export function legend(stage) {
  const lines = held.scene.training.runs.map((_, k) => {
    const name = span("run-name"), loss = number_place("", k), right = number_place("test_accuracy", k);
    loss.classList.add("loss");
    stage.painters.push((_, { runs, measure }) => {
      if (!runs[k]) return; // the frame before the step's own
      const { run, setting, epoch, numbers } = runs[k];
      const now = run ? curve_of(run, "test", measure)[epoch] : NaN;
      loss.dataset.quantity = measure === "trained" ? "test_loss" : "test_cross_entropy";
      put(name, name_of(setting, runs.map((one) => one.setting)));
      put_number(loss, now, held.view.hide ? "?" : run ? format(now) : "…");
      put_number(right, numbers.test_accuracy, run ? percent(numbers.test_accuracy) : "…");
    });
    return make("li", {}, sample(k), name, loss, right);
  });
  return make(
    "ul",
    { className: "legend", aria: { label: "Runs, with loss and accuracy on unseen digits" } },
    ...lines,
  );
}

function sample(k) {
  const svg = draw("svg", { class: "sample", viewBox: "0 0 44 22", "aria-hidden": true });
  svg.append(draw("path", { class: `line of-run run-${k}`, d: "M0 11L44 11" }));
  return svg;
}
