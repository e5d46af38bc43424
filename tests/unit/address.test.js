// An example as an address spells it: what Python reads there is proven in tests/unit/test_address.py.
import assert from "node:assert/strict";
import {
  revived,
  shorter,
  spelled_numbers,
  to_parameters,
  to_query,
  usual_example,
} from "../../pages/parts/browser/example/address.js";
import { example, view } from "./stories.js";

const SETTINGS = [
  ["z", "example", "logits", "numbers"],
  ["p", "example", "targets", "numbers"],
  ["t", "example", "temperature", "number"],
  ["base", "example", "base", "text"],
  ["names", "example", "names", "names"],
  ["step", "view", "step", "number"],
  ["show", "view", "show", "list"],
  ["hide", "view", "hide", "flag"],
].map(([name, record, field, written]) => ({ name, record, field, written }));
const NAMES = ["cat", "dog", "fox", "owl", "bee", "ant", "hen", "pig", "elk", "yak"];
const of = (now) => to_parameters(SETTINGS, "example", now, usual_example(now, example(), NAMES));

Deno.test("what is usual is left out", () => {
  assert.deepEqual(of(example()), {});
  assert.deepEqual(to_parameters(SETTINGS, "view", view(), view()), {});
});

Deno.test("each field is written as its setting declares", () => {
  const now = example({ logits: [1e-7, -Infinity, 2], targets: [0, 0.5, 0.5], temperature: 0.05, base: "10" });
  assert.deepEqual(of({ ...now, names: ["a,b", "c\\", "<i>"] }), {
    z: "1e-7,-inf,2",
    p: "0,0.5,0.5",
    t: "0.05",
    base: "10",
    names: "a\\,b,c\\\\,<i>",
  });
  assert.deepEqual(to_parameters(SETTINGS, "view", view({ step: 3, show: ["logit", "target"], hide: true }), view()), {
    step: "3",
    show: "logit,target",
    hide: "1",
  });
});

Deno.test("of another number of classes only the logits are needed to tell it", () => {
  const two = { names: NAMES.slice(0, 2), logits: [0, 0], targets: [1, 0] };
  assert.deepEqual(of(example(two)), { z: "0,0" });
  assert.deepEqual(of(example({ ...two, targets: [0, 1] })), { z: "0,0", p: "0,1" });
});

Deno.test("a number is written with all its digits", () => {
  for (const z of [0.1 + 0.2, -1 / 3, 5e-324, 1e21, 123456.789]) {
    assert.equal(Number(of(example({ logits: [z, 0, 0] })).z.split(",")[0]), z);
  }
});

Deno.test("a query reads back as what it was written of, whatever is in it", () => {
  const parameters = { z: "1,-inf,2", names: "a\\,b,&d=#?+ %,c\\\\,é👩‍🔬;", rows: "0.5,0.5;1,0" };
  const query = to_query(parameters);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(query)), parameters);
  assert.ok(query.includes("z=1,-inf,2") && query.includes("rows=0.5,0.5;1,0"), "commas and semicolons stay legible");
  assert.equal(new URL(`https://x/y?${query}`).hash, "");
});

Deno.test("Python's −inf is revived, its other logits are numbers, and no example stays none", () => {
  assert.deepEqual(revived({ logits: ["-inf", "1.5", "-1e-07"], base: "2" }), {
    logits: [-Infinity, 1.5, -1e-7],
    base: "2",
  });
  assert.equal(revived(null), null);
});

Deno.test("probabilities of few digits stand for logits that are just their logarithms", () => {
  const spelled = (logits) => shorter({ z: spelled_numbers(logits), t: "2" }, logits);
  assert.deepEqual(spelled([0.5, 0.2, 0.3].map(Math.log)), { q: "0.5,0.2,0.3", t: "2" });
  assert.deepEqual(spelled([0, 0.7, 0.3].map(Math.log)), { q: "0,0.7,0.3", t: "2" });
  assert.deepEqual(shorter({ t: "2" }, [0.5, 0.5].map(Math.log)), { t: "2" });
});

Deno.test("logits of other numbers stay as they are, to the last digit", () => {
  const third = Array(3).fill(Math.log(1 / 3)), next = [Math.log(0.5) + 2e-16, Math.log(0.5)];
  for (const logits of [third, next, [2, 1, 0], [-1.5, 0.25]]) {
    assert.deepEqual(shorter({ z: spelled_numbers(logits) }, logits), { z: spelled_numbers(logits) });
  }
});
