"""The engine: what it promises about samples, exact distributions, types, seeds and sizes."""

import numpy as np
import oracles
import pytest
from scipy.stats import chi2

import socialcoop as sc
from socialcoop import checks

GAME = sc.games.random_game(2, n_types=2, seed=4)


def random_tables(game, horizon, seed):
    """Return tables of random mixed actions, (types, N^(2t), N) for every stage."""
    rng = np.random.default_rng(seed)
    n = game.n_actions
    return [rng.dirichlet(np.ones(n), size=(game.n_types, n ** (2 * t))) for t in range(horizon)]


def tabular_by_hand(tables, agent, own_type):
    """Return the textbook reading of the tables: walk the history, digit by digit."""

    def policy(table, horizon, history):
        n, index = len(table), 0
        for own, other in history:
            first, second = (own, other) if agent == 0 else (other, own)
            index = index * n * n + first * n + second
        return tables[len(history)][own_type, index]

    return policy


def walk(policies, tables, horizon, history=()):
    """Yield (history, probability) for every history of (AI's, partner's) actions, by plain recursion."""
    if len(history) == horizon:
        yield history, 1.0
        return
    first = policies[0](tables[0], horizon, list(history))
    second = policies[1](tables[1], horizon, [(b, a) for a, b in history])
    for a, p in enumerate(first):
        for b, q in enumerate(second):
            for whole, after in walk(policies, tables, horizon, (*history, (a, b))):
                yield whole, p * q * after


def pairs_of(game, types, horizon):
    """Return pairs of strategies, each next to its textbook version."""
    ours, theirs = random_tables(game, horizon, 1), random_tables(game, horizon, 2)
    return [
        (
            (sc.strategies.Tabular(ours), sc.strategies.Tabular(theirs)),
            (tabular_by_hand(ours, 0, types[0]), tabular_by_hand(theirs, 1, types[1])),
        ),
        ((sc.Hedge(), sc.RegretMatching()), (oracles.hedge, oracles.regret_matching)),
        ((sc.strategies.Tabular(ours), sc.Hedge()), (tabular_by_hand(ours, 0, types[0]), oracles.hedge)),
    ]


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize(("n_actions", "horizon"), [(1, 3), (2, 1), (2, 4), (3, 2)])
@pytest.mark.parametrize("types", [(0, 1), (1, 0), (1, 1)])
def test_expected_payoffs_are_the_sum_over_all_histories(which, n_actions, horizon, types):
    game = sc.games.random_game(n_actions, 2, seed=7)
    strategies, policies = pairs_of(game, types, horizon)[which]
    tables = game.stage(types)
    total = [0.0, 0.0]
    for history, probability in walk(policies, tables, horizon):
        for a, b in history:
            total[0] += probability * tables[0][a, b]
            total[1] += probability * tables[1][b, a]
    assert sc.expected_payoffs(*strategies, game, types, horizon) == pytest.approx(tuple(total), abs=1e-10)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_each_history_has_the_probability_that_a_walk_gives_it(which):
    strategies, policies = pairs_of(GAME, (1, 0), 3)[which]
    distribution = sc.history_distribution(*strategies, GAME, (1, 0), 3)
    for history, probability in walk(policies, GAME.stage((1, 0)), 3):
        digits = tuple(a * GAME.n_actions + b for a, b in history)
        assert distribution[digits] == pytest.approx(probability, abs=1e-12)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_play_draws_from_the_exact_distribution(which):
    """A chi-square test that fails a right engine once in 10,000 seeds."""
    strategies, _ = pairs_of(GAME, (0, 1), 3)[which]
    exact = sc.history_distribution(*strategies, GAME, (0, 1), 3).ravel()
    episodes = 20_000
    actions = sc.play(*strategies, GAME, (0, 1), 3, episodes, seed=11).actions.astype(int)
    digits = actions[:, 0] * 2 + actions[:, 1]
    counts = np.bincount(digits[0] * 16 + digits[1] * 4 + digits[2], minlength=64)
    common = exact * episodes >= 5
    observed, expected = counts[common], exact[common] * episodes
    if not common.all():
        observed, expected = (
            np.append(observed, counts[~common].sum()),
            np.append(expected, exact[~common].sum() * episodes),
        )
    statistic = ((observed - expected) ** 2 / np.maximum(expected, 1e-9)).sum()
    assert statistic < chi2.isf(1e-4, len(observed) - 1)


@pytest.mark.parametrize("n_actions", [2, 3, 5, 256])
def test_each_action_is_drawn_as_often_as_its_probability_says(n_actions):
    """Five standard deviations: a right engine fails once in a thousand seeds even at 256 actions."""
    mixed = np.random.default_rng(n_actions).dirichlet(np.ones(n_actions))
    actions = sc.play(sc.Fixed(mixed), sc.Fixed(0), sc.games.coordination(n_actions), (0, 0), 50, 1000, seed=3).actions
    frequency = np.bincount(actions[:, 0].ravel(), minlength=n_actions) / 50_000
    assert (np.abs(frequency - mixed) <= 5 * np.sqrt(mixed * (1 - mixed) / 50_000) + 1e-5).all()


@pytest.mark.parametrize("n_actions", [1, 2, 5, 13, 256])
def test_an_action_is_the_inverse_of_its_distribution_function_at_a_uniform(n_actions):
    game = sc.games.random_game(n_actions, seed=1)
    mixed = [np.random.default_rng(seed).dirichlet(np.ones(n_actions)) for seed in (1, 2)]
    drawn = sc.play(*map(sc.Fixed, mixed), game, (0, 0), 60, 90, seed=3).actions
    uniforms = checks.generator(3).random(drawn.shape)
    for side, odds in enumerate(mixed):
        *partial, total = np.cumsum(odds)
        np.testing.assert_array_equal(drawn[:, side], np.searchsorted(partial, uniforms[:, side] * total, "right"))
        assert len(np.unique(drawn[:, side])) > min(n_actions, 60) / 2


def test_actions_of_probability_zero_are_never_played():
    game = sc.games.coordination(4)
    actions = sc.play(sc.Fixed([0, 0.5, 0, 0.5]), sc.Fixed([0.5, 0.5, 0, 0]), game, (0, 0), 20, 5000, seed=1).actions
    assert set(np.unique(actions[:, 0])) == {1, 3}
    assert set(np.unique(actions[:, 1])) == {0, 1}


def test_both_sides_stages_and_episodes_draw_independently():
    """Correlations below five standard deviations."""
    fair = sc.Fixed([0.5, 0.5])
    actions = sc.play(fair, fair, GAME, (0, 0), 2, 40_000, seed=5).actions.reshape(4, -1) * 2.0 - 1
    correlations = actions @ actions.T / 40_000 - np.eye(4)
    assert np.abs(correlations).max() < 5 / np.sqrt(40_000)
    assert abs((actions[0, 1:] * actions[0, :-1]).mean()) < 5 / np.sqrt(40_000)


def moves(seed, episodes=50):
    return sc.play(sc.Hedge(), sc.Fixed([0.5, 0.5]), GAME, (0, 1), 20, episodes, seed).actions


def test_the_same_seed_gives_the_same_play():
    np.testing.assert_array_equal(moves(3), moves(3))


def test_another_seed_gives_another_play():
    assert (moves(3) != moves(4)).any()


def test_no_seed_gives_another_play_each_time():
    assert (moves(None) != moves(None)).any()


def test_a_generator_is_used_and_moves_on():
    rng, same = np.random.default_rng(3), np.random.default_rng(3)
    first = moves(rng)
    np.testing.assert_array_equal(first, moves(same))
    assert (first != moves(rng)).any()


@pytest.mark.parametrize("episodes", [4095, 4096, 4097, 8193])
def test_chunks_join_without_a_seam(episodes):
    types = np.random.default_rng(0).integers(2, size=(episodes, 2))
    play = sc.play(sc.Fixed([[1.0, 0], [0, 1]]), sc.TitForTat(), GAME, types, 3, episodes, seed=0)
    assert play.actions.shape == (3, 2, episodes)
    np.testing.assert_array_equal(play.actions[:, 0], np.tile(types[:, 0], (3, 1)))
    np.testing.assert_array_equal(play.actions[0, 1], 0)
    np.testing.assert_array_equal(play.actions[1:, 1], np.tile(types[:, 0], (2, 1)))


def test_episodes_of_different_chunks_differ():
    actions = moves(0, episodes=8192)
    assert (actions[:, :, :4096] != actions[:, :, 4096:]).any()


@pytest.mark.parametrize(("horizon", "episodes"), [(0, 5), (5, 0), (0, 0), (1, 1)])
def test_empty_plays_have_the_right_shape(horizon, episodes):
    play = sc.play(sc.Hedge(), sc.RegretMatching(), GAME, (0, 1), horizon, episodes, seed=0)
    assert play.actions.shape == (horizon, 2, episodes)
    assert (play.horizon, play.episodes) == (horizon, episodes)
    assert play.types.shape == (episodes, 2)
    assert play.payoffs(0).shape == (horizon, episodes)


def test_a_game_with_one_action_and_one_type_plays_that_action():
    play = sc.play(sc.Hedge(), sc.RegretMatching(), sc.Game([[0.25]]), (0, 0), 7, 3, seed=0)
    assert not play.actions.any()
    assert (play.payoffs(1) == 0.25).all()


def test_actions_are_bytes_up_to_the_last_of_256():
    game = sc.games.coordination(256)
    play = sc.play(sc.Fixed(255), sc.TitForTat(), game, (0, 0), 2, 1, seed=0)
    assert play.actions.dtype == np.uint8
    assert play.actions[:, :, 0].tolist() == [[255, 0], [255, 255]]


def test_types_may_differ_by_episode():
    types = [[0, 1], [1, 1], [1, 0]]
    play = sc.play(sc.Fixed([[1.0, 0], [0, 1]]), sc.Fixed(0), GAME, types, 2, 3, seed=0)
    np.testing.assert_array_equal(play.types, types)
    np.testing.assert_array_equal(play.actions[1, 0], [0, 1, 1])


def test_with_two_episodes_a_pair_is_one_joint_type_for_both():
    play = sc.play(sc.Fixed(0), sc.Fixed(0), GAME, (0, 1), 1, 2, seed=0)
    assert play.types.tolist() == [[0, 1], [0, 1]]


def test_the_callers_types_are_copied():
    types = np.array([[0, 1], [1, 0]])
    play = sc.play(sc.Fixed(0), sc.Fixed(0), GAME, types, 1, 2, seed=0)
    types[:] = 1
    assert play.types.tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize("agent", [0, 1])
def test_payoffs_are_read_from_the_own_types_table(agent):
    types = np.random.default_rng(1).integers(2, size=(9, 2))
    play = sc.play(sc.Fixed([0.5, 0.5]), sc.Fixed([0.3, 0.7]), GAME, types, 6, 9, seed=2)
    paid = play.payoffs(agent)
    for t in range(6):
        for episode in range(9):
            own, other = play.actions[t, agent, episode], play.actions[t, 1 - agent, episode]
            assert paid[t, episode] == GAME.payoffs[types[episode, agent]][own][other]


@pytest.mark.parametrize(("n_actions", "horizon"), [(1, 0), (2, 0), (1, 5), (2, 6), (3, 4), (4, 3)])
def test_a_history_distribution_sums_to_one(n_actions, horizon):
    game = sc.games.random_game(n_actions, 2, seed=1)
    distribution = sc.history_distribution(sc.Hedge(), sc.RegretMatching(), game, (0, 1), horizon)
    assert distribution.shape == (n_actions**2,) * horizon
    assert distribution.min() >= 0
    assert distribution.sum() == pytest.approx(1, abs=1e-12)


def test_one_action_can_be_played_for_sixty_four_stages_and_no_more():
    game = sc.Game([[0.5]])
    assert sc.history_distribution(sc.Hedge(), sc.Hedge(), game, (0, 0), 64).ravel().tolist() == [1.0]
    assert sc.expected_payoffs(sc.Hedge(), sc.Hedge(), game, (0, 0), 64) == pytest.approx((32, 32))
    with pytest.raises(ValueError, match="horizon"):
        sc.history_distribution(sc.Hedge(), sc.Hedge(), game, (0, 0), 65)


@pytest.mark.parametrize(("n_actions", "horizon"), [(2, 13), (4, 7), (256, 2), (2, 10**12)])
def test_too_many_histories_are_refused(n_actions, horizon):
    game = sc.games.coordination(n_actions)
    with pytest.raises(ValueError, match="horizon"):
        sc.history_distribution(sc.Fixed(0), sc.Fixed(0), game, (0, 0), horizon)


def test_the_exact_distribution_leaves_the_strategies_as_they_were():
    hedge = sc.Hedge()
    once = sc.history_distribution(hedge, hedge, GAME, (0, 1), 4)
    np.testing.assert_array_equal(once, sc.history_distribution(hedge, hedge, GAME, (0, 1), 4))


def test_a_play_says_what_it_is():
    assert repr(sc.play(sc.Fixed(0), sc.Fixed(0), sc.games.chicken(), (0, 0), 3, 2)) == (
        "Play(2 episode(s) of 3 stage(s), 'chicken')"
    )
