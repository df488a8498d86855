// An undo on the page counts its time down, and leaves when that is over.
function countDown(form) {
  const left = Math.floor((Date.parse(form.dataset.until) - Date.now()) / 1000);
  if (left <= 0) return form.remove();
  const place = form.querySelector("[data-left]");
  place.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

setInterval(() => document.querySelectorAll("form[data-until]").forEach(countDown), 1000);
