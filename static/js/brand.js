// A colour may be picked as well as written: beside its field stands the browser's own palette.
const field = document.querySelector("[data-colour]");
if (field) {
  const picker = document.createElement("input");
  picker.type = "color";
  picker.className = "brand-picker";
  picker.setAttribute("aria-label", "Pick your colour");
  const whole = (text) => (/^#?[0-9a-f]{6}$/i.test(text) ? `#${text.replace("#", "").toLowerCase()}` : "");
  picker.value = whole(field.value) || "#000000";
  field.after(picker);
  picker.addEventListener("input", (event) => {
    event.stopPropagation();
    field.value = picker.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  picker.addEventListener("change", (event) => event.stopPropagation());
  field.addEventListener("input", () => {
    const colour = whole(field.value);
    if (colour) picker.value = colour;
  });
}
