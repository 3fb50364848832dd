"""The numbers told in the introduction."""

import numpy as np
import pytest

import socialcoop as sc

GAME = sc.games.team_lead()
INSISTS, LEARNS = sc.Fixed(1), sc.Hedge()


def quarter(pressure, alice, episodes=1, game=GAME):
    assistant = sc.Scripted([1] * pressure, fallback=sc.Fixed(0))
    return sc.play(assistant, alice, game, (1, 1), 100, episodes, seed=3)


def test_an_exchange_is_worth_to_alice_what_the_list_says():
    assert GAME.payoffs[1].tolist() == [[0.6, 0.0], [0.2, 1.0]]


@pytest.mark.parametrize(("pressure", "regret"), [(0, 40), (20, 12)])
def test_insisting_is_regretted(pressure, regret):
    assert sc.external_regret(quarter(pressure, INSISTS), 1) == pytest.approx([regret])


def test_there_is_nothing_to_regret_from_29_exchanges_on():
    regrets = [sc.external_regret(quarter(pressure, INSISTS), 1)[0] for pressure in range(101)]
    assert [pressure for pressure, regret in enumerate(regrets) if regret > 1e-9] == list(range(29))


def test_learning_is_never_regretted_by_more_than_4_points_on_the_slider():
    assert max(sc.external_regret(quarter(pressure, LEARNS), 1)[0] for pressure in range(0, 101, 5)) <= 4 + 1e-9


def test_a_learning_alice_comes_over_to_either_tone():
    led_to_direct, led_to_supportive = (quarter(pressure, LEARNS).actions[50:, 1, 0] for pressure in (0, 100))
    assert (led_to_direct == 0).all()
    assert (led_to_supportive == 1).mean() > 0.95


def test_with_a_direct_assistant_she_ends_near_six_tenths_though_1_was_possible_for_both():
    assert quarter(0, LEARNS, episodes=2000).payoffs(1)[50:].mean() == pytest.approx(0.6, abs=0.01)
    (pone,) = sc.pareto_optimal_nash(GAME, (1, 1))
    assert pone.payoffs == (1, 1)
    np.testing.assert_array_equal(pone.strategies, [[0, 1], [0, 1]])


def test_with_a_better_compromise_the_regret_is_70():
    assert sc.external_regret(quarter(0, INSISTS, game=sc.games.team_lead(compromise=0.9)), 1) == pytest.approx([70])
