// Choosing a field marks where it came from and what became of it: the same path, its ancestors and
// its descendants, in every pane. data-path may name several paths, apart by spaces.
const panes = () => document.querySelector("[data-panes]");
const fields = (scope) => [...scope.querySelectorAll("[data-path]")];
const paths = (field) => field.dataset.path.split(" ").filter(Boolean);

const isUnder = (path, top) => path === top || path.startsWith(`${top}.`) || path.startsWith(`${top}[`);
const longest = (field) => Math.max(...paths(field).map((path) => path.length));

// Within one pane: the chosen path and what lies under it, or else the nearest thing it lies in.
function related(pane, chosen) {
  const under = fields(pane).filter((field) => paths(field).some((path) => chosen.some((top) => isUnder(path, top))));
  if (under.length) return under;
  const around = fields(pane).filter((field) => paths(field).some((path) => chosen.some((low) => isUnder(low, path))));
  const depth = Math.max(...around.map(longest));
  return around.filter((field) => longest(field) === depth);
}

function clear(scope) {
  for (const line of scope.querySelectorAll("li[data-mark=chosen]")) delete line.dataset.mark;
  for (const field of fields(scope)) delete field.dataset.matched;
}

function mark(field) {
  const scope = panes();
  clear(scope);
  for (const pane of scope.querySelectorAll(".payload")) {
    for (const other of related(pane, paths(field))) {
      other.dataset.matched = "";
      const line = other.closest("li");
      if (line && line.dataset.mark !== "bad") line.dataset.mark = "chosen";
    }
  }
  reveal(scope, field);
}

function reveal(scope, field) {
  for (const pane of scope.querySelectorAll(".payload")) {
    if (!pane.contains(field)) pane.querySelector("[data-matched]")?.scrollIntoView({ block: "nearest" });
  }
}

function focusField(field) {
  for (const other of fields(panes())) other.tabIndex = other === field ? 0 : -1;
  field.focus();
  mark(field);
}

function step(field, by) {
  const all = fields(field.closest(".payload"));
  focusField(all[Math.max(0, Math.min(all.length - 1, all.indexOf(field) + by))]);
}

function showBad(payload) {
  const line = payload.querySelector("li[data-mark=bad]");
  if (line) payload.scrollTop += line.getBoundingClientRect().top - payload.getBoundingClientRect().top - payload.clientHeight / 3;
}

function setUp() {
  panes()?.querySelectorAll(".payload").forEach(showBad);
  const first = panes() && fields(panes())[0];
  if (first) first.tabIndex = 0;
}

document.addEventListener("click", (event) => {
  const field = event.target.closest?.("[data-panes] [data-path]");
  if (field) return focusField(field);
  if (event.target.closest?.("[data-match]") && panes()) {
    focusField(panes().querySelector("[data-matched]") ?? fields(panes())[0]);
  }
});

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-panes] [data-path]");
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!field || !by) return;
  event.preventDefault();
  step(field, by);
});

document.addEventListener("htmx:afterSettle", setUp);
setUp();
