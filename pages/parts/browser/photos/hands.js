// What a hand chooses of a photo's scene: the photo, the network, the wanted class, and lessons for the last layer.

import { saved } from "../files.js";
import { complain, told } from "../screen/hands.js";
import { act } from "../screen/player.js";
import { edit_photo, held } from "../session.js";
import { wanted_of } from "./derive.js";
import { known, load_network, logits_of } from "./store.js";

/** The photo's scene with something else of it; what a hand did to its logits is over. */
function change(stage, changes) {
  const next = { ...held.scene.photo, wanted: wanted_of(held.scene), moved: null, ...changes };
  // To the reader's own photo only the trained networks have said something.
  const network = logits_of(next.network, next.photo) ? next.network : known.taught;
  act(stage, () => edit_photo({ ...next, network }));
  told(stage);
}

/** Another photo, with its own label where it has one. */
export function choose_photo(stage, { id, label }) {
  change(stage, { photo: id, ...(label === null ? {} : { wanted: label }) });
}

/** Another network: its outputs are fetched first. */
export async function choose_network(stage, network) {
  try {
    await load_network(network);
  } catch {
    return complain(stage, saved ? NOT_SAVED : "The network’s outputs did not come. Choose it once more.");
  }
  change(stage, { network });
}

const NOT_SAVED = "This network’s outputs are not in the saved page: only the page on its server has them.";

/** The class that someone typed: its name, or the first whose name begins with that, or holds it. */
export function choose_class(stage, text) {
  const typed = text.trim().toLowerCase(), names = known.classes.map((name) => name.toLowerCase());
  const tests = [(name) => name === typed, (name) => name.startsWith(typed), (name) => name.includes(typed)];
  const label = tests.map((test) => names.findIndex(test)).find((found) => found >= 0);
  if (!typed || label === undefined) {
    complain(
      stage,
      `“${text.slice(0, 24)}” was not taken. Expected a part of the name of one of ImageNet’s 1000 classes.`,
    );
  } else change(stage, { wanted: label });
}

/** Steps on the last layer, for the photo and the class on screen; another lesson begins anew. */
export function teach(stage, loss, steps) {
  const { photo, taught } = held.scene.photo, wanted = wanted_of(held.scene);
  const goes_on = taught && taught.slice(0, 3).join() === [photo, wanted, loss].join();
  const taken = Math.min((goes_on ? taught[3] : 0) + steps, MOST_STEPS);
  change(stage, { network: known.taught, taught: [photo, wanted, loss, taken] });
}
const MOST_STEPS = 1000; // as an address takes them

/** The last layer is what it was. */
export const forget = (stage) => change(stage, { taught: null });
