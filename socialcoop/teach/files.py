"""What a lecturer gives and gets: a list of students, a secret text, and files that replace no others."""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections import Counter
from collections.abc import Iterable
from itertools import count
from pathlib import Path

HEADS = ("student", "number", "student number", "student_number", "student-number")
NUMBER = re.compile(r"\w[\w.-]*")  # it names a file, too
SHORTEST = 8  # characters of a secret text that nobody guesses by trying


def read_students(path: Path) -> list[str]:
    """Return the student numbers in a list: one in each line, or a column that is called student or number."""
    rows = _rows(path)
    heads = [cell.casefold() for cell in rows[0]] if rows else []
    column = next((heads.index(head) for head in HEADS if head in heads), None)
    if column is not None:
        rows = rows[1:]
    numbers = [row[column or 0] if len(row) > (column or 0) else "" for row in rows]
    if not numbers:
        raise ValueError(f"{path} lists nobody: write one student number in each line")
    bad = [number for number in numbers if not NUMBER.fullmatch(number)]
    if bad:
        raise ValueError(f"{path}: a student number has letters, digits, dots and dashes only, got {bad[0]!r}")
    twice = [number for number, count in Counter(number.casefold() for number in numbers).items() if count > 1]
    if twice:
        raise ValueError(f"{path} lists {', '.join(twice)} more than once")
    return numbers


def _rows(path: Path) -> list[list[str]]:
    """Return the rows that are not empty; spreadsheets write semicolons in some countries."""
    lines = text_of(path).splitlines()
    mark = next((mark for mark in (",", ";", "\t") if lines and mark in lines[0]), ",")
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=mark)]
    return [row for row in rows if any(row)]


def text_of(path: Path) -> str:
    """Return what a file says, in UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not in UTF-8: save it once more as a text in UTF-8") from None


def as_csv(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as a text that spreadsheets read."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def read_salt(path: Path) -> str:
    """Return the secret text in a file."""
    if not path.exists():
        raise ValueError(f"{path} is not there: it is the file with the secret text that the homework was made with")
    salt = text_of(path).strip()
    if len(salt) < SHORTEST:
        raise ValueError(f"{path} must hold a secret text of {SHORTEST} or more characters, got {len(salt)}")
    return salt


def made_salt(path: Path) -> str:
    """Return the secret text in a file, which is made where there is none."""
    if not path.exists():
        path.write_text(secrets.token_hex(16) + "\n", encoding="utf-8")
        path.chmod(0o600)
        print(f"{path} is new. Keep it to yourself, and keep it: without it nothing can be marked, or made again.")
    return read_salt(path)


def new_file(path: Path) -> Path:
    """Return the path of a file that is not there yet."""
    if path.exists():
        raise ValueError(f"{path} is there already: move it away, or name another file")
    if not path.parent.is_dir():
        raise ValueError(f"{path.parent} is no folder")
    return path


def new_folder(path: Path) -> Path:
    """Return the path of a folder that is made, or is there and empty."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        named = path if path.name.strip(".") else path.resolve()  # also for "." and ".."
        free = next(other for turn in count(2) if not (other := Path(f"{named}-{turn}")).exists())
        raise ValueError(f"{path} is there already, and not empty: name another folder, such as {free}")
    path.mkdir(parents=True, exist_ok=True)
    return path
