// @ts-check
// Evaluates exports of the browser's mathematics, and of what is made of it: reads { "module.export/label": [[argument, …], …] } from the file
// named and prints { exports: { module: [name, …] }, values: { "module.export/label": [value, …] } }. Numbers that are
// not finite are the texts "inf", "-inf" and "nan"; { round } stands for a rounding, { gradient, rest } for a function
// of logits.
const folder = new URL("../../pages/parts/browser/xent_core/", import.meta.url);

/** @type {Record<string, any>} */
const modules = {};
for (const { name } of Deno.readDirSync(folder)) {
  modules[name.replace(/\.js$/, "")] = await import(new URL(name, folder).href);
}
const exports = mapped(modules, Object.keys);
modules.derive = await import(new URL("../example/derive.js", folder).href);
modules.numbers = await import(new URL("../numbers.js", folder).href);

/** @type {Record<string, number>} */
const NOT_FINITE = { inf: Infinity, "-inf": -Infinity, nan: NaN };

/** @type {(value: any) => any} */
function decoded(value) {
  if (typeof value === "string") return NOT_FINITE[value] ?? value;
  if (Array.isArray(value)) return value.map(decoded);
  if (value?.round) return modules.rounding.ROUND[value.round];
  if (value?.gradient) {
    const rest = decoded(value.rest);
    return (/** @type {number[]} */ logits) => modules.gradients[value.gradient](logits, ...rest);
  }
  return value && typeof value === "object" ? mapped(value, decoded) : value;
}

/** @type {(value: any) => any} */
function encoded(value) {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value).replace("Infinity", "inf");
  if (Array.isArray(value)) return value.map(encoded);
  return value && typeof value === "object" ? mapped(value, encoded) : value;
}

/** @type {(record: Record<string, any>, change: (value: any) => any) => Record<string, any>} */
function mapped(record, change) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** @type {(label: string, calls: any[][]) => any[]} */
function evaluated(label, calls) {
  const found = label.split("/")[0].split(".").reduce((place, name) => place[name], modules);
  return calls.map((list) => encoded(typeof found === "function" ? found(...decoded(list)) : found));
}

/** @type {[string, any[][]][]} */
const calls = Object.entries(JSON.parse(Deno.readTextFileSync(Deno.args[0])));
const values = Object.fromEntries(calls.map(([label, lists]) => [label, evaluated(label, lists)]));
console.log(JSON.stringify({ exports, values }));
