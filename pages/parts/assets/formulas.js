// What the numbers say: the loss, its formula with the numbers put in, and a sentence at every edge.

function loss(table, name, columns) {
  // Its column's total, where that is shown, is the number to read.
  const number = columns.includes(name) ? span("number") : number_place(name, "total");
  const word = span("word"), unit = span("unit");
  const narrow = ({ precision }) => table.data.controls.includes("precision") && precision !== "float64";
  table.painters.push((example, { totals }) => {
    put(word, table.data.losses.length > 1 ? COLUMNS[name].word : narrow(example) ? "loss in float64" : "loss");
    put_number(number, totals[name]);
    put(unit, UNITS[example.base]);
  });
  return make("p", { className: "loss" }, word, make("b", {}, "L ="), " ", number, " ", unit);
}

const span = className => make("span", { className });

// A sum of one term per class: `parts` are [class of the span, text from example, result and row].
function spelled(table, lead, parts, result_of) {
  const n = held.example.names.length, left = span("lead"), right = span("number");
  const terms = Array.from({ length: n }, () => parts.map(([className]) => span(className)));
  table.painters.push((example, result) => {
    put(left, lead(example));
    put(right, format(result_of(result)));
    terms.forEach((spans, i) => spans.forEach((one, k) => put(one, parts[k][1](example, result, i))));
  });
  const joined = terms.flatMap((spans, i) => [i ? " + " : "", make("span", { className: "term" }, ...spans)]);
  return make("p", {}, left, " −( ", ...joined, " ) = ", right);
}

const FORMULAS = {
  categorical: table => spelled(table, () => "L =", [
    ["p", (example, _, i) => brief(example.targets[i], 3)], ["", example => `·${LOGS[example.base]} `],
    ["q", (_, { columns }, i) => brief(columns.probability[i], 3)],
  ], result => result.totals.categorical),
  bernoulli: table => spelled(table, () => "Bernoulli =", [
    ["p", (example, _, i) => brief(example.targets[i], 3)], ["", example => `·${LOGS[example.base]} `],
    ["q", (_, { columns }, i) => brief(columns.probability[i], 3)], ["", () => " + "],
    ["p", (example, _, i) => brief(1 - example.targets[i], 3)], ["", example => `·${LOGS[example.base]} `],
    ["q", (_, { rest }, i) => brief(rest[i], 3)],
  ], result => result.totals.bernoulli),
  // The largest probability's fraction; with the largest logit subtracted first where float64 could not hold it.
  softmax: table => {
    const spans = [span("who"), span("exp"), span("exp"), span("q")];
    table.painters.push(({ names, logits, temperature }, { columns }) => {
      const i = columns.probability.indexOf(Math.max(...columns.probability));
      const plain = logits.map(logit => Math.exp(logit / temperature));
      const powers = sum(plain) > 0 && sum(plain) < Infinity ? plain : shifted_logits(logits, temperature).map(Math.exp);
      put(spans[0], names[i]);
      put(spans[1], brief(powers[i], 3));
      put(spans[2], powers.map(x => brief(x, 3)).join(" + "));
      put(spans[3], format(columns.probability[i]));
    });
    return make("p", {}, "q of ", spans[0], " = ", spans[1], " ⁄ ( ", spans[2], " ) = ", spans[3]);
  },
};

// Live sentences where the example has reached an edge.
const REMARKS = {
  start: log_of_zero,
  two_forms: log_of_zero,
  softmax: (example, { columns, totals }) => {
    const { precision } = example, largest = `${brief(LARGEST[precision])}, the largest ${precision}`;
    if (beyond(example)) return `${precision} cannot hold a logit beyond ${largest}: it became ∞.`;
    if (columns.exp.includes(Infinity))
      return `An exponential exceeded ${largest}, and became ∞: ∞ ⁄ ∞ is nan. Softmax subtracts the largest logit first, `
        + "so no exponential exceeds 1.";
    if (totals.exp === Infinity) return `The sum of the exponentials exceeded ${largest}, and became ∞: each quotient is 0.`;
    if (totals.exp === 0) return `Every exponential fell below the smallest ${precision} and became 0: 0 ⁄ 0 is nan.`;
    return "";
  },
  clipping: (example, result) => {
    const { precision, low, high, targets } = example, i = target_class(example), q = result.columns.shifted[i];
    const naive = routes_now(example).naive, told = [];
    if (beyond(example)) return `${precision} cannot hold a logit beyond ${brief(LARGEST[precision])}: it became ∞.`;
    if (low > 0 && result.low === 0) told.push(`${precision} rounds ${low} to 0: nothing is clipped, and 0·log 0 is nan even for a right prediction.`);
    if (high < 1 && result.high === 1) told.push(`${precision} rounds ${high} to 1: the upper bound does nothing.`);
    const hard = targets[i] === 1, side = q < result.low ? "below low" : q > result.high ? "above high" : "";
    if (side && hard) told.push(`The target's q is ${side}: the clipped loss is flat here and its gradient is exactly 0.`);
    if (side && !hard) told.push(`${example.names[i]}'s q is ${side}: its own term is flat, and only the other classes still pull.`);
    if (!Number.isFinite(naive.categorical)) told.push("Naive: an exponential became ∞, or a q became 0, whose log is −∞; ∞ ⁄ ∞ and 0·∞ are nan.");
    else if (!Number.isFinite(naive.bernoulli)) told.push("Naive Bernoulli: a q is rounded to 0 or 1, and one of its logarithms is −∞; 0·∞ is nan.");
    return told.join(" ");
  },
};

const beyond = ({ logits, precision }) => logits.some(z => Number.isFinite(z) && !Number.isFinite(ROUND[precision](z)));

function log_of_zero({ targets, names }, { columns }) {
  const met = test => targets.findIndex((p, j) => p > 0 && columns.probability[j] === 0 && test(columns.categorical[j]));
  const infinite = met(term => term === Infinity), tiny = met(Number.isFinite);
  if (infinite >= 0) return `log 0 is reached: ${names[infinite]} is wanted, and has probability 0. The loss is ∞.`;
  if (tiny >= 0) return `${names[tiny]}'s probability is below the smallest float64 and shows as 0; the loss comes from the logits.`;
  return "";
}
