// What the page Frameworks finds among its calls, and what it shows of from_logits.
import assert from "node:assert/strict";
import { doubled_floor } from "../../pages/parts/browser/example/derive.js";
import { is_right, outcome } from "../../pages/parts/browser/frameworks/outcomes.js";
import { has, words_of } from "../../pages/parts/browser/frameworks/search.js";
import { example } from "./stories.js";

const EXAMPLE = example({ names: ["a", "b", "c"], logits: [2, 1, 0.1], targets: [1, 0, 0] });
const near = (found, wanted) => assert.ok(Math.abs(found - wanted) < 1e-12, `${found}, not ${wanted}`);
const finds = (text, search) => has(text, words_of(search));

Deno.test("set rightly, logits and probabilities give the same loss", () => {
  near(outcome(EXAMPLE, "logits", true), outcome(EXAMPLE, "probabilities", false));
  assert.ok(is_right("logits", true) && is_right("probabilities", false));
  assert.ok(!is_right("logits", false) && !is_right("probabilities", true));
});

Deno.test("a softmax taken twice never falls below ln(1 + (n − 1)/e)", () => {
  near(doubled_floor(3), Math.log(1 + 2 / Math.E));
  near(doubled_floor(10), Math.log(1 + 9 / Math.E));
  for (const lead of [0, 2, 10, 50, 700, 1e6]) {
    assert.ok(outcome({ ...EXAMPLE, logits: [lead, 0, 0] }, "probabilities", true) >= doubled_floor(3));
  }
  near(outcome({ ...EXAMPLE, logits: [1e6, 0, 0] }, "probabilities", true), doubled_floor(3));
});

Deno.test("logits taken for probabilities are divided by their sum and clipped", () => {
  near(outcome(EXAMPLE, "logits", false), -Math.log(2 / 3.1));
  near(outcome({ ...EXAMPLE, logits: [-2, 1, 4] }, "logits", false), -Math.log(1e-7));
  assert.ok(Number.isNaN(outcome({ ...EXAMPLE, logits: [1, -1, 0] }, "logits", false)));
  assert.ok(Number.isNaN(outcome({ ...EXAMPLE, logits: [0, 0, 0] }, "logits", false)));
});

Deno.test("the temperature divides the logits first", () => {
  near(
    outcome({ ...EXAMPLE, temperature: 2 }, "logits", true),
    outcome({ ...EXAMPLE, logits: [1, 0.5, 0.05] }, "logits", true),
  );
});

Deno.test("a search finds words in any order, parted by signs or not at all", () => {
  const call = "cross_entropy(z, y, label_smoothing=0.1) It moves a share of 0.1 of the targets to all classes.";
  for (
    const found of ["label smoothing", "SMOOTHING label", "crossentropy", "cross-entropy", "0.1", "", "  ", "smooth"]
  ) {
    assert.ok(finds(call, found), found);
  }
  for (const other of ["focal", "label focal", "1e-7"]) assert.ok(!finds(call, other), other);
});

Deno.test("a bound is found as it is written", () => {
  assert.ok(finds("clips to [1e-7, 1 − 1e-7]", "1e-7"));
  assert.ok(finds("clips to [1e-10, 1]", "1e-10"));
  assert.ok(!finds("clips to [1e-7, 1 − 1e-7]", "1e-10"));
});
