"""Items on regret: what an agent would have earned, had it kept to one action."""

from __future__ import annotations

import numpy as np

from socialcoop import checks
from socialcoop.games import matching_pennies
from socialcoop.plays import Play
from socialcoop.regret import external_regret as regret_of
from socialcoop.teach.item import Item

SIDES = ("left", "right")


def external_regret(seed: int) -> Item:
    """Return an item: the external regret of a matcher after six stages of matching pennies (Definition 3.1).

    Parameters
    ----------
    seed
        Which of the items.

    Raises
    ------
    ValueError, TypeError
        If the seed is not an integer from 0 on.

    Examples
    --------
    >>> item = sc.teach.items.external_regret(seed=0)
    >>> item.judge(item.right).correct
    True
    """
    random = np.random.default_rng(checks.integer("seed", seed))
    while True:  # until the typical errors lead somewhere else
        own, other = random.integers(2, size=(2, 6))
        play = Play(np.stack([own, other], axis=1)[:, :, None], np.zeros((1, 2), int), matching_pennies())
        regret, earned = float(regret_of(play)[0]), float(play.payoffs(0).sum())
        best = regret + earned
        if len({regret, best, earned, regret / 6}) == 4:
            break
    name = SIDES[int(np.argmax(np.bincount(other, minlength=2)))]
    return Item(
        name="external_regret",
        seed=seed,
        text=(
            "Matching pennies, six stages: the matcher earns 1 for each stage at which both chose the same side. "
            f"The matcher chose {_told(own)}. The partner chose {_told(other)}. "
            "What is the matcher's external regret in total?"
        ),
        right=regret,
        why=f"Always {name} would have earned {best:g}. The matcher earned {earned:g}, and the rest is the regret.",
        traps={
            best: f"That is what always {name} would have earned. Subtract what was earned.",
            earned: "That is what was earned. The regret compares it with the best single side.",
            regret / 6: "That is the regret per stage. The total was asked for.",
        },
    )


def _told(actions: np.ndarray) -> str:
    return ", ".join(SIDES[action] for action in actions)
