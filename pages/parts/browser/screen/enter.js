// Enter in a box of several lines: a single line is taken at once, as in a box of one. With Shift it begins a new line.

const taken = ".st-key-loss textarea";

document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLTextAreaElement) || !box.matches(taken)) return;
  const alone = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  if (event.key !== "Enter" || !alone || box.value.includes("\n")) return;
  event.preventDefault();
  event.stopPropagation();
  box.dispatchEvent(
    new KeyboardEvent("keydown", { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true, cancelable: true }),
  );
}, { capture: true });
