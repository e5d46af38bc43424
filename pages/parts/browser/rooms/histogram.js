// How a class answered: a bar for each choice, standing on it, or for each tenth of the range of a number. The last two
// votes stand side by side, the first of them as an outline, as what was before is drawn everywhere.

import { make, span } from "../screen/elements.js";
import { brief } from "../numbers.js";

const NAMES = { 1: ["The class"], 2: ["Before", "Again"] };

/** The figure of one or two votes [{counts}], in the order of the choices on screen; `truth` is a number's answer. */
export function histogram(votes, { order, range, truth }) {
  const most = Math.max(...votes.flatMap(({ counts }) => counts), 1), older = votes.length - 1;
  const pile = ({ counts }, vote, i) => {
    if (!counts[i]) return span("pile", range ? "" : "0");
    const fill = make("i", { className: vote < older ? "outline" : "" });
    fill.style.height = `${(4 * counts[i]) / most}rem`;
    return span("pile", span("", String(counts[i])), fill);
  };
  const pair = (i) => span("pair", ...votes.map((vote, v) => pile(vote, v, i)));
  const key = votes.map(({ counts }, v) =>
    span("", make("i", { className: v < older ? "outline" : "" }), ` ${NAMES[votes.length][v]}: ${sum(counts)}`)
  );
  const bars = make("div", { className: "bars" }, ...(order ?? votes[0].counts.map((_, i) => i)).map(pair));
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

// Under the bars of a number: the ends of the range, beyond which answers count at the ends, and where the answer is,
// which may need the room of an end.
function axis([low, high], truth) {
  const share = (truth - low) / (high - low), ends = [share < 0.2 ? "" : brief(low), share > 0.8 ? "" : brief(high)];
  const line = make("div", { className: "axis-of-votes" }, ...ends.map((end) => span("", end)));
  if (share >= 0 && share <= 1) {
    const mark = make("b", {}, `▲ ${brief(truth)}`);
    mark.style.left = `${100 * share}%`;
    line.append(mark);
  }
  return line;
}
