"""What a lecturer calls: `python -m socialcoop.teach homework --help`, and so on."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from socialcoop.teach.cards import add_cards
from socialcoop.teach.exam import add_exam
from socialcoop.teach.gift import add_gift
from socialcoop.teach.grading import add_grade
from socialcoop.teach.homework import add_homework
from socialcoop.teach.lab import add_lab

COMMANDS = (add_homework, add_grade, add_exam, add_gift, add_cards, add_lab)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 2 after a sentence on what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m socialcoop.teach", description="What a class needs.")
    commands = parser.add_subparsers(required=True, metavar="command")
    for add in COMMANDS:
        add(commands)
    given = parser.parse_args(words)
    try:
        given.run(given)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
