// One map of keys, read from the page: a control with data-key answers that key. Letters act only when
// no field has the focus; a key inside the row or pane that has the focus wins over the page's. What is
// data-key-row acts for the row that has the focus and for no other.
const FIELDS = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";
const SEQUENCE_MS = 1200;
let pending = "";
let pendingUntil = 0;

function named(event) {
  const key = event.key === " " ? "space" : event.key.toLowerCase();
  const letter = /^[a-z]$/.test(key) || key.length > 1;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("ctrl");
  if (event.altKey) parts.push("alt");
  if (event.shiftKey && letter) parts.push("shift");
  return [...parts, key].join("+");
}

function visible(control) {
  return control.getClientRects().length > 0 && !control.disabled;
}

// A pane that still shows the row one has left must not act for the one that is reached.
function answers(control) {
  const awaited = document.querySelector("[data-awaited]");
  return visible(control) && !(awaited && control.closest(awaited.getAttribute("hx-target")));
}

function meant(control, scope) {
  return scope !== document || !control.hasAttribute("data-key-row");
}

function find(key) {
  const focused = document.activeElement;
  const near = focused?.closest("[data-row], [data-keys]");
  const chosen = document.querySelector("[data-row][data-chosen]");
  const dialog = document.querySelector("dialog[open]");
  const scopes = dialog ? [dialog] : [near, chosen, document];
  for (const scope of scopes.filter(Boolean)) {
    const control = [...scope.querySelectorAll("[data-key]")].find(
      (candidate) => candidate.dataset.key.toLowerCase() === key && answers(candidate) && meant(candidate, scope),
    );
    if (control) return control;
  }
  return null;
}

function act(control) {
  if (control.matches(FIELDS)) {
    control.focus();
    control.select?.();
  } else if (control.matches("summary")) {
    control.click();
    control.parentElement.querySelector(FIELDS)?.focus();
  } else if (control.matches("ol")) {
    control.focus();
  } else {
    control.click();
  }
}

function leave() {
  const focused = document.activeElement;
  if (focused?.matches(FIELDS)) return focused.blur();
  // What opened last stands last: a drawer closes before the filters are cleared.
  [...document.querySelectorAll("[data-escape]")].filter(visible).at(-1)?.click();
}

// Enter follows what has the focus; a row that J or K has just shown is there already, and Enter is the page's.
function followed(target) {
  return target.closest("a, button, summary, input") && !target.matches("[data-reached]:not([data-open])");
}

function lettersOff() {
  return document.documentElement.dataset.keys === "off";
}

function press(event) {
  if (event.defaultPrevented || event.isComposing) return;
  const key = named(event);
  if (key === "escape" && !document.querySelector("dialog[open]")) return leave();
  const typing = event.target.closest(FIELDS);
  if (key === "ctrl+enter" && typing?.form) {
    event.preventDefault();
    return typing.form.requestSubmit();
  }
  if (typing || (lettersOff() && key.length === 1)) return;
  if (key === "enter" && followed(event.target)) return;
  const control = find(sequence(key)) ?? find(key);
  if (!control) return;
  event.preventDefault();
  pending = "";
  act(control);
}

function sequence(key) {
  const whole = Date.now() < pendingUntil ? `${pending} ${key}`.trim() : key;
  pending = key;
  pendingUntil = Date.now() + SEQUENCE_MS;
  return whole;
}

function label(control) {
  const copy = control.cloneNode(true);
  copy.querySelectorAll("kbd, .rail-count").forEach((part) => part.remove());
  const text = control.dataset.keyLabel ?? control.getAttribute("aria-label") ?? copy.textContent;
  return text.trim() || control.placeholder || "";
}

function printed(key) {
  return key.replace("shift+", "⇧").replace("ctrl+", "⌃").replace("alt+", "⌥").toUpperCase();
}

function keyRow([key, text]) {
  const row = document.createElement("li");
  const hint = document.createElement("kbd");
  hint.textContent = key;
  row.append(hint, text);
  return row;
}

function settings() {
  const line = document.createElement("p");
  const link = document.createElement("a");
  link.href = "/you/";
  link.textContent = lettersOff() ? "Switch single keys on" : "Switch single keys off";
  line.append(link, " in your settings");
  return line;
}

function showAll() {
  const known = new Map();
  for (const control of [...document.querySelectorAll("[data-key]")].filter(visible)) {
    known.set(printed(control.dataset.key), label(control));
  }
  for (const hint of document.querySelectorAll(".key-hint")) {
    const key = hint.querySelector("kbd").textContent;
    if (!known.has(key)) known.set(key, label(hint));
  }
  const title = document.createElement("h2");
  title.textContent = "Keys on this page";
  const list = document.createElement("ul");
  list.className = "keys-list";
  list.append(...[...known].map(keyRow));
  const content = [title, list, settings()];
  document.dispatchEvent(new CustomEvent("dialog", { detail: { content } }));
}

document.addEventListener("keydown", press);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-all-keys]")) showAll();
});
