"""The numbers and the words about them in the chapter on compatibility."""

import re

import numpy as np
import pytest
from notebooks import cells_of

import socialcoop as sc

HUNT = sc.games.stag_hunt(0.7)
COUPLE = sc.games.battle_of_the_sexes()
HEDGES = sc.Hedge(), sc.Hedge()
MATCHERS = sc.RegretMatching(), sc.RegretMatching()
MIRRORS = sc.TitForTat(), sc.TitForTat()


def test_the_first_days_weigh_less_and_less_and_three_tenths_stay():
    short = [1 - sc.play(*HEDGES, HUNT, (0, 0), T, 400, seed=2).payoffs(0).mean() for T in (10, 100, 1000, 10_000)]
    assert short == sorted(short, reverse=True)
    assert short[-1] == pytest.approx(0.3, abs=0.005)


def test_two_careful_learners_fall_three_tenths_short_and_regret_next_to_nothing():
    days = sc.play(*HEDGES, HUNT, (0, 0), 1000, 400, seed=1)
    short = 1 - days.payoffs(0).mean(axis=0)
    error = 2.58 * short.std() / np.sqrt(len(short))
    assert abs(short.mean() - 0.3) + error < 0.02
    assert sc.external_regret(days).mean() / 1000 < 0.02


def test_two_learners_are_not_compatible_and_two_trusting_ones_are_but_not_consistent():
    hedges = sc.compatibility(*HEDGES, HUNT, 1000, 0.1, seed=2)
    assert hedges.is_compatible(0.5) is False
    assert hedges.low.min() > 0.99
    trusting = sc.compatibility(sc.Fixed(0), sc.Fixed(0), HUNT, 1000, 0.1)
    assert trusting.is_compatible(0.0) is True
    assert sc.consistency(sc.Fixed(0), HUNT, 20, 0.5).failure == 1


def test_two_who_have_settled_on_notes_miss_for_sure_and_each_is_consistent():
    settled = sc.strategies.JointSchedule([[0, 0], [0, 1]])
    found = sc.compatibility(settled, settled, HUNT, 2000, 0.29)
    assert (found.kinds[0, 0], found.failure[0, 0]) == ("exact", 1)
    together = sc.play(settled, settled, HUNT, (0, 0), 2000, 1)
    assert together.payoffs(0).mean() == pytest.approx(0.7)
    for leaves in (0, 10, 1000, 2000):  # a partner who departs then, and turns to the report
        comes = sc.Scripted([1] * leaves + [0] * (2000 - leaves))
        met = sc.play(settled, comes, HUNT, (0, 0), 2000, 500, seed=leaves)
        allowed = 1 + 2000 * sc.bounds.hedge_epsilon(2000, 2, 0.01)
        assert (sc.external_regret(met) > allowed).mean() < 0.01 + 4 * np.sqrt(0.01 / 500)


def near(game, types, pair, horizon):
    played = sc.play(*pair, game, types, horizon, 60, seed=4)
    means = np.stack([played.payoffs(agent).mean(axis=0) for agent in (0, 1)])
    return int(sc.equilibria.reaches_pone(game, types, means, 0.1).sum()), means


@pytest.mark.parametrize("horizon", [10, 100, 1000])
def test_hedge_never_finds_the_report_matchers_sometimes_and_mirrors_always(horizon):
    found = [near(HUNT, (0, 0), pair, horizon)[0] for pair in (HEDGES, MATCHERS, MIRRORS)]
    assert found == [0, 16, 60]


def test_hedge_takes_its_time_with_the_evening():
    assert [near(COUPLE, (0, 1), HEDGES, horizon)[0] for horizon in (100, 1000)] == [3, 45]


def test_in_the_dilemma_playing_it_safe_pays_what_the_only_pone_does_and_in_the_hunt_less():
    for game, safe, owed in ((sc.games.prisoners_dilemma(), 0.2, 0.2), (sc.games.stag_hunt(), 0.7, 1)):
        (best,) = sc.pareto_optimal_nash(game, (0, 0))
        assert best.payoffs == pytest.approx((owed, owed))
        assert game.stage((0, 0))[0].min(axis=1).max() == pytest.approx(safe)


def test_two_mirrors_earn_more_than_the_only_pone_of_the_prisoners_dilemma():
    game = sc.games.prisoners_dilemma()
    assert sc.worst_pone(game, (0, 0)) == pytest.approx((0.2, 0.2))
    found, means = near(game, (0, 0), MIRRORS, 100)
    assert found == 60
    np.testing.assert_allclose(means, 0.6)


def test_who_swerves():
    assert near(sc.games.chicken(), (0, 0), MATCHERS, 1000)[0] == 60
    assert [near(sc.games.chicken(), (0, 0), HEDGES, horizon)[0] for horizon in (10, 1000)] == [34, 13]
    for pair in (HEDGES, MATCHERS):
        late = sc.play(*pair, sc.games.chicken(), (0, 0), 1000, 60, seed=4).actions[-50:]
        assert (late[:, 0] != late[:, 1]).mean() > 0.99


def test_mirrors_miss_the_coin_flip_by_half():
    found, means = near(sc.games.matching_pennies(), (0, 1), MIRRORS, 100)
    assert found == 0
    np.testing.assert_allclose(means[:, 0], [1, 0])


def test_taking_turns_is_compatible_from_a_quarter_on():
    turns = sc.Scripted([0, 1])
    for epsilon, missed in ((0.24, 1), (0.25, 0)):
        assert sc.compatibility(turns, turns, COUPLE, 10, epsilon).failure[0, 1] == missed


def test_chicken_by_hand():
    pones = [pone.payoffs for pone in sc.pareto_optimal_nash(sc.games.chicken(), (0, 0))]
    np.testing.assert_allclose(sorted(pones), [(0.3, 1), (0.5, 0.5), (1, 0.3)])
    assert sc.worst_pone(sc.games.chicken(), (0, 0)) == pytest.approx((0.3, 0.3))


def test_alice_is_content_while_ben_is_warm_at_least_half_the_time():
    """Every pair of mixes on a grid: the equilibria are an interval, and its poorer end is Alice's worst PONE."""
    alice, ben = np.eye(2), np.array([[0, 1], [1, 1]])
    game = sc.Game.from_bimatrix(alice, ben)
    grid = [np.array([1 - p, p]) for p in np.linspace(0, 1, 61)]
    stable = [
        (x[1], y[1])
        for x in grid
        for y in grid
        if max(alice @ y) <= x @ alice @ y + 1e-9 and max(x @ ben) <= x @ ben @ y + 1e-9
    ]
    assert stable == [(1.0, y[1]) for y in grid if y[1] >= 0.5]
    found = [(x[1], y[1]) for x, y in (profile.strategies for profile in sc.nash_equilibria(game, (0, 1)))]
    assert sorted(found) == [(1.0, 0.5), (1.0, 1.0)]
    assert len(sc.pareto_optimal_nash(game, (0, 1))) == 2
    assert sc.worst_pone(game, (0, 1)) == (0.5, 1.0)


def test_the_table_of_the_picture_counts_as_the_picture_does():
    prose = "\n".join(cell["source"] for cell in cells_of("compatibility"))
    games = {
        "Stag hunt": (HUNT, (0, 0)),
        "Battle of the sexes": (COUPLE, (0, 1)),
        "Prisoner's dilemma": (sc.games.prisoners_dilemma(), (0, 0)),
        "Chicken": (sc.games.chicken(), (0, 0)),
        "Matching pennies": (sc.games.matching_pennies(), (0, 1)),
    }
    for name, (game, types) in games.items():
        (row,) = re.findall(rf"^\| {name} \| (.*) \|$", prose, re.MULTILINE)
        told = [[int(count) for count in cell.split(", ")] for cell in row.split(" | ")]
        pairs = (HEDGES, MATCHERS, MIRRORS)
        assert told == [[near(game, types, pair, horizon)[0] for horizon in (10, 100, 1000)] for pair in pairs]


def test_the_evening_by_hand():
    found = sorted(profile.payoffs for profile in sc.nash_equilibria(COUPLE, (0, 1)))
    np.testing.assert_allclose(found, [(1 / 3, 1 / 3), (0.5, 1), (1, 0.5)])
    assert len(sc.pareto_optimal_nash(COUPLE, (0, 1))) == 2


def played_alike(payoffs, horizon):
    """Return the mean payoffs of sixty episodes of two Hedge learners, (2, 60), in a game that is the same for both."""
    return near(sc.Game(payoffs), (0, 0), HEDGES, horizon)


@pytest.mark.parametrize("horizon", [100, 1000])
def test_ones_own_game_in_which_learners_regret_little_and_miss_the_pone_by_more_than_one_half(horizon):
    game = sc.Game([[1, 0], [0.9, 0.3]])
    assert sc.worst_pone(game, (0, 0)) == (1, 1)
    days = sc.play(*HEDGES, game, (0, 0), horizon, 60, seed=4)
    assert (1 - played_alike(game.payoffs, horizon)[1]).min() > 0.5
    assert max(sc.external_regret(days, agent).max() for agent in (0, 1)) < 0.1 * horizon


@pytest.mark.parametrize(("alone", "found"), [(0.5, 0), (0.3, 60)])
def test_learners_cooperate_if_defecting_alone_pays_three_tenths_and_not_at_one_half(alone, found):
    pones = sc.pareto_optimal_nash(sc.Game([[0.6, 0], [alone, 0.2]]), (0, 0))
    assert [pone.payoffs for pone in pones] == [pytest.approx((0.6, 0.6))]
    assert abs(played_alike([[0.6, 0], [alone, 0.2]], 1000)[0] - found) <= 1


def test_the_border_is_where_both_actions_promise_the_same_to_who_expects_both_alike():
    assert np.mean([0.6, 0]) == pytest.approx(np.mean([0.4, 0.2]))
    assert np.mean([0.9, 0.3]) == pytest.approx(0.6)


def test_pennies_with_one_payoff_changed_are_the_game_of_tone():
    you, other = sc.games.matching_pennies().bimatrix((0, 1))
    changed = other.copy()
    changed[1, 1] = 1
    assert you.tolist() == [[1, 0], [0, 1]]
    assert changed.tolist() == [[0, 1], [1, 1]]
