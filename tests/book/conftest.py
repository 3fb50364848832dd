"""The built book, and a browser without a network to read it in."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def built_book(tmp_path_factory):
    """Build the whole book with warnings as errors, once for all test processes; return its folder."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared
    out, log = shared / "book", shared / "book.log"
    with FileLock(shared / "book.lock"):
        if not log.exists():
            command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-n", "-W", "--keep-going"]
            command += ["--path-output", out]
            run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            log.write_text(run.stdout[-3000:] + run.stderr[-3000:] if run.returncode else "")
    if log.read_text():
        pytest.fail(f"the book does not build:\n{log.read_text()}", pytrace=False)
    return out / "_build" / "html"


@pytest.fixture(scope="module")
def browser():
    """Start Chromium; without one the tests are skipped, except where CI promises one."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine, though CI installs one")
        pytest.skip("no Chromium found: install Debian's chromium to test the built pages")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        started = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()


@pytest.fixture
def open_page(built_book, browser):
    """Return a function that opens a page offline, in a context of its own, and collects what goes wrong meanwhile."""
    contexts = []

    def opened(name, width=1280, theme="light", **settings):
        size = {"width": width, "height": 900}
        contexts.append(browser.new_context(viewport=size, offline=True, color_scheme=theme, **settings))
        return _opened(contexts[-1], built_book, name)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def read_page(built_book, browser):
    """Return a function that finds a page at 1280 pixels, opened once for all tests that only read it."""
    size = {"width": 1280, "height": 900}
    context = browser.new_context(viewport=size, offline=True, color_scheme="light", reduced_motion="reduce")
    pages = {}

    def found(name):
        if name not in pages:
            pages[name] = _opened(context, built_book, name)
        return pages[name]

    yield found
    context.close()


def _opened(context, built_book, name):
    page = context.new_page()
    page.troubles = []
    page.on("request", lambda r: r.url.startswith(("file:", "data:")) or page.troubles.append(f"asks {r.url}"))
    page.on("requestfailed", lambda request: page.troubles.append(f"fails {request.url}"))
    page.on("pageerror", lambda error: page.troubles.append(f"raises {error}"))
    page.goto((built_book / "chapters" / f"{name}.html").as_uri(), wait_until="load")
    page.wait_for_function("!window.MathJax || MathJax.startup.promise")
    page.evaluate("window.MathJax ? MathJax.startup.promise : null")
    return page
