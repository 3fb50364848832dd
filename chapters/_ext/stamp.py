"""Stamps a book that was built whole and without a warning.

The stamp says what the book is made of, so that the tests know whether the
book that lies there is the one they would build.
"""

from __future__ import annotations

from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from fresh import fingerprint
from source import sources
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

STAMP = "made_of"  # its name, beside the folder of the pages


def made_of(root: Path) -> str:
    """Return a text that changes with any source and any installed package."""
    installed = sorted(
        f"{each.name} {each.version}" for each in distributions()
    )
    return "\n".join([fingerprint(root, sources(root)), *installed])


class Stamp:
    """What is known of one build, from its beginning to its end."""

    def __init__(self, app: Sphinx) -> None:
        """Look at the sources before they are read, and drop the old stamp."""
        self.path = Path(app.outdir).parent / STAMP
        self.path.unlink(missing_ok=True)
        self.text = made_of(Path(app.srcdir))
        self.whole = False

    def see_pages(
        self, _app: Sphinx, env: BuildEnvironment, names: list[str]
    ) -> None:
        """Note whether all pages are read: what is not read cannot warn."""
        self.whole = set(names) == env.found_docs

    def put(self, app: Sphinx, error: Exception | None) -> None:
        """Write the stamp, if there was nothing to complain about."""
        clean = error is None and not app._warncount  # with no public name
        if clean and self.whole and app.config.nitpicky:
            self.path.write_text(self.text, encoding="utf-8")


def begin(app: Sphinx) -> None:
    """Watch a build of the pages."""
    if app.builder.format == "html":
        stamp = Stamp(app)
        app.connect("env-before-read-docs", stamp.see_pages)
        app.connect("build-finished", stamp.put, priority=900)  # the last


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("builder-inited", begin)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
