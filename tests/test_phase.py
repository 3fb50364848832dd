"""How long to imitate: the prediction from the records against a plain leave-one-out replay."""

from itertools import pairwise, product
from math import sqrt
from statistics import fmean, stdev

import imitation_oracles as oracles
import numpy as np
import pytest

import socialcoop as sc


def plain(dataset, phase, horizon, pure=False):
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
        if pure:  # one of the own actions is drawn, and she sees which
            replies = [sum(joint[b][a] for b in range(n)) * max(table[r][a] for r in range(n)) for a in range(n)]
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


@pytest.mark.parametrize("seed", range(6))
def test_the_prediction_for_a_pure_draw_is_the_plain_replay_with_a_reply_to_each_action(seed):
    dataset = noise(1 + seed % 3, 1 + seed % 2, 1 + 3 * seed, 1 + seed % 5, seed)
    phases = list(range(1, dataset.horizon + 1))
    expected = [plain(dataset, phase, 20, pure=True) for phase in phases]
    found = sc.phase.predicted_regret(dataset, phases, 20, commit="pure")
    np.testing.assert_allclose(found, expected, atol=1e-12)
    assert (found <= sc.phase.predicted_regret(dataset, phases, 20) + 1e-12).all()
    assert sc.choose_phase(dataset, phases, 20, commit="pure") == phases[int(np.argmin(np.round(expected, 9)))]


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


# --- what partners would earn, record by record


def plain_stages(tables, records, stages):
    """Return for each record two lists: what the partner earns at each stage, as recorded and if it replied best."""
    n, found = records.game.n_actions, []
    for (own_type, other_type), course in oracles.records(records):
        payoffs, number, during, after = records.game.payoffs[other_type].tolist(), 0, [], []
        for stage, (a, b) in enumerate(course[:stages]):
            policy = tables[stage][own_type, number].tolist()
            during.append(sum(policy[c] * payoffs[b][c] for c in range(n)))
            after.append(sum(policy[c] * max(payoffs[r][c] for r in range(n)) for c in range(n)))
            number = number * n**2 + a * n + b
        found.append((during, after))
    return found


def plain_earnings(tables, records, phase, horizon, since):
    """Return the predicted earnings by definition, one record at a time."""
    return [
        (sum(during) + (horizon - phase) * sum(after[since:]) / (phase - since)) / horizon
        for during, after in plain_stages(tables, records, phase)
    ]


def plain_window(tables, records, phases, horizon):
    """Return the window by the rule, in words: the best phase for the last act, then as long as is not worse."""
    means = {phase: fmean(plain_earnings(tables, records, phase, horizon, phase - 1)) for phase in phases}
    phase = min(phase for phase in phases if means[phase] >= max(means.values()) - 1e-9)
    for since in range(phase):
        falls = [after[-1] - fmean(after[since:]) for _, after in plain_stages(tables, records, phase)]
        error = stdev(falls) / sqrt(len(falls)) if len(falls) > 1 else 0
        if fmean(falls) <= error + 1e-9:
            return since, phase
    raise AssertionError("the last stage alone is no worse than itself")


def tables_for(records, rng, sharp=0.5):
    """Return random tables (types, N^(2t), N) as long as the records."""
    n, k = records.game.n_actions, records.game.n_types
    return [rng.dirichlet(np.full(n, sharp), (k, n ** (2 * t))) for t in range(records.horizon)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n_actions", [1, 2, 3])
def test_the_earnings_are_those_of_plain_loops_over_records_and_stages(n_actions, seed):
    records = noise(n_actions, 1 + seed % 3, 1 + 3 * seed, 4, seed)
    tables = tables_for(records, np.random.default_rng(seed))
    strategy = sc.strategies.Tabular(tables)
    for phase in range(1, 5):
        found = sc.phase.predicted_earnings(strategy, records, phase, 4)
        np.testing.assert_allclose(found, plain_earnings(tables, records, phase, 4, phase - 1), atol=1e-12)
        for since in range(phase):
            found = sc.phase.predicted_earnings(strategy, records, phase, 4, since)
            assert found.shape == (records.episodes,)
            np.testing.assert_allclose(found, plain_earnings(tables, records, phase, 4, since), atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_the_earnings_with_an_imitator_of_other_records_are_those_of_plain_loops(seed):
    records, rng = noise(2, 2, 40, 3, seed), np.random.default_rng(seed)
    other = noise(2, 2, 8, 3, seed + 10)
    trained = sc.Imitator(sc.Dataset(other.actions, other.types, records.game))
    policy = oracles.imitator(oracles.records(other), 2, 3)
    tables = [np.full((2, 4**t, 2), np.nan) for t in range(3)]
    for own_type in (0, 1):
        for t in range(3):
            for history in product(product((0, 1), repeat=2), repeat=t):
                tables[t][own_type, oracles.index(history, 2)] = policy(own_type, history)
    for phase, since in ((1, 0), (3, 2), (3, 0), (2, int(rng.integers(2)))):
        found = sc.phase.predicted_earnings(trained, records, phase, 50, since)
        np.testing.assert_allclose(found, plain_earnings(tables, records, phase, 50, since), atol=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_the_window_is_that_of_the_rule_in_words(seed):
    rng, n = np.random.default_rng(seed), 2 + seed % 2
    whole = noise(n, 1 + seed % 2, (1, 2, 5, 30, 100)[seed % 5], 4, seed)
    game = sc.games.random_game(n, whole.game.n_types, rng, (None, 2)[seed % 3 == 0])
    records = sc.Dataset(whole.actions, whole.types, game)
    tables = tables_for(records, rng, (0.5, 0.05)[seed % 4 == 0])
    phases = [int(phase) for phase in rng.permutation([1, 2, 3, 4, 4])[: 2 + seed % 4]]
    horizon = (4, 5, 200)[seed % 3]
    strategy = Endless(sc.strategies.Tabular(tables))
    found = sc.phase.choose_window(strategy, records, phases, horizon)
    assert found == plain_window(tables, records, phases, horizon)
    assert list(map(type, found)) == [int, int]
    assert found == sc.phase.choose_window(strategy, records, sorted(phases), horizon)


class Endless(sc.Strategy):
    """Sits down for as long as the tables reach, whatever the horizon."""

    def __init__(self, tables):
        self.tables = tables

    def seat(self, game, agent, types, horizon):
        return self.tables.seat(game, agent, types, len(self.tables.tables))


def test_windows_of_many_kinds_are_among_those_tested():
    """Long and short ones, at phases of all lengths: the rule above is not tried on one answer alone."""
    found = set()
    for seed in range(30):
        records = noise(2, 1, 20, 4, seed)
        strategy = Endless(sc.strategies.Tabular(tables_for(records, np.random.default_rng(seed))))
        found.add(sc.phase.choose_window(strategy, records, [1, 2, 3, 4], 100))
    assert {phase for _, phase in found} == {1, 2, 3, 4}
    assert {since for since, _ in found} >= {0, 1, 2, 3}


def test_of_equally_good_phases_the_shortest_is_the_end_of_the_longest_window():
    twins = sc.Dataset(np.zeros((4, 2, 2), dtype=np.uint8), [[0, 0], [0, 0]], sc.games.coordination(2))
    assert sc.phase.choose_window(sc.Fixed(0), twins, [4, 2, 3], 10) == (0, 2)
    assert sc.phase.choose_window(sc.Scripted([1, 0, 0, 0]), twins, [4, 3], 10) == (0, 3)  # both pay 1 in the end


def game_of_prices():
    """Return a game whose actions pay a partner that replies as best it can 1, .6, and .1."""
    return sc.Game([[1.0, 0.6, 0.1], [0.0, 0.6, 0.1], [0.0, 0.0, 0.1]])


def test_one_record_has_no_error_to_allow_for():
    alone = sc.Dataset(np.zeros((4, 2, 1), dtype=np.uint8), [[0, 0]], game_of_prices())
    assert sc.phase.choose_window(sc.Scripted([1, 2, 0, 0]), alone, [4, 1, 3], 10**6) == (2, 3)
    assert sc.phase.choose_window(sc.Scripted([1, 2, 0, 0]), alone, [1, 2], 10**6) == (0, 1)
    assert sc.phase.choose_window(sc.Scripted([0, 0, 1, 1]), alone, [3, 4], 10**6) == (0, 3)


def test_a_window_costs_no_more_than_a_standard_error():
    """Of 16 records, some do worse at first, as their types tell the strategy: one is within it, and two are not."""
    game = sc.Game(np.tile(game_of_prices().payoffs, (2, 1, 1)))
    strategy = sc.Scripted([[0, 0], [1, 0]])
    for worse in range(4):
        types = np.array([[k < worse, 0] for k in range(16)], dtype=np.intp)
        records = sc.Dataset(np.zeros((2, 2, 16), dtype=np.uint8), types, game)
        falls = [0.2 * (k < worse) for k in range(16)]
        longest = fmean(falls) <= stdev(falls) / 4 + 1e-9  # with one of them both are the same
        assert longest == (worse < 2)
        assert sc.phase.choose_window(strategy, records, [2], 10) == (0 if longest else 1, 2)


@pytest.mark.parametrize("stage", range(3))
def test_earnings_are_told_of_stages_that_were_observed(stage):
    observed = np.ones((3, 2, 5), bool)
    observed[stage, stage % 2, 4] = False
    records = sc.Dataset(np.zeros((3, 2, 5), dtype=np.uint8), [[0, 0]] * 5, sc.games.coordination(2), observed)
    for phase in (1, 2, 3):
        if phase > stage:
            said = rf"records must show every move of the first {phase} stages, got .*1 move\(s\) not observed"
            with pytest.raises(ValueError, match=said):
                sc.phase.predicted_earnings(sc.Fixed(0), records, phase, 9)
            with pytest.raises(ValueError, match=said):
                sc.phase.choose_window(sc.Fixed(0), records, [phase, 1], 9)
        else:
            assert sc.phase.predicted_earnings(sc.Fixed(0), records, phase, 9).tolist() == [1] * 5
            assert sc.phase.choose_window(sc.Fixed(0), records, [1, phase], 9) == (0, 1)


def test_records_are_long_enough_and_there_is_one():
    records = noise(2, 1, 3, 3, 0)
    none = sc.Dataset(np.zeros((3, 2, 0), dtype=np.uint8), np.zeros((0, 2), int), records.game)
    with pytest.raises(ValueError, match="records must hold at least one episode of at least one stage"):
        sc.phase.predicted_earnings(sc.Fixed(0), none, 1, 9)
    with pytest.raises(ValueError, match="phase must be an integer from 1 to 3, got 4"):
        sc.phase.predicted_earnings(sc.Fixed(0), records, 4, 9)
    with pytest.raises(ValueError, match="phases must be an integer from 1 to 2, got 3"):
        sc.phase.choose_window(sc.Fixed(0), records, [1, 3], 2)
    with pytest.raises(ValueError, match="since must be an integer from 0 to 1, got 2"):
        sc.phase.predicted_earnings(sc.Fixed(0), records, 2, 9, since=2)


@pytest.mark.parametrize(
    ("people", "game"),
    [
        (sc.Convention(), sc.games.team_lead()),
        (sc.strategies.VariedTeam("rota", fallback=sc.Hedge()), sc.games.varied_team(ways=3)),
    ],
    ids=["Convention", "VariedTeam"],
)
@pytest.mark.parametrize(("phase", "since"), [(1, 0), (3, 2), (8, 0), (8, 4)])
def test_where_nothing_departs_they_earn_what_is_predicted_but_for_the_price_of_learning(people, game, phase, since):
    """Members play on as members until they commit: both means within 4 standard errors, and the partner's regret."""
    horizon, delta = 2000, 0.01
    problem = sc.SocialLearningProblem(game, people, horizon)
    predicted = sc.phase.predicted_earnings(people, problem.sample(2000, seed=1, stages=8), phase, horizon, since)
    ai = sc.ThenCommit(people, phase, "pure", since)
    types = problem.sample_types(400, seed=2)
    earned = sc.play(ai, people, game, types, horizon, 400, seed=3).payoffs(1).mean(axis=0)
    error = 4 * np.hypot(predicted.std() / sqrt(2000), earned.std() / sqrt(400))
    price = next(e for e in np.linspace(0, 0.2, 101) if people.certificate(game, horizon, e) <= delta)
    assert price < 0.15
    assert predicted.mean() - price - delta - error <= earned.mean() <= predicted.mean() + error
