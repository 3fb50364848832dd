"""Imitation: the strategy that copies a dataset, and how far from the population it is, exactly."""

from socialcoop.imitation.imitator import Imitator, behaviour_tables
from socialcoop.imitation.tree import HistoryTree, marginal_tv, meeting_tv, missing_mass

__all__ = ["HistoryTree", "Imitator", "behaviour_tables", "marginal_tv", "meeting_tv", "missing_mass"]
