"""Print the built book into one PDF: `python chapters/_ext/pdf.py`.

The pages are opened one after the other in a browser, which sets their
formulas, and their articles are put behind each other into one document. So
page numbers run on, and links from chapter to chapter work on paper too. The
reference of the package, which is long, comes along when asked for.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from browsers import find_browser, looked_for
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

BUILT = Path(__file__).parents[2] / "_build"
PACKAGE = "api"

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
  const article = document.querySelector("article").cloneNode(true);
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
  const styles = document.querySelectorAll("link[rel=stylesheet]");
  return {
    html: article.outerHTML,
    rules: [...(sheet?.cssRules ?? [])].map((rule) => rule.cssText),
    styles: [...styles].map((link) => link.href),
    heading: article.querySelector("h1").textContent.trim(),
  };
}"""

# The landing page's head and the styles of all pages, around all articles, with
# all fonts and images; returns what their headings say. A link to a page that
# is left out is text.
BOOK = """async ({ book, style, styles }) => {
  document.documentElement.dataset.theme = "light";
  const known = [...document.querySelectorAll("link[rel=stylesheet]")];
  const missing = new Set(styles).difference(new Set(known.map((e) => e.href)));
  await Promise.all([...missing].map((address) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    document.head.append(link);
    return new Promise((loaded) => { link.onload = loaded; });
  }));
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  document.body.innerHTML = `<main class="bd-main"><div class="bd-content">
    <div class="bd-article-container">${book}</div></div></main>`;
  for (const link of document.querySelectorAll("a[href^='#']")) {
    const name = link.getAttribute("href").slice(1);
    if (!document.getElementById(name)) link.removeAttribute("href");
  }
  const fonts = [...document.fonts].map((font) => font.load());
  const images = [...document.images].map((image) => image.decode());
  await Promise.allSettled([...fonts, ...images]);
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  return headings.map((heading) => heading.textContent.trim());
}"""

# The numbers of the pages in their places, and nothing else.
NUMBERS = """(numbers) => {
  document.querySelectorAll("article").forEach((e) => e.remove());
  const places = document.querySelectorAll(".listing span");
  places.forEach((place, i) => { place.textContent = numbers[i]; });
  const sheet = document.createElement("style");
  sheet.textContent = `@page { @top-left { content: none; }
    @top-right { content: none; } @bottom-center { content: none; } }
    * { background: none !important; } /* it would cover what is below */
    body * { visibility: hidden; } .listing span { visibility: visible; }`;
  document.head.append(sheet);
}"""

STYLE = """
@media screen { body { display: none; } } /* nothing to lay out but paper */
* { animation: none !important; }
@page { size: A4; margin: 14mm 13mm;
        @bottom-center { content: counter(page); font: 8pt sans-serif; }
        @top-left { content: "TITLE"; font: 8pt sans-serif; } }
@page :first { @top-left { content: none; }
               @bottom-center { content: none; } }
html { font-size: 11.4px;
       --pst-font-family-base: "Liberation Serif", "Times New Roman", Times,
         serif;
       --pst-font-family-heading: var(--pst-font-family-base); }
body, .bd-article { line-height: 1.22; }
.bd-content { display: block !important; }
.bd-main .bd-content .bd-article-container p { margin-bottom: .3rem; }
.bd-article section > .admonition, .bd-article .admonition { margin: .4rem 0; }
.bd-article :is(p, li, dd) { hyphens: auto; }
pre { padding: .2rem .5rem !important; font-size: .75rem; line-height: 1.3; }
.cell, .cell_output, div.highlight { margin: .2rem 0 !important; }
.cell_output, .highlight { break-inside: auto !important; }
td, th { padding: .1rem .5rem !important; font-size: .9rem; }
dl.myst dd p, dl.myst dd, td p { margin: 0 !important; }
mjx-container { font-size: 105% !important; }
mjx-container[display="true"] { margin: .3em 0 !important; }
.sc-picture { max-width: 23.5rem; margin: .3rem auto; }
.cell:has(.sc-another), p:has(+ .cell .sc-another) { display: none; }
.sc-svg { font-family: "DejaVu Sans", Verdana, Arial, sans-serif; }
.sc-talk { max-height: 20rem !important; overflow: hidden !important;
           mask-image: linear-gradient(black 75%, transparent); }
.sc-ask { max-width: none; margin: .4rem 0; padding: .2rem .75rem; }
.sc-ask label { display: inline-block; min-height: 0; margin-right: 2rem; }
.sc-ask :is(input, summary), .sc-ask label:has([type="text"]) { display: none; }
.sc-ask details p:nth-of-type(n + 2) { display: none; } /* replies */
.sc-ask details p, .sc-ask legend { margin: 0; }
article { break-before: page; padding: 0 !important; }
.bd-main .bd-content .bd-article h1:first-of-type,
.bd-main .bd-content h1 { display: block; font-size: 1.8em; margin-top: 0; }
.bd-main .bd-content :is(h2, h3, h4) { margin: .8em 0 .25em; }
.bd-main .bd-content h2 { font-size: 1.45em; }
.bd-main .bd-content :is(h3, h4) { font-size: 1.15em; }
.cover { padding-top: 25vh; text-align: center; break-after: page; }
.cover img { height: 8rem; }
.bd-main .bd-content .cover h1 { font-size: 3.2em; }
.listing ul { list-style: none; padding: 0; }
.listing li { display: flex; justify-content: space-between; }
.listing p { margin: 1rem 0 .25rem; font-weight: 600; }
"""


def print_book(
    html: Path, pdf: Path, browser: Browser, *, package: bool = False
) -> None:
    """Print the built book in the folder ``html`` into the file ``pdf``."""
    page = browser.new_page(color_scheme="light")
    page.goto((html / "index.html").resolve().as_uri())
    page.wait_for_selector(".bd-docs-nav")
    landing, parts = page.url, page.evaluate(CONTENTS)
    title = page.locator(".logo__title").inner_text()
    cover = _cover(page, title)

    articles, contents, heads = [], "", ""
    for caption, chapters in parts:
        contents += f"<p>{caption}</p><ul>"
        for address, name in chapters:
            stem = Path(address).stem
            if stem == PACKAGE and not package:
                continue
            link = f'<a href="#{stem}">{name}</a><span></span>'
            contents += f"<li>{link}</li>"
            _open(page, address)
            articles.append(page.evaluate(ARTICLE))
            heads += _running_head(stem, articles[-1]["heading"])
        contents += "</ul>"
    listing = f'<div class="listing"><h1>Contents</h1>{contents}</div>'

    rules = dict.fromkeys(rule for it in articles for rule in it["rules"])
    book = {
        "book": "".join([cover, listing, *(it["html"] for it in articles)]),
        "style": "\n".join([*rules, STYLE.replace("TITLE", title), heads]),
        "styles": [address for it in articles for address in it["styles"]],
    }
    page.close()
    paper = browser.new_page(color_scheme="light")
    # scripts of a page would watch all pages at once, which takes long
    paper.route("**/*.js*", lambda script: script.abort())
    paper.goto(landing)
    headings = paper.evaluate(BOOK, book)
    writer = PdfWriter(BytesIO(_printed(paper)), incremental=True)
    _name_bookmarks(writer, headings)
    _number_contents(writer, paper)
    paper.close()
    writer.add_metadata({"/Title": title})
    writer.write(pdf)


def _running_head(name: str, heading: str) -> str:
    """Return the style that has a chapter's heading on each of its pages."""
    told = heading.removesuffix("#").replace("\\", "").replace('"', r"\"")
    return (
        f"#{name} {{ page: {name}; }} @page {name} {{ @top-right "
        f'{{ content: "{told}"; font: 8pt sans-serif; }} }}\n'
    )


def _printed(page: Page) -> bytes:
    """Return the page as a PDF with its bookmarks and its structure."""
    return page.pdf(
        prefer_css_page_size=True,
        print_background=True,
        outline=True,
        tagged=True,
    )


def _name_bookmarks(writer: PdfWriter, headings: list[str]) -> None:
    """Let bookmarks read well.

    Chromium makes a bookmark of each heading, but repeats the line of a
    heading that stands at the top of a page.
    """
    bookmarks = _below(writer.root_object["/Outlines"])
    for bookmark, heading in zip(bookmarks, headings, strict=True):
        bookmark[NameObject("/Title")] = TextStringObject(heading)


def _number_contents(writer: PdfWriter, page: Page) -> None:
    """Write into the contents on which page each chapter begins.

    They are printed once more, with the numbers alone, and laid over the
    first: browsers do not know where a link will lead on paper.
    """
    starts = [
        writer.get_destination_page_number(bookmark)
        for bookmark in writer.outline
        if not isinstance(bookmark, list)
    ]
    page.evaluate(NUMBERS, [start + 1 for start in starts[2:]])
    numbers = PdfReader(BytesIO(_printed(page)))
    for place in range(starts[1], starts[2]):
        writer.pages[place].merge_page(numbers.pages[place])


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
    parser.add_argument(
        "--package",
        action="store_true",
        help="with the reference of the package, which is long",
    )
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
        print_book(asked.html, asked.pdf, browser, package=asked.package)
        browser.close()
    print(asked.pdf)


if __name__ == "__main__":
    main()
