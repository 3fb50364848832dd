"""Coarse correlated equilibria: what they pay, in exact corners; and that 2 by 2 games hide no rut among them."""

from functools import cache
from itertools import combinations, product

import numpy as np
import oracles
import pytest
from scipy.optimize import linprog

import socialcoop as sc

ANGLES = np.arange(64) * 2 * np.pi / 64
DIRECTIONS = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
RUT = np.array([[0, 0, 0.5], [0, 0, 0], [0.5, 0, 0]])
LEVELS = (None, 2, 3, 4, 6)


def constraints(ai, partner):
    """Return what each fixed action gains at each joint action a·N + b, (2N, N²): plain loops."""
    n = len(ai)
    rows = [[ai[c, b] - ai[a, b] for a in range(n) for b in range(n)] for c in range(n)]
    return np.array(rows + [[partner[c, a] - partner[b, a] for a in range(n) for b in range(n)] for c in range(n)])


def support_function(game, types, directions):
    """Return how far the payoffs of coarse correlated equilibria reach in each direction: one linear program each."""
    ai, partner = game.stage(types)
    n = game.n_actions
    gains = constraints(ai, partner)
    reach = []
    for first, second in directions:
        value = [first * ai[a, b] + second * partner[b, a] for a in range(n) for b in range(n)]
        solution = linprog(
            -np.array(value), A_ub=gains, b_ub=np.zeros(2 * n), A_eq=np.ones((1, n * n)), b_eq=[1.0], method="highs-ds"
        )
        assert solution.success
        reach.append(-solution.fun)
    return np.array(reach)


def vertex_payoffs(tables):
    """Return the payoffs of all vertices of the equilibria of many 2 by 2 games, (games, 56, 2), NaN for no vertex.

    ``tables`` is (games, 2, 2, 2): the AI's and the partner's matrix, own action first. A vertex has three tight
    constraints of eight.
    """
    ai, partner = tables[:, 0], tables[:, 1].transpose(0, 2, 1)
    rows = [np.broadcast_to(-np.eye(4)[cell], (len(tables), 4)) for cell in range(4)]
    rows += [(ai[:, c, None, :] - ai).reshape(-1, 4) for c in (0, 1)]
    rows += [(partner[:, :, c, None] - partner).reshape(-1, 4) for c in (0, 1)]
    rows = np.stack(rows, axis=1)
    bases = np.array(list(combinations(range(8), 3)))
    systems = np.concatenate([rows[:, bases], np.ones((len(tables), len(bases), 1, 4))], axis=2)
    singular = np.abs(np.linalg.det(systems)) < 1e-12
    systems[singular] = np.eye(4)
    joint = np.linalg.solve(systems, np.array([0, 0, 0, 1.0])[:, None])[..., 0]
    bad = singular | (np.einsum("gck,gvk->gvc", rows, joint) > 1e-9).any(axis=2)
    payoffs = np.stack([np.einsum("gvk,gk->gv", joint, table.reshape(-1, 4)) for table in (ai, partner)], axis=-1)
    payoffs[bad] = np.nan
    return payoffs


@cache
def small_games():
    """Return 1,600 2 by 2 games as tables, 1,000 of them generic, and the vertex payoffs of each."""
    rng = np.random.default_rng(0)
    parts = [rng.random((1000, 2, 2, 2))]
    parts += [rng.integers(levels, size=(150, 2, 2, 2)) / (levels - 1) for levels in LEVELS[1:]]
    tables = np.concatenate(parts)
    return tables, vertex_payoffs(tables)


def assert_counter_clockwise(corners):
    """Check that they are the corners of a convex polygon in order, and none of them is on an edge."""
    if len(corners) < 3:
        assert len(corners) == 1 or np.hypot(*(corners[1] - corners[0])) > 1e-8
        return
    before, after = np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)
    (dx, dy), (ex, ey) = (corners - before).T, (after - corners).T
    turns = dx * ey - dy * ex
    assert (turns > 1e-9 * np.hypot(*(after - before).T)).all()
    angles = np.arctan2(turns, dx * ex + dy * ey)
    assert angles.sum() == pytest.approx(2 * np.pi)  # once around


# --- the inefficient game


@pytest.mark.parametrize(("sense", "value"), [("min", 1 / 15), ("max", 1)])
def test_the_worst_and_the_best_equilibrium_of_the_inefficient_game(sense, value):
    """Mirrored and mixed half and half it is symmetric, an equilibrium still, and pays both the same."""
    game = sc.games.inefficient_cce()
    joint = sc.coarse_correlated_equilibrium(game, (0, 0), sense=sense)
    symmetric = (joint + joint.T) / 2
    assert max(sc.equilibria.coarse_correlated_gain(symmetric, game, (0, 0))) <= 1e-9
    assert (symmetric * game.payoffs[0]).sum() == pytest.approx(value, abs=1e-9)


def test_half_and_half_is_an_equilibrium_that_pays_a_tenth():
    game = sc.games.inefficient_cce()
    table = game.payoffs[0]
    assert (RUT * table).sum() == pytest.approx(0.1)
    assert (RUT * table.T).sum() == pytest.approx(0.1)
    assert sc.equilibria.coarse_correlated_gain(RUT, game, (0, 0)) == pytest.approx((0, 0), abs=1e-15)


def test_the_payoffs_of_the_inefficient_game():
    corners = sc.equilibria.coarse_correlated_payoffs(sc.games.inefficient_cce(), (0, 0))
    assert_counter_clockwise(corners)
    expected = {(1 / 15, 1 / 15), (2 / 15, 1 / 15), (1, 1), (1 / 15, 2 / 15)}
    assert {tuple(corner) for corner in corners.round(9)} == {tuple(np.round(corner, 9)) for corner in expected}


def test_no_equilibrium_of_a_two_by_two_game_pays_anybody_less_than_every_nash_equilibrium():
    """1,000 generic games and 600 with ties. With three actions one pays both less, as the inefficient game shows.

    With two actions a fixed one differs only where the other was asked for, so these are the correlated equilibria.
    """
    tables, points = small_games()
    equilibria = [sc.nash_equilibria(sc.Game(table), (0, 1)) for table in tables]
    floor = np.array([np.min([profile.payoffs for profile in profiles], axis=0) for profiles in equilibria])
    assert (np.nanmin(points, axis=1) >= floor - 1e-9).all()
    (only,) = sc.nash_equilibria(sc.games.inefficient_cce(), (0, 0))
    assert (
        sc.equilibria.coarse_correlated_payoffs(sc.games.inefficient_cce(), (0, 0)).min(axis=0) < only.payoffs
    ).all()


def test_of_all_games_of_two_actions_and_three_levels_none_has_a_coarse_equilibrium_below_all_nash_equilibria():
    """Most of the 6561 have an agent that is indifferent. Of what the partner earns the differences alone matter."""
    levels, differences = (0, 0.5, 1), (-1, -0.5, 0, 0.5, 1)
    ai = np.array(list(product(levels, repeat=4))).reshape(-1, 2, 2)
    gains = np.array(list(product(differences, repeat=2)))
    partner = np.stack([np.maximum(gains, 0), np.maximum(-gains, 0)], axis=1)
    tables = np.stack([ai.repeat(len(partner), axis=0), np.tile(partner, (len(ai), 1, 1))], axis=1)
    worst = np.nanmin(vertex_payoffs(tables)[:, :, 0], axis=1)
    for table, least in zip(tables, worst, strict=True):
        assert least >= min(profile.payoffs[0] for profile in sc.nash_equilibria(sc.Game(table), (0, 1))) - 1e-9
    alike = (tables[:, 0, 0] == tables[:, 0, 1]).any(axis=1) | (tables[:, 1, 0] == tables[:, 1, 1]).any(axis=1)
    assert alike.mean() > 0.5


# --- all payoffs


def test_the_corners_of_small_games_are_those_of_all_vertices():
    tables, points = small_games()
    for table, vertices in zip(tables[900::8], points[900::8], strict=True):
        corners = sc.equilibria.coarse_correlated_payoffs(sc.Game(table), (0, 1))
        assert_counter_clockwise(corners)
        reach = np.nanmax(vertices @ DIRECTIONS.T, axis=0)
        np.testing.assert_allclose((corners @ DIRECTIONS.T).max(axis=0), reach, atol=1e-7)


@pytest.mark.parametrize("levels", LEVELS)
@pytest.mark.parametrize("n_actions", [1, 3, 4])
def test_the_corners_reach_as_far_as_a_linear_program_in_every_direction(n_actions, levels):
    for seed in range(4):
        game = sc.games.random_game(n_actions, 2, seed, levels)
        corners = sc.equilibria.coarse_correlated_payoffs(game, (0, 1))
        assert_counter_clockwise(corners)
        # all 64 directions, over four games
        some = DIRECTIONS[seed::4]
        np.testing.assert_allclose((corners @ some.T).max(axis=0), support_function(game, (0, 1), some), atol=1e-7)


@pytest.mark.parametrize("game", [sc.games.inefficient_cce(), sc.games.chicken(), sc.games.team_lead()], ids=repr)
def test_the_corners_of_named_games_reach_as_far_in_all_directions(game):
    corners = sc.equilibria.coarse_correlated_payoffs(game, (0, 0))
    assert_counter_clockwise(corners)
    reach = support_function(game, (0, 0), DIRECTIONS)
    np.testing.assert_allclose((corners @ DIRECTIONS.T).max(axis=0), reach, atol=1e-7)


def test_the_other_order_of_types_mirrors_the_payoffs():
    for seed in range(5):
        game = sc.games.random_game(3, 2, seed)
        corners, mirrored = (sc.equilibria.coarse_correlated_payoffs(game, types) for types in ((0, 1), (1, 0)))
        reach = (corners @ DIRECTIONS.T).max(axis=0)
        np.testing.assert_allclose((mirrored[:, ::-1] @ DIRECTIONS.T).max(axis=0), reach, atol=1e-7)


def assert_corners(game, expected):
    corners = sc.equilibria.coarse_correlated_payoffs(game, (0, game.n_types - 1))
    assert len(corners) == len(expected)
    first = np.argmin([np.hypot(*(corner - expected[0])) for corner in corners])
    np.testing.assert_allclose(np.roll(corners, -first, axis=0), expected, atol=1e-9)


def test_one_corner_where_all_pays_the_same():
    assert_corners(sc.Game(np.full((3, 3), 0.4)), [[0.4, 0.4]])
    assert_corners(sc.games.random_game(1, 1, 0), np.full((1, 2), sc.games.random_game(1, 1, 0).payoffs[0, 0, 0]))
    assert_corners(sc.games.prisoners_dilemma(), [[0.2, 0.2]])
    assert_corners(sc.games.matching_pennies(), [[0.5, 0.5]])


def test_two_corners_on_a_segment():
    assert_corners(sc.games.coordination(2), [[0.5, 0.5], [1, 1]])
    assert_corners(sc.games.coordination(3), [[1 / 3, 1 / 3], [1, 1]])


@pytest.mark.parametrize("table", [[[1, 0], [0, 1]], [[0, 0.5], [1, 0]], [[0.2, 0.9], [0.7, 0.1]]], ids=str)
def test_a_segment_along_an_axis_has_two_corners(table):
    """One agent does not care; the other gets from its safe mixture up to its best."""
    table = np.array(table, dtype=float)
    one, two = table[0, 0] - table[1, 0], table[1, 1] - table[0, 1]
    low, high = (table[0, 0] * two + table[0, 1] * one) / (one + two), table.max()
    indifferent = np.full((2, 2), 0.3)
    assert_corners(sc.Game([table, indifferent]), [[low, 0.3], [high, 0.3]])
    assert_corners(sc.Game([indifferent, table]), [[0.3, low], [0.3, high]])


def test_a_square_where_each_decides_for_the_other():
    """Everything is an equilibrium: the payoffs are all of the unit square."""
    game = sc.Game([[0, 1], [0, 1]])
    assert_corners(game, [[0, 0], [1, 0], [1, 1], [0, 1]])


def test_scaled_payoffs_have_scaled_corners():
    for scale in (1e-2, 1e-4):
        for seed in range(3):
            game = sc.games.random_game(3, 2, seed)
            small = sc.equilibria.coarse_correlated_payoffs(sc.Game(game.payoffs * scale), (0, 1)) / scale
            reach = (sc.equilibria.coarse_correlated_payoffs(game, (0, 1)) @ DIRECTIONS.T).max(axis=0)
            np.testing.assert_allclose((small @ DIRECTIONS.T).max(axis=0), reach, atol=1e-6)


@pytest.mark.parametrize("scales", [(1, 1e-7), (1e-8, 1), (1e-9, 1e-9)], ids=str)
def test_the_corners_do_not_depend_on_the_unit_of_one_sides_payoffs(scales):
    table = sc.games.chicken().payoffs[0]
    small = sc.Game([scales[0] * table, scales[1] * table])
    corners = sc.equilibria.coarse_correlated_payoffs(small, (0, 1)) / scales
    np.testing.assert_allclose(corners, sc.equilibria.coarse_correlated_payoffs(sc.games.chicken(), (0, 0)), atol=1e-9)
    assert len(corners) == 4


@pytest.mark.parametrize("scales", [(1e-8, 1e-8), (1, 1e-8), (1e-8, 1)])
def test_an_equilibrium_of_a_game_in_small_coins_is_one_in_large_coins(scales):
    for seed in range(10):
        game = sc.games.random_game(3, 2, seed)
        small = sc.Game(game.payoffs * np.array(scales)[:, None, None])
        joint = sc.coarse_correlated_equilibrium(small, (0, 1))
        assert max(sc.equilibria.coarse_correlated_gain(joint, game, (0, 1))) <= 1e-6


@pytest.mark.parametrize("game", [None, 3, "chicken", np.eye(2), sc.Game], ids=str)
def test_payoffs_of_what_is_no_game_are_refused(game):
    with pytest.raises(TypeError, match="game must be a Game"):
        sc.equilibria.coarse_correlated_payoffs(game, (0, 0))


@pytest.mark.parametrize("types", [None, (0,), (0, 1, 0), (0, 2), (0.0, 1.0), "ab"], ids=str)
def test_payoffs_of_types_that_the_game_lacks_are_refused(types):
    with pytest.raises((ValueError, TypeError), match="types"):
        sc.equilibria.coarse_correlated_payoffs(sc.games.battle_of_the_sexes(), types)


# --- gains


def test_the_gain_of_what_was_played_is_the_external_regret_per_stage():
    for seed in range(60):
        rng = np.random.default_rng(seed)
        n_actions, horizon = 1 + seed % 4, int(rng.integers(1, 40))
        game = sc.games.random_game(n_actions, 2, rng)
        mixed = [sc.Fixed(rng.dirichlet(np.ones(n_actions))) for _ in range(2)]
        played = sc.play(*mixed, game, (0, 1), horizon, seed=rng)
        joint = np.zeros((n_actions, n_actions))
        np.add.at(joint, tuple(played.actions[..., 0].T), 1 / horizon)
        gains = sc.equilibria.coarse_correlated_gain(joint / joint.sum(), game, (0, 1))
        regrets = [sc.external_regret(played, agent)[0] / horizon for agent in (0, 1)]
        assert gains == pytest.approx(regrets, abs=1e-12)


def test_gains_are_exactly_those_of_plain_fractions():
    for seed in range(60):
        rng = np.random.default_rng(seed)
        n = 1 + seed % 4
        game = sc.games.random_game(n, 2, rng, levels=5)
        counts = rng.multinomial(16, np.full(n * n, 1 / n**2)).reshape(n, n)
        joint = oracles.fractions(counts / 16, 16)
        ai, partner = (oracles.fractions(table, 4) for table in game.stage((1, 0)))
        cells = [(a, b) for a in range(n) for b in range(n)]
        gains = (
            max(sum(joint[a][b] * (ai[c][b] - ai[a][b]) for a, b in cells) for c in range(n)),
            max(sum(joint[a][b] * (partner[c][a] - partner[b][a]) for a, b in cells) for c in range(n)),
        )
        found = sc.equilibria.coarse_correlated_gain(counts / 16, game, (1, 0))
        assert found == pytest.approx([float(gain) for gain in gains], abs=1e-14)


def test_a_nash_equilibrium_leaves_nothing_to_gain():
    for seed in range(30):
        game = sc.games.random_game(2 + seed % 3, 2, seed, (None, 3)[seed % 2])
        for profile in sc.nash_equilibria(game, (0, 1)):
            gains = sc.equilibria.coarse_correlated_gain(np.outer(*profile.strategies), game, (0, 1))
            assert gains == pytest.approx((0, 0), abs=1e-8)


def test_a_distribution_that_beats_every_fixed_action_has_negative_gains():
    assert sc.equilibria.coarse_correlated_gain(np.eye(2) / 2, sc.games.coordination(2), (0, 0)) == (-0.5, -0.5)


@pytest.mark.parametrize(
    "joint",
    [None, 0.5, "ab", [0.5, 0.5], [[1]], np.eye(3) / 3, np.eye(2), [[1.5, -0.5], [0, 0]], [[np.nan, 1], [0, 0]]],
    ids=str,
)
def test_the_gain_of_what_is_no_joint_distribution_is_refused(joint):
    with pytest.raises((ValueError, TypeError), match="joint"):
        sc.equilibria.coarse_correlated_gain(joint, sc.games.coordination(2), (0, 0))


def test_the_gain_in_what_is_no_game_is_refused():
    for game in (None, np.eye(2), sc.Game):
        with pytest.raises(TypeError, match="game must be a Game"):
            sc.equilibria.coarse_correlated_gain(np.eye(2) / 2, game, (0, 0))
    with pytest.raises(ValueError, match="types"):
        sc.equilibria.coarse_correlated_gain(np.eye(2) / 2, sc.games.coordination(2), (0, 1))
