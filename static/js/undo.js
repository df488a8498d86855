// The time left to undo: counted down beside the button, which goes when it is over.
function count() {
  for (const form of document.querySelectorAll("[data-undo-until]")) {
    const left = Math.floor((Date.parse(form.dataset.undoUntil) - Date.now()) / 1000);
    if (left <= 0) form.remove();
    else form.querySelector("[data-left]").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }
}

setInterval(count, 1000);
count();
