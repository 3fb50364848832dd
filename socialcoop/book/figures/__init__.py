"""Figures: each function returns a picture, drawn from what the package computes."""

from socialcoop.book.figures.ablations import distance_to_cce, episodes_for_even_odds, schedule_walk, survival_curve
from socialcoop.book.figures.commitment import (
    bound_terms,
    commitment_values,
    episode_course,
    episodes_needed,
    horizon_curve,
    phase_curve,
)
from socialcoop.book.figures.conventions import certificate_table, convention_course, trust_in_a_code
from socialcoop.book.figures.conversation import habit_course, project_course
from socialcoop.book.figures.imitation import imitation_distance
from socialcoop.book.figures.layout import canvas
from socialcoop.book.figures.limits import broken_assumption
from socialcoop.book.figures.payoffs import payoff_distribution, payoff_region, payoff_tables
from socialcoop.book.figures.regrets import failure_curve, hindsight, regret_paths

__all__ = [
    "bound_terms",
    "broken_assumption",
    "canvas",
    "certificate_table",
    "commitment_values",
    "convention_course",
    "distance_to_cce",
    "episode_course",
    "episodes_for_even_odds",
    "episodes_needed",
    "failure_curve",
    "habit_course",
    "hindsight",
    "horizon_curve",
    "imitation_distance",
    "payoff_distribution",
    "payoff_region",
    "payoff_tables",
    "phase_curve",
    "project_course",
    "regret_paths",
    "schedule_walk",
    "survival_curve",
    "trust_in_a_code",
]
