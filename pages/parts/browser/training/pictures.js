// What a run has learnt, as pictures of 8 × 8: the weights of each digit, and digits as it reads them.

import { brief, format } from "../numbers.js";
import { draw, make, put, span } from "../screen/elements.js";

const SIDE = 8, CLASSES = 10, PIXELS = SIDE * SIDE, DARKEST = 16;
const LEAST_SCALE = 0.5; // weights far below it look as small as they are
const FOR = [0, 158, 115], AGAINST = [125, 132, 143]; // on a light ground and on a dark one

/** Ten pictures of weights: what speaks for each digit, and what against it. */
export function weights(stage) {
  const cells = Array.from({ length: CLASSES }, (_, k) => {
    const canvas = make("canvas", { width: SIDE, height: SIDE, role: "img" }), bias = span("quiet");
    canvas.setAttribute("aria-label", `Weights of digit ${k}`);
    stage.painters.push((_, { runs: [{ run, at }] }) => {
      paint_weights(canvas, run, at, k);
      put(bias, run ? `b ${one_digit(run.biases[at * CLASSES + k])}` : "");
    });
    return make("div", { className: "weight" }, canvas, make("span", {}, make("b", {}, String(k)), " ", bias));
  });
  return of_pictures("weights", ["weights", ": green for the digit, grey against; b is its bias"], cells);
}

const one_digit = (value) => brief(Math.round(10 * value) / 10 || 0, 1);

function paint_weights(canvas, run, at, k) {
  const context = canvas.getContext("2d"), image = context.createImageData(SIDE, SIDE);
  if (run) {
    const own = run.weights.subarray((at * CLASSES + k) * PIXELS, (at * CLASSES + k + 1) * PIXELS);
    const share = run.scale[at] / Math.max(...run.scale, LEAST_SCALE);
    own.forEach((weight, i) => {
      const strength = Math.sqrt(Math.abs(weight) / 127 * share);
      image.data.set([...(weight > 0 ? FOR : AGAINST), 255 * strength], 4 * i);
    });
  }
  context.putImageData(image, 0, 0);
}

/** Four unseen digits, and the ten probabilities of each. */
export function digits(stage) {
  const cells = Array.from({ length: 4 }, (_, k) => {
    const image = digit_image(), bars = Array.from({ length: CLASSES }, () => make("i"));
    const places = bars.map((bar, c) => make("span", { className: "place" }, bar, make("b", {}, String(c))));
    const chart = make("div", { className: "places", role: "img" }, ...places);
    stage.painters.push((_, { runs: [{ run, at }] }) => {
      if (!run) return places.forEach((_, c) => bars[c].style.height = "0");
      const label = show_digit(image, run, run.shown_at[k]);
      const q = run.shown.subarray((at * 4 + k) * CLASSES, (at * 4 + k + 1) * CLASSES);
      const read = q.indexOf(Math.max(...q));
      bars.forEach((bar, c) => bar.style.height = `${100 * q[c]}%`);
      places.forEach((place, c) => place.classList.toggle("wanted", c === label));
      const told = `Digit ${label}: probability ${format(q[label], 2)}, likeliest is ${read}`;
      if (chart.getAttribute("aria-label") !== told) chart.setAttribute("aria-label", told);
    });
    return make("div", { className: "digit" }, image, chart);
  });
  return of_pictures("digits", ["probabilities q", " of four unseen digits, the label framed"], cells);
}

/** The unseen digits that cost most, with what each is read as. */
export function worst(stage) {
  const title = span("", "the worst of 360 unseen digits"), count = span("quiet");
  const cells = Array.from({ length: 8 }, (_, k) => {
    const image = digit_image(), label = make("b"), read = span("read"), loss = span("loss");
    const cell = make("div", { className: "misread" }, image, make("span", {}, label, read, loss));
    stage.painters.push((_, { runs: [{ run, at }] }) => {
      if (!run) return;
      const own = show_digit(image, run, run.worst[at * 8 + k]), as = run.read[at * 8 + k];
      put(label, `a ${own}`);
      put(read, as === own ? "" : `read ${as}`);
      put(loss, format(run.worst_loss[at * 8 + k], 2));
      cell.classList.toggle("wrong", as !== own);
    });
    return cell;
  });
  stage.painters.push((_, { runs: [{ run, at }] }) => {
    put(count, run ? `, and their cross-entropy; ${run.misread[at]} are misread` : "");
  });
  return make(
    "div",
    { className: "worst" },
    make("p", { className: "strip-title" }, title, count),
    make("div", { className: "cells" }, ...cells),
  );
}

const of_pictures = (name, [title, more], cells) =>
  make(
    "figure",
    { className: `chart ${name}`, dataset: { chart: name } },
    make("figcaption", {}, span(name === "digits" ? "q" : "", title), span("quiet", more)),
    make("div", { className: "cells" }, ...cells),
  );

const digit_image = () => draw("svg", { class: "digit-image", viewBox: `0 0 ${SIDE} ${SIDE}`, role: "img" });

// The digit at a place of those that were sent; drawn anew only where it is another. Returns its label.
function show_digit(svg, { pixels, labels }, place) {
  const own = pixels.subarray(place * PIXELS, (place + 1) * PIXELS), key = own.join();
  if (svg.dataset.shows !== key) {
    svg.dataset.shows = key;
    svg.setAttribute("aria-label", `Handwritten digit ${labels[place]}`);
    svg.replaceChildren(
      ...Array.from(own, (ink, i) =>
        ink === 0 ? null : draw("rect", {
          x: i % SIDE,
          y: Math.floor(i / SIDE),
          width: 1.02,
          height: 1.02,
          opacity: (ink / DARKEST).toFixed(2),
        })).filter((one) => one !== null),
    );
  }
  return labels[place];
}
