// A story as data, and what a step shows. Pure: the state that is walked through is kept elsewhere.
//
// A step has a title, a text and what it `shows`; one with a prediction (`ask`) waits on `begins` until it is answered.
// `seen` holds the answers: for each step that was revealed the reader's own guess, or null where it was skipped.

import { descended } from "../example/descent.js";
import { example_of } from "../photos/derive.js";

/** A step's number, brought into the story. */
export const clamped = (story, step) => Math.min(Math.max(step, 1), story.steps.length);

export const step_of = (story, step) => story.steps[step - 1];

/** Whether a step still asks: until then it shows what was before. */
export const waits = (story, step, seen) => Boolean(step_of(story, step).ask) && !(step in seen);

/**
 * The scene that a step declares: the same on the way forward, on the way back, by a link and after a reload.
 * @returns {any}
 */
export function scene_of(story, step, seen) {
  const told = step_of(story, step), waiting = waits(story, step, seen);
  const reveal = story.steps.slice(0, waiting ? step - 1 : step).map(({ reveal }) => reveal ?? Infinity);
  const drawn = Math.min(story.reveal, ...reveal), example = waiting ? told.begins : told.shows;
  const scene = waiting || !told.walk ? { example, descent: null } : descended(example, example.logits, told.walk);
  const batch = waiting ? told.begins_batch : told.batch, photo = waiting ? told.begins_photo : told.photo;
  if (photo) {
    return { example: photo.taught ? example_of(photo, example) : example, descent: null, reveal: drawn, photo };
  }
  const training = waiting ? told.begins_training : told.training;
  return { ...scene, reveal: drawn, ...(batch ? { batch } : {}), ...(training ? { training } : {}) };
}

/**
 * On the way forward a step that was only skipped asks again; one that the reader answered stays answered.
 * @returns what is seen when `step` is entered so
 */
export function entered(seen, step, forward) {
  const { [step]: answer, ...rest } = seen;
  if (forward) return answer === null ? rest : seen;
  return step in seen ? seen : { ...seen, [step]: null };
}

/** Choices in an order that is not the one they are written in (the right one is written first), and always the same. */
export function shuffled(choices, step) {
  const order = choices.map((_, k) => k), turn = 1 + (step % (choices.length - 1 || 1));
  return [...order.slice(turn), ...order.slice(0, turn)];
}
