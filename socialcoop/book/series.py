"""Several questions in one place, of which one is shown: the next one comes by a button."""

from __future__ import annotations

from dataclasses import dataclass

from socialcoop.book.element import Element, script
from socialcoop.book.look import stylesheet
from socialcoop.book.questions import Question


@dataclass(frozen=True)
class Series(Element):
    """Questions of which one is shown at a time: displays itself. Made by `socialcoop.teach.another`.

    Attributes
    ----------
    questions
        The questions, the first of which is shown first.

    Examples
    --------
    >>> series = sc.teach.another(sc.teach.items.external_regret, seeds=range(3))
    >>> len(series.questions)
    3
    """

    questions: tuple[Question, ...]

    def html(self) -> str:
        """Return forms that need neither kernel nor network; without scripts the first stays, with its answer."""
        forms = "".join(question.form(hidden=number > 0) for number, question in enumerate(self.questions))
        return (
            f'<div class="sc-another"><style>{stylesheet("questions.css")}</style>{forms}'
            '<div class="sc-next" hidden><button type="button">Another one</button>'
            '<output role="status"><span></span><span class="sc-spoken"></span></output></div>'
            f"<script>{script('questions.js')}</script><script>{script('series.js')}</script></div>"
        )

    def __repr__(self) -> str:
        more = len(self.questions) - 1
        return f"{self.questions[0]!r}" + (f"\n({more} more by “Another one”.)" if more else "")
