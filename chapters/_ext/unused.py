"""Drops from the style sheets of the built book the rules that it never uses.

The theme and the extensions style far more than this book has. A selector
leaves if it names a class or an id that stands nowhere: in no page, no script,
and in none of the files here, which make decks and sheets of the pages. Sphinx
puts the whole sheets back before it writes a page, so that a rule is there
again once a page uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import tinycss2
from sphinx.application import Sphinx
from tinycss2.ast import (
    AtRule,
    Comment,
    Declaration,
    HashToken,
    IdentToken,
    Node,
    QualifiedRule,
)

HERE = Path(__file__).parent
SHARED = "shared"  # what elements bring, in files that are not put back
NESTING = {"media", "supports", "container", "layer"}

WORD = re.compile(r"[\w-]+")
BEGUN = re.compile(r"[A-Za-z][\w-]*-(?=[\"'`]|\$\{)")  # a script says the rest
ASKED = re.compile(r"var\(\s*(--[\w-]+)")
LINK = re.compile(r'(?<=href=")((?:\.\./)*)(_static/[^"?]+\.css)[^"]*')


class Used:
    """The names of classes, ids and properties that may be in use."""

    def __init__(self, texts: Iterable[str], scripts: Iterable[str]) -> None:
        scripts = list(scripts)
        every = [*texts, *scripts]
        self.words = {word for text in every for word in WORD.findall(text)}
        self.begun = tuple(
            {word for text in scripts for word in BEGUN.findall(text)}
        )

    def __contains__(self, name: str) -> bool:
        if not WORD.fullmatch(name):
            return True  # it may be written in more than one way
        return name in self.words or name.startswith(self.begun)


def used_in(html: Path) -> Used:
    """Return what a built book uses, and what is made of it."""
    kinds = {".css", ".html", ".js", ".py"}
    made = [path for path in HERE.rglob("*") if path.suffix in kinds]
    static = html / "_static"
    shared = (static / SHARED).glob("*.css")
    # the search index, which lies above, is prose
    scripts = static.rglob("*.js")
    return Used(_read(*html.rglob("*.html"), *made, *shared), _read(*scripts))


def _read(*paths: Path) -> Iterator[str]:
    return (path.read_text(encoding="utf-8") for path in paths)


def shorter(sheets: dict[str, str], used: Used) -> dict[str, str]:
    """Return style sheets without the rules and properties never used."""
    while True:
        asked = {
            name for text in sheets.values() for name in ASKED.findall(text)
        }
        left = {
            name: _written(_rules(tinycss2.parse_stylesheet, text), used, asked)
            for name, text in sheets.items()
        }
        if left == sheets:  # else what asked for a property may have left
            return sheets
        sheets = left


def _rules(parse: Any, text: Any) -> list[Node]:
    return parse(text, skip_whitespace=True)


def _written(rules: Iterable[Node], used: Used, asked: set[str]) -> str:
    """Return those of some rules that are in use, and licences."""
    parts = []
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            selectors = _selectors(rule.prelude, used)
            body = _body(rule.content, used, asked)
            parts += [f"{selectors}{{{body}}}"] if selectors and body else []
        elif isinstance(rule, AtRule) and _holds_rules(rule):
            inner = _rules(tinycss2.parse_rule_list, rule.content)
            within = _written(inner, used, asked)
            head = f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}"
            parts += [f"{head}{{{within}}}"] if within else []
        elif isinstance(rule, AtRule) or _is_licence(rule):
            parts.append(rule.serialize())
    return "".join(parts)


def _holds_rules(rule: AtRule) -> bool:
    return rule.lower_at_keyword in NESTING and rule.content is not None


def _is_licence(rule: Node) -> bool:
    return isinstance(rule, Comment) and rule.value.startswith("!")


def _selectors(prelude: list[Node], used: Used) -> str:
    """Return those of the selectors before a rule that may choose anything."""
    every: list[list[Node]] = [[]]
    for token in prelude:
        if token == ",":
            every.append([])
        else:
            every[-1].append(token)
    living = [selector for selector in every if _may_choose(selector, used)]
    if living and re.search(r":-\w", tinycss2.serialize(prelude)):
        living = every  # a browser that does not know one of them drops all
    return ",".join(map(str.strip, map(tinycss2.serialize, living)))


def _may_choose(selector: list[Node], used: Used) -> bool:
    """Say no only for sure: what stands within :not() or :is() is not read."""
    named = [
        token.value
        for before, token in zip([None, *selector], selector, strict=False)
        if isinstance(token, HashToken)
        or (isinstance(token, IdentToken) and before == ".")
    ]
    return all(name in used for name in named)


def _body(content: list[Node], used: Used, asked: set[str]) -> str:
    """Return a rule's declarations, without properties that none asks for."""
    parts = []
    for node in _rules(tinycss2.parse_blocks_contents, content):
        if not isinstance(node, Declaration):
            nested = isinstance(node, (AtRule, QualifiedRule))
            parts += [node.serialize()] if nested else []
            continue
        name = node.name
        if not name.startswith("--") or name in asked or name in used:
            value = tinycss2.serialize(node.value).strip() or " "
            parts.append(f"{name}:{value}{'!important' * node.important}")
    return ";".join(parts)


def drop_unused_rules(app: Sphinx, error: Exception | None) -> None:
    """Write the book's sheets anew, and let its pages ask for the new ones."""
    if error is not None or app.builder.format != "html":
        return
    lighten(Path(app.outdir))


def lighten(html: Path) -> None:
    """Drop what a built book does not use of its style sheets."""
    paths = {
        path.relative_to(html).as_posix(): path
        for path in sorted((html / "_static").rglob("*.css"))
        if path.parent.name != SHARED
    }
    whole = {
        name: path.read_text(encoding="utf-8") for name, path in paths.items()
    }
    left = shorter(whole, used_in(html))
    for name, path in paths.items():
        path.write_text(left[name], encoding="utf-8")

    def asked_anew(link: re.Match[str]) -> str:
        # a reader's browser keeps a sheet as long as its address is the same
        if link[2] not in left:
            return link[0]
        version = sha256(left[link[2]].encode()).hexdigest()[:8]
        return f"{link[1]}{link[2]}?v={version}"

    for page in html.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(LINK.sub(asked_anew, text), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx, after all that adds to the built book."""
    app.connect("build-finished", drop_unused_rules, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
