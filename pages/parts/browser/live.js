// The live table: drawing and hands. What is computed stands above, in math.js and model.js.

const COLUMNS = {
  logit: { word: "logit", sign: () => "z", edit: "logit" },
  exp: { word: "exponential", sign: t => (t.temperature === 1 ? "eᶻ" : "eᶻᐟᵀ"), low: true, sum: true },
  naive: { word: "naive softmax", sign: () => "", low: true, sum: true },
  shifted: { word: "shifted softmax", sign: () => "", low: true, sum: true },
  probability: { word: "probability", sign: () => "q", bar: x => [0, x], sum: true },
  clipped: { word: "clipped", sign: () => "clip(q)", low: true },
  target: { word: "target", sign: () => "p", edit: "target", sum: true },
  categorical: { word: "categorical", sign: t => `−p ${LOGS[t.base]} q`, sum: true },
  bernoulli: { word: "Bernoulli", sign: t => `−p ${LOGS[t.base]} q − (1−p) ${LOGS[t.base]} (1−q)`, sum: true },
  gradient: { word: "gradient", sign: () => "∂L/∂z", bar: x => [Math.min(0, x), Math.max(0, x)], signed: true },
};
const REM_OF_COLUMN = { logit: 13, target: 12.5, probability: 9.5, gradient: 9.5 };  // what a column needs beside bars

// What the browser holds outlives a change of page and a restarted server, so it lives in the module.
let held = null;
const tables = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const table = tables.get(parentElement) ?? build(parentElement);
  tables.set(parentElement, table);
  table.send = message => setStateValue("commit", message);
  receive(table, data);
  return () => table.observer.disconnect();
}

function build(root) {
  const part = name => root.querySelector("." + name);
  const table = {
    root, live: part("live"), grid: part("classes"), controls: part("controls"), head: root.querySelector("thead tr"),
    body: root.querySelector("tbody"), foot: root.querySelector("tfoot tr"), chips: part("chips"),
    outcome: part("outcome"), losses: part("losses"), formula: part("formula"), remark: part("remark"), pictures: part("pictures"),
    spoken: part("spoken"), painters: [], data: null, layout: "", editing: false, start: null, frame: 0, width: 0, pick: null, complaint: "",
  };
  table.observer = new ResizeObserver(([{ contentRect }]) => {
    table.width = contentRect.width;
    schedule(table);
  });
  table.observer.observe(table.live);
  return table;
}

// ------------------------------------------------------------------ what is held, and who hears of it

// The browser follows Python only where Python changed the example (a higher revision of the same session).
// A session it does not know is a restarted server: that one is told what the browser shows.
function receive(table, sent) {
  const data = { ...sent, example: revived(sent.example), defaults: revived(sent.defaults) };
  const mounting = !table.data, stranger = held !== null && data.session !== held.session;
  const presented = held?.example.present;
  table.data = data;
  table.width ||= table.live.clientWidth;
  if (held === null || (!stranger && data.revision > held.revision)) {
    if (held !== null) speak(table);
    held = { session: data.session, revision: data.revision, page: data.page, example: data.example };
    table.start = null;
  } else if (stranger || data.page !== held.page) {
    const example = data.page === held.page ? held.example : { ...held.example, show: [] };
    held = { session: data.session, revision: data.revision, page: data.page, example };
  }
  write_address(data);
  paint(table);
  if (presented !== undefined && presented !== held.example.present)
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  if (mounting && query(held.example, data) !== query(data.example, data)) setTimeout(() => commit(table));
  else if (stranger) setTimeout(() => commit(table));
}

// Python writes −∞ as "-inf".
const revived = example => ({ ...example, logits: example.logits.map(text => Number(text.replace("inf", "Infinity"))) });
const query = (example, { defaults, names }) => to_query(to_parameters(example, defaults, names));

// A release: Python, the address and the ear hear of it once.
function commit(table) {
  table.start = null;
  write_address(table.data);
  table.send({ session: held.session, revision: held.revision, query: query(held.example, table.data) });
}

// replaceState: Back leads to the page before, not to the drag before. Parameters that are not ours stay.
function write_address(data) {
  const url = new URL(window.location.href);
  const foreign = [...url.searchParams].filter(([name]) => !is_parameter(name, data.defaults) && !(name in data.address));
  const pages = Object.entries(data.address).filter(([, text]) => text);
  const search = [to_query(Object.fromEntries([...foreign, ...pages])), query(held.example, data)].filter(Boolean).join("&");
  window.history.replaceState(window.history.state, "", url.pathname + (search && "?" + search) + url.hash);
}

// A hand moved something: painted in this frame, sent only when it lets go.
function move(table, example) {
  held = { ...held, example };
  schedule(table);
}

function schedule(table) {
  table.frame ||= requestAnimationFrame(() => {
    table.frame = 0;
    paint(table);
  });
}

// Let go: what cannot be an example goes back to where the hand took it from, and says so.
function settle(table, example) {
  table.complaint = fault_of(example);
  if (table.complaint) return let_go(table);
  move(table, example);
  commit(table);
  speak(table);
}

const start_of = table => (table.start ??= held.example);

function let_go(table) {
  move(table, table.start ?? held.example);
  table.start = null;
}

// The losses, or where a page has none the likeliest class.
function speak(table) {
  requestAnimationFrame(() => {
    const { example } = held, result = derive(example), { probability } = result.columns, top = Math.max(...probability);
    const losses = table.data.losses.map(name => `${COLUMNS[name].word} loss ${format(loss_of(name, example, result))}`);
    const likeliest = `probability of ${example.names[probability.indexOf(top)]} ${format(top)}`;
    table.spoken.textContent = losses.length ? `${losses.join(", ")} ${UNITS[example.base]}` : likeliest;
  });
}

// ------------------------------------------------------------------ painting

// Text and attributes are touched only where they change: a frame has little time.
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function attribute(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

// A place for a number that says which one it is: tests, and a curious reader's inspector, read it there.
const number_place = (quantity, row, tag = "span") => make(tag, { className: "number", dataset: { quantity, row } });

function put_number(element, value) {
  put(element, format(value));
  attribute(element, "data-value", value);
}

const shown = table => (held.example.show.length ? held.example.show : table.data.columns);

function paint(table) {
  const { names, precision, temperature } = held.example;
  // A temperature left over from another page is shown, so that no q is a riddle; while a hand is on it, it stays.
  if (!table.start) table.warm = temperature !== 1;
  const layout = JSON.stringify([table.data.page, names.length, shown(table), table.editing, precision, table.warm, density(table), held.example.present]);
  if (layout !== table.layout) {
    table.layout = layout;
    const focus = key_of(table.root.activeElement);
    lay_out(table);
    if (focus) (focusables(table).find(element => key_of(element) === focus && !element.disabled) ?? part_of_edit(table)).focus();
  }
  const result = derive(held.example);
  for (const painter of table.painters) painter(held.example, result);
}

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  const { dataset, aria, ...rest } = properties;
  Object.assign(element, rest);
  Object.assign(element.dataset, dataset);
  for (const [name, value] of Object.entries(aria ?? {})) element.setAttribute("aria-" + name, value);
  element.append(...children);
  return element;
}

// Where the focus goes when what had it is gone: the last class removed, the tenth added.
const part_of_edit = table => table.chips.querySelector("[data-key=edit]");
const focusables = table => [...table.live.querySelectorAll("button, input, select")];
const key_of = element => element?.dataset.key ?? element?.getAttribute("aria-label") ?? element?.textContent;

// As many columns as the width bears as a table, a few more without bars, and else each class as a card.
function density(table) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize), room = table.width / rem;
  const need = bar => shown(table).reduce((total, name) => total + ((COLUMNS[name].bar ? bar : 0) || REM_OF_COLUMN[name] || 6.4), 7);
  return room >= need(9.5) ? "roomy" : room >= need(6.4) - 2 ? "dense" : "cards";
}

function lay_out(table) {
  table.painters = [];
  const columns = shown(table), n = held.example.names.length;
  table.live.dataset.page = table.data.page;
  table.live.classList.toggle("bare", table.data.columns.length === 0);
  table.live.dataset.density = density(table);
  table.live.classList.toggle("present", held.example.present);
  table.live.classList.toggle("longer", density(table) === "cards" || innerHeight < 500);
  const controls = table.warm ? [...new Set([...table.data.controls, "temperature"])] : table.data.controls;
  table.controls.replaceChildren(...controls.map(name => CONTROLS[name](table)));
  if (table.data.pictures_first) table.controls.after(table.remark, table.pictures);
  else table.outcome.after(table.remark, table.pictures);
  (held.example.present ? table.live : table.outcome)[held.example.present ? "append" : "before"](table.chips);
  table.head.replaceChildren(make("th", { scope: "col", className: "class" }, "class"),
    ...columns.map(name => heading(table, name)));
  table.body.replaceChildren(...Array.from({ length: n }, (_, i) => row(table, columns, i)));
  table.foot.replaceChildren(make("th", { scope: "row" }, "Σ"), ...columns.map(name => total(table, name)));
  table.chips.replaceChildren(...chips(table), tools(table));
  table.losses.replaceChildren(...table.data.losses.map(name => loss(table, name, columns)));
  table.formula.replaceChildren(...table.data.formulas.map(name => FORMULAS[name](table)));
  table.pictures.replaceChildren(...table.data.pictures.map(name => PICTURES[name](table)));
  table.painters.push((example, result) => {
    put(table.remark, table.complaint || (REMARKS[table.data.page]?.(example, result) ?? ""));
    table.remark.classList.toggle("fault", table.complaint !== "");
  });
}

function heading(table, name) {
  const { word, sign, low } = COLUMNS[name], mark = make("span", { className: "sign" });
  table.painters.push(example => put(mark, [sign(example), low && example.precision].filter(Boolean).join(" · ")));
  return make("th", { scope: "col", className: name }, make("span", { className: "word" }, word), " ", mark);
}

function row(table, columns, i) {
  const line = make("tr", {}, class_cell(table, i), ...columns.map(name => cell(table, name, i)));
  table.painters.push(example => line.classList.toggle("wanted", example.targets[i] === Math.max(...example.targets)));
  return line;
}

function class_cell(table, i) {
  if (table.editing) return naming_cell(table, i);
  const button = make("button", { type: "button", className: "name", onclick: () => settle(table, one_hot_at(held.example, i)) });
  table.painters.push(({ names, targets }) => {
    put(button, names[i]);
    button.title = `Make ${names[i]} the target`;
    attribute(button, "aria-pressed", targets[i] === 1);
  });
  return make("th", { scope: "row", className: "class" }, button);
}

function naming_cell(table, i) {
  const input = make("input", { className: "box rename", maxLength: LIMITS.name, aria: { label: `Name of class ${i + 1}` } });
  input.value = held.example.names[i];
  typed_into(table, input, () => {
    const name = input.value.replace(/\p{Z}/gu, " ").replace(/(?![\u200c\u200d])\p{C}/gu, "").trim();
    if (name) settle(table, { ...held.example, names: held.example.names.with(i, name) });
    else complain(table, "A class without a name was not taken. Expected 1 to 24 printable characters.");
    input.value = held.example.names[i];
  });
  const remove = make("button", {
    type: "button", className: "remove", disabled: held.example.names.length <= 2, title: "Remove this class",
    aria: { label: `Remove class ${i + 1}` }, onclick: () => settle(table, without_class(held.example, i)),
  }, "×");
  return make("th", { scope: "row", className: "class" }, input, remove);
}

function cell(table, name, i) {
  const column = COLUMNS[name];
  const label = make("span", { className: "label", aria: { hidden: true } }, column.word);
  if (column.edit) return make("td", { className: name }, label, ...editor(table, column.edit, i));
  const number = number_place(name, i), fill = make("i");
  table.painters.push((_, { columns }) => {
    put_number(number, columns[name][i]);
    if (column.bar) stretch(fill, column, columns[name], i);
  });
  const bar = column.bar ? [make("span", { className: column.signed ? "bar signed" : "bar" }, fill)] : [];
  return make("td", { className: name }, label, ...bar, number);
}

// A bar from 0 to its number; a signed one grows from the middle, on the scale of the largest.
function stretch(fill, column, values, i) {
  const scale = column.signed ? 2 * Math.max(1, ...values.map(Math.abs)) : 1;
  const [from, to] = column.bar(values[i]).map(x => x / scale + (column.signed ? 0.5 : 0));
  fill.style.transform = `translateX(${100 * from}%) scaleX(${to - from})`;
}

function total(table, name) {
  if (!COLUMNS[name].sum) return make("td", { className: name });
  const number = number_place(name, "total");
  table.painters.push((_, { totals }) => put_number(number, totals[name]));
  return make("td", { className: name }, make("span", { className: "label", aria: { hidden: true } }, COLUMNS[name].word), number);
}

const EDITS = {
  logit: {
    value: (example, i) => example.logits[i], set: with_logit,
    range: table => [-table.data.logit_range, table.data.logit_range, 0.01], bounds: [-LIMITS.logit, LIMITS.logit, true],
    wanted: "a logit from −10⁶ to 10⁶, or −∞",
  },
  target: {
    value: (example, i) => example.targets[i], set: with_target,
    range: () => [0, 1, 0.01], bounds: [0, 1, false], wanted: "a target from 0 to 1",
  },
};

function editor(table, kind, i) {
  const { value, set, range, bounds, wanted } = EDITS[kind];
  const spoken = () => `${kind} of ${held.example.names[i]}`;
  return slider_and_box(table, {
    range: range(table), bounds, wanted, spoken, className: kind, quantity: kind, row: i,
    value: example => value(example, i), set: (start, x) => set(start, i, x),
  });
}

// The pair that every setting with a scale gets. The example is the truth: the slider only shows it, at its end
// where it lies beyond, and is read in its own input event alone.
function slider_and_box(table, { range: [low, high, step], bounds, wanted, spoken, className, quantity, row, value, set,
  to = x => x, from = x => x }) {
  const slider = make("input", { type: "range", className, min: low, max: high, step });
  const box = make("input", {
    type: "text", className: "box", inputMode: bounds[0] < 0 ? "text" : "decimal", autocomplete: "off", dataset: { quantity, row },
  });
  slider.oninput = () => move(table, set(start_of(table), from(Number(slider.value))));
  slider.onchange = () => settle(table, held.example);
  slider.onpointercancel = () => let_go(table);  // the finger went on to scroll the page
  box.onfocus = () => {
    box.value = String(value(held.example, derive(held.example))).replace("Infinity", "∞").replaceAll("-", "−");
    box.select();
  };
  typed_into(table, box, () => {
    const typed = parse(box.value, ...bounds);
    if (typed === null) complain(table, `“${box.value.slice(0, 20)}” was not taken. Expected ${wanted}.`);
    else settle(table, set(held.example, typed));
  });
  table.painters.push((example, result) => {
    const x = value(example, result), label = spoken(), text = Number.isNaN(x) ? "" : brief(x);
    const at = Number.isNaN(x) ? low : Math.min(Math.max(to(x), low), high);
    if (slider !== table.root.activeElement || !table.start) slider.value = at;
    slider.style.setProperty("--at", ((at - low) / (high - low)).toFixed(4));
    attribute(slider, "aria-label", label);
    attribute(slider, "aria-valuetext", text || "none");
    attribute(box, "aria-label", label + ", typed");
    attribute(box, "data-value", Number.isNaN(x) ? "" : x);
    if (box !== table.root.activeElement) box.value = text;
  });
  return [slider, box];
}

// `take` hears of a text that was changed by hand, once the box is left. (A change event would miss some: the box's
// text is also set by us.)
function typed_into(table, box, take) {
  let before;
  box.addEventListener("focus", () => { before = box.value; });
  box.onkeydown = event => { if (event.key === "Enter") box.blur(); };
  box.onblur = () => {
    if (box.value !== before) take();
    schedule(table);
  };
}

// What was typed and not taken is said until something else is taken.
function complain(table, sentence) {
  table.complaint = sentence;
  schedule(table);
}
