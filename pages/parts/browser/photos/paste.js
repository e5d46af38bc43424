// A picture that is pasted anywhere on the page goes where a file would go.

const PLACE = "[class*=st-key-own-photo] input[type=file]";

document.addEventListener("paste", (event) => {
  const place = document.querySelector(PLACE), files = event.clipboardData?.files;
  if (!(place instanceof HTMLInputElement) || !files?.length) return;
  place.files = files;
  place.dispatchEvent(new Event("change", { bubbles: true }));
});
