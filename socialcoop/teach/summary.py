"""What a class answered to each item, so that a lecturer knows what to speak about next time."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from socialcoop.teach.feedback import Answered
from socialcoop.teach.files import as_csv

NUMBERS = re.compile(r"\d+(?:\.\d+)?")
HEADS = ("item", "handed in", "answered", "right", "most frequent typical error", "how many made it")


def class_summary(names: Sequence[str], answers: Sequence[Answered]) -> str:
    """Return a table with a row for each item: how many answered, how many rightly, and what went wrong most often."""
    by_name: dict[str, list[Answered]] = defaultdict(list)
    for each in answers:
        by_name[each.item.name].append(each)
    return as_csv([HEADS, *(_row(name, by_name[name]) for name in names)])


def _row(name: str, answers: Sequence[Answered]) -> list[object]:
    given = [each for each in answers if each.value is not None]
    error, count = _most_frequent([error for each in given if (error := _error(each))])
    return [name, len(answers), len(given), sum(each.mark for each in given), error, count]


def _error(answered: Answered) -> str:
    """Return the typical error that an answer shows, or nothing: a wrong choice is one, too."""
    item, value = answered.item, answered.value
    if item.choices:
        return f"chose: {value}" if value in item.choices and value != item.right else ""
    why = item.judge(value).why
    return why if why in item.traps.values() else ""


def _most_frequent(errors: Sequence[str]) -> tuple[str, int]:
    """Return the error that came most often; one whose words differ in the student's own numbers is the same."""
    alike: dict[str, Counter[str]] = defaultdict(Counter)
    for error in errors:
        alike[NUMBERS.sub("…", error)][error] += 1
    if not alike:
        return "", 0
    words, told = max(alike.items(), key=lambda each: (each[1].total(), each[0]))
    return next(iter(told)) if len(told) == 1 else words, told.total()
