"""Items on regret: what an agent would have earned, had it kept to one action, and what a partner is owed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from socialcoop.equilibria import pareto_optimal_nash, worst_pone
from socialcoop.games import Game, matching_pennies
from socialcoop.plays import Play
from socialcoop.regret import altruistic_regret as altruistic
from socialcoop.regret import external_regret as external
from socialcoop.teach.drafts import Dice, Draft, seeded
from socialcoop.teach.items.tables import ACTIONS, BOTH_PAY, TYPES, Table, bimatrix, game_of, play_of, told

SIDES = ("left", "right")
STAGES = 6


@seeded
def external_regret(dice: Dice) -> Draft | None:
    """The external regret of a matcher after six stages of matching pennies (Definition 3.1)."""
    own, other = dice.several((0, 1), STAGES), dice.several((0, 1), STAGES)
    play = Play(np.stack([own, other], axis=1)[:, :, None], np.zeros((1, 2), int), matching_pennies())
    regret, earned = float(external(play)[0]), float(play.payoffs(0).sum())
    best = regret + earned
    name = SIDES[int(other.count(1) > other.count(0))]
    ours, theirs = (", ".join(SIDES[action] for action in actions) for actions in (own, other))
    return Draft(
        "Matching pennies, six stages: the matcher earns 1 for each stage at which both chose the same side, else 0. "
        f"The matcher chose {ours}. The partner chose {theirs}. What is the matcher's external regret in total?",
        regret,
        f"Always {name} would have earned {best:g}. The matcher earned {earned:g}, and the rest is the regret.",
        [
            (best, f"That is what always {name} would have earned. Subtract what was earned."),
            (earned, "That is what was earned. The regret compares it with the best single side."),
            (regret / STAGES, "That is the regret per stage. The total was asked for."),
        ],
    )


class _Owed(NamedTuple):
    """A game in which all that is owed is an agreement, and six stages of it."""

    game: Game
    play: Play
    table: Table
    owed: float  # to the partner per stage
    text: str
    why: str


def _owed(dice: Dice) -> _Owed:
    """Draw a game in which each of two agreements is an equilibrium, and six stages of it."""
    tables = [np.diag([dice.tenths(3, 10), dice.tenths(3, 10)]) for _ in range(2)]
    for table in tables:
        low = round(10 * table.diagonal().min()) - 1
        table[0, 1], table[1, 0] = dice.tenths(0, low), dice.tenths(0, low)
    game = game_of(*tables)
    own, other = dice.several((0, 1), STAGES), dice.several((0, 1), STAGES)
    text = (
        f"{BOTH_PAY}They play six stages. The assistant plays {told(own)}. The partner plays {told(other)}. "
        "What the partner is owed per stage is its payoff in its worst Pareto-optimal Nash equilibrium. "
    )
    names = [ACTIONS[int(each.strategies[0][1])] for each in pareto_optimal_nash(game, TYPES)]
    which = f"“Both {names[0]}” is the only PONE" if len(names) == 1 else "Both agreements are PONE"
    owed = worst_pone(game, TYPES)[1]
    why = f"{which}, and the worst pays the partner {owed:g} a stage, or {STAGES * owed:g} in six stages."
    return _Owed(game, play_of(game, own, other), bimatrix(*tables), owed, text, why)


@seeded
def altruistic_regret(dice: Dice) -> Draft | None:
    """The altruistic regret of an assistant after six stages, in total (Definition 3.4)."""
    met = _owed(dice)
    regret, earned = float(altruistic(met.play)[0]), float(met.play.payoffs(1).sum())
    best = max(each.payoffs[1] for each in pareto_optimal_nash(met.game, TYPES))
    return Draft(
        met.text + "What is the assistant's altruistic regret in total?",
        regret,
        f"{met.why} It earned {earned:g}, and the rest is the regret.",
        [
            (STAGES * best - earned, "That takes the PONE that is best for the partner. Its worst one counts."),
            (
                float(external(met.play, agent=1)[0]),
                "That is the partner's external regret. Altruistic regret compares with what is owed.",
            ),
            (
                float(altruistic(met.play, agent=1)[0]),
                "That is what the assistant is short of. Altruistic regret is about the partner's payoff.",
            ),
            (regret / STAGES, "That is the regret per stage. The total was asked for."),
        ],
        table=met.table,
    )


@seeded
def regrets_apart(dice: Dice) -> Draft | None:
    """How far an assistant's altruistic regret is from its partner's external regret (Definitions 3.1 and 3.4)."""
    met = _owed(dice)
    ours, theirs = float(altruistic(met.play)[0]), float(external(met.play, agent=1)[0])
    best, earned = theirs + float(met.play.payoffs(1).sum()), float(met.play.payoffs(1).sum())
    return Draft(
        met.text + "What is the assistant's altruistic regret minus the partner's external regret, both in total? "
        "It may be negative.",
        ours - theirs,
        f"{met.why} The partner's best single action would have earned {best:g}. What it earned is subtracted from "
        f"both, so the difference is {STAGES * met.owed:g} - {best:g} = {ours - theirs:g}.",
        [
            (ours, "That is the altruistic regret. Subtract the partner's external regret."),
            (theirs, "That is the partner's external regret. Subtract it from the altruistic regret."),
            (theirs - ours, "That is the other way round: external minus altruistic regret."),
            (
                STAGES * met.owed - best - earned,
                "What the partner earned is subtracted from both regrets, so it drops out of the difference.",
            ),
        ],
        table=met.table,
    )
