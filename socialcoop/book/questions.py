"""Questions that answer back: a reader commits to an answer, and learns why it is right or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from socialcoop import checks
from socialcoop.book.element import Element, as_json, script, whole
from socialcoop.book.look import stylesheet

NUMBER = "a number, such as 0.25, 0,25, 1/4 or 25 %"


@dataclass(frozen=True)
class Question(Element):
    """A question with its answer: a form in a page and in a notebook, plain text elsewhere. Made by `ask`.

    Attributes
    ----------
    text
        The question.
    answer
        The answer, and why, as a reader is told who asks for it.
    fields
        What is filled in, as HTML.
    replies
        What the form says, for its script: to each choice, or to a number, and to nothing.
    table
        Rows of cells that belong to the question, the heads first; empty where there is none.

    Examples
    --------
    >>> question = sc.book.ask_number("Two coins: how likely are two heads?", 1 / 4, "Each has 1/2.")
    >>> question.answer
    ('0.25. Each has 1/2.',)
    >>> question.html().startswith("<form")
    True
    """

    text: str
    answer: tuple[str, ...]
    fields: str
    replies: Mapping[str, Any]
    table: tuple[tuple[str, ...], ...] = ()

    def html(self) -> str:
        """Return a form that needs neither kernel nor network; without scripts its answer can be opened."""
        style = f"<style>{stylesheet('questions.css')}</style>"
        return self.form(style, f"<script>{script('questions.js')}</script>")

    def form(self, before: str = "", after: str = "", hidden: bool = False) -> str:
        """Return the form alone, for a page that has its style and its script, or with what is to stand inside."""
        told = "".join(f"<p>{escape(part)}</p>" for part in self.answer)
        return (
            f'<form class="sc-ask" autocomplete="off"{" hidden" if hidden else ""}>{before}'
            f"<fieldset><legend>{escape(self.text)}</legend>{as_table(self.table)}{self.fields}</fieldset>"
            '<button type="submit" hidden>Check</button><output class="sc-reply" role="status"></output>'
            f"<details><summary>Answer</summary>{told}</details>"
            f'<script type="application/json" class="sc-replies">{as_json(self.replies)}</script>{after}</form>'
        )

    def __repr__(self) -> str:
        rows = as_lines(self.table)
        return "\n".join([f"Question: {self.text}", *rows, "Answer: " + "\n        ".join(self.answer)])


def as_table(rows: Sequence[Sequence[str]]) -> str:
    """Return a table as HTML: the first row and the first column are heads; nothing for no rows."""
    if not rows:
        return ""
    corner, *heads = rows[0]
    first = f'<th scope="col">{escape(corner)}</th>' if corner else "<td></td>"
    top = first + "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row)}</tr>'
        for name, *row in rows[1:]
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def as_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table as lines of text, its columns below one another."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def ask(question: str, choices: Mapping[str, str], right: str) -> Question:
    """Return a question of which one answer is to be chosen.

    Parameters
    ----------
    question
        What is asked, in plain text.
    choices
        For each answer why it is right, or why it is not.
    right
        The one that is right. Compute it, so that the question cannot go stale.

    Returns
    -------
    An object that displays itself: as a form that needs neither kernel nor network and keeps no score.

    Raises
    ------
    ValueError, TypeError
        If there are fewer than two choices, one of them without a reason, or if the right one is not among them.

    Examples
    --------
    >>> reasons = {"yes": "It is 1 + 3.", "no": "Add them once more."}
    >>> sc.book.ask("Is the sum of the first two odd numbers 4?", reasons, "yes" if 1 + 3 == 4 else "no")
    Question: Is the sum of the first two odd numbers 4?
    Answer: “yes”. It is 1 + 3.
            Not “no”. Add them once more.
    """
    text = checks.text("question", question)
    reasons = _texts("choices", choices, "a reason for each of two or more answers")
    if len(reasons) < 2 or not all(isinstance(choice, str) and choice.strip() for choice in reasons):
        raise ValueError(f"choices must be a reason for each of two or more answers, got {choices!r}")
    checks.choice("right", right, tuple(reasons))
    fields = "".join(
        f'<label><input type="radio" name="answer" value="{place}"><span>{escape(choice)}</span></label>'
        for place, choice in enumerate(reasons)
    )
    wrong = [f"Not “{choice}”. {why}" for choice, why in reasons.items() if choice != right]
    replies = {
        "choices": list(reasons.values()),
        "right": list(reasons).index(right),
        "empty": "Choose an answer first.",
    }
    return Question(text, (f"“{right}”. {reasons[right]}", *wrong), fields, replies)


def ask_number(
    question: str, right: float, why: str, traps: Mapping[float, str] | None = None, within: float = 0.005
) -> Question:
    """Return a question of which the answer is a number.

    Parameters
    ----------
    question
        What is asked, in plain text.
    right
        The number. Compute it, so that the question cannot go stale.
    why
        How one gets there.
    traps
        For each number that one gets by a typical error, what the error is.
    within
        How far from the right number, or from a trap, an answer still counts as that.

    Returns
    -------
    An object that displays itself: as a form with a field that takes 0.25, 0,25, 1/4 and 25 % for the same number.

    Raises
    ------
    ValueError, TypeError
        If a number is not finite, a trap cannot be told from the right answer, or a reason is missing.

    Examples
    --------
    >>> sc.book.ask_number("How likely are two heads?", 0.5**2, "Each has 1/2.", {0.5: "That is one head."})
    Question: How likely are two heads?
    Answer: 0.25. Each has 1/2.
            Not 0.5. That is one head.
    """
    text, reason = checks.text("question", question), checks.text("why", why)
    value = _finite("right", right)
    near = checks.real("within", within, 0, np.inf, open_high=True)
    errors = {
        _finite("traps", trap): error
        for trap, error in _texts("traps", {} if traps is None else traps, "a reason for each number").items()
    }
    clash = [trap for trap in errors if abs(trap - value) <= 2 * near]
    if clash:
        raise ValueError(f"traps must differ from the right answer, {value:g}, by more than {2 * near:g}, got {clash}")
    fields = '<label><span>Your number</span><input type="text" name="answer" size="10" placeholder="a number"></label>'
    replies = {
        "right": value,
        "within": near,
        "why": reason,
        "traps": [*errors.items()],
        "empty": f"Write {whole(NUMBER)}.",
    }
    wrong = [f"Not {_told(trap)}. {error}" for trap, error in errors.items()]
    return Question(text, (f"{_told(value)}. {reason}", *wrong), fields, replies)


def _told(number: float) -> str:
    """Return a number with three digits that count, and with all those before its point."""
    return f"{number:.0f}" if 1000 <= abs(number) < 1e15 else f"{number:.3g}"


def _finite(name: str, value: Any) -> float:
    return checks.real(name, value, -np.inf, np.inf, open_low=True, open_high=True)


def _texts(name: str, value: Any, wanted: str) -> dict[Any, str]:
    """Return a mapping whose values are texts that say something."""
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be {wanted}, got {value!r}")
    return {key: checks.text(f"{name}[{key!r}]", text) for key, text in value.items()}
