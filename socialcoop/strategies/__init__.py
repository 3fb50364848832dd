"""Meta-strategies: the protocol, learners, strategies that follow a rule, and conventions."""

from socialcoop.strategies.banked import BankedRegret
from socialcoop.strategies.codebook import Codebook
from socialcoop.strategies.conventions import (
    ByRole,
    Convention,
    JointSchedule,
    Signal,
    announcing_classes,
    schedule,
)
from socialcoop.strategies.learners import FictitiousPlay, Hedge, RegretMatching
from socialcoop.strategies.protocol import Seat, Strategy
from socialcoop.strategies.scripted import Fixed, GrimTrigger, Scripted, Tabular, TitForTat

__all__ = [
    "BankedRegret",
    "ByRole",
    "Codebook",
    "Convention",
    "FictitiousPlay",
    "Fixed",
    "GrimTrigger",
    "Hedge",
    "JointSchedule",
    "RegretMatching",
    "Scripted",
    "Seat",
    "Signal",
    "Strategy",
    "Tabular",
    "TitForTat",
    "announcing_classes",
    "schedule",
]
