// What one hands on: a link to what is on the stage, and the page as a file that needs no server.

import { address_of } from "../files.js";
import { query_on_stage } from "../post.js";
import { held } from "../session.js";
import { hand_out, make, put } from "./elements.js";

/** A panel that opens over the stage, and closes with a press beside it. */
export function share_panel(stage) {
  const link = make("input", { type: "text", className: "link", readOnly: true, aria: { label: "Link" } });
  const projector = make("input", { type: "checkbox" }), said = make("p", { className: "said", role: "status" });
  const fill = () => link.value = link_to(projector.checked);
  projector.onchange = fill;
  link.onfocus = () => link.select();
  const button = (act, text, onclick) =>
    make("button", { type: "button", className: "press", dataset: { act }, onclick }, text);
  const copy = button("copy-link", "Copy link", async () => put(said, await copied(link) ? "Copied." : PRESS_COPY));
  const save = button("save", "Save as a file", async () => {
    put(said, "Saving …");
    save.disabled = true;
    put(said, await saved_file(stage).catch(() => "The server did not answer. Save the page once more."));
    save.disabled = false;
  });
  const panel = make(
    "div",
    { className: "keys share", popover: "auto", role: "dialog", aria: { label: "Share" } },
    make("p", {}, "A link to this step, with the example as it is on screen."),
    link,
    make("p", {}, make("label", {}, projector, " in the projector view")),
    copy,
    make("p", {}, "One file that opens without a network: for a memory stick, a learning platform, a blog."),
    save,
    said,
    make("p", {}, make("a", { href: address_of("../../lesson").href, target: "_blank" }, "Two lessons, as a sheet")),
  );
  panel.onbeforetoggle = () => {
    projector.checked = held.view.present;
    put(said, "");
    fill();
  };
  return panel;
}

const PRESS_COPY = "The link is selected: copy it by Ctrl+C.";

function link_to(present) {
  const query = query_on_stage({ present });
  return location.origin + location.pathname + (query && `?${query}`);
}

// Where a page came by plain http the clipboard is not to be had: then the link is copied as a selection.
async function copied(link) {
  try {
    await navigator.clipboard.writeText(link.value);
    return true;
  } catch {
    link.focus();
    return document.execCommand("copy");
  }
}

/** Hands the file to the browser; what to say of it. */
async function saved_file(stage) {
  const { page } = stage.data, answer = await fetch(address_of(`take/${page}?${query_on_stage({})}`));
  if (!answer.ok) return await answer.text();
  hand_out(await answer.blob(), `cross-entropy-${page.replaceAll("_", "-")}.html`);
  return "Saved.";
}
