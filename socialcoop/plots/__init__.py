"""Figures: each function returns a picture, drawn from what the package computes."""

from socialcoop.plots.ablations import distance_to_cce, episodes_for_even_odds, schedule_walk, survival_curve
from socialcoop.plots.commitment import (
    bound_terms,
    commitment_values,
    episode_course,
    episodes_needed,
    horizon_curve,
    phase_curve,
)
from socialcoop.plots.conventions import certificate_table, convention_course, trust_in_a_code
from socialcoop.plots.conversation import habit_course, project_course
from socialcoop.plots.imitation import imitation_distance
from socialcoop.plots.layout import canvas
from socialcoop.plots.limits import attention, broken_assumption
from socialcoop.plots.payoffs import payoff_distribution, payoff_region, payoff_tables
from socialcoop.plots.regrets import failure_curve, hindsight, regret_paths

__all__ = [
    "attention",
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
