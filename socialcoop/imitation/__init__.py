"""Imitation: strategies that copy a dataset, and how far from the population the plainest is, exactly."""

from socialcoop.imitation.backoff import BackOffImitator
from socialcoop.imitation.imitator import Imitator, behaviour_tables
from socialcoop.imitation.model import ModelImitator
from socialcoop.imitation.tree import HistoryTree, marginal_tv, meeting_tv, missing_mass

__all__ = [
    "BackOffImitator",
    "HistoryTree",
    "Imitator",
    "ModelImitator",
    "behaviour_tables",
    "marginal_tv",
    "meeting_tv",
    "missing_mass",
]
