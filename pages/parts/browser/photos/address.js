// A photo as an address spells it.

import { spelled_numbers as spelled } from "../example/address.js";
import { example_of, wanted_of } from "./derive.js";

/** What Python reads: the photo, the network, the class that is wanted now, and what a hand or a lesson changed. */
export function photo_parameters({ example, photo }) {
  const wanted = wanted_of({ example, photo }), { top, taught, network } = photo;
  const untouched = spelled(example_of({ ...photo, wanted, moved: null }, example).logits);
  return {
    photo: photo.photo,
    network,
    wanted: String(wanted),
    ...(top === TOP ? {} : { top: String(top) }),
    ...(spelled(example.logits) === untouched ? {} : { moved: spelled(example.logits) }),
    ...(taught ? { taught: taught.join(",") } : {}),
  };
}

const TOP = 5; // classes beside the wanted one, unless an address says otherwise
