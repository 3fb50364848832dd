"""Makes pages lighter: what they share is a file, what none uses is left out.

An element that a reader uses brings its style and its script along, so that it
works in a notebook and as a file of its own. In a page each of them would
stand as often as there are elements. Here they are loaded once.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
SHORT = 300  # characters that are not worth a request

# Names, parentheses and blanks of code are marked one by one, though they have
# one colour: where code is a block, the block can say it once, and signatures
# do not show it. This is a fifth of a page with much code.
MARKS = re.compile(r'<span class="(?:n|nn|nx|p|pm|w)">([^<]*)</span>')
SIGNATURE = re.compile(r'<dt class="sig .*?</dt>', re.DOTALL)
BLOCK = re.compile(
    # what is empty keeps a first empty line
    r'(?<=<div class="highlight"><pre)>(?:<span></span>(?!\n))?(.*?)(?=</pre>)',
    re.DOTALL,
)

# The names of the theme's icons, a few thousand, and the fonts that draw them.
ICONS = re.compile(
    r'(?:\.fa-[\w-]+:{1,2}before,?)+\{content:"[^"]*"\}'
    r"|@font-face\{[^}]*Font ?Awesome[^}]*\}"
)


def share(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: Any,
) -> None:
    """Put the styles and scripts of a page into files that pages share."""
    folder = Path(app.outdir) / "_static" / "shared"
    root = "../" * page.count("/")

    def stored(content: str, kind: str) -> str:
        name = f"{sha256(content.encode()).hexdigest()[:10]}.{kind}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
        return f"shared/{name}"

    def styled(found: re.Match[str]) -> str:
        if len(found[1]) < SHORT:
            return found[0]
        # after the book's own style, as in the page
        app.add_css_file(stored(found[1], "css"), priority=900)
        return ""

    def scripted(found: re.Match[str]) -> str:
        if len(found[1]) < SHORT:
            return found[0]
        # in its place: it looks for the element in which it stands
        source = f"{root}_static/{stored(found[1], 'js')}"
        return f'<script src="{source}"></script>'

    body = STYLE.sub(styled, context.get("body", ""))
    context["body"] = SCRIPT.sub(scripted, body)


def mark_once(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: Any,
) -> None:
    """Let code say once what has the colour of names."""
    context["body"] = with_fewer_marks(context.get("body", ""))


def with_fewer_marks(body: str) -> str:
    """Return a page's body with marks on code where they differ alone."""

    def once(block: re.Match[str]) -> str:
        code, dropped = MARKS.subn(r"\1", block[1])
        return f' class="n">{code}' if dropped else f">{code}"

    body = SIGNATURE.sub(lambda found: MARKS.sub(r"\1", found[0]), body)
    body = body.replace('<span class="colon">:</span>', ":")  # no style has it
    return BLOCK.sub(once, body)


def drop_unused_scripts(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: Any,
) -> None:
    """Drop Thebe, which needs a network, and tabs where a page has none."""
    tabs = "sd-tab-set" in context.get("body", "")
    useless = re.compile("thebe" if tabs else "thebe|design-tabs", re.I)
    for kind in ("script_files", "css_files"):
        context[kind] = [
            file
            for file in context[kind]
            if not useless.search(
                f"{file.filename} {file.attributes.get('body', '')}"
            )
        ]


def drop_unused_files(app: Sphinx, error: Exception | None) -> None:
    """Drop the theme's icons, which icons.css draws, and the source maps."""
    if error is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    theme = static / "styles" / "pydata-sphinx-theme.css"
    text = theme.read_text(encoding="utf-8")
    theme.write_text(ICONS.sub("", text), encoding="utf-8")
    icons = (
        path for path in static.rglob("*") if "fontawesome" in path.as_posix()
    )
    for unused in (*static.rglob("*.map"), *icons):
        if unused.is_file():
            unused.unlink()


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("html-page-context", share, priority=800)
    app.connect("html-page-context", mark_once, priority=800)
    app.connect("html-page-context", drop_unused_scripts, priority=900)
    app.connect("build-finished", drop_unused_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
