"""The numbers told in the introduction."""

from functools import cache

import numpy as np
import pytest

import socialcoop as sc

GAME = sc.games.team_lead()
LEAD, T, PHASES, FOUR_SIGMA = 2, 200, [1, 2, 4, 8, 16], 0.99994


@cache
def team(wordings):
    people = sc.strategies.CodedConvention(sc.Convention("favourite of 1"), wordings)
    tastes = np.zeros((4, 4))
    tastes[LEAD] = 1 / 4
    return sc.SocialLearningProblem(sc.games.project(wordings), sc.Population([people]), T, types=tastes)


@cache
def regret(wordings, phase, episodes, commit="mixture"):
    """Return the mean altruistic regret per stage with its limits."""
    told = {"plays": 960, "datasets": 96, "n_jobs": 1, "seed": 9, "confidence": FOUR_SIGMA}
    found = sc.sweep(team(wordings), [phase], [episodes], [commit], **told)
    return found.low.item(), found.regret.item(), found.high.item()


def with_another(ai, wordings):
    problem = team(wordings)
    who = problem.sample_types(2000, seed=1)
    return sc.play(ai, problem.people, problem.game, who, T, 2000, seed=2).payoffs(1).mean()


# --- the claim, in one picture


@pytest.mark.parametrize("wordings", [1, 2, 3])
def test_with_one_of_the_team_she_earns_nearly_1_and_without_anybody_55_hundredths(wordings):
    assert with_another(team(wordings).people, wordings) > 0.98
    assert (team(wordings).game.payoffs[:, -1] == 0.55).all()


def test_after_one_stage_it_commits_to_its_own_taste_which_needs_no_records():
    owed = np.mean([sc.worst_pone(team(2).game, (LEAD, taste))[1] for taste in range(4)])
    unread = owed - with_another(sc.Fixed(2 * LEAD), 2)
    for episodes in (10, 100):
        low, _, high = regret(2, 1, episodes)
        assert low - 0.01 < unread < high + 0.01
    shown = team(2).sample(10, seed=3)
    played = sc.play(sc.ImitateThenCommit(shown, 1), team(2).people, team(2).game, (LEAD, 1), T, 50, seed=4)
    assert (played.actions[:, 0] // 2 == LEAD).all()


@pytest.mark.parametrize(("wordings", "episodes", "best"), [(2, 10, 2), (2, 1000, 8)])
def test_the_best_phase_is_longer_with_more_records(wordings, episodes, best):
    means = {phase: regret(wordings, phase, episodes)[1] for phase in PHASES}
    assert min(means, key=means.get) == best
    assert regret(wordings, best, episodes)[2] < regret(wordings, 16, episodes)[0]


def test_imitation_to_the_end_is_worse_than_all_that_commits_with_a_hundred_records_and_hardly_moves():
    ends = [regret(2, 1, episodes, "imitation") for episodes in (10, 100)]
    assert max(low for low, _, _ in ends) > 0.2
    assert abs(ends[0][1] - ends[1][1]) < 0.03
    assert all(regret(2, phase, 100)[2] < ends[1][0] for phase in PHASES)


def test_without_a_code_copying_to_the_end_is_best():
    for episodes in (10, 100):
        whole = regret(1, 1, episodes, "imitation")
        assert all(whole[2] < regret(1, phase, episodes)[0] for phase in PHASES[:4])
        assert whole[1] < regret(1, 16, episodes)[1]


# --- feel it first
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
