"""The built pages work for everybody: with assistive technology, by keyboard, small, in calm, and when shared."""

import re
from html import unescape

import pytest
from accessibility import violations
from notebooks import NAMES as NOTEBOOKS
from notebooks import PAGES


def test_the_tab_key_reaches_every_control_and_every_proof_in_the_order_seen(open_page):
    page = open_page("consistency", reduced_motion="reduce")
    page.evaluate("""() => {
      window.controls = [...document.querySelectorAll('[data-control]')];
      window.openers = [...document.querySelectorAll('article summary, article .toggle-button')];
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
    page = open_page(name, width, theme, reduced_motion="reduce")
    explorable = page.locator(".sc-explorable").first
    before = explorable.locator(".sc-svg").bounding_box()
    explorable.get_by_role("button", name="full screen", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.fullscreenElement?.matches('.sc-explorable')")
    boxes = {part: explorable.locator(part).bounding_box() for part in (".sc-svg", ".sc-controls", ".sc-sentence")}
    figure, controls = boxes[".sc-svg"], boxes[".sc-controls"]
    for part, box in boxes.items():
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= width, part
        assert box["y"] + box["height"] <= 900, part
    if width > 900:
        assert figure["width"] > 1.4 * before["width"]
        assert controls["x"] >= figure["x"] + figure["width"]
    assert violations(page, runOnly=["color-contrast"]) == []
    sentence = explorable.locator(".sc-sentence").inner_text()
    explorable.locator("[data-control]").last.press("Home")
    assert explorable.locator(".sc-sentence").inner_text() != sentence
    explorable.get_by_role("button", name="leave full screen").press("Enter")
    page.wait_for_function("!document.fullscreenElement && document.activeElement.textContent === 'full screen'")
    assert explorable.locator(".sc-svg").bounding_box()["width"] == before["width"]


def test_a_browser_that_has_no_full_screen_shows_no_button_for_it(open_page):
    page = open_page("intro")
    assert page.locator(".sc-full").first.is_visible()
    page.add_init_script("Object.defineProperty(Document.prototype, 'fullscreenEnabled', { value: false })")
    page.reload()
    assert not page.locator(".sc-full").first.is_visible()


def test_the_keys_of_a_remote_control_turn_the_page_and_not_a_slider(open_page):
    page = open_page("intro", reduced_motion="reduce")
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
    figures = re.findall(r'<figure class="sc-picture sc-explorable"(?: id="(.*?)")? aria-label', html)
    links = re.findall(r'<a href="#(.*?)" aria-label="Link to this figure">', html)
    assert figures == links == [f"explorable-{number}" for number in range(1, len(figures) + 1)]
    assert figures


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
    page = open_page(name)
    logo = page.locator(".navbar-brand .logo__image:visible")
    assert logo.count() == 1
    assert len(logo.get_attribute("alt")) > 20
    assert logo.evaluate("e => e.complete && e.naturalWidth > 0")
    assert page.locator(".navbar-brand").get_attribute("href") == "intro.html"
    assert page.locator('link[rel="icon"]').get_attribute("href").endswith("logo.svg")
