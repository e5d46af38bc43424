// The photo as the network saw it, and all 1000 logits as one strip: a hairline each, the wanted class and the likeliest
// by name.

import { between } from "../example/motion.js";
import { brief } from "../numbers.js";
import { draw, make } from "../screen/elements.js";
import { figure, ticks } from "../screen/plot.js";
import { example_of, rank_of, spread_of, wanted_of } from "./derive.js";
import { known, picture_of } from "./store.js";

const WIDEST_LABEL = 11; // em: a name that would leave the paper stands on the other side of its line

export function strip(stage) {
  const image = make("img", { className: "seen", width: 160, height: 160 });
  const made = figure(stage, {
    name: "strip",
    heading: () => [["", "all 1000 logits z"], ["quiet", ", a line each"]],
    label: ({ names }) => `1000 logits as a strip; the rows below tell those of ${names.join(", ")}`,
    paint: (svg, scene) => paint(stage, svg, scene),
  });
  stage.painters.push(({ photo }) => {
    const shown = known.photos.find(({ id }) => id === photo.photo), source = picture_of(shown);
    if (image.src !== source) Object.assign(image, { src: source, alt: shown.title, title: shown.title });
  });
  made.querySelector(".frame").prepend(image);
  return made;
}

// On the way from one photo to another every line moves.
function logits_of(scene) {
  const { before, t } = scene.photo, after = spread_of({ ...scene, photo: { ...scene.photo, before: null } });
  if (!before) return after;
  const from = spread_of({ example: example_of(before, scene.example), photo: before });
  const to = spread_of({ example: example_of(scene.photo, scene.example), photo: scene.photo });
  return to.map((logit, i) => between(from[i], logit, t));
}

function paint(stage, svg, scene) {
  const em = stage.em, width = svg.clientWidth, height = svg.clientHeight, all = logits_of(scene);
  const wanted = wanted_of(scene), range = range_of(all), first = all.indexOf(Math.max(...all));
  const at = (z) => em + (Math.max(z, range[0]) - range[0]) / (range[1] - range[0]) * (width - 2 * em);
  const two = first !== wanted && scene.photo.top > 0, top = (two ? 3.2 : 1.8) * em, floor = height - 1.7 * em;
  const lines = all.map((z) => `M${at(z).toFixed(1)} ${top}V${floor}`).join("");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren(draw("path", { class: "strip-lines", d: lines }));
  for (const x of ticks(range, width / (6 * em))) {
    svg.append(text(brief(Number(x.toPrecision(6))), at(x), height - 0.4 * em, "tick", "middle"));
  }
  const named = (label, className, y, words) => {
    const x = at(all[label]), left = x > width - WIDEST_LABEL * em;
    svg.append(draw("path", { class: `strip-mark ${className}`, d: `M${x} ${y + 0.3 * em}V${floor}` }));
    svg.append(text(words, x + (left ? -0.3 : 0.3) * em, y, className, left ? "end" : "start"));
  };
  const rank = rank_of(all, wanted), place = rank === 1 ? "the likeliest" : `rank ${rank} of ${all.length}`;
  if (two) named(first, "q", 2.5 * em, `${known.classes[first]}, the likeliest`);
  named(wanted, "p", 1.1 * em, `${known.classes[wanted]}, ${place}`);
}

/** @returns {[number, number]} */
function range_of(all) {
  const finite = all.filter(Number.isFinite), low = Math.min(...finite), high = Math.max(...finite);
  const room = Math.max(0.04 * (high - low), 0.01);
  return [low - room, high + room];
}

function text(words, x, y, className, anchor) {
  const made = draw("text", { class: className, x, y, "text-anchor": anchor });
  made.textContent = words;
  return made;
}
