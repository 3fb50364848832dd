"""Prints the exercises of the built book, one sheet for each chapter.

The pages are opened in a browser, which sets their formulas. What is not an
exercise is taken away, and room for an answer is put in, the more the longer
an exercise takes; or, for teachers, its solution.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from browsers import find_browser, looked_for
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader, PdfWriter

LEAST, MOST = 4, 14  # lines of 8 millimetres for an answer

# The exercises of a page, each with what its first line says, its hint and
# its solution, as HTML.
EXERCISES = """() => {
  const clean = (box) => {
    if (!box) return "";
    const copy = box.cloneNode(true);
    const away = "script, .headerlink, .toggle-button, .copybtn, " +
      ":scope > .admonition-title, button";
    copy.querySelectorAll(away).forEach((e) => e.remove());
    copy.querySelectorAll("[id]").forEach((e) => {
      if (!e.closest("svg")) e.removeAttribute("id");
    });
    copy.querySelectorAll("a").forEach((e) => e.removeAttribute("href"));
    copy.querySelectorAll("details").forEach((e) => { e.open = true; });
    return copy.innerHTML;
  };
  const boxes = [...document.querySelectorAll("div.exercise")];
  return boxes.map((box) => {
    let hint = null, solution = null, next = box.nextElementSibling;
    for (; next && !next.matches(".exercise"); next = next.nextElementSibling) {
      const title = next.querySelector(".admonition-title")?.textContent ?? "";
      if (next.matches(".solution")) solution = next;
      else if (title.trim().startsWith("Hint")) hint = next;
    }
    return {
      name: box.querySelector(".caption-number").textContent.trim(),
      about: box.querySelector("em")?.textContent ?? "",
      text: clean(box),
      hint: clean(hint),
      solution: clean(solution),
    };
  });
}"""

HEAD = """() => {
  const box = document.querySelector("article .admonition.tip");
  return {
    title: document.querySelector(".logo__title").textContent.trim(),
    chapter: document.querySelector("article h1").innerText
      .replace("#", "").trim(),
    before: box.querySelector(".admonition-title").textContent.trim(),
    aims: [...box.querySelectorAll("li")].map((e) => e.innerHTML),
  };
}"""

SHEET = """async ({ html, style }) => {
  document.documentElement.dataset.theme = "light";
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  document.body.innerHTML = `<main class="bd-main"><div class="bd-content">
    <div class="bd-article-container"><article class="bd-article">${html}
    </article></div></div></main>`;
  await document.fonts.ready;
}"""

STYLE = """
@page { size: A4; margin: 16mm 17mm 18mm;
        @bottom-right { content: counter(page) " / " counter(pages);
                        font: 8pt sans-serif; width: 15mm; }
        @bottom-left { content: "SHEET"; font: 8pt sans-serif;
                       width: 150mm; } }
html { font-size: 13px; }
body { background: white; }
.bd-content { display: block !important; }
.bd-main .bd-content .bd-article-container { max-width: none; padding: 0; }
.bd-main .bd-content .bd-article-container .bd-article { padding: 0; }
.bd-main .bd-content .bd-article-container .bd-article h1 {
  display: block !important; font-size: 1.7em; margin: 0 0 4mm; }
.bd-main .bd-content h2 { font-size: 1.15em; margin: 7mm 0 1mm;
                          break-after: avoid; }
.who { display: flex; gap: 8mm; margin-bottom: 6mm; }
.who span { flex: 1; border-bottom: 1px solid; padding-bottom: 5mm; }
.who span:first-child { flex: 2; }
.aims { border: 1px solid #999; padding: 2mm 4mm; font-size: 0.92em; }
.aims p, .aims ol { margin: 0; }
.aims ol { padding-left: 6mm; list-style: decimal; }
.task { break-inside: avoid; break-after: avoid; }
.line { height: 8mm; border-bottom: 1px solid #bbb; break-inside: avoid; }
.answer { border-left: 3px solid #2a7; padding-left: 4mm; margin: 2mm 0;
          box-decoration-break: clone; }
.answer table, .answer pre { break-inside: avoid; }
.hints p { margin: 1mm 0; }
.hints { font-size: 0.92em; break-inside: avoid; }
pre { padding: 1mm 2mm !important; font-size: .8rem; white-space: pre-wrap; }
mjx-container { font-size: 105% !important; }
a { color: inherit !important; text-decoration: none !important; }
"""


def print_sheets(
    html: Path, out: Path, solutions: bool, only: list[str] | None
) -> None:
    """Print a sheet for each chapter of the built book into a folder."""
    pages = {path.stem: path for path in _chapters(html)}
    if not pages:
        raise SystemExit(f"no built book in {html}: jupyter-book build .")
    unknown = [name for name in only or () if name not in pages]
    if unknown:
        known = ", ".join(sorted(pages)) or "none"
        raise SystemExit(
            f"no exercises in {', '.join(unknown)}; there are some in {known}"
        )
    found = find_browser()
    if found is None:
        raise SystemExit(looked_for())
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_page(color_scheme="light")
        for name in only or sorted(pages):
            ending = "-solutions" if solutions else ""
            target = out / f"{name}{ending}.pdf"
            _print_sheet(pages[name], target, page, solutions)
        browser.close()


def _chapters(html: Path) -> list[Path]:
    """Return the built pages that have exercises."""
    paths = (html / "chapters").glob("*.html")
    exercise = re.compile(r'<div class="exercise')
    return [
        path
        for path in paths
        if exercise.search(path.read_text(encoding="utf-8"))
    ]


def _print_sheet(path: Path, target: Path, page: Page, solutions: bool) -> None:
    page.goto(path.resolve().as_uri())
    page.wait_for_function("!window.MathJax || MathJax.startup.promise")
    page.evaluate("window.MathJax ? MathJax.startup.promise : null")
    head, tasks = page.evaluate(HEAD), page.evaluate(EXERCISES)
    if solutions and not all(task["solution"] for task in tasks):
        raise SystemExit(f"{path} has no solutions: it is of a student edition")
    sheet = f"{head['title']} · {head['chapter']}".replace('"', r"\"")
    style = STYLE.replace("SHEET", sheet)
    html = sheet_html(head, tasks, solutions)
    page.evaluate(SHEET, {"html": html, "style": style})
    _write(page, target, sheet)


def sheet_html(
    head: dict[str, Any], tasks: list[dict[str, str]], solutions: bool
) -> str:
    """Return a sheet's body: its head, its exercises, and last the hints."""
    kind = "solutions" if solutions else "exercises"
    parts = [f"<p>{head['title']}: {kind}</p><h1>{head['chapter']}</h1>"]
    if not solutions:
        parts.append(
            '<div class="who"><span>Name</span><span>Date</span></div>'
        )
    aims = "".join(f"<li>{aim}</li>" for aim in head["aims"])
    parts.append(
        f'<div class="aims"><p>{head["before"]}</p><ol>{aims}</ol></div>'
    )
    for task in tasks:
        parts.append(
            f'<div class="task"><h2>{task["name"]}</h2>{task["text"]}</div>'
        )
        if solutions:
            parts.append(f'<div class="answer">{task["solution"]}</div>')
        else:
            parts.append('<div class="line"></div>' * lines(task["about"]))
    hints = [
        f"<p><strong>{task['name']}</strong></p>{task['hint']}"
        for task in tasks
        if task["hint"]
    ]
    if hints:
        parts.append(f'<div class="hints"><h2>Hints</h2>{"".join(hints)}</div>')
    return "".join(parts)


def lines(about: str) -> int:
    """Return how many lines an answer gets, by the minutes it takes."""
    found = re.search(r"(\d+) minutes", about)
    if found is None:
        raise SystemExit(
            f"an exercise does not say its minutes, got {about!r}: "
            "build the book anew"
        )
    return min(max(int(found[1]) * 2 // 5 + 1, LEAST), MOST)


def _write(page: Page, target: Path, title: str) -> None:
    """Print the page; equal pages give equal bytes."""
    printed = page.pdf(
        prefer_css_page_size=True, print_background=True, tagged=True
    )
    writer = PdfWriter(clone_from=PdfReader(BytesIO(_counted_anew(printed))))
    writer.metadata = None
    writer.add_metadata({"/Title": title})
    writer.write(target)


def _counted_anew(printed: bytes) -> bytes:
    """Return a PDF whose cells of tables are named by their order alone.

    Browsers count all that they have shown. The names keep their length.
    """
    counted = rb"(?<=\(node)\d{8}(?=\))"
    places = {
        name: b"%08d" % place
        for place, name in enumerate(sorted(set(re.findall(counted, printed))))
    }
    return re.sub(counted, lambda name: places[name[0]], printed)
