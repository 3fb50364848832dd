"""Items as GIFT, the text that Moodle and others import questions from."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from socialcoop import checks
from socialcoop.book.questions import as_table
from socialcoop.teach.files import made_salt, new_file
from socialcoop.teach.item import Item
from socialcoop.teach.items import ITEMS
from socialcoop.teach.seeds import seed_of

CATEGORY = "Learning to cooperate"


def as_gift(items: Sequence[Item]) -> str:
    """Return items as a text in the format GIFT, to be imported as a question bank.

    Parameters
    ----------
    items
        The items. Those of one name that follow one another make a category of the bank, from which a quiz can draw.

    Returns
    -------
    The text: numbers with what still counts as right and what each typical error is, choices with why they are right
    or wrong. Titles count the items of a name and do not tell their seeds.

    Raises
    ------
    ValueError, TypeError
        If there are no items.

    Examples
    --------
    >>> items = [sc.teach.items.external_regret(seed) for seed in range(20)]
    >>> sc.teach.as_gift(items).splitlines()[0][1:]
    'CATEGORY: Learning to cooperate/external regret'
    """
    wanted = [checks.instance("items", item, Item) for item in checks.listed("items", items, "items")]
    parts: list[str] = []
    for name, group in groupby(wanted, key=lambda item: item.name):
        title = name.replace("_", " ")
        parts += [f"$CATEGORY: {CATEGORY}/{title}"]
        parts += [_question(f"{title} {number}", item) for number, item in enumerate(group, start=1)]
    return "\n\n".join(parts) + "\n"


def _question(title: str, item: Item) -> str:
    """Return one question; as HTML, since it may hold a table."""
    text = _said(f"<p>{escape(item.text, quote=False)}</p>{as_table(item.table)}")
    answers = "\n".join(_choices(item) if item.choices else _numbers(item))
    return f"::{_kept(title)}::[html]{text}{{{'' if item.choices else '#'}\n{answers}\n}}"


def _choices(item: Item) -> Iterator[str]:
    for choice, why in item.choices.items():
        yield f"{'=' if choice == item.right else '~'}{_told(choice)}#{_told(why)}"


def _numbers(item: Item) -> Iterator[str]:
    """Yield the answer, and each typical error as an answer that is worth nothing and says what it is."""
    yield f"={item.right:.10g}:{item.within:g}#{_told(item.why)}"
    for trap, error in item.traps.items():
        yield f"=%0%{trap:.10g}:{item.within:g}#{_told(error)}"


def _told(text: str) -> str:
    """Return a plain text as HTML in the format."""
    return _said(escape(text, quote=False))


def _said(text: str) -> str:
    r"""Return a text whose signs mean nothing to the format; ``\n`` stands for a new line."""
    return _kept(text).replace("\n", r"\n")


def _kept(text: str) -> str:
    return re.sub(r"([\\~=#{}:])", r"\\\1", text)


def add_gift(commands: Any) -> None:
    """Add the command that writes a question bank."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "gift", help="write a question bank for Moodle, with many versions of each item", description=__doc__
    )
    parser.add_argument("out", metavar="OUT", type=Path, help="the file to write, such as bank.gift")
    parser.add_argument("--items", metavar="A,B,C", help=f"which of: {', '.join(ITEMS)}; all by default")
    parser.add_argument("--versions", metavar="N", type=int, default=20, help="how many of each; 20 by default")
    parser.add_argument("--salt", metavar="FILE", type=Path, help="your secret text; without it anybody has the items")
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> None:
    names = named(given.items)
    if not 1 <= given.versions <= 1000:
        raise ValueError(f"--versions must be from 1 to 1000, got {given.versions}")
    new_file(given.out)
    salt = made_salt(given.salt) if given.salt else None
    items = [item for name in names for item in versions(name, given.versions, salt)]
    given.out.write_text(as_gift(items), encoding="utf-8", newline="\n")
    print(f"{given.out}: {len(items)} question(s) in {len(names)} categories.")


def named(names: str | None) -> list[str]:
    """Return the names of items in a list that is separated by commas; all by default."""
    found = [*ITEMS] if names is None else [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in found if name not in ITEMS]
    if unknown:
        raise ValueError(f"no item is called {unknown[0]!r}: there are {', '.join(ITEMS)}")
    if not found or len(set(found)) < len(found):
        raise ValueError(f"name one or more items, each once, got {names!r}")
    return found


def versions(name: str, number: int, salt: str | None) -> list[Item]:
    """Return so many items of a name that ask different things, fewer where it has no more to ask."""
    found: dict[tuple[str, tuple[tuple[str, ...], ...]], Item] = {}
    for turn in range(20 * number):
        item = ITEMS[name](turn if salt is None else seed_of(salt, "gift", name, str(turn)))
        found.setdefault((item.text, item.table), item)
        if len(found) == number:
            break
    return [*found.values()]
