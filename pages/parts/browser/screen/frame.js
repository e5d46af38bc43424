// The stage's styles, and what the frame around it has to know: how large type is, and whether it is projected.

import { address_of } from "../files.js";

const load = async (name) => {
  const sheet = new CSSStyleSheet();
  return sheet.replace(await (await fetch(address_of(name))).text());
};

/** The stage's own styles; those of the frame around it come with the page. */
export const sheets = await Promise.all(
  ["stage.css", "chart.css", "photos.css", "training.css", "bench.css", "rooms.css"].map(load),
);

// Streamlit takes a file only with its cookie, which a browser may keep from a page in a frame on another site.
function takes_no_file() {
  try {
    return top !== window && !document.cookie.includes("_streamlit_xsrf=");
  } catch { // a frame that is allowed no cookie at all
    return true;
  }
}
document.documentElement.classList.toggle("takes-no-file", takes_no_file());

/** Marks the document: `projected` fills the screen with the stage, `staged` gives the stage its room. */
export function root_class(projected, staged) {
  document.documentElement.classList.toggle("projected", projected);
  document.documentElement.classList.toggle("staged", staged);
}
