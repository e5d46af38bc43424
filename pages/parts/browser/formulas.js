// What the numbers say: the loss, its formula with the numbers put in, and a sentence at every edge.

// The clipped loss is in the precision chosen, the others are in float64.
const loss_of = (name, example, { totals }) => name === "clipped" ? routes_now(example).clipped.categorical : totals[name];

function loss_word({ losses }, name, { precision }) {
  if (losses.length === 1) return "loss";
  if (name === "categorical" && losses.includes("clipped")) return precision === "float64" ? "fused" : "fused, in float64";
  return COLUMNS[name].word;
}

function loss(table, name, columns) {
  // A column's total, where that is shown, is the number to read; that of q clipped is no loss.
  const number = name === "clipped" || columns.includes(name) ? span("number") : number_place(name, "total");
  const word = span("word"), unit = span("unit");
  table.painters.push((example, result) => {
    put(word, loss_word(table.data, name, example));
    put_number(number, loss_of(name, example, result));
    put(unit, UNITS[example.base]);
  });
  return make("p", { className: "loss" }, word, make("b", {}, "L ="), " ", number, " ", unit);
}

const span = (className = "") => make("span", { className });

// A sum of one term per class: `parts` are [class of the span, text from example, result and row].
function spelled(table, name, parts) {
  const n = held.example.names.length, right = span("number");
  const terms = Array.from({ length: n }, () => parts.map(([className]) => span(className)));
  table.painters.push((example, result) => {
    put(right, format(result.totals[name]));
    terms.forEach((spans, i) => spans.forEach((one, k) => put(one, parts[k][1](example, result, i))));
  });
  const joined = terms.flatMap((spans, i) => [i ? " + " : "", make("span", { className: "term" }, ...spans)]);
  return make("p", {}, table.data.formulas.length > 1 ? COLUMNS[name].word : "L", " = −( ", ...joined, " ) = ", right);
}

const target_part = ["p", ({ targets }, _, i) => factor(targets[i])];
const other_target_part = ["p", ({ targets }, _, i) => factor(1 - targets[i])];
const log_part = ["", ({ base }) => `·${LOGS[base]} `];

const FORMULAS = {
  categorical: table => spelled(table, "categorical", [
    target_part, log_part, ["q", (_, { columns }, i) => factor(columns.probability[i])],
  ]),
  bernoulli: table => spelled(table, "bernoulli", [
    target_part, log_part, ["q", (_, { columns }, i) => factor(columns.probability[i])], ["", () => " + "],
    other_target_part, log_part, ["q", (_, { rest }, i) => factor(rest[i])],
  ]),
  // The largest probability's fraction in the precision chosen: as written where that can be computed, else shifted.
  softmax: table => {
    const how = span(), power = span("exp"), powers = span("exp"), quotient = span("q");
    table.painters.push((example, { columns, totals }) => {
      const { names } = example, i = columns.probability.indexOf(Math.max(...columns.probability));
      const naive = totals.exp > 0 && totals.exp < Infinity, found = naive ? columns.exp : shifted_powers(example);
      put(how, naive ? `q of ${names[i]}` : `shifted by the largest logit, q of ${names[i]}`);
      put(power, factor(found[i]));
      put(powers, found.map(factor).join(" + "));
      put(quotient, format((naive ? columns.naive : columns.shifted)[i]));
    });
    return make("p", {}, how, " = ", power, " ⁄ ( ", powers, " ) = ", quotient);
  },
};

function shifted_powers({ logits, temperature, precision }) {
  const round = ROUND[precision];
  return shifted_logits(logits.map(round), temperature, round).map(logit => round(Math.exp(logit)));
}

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
    return rounded_logit(example, columns);
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

// Digits that the logits lost in the precision chosen, where q shows it.
function rounded_logit({ logits, names, precision }, { probability, shifted }) {
  const off = probability.map((q, i) => Math.abs(q - shifted[i])), i = off.indexOf(Math.max(...off));
  if (off[i] < SEEN[precision]) return "";
  return `${precision} rounds the logits: ${names[i]}'s ${brief(logits[i])} became ${brief(ROUND[precision](logits[i]))}.`;
}

const SEEN = { float16: 2 ** -10, float32: 2 ** -21, float64: 1 };  // in q, beyond what computing it rounds
const beyond = ({ logits, precision }) => logits.some(z => Number.isFinite(z) && !Number.isFinite(ROUND[precision](z)));

function log_of_zero({ targets, names }, { columns }) {
  const met = test => targets.findIndex((p, j) => p > 0 && columns.probability[j] === 0 && test(columns.categorical[j]));
  const infinite = met(term => term === Infinity), tiny = met(Number.isFinite);
  if (infinite >= 0) return `log 0 is reached: ${names[infinite]} is wanted, and has probability 0. The loss is ∞.`;
  if (tiny >= 0) return `${names[tiny]}'s probability is below the smallest float64 and shows as 0; the loss comes from the logits.`;
  return "";
}
