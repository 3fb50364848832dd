"""Items on the two assumptions: which of them a behaviour satisfies."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from socialcoop import games
from socialcoop.engine import play
from socialcoop.equilibria import pareto_optimal_nash
from socialcoop.games import Game
from socialcoop.social import compatibility, consistency
from socialcoop.strategies import Convention, Fixed, GrimTrigger, Hedge, Scripted, Strategy, TitForTat
from socialcoop.teach.drafts import Dice, Draft, seeded
from socialcoop.teach.items.tables import BOTH_PAY, Table, bimatrix

HORIZON, EPSILON, DELTA = 400, 0.2, 0.05
PARTNERS = (Fixed(0), Fixed(1), Scripted([0, 1]), Scripted([1, 0]), Scripted([1] + [0] * (HORIZON - 1)))
ANSWERS = ("neither", "consistency only", "compatibility only", "both")


class _Habit(NamedTuple):
    """A behaviour: how it is told, and why it is or is not consistent, where the package finds it so or not."""

    strategy: Strategy
    told: str
    small: str
    large: str


LEARNS = "Hedge's regret is small whoever it meets"
HABITS = {
    "direct": _Habit(
        Fixed(0), "plays direct at every stage", "direct is nearly best whatever it meets", "it never learns"
    ),
    "supportive": _Habit(
        Fixed(1), "plays supportive at every stage", "supportive is nearly best whatever it meets", "it never learns"
    ),
    "coin": _Habit(
        Fixed([0.5, 0.5]), "tosses a fair coin at every stage", "the actions pay nearly alike", "it never learns"
    ),
    "mirror": _Habit(
        TitForTat(),
        "plays direct first, and then what the other one played at the stage before",
        "what it copies is nearly best",
        "a partner who knows what it plays next can always choose what hurts it",
    ),
    "grim": _Habit(
        GrimTrigger(),
        "plays direct until the other one plays supportive, and from then on supportive for ever",
        "what it plays is nearly best",
        "it does not look at which action pays more",
    ),
    "hedge": _Habit(Hedge(), "runs Hedge, tuned to the 400 stages", LEARNS, LEARNS),
    "agrees": _Habit(
        Convention(),
        "plays its part of the Pareto-optimal Nash equilibrium with the largest sum of payoffs, and after the first "
        "departure from it Hedge",
        "in the equilibrium it replies best, and after a departure it runs Hedge",
        "its regret is large",
    ),
}
DEFINED = (
    f"Everybody plays it, for {HORIZON} stages. Consistency: whoever one of them meets, its external regret exceeds "
    f"{EPSILON:g} per stage with probability at most {DELTA:g}. Compatibility: with probability at least "
    f"{1 - DELTA:g} two of them earn what some Pareto-optimal Nash equilibrium pays, up to {EPSILON:g} per stage each. "
)


def _games() -> dict[str, Game]:
    hunts = {f"hunt {safe:g}": games.stag_hunt(safe) for safe in (0.3, 0.5, 0.7, 0.9)}
    more = {"dilemma": games.prisoners_dilemma(), "chicken": games.chicken(), "alike": games.coordination(2)}
    return hunts | more


@seeded
def which_assumption(dice: Dice) -> Draft | None:
    """Which of the two assumptions a behaviour satisfies (Definitions 3.1 and 3.2)."""
    known = _games()
    name, habit = dice.pick([*known]), dice.pick([*HABITS])
    found = _found(name, habit)
    if found is None:
        return None
    game, kept = known[name], HABITS[habit]
    consistent, compatible, earned = found
    first = f"Consistent: {kept.small}." if consistent else f"Not consistent: {kept.large}."
    pays = {f"({each.payoffs[0]:.2g}, {each.payoffs[1]:.2g})" for each in pareto_optimal_nash(game, (0, 0))}
    word = "Compatible" if compatible else "Not compatible"
    second = f"{word}: two of them earn {earned:.2f} each on average, where a PONE pays {' or '.join(sorted(pays))}."
    right = consistent + 2 * compatible
    if dice.below((2, 1, 4, 2)[right]):  # answers that come up often by chance are kept more rarely
        return None
    table: Table = bimatrix(game.payoffs[0], game.payoffs[0])
    return Draft(
        f"{BOTH_PAY}A population knows one strategy: each {kept.told}. {DEFINED}Which of the two holds?",
        ANSWERS[right],
        choices={
            answer: " ".join(
                line for side, line in enumerate((first, second)) if place == right or (place ^ right) >> side & 1
            )
            for place, answer in enumerate(ANSWERS)
        },
        table=table,
    )


@lru_cache(maxsize=256)
def _found(name: str, habit: str) -> tuple[bool, bool, float] | None:
    """Return whether the two assumptions hold and what two earn per stage, or None where the package cannot tell."""
    game, strategy = _games()[name], HABITS[habit].strategy
    # one node: to look for a certificate and then for a partner that refutes it, and not at all histories
    met = consistency(strategy, game, HORIZON, EPSILON, max_nodes=1, partners=PARTNERS, episodes=40, seed=0)
    pair = compatibility(strategy, strategy, game, HORIZON, EPSILON, episodes=200, seed=0)
    small, enough = met.is_consistent(DELTA), pair.is_compatible(DELTA)
    earned = play(strategy, strategy, game, (0, 0), HORIZON, episodes=40, seed=0).payoffs(0).mean()
    close = not small and met.failure < 0.9  # a regret of about as much as is allowed
    return None if small is None or enough is None or close else (small, enough, float(earned))
