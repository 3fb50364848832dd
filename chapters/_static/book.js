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

/* What follows a question, up to and with the next one or to the end of its section, waits until it is answered, or
   until a reader asks for it, finds it with the browser's own search, or follows a link into it. Questions that stand
   together, as after a recap, do not wait for one another. */
const asks = (part) => part.querySelector("form.sc-ask");
const fold = (cell) => {
  const waiting = [];
  for (let next = cell.nextElementSibling; next && !next.matches("section"); next = next.nextElementSibling) {
    if (waiting.some(asks) && !next.matches(".sc-show, .sc-waiting")) break;
    waiting.push(next);
  }
  const own = waiting.filter((part) => !part.matches(".sc-show, .sc-waiting"));
  return own.every(asks) ? [] : waiting;
};
document.addEventListener("DOMContentLoaded", () => {
  for (const question of [...document.querySelectorAll("form.sc-ask")].reverse()) { // the last first: folds in folds
    const cell = question.closest(".cell");
    const waiting = fold(cell);
    if (!waiting.length) continue;
    const part = document.createElement("div");
    part.className = "sc-waiting";
    part.hidden = "until-found";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sc-show";
    button.textContent = "Show what happens";
    const show = () => {
      part.classList.remove("sc-waiting");
      part.removeAttribute("hidden");
      button.remove();
      reach();
    };
    const lead = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1).split("&")[0])) // a state of a figure may follow;
      if (part.hidden && part.contains(target)) {
        show();
        target.scrollIntoView();
      }
    };
    cell.after(button, part);
    part.append(...waiting);
    button.addEventListener("click", () => {
      show();
      part.tabIndex = -1; // where reading goes on
      part.focus({ preventScroll: true });
    });
    part.addEventListener("beforematch", show);
    question.addEventListener("sc-answered", show);
    window.addEventListener("hashchange", lead);
    lead();
  }
});

/* What a word means goes away by Escape until it is asked for anew; a finger asks for it before it follows the link. */
const hush = (term, quiet) => term?.classList.toggle("sc-hushed", quiet);
document.addEventListener("keydown", (key) => {
  if (key.key === "Escape") document.querySelectorAll(".sc-term").forEach((term) => hush(term, true));
});
for (const asked of ["pointerover", "focusin"]) {
  document.addEventListener(asked, (event) => {
    const term = event.target.closest?.(".sc-term");
    if (term && !term.contains(event.relatedTarget)) hush(term, false);
  });
}
document.addEventListener("pointerdown", (touch) => {
  const link = touch.target.closest?.(".sc-term > a");
  if (!link || touch.pointerType === "mouse" || link === document.activeElement) return;
  link.addEventListener("click", (click) => click.preventDefault(), { once: true });
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
