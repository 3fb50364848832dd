"""The book as a site: what is searched, shared, lost, and how much of it a reader has to load."""

import json
import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest
import unused
from card import draw
from lighter import with_fewer_marks
from matplotlib.image import imread
from notebooks import NAMES, PAGES, cells_of
from pygments.styles import get_style_by_name
from pygments.token import Token

FOLDER = "/a/host/may/have"  # above the book


class Host(SimpleHTTPRequestHandler):
    """A host that keeps the book in a folder, and shows its page for what it does not find at any depth."""

    def translate_path(self, path):
        """Return the file that an address below the folder stands for."""
        inside = path.startswith(f"{FOLDER}/")
        return super().translate_path(path.removeprefix(FOLDER) if inside else "/nothing")

    def send_error(self, code, message=None, explain=None):
        """Answer with the book's own page."""
        body = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        """Keep quiet."""


@pytest.fixture(scope="module")
def hosted(built_book):
    """Serve the built book; return its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=built_book)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{FOLDER}"
        server.shutdown()


@pytest.fixture(scope="module")
def tab(browser):
    """Start one tab with a network for all tests, which collects what goes wrong in it."""
    context = browser.new_context()
    opened = context.new_page()
    opened.on("console", lambda told: told.type in ("error", "warning") and opened.troubles.append(told.text))
    opened.on("pageerror", lambda error: opened.troubles.append(str(error)))
    yield opened
    context.close()


@pytest.fixture
def page(tab):
    """Return an empty page, and what goes wrong in it."""
    tab.troubles = []
    yield tab
    tab.goto("about:blank")


# --- searched


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("regret", "consistency.html#def-regret"),
        ("external regret", "consistency.html#def-regret"),
        ("Consistency", "consistency.html#def-consistency"),
        ("compatibility", "compatibility.html#def-compatibility"),
        ("Hedge", "consistency.html#def-hedge"),
        ("convention", "notation.html#term-Convention"),
        ("PONE", "notation.html#term-PONE"),
        ("phase", "notation.html#term-Phase"),
    ],
)
def test_a_search_finds_first_where_the_word_is_defined(page, built_book, words, first):
    page.goto(f"{(built_book / 'search.html').as_uri()}?q={words.replace(' ', '+')}")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results li a").first.get_attribute("href") == f"chapters/{first}"
    name, anchor = first.split("#")
    assert f'id="{anchor}"' in (built_book / "chapters" / name).read_text(encoding="utf-8")


def test_what_stands_below_a_result_has_no_formulas_that_are_not_set(page, built_book):
    page.goto((built_book / "search.html").as_uri())
    html = (built_book / "chapters" / "consistency.html").read_text(encoding="utf-8")
    told = page.evaluate("([html, anchor]) => Search.htmlToText(html, anchor)", [html, "#def-regret"])
    assert "External regret" in told
    assert "\\" not in told
    assert "…" in told


def test_every_definition_can_be_searched_by_its_name(built_book):
    index = (built_book / "searchindex.js").read_text(encoding="utf-8")
    titles = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))["alltitles"]
    found = {anchor for places in titles.values() for _, anchor in places}
    pages = [(built_book / "chapters" / f"{name}.html").read_text(encoding="utf-8") for name in NAMES]
    defined = [
        anchor for html in pages for anchor in re.findall(r'<div class="proof definition[^>]*id="(def-.*?)"', html)
    ]
    assert len(defined) > 5
    assert set(defined) - found == set()


# --- linked

# What a course may have linked: this list only grows.
ANCHORS = (Path(__file__).parents[1] / "anchors.txt").read_text(encoding="utf-8").split()


def test_no_address_that_a_course_may_link_is_lost(built_book):
    known = {
        f"{page.stem}#{anchor}"
        for page in (built_book / "chapters").glob("*.html")
        for anchor in re.findall(r' id="([^"]+)"', page.read_text(encoding="utf-8"))
    }
    assert len(ANCHORS) > 400
    assert not set(ANCHORS) - known


def test_every_statement_and_exercise_is_on_the_list():
    labels = {
        f"{name}#{label}"
        for name in NAMES
        for cell in cells_of(name)
        if cell["cell_type"] == "markdown"
        for label in re.findall(r"^:label: (\S+)$", cell["source"], re.MULTILINE)
    }
    assert not labels - set(ANCHORS)


# --- lost


@pytest.mark.parametrize("address", ["/lost", "/chapters/lost.html", "/chapters/deep/er/", "/_static/lost?a=1#b"])
def test_a_wrong_address_leads_back_to_the_book_from_any_depth(page, hosted, address):
    page.goto(hosted + address)
    assert page.locator("h1").inner_text() == "Nothing stands here"
    page.wait_for_function("document.links[0].href.includes('/have/chapters/intro.html')")
    for link, title in ((0, "Why did Alice"), (1, "Search")):
        page.goto(hosted + address)
        page.wait_for_function("document.links[0].href.includes('/have/chapters/intro.html')")
        page.locator("a").nth(link).click()
        page.wait_for_load_state()
        assert title in page.title()


def test_without_a_host_the_page_for_wrong_addresses_leads_back_too(page, built_book):
    page.goto((built_book / "404.html").as_uri())
    page.locator("a").first.click()
    page.wait_for_load_state()
    assert page.url == (built_book / "chapters" / "intro.html").as_uri()


# --- shared


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_viewport_and_names_a_picture_to_share(built_book, name):
    path = built_book / "chapters" / f"{name}.html"
    head = path.read_text(encoding="utf-8").split("</head>")[0]
    assert head.count('name="viewport"') == 1
    meta = dict(re.findall(r'<meta property="(og:.*?)" content="(.*?)"', head))
    card = imread(path.parent / meta["og:image"])
    assert card.shape[:2] == (int(meta["og:image:height"]), int(meta["og:image:width"])) == (630, 1200)
    assert len(meta["og:image:alt"]) > 40
    assert {"og:title", "og:description", "og:type", "og:site_name"} <= set(meta)


def test_a_card_has_its_title_within_it(tmp_path):
    draw("Social Cooperation, Executed", tmp_path / "card.png")
    card = imread(tmp_path / "card.png")[..., :3].min(axis=2)
    assert (card < 0.5).sum() > 10_000
    assert (card[:, :40] == 1).all()
    assert (card[:, -40:] == 1).all()


# --- loaded


def loaded(path):
    """Return the files that a page or a style sheet loads, without fonts and without what sets formulas."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".css":
        asked = re.findall(r"""(?:url\(|@import )["']?([^"')]+)""", text)
    else:
        tags = " ".join(re.findall(r"<(?:script|img|source|link)[^>]*>", text))
        asked = re.findall(r'(?: src|<link [^>]*?href)="([^"]+)"', tags)
    local = {(path.parent / address.partition("?")[0]).resolve() for address in asked if not re.match(r"\w+:", address)}
    files = {each for each in local if each.suffix in (".css", ".js", ".svg", ".png") and "mathjax" not in each.parts}
    return files.union(*(loaded(sheet) for sheet in files if sheet.suffix == ".css"))


@pytest.mark.parametrize("name", [*(f"chapters/{name}" for name in PAGES), "genindex", "search", "404"])
def test_a_page_loads_less_than_a_megabyte(built_book, name):
    path = (built_book / f"{name}.html").resolve()
    files = loaded(path)
    assert name == "404" or {"basic.css", "pydata-sphinx-theme.css", "bootstrap.js"} <= {file.name for file in files}
    assert sum(file.stat().st_size for file in {path, *files}) < 1_000_000


# Selectors of a sheet that choose something in this page, whatever its state, and that another sheet has not.
MISSED = """([whole, left]) => {
  const selectors = (text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    const within = (rules, where) => [...rules].flatMap((rule) => {
      const own = rule.selectorText?.split(/,(?![^(]*\\))/).map((each) => [each.trim(), where]) ?? [];
      return rule.type === CSSRule.KEYFRAMES_RULE ? [] : [
        ...own, ...within(rule.cssRules ?? [], where + (rule.conditionText ?? ""))];
    });
    return within(sheet.cssRules, "");
  };
  const stateless = (selector) => selector.replace(/::?[a-z-]+(\\((?:[^()]|\\([^()]*\\))*\\))?/g, "")
    .replace(/(^|[\\s>+~])(?=$|[\\s>+~])/g, "$1*");
  const every = selectors(whole);
  const used = every.filter(([selector]) => document.querySelector(stateless(selector)));
  const kept = new Set(selectors(left).map(String));
  return { every: every.length, kept: kept.size, used: used.length,
    missed: used.map(String).filter((one) => !kept.has(one)) };
}"""


@pytest.mark.parametrize("name", ["chapters/intro", "chapters/consistency", "chapters/api", "search"])
def test_every_rule_of_the_theme_that_a_page_uses_is_kept(page, built_book, name):
    (whole,) = Path(find_spec("pydata_sphinx_theme").origin).parent.rglob("static/styles/pydata-sphinx-theme.css")
    left = built_book / "_static" / "styles" / whole.name
    page.goto((built_book / f"{name}.html").as_uri())
    found = page.evaluate(MISSED, [sheet.read_text(encoding="utf-8") for sheet in (whole, left)])
    icon = re.compile(r"\.fa-[\w-]+::before,")  # icons.css draws them
    assert [each for each in found["missed"] if not icon.fullmatch(each)] == []
    assert found["used"] > 200
    assert found["kept"] < found["every"] / 2


def test_a_rule_that_nothing_uses_has_left(built_book):
    sheets = [path.read_text(encoding="utf-8") for path in (built_book / "_static").rglob("*.css")]
    for name in ("accordion-button", "sd-btn-outline-primary", "fa-spin-pulse"):
        assert not [path for path in built_book.rglob("*.html") if name in path.read_text(encoding="utf-8")]
        assert not [text for text in sheets if name in text]


@pytest.mark.parametrize(
    ("sheet", "left"),
    [
        (".used { top: 1px; }\n.not { top: 1px }", ".used{top:1px}"),
        (".not, .used > p, #not {top:1px}", ".used > p{top:1px}"),
        ("p.not a, [class=not] {top:1px}", "[class=not]{top:1px}"),
        (".used:not(.not), :is(.not) {top:1px}", ".used:not(.not),:is(.not){top:1px}"),
        (
            "@media print {.not {top:1px}} @media print {.used {top:1px!important}}",
            "@media print {.used{top:1px!important}}",
        ),
        (".not::-moz-x, .used {top:1px}", ".not::-moz-x,.used{top:1px}"),
        (".kind-of {top:1px} .kinder {top:1px}", ".kind-of{top:1px}"),
        ("p {--a:1px; --b:var(--a); top:1px} .not {left:var(--b)}", "p{top:1px}"),
        (
            "p {--a:1px; --b: ; top:var(--a)} .used {left:var( --b, 2px)}",
            "p{--a:1px;--b: ;top:var(--a)}.used{left:var( --b, 2px)}",
        ),
        (
            '@charset "UTF-8"; /* told */ /*! licence */ @font-face {src:x}',
            '@charset "UTF-8";/*! licence */@font-face {src:x}',
        ),
    ],
)
def test_what_may_be_used_of_a_sheet_is_kept(sheet, left):
    used = unused.Used(['<p class="used" id="word">'], ["add(`kind-${word}`)"])
    assert unused.shorter({"a.css": sheet}, used) == {"a.css": left}


def test_a_rule_is_back_when_a_page_uses_it_and_the_page_asks_for_it(tmp_path):
    page, sheet = tmp_path / "page.html", tmp_path / "_static" / "a.css"
    sheet.parent.mkdir()
    told = []
    for name in ("q-one", "q-two", "q-two"):
        page.write_text(f'<link href="_static/a.css?v=1"><p class="{name}">', encoding="utf-8")
        sheet.write_text(".q-one{top:1px}.q-two{top:1px}", encoding="utf-8")  # as Sphinx does
        for _again in range(2):
            unused.lighten(tmp_path)
            told.append((sheet.read_text(encoding="utf-8"), page.read_text(encoding="utf-8").split(">")[0]))
    assert [text for text, _ in told] == [".q-one{top:1px}"] * 2 + [".q-two{top:1px}"] * 4
    addresses = [address for _, address in told]
    assert addresses[0] == addresses[1] != addresses[2] == addresses[5]


def test_code_is_marked_where_it_differs_from_names(built_book):
    block = '<div class="highlight"><pre><span></span>{}</pre></div>'
    assert with_fewer_marks(block.format("plain")) == '<div class="highlight"><pre>plain</pre></div>'
    assert with_fewer_marks(block.format("\nplain")) == block.format("\nplain")
    code = '<span class="n">a</span><span class="p">(</span><span class="mi">1</span>'
    assert (
        with_fewer_marks(block.format(code))
        == '<div class="highlight"><pre class="n">a(<span class="mi">1</span></pre></div>'
    )
    assert (
        with_fewer_marks(f'<dt class="sig py">{code}</dt>{code}')
        == f'<dt class="sig py">a(<span class="mi">1</span></dt>{code}'
    )
    sheet = (built_book / "_static" / "pygments.css").read_text(encoding="utf-8")
    alike = [Token.Name, Token.Name.Namespace, Token.Name.Other, Token.Punctuation, Token.Text.Whitespace]
    for style in ("light", "dark"):
        every = get_style_by_name(f"a11y-high-contrast-{style}")
        (colour,) = {every.style_for_token(token)["color"] for token in alike}
        assert f'[data-theme="{style}"] .highlight .n{{color:#{colour}}}'.lower() in sheet.lower()


@pytest.mark.parametrize("name", PAGES)
def test_what_elements_share_is_loaded_once(built_book, name):
    html = (built_book / "chapters" / f"{name}.html").read_text(encoding="utf-8")
    body = html.split("<article", 1)[1].split("</article>")[0]
    told = re.findall(r"<(style|script)>(.*?)</\1>", body, re.DOTALL)
    assert [text for _, text in told if len(text) > 300] == []
    for sheet in re.findall(r'href="\.\./(_static/shared/[^"?]+)', html):
        assert (built_book / sheet).stat().st_size > 300


@pytest.mark.parametrize("name", ["intro", "alice_revisited"])
def test_a_page_that_a_host_sends_works_and_says_nothing_in_the_console(page, hosted, name):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{hosted}/chapters/{name}.html", wait_until="load")
    page.wait_for_function("!window.MathJax || MathJax.startup.promise")
    page.evaluate("document.querySelectorAll('form.sc-ask').forEach((e) => e.dispatchEvent(new Event('sc-answered')))")
    sentence = page.locator(".sc-explorable .sc-sentence").first
    before = sentence.text_content()
    control = page.locator(".sc-explorable").first.locator("[data-control][type=range]").first
    control.press("Home" if control.input_value() != "0" else "End")
    assert sentence.text_content() != before
    assert page.troubles == []
    assert not [url for url in asked if re.search("fontawesome|searchindex|thebe", url)]
    assert len([url for url in asked if "/shared/" in url]) == len({url for url in asked if "/shared/" in url})


def test_numbers_below_zero_have_a_true_minus(built_book):
    found = {}
    for name in NAMES:
        html = (built_book / "chapters" / f"{name}.html").read_text(encoding="utf-8")
        for data in map(json.loads, re.findall(r'class="sc-data">(.*?)</script>', html, re.DOTALL)):
            texts = re.findall(r">([^<>]+)</text>", "".join(data["parts"]))
            told = [*data["sentences"], *(label for labels in data["labels"] for label in labels), *texts]
            found[name] = found.get(name, []) + [text for text in told if re.search(r"(?<![\w–-])-[\d.∞]", text)]
    assert {name: texts[:2] for name, texts in found.items() if texts} == {}
