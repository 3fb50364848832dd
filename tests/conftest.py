"""What all tests share: reproducible examples, the order of the files, and a book built while the package is tested."""

import gc
import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from threading import Thread

import pytest
import stamp
from filelock import FileLock
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).parents[1]
PAGES = "test_pages.py"

os.environ.setdefault("LOKY_MAX_CPU_COUNT", "1")  # notebooks run side by side: each keeps to one processor
gc.disable()  # collecting makes a million objects that stay: to look for others among them takes seconds

# hypothesis draws the same examples every time and has no deadline
settings.register_profile("book", derandomize=True, deadline=None, max_examples=60, database=None)
settings.load_profile("book")


def pytest_collection_modifyitems(items):
    """Order the files so that all processes are busy: the built book when it is built, its pages, in portions, last."""
    later = {"claims": 1, "book": 2}
    items.sort(key=lambda item: (later.get(item.path.parent.name, 0), item.path.name == PAGES))


def pytest_collection_finish():
    """Look for objects that are of no use any more from now on, and only among those that tests make."""
    gc.freeze()
    gc.enable()


class Portions(LoadFileScheduling):
    """A file's tests stay in one process, but the pages of the book are shared out: all tests of a page in one."""

    def _split_scope(self, nodeid):
        file = super()._split_scope(nodeid)
        page = re.split(r"[\[-]", nodeid)[-1]  # the last of a test's parameters
        return file + page if file.endswith(PAGES) else file


def pytest_xdist_make_scheduler(config, log):
    return Portions(config, log)


@pytest.fixture(scope="session", autouse=True)
def book_in_the_making(request, tmp_path_factory):
    """Begin to build the book if a test will need it, and return a function that waits for (trouble, its pages)."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared
    if any("built_book" in getattr(item, "fixturenames", ()) for item in request.session.items):
        Thread(target=_build, args=(shared,), daemon=True).start()
    return lambda: (_build(shared), shared / "book" / "_build" / "html")


def _build(shared):
    """Take or build the book unless another process has; return what went wrong, or nothing."""
    log = shared / "book.log"
    with FileLock(shared / "book.lock"):
        if not log.exists():
            log.write_text(_take(shared) if _is_up_to_date() else _make(shared), encoding="utf-8")
    return log.read_text(encoding="utf-8")


def _is_up_to_date():
    """Whether the book that lies there is made of what is here now, and was built whole, without a warning."""
    kept = ROOT / "_build" / stamp.STAMP
    return kept.exists() and kept.read_text(encoding="utf-8") == stamp.made_of(ROOT)


def _take(shared):
    """Copy the book that lies there: some tests put files beside it."""
    copytree(ROOT / "_build" / "html", shared / "book" / "_build" / "html")
    return ""


def _make(shared):
    """Build the book, with warnings as errors; return what went wrong, or nothing."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "--keep-going"]
    command += ["--path-output", shared / "book"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    return run.stdout[-3000:] + run.stderr[-3000:] if run.returncode else ""
