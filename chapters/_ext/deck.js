(() => {
  const page = document.documentElement;
  const slides = [...document.querySelectorAll(".slide")];
  const SIZE = [1280, 720]; // of a slide, in its own measure
  const NOTES = 0.24; // of the screen's height
  let now = 0;

  // Light or dark as the reader has chosen it for the book, or as the screen is set.
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const tint = () => {
    const chosen = (() => {
      try { return localStorage.getItem("mode"); } catch { return ""; } // a browser may keep it closed
    })();
    page.dataset.mode = ["light", "dark"].includes(chosen) ? chosen : "auto";
    page.dataset.theme = page.dataset.mode === "auto" ? (dark.matches ? "dark" : "light") : chosen;
  };
  tint();
  dark.addEventListener("change", tint);
  window.addEventListener("beforeprint", () => { page.dataset.theme = "light"; });
  window.addEventListener("afterprint", tint);

  // Letters get smaller until all of a slide has room. Paper has no more of it than the lowest screen.
  const ROOMY = "svg *, .sc-talk *, mjx-container *, script, style, .sc-spoken";
  const hasRoom = (shown) => {
    const box = shown.getBoundingClientRect();
    return [...shown.querySelectorAll(`*:not(${ROOMY})`)].every((part) => {
      const { right, bottom, width } = part.getBoundingClientRect();
      return !width || (right <= box.right + 1 && bottom <= box.bottom + 1);
    });
  };
  const fit = (slide) => {
    const shown = slide.querySelector(".shown");
    slide.style.setProperty("--tall", "45rem");
    let size = 100;
    for (; size >= 50; size -= 3) {
      shown.style.setProperty("--fit", size / 100);
      if (hasRoom(shown)) break;
    }
    slide.style.removeProperty("--tall");
  };
  const measure = () => {
    const notes = document.body.classList.contains("noted") ? NOTES : 0;
    const height = window.innerHeight * (1 - notes);
    const unit = Math.min(window.innerWidth / SIZE[0], height / SIZE[1]);
    page.style.setProperty("--unit", unit);
    page.style.setProperty("--tall", `${height}px`);
    page.style.setProperty("--notes", `${window.innerHeight * notes}px`);
  };
  const fitAll = () => {
    slides.forEach(fit);
    page.dataset.ready = "yes";
  };
  window.addEventListener("resize", measure);
  window.addEventListener("load", () => {
    const set = window.MathJax?.startup?.promise ?? Promise.resolve();
    Promise.all([set, document.fonts.ready]).then(fitAll);
  });
  const again = (event) => {
    const slide = event.target.closest?.(".slide");
    if (slide) fit(slide);
  };
  for (const kind of ["input", "submit", "toggle", "click"]) document.addEventListener(kind, (e) => setTimeout(again, 0, e), true);

  // One slide is seen, and has an address.
  const turn = (to, told = true) => {
    now = Math.max(0, Math.min(slides.length - 1, to));
    slides.forEach((slide, i) => {
      slide.classList.toggle("now", i === now);
      slide.inert = i !== now;
    });
    if (told) history.replaceState(null, "", `#${now + 1}`);
    if (document.fullscreenElement) document.exitFullscreen(); // of a figure that is left
    slides[now].focus({ preventScroll: true });
  };
  const lead = () => {
    const name = decodeURIComponent(location.hash.slice(1).split("&")[0]);
    const target = name && document.getElementById(name);
    const place = slides.findIndex((slide) => target && slide.contains(target));
    if (place >= 0) turn(place, false);
    else turn(Number(name) ? Number(name) - 1 : 0);
  };
  window.addEventListener("hashchange", lead);
  measure();
  lead();

  const toggleNotes = () => {
    document.body.classList.toggle("noted");
    measure();
  };
  // The keys of a remote control always turn; others do where they are not used by a control.
  window.addEventListener("keydown", (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey) return;
    const used = press.target.closest?.("input, select, textarea, button, summary, a[href], [contenteditable]");
    const pages = { PageUp: now - 1, PageDown: now + 1 };
    const free = {
      ArrowLeft: now - 1, ArrowUp: now - 1, ArrowRight: now + 1, ArrowDown: now + 1,
      Home: 0, End: slides.length - 1, " ": press.shiftKey ? now - 1 : now + 1,
    };
    const to = pages[press.key] ?? (used ? undefined : free[press.key]);
    const typing = press.target.closest?.("input[type=text], select, textarea");
    if (to !== undefined) turn(to);
    else if (press.key === "n" && !typing) toggleNotes();
    else return;
    press.preventDefault();
    press.stopPropagation();
  }, true);
})();
