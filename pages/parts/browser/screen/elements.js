// Elements: made in one expression, and touched only where they change, for a frame has little time.

import { saved } from "../files.js";
import { pieces } from "../story/markup.js";
import { format } from "../numbers.js";

const SVG = "http://www.w3.org/2000/svg";

/** An element with properties, `dataset`, `aria`, and children. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  const { dataset, aria, ...rest } = /** @type {any} */ (properties);
  Object.assign(element, rest);
  Object.assign(element.dataset, dataset);
  for (const [name, value] of Object.entries(aria ?? {})) element.setAttribute(`aria-${name}`, value);
  element.append(...children);
  return element;
}

export const span = (className = "", ...children) => make("span", { className }, ...children);

/** A quiet button. */
export const tool = (act, text, onclick, more = {}) =>
  make("button", { type: "button", className: "tool", dataset: { act }, onclick, ...more }, text);

/** A file for the reader to keep. */
export function hand_out(blob, name) {
  const href = URL.createObjectURL(blob);
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href));
}

/** The head of a table, a word for each column. */
export const head = (words) =>
  make("thead", {}, make("tr", {}, ...words.map((word) => make("th", { scope: "col" }, word))));

/** An SVG element. */
export function draw(tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function attribute(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/** A place for a number that says which one it is: tests, and a curious reader's inspector, read it there. */
export const number_place = (quantity, row, tag = "span") =>
  make(tag, { className: "number", dataset: { quantity, row } });

export function put_number(element, value, text = format(value)) {
  put(element, text);
  attribute(element, "data-value", value);
}

const TAGS = { strong: "strong", code: "code" };

/** A story's text as nodes: symbols in the colour of their quantity, and nothing but text in them. */
export const prose = (text) =>
  pieces(text).flatMap(([kind, words, page]) => {
    if (kind === "text") return unbroken(words);
    if (kind === "link") return link(words, page);
    return make(TAGS[kind] ?? "span", { className: TAGS[kind] ? "" : kind }, words);
  });

// Through the navigation, where it is there: so the session goes along. A saved page has no other beside it.
function link(words, page) {
  if (saved) return words;
  const known = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("[data-testid=stTopNavLink]"));
  const way = [...known].find(({ href }) => new URL(href).pathname.endsWith(`/${page}`));
  const go = (event) => {
    event.preventDefault();
    way?.click();
  };
  return make("a", { href: way?.href ?? page, ...(way ? { onclick: go } : {}) }, words);
}

// A line may not break within 5.1e-13 or 90.3 %, or between ln and its argument.
const unbroken = (text) =>
  text.split(/(−?[\d.]*\d?e-\d+|−?ln \S+|(?<=\s)= [\d.]+\d|[\d.]+ %)/).map((part, i) =>
    i % 2 ? span("unbroken", part) : part
  );
