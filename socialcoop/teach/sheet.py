"""What a student's notebook calls: it asks the student's own questions, and takes answers."""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import pbkdf2_hmac
from html import escape
from numbers import Real
from textwrap import fill
from typing import Any

from socialcoop.book.questions import NUMBER, Question, as_table
from socialcoop.teach.item import Item, read_number
from socialcoop.teach.items import ITEMS

KNOWN = 0  # the seed of the case that everybody may know
LONGEST = 300  # characters of an answer that are kept
Heard = Callable[[str, str, float | str], None]

_heard: list[Heard] = []  # who is told of each answer: nobody, but for the grading


@dataclass(frozen=True)
class Asked:
    """What is asked of one student: all of an item that does not answer it."""

    text: str
    table: tuple[tuple[str, ...], ...] = ()
    choices: tuple[str, ...] = ()

    @classmethod
    def of(cls, item: Item) -> Asked:
        """Return what an item asks."""
        return cls(item.text, item.table, tuple(item.choices))

    def _repr_html_(self) -> str:
        return as_html(self)

    def __repr__(self) -> str:
        lines = [fill(self.text, 100), *(" | ".join(row) for row in self.table)]
        return "\n".join([*lines, *(f"- {choice!r}" for choice in self.choices)])


def as_html(asked: Asked) -> str:
    """Return a question as HTML: its text, its table, its choices."""
    choices = "".join(f"<li>{escape(choice)}</li>" for choice in asked.choices)
    told = f"<p>{escape(asked.text)}</p>{as_table(asked.table)}"
    return told + (f"<ul>{choices}</ul>" if choices else "")


def titled(name: str) -> str:
    """Return an item's name as a heading."""
    words = [{"pone": "PONE", "nu": "ν"}.get(word, word) for word in name.split("_")]
    return " ".join([words[0][:1].upper() + words[0][1:] if words[0] != "ν" else "ν", *words[1:]])


@cache
def key_of(student: str) -> str:
    """Return under what a student's questions are kept, so that the notebook shows no list of numbers.

    The first time it takes a moment, so that trying all numbers takes long; a number that somebody knows can be tried.
    """
    return pbkdf2_hmac("sha256", student.encode(), b"socialcoop homework", 20_000).hex()[:24]


def packed(title: str, names: Sequence[str], questions: Mapping[str, Mapping[str, Asked]]) -> str:
    """Return a title, the names of all questions, and what each student is asked by the student's key, as a text."""
    kept = {
        key: {name: (asked.text, asked.table, asked.choices) for name, asked in own.items()}
        for key, own in sorted(questions.items())
    }
    told = json.dumps({"title": title, "names": names, "questions": kept}, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(told.encode(), 9)).decode()


def unpacked(text: str) -> tuple[str, list[str], dict[str, dict[str, Asked]]]:
    """Return what `packed` was given."""
    told = json.loads(zlib.decompress(base64.b64decode("".join(text.split()))))
    questions = {
        key: {
            name: Asked(text, tuple(map(tuple, table)), tuple(choices)) for name, (text, table, choices) in own.items()
        }
        for key, own in told["questions"].items()
    }
    return told["title"], told["names"], questions


def opened(
    text: str, student: Callable[[], object]
) -> tuple[Callable[[str], Asked], Callable[..., Any], Callable[[str, object], None]]:
    """Return what a notebook calls: question(name), known(name, value) and answer(name, value)."""
    sheet = _Sheet(text, student)
    return sheet.question, sheet.known, sheet.answer


def listen(heard: Heard) -> None:
    """Let somebody be told of each answer: who gives it, to what, and which."""
    _heard.append(heard)


class _Sheet:
    def __init__(self, text: str, student: Callable[[], object]) -> None:
        _, _, self._questions = unpacked(text) if text else ("", [], {})
        self._student = student

    def _who(self) -> str:
        return str(self._student()).strip()

    def _own(self) -> dict[str, Asked]:
        who = self._who()
        if not who:
            raise ValueError("Write your student number into the first cell, between the quotes, and run it.")
        own = self._questions.get(key_of(who))
        if own is None:
            raise ValueError(f"This sheet has no questions for the number {who!r}. Look at the first cell.")
        return own

    def question(self, name: str) -> Asked:
        """Return the student's own question."""
        own = self._own()
        if name not in own:
            raise ValueError(f"There is no question {name!r}. There are {', '.join(own)}.")
        return own[name]

    def known(self, name: str, value: object = None) -> Question | None:
        """Return the known case of a question, which answers back; with a value, say whether that is right for it."""
        item = ITEMS[name](KNOWN)
        if value is None:
            return item.question()
        verdict = item.judge(value)
        print(f"The known case: {'this is its answer' if verdict.correct else 'no'}. {verdict.why}")
        print("Of your own question this says nothing.")
        return None

    def answer(self, name: str, value: object) -> None:
        """Take an answer, and say whether its form is right."""
        if value is ...:
            print(f"{name}: not answered yet.")
            return
        plain = _plain(value)
        for heard in _heard:
            heard(self._who(), str(name)[:LONGEST], plain)
        print(f"{name}: {self._form(name, plain)}")

    def _form(self, name: str, value: float | str) -> str:
        """Return what can be said of an answer's form."""
        try:
            asked = self.question(name)
        except ValueError as error:
            return str(error)
        if asked.choices:
            choice = as_choice(value, asked.choices)
            fits, wanted = choice in asked.choices, f"Write one of {', '.join(map(repr, asked.choices))}"
            read = f"it is the choice {choice!r}"
        else:
            number = read_number(value)
            fits, wanted = number is not None, f"Write {NUMBER}"
            read = f"it reads as the number {number:g}" if number is not None else ""
        if not fits:
            return f"{wanted}; got {value!r}."
        return f"the form is right: {read}. Whether the answer is right, the marking will say."


def as_choice(value: float | str, choices: Sequence[str]) -> float | str:
    """Return the choice that somebody means, who may write it with other spaces and capitals, or what was written."""
    plain = value if isinstance(value, str) else f"{value:g}"
    meant = [choice for choice in choices if choice.split() == plain.split()]
    meant = meant or [choice for choice in choices if choice.casefold().split() == plain.casefold().split()]
    return meant[0] if len(meant) == 1 else value


def _plain(value: object) -> float | str:
    """Return an answer as a number or a text, whatever it came as."""
    if isinstance(value, Real) and math.isfinite(value):
        return float(value)
    one = getattr(value, "item", None)  # of an array that holds one number
    if callable(one) and getattr(value, "size", 0) == 1:
        return _plain(one())
    return str(value)[:LONGEST]
