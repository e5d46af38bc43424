// A run as Python packs it: the length of a table, the table, and the arrays one after another.

const TYPES = {
  float64: Float64Array,
  float32: Float32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
  int8: Int8Array,
};
const CURVES = [
  "train_loss",
  "test_loss",
  "train_cross_entropy",
  "test_cross_entropy",
  "train_accuracy",
  "test_accuracy",
  "stuck",
];

/**
 * The arrays of a run by their names, flat, and its curves by theirs.
 * @param {ArrayBuffer} bytes
 * @returns {any}
 */
export function unpacked(bytes) {
  const length = new DataView(bytes).getUint32(0, true);
  const table = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
  const arrays = {};
  let at = 4 + length;
  for (const [name, type, shape] of table) {
    const count = shape.reduce((product, size) => product * size, 1);
    arrays[name] = new TYPES[type](bytes, at, count);
    at += arrays[name].byteLength;
  }
  const { curves, ...rest } = arrays, epochs = curves.length / CURVES.length;
  const named = CURVES.map((name, k) => [name, curves.subarray(k * epochs, (k + 1) * epochs)]);
  return { ...rest, curves: Object.fromEntries(named), epochs: epochs - 1 };
}

/** The place of the last kept epoch up to this one. */
export function kept_at({ kept }, epoch) {
  let at = 0;
  while (at + 1 < kept.length && kept[at + 1] <= epoch) at += 1;
  return at;
}
