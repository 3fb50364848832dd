"""Meta-strategies: the protocol, learners, and strategies that follow a rule."""

from socialcoop.strategies.learners import FictitiousPlay, Hedge, RegretMatching
from socialcoop.strategies.protocol import Seat, Strategy
from socialcoop.strategies.scripted import Fixed, GrimTrigger, Scripted, Tabular, TitForTat

__all__ = [
    "FictitiousPlay",
    "Fixed",
    "GrimTrigger",
    "Hedge",
    "RegretMatching",
    "Scripted",
    "Seat",
    "Strategy",
    "Tabular",
    "TitForTat",
]
