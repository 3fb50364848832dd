"""Questions in the built pages: answered rightly, wrongly and not at all, by keyboard; what follows them waits."""

import json

import pytest
from accessibility import THIN_OUT, violations
from notebooks import NAMES, cells_of

ASKING = [name for name in NAMES if any("sc.book.ask" in cell["source"] for cell in cells_of(name))]
FORMS = "form.sc-ask:not([hidden])"  # of several of a kind, the one that is shown


@pytest.fixture(params=ASKING)
def asking(open_page, request):
    """Open each page that asks, as a reader finds it."""
    return open_page(request.param, waits=True)


def data_of(form):
    return json.loads(form.locator(".sc-replies").text_content())


def answer(form, given):
    """Give an answer by keyboard alone: the place of a choice, or a text; nothing for None. Return the reply."""
    page, fields = form.page, form.locator("input")
    fields.first.focus()
    if isinstance(given, str):
        fields.first.fill("")
        page.keyboard.type(given)
    elif given is not None:
        page.keyboard.press("Space")
        for _ in range(given):
            page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    return form.locator("output").text_content()


def waits(page):
    return page.locator(".sc-waiting").count()


def test_nothing_given_is_asked_for_and_opens_nothing(asking):
    before = waits(asking)
    assert before > 0
    forms = [form for form in asking.locator(FORMS).all() if form.is_visible()]
    assert forms
    for form in forms:
        assert answer(form, None) == data_of(form)["empty"]
        if "choices" not in data_of(form):
            for text in ("about three", "1/0", "--1", "1,2,3"):
                assert answer(form, text) == data_of(form)["empty"]
    assert waits(asking) == before
    assert asking.troubles == []


def test_the_right_answer_is_called_right_and_says_why(asking):
    for form in asking.locator(FORMS).all():
        data = data_of(form)
        if "choices" in data:
            assert answer(form, data["right"]) == f"Right. {data['choices'][data['right']]}"
        else:
            for text in (
                f"{data['right']:.6f}",
                f"{data['right']:.6f}".replace(".", ","),
                f"{100 * data['right']:.6f} %",
            ):
                assert answer(form, text) == f"Right. {data['why']}"
        assert form.locator(".sc-right").count() == 1
    assert waits(asking) == 0
    assert asking.troubles == []


def test_each_wrong_answer_learns_why(asking):
    for form in asking.locator(FORMS).all():
        data = data_of(form)
        if "choices" in data:
            wrong = {place: why for place, why in enumerate(data["choices"]) if place != data["right"]}
        else:
            wrong = {repr(trap): why for trap, why in data["traps"]}
            assert answer(form, str(data["right"] + 1e6)).startswith("Not so. ")
        for given, why in wrong.items():
            assert answer(form, given) == f"Not so. {why}"
            assert form.locator(".sc-right").count() == 0
    assert waits(asking) == 0


def test_a_wrong_answer_is_shown_what_happens_too_and_so_is_whoever_asks(asking):
    buttons = asking.locator(".sc-show")
    assert buttons.count() > 0
    while buttons.count():  # the first is never in a part that waits
        assert not [part for part in asking.locator(".sc-waiting > *").all() if part.is_visible()]
        before = buttons.count()
        buttons.first.press("Enter")
        assert buttons.count() == before - 1
    assert waits(asking) == 0


@pytest.mark.parametrize("name", ASKING)
def test_without_scripts_and_on_paper_nothing_waits_and_every_answer_can_be_read(open_page, built_book, browser, name):
    page = open_page(name, waits=True)
    page.emulate_media(media="print")
    parts = page.locator(".sc-waiting")
    assert parts.count() > 0
    shown = "e => [...e.children].every((child) => child.matches('.sc-show') || child.checkVisibility())"
    assert all(part.evaluate(shown) for part in parts.all())
    assert page.locator(".sc-show:visible, .sc-ask button:visible").count() == 0
    assert all(answer.is_visible() for answer in page.locator(f"{FORMS} details p").all())
    context = browser.new_context(java_script_enabled=False, offline=True)
    plain = context.new_page()
    plain.goto((built_book / "chapters" / f"{name}.html").as_uri())
    assert plain.locator(".sc-waiting, .sc-show, .sc-ask button:visible").count() == 0
    for form in plain.locator(FORMS).all():
        form.locator("summary").click()
        assert form.locator("details p").count() >= 2
        assert all(part.is_visible() for part in form.locator("details p").all())
    context.close()


def test_a_question_about_what_waits_waits_too(open_page):
    page = open_page("consistency", waits=True)
    first, second = page.locator(FORMS).all()[:2]
    assert first.is_visible()
    assert not second.is_visible()
    answer(first, "1")
    assert second.is_visible()
    assert page.locator("#def-regret").is_visible()


def test_a_link_into_what_waits_shows_it(open_page):
    page = open_page("intro", waits=True)
    assert page.locator("#fig-phase-curve:visible").count() == 0
    page.evaluate("location.hash = '#fig-phase-curve'")
    page.wait_for_function("document.querySelector('#fig-phase-curve').checkVisibility()")


def test_what_the_browsers_own_search_finds_in_what_waits_is_shown(open_page):
    page = open_page("consistency", waits=True)
    hidden = page.locator("#def-regret")
    assert not hidden.is_visible()
    page.evaluate("""() => { // as the search does it, which no script may start
      const part = document.querySelector('#def-regret').closest('.sc-waiting');
      part.dispatchEvent(new Event('beforematch'));
    }""")
    assert hidden.is_visible()
    assert page.locator("[hidden='until-found']").count() == waits(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_mend_when_questions_are_answered_or_wait(open_page, theme):
    page = open_page(ASKING[0], theme=theme, waits=True)
    page.evaluate(THIN_OUT)
    assert violations(page) == []
    for form in page.locator(FORMS).all():
        answer(form, 0 if "choices" in data_of(form) else "0")
    assert violations(page) == []
