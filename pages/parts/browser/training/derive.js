// What is shown of runs after an epoch: the numbers of each, and where its pictures are found.

import { kept_at } from "./decode.js";
import { run_of } from "./store.js";

const NAMES = ["train_loss", "test_loss", "train_accuracy", "test_accuracy", "stuck"];
const LOST = Object.fromEntries(NAMES.map((name) => [name, NaN]));

/** The numbers of the first run, and all runs with theirs; a run that is not here yet has none. */
export function derive_training({ runs, epoch, measure }) {
  const shown = runs.map((setting) => {
    const run = run_of(setting);
    if (!run) return { setting, run, numbers: LOST, at: 0, epoch: 0 };
    const now = Math.min(epoch, run.epochs);
    const numbers = Object.fromEntries(NAMES.map((name) => [name, run.curves[name][now]]));
    return { setting, run, numbers, at: kept_at(run, now), epoch: now };
  });
  return { runs: shown, numbers: shown[0].numbers, epoch, measure };
}

/** The curve that is drawn of a run, of the digits trained on or of the unseen. */
export const curve_of = ({ curves }, part, measure) =>
  curves[`${part}_${measure === "trained" ? "loss" : "cross_entropy"}`];
