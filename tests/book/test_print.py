"""On paper: everything open, nothing cut off, each figure with its caption; and the whole book as one PDF."""

import re
import subprocess
import sys
import unicodedata
from html import unescape
from pathlib import Path

import pytest
from notebooks import NAMES as NOTEBOOKS
from notebooks import PAGES
from pypdf import PdfReader
from sphinx_external_toc.parsing import parse_toc_yaml

ROOT = Path(__file__).parents[2]
SHEET = 657  # the width that A4 leaves for text, in pixels


@pytest.mark.parametrize("name", PAGES)
def test_a_printed_page_is_light_and_open_and_fits_on_paper(open_page, name):
    page = open_page(name, SHEET, theme="dark", reduced_motion="reduce")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.evaluate(HIDDEN) == []
    assert page.evaluate(SHOWN) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SHEET
    assert page.evaluate(CUT_OFF) == []
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


# Text that would stay folded on paper.
HIDDEN = """[...document.querySelectorAll('article details p, article .toggle p')]
  .filter((e) => !e.closest('summary') && !e.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .map((e) => e.textContent)"""

# Controls and ways about that paper has no use for.
SHOWN = """[...document.querySelectorAll(
  `[data-control], .bd-sidebar, .bd-header, .bd-header-article, .prev-next-footer, .copybtn,
  .toggle-button, .sc-tools`)]
  .filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 200))"""

# Code and formulas that would need scrolling.
CUT_OFF = """[...document.querySelectorAll('article pre, article mjx-container, article table')]
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible')
  .map((e) => e.textContent.slice(0, 200))"""


@pytest.fixture(scope="module")
def pdf(built_book, browser, tmp_path_factory):
    """Print the built book as the README does."""
    path = tmp_path_factory.mktemp("pdf") / "book.pdf"
    command = [sys.executable, ROOT / "chapters" / "_ext" / "pdf.py", built_book, path]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    return PdfReader(path)


def heading(built_book, name):
    """Return a page's heading as it stands in the built page."""
    found = re.search(r"<h1>(.*?)<a class=\"headerlink\"", (built_book / f"{name}.html").read_text())
    return unescape(re.sub("<.*?>", "", found[1]))


def test_the_pdf_has_a_bookmark_for_every_page_of_the_book_in_order(pdf, built_book):
    pages = list(parse_toc_yaml(ROOT / "_toc.yml"))
    expected = [heading(built_book, name) for name in pages]
    bookmarks = [bookmark for bookmark in pdf.outline if not isinstance(bookmark, list)]
    assert [bookmark.title for bookmark in bookmarks] == [pdf.metadata.title, "Contents", *expected]
    starts = [pdf.get_destination_page_number(bookmark) for bookmark in bookmarks]
    assert starts == sorted(set(starts))
    assert 5 * len(pages) < len(pdf.pages) < 25 * len(pages)


def test_the_pdf_shows_each_explorable_with_what_its_controls_stand_at_and_its_sentence(pdf, built_book):
    text = plain("".join(page.extract_text() for page in pdf.pages))
    for name in NOTEBOOKS:
        html = (built_book / "chapters" / f"{name}.html").read_text()
        explorables = re.findall(r'<div class="sc-controls">(.*?)</div><p class="sc-sentence".*?>(.*?)</p>', html)
        assert explorables
        for controls, sentence in explorables:
            values = re.findall(r"<span>(.*?)</span><output.*?>(.*?)</output>", controls)
            caption = "; ".join(f"{label} = {value}" for label, value in values)
            assert plain(unescape(caption)) in text, caption
            assert plain(unescape(sentence)) in text, sentence


def plain(text):
    """Return a text's letters and digits; the rest each PDF reader puts together in its own way."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if letter.isalnum() or letter in "=,;")


def test_the_pdf_brings_its_fonts_and_leads_to_no_file(pdf):
    for page in pdf.pages:
        fonts = page["/Resources"].get("/Font", {})
        assert fonts
        assert all(is_embedded(font.get_object()) for font in fonts.values())
        for annotation in page.get("/Annots", []):
            address = annotation.get_object().get("/A", {}).get("/URI", "")
            assert not address.startswith("file:"), address


def is_embedded(font):
    """Whether a font's shapes are in the file; those of a Type 3 font are drawn in it."""
    inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    return font["/Subtype"] == "/Type3" or any(f"/FontFile{kind}" in inner["/FontDescriptor"] for kind in ("", 2, 3))
