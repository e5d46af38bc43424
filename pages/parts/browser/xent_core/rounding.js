// @ts-check
// The precisions of xent_core/rounding.py: what is rounded to one is computed in float64 and rounded once.

/** @typedef {(x: number) => number} Round A number rounded to a precision; applied after every operation. */

/**
 * The nearest half, ties to even; from 65520 on infinity; steps of 2^-24 below 2^-14.
 * @type {Round}
 */
export function round_to_half(x) {
  const size = Math.abs(x);
  if (!(size > 0 && size < Infinity)) return x;
  if (size >= 65520) return Math.sign(x) * Infinity;
  const step = 2 ** (Math.max(Math.floor(Math.log2(size)), -14) - 10);
  const steps = size / step, whole = Math.floor(steps), rest = steps - whole;
  return Math.sign(x) * (rest > 0.5 || (rest === 0.5 && whole % 2) ? whole + 1 : whole) * step;
}

/** How each precision rounds. @type {{ float16: Round, float32: Round, float64: Round }} */
export const ROUND = {
  float16: /** @type {{ f16round?: Round }} */ (/** @type {unknown} */ (Math)).f16round ?? round_to_half,
  float32: Math.fround,
  float64: (x) => x,
};

/** The largest finite number of each precision. @type {{ float16: number, float32: number, float64: number }} */
export const LARGEST = { float16: 65504, float32: 3.4028234663852886e38, float64: Number.MAX_VALUE };

/**
 * Σ values in float64.
 * @param {number[]} values
 * @returns {number}
 */
export const sum = (values) => values.reduce((total, value) => total + value, 0);

/**
 * All entries but the one at `i`.
 * @template T
 * @param {T[]} values
 * @param {number} i
 * @returns {T[]}
 */
export const others = (values, i) => values.filter((_, j) => j !== i);
