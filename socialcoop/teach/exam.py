"""An exam on paper and its mark scheme, from items whose numbers a secret text and the term decide."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from socialcoop import checks
from socialcoop.book.questions import as_table
from socialcoop.teach import tex
from socialcoop.teach.files import made_salt, new_folder
from socialcoop.teach.item import Item
from socialcoop.teach.items import ITEMS
from socialcoop.teach.proofs import PROOFS, Proof
from socialcoop.teach.seeds import seed_of

POINTS = 2  # for an item of which nothing else is said
SPACE = 1.6  # centimetres for each point
USUAL = (
    "external_regret",
    "hedge_probability",
    "worst_partner",
    "which_pone",
    "altruistic_regret",
    "which_assumption",
    "imitator_probability",
    "nu_probability",
    "corrected_bound",
    "lever",
)


@dataclass(frozen=True)
class Exam:
    """An exam with its mark scheme. Made by `make_exam`.

    Attributes
    ----------
    term
        What it is called, such as "Autumn 2031".
    questions
        The items and the proofs, in order.
    points
        How many points each is worth.

    Examples
    --------
    >>> exam = sc.teach.make_exam("keep this to yourself", "Autumn 2031", ["external_regret=3", "lever"])
    >>> exam.points
    (3, 4)
    """

    term: str
    questions: tuple[Item | Proof, ...]
    points: tuple[int, ...]

    def paper(self) -> str:
        """Return what students get: a page to print, with room for answers and no word of them."""
        sections = (_asked(*numbered) for numbered in enumerate(zip(self.questions, self.points, strict=True), start=1))
        who = '<div class="who">Name<span></span>Number<span></span></div>'
        total = f"<p>{len(self.questions)} questions, {sum(self.points)} points. Show how you get to each number.</p>"
        return _page(f"Exam, {self.term}", who + total + "".join(sections))

    def scheme(self) -> str:
        """Return the mark scheme: to each question the answer, how one gets there, and what typical errors mean."""
        pairs = zip(self.questions, self.points, strict=True)
        sections = (_marked(*numbered) for numbered in enumerate(pairs, start=1))
        return _page(f"Mark scheme, {self.term}", f"<p>{sum(self.points)} points.</p>{''.join(sections)}")


def make_exam(salt: str, term: str, names: Sequence[str] = USUAL) -> Exam:
    """Return an exam: the same for the same secret text, term and names, and not to be guessed without the text.

    Parameters
    ----------
    salt
        The lecturer's secret text.
    term
        What the exam is called, such as "Autumn 2031" or "Autumn 2031, second try".
    names
        Names of items and of proofs, in order. An item may be worth other than two points: "external_regret=3". A
        proof is worth a point for each line of its rubric.

    Raises
    ------
    ValueError, TypeError
        If a text is empty, or no item or proof has such a name.

    Examples
    --------
    >>> exam = sc.teach.make_exam("keep this to yourself", "Autumn 2031", ["external_regret", "which_pone=1"])
    >>> "Mark scheme" in exam.scheme(), "Mark scheme" in exam.paper()
    (True, False)
    """
    salt, term = checks.text("salt", salt), checks.text("term", term)
    questions: list[Item | Proof] = []
    points: list[int] = []
    for place, wanted in enumerate(checks.listed("names", names, "names of items and proofs")):
        name, _, worth = checks.text("names", wanted).partition("=")
        if name not in ITEMS and name not in PROOFS:
            raise ValueError(f"names must be of {', '.join([*ITEMS, *PROOFS])}, got {name!r}")
        if worth and name in PROOFS:
            raise ValueError(f"names: a proof is worth a point for each line; write {name} alone, got {wanted!r}")
        if worth and (not worth.isdecimal() or not 1 <= int(worth) <= 100):
            raise ValueError(f"names: an item is worth 1 to 100 points, got {wanted!r}")
        item = name in ITEMS
        questions.append(ITEMS[name](seed_of(salt, "exam", term, name, str(place))) if item else PROOFS[name])
        points.append((int(worth) if worth else POINTS) if item else len(PROOFS[name].rubric))
    return Exam(term, tuple(questions), tuple(points))


def _page(title: str, body: str) -> str:
    style = Path(__file__).with_name("exam.css").read_text(encoding="utf-8")
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{style}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body><h1>{escape(title)}</h1>{body}</body></html>\n'


def _heading(number: int, points: int) -> str:
    return f"<h2>Question {number}<span>{points} {'point' if points == 1 else 'points'}</span></h2>"


def _text(question: Item | Proof) -> str:
    if isinstance(question, Proof):
        return f"<p>{tex.as_html(question.text)}</p>"
    return f"<p>{escape(question.text)}</p>{as_table(question.table)}"


def _asked(number: int, question_and_points: tuple[Item | Proof, int]) -> str:
    question, points = question_and_points
    last = '<span class="answer">Answer:</span>' if isinstance(question, Item) else ""
    if isinstance(question, Item) and question.choices:
        rows = "".join(f'<li><span class="box"></span>{escape(choice)}</li>' for choice in question.choices)
        last = f'<ul class="choices">{rows}</ul>'
    space = f'<div style="height: {SPACE * points:g}cm"></div>'
    room = last + space if isinstance(question, Item) and question.choices else space + last
    return f"<section>{_heading(number, points)}{_text(question)}{room}</section>"


def _marked(number: int, question_and_points: tuple[Item | Proof, int]) -> str:
    question, points = question_and_points
    asked = f'{_heading(number, points)}<div class="asked">{_text(question)}</div>'
    if isinstance(question, Proof):
        lines = "".join(f'<li><span class="box"></span>{tex.as_html(line)}</li>' for line in question.rubric)
        return f'<section>{asked}<p>One point for each line:</p><ul class="choices">{lines}</ul></section>'
    right = str(question.right) if question.choices else f"{question.right:.6g}, give or take {question.within:g}"
    errors = {choice: why for choice, why in question.choices.items() if choice != question.right} or {
        f"{trap:.4g}": error for trap, error in question.traps.items()
    }
    rows = "".join(
        f'<tr><th scope="row">{escape(given)}</th><td>{escape(error)}</td></tr>' for given, error in errors.items()
    )
    return (
        f"<section>{asked}<p><b>{escape(right)}.</b> {escape(question.why)}</p><table class='errors'><thead><tr>"
        f'<th scope="col">they say</th><th scope="col">what it is</th></tr></thead><tbody>{rows}</tbody></table>'
        "</section>"
    )


def add_exam(commands: Any) -> None:
    """Add the command that writes an exam."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "exam", help="write an exam to print, and its mark scheme", description=__doc__
    )
    parser.add_argument("out", metavar="OUT", type=Path, help="the folder for exam.html and scheme.html")
    parser.add_argument("--salt", metavar="FILE", type=Path, required=True, help="your secret text; made if missing")
    parser.add_argument("--term", metavar="TEXT", required=True, help='what it is called, such as "Autumn 2031"')
    known = ", ".join([*ITEMS, *PROOFS])
    parser.add_argument("--items", metavar="A,B=3", help=f"which, in this order, with points if not 2, of: {known}")
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> None:
    names = USUAL if given.items is None else [name.strip() for name in given.items.split(",") if name.strip()]
    if not names:
        raise ValueError(f"--items must name one or more, got {given.items!r}")
    exam = make_exam(made_salt(given.salt), given.term, names)
    folder = new_folder(given.out)
    (folder / "exam.html").write_text(exam.paper(), encoding="utf-8", newline="\n")
    (folder / "scheme.html").write_text(exam.scheme(), encoding="utf-8", newline="\n")
    print(f"{folder}: exam.html and scheme.html, {len(exam.questions)} questions, {sum(exam.points)} points.")
