"""What the build adds to Sphinx: frames, mathematics offline, descriptions."""

from __future__ import annotations

import os
import re
from collections import Counter
from html import escape
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from shutil import copy, copytree
from textwrap import shorten
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

MATHJAX = "tex-chtml.js"  # holds all that the pages use, except the fonts
LONGEST = 200  # characters of a page's description
PACKAGE = version("socialcoop")

# What extensions write and assistive technology stumbles over.
MENDED = [
    # the empty corner of a table, which heads nothing
    (
        re.compile(r'<th(?: class="head")?>\s*(?:<p>\s*</p>)?\s*</th>'),
        "<td></td>",
    ),
    # one name, given to every proof, exercise and solution of a page
    (re.compile(r' id="(proof|exercise|solution)(-content)?"'), ""),
    # a deprecated role, and not one that a list may hold
    (re.compile(r'role="doc-biblioentry"'), 'role="listitem"'),
    # a signature's parameters, as a list of definitions without terms
    (
        re.compile(r'<dl>\n((?:<dd><em class="sig-param.*</dd>\n)+)</dl>'),
        lambda found: re.sub("(?<=<)d[ld]|(?<=</)d[ld]", "div", found[0]),
    ),
    # a name that hides what stands there to be read
    (re.compile(r'(<summary) aria-label="Toggle hidden content"'), r"\1"),
    # a formula and the signs around it, which stay in one line
    (
        re.compile(
            r'([(“]?)(<span class="math notranslate nohighlight">[^<]*</span>)'
            r"([.,;:!?)”’]+)"
        ),
        r'<span class="sc-together">\1\2\3</span>',
    ),
    # the blank before a link, which is not part of it
    (re.compile(r"(Solution to)(<a [^>]*>) "), r"\1 \2"),
    # a long name in code, which breaks between its words
    (
        re.compile(r'(?<=<span class="pre">)[^<>&]{12,}(?=</span></code>)'),
        lambda found: re.sub("(::|[/_.])", r"\1<wbr>", found[0]),
    ),
    # around each word of code, tens of kilobytes where there is much of it
    (re.compile(r'<span class="pre">((?:[^<>]|<wbr>)*)</span>'), r"\1"),
    # an option of a command, which is one word
    (
        re.compile(
            r'(?<=<code class="docutils literal notranslate">)[^<]* --[^<]*'
        ),
        lambda found: re.sub(
            r"(?<= )--[\w-]+",
            r'<span class="sc-together">\g<0></span>',
            found[0],
        ),
    ),
    # folded code, right after folded code that shows nothing: one fold for all
    (
        re.compile(
            r'</details>\n</div>\n<div class="cell (?:tag_code-below )?'
            r'tag_hide-input docutils container">\n'
            r'<details class="admonition hide above-input">\n'
            r"<summary[^>]*>.*?</summary>\n",
            re.DOTALL,
        ),
        "",
    ),
]


# Where an explorable begins, and where its tools do.
EXPLORABLE = re.compile(
    r'(<figure class="sc-picture sc-explorable" id=")([\w-]+)'
    r'(".*?<div class="sc-tools">)',
    re.DOTALL,
)


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


def mend_markup(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: Any,
) -> None:
    """Mend what extensions write, so that assistive technology can follow."""
    for pattern, replacement in MENDED:
        context["body"] = pattern.sub(replacement, context.get("body", ""))


def link_by_last_name(_app: Sphinx, doctree: nodes.document) -> None:
    """Let a name in a docstring lead to its place: the top, or a module."""
    for reference in doctree.findall(pending_xref):
        if reference.get("refdomain") == "py":
            reference["refspecific"] = True


def keep_numbers_whole(_app: Sphinx, doctree: nodes.document) -> None:
    """Let no line break stand within 10 000 or before %."""
    code = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block)
    for text in list(doctree.findall(nodes.Text)):
        whole = re.sub(r"(?<=\d) (?=%|\d{3}\b)", "\N{NO-BREAK SPACE}", text)
        if whole != text and not isinstance(text.parent, (*code, nodes.raw)):
            text.parent.replace(text, nodes.Text(whole))


def link_explorables(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: Any,
) -> None:
    """Give each explorable of a page a link to itself, by a name of its own."""
    seen: Counter[str] = Counter()

    def linked(found: re.Match[str]) -> str:
        seen[found[2]] += 1
        again = f"-{seen[found[2]]}" if seen[found[2]] > 1 else ""
        name = found[2] + again
        link = f'<a href="#{name}" aria-label="Link to this figure">#</a>'
        return f"{found[1]}{name}{found[3]}{link}"

    context["body"] = EXPLORABLE.sub(linked, context.get("body", ""))


def describe(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Say in the page's head what it is about, for search and for sharing."""
    if doctree is None:
        return
    # docutils has a viewport of its own, one too many
    before = re.sub(
        r'<meta name="viewport"[^>]*>\s*', "", context.get("metatags", "")
    )
    meta = {
        "og:site_name": app.config.html_title,
        "og:title": re.sub("<.*?>", "", context["title"]),
        "og:type": "website" if page == app.config.root_doc else "article",
    }
    tags = [("property", name, text) for name, text in meta.items()]
    if text := description(doctree):
        tags += [
            ("name", "description", text),
            ("property", "og:description", text),
        ]
    context["metatags"] = before + "".join(
        f'<meta {kind}="{name}" content="{escape(text)}" />\n'
        for kind, name, text in tags
    )


def description(doctree: nodes.document) -> str:
    """Return what the page says first: its aims, or its first sentences."""
    for node in doctree.findall():
        if isinstance(node, nodes.paragraph):
            return _fitting(re.split(r"(?<=[.?!]) ", _words(node)))
        if isinstance(node, nodes.Admonition):
            aims = [_words(item) for item in node.findall(nodes.list_item)]
            if aims:
                text = _fitting(aims).rstrip(".;")
                return f"{text[0].upper()}{text[1:]}."
    return ""


def _fitting(parts: list[str]) -> str:
    """Return as many of the first parts as a description has room for."""
    text = parts[0]
    for part in parts[1:]:
        if len(text) + 1 + len(part) >= LONGEST:
            break
        text += f" {part}"
    return shorten(text, LONGEST, placeholder=" …")


def _words(node: nodes.Element) -> str:
    """Return a node's text in one line, without the source of formulas."""
    copied = node.deepcopy()
    for formula in list(copied.findall(nodes.math)):
        formula.replace_self(nodes.Text("…"))
    return " ".join(copied.astext().split())


def name_version(_app: Sphinx, config: Any) -> None:
    """Say in the footer of each page which version of the book it is from."""
    options = config.html_theme_options
    footer, told = options["extra_footer"], f"<p>Version {PACKAGE}.</p>"
    if told not in footer:
        config.html_theme_options = options | {"extra_footer": told + footer}


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    os.environ["SOCIALCOOP_DISPLAY"] = (
        "frames"  # the notebooks' kernels inherit it
    )
    app.config.mathjax_path = f"mathjax/{MATHJAX}"
    app.connect("config-inited", name_version)
    app.connect("doctree-read", link_by_last_name)
    app.connect("doctree-read", keep_numbers_whole)
    app.connect("html-page-context", mend_markup)
    app.connect("html-page-context", link_explorables)
    app.connect("html-page-context", describe)
    app.connect("build-finished", copy_mathjax)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
