"""A lecturer's commands, each as the page for teachers shows it, one after the other in a fresh folder."""

import json
import re
from itertools import chain

import pytest
from course import COMMANDS, run, unpacked
from notebooks import NAMES

ELSEWHERE = {  # what takes long, and is run by something else
    "jupyter-book build .": "the fixture",
    "python chapters/_ext/editions.py sheets sheets": "test_sheets.py",
    "python chapters/_ext/pdf.py": "test_print.py",
}
STUDENTS = [f"s{number:03}" for number in range(1, 61)]
HANDED_IN = [student for student in STUDENTS if not student.endswith("7")]  # the marks are of all

# What each command writes, and what has to be in it.
WRITES = {
    "deck.py 1": [("_build/deck1.html", "What does a rational partner never put up with?")],
    "editions.py student": [("student/chapters/consistency.ipynb", "{exercise}")],
    "editions.py teacher": [("teacher/chapters/points.md", "oint")],
    "teach homework": [("homework1.ipynb", "answer("), ("salt.txt", "")],
    "teach grade": [("marks1/marks.csv", "s060"), ("marks1/summary.csv", f"external_regret,{len(HANDED_IN)},0,0")],
    "teach exam": [("exam", ".html"), ("exam-salt.txt", "")],
    "teach gift": [("bank.gift", "::")],
    "teach lab": [("lab.ipynb", "read_class"), ("class.txt", ",")],
    "teach cards": [("cards.html", "direct")],
}


@pytest.fixture(scope="module")
def folder(built_book, tmp_path_factory):
    """Unpack the source in a folder of its own, with the built pages, a list of students and their homework."""
    where = unpacked(tmp_path_factory.mktemp("course"), built_book)
    (where / "students.csv").write_text("\n".join(STUDENTS) + "\n", encoding="utf-8")
    return where


def hand_in(folder):
    """Let some students hand in the notebook with a number and nothing else."""
    notebook = json.loads((folder / "homework1.ipynb").read_text(encoding="utf-8"))
    (folder / "submitted1").mkdir()
    for student in HANDED_IN:
        copy = json.loads(json.dumps(notebook))
        first = next(cell for cell in copy["cells"] if "student = " in "".join(cell["source"]))
        first["source"] = re.sub(r"student = .*", f'student = "{student}"', "".join(first["source"]))
        (folder / "submitted1" / f"{student}.ipynb").write_text(json.dumps(copy), encoding="utf-8")


def test_each_command_of_the_table_does_what_it_says(folder):
    assert len(COMMANDS) >= 12
    assert set(ELSEWHERE) < set(COMMANDS)
    for command in [each for each in COMMANDS if each not in ELSEWHERE]:
        if "teach grade" in command:
            hand_in(folder)
        run(command, folder)
        (written,) = [files for part, files in WRITES.items() if part in command]
        for name, words in written:
            assert holds(folder / name, words), f"{command}: {name}"


def holds(path, words):
    """Return whether a file has the words, or a folder files of which the names have them."""
    if path.is_dir():
        return any(words in each.name for each in path.rglob("*"))
    return words in path.read_text(encoding="utf-8")


def test_everybody_has_a_line_among_the_marks_whoever_handed_in(folder):
    marks = (folder / "marks1" / "marks.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in marks[1:]] == STUDENTS
    assert sorted(page.stem for page in (folder / "marks1").glob("**/*.html")) == HANDED_IN


def test_what_students_get_tells_no_secret(folder):
    salt = (folder / "salt.txt").read_text(encoding="utf-8").strip()
    given = chain((folder / "student").rglob("*"), [folder / "homework1.ipynb", folder / "bank.gift"])
    assert len(salt) >= 16
    assert not [path for path in given if path.is_file() and salt.encode() in path.read_bytes()]
    assert (folder / "student" / "chapters").exists()
    assert {path.stem for path in (folder / "student" / "chapters").glob("*.ipynb")} == set(NAMES)
