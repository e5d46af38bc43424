// The styles, and what the frame around the stage has to know of it: how large type is, and whether it is projected.

const load = async (name) => {
  const sheet = new CSSStyleSheet();
  return sheet.replace(await (await fetch(new URL(`../${name}`, import.meta.url))).text());
};

const [frame, ...own] = await Promise.all(["frame.css", "stage.css", "chart.css"].map(load));

/** The stage's own styles. */
export const sheets = own;

document.adoptedStyleSheets.push(frame);

/** Marks the document: `projected` fills the screen with the stage, `staged` gives the stage its room. */
export function root_class(projected, staged) {
  document.documentElement.classList.toggle("projected", projected);
  document.documentElement.classList.toggle("staged", staged);
}
