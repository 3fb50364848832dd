"""Gives the glossary's words their meaning where a chapter first uses them.

The first time that a chapter uses a word of the glossary in running text, the
word becomes a link to its entry, with the entry as a tooltip. A chapter that
defines the word itself leaves it alone, and so do headings, boxes and proofs.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.addnodes import glossary, pending_xref
from sphinx.application import Sphinx

GLOSSARY = "chapters/notation"
# Entries whose name is an everyday word as well, and those with a comma, which
# no sentence has.
EVERYDAY = {"change", "commit", "seat", "tuned", "welfare", "certificate"}
# What running text stands in.
OPEN = (
    nodes.document,
    nodes.section,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.list_item,
)


class Entry(NamedTuple):
    """An entry of the glossary: where it is, what it says, and where from."""

    name: str
    anchor: str
    meaning: str
    source: str


def entries(document: nodes.document) -> list[Entry]:
    """Return the entries of the glossary, those with long names first."""
    found = []
    for item in document.findall(nodes.definition_list_item):
        if not isinstance(item.parent.parent, glossary):
            continue
        term, definition = item[0], item[-1]
        paragraph = definition[0]
        (source,) = [it["reftarget"] for it in item.findall(pending_xref)]
        told = "".join(
            part.astext()
            for part in paragraph.children
            if not isinstance(part, pending_xref)
        )
        name = term.astext()
        if "," not in name and name.lower() not in EVERYDAY:
            found.append(Entry(name, term["ids"][0], told.strip(), source))
    return sorted(found, key=lambda entry: -len(entry.name))


def pattern(name: str) -> re.Pattern[str]:
    """Return what finds a word and its plural."""
    case = re.NOFLAG if name.isupper() else re.IGNORECASE
    return re.compile(rf"\b{name}s?\b", case)


def running_text(document: nodes.document) -> list[nodes.Text]:
    """Return the texts of paragraphs that stand in no box and in no link."""
    texts = []
    for paragraph in document.findall(nodes.paragraph):
        above = paragraph.parent
        while above is not None and isinstance(above, OPEN):
            above = above.parent
        if above is None:
            texts += [
                it
                for before, it in zip(
                    [None, *paragraph], paragraph, strict=False
                )
                if isinstance(it, nodes.Text) and not opens_link(before)
            ]
    return texts


def opens_link(node: nodes.Node | None) -> bool:
    """Whether what follows is the text of a link that moves a control."""
    return isinstance(node, nodes.raw) and node.astext().startswith("<a ")


def explained(app: Sphinx, document: nodes.document, page: str) -> None:
    """Explain each word of the glossary once, unless the page defines it."""
    if app.builder.format != "html" or not is_notebook(app, page):
        return
    known = {it for node in document.findall(nodes.Element) for it in ids(node)}
    link = app.builder.get_relative_uri(page, GLOSSARY)
    texts = running_text(document)
    for entry in entries(app.env.get_doctree(GLOSSARY)):
        if entry.source in known or page.endswith(f"/{entry.source}"):
            continue
        finds = pattern(entry.name)
        for place, text in enumerate(texts):
            if found := finds.search(text):
                texts[place : place + 1] = mark(text, found, entry, link)
                break


def ids(node: nodes.Element) -> list[str]:
    """Return the names by which a node is linked."""
    return [*node["ids"], node.get("label", "")]


def is_notebook(app: Sphinx, page: str) -> bool:
    """Whether a page is a chapter, and not one of the reference pages."""
    return str(app.env.doc2path(page)).endswith(".ipynb")


def mark(
    text: nodes.Text, found: re.Match[str], entry: Entry, link: str
) -> list[nodes.Text]:
    """Put a link with its tooltip in the place of the word; return the rest."""
    tip = f"tip-{entry.anchor}"
    html = (
        f'<span class="sc-term"><a href="{link}#{entry.anchor}" '
        f'aria-describedby="{tip}">{escape(found[0])}</a>'
        f'<span class="sc-tip" role="tooltip" id="{tip}">'
        f"<b>{escape(entry.name)}.</b> {escape(entry.meaning)}</span></span>"
    )
    before, after = map(
        nodes.Text, (text[: found.start()], text[found.end() :])
    )
    text.parent.replace(
        text, [before, nodes.raw("", html, format="html"), after]
    )
    return [before, after]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("doctree-resolved", explained)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
