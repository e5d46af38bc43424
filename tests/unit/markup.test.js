// A story's text: its little markup becomes pieces, its numbers are computed, and nothing becomes HTML.
import assert from "node:assert/strict";
import { filled, pieces } from "../../pages/parts/browser/story/markup.js";
import { example, of_logits } from "./stories.js";

const shows = { example: example() }, begins = { example: of_logits(0, 0, 0) };

Deno.test("symbols, strong words and code are pieces, in order, and nothing is lost", () => {
  assert.deepEqual(pieces("a :q[q] b :p[target p]:loss[L] **c** `d` :gradient[g]."), [
    ["text", "a "],
    ["q", "q"],
    ["text", " b "],
    ["p", "target p"],
    ["loss", "L"],
    ["text", " "],
    ["strong", "c"],
    ["text", " "],
    ["code", "d"],
    ["text", " "],
    ["gradient", "g"],
    ["text", "."],
  ]);
});

Deno.test("a link is its words and the page that it leads to", () => {
  assert.deepEqual(pieces("see [1000 classes](thousand-classes)."), [
    ["text", "see "],
    ["link", "1000 classes", "thousand-classes"],
    ["text", "."],
  ]);
  assert.deepEqual(pieces("[a](https://b.c)"), [["text", "[a](https://b.c)"]]);
});

Deno.test("what is no markup stays text as it stands", () => {
  for (const text of ["<b>x</b> & <img src=x>", ":z[a]", "2 * 3 * 4", "a`b", "{", "[x](http://y)", ":q", "𝑥 − 1 … ’"]) {
    assert.deepEqual(pieces(text), [["text", text]]);
  }
  assert.deepEqual(pieces(""), []);
});

Deno.test("HTML inside a symbol is its words", () => {
  assert.deepEqual(pieces(":q[<i>q</i>]"), [["q", "<i>q</i>"]]);
});

Deno.test("a text is the same text again when its pieces are joined without their marks", () => {
  const text = "x :q[q] **y** `z`", words = pieces(text).map(([, said]) => said).join("");
  assert.equal(words, "x q y z");
});

Deno.test("numbers of the scene that is shown, and of the one before, are filled in as a reader sees them", () => {
  const put = (text) => filled(text, shows, begins);
  assert.equal(put("{categorical}, {bernoulli}, was {begins.categorical}"), "0.6931, 1.2730, was 1.0986");
  assert.equal(put("{probability.0} {probability.2} {begins.probability.1}"), "0.5000 0.3000 0.3333");
  assert.equal(put("{clipped} {doubled}"), "0.6931 0.9398");
  assert.equal(put("{fused} {fused.gradient} {naive.gradient}"), "0.6931 −0.5000 −0.5000");
  assert.equal(put("{entropy} {floor}"), "0 0");
});

Deno.test("a number is in the example's base, and infinite where it is", () => {
  assert.equal(filled("{categorical}", { example: example({ base: "10" }) }, begins), "0.3010");
  assert.equal(filled("{categorical}", { example: of_logits(-Infinity, 0, 0) }, begins), "∞");
});

Deno.test("a text without numbers stays, and what is not a number's name too", () => {
  for (const text of ["no numbers", "{}", "{A}", "{1}", "p = (0.9, 0.05)"]) {
    assert.equal(filled(text, shows, begins), text);
  }
});
