// The example in the browser: everything computed from it, the edits a hand can make, its address, its numbers as text.
// Pure: nothing here knows the screen. An edit returns a new example.

const BASES = { e: Math.E, 2: 2, 10: 10 };
const UNITS = { e: "nats", 2: "bits", 10: "bans" };
const LOGS = { e: "ln", 2: "log₂", 10: "log₁₀" };
const LARGEST = { float16: 65504, float32: 3.4028234663852886e38, float64: Number.MAX_VALUE };
export const LIMITS = { logit: 1e6, temperature: [0.05, 20], name: 24 };

// Every column and total that a page can show: the naive, shifted and clipped ones in the precision chosen, the others
// in float64. `rest` is 1 − q, with its digits.
function derive({ logits, targets, temperature, base, low, high, precision }) {
  const round = ROUND[precision], b = BASES[base];
  const z = logits.map(round), scaled = z.map(logit => round(logit / round(temperature)));
  const columns = {
    logit: logits,
    exp: scaled.map(logit => round(Math.exp(logit))),
    naive: naive_softmax(scaled, round),
    shifted: softmax(z, temperature, round),
    probability: softmax(logits, temperature),
    target: targets,
    categorical: fused_categorical_terms(logits, targets, temperature, b),
    bernoulli: fused_bernoulli_terms(logits, targets, temperature, b),
    gradient: softmax_cross_entropy_gradient(logits, targets, temperature, b),
  };
  columns.clipped = clip_probabilities(columns.shifted, low, high, round);
  const totals = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, sum(values)]));
  for (const name of ["exp", "naive", "shifted"]) totals[name] = round(totals[name]);
  return { columns, totals, rest: one_minus_softmax(logits, temperature), low: round(low), high: round(high) };
}

// How the loss splits: the categorical form into H(p) + KL(p‖q), the Bernoulli form into its floor and the rest, which
// is the divergence of n yes-or-no questions.
export function parts({ logits, targets, temperature, base }) {
  const b = BASES[base], logs = log_softmax(logits, temperature), rests = log_one_minus_softmax(logits, temperature);
  const opposite = targets.map(p => 1 - p);
  return {
    entropy: entropy(targets, b),
    divergence: divergence(targets, logs) / Math.log(b),
    floor: entropy(targets, b) + entropy(opposite, b),
    excess: (divergence(targets, logs) + divergence(opposite, rests)) / Math.log(b),
  };
}

// Σ p log(p / q) with Σ (q − p) = 0 added term by term: each term is then 0 or more, and exactly 0 where q is p.
const divergence = (targets, logs) => sum(targets.map((p, i) => {
  const excess = Math.log(p) - logs[i];
  return p === 0 ? Math.exp(logs[i]) : p * (excess + Math.expm1(-excess));
}));

// The three routes to the same loss, as a library would write them, in the precision chosen.
export function routes({ logits, targets, temperature, base, low, high, precision }) {
  const round = ROUND[precision], b = BASES[base], z = logits.map(round), p = targets.map(round);
  const naive = naive_softmax(z.map(logit => round(logit / round(temperature))), round);
  const clipped = clip_probabilities(softmax(z, temperature, round), low, high, round);
  return {
    naive: {
      categorical: written_categorical(naive, p, b, round),
      bernoulli: written_bernoulli(naive, p, b, round),
      gradient: naive_cross_entropy_gradient(z, p, temperature, b, round),
    },
    clipped: {
      categorical: written_categorical(clipped, p, b, round),
      bernoulli: written_bernoulli(clipped, p, b, round),
      gradient: clipped_cross_entropy_gradient(z, p, low, high, temperature, b, round),
    },
    fused: {
      categorical: softmax_cross_entropy(z, p, temperature, b, round),
      bernoulli: round(softmax_bernoulli_cross_entropy(z, p, temperature, b)),
      gradient: softmax_cross_entropy_gradient(z, p, temperature, b, round),
    },
  };
}

// The formulas with their products as written, so that 0 · log 0 is nan.
const written_categorical = (q, p, base, round) =>
  in_base(sum(q.map((value, i) => round(p[i] * round(Math.log(value))))), base, round);
const written_bernoulli = (q, p, base, round) => in_base(sum(q.map((value, i) => round(
  round(p[i] * round(Math.log(value))) + round(round(1 - p[i]) * round(Math.log(round(1 - value))))))), base, round);
const in_base = (nats, base, round) => 0 - round(round(nats) / (base === Math.E ? 1 : round(Math.log(base))));

const target_class = ({ targets }) => targets.indexOf(Math.max(...targets));

// How far class i's logit stands above the logsumexp of the others, in units of T.
const gap = ({ logits, temperature }, i) => logits[i] === -Infinity ? -Infinity
  : -logsumexp(others(logits, i).map(logit => (logit - logits[i]) / temperature));

// ------------------------------------------------------------------ edits

// What would keep Python, or the address, from taking an example: a sentence, or "" where nothing does.
function fault_of({ logits }) {
  if (!logits.some(Number.isFinite)) return "Not taken: at least one logit must stay finite.";
  if (logits.some(logit => Number.isFinite(logit) && Math.abs(logit) > LIMITS.logit))
    return "Not taken: a logit would leave the range from −10⁶ to 10⁶.";
  return "";
}

const with_logit = (example, i, logit) => ({ ...example, logits: example.logits.with(i, logit) });

// One target moves, the others keep their ratios (or share equally where all were 0), the sum stays 1.
export function with_target(example, i, target) {
  const n = example.targets.length, rest = sum(others(example.targets, i));
  const targets = example.targets.map((p, j) =>
    j === i ? target : rest > 0 ? p / rest * (1 - target) : (1 - target) / (n - 1));
  return { ...example, targets };
}

const one_hot_at = (example, i) => ({ ...example, targets: example.targets.map((_, j) => Number(i === j)) });

// Class i's logit stands `gap` above the logsumexp of the others, which stay where `start` had them.
function with_gap(start, i, gap) {
  const logits = [...start.logits];
  if (logits.every((z, j) => j === i || z === -Infinity)) logits.fill(0);
  logits[i] = start.temperature * (gap + logsumexp(others(logits, i).map(logit => logit / start.temperature)));
  return { ...start, logits };
}

// Class i gets probability q; the others keep the ratios that `start` had. At 1 the others' logits are −∞.
function with_probability(start, i, q) {
  if (q < 1) return with_gap(start, i, log_odds(q));
  const own = Number.isFinite(start.logits[i]) ? start.logits[i] : 0;
  return { ...start, logits: start.logits.map((_, j) => (j === i ? own : -Infinity)) };
}

function finite_mean(values) {
  const finite = values.filter(Number.isFinite);
  return sum(finite) / finite.length;
}

// All logits moved together until their mean is `mean`.
function with_mean(start, mean) {
  const by = mean - finite_mean(start.logits);
  return { ...start, logits: start.logits.map(logit => logit + by) };
}

// Label smoothing of the likeliest target: (1 − a) · one-hot + a / n.
const smoothed = (example, amount) =>
  ({ ...example, targets: smooth_targets(one_hot_at(example, target_class(example)).targets, amount) });

// The amount a that label smoothing would need to give these targets, or nan where they are not of that form.
function smoothing_of({ targets }) {
  const least = Math.min(...targets), i = targets.indexOf(Math.max(...targets));
  const even = targets.every((p, j) => j === i || Math.abs(p - least) < 1e-12);
  return even ? Math.min(1, least * targets.length) : NaN;
}

function with_class(example, names) {
  const name = names.find(candidate => !example.names.includes(candidate)) ?? `class ${example.names.length + 1}`;
  return {
    ...example, names: [...example.names, name],
    logits: [...example.logits, 0], targets: [...example.targets, 0],
  };
}

function without_class(example, i) {
  const logits = others(example.logits, i), freed = with_target(example, i, 0);
  return {
    ...example, names: others(example.names, i), targets: others(freed.targets, i),
    logits: logits.some(Number.isFinite) ? logits : logits.fill(0),
  };
}

// ------------------------------------------------------------------ text

// An example as the address spells it, parameter by parameter.
const spelled_out = example => ({
  z: example.logits.map(String).join(",").replaceAll("Infinity", "inf"),
  p: example.targets.map(String).join(","),
  t: String(example.temperature),
  base: example.base,
  low: String(example.low),
  high: String(example.high),
  precision: example.precision,
  names: example.names.map(name => name.replace(/[\\,]/g, "\\$&")).join(","),
  show: example.show.join(","),
  present: example.present ? "1" : "0",
});

// The address's parameters: what equals the default example is left out, and with another number of classes its names,
// the first of `names`, and its one-hot target. The logits then stay, to tell that number.
export function to_parameters(example, defaults, names) {
  const n = example.names.length, targets = example.targets.map((_, i) => Number(i === 0));
  const usual = spelled_out({ ...defaults, names: names.slice(0, n), targets });
  return Object.fromEntries(Object.entries(spelled_out(example)).filter(([name, text]) => text !== usual[name]));
}

const is_parameter = (name, defaults) => name === "q" || name in spelled_out(defaults);

export const to_query = parameters => Object.entries(parameters)
  .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`).join("&");

const minus = text => text.replace("-", "−"), ascii = text => text.replaceAll("−", "-");
const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

// A number to `digits` decimals and seven figures; a very small or large one as a power of ten, so that nothing shows
// as 0 that is not.
export function format(x, digits = 4) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  if (x === 0) return "0";
  if (size >= 10 ** -digits && size < 999999.5) return minus(x.toFixed(Math.min(digits, 6 - Math.floor(Math.log10(size)))));
  const [mantissa, power] = x.toExponential(2).split("e");
  return minus(mantissa) + "·10" + [...power.replace("+", "")].map(c => SUPERSCRIPTS[c]).join("");
}

// The same without idle zeros where it is exact: 1, 0.25, but 0.3000 for 0.29999; and never 1 for a number below it.
function brief(x, digits = 4) {
  if (x < 1 && 1 - x < 0.5 * 10 ** -digits) return "1 − " + format(1 - x, digits);
  const text = format(x, digits), exact = Math.abs(Number(ascii(text)) - x) <= 1e-12 * Math.abs(x);
  return exact ? text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "") : text;
}

// A factor of a product: what is a difference stands in parentheses.
const factor = x => brief(x, 3).replace(/^1 − .*/, "($&)");

// A typed number, or null where it is none: −∞ only where `infinite`; "−" as well as "-", a comma as well as a point,
// but not 1,000, which could be a thousand.
function parse(text, low, high, infinite = false) {
  const typed = ascii(text.trim()), plain = /^[+-]?[1-9]\d{0,2},\d{3}$/.test(typed) ? "" : typed.replace(",", ".");
  if (infinite && /^-(inf(inity)?|∞)$/i.test(plain)) return -Infinity;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  return value >= low && value <= high ? value : null;
}
