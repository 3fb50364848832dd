"""An exercise that comes with others: one is shown, the next comes by a button, and is told to who does not see it."""

import json
import re

import pytest
from accessibility import violations

import socialcoop as sc

PAGE = (
    '<!doctype html><html lang="en" data-theme="{}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>Exercise</title><body><main><h1>Exercise</h1>{}'
    "<p>What follows.</p></main></body></html>"
)
# Themes colour the page, and leave dark words on the light card that they make of an output.
BOOK = """[data-theme=dark] { background: #121212; } [data-theme=dark] main { color: #222; }
[data-theme=dark] :is(h1, main > p) { color: #eee; }"""
MAKERS = {name: sc.teach.items.ITEMS[name] for name in ("imitator_probability", "which_pone", "hedge_probability")}
SEEDS = range(4)


@pytest.fixture(params=MAKERS)
def made(request):
    """Return the items of a name, and what shows them."""
    make = MAKERS[request.param]
    return [make(seed) for seed in SEEDS], sc.teach.another(make, SEEDS)


@pytest.fixture
def opened(open_tab, tmp_path):
    """Return a function that opens a page with an element."""

    def open_it(shown, width=1280, theme="light", **settings):
        file = tmp_path / "another.html"
        file.write_text(PAGE.format(theme, shown.html()), encoding="utf-8")
        page = open_tab(width, color_scheme=theme, **settings)
        page.goto(file.as_uri())
        return page

    return open_it


def shown_in(page):
    """Return the only form that is seen."""
    (form,) = [form for form in page.locator("form.sc-ask").all() if form.is_visible()]
    return form


def words(item):
    """Return the text of an item, and that of its table."""
    return " ".join([item.text, *(cell for row in item.table for cell in row)]).split()


@pytest.mark.parametrize("way", ["mouse", "touch", "keyboard"])
def test_each_press_brings_the_next_item_and_at_the_end_the_first(opened, made, way):
    items, shown = made
    page = opened(shown, 390, has_touch=True) if way == "touch" else opened(shown)
    button = page.get_by_role("button", name="Another one")
    for place in [*SEEDS, 0, 1]:
        form = shown_in(page)
        assert form.locator("legend").text_content() == items[place].text
        cells = form.locator("tr > *").all_text_contents()
        assert cells == [cell for row in items[place].table for cell in row]
        assert page.locator(".sc-next output > span").first.text_content() == f"{place + 1} of {len(SEEDS)}"
        if way == "keyboard":
            button.focus()
            page.keyboard.press("Enter" if place % 2 else "Space")
            assert page.evaluate("document.activeElement.textContent") == "Another one"
        else:
            button.tap() if way == "touch" else button.click()
    assert page.troubles == []


def test_the_new_question_is_told_whole_with_its_table(opened, made):
    items, shown = made
    page = opened(shown)
    told = page.get_by_role("status").last
    assert told.text_content() == f"1 of {len(SEEDS)}"  # it was read above, and is not told again
    for item in items[1:]:
        page.get_by_role("button", name="Another one").click()
        said = told.text_content().split(": ", 1)[1]
        assert re.sub(r"[;] ?", " ", said).split() == words(item)


def answer(form, given):
    page = form.page
    data = json.loads(form.locator(".sc-replies").text_content())
    if "choices" in data:
        form.locator("input").nth(given).focus()
        page.keyboard.press("Space")
    else:
        form.locator("input").fill("")
        form.locator("input").focus()
        page.keyboard.type(str(given))
    page.keyboard.press("Enter")
    return form.locator(".sc-reply").text_content()


def test_every_item_answers_back_as_the_item_judges(opened, made):
    items, shown = made
    page = opened(shown)
    for item in items:
        form = shown_in(page)
        for place, given in enumerate(item.choices or [item.right, *item.traps]):
            verdict = item.judge(given)
            reply = answer(form, place if item.choices else given)
            assert reply == f"{'Right.' if verdict.correct else 'Not so.'} {verdict.why}"
        page.get_by_role("button", name="Another one").click()
    assert page.troubles == []


def test_without_script_the_first_can_be_read_with_its_answer(opened, made):
    items, shown = made
    page = opened(shown, java_script_enabled=False)
    form = shown_in(page)
    assert form.locator("legend").text_content() == items[0].text
    form.locator("summary").click()
    assert form.locator("details p").first.inner_text().endswith(items[0].why)
    assert not page.get_by_role("button", name="Another one").is_visible()


def test_on_paper_there_is_no_button(opened, made):
    _, shown = made
    page = opened(shown)
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Another one").is_visible()
    shown_in(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_it_fits_and_axe_finds_nothing_to_mend(opened, made, width, theme):
    _, shown = made
    page = opened(shown, width, theme)
    page.add_style_tag(content=BOOK)
    page.get_by_role("button", name="Another one").click()
    answer(shown_in(page), 0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_the_same_bytes_twice():
    make = MAKERS["which_pone"]
    assert sc.teach.another(make, SEEDS).html() == sc.teach.another(make, SEEDS).html()
