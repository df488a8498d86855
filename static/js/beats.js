// Counts the seconds somebody works on a page: it is in front, and was touched within the last minute.
const EVERY = 15;
const IDLE_MS = 60000;
let touched = Date.now();
for (const event of ["pointermove", "keydown", "scroll"]) {
  addEventListener(event, () => (touched = Date.now()), { passive: true });
}

function send(seconds) {
  const url = document.querySelector("[data-beat]")?.dataset.beat;
  if (!url || document.hidden || Date.now() - touched > IDLE_MS || seconds < 1) return;
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  fetch(url, { method: "POST", headers, keepalive: true, body: new URLSearchParams({ seconds }) });
}

let since = Date.now();

function beat() {
  send(Math.round((Date.now() - since) / 1000));
  since = Date.now();
}

setInterval(beat, EVERY * 1000);
addEventListener("pagehide", beat);
