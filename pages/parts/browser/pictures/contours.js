// The triangle of all probabilities of three classes, and the lines of equal loss in it. Pure: it knows no screen.

const SIDES = 60; // how fine the grid is that the lines are found on

/** Where probabilities stand in a triangle with corners (½, 0), (0, 1) and (1, 1): [x, y], y downwards. */
export const to_place = (q) => [q[2] + q[0] / 2, 1 - q[0]];

/** The probabilities at a place; outside the triangle the nearest within, by dropping what is below 0. */
export function to_probabilities([x, y]) {
  const a = 1 - y, c = x - a / 2, inside = [a, 1 - a - c, c].map((q) => Math.max(q, 0));
  const total = inside[0] + inside[1] + inside[2];
  return inside.map((q) => q / total);
}

/**
 * The lines along which a loss has each of `levels`: for each a list of pieces [[x, y], [x, y]].
 *
 * They are found on exp(−loss), which is finite where the loss is ∞, at edges and corners, and for the cross-entropy of
 * a one-hot target is q itself: its lines are then straight and exact.
 * @param {(q: number[]) => number} loss
 * @param {number[]} levels
 */
export function contours(loss, levels) {
  const value = Array.from(
    { length: SIDES + 1 },
    (_, i) => Array.from({ length: SIDES + 1 - i }, (_, k) => node(loss, i, k)),
  );
  const pieces = levels.map(() => []);
  for (let i = 0; i < SIDES; i++) {
    for (let k = 0; k < SIDES - i; k++) {
      cross([value[i][k], value[i + 1][k], value[i][k + 1]], levels, pieces);
      if (k < SIDES - i - 1) cross([value[i + 1][k], value[i + 1][k + 1], value[i][k + 1]], levels, pieces);
    }
  }
  return pieces;
}

function node(loss, i, k) {
  const q = [i / SIDES, (SIDES - i - k) / SIDES, k / SIDES];
  return { place: to_place(q), height: Math.exp(-loss(q)) };
}

// Where each level crosses the sides of one small triangle.
function cross(corners, levels, pieces) {
  levels.forEach((level, n) => {
    const wanted = Math.exp(-level), met = [];
    for (const [a, b] of [[0, 1], [1, 2], [2, 0]]) {
      const from = corners[a], to = corners[b];
      if ((from.height < wanted) === (to.height < wanted)) continue;
      const t = (wanted - from.height) / (to.height - from.height);
      met.push([from.place[0] + t * (to.place[0] - from.place[0]), from.place[1] + t * (to.place[1] - from.place[1])]);
    }
    if (met.length === 2) pieces[n].push(met);
  });
}
