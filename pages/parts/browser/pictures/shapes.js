// The mark of each loss that can be followed downhill: never told by its colour alone.

export const SHAPES = { cross_entropy: "circle", clipped: "cross", squared_error: "diamond", bernoulli: "ring" };
