// What is wrong with prices stands at their fields while they are being written: the server says it beside
// the example, by the ids of the fields.
function place() {
  const told = document.getElementById("plan-problems");
  if (!told) return;
  const texts = new Map();
  for (const { id, text } of JSON.parse(told.textContent)) {
    texts.set(id, [...(texts.get(id) ?? []), text]);
  }
  for (const said of document.querySelectorAll("#plan-form [data-said]")) {
    const id = said.id.replace(/-said$/, "");
    const words = (texts.get(id) ?? []).map((text) => text.slice(text.indexOf(": ") + 2)).join(" ");
    if (said.textContent.trim() !== words) said.textContent = words;
    document.getElementById(id)?.toggleAttribute("aria-invalid", words !== "");
  }
}

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target?.id === "plan-live") place();
});

// Whoever adds a tier or a charge writes it next.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const verb = detail.requestConfig?.elt?.value ?? "";
  if (!verb.startsWith("add-")) return;
  const empty = [...document.querySelectorAll("#plan-form .plan-left input[type=text]")];
  empty.find((field) => field.value === "" && !field.placeholder && field.name !== "currency")?.focus();
});
