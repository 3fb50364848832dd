"""Figures: each function returns a picture, drawn from what the package computes."""

from socialcoop.plots.conventions import certificate_table, convention_course, trust_in_a_code
from socialcoop.plots.layout import canvas
from socialcoop.plots.payoffs import payoff_distribution, payoff_region, payoff_tables
from socialcoop.plots.regrets import failure_curve, hindsight, regret_paths

__all__ = [
    "canvas",
    "certificate_table",
    "convention_course",
    "failure_curve",
    "hindsight",
    "payoff_distribution",
    "payoff_region",
    "payoff_tables",
    "regret_paths",
    "trust_in_a_code",
]
