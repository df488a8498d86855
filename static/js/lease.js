// A sign of life once a minute while the page can be seen. When the lease is lost, nothing here acts any
// more, and every place that acted says why.
const EVERY_MS = 60_000;
const LOOK_MS = 5_000;
let last = Date.now();

function beat() {
  const holder = document.querySelector("[data-beats]");
  if (!holder || document.hidden || Date.now() - last < EVERY_MS) return;
  last = Date.now();
  holder.dispatchEvent(new Event("beat"));
}

function stop(why) {
  for (const control of document.querySelectorAll("[data-acts]")) control.disabled = true;
  for (const note of document.querySelectorAll("[data-acts-note]")) note.textContent = why;
}

setInterval(beat, LOOK_MS);
document.addEventListener("visibilitychange", beat);
document.addEventListener("lease-lost", (event) => stop(event.detail.value));
