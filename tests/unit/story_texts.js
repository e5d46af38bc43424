// @ts-check
// What the modules make of the pages' stories: reads { page: story } from the file named and prints the names that each
// module knows, every text with its numbers filled in, every question's answer, and which tasks are done at once.
/** @type {any} */
const world = globalThis;
world.CSSStyleSheet = class {
  replaceSync() {}
};
world.document = { addEventListener() {}, adoptedStyleSheets: [] };

const folder = new URL("../../pages/parts/browser/", import.meta.url);
/** @type {(name: string) => Promise<any>} */
const load = (name) => import(new URL(name, folder).href);
const { revived } = await load("example/address.js");
const { load: load_photos } = await load("photos/store.js");
/** @type {(url: URL) => Promise<Response>} what the server would answer, from the folder named */
world.fetch = async (url) => new Response(await Deno.readFile(`${Deno.args[1]}/${url.pathname.split("/").at(-1)}`));
const { result_of } = await load("example/result.js");
const { filled } = await load("story/markup.js");
const { GOALS } = await load("story/goals.js");
const { truth_of } = await load("story/guess.js");
const { scene_of } = await load("story/steps.js");

/** @type {Record<string, [string, string]>} */
const EXPORTS = {
  columns: ["table/columns.js", "COLUMNS"],
  remarks: ["story/remarks.js", "REMARKS"],
  charts: ["pictures/all.js", "PICTURES"],
  controls: ["screen/controls.js", "CONTROLS"],
  goals: ["story/goals.js", "GOALS"],
  objectives: ["example/descent.js", "OBJECTIVES"],
  bases: ["example/bases.js", "BASES"],
};
/** @type {Record<string, any>} */
const names = {};
for (const [kind, [file, name]] of Object.entries(EXPORTS)) names[kind] = Object.keys((await load(file))[name]);
const { LIMITS } = await load("example/edits.js");

/** @type {(step: any) => any} */
const revive = (step) => ({ ...step, shows: revived(step.shows), begins: revived(step.begins) });

/** @type {(story: any) => any} */
function told(story) {
  const steps = story.steps.map(revive), whole = { ...story, reveal: story.reveal ?? -Infinity, steps };
  return steps.map((/** @type {any} */ step, /** @type {number} */ k) => {
    const shows = scene_of(whole, k + 1, { [k + 1]: null }),
      begins = { example: step.begins, batch: step.begins_batch, photo: step.begins_photo };
    /** @type {(text: string) => string} */
    const fill = (text) => filled(text, shows, begins);
    const { ask } = step, whys = step.why ? [step.why] : ask?.why ? [ask.why] : (ask?.choices ?? []).map(why_of);
    return {
      text: fill(step.text),
      whys: whys.map(fill),
      truth: ask?.quantity ? truth_of(step) : null,
      done: step.goal ? is_done(step, shows) : false,
    };
  });
}
/** @type {(step: any, scene: any) => boolean} */
const is_done = ({ goal, shows, batch, training }, scene) =>
  GOALS[goal](scene.example, shows, result_of(scene), null, scene.batch, batch, training);
/** @type {(choice: any) => string} */
const why_of = ({ why }) => why;

const stories = JSON.parse(Deno.readTextFileSync(Deno.args[0]));
const photos = Object.values(stories).flatMap(({ steps }) => steps.map((/** @type {any} */ { photo }) => photo)).filter(
  Boolean,
);
await load_photos({ at: "here", networks: photos.map(({ network }) => network) });
const texts = Object.fromEntries(Object.entries(stories).map(([page, story]) => [page, told(story)]));
console.log(JSON.stringify({ names, limits: LIMITS, texts }));
