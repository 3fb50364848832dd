"""Each command of the README is run: by CI, or by a test that names what it runs."""

import re

import pytest
from test_reference import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]

# A part of the command: the file that runs it, and the words by which it does.
RUN_BY = {
    "jupyter-book build .": (".ci/run", 'bash -c "${commands[0]}"'),
    "requirements.txt && pytest": (".ci/run", 'bash -c "${commands[1]}"'),
    "pip install -e": ("requirements.txt", "-e .[class]"),
    "chapters/_ext/pdf.py": ("tests/book/test_print.py", "as the README does"),
    "jupyter lab chapters": ("tests/book/test_lab.py", '"lab"'),
    "SOCIALCOOP_DISPLAY=frames": ("tests/book/test_export.py", "README.md"),
    "chapters/_ext/deck.py": ("tests/book/test_deck.py", "deck"),
    "chapters/_ext/editions.py": ("tests/test_editions.py", "student"),
    "socialcoop.teach homework": ("tests/test_homework.py", '"socialcoop.teach", "homework"'),
    "ruff format .": (".ci/run", "ruff format --check ."),
    "SOCIALCOOP_DISPLAY=still": ("tests/test_chapters.py", "test_every_code_cell_was_run_in_order_and_none_failed"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_run_somewhere(command):
    (found,) = [by for part, by in RUN_BY.items() if part in command]
    file, words = found
    assert words in (ROOT / file).read_text(encoding="utf-8")


def test_no_command_is_listed_that_the_readme_does_not_have():
    assert not [part for part in RUN_BY if not any(part in command for command in COMMANDS)]


def test_the_readme_has_a_door_for_each_kind_of_reader():
    doors = ["Two commands", "For readers", "For explorers", "For teachers"]
    assert re.findall(r"^## (.+)$", README, re.MULTILINE)[:4] == doors
