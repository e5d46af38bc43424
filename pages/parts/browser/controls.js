// What a page can put above and below the table: switches, scales, bounds, columns, the tools for classes.

const SHIFT = 5, SHIFT_RANGE = { float16: 30, float32: 200, float64: 1500 };

const labelled = (text, className, ...children) =>
  make("div", { className: "control " + className, role: "group", aria: { label: text } },
    make("span", { className: "title", aria: { hidden: true } }, text), ...children);

function choice(table, text, options, value, set) {
  const buttons = options.map(([key, label]) => make("button", {
    type: "button", onclick: () => settle(table, set(key)) }, label));
  table.painters.push(example => buttons.forEach((button, k) =>
    attribute(button, "aria-pressed", options[k][0] === value(example))));
  return labelled(text, "choice", make("span", { className: "segments" }, ...buttons));
}

const CONTROLS = {
  base: table => choice(table, "Logarithm", Object.keys(LOGS).reverse().map(base => [base, `${LOGS[base]} · ${UNITS[base]}`]),
    example => example.base, base => ({ ...held.example, base })),
  precision: table => choice(table, "Precision", Object.keys(ROUND).map(name => [name, name]),
    example => example.precision, precision => ({ ...held.example, precision })),
  temperature: table => labelled("Temperature T", "scale", ...slider_and_box(table, {
    range: [...LIMITS.temperature.map(Math.log), 0.001], bounds: [...LIMITS.temperature, false], wanted: "a temperature from 0.05 to 20",
    spoken: () => "temperature", className: "plain", quantity: "temperature", row: "total", to: Math.log,
    from: x => Number(Math.exp(x).toPrecision(3)), value: example => example.temperature,
    set: (start, temperature) => ({ ...start, temperature }),
  })),
  // Fine around 0, and yet far enough to overflow the precision.
  shift: table => labelled("Mean of the logits", "scale", ...slider_and_box(table, {
    range: [-1, 1, 0.005], bounds: [-LIMITS.logit, LIMITS.logit, false], wanted: "a mean from −10⁶ to 10⁶",
    spoken: () => "mean of the logits", className: "plain", quantity: "mean", row: "total",
    to: mean => Math.asinh(mean / SHIFT) / Math.asinh(SHIFT_RANGE[held.example.precision] / SHIFT),
    from: x => Number((SHIFT * Math.sinh(x * Math.asinh(SHIFT_RANGE[held.example.precision] / SHIFT))).toPrecision(3)),
    value: example => finite_mean(example.logits), set: with_mean,
  })),
  smoothing: table => labelled("Label smoothing a", "scale", ...slider_and_box(table, {
    range: [0, 0.99, 0.01], bounds: [0, 0.99, false], wanted: "an amount from 0 to 0.99", spoken: () => "label smoothing",
    className: "target", quantity: "smoothing", row: "total", value: smoothing_of, set: smoothed,
  })),
  bounds: table => labelled("clip_by_value(q, low, high)", "bounds", bound(table, "low"), bound(table, "high")),
};

function bound(table, name) {
  const box = make("input", { type: "text", className: "box", inputMode: "decimal", autocomplete: "off", aria: { label: `${name} bound` }, dataset: { quantity: name, row: "total" } });
  typed_into(table, box, () => {
    const { low, high } = held.example;
    const typed = parse(box.value, 0, 1), sound = typed !== null && (name === "low" ? typed < high : low < typed);
    if (sound) settle(table, { ...held.example, [name]: typed });
    else complain(table, `“${box.value.slice(0, 20)}” was not taken. Expected a bound from 0 to 1, low below high.`);
  });
  table.painters.push(example => {
    attribute(box, "data-value", example[name]);
    if (box !== table.root.activeElement) box.value = String(example[name]);
  });
  return make("label", { className: "bound" }, name, box);
}

function tools(table) {
  const tool = (text, onclick, key = text) => make("button", { type: "button", className: "tool", onclick, dataset: { key } }, text);
  const { names, defaults } = table.data, n = held.example.names.length;
  return make("div", { className: "tools", role: "group", aria: { label: "Classes" } },
    ...(table.editing && n < names.length ? [tool("Add a class", () => settle(table, with_class(held.example, names)))] : []),
    tool(table.editing ? "Done" : "Edit classes", () => { table.editing = !table.editing; schedule(table); }, "edit"),
    tool("Reset", () => settle(table, { ...defaults, present: held.example.present })));
}

function chips(table) {
  const columns = shown(table);
  const flip = name => Object.keys(COLUMNS).filter(other => columns.includes(other) !== (other === name));
  return [make("span", { className: "title" }, "Columns"), ...table.data.offered.map(name => make("button", {
    type: "button", className: "chip " + name, aria: { pressed: columns.includes(name) },
    onclick: () => settle(table, { ...held.example, show: flip(name) }),
  }, COLUMNS[name].word))];
}
