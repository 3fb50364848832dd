"""Figures, one module for each chapter; each function returns a picture, drawn from what the package computes."""

from socialcoop.book.chart import canvas
from socialcoop.book.figures.alice_revisited import habit_course, project_course
from socialcoop.book.figures.compatibility import payoff_region
from socialcoop.book.figures.compatibility_alone import (
    codebook_tree,
    episodes_for_even_odds,
    reaction_dots,
    survival_curve,
)
from socialcoop.book.figures.consistency import failure_curve, regret_paths
from socialcoop.book.figures.consistency_alone import distance_to_cce, schedule_walk
from socialcoop.book.figures.imitate_then_commit import (
    commitment_course,
    commitment_timeline,
    commitment_values,
    ways_to_commit,
)
from socialcoop.book.figures.imitation import imitation_distance
from socialcoop.book.figures.intro import hindsight, phase_curve
from socialcoop.book.figures.limits import broken_assumption
from socialcoop.book.figures.lower_bound import price_curve, printed_region, spending_course, stopping_losses
from socialcoop.book.figures.people import dilemma_dots, regret_strip
from socialcoop.book.figures.places import population_map
from socialcoop.book.figures.repeated_games import payoff_tables, simulated_means, stage_diagram
from socialcoop.book.figures.sample_complexity import episodes_needed, horizon_curve, predicted_phases
from socialcoop.book.figures.social_intelligence import certificate_table, convention_course, convention_diagram
from socialcoop.book.figures.trained_model import departure_strip, stop_curve, variety_curve
from socialcoop.book.figures.upper_bound import bound_terms, proof_chain, saver_curve
from socialcoop.book.figures.zero_shot import look_alikes, trust_in_a_code

__all__ = [
    "bound_terms",
    "broken_assumption",
    "canvas",
    "certificate_table",
    "codebook_tree",
    "commitment_course",
    "commitment_timeline",
    "commitment_values",
    "convention_course",
    "convention_diagram",
    "departure_strip",
    "dilemma_dots",
    "distance_to_cce",
    "episodes_for_even_odds",
    "episodes_needed",
    "failure_curve",
    "habit_course",
    "hindsight",
    "horizon_curve",
    "imitation_distance",
    "look_alikes",
    "payoff_region",
    "payoff_tables",
    "phase_curve",
    "population_map",
    "predicted_phases",
    "price_curve",
    "printed_region",
    "project_course",
    "proof_chain",
    "reaction_dots",
    "regret_paths",
    "regret_strip",
    "saver_curve",
    "schedule_walk",
    "simulated_means",
    "spending_course",
    "stage_diagram",
    "stop_curve",
    "stopping_losses",
    "survival_curve",
    "trust_in_a_code",
    "variety_curve",
    "ways_to_commit",
]
