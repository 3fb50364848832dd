"""The vertices of best-response polytopes: all of them, none invented, each with its tight inequalities."""

import numpy as np
import oracles
import pytest
from scipy.spatial import HalfspaceIntersection

import socialcoop as sc
from socialcoop.polytopes import best_reply_vertices, completely_labelled


def payoffs(n_actions, seed, levels=None):
    """Return one agent's payoffs that fill [0, 1]."""
    table = sc.games.random_game(n_actions, 1, seed, levels).payoffs[0]
    low, high = table.min(), table.max()
    return (table - low) / (high - low) if high > low else table * 0


def by_qhull(matrix):
    """Return the vertices of a polytope without ties, found by Qhull, each with its N tight inequalities."""
    n = len(matrix)
    # x / v, so that the polytope is bounded, once all payoffs are positive
    halfspaces = np.block([[-np.eye(n), np.zeros((n, 1))], [matrix + 1, -np.ones((n, 1))]])
    inside = np.full(n, 1 / (4 * n))
    points = HalfspaceIntersection(halfspaces, inside).intersections
    points = points[points.max(axis=1) > 1e-9]  # the origin is no mixed action
    tight = np.hstack([points < 1e-9, points @ (matrix + 1).T > 1 - 1e-9])
    return points / points.sum(axis=1, keepdims=True), tight


def in_order_of(tight):
    return np.lexsort(tight.T)


@pytest.mark.parametrize(("n_actions", "seed"), [(2, 0), (5, 0), (8, 0), (11, 0), (11, 1), (12, 0), (13, 0), (14, 0)])
def test_without_ties_the_vertices_are_those_that_qhull_finds(n_actions, seed):
    matrix = payoffs(n_actions, seed)
    (found, tight), (expected, expected_tight) = best_reply_vertices(matrix), by_qhull(matrix)
    assert (expected_tight.sum(axis=1) == n_actions).all()
    ours, theirs = in_order_of(tight), in_order_of(expected_tight)
    np.testing.assert_array_equal(tight[ours], expected_tight[theirs])
    np.testing.assert_allclose(found[ours], expected[theirs], atol=1e-9)


@pytest.mark.parametrize("levels", [2, 3, 5])
@pytest.mark.parametrize("n_actions", [1, 2, 3, 4, 5, 6])
def test_with_ties_the_vertices_are_those_of_all_bases_in_exact_integers(n_actions, levels):
    for seed in range(4):
        table = np.rint(sc.games.random_game(n_actions, 1, seed, levels).payoffs[0] * (levels - 1)).astype(int)
        table -= table.min()
        found, tight = best_reply_vertices(table / max(table.max(), 1))
        actions, expected = range(n_actions), {}
        for mixed, support, replies in oracles.basis_corners(table.tolist()):
            expected[(*(a not in support for a in actions), *(a in replies for a in actions))] = mixed
        assert len(found) == len(expected)
        for x, labels in zip(found, tight.tolist(), strict=True):
            np.testing.assert_allclose(x, np.array(expected[tuple(labels)], dtype=float), atol=1e-12)


def test_the_two_oracles_agree():
    """All bases in integers, and all supports and replies in fractions."""
    for seed in range(30):
        table = np.random.default_rng(seed).integers(2 + seed % 3, size=(2 + seed % 3,) * 2)
        exact = oracles.corners(oracles.fractions(table, 1))
        assert set(exact) == set(oracles.basis_corners(table.tolist()))
        assert len(exact) == len(set(exact))


@pytest.mark.parametrize("levels", [None, 2, 3])
def test_what_is_tight_is_what_the_payoffs_say(levels):
    for n_actions in (4, 9, 12):
        matrix = payoffs(n_actions, 3, levels)
        x, tight = best_reply_vertices(matrix)
        pays = x @ matrix.T
        best = pays >= pays.max(axis=1, keepdims=True) - 1e-9
        np.testing.assert_array_equal(tight, np.hstack([x == 0, best]))
        np.testing.assert_allclose(x.sum(axis=1), 1)
        assert (x >= 0).all()
        assert (tight.sum(axis=1) >= n_actions).all()
        assert (np.diff(x[:, 0]) <= 1e-9).all()  # in order


def test_the_order_of_the_actions_does_not_matter():
    rng = np.random.default_rng(0)
    for levels in (None, 2, 3):
        matrix = payoffs(8, 5, levels)
        own, other = rng.permutation(8), rng.permutation(8)
        (x, tight), (again, moved) = best_reply_vertices(matrix), best_reply_vertices(matrix[own][:, other])
        back = np.r_[np.argsort(other), 8 + np.argsort(own)]
        ours, theirs = in_order_of(tight), in_order_of(moved[:, back])
        np.testing.assert_array_equal(tight[ours], moved[:, back][theirs])
        np.testing.assert_allclose(x[ours], again[theirs][:, np.argsort(other)], atol=1e-12)


def test_actions_that_are_never_best_and_copies_add_no_vertices():
    matrix = payoffs(6, 0)
    larger = np.zeros((9, 9))
    larger[:6, :6], larger[6, :6] = matrix, matrix[2]  # the last two are worse than some mix of the others
    x, tight = best_reply_vertices(larger)
    np.testing.assert_array_equal(tight[:, 9 + 2], tight[:, 9 + 6])  # the copy is as good as what it copies
    among_the_first = (x[:, 6:] == 0).all(axis=1)
    expected, labels = best_reply_vertices(matrix)
    ours, theirs = in_order_of(tight[among_the_first][:, [*range(6), *range(9, 15)]]), in_order_of(labels)
    np.testing.assert_allclose(x[among_the_first][ours][:, :6], expected[theirs], atol=1e-12)


def test_every_vertex_is_determined_by_what_is_tight():
    for levels in (2, 3, None):
        matrix = payoffs(6, 2, levels)
        for tight in best_reply_vertices(matrix)[1]:
            rows = np.block([[np.eye(6), np.zeros((6, 1))], [matrix, -np.ones((6, 1))]])[tight]
            assert np.linalg.matrix_rank(np.vstack([rows, np.r_[np.ones(6), 0]])) == 7


@pytest.mark.parametrize(("n_actions", "levels"), [(20, None), (20, 3), (256, None), (256, 2)])
def test_too_many_vertices_are_refused(n_actions, levels):
    with pytest.raises(ValueError, match=f"game must have few enough actions .* got {n_actions} actions .* owed="):
        best_reply_vertices(payoffs(n_actions, 0, levels))


def test_simple_structure_is_no_matter_of_size():
    """Of 256 actions, all but one fit all others but one; and one is better than the others."""
    talks = np.arange(256) < 255
    x, _ = best_reply_vertices(np.outer(talks, talks).astype(float))
    assert len(x) == 256
    x, tight = best_reply_vertices(np.repeat(np.arange(256) / 255, 256).reshape(256, 256))
    np.testing.assert_array_equal(x, np.eye(256))
    np.testing.assert_array_equal(tight[:, 256:].sum(axis=0), np.r_[np.zeros(255), 256])


@pytest.mark.parametrize("seed", range(20))
def test_pairs_with_all_labels_are_those_of_a_double_loop(seed):
    rng = np.random.default_rng(seed)
    n = 1 + seed % 6
    tables = [np.unique(rng.random((40, 2 * n)) < 0.5 + 0.4 * rng.random(), axis=0) for _ in range(2)]
    first, second = (table[table.sum(axis=1) >= n] for table in tables)
    second = np.unique(np.concatenate([second, ~first[first.sum(axis=1) == n][:5]]), axis=0)
    expected = {(i, j) for i, x in enumerate(first) for j, y in enumerate(second) if (x | y).all()}
    found = list(zip(*completely_labelled(first, second), strict=True))
    assert set(found) == expected
    assert len(found) == len(expected)
