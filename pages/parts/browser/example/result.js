// What is computed of a scene, whether it shows one example or a batch.

import { derive_batch } from "../batch/derive.js";
import { derive } from "./derive.js";

export const result_of = ({ example, batch }) => batch ? derive_batch(batch, example) : derive(example);
