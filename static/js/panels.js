// Asks every few seconds for each panel that somebody can see. Nothing is asked while the page is hidden,
// nobody has touched it for half an hour, or once the session has ended.
const EVERY_MS = 3000;
const IDLE_MS = 30 * 60 * 1000;
let touched = Date.now();
let ended = false;
const inView = new WeakSet();
const failing = new Set();
let stoodIn = "";
const isPanel = (event) => event.detail.elt?.matches?.("[data-panel]");
const came = ({ detail }) => {
  const asked = detail.elt.getAttribute("hx-get").split("?")[0];
  return Boolean(detail.xhr?.responseURL) && new URL(detail.xhr.responseURL).pathname === asked;
};

function say() {
  const current = !ended && failing.size === 0;
  for (const place of document.querySelectorAll("[data-live-on]")) place.hidden = !current;
  for (const place of document.querySelectorAll("[data-live-off]")) place.hidden = current;
}

// A row that somebody reached comes back with the focus, for its link has an id; whatever else they stand
// in, such as an open table or a menu, is left alone.
function isOpen(panel) {
  const focused = document.activeElement;
  return panel.contains(focused) && !(focused.id && focused.closest("[data-row]"));
}

function ask() {
  if (ended || document.hidden || Date.now() - touched > IDLE_MS) return;
  for (const panel of document.querySelectorAll("[data-panel]")) {
    if (inView.has(panel) && !isOpen(panel)) panel.dispatchEvent(new Event("panel"));
  }
}

const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) inView.add(target);
    else inView.delete(target);
  }
});

function watch(place) {
  const panels = place.matches?.("[data-panel]") ? [place] : place.querySelectorAll("[data-panel]");
  panels.forEach((panel) => watcher.observe(panel));
}

// Somebody whose session has ended is sent to another page: that is no panel, and will not become one.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isPanel(event) || !event.detail.xhr.responseURL || came(event)) return;
  event.detail.shouldSwap = false;
  ended = true;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isPanel(event) || !event.detail.shouldSwap) return;
  stoodIn = event.detail.elt.contains(document.activeElement) ? event.detail.elt.id : "";
});

// Where their row is gone they stand on the first one, and not at the top of the page.
document.addEventListener("htmx:afterSettle", () => {
  if (!stoodIn) return;
  const panel = document.getElementById(stoodIn);
  stoodIn = "";
  if (document.activeElement === document.body) panel?.querySelector("[data-row-link]")?.focus();
  const row = document.activeElement.closest("[data-row]");
  if (row) row.dataset.chosen = "";
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (!isPanel(event)) return;
  const { id } = event.detail.elt;
  if (event.detail.successful) failing.delete(id);
  else failing.add(id);
  say();
});

for (const event of ["pointermove", "keydown", "scroll", "touchstart"]) {
  addEventListener(event, () => (touched = Date.now()), { passive: true, capture: true });
}
document.addEventListener("htmx:load", ({ detail }) => watch(detail.elt));
document.addEventListener("visibilitychange", ask);
watch(document);
setInterval(ask, EVERY_MS);
