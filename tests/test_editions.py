"""Editions of the book: the student's tells no solution anywhere, the teacher's shows all of them, with points."""

import ast
import builtins
import json
import re
import subprocess
import sys
from functools import cache

import nbformat
import pytest
from notebooks import CHAPTERS, NAMES, cells_of

import socialcoop as sc

ROOT = CHAPTERS.parent
SCRIPT = CHAPTERS / "_ext" / "editions.py"
LONG = 25  # characters from which on a sentence says something of its own
ROOM = "```{div} sc-answer\nYour answer:\n```"


def write(*words):
    command = [sys.executable, SCRIPT, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    out = tmp_path_factory.mktemp("editions") / "student"
    said = write("student", out)
    assert not said.returncode, said.stderr
    return out


@pytest.fixture(scope="module")
def teacher(tmp_path_factory):
    out = tmp_path_factory.mktemp("editions") / "teacher"
    said = write("teacher", out)
    assert not said.returncode, said.stderr
    return out


@cache
def split(name):
    """Return (what is said in solutions, what is said elsewhere) in a notebook, both as lists of texts.

    Read otherwise than by the script: all cells as one text, in which a solution begins and ends.
    """
    marks, text = "\0\1", ""
    for cell in cells_of(name):
        text += f"\n{marks}{cell['source']}\n{marks}"
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            text += "\n" + "".join(output.get("text", "")) + "".join(data.get("text/plain", "")) + f"\n{marks}"
    gated = re.compile(
        r"^```\{solution-start\} \S+\n:class: dropdown\n```$(.*?)^```\{solution-end\}\n```$", re.M | re.S
    )
    single = re.compile(r"^```\{solution\} \S+\n:class: dropdown\n(.*?)^```$", re.M | re.S)
    inside = gated.findall(text) + single.findall(text)
    outside = single.sub("", gated.sub("", text))
    return [each.replace(marks, "") for each in inside], outside.replace(marks, "")


def told(text):
    """Return what a text says, sentence by sentence and line by line, without white space at the ends."""
    parts = [part.strip() for line in text.splitlines() for part in re.split(r"(?<=[.!?:]) (?=[A-Z$*“(])", line)]
    return {part for part in parts if len(part) > LONG}


@cache
def secrets():
    """Return what is said in solutions and nowhere else in the notebooks."""
    inside = {part for name in NAMES for each in split(name)[0] for part in told(each)}
    outside = "\n".join(split(name)[1] for name in NAMES)
    return {part for part in inside if part not in outside}


def plain(path):
    """Return what stands in a file, that of a notebook without the escapes of JSON."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    if path.suffix == ".ipynb":

        def strings(node):
            if isinstance(node, dict):
                node = [*node, *node.values()]
            if isinstance(node, list):
                yield "".join(each for each in node if isinstance(each, str))
                for each in node:
                    yield from strings(each)

        text += "\n".join(strings(json.loads(text)))
    return text


def test_there_is_something_to_hide():
    assert len(secrets()) > 500
    assert any(part.startswith("If you found") for part in secrets())
    assert any(part.startswith("found = sc.consistency(strategy, pennies") for part in secrets())  # code
    assert "Fixed([0.5, 0.5]) 0.2500" in "\n".join(split("consistency")[0])  # what it printed


def test_no_sentence_of_any_solution_is_in_any_file_of_the_students_edition(student):
    files = [path for path in student.rglob("*") if path.is_file()]
    assert len(files) > 100
    for path in files:
        text = plain(path)
        assert not [part for part in secrets() if part in text], path
    assert not [path for path in files if "solution" in path.name]
    for name in NAMES:
        assert "{solution" not in plain(student / "chapters" / f"{name}.ipynb")


def test_what_could_tell_a_solution_is_left_out_and_nothing_leads_there(student):
    assert not (student / "tests").exists()
    assert not (student / "chapters" / "teaching.md").exists()
    pages = [*(student / "chapters").glob("*.ipynb"), *(student / "chapters").glob("*.md"), student / "_toc.yml"]
    for path in [*pages, student / "README.md"]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"teaching(\.md|>`)|chapters/teaching|For teachers|\*\*Teachers|socialcoop\.teach ", text
        ), path


@pytest.mark.parametrize("name", NAMES)
def test_the_students_notebooks_are_valid_with_room_for_each_answer_and_all_else_as_it_was(student, name):
    path = student / "chapters" / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    text = "\n".join(cell.source for cell in notebook.cells)
    assert text.count(ROOM) == text.count("```{exercise}") > 0
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert told(text) <= told(
        split(name)[1].replace("[Teaching with this book](teaching.md)", "Teaching with this book")
    )
    hints = [cell["source"].count("{admonition} Hint") for cell in cells_of(name)]
    assert text.count("{admonition} Hint") == sum(hints)
    asks = [cell for cell in cells_of(name) if "sc.book.ask" in cell["source"] and cell["cell_type"] == "code"]
    assert sum("sc.book.ask" in cell.source for cell in code) == len(asks)  # questions stay
    assert path.read_text(encoding="utf-8").endswith("}\n")


@pytest.mark.parametrize("name", NAMES)
def test_no_later_cell_uses_a_name_that_only_a_solution_defines(student, name):
    kept = [
        cell.source
        for cell in nbformat.read(student / "chapters" / f"{name}.ipynb", as_version=4).cells
        if cell.cell_type == "code"
    ]
    known = set(dir(builtins))
    for source in kept:
        nodes = [*ast.walk(ast.parse(source))]
        names = [node for node in nodes if isinstance(node, ast.Name)]
        known |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
        known |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        known |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        known |= {node.name for node in nodes if isinstance(node, ast.ExceptHandler)}
        imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
        known |= {(alias.asname or alias.name).split(".")[0] for each in imports for alias in each.names}
        assert {node.id for node in names if isinstance(node.ctx, ast.Load)} <= known, source


@pytest.mark.parametrize("name", ["repeated_games", "zero_shot"])
def test_a_students_chapter_runs(student, name, monkeypatch):
    monkeypatch.chdir(student / "chapters")
    scope = {}
    for cell in nbformat.read(f"{name}.ipynb", as_version=4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, name, "exec"), scope)
    assert scope["sc"] is sc


def test_the_students_edition_says_so_at_the_foot_of_each_page_and_has_room_in_print(student):
    config = (student / "_config.yml").read_text(encoding="utf-8")
    assert 'extra_footer: "<p>Student edition: exercises without their solutions.</p><p>Code:' in config
    assert "@media print { .sc-answer" in (student / "chapters" / "_static" / "book.css").read_text(encoding="utf-8")


def test_equal_sources_give_equal_bytes_and_nothing_is_overwritten(student, tmp_path):
    again = tmp_path / "again"
    assert not write("student", again).returncode
    for path in student.rglob("*"):
        if path.is_file():
            assert (again / path.relative_to(student)).read_bytes() == path.read_bytes()
    said = write("student", again)
    assert said.returncode == 2
    assert "is not empty: name a folder that is new" in said.stderr


@pytest.mark.parametrize("name", NAMES)
def test_in_the_teachers_edition_solutions_are_open_and_all_else_is_as_it_was(teacher, name):
    notebook = nbformat.read(teacher / "chapters" / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    cells = cells_of(name)
    assert len(notebook.cells) == len(cells)
    for old, new in zip(cells, notebook.cells, strict=True):
        assert new.source == re.sub(r"(```\{solution\S* \S+\n):class: dropdown\n", r"\1", old["source"])
        assert not new.metadata.get("jupyter") or new.metadata.tags


def test_the_teachers_edition_has_a_page_with_the_points_of_all_exercises(teacher):
    text = (teacher / "chapters" / "points.md").read_text(encoding="utf-8")
    assert "file: chapters/points" in (teacher / "_toc.yml").read_text(encoding="utf-8")
    parts = dict(re.findall(r"^## \[[^]]+\]\((\w+)\.ipynb\)\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    assert set(parts) == set(NAMES)
    for name, part in parts.items():
        source = "\n\n".join(cell["source"] for cell in cells_of(name) if cell["cell_type"] == "markdown")
        labels = re.findall(r"\{exercise\}\n:label: (\S+)\n\n\*Objective (\d) · (\d+) minutes · ([\w ]+)\*", source)
        rows = re.findall(r"^\| \{ref\}`(\S+)` \| (\d) \| ([\w ]+) \| (\d+) \|$", part, re.MULTILINE)
        assert [(label, aim, points, level) for label, aim, level, points in rows] == labels
        assert f"| all | | | {sum(int(row[3]) for row in rows)} |" in part
        assert part.count("If you found") == source.count("\nIf you found")
