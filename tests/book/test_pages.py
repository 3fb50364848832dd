"""What the built pages promise: offline, by keyboard, legible, on paper, and showing what Python computes."""

from itertools import product

import pytest
from accessibility import violations_in_both_themes
from notebooks import NAMES as NOTEBOOKS
from notebooks import PAGES, explorables_of

SHEET = 657  # the width that A4 leaves for text, in pixels
notebooks = pytest.mark.parametrize("read_page", NOTEBOOKS, indirect=True, scope="module")


@notebooks
def test_the_first_control_of_a_chapter_is_reached_in_few_steps_of_the_tab_key(read_page):
    """On the page as a reader finds it, so it comes first."""
    stops = []
    while "Skip to the first figure to explore" not in stops:
        assert len(stops) < 3, stops
        read_page.keyboard.press("Tab")
        stops.append(read_page.evaluate(LINK_WITH_THE_FOCUS))
    read_page.keyboard.press("Enter")
    read_page.keyboard.press("Tab")
    assert read_page.evaluate("document.activeElement === document.querySelector('[data-control]')")
    assert read_page.evaluate("document.activeElement.checkVisibility({ contentVisibilityAuto: true })")


LINK_WITH_THE_FOCUS = "document.activeElement.matches('a[href]') && document.activeElement.innerText"


def test_a_page_asks_nobody_for_anything_and_raises_no_error(page):
    assert page.troubles == []


def test_every_formula_is_rendered(page):
    plain = page.evaluate("""[...document.querySelectorAll('.math')].filter(e => !e.querySelector('mjx-container'))
        .map(e => e.textContent)""")
    assert plain == []
    assert page.evaluate("document.querySelectorAll('mjx-merror').length") == 0
    text = page.evaluate("""(() => {
        const copy = document.querySelector('article').cloneNode(true);
        copy.querySelectorAll('.cell, code.literal, script, style').forEach(e => e.remove());
        return copy.textContent;
    })()""")
    assert "$" not in text
    assert "```" not in text, "a directive was not understood"
    assert "\\" not in text


@pytest.mark.parametrize("name", PAGES)
def test_a_page_stays_under_3_megabytes_with_its_frames(built_book, name):
    assert (built_book / "chapters" / f"{name}.html").stat().st_size < 3_000_000


def test_a_page_does_not_scroll_sideways(page):
    assert page.evaluate(WIDTH) <= 1280


WIDTH = "document.documentElement.scrollWidth"


def test_the_sign_that_links_to_a_heading_stands_in_its_last_line(page):
    assert page.evaluate(WRAPPED) == []


# Headings of which the sign stands alone in a line.
WRAPPED = """[...document.querySelectorAll('article :is(h1, h2, h3, h4) > .headerlink')].filter((link) => {
  const text = document.createRange();
  text.selectNodeContents(link.parentElement);
  text.setEndBefore(link);
  return link.getBoundingClientRect().top > [...text.getClientRects()].at(-1).bottom - 3;
}).map((link) => link.parentElement.textContent)"""


def test_there_is_one_search_box(page):
    visible = "e => e.checkVisibility() && e.getBoundingClientRect().width > 0"
    found = page.evaluate(f"[...document.querySelectorAll('.search-button-field')].filter({visible}).length")
    assert found == 1


def test_no_two_elements_of_a_page_share_a_name(page):
    names = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert sorted({name for name in names if names.count(name) > 1}) == []


@notebooks
def test_every_picture_has_a_text_in_its_place(page):
    assert page.evaluate("[...document.querySelectorAll('article img')].filter(e => !e.alt.trim()).length") == 0
    labels = page.evaluate("[...document.querySelectorAll('.sc-svg')].map(e => e.getAttribute('aria-label') || '')")
    assert all(len(label) > 40 for label in labels)


# --- controls


def stored(page):
    """Return what each explorable of a page brings along: sentences, frames, and the labels of its controls."""
    found = page.evaluate("[...document.querySelectorAll('.sc-data')].map((e) => JSON.parse(e.textContent))")
    assert found, "every chapter has an explorable"
    return found


def positions(data):
    """Return every position of an explorable's controls in the order of its frames, the last control fastest."""
    return list(product(*(range(len(labels)) for labels in data["labels"])))


@notebooks
def test_at_every_position_the_controls_show_their_frame_and_their_sentence(page):
    for number, data in enumerate(stored(page)):
        start, shown = page.evaluate(WALK, [number, positions(data)])
        kept = zip(data["sentences"], data["order"], data["besideOrder"], strict=True)
        expected = {}
        for position, (sentence, frame, beside) in zip(positions(data), kept, strict=True):
            labels = [labels[place] for labels, place in zip(data["labels"], position, strict=True)]
            expected[position] = [sentence, frame, beside, labels, labels]
        assert shown == list(expected.values())
        for which in range(len(start)):
            along = [found for position, found in expected.items() if differs_in_one(position, start, which)]
            assert len({frame for _, frame, *_ in along}) > 1, f"control {which} does not move its figure"
            assert len({sentence for sentence, *_ in along}) > 1, f"control {which} does not move its sentence"


def differs_in_one(position, start, which):
    return all(here == there for k, (here, there) in enumerate(zip(position, start, strict=True)) if k != which)


# Puts an explorable's controls to each of the given positions, and back; returns where they were and what they showed.
WALK = """([number, positions]) => {
  const root = document.querySelectorAll('.sc-explorable')[number];
  const part = (name) => root.querySelector(name);
  const controls = [...root.querySelectorAll('[data-control]')];
  const parsed = (inside) => (text) => {
    const copy = part(inside).cloneNode();
    copy.innerHTML = text;
    return copy.innerHTML;
  };
  const data = JSON.parse(part('.sc-data').textContent);
  const frames = data.frames.map((numbers) => parsed('.sc-frame')(numbers.map((n) => data.parts[n]).join('')));
  const besides = data.besides.map(parsed('.sc-beside'));
  const put = (position) => {
    position.forEach((value, k) => { controls[k].value = value; });
    controls[0].dispatchEvent(new Event('input', { bubbles: true }));
  };
  const start = controls.map((e) => Number(e.value));
  const shown = positions.map((position) => {
    put(position);
    return [
      part('.sc-sentence').textContent,
      frames.indexOf(part('.sc-frame').innerHTML),
      besides.indexOf(part('.sc-beside').innerHTML),
      controls.map((e) => e.parentElement.querySelector('output').textContent),
      controls.map((e) => (e.options ? e.options[e.value].textContent : e.getAttribute('aria-valuetext'))),
    ];
  });
  put(start);
  return [start, shown];
}"""


@notebooks
def test_each_control_is_moved_by_keyboard(page):
    kept = [(data, which) for data in stored(page) for which in range(len(data["labels"]))]
    page.evaluate(LISTEN)
    for place in range(len(kept)):
        further = page.evaluate(FOCUS, place)
        page.keyboard.press("Home")
        page.keyboard.press(further)
    heard = page.evaluate(HEARD)
    assert len(heard) == 2 * len(kept)
    for (data, which), (first, second) in zip(kept, zip(heard[::2], heard[1::2], strict=True), strict=True):
        assert (first[0][which], second[0][which]) == (0, 1)
        for position, sentence in (first, second):
            assert sentence == data["sentences"][positions(data).index(tuple(position))]


# Keeps what an explorable shows after each key: where its controls stand, and its sentence.
LISTEN = """() => {
  window.heard = { keys: [], controls: [...document.querySelectorAll('.sc-explorable [data-control]')] };
  heard.start = heard.controls.map((e) => e.value);
  heard.keep = ({ target }) => {
    const root = target.closest('.sc-explorable');
    const position = [...root.querySelectorAll('[data-control]')].map((e) => Number(e.value));
    heard.keys.push([position, root.querySelector('.sc-sentence').textContent]);
  };
  document.addEventListener('keyup', heard.keep);
}"""
FOCUS = (
    "(place) => { heard.controls[place].focus(); return heard.controls[place].options ? 'ArrowDown' : 'ArrowRight'; }"
)
HEARD = """() => {
  document.removeEventListener('keyup', heard.keep);
  heard.controls.forEach((e, i) => {
    if (e.value === heard.start[i]) return;
    e.value = heard.start[i];
    e.dispatchEvent(new Event('input', { bubbles: true }));
  });
  return heard.keys;
}"""


@pytest.mark.parametrize("read_page", ["repeated_games"], indirect=True, scope="module")
def test_what_a_page_stores_is_what_python_computes(page):
    """For the chapter that is computed soonest: how frames are stored is the same in all chapters."""
    for data, explorable in zip(stored(page), explorables_of("repeated_games"), strict=True):
        controls = explorable.controls
        assert data["labels"] == [control.labels for control in controls.values()]
        chosen = product(*(control.values for control in controls.values()))
        assert data["sentences"] == [explorable.set(**dict(zip(controls, values, strict=True))) for values in chosen]


@notebooks
def test_a_link_that_moves_controls_names_values_that_they_have(page):
    assert page.evaluate(ASTRAY) == []


# Links in the prose to a state of a figure that it does not have.
ASTRAY = """[...document.querySelectorAll('a.sc-move')].filter((link) => {
  const [name, ...parts] = link.hash.slice(1).split('&');
  const figure = document.getElementById(name);
  if (!figure || !parts.length) return true;
  const controls = [...figure.querySelectorAll('[data-control]')];
  const { labels } = JSON.parse(figure.querySelector('.sc-data').textContent);
  return parts.map((part) => part.split('=').map(decodeURIComponent)).some(([control, label]) => {
    const place = controls.findIndex((each) => each.dataset.control === control);
    return place < 0 || !labels[place].some((text) => text.replaceAll(',', '') === label.replaceAll(',', ''));
  });
}).map((link) => link.outerHTML)"""


# --- colours


@notebooks
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_colours_stand_out_from_what_is_behind_them(page, theme):
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    ratios = page.evaluate(CONTRAST)
    assert ratios
    for colour, ratio in ratios.items():
        assert ratio >= (4.5 if colour in ("ink", "muted") else 3), (colour, ratio)


# The contrast of each palette colour with the nearest painted background behind a figure (WCAG 2).
CONTRAST = """(() => {
  const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (css) => {
    paint.fillStyle = css;
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  };
  const light = (css) => rgb(css).slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const figure = document.querySelector('.sc-picture');
  let behind = figure;
  const clear = (e) => getComputedStyle(e).backgroundColor.match(/, 0\\)|transparent/);
  while (clear(behind) && behind.parentElement) behind = behind.parentElement;
  const back = light(getComputedStyle(behind).backgroundColor);
  const ratios = {};
  for (const name of ['ink', 'muted', 'ai', 'partner', 'good', 'bound']) {
    const front = light(getComputedStyle(figure).getPropertyValue('--sc-' + name));
    ratios[name] = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
  }
  return ratios;
})()"""


# --- on paper


@pytest.mark.screen(width=SHEET)
def test_a_printed_page_is_light_and_open_and_fits_on_paper(page):
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.evaluate(HIDDEN) == []
    assert page.evaluate(SHOWN) == []
    assert page.evaluate(WIDTH) <= SHEET
    assert page.evaluate(CUT_OFF) == []
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


# Text that would stay folded on paper.
HIDDEN = """[...document.querySelectorAll('article details p, article .toggle p')]
  .filter((e) => !e.closest('summary, form[hidden]')) // of several questions of a kind, paper has the first
  .filter((e) => !e.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
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


# --- small, and with assistive technology


@pytest.mark.screen(width=360)
def test_a_page_does_not_scroll_sideways_on_a_small_phone(page):
    assert page.evaluate(WIDTH) <= 360


@pytest.mark.screen(width=390)
def test_on_a_phone_the_sign_stands_in_the_last_line_of_its_heading_too(page):
    assert page.evaluate(WRAPPED) == []


@pytest.mark.screen(width=390)
def test_on_a_phone_what_scrolls_can_be_scrolled_by_keyboard_and_text_in_pictures_is_legible(page):
    assert page.evaluate(WIDTH) <= 390
    page.evaluate(OPEN_EVERYTHING)
    page.evaluate(SETTLED)
    assert page.evaluate(WIDTH) <= 390
    assert page.evaluate(OUT_OF_REACH) == []
    assert [size for size in page.evaluate(SIZES_IN_PICTURES) if size < 10.95] == []


# Opens what is folded, and returns how much that was.
OPEN_EVERYTHING = """() => {
  const folded = document.querySelectorAll('details:not([open]), .toggle-hidden .toggle-button');
  folded.forEach((e) => (e.matches('details') ? (e.open = true) : e.click()));
  return folded.length;
}"""
# The theme looks at what scrolls 300 ms after the last change of the page or of its size.
SETTLED = "new Promise((done) => setTimeout(done, 350))"

# Elements that scroll, and that the tab key neither reaches nor enters.
OUT_OF_REACH = """[...document.querySelectorAll('body *')].filter((e) => {
  const style = getComputedStyle(e);
  const scrolls = (/auto|scroll/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1)
    || (/auto|scroll/.test(style.overflowY) && e.scrollHeight > e.clientHeight + 1);
  const entered = e.tabIndex >= 0 || e.querySelector('a[href], button, input, select, [tabindex="0"]');
  return scrolls && e.clientWidth && e.checkVisibility() && !entered;
}).map((e) => e.outerHTML.slice(0, 200))"""

# The heights of letters in pictures, in pixels of the screen.
SIZES_IN_PICTURES = """[...document.querySelectorAll('.sc-svg text')].map((e) => {
  const { a, b } = e.getScreenCTM();
  return parseFloat(getComputedStyle(e).fontSize) * Math.hypot(a, b);
})"""


@pytest.fixture(scope="module")
def known_texts():
    """Keep which kinds of text axe has been asked about: most pages have the same."""
    return set()


def test_axe_finds_nothing_to_mend_on_a_light_or_a_dark_page(page, known_texts):
    """It takes the page apart, so it comes last."""
    if page.evaluate(OPEN_EVERYTHING):
        page.evaluate(SETTLED)
    assert violations_in_both_themes(page, known_texts) == []
