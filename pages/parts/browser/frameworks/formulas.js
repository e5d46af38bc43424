// The formula of a row, drawn by Python once the row is opened: a hundred of them would hold up the page.

/** The formulas that came are put into their rows; those of open rows that are missing are asked for. */
export function lay_formulas(stage) {
  for (const drawn of document.querySelectorAll(".formulas > [class]")) {
    const place = document.querySelector(`.calls .${drawn.className} > .formula`);
    if (place && !place.hasChildNodes() && drawn.querySelector(".katex")) place.append(...clones(drawn));
  }
  const missing = [...document.querySelectorAll(".calls [open]:has(> .formula:empty)")];
  const opened = new Set([...stage.opened, ...missing.map((row) => row.classList[0])]);
  if (opened.size > stage.opened.length) stage.tell_opened(stage.opened = [...opened]);
}

// What is drawn belongs to Python, which draws it anew for each row that is opened.
const clones = (drawn) => [...drawn.childNodes].map((node) => node.cloneNode(true));
