"""Items: functions of a seed, each of which returns a question with its computed answer and its typical errors."""

from collections.abc import Callable

from socialcoop.teach.item import Item
from socialcoop.teach.items.regret import external_regret

ITEMS: dict[str, Callable[[int], Item]] = {make.__name__: make for make in (external_regret,)}

__all__ = ["ITEMS", "external_regret"]
