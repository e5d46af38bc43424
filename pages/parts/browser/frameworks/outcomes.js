// What a loss makes of a model's output: told rightly whether that is logits or probabilities, or wrongly. Pure.

import { categorical } from "../xent_core/keras.js";
import { softmax_cross_entropy } from "../xent_core/losses.js";
import { softmax } from "../xent_core/softmax.js";

const LOSSES = {
  logits: { true: softmax_cross_entropy, false: categorical },
  probabilities: {
    true: (z, p) => softmax_cross_entropy(softmax(z), p),
    false: (z, p) => categorical(softmax(z), p),
  },
};

/** The loss of the example, in nats, where the model puts out `output` and the loss is told `from_logits`. */
export function outcome({ logits, targets, temperature }, output, from_logits) {
  return LOSSES[output][from_logits](logits.map((z) => z / temperature), targets);
}

/** Whether the loss is told the truth about what it gets. */
export const is_right = (output, from_logits) => (output === "logits") === from_logits;
