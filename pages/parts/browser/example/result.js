// What is computed of a scene, whether it shows one example, a batch, or training.

import { derive_batch } from "../batch/derive.js";
import { derive_training } from "../training/derive.js";
import { derive } from "./derive.js";

export function result_of({ example, batch, training }) {
  if (training) return derive_training(training);
  return batch ? derive_batch(batch, example) : derive(example);
}
