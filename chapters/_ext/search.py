"""Lets the search find definitions first.

What is defined is found by its name, and by the name's last word where no
chapter before has defined such a thing: who looks for regret means external
regret, and not policy regret. search.js in the folder _static has the scores.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

# In a title: "(External regret; paper, definition 3.1)".
NAME = re.compile(r"\(([^;()]+)")


def defined(document: nodes.document) -> Iterator[tuple[str, str]]:
    """Yield the names that a page defines, and the anchors of definitions."""
    for node in document.findall(nodes.Element):
        anchor = next(iter(node.get("ids", ())), "")
        if not anchor.startswith("def-"):
            continue
        for title in node.findall(nodes.title):
            if found := NAME.search(title.astext()):
                yield found[1].strip(), anchor
            break


def add_definitions(app: Sphinx) -> list[Any]:
    """Add the names of what is defined to the titles that are searched."""
    indexer = getattr(app.builder, "indexer", None)
    known: set[str] = set()
    for page in app.env.collect_relations():  # as they are read
        titles = getattr(indexer, "_all_titles", {}).get(page)
        if titles is None:
            continue
        for name, anchor in defined(app.env.get_doctree(page)):
            short = name.split()[-1]
            called = {name, short} if short not in known else {name}
            known |= called
            titles += [(it, anchor) for it in sorted(called)]
    return []


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("html-collect-pages", add_definitions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
