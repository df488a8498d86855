// A list is one tab stop; J, K or the arrows move inside it. The link of a row gets "cursor" when it is
// reached, for lists whose preview follows; until it has, the link is data-awaited. Enter opens what the
// link names as data-open. Selection by X, a range by Shift+X, all by Ctrl+A.
const STEP = { j: 1, arrowdown: 1, k: -1, arrowup: -1 };
const CURSOR_MS = 140;
let anchor = null;
const LEAVING_MS = 3000;
let cursorTimer = 0;
let leavingUntil = 0;
let requested = null;

const links = (list) => [...list.querySelectorAll("[data-row-link]")];
const box = (row) => row?.querySelector("input[type=checkbox]");

function rove(list) {
  const all = links(list);
  const chosen = all.find((link) => link.closest("[data-chosen]"));
  const stop = all.find((link) => link === document.activeElement) ?? chosen ?? all[0];
  for (const link of all) link.tabIndex = link === stop ? 0 : -1;
  return stop;
}

function goal(list, step) {
  const all = links(list);
  const focused = all.indexOf(document.activeElement);
  const stop = all.findIndex((link) => link.tabIndex === 0);
  if (focused < 0 && !all[stop]?.closest("[data-chosen]")) return all[stop];
  const at = (focused < 0 ? stop : focused) + step;
  return all[Math.max(0, Math.min(all.length - 1, at))];
}

function move(list, step, letter) {
  const next = goal(list, step);
  if (!next) return;
  next.focus();
  if (letter) next.dataset.reached = "";
  rove(list);
  next.closest("[data-row]")?.scrollIntoView({ block: "nearest" });
  if (isShown(next)) return clearTimeout(cursorTimer);
  clearTimeout(cursorTimer);
  cursorTimer = setTimeout(() => next.dispatchEvent(new Event("cursor", { bubbles: true })), CURSOR_MS);
}

function isShown(link) {
  const shown = !requested && link.hasAttribute("hx-target") && link.closest("[data-chosen]");
  awaitPane(shown ? null : link);
  return shown;
}

function awaitPane(link) {
  delete document.querySelector("[data-awaited]")?.dataset.awaited;
  if (link?.hasAttribute("hx-target")) link.dataset.awaited = "";
}

function choose(list, link) {
  for (const row of list.querySelectorAll("[data-row][data-chosen]")) delete row.dataset.chosen;
  const row = link.closest("[data-row]");
  if (row) row.dataset.chosen = "";
}

function pick(list, range) {
  const rows = [...list.querySelectorAll("[data-row]")];
  const current = document.activeElement?.closest("[data-row]") ?? list.querySelector("[data-row][data-chosen]");
  const at = rows.indexOf(current);
  if (!box(current)) return;
  const from = range && anchor !== null ? anchor : at;
  const state = range ? true : !box(current).checked;
  rows.slice(Math.min(from, at), Math.max(from, at) + 1).forEach((row) => {
    if (box(row)) box(row).checked = state;
  });
  anchor = at;
  count(list);
}

function count(list) {
  const picked = list.querySelectorAll("tbody input[type=checkbox]:checked").length;
  for (const place of document.querySelectorAll("[data-picked-count]")) place.textContent = picked;
}

function pickAll(list, state) {
  for (const each of list.querySelectorAll("tbody input[type=checkbox]")) each.checked = state;
  count(list);
}

function open(link) {
  leftBy(link);
  location.assign(link.dataset.open);
}

function listFor(target) {
  return target.closest("[data-rows]") ?? document.querySelector("[data-rows]");
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
  const list = listFor(event.target);
  if (!list || typing || event.altKey || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const letter = key.length === 1;
  if (letter && !event.ctrlKey && !event.metaKey && document.documentElement.dataset.keys === "off") return;
  const opens = key === "enter" && !event.shiftKey && event.target.closest("[data-open]");
  if (opens && !event.ctrlKey && !event.metaKey) open(opens);
  else if (key === "a" && (event.ctrlKey || event.metaKey) && box(list)) pickAll(list, true);
  else if (event.ctrlKey || event.metaKey) return;
  else if (key in STEP && (letter || list.contains(document.activeElement))) move(list, STEP[key], letter);
  else if (key === "x") pick(list, event.shiftKey);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const mover = event.target.closest("[data-move]");
  if (mover) move(listFor(mover), Number(mover.dataset.move));
  const link = event.target.closest("[data-row-link]");
  if (!link) return;
  choose(listFor(link), link);
  leftBy(link);
});

// A pane that comes while one is already leaving would write its address, and keep one here.
addEventListener("beforeunload", () => {
  leavingUntil = Date.now() + LEAVING_MS;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const ofRow = event.detail.requestConfig?.elt?.matches?.("[data-row-link]");
  if (ofRow && Date.now() < leavingUntil) event.detail.shouldSwap = false;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.detail.elt.matches("[data-row-link]")) return;
  requested = event.detail.elt;
  awaitPane(requested);
});

document.addEventListener("htmx:afterSwap", (event) => {
  const link = event.detail.requestConfig?.elt;
  if (link === requested) requested = null;
  delete link?.dataset.awaited;
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches("[data-row-link]")) delete event.target.dataset.reached;
});

document.addEventListener("cursor", (event) => choose(listFor(event.target), event.target));

document.addEventListener("change", (event) => {
  const list = event.target.closest("[data-rows]");
  if (event.target.matches("[data-pick-all]")) pickAll(list, event.target.checked);
  else if (list) count(list);
  if (event.target.closest("[data-autosubmit]") && event.target.matches("select")) {
    event.target.form.requestSubmit();
  }
});

// Who comes back to a list stands on the row they left by, and not at the top of the page.
const here = () => `row ${location.pathname}${location.search}`;

function leftBy(link) {
  if (listFor(link)) sessionStorage.setItem(here(), link.getAttribute("href"));
}

function comeBack(event) {
  const href = sessionStorage.getItem(here());
  const way = performance.getEntriesByType("navigation")[0]?.type;
  const from = document.referrer && new URL(document.referrer).pathname;
  const back = event.persisted || way === "back_forward" || from === href?.split("?")[0];
  sessionStorage.removeItem(here());
  if (!href || !back || document.activeElement !== document.body) return;
  const link = [...document.querySelectorAll("[data-row-link]")].find((one) => one.getAttribute("href") === href);
  if (!link) return;
  link.focus();
  rove(listFor(link));
}

window.addEventListener("pageshow", comeBack);

const roveAll = () => document.querySelectorAll("[data-rows]").forEach(rove);
document.addEventListener("htmx:afterSettle", roveAll);
roveAll();
