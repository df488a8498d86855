// The permission matrix is one tab stop: arrows move between the boxes that can be changed, Home and End to
// the ends of a row. Cells that differ from what is stored are marked, and counted on the button.
const table = document.querySelector("[data-matrix]");
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const rows = () => [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.querySelector("input"));
const box = (row, column) => row?.cells[column]?.querySelector("input:not(:disabled)");
const boxes = () => [...table.querySelectorAll("input[type=checkbox]:not(:disabled)")];

function stop(at) {
  for (const one of boxes()) one.tabIndex = one === at ? 0 : -1;
}

function next(from, [down, right]) {
  const all = rows();
  let row = all.indexOf(from.closest("tr"));
  let column = from.closest("td").cellIndex;
  const width = all[row].cells.length;
  for (;;) {
    row += down;
    column += right;
    if (row < 0 || row >= all.length || column < 1 || column >= width) return null;
    const found = box(all[row], column);
    if (found) return found;
  }
}

function end(from, key) {
  const found = [...from.closest("tr").querySelectorAll("input:not(:disabled)")];
  return key === "Home" ? found[0] : found.at(-1);
}

function move(event) {
  if (!event.target.matches("input[type=checkbox]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = STEPS[event.key];
  const ends = event.key === "Home" || event.key === "End";
  if (!step && !ends) return;
  event.preventDefault();
  const found = step ? next(event.target, step) : end(event.target, event.key);
  if (!found) return;
  stop(found);
  found.focus();
}

// What was refused comes back as it was sent: the server marks what differs, the script what is changed since.
const stored = new Map();

function mark(one) {
  one.closest("td").toggleAttribute("data-changed", one.checked !== stored.get(one));
}

function count() {
  const changed = table.querySelectorAll("[data-changed]").length;
  document.querySelector("[data-changes]").textContent = changed ? `(${changed})` : "";
}

if (table) {
  for (const one of boxes()) {
    stored.set(one, one.defaultChecked !== one.closest("td").hasAttribute("data-changed"));
    mark(one); // a page that comes back keeps what was checked on it
  }
  stop(boxes()[0]);
  count();
  table.addEventListener("keydown", move);
  table.addEventListener("focusin", (event) => event.target.matches("input") && stop(event.target));
  table.addEventListener("change", (event) => {
    mark(event.target);
    count();
  });
}
