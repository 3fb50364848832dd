/* What the pages do beside what the theme does. */

/* A button that opens a solution says which one. */
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("button.toggle-button")) {
    const title = button.parentElement.textContent.trim();
    button.setAttribute("aria-label", `Show or hide: ${title}`);
  }
});

/* Paper is white, whatever the screen shows. */
const page = document.documentElement;
let onScreen;
window.addEventListener("beforeprint", () => {
  onScreen = page.dataset.theme;
  page.dataset.theme = "light";
});
window.addEventListener("afterprint", () => {
  page.dataset.theme = onScreen;
});
