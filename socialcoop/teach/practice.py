"""An item in a page, and others like it by a button."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from socialcoop import checks
from socialcoop.book.series import Series
from socialcoop.teach.item import Item


def another(make: Callable[[int], Item], seeds: Sequence[int] = range(8)) -> Series:
    """Return an item of the first seed as a question that answers back, with a button for those of the other seeds.

    Parameters
    ----------
    make
        What makes the items, such as `socialcoop.teach.items.external_regret`.
    seeds
        Which of the items, in the order in which they come.

    Returns
    -------
    An object that displays itself: as forms that need neither kernel nor network and keep no score.

    Raises
    ------
    ValueError, TypeError
        If what makes the items cannot be called and return one, or there are no seeds.

    Examples
    --------
    >>> sc.teach.another(sc.teach.items.meta_strategies, seeds=range(2)).questions[0].text[:12]
    'Two agents p'
    """
    if not callable(make):
        raise TypeError(f"make must be a function of a seed that returns an item, got {make!r}")
    wanted = checks.listed("seeds", seeds, "integers from 0 on")
    items = [make(checks.integer("seeds", seed)) for seed in wanted]
    if not all(isinstance(item, Item) for item in items):
        raise TypeError(f"make must be a function of a seed that returns an item, got {make!r}")
    different = {(item.text, item.table): item for item in items}  # what two seeds ask alike is asked once
    return Series(tuple(item.question() for item in different.values()))
