"""Nash, Pareto-optimal Nash and coarse correlated equilibria against exact rational arithmetic."""

import pickle
import warnings
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise, product

import nashpy
import numpy as np
import pytest
from oracles import basis_corners, expected, extreme_equilibria, fractions, pone_payoffs, solve_uniquely
from scipy.optimize import linprog
from test_polytopes import by_qhull

import socialcoop as sc

TYPES = (0, 1)


@cache
def cases():
    """Return (game, equilibria, degenerate) for 550 games with two different types, most of them degenerate."""
    rng = np.random.default_rng(20)
    tables = []  # (payoffs in multiples of 1/levels, levels)
    for n, levels in product((1, 2, 3, 4), (1, 2, 3)):
        for _ in range({1: 4, 2: 55, 3: 55, 4: 30}[n]):
            tables.append((rng.integers(levels + 1, size=(2, n, n)), levels))
    for n, generic in ((2, 20), (3, 20), (4, 6)):
        for _ in range(generic):
            tables.append((rng.integers(101, size=(2, n, n)), 100))
        for special in ("zero", "all one", "zero against random", "same payoffs", "twin rows", "twin columns"):
            table = rng.integers(3, size=(2, n, n))
            if special in ("zero", "all one"):
                table[:] = 2 * (special == "all one")
            elif special == "zero against random":
                table[0] = 0
            elif special == "same payoffs":  # the AI gets what the partner gets
                table[1] = table[0].T
            elif special == "twin rows":
                table[:, 1] = table[:, 0]
            else:
                table[:, :, 1] = table[:, :, 0]
            tables.append((table, 2))
    out = []
    for table, levels in tables:
        ai, partner = (fractions(matrix / levels, levels) for matrix in table)
        small = (basis_corners,) if levels < 100 else ()  # else its integers might overflow
        out.append((sc.Game(table / levels), *extreme_equilibria(ai, partner, *small)))
    assert sum(degenerate for _, _, degenerate in out) > 250
    return out


def as_points(profiles):
    """Return strategies and payoffs of each profile in one row."""
    return np.array([np.concatenate([*p.strategies, p.payoffs]) for p in profiles])


def assert_same_points(found, true):
    """Check that two arrays hold the same rows in any order; the true ones are far apart."""
    assert len(found) == len(true)
    distances = np.abs(found[:, None] - true[None]).max(axis=2)
    assert distances.min(axis=0).max() < 1e-9
    assert distances.min(axis=1).max() < 1e-9


def rows(equilibria):
    return np.array([[float(v) for v in (*x, *y, *pays)] for (x, y), pays in equilibria])


def test_extreme_equilibria_are_exactly_those_of_the_rational_oracle():
    for game, equilibria, _ in cases():
        assert_same_points(as_points(sc.nash_equilibria(game, TYPES)), rows(equilibria))


def test_pareto_optimal_payoffs_are_exactly_those_of_the_rational_oracle():
    for game, equilibria, _ in cases():
        found = {tuple(np.round(p.payoffs, 9)) for p in sc.pareto_optimal_nash(game, TYPES)}
        assert found == {tuple(round(float(u), 9) for u in pays) for pays in pone_payoffs(equilibria)}


def test_worst_pone_is_each_agents_lowest_payoff():
    for game, equilibria, _ in cases():
        pays = pone_payoffs(equilibria)
        true = [float(min(p[agent] for p in pays)) for agent in (0, 1)]
        np.testing.assert_allclose(sc.worst_pone(game, TYPES), true, atol=1e-12)


def test_equilibria_of_smaller_support_come_first():
    for game, _, _ in cases()[:300]:
        profiles = sc.nash_equilibria(game, TYPES)
        sizes = [sum(np.count_nonzero(s) for s in p.strategies) for p in profiles]
        assert sizes == sorted(sizes)


def test_swapping_the_sides_swaps_the_equilibria():
    for game, _, _ in cases()[::7]:
        there, back = (as_points(sc.nash_equilibria(game, types)) for types in ((0, 1), (1, 0)))
        n = game.n_actions
        swapped = np.concatenate([back[:, n : 2 * n], back[:, :n], back[:, 2 * n :][:, ::-1]], axis=1)
        assert_same_points(there, swapped)


@pytest.mark.parametrize("scales", [(1e-6, 1e-6), (1e-9, 1e-9), (1, 1e-7), (2.0**-40, 1)], ids=str)
def test_equilibria_do_not_depend_on_the_scale_of_the_payoffs(scales):
    for game, _, _ in cases()[::7]:
        small = sc.Game(game.payoffs * np.array(scales)[:, None, None])
        both = [np.array([np.concatenate(p.strategies) for p in sc.nash_equilibria(g, TYPES)]) for g in (game, small)]
        assert_same_points(*both)
        both = [np.array([p.payoffs for p in sc.pareto_optimal_nash(g, TYPES)]) for g in (game, small)]
        assert_same_points(both[0], both[1] / scales)


def test_payoffs_that_differ_by_rounding_are_equal():
    game = sc.Game([[[0.1 + 0.2, 0.3], [0.3, 0.1 + 0.2]], [[0.7, 0.1 * 7], [0.7, 0.7]]])
    assert len(np.unique(game.payoffs)) > 2
    assert len(sc.nash_equilibria(game, TYPES)) == 4
    assert len(sc.pareto_optimal_nash(game, TYPES)) == 4


@pytest.mark.parametrize("levels", [2, 3])
@pytest.mark.parametrize("n_actions", [5, 6, 7])
def test_no_equilibrium_of_a_larger_game_with_ties_is_missed_or_invented(n_actions, levels):
    """In exact integers, all bases; the script in benchmarks does 300 such games."""
    for seed in range(6):
        table = np.random.default_rng([n_actions, levels, seed]).integers(levels, size=(2, n_actions, n_actions))
        ai, partner = (fractions(matrix / (levels - 1), levels - 1) for matrix in table)
        equilibria, degenerate = extreme_equilibria(ai, partner, basis_corners)
        assert degenerate
        assert_same_points(as_points(sc.nash_equilibria(sc.Game(table / (levels - 1)), TYPES)), rows(equilibria))


@pytest.mark.parametrize("n_actions", [6, 11, 12, 14])
def test_the_equilibria_of_a_large_game_without_ties_are_those_from_the_vertices_that_qhull_finds(n_actions):
    game = sc.games.random_game(n_actions, 2, seed=n_actions)
    ai, partner = game.payoffs
    (first, labels), (second, others) = by_qhull(partner), by_qhull(ai)
    others = {row.tobytes(): j for j, row in enumerate(np.roll(~others, n_actions, axis=1))}
    pairs = [(i, others[row.tobytes()]) for i, row in enumerate(labels) if row.tobytes() in others]
    found = sc.nash_equilibria(game, TYPES)
    assert_same_points(as_points(found)[:, :-2], np.array([np.r_[first[i], second[j]] for i, j in pairs]))
    assert len(found) % 2 == 1
    for profile in found:
        x, y = profile.strategies
        assert profile.payoffs == pytest.approx((max(ai @ y), max(partner @ x)), abs=1e-12)


@pytest.mark.parametrize("n_actions", [3, 8, 14])
def test_any_set_of_agreements_makes_an_equilibrium_of_coordination(n_actions):
    game = sc.games.coordination(n_actions)
    equilibria = sc.nash_equilibria(game, (0, 0))
    assert len(equilibria) == 2**n_actions - 1
    for profile in equilibria[:: 1 + len(equilibria) // 300]:
        x, y = profile.strategies
        np.testing.assert_array_equal(x, y)
        np.testing.assert_allclose(x[x > 0], 1 / np.count_nonzero(x), atol=1e-14)
    assert len(sc.pareto_optimal_nash(game, (0, 0))) == n_actions
    assert sc.worst_pone(game, (0, 0)) == (1, 1)
    reached = sc.equilibria.reaches_pone(game, (0, 0), [[0.9, 0.5], [0.9, 1]], 0.1)
    np.testing.assert_array_equal(reached, [True, False])


def test_a_game_of_simple_structure_may_have_many_actions():
    """Either both say anything that fits, or both have left; there are 19 words."""
    game = sc.games.conversation(20)
    equilibria = sc.nash_equilibria(game, (0, 0))
    assert len(equilibria) == 19**2 + 1
    assert [p.payoffs for p in sc.pareto_optimal_nash(game, (0, 0))] == [(1, 1)] * 19**2


@pytest.mark.parametrize(
    ("function", "game"),
    [
        (sc.nash_equilibria, sc.games.coordination(20)),
        (sc.pareto_optimal_nash, sc.games.random_game(30, seed=0)),
        (sc.worst_pone, sc.games.random_game(256, seed=0)),
    ],
    ids=["coordination", "30 actions", "256 actions"],
)
def test_games_with_too_many_equilibria_are_refused_with_advice(function, game):
    with pytest.raises(ValueError, match=f"game must have few enough actions .* {game.n_actions} actions .* owed="):
        function(game, (0, 0))


def test_a_game_of_many_vertices_and_more_equilibria_is_refused():
    game = sc.Game([np.zeros((15, 15)), np.eye(15)])  # the AI does not care: 15 times 2^14 equilibria
    with pytest.raises(ValueError, match="game must have few enough actions"):
        sc.nash_equilibria(game, TYPES)


def test_payoffs_that_almost_tie_leave_equilibria_that_are_at_least_nearly_so():
    """Ties are taken for such within 1e-9 of the range; these differ by about that much."""
    for seed in range(150):
        rng = np.random.default_rng(seed)
        n, levels = 2 + seed % 5, 2 + seed % 3
        payoffs = 0.9 * rng.integers(levels, size=(2, n, n)) / (levels - 1)
        payoffs += rng.random((2, n, n)) * 10 ** -rng.uniform(7, 11)
        equilibria = sc.nash_equilibria(sc.Game(payoffs), TYPES)
        assert equilibria
        for profile in equilibria:
            x, y = profile.strategies
            best = np.array([(payoffs[0] @ y).max(), (payoffs[1] @ x).max()])
            assert (best - profile.payoffs <= 2e-9 * np.ptp(payoffs, axis=(1, 2))).all()


def test_what_is_remembered_cannot_be_changed_and_a_copy_neither():
    (profile,) = sc.nash_equilibria(sc.games.matching_pennies(), TYPES)
    again = pickle.loads(pickle.dumps(profile))
    np.testing.assert_array_equal(again.strategies, profile.strategies)
    assert again.payoffs == profile.payoffs
    own = np.array([0.25, 0.75])
    for each in (profile, again, sc.equilibria.Profile((own, own), (0, 0))):
        with pytest.raises(ValueError, match="read-only"):
            each.strategies[0][0] = 1
    own[0] = 1  # still its owner's


@pytest.mark.parametrize("n_actions", [2, 3, 4])
def test_payoffs_that_almost_tie_lose_no_equilibrium(n_actions):
    """All payoffs but two lie within .003 of one half, so that most systems of equations are nearly singular."""
    for seed in range(12):
        table = 500 + np.random.default_rng(seed).integers(-3, 4, size=(2, n_actions, n_actions))
        table[:, -1, -1], table[:, -1, 0] = 0, 1000
        equilibria, _ = extreme_equilibria(*(fractions(matrix / 1000, 1000) for matrix in table))
        assert_same_points(as_points(sc.nash_equilibria(sc.Game(table / 1000), TYPES)), rows(equilibria))


def nashpy_game(game):
    ai, partner = game.stage(TYPES)
    return nashpy.Game(ai, partner.T)


def test_nashpy_agrees_on_games_that_are_not_degenerate_unless_it_warns():
    compared = 0
    for game, _, degenerate in cases():
        if degenerate:
            continue
        ours = np.array([np.concatenate(p.strategies) for p in sc.nash_equilibria(game, TYPES)])
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            theirs = np.array([np.concatenate(pair) for pair in nashpy_game(game).support_enumeration()])
        if not caught:
            compared += 1
            assert_same_points(ours, theirs)
    assert compared >= 80


@pytest.mark.parametrize("n_actions", [1, 2, 5])
def test_where_nothing_matters_every_pair_of_actions_is_an_extreme_equilibrium(n_actions):
    equilibria = sc.nash_equilibria(sc.Game(np.zeros((2, n_actions, n_actions))), TYPES)
    pairs = [(int(x.argmax()), int(y.argmax())) for x, y in (p.strategies for p in equilibria)]
    assert pairs == list(product(range(n_actions), repeat=2))
    assert all(max(x) == max(y) == 1 for x, y in (p.strategies for p in equilibria))


def grid(n, steps):
    """Return all mixed actions in multiples of 1/steps, as integers that sum to steps."""
    return np.array([p for p in product(range(steps + 1), repeat=n) if sum(p) == steps])


def grid_equilibria(game, levels, steps):
    """Return the payoffs of all equilibria on a grid, in exact integers of 1/(levels steps²)."""
    ai, partner = np.rint(game.payoffs * levels).astype(int)
    x = y = grid(game.n_actions, steps)
    pays_ai, pays_partner = x @ ai @ y.T, x @ partner.T @ y.T
    stable = (pays_ai == steps * (ai @ y.T).max(axis=0)) & (
        pays_partner == steps * (x @ partner.T).max(axis=1)[:, None]
    )
    return np.stack([pays_ai[stable], pays_partner[stable]], axis=1) / (levels * steps**2)


@pytest.mark.parametrize(("n_actions", "steps"), [(2, 24), (3, 12)])
def test_extreme_equilibria_suffice_for_the_worst_pone_of_a_continuum(n_actions, steps):
    continua = 0
    for seed in range(40):
        game = sc.games.random_game(n_actions, 2, seed, 3)
        on_grid = grid_equilibria(game, 2, steps)
        extreme = np.array([p.payoffs for p in sc.nash_equilibria(game, TYPES)])
        continua += len(on_grid) > 2 * len(extreme)
        everything = np.concatenate([on_grid, extreme])
        beaten = (everything[None] > everything[:, None] + 1e-9).all(axis=2).any(axis=1)
        np.testing.assert_allclose(everything[~beaten].min(axis=0), sc.worst_pone(game, TYPES), atol=1e-9)
    assert continua > 10


def test_worst_pone_of_a_continuum_by_hand():
    # whatever it does the AI earns what the partner's action says, so every mix of the AI is an equilibrium
    game = sc.Game([[[1, 0.5], [1, 0.5]], [[0.2, 0.2], [0.2, 0.2]]])
    assert len(sc.nash_equilibria(game, TYPES)) == 4
    assert sc.worst_pone(game, TYPES) == pytest.approx((0.5, 0.2))


def test_strong_domination_keeps_an_equilibrium_that_ties_for_one_agent():
    game = sc.Game([[[1, 0], [0, 1]], [[1, 0], [0, 0.5]]])
    payoffs = [p.payoffs for p in sc.pareto_optimal_nash(game, TYPES)]
    np.testing.assert_allclose(payoffs, [(1, 1), (1, 0.5)])


def test_a_game_with_one_action_has_one_equilibrium():
    (only,) = sc.nash_equilibria(sc.Game([[0.3]]), (0, 0))
    assert only.payoffs == (0.3, 0.3)


def cce_gains(game):
    """Return, per agent and fixed action, what it gains at each joint action: plain loops."""
    ai, partner = game.stage(TYPES)
    n = game.n_actions
    gains = [[ai[c, b] - ai[a, b] for a in range(n) for b in range(n)] for c in range(n)]
    return gains + [[partner[c, a] - partner[b, a] for a in range(n) for b in range(n)] for c in range(n)]


def cce_value(game, weights):
    ai, partner = game.stage(TYPES)
    n = game.n_actions
    return [weights[0] * ai[a, b] + weights[1] * partner[b, a] for a in range(n) for b in range(n)]


@pytest.mark.parametrize("sense", ["max", "min"])
def test_the_cce_value_of_two_by_two_games_is_that_of_the_best_exact_vertex(sense):
    for seed in range(40):
        game, weights = sc.games.random_game(2, 2, seed, levels=4), [(1, 1), (1, 0), (2, 3)][seed % 3]
        gains = fractions(cce_gains(game), 3)
        value = fractions([cce_value(game, weights)], 3)[0]
        bounds = [[Fraction(-(i == j)) for j in range(4)] for i in range(4)]
        values = []
        for tight in combinations(gains + bounds, 3):
            z = solve_uniquely([*tight, [Fraction(1)] * 4], [Fraction(0)] * 3 + [Fraction(1)])
            if z and all(sum(g * p for g, p in zip(row, z, strict=True)) <= 0 for row in gains + bounds):
                values.append(expected([value], [1], z))
        found = sc.coarse_correlated_equilibrium(game, TYPES, weights, sense).ravel() @ cce_value(game, weights)
        assert found == pytest.approx(float(max(values) if sense == "max" else min(values)), abs=1e-8)


@pytest.mark.parametrize("n_actions", [1, 3, 4, 6])
def test_the_cce_value_of_larger_games_is_that_of_the_dual(n_actions):
    for seed in range(8):
        game, weights = sc.games.random_game(n_actions, 2, seed), (1.0, 0.5)
        gains, value = np.array(cce_gains(game)), np.array(cce_value(game, weights))
        # minimise m over m and y >= 0 where m + (y · gains) >= value
        cells = np.concatenate([-np.ones((len(value), 1)), -gains.T], axis=1)
        dual = linprog(
            np.r_[1.0, np.zeros(len(gains))],
            A_ub=cells,
            b_ub=-value,
            bounds=[(None, None)] + [(0, None)] * len(gains),
            method="highs-ipm",
        )
        found = sc.coarse_correlated_equilibrium(game, TYPES, weights).ravel() @ value
        assert found == pytest.approx(dual.fun, abs=1e-7)


@pytest.mark.parametrize("sense", ["max", "min"])
def test_a_cce_is_a_distribution_against_which_no_fixed_action_gains(sense):
    for game, _, _ in cases()[::5]:
        joint = sc.coarse_correlated_equilibrium(game, TYPES, sense=sense)
        assert joint.shape == (game.n_actions, game.n_actions)
        assert joint.min() >= 0
        assert joint.sum() == pytest.approx(1, abs=1e-12)
        assert (np.array(cce_gains(game)) @ joint.ravel()).max() < 1e-8


def test_every_nash_equilibrium_is_a_cce_so_the_best_cce_is_at_least_as_good():
    for game, equilibria, _ in cases()[::5]:
        joint = sc.coarse_correlated_equilibrium(game, TYPES).ravel() @ cce_value(game, (1, 1))
        assert joint >= max(float(sum(pays)) for _, pays in equilibria) - 1e-8


def test_the_inefficient_game_has_one_nash_equilibrium_that_pays_one():
    (only,) = sc.nash_equilibria(sc.games.inefficient_cce(), (0, 0))
    assert only.payoffs == pytest.approx((1, 1))


def test_weights_and_sense_that_make_no_sense_are_refused():
    game = sc.games.coordination(2)
    for weights in ((1,), (1, 2, 3), 1, "ab", (np.nan, 1)):
        with pytest.raises((ValueError, TypeError), match="weights"):
            sc.coarse_correlated_equilibrium(game, (0, 0), weights)
    with pytest.raises(ValueError, match="sense"):
        sc.coarse_correlated_equilibrium(game, (0, 0), sense="best")


@pytest.mark.parametrize("tie", [1e-6, 5e-8, 1e-8, 5e-9])
def test_payoffs_that_nearly_tie_leave_the_game_its_equilibrium(tie):
    game = sc.Game([[[0, 1], [1, 0]], [[1, 0], [0, tie]]])
    assert len(sc.nash_equilibria(game, (0, 1))) == 1
    assert len(sc.worst_pone(game, (0, 1))) == 2


# --- does a payoff reach a Pareto-optimal equilibrium?

# the AI, indifferent between its first two actions, gives the partner anything from 0 to 1 in the first column
EDGE = sc.Game([[[0.5, 0, 0], [0.5, 0, 0], [0, 0, 0.6]], [[0, 1, 0], [0, 0, 0], [0, 0, 0.4]]])


def reaches(game, payoffs, epsilon, types=TYPES):
    """Ask for one pair of payoffs."""
    return sc.equilibria.reaches_pone(game, types, np.array(payoffs)[:, None], epsilon).tolist() == [True]


def dense_equilibria(game, steps):
    """Return the payoffs of the mixes of two extreme equilibria, in steps of 1/steps, that are equilibria too."""
    ai, partner = game.stage(TYPES)
    extreme = [p.strategies for p in sc.nash_equilibria(game, TYPES)]
    weights = np.linspace(0, 1, steps + 1)[:, None]
    found = []
    for (x, y), (u, v) in product(extreme, repeat=2):
        first, second = weights * x + (1 - weights) * u, weights * y + (1 - weights) * v
        pays_ai, pays_partner = first @ ai @ second.T, first @ partner.T @ second.T
        stable = pays_ai >= (ai @ second.T).max(axis=0) - 1e-9
        stable &= pays_partner >= (first @ partner.T).max(axis=1)[:, None] - 1e-9
        found.append(np.stack([pays_ai[stable], pays_partner[stable]], axis=1))
    return np.unique(np.concatenate(found).round(12), axis=0)


def brute_reaches(points, payoffs, epsilon):
    """Return whether one of many equilibria is not beaten and within epsilon for both, for payoffs (2, B)."""
    beaten = (points[None] > points[:, None] + 1e-9).all(axis=2).any(axis=1)
    return (points[~beaten][:, :, None] <= payoffs + epsilon + 2e-9).all(axis=1).any(axis=0)


@pytest.mark.parametrize("n_actions", [2, 3, 4])
def test_reaching_a_pone_agrees_with_a_fine_grid_of_equilibria(n_actions):
    steps, rng, continua, between = 10, np.random.default_rng(n_actions), 0, 0
    for seed in range({2: 120, 3: 60, 4: 24}[n_actions]):
        game = sc.games.random_game(n_actions, 2, seed, 2 + seed % 3)
        points = dense_equilibria(game, steps)
        extreme = np.array([p.payoffs for p in sc.nash_equilibria(game, TYPES)])
        continua += len(points) > len(extreme)
        near = points[rng.integers(len(points), size=60)].T
        payoffs = np.concatenate([rng.random((2, 40)), near, near - 0.1 * rng.random(near.shape), extreme.T], axis=1)
        for epsilon in (0, 0.03, 0.2):
            found = sc.equilibria.reaches_pone(game, TYPES, payoffs, epsilon)
            assert found[brute_reaches(points, payoffs, epsilon)].all()
            assert brute_reaches(points, payoffs, epsilon + 1 / steps)[found].all()
            pones = np.array([p.payoffs for p in sc.pareto_optimal_nash(game, TYPES)])
            between += (found & ~brute_reaches(pones, payoffs, epsilon)).sum()
    assert continua > 5
    if n_actions == 3:
        assert between > 0  # some payoffs reach a PONE that is not extreme


@pytest.mark.parametrize("n_actions", [1, 2, 3, 4])
def test_without_a_continuum_the_extreme_equilibria_decide(n_actions):
    rng = np.random.default_rng(n_actions)
    for seed in range(25):
        game = sc.games.random_game(n_actions, 2, seed)
        extreme = np.array([p.payoffs for p in sc.nash_equilibria(game, TYPES)])
        payoffs = rng.random((2, 50))
        for epsilon in (0, 0.1, 0.4):
            found = sc.equilibria.reaches_pone(game, TYPES, payoffs, epsilon)
            np.testing.assert_array_equal(found, brute_reaches(extreme, payoffs, epsilon))


def test_a_pone_may_lie_between_two_extreme_equilibria():
    payoffs = [tuple(np.round(p.payoffs, 9)) for p in sc.pareto_optimal_nash(EDGE, TYPES)]
    assert set(payoffs) == {(0.5, 1), (0.6, 0.4)}  # and so (.5, 0) is beaten
    assert reaches(EDGE, (0.5, 0.4), 0)
    assert reaches(EDGE, (0.5, 0.7), 0)
    assert reaches(EDGE, (0.49, 0.4), 0.01)


def test_an_equilibrium_that_is_beaten_is_not_enough():
    assert not reaches(EDGE, (0.5, 0.39), 0)
    assert not reaches(EDGE, (0.5, 0.39), 0.009)
    assert reaches(EDGE, (0.5, 0.39), 0.01)
    assert not reaches(EDGE, (0.5, 0), 0.3)
    assert not reaches(sc.games.stag_hunt(0.7), (0.7, 0.7), 0.29, (0, 0))
    assert reaches(sc.games.stag_hunt(0.7), (0.7, 0.7), 0.3, (0, 0))


def test_beaten_equilibria_do_not_reach_and_the_others_do():
    for game, _, _ in cases()[::3]:
        everything = np.array([p.payoffs for p in sc.nash_equilibria(game, TYPES)])
        pones = np.array([p.payoffs for p in sc.pareto_optimal_nash(game, TYPES)])
        is_pone = (np.abs(everything[:, None] - pones).max(axis=2) < 1e-9).any(axis=1)
        np.testing.assert_array_equal(sc.equilibria.reaches_pone(game, TYPES, everything.T, 0), is_pone)


def test_one_pone_must_serve_both_agents():
    """The mean of both PONE of the battle of the sexes, (.8, .8), falls .2 short of either for one agent."""
    game = sc.games.battle_of_the_sexes(0.6)
    assert [p.payoffs for p in sc.pareto_optimal_nash(game, TYPES)] == [(1, 0.6), (0.6, 1)]
    assert reaches(game, (1, 0.6), 0)
    assert reaches(game, (0.6, 1), 0)
    assert not reaches(game, (0.8, 0.8), 0.199)
    assert reaches(game, (0.8, 0.8), 0.2)
    assert not reaches(game, (0.6, 0.6), 0.399)  # each agent has what some PONE pays it, but not the same one
    assert reaches(game, (0.6, 0.6), 0.4)


def test_more_for_one_agent_does_not_make_up_for_less_for_the_other():
    game = sc.games.coordination(2)
    assert not reaches(game, (1, 0.8), 0.1, (0, 0))
    assert reaches(game, (1, 0.9), 0.1, (0, 0))


def test_reaching_is_monotone_in_epsilon_and_in_the_payoffs():
    rng = np.random.default_rng(0)
    for game, _, _ in cases()[::9]:
        payoffs, more = rng.random((2, 30)), rng.random((2, 30)) * 0.2
        found = [sc.equilibria.reaches_pone(game, TYPES, payoffs, epsilon) for epsilon in (0, 0.05, 0.1, 0.3, 0.6, 1)]
        assert all((less <= larger).all() for less, larger in pairwise(found))
        assert found[-1].all()
        assert (found[1] <= sc.equilibria.reaches_pone(game, TYPES, payoffs + more, 0.05)).all()


def test_swapping_the_sides_swaps_the_payoffs_that_reach():
    payoffs = np.random.default_rng(0).random((2, 40))
    for game, _, _ in cases()[::9]:
        there, back = (
            sc.equilibria.reaches_pone(game, t, p, 0.1) for t, p in ((TYPES, payoffs), ((1, 0), payoffs[::-1]))
        )
        np.testing.assert_array_equal(there, back)


@pytest.mark.parametrize("scale", [1, 1e-7, 1e-9, 2.0**-60])
def test_reaching_does_not_depend_on_the_scale_of_the_payoffs(scale):
    small = sc.Game(sc.games.prisoners_dilemma().payoffs * scale)
    assert not reaches(small, (0, 0), 0, (0, 0))
    assert not reaches(small, (0.2 * scale, 0.199 * scale), 0, (0, 0))
    assert reaches(small, (0.2 * scale, 0.2 * scale), 0, (0, 0))
    assert reaches(small, (0.2 * scale, 0.199 * scale), 0.002 * scale, (0, 0))


def test_reaching_takes_every_equilibrium_of_a_large_game_without_one_by_one():
    """The AI does not care, the partner wants to agree: five thousand extreme equilibria span all from .1 to 1."""
    game = sc.Game([np.full((10, 10), 0.5), np.eye(10)])
    assert len(sc.nash_equilibria(game, TYPES)) == 10 * 2**9
    assert reaches(game, (0.5, 0.1), 0)
    assert not reaches(game, (0.5, 0.09), 0)
    assert not reaches(game, (0.4, 1), 0)


def test_no_payoffs_at_all():
    assert sc.equilibria.reaches_pone(EDGE, TYPES, np.zeros((2, 0)), 0.1).shape == (0,)
