"""The form that every chapter has, and what keeps the stored notebooks comparable."""

import ast
import re
from itertools import takewhile

import pytest
from notebooks import NAMES, cells_of

CHAPTER_NAMES = [name for name in NAMES if name != "intro"]


def prose(name):
    return "\n\n".join(cell["source"] for cell in cells_of(name) if cell["cell_type"] == "markdown")


@pytest.mark.parametrize("name", NAMES)
def test_every_code_cell_was_run_in_order_and_none_failed(name):
    code = [cell for cell in cells_of(name) if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert not [output for cell in code for output in cell["outputs"] if output["output_type"] == "error"]


@pytest.mark.parametrize("name", NAMES)
def test_stored_outputs_are_the_same_on_every_machine(name):
    outputs = [output for cell in cells_of(name) for output in cell.get("outputs", [])]
    data = [output.get("data", {output["output_type"]: None}) for output in outputs]
    tables = [each for each in data if '<table border="1" class="dataframe">' in "".join(each.get("text/html", ""))]
    kinds = {kind for each in data if each not in tables for kind in each}
    assert kinds <= {"text/plain", "image/png", "stream"}  # no frames, no widgets with random names
    assert all(set(each) == {"text/plain", "text/html"} for each in tables)


@pytest.mark.parametrize("name", NAMES)
def test_every_stored_picture_has_a_text_in_its_place(name):
    outputs = [output for cell in cells_of(name) for output in cell.get("outputs", [])]
    pictures = [output["metadata"] for output in outputs if "image/png" in output.get("data", {})]
    assert all(len(metadata["image/png"]["alt"]) > 40 for metadata in pictures)


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_is_kept_from_comparison(name):
    tags = {tag for cell in cells_of(name) for tag in cell["metadata"].get("tags", [])}
    assert not {tag for tag in tags if tag.startswith(("nbval", "raises"))}


@pytest.mark.parametrize("name", NAMES)
def test_code_cells_are_short(name):
    for cell in cells_of(name):
        if cell["cell_type"] == "code":
            lines = [line for line in cell["source"].splitlines() if line.strip() and not line.strip().startswith("#")]
            assert len(lines) <= 14, cell["source"]


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_states_objectives_recaps_and_ends_with_solved_exercises(name):
    text = prose(name)
    assert re.search(r"```\{admonition\} When you have read this \w+, you can\n:class: tip\n(- [^\n]+\n){3}```", text)
    recap = text[text.index("## Recap") :].split("\n## ")[0]
    assert len(re.findall(r"^\d\. ", recap, re.MULTILINE)) == 5
    exercises = re.findall(r"```\{exercise\}\n:label: (\S+)", text)
    solutions = re.findall(r"```\{solution(?:-start)?\} (\S+)", text)
    assert 3 <= len(exercises) <= 6
    assert exercises == solutions
    assert "## Further reading" in text


@pytest.mark.parametrize("name", CHAPTER_NAMES)
def test_a_chapter_asks_for_predictions_and_proves_what_it_states(name):
    text = prose(name)
    assert text.count("**Predict.**") >= 2
    statements = len(re.findall(r"```\{prf:(theorem|lemma|proposition|corollary)\}", text))
    assert statements == text.count(":::{dropdown} Proof\n```{prf:proof}")


@pytest.mark.parametrize("name", NAMES)
def test_the_cells_of_a_solution_are_folded_in_jupyterlab_too(name):
    inside = False
    for cell in cells_of(name):
        if inside:
            parts = ("source_hidden", "outputs_hidden") if cell["cell_type"] == "code" else ("source_hidden",)
            assert cell["metadata"].get("jupyter") == dict.fromkeys(parts, True), cell["id"]
        if inside and cell["cell_type"] == "markdown":
            assert cell["source"].startswith("**In words.**\n"), "a folded cell shows its first line"
        inside = "{solution-start}" in cell["source"] or (inside and "{solution-end}" not in cell["source"])
    assert not inside


UNSEEN = {"remove-input", "remove-cell"}  # tags of cells whose code a page does not show


def asks(cell):
    """Whether a cell asks a question, whose code gives the answer away and so is not shown."""
    asking = cell["cell_type"] == "code" and "sc.book.ask" in cell["source"]
    if asking:
        assert UNSEEN & set(cell["metadata"]["tags"])
        assert cell["metadata"]["jupyter"] == {"source_hidden": True}
    return asking


@pytest.mark.parametrize("name", NAMES)
def test_every_prediction_takes_an_answer(name):
    """After each Predict the next cell that shows something is a question."""
    waiting = False
    for cell in cells_of(name):
        if cell["cell_type"] == "markdown":
            assert not waiting, "prose after a Predict, before its question"
            waiting = "**Predict.**" in cell["source"]
        elif asks(cell):
            waiting = False
        else:
            assert not waiting or not cell["outputs"], "something is shown before the question"
    assert not waiting


@pytest.mark.parametrize("name", NAMES)
def test_every_question_belongs_to_a_prediction_or_to_a_line_of_the_recap(name):
    cells = cells_of(name)
    (recap,) = [place for place, cell in enumerate(cells) if cell["source"].startswith("## Recap")]
    assert "**Check yourself.**" in cells[recap]["source"]
    shown = [cell for cell in cells[recap + 1 :] if "remove-cell" not in cell["metadata"].get("tags", ())]
    checks = [*takewhile(asks, shown)]
    assert len(checks) == 5
    assert sum(map(asks, cells)) == prose(name).count("**Predict.**") + len(checks)


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_needs_what_only_an_unseen_cell_defines(name):
    seen, unseen = set(), set()
    for cell in cells_of(name):
        if cell["cell_type"] != "code":
            continue
        nodes = [*ast.walk(ast.parse(cell["source"]))]
        names = [node for node in nodes if isinstance(node, ast.Name)]
        used = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        new = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        new |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
        imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
        new |= {alias.asname or alias.name for node in imports for alias in node.names}
        if UNSEEN & set(cell["metadata"].get("tags", ())):
            unseen |= new - seen
        else:
            seen |= new
            unseen -= new
            assert not used & unseen
