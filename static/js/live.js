// Asks every few seconds whether the desk has changed, as long as somebody can see it. What comes back
// takes the place of what it is about; what was picked, and where one stands, stays.
const EVERY_MS = 3000;
const PATH = "/desk/pulse/";
const pulse = () => document.getElementById("pulse");
const isPulse = (event) => event.detail.elt?.id === "pulse" || event.detail.target?.id === "pulse";
const from = (xhr) => xhr?.responseURL && new URL(xhr.responseURL).pathname;
const came = (event) => from(event.detail.xhr) === PATH;

function say(current) {
  document.querySelector("[data-live-on]").hidden = !current;
  document.querySelector("[data-live-off]").hidden = current;
}

function ask() {
  if (!document.hidden) pulse()?.dispatchEvent(new Event("pulse"));
}

// Somebody whose session has ended is sent to another page: that is no answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (isPulse(event) && !came(event)) event.detail.shouldSwap = false;
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (isPulse(event)) say(Boolean(event.detail.successful) && came(event));
});

function keep(before, after) {
  const box = before.querySelector("input[type=checkbox]");
  const next = after.querySelector("input[type=checkbox]");
  if (box?.checked && next && !("gone" in after.dataset)) next.checked = true;
  if ("chosen" in before.dataset) after.dataset.chosen = "";
}

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const after = event.detail.fragment?.querySelector?.("[data-row]");
  if (!after) return;
  keep(event.detail.target, after);
  if ("chosen" in after.dataset) renewPreview(after.querySelector("[data-row-link]"));
});

// The preview of a case that changed, where it is seen and nobody stands in it.
function renewPreview(link) {
  const pane = document.getElementById("preview");
  if (!pane?.getClientRects().length || pane.contains(document.activeElement)) return;
  const top = pane.querySelector(".preview-body")?.scrollTop ?? 0;
  const where = { target: "#preview", select: "#preview", swap: "outerHTML" };
  window.htmx.ajax("GET", link.getAttribute("href"), where).then(() => {
    const body = document.querySelector("#preview .preview-body");
    if (body) body.scrollTop = top;
  });
}

// A case that is gone stays struck through until the next move.
function leave(event) {
  const row = event.target.closest("[data-row-link]")?.closest("[data-row]");
  if (!row) return;
  for (const gone of document.querySelectorAll("[data-row][data-leaves]")) if (gone !== row) gone.remove();
}

document.addEventListener("cursor", leave);
document.addEventListener("click", leave);
document.addEventListener("visibilitychange", ask);
setInterval(ask, EVERY_MS);
