"""The whole book as one PDF: each page with its bookmark, each figure with its caption, and its fonts."""

import re
import subprocess
import sys
import unicodedata
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from notebooks import NAMES as NOTEBOOKS
from paper import seen_in, texts_of
from pypdf import PdfReader
from sphinx_external_toc.parsing import parse_toc_yaml

ROOT = Path(__file__).parents[2]
PACKAGE = "chapters/api"
PAGES = [page for page in parse_toc_yaml(ROOT / "_toc.yml") if page != PACKAGE]


@pytest.fixture(scope="module")
def printed(built_book, browser, tmp_path_factory):
    """Print the built book as the README does."""
    path = tmp_path_factory.mktemp("pdf") / "book.pdf"
    command = [sys.executable, ROOT / "chapters" / "_ext" / "pdf.py", built_book, path]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    return path


@pytest.fixture(scope="module")
def pdf(printed):
    """Return what the PDF is made of: its sheets, bookmarks, links and fonts."""
    return PdfReader(printed)


@pytest.fixture(scope="module")
def texts(printed):
    """Return what each sheet says, in letters and digits."""
    return [plain(text) for text in texts_of(printed)]


def heading(built_book, name):
    """Return a page's heading as it stands in the built page."""
    found = re.search(r"<h1>(.*?)<a class=\"headerlink\"", (built_book / f"{name}.html").read_text(encoding="utf-8"))
    return unescape(re.sub("<.*?>", "", found[1]))


def bookmarks_of(pdf):
    """Return the bookmarks of whole pages of the book: title and number of the first sheet."""
    found = [bookmark for bookmark in pdf.outline if not isinstance(bookmark, list)]
    return [(bookmark.title, pdf.get_destination_page_number(bookmark)) for bookmark in found]


def test_the_pdf_has_a_bookmark_for_every_page_of_the_book_in_order(pdf, built_book):
    expected = [heading(built_book, name) for name in PAGES]
    titles, starts = zip(*bookmarks_of(pdf), strict=True)
    assert list(titles) == [pdf.metadata.title, "Contents", *expected]
    assert list(starts) == sorted(set(starts))
    assert 2 * len(PAGES) < len(pdf.pages) < 220


def test_the_contents_say_on_which_page_a_chapter_begins_and_lead_there(pdf, built_book):
    (_, first), *chapters = bookmarks_of(pdf)[1:]
    contents = pdf.pages[first : chapters[0][1]]
    text = "\n".join(page.extract_text() for page in contents)
    starts = [start for _, start in chapters]
    assert [int(line) - 1 for line in text.splitlines() if line.isdigit()][-len(PAGES) :] == starts
    links = [link.get_object() for page in contents for link in page["/Annots"]]
    leads = [pdf.named_destinations[link["/Dest"]] for link in links]
    assert [pdf.get_destination_page_number(place) for place in leads] == starts


def test_the_contents_are_seen_with_titles_and_numbers(printed, pdf):
    (_, first), (_, second), *_ = bookmarks_of(pdf)[1:]
    assert second == first + 1
    dark = seen_in(printed, first) > 0.5
    left, right = dark[:, : dark.shape[1] // 2], dark[:, dark.shape[1] * 9 // 10 :]
    numbered = lines_of(right)
    assert len(numbered) == len(PAGES)
    assert all(left[top:end].sum() > 100 for top, end in numbered)


def lines_of(dark):
    """Return where lines of print begin and end, (top, end)."""
    edges = np.flatnonzero(np.diff(dark.any(axis=1).astype(int), prepend=0, append=0))
    return edges.reshape(-1, 2).tolist()


def test_a_page_says_at_its_head_of_which_chapter_it_is(pdf, texts):
    bookmarks = bookmarks_of(pdf)[2:]
    for (title, start), end in zip(bookmarks, [*(start for _, start in bookmarks[1:]), len(pdf.pages)], strict=True):
        head = plain(f"{pdf.metadata.title}{title}")
        assert [sheet for sheet in range(start, end) if head not in texts[sheet]] == []


SMALL = """<!doctype html><html lang="en"><title>Small</title><nav class="bd-docs-nav"><p class="caption">Parts</p>
<ul class="bd-sidenav"><li><a href="index.html">First</a></li><li><a href="api.html">Package</a></li></ul></nav>
<p class="logo__title">Small</p><img class="logo__image" src="data:," alt=""><div class="bd-footer-content">By us</div>
<article class="bd-article"><h1>{}</h1><p>See <a href="api.html">the package</a>.</p></article></html>"""


@pytest.mark.parametrize(("asked", "expected"), [([], ["First"]), (["--package"], ["First", "Package"])])
def test_the_reference_of_the_package_is_printed_when_asked_for(asked, expected, tmp_path):
    for name, heading in (("index", "First"), ("api", "Package")):
        (tmp_path / f"{name}.html").write_text(SMALL.format(heading), encoding="utf-8")
    command = [sys.executable, ROOT / "chapters" / "_ext" / "pdf.py", *asked, tmp_path, tmp_path / "small.pdf"]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    small = PdfReader(tmp_path / "small.pdf")
    assert [title for title, _ in bookmarks_of(small)] == ["Small", "Contents", *expected]
    links = [link.get_object() for link in small.pages[2].get("/Annots", [])]
    assert len(links) == len(asked)


def test_the_pdf_shows_each_explorable_with_what_its_controls_stand_at_and_its_sentence(pdf, texts, built_book):
    starts = [start for _, start in bookmarks_of(pdf)[2:]]
    for page, start, end in zip(PAGES, starts, [*starts[1:], len(pdf.pages)], strict=True):
        html = (built_book / f"{page}.html").read_text(encoding="utf-8")
        explorables = re.findall(r'<div class="sc-controls".*?>(.*?)</div><p class="sc-sentence".*?>(.*?)</p>', html)
        assert bool(explorables) == (Path(page).name in NOTEBOOKS)
        text = "".join(texts[start:end])
        for controls, sentence in explorables:
            values = re.findall(r"<span>(.*?)</span>.*?<output.*?>(.*?)</output>", controls)
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
