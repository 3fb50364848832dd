"""The little TeX of our proofs as HTML: on paper and in a page of feedback no script sets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

SIGNS = {r"\max": "max", r"\nu": "ν", "-": "−", "'": "′"}
TOKEN = re.compile(r"\\[A-Za-z]+|\\?.", re.DOTALL)
SHIFTS = {"_": "sub", "^": "sup"}


def as_html(text: str) -> str:
    """Return a text as HTML, with what stands between dollars set as a formula."""
    parts = text.split("$")
    if len(parts) % 2 == 0:
        raise ValueError(f"text must have a second dollar for each first, got {text!r}")
    return "".join(_formula(part) if place % 2 else escape(part, quote=False) for place, part in enumerate(parts))


def _formula(tex: str) -> str:
    """Return a formula: letters slanted, what hangs below or above set so, all signs as signs."""
    tokens = iter(TOKEN.findall(tex))
    return "".join(_set(token, tokens) for token in tokens)


def _set(token: str, following: Iterator[str]) -> str:
    """Return one token with what belongs to it, which is taken from those that follow."""
    if token in SHIFTS:
        return f"<{SHIFTS[token]}>{_set(next(following), following)}</{SHIFTS[token]}>"
    if token == "{":
        return "".join(_set(inner, following) for inner in iter(lambda: next(following), "}"))
    if token in SIGNS:
        return SIGNS[token]
    if token.startswith("\\"):
        raise ValueError(f"text must have formulas of {', '.join(SIGNS)}, letters and numbers alone, got {token!r}")
    return f"<i>{token}</i>" if token.isalpha() else escape(token, quote=False)
