"""Print the built book into one PDF: `python chapters/_ext/pdf.py`.

The pages are opened one after the other in a browser, which sets their
formulas, and their articles are put behind each other into one document. So
page numbers run on, and links from chapter to chapter work on paper too.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from browsers import find_browser, looked_for
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

BUILT = Path(__file__).parents[2] / "_build"

# The parts of the book: what each is called, the addresses and names of its
# pages.
CONTENTS = """() => {
  const lists = [...document.querySelectorAll(".bd-docs-nav ul.bd-sidenav")];
  const called = (e) => e?.matches(".caption") ? e.textContent.trim() : "";
  const page = (a) => [a.href.split("#")[0], a.textContent.trim()];
  return lists.map((list) => [
    called(list.previousElementSibling),
    [...list.querySelectorAll("a")].map(page),
  ]);
}"""

# An article with names and links that are its own in the whole book, and the
# style that its formulas need.
ARTICLE = """() => {
  const name = (path) => path.split("/").pop().replace(".html", "");
  const here = name(location.pathname);
  const article = document.querySelector("article");
  article.querySelectorAll("script, .headerlink").forEach((e) => e.remove());
  article.querySelectorAll("details").forEach((e) => { e.open = true; });
  for (const e of article.querySelectorAll("[id]")) {
    if (!e.closest("svg")) e.id = `${here}--${e.id}`;
  }
  for (const a of article.querySelectorAll("a[href]")) {
    const to = new URL(a.href);
    if (to.protocol === "file:" && to.pathname.endsWith(".html")) {
      const part = to.hash && `--${decodeURIComponent(to.hash.slice(1))}`;
      a.setAttribute("href", `#${name(to.pathname)}${part}`);
    } else if (to.protocol === "file:") {
      a.removeAttribute("href");
    }
  }
  article.id = here;
  const sheet = document.getElementById("MJX-CHTML-styles")?.sheet;
  return {
    html: article.outerHTML,
    rules: [...(sheet?.cssRules ?? [])].map((rule) => rule.cssText),
  };
}"""

# The landing page's head and styles, around all articles; returns what their
# headings say.
BOOK = """({ book, style }) => {
  document.documentElement.dataset.theme = "light";
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  document.body.innerHTML = `<main class="bd-main"><div class="bd-content">
    <div class="bd-article-container">${book}</div></div></main>`;
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  return headings.map((heading) => heading.textContent.trim());
}"""

STYLE = """
@page { size: A4; margin: 20mm 18mm 22mm;
        @bottom-center { content: counter(page); font: 9pt sans-serif; } }
@page :first { @bottom-center { content: none; } }
html { font-size: 13px; }
.bd-content { display: block !important; }
article { break-before: page; padding: 0 !important; }
.bd-main .bd-content .bd-article h1:first-of-type,
.bd-main .bd-content h1 { display: block; font-size: 2.2em; margin-top: 0; }
.cover { padding-top: 25vh; text-align: center; break-after: page; }
.cover img { height: 8rem; }
.bd-main .bd-content .cover h1 { font-size: 3.2em; }
.listing ul { list-style: none; padding: 0; }
.listing p { margin: 1rem 0 .25rem; font-weight: 600; }
"""


def print_book(html: Path, pdf: Path, browser: Browser) -> None:
    """Print the built book in the folder ``html`` into the file ``pdf``."""
    page = browser.new_page(color_scheme="light")
    page.goto((html / "index.html").resolve().as_uri())
    page.wait_for_selector(".bd-docs-nav")
    landing, parts = page.url, page.evaluate(CONTENTS)
    title = page.locator(".logo__title").inner_text()
    cover = _cover(page, title)

    articles, rules, contents = [], [], ""
    for caption, chapters in parts:
        contents += f"<p>{caption}</p><ul>"
        for address, name in chapters:
            contents += f'<li><a href="#{Path(address).stem}">{name}</a></li>'
            _open(page, address)
            article = page.evaluate(ARTICLE)
            articles.append(article["html"])
            rules += article["rules"]
        contents += "</ul>"
    listing = f'<div class="listing"><h1>Contents</h1>{contents}</div>'

    _open(page, landing)
    book = "".join([cover, listing, *articles])
    style = "\n".join([*dict.fromkeys(rules), STYLE])
    headings = page.evaluate(BOOK, {"book": book, "style": style})
    page.evaluate("document.fonts.ready")
    printed = page.pdf(
        prefer_css_page_size=True,
        print_background=True,
        outline=True,
        tagged=True,
    )
    page.close()
    _tidy(printed, title, headings, pdf)


def _tidy(printed: bytes, title: str, headings: list[str], pdf: Path) -> None:
    """Write the PDF with its title, and with bookmarks that read well.

    Chromium makes a bookmark of each heading, but repeats the line of a
    heading that stands at the top of a page.
    """
    writer = PdfWriter(clone_from=BytesIO(printed))
    bookmarks = _below(writer.root_object["/Outlines"])
    for bookmark, heading in zip(bookmarks, headings, strict=True):
        bookmark[NameObject("/Title")] = TextStringObject(heading)
    writer.add_metadata({"/Title": title})
    writer.write(pdf)


def _below(bookmark: DictionaryObject) -> Iterator[DictionaryObject]:
    """Yield all bookmarks below one."""
    below = bookmark.get("/First")
    while below is not None:
        below = below.get_object()
        yield below
        yield from _below(below)
        below = below.get("/Next")


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_function("!window.MathJax || MathJax.startup.promise")
    page.evaluate("window.MathJax ? MathJax.startup.promise : null")


def _cover(page: Page, title: str) -> str:
    """Return the title page, made of what every page says of the book."""
    logo = page.locator(".logo__image").first.get_attribute("src")
    lines = page.locator(".bd-footer-content").inner_text().splitlines()
    about = "".join(f"<p>{line}</p>" for line in lines if line.strip())
    return (
        f'<div class="cover"><img src="{logo}" alt=""/>'
        f"<h1>{title}</h1>{about}</div>"
    )


def main() -> None:
    """Print the book that `jupyter-book build .` has built."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("html", nargs="?", type=Path, default=BUILT / "html")
    parser.add_argument("pdf", nargs="?", type=Path, default=BUILT / "book.pdf")
    asked = parser.parse_args()
    if not (asked.html / "index.html").exists():
        parser.error(f"no built book in {asked.html}: jupyter-book build .")
    found = find_browser()
    if found is None:
        parser.error(looked_for())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-gpu"],
        )
        print_book(asked.html, asked.pdf, browser)
        browser.close()
    print(asked.pdf)


if __name__ == "__main__":
    main()
