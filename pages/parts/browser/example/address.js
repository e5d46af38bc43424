// An example and its view as an address spells them. Python declares the settings, and reads what is written here.

/** Numbers as Python reads them. */
export const spelled_numbers = (values) => values.map(String).join(",").replaceAll("Infinity", "inf");

const WRITERS = {
  numbers: spelled_numbers,
  names: (values) => values.map((name) => name.replace(/[\\,]/g, "\\$&")).join(","),
  list: (values) => values.join(","),
  number: String,
  text: String,
  flag: (value) => (value ? "1" : "0"),
};

/**
 * The parameters of a record (an example or a view): what equals `usual` is left out.
 * @param {{name: string, field: string, record: string, written: string}[]} settings
 */
export function to_parameters(settings, record, values, usual) {
  const spelled = (all, { field, written }) => WRITERS[written](all[field]);
  return Object.fromEntries(
    settings.filter((setting) => setting.record === record)
      .filter((setting) => spelled(values, setting) !== spelled(usual, setting))
      .map((setting) => [setting.name, spelled(values, setting)]),
  );
}

/**
 * What an example is measured by: the default, with as many classes. Of another number than the default's the names
 * are the first of `names` and the target is one-hot; the logits then stay in the address, to tell that number.
 */
export function usual_example(example, defaults, names) {
  const n = example.names.length;
  return { ...defaults, names: names.slice(0, n), targets: example.targets.map((_, i) => Number(i === 0)) };
}

/**
 * The parameters with probabilities in place of logits, where few digits of these give the very same logits.
 * @param {Record<string, string>} parameters
 * @returns {Record<string, string>}
 */
export function shorter({ z, ...others }, logits) {
  const q = logits.map((logit) => Number(Math.exp(logit).toPrecision(DIGITS)));
  const same = q.every((value, i) => Math.log(value) === logits[i]), sum = q.reduce((all, value) => all + value, 0);
  const spelled = spelled_numbers(q);
  if (z === undefined) return others;
  return same && Math.abs(sum - 1) < 1e-10 && spelled.length < z.length ? { q: spelled, ...others } : { z, ...others };
}
const DIGITS = 6;

export const to_query = (parameters) =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2C|%3B/g, decodeURIComponent)}`).join("&");

const number_of = (text) => Number(String(text).replace("inf", "Infinity"));

/** Python writes −∞ as "-inf", which JSON can hold. */
export const revived = (example) => example && { ...example, logits: example.logits.map(number_of) };
