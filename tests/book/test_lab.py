"""What the chapters promise in JupyterLab itself: they run, controls are live, links lead on, solutions stay folded."""

import json
import os
import re
import shutil
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from notebooks import CHAPTERS, cells_of

ROOT = CHAPTERS.parent
PATIENCE = 120  # seconds, for one step on a busy machine
TRIED = ("intro", "imitation", "alice_revisited")
UNREAD = "repeated_games"
ITEMS = "import socialcoop as sc\nsc.teach.another(sc.teach.items.which_pone)"
OWN = 'sc.book.own_game({"Stag hunt": (sc.games.stag_hunt(safe=0.7), (0, 0))})'
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
CELLS = [new_code_cell(ITEMS, id="items"), new_code_cell(OWN, id="own")]
PRACTICE = new_notebook(cells=CELLS, metadata={"kernelspec": KERNEL})  # of no chapter
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},  # nothing that asks a network
    "notebook-extension/tracker": {"windowingMode": "none"},  # all cells are there, on screen or not
}


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Start JupyterLab on a copy of the chapters, with nothing of the user's own; return its address and token."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(CHAPTERS, home / "chapters", ignore=shutil.ignore_patterns("_ext", ".ipynb_checkpoints"))
    (home / "chapters" / "practice.ipynb").write_text(nbformat.writes(PRACTICE), encoding="utf-8")
    for name, values in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    own = {
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        "IPYTHONDIR": home / "ipython",
        "PYTHONPATH": ROOT,
    }
    environment = {name: value for name, value in os.environ.items() if name != "SOCIALCOOP_DISPLAY"}
    environment |= {name: str(path) for name, path in own.items()}
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--expose-app-in-browser",
        "chapters",
    ]
    with (home / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=log)
    try:
        yield _address(process, home)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _address(process, home):
    """Wait until the server has written where it is; return that and its token."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        for path in (home / "runtime").glob("jpserver-*.json"):
            if text := path.read_text(encoding="utf-8"):
                found = json.loads(text)
                return found["url"], found["token"]
        time.sleep(0.1)
    pytest.fail(f"JupyterLab does not start:\n{(home / 'log').read_text(encoding='utf-8')[-3000:]}", pytrace=False)


@pytest.fixture(scope="module")
def lab(server, browser):
    """Open JupyterLab at the address of a notebook, and wait until that is there."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(1000 * PATIENCE)
    address, token = server
    page = context.new_page()
    page.goto(f"{address}lab/tree/practice.ipynb?token={token}")
    page.wait_for_function("window.jupyterapp")
    page.evaluate("jupyterapp.restored.then(() => null)")
    page.wait_for_selector(".jp-CodeCell")
    yield page
    context.close()


# The notebook before is closed, unsaved as it is, with its kernel.
OPEN = """async (path) => {
  const before = jupyterapp.shell.currentWidget;
  if (before?.context?.path === path) return;
  await before?.sessionContext?.shutdown();
  before?.dispose();
  await jupyterapp.commands.execute('docmanager:open', { path });
}"""


@pytest.fixture(scope="module")
def opened(lab):
    """Return a function that opens a notebook in place of the one before, and waits until its prose is set."""

    def opened(name):
        lab.evaluate(OPEN, f"{name}.ipynb")
        prose = sum(cell["cell_type"] == "markdown" and not is_folded(cell) for cell in cells_of(name))
        lab.wait_for_function(f"document.querySelectorAll('.jp-MarkdownCell .myst').length >= {prose}")
        return lab

    return opened


RUN_ALL = """async () => {
  await jupyterapp.shell.currentWidget.sessionContext.ready;
  await jupyterapp.commands.execute('notebook:run-all-cells');
}"""


@pytest.fixture(scope="module", params=TRIED)
def notebook(opened, request):
    """Open a notebook and run all its cells, once for all tests; return its name and its page."""
    page = opened(request.param)
    page.evaluate(RUN_ALL)
    return request.param, page


@pytest.fixture(scope="module")
def unread(opened):
    """Open a notebook of which no cell has been run."""
    return opened(UNREAD)


@pytest.fixture(scope="module")
def practice(lab):
    """Have the notebook of no chapter open, as its address opens it, and run its cells."""
    lab.evaluate(OPEN, "practice.ipynb")
    lab.wait_for_selector(".jp-CodeCell")
    lab.evaluate(RUN_ALL)
    return lab


def is_folded(cell):
    return cell["metadata"].get("jupyter", {}).get("source_hidden", False)


def troubles(page):
    """Return what a notebook's cells have put out that no reader should meet."""
    cells = page.evaluate("jupyterapp.shell.currentWidget.content.model.toJSON().cells")
    found = [output for cell in cells for output in cell.get("outputs", [])]
    return [output for output in found if output["output_type"] == "error" or output.get("name") == "stderr"]


def test_another_item_comes_by_keyboard(practice):
    """Enter and Space press the button, and no key is a command of JupyterLab, such as b; the focus stays on it."""
    page = practice
    button, asked = page.get_by_role("button", name="Another one"), page.locator("form.sc-ask:not([hidden]) legend")
    tables = []
    for key in ("Enter", "Space", "Enter"):
        tables.append(page.locator("form.sc-ask:not([hidden]) table").inner_text())
        button.focus()
        page.keyboard.press(key)
        page.keyboard.press("b")
        assert page.evaluate("document.activeElement.textContent") == "Another one"
    assert asked.count() == 1
    assert page.locator(".sc-next output > span").first.text_content() == "4 of 8"
    assert len(set(tables)) == 3
    assert (page.locator(".jp-Cell").count(), troubles(page)) == (len(CELLS), [])


def test_a_payoff_table_is_filled_in_and_its_learners_stepped_by_keyboard(practice):
    page = practice
    form = page.locator("form.sc-own")
    cells = page.locator(".jp-Cell").count()
    form.locator("td input").first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("1/2")
    assert form.locator(".sc-own-list li").first.text_content() == "Row B, column B. It pays 0.7 and 0.7. PONE."
    form.locator(".sc-own-step").press("Enter")
    assert form.locator(".sc-own-walk").text_content().startswith("Stage 1 of 100: ")
    assert page.locator(".jp-Cell").count() == cells
    assert troubles(page) == []


def test_all_cells_run_and_none_fails_or_warns(notebook):
    _, page = notebook
    cells = page.evaluate("jupyterapp.shell.currentWidget.content.model.toJSON().cells")
    counts = [cell["execution_count"] for cell in cells if cell["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert troubles(page) == []


# What an explorable shows: its picture, and its sentence.
SHOWN = "(root) => ['.sc-frame', '.sc-sentence'].map((part) => root.querySelector(part).innerHTML)"

# Arrows move within a list of words only when it is unfolded: before, JupyterLab takes them for its own.
KEYS = {"SELECT": ("End", "Home"), "DIV": ("Home", "ArrowRight", "End", "ArrowLeft")}

# The kernel answers in order: when it has told about itself it has done all that was asked before.
ANSWERED = "jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestKernelInfo().then(() => null)"


def test_each_control_moves_its_picture_and_its_sentence_by_keyboard(notebook):
    name, page = notebook
    explorables = page.locator(".jp-OutputArea-output:has(.sc-sentence):has(.sc-frame)")
    code = "\n".join(cell["source"] for cell in cells_of(name) if cell["cell_type"] == "code")
    assert explorables.count() == code.count("sc.explore(") > 0
    for explorable in explorables.all():
        for which, control in enumerate(explorable.locator("select, .noUi-handle").all()):
            start, shown = explorable.evaluate(SHOWN), []
            for key in KEYS[control.evaluate("e => e.tagName")]:
                control.press(key)
                page.evaluate(ANSWERED)
                shown.append(explorable.evaluate(SHOWN))
            assert {picture for picture, _ in shown} - {start[0]}, f"control {which} does not move its picture"
            assert {sentence for _, sentence in shown} - {start[1]}, f"control {which} does not move its sentence"
        assert "Error" not in explorable.inner_text()
    assert troubles(page) == []


def test_questions_are_answered_by_keyboard(notebook):
    """Arrows, Enter and letters reach the form, and not JupyterLab, which has commands of its own for them."""
    name, page = notebook
    forms = page.locator("form.sc-ask:not(.sc-another *)")
    code = "\n".join(cell["source"] for cell in cells_of(name) if cell["cell_type"] == "code")
    assert forms.count() == code.count("sc.book.ask")
    cells = page.locator(".jp-Cell").count()
    for form in forms.all():
        data = json.loads(form.locator(".sc-replies").text_content())
        field, reply = form.locator("input").first, form.locator("output")
        if "choices" in data:
            field.focus()
            page.keyboard.press("Space")
            for _ in range(data["right"]):
                page.keyboard.press("ArrowDown")
        else:
            field.focus()
            page.keyboard.type(str(data["right"]))
        page.keyboard.press("Enter")
        assert reply.text_content().startswith("Right. ")
    assert page.locator(".jp-Cell").count() == cells
    assert troubles(page) == []


def test_a_replay_and_an_encounter_are_moved_by_keyboard(notebook):
    name, page = notebook
    code = "\n".join(cell["source"] for cell in cells_of(name) if cell["cell_type"] == "code")
    replays, encounters = page.locator(".sc-replay"), page.locator(".sc-encounter")
    assert (replays.count(), encounters.count()) == (code.count("sc.book.replay("), code.count("sc.book.encounter("))
    cells = page.locator(".jp-Cell").count()
    for replay in replays.all():
        slider, shown = replay.get_by_role("slider"), replay.locator(".sc-sentence")
        for key in ("Home", "ArrowRight", "End"):
            before = shown.text_content()
            slider.press(key)
            assert shown.text_content() != before
        replay.get_by_role("button", name="Reset").press("Enter")
        assert slider.input_value() == "1"
    for encounter in encounters.all():
        encounter.get_by_role("radio").first.focus()
        page.keyboard.press("ArrowDown")
        for count, key in enumerate(("Enter", "Space"), start=1):
            encounter.locator(".sc-messages button").nth(2).press(key)
            assert encounter.get_by_role("log").locator("li").count() == count
    assert page.locator(".jp-Cell").count() == cells
    assert troubles(page) == []


# Where things begin and end, from left to right: the picture, each control, and what each control is moved by.
EDGES = """
root => ['.sc-svg', '.widget-hslider, .widget-dropdown', '.noUi-target, select'].map((part) =>
  [...root.querySelectorAll(part)].map((e) => e.getBoundingClientRect()).map((box) => [box.left, box.right]))
"""


def test_controls_stand_below_their_picture_and_begin_together(notebook):
    _, page = notebook
    for explorable in page.locator(".jp-OutputArea-output:has(.sc-sentence):has(.sc-frame)").all():
        ((picture,), controls, handles) = explorable.evaluate(EDGES)
        assert len(controls) == len(handles) > 0
        assert all(control == pytest.approx(picture, abs=30) for control in controls)
        starts = [start for start, _ in handles]
        assert max(starts) - min(starts) < 15  # a slider's handle needs room, a list does not


def test_prose_reads_as_words(notebook):
    """No key, no label, no role and no directive is left; headings and folds are read with the rest."""
    _, page = notebook
    shown = "\n".join(page.locator(".jp-MarkdownCell .myst").all_text_contents())
    keys = re.findall(r"@\w+\{(\w+),", (CHAPTERS / "references.bib").read_text(encoding="utf-8"))
    assert [key for key in keys if key in shown] == []
    assert re.search(r"Çelikok et al\. \(2025\)", shown)
    assert re.findall(r"\b(?:def|thm|prop|lem|conj)-[\w-]+|\{[\w:]+\}`|```|:label:", shown) == []


def test_solutions_stay_folded_until_they_are_opened(unread):
    folded = [cell for cell in cells_of(UNREAD) if is_folded(cell)]
    unseen = {"remove-input", "remove-cell"}
    questions = [cell for cell in folded if unseen & set(cell["metadata"].get("tags", []))]
    assert len(folded) > len(questions) > 0
    assert unread.locator(".jp-InputPlaceholder").count() == len(folded)
    for cell in folded:
        if cell in questions:  # their answer is not shown, and their output is
            unread.locator(".jp-InputPlaceholder").first.click()
            continue
        shown = unread.locator(".jp-Cell", has=unread.locator(".jp-InputPlaceholder")).first
        assert cell["source"].splitlines()[0] in shown.locator(".jp-InputPlaceholder").inner_text()
        assert shown.locator(":is(.jp-InputArea-editor, .myst, .jp-OutputArea-output):visible").count() == 0
        shown.locator(".jp-InputPlaceholder").click()
    assert unread.locator(".jp-InputPlaceholder").count() == 0


@pytest.mark.parametrize(
    ("words", "path"),
    [("Definition Hedge", "consistency.ipynb"), ("Shoham and Leyton-Brown (2008)", "references.bib")],
)
def test_a_link_opens_the_other_chapter_or_the_bibliography(unread, words, path):
    unread.evaluate(f"jupyterapp.commands.execute('docmanager:open', {{ path: '{UNREAD}.ipynb' }}).then(() => null)")
    # JupyterLab finds out where a link leads after it has drawn it; what it opens is in front before it has the focus
    unread.locator(".jp-MarkdownCell a[href*='/files/']:visible", has_text=words).click()
    unread.wait_for_function(IN_FRONT, arg=path)


IN_FRONT = "(path) => [...jupyterapp.shell.widgets('main')].some((e) => e.isVisible && e.context?.path === path)"
