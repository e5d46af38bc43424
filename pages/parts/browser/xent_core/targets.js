// @ts-check
// The wanted distribution, as in xent_core/targets.py.

/**
 * 1 at the label, 0 at the other of the n classes.
 * @param {number} label
 * @param {number} n
 * @returns {number[]}
 */
export const one_hot = (label, n) => Array.from({ length: n }, (_, i) => Number(i === label));

/**
 * Label smoothing: the amount is shared by all n classes, (1 − a) · p + a / n; or, `over_others`, by the n − 1 that
 * are not wanted, (1 − a) · p + a · (1 − p) / (n − 1).
 * @param {number[]} targets
 * @param {number} amount
 * @param {boolean} [over_others]
 * @returns {number[]}
 */
export function smooth_targets(targets, amount, over_others = false) {
  const n = targets.length;
  return targets.map((p) => (1 - amount) * p + (over_others ? amount * (1 - p) / (n - 1) : amount / n));
}
