"""Meta-strategies: the protocol, learners, strategies that follow a rule, and conventions."""

from socialcoop.strategies.banked import BankedRegret, Grudge
from socialcoop.strategies.codebook import Codebook
from socialcoop.strategies.coded import CodedConvention
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
from socialcoop.strategies.trembling import Trembling

__all__ = [
    "BankedRegret",
    "ByRole",
    "Codebook",
    "CodedConvention",
    "Convention",
    "FictitiousPlay",
    "Fixed",
    "GrimTrigger",
    "Grudge",
    "Hedge",
    "JointSchedule",
    "RegretMatching",
    "Scripted",
    "Seat",
    "Signal",
    "Strategy",
    "Tabular",
    "TitForTat",
    "Trembling",
    "announcing_classes",
    "schedule",
]
