"""Games as values: equal ones are equal, and a copy is as good as the original."""

import copy
import pickle

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
