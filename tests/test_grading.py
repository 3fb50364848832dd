"""Marking: what was handed in runs once more, and calls are judged, whatever became of the cells."""

import csv
import json
import os
import re
from contextlib import redirect_stderr
from copy import deepcopy
from io import StringIO

import pytest
from bs4 import BeautifulSoup

from socialcoop.teach.__main__ import main
from socialcoop.teach.feedback import Answered
from socialcoop.teach.grading import grade
from socialcoop.teach.homework import HERE, TITLE, item_of, notebook
from socialcoop.teach.items import ITEMS
from socialcoop.teach.running import Limits, run_cells
from socialcoop.teach.summary import class_summary

SALT, NAMES = "nobody knows this text", ["external_regret", "regret_of_halves"]
CLASS = [f"s{number}" for number in range(1001, 1025)]
SHEET = notebook(SALT, TITLE, CLASS, NAMES)
LIMITS = Limits(cell=4, notebook=40)
RIGHT = {student: item_of(SALT, TITLE, student, "external_regret").right for student in CLASS}


def code(source):
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}


def handed_in(student, *answers, drop=(), order=1, proof=""):
    """Return the notebook with a number in its first cell, and these lines in place of the call of an answer."""
    made = deepcopy(SHEET)
    kept = []
    for cell in made["cells"]:
        source = "".join(cell["source"])
        if source.startswith('student = ""'):
            source = f'student = "{student}"'
        if source.startswith("answer(") and answers:
            source = "\n".join(answers)
        if source == HERE and proof:
            source = proof
        if not any(source.startswith(word) for word in drop):
            kept.append({**cell, "source": source})
    return {**made, "cells": kept[::order]}


def call(value):
    return f'answer("external_regret", {value!r})'


def right(place):
    return call(RIGHT[CLASS[place]])


def trap(place):
    return next(iter(item_of(SALT, TITLE, CLASS[place], "external_regret").traps.items()))


READS = """
import os
from pathlib import Path
seen = [Path.cwd(), *Path.cwd().rglob("*")]
said = " ".join(map(str, seen)) + str(dict(os.environ)) + str(globals())
"""
COPIED = handed_in(CLASS[3], right(3))
COPIED["cells"] += [cell for cell in COPIED["cells"] if cell["cell_type"] == "code"] * 2
STUDENTS = {  # what each handed in, and the mark
    0: (handed_in(CLASS[0]), 0),
    1: (handed_in(CLASS[1], right(1), proof="Each part may choose its own <best> action."), 1),
    2: (handed_in(CLASS[2], call(trap(2)[0])), 0),
    3: (COPIED, 1),
    4: (handed_in(CLASS[4], right(4), drop=["from socialcoop", "known", "question", "#"]), 1),
    5: (handed_in(CLASS[5], right(5), "import time", "while True: time.sleep(1)"), 1),
    6: (handed_in(CLASS[6], right(6), "import os", "os._exit(1)"), 1),
    7: (handed_in(CLASS[7], "answer = print", right(7)), 0),
    8: (handed_in(CLASS[8], right(8), call(-77)), 0),
    9: (handed_in(CLASS[9], call(-77), right(9)), 1),
    10: (handed_in(CLASS[10], READS, f'answer("external_regret", {SALT!r} in said and 1e9 or {RIGHT[CLASS[10]]})'), 1),
    11: (handed_in(CLASS[11], f'answer("external_regret", "{RIGHT[CLASS[11]]} ".replace(".", ","))'), 1),
    12: (handed_in(CLASS[12], right(12), "x = ("), 0),
    13: (handed_in(CLASS[13], "while True:", "    print('x' * 10**6)"), 0),
    14: (handed_in(CLASS[14], right(14), order=-1), 1),  # the number comes last, and so do the names of the calls
    15: (handed_in(CLASS[15], right(15), "x = bytearray(10**13)"), 1),
    16: (
        handed_in(CLASS[16], "%pip install nothing", "import matplotlib.pyplot as plt", "plt.plot([1])", right(16)),
        1,
    ),
}
ODD = {
    "no_number.ipynb": handed_in("", call(3)),
    "unknown.ipynb": handed_in("s9", call(3)),
    "twice_1.ipynb": handed_in(CLASS[20], right(20)),
    "twice_2.ipynb": handed_in(CLASS[20], right(20)),
    "two_numbers.ipynb": handed_in(CLASS[21], right(21), f'student = "{CLASS[22]}"', right(22)),
    "cells.ipynb": {"cells": 3},
    "damaged.ipynb": "{",
    "deep.ipynb": "[" * 100_000,
    "essay.pdf": "%PDF",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder with all that was handed in, what it was made from, and what came of marking it."""
    folder = tmp_path_factory.mktemp("homework")
    (folder / "list.csv").write_text("\n".join(CLASS), encoding="utf-8")
    (folder / "salt.txt").write_text(SALT, encoding="utf-8")
    (folder / "sheet.ipynb").write_text(json.dumps(SHEET), encoding="utf-8")
    handed = folder / "handed in" / "group"
    handed.mkdir(parents=True)
    for number, (made, _) in STUDENTS.items():
        (handed / f"homework {number}.ipynb").write_text(json.dumps(made), encoding="utf-8")
    for name, made in ODD.items():
        (handed / name).write_text(made if isinstance(made, str) else json.dumps(made), encoding="utf-8")
    (handed / ".DS_Store").write_text("no submission", encoding="utf-8")
    return folder


def text_of(page):
    return BeautifulSoup(page, "html.parser").text


def command(folder, *more, handed="handed in"):
    given = ["--sheet", "sheet.ipynb", "--students", "list.csv", "--salt", "salt.txt"]
    given = [str(folder / word) if not word.startswith("--") else word for word in given]
    return ["grade", str(folder / handed), *given, "--jobs", "2", "--cell-seconds", str(LIMITS.cell), *more]


@pytest.fixture(scope="module")
def marked(place):
    """Return the rows of marks by student, the pages by student, and what was said."""
    with redirect_stderr(StringIO()) as said:
        assert main([*command(place), str(place / "out")]) == 0
    with (place / "out" / "marks.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (place / "out" / "feedback").iterdir()}
    return rows, pages, said.getvalue()


@pytest.mark.parametrize("number", STUDENTS)
def test_a_call_counts_whatever_became_of_the_cells(number, marked):
    row = marked[0][CLASS[number]]
    assert row["external_regret"] == row["total (of 1, without what is marked by hand)"] == str(STUDENTS[number][1])
    assert row["regret_of_halves (by hand, of 4)"] == ""


@pytest.mark.parametrize(
    ("number", "note"),
    [
        (5, "Code cell 5 took too long and was cut off."),
        (6, "Code cell 5 ended the process."),
        (7, ""),
        (12, "Code cell 5 stopped with SyntaxError: "),
        (13, "Code cell 5 took too long and was cut off."),
        (15, "Code cell 5 stopped with MemoryError"),
        (16, ""),
    ],
)
def test_what_went_wrong_is_noted(number, note, marked):
    rows, pages, _ = marked
    assert rows[CLASS[number]]["note"].startswith(note)
    assert bool(note) == bool(rows[CLASS[number]]["note"])
    assert note in pages[CLASS[number]]


def test_every_student_of_the_list_has_a_row_and_every_submission_a_page(marked):
    rows, pages, _ = marked
    assert list(rows) == CLASS
    assert set(pages) == {CLASS[number] for number in STUDENTS}
    assert rows[CLASS[23]]["note"] == "nothing handed in"
    for number in (20, 21, 22, 23):
        assert rows[CLASS[number]]["external_regret"] == ""


@pytest.mark.parametrize(
    "said",
    [
        "group/no_number.ipynb gives no student number: not marked",
        "group/unknown.ipynb gives the number 's9', which is not in the list: not marked",
        "s1021: handed in 2 files, not marked: group/twice_1.ipynb, group/twice_2.ipynb",
        "group/two_numbers.ipynb answers under several numbers, s1022, s1023: not marked",
        "group/cells.ipynb is no notebook, or a damaged one: not marked",
        "group/damaged.ipynb is no notebook, or a damaged one: not marked",
        "group/deep.ipynb is no notebook, or a damaged one: not marked",
        "group/essay.pdf is no notebook: not marked",
    ],
)
def test_what_cannot_be_marked_is_said_in_a_sentence(said, marked):
    assert f"look at this: {said}" in marked[2].splitlines()


def test_there_is_nothing_else_to_look_at(marked):
    assert len(marked[2].splitlines()) == len(ODD) - 1


def test_a_wrong_answer_gets_its_reason_and_the_way_to_the_right_one(marked):
    item = item_of(SALT, TITLE, CLASS[2], "external_regret")
    told = BeautifulSoup(marked[1][CLASS[2]], "html.parser").text
    for part in (item.text, "Not right.", trap(2)[1], f"Right is{item.right:g}", item.why):
        assert part in told
    assert "Right." not in told.replace("Not right.", "")


def test_a_right_answer_is_called_so_and_no_answer_too(marked):
    right, none = (BeautifulSoup(marked[1][CLASS[number]], "html.parser").text for number in (1, 0))
    assert "Right." in right
    assert "Not right" not in right
    assert "Your answernone" in none
    assert "No answer came." in none
    assert "(the last of 3)" in BeautifulSoup(marked[1][CLASS[3]], "html.parser").text


def test_a_proof_is_shown_as_it_was_written_with_its_rubric_to_mark_by_hand(marked):
    page = BeautifulSoup(marked[1][CLASS[1]], "html.parser")
    assert [text.text for text in page.find_all("pre")] == ["Each part may choose its own <best> action."]
    assert len(page.find_all("span", "box")) == 4
    assert "1 of 1 marks, and by hand  of 4" in page.text
    assert not BeautifulSoup(marked[1][CLASS[0]], "html.parser").find_all("pre")


def test_a_page_needs_no_network_and_holds_neither_salt_nor_others(marked):
    for student, page in marked[1].items():
        assert not re.search(r"https?://|src=|<script|@import|url\(", page)
        assert SALT not in page
        assert not any(other in page for other in CLASS if other != student)


def test_the_summary_counts_who_answered_who_was_right_and_what_went_wrong_most_often(place, marked):
    with (place / "out" / "summary.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)  # a proof has none
    assert row["item"] == "external_regret"
    assert int(row["handed in"]) == len(marked[1]) == len(STUDENTS)
    assert int(row["right"]) == sum(mark for _, mark in STUDENTS.values())
    assert int(row["answered"]) == sum("Your answernone" not in text_of(page) for page in marked[1].values())
    assert (row["most frequent typical error"], row["how many made it"]) == (trap(2)[1], "1")


@pytest.fixture
def answered():
    """Return answers to two items: each error of a few students, whose own numbers are in its words."""
    phases, choices = ([ITEMS[name](seed) for seed in range(30)] for name in ("longest_phase", "which_pone"))
    divide = [(item, number) for item in phases for number, why in item.traps.items() if why.startswith("Divide")]
    twice = [(item, number) for item in phases for number, why in item.traps.items() if "count twice" in why]
    wrong = [(item, choice) for item in choices for choice in item.choices if choice != item.right]
    none = [(item, choice) for item, choice in wrong if choice == "neither"]
    both = [(item, choice) for item, choice in wrong if choice == "both of them"]
    given = [*divide[:4], *twice[:3], (phases[0], -77), (phases[0], "a lot"), (phases[0], None)]
    given += [(phases[1], phases[1].right), *none[:2], *both[:3], (choices[0], "all"), (choices[0], choices[0].right)]
    return [Answered(item, value, 1) for item, value in given]


def test_one_error_is_one_error_whatever_its_numbers_are(answered):
    rows = class_summary(["longest_phase", "which_pone", "external_regret"], answered).splitlines()[1:]
    assert rows == [
        "longest_phase,11,10,1,Divide what is left by the gap: …/….,4",
        "which_pone,7,7,1,chose: both of them,3",
        "external_regret,0,0,0,,0",
    ]


def test_the_same_bytes_come_twice(place, tmp_path):
    for number in (1, 2):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{number}.ipynb").write_text(json.dumps(STUDENTS[number][0]), encoding="utf-8")
    one, two = (grade(tmp_path / "in", CLASS, SALT, place / "sheet.ipynb", jobs, LIMITS) for jobs in (1, 2))
    assert one == two
    assert len(one.pages) == 2


def test_the_name_of_a_homework_is_read_in_its_sheet_and_heads_the_pages(tmp_path):
    named = notebook(SALT, "Resit & more", CLASS, NAMES)
    (tmp_path / "sheet.ipynb").write_text(json.dumps(named), encoding="utf-8")
    (tmp_path / "in").mkdir()
    own = item_of(SALT, "Resit & more", CLASS[0], "external_regret").right
    made = {"cells": [code(f'student = "{CLASS[0]}"'), code(call(own))]}
    (tmp_path / "in" / "one.ipynb").write_text(json.dumps(made), encoding="utf-8")
    done = grade(tmp_path / "in", CLASS, SALT, tmp_path / "sheet.ipynb", 1, LIMITS)
    assert f"<h1>Resit &amp; more of {CLASS[0]}</h1>" in done.pages[CLASS[0]]
    assert "1 of 1 marks" in done.pages[CLASS[0]]


# --- what a lecturer may get wrong


def test_another_salt_or_list_is_refused_before_anything_runs(place, tmp_path, capsys):
    for name, text, said in [
        ("salt.txt", "some other text", "was the homework made with another salt"),
        ("list.csv", "s1001\ns5000\n", "has no questions for s5000"),
        ("sheet.ipynb", json.dumps({"cells": []}), "is not the notebook of a homework as it was given out"),
        ("salt.txt", None, "is not there"),
    ]:
        folder = tmp_path / f"{name}{text}"[:20]
        folder.mkdir()
        for kept in ("salt.txt", "list.csv", "sheet.ipynb"):
            (folder / kept).write_text((place / kept).read_text(encoding="utf-8"), encoding="utf-8")
        if text is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(text, encoding="utf-8")
        (folder / "in").mkdir()
        assert main([*command(folder, handed="in"), str(folder / "out")]) == 2
        assert said in capsys.readouterr().err


def test_an_empty_folder_and_one_that_holds_marks_already_are_refused(place, marked, tmp_path, capsys):
    (place / "empty").mkdir()
    for handed, out, said in [
        ("empty", "new", "is empty: put the notebooks"),
        ("nowhere", "new", "is no folder"),
        ("handed in", "out", "is there already, and not empty"),
    ]:
        assert main([*command(place, handed=handed), str(place / out)]) == 2
        assert said in capsys.readouterr().err


def test_late_work_is_marked_into_the_folder_that_is_named_and_what_was_filled_in_by_hand_fits(place, tmp_path, capsys):
    for kept in ("salt.txt", "list.csv", "sheet.ipynb"):
        (tmp_path / kept).write_text((place / kept).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "in").mkdir()
    columns = {}
    for number, out in [(1, "marks1"), (4, "marks1-2"), (2, "marks1-3")]:
        (tmp_path / "in" / f"{number}.ipynb").write_text(json.dumps(STUDENTS[number][0]), encoding="utf-8")
        if columns:
            assert main([*command(tmp_path, handed="in"), str(tmp_path / "marks1")]) == 2
            assert f"name another folder, such as {tmp_path / out}\n" in capsys.readouterr().err
        assert main([*command(tmp_path, handed="in"), str(tmp_path / out)]) == 0
        with (tmp_path / out / "marks.csv").open(encoding="utf-8", newline="") as file:
            columns[out] = [row["student"] for row in csv.DictReader(file)]
    assert columns["marks1"] == columns["marks1-2"] == columns["marks1-3"] == CLASS
    first, last = (tmp_path / out / "feedback" / f"{CLASS[1]}.html" for out in ("marks1", "marks1-3"))
    assert first.read_bytes() == last.read_bytes()
    assert len([*last.parent.iterdir()]) == 3


# --- one notebook


def test_a_notebook_that_goes_on_for_too_long_is_ended_and_what_it_answered_counts():
    cells = ['answer("a", 1)', *["import time; time.sleep(1)"] * 20, 'answer("b", 1)']
    run = run_cells(cells, Limits(cell=3, notebook=4))
    assert [call.name for call in run.calls] == ["a"]
    assert run.notes == ["The notebook took more than 4 seconds, and what came later does not count."]


def test_a_cell_that_catches_the_interruption_is_ended_with_its_process():
    deaf = (
        "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN)\nanswer('b', 1)\nwhile True: time.sleep(1)"
    )
    run = run_cells(['student = "s1"', 'answer("a", 1)', deaf, 'answer("c", 1)'], Limits(cell=2, notebook=40))
    assert [call.name for call in run.calls] == ["a", "b", "c"]
    assert run.notes == ["Code cell 3 took too long, did not stop and was ended."]
    assert run.students == {"s1"}


@pytest.mark.skipif(os.name != "posix", reason="file sizes are limited on POSIX alone")
def test_files_do_not_fill_the_disk():
    fill = "import itertools\nfor name in itertools.count(): open(str(name), 'wb').write(bytes(10**6))"
    run = run_cells([fill, 'answer("a", 1)'], Limits(cell=20, notebook=60, disk=20 * 2**20))
    assert [call.name for call in run.calls] == ["a"]
    assert run.notes == ["Code cell 1 wrote more than may be kept, and was ended."]


def test_what_is_written_past_the_calls_is_an_answer_or_nothing():
    lines = ["[1]", "x", '{"cell": []}', '{"student": "s1", "name": "a", "value": [1]}', '{"cell": 10}', '{"value": 1}']
    text = "\n".join([*lines, '{"student": "s1", "name": "b", "value": 1}', ""])
    write = f"import os\nfor file in range(3, 30):\n  try: os.write(file, {text.encode()!r})\n  except OSError: pass"
    run = run_cells([write, 'answer("c", 1)'], LIMITS)
    assert {call.name for call in run.calls} == {"b", "c"}


def test_the_process_gets_none_of_the_surroundings(monkeypatch):
    monkeypatch.setenv("A_SECRET", "sesame")
    run = run_cells(['import os; answer("a", str(os.environ) + os.path.expanduser("~"))'], LIMITS)
    assert "sesame" not in run.calls[0].value
    run = run_cells(['import os; answer("a", os.path.expanduser("~") == os.getcwd())'], LIMITS)
    assert run.calls[0].value == 1
