"""Lets the search find definitions first.

What is defined is found by its name, and by the name's last word: who looks
for regret means external regret, too. search.js in the folder _static has the
scores.
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
    """Yield what a page defines, and the anchor of the definition."""
    for node in document.findall(nodes.Element):
        anchor = next(iter(node.get("ids", ())), "")
        if not anchor.startswith("def-"):
            continue
        for title in node.findall(nodes.title):
            if found := NAME.search(title.astext()):
                name = found[1].strip()
                for called in dict.fromkeys((name, name.split()[-1])):
                    yield called, anchor
            break


def add_definitions(app: Sphinx) -> list[Any]:
    """Add the names of what is defined to the titles that are searched."""
    indexer = getattr(app.builder, "indexer", None)
    if indexer is not None:
        for page in sorted(app.env.found_docs):
            titles = indexer._all_titles.get(page)
            if titles is not None:
                found = defined(app.env.get_doctree(page))
                titles += [title for title in found if title not in titles]
    return []


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("html-collect-pages", add_definitions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
