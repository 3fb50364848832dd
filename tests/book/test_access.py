"""The built pages work for everybody: with assistive technology, by keyboard, small, in calm, and when shared."""

import re
from html import unescape

import pytest
from axe_playwright_python.sync_playwright import Axe
from notebooks import NAMES as NOTEBOOKS
from notebooks import PAGES

SCREEN = {"width": 390, "height": 900}  # on which pages are opened here

# Rules of axe that a page may break, each with the reason. None so far.
ACCEPTED = {}

OPEN_EVERYTHING = """async () => {
  document.querySelectorAll('details').forEach((e) => { e.open = true; });
  document.querySelectorAll('.toggle-hidden .toggle-button').forEach((e) => e.click());
  await new Promise((done) => setTimeout(done, 50)); // what listens is told a little later
}"""

# Leave out what only costs time: what is drawn, which has a text in its place, and each further token of code
# that looks like an earlier one.
THIN_OUT = """() => {
  document.querySelectorAll('mjx-math > *, .sc-svg > *').forEach((e) => e.remove());
  const seen = new Set();
  for (const e of document.querySelectorAll('.highlight span, code span, .sig span')) {
    const kind = `${e.parentElement.className} ${e.className}`;
    if (seen.has(kind)) e.replaceWith(...e.childNodes);
    seen.add(kind);
  }
}"""

# Of all texts with the same colours, size and weight, in elements of the same classes all the way up, keep the first.
ONE_OF_A_KIND = """() => {
  const kinds = new Map([[document.documentElement, '']]);
  const kind = (e) => {
    if (!kinds.has(e)) {
      const { color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight } = getComputedStyle(e);
      const look = [color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight].join();
      kinds.set(e, `${kind(e.parentElement)} > ${e.tagName}.${e.getAttribute('class')} ${look}`);
    }
    return kinds.get(e);
  };
  const all = [...document.body.querySelectorAll('*')].filter((e) => e.checkVisibility());
  all.forEach(kind); // before anything changes
  const seen = new Set();
  for (const e of all) {
    const texts = [...e.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!texts.length) continue;
    if (seen.has(kind(e))) texts.forEach((text) => text.remove());
    seen.add(kind(e));
  }
}"""


def violations(page, **options):
    """Return what axe finds, as lines to read."""
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:200]}"
        for rule in found
        if rule["id"] not in ACCEPTED
        for node in rule["nodes"]
    ]


def test_on_a_phone_what_scrolls_can_be_scrolled_by_keyboard_and_text_in_pictures_is_legible(page):
    page.evaluate(OPEN_EVERYTHING)
    assert page.evaluate(OUT_OF_REACH) == []
    assert [size for size in page.evaluate(SIZES_IN_PICTURES) if size < 8.5] == []


def test_axe_finds_nothing_to_mend_on_a_light_or_a_dark_page(page):
    """It takes the page apart, so it comes last. In the dark colours differ; of texts that look alike one will do."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate(OPEN_EVERYTHING)
    page.evaluate(THIN_OUT)
    assert violations(page, rules={"color-contrast": {"enabled": False}}) == []
    page.evaluate(ONE_OF_A_KIND)
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        assert violations(page, runOnly=["color-contrast"]) == []


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
    explorable.locator("[data-control]").last.press("End")
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
    figures = re.findall(r'<figure class="sc-picture sc-explorable"(?: id="(.*?)")?>', html)
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
