"""External and altruistic regret against plain loops, by hand, and stage by stage."""

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
    observed = rng.random(actions.shape) < draw(st.sampled_from([1.0, 0.8, 0.3]))
    return sc.Play(actions, rng.integers(n_types, size=(episodes, 2)), game, observed)


def histories(play, agent):
    """Return each episode's own table and list of (own, other), without stages at which a move was missed."""
    for episode in range(play.episodes):
        yield (
            play.game.payoffs[play.types[episode, agent]],
            [
                (int(stage[agent, episode]), int(stage[1 - agent, episode]))
                for number, stage in enumerate(play.actions)
                if play.observed is None or all(play.observed[number, :, episode].tolist())
            ],
        )


@given(plays(), st.sampled_from([0, 1]))
def test_external_regret_is_best_fixed_action_minus_earned(play, agent):
    naive = [oracles.regret(table, history) for table, history in histories(play, agent)]
    found = sc.external_regret(play, agent)
    assert found.shape == (play.episodes,)
    np.testing.assert_allclose(found, naive, atol=1e-12)


@given(plays(), st.sampled_from([0, 1]))
def test_the_path_holds_the_regret_of_every_beginning(play, agent):
    path = sc.regret.external_regret_path(play, agent)
    assert path.shape == (play.horizon, play.episodes)
    for t in range(play.horizon):
        observed = None if play.observed is None else play.observed[: t + 1]
        beginning = sc.Play(play.actions[: t + 1], play.types, play.game, observed)
        naive = [oracles.regret(table, history) for table, history in histories(beginning, agent)]
        np.testing.assert_allclose(path[t], naive, atol=1e-12)


@given(plays(), st.sampled_from([0, 1]))
def test_altruistic_regret_is_owed_for_the_stages_that_were_observed(play, agent):
    owed = np.linspace(0, 1, play.game.n_types**2).reshape(play.game.n_types, -1)
    found = sc.altruistic_regret(play, agent, owed=owed)
    for episode, (table, history) in enumerate(histories(play, 1 - agent)):
        due = owed[tuple(play.types[episode])]
        assert found[episode] == pytest.approx(sum(due - table[own][other] for own, other in history), abs=1e-9)


@given(plays(), st.sampled_from([0, 1]))
def test_the_last_row_of_the_path_is_the_regret(play, agent):
    if play.horizon:
        np.testing.assert_allclose(
            sc.regret.external_regret_path(play, agent)[-1], sc.external_regret(play, agent), atol=1e-12
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
    path = sc.regret.external_regret_path(by_hand(sc.games.coordination(2), [1, 1, 1], [0, 1, 1]))
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


# --- altruistic regret


def altruistic(game, own, other, types, agent):
    actions = np.array([own, other], dtype=np.uint8).T[:, :, None]
    (found,) = sc.altruistic_regret(sc.Play(actions, np.array([types]), game), agent)
    return pytest.approx(found)


@given(st.integers(0, 300), st.sampled_from([0, 1]))
def test_altruistic_regret_is_the_worst_exact_pone_minus_what_the_partner_earned(seed, agent):
    rng, levels = np.random.default_rng(seed), 2 + seed % 2
    n, n_types = 1 + seed % 3, 1 + seed // 3 % 3
    game = sc.games.random_game(n, n_types, rng, levels + 1)
    types = rng.integers(n_types, size=(6, 2))
    play = sc.Play(rng.integers(n, size=(5, 2, 6)).astype(np.uint8), types, game)
    found = sc.altruistic_regret(play, agent)
    assert found.shape == (6,)
    for episode, pair in enumerate(types):
        ai, partner = (oracles.fractions(game.payoffs[k], levels) for k in pair)
        pones = oracles.pone_payoffs(oracles.extreme_equilibria(ai, partner)[0])
        owed = 5 * min(pays[1 - agent] for pays in pones)
        table = (ai, partner)[1 - agent]
        earned = sum(table[stage[1 - agent, episode]][stage[agent, episode]] for stage in play.actions)
        assert found[episode] == pytest.approx(float(owed - earned), abs=1e-9)


def test_altruistic_regret_in_the_battle_of_the_sexes():
    """Each agent's worst PONE is the other's favourite, .6 a stage; to miss each other pays nothing."""
    game = sc.games.battle_of_the_sexes(0.6)
    assert sc.worst_pone(game, (0, 1)) == pytest.approx((0.6, 0.6))
    for agent in (0, 1):
        assert altruistic(game, [0, 1, 0, 1], [1, 0, 1, 0], (0, 1), agent) == 4 * 0.6
        assert altruistic(game, [0, 1, 0, 1], [0, 1, 0, 1], (0, 1), agent) == 4 * (0.6 - 0.8)
    assert altruistic(game, [0] * 4, [0] * 4, (0, 1), 0) == 0  # the partner has the worse half, as in its worst PONE
    assert altruistic(game, [0] * 4, [0] * 4, (0, 1), 1) == 4 * (0.6 - 1)


def test_altruistic_regret_in_chicken_where_the_worst_pone_is_to_yield():
    """The PONE are the two pure equilibria and the mixed one, which pays each agent more than yielding."""
    game = sc.games.chicken()
    mixed = [p.payoffs for p in sc.pareto_optimal_nash(game, (0, 0))]
    assert len(mixed) == 3
    assert sc.worst_pone(game, (0, 0)) == pytest.approx((0.3, 0.3))
    assert altruistic(game, [1, 1], [0, 0], (0, 0), 0) == 0
    assert altruistic(game, [1, 1], [1, 1], (0, 0), 0) == 2 * 0.3
    assert altruistic(game, [0, 0], [0, 0], (0, 0), 0) == 2 * (0.3 - 0.7)
    assert altruistic(game, [0, 0], [1, 1], (0, 0), 0) == 2 * (0.3 - 1)


def test_altruistic_regret_ignores_equilibria_that_are_beaten():
    """In the stag hunt both hares are an equilibrium, but the baseline is the stag."""
    game = sc.games.stag_hunt(0.7)
    assert sc.worst_pone(game, (0, 0)) == pytest.approx((1, 1))
    assert altruistic(game, [1, 1, 1], [1, 1, 1], (0, 0), 0) == 3 * 0.3
    assert altruistic(game, [1, 1, 1], [0, 0, 0], (0, 0), 0) == 3
    assert altruistic(game, [1, 1, 1], [0, 0, 0], (0, 0), 1) == 3 * 0.3


def test_altruistic_regret_against_a_mixed_equilibrium():
    """Matching pennies pays one half each in equilibrium; who wins leaves the other with regret."""
    game = sc.games.matching_pennies()
    assert sc.worst_pone(game, (0, 1)) == pytest.approx((0.5, 0.5))
    assert altruistic(game, [0, 1, 0], [0, 1, 0], (0, 1), 0) == 1.5
    assert altruistic(game, [0, 1, 0], [0, 1, 0], (0, 1), 1) == -1.5
    assert altruistic(game, [0, 1, 0, 1], [0, 1, 1, 0], (0, 1), 0) == 0


def test_altruistic_regret_uses_each_episodes_own_types():
    """Two matchers and two mismatchers reach 1 each; a matcher and a mismatcher one half."""
    types = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    play = sc.Play(np.zeros((4, 2, 4), dtype=np.uint8), types, sc.games.matching_pennies())
    np.testing.assert_allclose(sc.altruistic_regret(play, 0), [0, 2, -2, 4])
    np.testing.assert_allclose(sc.altruistic_regret(play, 1), [0, -2, 2, 4])


def test_altruistic_regret_is_the_ais_unless_asked():
    play = sc.play(sc.Fixed(0), sc.Fixed(0), sc.games.battle_of_the_sexes(), (0, 1), 3, 2, seed=0)
    np.testing.assert_array_equal(sc.altruistic_regret(play), sc.altruistic_regret(play, 0))


@pytest.mark.parametrize(("horizon", "episodes"), [(0, 3), (3, 0), (0, 0)])
def test_altruistic_regret_of_nothing_is_nothing(horizon, episodes):
    play = sc.play(sc.Hedge(), sc.Hedge(), sc.games.stag_hunt(), (0, 0), horizon, episodes)
    assert sc.altruistic_regret(play).tolist() == [0] * episodes


# --- one's own benchmark


def test_ones_own_benchmark_replaces_the_worst_pone():
    game = sc.games.team_lead()
    types = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    met = sc.play(sc.Fixed(0), sc.Fixed(1), game, types, horizon=5, episodes=4)
    table = np.array([[0.1, 0.2], [0.3, 0.4]])
    for agent in (0, 1):
        earned = met.payoffs(1 - agent).sum(axis=0)
        np.testing.assert_allclose(sc.altruistic_regret(met, agent, owed=0.5), 2.5 - earned)
        np.testing.assert_allclose(sc.altruistic_regret(met, agent, owed=table), 5 * table.ravel() - earned)
    worst = np.array([[sc.worst_pone(game, (a, b))[1] for b in (0, 1)] for a in (0, 1)])
    np.testing.assert_allclose(sc.altruistic_regret(met, owed=worst), sc.altruistic_regret(met))


@pytest.mark.parametrize("owed", [-0.1, 1.1, [0.5, 0.5], [[0.5]], np.nan, "high", [[0.5, 0.5], [0.5, 2]]])
def test_a_benchmark_must_fit(owed):
    met = sc.play(sc.Fixed(0), sc.Fixed(1), sc.games.team_lead(), (0, 1), horizon=5)
    with pytest.raises((ValueError, TypeError), match="owed"):
        sc.altruistic_regret(met, owed=owed)


def test_sweeps_and_the_choice_of_the_phase_take_ones_own_benchmark():
    problem = sc.SocialLearningProblem(sc.games.team_lead(), sc.Convention(), horizon=20)
    size = {"plays": 40, "datasets": 4, "n_jobs": 1}
    plain = sc.sweep(problem, [2], [20], **size)
    worst = [[sc.worst_pone(problem.game, (a, b))[1] for b in (0, 1)] for a in (0, 1)]
    np.testing.assert_allclose(sc.sweep(problem, [2], [20], owed=worst, **size).regret, plain.regret)
    more = sc.sweep(problem, [2], [20], owed=np.minimum(np.array(worst) + 0.1, 1), **size).regret
    shift = np.minimum(np.array(worst) + 0.1, 1) - worst
    assert (more >= plain.regret).all()
    assert (more <= plain.regret + shift.max() + 1e-9).all()
    records = problem.sample(30, seed=1)
    np.testing.assert_allclose(
        sc.phase.predicted_regret(records, [1, 2, 4], 20, owed=worst),
        sc.phase.predicted_regret(records, [1, 2, 4], 20),
    )
    assert sc.choose_phase(records, [1, 2, 4], 20, owed=0.5) in (1, 2, 4)


# --- from counts


def counts_of(play):
    """Return how often each joint action was played in each episode, (B, N, N)."""
    counts = np.zeros((play.episodes, play.game.n_actions, play.game.n_actions))
    for stage in play.actions:
        for episode, (first, second) in enumerate(stage.T.tolist()):
            counts[episode, first, second] += 1
    return counts


@given(st.integers(1, 4), st.integers(1, 8), st.integers(1, 4), st.integers(0, 2**32 - 1), st.sampled_from([0, 1]))
def test_regret_from_counts_is_that_of_any_play_with_these_counts(n, horizon, episodes, seed, agent):
    rng = np.random.default_rng(seed)
    game = sc.games.random_game(n, 2, rng)
    types = rng.integers(2, size=2)
    play = sc.Play(rng.integers(n, size=(horizon, 2, episodes)), np.tile(types, (episodes, 1)), game)
    counts = counts_of(play)
    found = sc.regret.counted_regret(game, counts, types.tolist(), agent)
    np.testing.assert_allclose(found, sc.external_regret(play, agent) / horizon, atol=1e-12)
    naive = [oracles.regret(table, history) / horizon for table, history in histories(play, agent)]
    np.testing.assert_allclose(found, naive, atol=1e-12)
    shares = sc.regret.counted_regret(game, counts / horizon, types.tolist(), agent)
    np.testing.assert_allclose(shares, found, atol=1e-12)


def test_regret_from_counts_keeps_the_axes_before_the_actions():
    game, rng = sc.games.rock_paper_scissors(), np.random.default_rng(3)
    counts = rng.integers(1, 9, size=(4, 5, 3, 3))
    found = sc.regret.counted_regret(game, counts, agent=1)
    assert found.shape == (4, 5)
    assert found[2, 3] == pytest.approx(float(sc.regret.counted_regret(game, counts[2, 3], agent=1)), abs=1e-15)
    swapped = sc.regret.counted_regret(game, np.swapaxes(counts, 2, 3))
    np.testing.assert_allclose(found, swapped, atol=1e-15)
