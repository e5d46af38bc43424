// The batch as a picture: each example a row, its probabilities a bar whose borders can be dragged, its loss a bar beside
// it, and through all of these the mean as a line.

import { format } from "../numbers.js";
import { attribute, make, number_place, put, put_number, span } from "../screen/elements.js";
import { drop_batch, move_batch, settle_batch } from "./hands.js";
import { held } from "../session.js";
import { border_of, with_border, with_counts, with_label } from "./edits.js";
import { label_of } from "./derive.js";
import { loss_word } from "./numbers.js";

const LEAST_REACH = 1; // nats: short bars stay short

/** The longest finite loss on screen, the ghost's too, so that what grew is seen to have grown. */
function reach(stage, { losses }) {
  const all = [...losses, ...(stage.ghost?.result.losses ?? [])].filter(Number.isFinite);
  return Math.max(LEAST_REACH, ...all) * (losses.includes(Infinity) ? 1.25 : 1.06);
}

export function batch_picture(stage) {
  const { rows } = held.scene.batch, word = span("mean-word");
  const head = make(
    "div",
    { className: "batch-row batch-head" },
    span("quiet", "example"),
    make("span", {}, span("q", "probabilities q"), span("quiet", ", the wanted class framed")),
    span("loss", "loss"),
    make("div", { className: "over" }, word),
  );
  stage.painters.push((scene, result) => {
    const at = result.numbers.mean / reach(stage, result), shown = Number.isFinite(at) && !held.view.hide;
    word.style.left = `${100 * Math.min(Math.max(at, 0.12), 0.86)}%`;
    put(word, shown ? `mean ${format(result.numbers.mean)}` : held.view.hide ? "" : "mean ∞");
    attribute(head, "title", loss_word(scene.example));
  });
  return make(
    "figure",
    { className: "chart batch", dataset: { chart: "batch", titled: String(Boolean(rows[0].title)) } },
    head,
    make("div", { className: "batch-rows" }, ...rows.map((_, i) => row(stage, i))),
  );
}

function row(stage, i) {
  const { names, rows, fixed } = held.scene.batch, count = rows[i].q.length;
  const title = make("button", { type: "button", className: "tool row-title" }), loss = number_place("loss", i);
  const bar = make("i", { className: "loss-bar" }), ghost = make("i", { className: "loss-ghost" });
  const mean = make("i", { className: "mean-line" });
  title.onclick = () => settle_batch(stage, with_counts(held.scene.batch, i, !held.scene.batch.rows[i].counts));
  title.disabled = Boolean(fixed);
  const segments = Array.from({ length: count }, (_, k) => segment(stage, i, k));
  const borders = fixed ? [] : Array.from({ length: count - 1 }, (_, k) => border(stage, i, k));
  const line = make(
    "div",
    { className: "batch-row", role: "group" },
    title,
    make("div", { className: "probabilities" }, ...segments, ...borders),
    loss,
    make("div", { className: "losses-track" }, bar, ghost, mean),
  );
  stage.painters.push(({ batch }, result) => {
    const own = batch.rows[i],
      length = reach(stage, result),
      value = result.losses[i],
      old = stage.ghost?.result.losses?.[i];
    if (!own) return;
    put(title, own.title || `${i + 1}`);
    title.title = own.counts ? "Let this row not count" : "Let this row count";
    attribute(line, "aria-label", `${own.title || `example ${i + 1}`}, ${names[label_of(own)]} wanted`);
    line.classList.toggle("padding", !own.counts);
    put_number(loss, value, held.view.hide ? "?" : format(value));
    bar.style.width = `${100 * Math.min(1, value / length)}%`;
    bar.classList.toggle("endless", value === Infinity);
    const moved = stage.ghost?.result.losses?.length === result.losses.length && Number.isFinite(old) &&
      Math.abs(old - value) > 0.01 * length;
    const at = result.numbers.mean / length;
    mean.hidden = !Number.isFinite(at) || held.view.hide;
    mean.style.left = `${100 * at}%`;
    ghost.hidden = !moved;
    ghost.style.width = moved ? `${100 * old / length}%` : "0";
  });
  return line;
}

// One class's share of a row; pressed, it becomes the wanted one.
function segment(stage, i, k) {
  const place = number_place(`probability-${k}`, i), word = span("segment-word");
  const button = make(
    "button",
    {
      type: "button",
      className: "segment",
      onclick: () => settle_batch(stage, with_label(held.scene.batch, i, k)),
    },
    word,
    place,
  );
  button.disabled = Boolean(held.scene.batch.fixed);
  button.style.setProperty("--shade", String(k));
  stage.painters.push(({ batch }) => {
    const own = batch.rows[i];
    if (!own) return;
    const q = own.q[k], wanted = label_of(own) === k;
    button.style.left = `${100 * (border_of(own, k) - q)}%`;
    button.style.width = `${100 * q}%`;
    button.classList.toggle("wanted", wanted);
    button.classList.toggle("narrow", q < 0.16);
    put(word, own.segments?.[k] ?? batch.names[k]);
    put_number(place, q, format(q, 2));
    attribute(button, "aria-pressed", wanted);
    button.title = `${own.segments?.[k] ?? batch.names[k]} ${format(q)}`;
  });
  return button;
}

// The border between two classes: dragged, or moved by the arrow keys.
function border(stage, i, k) {
  const handle = make("div", { className: "border", role: "slider", tabIndex: 0 });
  const set = (at) => with_border(stage.start ?? held.scene.batch, i, k, Number(at.toFixed(4)));
  handle.onpointerdown = (event) => {
    handle.setPointerCapture(event.pointerId);
    event.preventDefault();
    handle.focus();
  };
  handle.onpointermove = (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const box = handle.parentElement.getBoundingClientRect();
    move_batch(stage, set((event.clientX - box.left) / box.width));
  };
  handle.onpointerup = () => stage.start && settle_batch(stage, held.scene.batch);
  handle.onpointercancel = () => drop_batch(stage);
  handle.onkeydown = (event) => {
    const by = { ArrowRight: 0.01, ArrowUp: 0.01, ArrowLeft: -0.01, ArrowDown: -0.01 }[event.key];
    if (!by) return;
    event.preventDefault();
    settle_batch(stage, set(border_of(held.scene.batch.rows[i], k) + by));
  };
  stage.painters.push(({ batch }) => {
    const own = batch.rows[i];
    if (!own) return;
    const at = border_of(own, k), [a, b] = [batch.names[k], batch.names[k + 1]];
    handle.style.left = `${100 * at}%`;
    attribute(handle, "aria-label", `border of ${a} and ${b}, example ${i + 1}`);
    attribute(handle, "aria-valuenow", format(at));
    attribute(handle, "aria-valuemin", 0);
    attribute(handle, "aria-valuemax", 1);
    attribute(handle, "aria-valuetext", `${a} ${format(own.q[k])}, ${b} ${format(own.q[k + 1])}`);
  });
  return handle;
}
