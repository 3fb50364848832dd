"""How long to imitate: the prediction from the records against a plain leave-one-out replay."""

from itertools import pairwise

import imitation_oracles as oracles
import numpy as np
import pytest

import socialcoop as sc


def plain(dataset, phase, horizon):
    """Return the predicted regret by definition, one record at a time."""
    game, n = dataset.game, dataset.game.n_actions
    records = [(own_type, other_type, list(course)) for (own_type, other_type), course in oracles.records(dataset)]
    total, owed = 0.0, {types: sc.worst_pone(game, types)[1] for types in {record[:2] for record in records}}
    speaking = [k for k, record in enumerate(records) if not any(None in joint for joint in record[2][:phase])]
    for left_out in speaking:
        own_type, other_type, course = records[left_out]
        others = [record for k, record in enumerate(records) if k != left_out]
        table = game.payoffs[other_type].tolist()
        joint = [[0.0] * n for _ in range(n)]  # partner's action, own action
        for stage, (a, b) in enumerate(course[:phase]):
            if any(
                t == own_type and shown[:stage] == course[:stage] and shown[stage][0] is not None
                for t, _, shown in others
            ):
                joint[b][a] += 1
            else:
                for guess in range(n):
                    joint[b][guess] += 1 / n
        during = sum(joint[b][a] * table[b][a] for b in range(n) for a in range(n))
        replies = [max(sum(joint[b][a] * table[r][a] for a in range(n)) for r in range(n)) for b in range(n)]
        total += owed[own_type, other_type] - (during + (horizon - phase) * sum(replies) / phase) / horizon
    return total / len(speaking)


def noise(n_actions, n_types, episodes, stages, seed):
    """Return records of play at random, half of the episodes twice, so that histories recur."""
    rng = np.random.default_rng(seed)
    game = sc.games.random_game(n_actions, n_types, seed)
    actions = rng.integers(n_actions, size=(stages, 2, episodes), dtype=np.uint8).astype(np.uint8)
    types = rng.integers(n_types, size=(episodes, 2), dtype=np.intp)
    half = episodes // 2
    actions[:, :, :half], types[:half, 0] = actions[:, :, episodes - half :], types[episodes - half :, 0]
    return sc.Dataset(actions, types, game)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("n_actions", [1, 2, 3])
def test_the_prediction_is_the_plain_leave_one_out_replay(n_actions, seed):
    dataset = noise(n_actions, 1 + seed % 3, 1 + 2 * seed, 1 + seed % 5, seed)
    for horizon in (dataset.horizon, dataset.horizon + 7, 1000):
        phases = list(range(1, dataset.horizon + 1))
        expected = [plain(dataset, phase, horizon) for phase in phases]
        np.testing.assert_allclose(sc.phase.predicted_regret(dataset, phases, horizon), expected, atol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_the_prediction_is_the_plain_replay_of_the_records_that_show_the_phase(seed):
    rng, whole = np.random.default_rng(seed), noise(1 + seed % 3, 1 + seed % 2, 30, 5, seed)
    observed = rng.random(whole.actions.shape) > 0.1
    observed &= np.arange(5)[:, None, None] < rng.integers(0, 9, 30)
    dataset = sc.Dataset(whole.actions, whole.types, whole.game, observed)
    longest = int(np.logical_and.accumulate(observed.all(axis=1)).sum(axis=0).max())
    phases = list(range(1, longest + 1))
    expected = [plain(dataset, phase, 12) for phase in phases]
    np.testing.assert_allclose(sc.phase.predicted_regret(dataset, phases, 12), expected, atol=1e-12)
    assert sc.choose_phase(dataset, phases, 12) == phases[int(np.argmin(np.round(expected, 9)))]
    if longest < 5:
        with pytest.raises(ValueError, match=rf"phases must be at most {longest}, .*, got {longest + 1}"):
            sc.choose_phase(dataset, [1, longest + 1], 12)


def test_records_without_a_first_stage_tell_nothing():
    blind = sc.Dataset(np.zeros((3, 2, 2), int), [[0, 0]] * 2, sc.games.chicken(), np.zeros((3, 2, 2), bool))
    with pytest.raises(ValueError, match=r"dataset must show both moves of the first stage.*12 move\(s\) not observed"):
        sc.choose_phase(blind, [1], 12)


def test_it_is_the_plain_replay_for_records_of_a_population():
    game = sc.games.team_lead()
    problem = sc.SocialLearningProblem(game, sc.Population([sc.Convention(), sc.Hedge()]), 30)
    records = problem.sample(25, seed=1)
    expected = [plain(records, phase, 30) for phase in (1, 2, 5, 12)]
    np.testing.assert_allclose(sc.phase.predicted_regret(records, [1, 2, 5, 12], 30), expected, atol=1e-12)


def test_one_record_is_replayed_by_guessing():
    game = sc.games.coordination(2)
    lonely = sc.Dataset(np.zeros((4, 2, 1), dtype=np.uint8), [[0, 0]], game)
    # owed 1; a guess is right half of the time, in the phase and, as a mixed action, ever after
    assert sc.phase.predicted_regret(lonely, [1, 4], 10) == pytest.approx([0.5, 0.5])


def test_two_records_alike_are_copied_to_the_end():
    game = sc.games.coordination(2)
    twins = sc.Dataset(np.zeros((4, 2, 2), dtype=np.uint8), [[0, 0], [0, 0]], game)
    assert sc.phase.predicted_regret(twins, [1, 2, 4], 10) == pytest.approx([0, 0, 0])


def test_only_the_own_type_must_be_the_same():
    game = sc.games.battle_of_the_sexes()
    actions = np.zeros((3, 2, 2), dtype=np.uint8)
    same = sc.phase.predicted_regret(sc.Dataset(actions, [[0, 0], [0, 1]], game), [3], 3)
    strangers = sc.phase.predicted_regret(sc.Dataset(actions, [[0, 0], [1, 0]], game), [3], 3)
    # copied: 1 and .5 a stage, owed the other's favourite or more; guessed: half of the payoff
    owed = {types: sc.worst_pone(game, types)[1] for types in np.ndindex(2, 2)}
    assert same == pytest.approx([(owed[0, 0] + owed[0, 1]) / 2 - 0.75])
    assert strangers == pytest.approx([(owed[0, 0] + owed[1, 0]) / 2 - 0.5])


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_phases_and_of_the_records_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    dataset = noise(2, 2, 12, 5, seed)
    order = rng.permutation(12)
    shuffled = sc.Dataset(dataset.actions[:, :, order], dataset.types[order], dataset.game)
    expected = sc.phase.predicted_regret(dataset, [1, 2, 3, 4, 5], 40)
    np.testing.assert_allclose(sc.phase.predicted_regret(shuffled, [4, 1, 5, 4, 2], 40), expected[[3, 0, 4, 3, 1]])


def test_stages_beyond_the_longest_phase_do_not_matter():
    dataset = noise(3, 2, 10, 6, 3)
    short = sc.Dataset(dataset.actions[:2], dataset.types, dataset.game)
    np.testing.assert_allclose(
        sc.phase.predicted_regret(short, [1, 2], 50), sc.phase.predicted_regret(dataset, [1, 2], 50)
    )


def test_the_records_are_left_as_they_are():
    dataset = noise(2, 2, 8, 4, 1)
    actions, types = dataset.actions.copy(), dataset.types.copy()
    sc.phase.predicted_regret(dataset, [1, 4], 9)
    np.testing.assert_array_equal(dataset.actions, actions)
    np.testing.assert_array_equal(dataset.types, types)


def test_more_records_of_a_codebook_never_predict_more_loss_on_average():
    people = sc.Population([sc.Codebook(2)])
    problem = sc.SocialLearningProblem(sc.games.conversation(4), people, 20)
    means = []
    for episodes in (4, 16, 64):
        found = [sc.phase.predicted_regret(problem.sample(episodes, seed, stages=6), [6], 20)[0] for seed in range(12)]
        means.append((np.mean(found), 4 * np.std(found, ddof=1) / np.sqrt(12)))
    for (few, one), (many, other) in pairwise(means):
        assert many + other < few - one


@pytest.mark.parametrize("seed", range(10))
def test_the_phase_chosen_is_that_of_the_least_predicted_regret(seed):
    dataset, phases = noise(2, 2, 10, 5, seed), [3, 1, 5, 2]
    predicted = [plain(dataset, phase, 30) for phase in phases]
    chosen = sc.choose_phase(dataset, phases, 30)
    assert type(chosen) is int
    assert chosen == phases[int(np.argmin(predicted))]


def test_of_equally_good_phases_the_shortest_is_chosen():
    twins = sc.Dataset(np.zeros((4, 2, 2), dtype=np.uint8), [[0, 0], [0, 0]], sc.games.coordination(2))
    assert sc.choose_phase(twins, [4, 2, 3], 10) == 2
    alone = sc.Dataset(np.zeros((4, 2, 3), dtype=np.uint8), [[0, 0]] * 3, sc.games.random_game(1, 1, 0))
    assert sc.choose_phase(alone, [3, 4, 1], 10) == 1
