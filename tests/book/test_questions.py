"""Questions in the built pages: answered rightly, wrongly and not at all, by keyboard; what follows them waits."""

import pytest
from accessibility import violations_in_both_themes
from notebooks import NAMES, cells_of

import socialcoop as sc

ASKING = [name for name in NAMES if any("sc.book.ask" in cell["source"] for cell in cells_of(name))]
FORMS = "form.sc-ask:not([hidden])"  # of several of a kind, the one that is shown
DATA = "(forms) => forms.map((form) => JSON.parse(form.querySelector('.sc-replies').textContent))"
SHOWN = "(e) => e.checkVisibility() && e.getClientRects().length > 0"


@pytest.fixture(scope="module", params=ASKING)
def untouched(turn_to, request):
    """Open each page that asks once, for a test that leaves it as it was and one that answers."""
    return turn_to(request.param, formulas=False)


@pytest.fixture(params=ASKING)
def asking(open_page, request):
    """Open each page that asks, as a reader finds it."""
    return open_page(request.param, waits=True, formulas=False)


def data_of(page):
    """Return what each form says, in the order of the page."""
    return page.locator(FORMS).evaluate_all(DATA)


# Gives each form its answers in turn, with the events that the keys bring about: the place of a choice, or a text;
# nothing for null. Returns for each form and answer the reply, and how often it is marked as right.
GIVE = """(forms, given) => forms.map((form, which) => given[which].map((answer) => {
  const fields = form.querySelectorAll('input');
  const field = fields[Number.isInteger(answer) ? answer : 0];
  field.focus();
  if (document.activeElement !== field) return ['out of reach'];
  if (field.type === 'radio' && answer !== null) field.click();
  if (field.type === 'text') {
    field.value = answer ?? '';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  form.querySelector('[type=submit]').click(); // as Enter does
  return [form.querySelector('output').textContent, form.querySelectorAll('.sc-right').length];
}))"""


def replies(page, given):
    return page.locator(FORMS).evaluate_all(GIVE, given)


def answer(page, which, given):
    """Give a form an answer by keyboard alone: the place of a choice, or a text."""
    page.evaluate(f"(which) => document.querySelectorAll('{FORMS}')[which].querySelector('input').focus()", which)
    if isinstance(given, str):
        press(page, "ControlOrMeta+a")  # in place of what may stand there
        page.keyboard.type(given)
    else:
        press(page, "Space", *["ArrowDown"] * given)
    press(page, "Enter")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def waits(page):
    return page.evaluate("document.querySelectorAll('.sc-waiting').length")


def test_nothing_given_is_asked_for_and_opens_nothing(untouched):
    before = waits(untouched)
    assert before > 0
    seen = untouched.locator(FORMS).evaluate_all(f"(forms) => forms.map({SHOWN})")
    assert any(seen)
    given, expected = [], []
    for data, shown in zip(data_of(untouched), seen, strict=True):
        texts = [] if "choices" in data else ["about three", "1/0", "--1", "1,2,3"]
        given.append([None, *texts] if shown else [])
        expected.append([[data["empty"], 0]] * len(given[-1]))
    assert replies(untouched, given) == expected
    assert waits(untouched) == before
    assert untouched.troubles == []


def test_by_keyboard_the_right_answer_is_called_right_and_says_why_and_then_no_other_choice_is(untouched):
    asked, right, wrong = data_of(untouched), [], []
    untouched.evaluate(LISTEN)
    for which, data in enumerate(asked):
        answer(untouched, which, data["right"] if "choices" in data else f"{data['right']:.6f}")
        right.append([f"Right. {data['choices'][data['right']] if 'choices' in data else data['why']}", 1])
    assert waits(untouched) == 0
    for which, data in enumerate(asked):
        for place, why in enumerate(data.get("choices", [])):
            if place == 0:
                answer(untouched, which, 0)
            else:
                press(untouched, "ArrowDown", "Enter")
            wrong.append(right[which] if place == data["right"] else [f"Not so. {why}", 0])
    assert untouched.evaluate("window.replies") == right + wrong
    numbers = [[] if "choices" in data else spellings(data["right"]) for data in asked]
    assert replies(untouched, numbers) == [[reply] * len(texts) for reply, texts in zip(right, numbers, strict=True)]
    assert untouched.troubles == []


@pytest.mark.parametrize(
    ("right", "given", "reply"),
    [
        (1092, "1,092", "Right."),
        (1092, "1 092", "Right."),
        (1.092, "1,092", "Right."),
        (-12_000_000, "\u221212,000,000", "Right."),
        (5000, "1,092", "Not so."),
        (92, "0,092", "Not so."),
        (1092, "1,0,92", "Write a number"),
    ],
)
def test_a_comma_stands_before_decimals_or_between_thousands(open_tab, tmp_path, right, given, reply):
    page, path = open_tab(), tmp_path / "asks.html"
    question = sc.book.ask_number("How many?", right, "Counted.").html()
    path.write_text(f'<!doctype html><html lang="en"><title>asks</title>{question}', encoding="utf-8")
    page.goto(path.as_uri())
    (((told, _),),) = replies(page, [[given]])
    assert told.startswith(reply)


def spellings(number):
    return [f"{number:.6f}", f"{number:.6f}".replace(".", ","), f"{100 * number:.6f} %"]


# Keeps what is replied, and how often it is marked as right.
LISTEN = """() => {
  window.replies = [];
  document.addEventListener('submit', ({ target }) => {
    window.replies.push([target.querySelector('output').textContent, target.querySelectorAll('.sc-right').length]);
  });
}"""


def test_each_wrong_answer_learns_why(asking):
    given, expected = [], []
    for data in data_of(asking):
        if "choices" in data:
            wrong = {place: why for place, why in enumerate(data["choices"]) if place != data["right"]}
        else:
            wrong = {repr(trap): why for trap, why in data["traps"]}
            wrong[str(data["right"] + 1e6)] = "Try once more, or open the answer."
        given.append([*wrong])
        expected.append([[f"Not so. {why}", 0] for why in wrong.values()])
    assert replies(asking, given) == expected
    assert waits(asking) == 0


def test_what_waits_is_there_on_paper_and_on_a_screen_whoever_asks_is_shown_it_part_by_part(asking):
    asking.emulate_media(media="print")
    assert asking.evaluate(ON_PAPER) == []
    asking.emulate_media(media="screen")
    before = asking.locator(".sc-show").count()
    assert before > 0
    assert asking.locator(".sc-waiting > *:visible").count() == 0
    asking.locator(".sc-show").first.press("Enter")
    assert asking.locator(".sc-show").count() == before - 1
    assert asking.evaluate(SHOW) == [*range(before - 2, -1, -1)]
    assert waits(asking) == 0


# What is not as it should be in print: parts that wait and cannot be read, buttons, and answers that cannot be read.
ON_PAPER = f"""(() => {{
  const shown = {SHOWN};
  const all = (selector) => [...document.querySelectorAll(selector)];
  const hidden = all('.sc-waiting').flatMap((part) => [...part.children])
    .filter((part) => !part.matches('.sc-show') && !part.checkVisibility());
  const buttons = all('.sc-show, .sc-ask button').filter(shown);
  const answers = all('{FORMS} details p').filter((p) => !shown(p));
  return [...hidden, ...buttons, ...answers].map((e) => e.outerHTML.slice(0, 200));
}})()"""

# Presses the first button until there is none, if it can be seen and nothing that waits can; returns how many are left
# each time.
SHOW = f"""(() => {{
  const shown = {SHOWN};
  const left = [];
  for (let button; (button = document.querySelector('.sc-show'));) {{
    const parts = [...document.querySelectorAll('.sc-waiting > *')];
    if (!shown(button) || parts.some(shown)) return 'something is seen too soon, or too late';
    button.focus();
    document.activeElement.click();
    left.push(document.querySelectorAll('.sc-show').length);
    if (left.length > 100) return 'a button stays';
  }}
  return left;
}})()"""


@pytest.mark.parametrize("name", ASKING)
def test_without_scripts_nothing_waits_and_every_answer_can_be_read(open_page, name):
    plain = open_page(name, waits=True, formulas=False, java_script_enabled=False)
    assert plain.locator(".sc-waiting, .sc-show").count() == 0
    assert plain.evaluate(f"[...document.querySelectorAll('.sc-ask button')].filter({SHOWN}).length") == 0
    opened = plain.locator(FORMS).evaluate_all(OPEN_ANSWERS)
    assert opened
    assert [answer for answer in opened if answer is not True] == []


# Opens each form's answer where a mouse would; returns true for each of which two parts or more can be read then.
OPEN_ANSWERS = f"""(forms) => forms.map((form) => {{
  const summary = form.querySelector('summary');
  summary.scrollIntoView({{ block: 'center', behavior: 'instant' }});
  const {{ left, top, width, height }} = summary.getBoundingClientRect();
  const met = document.elementFromPoint(left + width / 2, top + height / 2);
  if (!summary.contains(met)) return `covered: ${{summary.outerHTML}}`;
  met.click();
  const parts = [...form.querySelectorAll('details p')];
  return (parts.length >= 2 && parts.every({SHOWN})) || form.querySelector('details').outerHTML;
}})"""


def test_a_question_about_what_waits_waits_too(open_page):
    page = open_page("consistency", waits=True, formulas=False)
    first, second = page.locator(FORMS).all()[:2]
    assert first.is_visible()
    assert not second.is_visible()
    answer(page, 0, "1")
    assert second.is_visible()
    assert page.locator("#def-regret").is_visible()


def test_a_link_into_what_waits_shows_it(open_page):
    page = open_page("intro", waits=True, formulas=False)
    assert page.locator("#fig-phase-curve:visible").count() == 0
    page.evaluate("location.hash = '#fig-phase-curve'")
    page.wait_for_function("document.querySelector('#fig-phase-curve').checkVisibility()")


def test_what_the_browsers_own_search_finds_in_what_waits_is_shown(open_page):
    page = open_page("consistency", waits=True, formulas=False)
    hidden = page.locator("#def-regret")
    assert not hidden.is_visible()
    page.evaluate("""() => { // as the search does it, which no script may start
      const part = document.querySelector('#def-regret').closest('.sc-waiting');
      part.dispatchEvent(new Event('beforematch'));
    }""")
    assert hidden.is_visible()
    assert page.locator("[hidden='until-found']").count() == waits(page)


@pytest.mark.parametrize("answered", [False, True])
def test_axe_finds_nothing_to_mend_when_questions_are_answered_or_wait(open_page, answered):
    page = open_page(ASKING[0], waits=True, formulas=False)
    if answered:
        replies(page, [[0 if "choices" in data else "0"] for data in data_of(page)])
    assert violations_in_both_themes(page) == []
