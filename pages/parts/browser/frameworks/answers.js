// What all calls return for the example on the stage: asked for by a route of the server, one question at a time.

import { to_parameters, to_query } from "../example/address.js";
import { address_of } from "../files.js";
import { held } from "../session.js";

const KEPT = 40;
/** @type {Map<string, any>} query → what came for it, or why nothing did */
const known = new Map();
let busy = false;

const query_of = ({ settings, defaults }) =>
  to_query(to_parameters(settings, "example", held.scene.example, { ...defaults.example, logits: [] }));

/** What came for what is on the stage; null while it is on its way. `then` is called once something has come. */
export function answer_of(stage, then) {
  if (stage.data.answer) return stage.data.answer;
  const query = query_of(stage.data);
  if (known.has(query)) return known.get(query);
  if (!busy) ask(query).then(then);
  return null;
}

/** What could not be had is asked for anew. */
export function forget_failures() {
  for (const [query, { fault }] of known) if (fault) known.delete(query);
}

async function ask(query) {
  busy = true;
  known.set(query, await bring(query).catch(() => ({ fault: "The calls’ numbers did not come: the server is away." })));
  busy = false;
  for (const old of [...known.keys()].slice(0, Math.max(0, known.size - KEPT))) known.delete(old);
}

async function bring(query) {
  const came = await fetch(address_of(`calls?${query}`));
  return came.ok ? await came.json() : { fault: await came.text() };
}
