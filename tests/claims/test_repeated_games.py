"""The numbers told in the chapter on repeated games."""

import re
from itertools import product

import numpy as np
import pytest

import socialcoop as sc

GAME = sc.games.team_lead()


def test_one_stage_of_disagreement_then_her_tone_for_good():
    episode = sc.play(sc.TitForTat(), sc.Fixed(1), GAME, (0, 1), 4)
    assert episode.actions[:, :, 0].tolist() == [[0, 1], [1, 1], [1, 1], [1, 1]]
    assert episode.payoffs(1).sum() > episode.payoffs(0).sum()


def test_ten_messages_can_go_in_more_than_a_million_ways():
    assert (2**2) ** 10 > 1_000_000


@pytest.mark.parametrize(("episodes", "error"), [(10, 0.16), (10_000, 0.005)])
def test_standard_error_of_a_frequency(episodes, error):
    assert 1 / (2 * np.sqrt(episodes)) == pytest.approx(error, abs=0.003)


def test_no_rule_guesses_better_than_total_variation_allows():
    rng = np.random.default_rng(0)
    for _ in range(200):
        p, q = rng.dirichlet(np.ones(4), size=2)
        best = max(sum(p[h] if rule[h] else q[h] for h in range(4)) / 2 for rule in product((0, 1), repeat=4))
        assert best == pytest.approx(0.5 + np.abs(p - q).sum() / 4)


def test_who_announces_is_known_at_once_and_who_flips_coins_never():
    coin = sc.Fixed([0.5, 0.5])
    for alice, distance in ((sc.Fixed(np.eye(2)), 1), (coin, 0)):
        p, q = (sc.history_distribution(coin, alice, GAME, (0, k), 3) for k in (0, 1))
        assert np.abs(p - q).sum() / 2 == pytest.approx(distance)


def test_three_tones_two_types_two_stages():
    plans = 3 ** (1 + 3**2)
    assert plans == 59_049
    assert plans**2 == 3_486_784_401


def test_partners_of_equal_type_expect_more():
    equal, different = (sc.expected_payoffs(sc.Hedge(), sc.Hedge(), GAME, types, 6) for types in ((1, 1), (0, 1)))
    assert min(equal) > max(different)


def test_the_mirror_agrees_at_the_opening_and_where_the_script_repeats_itself():
    shown = sc.play(sc.Scripted([0, 1, 1]), sc.TitForTat(), GAME, (0, 1), 6).actions[:, :, 0]
    assert np.flatnonzero(shown[:, 0] == shown[:, 1]).tolist() == [0, 2, 5]


def test_payoffs_differ_by_at_most_the_horizon_times_total_variation():
    partners = [sc.Hedge(), sc.TitForTat(), sc.Fixed(0), sc.Fixed([0.3, 0.7]), sc.RegretMatching()]
    for first, second in product(partners, repeat=2):
        p, q = (sc.history_distribution(sc.Hedge(), partner, GAME, (0, 1), 4) for partner in (first, second))
        earned = [sc.expected_payoffs(sc.Hedge(), partner, GAME, (0, 1), 4)[0] for partner in (first, second)]
        assert abs(earned[0] - earned[1]) <= 4 * np.abs(p - q).sum() / 2 + 1e-12


@pytest.mark.parametrize(("messages", "right"), [(1, 0.75), (2, 0.775)])
def test_the_best_guess_after_one_and_two_messages_by_hand(messages, right):
    alice, coin = sc.Fixed([[0.8, 0.2], [0.3, 0.7]]), sc.Fixed([0.5, 0.5])
    p, q = (sc.history_distribution(coin, alice, sc.games.team_lead(), (0, own), messages) for own in (0, 1))
    assert np.maximum(p, q).sum() / 2 == pytest.approx(right)


MIRROR, COIN = sc.TitForTat(opening=0), sc.Fixed([0.5, 0.5])
PAIRS = {
    "mirrors": (MIRROR, COIN),
    "learn": (sc.Hedge(), sc.Hedge()),
    "flip": (COIN, COIN),
}


def spread(pair, horizon):
    """Return the mean and the standard deviation of the assistant's payoff per stage, over all its histories."""
    odds = sc.history_distribution(*PAIRS[pair], GAME, (0, 1), horizon)
    stage = GAME.stage((0, 1))[0].ravel()
    paid = np.array([stage[list(history)].mean() for history in product(range(4), repeat=horizon)])
    centre = odds.ravel() @ paid
    return centre, np.sqrt(odds.ravel() @ (paid - centre) ** 2)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("horizon", [1, 3, 6])
def test_the_figure_of_simulations_says_what_all_histories_say(pair, horizon):
    update = sc.plots.simulated_means(PAIRS, GAME, (0, 1)).update
    centre, sigma = spread(pair, horizon)
    for episodes in (10, 100, 10_000):
        words = update(pair=pair, horizon=horizon, episodes=episodes)
        *_, mean, average, most, error = map(float, re.findall(r"\d\.\d{3}", words))
        assert mean == pytest.approx(centre, abs=6e-4)
        assert error == pytest.approx(sigma / np.sqrt(episodes), abs=6e-4)
        assert average == pytest.approx(np.sqrt(2 / np.pi) * error, rel=0.5)  # the mean distance of a normal variable
        assert average < most < 4 * error + 1e-3
        assert error <= 1 / (2 * np.sqrt(episodes))


def test_a_hundred_times_as_many_episodes_come_ten_times_closer():
    update = sc.plots.simulated_means(PAIRS, GAME, (0, 1)).update
    errors = [update(pair="mirrors", horizon=3, episodes=n).split()[-1] for n in (100, 10_000)]
    assert errors == ["0.026.", "0.003."]


def test_a_longer_horizon_narrows_the_funnel_most_where_stages_are_independent():
    narrower = {pair: spread(pair, 6)[1] / spread(pair, 1)[1] for pair in PAIRS}
    assert narrower["flip"] == pytest.approx(1 / np.sqrt(6))
    assert narrower["flip"] < narrower["learn"] < 1
    assert spread("flip", 6)[1] < spread("learn", 6)[1]
