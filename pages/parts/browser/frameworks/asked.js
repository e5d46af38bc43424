// What is asked of the calls, and of from_logits: held here and in the page's address, for Python needs none of it.

const USUAL = {
  find: "",
  framework: "",
  task: "",
  takes: "",
  only: "",
  release: "",
  output: "logits",
  from_logits: "true",
};

/** @type {typeof USUAL} */
let values = { ...USUAL };

/** What is asked now; what the address leaves out is as usual. */
export const asked = () => values;

/** Read the address. `known` says what each may be; the sentences that are returned say what was ignored. */
export function read(known) {
  const given = new URLSearchParams(location.search), faults = [];
  values = { ...USUAL };
  for (const name of Object.keys(USUAL)) {
    const text = given.get(name);
    if (text === null) continue;
    if (name === "find" || known[name].includes(text)) values[name] = name === "find" ? text.slice(0, 60) : text;
    else faults.push(fault(name, text, known[name]));
  }
  return faults;
}

const fault = (name, text, known) =>
  `${name} was ignored: it is “${text.slice(0, 20)}”, where one of ${known.join(", ")} was expected.`;

/** Ask something else; the address tells it. */
export function ask(changes) {
  values = { ...values, ...changes };
  const url = new URL(location.href);
  for (const [name, text] of Object.entries(values)) {
    if (text === USUAL[name]) url.searchParams.delete(name);
    else url.searchParams.set(name, text);
  }
  history.replaceState(history.state, "", url);
}
