"""The slides of each lecture: what the plan names and no more, on slides that hold it, with votes that answer back."""

import re
import subprocess
import sys
import unicodedata
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest
from accessibility import THIN_OUT, violations
from bs4 import BeautifulSoup
from deck import Book
from lectures import KINDS, Shown, shown_by
from notebooks import cells_of
from paper import texts_of
from pieces import pieces_of
from screens import set_screen

ROOT = Path(__file__).parents[2]
DECK = ROOT / "chapters" / "_ext" / "deck.py"
PLAN = (ROOT / "chapters" / "teaching.md").read_text(encoding="utf-8")
DECKS = ["1", "2", "3", "1of2", "2of2", "single"]


def run(*arguments):
    command = [sys.executable, DECK, *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def planned(name):
    """Return the headings that a deck is to show, in order, read from the plan by a rule of its own."""
    if name == "single":
        parts = [PLAN.split("\n## If you have only one lecture\n")[1].split("\n## ")[0]]
    else:
        lectures = re.split(r"\n## Lecture \d: .*\n", PLAN)[1:]
        parts = [part.split("\n## ")[0] for part in lectures]
        parts = parts if "of" in name else [parts[int(name) - 1]]
    headings, minutes = [], 0
    for line in "\n".join(parts).splitlines():
        if line[:1].isdigit():
            mark = re.search(r"\(two lectures: (\d+)\)$", line)
            minutes += int(mark[1]) if mark else 0
            wanted = "of" not in name or (mark and (minutes <= 90) == (name[0] == "1"))
        elif line.startswith(": ") and wanted and not ("of" in name and line.endswith("(three lectures only)")):
            headings += re.findall(r"“([^”]+)”", line)
    return headings


@pytest.fixture(scope="module")
def decks(built_book, browser):
    """Make every deck, as a lecturer does."""
    paths = {}
    for name in DECKS:
        made = run(name, built_book)
        assert made.returncode == 0, made.stderr[-3000:]
        paths[name] = Path(made.stdout.strip())
    yield paths
    for path in paths.values():
        path.unlink()


@pytest.fixture
def open_deck(decks, open_tab):
    """Return a function that opens a deck in a tab of its own."""

    def opened(name, size=(1280, 720), theme="light", place=""):
        page = open_tab(*size, color_scheme=theme, reduced_motion="reduce")
        return _led(page, f"{decks[name].as_uri()}{place}")

    return opened


@pytest.fixture(scope="module", params=DECKS)
def read_deck(decks, tab, request):
    """Open each deck once for all tests of it at this size, what moves it last; return its name and its page."""
    tab.set_viewport_size({"width": 1280, "height": 720})
    tab.troubles = []
    yield request.param, _led(tab, decks[request.param].as_uri())
    tab.goto("about:blank")


def _led(page, address):
    """Lead a page to a deck, and wait until its letters have their size."""
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


def seen(page):
    """Return the number of the slide that is seen; it is the only one."""
    numbers = page.evaluate("""[...document.querySelectorAll('.slide')].map((slide, i) => [slide, i + 1])
      .filter(([slide]) => getComputedStyle(slide).visibility === 'visible').map(([, i]) => i)""")
    assert len(numbers) == 1
    return numbers[0]


def test_a_deck_shows_the_planned_sections_in_order_and_has_at_most_45_slides(read_deck):
    name, page = read_deck
    slides = page.evaluate("""[...document.querySelectorAll('.slide')].map((slide) => [
      slide.querySelector('h2').textContent, slide.querySelector('.shown').textContent.trim().length,
      slide.querySelectorAll('.shown svg, .shown form').length])""")
    assert [heading for heading, _ in groupby(heading for heading, *_ in slides[1:])] == planned(name)
    assert 20 <= len(slides) <= 45
    assert all(letters >= 100 or pictures for _, letters, pictures in slides), slides
    assert page.troubles == []


WORDS = """() => {
  const main = document.querySelector('main').cloneNode(true);
  main.querySelectorAll('script, style').forEach((e) => e.remove());
  return main.textContent;
}"""
FORBIDDEN = """.solution, .exercise, .sd-dropdown, .cell_input, .highlight, [class*=toggle], .headerlink, .sc-tip"""


def test_no_slide_has_a_proof_an_exercise_a_solution_or_code(read_deck):
    _, page = read_deck
    assert page.locator(FORBIDDEN).count() == 0
    assert page.evaluate("[...document.querySelectorAll('.sc-save')].filter((e) => e.checkVisibility())") == []
    text = page.evaluate(WORDS)
    assert not re.search(r"Proof\.|Solution to|Show the code|Exercise \d", text)
    assert not re.search(r"[\\`$]|\*\w", text)  # all formulas are set, and no mark of the source is left


# What stands out of its slide, and letters that overlap the line below.
OVERFLOW = """() => {
  const out = [];
  document.querySelectorAll('.slide').forEach((slide, i) => {
    const shown = slide.querySelector('.shown');
    const box = shown.getBoundingClientRect();
    const foot = slide.querySelector('.below').getBoundingClientRect();
    if (foot.bottom > window.innerHeight + 1) out.push([i + 1, 'foot']);
    for (const part of slide.querySelectorAll('.face *')) {
      if (part.closest('.sc-talk') && !part.matches('.sc-talk')) continue; // scrolls in its box
      if (part.matches('svg *, mjx-container *, script, style, .sc-spoken')) continue;
      const { left, right, top, bottom, width, height } = part.getBoundingClientRect();
      if (!width || !height) continue;
      const low = shown.contains(part) ? box.bottom + 2 : window.innerHeight + 1;
      if (left < -1 || right > window.innerWidth + 1 || top < -1 || bottom > low) {
        out.push([i + 1, part.tagName, part.className, Math.round(right), Math.round(bottom)]);
      }
      if (part.matches('p, li, td, th, .sc-sentence') && part.scrollWidth > part.clientWidth + 3 && part.clientWidth) {
        out.push([i + 1, 'wide', part.textContent.slice(0, 40)]);
      }
    }
    const blocks = [...shown.children].map((e) => e.getBoundingClientRect());
    blocks.forEach((a, j) => { if (j && a.top < blocks[j - 1].bottom - 2) out.push([i + 1, 'overlap']); });
    const size = parseFloat(shown.style.getPropertyValue('--fit'));
    if (size < 0.8) out.push([i + 1, 'small', size]);
  });
  return out;
}"""

EXTREMES = """async (last) => {
  for (const input of document.querySelectorAll('.shown [data-control]')) {
    input.value = last ? (input.max || input.options?.length - 1) : 0;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }
  await new Promise((fitted) => setTimeout(() => requestAnimationFrame(() => setTimeout(fitted))));
}"""


# Of each slide: its heading, whether it asks, its tables, and what paragraphs and lists say outside boxes.
SAID = """() => [...document.querySelectorAll('.slide')].map((slide) => {
  const shown = slide.querySelector('.shown');
  const said = [...shown.children].filter((e) => e.matches('p, ul, ol')).map((e) => e.textContent.trim());
  return {
    heading: slide.querySelector('h2').textContent,
    asks: !!shown.querySelector('form.sc-ask'),
    tables: shown.querySelectorAll('table.dataframe, table.table').length,
    said,
    text: shown.textContent.replace(/\\s+/g, ' '),
    letters: Math.min(...[...shown.querySelectorAll('p, li, td, legend, .sc-ask label')]
      .filter((e) => !e.closest('figure')).map((e) => parseFloat(getComputedStyle(e).fontSize))),
  };
})"""


def test_a_vote_stands_with_what_it_needs_and_its_answer_follows(read_deck):
    slides = read_deck[1].evaluate(SAID)
    for place, slide in enumerate(slides):
        if not slide["asks"]:
            continue
        assert len(" ".join(slide["said"])) > 200, slide["heading"]  # more than "Predict."
        after = slides[place + 1 : place + 6]
        of_section = [one for one in after if one["heading"] == slide["heading"]]
        assert of_section == after[: len(of_section)], slide["heading"]
        assert of_section, slide["heading"]
        assert any(len(" ".join(one["said"])) > 60 for one in of_section), slide["heading"]


NEEDED = [
    ("1", "The claim, in one picture", "is the best constant"),
    ("1", "Feel it first: regret", "After 20 exchanges the pressure comes"),
    ("1", "A Friday look back", "direct, direct, supportive, direct, supportive"),
    ("1", "A Friday look back", "the assistant is supportive"),
    ("1", "The lever", "the assistant is supportive"),
    ("2", "The surprise", "One plays action 0 and the other action 2"),
    ("2", "How long does an imitator survive?", "alive"),
    ("3", "What to commit to", "Who does not win gets nothing"),
    ("3", "A partner with savings", "Then the assistant commits to one of the two ways"),
    ("3", "People vary", "hold the fourth"),
    ("3", "116 people", "Hedge promises at most"),
]


def test_what_a_question_speaks_of_is_on_its_slide(read_deck):
    name, page = read_deck
    asked = {one["heading"]: one["text"] for one in page.evaluate(SAID) if one["asks"]}
    for heading, words in [needed for lecture, *needed in NEEDED if lecture == name]:
        assert words in asked[heading], heading


def test_a_table_has_a_sentence_and_letters_are_read_from_the_last_row(read_deck):
    slides = read_deck[1].evaluate(SAID)[1:]
    assert all(one["said"] for one in slides if one["tables"] and not one["asks"])
    assert min(one["letters"] for one in slides if one["letters"]) >= 18


def test_links_lead_into_the_built_pages(read_deck, decks):
    name, page = read_deck
    links = page.evaluate("[...document.querySelectorAll('.shown a[href]')].map((a) => a.getAttribute('href'))")
    outward = [link for link in links if not link.startswith(("#", "http"))]
    assert outward
    for link in outward:
        file, _, label = link.partition("#")
        text = (decks[name].parent / file).read_text(encoding="utf-8")
        assert not label or f'id="{label}"' in text, link


def test_nothing_overflows_wherever_the_controls_stand(read_deck):
    assert overflows(read_deck[1]) == []


@pytest.mark.parametrize("name", DECKS)
def test_nothing_overflows_on_a_screen_of_another_shape(open_deck, name):
    assert overflows(open_deck(name, (1024, 768))) == []


def overflows(page):
    """Return what overflows, at the controls' start and at both their ends, where they stay."""
    found = page.evaluate(OVERFLOW)
    for last in (False, True):
        page.evaluate(EXTREMES, last)
        found += page.evaluate(OVERFLOW)
    return found


def test_each_vote_answers_back_whatever_is_chosen_and_ends_its_slide(read_deck):
    _, page = read_deck
    forms = page.locator(".shown form.sc-ask")
    assert 3 <= forms.count() <= 6
    assert page.evaluate("[...document.querySelectorAll('.shown form.sc-ask')].every((e) => !e.nextElementSibling)")
    for form in forms.all():
        number = form.evaluate("(e) => [...document.querySelectorAll('.slide')].indexOf(e.closest('.slide')) + 1")
        page.evaluate(f"location.hash = '#{number}'")
        page.wait_for_function(f"document.querySelectorAll('.slide')[{number - 1}].matches('.now')")
        replies = []
        choices = form.get_by_role("radio").all()
        for choice in choices:
            choice.check()
            form.get_by_role("button", name="Check").click()
            replies.append(form.locator(".sc-reply").inner_text())
        if not choices:
            for number_given in ("0.123456", form.locator("details p").first.text_content().split(". ")[0]):
                form.get_by_role("textbox").fill(number_given)
                form.get_by_role("textbox").press("Enter")
                replies.append(form.locator(".sc-reply").inner_text())
        assert [reply.startswith("Right. ") for reply in replies].count(True) == 1, replies
        assert all(len(reply) > 12 for reply in replies)
        notes = page.evaluate(f"document.querySelectorAll('.slide')[{number - 1}].querySelector('.notes').textContent")
        assert "Answer:" in notes
    page.wait_for_timeout(100)
    assert page.evaluate(OVERFLOW) == []
    assert page.troubles == []


ASKS = """<div class="cell"><div class="cell_output"><div class="output"><form class="sc-ask">
<fieldset><legend>Which?</legend><label>this</label><label>that</label></fieldset></form></div></div></div>"""
PRINTS = """<div class="cell"><div class="cell_output"><div class="output"><pre>0.5</pre></div></div></div>"""
TABLE = "<table><tbody><tr><td>1</td></tr></tbody></table>"
FIGURE = (
    """<div class="cell"><div class="cell_output"><div class="output"><figure><svg></svg></figure></div></div></div>"""
)
BOX = """<div class="proof definition"><p>Definition 1.</p><p>A thing is a thing.</p></div>"""


def pieces(html, *, vote=False, kinds=KINDS, passages=()):
    """Return what a small section shows: the kind of each piece, and its words."""
    section = BeautifulSoup(f"<section><h2>So</h2>{html}</section>", "html.parser").section
    made = pieces_of(section, Shown("So", kinds, vote, ()), passages)
    return [(one.kind, " ".join(" ".join(part.get_text().split()) for part in one.parts)) for one in made]


def paragraphs(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def test_a_vote_brings_the_paragraphs_and_tables_before_it():
    told = paragraphs("A game.", "Its payoffs:") + TABLE + paragraphs("Predict. What then?") + ASKS
    assert pieces(told, vote=True) == [("vote", "A game. Its payoffs: 1 Predict. What then? Which?thisthat")]


def test_what_a_vote_has_no_room_for_stands_before_it():
    long = [f"{word} {'word ' * 110}ends." for word in ("One", "Two", "Three")]
    first, vote = pieces(paragraphs(*long, "Predict. What then?") + ASKS, vote=True)
    assert first[0] == "text"
    assert first[1].startswith("One")
    assert "Three" in vote[1]
    assert "Two" in first[1] + vote[1]


def test_a_vote_behind_a_statement_says_its_subject_once_more():
    told = paragraphs("The subject is this.") + BOX + paragraphs("Predict. What then?") + ASKS
    *_, vote = pieces(told, vote=True)
    assert vote[1].startswith("The subject is this. Predict.")


def test_a_vote_brings_a_passage_of_another_place():
    passage = BeautifulSoup("<p>Elsewhere it was said.</p>", "html.parser").p
    ((_, text),) = pieces(paragraphs("Predict. What then?") + ASKS, vote=True, passages=[passage])
    assert text.startswith("Elsewhere it was said. Predict.")
    line = "“So” (with *Elsewhere it …* of {doc}`chapter 2 <consistency>`): vote on this"
    (asked,) = shown_by(line)
    assert (asked.heading, asked.vote, asked.repeats) == ("So", True, (("Elsewhere it", "consistency"),))


def test_the_answer_follows_a_vote_whatever_a_cell_prints_between():
    told = paragraphs("Predict. What then?") + ASKS + PRINTS + paragraphs("This, for it could not be that.")
    assert pieces(told, vote=True)[-1] == ("text", "This, for it could not be that.")


def test_the_answer_to_a_figure_that_is_voted_on_stands_with_it_or_after_it():
    short = "What is to be seen here is short."
    more = f"And {'so it goes on and on ' * 12}to the end."
    told = paragraphs("Predict. What then?") + ASKS + FIGURE + paragraphs(f"{short} {more}")
    figure, answer = pieces(told, vote=True)[1:]
    assert figure == ("figure", f"{short} ")
    assert answer == ("text", more)
    told = paragraphs("Predict. What then?") + ASKS + FIGURE + paragraphs(f"{short} It ends here.")
    assert pieces(told, vote=True)[1:] == [("figure", f"{short} It ends here. ")]


def test_a_question_that_is_not_asked_is_not_answered():
    told = paragraphs("A game.") + BOX + paragraphs("Predict. What then?") + ASKS + paragraphs("This, of course.")
    assert "of course" not in str(pieces_with_more(told))
    assert "What then" not in str(pieces_with_more(told))


def pieces_with_more(html):
    section = BeautifulSoup(f"<section>{html}</section>", "html.parser").section
    made = pieces_of(section, Shown("So", KINDS, False, ()))
    return [[part.get_text() for part in (*one.parts, *one.more)] for one in made]


def test_what_explains_a_statement_may_follow_it_and_what_speaks_of_code_may_not():
    told = BOX + paragraphs("The word is this.", "<code>sc.play</code> plays it.", "So. The next cell tries it. Fine.")
    (shown,) = pieces_with_more(told)
    assert shown[1:] == ["The word is this.", "So. Fine."]


def test_a_table_that_nothing_introduces_takes_the_first_sentence_after_it():
    told = (
        BOX
        + TABLE
        + paragraphs("The first is the largest one of them all. The others are not, and this is no surprise.")
    )
    table = pieces(told)[1]
    assert table[1].startswith("The first is the largest one of them all.")


def test_a_sentence_that_a_formula_begins_is_ended():
    formula = '<div class="math">1 + 1 = 2,</div>'
    told = BOX + paragraphs("So it is:") + formula + paragraphs("and this is the same.") + BOX
    assert pieces(told)[1] == ("formula", "So it is: 1 + 1 = 2, and this is the same.")


def test_a_figure_has_what_introduces_it_above_or_before_it():
    short, long = "Here is a picture of it.", f"Here {'is what is in it ' * 25}at last."
    assert pieces(BOX + paragraphs(short) + FIGURE)[1] == ("figure", f"{short} ")
    assert [kind for kind, _ in pieces(BOX + paragraphs(long) + FIGURE)] == ["box", "text", "figure"]


def test_what_explains_a_measurement_is_never_left_out():
    told = (
        BOX + paragraphs("Here is a picture of it.") + FIGURE + paragraphs(f"Explain. {'This is why it is so. ' * 14}")
    )
    assert pieces(told)[-1][0] == "text" or "Explain." in pieces(told)[-1][1]


def test_the_ten_stages_for_the_board_are_those_of_the_table():
    lines = re.findall(r"the assistant's ((?:[ds] )+)over Ben's ((?:[ds][ .])+)", PLAN)
    assert len(lines) == 2
    source = "\n".join(cell["source"] for cell in cells_of("imitate_then_commit"))
    rows = dict(re.findall(r"\| assistant: ([ds]) \| (\d \| \d) \|", source.split("**by hand**")[1].split("in all")[0]))
    for his, bens in lines:
        pairs = Counter(zip(his.split(), bens.rstrip(".").split(), strict=True))
        assert sum(pairs.values()) == 10
        for tone in "ds":
            assert [pairs[tone, other] for other in "ds"] == [int(count) for count in rows[tone].split(" | ")]


def test_keys_turn_the_slides_and_a_control_keeps_its_own(open_deck):
    page = open_deck("1")
    count = page.locator(".slide").count()
    place = 1
    for key, to in [
        ("PageDown", 2), ("ArrowRight", 3), ("ArrowDown", 4), ("Space", 5), ("ArrowLeft", 4), ("ArrowUp", 3),
        ("PageUp", 2), ("End", count), ("PageDown", count), ("Home", 1), ("PageUp", 1),
    ]:  # fmt: skip
        page.keyboard.press(key)
        place = seen(page)
        assert place == to, key
        assert page.url.endswith(f"#{to}")
    figure = page.locator(".slide:has(.sc-explorable input[type=range])").first
    number = figure.evaluate("(e) => [...document.querySelectorAll('.slide')].indexOf(e) + 1")
    page.evaluate(f"location.hash = '#{number}'")
    control = figure.locator("input[type=range]").first
    control.focus()
    before, told = control.input_value(), figure.locator(".sc-sentence").inner_text()
    page.keyboard.press("End" if before == "0" else "Home")
    assert control.input_value() != before
    assert figure.locator(".sc-sentence").inner_text() != told
    assert seen(page) == number
    page.keyboard.press("PageDown")  # a remote control turns the slide even now
    assert seen(page) == number + 1


def test_a_figure_that_fills_the_screen_is_left_by_turning(open_deck):
    page = open_deck("1", place="#intro-fig-phase-curve")
    number = seen(page)
    page.locator("#intro-fig-phase-curve").get_by_role("button", name="full screen", exact=True).click()
    page.wait_for_function("document.fullscreenElement?.id === 'intro-fig-phase-curve'")
    page.keyboard.press("PageDown")
    page.wait_for_function("!document.fullscreenElement")
    assert seen(page) == number + 1


def test_a_number_of_votes_may_be_typed_without_turning_or_showing_notes(open_deck):
    page = open_deck("1")
    field = page.locator(".shown input[type=text]").first
    number = field.evaluate("(e) => [...document.querySelectorAll('.slide')].indexOf(e.closest('.slide')) + 1")
    page.evaluate(f"location.hash = '#{number}'")
    field.focus()
    page.keyboard.type("1 n")
    assert field.input_value() == "1 n"
    assert seen(page) == number
    assert not page.locator(".slide.now .notes").is_visible()


def test_notes_are_hidden_until_asked_for_and_leave_the_slide_whole(open_deck):
    page = open_deck("2", place="#5")
    notes = page.locator(".slide.now .notes")
    assert seen(page) == 5
    assert not notes.is_visible()
    page.keyboard.press("n")
    assert notes.is_visible()
    assert "announce, agree, fall back" in notes.inner_text()
    below = page.locator(".slide.now .below").bounding_box()
    assert below["y"] + below["height"] <= notes.bounding_box()["y"] + 1
    page.keyboard.press("n")
    assert not notes.is_visible()


def test_a_state_of_a_figure_has_an_address_that_leads_to_its_slide(open_deck):
    page = open_deck("1")
    names = page.evaluate("[...document.querySelectorAll('.sc-explorable')].map((e) => e.id)")
    assert len(names) == len(set(names)) >= 4
    assert "intro-fig-phase-curve" in names
    page.evaluate("location.hash = '#intro-fig-phase-curve&phase=1'")
    page.wait_for_function("document.querySelector('#intro-fig-phase-curve').closest('.slide').matches('.now')")
    control = page.locator("#intro-fig-phase-curve [data-control=phase]")
    assert control.evaluate("(e) => e.closest('label').querySelector('output').textContent") == "1"
    for link in page.locator(".shown a.sc-move").all():
        name = link.get_attribute("href")[1:].split("&")[0]
        assert name in names


COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}  # in which alone the themes differ


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_deck_follows_the_screen_and_can_be_read_by_everybody(open_deck, theme):
    page = open_deck("1", theme=theme)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0] < 100")
    assert dark == (theme == "dark")
    page.evaluate(THIN_OUT)
    for number in range(1, page.locator(".slide").count() + 1):
        page.evaluate(f"location.hash = '#{number}'")
        page.wait_for_function(f"document.querySelectorAll('.slide')[{number - 1}].matches('.now')")
        assert violations(page, **(COLOURS if theme == "dark" else {})) == [], number


@pytest.mark.parametrize("name", ["1", "3"])
def test_print_has_a_page_for_each_slide_with_its_notes(open_deck, name, tmp_path):
    page = open_deck(name, size=(1024, 768), theme="dark")
    told = page.evaluate("[...document.querySelectorAll('.slide .notes')].map((e) => e.textContent)")
    page.pdf(path=tmp_path / "deck.pdf", prefer_css_page_size=True, print_background=True)
    sheets = texts_of(tmp_path / "deck.pdf")
    assert len(sheets) == len(told)
    for sheet, notes in zip(sheets, told, strict=True):
        assert letters(notes)[:20] in letters(sheet)
    set_screen(page, 1280, 960)
    page.emulate_media(media="print")
    low = page.evaluate("""[...document.querySelectorAll('.slide')].map((slide) => {
      const top = slide.getBoundingClientRect().top;
      const ends = [...slide.querySelectorAll('.shown > *')].map((e) => e.getBoundingClientRect().bottom - top);
      const notes = slide.querySelector('.notes');
      return [Math.max(...ends), notes.scrollHeight - notes.clientHeight];
    })""")
    assert max(end for end, _ in low) <= 700
    assert max(over for _, over in low) <= 1


def letters(text):
    """Return a text's letters; the rest each PDF reader puts together in its own way."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if letter.isalpha())


def test_the_same_bytes_come_out_twice(decks, built_book):
    before = decks["2"].read_bytes()
    assert run("2", built_book).returncode == 0
    assert decks["2"].read_bytes() == before


def test_pages_built_at_different_times_load_what_they_share_once(tmp_path):
    (tmp_path / "html" / "chapters").mkdir(parents=True)
    book = Book(tmp_path / "html")
    for page, again in (("old", ""), ("new", "?v=1f")):
        script = f'<script src="../_static/mathjax/m.js{again}"></script>'
        head = f'{script}<link rel="stylesheet" href="../_static/b.css{again}">'
        (book.html / "chapters" / f"{page}.html").write_text(
            f"<head>{head}</head><article></article>", encoding="utf-8"
        )
        book.page(page)
    link, script = book.head().splitlines()
    assert link == '<link rel="stylesheet" href="html/_static/b.css">'
    assert script == '<script defer src="html/_static/mathjax/m.js"></script>'


def test_who_has_not_built_the_book_is_told_how(tmp_path):
    refused = run("1", tmp_path / "html")
    assert refused.returncode == 2
    assert "jupyter-book build ." in refused.stderr
