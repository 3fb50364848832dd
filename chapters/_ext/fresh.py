"""Rebuilds every page when what the pages are made with has changed."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

PACKAGE = "socialcoop"
KINDS = {".py", ".css", ".js", ".html"}


def fingerprint(*folders: Path, release: str = "") -> str:
    """Return a text that changes with any file in the folders, its name too.

    And with the release. Caches and the like do not count.
    """
    digest = sha256(release.encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in KINDS and path.is_file():
                name = path.relative_to(folder).as_posix()
                content = path.read_bytes()
                digest.update(f"{name} {len(content)} ".encode() + content)
    return digest.hexdigest()


def made_with() -> str:
    """Return the fingerprint of the package that is installed, and of this."""
    spec = find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    folders = [Path(place) for place in places or ()]
    here = Path(__file__).parent
    return fingerprint(*folders, here, release=version(PACKAGE))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx: pages read with another value are read again.

    Then the notebooks are executed again, too: see side_by_side.
    """
    app.add_config_value("made_with", made_with(), "env", (str,))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
