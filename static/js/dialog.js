// The one dialog. It opens with what htmx swapped into it, or with nodes from a "dialog" event; without
// scripts the same link leads to a page that asks the same question.
const dialog = document.getElementById("dialog");
const body = document.getElementById("dialog-body");

function open() {
  if (!dialog.open) dialog.showModal();
  body.querySelector("[data-safe]")?.focus();
}

document.addEventListener("dialog", (event) => {
  body.replaceChildren(...event.detail.content);
  open();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target === body && body.childElementCount) open();
});

dialog.addEventListener("click", (event) => {
  const outside = event.target === dialog;
  const safe = event.target.closest("[data-safe]");
  if (safe) event.preventDefault();
  if (outside || safe) dialog.close();
});
