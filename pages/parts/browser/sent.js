// What Python sends, as the browser holds it.

import { revived } from "./example/address.js";

/** JSON has no −∞, and settings come as rows. */
export function revive(data) {
  const example = revived(data.example),
    story = data.story && {
      ...data.story,
      reveal: data.story.reveal ?? -Infinity,
      steps: data.story.steps.map((step) => ({ ...step, shows: revived(step.shows), begins: revived(step.begins) })),
    };
  const photo = data.photo &&
    { ...data.photo, moved: data.photo.moved && revived({ logits: data.photo.moved }).logits };
  const settings = data.settings.map(([name, record, field, written]) => ({ name, record, field, written }));
  return {
    ...data,
    settings,
    example,
    photo,
    story,
    defaults: { ...data.defaults, example: revived(data.defaults.example) },
  };
}
