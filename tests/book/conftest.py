"""The built book, and a browser without a network to read it in."""

import os
from collections import defaultdict

import pytest
from browsers import find_browser, looked_for
from notebooks import PAGES
from screens import set_screen

SCREEN = {"width": 1280, "height": 900}
# What a page is told of its reader, and can be told anew.
USUAL = {"media": "screen", "color_scheme": "light", "reduced_motion": "no-preference", "forced_colors": "none"}
MATHJAX = "/mathjax/tex-chtml.js"


@pytest.fixture(scope="session")
def built_book(book_in_the_making):
    """Wait for the whole book, built with warnings as errors, once for all test processes; return its folder."""
    trouble, pages = book_in_the_making()
    if trouble:
        pytest.fail(f"the book does not build:\n{trouble}", pytrace=False)
    return pages


@pytest.fixture(scope="session")
def browser():
    """Start a browser as the PDF has it; without one the tests are skipped, except where CI promises one."""
    found = find_browser()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{looked_for()}, though CI installs one")
        pytest.skip(f"{looked_for()}; the built pages are not tested")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        started = playwright.chromium.launch(executable_path=found, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="session")
def idle_tabs():
    """Keep the tabs that no test has at present, by their settings: to start one costs more than to open most pages."""
    return defaultdict(list)


@pytest.fixture
def open_tab(browser, idle_tabs):
    """Return a function that opens an empty tab offline, which no other test has and which collects what goes wrong."""
    lent = []

    def opened(width=1280, height=900, **settings):
        look = USUAL | {name: settings.pop(name) for name in USUAL if name in settings}
        idle = idle_tabs[repr(sorted(settings.items()))]
        page = idle.pop() if idle else _watched(browser.new_context(offline=True, **settings))
        lent.append((idle, page))
        page.troubles = []
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**look)
        return page

    yield opened
    for idle, page in lent:
        _emptied(page)
        idle.append(page)


@pytest.fixture
def open_own_tab(browser):
    """Return a function that opens a tab that nobody has later: for what stays in it, as a clock that is stopped."""
    contexts = []

    def opened(width=1280, height=900, **settings):
        size = {"width": width, "height": height}
        contexts.append(browser.new_context(viewport=size, offline=True, **settings))
        return _watched(contexts[-1])

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def open_timed(open_own_tab):
    """Return a function that opens an address in a tab where time passes when the test says so."""

    def opened(address, width=1280, height=900, **settings):
        page = open_own_tab(width, height, **settings)
        page.clock.install(time=0)
        page.goto(address)
        page.clock.pause_at(60_000)
        return page

    return opened


@pytest.fixture
def open_page(built_book, open_tab):
    """Return a function that opens a page of the book in a tab of its own."""

    def opened(name, width=1280, theme="light", waits=False, formulas=True, height=900, **settings):
        page = open_tab(width, height, color_scheme=theme, **settings)
        return _opened(page, built_book, name, waits, formulas)

    return opened


@pytest.fixture(scope="module")
def tab(browser):
    """Start one tab to read all pages in: what they share, scripts above all, is made ready once."""
    context = browser.new_context(viewport=SCREEN, offline=True, color_scheme="light", reduced_motion="reduce")
    yield _watched(context)
    context.close()


@pytest.fixture(scope="module")
def turn_to(built_book, tab):
    """Return a function that opens a page of the book in the one tab, as a reader finds it, for several tests."""

    def turned(name, **how):
        tab.set_viewport_size(SCREEN)
        return _opened(tab, built_book, name, waits=True, **how)

    yield turned
    tab.goto("about:blank")


@pytest.fixture(scope="module", params=PAGES)
def read_page(turn_to, request):
    """Open each page of the book once for all tests that read it."""
    return turn_to(request.param)


@pytest.fixture(scope="module")
def answered_page(read_page):
    """Give each page of the book from where all its questions have been answered."""
    read_page.evaluate(ANSWERED)
    return read_page


@pytest.fixture
def page(answered_page, request):
    """Give a test each page of the book in turn, light, on a screen of the width that the test asks for.

    Tests that ask for the same width stand together: to set a long page anew costs more than most tests.
    """
    asked = request.node.get_closest_marker("screen")
    size = SCREEN | (asked.kwargs if asked else {})
    if answered_page.viewport_size != size:
        set_screen(answered_page, **size)
    yield answered_page
    answered_page.emulate_media(media="screen")
    answered_page.evaluate(LIGHT)


# Light again: a theme set anew has the whole page styled anew, even if it is the same.
LIGHT = "document.documentElement.matches('[data-theme=light]') || (document.documentElement.dataset.theme = 'light')"


# As if every question had been answered: all is shown, and the focus stays where it is.
ANSWERED = (
    """document.querySelectorAll('form.sc-ask').forEach((form) => form.dispatchEvent(new Event('sc-answered')))"""
)


def _watched(context):
    """Return a new tab that collects what goes wrong in it."""
    page = context.new_page()
    page.troubles, page.left_out = [], []
    page.network = context.new_cdp_session(page)
    page.network.send("Network.enable")
    page.on("request", lambda r: r.url.startswith(("file:", "data:")) or page.troubles.append(f"asks {r.url}"))

    def fails(request):
        if not any(name in request.url for name in page.left_out):
            page.troubles.append(f"fails {request.url}")

    page.on("requestfailed", fails)
    page.on("pageerror", lambda error: page.troubles.append(f"raises {error}"))
    return page


def _leave_out(page, files):
    """Have the tab load none of these files from now on."""
    if files != page.left_out:
        page.left_out = files
        # a book that was built anew asks for a file with a mark of its content behind the name
        page.network.send("Network.setBlockedURLs", {"urls": [f"*{name}*" for name in files]})


def _emptied(page):
    """Leave nothing in a tab of what a test did there."""
    _leave_out(page, [])
    page.mouse.move(0, 0)
    if page.url.startswith("file:"):
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.goto("about:blank")


def _opened(page, built_book, name, waits=False, formulas=True):
    """Open a page of the book; unless it is to wait for answers, show all that follows a question."""
    page.troubles = []
    _leave_out(page, [] if formulas else [MATHJAX])
    page.goto((built_book / "chapters" / f"{name}.html").as_uri(), wait_until="load")
    if formulas:
        page.wait_for_function("!window.MathJax || MathJax.startup.promise")
        page.evaluate("window.MathJax ? MathJax.startup.promise : null")
    if not waits:
        page.evaluate(ANSWERED)
    return page
