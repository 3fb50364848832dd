"""Bounds: one function each, with its formula and source."""

from socialcoop.bounds.guarantees import (
    Bound,
    changed_theorem,
    corrected_theorem,
    correlation_gap,
    hedge_epsilon,
    hyperbolic_theorem,
    theorem_3_7,
)
from socialcoop.bounds.hidden_types import (
    code_bound,
    lower_bound_four_actions,
    one_assistant,
    price_at,
    price_of_hidden_types,
    price_with_levels,
    record_bound,
    universal_stop,
)
from socialcoop.bounds.records import coverage, episodes_to_survive, lemma_3_6, survival, survival_bound

__all__ = [
    "Bound",
    "changed_theorem",
    "code_bound",
    "corrected_theorem",
    "correlation_gap",
    "coverage",
    "episodes_to_survive",
    "hedge_epsilon",
    "hyperbolic_theorem",
    "lemma_3_6",
    "lower_bound_four_actions",
    "one_assistant",
    "price_at",
    "price_of_hidden_types",
    "price_with_levels",
    "record_bound",
    "survival",
    "survival_bound",
    "theorem_3_7",
    "universal_stop",
]
