"""What the build adds to Sphinx: stored frames, and mathematics offline."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from shutil import copy, copytree
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

MATHJAX = "tex-chtml.js"  # holds all that the pages use, except the fonts


def copy_mathjax(app: Sphinx, error: Exception | None) -> None:
    """Copy what the pages load of MathJax, one component and its fonts."""
    if error is not None or app.builder.format != "html":
        return
    spec = find_spec("sphinx-mathjax-offline")
    if spec is None or spec.origin is None:
        raise ExtensionError(
            "sphinx-mathjax-offline is missing: pip install -r requirements.txt"
        )
    source = Path(spec.origin).parent / "static" / "mathjax"
    target = Path(app.outdir) / "_static" / "mathjax"
    fonts = Path("output", "chtml", "fonts", "woff-v2")
    copytree(source / fonts, target / fonts, dirs_exist_ok=True)
    copy(source / MATHJAX, target / MATHJAX)


def drop_unused_scripts(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: Any,
) -> None:
    """Drop Thebe, which needs a network and which the theme adds twice over."""
    context["script_files"] = [
        script
        for script in context["script_files"]
        if "thebe"
        not in f"{script.filename} {script.attributes.get('body', '')}".lower()
    ]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    os.environ["SOCIALCOOP_DISPLAY"] = (
        "frames"  # the notebooks' kernels inherit it
    )
    app.config.mathjax_path = f"mathjax/{MATHJAX}"
    app.connect("html-page-context", drop_unused_scripts, priority=900)
    app.connect("build-finished", copy_mathjax)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
