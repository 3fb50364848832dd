"""The numbers told in the introduction."""

import warnings
from functools import cache

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

import socialcoop as sc

GAME = sc.games.team_lead()
T, PHASES, CONFIDENCE = 100, [1, 2, 4, 8, 16], 0.999
SIZE = {"plays": 300, "datasets": 6, "seed": 9, "n_jobs": 1}


@cache
def team(ways):
    tastes = np.zeros((4, 4))
    tastes[0] = 1 / 4
    game = sc.games.varied_team(ways, wordings=2, key=2)
    return sc.SocialLearningProblem(game, sc.strategies.VariedTeam("fresh"), T, tastes)


ASKED = {10: ("no records", "4")}  # of whom the tests speak, where it is not of all who read records


@cache
def measured(ways, episodes):
    """Return what the chapter's figure shows, with other seeds, more data and a network with a chance of its own."""
    network = MLPClassifier((32,), batch_size=500, learning_rate_init=0.01, random_state=5, tol=10, n_iter_no_change=6)

    def assistants(records):
        copies = sc.ModelImitator(records, network, temperature=0, apart=True)
        stops = {str(phase): sc.ThenCommit(copies, phase, "last") for phase in PHASES}
        everybody = {"no records": sc.best_constant(team(ways)), "copies": copies} | stops
        return {name: everybody[name] for name in ASKED.get(episodes, everybody)}

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sc.rivals(team(ways), assistants, [episodes], **SIZE)


@cache
def without_records(ways):
    """Return what one of the team earns, and who reads nothing."""
    both = {"one": team(ways).people, "no records": sc.best_constant(team(ways))}
    return sc.rivals(team(ways), lambda records: both, [50], **SIZE)


def earns(ways, episodes, name):
    return measured(ways, episodes).interval(name, episodes, CONFIDENCE)


def ahead(ways, episodes, name, other):
    return measured(ways, episodes).margin(name, other, episodes, CONFIDENCE)[0] > 0


# --- the claim, in one picture


def test_the_number_of_actions_counts_habits_ways_and_wordings():
    assert [team(ways).game.n_actions for ways in (1, 2, 3)] == [10, 18, 26]


@pytest.mark.parametrize("ways", [1, 2, 3])
def test_with_one_of_the_team_she_earns_nearly_1_and_without_anybody_55_hundredths(ways):
    assert without_records(ways).interval("one", 50, CONFIDENCE)[0] > 0.98
    assert (team(ways).game.payoffs[:, -1] == 0.55).all()


def test_the_tastes_are_hidden_from_who_reads_nothing():
    for ways in (1, 2, 3):
        assert without_records(ways).margin("one", "no records", 50, CONFIDENCE)[0] >= 0.15


def test_before_the_taste_shows_a_commitment_is_worth_what_a_constant_is():
    for phase in ("1", "2"):
        low, high = measured(3, 50).margin(phase, "no records", 50, CONFIDENCE)
        assert -0.05 < low < 0.02
        assert high < 0.05


@pytest.mark.parametrize("ways", [1, 2, 3])
def test_with_ten_records_there_is_no_jump(ways):
    gain = measured(ways, 10).margin("4", "no records", 10)
    assert np.mean(gain) < 0.05
    assert gain[0] < 0.02


@pytest.mark.parametrize("episodes", [50, 200])
def test_at_four_stages_it_jumps_and_then_falls_a_little(episodes):
    assert earns(3, episodes, "4")[0] > 0.88
    assert ahead(3, episodes, "4", "no records")
    assert ahead(3, episodes, "4", "8")
    assert ahead(3, episodes, "8", "16")
    assert earns(3, episodes, "16")[0] > 0.8


@pytest.mark.parametrize("episodes", [50, 200])
def test_with_three_ways_the_network_to_the_end_is_worse_than_nobody(episodes):
    assert earns(3, episodes, "copies")[1] < 0.55
    assert ahead(3, episodes, "no records", "copies")


def test_with_two_ways_and_many_records_the_network_to_the_end_is_as_good_as_one_of_the_team():
    assert earns(2, 200, "copies")[0] > 0.97
    assert all(ahead(2, 200, "copies", str(phase)) for phase in PHASES)


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
