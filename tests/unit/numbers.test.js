// Numbers as a hand types them and as a line has room for: format() itself is proven in test_browser_mathematics.py.
import assert from "node:assert/strict";
import { brief, exactly, factor, format, parse, programmed } from "../../pages/parts/browser/numbers.js";

Deno.test("a typed number may have a sign, a comma or a point, a power of ten, and spaces around it", () => {
  const typed = {
    "1.5": 1.5,
    "1,5": 1.5,
    "−2": -2,
    "-2": -2,
    "+3.": 3,
    ".5": 0.5,
    " 1e-3 ": 0.001,
    "1E2": 100,
    "0,123": 0.123,
  };
  for (const [text, value] of Object.entries(typed)) assert.equal(parse(text, -1000, 1000), value, text);
});

Deno.test("what could be a thousand, or is no number, is none", () => {
  for (const text of ["1,000", "12,345", "", "x", "1 2", "1,2,3", "0x10", "1e", "--1", "٣", "NaN", "∞", "inf", "1_0"]) {
    assert.equal(parse(text, -1e9, 1e9, true), null, text);
  }
});

Deno.test("−∞ is one where it may be, and nowhere else", () => {
  for (const text of ["-inf", "−∞", "-Infinity", "-∞", "−INF"]) {
    assert.equal(parse(text, -5, 5, true), -Infinity);
    assert.equal(parse(text, -5, 5), null);
  }
});

Deno.test("a number beyond its bounds is none, the bounds themselves are", () => {
  assert.deepEqual([-5, 5, -5.01, 5.01].map((x) => parse(String(x), -5, 5)), [-5, 5, null, null]);
});

Deno.test("what a box shows to a hand reads back as the very number", () => {
  for (const x of [0.1 + 0.2, -1 / 3, 1e-7, -1e21, 5e-324, 0, -123456.789]) {
    assert.equal(parse(exactly(x), -1e300, 1e300), x);
  }
  assert.equal(parse(exactly(-Infinity), -1, 1, true), -Infinity);
});

Deno.test("in brief an exact number has no idle zeros, another keeps them, and none below 1 is 1", () => {
  assert.deepEqual([1, 0.25, -3, 100, 0, 1000].map((x) => brief(x)), ["1", "0.25", "−3", "100", "0", "1000"]);
  assert.deepEqual([0.29999, 2 / 3, Infinity, NaN].map((x) => brief(x)), ["0.3000", "0.6667", "∞", "nan"]);
  assert.equal(brief(1 - 1e-7), "1 − 1.00·10⁻⁷");
  assert.equal(brief(0.99996), "1 − 4.00·10⁻⁵");
  assert.equal(factor(1 - 1e-7), "(1 − 1.00·10⁻⁷)");
  for (let k = 1; k < 16; k++) assert.notEqual(brief(1 - 10 ** -k), "1");
});

Deno.test("a bound is written as in a program, and reads back", () => {
  const written = [1e-10, 1e-7, 0.001, 0.5, 1, 0, 2.5e-4].map(programmed);
  assert.deepEqual(written, ["1e-10", "1e-7", "0.001", "0.5", "1", "0", "2.5e-4"]);
  for (const x of [1e-10, 1.25e-5, 0.25, 1 - 1e-7]) assert.equal(Number(programmed(x)), x);
});

Deno.test("only 0 shows as 0, whatever the digits", () => {
  for (const x of [5e-324, -1e-12, 1e-5, 0.00004]) {
    for (const digits of [2, 3, 4]) assert.match(format(x, digits).split("·")[0], /[1-9]/);
  }
  assert.equal(format(-0), "0");
});
