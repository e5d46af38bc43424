// The triangle of all probabilities of three classes, and the lines of equal loss in it. Pure: it knows no screen.

const SIDES = 60; // how fine the grid is that the lines are found on
const HALVINGS = 10; // how closely they are found on each side of its small triangles

/** Where probabilities stand in a triangle with corners (½, 0), (0, 1) and (1, 1): [x, y], y downwards. */
export const to_place = (q) => [q[2] + q[0] / 2, 1 - q[0]];

/** The probabilities at a place; outside the triangle the nearest within, by dropping what is below 0. */
export function to_probabilities(place) {
  const a = 1 - place[1], c = place[0] - a / 2, inside = [a, 1 - a - c, c].map((q) => Math.max(q, 0));
  const total = inside[0] + inside[1] + inside[2];
  return inside.map((q) => q / total);
}

/**
 * The lines along which a loss has each of `levels`: for each a list of pieces [[x, y], [x, y]]. A loss of ∞ at an edge
 * or a corner is above every level.
 * @param {(q: number[]) => number} loss
 * @param {number[]} levels
 * @returns {number[][][][]}
 */
export function contours(loss, levels) {
  const nodes = Array.from(
    { length: SIDES + 1 },
    (_, i) => Array.from({ length: SIDES + 1 - i }, (_, k) => node(loss, i, k)),
  );
  const pieces = levels.map(() => []);
  for (let i = 0; i < SIDES; i++) {
    for (let k = 0; k < SIDES - i; k++) {
      cross(loss, [nodes[i][k], nodes[i + 1][k], nodes[i][k + 1]], levels, pieces);
      if (k < SIDES - i - 1) cross(loss, [nodes[i + 1][k], nodes[i + 1][k + 1], nodes[i][k + 1]], levels, pieces);
    }
  }
  return pieces;
}

function node(loss, i, k) {
  const q = [i / SIDES, (SIDES - i - k) / SIDES, k / SIDES];
  return { q, height: loss(q) };
}

// Where each level crosses the sides of one small triangle.
function cross(loss, corners, levels, pieces) {
  levels.forEach((level, n) => {
    const met = [[0, 1], [1, 2], [2, 0]].map(([a, b]) => [corners[a], corners[b]])
      .filter(([from, to]) => (from.height < level) !== (to.height < level))
      .map(([from, to]) => to_place(met_between(loss, level, from, to)));
    if (met.length === 2) pieces[n].push(met);
  });
}

// By halving: a loss rises without end towards an edge, where a straight line between two values would be far off.
function met_between(loss, level, from, to) {
  let [low, high] = from.height < level ? [from.q, to.q] : [to.q, from.q];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = low.map((q, i) => (q + high[i]) / 2);
    if (loss(middle) < level) low = middle;
    else high = middle;
  }
  return low.map((q, i) => (q + high[i]) / 2);
}
