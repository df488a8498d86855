// A click on an id copies it and says so.
function say(text) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(`Copied ${text}`);
  } catch {
    say(`Not copied: the browser does not allow it here. ${text}`);
  }
}

document.addEventListener("click", (event) => {
  const control = event.target.closest("[data-copy]");
  if (control) copy(control.dataset.copy);
});
