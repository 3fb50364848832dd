"""The exercises on paper: each chapter's own, with room for answers and no solution, or with all solutions."""

import re
import subprocess
import sys
from pathlib import Path
from unicodedata import normalize

import pytest
from course import COMMANDS, run, unpacked
from notebooks import NAMES, cells_of
from paper import texts_of
from pypdf import PdfReader

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "chapters" / "_ext" / "editions.py"
FEW = ["consistency", "limits"]


def sheets(built_book, out, *options):
    command = [sys.executable, SCRIPT, "sheets", out, "--html", built_book, *options]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def folder(built_book, browser, tmp_path_factory):
    """Print all exercises, as the page for teachers shows it, and the solutions of a few chapters."""
    course = unpacked(tmp_path_factory.mktemp("course"), built_book)
    (command,) = (each for each in COMMANDS if "editions.py sheets" in each)
    run(command, course)
    few = [word for name in FEW for word in ("--chapter", name)]
    made = sheets(built_book, course / "solved", "--solutions", *few)
    assert made.returncode == 0, made.stderr[-3000:]
    return course / "sheets"


def said(path):
    """Return what a sheet says, in letters alone."""
    text = "".join(texts_of(path))
    return re.sub(r"[^A-Za-z]", "", normalize("NFKC", text))


def parts(name):
    """Return the exercises of a notebook and its solutions, one text each."""
    text = "\n\n".join(cell["source"] for cell in cells_of(name) if cell["cell_type"] == "markdown")
    tasks = re.findall(r"```\{exercise\}\n:label: \S+\n\n(.*?)\n```", text, re.DOTALL)
    solved = re.findall(r"```\{solution\} \S+\n:class: dropdown\n(.*?)\n```", text, re.DOTALL)
    gated = r"```\{solution-start\} \S+\n:class: dropdown\n```(.*?)```\{solution-end\}"
    return tasks, solved + re.findall(gated, text, re.DOTALL)


def hints(name):
    """Return the hints of a notebook."""
    text = "\n\n".join(cell["source"] for cell in cells_of(name) if cell["cell_type"] == "markdown")
    return re.findall(r"```\{admonition\} Hint\n:class: dropdown tip\n(.*?)\n```", text, re.DOTALL)


def sentence(text):
    """Return the first run of six words that no formula interrupts, in letters alone."""
    plain = re.sub(r"[*“”\"()]", "", re.sub(r"\[[^]]*\]\([^)]*\)", "$", text))  # a link may become a number
    found = re.search(r"(?:\b[A-Za-z']+,? ){6,}", plain)
    return re.sub(r"[^A-Za-z]", "", found[0]) if found else ""


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_has_all_exercises_of_its_chapter_and_no_solution(folder, name):
    path = folder / f"{name}.pdf"
    text = said(path)
    tasks, solved = parts(name)
    found = re.findall(r"Objective (\d) · (\d+) minutes", "".join(texts_of(path)))
    told = [re.search(r"Objective (\d) · (\d+) minutes", task).groups() for task in tasks]
    assert found == told
    for told in [*(task.split("\n\n", 1)[1] for task in tasks), *hints(name)]:
        assert sentence(told) in text
    hinted = re.sub(r"[^A-Za-z]", "", "".join(hints(name)))  # which may begin as a solution does
    openings = [each for each in map(sentence, solved) if each and each not in hinted]
    assert len(openings) >= len(solved) - 2
    assert not [each for each in openings if each in text]
    assert "Ifyoufound" not in text
    assert "SocialCooperationExecutedexercises" in text
    assert "NameDate" in text
    assert not any("/Annots" in page for page in PdfReader(path).pages)  # nothing to click on paper


@pytest.mark.parametrize("name", FEW)
def test_a_teachers_sheet_has_all_solutions(folder, name):
    text = said(folder.with_name("solved") / f"{name}-solutions.pdf")
    tasks, solved = parts(name)
    for each in [*tasks, *solved]:
        assert sentence(each) in text
    assert "NameDate" not in text


def test_the_same_book_gives_the_same_sheet_and_nothing_is_overwritten(folder, built_book, tmp_path):
    again = sheets(built_book, tmp_path / "again", "--chapter", "zero_shot", "--chapter", "limits")
    assert again.returncode == 0, again.stderr[-3000:]
    for name in ("limits.pdf", "zero_shot.pdf"):  # one without a table, and one with
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()
    assert "is not empty" in sheets(built_book, tmp_path / "again").stderr
    assert "no exercises in nowhere" in sheets(built_book, tmp_path / "other", "--chapter", "nowhere").stderr
    assert "jupyter-book build ." in sheets(tmp_path, tmp_path / "other").stderr


def test_an_answer_gets_more_lines_the_longer_it_takes():
    from sheets import lines  # beside the script that finds a browser

    told = [lines(f"Objective 1 · {minutes} minutes · to think") for minutes in (5, 10, 20, 40, 60)]
    assert told == sorted(told)
    assert 4 == told[0] < told[2] < told[-1] <= 14
    with pytest.raises(SystemExit, match="build the book anew"):
        lines("Find the worst partner.")
