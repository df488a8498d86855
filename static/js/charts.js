// Draws the charts of a page: what the server wrote as JSON, in the colours the page has at this moment.
// A figure names its colours, "var(--bad)"; drawn again, it follows the theme.
const NARROW = 480;
const TOKEN = /^var\(--[a-z0-9-]+\)$/;
const COLOUR_KEY = /color(scale)?s?$/i;
const CONFIG = { displayModeBar: false, doubleClick: false, scrollZoom: false, showTips: false };
const LETTER = 6.2;
const charts = () => document.querySelectorAll("[data-chart]");
const widths = new WeakMap();
const opened = new Set();

const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

// What a token looks like here, as rgb(): the page mixes colours in ways that plotly cannot read.
function seen(token, probe) {
  probe.style.color = token;
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = getComputedStyle(probe).color;
  pixel.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pixel.getImageData(0, 0, 1, 1).data;
  return `rgba(${red},${green},${blue},${alpha / 255})`;
}

// Only what stands under the name of a colour is one: a label may say "var(--bad)", too.
function coloured(value, colour, key = "") {
  if (typeof value === "string") return COLOUR_KEY.test(key) && TOKEN.test(value) ? colour(value) : value;
  if (Array.isArray(value)) return value.map((one) => coloured(one, colour, key));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, coloured(one, colour, name)]));
}

function figureOf(chart, plot) {
  const probe = plot.parentElement.appendChild(document.createElement("i"));
  const known = new Map();
  const colour = (token) => known.get(token) ?? known.set(token, seen(token, probe)).get(token);
  const figure = JSON.parse(chart.querySelector("script[type='application/json']").textContent);
  const drawn = coloured(figure, colour);
  probe.remove();
  return drawn;
}

// As many words along the axis as have room; the first and the last before those between them.
function thinned(axis, width) {
  const [from, to] = axis.range;
  const places = axis.tickvals.map((at, n) => ({ n, x: ((at - from) / (to - from)) * width, half: (LETTER * axis.ticktext[n].length) / 2 }));
  const kept = [];
  for (const one of [places[0], places.at(-1), ...places.slice(1, -1)]) {
    if (one && kept.every((other) => Math.abs(other.x - one.x) > other.half + one.half + 6)) kept.push(one);
  }
  const order = kept.map((one) => one.n).sort((a, b) => a - b);
  return { tickvals: order.map((n) => axis.tickvals[n]), ticktext: order.map((n) => axis.ticktext[n]) };
}

function fitted(layout, width) {
  const narrow = width < NARROW;
  const margin = { ...layout.margin, ...(narrow && { r: 8 }) };
  const room = width - margin.l - margin.r;
  return {
    ...layout,
    width,
    margin,
    xaxis: { ...layout.xaxis, ...thinned(layout.xaxis, room) },
    annotations: layout.annotations.map((word) => (narrow && word.name === "line-end" ? { ...word, xanchor: "right", yanchor: "bottom", xshift: 0, bgcolor: layout.plot_bgcolor } : word)),
  };
}

function draw(chart) {
  const plot = chart.querySelector("[data-plot]");
  if (!plot) return;
  const width = Math.floor(plot.getBoundingClientRect().width);
  if (!width) return;
  widths.set(plot, width);
  const { data, layout } = figureOf(chart, plot);
  layout.font.family = getComputedStyle(plot).fontFamily;
  window.Plotly.react(plot, data, fitted(layout, width), CONFIG);
  chart.dataset.drawn = "";
  sizes.observe(plot);
}

// The table is open for those without scripts. Here it is as the person left it.
function fold(chart) {
  const table = chart.querySelector("details");
  if (table) table.open = opened.has(table.id);
}

function begin(chart) {
  if (!window.Plotly) {
    chart.dataset.failed = "";
    return;
  }
  draw(chart);
  fold(chart);
}

function again() {
  if (window.Plotly) charts().forEach(draw);
}

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const width = Math.floor(target.getBoundingClientRect().width);
    if (width && width !== widths.get(target)) draw(target.closest("[data-chart]"));
  }
});

// Not by "toggle": a table that comes open from the server tells of that, too.
document.addEventListener("click", ({ target }) => {
  const table = target.closest?.("[data-chart] summary")?.parentElement;
  if (!table) return;
  if (table.open) opened.delete(table.id);
  else opened.add(table.id);
});
document.addEventListener("htmx:load", ({ detail }) => {
  const here = detail.elt.matches?.("[data-chart]") ? [detail.elt] : [];
  [...here, ...detail.elt.querySelectorAll("[data-chart]")].forEach(begin);
});
new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
charts().forEach(begin);
