"""Words of the glossary say what they mean where a chapter first uses them: pointed at, by keyboard, by touch."""

import re

import pytest
from accessibility import violations_in_both_themes
from bs4 import BeautifulSoup
from notebooks import NAMES


def soup(built_book, name):
    return BeautifulSoup((built_book / "chapters" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def glossary(built_book):
    """Return the words and meanings of the glossary, by their links."""
    words = soup(built_book, "notation").select("dl.glossary dt")
    return {f"notation.html#{word['id']}": (word.find(string=True), word.find_next_sibling("dd")) for word in words}


def shown(page):
    return page.locator(".sc-tip:visible").all_text_contents()


@pytest.mark.parametrize("name", NAMES)
def test_a_tip_says_what_the_glossary_says_and_leads_there(built_book, glossary, name):
    terms = soup(built_book, name).select(".sc-term")
    links = [term.a["href"] for term in terms]
    assert links
    assert len(set(links)) == len(links)  # once in a chapter
    for link, term in zip(links, terms, strict=True):
        word, meaning = glossary[link]
        assert re.fullmatch(rf"{word}s?", term.a.text, re.IGNORECASE)
        tip = term.select_one(".sc-tip")
        assert term.a["aria-describedby"] == tip["id"]
        said = tip.text.removeprefix(f"{word}. ")
        assert said != ""
        assert meaning.text.strip().replace("\n", " ").startswith(said)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_tip_shows_while_its_word_is_pointed_at_or_has_the_focus_until_escape(open_page, width):
    page = open_page("people", width, formulas=False)
    for term in page.locator(".sc-term").all():
        word, tip = term.locator("a"), term.locator(".sc-tip")
        word.hover()
        box = tip.bounding_box()
        assert 0 <= box["x"] < box["x"] + box["width"] <= width
        tip.hover()  # it stays, to be read or copied
        assert tip.is_visible()
        page.keyboard.press("Escape")
        assert shown(page) == []
        page.mouse.move(0, 0)
        word.focus()
        assert shown(page) == [tip.text_content()]
        page.keyboard.press("Escape")
        assert shown(page) == []
        word.blur()


def test_a_finger_asks_for_the_meaning_first_and_follows_the_link_then(open_page):
    page = open_page("people", 390, formulas=False, has_touch=True)
    word = page.locator(".sc-term > a").first
    word.tap()
    assert len(shown(page)) == 1
    assert page.url.endswith("people.html")
    word.tap()
    page.wait_for_url("**/notation.html#term-*")


def test_axe_finds_nothing_to_mend_in_a_tip(open_page):
    page = open_page("people", formulas=False)
    page.locator(".sc-term > a").first.focus()
    assert len(shown(page)) == 1
    assert violations_in_both_themes(page) == []
    assert len(shown(page)) == 1
