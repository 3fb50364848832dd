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
