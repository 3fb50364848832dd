"""Rebuilds every page when what the pages are made with has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

PACKAGE = "socialcoop"
KINDS = {".py", ".css", ".js", ".html"}


def fingerprint(folder: Path, paths: Iterable[Path]) -> str:
    """Return a text that changes with any of these files, its name too."""
    digest = sha256()
    for path in sorted(paths):
        name, content = path.relative_to(folder).as_posix(), path.read_bytes()
        digest.update(f"{name} {len(content)} ".encode() + content)
    return digest.hexdigest()


def made_with() -> str:
    """Return the fingerprints of the package that is installed, and of this.

    And the release. Caches and the like do not count.
    """
    spec = find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    folders = [*map(Path, places or ()), Path(__file__).parent]
    told = [fingerprint(folder, _code(folder)) for folder in folders]
    return " ".join([version(PACKAGE), *told])


def _code(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.suffix in KINDS and path.is_file():
            yield path


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx: pages read with another value are read again.

    Then the notebooks are executed again, too: see side_by_side.
    """
    app.add_config_value("made_with", made_with(), "env", (str,))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
