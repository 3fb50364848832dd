"""When an agreement was broken, as whoever keeps to it finds."""

import numpy as np
import pytest

import socialcoop as sc

AGREEMENTS = {
    "Convention": (sc.Convention(), sc.games.team_lead(), 2),
    "JointSchedule": (sc.strategies.JointSchedule(np.eye(2) / 2), sc.games.coordination(2), 1),
    "Codebook": (sc.Codebook(1, sc.Hedge()), sc.games.conversation(3), 1),
    "BankedRegret": (sc.strategies.BankedRegret(np.eye(2) / 2, 0.0), sc.games.coordination(2), 1),
}


@pytest.mark.parametrize("name", AGREEMENTS)
@pytest.mark.parametrize("agent", [0, 1])
def test_nobody_departs_among_those_who_share_it(name, agent):
    member, game, n_types = AGREEMENTS[name]
    types = np.array(list(np.ndindex(n_types, n_types)))
    met = sc.play(member, member, game, types, 30, len(types), seed=1)
    np.testing.assert_array_equal(member.departure(met, agent), 0)


@pytest.mark.parametrize("stage", [1, 4, 9])
@pytest.mark.parametrize("agent", [0, 1])
def test_the_stage_of_the_first_other_action_is_found(stage, agent):
    """The same departure whoever looks: the schedule alternates, and one side plays the other action once."""
    member, game = sc.strategies.JointSchedule(np.eye(2) / 2), sc.games.coordination(2)
    steps = member.steps(game, 9)
    steps[stage - 1, 0] = 1 - steps[stage - 1, 0]
    met = sc.Play(steps[:, :, None].astype(np.uint8), [[0, 0]], game)
    assert member.departure(met, agent).tolist() == [stage]


def test_every_episode_has_a_departure_of_its_own():
    habit, team = sc.Convention(), sc.games.team_lead()
    actions = np.zeros((5, 2, 3), dtype=np.uint8)
    actions[2, 0, 0] = actions[4, 1, 1] = 1
    assert habit.departure(sc.Play(actions, np.zeros((3, 2), dtype=int), team)).tolist() == [3, 5, 0]
    assert habit.departure(sc.Play(actions[:0], np.zeros((3, 2), dtype=int), team)).tolist() == [0, 0, 0]


FALLBACKS = {
    "Hedge": sc.Hedge(),
    "Hedge with one rate": sc.Hedge(rate=0.3),
    "Hedge with scores": sc.Hedge(rate=400),
    "RegretMatching": sc.RegretMatching(),
    "FictitiousPlay": sc.FictitiousPlay(),
    "Fixed": sc.Fixed([0.3, 0.7]),
    "TitForTat": sc.TitForTat(),  # its seats are not joined
    "a learner of both kinds": sc.Population([sc.Hedge(), sc.RegretMatching()]),
}


@pytest.fixture(params=FALLBACKS.values(), ids=FALLBACKS)
def fallback(request):
    return request.param


@pytest.mark.parametrize("agent", [0, 1])
def test_whoever_leaves_at_whatever_stage_falls_back_as_if_alone(fallback, agent):
    """For every episode, a seat of the fallback is opened by hand at the stage after its departure."""
    game, horizon, episodes = sc.games.team_lead(), 30, 40
    rng = np.random.default_rng(3)
    types, actions = rng.integers(2, size=episodes), rng.integers(2, size=(horizon, 2, episodes))
    actions[:8, :, ::2] = actions[8:10, :, ::3] = 0  # some keep to the convention's first messages for a while
    seat = sc.Convention(fallback=fallback).seat(game, agent, types, horizon)
    alone = [None] * episodes
    for stage, (own, other) in enumerate(actions):
        policy = seat.policy()
        for b in np.flatnonzero(seat.departed >= 0):
            np.testing.assert_array_equal(policy[:, b], alone[b].policy()[:, 0])
            alone[b].observe(own[[b]], other[[b]])
        seat.observe(own, other)
        for b in np.flatnonzero(seat.departed == stage):
            alone[b] = fallback.seat(game, agent, types[[b]], horizon - stage - 1)
    assert len(np.unique(seat.departed)) > 5


def test_those_who_leave_at_many_stages_share_few_seats():
    """An episode leaves at each stage; each seat then has more than twice the episodes of the next one."""
    horizon = 200
    seat = sc.Convention(fallback=sc.Hedge()).seat(sc.games.team_lead(), 1, np.zeros(horizon, dtype=int), horizon)
    own = np.zeros(horizon, dtype=int)
    for stage in range(horizon):
        seat.observe(own, (np.arange(horizon) == stage).astype(int))
    assert (seat.departed[1:] == np.arange(1, horizon)).all()  # the first messages announce the types
    assert len(seat.learning) <= np.log2(horizon)
