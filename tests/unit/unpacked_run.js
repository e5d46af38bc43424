// @ts-check
// What the browser reads of a run that Python packed: the file named as JSON, of each array its values.
const module = new URL("../../pages/parts/browser/training/decode.js", import.meta.url);
const { unpacked, kept_at } = await import(module.href);
const { epochs, curves, ...arrays } = unpacked(Deno.readFileSync(Deno.args[0]).buffer);
/** @type {(named: Record<string, any>) => Record<string, number[]>} */
const plain = (named) => Object.fromEntries(Object.entries(named).map(([name, values]) => [name, [...values]]));
const places = Array.from({ length: epochs + 1 }, (_, epoch) => kept_at(arrays, epoch));
console.log(JSON.stringify({ epochs, curves: plain(curves), arrays: plain(arrays), places }));
