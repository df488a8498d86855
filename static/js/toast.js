// One toast at a time, bottom left. Those with an undo stay until their time is over; others leave.
const PLAIN_MS = 8000;
const region = document.getElementById("toasts");

function leaveLater(toast) {
  const until = Date.parse(toast.dataset.until);
  if (Number.isNaN(until)) setTimeout(() => toast.remove(), PLAIN_MS);
  else countDown(toast, until);
}

function countDown(toast, until) {
  const left = Math.floor((until - Date.now()) / 1000);
  if (left <= 0) return toast.remove();
  const place = toast.querySelector("[data-left]");
  if (place) place.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  setTimeout(() => countDown(toast, until), 1000);
}

function show(text) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = text;
  region.replaceChildren(toast);
}

document.addEventListener("toast", (event) => show(event.detail.text ?? event.detail.value));

new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) if (node.matches?.(".toast")) leaveLater(node);
  }
}).observe(region, { childList: true });

region.querySelectorAll(".toast").forEach(leaveLater);
