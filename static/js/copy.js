// A click on an id copies it and says so.
function say(text) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));
}

// In the reader's language, as the page says it.
function said(what) {
  return document.body.dataset[what];
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(`${said("copied")} ${text}`);
  } catch {
    say(`${said("notCopied")} ${text}`);
  }
}

document.addEventListener("click", (event) => {
  const control = event.target.closest("[data-copy]");
  if (control) copy(control.dataset.copy);
});
