"""The numbers and the words about them in the chapter on consistency."""

from itertools import product

import numpy as np
import pytest

import socialcoop as sc

PENNIES = sc.games.matching_pennies()
TEAM = sc.games.team_lead()
COIN = sc.Fixed([0.5, 0.5])
HORIZONS = [1, 2, 4, 6, 8, 10, 12, 14]


def failure(strategy, horizon, epsilon):
    return sc.social.worst_failures(strategy, PENNIES, horizon, [epsilon])[0]


def test_the_friday_look_back():
    week = sc.play(sc.Scripted([0, 0, 1, 0, 1]), sc.Scripted([1, 1, 0, 1, 1]), TEAM, (0, 1), 5)
    assert week.payoffs(1).sum() == pytest.approx(1.6)
    assert sum(TEAM.payoffs[1, 1, week.actions[:, 0, 0]]) == pytest.approx(2.6)
    assert sc.external_regret(week, 1) == pytest.approx([1.0])


def test_hedges_curve_falls_at_one_half():
    assert failure(sc.Hedge(), 1, 0.5) == pytest.approx(0.5)
    assert failure(sc.Hedge(), 14, 0.5) < 0.001


@pytest.mark.parametrize("learner", [sc.Hedge(), sc.RegretMatching()], ids=repr)
def test_the_learners_come_down_but_not_at_each_step(learner):
    falls = np.diff([failure(learner, horizon, 0.3) for horizon in HORIZONS[2:]])
    assert falls.sum() < -0.1
    assert falls.max() > 0


def test_the_other_four_never_get_there():
    for strategy in (sc.GrimTrigger(), sc.TitForTat()):
        for horizon in HORIZONS:
            assert failure(strategy, horizon, 1 - 1.5 / horizon if horizon > 1 else 0.9) == 1
    for horizon in HORIZONS[1:]:
        assert failure(sc.FictitiousPlay(), horizon, 0.499) == 1
        assert failure(sc.FictitiousPlay(), horizon, 0.5) == 0
    assert failure(COIN, 14, 0.3) > 0.9
    assert failure(COIN, 14, 0.8) < 0.01 < failure(COIN, 2, 0.8)


def test_a_certificate_is_never_below_the_exact_curve():
    epsilons = np.linspace(0, 1, 41)
    for learner, horizon in product((sc.Hedge(), sc.RegretMatching()), HORIZONS):
        exact = sc.social.worst_failures(learner, PENNIES, horizon, epsilons)
        assert all([learner.certificate(PENNIES, horizon, epsilon) for epsilon in epsilons] >= exact - 1e-12)


@pytest.mark.parametrize(
    ("strategy", "wins"), [(sc.FictitiousPlay(), 0), (sc.TitForTat(), 0), (sc.GrimTrigger(), 5)], ids=repr
)
def test_the_predictable_three_meet_a_partner_who_is_never_where_they_want(strategy, wins):
    found = sc.consistency(strategy, PENNIES, 12, 0.45)
    shown = sc.play(strategy, found.witness, PENNIES, (found.own_type, 0), 12, seed=1)
    assert found.failure == 1
    assert shown.payoffs(0).sum() == wins
    assert sc.external_regret(shown) == 6


def test_no_deterministic_strategy_wins_more_than_half_against_who_knows_it():
    for strategy in (sc.FictitiousPlay(), sc.TitForTat(), sc.GrimTrigger(), sc.Scripted([0, 1, 1]), sc.Fixed(0)):
        assert failure(strategy, 8, 0.4999) == 1


PARTNERS = {
    "alternates": sc.Scripted([1, 0]),
    "never changes": sc.Fixed(0),
    "flips coins": COIN,
    "changes every 50 stages": sc.Scripted(np.repeat([0, 1], 50)),
    "learns": sc.Hedge(),
}


def regrets_at(rate, partner):
    hedge = sc.Hedge(rate * sc.Hedge().tuned(400, 2))
    return sc.external_regret(sc.play(hedge, PARTNERS[partner], PENNIES, (0, 1), 400, 12, seed=2))


@pytest.mark.parametrize("partner", PARTNERS)
def test_at_the_tuned_rate_all_paths_end_below_the_line(partner):
    assert regrets_at(1, partner).max() < 400 * sc.bounds.hedge_epsilon(400, 2, 0.01)


def test_who_never_learns_loses_half_a_point_to_who_never_changes():
    assert regrets_at(0, "never changes").mean() / 400 == pytest.approx(0.5, abs=0.02)
    assert regrets_at(0, "learns").max() > 100


def test_who_chases_the_leader_loses_a_quarter_point_to_who_alternates():
    assert regrets_at(100, "alternates").mean() / 400 == pytest.approx(0.25, abs=0.02)
    chaser = sc.Hedge(100 * sc.Hedge().tuned(400, 2))
    earned = sc.play(chaser, PARTNERS["alternates"], PENNIES, (0, 1), 400, 1000, seed=3).payoffs(0).mean(axis=1)
    assert earned[1::2].max() < 0.01
    assert earned[::2].mean() == pytest.approx(0.5, abs=0.01)


def test_an_increment_of_regret_matching_is_no_longer_than_claimed():
    for n in (2, 3, 4):
        for corner in product((0.0, 1.0), repeat=n):
            x = np.random.default_rng(n).dirichlet(np.full(n, 0.3), size=5000)
            q = np.array(corner) - (x @ corner)[:, None]
            assert (q**2).sum(axis=1).max() <= n - 1 + 1e-12


def test_regret_adds_up_over_the_parts_of_a_history():
    whole = sc.play(sc.Fixed([0.5, 0.5]), sc.Fixed([0.4, 0.6]), TEAM, (0, 1), 30, 500, seed=1)
    parts = [sc.Play(whole.actions[part], whole.types, TEAM) for part in (slice(0, 12), slice(12, 30))]
    assert (sc.external_regret(whole) <= sum(map(sc.external_regret, parts)) + 1e-9).all()


@pytest.mark.parametrize("x", [0, 0.2, 0.5])
def test_a_consistent_partner_follows_who_stands_still(x):
    horizon, delta = 2000, 0.01
    epsilon = sc.bounds.hedge_epsilon(horizon, 2, delta)
    other, best = sorted(TEAM.payoffs[1] @ [x, 1 - x])
    seen = sc.play(sc.Fixed([x, 1 - x]), sc.Hedge(), TEAM, (0, 1), horizon, 500, seed=9)
    assert best == pytest.approx({0: 1, 0.2: 0.84, 0.5: 0.6}[x])
    assert best - epsilon - delta < seen.payoffs(1).mean() <= best + 0.01
    assert (seen.actions[:, 1] == 0).mean() < (epsilon + delta) / (best - other)


def test_a_learner_told_twenty_stages_learns_sixteen_times_too_fast():
    assert sc.Hedge().tuned(20, 2) / sc.Hedge().tuned(5000, 2) == pytest.approx(16, abs=0.3)


def test_three_stages_of_hedge_by_hand():
    seat = sc.Hedge(np.log(2)).seat(PENNIES, agent=0, types=np.array([0]), horizon=4)
    for side, left in ((0, 1 / 2), (0, 2 / 3), (1, 4 / 5), (0, 2 / 3)):
        assert seat.policy()[:, 0] == pytest.approx([left, 1 - left])
        seat.observe(own=np.array([1]), other=np.array([side]))


@pytest.mark.parametrize(
    ("second", "epsilon", "expected"), [(2 / 3, 0.3, 2 / 3), (2 / 3, 0.6, 1 / 6), (1 / 2, 0.6, 1 / 4)]
)
def test_the_worst_partner_over_two_stages_by_hand(second, epsilon, expected):
    """All partners are tried: an opening, and a second side for each first side of the matcher."""
    frequencies = {}
    for opening, *replies in product((0, 1), repeat=3):
        chance = 0
        for first, again in product((0, 1), (True, False)):  # whether the matcher follows the opening
            sides, own = (opening, replies[first]), (first, opening if again else 1 - opening)
            regret = max(sides.count(0), sides.count(1)) - sum(a == b for a, b in zip(own, sides, strict=True))
            chance += 0.5 * (second if again else 1 - second) * (regret > 2 * epsilon)
        frequencies[opening, *replies] = chance
    assert max(frequencies.values()) == pytest.approx(expected)
    assert frequencies[0, 0, 0] == pytest.approx(expected)  # one that never changes
    learner = sc.Hedge(np.log(2)) if second > 0.5 else COIN
    assert failure(learner, 2, epsilon) == pytest.approx(expected)


def test_doubling_costs_at_most_two_point_four_one_times_the_tuned_bound():
    tuned = np.sqrt(np.log(2) / 2)
    for k in range(1, 20):
        assert sum(tuned * np.sqrt(2**j) for j in range(k)) <= 2.4143 * tuned * np.sqrt(2**k)


def test_how_often_who_follows_a_slipping_assistant_may_be_astray():
    direct, supportive = TEAM.payoffs[1] @ [0.3, 0.7]
    assert (direct, supportive) == pytest.approx((0.18, 0.76))
    for horizon, told, share, most in ((2000, 0.047, 0.098, 196), (8000, 0.0235, 0.058, 462)):
        assert sc.bounds.hedge_epsilon(horizon, 2, 0.01) == pytest.approx(told, abs=1e-4)
        assert (told + 0.01) / (supportive - direct) == pytest.approx(share, abs=5e-4)
        assert int(horizon * (told + 0.01) / (supportive - direct)) == most


def test_with_one_action_there_is_nothing_to_regret_and_the_bounds_say_so():
    """Every course of a game of four stages; the formula of the tuned bound would divide 0 by 0."""
    game = sc.games.random_game(1, 2, seed=3)
    for types in np.ndindex(2, 2):
        met = sc.play(sc.Hedge(), sc.Hedge(), game, types, 4)
        assert not met.actions.any()
        assert sc.external_regret(met, 0) == sc.external_regret(met, 1) == 0
        assert sc.consistency(sc.Hedge(), game, 4, 0, method="exact").failure == 0
    assert sc.Hedge().tuned(4, 1) == sc.Hedge().certificate(game, 4, 0) == sc.bounds.hedge_epsilon(4, 1, 0.01) == 0
    assert sc.bounds.hedge_epsilon(4, 2, 0.01) > 0


def test_a_coin_flipper_regrets_a_fifth_against_a_learner_who_earns_no_more_by_it():
    pennies = sc.games.matching_pennies()
    seen = sc.play(sc.Fixed([0.5, 0.5]), sc.Hedge(), pennies, (0, 1), 400, 4000, seed=1)
    regrets = sc.external_regret(seen) / 400
    assert abs(regrets.mean() - 0.2) < 0.02
    assert abs(seen.payoffs(1).mean() - 0.5) < 0.002  # six standard errors


def test_the_figure_of_failures_says_what_the_exact_search_and_the_certificate_say():
    update = sc.plots.failure_curve({"Hedge": sc.Hedge(), "grim trigger": sc.GrimTrigger()}, PENNIES).update
    for horizon in (1, 4, 8):
        for epsilon in (0.1, 0.3, 0.5):
            words = update(strategy="Hedge", horizon=horizon, epsilon=epsilon)
            exact = sc.consistency(sc.Hedge(), PENNIES, horizon, epsilon).failure
            assert f"more than {epsilon} a stage with probability {exact:.3f}, over {horizon} stage" in words
            allowed = sc.Hedge().certificate(PENNIES, horizon, epsilon)
            assert (f"says {allowed:.3f} at most" if allowed < 0.9995 else "says nothing yet") in words
            assert update(strategy="grim trigger", horizon=horizon, epsilon=epsilon) == (
                f"The worst partner makes grim trigger regret more than {epsilon} a stage with probability 1.000, over "
                f"{horizon} stage{'s' * (horizon > 1)}. It has no certificate."
            )


def test_the_figure_tells_a_certificate_that_says_nothing_yet_from_none():
    learners = {"Hedge": sc.Hedge(), "regret matching": sc.RegretMatching(), "grim trigger": sc.GrimTrigger()}
    update = sc.plots.failure_curve(learners, PENNIES).update
    for name in ("Hedge", "regret matching"):
        assert update(strategy=name, horizon=1, epsilon=0.3).endswith("The certificate says nothing yet: at most 1.")
    assert update(strategy="grim trigger", horizon=1, epsilon=0.3).endswith("It has no certificate.")
