// Runs that Python computes: asked for once, kept while they may be wanted, and given up when they are not any more.

import { to_parameters, to_query } from "../example/address.js";
import { address_of } from "../files.js";
import { unpacked } from "./decode.js";
import { key_of } from "./settings.js";

const KEPT = 24;
const LINE = 10; // the character code that ends the dots
const runs = new Map(); // key → { run, failed, progress, asked: AbortController, arrived: Promise }
let turn = 0;

/** The run with these settings, or null while it is not here. */
export const run_of = (setting) => runs.get(key_of(setting))?.run ?? null;

/** How many hundredths are computed of the first run that is on its way; null where none is. */
export function progress_of(settings) {
  const waiting = settings.map((one) => runs.get(key_of(one))).find((one) => one && !one.run);
  return waiting ? (waiting.failed ? null : waiting.progress) : null;
}

/** Whether one of these could not be had. */
export const has_failed = (settings) => settings.some((one) => runs.get(key_of(one))?.failed);

/** Whether all of these are here, or will not come. */
const settled = (settings) =>
  settings.every((one) => {
    const known = runs.get(key_of(one));
    return known && (known.run || known.failed);
  });

/**
 * Whether these runs are here, or will not come. Where not they are asked for, whatever else is on its way is given up,
 * and `then` is called once they are.
 */
export function ready(stage, settings, then) {
  const keys = settings.map(key_of), lacking = settings.filter((one) => !settled([one]));
  if (!lacking.length) return true;
  give_up(keys);
  for (const one of lacking) fetched(stage, one).then(() => settled(settings) && then());
  return false;
}

/** Ask for runs that will be wanted next, one after another, until something else is wanted. */
export async function ask_ahead(stage, settings) {
  const own = turn;
  for (const one of settings) if (own === turn && !runs.has(key_of(one))) await fetched(stage, one);
}

/** Nobody waits any more for any run, but for these. */
export function give_up(keys = []) {
  turn += 1;
  for (const [key, { asked, run, failed }] of runs) {
    if (run || failed || keys.includes(key)) continue;
    asked.abort();
    runs.delete(key);
  }
}

/** What failed is asked for anew. */
export function forget_failures() {
  for (const [key, { failed }] of runs) if (failed) runs.delete(key);
}

function fetched(stage, setting) {
  const key = key_of(setting), known = runs.get(key);
  if (known) return known.arrived;
  const asked = new AbortController();
  const entry = { run: null, failed: false, progress: 0, asked, arrived: Promise.resolve() };
  runs.set(key, entry);
  entry.arrived = bring(stage, setting, entry).catch(() => {
    entry.failed = !asked.signal.aborted;
  });
  return entry.arrived;
}

async function bring(stage, setting, entry) {
  const { settings, defaults } = stage.data;
  const query = to_query({ train: setting.loss, ...to_parameters(settings, "training", setting, defaults.training) });
  const answer = await fetch(address_of(`run?${query}`), { signal: entry.asked.signal });
  if (!answer.ok || !answer.body) throw new Error(String(answer.status));
  const packed = await after_dots(answer.body.getReader(), (count) => {
    entry.progress += count;
    stage.paint_soon();
  });
  const bytes = await new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  entry.run = unpacked(bytes);
  forget();
}

// What comes after the line's end; the dots before it are counted.
async function after_dots(reader, count) {
  const parts = [];
  let begun = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts);
    const end = begun ? -1 : value.indexOf(LINE);
    if (begun) parts.push(value);
    else if (end < 0) count(value.length);
    else parts.push(value.subarray(end + 1));
    begun ||= end >= 0;
  }
}

function forget() {
  const here = [...runs].filter(([, { run }]) => run);
  for (const [key] of here.slice(0, Math.max(0, here.length - KEPT))) runs.delete(key);
}
