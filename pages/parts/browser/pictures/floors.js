// What each form is made of: its floor, which no prediction goes below, and what a better one could remove.

import { BASES, UNITS } from "../example/bases.js";
import { brief, format } from "../numbers.js";
import { make, number_place, put, put_number, span } from "../screen/elements.js";
import { ticks } from "../screen/plot.js";

const LEAST_REACH = 2; // nats: the axis keeps its length while small losses change
const FORMS = [
  { form: "categorical", floor: "entropy", rest: "divergence", words: ["H(p)", "KL(p‖q)"] },
  { form: "Bernoulli", floor: "floor", rest: "excess", words: ["Σ h(pᵢ)", "the rest"] },
];

export function floors(stage) {
  const scale = make("div", { className: "scale-axis" });
  let drawn = "";
  stage.painters.push(({ example }, { parts }) => {
    const widest = reach(example, parts), key = `${widest} ${example.base}`;
    if (key === drawn) return;
    drawn = key;
    scale.replaceChildren(
      ...ticks([0, widest], 4).map((v) => make("span", { style: `left: ${100 * v / widest}%` }, brief(v, 2))),
      make("span", { className: "unit" }, UNITS[example.base]),
    );
  });
  return make(
    "figure",
    { className: "chart floors", dataset: { chart: "floors" } },
    make(
      "figcaption",
      {},
      span("p", "floor"),
      span("quiet", " of each form, and "),
      span("loss", "what a better q could remove"),
    ),
    make("div", { className: "frame" }, ...FORMS.map((one) => stacked(stage, one)), scale),
  );
}

// Rounded up, so that the axis does not tremble while a hand moves.
function reach(example, parts) {
  const b = Math.log(BASES[example.base]), sums = [parts.entropy + parts.divergence, parts.floor + parts.excess];
  const largest = Math.max(LEAST_REACH / b, ...sums.filter(Number.isFinite));
  return Math.ceil(largest * b) / b;
}

// Below this a part is what rounding left of 0.
const LEAST = 1e-15;
const seen = (part) => part < LEAST ? 0 : part;

function stacked(stage, { form, floor, rest, words }) {
  const fills = [make("i", { className: "floor" }), make("i", { className: "excess" })];
  const numbers = [number_place(floor, "total"), number_place(rest, "total"), span("number")];
  stage.painters.push(({ example }, { parts }) => {
    const widest = reach(example, parts), low = seen(parts[floor]), high = seen(parts[rest]);
    fills[0].style.width = `${100 * low / widest}%`;
    fills[1].style.width = high === Infinity ? "100%" : `${100 * high / widest}%`;
    fills[1].classList.toggle("endless", high === Infinity);
    put_number(numbers[0], low);
    put_number(numbers[1], high);
    put(numbers[2], format(low + high));
  });
  return make(
    "div",
    { className: "stack" },
    make(
      "p",
      {},
      form,
      " ",
      make("b", {}, numbers[2]),
      " = ",
      span("p", `${words[0]} `, numbers[0]),
      " + ",
      span("loss", `${words[1]} `, numbers[1]),
    ),
    make("span", { className: "track" }, ...fills),
  );
}
