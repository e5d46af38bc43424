// The little markup of a story's text, and its numbers. Text becomes nodes, never HTML.
//
//   :q[…] :p[…] :loss[…] :gradient[…]   a symbol in the colour of its quantity
//   **…**, `…`                          strong, code
//   [words](page)                       a link to another page of the app
//   {categorical} {probability.0}       a number of the example shown, computed; {begins.categorical} of the one before

import { loss_of } from "../example/derive.js";
import { result_of } from "../example/result.js";
import { format } from "../numbers.js";

const PIECES = /:(q|p|loss|gradient)\[([^\]]*)\]|\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([a-z-]+)\)/g;
const NUMBER = /\{(begins\.)?([a-z_]+)(?:\.(\d+|gradient))?\}/g;

/** The pieces of a text: [kind, words], of a link with its page. */
export function pieces(text) {
  const found = [];
  let at = 0;
  for (const match of text.matchAll(PIECES)) {
    if (match.index > at) found.push(["text", text.slice(at, match.index)]);
    if (match[1]) found.push([match[1], match[2]]);
    else if (match[6]) found.push(["link", match[5], match[6]]);
    else found.push(match[3] ? ["strong", match[3]] : ["code", match[4]]);
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push(["text", text.slice(at)]);
  return found;
}

/** A text with its numbers put in, of the scene that is shown and of the one before. */
export function filled(text, shows, begins) {
  return text.replace(
    NUMBER,
    (_, before, name, part) => format(value_of(result_of(before ? begins : shows), name, part)),
  );
}

function value_of(result, name, part) {
  if (result.numbers) return result.numbers[name];
  if (name in result.routes) return part ? result.routes[name].gradient[0] : result.routes[name].categorical;
  if (name in result.parts) return result.parts[name];
  return part === undefined ? loss_of(name, result) : result.columns[name][Number(part)];
}
