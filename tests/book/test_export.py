"""A notebook as one HTML file, exported with the README's command: the controls work without a kernel or a network."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
CODE = """
import socialcoop as sc

games = {"team": (sc.games.team_lead(), (0, 1)), "dare": (sc.games.chicken(), (0, 0))}
pairs = {"learners": (sc.Hedge(), sc.Hedge())}
sc.explore(sc.plots.payoff_region(games, pairs), game=["team", "dare"], pair=["learners"], horizon=[10, 100])
"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Export a notebook of two cells, and return the one file that comes of it."""
    folder = tmp_path_factory.mktemp("export")
    cells = [nbformat.v4.new_markdown_cell("# My games"), nbformat.v4.new_code_cell(CODE)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "mine.ipynb")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ((settings, words),) = re.findall(r"^(\w+=\w+) jupyter (nbconvert --to html .*) chapters/\w+\.ipynb$", readme, re.M)
    room = {**os.environ, "PYTHONPATH": str(ROOT), **dict([settings.split("=")])}
    command = [Path(sys.executable).with_name("jupyter"), *words.split(), "mine.ipynb"]
    run = subprocess.run(command, cwd=folder, env=room, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    (page,) = (folder / "_build").iterdir()
    return page


SHOWN = "(root) => ['.sc-frame', '.sc-sentence'].map((part) => root.querySelector(part).innerHTML)"


def test_each_control_moves_the_figure_and_its_sentence_in_an_exported_notebook(exported, browser):
    page = browser.new_page(offline=True)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(exported.as_uri())
    explorable = page.locator(".sc-explorable")
    for control in explorable.locator("[data-control=game], [data-control=horizon]").all():
        before = explorable.evaluate(SHOWN)
        control.press("End")
        after = explorable.evaluate(SHOWN)
        assert before[0] != after[0]
        assert before[1] != after[1]
        control.press("Home")
        assert explorable.evaluate(SHOWN) == before
    ours = [url for url in asked if not re.search(r"^(file|data|blob):|/(mathjax|require\.js)/", url)]
    assert ours == []  # nbconvert's page asks for MathJax, and for what widgets would need
    page.close()
