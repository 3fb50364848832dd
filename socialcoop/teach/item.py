"""An item: a question made from a seed, with its computed answer and its typical errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite

from socialcoop.book.questions import Question, as_lines, ask, ask_number

NUMBER = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))(?:/(\d+\.?\d*))?(%?)")  # as questions.js has it


@dataclass(frozen=True)
class Verdict:
    """What is said of an answer.

    Attributes
    ----------
    correct
        Whether it is right.
    why
        How one gets to the right answer, or what the error is.

    Examples
    --------
    >>> sc.teach.items.external_regret(seed=0).judge("a lot").correct
    False
    """

    correct: bool
    why: str


@dataclass(frozen=True, repr=False)
class Item:
    """A question with its computed answer and its typical errors, made by a function of ``sc.teach.items``.

    Attributes
    ----------
    name
        The function that made it.
    seed
        The seed it was made from.
    text
        What is asked, in plain text.
    right
        The answer: a number, or one of the choices.
    why
        How one gets there.
    traps
        For each number that one gets by a typical error, what the error is.
    choices
        For each answer to choose from why it is right or wrong; empty where the answer is a number.
    within
        How far from a number an answer still counts as that number.
    table
        Rows of cells that belong to the question, the heads first; empty where there is none.

    Examples
    --------
    >>> sc.teach.items.external_regret(seed=0).question().text[:16]
    'Matching pennies'
    """

    name: str
    seed: int
    text: str
    right: float | str
    why: str
    traps: Mapping[float, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    within: float = 0.005
    table: tuple[tuple[str, ...], ...] = ()

    def question(self) -> Question:
        """Return the item as a question that answers back."""
        if self.choices:
            asked = ask(self.text, self.choices, str(self.right))
        else:
            asked = ask_number(self.text, float(self.right), self.why, self.traps, self.within)
        return replace(asked, table=self.table)

    def __repr__(self) -> str:
        rows = "".join(f"\n{line}" for line in as_lines(self.table))
        right = self.right if isinstance(self.right, str) else f"{self.right:g}"
        return f"Item {self.name}, seed {self.seed}: {self.text}{rows}\nAnswer: {right}. {self.why}"

    def judge(self, given: object) -> Verdict:
        """Return whether an answer is right, and why, as the page's question would.

        Parameters
        ----------
        given
            One of the choices, or a number or its text: 0.25, 0,25, 1/4 and 25 % are the same number.
        """
        if self.choices:
            known = self.choices.get(str(given))
            return Verdict(given == self.right, known or f"Choose one of {', '.join(self.choices)}.")
        value = read_number(given)
        if value is None:
            return Verdict(False, "That is no number.")
        if self._near(value, float(self.right)):
            return Verdict(True, self.why)
        told = (why for trap, why in self.traps.items() if self._near(value, trap))
        return Verdict(False, next(told, "That is another number."))

    def _near(self, value: float, other: float) -> bool:
        return abs(value - other) <= self.within + 1e-9


def read_number(given: object) -> float | None:
    """Return the number that somebody wrote, or None where it is none."""
    if isinstance(given, (int, float)):
        return float(given) if isfinite(given) else None
    plain = re.sub(r"\s", "", str(given)).replace(",", ".").replace("−", "-")
    found = NUMBER.fullmatch(plain)
    if not found or (found[2] and not float(found[2])):
        return None
    return float(found[1]) / float(found[2] or 1) / (100 if found[3] else 1)
