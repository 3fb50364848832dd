"""The built pages work for everybody: with assistive technology, by keyboard, small, in calm, and when shared."""

import re
from html import unescape

import pytest
from accessibility import ONE_OF_A_KIND, violations
from notebooks import NAMES as NOTEBOOKS
from notebooks import PAGES
from screens import set_screen


def test_the_tab_key_reaches_every_control_and_every_proof_in_the_order_seen(open_page):
    page = open_page("consistency", reduced_motion="reduce")
    page.evaluate("""() => {
      window.controls = [...document.querySelectorAll('[data-control]')];
      window.openers = [...document.querySelectorAll('article summary, article .toggle-button')]
        .filter((opener) => !opener.closest('[hidden]')); // of several of a kind, the one that is shown
    }""")
    reached, opened = [], []
    for _ in range(1000):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            break
        assert focus["visible"], focus["html"]
        if focus["control"] >= 0:
            reached.append(focus["control"])
            page.keyboard.press("End")
            assert page.evaluate("document.activeElement.value") == focus["last"]
            page.keyboard.press("Home")
            assert page.evaluate("document.activeElement.value") == "0"
        if focus["opener"] >= 0:
            opened.append(focus["opener"])
            page.keyboard.press("Enter")
            assert page.evaluate(OPENED), focus["html"]
    assert reached == list(range(page.evaluate("controls.length")))
    assert opened == list(range(page.evaluate("openers.length")))
    assert len(reached) >= 2
    assert len(opened) >= 5
    boxes = "controls.map((e) => e.closest('label').getBoundingClientRect())"
    places = page.evaluate(f"{boxes}.map((box) => [box.top, box.left])")
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("name", "width", "theme"), [("intro", 390, "light"), ("intro", 1280, "dark"), ("alice_revisited", 1920, "light")]
)
def test_full_screen_shows_an_explorable_alone_and_larger(open_page, name, width, theme):
    page = open_page(name, width, theme, formulas=False, reduced_motion="reduce")
    explorable = page.locator(".sc-explorable").first
    before = explorable.locator(".sc-svg").bounding_box()
    fill_the_screen(page, explorable)
    boxes = {part: explorable.locator(part).bounding_box() for part in (".sc-svg", ".sc-controls", ".sc-sentence")}
    figure, controls = boxes[".sc-svg"], boxes[".sc-controls"]
    for part, box in boxes.items():
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= width, part
        assert box["y"] + box["height"] <= 900, part
    if width > 900:
        assert figure["width"] > 1.4 * before["width"]
        assert controls["x"] >= figure["x"] + figure["width"]
    sentence = explorable.locator(".sc-sentence").inner_text()
    last = explorable.locator("[data-control]").last
    last.press("Home" if last.input_value() != "0" else "End")
    assert explorable.locator(".sc-sentence").inner_text() != sentence
    explorable.get_by_role("button", name="leave full screen").press("Enter")
    page.wait_for_function("!document.fullscreenElement && document.activeElement.textContent === 'full screen'")
    assert explorable.locator(".sc-svg").bounding_box()["width"] == before["width"]
    fill_the_screen(page, explorable)
    page.evaluate(ONE_OF_A_KIND, [])
    assert violations(page, runOnly=["color-contrast"]) == []


def fill_the_screen(page, explorable):
    explorable.get_by_role("button", name="full screen", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.fullscreenElement?.matches('.sc-explorable')")


def test_a_browser_that_has_no_full_screen_shows_no_button_for_it(open_page, open_own_tab):
    page = open_page("intro", formulas=False)
    assert page.locator(".sc-full").first.is_visible()
    address, page = page.url, open_own_tab()
    page.add_init_script("Object.defineProperty(Document.prototype, 'fullscreenEnabled', { value: false })")
    page.goto(address)
    assert page.locator(".sc-full").count() > 0
    assert not page.locator(".sc-full").first.is_visible()


def test_the_keys_of_a_remote_control_turn_the_page_and_not_a_slider(open_page):
    page = open_page("intro", formulas=False, reduced_motion="reduce")
    slider = page.locator("[data-control]").first
    slider.focus()
    values = [slider.input_value()]
    places = [page.evaluate("scrollY")]
    for key in ("PageDown", "PageUp"):
        page.keyboard.press(key)
        values.append(slider.input_value())
        places.append(page.evaluate("scrollY"))
    assert len(set(values)) == 1
    assert places[1] > places[0] + 400
    assert places[2] < places[1] - 400


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_explorable_has_an_address_of_its_own(built_book, name):
    html = (built_book / "chapters" / f"{name}.html").read_text(encoding="utf-8")
    figures = re.findall(r'<figure class="sc-picture sc-explorable"(?: id="(fig-.*?)")? aria-label', html)
    links = re.findall(r'<a href="#(.*?)" aria-label="Link to this figure">', html)
    assert figures == links
    assert len(set(figures) - {""}) == len(figures) > 0


FOCUS = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const style = getComputedStyle(e);
  return {
    html: e.outerHTML.slice(0, 200),
    control: controls.indexOf(e),
    opener: openers.indexOf(e),
    last: String(e.options ? e.options.length - 1 : e.max),
    visible: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none',
  };
}"""

OPENED = """(() => {
  const e = document.activeElement;
  return e.matches('summary') ? e.parentElement.open : e.getAttribute('aria-expanded') === 'true';
})()"""


@pytest.mark.parametrize("name", ["intro", "consistency"])
def test_nothing_moves_for_whoever_asks_for_calm(open_page, name):
    page = open_page(name, reduced_motion="reduce")
    moving = page.evaluate("""[...document.querySelectorAll('*')].filter((e) => {
      const style = getComputedStyle(e);
      return style.transitionDuration !== '0s' || style.animationName !== 'none' || style.scrollBehavior !== 'auto';
    }).map((e) => e.outerHTML.slice(0, 200))""")
    assert moving == []


def test_every_page_says_in_its_head_what_it_is_about(built_book):
    described = {}
    for name in PAGES:
        head = (built_book / "chapters" / f"{name}.html").read_text(encoding="utf-8").split("</head>")[0]
        meta = {
            key: unescape(text) for key, text in re.findall(r'<meta (?:name|property)="(.*?)" content="(.*?)"', head)
        }
        title = unescape(re.search("<title>(.*?)</title>", head)[1])
        assert title == f"{meta['og:title']} — {meta['og:site_name']}"
        assert meta["og:description"] == meta["description"]
        assert meta["og:type"] == ("website" if name == "intro" else "article")
        assert 50 <= len(meta["description"]) <= 200, (name, meta["description"])
        assert "\\" not in meta["description"]
        described[meta["description"]] = name
    assert len(described) == len(PAGES)


@pytest.mark.parametrize("name", NOTEBOOKS[:1])
def test_the_logo_leads_home_and_has_a_text_in_its_place(open_page, name):
    page = open_page(name, formulas=False)
    logo = page.locator(".navbar-brand .logo__image:visible")
    assert logo.count() == 1
    assert len(logo.get_attribute("alt")) > 20
    assert logo.evaluate("e => e.complete && e.naturalWidth > 0")
    assert page.locator(".navbar-brand").get_attribute("href") == "intro.html"
    assert page.locator('link[rel="icon"]').get_attribute("href").endswith("logo.svg")


# --- what is seen together, and what is reached soon


def test_no_formula_is_a_stop_of_the_tab_key_and_each_can_be_read_aloud(open_page):
    page = open_page("imitation", 1280)
    formulas = page.locator("mjx-container")
    assert formulas.count() > 100
    assert page.locator("mjx-container mjx-assistive-mml").count() == formulas.count()
    stops = """[...document.querySelectorAll('mjx-container')]
      .filter((e) => e.tabIndex >= 0 && e.scrollWidth <= e.clientWidth + 1).map((e) => e.textContent)"""
    assert page.evaluate(stops) == []


@pytest.mark.parametrize("name", ["lower_bound", "upper_bound"])
def test_what_is_wider_than_a_phone_shows_that_it_goes_on_until_its_end_is_seen(open_page, name):
    page = open_page(name, 390)
    wide = """[...document.querySelectorAll('article pre, article mjx-container')].filter((e) => e.checkVisibility()
      && /auto|scroll/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 3)"""
    assert page.evaluate(f"{wide}.length") > 0
    assert page.evaluate(f"{wide}.filter((e) => !e.classList.contains('sc-cut')).map((e) => e.textContent)") == []
    page.evaluate(f"window.first = {wide}[0]; first.scrollLeft = 1e5;")
    page.wait_for_function("!first.classList.contains('sc-cut')")
    whole = """[...document.querySelectorAll('mjx-container.sc-cut')].filter((e) =>
      e.checkVisibility({ contentVisibilityAuto: true })
      && e.querySelector('mjx-math').getBoundingClientRect().width <= e.clientWidth + 1).map((e) => e.textContent)"""
    assert page.evaluate(whole) == [], "a formula that fits does not fade"


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("name", ["genindex", "search", "404"])
def test_the_pages_beside_the_book_do_not_scroll_sideways(built_book, open_tab, name, width):
    page = open_tab(width)
    page.goto((built_book / f"{name}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_what_unfolds_is_called_by_the_words_that_stand_there(built_book, name):
    html = (built_book / "chapters" / f"{name}.html").read_text(encoding="utf-8")
    assert "<summary" in html
    assert re.findall(r"<summary[^>]*aria-label[^>]*>", html) == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_on_a_low_screen_a_figure_is_seen_with_its_controls_and_its_finding(open_page, name):
    page = open_page(name, formulas=False)
    assert page.locator(".sc-explorable .math").count() == 0, "formulas change the size of a figure"
    for width, height in ((1366, 640), (844, 390)):
        set_screen(page, width, height)
        figures = page.evaluate(BOXES)
        assert figures
        for name, boxes in figures:
            top, end = min(box["top"] for box in boxes), max(box["bottom"] for box in boxes)
            assert end - top <= height, name
            assert all(box["right"] <= width for box in boxes), name
            assert boxes[1]["left"] >= boxes[0]["right"], name


# Where each figure's drawing, controls and finding are.
BOXES = """[...document.querySelectorAll('.sc-explorable')].map((figure) => {
  const parts = ['svg', 'controls', 'sentence'].map((name) => figure.querySelector(`.sc-${name}`));
  return [figure.id, parts.map((part) => part.getBoundingClientRect().toJSON())];
})"""


def test_where_colours_are_forced_the_text_of_figures_is_the_readers(open_page):
    page = open_page("intro", formulas=False, forced_colors="active")
    ink = page.locator(".sc-svg text").first.evaluate("e => getComputedStyle(e).fill")
    assert ink == page.evaluate("getComputedStyle(document.body).color")


def test_fingers_get_controls_of_a_fingers_size(open_page):
    page = open_page("intro", 390, formulas=False, has_touch=True, is_mobile=True)
    small = """[...document.querySelectorAll('.sc-explorable :is(input, select, button, .sc-tools a)')]
      .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 44).map((e) => e.outerHTML)"""
    assert page.evaluate(small) == []


def test_the_themes_icons_are_ours_and_weigh_next_to_nothing(built_book, open_page):
    loaded = built_book / "_static"
    assert [path for path in loaded.rglob("*") if "fontawesome" in path.as_posix() and path.is_file()] == []
    page = open_page("intro", formulas=False)
    used = page.evaluate("""[...document.querySelectorAll('.fas, .fa-solid, .fab, .far')]
      .filter((e) => e.checkVisibility()).map((e) => [e.className, getComputedStyle(e, '::before').maskImage])""")
    assert used
    assert all(image.startswith('url("data:image/svg+xml') for _, image in used), used
    for name in ("consistency", "own", "api"):  # signs that only the theme's font could draw
        page = open_page(name, formulas=False)
        assert page.evaluate(DRAWN_BY_A_FONT) == []


DRAWN_BY_A_FONT = """[...document.querySelectorAll('*')].flatMap((e) => ['::before', '::after']
  .map((part) => getComputedStyle(e, part)).filter((it) => /[\ue000-\uf8ff]/.test(it.content) && it.display !== 'none')
  .map((it) => it.content))"""


# --- how it looks in detail


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_to_be_copied_is_seen_whole(open_page, width):
    page = open_page("cite", width, formulas=False)
    cut = "[...document.querySelectorAll('.highlight-bibtex pre')].map((e) => e.scrollWidth - e.clientWidth)"
    assert page.evaluate(cut) == [0, 0]


def test_the_name_of_a_test_breaks_between_its_words(open_page):
    page = open_page("paper_map", 320, formulas=False)
    lines = """[...document.querySelectorAll('dd code')].filter((e) => /^tests/.test(e.textContent)).map((code) => {
      const lines = {};
      const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
      for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        for (let i = 0; i < text.length; i += 1) {
          const letter = document.createRange();
          letter.setStart(text, i);
          letter.setEnd(text, i + 1);
          const top = Math.round(letter.getBoundingClientRect().top);
          lines[top] = (lines[top] ?? '') + text.data[i];
        }
      }
      return Object.values(lines);
    })"""
    for width in (320, 390, 1280):
        set_screen(page, width, 900)
        found = page.evaluate(lines)
        assert found
        assert width > 1000 or any(len(name) > 1 for name in found)
        assert [line for name in found for line in name[:-1] if line[-1] not in "/_.:"] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_links_in_tables_look_like_those_in_the_text(open_page, theme):
    page = open_page("intro", theme=theme, formulas=False)
    colours = (
        "[...new Set([...document.querySelectorAll('article {} a.reference')].map((e) => getComputedStyle(e).color))]"
    )
    assert page.evaluate(colours.format("td")) == page.evaluate(colours.format("p")) != []
