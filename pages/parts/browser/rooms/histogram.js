// How a class answered: a bar for each choice, standing on it, or for each tenth of the range of a number. The last two
// votes stand side by side, the first of them as an outline, as what was before is drawn everywhere.

import { make, span } from "../screen/elements.js";
import { brief } from "../numbers.js";

const NAMES = { 1: ["The class"], 2: ["Before", "Again"] };

/** The figure of one or two votes [{counts}], in the order of the choices on screen; `truth` is a number's answer. */
export function histogram(votes, { order, range, truth }) {
  const most = Math.max(...votes.flatMap(({ counts }) => counts), 1), older = votes.length - 1;
  const bar = ({ counts }, vote, i) => {
    const fill = make("i", { className: vote < older ? "outline" : "" });
    fill.style.height = `${(4 * counts[i]) / most}rem`;
    const count = span("", counts[i] || !range ? String(counts[i]) : "");
    return span("bar", count, fill);
  };
  const place = (i) => span("place", ...votes.map((vote, v) => bar(vote, v, i)));
  const key = votes.map(({ counts }, v) =>
    span("", make("i", { className: v < older ? "outline" : "" }), ` ${NAMES[votes.length][v]}: ${sum(counts)}`)
  );
  const bars = make("div", { className: "bars" }, ...(order ?? votes[0].counts.map((_, i) => i)).map(place));
  return make(
    "figure",
    { className: "histogram", aria: { label: spoken(votes) }, dataset: { part: "histogram" } },
    make("figcaption", {}, ...key),
    bars,
    ...(range ? [axis(range, truth)] : []),
  );
}

const sum = (counts) => counts.reduce((all, one) => all + one, 0);
const spoken = (votes) => votes.map(({ counts }, v) => `${NAMES[votes.length][v]}: ${counts.join(", ")}`).join("; ");

// Under the bars of a number: the ends of the range, beyond which answers count at the ends, and where the answer is.
function axis([low, high], truth) {
  const line = make("div", { className: "axis-of-votes" }, span("", brief(low)), span("", brief(high)));
  const share = (truth - low) / (high - low);
  if (share >= 0 && share <= 1) {
    const mark = make("b", {}, `▲ ${brief(truth)}`);
    mark.style.left = `${100 * share}%`;
    line.append(mark);
  }
  return line;
}
