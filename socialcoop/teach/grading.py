"""Marking a homework: run what was handed in, judge the answers, write marks and a page of feedback for each student.

It runs code that students wrote, in processes of your own account. They are limited in time, memory and files, and get
neither the salt nor the list; but a process of yours may read what you may read, and use the network. So mark in a
throw-away account or container that holds the package, the submissions and the salt, and nothing else of yours.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from socialcoop.teach.feedback import Answered, feedback_page
from socialcoop.teach.files import as_csv, new_folder, read_salt, read_students
from socialcoop.teach.homework import GivenOut, item_of, questions_of, read_sheet
from socialcoop.teach.item import Item
from socialcoop.teach.items import ITEMS
from socialcoop.teach.proofs import PROOFS
from socialcoop.teach.running import Limits, Run, run_cells
from socialcoop.teach.sheet import as_choice, key_of
from socialcoop.teach.summary import class_summary

LARGEST = 50 * 2**20  # bytes of a notebook
MOST_WRITTEN = 20_000  # characters of text that are shown


@dataclass
class Submission:
    """A file that was handed in: its cells of code, what is written in its other cells, and what came of running it."""

    name: str
    code: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    trouble: str = ""
    run: Run = field(default_factory=Run)


@dataclass
class Graded:
    """What came of a homework: marks, a summary, a page for each student, and sentences on what needs a look."""

    marks: str
    summary: str
    pages: dict[str, str]
    troubles: list[str]


def read_submissions(folder: Path) -> list[Submission]:
    """Return all that lies in a folder, in the order of the files' names."""
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder")
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    paths = [path for path in paths if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    if not paths:
        raise ValueError(f"{folder} is empty: put the notebooks that were handed in there")
    return [_read(path, path.relative_to(folder).as_posix()) for path in paths]


def _read(path: Path, name: str) -> Submission:
    """Return a submission; one that is no notebook says so."""
    found = Submission(name)
    if path.suffix != ".ipynb":
        found.trouble = "is no notebook"
    elif path.stat().st_size > LARGEST:
        found.trouble = "is too large to be read"
    else:
        try:
            cells = json.loads(path.read_bytes())["cells"]
            sources = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
        except (ValueError, LookupError, TypeError, RecursionError):
            found.trouble = "is no notebook, or a damaged one"
        else:
            found.code = [source for kind, source in sources if kind == "code"]
            found.texts = [source for kind, source in sources if kind == "markdown"]
    return found


def grade(
    folder: Path, students: Sequence[str], salt: str, sheet: Path, jobs: int = 1, limits: Limits | None = None
) -> Graded:
    """Run and mark all that lies in a folder."""
    given = read_sheet(sheet)
    _check(given.questions, questions_of(salt, given.title, students, given.names), students, sheet)
    submissions = read_submissions(folder)
    limits = limits or Limits()
    with ThreadPoolExecutor(jobs) as pool:  # each thread waits for a process
        for one, run in zip(submissions, pool.map(lambda each: run_cells(each.code, limits), submissions), strict=True):
            one.run = run
    by_student, troubles = _sorted_out(submissions, students)
    pages: dict[str, str] = {}
    rows: list[list[object]] = []
    answers: list[Answered] = []
    for student in students:
        found = by_student.get(student, [])
        row, page, answered = _marked(student, found, given, salt)
        rows.append(row)
        answers += answered
        if page:
            pages[student] = page
        if len(found) > 1:
            troubles.append(f"{student}: {row[-1]}")
    summary = class_summary([name for name in given.names if name in ITEMS], answers)
    return Graded(_table(given.names, rows), summary, pages, troubles)


def _check(given: Mapping[str, Any], made: Mapping[str, Any], students: Sequence[str], sheet: Path) -> None:
    """Refuse to mark answers to other questions than were asked."""
    new = [student for student in students if key_of(student) not in given]
    if new:
        raise ValueError(f"{sheet} has no questions for {', '.join(new[:5])}: was the homework made with another list?")
    if any(given[key] != questions for key, questions in made.items()):
        raise ValueError(
            f"{sheet} asks other questions than this salt leads to: was the homework made with another salt, or with "
            "another version of the package?"
        )


def _sorted_out(
    submissions: Sequence[Submission], students: Sequence[str]
) -> tuple[dict[str, list[Submission]], list[str]]:
    """Return the submissions of each student, and a sentence on each that is nobody's."""
    found: dict[str, list[Submission]] = defaultdict(list)
    troubles = []
    for one in submissions:
        numbers = sorted(one.run.students)
        if one.trouble:
            troubles.append(f"{one.name} {one.trouble}: not marked")
        elif not numbers:
            why = " ".join(note for note in one.run.notes if note.startswith("The notebook"))
            troubles.append(f"{one.name} gives no student number: not marked{f' ({why})' if why else ''}")
        elif len(numbers) > 1:
            troubles.append(f"{one.name} answers under several numbers, {', '.join(numbers)}: not marked")
        elif numbers[0] not in students:
            troubles.append(f"{one.name} gives the number {numbers[0]!r}, which is not in the list: not marked")
        else:
            found[numbers[0]].append(one)
    return found, troubles


def _marked(
    student: str, found: Sequence[Submission], given: GivenOut, salt: str
) -> tuple[list[object], str, list[Answered]]:
    """Return a student's row of marks, page of feedback and answers; without a submission, or with two, no marks."""
    if len(found) != 1:
        several = f"handed in {len(found)} files, not marked: {', '.join(each.name for each in found)}"
        return [student, *[""] * (len(given.names) + 1), several if found else "nothing handed in"], "", []
    run = found[0].run
    questions = [
        PROOFS[name] if name in PROOFS else _answered(item_of(salt, given.title, student, name), run)
        for name in given.names
    ]
    answers = [each for each in questions if isinstance(each, Answered)]
    marks = [each.mark if isinstance(each, Answered) else "" for each in questions]
    written = [text[:MOST_WRITTEN] for text in found[0].texts if text not in given.texts and text.strip()]
    total = sum(each.mark for each in answers)
    page = feedback_page(given.title, student, questions, written, run.notes)
    return [student, *marks, total, " ".join(run.notes)], page, answers


def _answered(item: Item, run: Run) -> Answered:
    """Return the last answer to an item, and how many there were."""
    values = [call.value for call in run.calls if call.name == item.name]
    last = values[-1] if values else None
    return Answered(item, as_choice(last, tuple(item.choices)) if last is not None else None, len(values))


def _table(names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return the marks as a table; a proof's column is to be filled in by hand, and does not count in the total."""
    heads = [f"{name} (by hand, of {len(PROOFS[name].rubric)})" if name in PROOFS else name for name in names]
    items = sum(name in ITEMS for name in names)
    return as_csv([["student", *heads, f"total (of {items}, without what is marked by hand)", "note"], *rows])


def add_grade(commands: Any) -> None:
    """Add the command that marks a homework."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "grade",
        help="run and mark the notebooks that were handed in",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="where the notebooks are, also in folders below")
    parser.add_argument("out", metavar="OUT", type=Path, help="a new folder for marks.csv, summary.csv and feedback")
    parser.add_argument("--sheet", metavar="FILE", type=Path, required=True, help="the notebook as you gave it out")
    parser.add_argument("--students", metavar="FILE", type=Path, required=True, help="the list that it was made with")
    parser.add_argument("--salt", metavar="FILE", type=Path, required=True, help="the secret text it was made with")
    parser.add_argument("--jobs", metavar="N", type=int, default=os.cpu_count() or 1, help="how many run at once")
    parser.add_argument("--cell-seconds", metavar="S", type=float, default=Limits.cell, help="for one cell")
    parser.add_argument("--notebook-seconds", metavar="S", type=float, default=Limits.notebook, help="for a notebook")
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> None:
    limits = Limits(given.cell_seconds, given.notebook_seconds)
    if given.jobs < 1 or limits.cell <= 0 or limits.notebook <= 0:
        raise ValueError("--jobs and the seconds must be more than 0")
    students, salt = read_students(given.students), read_salt(given.salt)
    out = new_folder(given.out)
    done = grade(given.folder, students, salt, given.sheet, given.jobs, limits)
    (out / "marks.csv").write_text(done.marks, encoding="utf-8", newline="\n")
    (out / "summary.csv").write_text(done.summary, encoding="utf-8", newline="\n")
    (out / "feedback").mkdir()
    for student, page in done.pages.items():
        (out / "feedback" / f"{student}.html").write_text(page, encoding="utf-8", newline="\n")
    for trouble in done.troubles:
        print(f"look at this: {trouble}", file=sys.stderr)
    print(f"{out}: marks of {len(done.pages)} of {len(students)} student(s), {len(done.troubles)} thing(s) to look at.")
