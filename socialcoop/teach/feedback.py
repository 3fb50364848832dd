"""A page of feedback for each student: what was asked and answered, whether it is right, and how one gets there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from socialcoop.book.files import credit
from socialcoop.teach import tex
from socialcoop.teach.item import Item
from socialcoop.teach.proofs import Proof
from socialcoop.teach.sheet import Asked, as_html, titled

STYLE = Path(__file__).with_name("feedback.css")


@dataclass(frozen=True)
class Answered:
    """What a student answered to an item, and how often; None is no answer."""

    item: Item
    value: float | str | None
    times: int

    @property
    def mark(self) -> int:
        """The marks for it: 1 or 0."""
        return int(self.value is not None and self.item.judge(self.value).correct)


def feedback_page(
    title: str, student: str, questions: Sequence[Answered | Proof], written: Sequence[str], notes: Sequence[str]
) -> str:
    """Return a student's page on a homework, with what was written in text cells and notes on how the notebook ran."""
    answers = [each for each in questions if isinstance(each, Answered)]
    proofs = [each for each in questions if isinstance(each, Proof)]
    parts = [
        f"<h2>{place}. {escape(_heading(each))}</h2>{_item(each) if isinstance(each, Answered) else _proof(each)}"
        for place, each in enumerate(questions, start=1)
    ]
    if proofs:
        parts.append(f"<h2>What you wrote</h2>{_own_text(written)}")
    if notes:
        parts.append(f"<h2>How your notebook ran</h2><ul>{''.join(f'<li>{escape(note)}</li>' for note in notes)}</ul>")
    marks = f"{sum(each.mark for each in answers)} of {len(answers)} marks"
    hand = sum(len(proof.rubric) for proof in proofs)
    marks += f', and by hand <span class="blank"></span> of {hand}' if hand else ""
    head = f"{escape(title)} of {escape(student)}"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{head}</title><style>{STYLE.read_text(encoding='utf-8')}</style></head>"
        f'<body><main><h1>{head}</h1><p class="marks">{marks}</p>{"".join(parts)}</main>'
        f"<footer>{escape(credit())}</footer></body></html>\n"
    )


def _heading(question: Answered | Proof) -> str:
    return "A proof" if isinstance(question, Proof) else titled(question.item.name)


def _item(answered: Answered) -> str:
    """Return a question with the student's answer, and what is said of it."""
    item, value = answered.item, answered.value
    lines = [("Your answer", escape("none" if value is None else _shown(value)))]
    if answered.times > 1:
        lines[0] = lines[0][0], f"{lines[0][1]} (the last of {answered.times})"
    if answered.mark:
        lines.append(("", '<span class="right">✓ Right.</span>'))
    else:
        why = item.judge(value).why if value is not None else "No answer came."
        lines.append(("", f'<span class="wrong">✗ Not right.</span> {escape(why)}'))
        lines.append(("Right is", escape(_shown(item.right))))
    lines.append(("How one gets there", escape(item.choices.get(str(item.right)) or item.why)))
    told = "".join(f"<dt>{term}</dt><dd>{text}</dd>" for term, text in lines)
    return f'<div class="answered"><div class="asked">{as_html(Asked.of(item))}</div><dl>{told}</dl></div>'


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"


def _proof(proof: Proof) -> str:
    """Return a question for a proof, with a box for each line of its rubric."""
    lines = "".join(f'<li><span class="box"></span>{tex.as_html(line)}</li>' for line in proof.rubric)
    return (
        f'<div class="asked"><p>{tex.as_html(proof.text)}</p></div><p>Marked by hand, one mark for each line:</p>'
        f'<ul class="rubric">{lines}</ul>'
    )


def _own_text(written: Sequence[str]) -> str:
    return "".join(f"<pre>{escape(text)}</pre>" for text in written) or "<p>Nothing.</p>"
