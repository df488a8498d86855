// Passkeys: a form marked data-passkey asks the server what to ask for, lets the browser ask the person,
// and sends what came of it as an ordinary post. Without scripts none of this is on the page.
// What it says stands in the page (accounts/passkey_words.html), in the reader's language.
function saying(name) {
  const words = document.getElementById("passkey-words");
  return words?.content.querySelector(`[data-of="${CSS.escape(name)}"]`)?.textContent;
}

function bytes(text) {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
  return btoa(letters.join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function described(list) {
  return (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
}

function forCreating(options) {
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  };
}

function forGetting(options) {
  const asked = { ...options, challenge: bytes(options.challenge) };
  if (options.allowCredentials) asked.allowCredentials = described(options.allowCredentials);
  return asked;
}

// What the browser made, as JSON with its bytes as base64url.
function written(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const kept = parts.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(kept),
    clientExtensionResults: {},
  });
}

async function optionsOf(form) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(form.dataset.options, { method: "POST", headers: { "X-CSRFToken": token } });
  const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  if (!answer.ok || !said.publicKey) {
    throw new Error(said.error ?? saying("no-answer"));
  }
  return said.publicKey;
}

async function ask(form) {
  if (!window.PublicKeyCredential) {
    throw new Error(saying("unknown"));
  }
  const options = await optionsOf(form);
  if (form.dataset.passkey === "create") {
    return navigator.credentials.create({ publicKey: forCreating(options) });
  }
  return navigator.credentials.get({ publicKey: forGetting(options) });
}

function inWords(form, error) {
  if (error.name === "NotAllowedError" || error.name === "AbortError") {
    return form.dataset.passkey === "create" ? saying("made-none") : saying("cancelled");
  }
  return saying(error.name) ?? error.message;
}

function say(form, words) {
  const place = form.querySelector("[data-passkey-error]");
  place.textContent = words;
  place.hidden = !words;
}

async function run(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  say(form, "");
  try {
    form.querySelector("[name=credential]").value = written(await ask(form));
    form.submit();
  } catch (error) {
    say(form, inWords(form, error));
    button.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  run(form);
});
