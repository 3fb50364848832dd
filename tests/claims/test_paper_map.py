"""What the paper map says that no chapter says: what an AI loses that passes for another type than its own."""

import numpy as np
import pytest

import socialcoop as sc

TEAM, HORIZON = sc.games.team_lead(), 200
JOINT = list(np.ndindex(TEAM.n_types, TEAM.n_types))


def lost(select, types, shown):
    """Return the altruistic regret per stage of an AI that behaves as if its own type were ``shown``."""
    habit = sc.Convention(select)
    met = sc.play(habit, habit, TEAM, (shown, types[1]), HORIZON)
    return sc.altruistic_regret(sc.Play(met.actions, np.array([types]), TEAM))[0] / HORIZON


@pytest.mark.parametrize("shown", [0, 1])
def test_who_opens_alike_for_all_its_types_leaves_some_partner_short_by_two_fifths(shown):
    """The convention favours the AI's side, so whoever likes the other tone is led away from it."""
    assert max(lost("favourite of 0", types, shown) for types in JOINT) == pytest.approx(0.4, abs=0.01)
    assert max(lost("favourite of 0", types, shown=types[0]) for types in JOINT) <= 1 / HORIZON


def test_with_the_welfare_convention_one_opening_suits_every_partner():
    worst = [max(lost("welfare", types, shown) for types in JOINT) for shown in (0, 1)]
    assert worst[0] == pytest.approx(0.4, abs=0.01)
    assert worst[1] <= 1 / HORIZON
