"""The numbers told on the page of one's own."""

import numpy as np
import pytest

import socialcoop as sc

MINUTES = [[60, 20, 45], [20, 60, 45]]
GAME = sc.Game.normalised([np.diag(saved) for saved in MINUTES])
CLASS = [sc.Convention(), sc.Convention(fallback=sc.RegretMatching())]


def test_the_calm_partners_worst_pone_is_the_call_and_an_epsilon_is_so_many_minutes():
    assert 60 * sc.worst_pone(GAME, (0, 1))[1] == pytest.approx(20)
    assert len(sc.pareto_optimal_nash(GAME, (0, 1))) == 3
    assert len(sc.pareto_optimal_nash(GAME, (0, 0))) == 1
    assert np.ptp([*MINUTES, [0, 0, 0]]) * 0.1 == pytest.approx(6)


def test_cooperation_pays_the_other_at_least_that_much_whatever_the_other_does():
    assert sc.games.prisoners_dilemma().payoffs[0, :, 0].min() == pytest.approx(0.6)


def test_a_hundred_records_teach_the_convention():
    alone = sc.HistoryTree(sc.SocialLearningProblem(GAME, sc.Convention(), 200), 5)
    assert alone.marginal_tv(100) < 0.0005
    assert alone.marginal_tv(10) > 0.04


@pytest.mark.parametrize(("epsilon", "certified"), [(0.09, None), (0.1, True)])
def test_from_which_epsilon_on_the_class_is_certified(epsilon, certified):
    found = sc.social_intelligence(CLASS, GAME, 1000, epsilon, episodes=20, max_nodes=100, seed=1)
    assert found.is_socially_intelligent(delta=0.01) is certified
    assert all((pair.kinds == "exact").all() for row in found.compatibility for pair in row)


def test_the_class_is_compatible_over_eight_stages_and_not_over_five():
    worst = {
        phase: max(sc.compatibility(one, two, GAME, phase, 0.1).failure.max() for one in CLASS for two in CLASS)
        for phase in (5, 8)
    }
    assert worst == {5: 1, 8: 0}


def test_the_bound_in_minutes():
    agreed = sc.SocialLearningProblem(GAME, sc.Population(CLASS), 1000)
    tv = sc.HistoryTree(agreed, 8).marginal_tv(100)
    bound = sc.bounds.corrected_theorem(1000, 8, 0.1, 0.01, tv, 2 / 3)
    assert bound <= 0.23
    assert 60 * bound == pytest.approx(14, abs=0.6)
    assert bound.terms["regret"] > 0.85 * bound


def test_the_letter_is_the_fairest_channel_from_twenty_minutes_on():
    for letter in range(0, 61, 5):
        least = np.min([[60, 20, letter], [20, 60, letter]], axis=0)
        assert (least.argmax() == 2) == (letter > 20)


def test_who_copies_the_last_stage_loses_half_to_who_alternates():
    alternates, mirror = sc.Scripted([0, 1]), sc.TitForTat(opening=0)
    met = sc.play(mirror, alternates, GAME, (0, 0), 2000)
    assert met.payoffs(0)[1:].sum() == 0
    assert sc.external_regret(met)[0] / 2000 == pytest.approx(0.5, abs=0.001)
