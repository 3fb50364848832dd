"""What all tests share: reproducible examples, the order of the files, and a book built while the package is tested."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from filelock import FileLock
from hypothesis import settings

ROOT = Path(__file__).parents[1]

# hypothesis draws the same examples every time and has no deadline
settings.register_profile("book", derandomize=True, deadline=None, max_examples=60, database=None)
settings.load_profile("book")


def pytest_collection_modifyitems(items):
    """Order the files so that all processes are busy: what needs the built book when it is built, short files last."""
    later = {"book": 1, "claims": 2}
    items.sort(key=lambda item: later.get(item.path.parent.name, 0))


@pytest.fixture(scope="session", autouse=True)
def book_in_the_making(request, tmp_path_factory):
    """Begin to build the book if a test will need it, and return a function that waits for (trouble, its pages)."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared
    if any("built_book" in getattr(item, "fixturenames", ()) for item in request.session.items):
        Thread(target=_build, args=(shared,), daemon=True).start()
    return lambda: (_build(shared), shared / "book" / "_build" / "html")


def _build(shared):
    """Build the book unless another process has; return what went wrong, or nothing."""
    log = shared / "book.log"
    with FileLock(shared / "book.lock"):
        if not log.exists():
            command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-n", "-W", "--keep-going"]
            command += ["--path-output", shared / "book"]
            run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
            trouble = run.stdout[-3000:] + run.stderr[-3000:] if run.returncode else ""
            log.write_text(trouble, encoding="utf-8")
    return log.read_text(encoding="utf-8")
