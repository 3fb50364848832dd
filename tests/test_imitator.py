"""The imitator, and what it does after every history, against a dictionary of what was played."""

import tracemalloc
from itertools import product

import imitation_oracles as oracles
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import socialcoop as sc
from socialcoop.engine import branch


def random_play(rng, n_types, n_actions, horizon, episodes):
    """Return uniformly random records; many are alike when the histories are few."""
    actions = rng.integers(0, n_actions, (horizon, 2, episodes), dtype=np.uint8)
    types = rng.integers(0, n_types, (episodes, 2))
    return sc.Play(actions, types, sc.games.random_game(n_actions, n_types, 0))


def gappy(rng, play):
    """Return the play with some moves missed, and some episodes that end early."""
    observed = rng.random(play.actions.shape) > rng.choice([0.05, 0.3])
    observed &= np.arange(play.horizon)[:, None, None] < rng.integers(0, 2 * play.horizon + 2, play.episodes)
    return sc.Play(play.actions, play.types, play.game, observed)


def alike(rng, play, horizon):
    """Return a longer play that begins as the records do, some of it changed on the way and some never recorded."""
    episodes = 2 * play.episodes + 5
    longer = random_play(rng, play.game.n_types, play.game.n_actions, horizon, episodes)
    actions, types = longer.actions.copy(), longer.types.copy()
    chosen, stages = np.arange(play.episodes), min(horizon, play.horizon)
    changed = chosen + play.episodes
    for copied in (chosen, changed):
        actions[:stages, :, copied] = play.actions[:stages]
        types[copied] = play.types
    if stages:
        actions[rng.integers(0, stages, play.episodes), 1, changed] = 0
    return sc.Play(actions, types, play.game)


def assert_copies(imitator, policy, agent, play):
    """Walk along the episodes of a play, and compare all that the imitator would do with the oracle."""
    records, episodes = oracles.records(play), np.arange(play.episodes)
    seat = imitator.seat(play.game, agent, play.types[:, agent], play.horizon)
    for stage in range(play.horizon + 1):
        expected = np.reshape([policy(types[agent], h[:stage]) for types, h in records], (-1, play.game.n_actions)).T
        np.testing.assert_allclose(seat.policy(), expected, rtol=1e-15, atol=0)
        odds = seat.odds()
        np.testing.assert_allclose(odds / odds.sum(axis=0), expected, rtol=1e-15, atol=0)
        if stage < play.horizon:
            seat.observe(play.actions[stage, agent, episodes], play.actions[stage, 1 - agent, episodes])


@st.composite
def cases(draw):
    """Return a generator, records, a phase, and a play to judge by; any of them may be empty."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_types, n_actions = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    play = random_play(rng, n_types, n_actions, draw(st.integers(0, 4)), draw(st.sampled_from([0, 1, 2, 7, 60])))
    if draw(st.booleans()):  # the last type is never met on either side
        play = sc.Play(play.actions, np.minimum(play.types, max(n_types - 2, 0)), play.game)
    phase = draw(st.integers(0, play.horizon))
    return rng, play, phase, alike(rng, play, draw(st.integers(0, 6)))


@given(cases(), st.sampled_from([0, 1]))
def test_it_plays_as_the_records_do_and_uniformly_off_them(case, agent):
    _, records, phase, play = case
    policy = oracles.imitator(oracles.records(records), records.game.n_actions, phase, agent)
    imitator = sc.Imitator(records, phase)
    assert_copies(imitator, policy, agent, play)
    assert_copies(imitator, policy, agent, records)  # a second seat of the same imitator


@given(cases(), st.sampled_from([0, 1]))
def test_a_record_teaches_for_as_long_as_it_was_observed(case, agent):
    rng, whole, phase, play = case
    records = gappy(rng, whole)
    policy = oracles.imitator(oracles.records(records), records.game.n_actions, phase, agent)
    assert_copies(sc.Imitator(records, phase), policy, agent, play)
    expected = [
        sum((types[agent], h[:t]) in policy.histories for t in range(len(h))) for types, h in oracles.records(play)
    ]
    assert sc.Imitator(records, phase).followed(play, agent).tolist() == expected


def test_what_was_played_unseen_is_not_copied():
    """A missed move is stored as 0, and nobody takes it for a move."""
    game = sc.games.coordination(2)
    actions, observed = np.ones((2, 2, 3), np.uint8), np.ones((2, 2, 3), bool)
    observed[0, 0, 0] = observed[1, 1, 1] = False  # record 0 misses the AI's first move, 1 the partner's second
    imitator = sc.Imitator(sc.Dataset(actions, np.zeros((3, 2), int), game, observed))
    ai, partner = (imitator.seat(game, agent, np.zeros(1, int), 2) for agent in (0, 1))
    assert ai.policy().T.tolist() == partner.policy().T.tolist() == [[0, 1]]
    counts = [imitator._memories[agent].counts[t][:, 0].tolist() for agent in (0, 1) for t in (0, 1)]
    assert counts == [[0, 2], [0, 2], [0, 3], [0, 1]]


def test_where_no_record_shows_the_move_the_imitator_is_off_its_records():
    game = sc.games.coordination(2)
    observed = np.array([[[True], [True]], [[False], [True]]])
    lonely = sc.Dataset(np.ones((2, 2, 1), np.uint8), [[0, 0]], game, observed)
    told = sc.Imitator(lonely, unseen=sc.Fixed([0.25, 0.75])).seat(game, 0, np.zeros(1, int), 2)
    assert told.policy()[:, 0].tolist() == [0, 1]
    told.observe(np.array([1]), np.array([1]))
    assert told.policy()[:, 0].tolist() == [0.25, 0.75]


@given(cases())
def test_complete_records_are_read_as_if_nothing_could_be_missed(case):
    """The two ways of numbering histories, with and without a mask, agree where nothing that counts is missed."""
    rng, whole, phase, play = case
    more = random_play(rng, whole.game.n_types, whole.game.n_actions, whole.horizon, 1)
    observed = np.concatenate([np.ones(whole.actions.shape, bool), np.zeros(more.actions.shape, bool)], axis=2)
    joined = sc.Play(
        np.concatenate([whole.actions, more.actions], axis=2),
        np.concatenate([whole.types, more.types]),
        play.game,
        observed,
    )
    for agent in (0, 1):
        seats = [
            sc.Imitator(each, phase).seat(play.game, agent, play.types[:, agent], play.horizon)
            for each in (whole, joined)
        ]
        for stage in play.actions:
            np.testing.assert_array_equal(seats[0].policy(), seats[1].policy())
            for seat in seats:
                seat.observe(stage[agent], stage[1 - agent])


@given(cases())
def test_one_imitator_takes_both_sides(case):
    _, records, phase, play = case
    imitator = sc.Imitator(records, phase)
    for agent in (1, 0, 1):
        policy = oracles.imitator(oracles.records(records), records.game.n_actions, phase, agent)
        assert_copies(imitator, policy, agent, play)


@given(cases(), st.sampled_from([0, 1]))
def test_followed_counts_the_stages_after_recorded_histories(case, agent):
    _, records, phase, play = case
    known = oracles.imitator(oracles.records(records), records.game.n_actions, phase, agent).histories
    expected = [sum((types[agent], h[:t]) in known for t in range(len(h))) for types, h in oracles.records(play)]
    found = sc.Imitator(records, phase).followed(play, agent)
    assert found.shape == (play.episodes,)
    assert found.tolist() == expected
    own = sc.Imitator(records, phase).followed(records, agent)
    assert (own == phase).all()


@given(cases(), st.sampled_from([0, 1]))
def test_off_the_records_it_plays_what_it_was_told_to(case, agent):
    _, records, phase, play = case
    mix = np.arange(1.0, records.game.n_actions + 1)
    told, plain = sc.Imitator(records, phase, sc.Fixed(mix / mix.sum())), sc.Imitator(records, phase)
    seats = [s.seat(play.game, agent, play.types[:, agent], play.horizon) for s in (told, plain)]
    followed = plain.followed(play, agent)
    np.testing.assert_array_equal(told.followed(play, agent), followed)
    for stage, actions in enumerate(play.actions):
        expected = np.where(stage < followed, seats[1].policy(), (mix / mix.sum())[:, None])
        np.testing.assert_allclose(seats[0].policy(), expected, atol=1e-12)
        for seat in seats:
            seat.observe(actions[agent], actions[1 - agent])


@given(cases(), st.sampled_from([0, 1]), st.integers(0, 4))
def test_a_selection_of_episodes_goes_on_as_they_would(case, agent, stage):
    rng, records, phase, play = case
    stage = min(stage, play.horizon)
    imitator = sc.Imitator(records, phase)
    seat = imitator.seat(play.game, agent, play.types[:, agent], play.horizon)
    for own, other in play.actions[:stage, [agent, 1 - agent]]:
        seat.observe(own, other)
    before = seat.policy().copy()
    chosen = rng.integers(0, play.episodes, 12)
    taken = seat.take(chosen)
    np.testing.assert_array_equal(taken.policy(), before[:, chosen])
    selection = sc.Play(play.actions[:, :, chosen], play.types[chosen], play.game)
    policy = oracles.imitator(oracles.records(records), play.game.n_actions, phase, agent)
    for t, (own, other) in enumerate(selection.actions[stage:, [agent, 1 - agent]], stage + 1):
        taken.observe(own, other)
        expected = [policy(types[agent], h[:t]) for types, h in oracles.records(selection)]
        np.testing.assert_allclose(taken.policy(), np.transpose(expected), rtol=1e-15, atol=0)
    np.testing.assert_array_equal(seat.policy(), before)  # which went on without it


@given(cases(), st.sampled_from([0, 1]))
def test_branches_are_all_continuations(case, agent):
    _, records, phase, _ = case
    n_actions, n_types = records.game.n_actions, records.game.n_types
    policy = oracles.imitator(oracles.records(records), n_actions, phase, agent)
    seat = sc.Imitator(records, phase).seat(records.game, agent, np.arange(n_types), 3)
    histories = [()]
    for _ in range(3):
        expected = [policy(own_type, history) for own_type in range(n_types) for history in histories]
        np.testing.assert_allclose(seat.policy(), np.transpose(expected), rtol=1e-15, atol=0)
        histories = [(*h, joint) for h in histories for joint in product(range(n_actions), repeat=2)]
        seat = branch(seat, agent)


@given(cases())
def test_episodes_with_equal_memories_have_equal_futures(case):
    _, records, phase, play = case
    seat = sc.Imitator(records, phase).seat(play.game, 0, play.types[:, 0], play.horizon)
    for own, other in play.actions[:2]:
        seat.observe(own, other)
    _, first, group = np.unique(seat.state(), axis=1, return_index=True, return_inverse=True)
    for own, other in play.actions[2:]:
        np.testing.assert_array_equal(seat.policy(), seat.policy()[:, first[group.ravel()]])
        joint = own[first[group.ravel()]], other[first[group.ravel()]]
        seat.observe(*joint)


def test_a_sequence_played_by_hand():
    """Three records of one stage more than is imitated: 0 and then 1 by type 0, 1 by type 1."""
    actions = np.array([[[0, 0, 1], [1, 0, 1]], [[1, 0, 0], [0, 0, 1]], [[1, 1, 1], [1, 1, 1]]], dtype=np.uint8)
    records = sc.Play(actions, np.array([[0, 1], [0, 0], [1, 0]]), sc.games.random_game(2, 3, 0))
    seat = sc.Imitator(records, 2).seat(records.game, 0, np.array([0, 0, 0, 1, 2]), 4)
    np.testing.assert_array_equal(seat.policy()[0], [1, 1, 1, 0, 0.5])
    seat.observe(np.array([0, 0, 1, 1, 1]), np.array([1, 0, 1, 1, 1]))
    np.testing.assert_array_equal(seat.policy()[0], [0, 1, 0.5, 1, 0.5])
    seat.observe(np.array([1, 0, 0, 0, 0]), np.array([0, 0, 0, 1, 0]))
    np.testing.assert_array_equal(seat.policy()[0], np.full(5, 0.5))


def test_what_comes_after_the_phase_does_not_matter():
    rng = np.random.default_rng(0)
    play = random_play(rng, 2, 2, 5, 40)
    short = sc.Play(play.actions[:3], play.types, play.game)
    for agent in (0, 1):
        tables = (sc.imitation.behaviour_tables(imitator, play.game, agent, 5) for imitator in (sc.Imitator(play, 3),
                                                                                     sc.Imitator(short)))  # fmt: skip
        for one, other in zip(*tables, strict=True):
            np.testing.assert_array_equal(one, other)


def test_the_order_of_the_records_and_the_partners_types_do_not_matter():
    rng = np.random.default_rng(1)
    play = random_play(rng, 2, 2, 3, 50)
    order, types = rng.permutation(50), play.types.copy()
    types[:, 1] = rng.integers(0, 2, 50)
    other = sc.Play(play.actions[:, :, order], types[order], play.game)
    for one, two in zip(*(sc.imitation.behaviour_tables(sc.Imitator(each), play.game, 0, 3) for each in (play, other)),
                        strict=True):  # fmt: skip
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(("phase", "agent"), [(2, 0), (6, 1)])
def test_a_hundred_thousand_episodes(phase, agent):
    population = sc.Population([sc.Hedge(2), sc.TitForTat(), sc.Fixed([[0.9, 0.1], [0.2, 0.8]])], [0.4, 0.3, 0.3])
    problem = sc.SocialLearningProblem(sc.games.team_lead(), population, 6)
    records, play = problem.sample(100_000, seed=0, stages=phase), problem.sample(300, seed=1)
    policy = oracles.imitator(oracles.records(records), 2, phase, agent)
    assert_copies(sc.Imitator(records, phase), policy, agent, play)


def test_many_actions_and_long_records_are_told_apart():
    """All 256 actions, at stages so late that numbering every possible history would overflow."""
    rng = np.random.default_rng(2)
    play = random_play(rng, 2, 256, 40, 3000)
    imitator = sc.Imitator(play)
    assert (imitator.followed(play, 0) == 40).all()
    assert (imitator.followed(play, 1) == 40).all()
    actions = play.actions.copy()
    actions[20, 1] ^= 1
    other = sc.Play(actions, play.types, play.game)
    assert (imitator.followed(other) == 21).all()  # no two records share their first twenty stages


def test_playing_an_imitator_of_everything_is_playing_the_records_again():
    """A deterministic pair: the imitator of its only history plays it."""
    play = sc.play(sc.Scripted([0, 1, 1, 0, 1]), sc.Scripted([1, 1, 0]), sc.games.stag_hunt(), (0, 0), 30, 1, seed=0)
    again = sc.play(sc.Imitator(play), sc.Imitator(play), play.game, (0, 0), 30, 20, seed=1)
    np.testing.assert_array_equal(again.actions, np.repeat(play.actions, 20, axis=2))


def test_a_game_of_another_size_is_refused():
    imitator = sc.Imitator(random_play(np.random.default_rng(0), 2, 2, 2, 5))
    for game in (sc.games.random_game(3, 2, 0), sc.games.random_game(2, 1, 0), sc.games.random_game(2, 3, 0)):
        with pytest.raises(ValueError, match="game"):
            imitator.seat(game, 0, np.zeros(3, dtype=int), 2)
        with pytest.raises(ValueError, match="game"):
            imitator.followed(random_play(np.random.default_rng(0), game.n_types, game.n_actions, 2, 5))


@pytest.mark.parametrize("phase", [-1, 4, 10**9, 2**70])
def test_a_phase_beyond_the_records_is_refused(phase):
    with pytest.raises(ValueError, match="phase"):
        sc.Imitator(random_play(np.random.default_rng(0), 1, 2, 3, 5), phase)


def test_no_imitator_takes_more_memory_than_its_records_make_histories():
    """Few histories over a long time: the tables stay small, whatever the number of records."""
    population = sc.Population([sc.Fixed(0), sc.Fixed(1)])
    records = sc.SocialLearningProblem(sc.games.coordination(2), population, 20).sample(50_000, seed=0)
    tracemalloc.start()
    imitator = sc.Imitator(records)
    imitator.followed(sc.Play(records.actions[:, :, :10], records.types[:10], records.game))
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 200_000


# --- what a strategy does after every history

STRATEGIES = [
    sc.Hedge(2),
    sc.TitForTat(),
    sc.GrimTrigger(),
    sc.RegretMatching(),
    sc.Fixed([[0.2, 0.8], [1, 0]]),
    sc.Convention("egalitarian"),
    sc.Population([sc.Hedge(), sc.TitForTat(1), sc.Scripted([0, 1])], [0.2, 0.3, 0.5]),
]


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("strategy", STRATEGIES, ids=repr)
def test_played_from_its_tables_a_strategy_is_the_same(strategy, agent):
    game, partner, horizon = sc.games.random_game(2, 2, 6), sc.Hedge(1), 4
    tables = sc.strategies.Tabular(sc.imitation.behaviour_tables(strategy, game, agent, horizon))
    for types in product((0, 1), repeat=2):
        pairs = [(each, partner)[:: -1 if agent else 1] for each in (strategy, tables)]
        one, other = (sc.history_distribution(*pair, game, types, horizon) for pair in pairs)
        np.testing.assert_allclose(one, other, atol=1e-15)


@given(cases(), st.sampled_from([0, 1]))
def test_the_tables_of_an_imitator_are_its_policies(case, agent):
    _, records, phase, _ = case
    n_types, n_actions = records.game.n_types, records.game.n_actions
    tables = sc.imitation.behaviour_tables(sc.Imitator(records, phase), records.game, agent, 3)
    policy = oracles.imitator(oracles.records(records), n_actions, phase, agent)
    assert [table.shape for table in tables] == [(n_types, n_actions ** (2 * t), n_actions) for t in range(3)]
    for t, table in enumerate(tables):
        for history in product(product(range(n_actions), repeat=2), repeat=t):
            expected = [policy(own_type, history) for own_type in range(n_types)]
            np.testing.assert_allclose(table[:, oracles.index(history, n_actions)], expected, rtol=1e-15)


def test_tables_of_the_first_stages_have_the_whole_horizon_in_mind():
    game = sc.games.random_game(2, 2, 6)
    long = sc.imitation.behaviour_tables(sc.Hedge(), game, 0, 5)
    for phase in (0, 1, 3):
        short = sc.imitation.behaviour_tables(sc.Hedge(), game, 0, phase, horizon=5)
        assert len(short) == phase
        for one, other in zip(short, long, strict=False):
            np.testing.assert_array_equal(one, other)
    assert not np.allclose(sc.imitation.behaviour_tables(sc.Hedge(), game, 0, 3)[2], long[2])


def test_tables_are_copies():
    fixed = sc.Fixed([0.3, 0.7])
    tables = sc.imitation.behaviour_tables(fixed, sc.games.coordination(2), 0, 2)
    tables[0][:] = 0
    np.testing.assert_array_equal(
        sc.imitation.behaviour_tables(fixed, sc.games.coordination(2), 0, 2)[0], [[[0.3, 0.7]]]
    )


@pytest.mark.parametrize(("n_actions", "phase"), [(2, 13), (2, 64), (2, 65), (4, 7), (256, 3), (1, 65), (2, 10**12)])
def test_tables_that_are_too_large_are_refused_before_they_are_made(n_actions, phase):
    tracemalloc.start()
    with pytest.raises(ValueError, match="phase"):
        sc.imitation.behaviour_tables(sc.Fixed(0), sc.games.random_game(n_actions, 1, 0), 0, phase)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
