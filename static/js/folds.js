// Fields that mean something only beside a certain value of another are shown only then. What was typed into
// them stays; the server takes it for what it is worth. What hangs on a folded field is folded, too: fields come
// after those they depend on, so one pass is enough.
const folding = [...document.querySelectorAll("[data-when]")];

const chosen = (control) => (control.type === "checkbox" ? String(control.checked) : control.value);

const suits = (wanted, value) => wanted.includes(value) || (wanted.includes("*") && value.trim() !== "");

function fold() {
  for (const field of folding) {
    const other = field.form.elements[field.dataset.when];
    const fits =
      !other || (!other.closest(".field-row").hidden && suits(field.dataset.is.split("|"), chosen(other)));
    // One that was refused stays in sight, so that its error does.
    const row = field.closest(".field-row");
    row.hidden = !fits && !row.querySelector(".field-error");
  }
  for (const box of document.querySelectorAll("details.fold"))
    box.hidden = !box.querySelector(".field-row:not([hidden])");
}

if (folding.length) {
  document.addEventListener("input", fold);
  fold();
}
