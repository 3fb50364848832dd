"""Items: functions of a seed, each of which returns a question with its computed answer and its typical errors."""

from collections.abc import Callable

from socialcoop.teach.item import Item
from socialcoop.teach.items.assumptions import which_assumption
from socialcoop.teach.items.bounds import corrected_bound, hedge_bound, hidden_types_price, longest_phase
from socialcoop.teach.items.commitment import correlation_gap, nu_probability, nu_value
from socialcoop.teach.items.consistency import hedge_probability, stages_astray, worst_partner
from socialcoop.teach.items.equilibria import (
    best_reply_value,
    coarse_correlated,
    mixed_equilibrium,
    number_of_equilibria,
    which_pone,
    worst_pone_payoff,
)
from socialcoop.teach.items.imitation import (
    imitation_distance,
    imitator_probability,
    missing_mass,
    records_needed,
    survival_by_copying,
    survival_by_guessing,
)
from socialcoop.teach.items.model import meta_strategies
from socialcoop.teach.items.regret import altruistic_regret, external_regret, regrets_apart

ITEMS: dict[str, Callable[[int], Item]] = {  # in the order in which the book comes to them
    make.__name__: make
    for make in (
        meta_strategies,
        external_regret,
        hedge_probability,
        worst_partner,
        stages_astray,
        best_reply_value,
        number_of_equilibria,
        mixed_equilibrium,
        which_pone,
        worst_pone_payoff,
        which_assumption,
        altruistic_regret,
        regrets_apart,
        hedge_bound,
        coarse_correlated,
        survival_by_copying,
        survival_by_guessing,
        imitator_probability,
        imitation_distance,
        missing_mass,
        records_needed,
        nu_probability,
        nu_value,
        correlation_gap,
        corrected_bound,
        longest_phase,
        hidden_types_price,
    )
}

__all__ = ["ITEMS", *sorted(ITEMS)]
