"""The teaching part: items with a seed, and what is made of them for a class."""

from socialcoop.teach import items
from socialcoop.teach.cards import payoff_cards
from socialcoop.teach.exam import Exam, make_exam
from socialcoop.teach.gift import as_gift
from socialcoop.teach.item import Item, Verdict
from socialcoop.teach.lab import read_class, stages_held
from socialcoop.teach.practice import another
from socialcoop.teach.seeds import seed_of

__all__ = [
    "Exam",
    "Item",
    "Verdict",
    "another",
    "as_gift",
    "items",
    "make_exam",
    "payoff_cards",
    "read_class",
    "seed_of",
    "stages_held",
]
