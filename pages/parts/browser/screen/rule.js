// Rules of style that a module writes for the document, in which Python draws beside the stage.

/** A place for one rule: what is put there takes the place of what was. */
export function document_rule() {
  const sheet = new CSSStyleSheet();
  let now = "";
  return (rule) => {
    if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
    if (rule !== now) sheet.replaceSync(now = rule);
  };
}
