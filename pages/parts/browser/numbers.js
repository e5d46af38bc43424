// Numbers as a reader sees and types them: the twin of pages/parts/drawing/numbers.py.

const SUPERSCRIPTS = {
  "-": "⁻",
  0: "⁰",
  1: "¹",
  2: "²",
  3: "³",
  4: "⁴",
  5: "⁵",
  6: "⁶",
  7: "⁷",
  8: "⁸",
  9: "⁹",
};

/** @param {string} text */
const minus = (text) => text.replace("-", "−");

/** @param {string} text */
const ascii = (text) => text.replaceAll("−", "-");

/**
 * A number to `digits` decimals and seven figures; a very small or large one as a power of ten, so that nothing shows
 * as 0 that is not.
 * @param {number} x
 */
export function format(x, digits = 4) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  if (x === 0) return "0";
  if (size >= 10 ** -digits && size < 999999.5) {
    return minus(x.toFixed(Math.min(digits, 6 - Math.floor(Math.log10(size)))));
  }
  const [mantissa, power] = x.toExponential(2).split("e");
  return `${minus(mantissa)}·10${[...power.replace("+", "")].map((sign) => SUPERSCRIPTS[sign]).join("")}`;
}

/**
 * The same without idle zeros where it is exact: 1, 0.25, but 0.3000 for 0.29999; and never 1 for a number below it.
 * @param {number} x
 */
export function brief(x, digits = 4) {
  if (x < 1 && 1 - x < 0.5 * 10 ** -digits) return `1 − ${format(1 - x, digits)}`;
  const text = format(x, digits), exact = Math.abs(Number(ascii(text)) - x) <= 1e-12 * Math.abs(x);
  return exact ? text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "") : text;
}

/**
 * A factor of a product: what is a difference stands in parentheses.
 * @param {number} x
 */
export const factor = (x) => brief(x, 3).replace(/^1 − .*/, "($&)");

/**
 * A bound as a program has it: 1e-10, 0.001.
 * @param {number} x
 */
export const programmed = (x) => (x > 0 && x < 0.001 ? x.toExponential().replace(/\.0+e/, "e") : String(x));

/**
 * A number with all its digits, as a box shows it to a hand that is about to change it.
 * @param {number} x
 */
export const exactly = (x) => String(x).replace("Infinity", "∞").replaceAll("-", "−");

/**
 * A typed number, or null where it is none: −∞ only where `infinite`; "−" as well as "-", a comma as well as a point,
 * but not 1,000, which could be a thousand.
 * @param {string} text
 * @param {number} low
 * @param {number} high
 * @returns {number | null}
 */
export function parse(text, low, high, infinite = false) {
  const typed = ascii(text.trim()), plain = /^[+-]?[1-9]\d{0,2},\d{3}$/.test(typed) ? "" : typed.replace(",", ".");
  if (infinite && /^-(inf(inity)?|∞)$/i.test(plain)) return -Infinity;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  return value >= low && value <= high ? value : null;
}
