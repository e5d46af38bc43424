// When a task is done: each goal looks at the example that a hand made, and at the one that the step began with.

import { derive_batch } from "../batch/derive.js";
import { gap, target_class } from "../example/derive.js";
import { OBJECTIVES } from "../example/descent.js";
import { key_of } from "../training/settings.js";
import { log_odds } from "../xent_core/softmax.js";

const changed = (now, before) => now.filter((value, i) => value !== before[i]).length;
const alike = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);
const nats = (example) => OBJECTIVES.cross_entropy.loss(example.logits, { ...example, base: "e" });

export const GOALS = {
  /** Another run than the start's gets 97 % of the unseen digits right within 20 epochs. */
  learns_in_20_epochs: (_example, _start, { runs: [{ run, setting }] }, _descent, _batch, _start_batch, start) =>
    run !== null && setting.epochs <= 20 && key_of(setting) !== key_of(start.runs[0]) &&
    run.curves.test_accuracy[setting.epochs] >= 0.97,
  /** The mean of the batch is small, in nats, and every row still counts and wants what it wanted. */
  batch_put_right: (_example, _start, _result, _descent, batch, start_batch) =>
    batch.rows.length === start_batch.rows.length && derive_batch(batch, { base: "e" }).numbers.mean < 0.2 &&
    batch.rows.every(({ counts, targets }, i) => counts && alike(targets, start_batch.rows[i].targets)),
  /** One logit was moved, and the class that is wanted is likelier than all others together. */
  likelier_than_all_others: (example, start) =>
    changed(example.logits, start.logits) === 1 && alike(example.targets, start.targets) && nats(example) < Math.LN2,
  /** Three steps downhill from the start, at a rate of at most 3.5, and the loss is below 0.05 nats. */
  below_in_three_steps: (example, start, { totals }, descent) =>
    descent?.steps === 3 && alike(descent.start, start.logits) && alike(example.targets, start.targets) &&
    example.rate <= 3.5 && example.temperature === 1 && example.base === "e" && totals.categorical < 0.05,
  /** At most half of the loss at the start, by one logit, for the same target and temperature, in whatever base. */
  halved_by_one_slider: (example, start) =>
    changed(example.logits, start.logits) === 1 && alike(example.targets, start.targets) &&
    example.temperature === start.temperature && nats(example) <= nats(start) / 2,
  /** The wanted class's logit stands at 10 or above, one step of the slider aside. */
  logit_pushed_to_10: (example, start) =>
    alike(example.targets, start.targets) && example.logits[target_class(example)] >= 9.99,
  /** Both forms are finite, and the Bernoulli form less than 1.1 times the categorical one. */
  forms_almost_equal: (_example, _start, { totals: { categorical, bernoulli } }) =>
    categorical > 0 && Number.isFinite(bernoulli) && bernoulli < 1.1 * categorical,
  /** The clipped loss no longer pulls at all, though the wanted class's q is below the bound that the step set. */
  gradient_is_dead: (example, start, { routes }) =>
    example.low === start.low && alike(example.targets, start.targets) &&
    gap(example, target_class(example)) < log_odds(example.low) &&
    routes.clipped.gradient.every((slope) => slope === 0),
};
