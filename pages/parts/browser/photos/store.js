// What is known of the photos: fetched once, kept for the page. The reader's own photo comes from Python.

import { address_of } from "../files.js";

/** @type {any} photos, networks, classes, products, layers; `logits` by network and photo */
export let known = null;
const logits = new Map();
const waiting = new Map();

let folder = "";
const at = (name) => address_of(`../../photos/${folder}/${name}`);

/** The picture of a ready photo. */
export const picture_of = (photo) => photo.picture ?? at(`${photo.id}.jpg`).href;

/** Fetch the names and the outputs of these networks, unless they are here; `hash` names the folder. */
export async function load({ at: hash, networks }) {
  folder = hash;
  known ??= await (await fetch(at("about.json"))).json();
  await Promise.all(networks.map(load_network));
}

/** Fetch one network's outputs, unless they are here or on their way. */
export function load_network(network) {
  if (!waiting.has(network)) waiting.set(network, fetched(network));
  return waiting.get(network).catch((fault) => {
    waiting.delete(network);
    throw fault;
  });
}

async function fetched(network) {
  const values = new Float32Array(await (await fetch(at(`${network}.f32`))).arrayBuffer());
  const classes = known.classes.length;
  known.photos.filter(({ picture }) => !picture).forEach(({ id }, k) => {
    const own = Array.from(values.subarray(k * classes, (k + 1) * classes));
    if (!Number.isNaN(own[0])) logits.set(`${network} ${id}`, own); // a saved page does not bring them all
  });
}

/** The 1000 logits of a photo, as the network gave them. */
export const logits_of = (network, photo) => logits.get(`${network} ${photo}`);

/** The reader's own photo: {id, title, label, picture, logits by network as base64, products with the photos}. */
export function receive_own(own) {
  if (!own || known.own === own.key) return;
  known = { ...known, own: own.key, photos: known.photos.filter(({ picture }) => !picture).concat(own) };
  known.products = joined(known.products.map((row) => row.slice(0, own.products.length - 1)), own.products);
  for (const [network, text] of Object.entries(own.logits)) logits.set(`${network} ${own.id}`, floats_of(text));
}

// A table of products with one row and column more.
function joined(products, row) {
  const square = products.slice(0, row.length - 1);
  return [...square.map((entries, k) => [...entries, row[k]]), row];
}

function floats_of(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  return Array.from(new Float32Array(bytes.buffer));
}
