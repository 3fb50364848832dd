"""Write the book anew, for students or for teachers, or print its exercises.

    python chapters/_ext/editions.py student FOLDER
    python chapters/_ext/editions.py teacher FOLDER
    python chapters/_ext/editions.py sheets FOLDER

The student edition is the source of the book without its solutions and what
could tell them: the tests, and the page for teachers. The teacher's edition
has the solutions open, and a page with the points of all exercises. Both are
built by `jupyter-book build FOLDER`, or right away with `--build`. Sheets are
printed from the book as it was built, one for each chapter.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile

from exercises import (
    Cell,
    blocks,
    exercises,
    objectives,
    read_notebook,
    typical_errors,
    without_solutions,
    write_notebook,
)
from source import sources

ROOT = Path(__file__).parents[2]
FOR_TEACHERS = "chapters/teaching.md"
NOT_FOR_STUDENTS = ("tests", ".ci", ".github", FOR_TEACHERS)
POINTS = "points"

STUDENT_FOOTER = "Student edition: exercises without their solutions."
TEACHER_FOOTER = "Teacher’s edition: solutions, points and typical errors."
STUDENT_STYLE = """
/* Room for an answer, in print more of it. */
.sc-answer { min-height: 4rem; margin: 0.5rem 0 1.5rem;
             border-bottom: 1px dotted; }
@media print { .sc-answer { min-height: 6cm; } }
"""

HOW_MARKED = """# Points and typical errors

An exercise has as many points as minutes. Its first line says which objective
of its chapter it serves, and of which kind it is.

To practise
: Half of the points are for a way that leads to the answer, and half for the
  right answer. A slip of arithmetic in a right way costs one point in five.

To think
: Half of the points are for the answer, and half for a reason that a fellow
  student could check.

To prove
: A quarter each for what is given and what is to be shown, for the idea, for
  the steps, and for saying where each assumption is used.

Open
: There is more than one answer. The solution says what a good one has. Each of
  the things named there has an equal share of the points.
"""


FOR_TEACHERS = re.compile(r"\n\n\*\*Teachers\*\*: [^\n]*")  # on the first page


def student(root: Path, out: Path) -> None:
    """Write the source of the book without what would tell a solution."""
    for path in _copied(root, out, NOT_FOR_STUDENTS):
        if path.suffix == ".ipynb":
            notebook = read_notebook(path)
            notebook["cells"] = without_solutions(notebook["cells"])
            for cell in notebook["cells"]:
                cell["source"] = FOR_TEACHERS.sub("", cell["source"])
            write_notebook(notebook, path)
            _rewrite(path, _unlinked)
        elif path.suffix == ".md":
            _rewrite(path, _unlinked)
    _rewrite(out / "_config.yml", lambda text: _footed(text, STUDENT_FOOTER))
    _rewrite(
        out / "_toc.yml",
        lambda text: text.replace("      - file: chapters/teaching\n", ""),
    )
    _rewrite(
        out / "chapters" / "_static" / "book.css",
        lambda text: text + STUDENT_STYLE,
    )


def teacher(root: Path, out: Path) -> None:
    """Write the source of the book with solutions open, and with points."""
    for path in _copied(root, out, ()):
        if path.suffix == ".ipynb":
            notebook = read_notebook(path)
            notebook["cells"] = [*map(_opened, notebook["cells"])]
            write_notebook(notebook, path)
    _rewrite(out / "_config.yml", lambda text: _footed(text, TEACHER_FOOTER))
    page = "      - file: chapters/teaching\n"
    _rewrite(
        out / "_toc.yml",
        lambda text: text.replace(
            page, f"{page}      - file: chapters/{POINTS}\n"
        ),
    )
    text = "\n".join([HOW_MARKED, *_marks(root)])
    path = out / "chapters" / f"{POINTS}.md"
    path.write_text(text, encoding="utf-8", newline="\n")


def chapters(root: Path) -> Iterator[Path]:
    """Yield the notebooks in the order of the book."""
    named = re.findall(
        r"(?:root|file): (chapters/\w+)$",
        (root / "_toc.yml").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    for name in named:
        if (path := root / f"{name}.ipynb").exists():
            yield path


def _copied(root: Path, out: Path, without: tuple[str, ...]) -> Iterator[Path]:
    """Copy the source of the book, and yield the files that came out."""
    for path in sorted(sources(root)):
        name = path.relative_to(root)
        if not any(name.is_relative_to(part) for part in without):
            target = out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            copyfile(path, target)
            yield target


def _rewrite(path: Path, change: Callable[[str], str]) -> None:
    text = change(path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8", newline="\n")


def _unlinked(text: str) -> str:
    """Return a text without what is said to teachers.

    What led to the page for teachers within a sentence is words.
    """
    text = re.sub(r"(?s)## For teachers\n.*?(?=^## )", "", text, flags=re.M)
    text = re.sub(r"\[([^][]+)\]\((?:chapters/)?teaching\.md\)", r"\1", text)
    return re.sub(r"\{doc\}`([^`<]+) <teaching>`", r"\1", text)


def _footed(text: str, line: str) -> str:
    return text.replace('extra_footer: "', f'extra_footer: "<p>{line}</p>')


def _opened(cell: Cell) -> Cell:
    """Return a cell whose solutions do not wait to be opened."""
    if "jupyter" in cell["metadata"] and not cell["metadata"].get("tags"):
        shown = {k: v for k, v in cell["metadata"].items() if k != "jupyter"}
        cell = {**cell, "metadata": shown}
    if cell["cell_type"] == "markdown":
        text = "".join(
            block.text.replace(":class: dropdown\n", "", 1)
            if block.kind in ("solution", "solution-start")
            else block.text
            for block in blocks(cell["source"])
        )
        cell = {**cell, "source": text}
    return cell


def _marks(root: Path) -> Iterator[str]:
    """Yield for each chapter its objectives, and its exercises' points."""
    for path in chapters(root):
        cells = read_notebook(path)["cells"]
        found, errors = list(exercises(cells)), typical_errors(cells)
        aims = enumerate(objectives(cells), start=1)
        rows = [
            f"| {{ref}}`{each.label}` | {each.objective} | {each.level} "
            f"| {each.minutes} |"
            for each in found
        ]
        total = sum(each.minutes for each in found)
        yield "\n".join(
            [
                f"## [{_title(cells)}]({path.name})\n",
                *(f"{number}. {aim}" for number, aim in aims),
                "\n| exercise | objective | level | points |",
                "|---|---|---|---|",
                *rows,
                f"| all | | | {total} |\n",
                *(
                    f"{{ref}}`{label}`\n: {' '.join(told)}\n"
                    for label, told in errors.items()
                ),
            ]
        )


def _title(cells: list[Cell]) -> str:
    """Return the heading of a notebook."""
    return cells[0]["source"].splitlines()[0].removeprefix("# ")


def _build(out: Path) -> None:
    command = Path(sys.executable).with_name("jupyter-book")
    if subprocess.run([command, "build", out], check=False).returncode:
        sys.exit(f"the book in {out} was written, but not built")


def main() -> None:
    """Write the edition that is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    asking = parser.add_subparsers(dest="edition", required=True)
    for name, told in (
        ("student", "the book without solutions"),
        ("teacher", "the book with solutions open, and with points"),
        ("sheets", "exercises for print, one PDF for each chapter"),
    ):
        asked = asking.add_parser(name, help=told, description=told)
        asked.add_argument("folder", type=Path, help="a new or empty folder")
        if name != "sheets":
            asked.add_argument(
                "--build", action="store_true", help="build it right away"
            )
    _sheet_options(asking.choices["sheets"])
    given = parser.parse_args()
    out = given.folder.resolve()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        parser.error(f"{out} is not empty: name a folder that is new")
    if given.edition == "sheets":
        from sheets import print_sheets

        print_sheets(given.html, out, given.solutions, given.chapter)
    else:
        {"student": student, "teacher": teacher}[given.edition](ROOT, out)
        if given.build:
            _build(out)
    print(out)


def _sheet_options(sheets: argparse.ArgumentParser) -> None:
    sheets.add_argument(
        "--html",
        type=Path,
        default=ROOT / "_build" / "html",
        help="the built book; `jupyter-book build .` builds it",
    )
    sheets.add_argument(
        "--solutions",
        action="store_true",
        help="with the solutions, for teachers",
    )
    sheets.add_argument(
        "--chapter",
        action="append",
        help="only this chapter, such as consistency; may be repeated",
    )


if __name__ == "__main__":
    main()
