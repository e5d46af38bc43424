// A QR code of a link: bytes, error correction M, versions 1 to 6 (ISO/IEC 18004), so up to 106 characters.

// For each version its number of blocks, the data bytes and the correction bytes of each, and where its small square is.
const VERSIONS = [[1, 16, 10, 0], [1, 28, 16, 18], [1, 44, 26, 22], [2, 32, 18, 26], [2, 43, 24, 30], [4, 27, 16, 34]];
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/**
 * The rows of the code, true where it is dark; null for a text that is too long.
 * @param {string} text
 * @returns {boolean[][] | null}
 */
export function qr(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const k = VERSIONS.findIndex(([blocks, data]) => bytes.length + 2 <= blocks * data);
  if (k < 0) return null;
  const bits = codewords(bytes, VERSIONS[k]).flatMap((byte) => bits_of(byte, 8));
  const drawn = MASKS.map((_, mask) => filled(frame(k, mask), bits, MASKS[mask]));
  const faults = drawn.map(penalty);
  return drawn[faults.indexOf(Math.min(...faults))];
}

const bits_of = (value, count) => Array.from({ length: count }, (_, i) => Boolean((value >> (count - 1 - i)) & 1));

// ------------------------------------------------------------------ the bytes

function codewords(bytes, version) {
  const [blocks, data, correction] = version;
  const bits = [...bits_of(4, 4), ...bits_of(bytes.length, 8), ...bytes.flatMap((byte) => bits_of(byte, 8))];
  bits.push(...Array(4).fill(false));
  const all = Array.from({ length: bits.length / 8 }, (_, i) => value_of(bits.slice(8 * i, 8 * i + 8)));
  for (let pad = 0xec; all.length < blocks * data; pad ^= 0xec ^ 0x11) all.push(pad);
  const parts = Array.from({ length: blocks }, (_, i) => all.slice(i * data, (i + 1) * data));
  const checks = parts.map((part) => correction_of(part, correction));
  return [...woven(parts), ...woven(checks)];
}

const value_of = (bits) => bits.reduce((value, bit) => 2 * value + Number(bit), 0);
const woven = (parts) => parts[0].flatMap((_, i) => parts.map((part) => part[i]));

// In the field of 256 elements with x⁸ = x⁴ + x³ + x² + 1.
function times(a, b) {
  let product = 0;
  for (let i = 7; i >= 0; i--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    if ((b >> i) & 1) product ^= a;
  }
  return product;
}

// The remainder of the data after division by (x − 1)(x − 2)(x − 2²) …
function correction_of(data, count) {
  let divisor = [1];
  for (let i = 0, root = 1; i < count; i++, root = times(root, 2)) {
    divisor = [...divisor, 0].map((factor, j) => factor ^ (j ? times(divisor[j - 1], root) : 0));
  }
  const rest = Array(count).fill(0);
  for (const byte of data) {
    const lead = byte ^ rest.shift();
    rest.push(0);
    for (let j = 0; j < count; j++) rest[j] ^= times(divisor[j + 1], lead);
  }
  return rest;
}

// ------------------------------------------------------------------ the picture

// What is the same in every code of its size, and which mask it wears; undefined where data goes.
function frame(k, mask) {
  const size = 21 + 4 * k, rows = Array.from({ length: size }, () => Array(size));
  const set = (x, y, dark) => {
    if (y >= 0 && y < size && x >= 0 && x < size) rows[y][x] = Boolean(dark);
  };
  for (let i = 8; i < size - 8; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  const square = (x, y, far) => {
    for (let dy = -far; dy <= far; dy++) {
      for (let dx = -far; dx <= far; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        set(x + dx, y + dy, far === 2 ? ring !== 1 : ring !== 2 && ring !== 4);
      }
    }
  };
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4);
  const small = VERSIONS[k][3];
  if (small) square(small, small, 2);
  const bits = format(mask);
  for (let i = 0; i < 15; i++) {
    const bit = (bits >> i) & 1;
    set(i < 8 ? 8 : i === 8 ? 7 : 14 - i, i < 6 ? i : i < 8 ? i + 1 : 8, bit);
    set(i < 8 ? size - 1 - i : 8, i < 8 ? 8 : size - 15 + i, bit);
  }
  set(8, size - 8, true);
  return rows;
}

// Correction M is 00; ten bits guard it and the mask.
function format(mask) {
  let rest = mask;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  return ((mask << 10) | rest) ^ 0x5412;
}

// From the lower right in columns two wide, up and down by turns.
function filled(rows, bits, is_flipped) {
  const size = rows.length;
  let next = 0, up = true;
  for (let right = size - 1; right > 0; right -= 2, up = !up) {
    if (right === 6) right = 5;
    for (let i = 0; i < size; i++) {
      const y = up ? size - 1 - i : i;
      for (const x of [right, right - 1]) {
        if (rows[y][x] === undefined) rows[y][x] = Boolean(bits[next++]) !== is_flipped(x, y);
      }
    }
  }
  return rows;
}

// How hard it is to read: long runs, squares of one colour, what looks like a corner, and too much of one colour.
function penalty(rows) {
  const size = rows.length, columns = rows.map((_, x) => rows.map((row) => row[x]));
  let faults = 0, dark = 0;
  for (const line of [...rows, ...columns]) {
    const text = line.map(Number).join("");
    for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) faults += run.length - 2;
    faults += 40 * [...text.matchAll(/(?=00001011101|10111010000)/g)].length;
  }
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const here = rows[y][x];
      dark += Number(here);
      if (rows[y + 1]?.[x] === here && rows[y][x + 1] === here && rows[y + 1][x + 1] === here) faults += 3;
    }
  }
  return faults + 10 * Math.floor(Math.abs(20 * dark / size ** 2 - 10));
}
