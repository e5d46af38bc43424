// @ts-check
// What the modules make of photos: reads { shown: [...], taught: [...] } from the file named, with the served files in
// the folder named, and prints the example of each that is shown and the 1000 logits of each that was taught.
/** @type {any} */
const world = globalThis;
const [file, folder] = Deno.args;
/** @type {(url: URL) => Promise<Response>} */
world.fetch = async (url) => new Response(await Deno.readFile(`${folder}/${url.pathname.split("/").at(-1)}`));

const modules = new URL("../../pages/parts/browser/photos/", import.meta.url);
/** @type {(name: string) => Promise<any>} */
const load = (name) => import(new URL(name, modules).href);
const store = await load("store.js");
const { example_of, outputs_of } = await load("derive.js");

const { shown, taught } = JSON.parse(Deno.readTextFileSync(file));
await store.load({ at: "here", networks: [...shown, ...taught].map(({ network }) => network) });
const rest = { base: "e" };
console.log(JSON.stringify({
  examples: shown.map((/** @type {any} */ one) => example_of(one, rest)),
  outputs: taught.map((/** @type {any} */ one) => outputs_of(one)),
}));
