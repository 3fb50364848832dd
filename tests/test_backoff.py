"""The imitator that backs off, against a dictionary of all that ever followed each end of a history."""

import copy
import pickle

import imitation_oracles as oracles
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_imitator import alike, gappy, random_play

import socialcoop as sc
from socialcoop.commit.then import COMMITS

BackOff = sc.imitation.BackOffImitator
BEGIN = "the first stage"


def some(play, episodes):
    """Return the first episodes of a play."""
    return sc.Play(play.actions[:, :, :episodes], play.types[:episodes], play.game)


def ends(history, order):
    """Return the ends of a history by length, from 0 on: its last exchanges, or all of it and that it began then."""
    return [history[len(history) - k :] if k <= len(history) else (BEGIN, *history) for k in range(order + 1)]


def back_off(records, n_actions, order, minimum, agent):
    """Return the policy (own type, history) → probabilities, and how long a context it was read from, or None."""
    followers = {}
    for types, history in records:
        for t, joint in enumerate(history):
            if joint[agent] is None or any(None in before for before in history[:t]):
                break
            for end in set(ends(history[:t], order)):
                followers.setdefault((types[agent], end), []).append(joint[agent])

    def policy(own_type, history):
        for k, end in reversed(list(enumerate(ends(history, order)))):
            found = followers.get((own_type, end), [])
            if len(found) >= minimum:
                return [found.count(action) / len(found) for action in range(n_actions)], k
        return [1 / n_actions] * n_actions, None

    return policy


def assert_backs_off(strategy, policy, agent, play):
    """Walk along the episodes of a play, and compare all that the imitator would do with the oracle."""
    seat = strategy.seat(play.game, agent, play.types[:, agent], play.horizon)
    told = oracles.records(play)
    for stage in range(play.horizon + 1):
        expected = [policy(types[agent], history[:stage]) for types, history in told]
        probabilities = np.reshape([each for each, _ in expected], (-1, play.game.n_actions)).T
        np.testing.assert_allclose(seat.policy(), probabilities, rtol=1e-14, atol=0)
        assert seat.covered().tolist() == [k is not None for _, k in expected]
        if stage < play.horizon:
            seat.observe(*play.actions[stage, [agent, 1 - agent]].astype(np.intp))


@st.composite
def cases(draw):
    """Return records, some of their moves missed, and a play to judge by, which may go on for longer."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_types, n_actions = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    play = random_play(rng, n_types, n_actions, draw(st.integers(0, 6)), draw(st.sampled_from([0, 1, 2, 7, 40])))
    if draw(st.booleans()):  # the last type is never met on either side
        play = sc.Play(play.actions, np.minimum(play.types, max(n_types - 2, 0)), play.game)
    longer = alike(rng, play, draw(st.integers(0, 9)))
    return gappy(rng, play) if draw(st.booleans()) else play, longer


@given(cases(), st.sampled_from([0, 1]), st.sampled_from([0, 1, 2, 3, 8]), st.sampled_from([1, 2, 5, 1000]))
def test_it_plays_what_followed_the_longest_end_that_was_seen_often_enough(case, agent, order, minimum):
    records, play = case
    policy = back_off(oracles.records(records), records.game.n_actions, order, minimum, agent)
    assert_backs_off(BackOff(records, order, minimum), policy, agent, play)


@pytest.mark.parametrize("agent", [0, 1])
def test_the_records_of_a_team(agent):
    people = sc.Population([sc.Convention(), sc.Hedge(), sc.Fixed([0.9, 0.1])])
    problem = sc.SocialLearningProblem(sc.games.team_lead(), people, 30)
    records, play = problem.sample(80, seed=1), problem.sample(40, seed=2)
    for order, minimum in ((0, 1), (2, 3), (4, 1), (30, 2)):
        policy = back_off(oracles.records(records), 2, order, minimum, agent)
        assert_backs_off(BackOff(records, order, minimum), policy, agent, play)


@given(cases(), st.sampled_from([0, 1]))
def test_one_that_looks_at_all_is_the_imitator_wherever_that_knows_what_to_do(case, agent):
    records, play = case
    plain, wise = (
        strategy.seat(play.game, agent, play.types[:, agent], play.horizon)
        for strategy in (sc.Imitator(records), BackOff(records, order=records.horizon))
    )
    for stage in play.actions[: records.horizon]:
        known = plain.covered()
        assert wise.covered()[known].all()
        np.testing.assert_allclose(wise.policy()[:, known], plain.policy()[:, known], rtol=1e-14)
        for seat in (plain, wise):
            seat.observe(*stage[[agent, 1 - agent]].astype(np.intp))


def test_a_sequence_played_by_hand():
    """Type 0 plays 0 1 0 1 and type 1 once 2; the partner always 0."""
    actions = np.zeros((4, 2, 2), np.uint8)
    actions[:, 0] = [[0, 2], [1, 2], [0, 2], [1, 2]]
    observed = np.ones(actions.shape, bool)
    observed[1:, :, 1] = False
    records = sc.Dataset(actions, [[0, 0], [1, 0]], sc.games.random_game(3, 3, 0), observed)
    seat = BackOff(records, 1).seat(records.game, 0, np.array([0, 0, 1, 2]), 9)
    assert seat.policy().T.tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 1], [1 / 3] * 3]
    seat.observe(np.array([0, 2, 1, 1]), np.zeros(4, int))
    assert seat.policy().T.tolist() == [[0, 1, 0], [0.5, 0.5, 0], [0, 0, 1], [1 / 3] * 3]
    alone = BackOff(records, 0).seat(records.game, 0, np.array([0, 1, 2]), 9)
    assert alone.policy().T.tolist() == [[0.5, 0.5, 0], [0, 0, 1], [1 / 3] * 3]
    assert BackOff(records, 1, 2).seat(records.game, 0, np.array([1]), 9).policy().T.tolist() == [[1 / 3] * 3]


def test_an_opening_is_told_from_what_looks_like_it_later():
    """The exchange (0, 0) opens and is followed by 1; later it is followed by 0."""
    game, script = sc.games.coordination(2), sc.Scripted([0, 1, 0, 0, 0, 0])
    records = sc.play(script, sc.Fixed(0), game, (0, 0), 6, 1)
    again = sc.play(BackOff(records, 2), sc.Fixed(0), game, (0, 0), 6, 50, seed=0).actions[:, 0]
    assert (again.T == [0, 1, 0, 0, 0, 0]).all()
    blind = sc.play(BackOff(records, 1), sc.Fixed(0), game, (0, 0), 6, 50, seed=0).actions[1, 0]
    assert 0 < blind.mean() < 1


def test_what_a_person_does_who_reads_the_last_exchanges_is_learned_for_any_horizon():
    game = sc.games.prisoners_dilemma()
    records = sc.play(sc.TitForTat(), sc.Fixed([0.5, 0.5]), game, (0, 0), 20, 50, seed=0)
    met = sc.play(BackOff(records, 1), sc.Fixed([0.3, 0.7]), game, (0, 0), 300, 20, seed=1)
    np.testing.assert_array_equal(met.actions[1:, 0], met.actions[:-1, 1])


def test_with_one_action_or_no_stage_there_is_nothing_to_choose():
    game = sc.games.random_game(1, 1, 0)
    records = sc.play(sc.Hedge(), sc.Hedge(), game, (0, 0), 3, 2)
    assert not sc.play(BackOff(records), BackOff(records), game, (0, 0), 5, 4).actions.any()
    assert sc.play(BackOff(some(records, 0)), BackOff(records), game, (0, 0), 0, 4).actions.shape == (0, 2, 4)
    assert BackOff(records).seat(game, 0, np.zeros(0, int), 3).policy().shape == (1, 0)


@pytest.mark.parametrize("agent", [0, 1])
def test_the_exact_distribution_is_the_oracles(agent):
    game, horizon = sc.games.coordination(2), 4
    records = sc.play(sc.Hedge(3), sc.RegretMatching(), game, (0, 0), horizon, 6, seed=3)
    policy = back_off(oracles.records(records), 2, 2, 2, agent)
    pair = [sc.Fixed([0.25, 0.75])] * 2
    pair[agent] = BackOff(records, 2, 2)
    exact = sc.history_distribution(*pair, game, (0, 0), horizon)
    for place in np.ndindex(exact.shape):
        history, chance = tuple(divmod(digit, 2) for digit in place), 1.0
        for t, joint in enumerate(history):
            chance *= policy(0, history[:t])[0][joint[agent]] * (0.25, 0.75)[joint[1 - agent]]
        assert exact[place] == pytest.approx(chance, abs=1e-15)


@pytest.mark.parametrize("commit", COMMITS)
def test_it_can_be_followed_and_then_committed(commit):
    game = sc.games.coordination(2)
    records = sc.play(sc.Fixed([0.3, 0.7]), sc.Fixed([0.5, 0.5]), game, (0, 0), 5, 20, seed=0)
    ai = sc.ThenCommit(BackOff(records, 2), 3, commit)
    exact = sc.history_distribution(ai, sc.Hedge(), game, (0, 0), 5)
    assert exact.sum() == pytest.approx(1)
    met = sc.play(ai, sc.Hedge(), game, (0, 0), 5, 4000, seed=1)
    joint = met.actions[:, 0].astype(int) * 2 + met.actions[:, 1]
    shares = np.zeros(exact.shape)
    np.add.at(shares, tuple(joint), 1 / 4000)
    assert np.abs(shares - exact).sum() / 2 < 0.15


def test_a_careful_commitment_stops_where_even_the_type_is_unknown():
    game = sc.games.team_lead()
    records = sc.play(sc.Fixed(1), sc.Fixed(1), game, (0, 0), 6, 3)
    followed, committed = (
        sc.ThenCommit(BackOff(records), 5, commit).seat(game, 0, np.array([0, 1]), 9)
        for commit in ("mixture", "careful")
    )
    for seat in (followed, committed):
        seat.observe(np.array([1, 1]), np.array([1, 1]))
    assert committed.policy()[1].tolist() == [1, 1]  # type 1 keeps to its first action
    assert followed.policy()[1].tolist() == [1, 0.5]


def test_copies_are_equal_and_play_alike():
    game = sc.games.coordination(2)
    records = sc.play(sc.Hedge(3), sc.RegretMatching(), game, (0, 0), 6, 6, seed=3)
    one = BackOff(records, 2, 2)
    sc.play(one, one, game, (0, 0), 3)
    for other in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one)), BackOff(records, 2, 2)):
        assert other == one
        assert hash(other) == hash(one)
        np.testing.assert_array_equal(*(sc.history_distribution(each, each, game, (0, 0), 3) for each in (one, other)))
    assert len({one, BackOff(records, 2), BackOff(records, 3, 2), BackOff(some(records, 5), 2, 2)}) == 4
    assert "order=2, minimum=2)" in repr(one)


def test_a_game_of_another_size_is_refused():
    ai = BackOff(random_play(np.random.default_rng(0), 2, 2, 2, 5))
    for game in (sc.games.random_game(3, 2, 0), sc.games.random_game(2, 1, 0)):
        with pytest.raises(ValueError, match="game"):
            ai.seat(game, 0, np.zeros(3, dtype=int), 2)


@pytest.mark.parametrize("agent", [0, 1])
def test_all_actions_and_long_records_are_told_apart(agent):
    """All 256 actions, and so many contexts that numbering every possible one would overflow."""
    records = random_play(np.random.default_rng(2), 2, 256, 40, 500)
    seat = BackOff(records, 12).seat(records.game, agent, records.types[:, agent], 40)
    policies = []
    for stage in records.actions:
        policies.append(seat.policy()[stage[agent], np.arange(500)])
        seat.observe(*stage[[agent, 1 - agent]].astype(np.intp))
    # no two records begin with the same two exchanges, so that each is read from itself
    assert (np.array(policies)[2:] == 1).all()
