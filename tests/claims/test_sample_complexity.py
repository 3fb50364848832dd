"""The numbers and the words about them in the chapter on how much cheaper it is than imitation."""

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

import socialcoop as sc
from socialcoop.sweep import _FreshData

FOUR_SIGMA = {"confidence": 0.99994, "n_jobs": 1}
SHORT = [8, 12, 16, 20, 24, 30, 40, 50]
TEAM = sc.games.team_lead(("tone", "workload"))
HABIT = sc.SocialLearningProblem(TEAM, sc.Population([sc.Convention()]), None, 200)


@cache
def problem(horizon):
    people = sc.Codebook(challenges=2, fallback=sc.Hedge(), words=3)
    return sc.SocialLearningProblem(sc.games.conversation(8, words=3), sc.Population([people]), None, horizon)


def imitation_loses(horizon, episodes, m=2):
    """Return the proposition's lower bound."""
    known = [1 - (1 - m ** -(t - 1)) ** episodes if t > 1 else 1.0 for t in range(1, horizon + 1)]
    return 5 / 8 * (1 - math.fsum(known) / horizon)


def records_for(horizon, level=0.1):
    return smallest(lambda episodes: 5 / 8 * (1 - known(horizon, episodes)) <= level)


def known(horizon, episodes):
    stages = np.arange(1, horizon)
    return (1 - np.expm1(episodes * np.log1p(-(0.5**stages))).sum()) / horizon


def smallest(enough):
    high = 1
    while not enough(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def test_imitation_loses_half_and_more_and_the_more_the_longer_the_job_and_commitment_does_not_care():
    imitate, commit = {}, {}
    for horizon in (50, 400):
        imitate[horizon] = sc.sweep(problem(horizon), [8], [100], ["imitation"], plays=24, datasets=12, **FOUR_SIGMA)
        commit[horizon] = sc.sweep(problem(horizon), [8], [100], plays=300, datasets=300, **FOUR_SIGMA)
    assert min(found.low.item() for found in imitate.values()) > 0.5
    assert imitate[400].low.item() > imitate[50].high.item()
    assert max(found.high.item() for found in commit.values()) < 0.15
    assert commit[400].regret.item() < commit[50].regret.item() + 0.02


def test_what_imitation_loses_at_least_grows_with_the_horizon():
    found = [imitation_loses(horizon, 100) for horizon in range(1, 401)]
    assert all(short <= long + 1e-15 for short, long in pairwise(found))
    assert found[-1] < 5 / 8


@pytest.mark.parametrize(
    ("horizon", "episodes", "bound"), [(6, 16, 0.113), (8, 64, 0.087), (10, 256, 0.070), (12, 512, 0.099)]
)
def test_the_measured_regret_of_imitation_is_a_little_above_the_bound(horizon, episodes, bound):
    assert imitation_loses(horizon, episodes) == pytest.approx(bound, abs=5e-4)
    survival = sc.bounds.survival(horizon, episodes, 2, n_actions=10**9).mean()
    assert imitation_loses(horizon, episodes) == pytest.approx(5 / 8 * (1 - survival), abs=1e-8)
    found = sc.sweep(problem(horizon), [1], [episodes], ["imitation"], plays=1000, datasets=250, seed=1, **FOUR_SIGMA)
    assert found.high.item() > bound
    assert found.low.item() < bound + 0.03


def test_the_records_for_imitation_double_every_1_20_stages_and_pass_a_million_million():
    needed = [records_for(horizon) for horizon in SHORT]
    assert needed[0] == 55
    assert 10**12 < needed[-1] == pytest.approx(1_749_842_268_921, rel=1e-9)
    assert 1 / np.polyfit(SHORT, np.log2(needed), 1)[0] == pytest.approx(1.20, abs=0.005)


def test_at_the_level_of_three_tenths_they_double_every_1_92_stages():
    needed = [records_for(horizon, level=0.3) for horizon in SHORT]
    assert 1 / np.polyfit(SHORT, np.log2(needed), 1)[0] == pytest.approx(1.92, abs=0.005)
    shares = [1 - level * 8 / 5 for level in (0.1, 0.3)]
    assert shares == pytest.approx([0.84, 0.52])
    assert [1 / share for share in shares] == pytest.approx([1.20, 1.92], abs=0.015)


@pytest.mark.parametrize(("horizon", "plays"), [(50, 500), (400, 300)])
def test_commitment_needs_about_a_hundred_records_and_no_more_at_400_stages(horizon, plays):
    found = sc.sweep(problem(horizon), [8], [20, 160], plays=plays, datasets=plays, seed=2, **FOUR_SIGMA)
    few, many = found.low.ravel()[0], found.high.ravel()[1]
    assert few > 0.1 > many


TABLE = [
    (2, 2, 4, 16, 32, 2e7),
    (4, 8, 17, 16, 36, 2e10),
    (6, 32, 69, 16, 36, 2e13),
    (8, 128, 279, 16, 36, 9e15),
    (10, 512, 1117, 16, 36, 5e18),
]


@pytest.mark.parametrize(("phase", "histories", "records", "habits", "habit_records", "printed"), TABLE)
def test_the_table_of_histories_and_records(phase, histories, records, habits, habit_records, printed):
    for each, shown, needed in ((problem(200), histories, records), (HABIT, habits, habit_records)):
        tree = sc.HistoryTree(each, phase)
        assert tree.reachable == shown
        assert smallest(lambda size, tree=tree: tree.marginal_tv(size) <= 0.1) == needed
    size = 4
    while sc.bounds.lemma_3_6(phase, size, TEAM.n_actions, TEAM.n_types) > 0.1:
        size *= 2
    assert float(f"{size:.0e}") == printed


def test_the_codebooks_price_doubles_with_each_stage_of_the_phase_and_the_conventions_stays():
    prices = [row[2] for row in TABLE]
    assert [long / short for short, long in pairwise(prices)] == pytest.approx([4] * 4, rel=0.07)
    assert len({row[4] for row in TABLE[1:]}) == 1
    for phase in (20, 50):
        assert sc.HistoryTree(HABIT, phase).marginal_tv(36) <= 0.1


def breakfast():
    talkative, _ = sc.announcing_classes()
    guests = np.zeros((3, 3))
    guests[0, 1:] = 1 / 2
    return sc.SocialLearningProblem(sc.games.hidden_taste(0.02), sc.Population([talkative]), guests, 200)


PHASES = [1, 2, 4, 8, 16, 32]
PREDICTED = {"breakfast": [0.56, 0.28, 0.14, 0.07, 0.04, 0.02], "codebook": [0, 0, 0, 0.11, 0.35, 0.49]}


@cache
def predicted_and_measured(name):
    each = breakfast() if name == "breakfast" else problem(200)
    records = each.sample(60, seed=3)
    real = sc.sweep(each, PHASES, [60], plays=600, datasets=600, seed=4, **FOUR_SIGMA)
    return records, sc.predicted_regret(records, PHASES, 200), real


@pytest.mark.parametrize("name", ["breakfast", "codebook"])
def test_the_prediction_is_near_what_is_measured(name):
    _, predicted, real = predicted_and_measured(name)
    assert predicted.round(2).tolist() == pytest.approx(PREDICTED[name])
    assert np.abs(predicted - real.regret.ravel()).max() < 0.1
    assert (predicted - 0.1 < real.high.ravel()).all()
    assert (real.low.ravel() < predicted + 0.1).all()


def test_the_rule_finds_the_long_phase_for_the_one_and_the_short_for_the_other():
    for name, chosen in (("breakfast", 32), ("codebook", 1)):
        records, _, real = predicted_and_measured(name)
        assert sc.choose_phase(records, PHASES, 200) == chosen
        others = [real.low.ravel()[i] for i, phase in enumerate(PHASES) if not 1 / 4 <= phase / chosen <= 4]
        assert real.high.ravel()[PHASES.index(chosen)] < min(others)


def test_with_t_stages_a_share_of_one_in_t_of_what_the_host_may_commit_to_is_the_wrong_dish():
    for phase in (1, 2, 4, 8):
        each = breakfast()
        z = np.zeros((2, 2))
        played = sc.play(each.population, each.population, each.game, (0, 2), phase).actions[:, :, 0]
        np.add.at(z, (played[:, 0], played[:, 1]), 1 / phase)
        weights, mixes = sc.commitment_mixture(z)
        # after the announcement the host serves what the guest likes, who earns next to nothing with the other
        likes = int(each.game.payoffs[2].max(axis=0).argmax())
        assert weights @ mixes[:, 1 - likes] == pytest.approx(1 / phase)


def test_the_prediction_misses_what_the_partners_learning_costs_which_is_the_same_for_phases_that_are_covered():
    _, predicted, real = predicted_and_measured("codebook")
    assert predicted[:3].round(3).tolist() == [0, 0, 0]
    costs = real.regret.ravel()[:3]
    assert (real.low.ravel()[:3] > 0.01).all()
    assert np.ptp(costs) < 0.005


@cache
def held_out():
    others = {}
    for seed in range(3):
        game = sc.games.random_game(3, n_types=3, seed=seed)
        others[f"egalitarian {seed}"] = game, sc.Convention("egalitarian")
        others[f"learners {seed}"] = game, sc.Hedge(rate=0.5)
    slow = [[0, 0, 0], [0, 1, 2], [2, 1, 0], [3, 3, 3]]
    others["slow announcers"] = TEAM, sc.Convention(code=slow)
    return {
        name: sc.SocialLearningProblem(game, sc.Population([member]), None, 100)
        for name, (game, member) in others.items()
    }


@pytest.mark.parametrize("episodes", [10, 100])
@pytest.mark.parametrize("name", held_out())
def test_on_seven_held_out_populations_the_rule_loses_less_than_a_twentieth(name, episodes):
    """Each dataset's choice against any fixed phase, both played with that dataset and each pair of types."""
    each, phases, datasets = held_out()[name], [1, 2, 4, 8, 16], 12
    records = each.sample(datasets * episodes, seed=5, stages=16)
    blocks = [slice(k * episodes, (k + 1) * episodes) for k in range(datasets)]
    chosen = [
        sc.choose_phase(sc.Dataset(records.actions[:, :, block], records.types[block], each.game), phases, 100)
        for block in blocks
    ]
    pairs = np.array(list(np.ndindex(each.game.n_types, each.game.n_types)))
    types = np.tile(pairs, (datasets * 3, 1))
    curve = np.empty((datasets, len(phases)))
    for i, phase in enumerate(phases):
        learner = _FreshData(sc.Dataset(records.actions[:phase], records.types, each.game), datasets, "mixture")
        met = sc.play(learner, each.population, each.game, types, 100, len(types), seed=6)
        curve[:, i] = sc.altruistic_regret(met).reshape(datasets, -1).mean(axis=1) / 100
    picked = curve[np.arange(datasets), [phases.index(phase) for phase in chosen]]
    lost = picked[:, None] - curve
    margin = 4 * lost.std(axis=0, ddof=1) / np.sqrt(datasets)
    assert lost.mean(axis=0).max() < 0.05, (lost.mean(axis=0), margin)


def test_there_are_seven_of_them():
    assert len(held_out()) == 7


def test_with_predictable_people_imitation_to_the_end_is_as_good_or_better():
    found = sc.sweep(HABIT, [8], [100], ["imitation", "mixture"], plays=400, datasets=200, seed=6, **FOUR_SIGMA)
    (imitate, commit), (low, high) = found.regret.ravel(), (found.low.ravel(), found.high.ravel())
    assert imitate < commit
    assert low[0] < -0.090 < high[0]
    assert low[1] < -0.069 < high[1]


def test_a_convention_of_16_types_shows_at_most_256_histories_and_asks_for_942_records():
    words = list(np.ndindex(4, 4))
    game = sc.games.random_game(4, 16, 0)
    assert len(words) == game.n_types
    assert 256 / (0.1 * math.e) == pytest.approx(942, abs=0.5)
    assert sc.bounds.coverage(256, 942) <= 0.1 < sc.bounds.coverage(256, 941)


def test_ten_times_as_many_records_cost_1152_more_and_pay_only_beyond_23000():
    assert 10 * 128 - 128 == 1152
    assert pytest.approx(23_000, rel=0.005) == 1152 / 0.05
    found = sc.sweep(problem(200), [8], [128, 1280], plays=400, datasets=400, seed=3, **FOUR_SIGMA)
    (few, many), (low, high) = found.regret.ravel(), (found.low.ravel(), found.high.ravel())
    assert low[0] < 0.07
    assert high[0] > 0.05
    assert many == pytest.approx(0.02, abs=0.005)
    assert few - many < 0.05 + (high[0] - low[0]) / 2


@pytest.mark.parametrize("m", [2, 3, 5, 10])
def test_with_exponentially_few_records_half_of_what_imitation_could_lose_is_lost(m):
    for horizon in range(4, 121):
        most = int(m ** (horizon / 4) / 4 + 1e-9)
        for episodes in {0, 1, most // 2, most} & set(range(most + 1)):
            stages = np.arange(1, horizon)
            recorded = -np.expm1(episodes * np.log1p(-(float(m) ** -stages)))
            mean = ((episodes > 0) + recorded.sum()) / horizon
            assert 1 - mean >= 0.5
