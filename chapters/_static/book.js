/* What the pages do beside what the theme does. */

/* A button that opens a solution says which one. */
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("button.toggle-button")) {
    const title = button.parentElement.textContent.trim();
    button.setAttribute("aria-label", `Show or hide: ${title}`);
  }
});

/* What scrolls takes the tab key. The theme sees to it once; this, when something was unfolded. */
const reach = () => {
  for (const pre of document.querySelectorAll("pre")) {
    const scrolls = pre.scrollWidth > pre.clientWidth || pre.scrollHeight > pre.clientHeight;
    pre.tabIndex = scrolls ? 0 : -1;
  }
};
document.addEventListener("toggle", reach, true);
document.addEventListener("click", (click) => click.target.closest(".admonition.toggle") && reach());

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
