// The rail: where one is stands in sight. Folded, without scripts its link targets the rail; with them focus
// moves in and comes back.
const rail = document.getElementById("rail");
const opener = document.querySelector("[data-menu]");

function toggle(open) {
  rail.toggleAttribute("data-open", open);
  opener.setAttribute("aria-expanded", String(open));
  if (open) rail.querySelector("a")?.focus();
  else opener.focus();
}

rail?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });

if (rail && opener) {
  opener.setAttribute("aria-expanded", "false");
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-menu], [data-menu-close]")) return;
    event.preventDefault();
    toggle(!rail.hasAttribute("data-open"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && rail.hasAttribute("data-open")) toggle(false);
  });
}
