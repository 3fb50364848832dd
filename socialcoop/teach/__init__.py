"""The teaching part: items with a seed, and what is made of them for a class."""

from socialcoop.teach import items
from socialcoop.teach.item import Item, Verdict

__all__ = ["Item", "Verdict", "items"]
