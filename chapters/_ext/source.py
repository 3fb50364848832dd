"""Puts what one may take away beside the pages: the source, and the package.

The package comes as a wheel, which a notebook on a hub can install.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sphinx.application import Sphinx

NAME = "social-cooperation-executed"
PARTS = (
    ".ci",
    ".github",
    ".gitignore",
    "CITATION.cff",
    "LICENSE",
    "README.md",
    "_config.yml",
    "_toc.yml",
    "chapters",
    "pyproject.toml",
    "requirements.txt",
    "socialcoop",
    "tests",
)
LEFT_OUT = (".", "__pycache__", "_build")  # how caches begin


def pack(root: Path, target: Path) -> None:
    """Pack the source in the folder ``root``: same files, same bytes."""
    with ZipFile(target, "w") as archive:
        for path in sorted(sources(root)):
            info = ZipInfo(f"{NAME}/{path.relative_to(root).as_posix()}")
            info.create_system = 3  # so that the permissions count
            info.external_attr = 0o644 << 16
            archive.writestr(info, path.read_bytes(), ZIP_DEFLATED)


def sources(root: Path) -> Iterator[Path]:
    """Yield the files that the book is made of."""
    for part in PARTS:
        if (root / part).is_file():
            yield root / part
        for path in (root / part).rglob("*"):
            inner = path.relative_to(root / part).parts
            if path.is_file() and not any(
                name.startswith(LEFT_OUT) for name in inner
            ):
                yield path


def wheel(root: Path, folder: Path) -> None:
    """Build the package in the folder ``root``: same files, same bytes."""
    build = "from hatchling import build; build.build_wheel(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", f"import sys; {build}", folder],
        cwd=root,
        check=True,
        capture_output=True,
    )


def beside_the_pages(app: Sphinx, error: Exception | None) -> None:
    """Pack the source that was built, and its package."""
    if error is None and app.builder.format == "html":
        root, target = Path(app.srcdir), Path(app.outdir) / "_static"
        pack(root, target / f"{NAME}.zip")
        wheel(root, target)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("build-finished", beside_the_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
