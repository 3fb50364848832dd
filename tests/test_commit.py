"""Commitments against their definition, and imitate-then-commit against explicit draws of what it commits to."""

from itertools import product
from math import exp, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import one_hot, worst_failure
from scipy.stats import chisquare

import socialcoop as sc

RARE = 1e-6  # error probability of each statistical test, for any seed

COMMITS = ("mixture", "pure", "hyperbolic", "universal", "last", "careful")


# --- by the book: records are (own type, [(own, other), …]); a history is a list of (own, other)


def empirical(records, n_actions, own_type, history):
    """Return how often each own action followed the history among records of the own type; uniform if never."""
    stage = len(history)
    found = [steps[stage][0] for kind, steps in records if kind == own_type and steps[:stage] == history]
    return [found.count(a) / len(found) if found else 1 / n_actions for a in range(n_actions)]


def imitates(records, n_actions, own_type, history):
    """Return the probability that the imitator plays its part of the history."""
    return prod(empirical(records, n_actions, own_type, history[:t])[own] for t, (own, _) in enumerate(history))


def mixture_of(commit, joint_actions, n_actions):
    """Return the list of (probability, mixed action) to draw from after these joint actions, from counts alone."""
    draws = []
    for drawn in range(n_actions):
        beside = [own for own, other in joint_actions if (own if commit == "pure" else other) == drawn]
        if beside:
            mixed = [beside.count(a) / len(beside) for a in range(n_actions)]
            draws.append((len(beside) / len(joint_actions), mixed))
    return draws


STOPS = ("hyperbolic", "universal", "last")


def stopping(commit, phase, horizon):
    """Return how likely each number of stages is to be the last one before it repeats itself."""
    latest = min(phase, horizon)
    if horizon == 0 or commit == "last":
        return {latest: 1.0}
    if commit == "universal":
        latest = max(1, int((1 - exp(-latest / horizon)) * horizon))
    odds = {s: 1 / (horizon - s + 1) for s in range(1, latest + 1)}
    return {s: odd / sum(odds.values()) for s, odd in odds.items()}


def plays_along(records, n_actions, own_type, phase, commit, horizon, history, since=0):
    """Return the probability that imitate-then-commit plays its part of a history, draw by draw."""
    own = [pair[0] for pair in history]
    if commit in STOPS:
        return sum(
            chance * imitates(records, n_actions, own_type, history[:s]) * all(a == own[s - 1] for a in own[s:])
            for s, chance in stopping(commit, phase, horizon).items()
        )
    if commit == "careful":
        held = [any(kind == own_type and steps[:t] == history[:t] for kind, steps in records) for t in range(1, phase)]
        phase = [*held, False].index(False) + 1
    copied = imitates(records, n_actions, own_type, history[:phase])
    if len(history) <= phase:
        return copied
    draws = mixture_of(commit, history[since:phase], n_actions)
    return copied * sum(weight * prod(mixed[a] for a in own[phase:]) for weight, mixed in draws)


def by_the_book(data, agent, own_type, phase, commit, since=0):
    """Return the strategy as a function of (table, horizon, history), as the oracles take them."""
    records = [
        (int(data.types[k, agent]), list(zip(*data.actions[:, [agent, 1 - agent], k].T.tolist(), strict=True)))
        for k in range(data.episodes)
    ]
    n = data.game.n_actions

    def strategy(table, horizon, history):
        def chance(path):
            return plays_along(records, n, own_type, phase, commit, horizon, path, since)

        before = chance(history)
        return [chance([*history, (a, 0)]) / before for a in range(n)]

    strategy.plays_along = lambda horizon, path: plays_along(records, n, own_type, phase, commit, horizon, path, since)
    return strategy


def random_data(game, horizon, episodes, rng, variety=2):
    """Return records in which histories come up more than once, with types of all kinds."""
    seen = rng.integers(0, game.n_actions, (horizon, 2, variety), dtype=np.uint8)
    actions = seen[:, :, rng.integers(0, variety, episodes)]
    flips = rng.random(actions.shape) < 0.2
    actions = np.where(flips, rng.integers(0, game.n_actions, actions.shape, dtype=np.uint8), actions)
    return sc.Dataset(actions, rng.integers(0, game.n_types, (episodes, 2)), game)


def random_behaviour(game, horizon, rng):
    """Return tables (types, N^(2t), N) of mixed actions."""
    n = game.n_actions
    return [rng.dirichlet(np.ones(n), (game.n_types, n ** (2 * t))) for t in range(horizon)]


def explicit_distribution(data, phase, commit, tables, types, agent, horizon, since=0):
    """Return the probability of every history, the strategy on side ``agent``, tables on the other: one by one."""
    n = data.game.n_actions
    strategy = by_the_book(data, agent, types[agent], phase, commit, since)
    found = np.zeros((n**2,) * horizon)
    for path in product(range(n**2), repeat=horizon):
        pairs = [divmod(joint, n) for joint in path]
        chance, number = strategy.plays_along(horizon, [(pair[agent], pair[1 - agent]) for pair in pairs]), 0
        for stage, pair in enumerate(pairs):
            chance *= tables[stage][types[1 - agent], number, pair[1 - agent]]
            number = number * n**2 + path[stage]
        found[path] = chance
    return found


def sides(strategy, other, agent):
    """Return both strategies in order of their sides."""
    return (strategy, other) if agent == 0 else (other, strategy)


# --- what to commit to


def payoffs_and_play(n_actions, count, rng):
    """Yield payoffs (10, N, N) of a partner and a joint distribution, often sparse, sometimes of round numbers."""
    for _ in range(count):
        payoffs = rng.random((10, n_actions, n_actions))
        if rng.random() < 0.3:
            payoffs = payoffs.round()
        z = rng.dirichlet(np.full(n_actions**2, rng.choice([0.05, 0.3, 1.0])))
        if rng.random() < 0.5:
            z *= rng.random(n_actions**2) < 0.4
        if rng.random() < 0.3:
            z = np.ceil(4 * z)
        z = z if z.sum() else np.eye(n_actions).ravel()
        yield payoffs, (z / z.sum()).reshape(n_actions, n_actions)


@pytest.mark.parametrize("n_actions", [1, 2, 3, 4, 5, 6])
def test_the_partners_best_replies_pay_it_at_least_what_was_played(n_actions):
    """Over 200 joint distributions times 10 payoff tables for each number of actions: 12 000 pairs."""
    for payoffs, z in payoffs_and_play(n_actions, 200, np.random.default_rng(n_actions)):
        paid = np.einsum("ab,kba->k", z, payoffs)
        promised = {}
        for commit in ("mixture", "pure"):
            weights, strategies = sc.commitment_mixture(z, commit)
            promised[commit] = np.einsum("kba,ma->kmb", payoffs, strategies).max(axis=2) @ weights
            assert (promised[commit] >= paid - 1e-12).all()
        assert (promised["pure"] >= promised["mixture"] - 1e-12).all()


@pytest.mark.parametrize("n_actions", [1, 2, 3, 6])
@pytest.mark.parametrize("commit", ["mixture", "pure"])
def test_commitments_are_a_distribution_whose_mean_is_what_the_ai_played(n_actions, commit):
    for _, z in payoffs_and_play(n_actions, 100, np.random.default_rng(n_actions)):
        weights, strategies = sc.commitment_mixture(z, commit)
        assert strategies.shape == (len(weights), n_actions)
        assert (weights > 0).all()
        assert weights.sum() == pytest.approx(1)
        assert (strategies >= 0).all()
        np.testing.assert_allclose(strategies.sum(axis=1), 1)
        np.testing.assert_allclose(weights @ strategies, z.sum(axis=1), atol=1e-12)


def test_the_mixture_draws_the_partners_actions_and_the_pure_draw_the_own():
    z = [[0.1, 0.3, 0], [0.2, 0, 0], [0.1, 0.3, 0]]
    weights, strategies = sc.commitment_mixture(z)
    np.testing.assert_allclose(weights, [0.4, 0.6])
    np.testing.assert_allclose(strategies, [[0.25, 0.5, 0.25], [0.5, 0, 0.5]])
    weights, strategies = sc.commitment_mixture(z, "pure")
    np.testing.assert_allclose(weights, [0.4, 0.2, 0.4])
    np.testing.assert_array_equal(strategies, np.eye(3))


def test_the_joint_frequencies_are_left_as_they_are():
    z = np.array([[0.5, 0], [0.25, 0.25]])
    for commit in ("mixture", "pure"):
        weights, strategies = sc.commitment_mixture(z, commit)
        weights[:], strategies[:] = 9, 9
        np.testing.assert_array_equal(z, [[0.5, 0], [0.25, 0.25]])


def test_in_matching_pennies_the_mixture_keeps_the_value_that_a_pure_draw_gives_away():
    game = sc.games.matching_pennies()
    ai, partner = game.stage((0, 1))
    earned = {}
    for commit in ("mixture", "pure"):
        weights, strategies = sc.commitment_mixture(np.full((2, 2), 0.25), commit)
        replies = strategies @ partner.T  # what each reply pays the partner
        best = replies >= replies.max(axis=1, keepdims=True) - 1e-12
        against = np.where(best, strategies @ ai, np.inf).min(axis=1)  # of the best replies, the worst for the AI
        earned[commit] = weights @ against
    assert earned == {"mixture": 0.5, "pure": 0.0}


# --- leading with the type known


@pytest.mark.parametrize("seed", range(20))
def test_to_lead_is_to_play_what_the_partner_likes_best(seed):
    game = sc.games.random_game(1 + seed % 4, 2, seed, (None, 3)[seed % 2])
    for partner_type, table in enumerate(game.payoffs):
        action = sc.best_commitment(game, partner_type).mixed
        assert table[:, action].max() == table.max()
        assert table[:, :action].size == 0 or table[:, :action].max() < table.max()


@pytest.mark.parametrize("partner", [sc.Hedge(), sc.RegretMatching(), sc.Convention(), sc.Fixed(0)], ids=repr)
def test_whom_one_leads_misses_no_more_than_its_own_regret(partner):
    """Every fixed action gives up some best reply, so no PONE pays more than the best: path by path."""
    for seed in range(6):
        game = sc.games.random_game(2 + seed % 2, 2, seed)
        for partner_type in (0, 1):
            play = sc.play(
                sc.best_commitment(game, partner_type), partner, game, (seed % 2, partner_type), 50, 40, seed=seed
            )
            assert (sc.altruistic_regret(play) <= sc.external_regret(play, 1) + 1e-9).all()


# --- one action for all types


def replies_pay(game, weights, mixed):
    """Return what best replies to a mixed action pay on average, by loops."""
    n, total = game.n_actions, 0.0
    for table, weight in zip(game.payoffs.tolist(), weights, strict=True):
        total += weight * max(sum(mixed[a] * table[b][a] for a in range(n)) for b in range(n))
    return total


@pytest.mark.parametrize("seed", range(24))
def test_the_best_constant_beats_every_action_and_every_mixed_one(seed):
    rng = np.random.default_rng(seed)
    n_types, n_actions = 1 + seed % 3, 1 + seed // 3 % 4
    game = sc.games.random_game(n_actions, n_types, rng, (None, 3)[seed % 2])
    types = rng.dirichlet(np.ones(n_types**2)).reshape(n_types, n_types)
    problem = sc.SocialLearningProblem(game, sc.Hedge(), 9, types)
    found = sc.best_constant(problem).mixed
    assert found.shape == (n_types, n_actions)
    for row, weights in zip(found, types, strict=True):
        value = replies_pay(game, weights, row)
        corners = [replies_pay(game, weights, pure) for pure in np.eye(n_actions)]
        assert value == pytest.approx(max(corners))
        assert row.tolist() == np.eye(n_actions)[np.argmax(np.array(corners) >= max(corners) - 1e-9)].tolist()
        assert (
            value >= max(replies_pay(game, weights, mixed) for mixed in rng.dirichlet(np.ones(n_actions), 60)) - 1e-12
        )


def test_the_best_constant_goes_by_what_the_own_type_says_of_the_partner():
    game = sc.games.team_lead()
    known = sc.SocialLearningProblem(game, sc.Hedge(), 9, [[0, 0.5], [0.5, 0]])
    assert sc.best_constant(known).mixed.argmax(axis=1).tolist() == [1, 0]
    for kind in (0, 1):
        assert sc.best_commitment(game, kind) == sc.Fixed(kind)


def test_an_own_type_that_does_not_come_up_goes_by_the_partners_types_in_all():
    game = sc.games.team_lead()
    for likely in ([0.7, 0.3], [0.3, 0.7]):
        problem = sc.SocialLearningProblem(game, sc.Hedge(), 9, [likely, [0, 0]])
        assert sc.best_constant(problem).mixed[1].argmax() == np.argmax(likely)


@pytest.mark.parametrize("partner", [sc.Hedge(), sc.RegretMatching(), sc.Convention()], ids=repr)
def test_partners_fall_short_of_the_best_replies_by_their_own_regret_and_no_more(partner):
    game, types = sc.games.random_game(3, 3, seed=5), np.full((3, 3), 1 / 9)
    problem = sc.SocialLearningProblem(game, partner, 60, types)
    best = sc.best_constant(problem)
    pairs = np.repeat(np.array(list(np.ndindex(3, 3))), 20, axis=0)
    play = sc.play(best, partner, game, pairs, 60, len(pairs), seed=1)
    promised = [60 * replies_pay(game, np.eye(3)[theirs], best.mixed[own]) for own, theirs in pairs]
    short = np.array(promised) - play.payoffs(1).sum(axis=0)
    np.testing.assert_allclose(short, sc.external_regret(play, 1), atol=1e-9)


# --- imitate, then commit


@st.composite
def settings_of_play(draw, longest=4):
    """Return data, phase, horizon, the other side's tables and types; with few actions so that all can be listed."""
    n_actions = draw(st.sampled_from([2, 2, 3, 1]))
    longest = longest if n_actions == 2 else min(longest, 3)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    game = sc.games.random_game(n_actions, draw(st.integers(1, 3)), rng)
    recorded = draw(st.integers(1, longest + 1))
    data = random_data(game, recorded, draw(st.sampled_from([0, 1, 2, 5, 12])), rng)
    horizon = draw(st.integers(0, longest))
    types = tuple(rng.integers(0, game.n_types, 2).tolist())
    return data, draw(st.integers(1, recorded)), horizon, random_behaviour(game, horizon, rng), types


@pytest.mark.parametrize("commit", COMMITS)
@pytest.mark.parametrize("agent", [0, 1])
@given(setting=settings_of_play())
def test_it_is_the_average_over_explicit_draws(agent, commit, setting):
    data, phase, horizon, tables, types = setting
    strategy = sc.ImitateThenCommit(data, phase, commit)
    found = sc.history_distribution(*sides(strategy, sc.strategies.Tabular(tables), agent), data.game, types, horizon)
    expected = explicit_distribution(data, phase, commit, tables, types, agent, horizon)
    assert found.sum() == pytest.approx(1)
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("commit", COMMITS)
@pytest.mark.parametrize(("phase", "horizon"), [(1, 4), (2, 4), (4, 4), (4, 2), (4, 1), (3, 5)])
def test_short_and_long_phases_are_the_average_over_explicit_draws(commit, phase, horizon):
    rng = np.random.default_rng(phase * 10 + horizon)
    game = sc.games.team_lead()
    data = random_data(game, 4, 6, rng)
    tables = random_behaviour(game, horizon, rng)
    for types, agent in product([(0, 0), (0, 1), (1, 0)], (0, 1)):
        strategy = sc.ImitateThenCommit(data, phase, commit)
        found = sc.history_distribution(*sides(strategy, sc.strategies.Tabular(tables), agent), game, types, horizon)
        expected = explicit_distribution(data, phase, commit, tables, types, agent, horizon)
        np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("commit", COMMITS)
def test_no_more_stages_than_the_phase_are_plain_imitation_unless_it_may_stop(commit):
    data = random_data(sc.games.team_lead(), 4, 8, np.random.default_rng(0))
    imitator, strategy = sc.Imitator(data), sc.ImitateThenCommit(data, 4, commit)
    for horizon in (1, 3, 4):
        copied, found = (
            sc.history_distribution(each, sc.Hedge(), data.game, (0, 1), horizon) for each in (imitator, strategy)
        )
        may_stop = commit in ("hyperbolic", "careful", "universal")
        assert np.allclose(found, copied) == (not may_stop or horizon == 1)


def test_the_careful_commitment_is_the_mixture_wherever_the_records_last():
    game = sc.games.team_lead(("tone", "workload"))
    shown = sc.play(sc.Convention(), sc.Convention(), game, np.array(list(np.ndindex(4, 4))), 6, 16)
    careful, mixture = (sc.ImitateThenCommit(shown, 4, commit) for commit in ("careful", "mixture"))
    for partner, same in ((sc.Convention(), True), (sc.Fixed([0.25] * 4), False)):
        one, two = (sc.play(ai, partner, game, (1, 2), 30, 50, seed=1).actions for ai in (careful, mixture))
        assert np.array_equal(one, two) == same


def test_the_hyperbolic_stop_after_one_stage_is_the_pure_commitment_after_one_stage():
    data = random_data(sc.games.random_game(3, 2, 1), 3, 9, np.random.default_rng(1))
    for commits in (("hyperbolic", "pure"), ("mixture", "pure")):  # after one stage all three repeat its action
        one, two = (
            sc.history_distribution(sc.ImitateThenCommit(data, 1, commit), sc.Hedge(), data.game, (1, 0), 3)
            for commit in commits
        )
        np.testing.assert_allclose(one, two, atol=1e-14)


@pytest.mark.parametrize("commit", COMMITS)
def test_sampled_play_agrees_with_explicit_draws(commit):
    rng = np.random.default_rng(7)
    game, horizon = sc.games.random_game(2, 2, 3), 4
    data, tables = random_data(game, 3, 12, rng, variety=3), random_behaviour(game, horizon, rng)
    strategy = sc.ImitateThenCommit(data, 2, commit)
    for types in ((0, 1), (1, 1)):
        play = sc.play(strategy, sc.strategies.Tabular(tables), game, types, horizon, 20_000, seed=1)
        joint = play.actions[:, 0].astype(int) * 2 + play.actions[:, 1]
        observed = np.bincount(np.ravel_multi_index(tuple(joint), (4,) * horizon), minlength=4**horizon)
        expected = explicit_distribution(data, 2, commit, tables, types, 0, horizon).ravel() * 20_000
        assert not observed[expected < 1e-9].any()
        likely = expected >= 5
        counts = np.append(observed[likely], observed[~likely].sum())
        shares = np.append(expected[likely], expected[~likely].sum())
        counts, shares = counts[shares > 1e-9], shares[shares > 1e-9]
        assert chisquare(counts, shares * counts.sum() / shares.sum()).pvalue > RARE


@pytest.mark.parametrize("commit", COMMITS)
@pytest.mark.parametrize("agent", [0, 1])
def test_its_worst_partner_is_found_although_histories_are_merged(commit, agent):
    """Exact consistency merges histories after which a seat's memory is the same; the oracle merges none."""
    for seed in range(3):
        game, horizon = sc.games.random_game(2, 1, seed, 4), 4
        data = random_data(game, 3, 5, np.random.default_rng(seed))
        strategy = by_the_book(data, agent, 0, 2, commit)
        for epsilon in (0.0, 0.2):
            found = sc.consistency(
                sc.ImitateThenCommit(data, 2, commit), game, horizon, epsilon, agent=agent, method="exact"
            )
            assert found.failure == pytest.approx(worst_failure(strategy, game.payoffs[0], horizon, epsilon), abs=1e-9)


@pytest.mark.parametrize("commit", COMMITS)
@given(setting=settings_of_play(), seed=st.integers(0, 2**32 - 1), agent=st.sampled_from([0, 1]))
def test_a_selection_of_the_episodes_goes_on_as_they_would(commit, setting, seed, agent):
    data, phase, horizon, _, _ = setting
    rng, n = np.random.default_rng(seed), data.game.n_actions
    types = rng.integers(0, data.game.n_types, 6)
    steps = rng.integers(0, n, (horizon, 2, 6))
    chosen, cut = rng.integers(0, 6, rng.integers(0, 9)), rng.integers(0, horizon + 1)

    def seat_after(stages):
        seat = sc.ImitateThenCommit(data, phase, commit).seat(data.game, agent, types, horizon)
        for own, other in steps[:stages]:
            seat.observe(own, other)
        return seat

    seat = seat_after(cut)
    taken, twin = seat.take(chosen), seat.take(np.arange(6))
    for own, other in steps[cut:]:
        np.testing.assert_array_equal(taken.policy(), seat.policy()[:, chosen])
        taken.observe(own[chosen], other[chosen])
        seat.observe(own, other)
        np.testing.assert_array_equal(taken.state(), seat.state()[:, chosen])
    # what the others saw since has not reached the copy
    np.testing.assert_array_equal(twin.state(), seat_after(cut).state())


@pytest.mark.parametrize("commit", COMMITS)
@given(setting=settings_of_play(), seed=st.integers(0, 2**32 - 1))
def test_whatever_was_played_the_policy_is_a_distribution(commit, setting, seed):
    """Actions that it would never play are among what it observes."""
    data, phase, _, _, _ = setting
    rng, n = np.random.default_rng(seed), data.game.n_actions
    seat = sc.ImitateThenCommit(data, phase, commit).seat(data.game, 0, rng.integers(0, data.game.n_types, 5), 8)
    for _ in range(8):
        policy = seat.policy()
        assert policy.shape == (n, 5)
        assert (policy >= 0).all()
        np.testing.assert_allclose(policy.sum(axis=0), 1)
        seat.observe(*rng.integers(0, n, (2, 5)))
    assert np.isfinite(seat.state()).all()


def test_a_long_commitment_keeps_to_one_mixed_action():
    """After 20 000 stages the likelihood of every path is far below the smallest float."""
    actions = np.array([[0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1]], dtype=np.uint8).T[:, :, None]
    data = sc.Dataset(actions, [[0, 0]], sc.games.coordination(2))
    seat = sc.ImitateThenCommit(data, 6).seat(data.game, 0, np.zeros(2, dtype=int), 30_000)
    for own, other in actions[:, :, 0].tolist():
        seat.observe(np.full(2, own), np.full(2, other))
    rng = np.random.default_rng(0)
    np.testing.assert_allclose(seat.policy(), 0.5)
    for _ in range(20_000):
        seat.observe((rng.random(2) < [1 / 3, 2 / 3]).astype(int), np.zeros(2, dtype=int))
    np.testing.assert_allclose(seat.policy(), [[2 / 3, 1 / 3], [1 / 3, 2 / 3]], atol=1e-12)


def test_what_was_played_together_is_what_is_committed_to():
    """Two stages of (0, 1) and two of (1, 0): the mixture repeats 0 or 1 for ever, each half of the time."""
    actions = np.array([[0, 1], [1, 0], [0, 1], [1, 0]], dtype=np.uint8)[:, :, None]
    data = sc.Dataset(actions, [[0, 0]], sc.games.coordination(3))
    other = sc.Scripted([1, 0])
    for commit in ("mixture", "pure"):
        play = sc.play(sc.ImitateThenCommit(data, 4, commit), other, data.game, (0, 0), 30, 400, seed=0)
        own = play.actions[:, 0]
        assert (own[:4] == actions[:, 0]).all()
        assert (own[4:] == own[4]).all()
        assert 100 < (own[4] == 0).sum() < 300  # of 400 coins; error probability below 1e-20


@pytest.mark.parametrize("commit", STOPS)
@pytest.mark.parametrize(("phase", "horizon"), [(1, 5), (3, 6), (6, 6), (4, 40)])
def test_a_stop_comes_as_often_as_it_says(commit, phase, horizon):
    """A record that never repeats an action shows when it stopped."""
    actions = np.stack([np.arange(6), np.zeros(6)], axis=1).astype(np.uint8)[:, :, None]
    data = sc.Dataset(actions, [[0, 0]], sc.games.coordination(6))
    strategy = sc.ImitateThenCommit(data, phase, commit)
    play = sc.play(strategy, sc.Fixed(0), data.game, (0, 0), horizon, 30_000, seed=2)
    stops = play.actions[-1, 0]
    chances = stopping(commit, phase, horizon)
    counts = np.bincount(stops, minlength=phase)[[s - 1 for s in chances]]
    assert counts.sum() == len(stops)
    if len(chances) > 1:
        assert chisquare(counts, np.array([*chances.values()]) * len(stops)).pvalue > RARE
    for stage in range(horizon):
        np.testing.assert_array_equal(play.actions[stage, 0], np.minimum(stage, stops))


def test_an_unknown_type_and_an_empty_dataset_are_imitated_by_uniform_play():
    game = sc.games.random_game(2, 2, 0)
    data = sc.Dataset(np.zeros((3, 2, 2), dtype=np.uint8), [[0, 0], [0, 1]], game)
    empty = sc.Dataset(np.zeros((3, 2, 0), dtype=np.uint8), np.zeros((0, 2), dtype=int), game)
    for commit in COMMITS:
        one = sc.history_distribution(sc.ImitateThenCommit(data, 2, commit), sc.Hedge(), game, (1, 0), 4)
        two = sc.history_distribution(sc.ImitateThenCommit(empty, 2, commit), sc.Hedge(), game, (1, 0), 4)
        np.testing.assert_allclose(one, two, atol=1e-14)
        first = one.sum(axis=(1, 2, 3)).reshape(2, 2).sum(axis=1)
        np.testing.assert_allclose(first, 0.5)


def test_the_repr_says_how_it_commits():
    data = random_data(sc.games.stag_hunt(), 3, 4, np.random.default_rng(0))
    assert repr(sc.ImitateThenCommit(data, 2, "pure")) == f"ImitateThenCommit({data}, phase=2, commit='pure')"
    assert "hyperbolic" in repr(sc.ImitateThenCommit(data, 1, "hyperbolic"))


def test_the_oracle_mixes_as_the_package_does():
    """The draws that the oracle reads off a list of joint actions are those of the joint frequencies."""
    rng = np.random.default_rng(5)
    for commit in ("mixture", "pure"):
        pairs = rng.integers(0, 3, (7, 2))
        z = np.zeros((3, 3))
        np.add.at(z, tuple(pairs.T), 1 / 7)
        draws = mixture_of(commit, [tuple(pair) for pair in pairs.tolist()], 3)
        weights, strategies = sc.commitment_mixture(z, commit)
        np.testing.assert_allclose(weights, [weight for weight, _ in draws])
        np.testing.assert_allclose(strategies, [mixed for _, mixed in draws])
        assert one_hot(0, 3) == [1.0, 0.0, 0.0]


# --- committing is a combinator


def along_a_table(table, n_actions, phase, commit, horizon, pairs, since=0):
    """Return the probability that following a table and then committing plays its part, draw by draw."""
    own = [a for a, _ in pairs]

    def followed(stages):
        numbers = [0]
        for a, b in pairs[:stages]:
            numbers.append(numbers[-1] * n_actions**2 + a * n_actions + b)
        return prod(table[t][0, numbers[t], own[t]] for t in range(stages))

    if commit in STOPS:
        chances = stopping(commit, phase, horizon)
        return sum(chance * followed(s) * all(a == own[s - 1] for a in own[s:]) for s, chance in chances.items())
    if horizon <= phase:
        return followed(horizon)
    draws = mixture_of(commit, pairs[since:phase], n_actions)
    return followed(phase) * sum(weight * prod(mixed[a] for a in own[phase:]) for weight, mixed in draws)


WINDOWS = [(commit, phase, since) for commit in ("mixture", "pure") for phase in (2, 3) for since in range(1, phase)]
WAYS = [(commit, phase, 0) for commit in COMMITS for phase in (1, 2, 3, 4)] + WINDOWS


@pytest.mark.parametrize(("commit", "phase", "since"), WAYS)
@given(seed=st.integers(0, 2**32 - 1), n_actions=st.integers(1, 3))
def test_whatever_is_followed_it_commits_to_what_was_played(commit, phase, since, seed, n_actions):
    rng, horizon = np.random.default_rng(seed), 4 if n_actions < 3 else 3
    game = sc.games.random_game(n_actions, 1, rng)
    own, other = (random_behaviour(game, horizon, rng) for _ in range(2))
    ai = sc.ThenCommit(sc.strategies.Tabular(own), phase, commit, since)
    found = sc.history_distribution(ai, sc.strategies.Tabular(other), game, (0, 0), horizon)
    expected = np.empty_like(found)
    for path in product(range(n_actions**2), repeat=horizon):
        pairs, number, chance = [divmod(joint, n_actions) for joint in path], 0, 1.0
        for stage, pair in enumerate(pairs):
            chance *= other[stage][0, number, pair[1]]
            number = number * n_actions**2 + path[stage]
        expected[path] = chance * along_a_table(own, n_actions, phase, commit, horizon, pairs, since)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("commit", COMMITS)
def test_to_imitate_and_then_commit_is_to_follow_an_imitator(commit):
    game = sc.games.team_lead()
    data = random_data(game, 4, 9, np.random.default_rng(3))
    both = sc.ImitateThenCommit(data, 2, commit), sc.ThenCommit(sc.Imitator(data, 2), 2, commit)
    first, second = (sc.history_distribution(each, sc.Hedge(1), game, (0, 1), 4) for each in both)
    np.testing.assert_array_equal(first, second)
    assert repr(both[0]).startswith("ImitateThenCommit(Dataset(")
    assert repr(both[1]).startswith("ThenCommit(Imitator(Dataset(")


def test_with_care_it_matters_who_is_at_a_loss():
    """One record, of (0, 0) three times; a hand that trembles leaves it, and is at a loss like the imitator inside."""
    game = sc.games.coordination(2)
    data = sc.Dataset(np.zeros((3, 2, 1), dtype=np.uint8), [[0, 0]], game)
    careful = sc.ThenCommit(sc.strategies.Trembling(sc.Imitator(data), 0.5), 3, "careful")
    seat = careful.seat(game, 0, np.zeros(1, dtype=np.intp), 5)
    seat.observe(np.array([1]), np.array([0]))
    np.testing.assert_array_equal(seat.policy(), [[0], [1]])  # commits to what it played
    follows = sc.ThenCommit(sc.strategies.Trembling(sc.Imitator(data), 0.5), 3).seat(game, 0, np.zeros(1, int), 5)
    follows.observe(np.array([1]), np.array([0]))
    np.testing.assert_array_equal(follows.policy(), [[0.5], [0.5]])


# --- a window: the first stages left out of what is counted


@pytest.mark.parametrize(("commit", "phase", "since"), WINDOWS)
@pytest.mark.parametrize("horizon", [2, 4])
def test_a_window_is_the_average_over_explicit_draws_from_it(commit, phase, since, horizon):
    rng = np.random.default_rng(phase * 10 + since)
    game = sc.games.team_lead()
    data = random_data(game, 4, 6, rng)
    tables = random_behaviour(game, horizon, rng)
    for types, agent in product([(0, 0), (0, 1), (1, 0)], (0, 1)):
        strategy = sc.ImitateThenCommit(data, phase, commit, since)
        found = sc.history_distribution(*sides(strategy, sc.strategies.Tabular(tables), agent), game, types, horizon)
        expected = explicit_distribution(data, phase, commit, tables, types, agent, horizon, since)
        np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize(("commit", "phase", "since"), WINDOWS)
@pytest.mark.parametrize("agent", [0, 1])
def test_the_worst_partner_of_a_window_is_found_although_histories_are_merged(commit, phase, since, agent):
    for seed in range(2):
        game, horizon = sc.games.random_game(2, 1, seed, 4), 4
        data = random_data(game, 3, 5, np.random.default_rng(seed))
        strategy = by_the_book(data, agent, 0, phase, commit, since)
        for epsilon in (0.0, 0.2):
            ai = sc.ImitateThenCommit(data, phase, commit, since)
            found = sc.consistency(ai, game, horizon, epsilon, agent=agent, method="exact")
            assert found.failure == pytest.approx(worst_failure(strategy, game.payoffs[0], horizon, epsilon), abs=1e-9)


@pytest.mark.parametrize(("commit", "phase", "since"), WINDOWS)
def test_what_was_played_before_the_window_is_not_remembered(commit, phase, since):
    """Who is followed remembers nothing, so that all histories that are alike in the window are merged."""
    game = sc.games.coordination(3)
    steps = np.random.default_rng(phase).integers(0, 3, (6, 2, 40))
    steps[since:] = steps[since:, :, :1]
    seat = sc.ThenCommit(sc.Fixed([0.2, 0.3, 0.5]), phase, commit, since).seat(game, 0, np.zeros(40, int), 6)
    whole = sc.ThenCommit(sc.Fixed([0.2, 0.3, 0.5]), phase, commit).seat(game, 0, np.zeros(40, int), 6)
    for stage in range(6):
        assert len(np.unique(seat.state(), axis=1).T) == 1
        assert len(np.unique(whole.state(), axis=1).T) > 1 or stage == 0
        seat.observe(*steps[stage])
        whole.observe(*steps[stage])


@pytest.mark.parametrize("phase", [1, 2, 3, 5])
def test_the_last_stage_alone_is_the_last_act(phase):
    rng = np.random.default_rng(phase)
    game = sc.games.random_game(3, 2, rng)
    data = random_data(game, 5, 9, rng)
    for make in (lambda *args: sc.ImitateThenCommit(data, *args), lambda *args: sc.ThenCommit(sc.Hedge(), *args)):
        window, last = make(phase, "pure", phase - 1), make(phase, "last")
        types, seeds = rng.integers(0, 2, (50, 2)), rng.integers(0, 99, 3)
        for seed, horizon in product(seeds.tolist(), (1, 4, 9)):
            plays = [sc.play(ai, sc.Hedge(1), game, types, horizon, 50, seed) for ai in (window, last)]
            np.testing.assert_array_equal(*(play.actions for play in plays))
        both = [sc.history_distribution(ai, sc.Hedge(1), game, (0, 1), 3) for ai in (window, last)]
        np.testing.assert_allclose(*both, rtol=1e-12)


@pytest.mark.parametrize(("commit", "phase", "since"), WINDOWS)
def test_a_selection_of_the_episodes_goes_on_from_the_window_as_they_would(commit, phase, since):
    rng = np.random.default_rng(since)
    data = random_data(sc.games.team_lead(), 5, 9, rng)
    types, steps = rng.integers(0, 2, 6), rng.integers(0, 2, (6, 2, 6))
    chosen = np.array([5, 0, 0, 3])
    for cut in range(6):
        seat = sc.ImitateThenCommit(data, phase, commit, since).seat(data.game, 0, types, 6)
        for own, other in steps[:cut]:
            seat.observe(own, other)
        taken = seat.take(chosen)
        for own, other in steps[cut:]:
            np.testing.assert_array_equal(taken.policy(), seat.policy()[:, chosen])
            taken.observe(own[chosen], other[chosen])
            seat.observe(own, other)
            np.testing.assert_array_equal(taken.state(), seat.state()[:, chosen])


@pytest.mark.parametrize("commit", ["careful", "last", "hyperbolic", "universal"])
def test_only_what_is_counted_has_a_window(commit):
    data = random_data(sc.games.stag_hunt(), 3, 4, np.random.default_rng(0))
    said = rf"since must be 0 unless commit is one of \('mixture', 'pure'\), got 1 with '{commit}'"
    for make in (lambda *args: sc.ThenCommit(sc.Hedge(), *args), lambda *args: sc.ImitateThenCommit(data, *args)):
        with pytest.raises(ValueError, match=said):
            make(2, commit, 1)
        assert make(2, commit, 0) == make(2, commit)


@pytest.mark.parametrize("commit", ["mixture", "pure"])
def test_a_window_holds_a_stage(commit):
    data = random_data(sc.games.stag_hunt(), 3, 4, np.random.default_rng(0))
    for phase, since in ((1, 1), (3, 3), (3, 99)):
        said = f"since must be an integer from 0 to {phase - 1}, got {since}"
        with pytest.raises(ValueError, match=said):
            sc.ThenCommit(sc.Hedge(), phase, commit, since)
        with pytest.raises(ValueError, match=said):
            sc.ImitateThenCommit(data, phase, commit, since)
    ai = sc.ThenCommit(sc.Hedge(), 3, commit, 2)
    assert ai != sc.ThenCommit(sc.Hedge(), 3, commit, 1)
    assert repr(ai).endswith("since=2)")


# --- what each way to commit owes to the partner, and what two of them do not


def drawn(seat, episode):
    """Return what a seat may keep to from now on, as (probability, mixed action)."""
    pure = seat.counts.ndim == 2  # it draws actions, not mixes of them
    mixes = np.eye(len(seat.likely)) if pure else seat.counts[:, :, episode]
    return list(zip(seat.likely[:, episode], mixes, strict=True))


@pytest.mark.parametrize(
    ("commit", "since"), [("mixture", 0), ("pure", 0), ("careful", 0), ("mixture", 3), ("pure", 2), ("pure", 4)]
)
@pytest.mark.parametrize("seed", range(4))
def test_best_replies_to_the_commitment_pay_at_least_what_its_stages_paid(commit, since, seed):
    """Members are random tables, so is the partner, and its payoffs are random too: what counts is what was played."""
    rng, n, phase = np.random.default_rng(seed), 2 + seed % 2, 5
    game = sc.games.random_game(n, 2, rng, (None, 3)[seed % 2])
    members = [sc.strategies.MemoryOne(rng.dirichlet(np.full(n, 0.3), (n, n)), np.full(n, 1 / n)) for _ in range(3)]
    problem = sc.SocialLearningProblem(game, sc.Population(members, rng.dirichlet(np.ones(3))), 9)
    ai = sc.ThenCommit(sc.Imitator(problem.sample(60, rng), phase), phase, commit, since)
    types = problem.sample_types(200, rng)
    play = sc.play(ai, problem.people, game, types, 9, 200, rng)
    seat, ends = ai.seat(game, 0, types[:, 0], 9), np.zeros(200, int)
    draws = [[] for _ in range(200)]
    for stage, (own, other) in enumerate(play.actions.astype(int)):
        seat.observe(own, other)
        for k in np.flatnonzero(~seat.follows & (ends == 0)):
            ends[k], draws[k] = stage + 1, drawn(seat, k)
    assert (ends == phase).all() if commit != "careful" else len(set(ends.tolist())) > 1
    differs = 0
    for k in range(200):
        table, pairs = game.payoffs[types[k, 1]], play.actions[since : ends[k], :, k].astype(int)
        paid = np.mean([table[b, a] for a, b in pairs])
        replies = sum(weight * max(sum(m * table[b, a] for a, m in enumerate(mixed)) for b in range(n))
                      for weight, mixed in draws[k])  # fmt: skip
        assert sum(weight for weight, _ in draws[k]) == pytest.approx(1)
        assert replies >= paid - 1e-12
        before = np.mean([table[b, a] for a, b in play.actions[: ends[k], :, k].astype(int)])
        differs += replies < before - 0.01
    assert (differs > 0) == (since > 0)  # the stages that are left out are owed nothing


def greets_last(phase):
    """Return members that work until they say goodbye, in a game where a goodbye for ever pays next to nothing."""
    table = np.array([[1.0, 0.0, 0.1], [0.0, 0.5, 0.1], [0.1, 0.1, 0.1]])
    return sc.Scripted([0] * (phase - 1) + [2], fallback=sc.Hedge()), sc.Game(table)


def test_last_keeps_no_guarantee_although_members_are_compatible_and_consistent():
    """Certified, not estimated; and all other ways to commit keep theirs."""
    phase, horizon, epsilon, delta = 50, 4000, 0.06, 0.01
    people, game = greets_last(phase)
    assert sc.compatibility(people, people, game, phase, epsilon).is_compatible(0)
    assert sc.consistency(people, game, horizon, epsilon, method="certificate").is_consistent(delta)
    problem = sc.SocialLearningProblem(game, people, horizon)
    records = problem.sample(1, seed=0, stages=phase)  # they do not vary, so that one record tells all
    lost = {}
    for commit in ("mixture", "pure", "careful", "hyperbolic", "universal", "last"):
        ai = sc.ImitateThenCommit(records, phase, commit)
        play = sc.play(
            ai, people, game, (0, 0), horizon, 10 if commit in ("mixture", "careful", "last") else 200, seed=1
        )
        lost[commit] = sc.altruistic_regret(play).mean() / horizon
    counted = sc.bounds.corrected_theorem(horizon, phase, epsilon, delta, tv=0, gap=1)
    promises = {"mixture": counted, "pure": counted, "careful": counted}
    promises["hyperbolic"] = sc.bounds.hyperbolic_theorem(horizon, phase, epsilon, delta, tv=0)
    promises["universal"] = sc.bounds.universal_stop(horizon, phase, epsilon, delta, tv=0)
    assert max(promises.values()) < 0.17
    for commit, promise in promises.items():
        assert lost[commit] < promise
    assert lost["last"] > 0.85


def test_last_loses_what_a_window_of_the_last_stages_keeps():
    """The goodbye is one stage of ten, and is drawn as often."""
    people, game = greets_last(50)
    earned = []
    for since in (40, 49):
        ai = sc.ThenCommit(people, 50, "pure", since)
        earned.append(sc.play(ai, people, game, (0, 0), 1000, 400, seed=2).payoffs(1)[50:].mean())
    assert earned[0] > 0.9 * 0.95 * 0.95
    assert earned[1] < 0.11
