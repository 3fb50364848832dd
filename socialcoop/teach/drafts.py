"""How an item is made: drawn from its seed, and drawn again until its typical errors can be told from its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from itertools import count
from random import Random
from typing import TypeVar

from socialcoop import checks
from socialcoop.teach.item import Item

T = TypeVar("T")

SECTIONS = """

Parameters
----------
seed
    Which of the items.

Raises
------
ValueError, TypeError
    If the seed is not an integer from 0 on.

Examples
--------
>>> item = sc.teach.items.{name}(seed=0)
>>> item.judge(item.right).correct
True
"""


class Dice:
    """Draws that depend on a text alone: Python promises the same numbers in each of its versions."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def below(self, n: int) -> int:
        """Return one of 0, …, n - 1."""
        return int(self._random.random() * n)

    def pick(self, values: Sequence[T]) -> T:
        """Return one of the values."""
        return values[self.below(len(values))]

    def several(self, values: Sequence[T], number: int) -> list[T]:
        """Return so many values, each drawn from all of them."""
        return [self.pick(values) for _ in range(number)]

    def tenths(self, low: int, high: int) -> float:
        """Return a multiple of a tenth between low and high tenths."""
        return (low + self.below(high - low + 1)) / 10


@dataclass(frozen=True)
class Draft:
    """What an item says, before anybody has looked whether its numbers can be told apart.

    Attributes
    ----------
    text, right, why, choices, within, table
        As those of an `Item`.
    traps
        Numbers that one gets by a typical error, and what the error is, the more common ones first.
    """

    text: str
    right: float | str
    why: str = ""
    traps: Sequence[tuple[float, str]] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    within: float = 0.005
    table: Sequence[Sequence[str]] = ()

    def errors(self) -> dict[float, str] | None:
        """Return the typical errors that can be told apart; None if one leads to the answer, or fewer than two stay."""
        kept: dict[float, str] = {}
        for trap, error in self.traps:
            if self._close(trap, float(self.right)):
                return None
            if len(kept) < 4 and not any(self._close(trap, other) for other in kept):
                kept[round(float(trap), 9)] = error
        return kept if len(kept) > 1 else None

    def _close(self, one: float, other: float) -> bool:
        return abs(one - other) <= 2.01 * self.within

    def item(self, name: str, seed: int) -> Item | None:
        """Return the item, or None where its numbers are too close."""
        traps = {} if self.choices else self.errors()
        if traps is None:
            return None
        right = self.right if isinstance(self.right, str) else round(float(self.right), 9)
        table = tuple(tuple(row) for row in self.table)
        why = self.choices[str(right)] if self.choices else self.why
        return Item(name, seed, self.text, right, why, traps, self.choices, self.within, table)


def seeded(draw: Callable[[Dice], Draft | None]) -> Callable[[int], Item]:
    """Return the function of a seed that draws until there is a draft whose numbers can be told apart."""

    @wraps(draw)
    def make(seed: int) -> Item:
        seed = checks.integer("seed", seed)
        dice = Dice(f"{draw.__name__} {seed}")  # items of the same seed are not about the same table
        drafts = (draw(dice) for _ in count())
        items = (draft.item(draw.__name__, seed) for draft in drafts if draft is not None)
        return next(item for item in items if item is not None)

    del make.__dict__["__wrapped__"]  # it takes a seed, not dice
    make.__annotations__ = {"seed": int, "return": Item}
    told = str(draw.__doc__)
    make.__doc__ = f"Return an item: {told[0].lower()}{told[1:]}{SECTIONS.format(name=draw.__name__)}"
    return make
