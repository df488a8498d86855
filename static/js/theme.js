// Runs before the first paint: says that scripts work, and lets a person switch the theme in place.
// The choice lives in a cookie, so the server sends the next page in the right theme.
(() => {
  const root = document.documentElement;
  root.dataset.script = "";

  function choose(theme) {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    event.preventDefault();
    choose(button.value);
  });
})();
