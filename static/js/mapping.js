// The mapping editor's hands: moving between rows, putting fields into them, taking edits back.
const UNDO_MOST = 100;
const MOVES = { ArrowUp: -1, ArrowDown: 1 };
const undo = [];
let current = null;

const rows = () => [...document.querySelectorAll(".mapping-rows [data-row]")].filter((row) => !row.hidden);
const field = (row, name) => row.querySelector(`input[name=${name}]`);
const source = (row) => field(row, "source");

function changed() {
  document.body.dispatchEvent(new CustomEvent("rows"));
}

function state() {
  const order = [...document.querySelectorAll(".mapping-rows tbody > tr")];
  return order.map((row) => [row, source(row).value]);
}

function differ(one, other) {
  return one.length !== other.length || one.some(([row, value], at) => row !== other[at][0] || value !== other[at][1]);
}

function remember() {
  const now = state();
  if (undo.length && !differ(undo.at(-1), now)) return;
  undo.push(now);
  if (undo.length > UNDO_MOST) undo.shift();
}

// Back to the newest remembered state that is not the present one.
function goBack() {
  const now = state();
  let last = undo.pop();
  while (last && !differ(last, now)) last = undo.pop();
  if (!last) return;
  document.querySelector(".mapping-rows tbody").replaceChildren(...last.map(([row]) => row));
  for (const [row, value] of last) source(row).value = value;
  changed();
  dock();
}

function step(by) {
  const all = rows();
  const next = all[Math.min(Math.max(all.indexOf(current) + by, 0), all.length - 1)];
  if (!next) return;
  current = next;
  source(next).focus();
  source(next).scrollIntoView({ block: "nearest" });
}

// The dock shows the row that has the focus as a form.
let docked = "";
function dock() {
  const panel = document.querySelector("#dock");
  if (!panel || !current?.isConnected) return;
  const values = Object.fromEntries(["row", "target", "source"].map((name) => [name, field(current, name).value]));
  const wanted = JSON.stringify(values);
  if (wanted === docked) return;
  docked = wanted;
  htmx.ajax("POST", panel.dataset.url, { target: panel, swap: "innerHTML", values });
}

function written({ row, source: text }) {
  const every = [...document.querySelectorAll(".mapping-rows [data-row]")]; // also one the search hides
  const target = every.find((one) => field(one, "row").value === row);
  if (!target || source(target).value === text) return;
  remember();
  source(target).value = text;
  docked = JSON.stringify({ row, target: field(target, "target").value, source: text });
  changed();
}

document.addEventListener("row-written", (event) => written(event.detail));

function nextMatching(selector) {
  const all = rows();
  const from = all.indexOf(current);
  const next = [...all.slice(from + 1), ...all.slice(0, from + 1)].find((row) => row.matches(selector));
  if (next) {
    current = next;
    source(next).focus();
  }
}

function put(path, row = current) {
  if (!row || source(row).disabled) return;
  remember();
  source(row).value = path;
  current = row;
  source(row).focus();
  changed();
  dock();
}

function add() {
  const target = document.querySelector("#new-target");
  if (!target.value.trim()) return target.focus();
  remember();
  const row = document.querySelector("#row-blank").content.firstElementChild.cloneNode(true);
  row.querySelector("span").textContent = target.value.trim();
  row.querySelector("input[name=target]").value = target.value.trim();
  const name = `x${Date.now()}`;
  row.querySelector("input[name=row]").value = name;
  row.children[1].id = `how-${name}`;
  row.children[3].id = `value-${name}`;
  document.querySelector(".mapping-rows tbody").append(row);
  target.value = "";
  current = row;
  source(row).focus();
}

function shift(by) {
  const all = rows();
  const other = all[all.indexOf(current) + by];
  if (!current || !other) return;
  remember();
  if (by < 0) other.before(current);
  else other.after(current);
  source(current).focus();
  changed();
}

function view(name) {
  for (const tab of document.querySelectorAll("[data-rows-view]")) {
    if (tab.dataset.rowsView === name) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  for (const row of document.querySelectorAll(".mapping-rows [data-row]")) {
    row.hidden = Boolean(name) && !(name in row.dataset);
  }
}

function filter(text) {
  const wanted = text.trim().toLowerCase();
  for (const one of document.querySelectorAll(".mapping [data-find]")) {
    one.hidden = Boolean(wanted) && !one.dataset.find.toLowerCase().includes(wanted);
  }
}

function sample(by) {
  const select = document.querySelector("#sample");
  const at = select.selectedIndex + by;
  if (at < 0 || at >= select.options.length) return;
  select.selectedIndex = at;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

function show(name) {
  document.querySelector(".mapping").dataset.shows = name;
  for (const button of document.querySelectorAll("[data-pane]")) {
    button.setAttribute("aria-pressed", String(button.dataset.pane === name));
  }
}

const ACTS = [
  ["[data-step]", (c) => step(Number(c.dataset.step))],
  ["[data-next]", (c) => nextMatching(c.dataset.next)],
  ["[data-path]", (c) => put(c.dataset.path)],
  ["[data-suggest]", (c) => put(c.dataset.suggest, c.closest("[data-row]") ?? current)],
  ["[data-add]", add],
  ["[data-undo]", goBack],
  ["[data-shift]", (c) => shift(Number(c.dataset.shift))],
  ["[data-sample]", (c) => sample(Number(c.dataset.sample))],
  ["[data-pane]", (c) => show(c.dataset.pane)],
  ["[data-rows-view]", (c) => view(c.dataset.rowsView)],
];

// A required target without its row would be out of sight: its row stays, empty.
function removeRow(control) {
  remember();
  const row = control.closest("tr");
  if ("required" in row.dataset) {
    source(row).value = "";
    row.toggleAttribute("data-missing", true);
    row.querySelector("[id^=value-]").textContent = "missing";
    source(row).focus();
  } else {
    row.remove();
  }
  changed();
}

document.addEventListener("click", (event) => {
  const removing = event.target.closest("[data-remove]");
  if (removing) return removeRow(removing);
  for (const [selector, act] of ACTS) {
    const control = event.target.closest(selector);
    if (!control) continue;
    event.preventDefault();
    return act(control);
  }
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest(".mapping-rows [data-row]");
  if (row) {
    remember();
    document.querySelector("[data-current]")?.removeAttribute("data-current");
    current = row;
    current.toggleAttribute("data-current", true);
    dock();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".mapping-rows input[name=source]")) dock();
});

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-filter]")) filter(event.target.value);
});

document.addEventListener("keydown", (event) => {
  if (event.target.matches("#new-target") && event.key === "Enter") {
    event.preventDefault();
    add();
  } else if (event.target.matches(".mapping-rows input[name=source]") && MOVES[event.key] && !event.altKey) {
    event.preventDefault();
    step(MOVES[event.key]);
  } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && current) {
    event.preventDefault();
    shift(event.key === "ArrowUp" ? -1 : 1);
  }
});

document.addEventListener("dragstart", (event) => {
  const field = event.target.closest("[data-path]");
  if (field) event.dataTransfer.setData("text/plain", field.dataset.path);
});

for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const row = event.target.closest?.(".mapping-rows [data-row]");
    if (!row) return;
    event.preventDefault();
    row.toggleAttribute("data-over", name === "dragover");
    if (name === "drop") put(event.dataTransfer.getData("text/plain"), row);
  });
}
