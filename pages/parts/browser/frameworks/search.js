// Which calls a search finds. Pure.

const SIGNS = /[\s_.,()=\-‑–]+/g;

/** Words that must all occur: signs part them, so that "label_smoothing" finds label smoothing. */
export const words_of = (text) => text.toLowerCase().split(SIGNS).filter(Boolean);

/**
 * Whether a text has all these words. One may also stand together what the text parts, and the other way round:
 * "crossentropy" finds cross_entropy.
 */
export function has(text, words) {
  const parted = ` ${words_of(text).join(" ")}`, together = parted.replaceAll(" ", "");
  return words.every((word) => parted.includes(word) || together.includes(word));
}
