// The pictures under the table: their lines are computed from the example, their points move with it.

const ROUTES = ["naive", "clipped", "fused"];
const GAP_RANGE = { float16: [-30, 20], float32: [-120, 100], float64: [-60, 30] };
const SVG = "http://www.w3.org/2000/svg";

function draw(tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

// Round numbers within [low, high], about `count` of them.
function ticks([low, high], count) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(k => k * power).find(size => size >= rough);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) => (first + k) * step);
}

// An SVG as wide as its place, drawn anew by `paint` in every frame.
function figure(table, title, className, label, paint) {
  const svg = draw("svg", { role: "img", class: className });
  table.painters.push((example, result) => {
    attribute(svg, "aria-label", label(example, result));
    paint(svg, example, result);
  });
  return make("figure", {}, make("figcaption", {}, title), svg);
}

const MARGINS = [44, 12, 22, 40];  // left, right, top, bottom
const em_of = svg => parseFloat(getComputedStyle(svg).fontSize) / 13;  // larger on a projector

function axes(svg, x, y, x_title) {
  const em = em_of(svg), [left, right, top, bottom] = MARGINS.map(x => x * em);
  const width = svg.clientWidth || 480, height = svg.clientHeight || 250;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const clamp = (v, [low, high]) => Math.min(Math.max(v, low), high);
  const at_x = v => left + (clamp(v, x) - x[0]) / (x[1] - x[0]) * (width - left - right);
  const at_y = v => height - bottom - (clamp(v, y) - y[0]) / (y[1] - y[0]) * (height - top - bottom);
  const paper = { svg, x, y, em, voids: [], at_x, at_y, top, floor: height - bottom, left, end: width - right };
  svg.replaceChildren(
    ...ticks(y, 4).flatMap(v => [
      draw("line", { class: "grid", x1: left, x2: width - right, y1: at_y(v), y2: at_y(v) }),
      draw("text", { class: "tick", x: left - 6 * em, y: at_y(v) + 4 * em, "text-anchor": "end" }, brief(v, 2)),
    ]),
    ...ticks(x, Math.max(3, width / 90 / em)).map(v =>
      draw("text", { class: "tick", x: at_x(v), y: height - bottom + 16 * em, "text-anchor": "middle" }, brief(v, 2))),
    draw("text", { class: "axis", x: (left + width - right) / 2, y: height - 6 * em, "text-anchor": "middle" }, x_title),
  );
  return paper;
}

// A line through the finite points; where it is infinite or no number, that stretch is kept to be named.
function line(paper, points, className, name) {
  let path = "", pen = "M", lost = null;
  for (const [x, y] of points) {
    const kind = Number.isFinite(y) ? null : format(y);
    if (kind) {
      lost = lost?.kind === kind ? lost : { kind, name, from: x };
      if (lost.to === undefined) paper.voids.push(lost);
      lost.to = x;
      pen = "M";
    } else {
      path += `${pen}${paper.at_x(x).toFixed(1)} ${paper.at_y(y).toFixed(1)}`;
      [pen, lost] = ["L", null];
    }
  }
  paper.svg.append(draw("path", { class: "line " + className, d: path }));
}

// Each lost stretch is marked on the upper edge; those on one side share a label above it.
function name_voids(paper) {
  const labels = { start: new Map(), middle: new Map(), end: new Map() };
  for (const { name, kind, from, to } of paper.voids) {
    const x1 = paper.at_x(from), x2 = Math.max(paper.at_x(to), x1 + 2);
    const side = x1 < paper.left + 60 ? "start" : x2 > paper.end - 60 ? "end" : "middle";
    labels[side].set(kind, [...(labels[side].get(kind) ?? []), name]);
    paper.svg.append(draw("line", { class: "void", x1, x2, y1: paper.top, y2: paper.top }));
  }
  const places = { start: paper.left, middle: (paper.left + paper.end) / 2, end: paper.end };
  for (const [side, kinds] of Object.entries(labels)) {
    const text = [...kinds].map(([kind, names]) => `${names.join(", ")}: ${kind}`).join("; ");
    paper.svg.append(draw("text", { class: "note", x: places[side], y: paper.top - 7, "text-anchor": side }, text));
  }
}

const POINTS = {
  circle: (x, y) => draw("circle", { cx: x, cy: y, r: 6 }),
  ring: (x, y) => draw("circle", { cx: x, cy: y, r: 10 }),
  diamond: (x, y) => draw("path", { d: `M${x} ${y - 8}L${x + 8} ${y}L${x} ${y + 8}L${x - 8} ${y}Z` }),
  cross: (x, y) => draw("path", { d: `M${x - 6} ${y - 6}L${x + 6} ${y + 6}M${x - 6} ${y + 6}L${x + 6} ${y - 6}` }),
};

// The point on its line; at the upper edge, named, where the value is infinite; none where it is no number.
function point(paper, x, y, shape, className) {
  if (Number.isNaN(y)) return;
  const mark = POINTS[shape](paper.at_x(x), paper.at_y(y));
  mark.setAttribute("class", "point " + className);
  paper.svg.append(mark);
  if (y === Infinity) paper.svg.append(draw("text", { class: "note", x: paper.at_x(x) + 12, y: paper.top + 14 }, "∞"));
}

// A finger or mouse on the picture takes the point along; up and down still scrolls the page.
function graspable(table, svg, x_range, set) {
  const take = event => {
    const box = svg.getBoundingClientRect(), [left, right] = MARGINS.map(x => x * em_of(svg));
    const share = (event.clientX - box.left - left) / (box.width - left - right), [low, high] = x_range();
    move(table, set(start_of(table), low + Math.min(Math.max(share, 0), 1) * (high - low)));
  };
  let from = null;  // where a finger came down: it takes the point only once it has moved sideways
  svg.onpointerdown = event => {
    svg.setPointerCapture(event.pointerId);
    from = event.pointerType === "touch" ? event.clientX : null;
    if (from === null) take(event);
  };
  svg.onpointermove = event => {
    if (!svg.hasPointerCapture(event.pointerId) || (from !== null && Math.abs(event.clientX - from) < 6)) return;
    from = null;
    take(event);
  };
  svg.onpointerup = () => { if (table.start) settle(table, held.example); };
  svg.onpointercancel = () => let_go(table);
}

const legend = (...entries) => make("p", { className: "legend" }, ...entries);
const entry = (className, mark, text, number) =>
  make("span", { className }, mark, " ", text, " ", number);

// Where the clipping curves are computed: evenly, and more closely where they bend.
const GAP_STEPS = Object.fromEntries(Object.entries(GAP_RANGE).map(([precision, [low, high]]) =>
  [precision, [...Array.from({ length: 101 }, (_, k) => low + (high - low) * k / 100), ...Array.from({ length: 41 }, (_, k) => k / 2.5 - 8)]]));

// Probabilities from 0 to 1, closer and closer at the ends, where the losses rise to ∞.
const TAILS = [0, 1e-12, 1e-9, 1e-7, 1e-5, 1e-4];
const Q_STEPS = [...TAILS, ...Array.from({ length: 95 }, (_, k) => (1 - Math.cos(Math.PI * (k + 1) / 96)) / 2), ...TAILS.map(x => 1 - x).reverse()];

const PICTURES = {
  // H(p) + KL, and the Bernoulli form's floor and excess, as two stacked bars on one scale.
  parts: table => {
    const bar = (form, first, first_word, second, second_word) => {
      const fills = [make("i", { className: "floor" }), make("i", { className: "excess" })];
      const numbers = [number_place(first, "total"), number_place(second, "total"), span("number")], unit = span("unit");
      table.painters.push(example => {
        const found = parts(example), [low, high] = [found[first], found[second]];
        const widest = Math.max(3 / Math.log(BASES[example.base]), ...[found.entropy + found.divergence, found.floor + found.excess].filter(Number.isFinite));
        fills[0].style.width = `${100 * low / widest}%`;
        fills[1].style.width = high === Infinity ? "100%" : `${100 * high / widest}%`;
        put_number(numbers[0], low);
        put_number(numbers[1], high);
        put(numbers[2], format(low + high));
        put(unit, UNITS[example.base]);
      });
      return make("div", { className: "stack" },
        make("span", { className: "title" }, form), make("span", { className: "bar" }, ...fills),
        make("p", {}, make("span", { className: "p" }, first_word + " ", numbers[0]), " + ",
          make("span", { className: "l" }, second_word + " ", numbers[1]), " = ", make("b", {}, numbers[2]), " ", unit));
    };
    return make("figure", {}, make("figcaption", {}, "What each form is made of: its floor, and what a better q could remove"),
      bar("categorical", "entropy", "H(p)", "divergence", "KL(p‖q)"), bar("Bernoulli", "floor", "Σ h(pᵢ)", "excess", "the rest"));
  },

  // Both losses against one class's probability, the others keeping their ratios.
  cost: table => {
    const who = () => Math.min(table.pick ?? target_class(held.example), held.example.names.length - 1);
    const select = make("select", { aria: { label: "Class of the curve" } });
    select.onchange = () => { table.pick = Number(select.value); schedule(table); };
    // At q = 1 the others' logits are −∞ and know their ratios no more: the last example that did is kept for the way back.
    let ratios = null;
    const with_q = (start, value) => {
      if (others(start.logits, who()).some(Number.isFinite) || ratios?.logits.length !== start.logits.length) ratios = start;
      return with_probability({ ...start, logits: ratios.logits }, who(), value);
    };
    const controls = slider_and_box(table, {
      range: [0, 1, 0.001], bounds: [0, 1, false], wanted: "a probability from 0 to 1", className: "probability",
      spoken: () => `probability of ${held.example.names[who()]}`, quantity: "curve_probability", row: "total",
      value: (_, { columns }) => columns.probability[who()], set: with_q,
    });
    const numbers = [span("number"), span("number")];
    const plot = figure(table, "", "curve", example => `Both losses against the probability of ${example.names[who()]}`,
      (svg, example, { columns, totals }) => {
        const i = who(), b = BASES[example.base];
        const paper = axes(svg, [0, 1], [0, 6 / Math.log(b)], `probability q of ${example.names[i]}`);
        const losses = Q_STEPS.map(x => [x, with_probability(example, i, x)]);
        const traced = loss => losses.map(([x, { logits, targets, temperature }]) => [x, loss(logits, targets, temperature, b)]);
        line(paper, traced(softmax_cross_entropy), "categorical", "categorical");
        line(paper, traced(softmax_bernoulli_cross_entropy), "bernoulli", "Bernoulli");
        name_voids(paper);
        point(paper, columns.probability[i], totals.bernoulli, "diamond", "bernoulli");
        point(paper, columns.probability[i], totals.categorical, "circle", "categorical");
        put(numbers[0], format(totals.categorical));
        put(numbers[1], format(totals.bernoulli));
      });
    graspable(table, plot.querySelector("svg"), () => [0, 1], (start, x) => with_q(start, Number(x.toFixed(3))));
    table.painters.push(({ names }) => {
      names.forEach((name, k) => put(select.options[k] ?? select.appendChild(make("option", { value: k })), name));
      select.value = who();
    });
    plot.querySelector("figcaption").append("Both losses, as one class takes probability from the others: ", select);
    plot.append(make("div", { className: "under" },
      make("div", { className: "control scale" }, make("span", { className: "title" }, "q"), ...controls),
      legend(entry("categorical", "●", "categorical", numbers[0]), entry("bernoulli", "◆", "Bernoulli", numbers[1]))));
    return plot;
  },

  // The three routes' loss and gradient against the target's logit gap, on one axis.
  gap: table => {
    const who = () => target_class(held.example), range = () => GAP_RANGE[held.example.precision];
    const controls = slider_and_box(table, {
      range: [...range(), 0.05], bounds: [-2e6, 2e6, false], wanted: "a gap from −2·10⁶ to 2·10⁶", className: "plain",
      spoken: () => "logit gap of the target", quantity: "gap", row: "total",
      value: example => gap(example, who()), set: (start, value) => with_gap(start, who(), value),
    });
    let key = "", lines = [];
    // The lines change only with what they are computed from: not while the target's own logit is dragged.
    const traced = example => {
      const i = who(), { names, show, present, ...settings } = example;
      const now = JSON.stringify({ ...settings, logits: example.logits.map((z, j) => (j === i ? "" : String(z))) });
      if (now !== key) {
        key = now;
        const edge = log_odds(ROUND[example.precision](example.low));
        const all = [...GAP_STEPS[example.precision], edge - 1e-6, edge + 1e-6].filter(Number.isFinite).sort((a, b) => a - b);
        lines = all.map(x => [x, routes(with_gap(example, i, x))]);
      }
      return lines;
    };
    const plot = (title, what, of) => {
      const picture = figure(table, title, "curve", () => `${title}, naive, clipped and fused`, (svg, example) => {
        const found = traced(example), b = Math.log(BASES[example.base]), i = who();
        const finite = found.map(([, route]) => of(route.fused, i)).filter(Number.isFinite), room = what === "loss" ? 0 : 0.12 / b;
        const paper = axes(svg, range(), [Math.min(0, ...finite) - room, Math.max(0, ...finite) + room], "logit gap of the target");
        threshold(paper, example, what);
        for (const route of ["fused", "naive", "clipped"]) line(paper, found.map(([x, all]) => [x, of(all[route], i)]), `${route} ${what}`, route);
        name_voids(paper);
        const now = routes_now(example), x = gap(example, i);
        for (const route of ["fused", "naive", "clipped"]) point(paper, x, of(now[route], i), MARKS[route], `${route} ${what}`);
      });
      graspable(table, picture.querySelector("svg"), range, (start, x) => with_gap(start, who(), Number(x.toFixed(2))));
      return picture;
    };
    return make("div", { className: "gap" },
      make("div", { className: "reading" },
        make("div", { className: "control scale" }, make("span", { className: "title" }, "Logit gap of the target"), ...controls),
        readout(table, who)),
      plot("Loss against the logit gap", "loss", route => route.categorical),
      plot("Gradient ∂L/∂z of the target against the gap", "slope", (route, i) => route.gradient[i]));
  },
};

// Where the target's q falls below the lower bound: the plateau's height, and the stretch without a gradient.
function threshold(paper, example, what) {
  const low = ROUND[example.precision](example.low), b = Math.log(BASES[example.base]), { em } = paper;
  if (low === 0 || low === 1) return;
  const x = paper.at_x(log_odds(low));
  paper.svg.append(draw("line", { class: "edge", x1: x, x2: x, y1: paper.top, y2: paper.floor }));
  if (Math.max(...example.targets) < 1) return;  // other targets still pull
  paper.svg.append(draw("rect", { class: "dead", x: paper.left, width: Math.max(0, x - paper.left), y: paper.top, height: paper.floor - paper.top }));
  const level = what === "loss" ? paper.at_y(-Math.log(low) / b) : paper.at_y(0);
  const words = what === "loss" ? ["flat at −log low", `= ${(-Math.log(low) / b).toFixed(2)}`] : ["gradient", "exactly 0"];
  const y = level + 38 * em < paper.floor ? level + 18 * em : level - 24 * em;
  words.forEach((text, k) => paper.svg.append(draw("text", { class: "note", x: paper.left + 6 * em, y: y + 16 * em * k }, text)));
}

// The three routes of the example on screen, computed once a frame.
let routes_of = null, routes_found = null;
function routes_now(example) {
  if (example !== routes_of) [routes_of, routes_found] = [example, routes(example)];
  return routes_found;
}

const MARKS = { naive: "cross", clipped: "circle", fused: "ring" };

// A piece of the route's line with its point.
function sample(route) {
  const svg = draw("svg", { class: "sample", viewBox: "0 0 44 22", "aria-hidden": true }), mark = POINTS[MARKS[route]](22, 11);
  mark.setAttribute("class", `point ${route}`);
  svg.append(draw("path", { class: `line ${route}`, d: "M0 11L44 11" }), mark);
  return svg;
}

// The same three routes in numbers, both forms and the gradient; their lines' and points' legend too.
function readout(table, who) {
  const kinds = { categorical: "categorical", bernoulli: "Bernoulli", gradient: "∂L/∂z, target" };
  const cells = ROUTES.map(route => Object.keys(kinds).map(kind => number_place(`${route}_${kind}`, "total", "td")));
  table.painters.push(example => {
    const all = routes_now(example), i = who();
    ROUTES.forEach((route, r) => Object.keys(kinds).forEach((kind, k) => {
      put_number(cells[r][k], kind === "gradient" ? all[route].gradient[i] : all[route][kind]);
    }));
  });
  const head = make("tr", {}, make("th", { scope: "col" }, "route"), ...Object.values(kinds).map(text => make("th", { scope: "col" }, text)));
  const rows = ROUTES.map((route, r) => make("tr", {}, make("th", { scope: "row" }, sample(route), " ", route), ...cells[r]));
  return make("table", { className: "readout" }, make("thead", {}, head), make("tbody", {}, ...rows));
}
