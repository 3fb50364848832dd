/* What the pages do beside what the theme does. */

/* A button that opens a solution says which one. */
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("button.toggle-button")) {
    const title = button.parentElement.textContent.trim();
    button.setAttribute("aria-label", `Show or hide: ${title}`);
  }
});

/* What scrolls takes the tab key, and shows at its edge that it goes on: code, results and formulas. */
const WIDE = "pre, mjx-container, .cell_output .text_html, .pst-scrollable-table-container";
const SLACK = 3; // pixels by which an accent may stand out of its formula
const edge = (part) => part.classList.toggle("sc-cut", part.scrollWidth > part.clientWidth + part.scrollLeft + SLACK);
const over = (part) => Math.max(part.scrollWidth - part.clientWidth, part.scrollHeight - part.clientHeight);
const reach = () => {
  const wide = [...document.querySelectorAll(WIDE)];
  for (const part of wide) part.style.overflow = "";
  const measured = wide.map((part) => part.clientWidth && /auto|scroll/.test(getComputedStyle(part).overflow) && over(part));
  wide.forEach((part, i) => {
    if (measured[i] > SLACK) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
    if (measured[i] > 0 && measured[i] <= SLACK) part.style.overflow = "visible"; // so little needs no scrolling
    if (measured[i] > SLACK || part.classList.contains("sc-cut")) edge(part);
  });
};
let due = false;
const soon = () => { // once, however many parts are opened together
  if (due) return;
  due = true;
  setTimeout(() => {
    due = false;
    reach();
  });
};
window.addEventListener("load", () => {
  reach();
  window.MathJax?.startup?.promise.then(reach);
});
window.addEventListener("resize", reach);
document.addEventListener("scroll", (scrolled) => scrolled.target.matches?.(WIDE) && edge(scrolled.target), true);
document.addEventListener("toggle", soon, true);
document.addEventListener("click", (click) => click.target.closest(".admonition.toggle") && soon());

/* What follows a question, up to and with the next one or to the end of its section, waits until it is answered, or
   until a reader asks for it, finds it with the browser's own search, or follows a link into it. Questions that stand
   together, as after a recap, do not wait for one another. Nothing waits for an exercise that comes with others. */
const QUESTION = "form.sc-ask:not(.sc-another *)";
const asks = (part) => part.querySelector(QUESTION);
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
  for (const question of [...document.querySelectorAll(QUESTION)].reverse()) { // the last first: folds in folds
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
      soon();
    };
    const lead = () => {
      const [name] = location.hash.slice(1).split("&"); // a state of a figure may follow
      const target = document.getElementById(decodeURIComponent(name));
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
let entered; // by a pointer that has not moved since: a word on which one stands because something went away is not asked
const come = (event) => {
  const term = event.target.closest?.(".sc-term");
  return term && !term.contains(event.relatedTarget) ? term : undefined;
};
document.addEventListener("pointerover", (event) => { entered = come(event) ?? entered; });
document.addEventListener("pointermove", (event) => {
  if (entered?.contains(event.target)) hush(entered, false);
  entered = undefined;
});
document.addEventListener("focusin", (event) => hush(come(event), false));
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

/* Who moves by keyboard gets to the first figure that can be explored without passing all that stands before it. */
document.addEventListener("DOMContentLoaded", () => {
  const skip = document.getElementById("pst-skip-link");
  const figure = document.querySelector(".sc-explorable");
  if (!skip || !figure) return;
  const further = skip.cloneNode(true);
  further.id = "sc-skip-link";
  const link = further.querySelector("a");
  link.href = `#${figure.id}`;
  link.textContent = "Skip to the first figure to explore";
  skip.after(further);
});
