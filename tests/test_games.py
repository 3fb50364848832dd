"""Games as values: equal ones are equal, and a copy is as good as the original."""

import copy
import pickle

import nashpy
import numpy as np
import pytest

import socialcoop as sc

CHANGED = {
    "payoffs": lambda g: sc.Game(g.payoffs / 2, g.name, g.action_names, g.type_names),
    "name": lambda g: sc.Game(g.payoffs, "another", g.action_names, g.type_names),
    "actions": lambda g: sc.Game(g.payoffs, g.name, ["a", "b"], g.type_names),
    "types": lambda g: sc.Game(g.payoffs, g.name, g.action_names, ["a", "b"]),
}


def test_equal_games_are_equal_and_share_what_is_remembered():
    first, second = sc.games.team_lead(), sc.games.team_lead()
    assert first is not second
    assert first == second
    assert len({first, second}) == 1
    assert sc.nash_equilibria(first, (0, 1))[0] is sc.nash_equilibria(second, (0, 1))[0]
    assert sc.Game([[0.0]]) == sc.Game([[-0.0]])


@pytest.mark.parametrize("part", CHANGED)
def test_games_that_differ_in_one_part_are_not_equal(part):
    game = sc.games.team_lead()
    assert CHANGED[part](game) != game
    assert game != "team lead"


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda game: pickle.loads(pickle.dumps(game))])
def test_a_copy_is_equal_and_cannot_change(copied):
    game = sc.games.random_game(3, 2, seed=1)
    again = copied(game)
    assert again == game
    assert hash(again) == hash(game)
    assert not again.payoffs.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        again.payoffs[0, 0, 0] = 1
    assert sc.worst_pone(again, (0, 1)) == sc.worst_pone(game, (0, 1))


def test_payoffs_given_are_not_shared():
    table = np.eye(2)
    game = sc.Game(table)
    table[0, 0] = 0
    assert game.payoffs[0, 0, 0] == 1


# --- as nashpy, Gambit and textbooks write games


def test_a_game_of_two_matrices_says_who_gets_what():
    """The row player plays 0 and the column player 1: .1 for the former, .8 for the latter."""
    game = sc.Game.from_bimatrix([[0.5, 0.1], [0.2, 0.3]], [[0.6, 0.8], [0.7, 0.9]], "unequal", ["top", "bottom"])
    ai, partner = game.stage((0, 1))
    assert (ai[0, 1], partner[1, 0]) == (0.1, 0.8)
    assert (game.name, game.action_names) == ("unequal", ("top", "bottom"))
    assert game.type_names == ("row player", "column player")
    assert sc.Game.from_bimatrix([[0]], [[1]], types=["a", "b"]).type_names == ("a", "b")


@pytest.mark.parametrize("n_actions", [1, 2, 5])
def test_there_and_back_is_where_one_was(n_actions):
    rng = np.random.default_rng(n_actions)
    rows, columns = rng.random((2, n_actions, n_actions))
    game = sc.Game.from_bimatrix(rows, columns)
    np.testing.assert_array_equal(game.bimatrix((0, 1)), [rows, columns])
    larger = sc.games.random_game(n_actions, 3, rng)
    again = sc.Game.from_bimatrix(*larger.bimatrix((2, 1)))
    np.testing.assert_array_equal(again.stage((0, 1)), larger.stage((2, 1)))
    np.testing.assert_array_equal(game.bimatrix((1, 0)), [columns.T, rows.T])  # the column player is the AI


def test_mixed_actions_earn_what_nashpy_says():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        n = 1 + seed % 5
        rows, columns = rng.random((2, n, n))
        x, y = rng.dirichlet(np.ones(n), 2)
        game = sc.Game.from_bimatrix(rows, columns)
        expected = nashpy.Game(rows, columns)[x, y]
        np.testing.assert_allclose(expected, sc.expected_payoffs(sc.Fixed(x), sc.Fixed(y), game, (0, 1), 1))
        np.testing.assert_allclose(nashpy.Game(*game.bimatrix((0, 1)))[x, y], expected)


def test_a_game_whose_sides_differ_has_the_equilibria_that_nashpy_finds():
    for seed in range(10):
        rows, columns = np.random.default_rng(seed).random((2, 3, 3))
        ours = [np.concatenate(p.strategies) for p in sc.nash_equilibria(sc.Game.from_bimatrix(rows, columns), (0, 1))]
        theirs = [np.concatenate(pair) for pair in nashpy.Game(rows, columns).support_enumeration()]
        np.testing.assert_allclose(sorted(map(tuple, ours)), sorted(map(tuple, theirs)), atol=1e-9)


SQUARE = [[0.1, 0.2], [0.3, 0.4]]


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        ([[0.1, 0.2]], SQUARE, r"row_payoffs must have a square shape \(N, N\), got shape \(1, 2\)"),
        (SQUARE, [[0.1]], r"column_payoffs must have the shape \(2, 2\) of row_payoffs, got shape \(1, 1\)"),
        ([[2.0]], [[0.0]], r"row_payoffs must lie in \[0, 1\], got 2 to 2"),
        (SQUARE, [[0, 0], [-1, 1]], r"column_payoffs must lie in \[0, 1\], got -1 to 1"),
        ([0.1, 0.2], SQUARE, r"row_payoffs must have shape \(N, N\), got shape \(2,\)"),
        (SQUARE, [[np.nan, 0], [0, 0]], "column_payoffs must hold finite numbers"),
    ],
)
def test_matrices_that_are_no_game_are_refused(rows, columns, message):
    with pytest.raises(ValueError, match=message):
        sc.Game.from_bimatrix(rows, columns)
