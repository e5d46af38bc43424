// From one scene to another: the logits and targets move, all the rest is derived, so that every frame is true.

/** Slow, fast, slow. */
export const ease = (x) => (x < 0.5 ? 4 * x ** 3 : 1 - (2 - 2 * x) ** 3 / 2);

/** Between two numbers; where one is not finite there is no way between them, and the first stays until the end. */
export const between = (a, b, t) => (Number.isFinite(a) && Number.isFinite(b) ? a + (b - a) * t : a);

/** Whether two scenes show the same. */
export const same = (a, b) => JSON.stringify(plain(a)) === JSON.stringify(plain(b));
const plain = (scene) => ({ ...scene, example: { ...scene.example, logits: scene.example.logits.map(String) } });

/**
 * The scene at `t` of the way from one to another: 1 is the end itself. What can move moves (logits, targets, bounds,
 * temperature, how far the curves are drawn); the rest (base, precision, names) changes at the end.
 */
export function scene_between(from, to, t) {
  const a = from.example, b = to.example;
  if (t >= 1 || a.logits.length !== b.logits.length) return t >= 1 ? to : from;
  const all = (name) => a[name].map((value, i) => between(value, b[name][i], t));
  const scaled = (name) =>
    a[name] > 0 && b[name] > 0 ? Math.exp(between(Math.log(a[name]), Math.log(b[name]), t)) : a[name];
  const moving = (name) => a[name] === b[name] ? a[name] : scaled(name);
  return {
    example: {
      ...a,
      logits: all("logits"),
      targets: all("targets"),
      low: moving("low"),
      high: moving("high"),
      temperature: moving("temperature"),
    },
    reveal: between(from.reveal, to.reveal, t),
    aside: null,
    path: null,
  };
}
