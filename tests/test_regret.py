"""External regret against plain loops, by hand, and stage by stage."""

import numpy as np
import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st

import socialcoop as sc


@st.composite
def plays(draw):
    n, n_types = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    horizon, episodes = draw(st.integers(0, 7)), draw(st.integers(0, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    game = sc.games.random_game(n, n_types, rng, levels=draw(st.sampled_from([None, 2, 3])))
    actions = rng.integers(n, size=(horizon, 2, episodes)).astype(np.uint8)
    return sc.Play(actions, rng.integers(n_types, size=(episodes, 2)), game)


def histories(play, agent):
    """Return each episode's own table and list of (own, other)."""
    for episode in range(play.episodes):
        table = play.game.payoffs[play.types[episode, agent]]
        yield table, [(int(s[agent, episode]), int(s[1 - agent, episode])) for s in play.actions]


@given(plays(), st.sampled_from([0, 1]))
def test_external_regret_is_best_fixed_action_minus_earned(play, agent):
    naive = [oracles.regret(table, history) for table, history in histories(play, agent)]
    found = sc.external_regret(play, agent)
    assert found.shape == (play.episodes,)
    np.testing.assert_allclose(found, naive, atol=1e-12)


@given(plays(), st.sampled_from([0, 1]))
def test_the_path_holds_the_regret_of_every_beginning(play, agent):
    path = sc.external_regret_path(play, agent)
    assert path.shape == (play.horizon, play.episodes)
    for episode, (table, history) in enumerate(histories(play, agent)):
        naive = [oracles.regret(table, history[: t + 1]) for t in range(play.horizon)]
        np.testing.assert_allclose(path[:, episode], naive, atol=1e-12)


@given(plays(), st.sampled_from([0, 1]))
def test_the_last_row_of_the_path_is_the_regret(play, agent):
    if play.horizon:
        np.testing.assert_allclose(
            sc.external_regret_path(play, agent)[-1], sc.external_regret(play, agent), atol=1e-12
        )


@given(plays(), st.sampled_from([0, 1]))
def test_regret_lies_between_minus_and_plus_the_horizon(play, agent):
    assert (np.abs(sc.external_regret(play, agent)) <= play.horizon + 1e-12).all()


def by_hand(game, own, other):
    actions = np.array([own, other], dtype=np.uint8).T[:, :, None]
    return sc.Play(actions, np.zeros((1, 2), dtype=np.intp), game)


@pytest.mark.parametrize(
    ("own", "other", "regret"),
    [
        ([0, 0, 0], [0, 0, 0], 0),  # always right
        ([1, 1, 1], [0, 0, 0], 3),  # always wrong
        ([1, 0, 1], [0, 1, 0], 2),  # earned nothing, action 0 would have earned 2
        ([0, 1, 0, 1], [0, 1, 0, 1], -2),  # earned 4, a fixed action only 2: negative
    ],
)
def test_regret_by_hand(own, other, regret):
    assert sc.external_regret(by_hand(sc.games.coordination(2), own, other)).tolist() == [regret]


def test_the_path_by_hand():
    path = sc.external_regret_path(by_hand(sc.games.coordination(2), [1, 1, 1], [0, 1, 1]))
    assert path[:, 0].tolist() == [1, 0, 0]


def test_the_partners_regret_uses_the_partners_payoffs_and_actions():
    game = sc.games.matching_pennies()
    play = sc.Play(np.array([[[0], [0]], [[0], [0]]], dtype=np.uint8), np.array([[0, 1]]), game)
    assert sc.external_regret(play, 0).tolist() == [0]
    assert sc.external_regret(play, 1).tolist() == [2]


def test_regret_of_no_stages_is_zero():
    play = sc.play(sc.Hedge(), sc.Hedge(), sc.games.coordination(2), (0, 0), 0, 3)
    assert sc.external_regret(play).tolist() == [0, 0, 0]


def test_a_fixed_action_never_regrets_in_a_dominance_solvable_game():
    play = sc.play(sc.Fixed(1), sc.Fixed([0.5, 0.5]), sc.games.prisoners_dilemma(), (0, 0), 20, 50, seed=0)
    assert np.abs(sc.external_regret(play)).max() < 1e-12
