"""Cells: how a move, a type or a number may be written, in a table or an array."""

from __future__ import annotations

import re
import reprlib
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from socialcoop.games import Game

INTEGER = re.compile("[+-]?[0-9]{1,18}")
MISSING = ("", "NA", "NaN", "nan", "none", "None", "null")
MISSED = -1  # stands for a move that was not observed


@dataclass(frozen=True)
class Column:
    """What the cells of one column may hold: integers from ``low`` to ``high``, or names that stand for them.

    The texts in ``missing`` mean that a move was not observed.
    """

    name: str
    low: int
    high: int
    codes: dict[str, int] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()

    def read(self, cell: str) -> int:
        """Return the integer that a cell stands for, or ``MISSED``."""
        text = normal(cell)
        if text in self.missing:
            return MISSED
        if not text:
            raise ValueError(f"{self.name} is empty")
        if text in self.codes:
            return self.codes[text]
        if INTEGER.fullmatch(text) and self.low <= int(text) <= self.high:
            return int(text)
        names = f" or one of {reprlib.repr(list(self.codes))}" if self.codes else ""
        raise ValueError(
            f"{self.name} must be an integer from {self.low} to {self.high}{names}, got {reprlib.repr(text)}"
        )


def moves(name: str, game: Game) -> Column:
    """Return a column of actions of a game; what is missing was missed, unless an action is called so."""
    called = {normal(action) for action in game.action_names}
    missing = frozenset(text for text in MISSING if not text or text not in called)
    return Column(name, 0, game.n_actions - 1, _codes(game.action_names), missing)


def types(name: str, game: Game) -> Column:
    """Return a column of types of a game."""
    return Column(name, 0, game.n_types - 1, _codes(game.type_names))


def normal(text: str) -> str:
    """Return a text without blanks around it; one letter with an accent is one character, as not on every machine."""
    return unicodedata.normalize("NFC", text.strip())


def text_of(value: Any) -> str:
    """Return what a table would hold for a value: nothing where it is missing, no fraction where it is whole."""
    if isinstance(value, str):
        return value
    if value is None or value is np.ma.masked:
        return ""
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return str(int(value))
    try:
        if value != value:  # NaN, or no time
            return ""
    except TypeError:  # pandas.NA is neither equal to itself nor not
        return ""
    except ValueError:  # an array
        return str(value)
    return str(int(value)) if isinstance(value, float | np.floating) and float(value).is_integer() else str(value)


def _codes(names: tuple[str, ...]) -> dict[str, int]:
    """Return which integer each name stands for, without names that are ambiguous or look like integers."""
    texts = [normal(name) for name in names]
    count = Counter(texts)
    return {text: code for code, text in enumerate(texts) if count[text] == 1 and not INTEGER.fullmatch(text)}
