"""Lets a plain link be a citation, a reference, or a hand on a control.

A notebook links a work by `[Lewis (1969)](references.bib#lewis1969convention)`
and a statement of another chapter by
`[Theorem *Missing mass*](imitation.ipynb#thm-missing)`. The pages know more:
they check both, link the entry of the bibliography and the statement itself,
and give its number. So they are built from roles in place of such links.

A link as `[Move K to 1000](#fig-phase-curve&episodes=1000)` moves the controls
of a figure of its own page. It leads nowhere that the other tools know.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from sphinx.application import Sphinx

WORK = r"\[[^][]+\]\(references\.bib#(\w+)\)"
IN_BRACKETS = rf"\({WORK}(?:; {WORK})*\)"
STATE = r"\[([^][]+)\]\((#fig-[\w-]+&[^()\s]+)\)"
STATEMENT = r"\[[^][]+\]\(\w+\.ipynb#([\w-]+)\)"


def as_roles(text: str) -> str:
    """Return the text with roles in place of links to works and statements."""

    def cited(found: re.Match[str]) -> str:
        return f"{{cite:p}}`{','.join(re.findall(WORK, found[0]))}`"

    def moving(found: re.Match[str]) -> str:
        # no double quotes: the source of a notebook is JSON
        return f"<a class='sc-move' href='{escape(found[2])}'>{found[1]}</a>"

    text = re.sub(STATE, moving, text)
    text = re.sub(IN_BRACKETS, cited, text)
    text = re.sub(WORK, r"{cite:t}`\1`", text)
    return re.sub(STATEMENT, r"{prf:ref}`\1`", text)


def read(_app: Sphinx, _name: str, source: list[str]) -> None:
    """Read a page as if it were written with roles."""
    source[0] = as_roles(source[0])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("source-read", read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
