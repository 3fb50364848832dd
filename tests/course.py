"""The book as a lecturer has it, and the commands that the page for teachers shows."""

import re
import shlex
import shutil
import subprocess
import sys

from notebooks import CHAPTERS
from source import sources

ROOT = CHAPTERS.parent
TABLE = (CHAPTERS / "teaching.md").read_text(encoding="utf-8").split("\n## ")[0]
COMMANDS = re.findall(r"\| `([^`]+)` \|", TABLE)


def unpacked(where, built_book):
    """Unpack the source in a folder of its own, with the built pages; return the folder."""
    for path in sources(ROOT):
        target = where / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    (where / "_build").mkdir()
    (where / "_build" / "html").symlink_to(built_book)
    return where


def run(command, folder):
    """Run a command in a folder, as it is shown."""
    words = [sys.executable if word == "python" else word for word in shlex.split(command)]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
