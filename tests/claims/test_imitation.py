"""The numbers and the words about them in the chapter on how much data imitation needs."""

import re
from itertools import product
from math import comb

import imitation_oracles as oracles
import numpy as np
import pytest
from scipy.stats import binom

import socialcoop as sc

OFFICE = sc.SocialLearningProblem(sc.games.coordination(2), sc.Population([sc.Fixed([0.5, 0.5])]), 1)
PHASES = (1, 2, 3, 4, 6)
NAMES = ("a codebook", "a convention", "improvisers")


def code_agent(phase, seed=1, called=0.5):
    """Return the tables of one who owes a fixed answer to random calls, each 1 with probability ``called``."""
    rng = np.random.default_rng(seed)
    p = [np.eye(2)[rng.integers(2, size=(1, 4**t))] for t in range(phase)]
    return p, [np.tile([1 - called, called], (1, 4**t, 1)) for t in range(phase)]


def tree_of(population, phase, n_actions=3):
    talk, loaded = sc.games.conversation(n_actions), [0.7, 0.3] + [0] * (n_actions - 2)
    game, member = {
        "a codebook": (talk, sc.Codebook(challenges=2)),
        "a convention": (sc.games.random_game(n_actions, 2, 1), sc.Convention()),
        "improvisers": (talk, sc.Fixed(loaded)),
    }[population]
    return sc.HistoryTree(sc.SocialLearningProblem(game, sc.Population([member]), phase), phase)


def episodes_until(bound, level):
    """Return the smallest K from 2 on at which a falling bound is below the level."""
    high = 2
    while bound(high) >= level:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if bound(middle) < level else (middle, high)
    return high


# --- a team of whom one in five just learns


def test_conventional_conversations_are_learned_quickly_and_the_others_hardly_at_all():
    """Means over eight sets of records and more; their standard errors are .6 stages at most."""
    game = sc.games.team_lead(("tone", "workload"))
    welfare, learner = sc.Convention("welfare"), sc.Hedge(rate=2)
    team = sc.Population([welfare, learner], weights=[0.8, 0.2])
    problem = sc.SocialLearningProblem(game, team, horizon=30)
    assert (game.n_types, game.n_actions) == (4, 4)

    def followed(episodes, member, ai=None, sets=8):
        """Return the mean stages that the data last, and how often to the end, for each set of records."""
        rows = []
        for seed in range(sets):
            assistant = sc.Imitator(problem.sample(episodes, seed))
            types = problem.sample_types(200, seed + 100)
            stages = assistant.followed(sc.play(ai or assistant, member, game, types, 30, 200, seed + 200))
            rows.append((stages.mean(), (stages == 30).mean()))
        return np.array(rows)

    few, some, many = (followed(*setting) for setting in ((10, team), (100, team, None, 12), (1000, team)))
    assert few[:, 0].mean() < 13 < 18 < some[:, 0].mean()
    assert abs(some[:, 0].mean() - many[:, 0].mean()) < 2.5
    assert abs(some[:, 1].mean() - many[:, 1].mean()) < 0.1
    assert many[:, 0].mean() == pytest.approx(21.5, abs=1)
    assert many[:, 1].mean() == pytest.approx(0.68, abs=0.05)
    # two of the convention play out histories that all sets of a thousand records hold
    assert followed(100, welfare, welfare)[:, 1].mean() > 0.9
    assert followed(1000, welfare, welfare)[:, 1].min() == 1
    assert followed(1000, learner)[:, 1].mean() < 0.12


# --- trained and marginal


@pytest.mark.parametrize("episodes", [1, 2, 10, 1000])
def test_on_average_a_coin_is_imitated_perfectly_and_by_one_model_never(episodes):
    coin = [np.full((1, 1, 2), 1 / 2)]
    assert sc.marginal_tv(coin, coin, episodes) == pytest.approx(0, abs=1e-15)
    mean = sum(comb(episodes, k) / 2**episodes * abs(k / episodes - 1 / 2) for k in range(episodes + 1))
    assert mean > 0
    tree = sc.HistoryTree(OFFICE, phase=1)
    found = tree.sample_tv(episodes, datasets=4000, seed=1)
    assert abs(found.mean() - mean) <= 4 * found.std() / np.sqrt(4000) + 1e-12
    if episodes == 1:
        assert (found == 1 / 2).all()


def small_cases():
    """Yield tables of two behaviour strategies, uneven, with N = 2, up to 2 types and 2 stages, and a K."""
    for seed in range(24):
        rng = np.random.default_rng(seed)
        types, stages = 1 + seed % 2, 1 + seed // 2 % 2
        p, q = ([rng.dirichlet([0.5, 0.5], (types, 4**t)) for t in range(stages)] for _ in range(2))
        yield p, q, np.full(types, 1 / types), int(rng.integers(1, 3 if types * stages == 4 else 4))


def distance(chances, others, policy):
    """Return the total variation between a population's outcomes and those with ``policy`` in its place."""
    return sum(max(c - others[o] * oracles.copied(policy, *o), 0) for o, c in chances.items())


def over_datasets(p, q, weights, episodes, policy_of):
    """Return the distance of the mean model, and the mean distance of models, over all datasets."""
    chances = oracles.chances_of_tables(p, q, weights)
    # nobody sees the partner's last action: one of them stands for all
    phase = len(p)
    shorter = {}
    for (own_type, history), chance in chances.items():
        key = (own_type, (*history[:-1], (history[-1][0], 0)))
        shorter[key] = shorter.get(key, 0) + chance
    others = oracles.others_share(shorter)
    models, total = dict.fromkeys(shorter, 0.0), 0.0
    for chosen, orders in oracles.datasets(list(shorter), episodes):
        weight = orders * np.prod([shorter[outcome] for outcome in chosen])
        policy = policy_of([((own_type, None), history) for own_type, history in chosen], phase)
        total += weight * distance(shorter, others, policy)
        for own_type, history in shorter:
            models[own_type, history] += weight * others[own_type, history] * oracles.copied(policy, own_type, history)
    return sum(max(chance - models[outcome], 0) for outcome, chance in shorter.items()), total


def test_the_marginal_distance_never_exceeds_the_mean_distance_of_trained_imitators():
    for p, q, weights, episodes in small_cases():
        marginal, trained = over_datasets(p, q, weights, episodes, lambda r, phase: oracles.imitator(r, 2, phase))
        assert sc.marginal_tv(p, q, episodes) == pytest.approx(marginal, abs=1e-12)
        assert marginal <= trained + 1e-12


def test_the_missing_mass_bounds_whatever_is_done_where_the_records_end():
    def stubborn(records, phase):
        copies = oracles.imitator(records, 2, phase)

        def policy(own_type, history):
            if (own_type, history) in copies.histories:
                return copies(own_type, history)
            return [1, 0] if (own_type + len(history) + sum(map(sum, history))) % 2 else [0.1, 0.9]

        return policy

    further = 0
    for p, q, weights, episodes in small_cases():
        marginal, _ = over_datasets(p, q, weights, episodes, stubborn)
        assert marginal <= sc.missing_mass(p, q, episodes) + 1e-12
        further += marginal > sc.marginal_tv(p, q, episodes) + 1e-6
    assert further > 3  # it does differ from the uniform one


def test_the_imitator_follows_one_demonstration():
    """Both sides of the recursion, for random F, over all ways in which n records go on."""
    for seed in range(30):
        rng = np.random.default_rng(seed)
        n, p, q = int(rng.integers(1, 8)), rng.random(), rng.random()
        value = rng.random(n + 1)
        left = 0.0
        for both in range(n + 1):  # records that show a and b
            for only in range(n + 1 - both):  # and those that show a and not b
                ways = comb(n, both) * comb(n - both, only)
                chance = (p * q) ** both * (p * (1 - q)) ** only * (1 - p) ** (n - both - only)
                left += ways * chance * (both + only) / n * value[both]
        binomial = [comb(n - 1, y) * (p * q) ** y * (1 - p * q) ** (n - 1 - y) for y in range(n)]
        right = p * sum(w * (q * value[1 + y] + (1 - q) * value[y]) for y, w in enumerate(binomial))
        assert left == pytest.approx(right, abs=1e-12)


@pytest.mark.parametrize(("episodes", "tv"), [(1, 1 / 4), (2, 1 / 8), (10, 2**-11)])
def test_the_smallest_case_by_hand(episodes, tv):
    assert sc.marginal_tv(*code_agent(2), episodes) == pytest.approx(tv, abs=1e-15)
    assert pytest.approx(0.000488, abs=5e-7) == 2**-11


def test_a_type_that_the_records_lack_is_part_of_the_missing_mass():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        weights = rng.dirichlet([1, 1, 1])
        p, q = ([rng.dirichlet([1, 1], (3, 4**t)) for t in range(3)] for _ in range(2))
        for episodes in (1, 10, 100):
            lacking = (weights * (1 - weights) ** episodes).sum()
            assert sc.missing_mass(p, q, episodes, weights) >= lacking


# --- the lemma as printed


def test_for_one_record_the_printed_lemma_is_false():
    assert sc.bounds.lemma_3_6(2, 1, 2, 1) == 0 < sc.marginal_tv(*code_agent(2), 1)


def test_the_table_of_what_the_printed_bound_gives_away():
    """For each phase: TV at 10, then the K at which printed < 1, and at which TV, R/(eK) and printed are < 0.1."""
    rows = []
    for phase in (1, 2, 3, 4):
        tables = code_agent(phase)

        def printed(episodes, phase=phase):
            return sc.bounds.lemma_3_6(phase, episodes, 2, 1)

        def exact(episodes, tables=tables):
            return sc.marginal_tv(*tables, episodes)

        def coverage(episodes, phase=phase):
            return sc.bounds.coverage(2 ** (phase - 1), episodes)

        needed = [episodes_until(bound, 0.1) for bound in (exact, coverage, printed)]
        rows.append([exact(10), episodes_until(printed, 1), *needed])
    np.testing.assert_allclose([row[0] for row in rows], [0, 0.000488, 0.028401, 0.145738], atol=5e-7)
    assert [row[1:] for row in rows] == [
        [68, 2, 4, 1124],
        [1938, 3, 8, 26_028],
        [23_156, 6, 15, 289_771],
        [199_983, 13, 30, 2_407_480],
    ]
    asked = np.array([(row[1], row[4]) for row in rows])
    assert (asked[1:] >= 8 * asked[:-1]).all()  # a factor of eight or more with each stage


def test_one_trained_model_of_a_coin_is_above_the_printed_bound_for_all_large_sizes():
    """Its mean distance is that of a binomial, exactly E|X - K/2| / K = C(K, K/2) / 2^(K+1)."""
    found = sc.HistoryTree(OFFICE, 1).sample_tv(10**6, datasets=400, seed=3)
    expected = 1 / np.sqrt(2 * np.pi * 10**6)  # Stirling
    assert abs(found.mean() - expected) < 4 * found.std() / 20
    assert comb(1000, 500) / 2**1001 == pytest.approx(1 / np.sqrt(2 * np.pi * 1000), rel=1e-3)
    assert expected == pytest.approx(4e-4, abs=5e-6)
    assert sc.bounds.lemma_3_6(1, 10**6, 2, 1) == pytest.approx(2.2e-4, abs=5e-6)
    for size in 10 ** np.arange(6, 16):
        assert 1 / np.sqrt(2 * np.pi * size) > sc.bounds.lemma_3_6(1, int(size), 2, 1)


def test_an_imitator_of_pairs_of_types_is_above_the_printed_bound_at_half_as_many_records_as_pairs():
    """By hand: unless a record shows its pair it errs in half of the cases. Checked over all datasets of 2 types."""

    def told(types, episodes):
        return (1 - 1 / types**2) ** episodes / 2

    pairs = list(product(range(2), repeat=2))
    for episodes in (0, 1, 2, 4):
        wrong = [sum(pair not in records for pair in pairs) / 4 / 2 for records in product(pairs, repeat=episodes)]
        assert np.mean(wrong) == pytest.approx(told(2, episodes))
    assert told(3000, 3000**2 // 2) == pytest.approx(0.30, abs=0.005)
    assert sc.bounds.lemma_3_6(1, 3000**2 // 2, 2, 3000) == pytest.approx(0.16, abs=0.005)
    for types in (2000, 10_000, 10**6):
        assert told(types, types**2 // 2) > sc.bounds.lemma_3_6(1, types**2 // 2, 2, types)


# --- everything on one picture


SIZES = np.array([1, 10, 100])
WORDS = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


def needs(words):
    """Return how many records a sentence says that one trained model takes, and that the printed bound asks for."""
    own = re.search(r"takes (?:about )?([\d,]+|one) record", words)[1]
    printed = re.search(r"asks for ([\d.,]+)(?: (\w+))? \(", words)
    number = float(printed[1].replace(",", "")) * WORDS.get(printed[2], 1)
    return 1 if own == "one" else int(own.replace(",", "")), number


def test_the_figure_for_a_codebook_of_four_stages_and_ten_records():
    update = sc.plots.imitation_distance(tree_of, SIZES).update
    words = update(population="a codebook", phase=4, episodes=10, n_actions=3)
    assert (
        "With K = 10 records one trained model is 0.172 away (the mean of 40), and with fresh records each time 0.188."
        in words
    )
    assert "(T̃ = 4, N = 3, 8 histories)" in words
    assert needs(words) == (14, 180e6)


@pytest.mark.parametrize("population", ["a codebook", "a convention", "improvisers"])
@pytest.mark.parametrize("phase", [1, 2, 4])
def test_the_figure_tells_where_distance_and_printed_bound_come_below_a_tenth(population, phase):
    """Of 4,000 models, the mean distance is above it at a fifth fewer records, and below at a fifth more."""
    words = sc.plots.imitation_distance(tree_of, SIZES).update(
        population=population, phase=phase, episodes=10, n_actions=4
    )
    own, printed = needs(words)
    tree = tree_of(population, phase, 4)
    near = [tree.sample_tv(size, 4000, seed=9).mean() for size in (4 * own // 5, -(-6 * own // 5))]
    assert near[1] < 0.1
    assert own == 1 or near[0] > 0.1
    bound = [sc.bounds.lemma_3_6(phase, int(size * printed), 4, tree.problem.game.n_types) for size in (0.9, 1.1)]
    assert bound[0] > 0.1 > bound[1]


@pytest.mark.parametrize("population", ["a codebook", "a convention", "improvisers"])
def test_more_actions_move_the_distances_by_less_than_a_factor_of_three_and_the_masses_not_at_all(population):
    for phase in (1, 2, 4, 6):
        trees = [tree_of(population, phase, n_actions) for n_actions in (3, 4, 6, 9)]
        assert len({tree.reachable for tree in trees}) == 1
        for episodes in (1, 10, 100, 1000):
            far = [tree.marginal_tv(episodes) for tree in trees]
            assert max(far) <= 3 * min(far)
            assert np.ptp([tree.missing_mass(episodes) for tree in trees]) < 1e-12


@pytest.mark.parametrize("phase", [2, 4, 6])
def test_with_a_codebook_the_trained_imitators_are_on_average_as_far_as_the_marginal_one(phase):
    """Within four standard errors of 4,000 models."""
    tree = tree_of("a codebook", phase)
    for episodes in (1, tree.reachable, 3 * tree.reachable):
        found = tree.sample_tv(episodes, 4000, seed=phase)
        assert abs(found.mean() - tree.marginal_tv(episodes)) <= 4 * found.std(ddof=1) / np.sqrt(4000) + 1e-12


def test_with_a_codebook_the_coverage_bound_is_nearly_tight_where_records_are_as_many_as_histories():
    for phase in (3, 4, 6, 8):
        tree = tree_of("a codebook", phase)
        tight = tree.missing_mass(tree.reachable) / sc.bounds.coverage(tree.reachable, tree.reachable)
        assert 0.85 < tight <= 1
        away = tree.missing_mass(10 * tree.reachable) / sc.bounds.coverage(tree.reachable, 10 * tree.reachable)
        assert away < 0.01


@pytest.mark.parametrize("n_actions", [3, 6])
def test_with_a_convention_the_length_does_not_matter_once_types_are_announced(n_actions):
    trees = [tree_of("a convention", phase, n_actions) for phase in PHASES[1:]]
    assert {tree.reachable for tree in trees} == {4}
    for episodes in (1, 3, 10, 30):
        masses = [tree.missing_mass(episodes) for tree in trees]
        assert masses == pytest.approx([masses[0]] * len(trees), abs=1e-15)
        distances = [tree.marginal_tv(episodes) for tree in trees]
        assert (np.diff(distances) > 0).all()
        assert 0.99 * masses[0] < distances[-1] < masses[0]
    printed = [sc.bounds.lemma_3_6(tree.phase, 10**15, n_actions, 2) for tree in trees]
    assert printed[-1] > 1e4 * printed[0]


@pytest.mark.parametrize("phase", [1, 2, 4])
def test_one_model_of_improvisers_is_on_a_line_of_slope_one_half_and_the_blue_curve_dives(phase):
    """1,000 models for each K; the slope is within four standard errors, that is .01 or so."""
    tree, sizes = tree_of("improvisers", phase), np.logspace(5, 8, 7).astype(int)
    found = [tree.sample_tv(size, 1000, seed=number) for number, size in enumerate(sizes)]
    x = np.log(sizes) - np.log(sizes).mean()
    weights = x / (x @ x)
    errors = [each.std(ddof=1) / np.sqrt(1000) / each.mean() for each in found]
    error = 4 * np.sqrt(weights**2 @ np.square(errors))
    assert abs(weights @ [np.log(each.mean()) for each in found] + 1 / 2) < error < 0.03
    assert tree.marginal_tv(int(sizes[0])) < 1e-9


def test_one_model_of_improvisers_stays_far_from_the_truth_longest():
    for episodes in (100, 1000, 10**5):
        far = {name: tree_of(name, 4).sample_tv(episodes, 400, seed=0).mean() for name in NAMES}
        assert far["improvisers"] > 5 * max(far["a codebook"], far["a convention"])


@pytest.mark.parametrize("population", NAMES)
def test_the_number_of_actions_moves_the_printed_bound_by_orders_of_magnitude_and_distances_by_less_than_two(
    population,
):
    """Bounds on missing mass not at all; distances by the luck of guessing, where histories are missing."""
    for phase in PHASES:
        few, many = (tree_of(population, phase, n_actions) for n_actions in (3, 6))
        assert few.reachable == many.reachable
        for episodes in (1, 3, 10, 100, 10**4):
            assert few.missing_mass(episodes) == pytest.approx(many.missing_mass(episodes), abs=1e-14)
            tvs = few.marginal_tv(episodes), many.marginal_tv(episodes)
            assert tvs[0] - 1e-12 <= tvs[1] <= 2 * tvs[0] + 1e-12
            if population != "improvisers":
                assert tvs[1] <= 1.25 * tvs[0] + 1e-12
        types = few.problem.game.n_types
        printed = [sc.bounds.lemma_3_6(phase, 10**15, n_actions, types) for n_actions in (3, 6)]
        assert printed[1] == pytest.approx(4 ** (phase + 1) * printed[0])  # 16 to 16,384 times


# --- three rates


def test_the_hardest_codebook_is_at_three_quarters_of_the_bound():
    """The rest is luck: a last guess in three is right, and some of those before it as well."""
    ratios = []
    for phase in (4, 7, 10, 13):
        tree = tree_of("a codebook", phase)
        assert tree.reachable == 2 ** (phase - 1)
        ratios.append(tree.marginal_tv(tree.reachable) / sc.bounds.coverage(tree.reachable, tree.reachable))
        assert tree.missing_mass(tree.reachable) <= sc.bounds.coverage(tree.reachable, tree.reachable)
    assert ratios == pytest.approx([0.684, 0.744, 0.751, 0.752], abs=5e-4)


def test_ten_times_the_records_leave_one_model_a_third_of_the_distance():
    """4,000 models for each K: four standard errors."""
    tree = tree_of("improvisers", 2)
    found = [tree.sample_tv(size, 4000, seed=size) for size in (100, 1000, 10_000, 100_000)]
    means = np.array([each.mean() for each in found])
    errors = np.array([each.std(ddof=1) for each in found]) / np.sqrt(4000)
    shares = means[1:] / means[:-1]
    relative = 4 * np.sqrt((errors[1:] / means[1:]) ** 2 + (errors[:-1] / means[:-1]) ** 2)
    assert (np.abs(shares - 10**-0.5) < 10**-0.5 * relative + 0.01).all()
    assert means * np.sqrt([1e2, 1e3, 1e4, 1e5]) == pytest.approx([0.82] * 4, abs=0.03)


# --- one trained imitator


def for_one(p, q, episodes, weights):
    """Return the proposition's bound, and its first sum, history by history."""
    n = p[0].shape[2]
    missing = coins = 0.0
    for own_type, weight in enumerate(weights):
        for stage in range(len(p)):
            for history in product(range(n * n), repeat=stage):
                chance, number = weight, 0
                for t, joint in enumerate(history):
                    chance *= p[t][own_type, number, joint // n] * q[t][own_type, number, joint % n]
                    number = number * n * n + joint
                choices = np.count_nonzero(p[stage][own_type, number])
                coins += np.sqrt(chance * (choices - 1) / (2 * (episodes + 1)))
                if stage == len(p) - 1:
                    missing += chance * (1 - chance) ** episodes
    return missing + coins, missing


def test_the_mean_distance_of_trained_imitators_is_at_most_the_bound_for_one():
    """Over all datasets, for uneven tables and for some in which the AI's side is certain at some histories."""
    ratios = []
    for p, q, weights, episodes in small_cases():
        certain = [np.where(table.max(axis=2, keepdims=True) > 0.9, table.round(), table) for table in p]
        for own in (p, certain):
            _, trained = over_datasets(own, q, weights, episodes, lambda r, phase: oracles.imitator(r, 2, phase))
            bound, missing = for_one(own, q, episodes, weights)
            assert missing == pytest.approx(sc.missing_mass(own, q, episodes, weights))
            assert trained <= bound + 1e-12
            ratios.append(trained / bound if bound else 0)
    assert max(ratios) > 0.4


@pytest.mark.parametrize("chance", [0.001, 0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("episodes", [0, 1, 3, 30, 400])
def test_the_two_steps_of_the_proof(chance, episodes):
    n = np.arange(1, episodes + 1)
    weights = binom.pmf(n, episodes, chance)
    assert (weights / n).sum() <= 2 * (1 - (1 - chance) ** (episodes + 1)) / ((episodes + 1) * chance) + 1e-12
    assert (weights / np.sqrt(n)).sum() ** 2 <= (weights / n).sum() + 1e-12
    for size in n[:30]:
        for mix in ([chance, 1 - chance], [chance / 2, chance / 2, 1 - chance]):
            seen = np.arange(size + 1)
            away = sum(binom.pmf(seen, size, a) @ np.abs(seen / size - a) for a in mix) / 2
            assert away <= np.sqrt((len(mix) - 1) / size) / 2 + 1e-12


def improvisers_tables(phase):
    p = [np.tile([0.7, 0.3, 0], (1, 9**t, 1)) for t in range(phase)]
    return p, [table.copy() for table in p]


@pytest.mark.parametrize(
    ("episodes", "mean", "largest", "bound"),
    [
        (10, 0.2654, 0.5320, 0.6972),
        (100, 0.0815, 0.1900, 0.2052),
        (1000, 0.0254, 0.0571, 0.0652),
        (10_000, 0.0083, 0.0190, 0.0206),
        (100_000, 0.0026, 0.0068, 0.0065),
    ],
)
def test_the_table_of_one_assistant_after_another(episodes, mean, largest, bound):
    """The mean of 4,000 models within four standard errors, and that of the table's 400."""
    assert for_one(*improvisers_tables(2), episodes, [1.0])[0] == pytest.approx(bound, abs=6e-5)
    tree = tree_of("improvisers", 2)
    shown = tree.sample_tv(episodes, 400, seed=4)
    assert [shown.mean(), shown.max()] == pytest.approx([mean, largest], abs=6e-5)
    found = tree.sample_tv(episodes, 4000, seed=5)
    assert abs(found.mean() - mean) < 4 * found.std() * (1 / 20 + 1 / 4000**0.5)
    assert 2.3 < bound / found.mean() < 2.75
    assert (found > bound).mean() < 0.02  # far fewer than Markov allows


def test_the_bound_for_one_falls_like_the_root_of_the_records():
    bounds = [for_one(*improvisers_tables(2), size, [1.0])[0] for size in (1000, 10_000, 100_000)]
    assert np.divide(bounds[:-1], bounds[1:]) == pytest.approx([10**0.5] * 2, rel=0.01)


def test_with_a_codebook_one_assistant_in_six_is_beyond_its_bound_which_is_the_missing_mass():
    """4,000 models; four standard errors are .024."""
    tree = tree_of("a codebook", 4)
    p, q = (sc.imitation.behaviour_tables(tree.problem.people, tree.problem.game, side, 4) for side in (0, 1))
    bound, missing = for_one(p, q, 10, [1.0])
    assert bound == pytest.approx(missing) == pytest.approx(tree.missing_mass(10))
    found = tree.sample_tv(10, 4000, seed=6)
    assert found.mean() <= bound
    assert (found > bound).mean() == pytest.approx(1 / 6, abs=0.03)


# --- exercises


def test_with_a_loaded_coin_a_tenth_costs_fewer_records_and_a_ten_thousandth_far_more():
    needed = {}
    for name, called in (("fair", 0.5), ("loaded", 0.9)):
        tables = code_agent(4, called=called)
        for level in (0.1, 1e-4):
            needed[name, level] = episodes_until(lambda k, tables=tables: sc.marginal_tv(*tables, k), level)
    assert needed["fair", 0.1] == 13
    assert needed["loaded", 0.1] == 9
    assert needed["loaded", 1e-4] > 10 * needed["fair", 1e-4]


def test_the_marginal_distance_of_one_answer_by_hand():
    for n_actions in (2, 3, 5):
        rng = np.random.default_rng(n_actions)
        p = [np.eye(n_actions)[rng.integers(n_actions, size=(1, n_actions ** (2 * t)))] for t in range(2)]
        for m in range(1, n_actions + 1):
            calls = (np.arange(n_actions) < m) / m
            q = [np.tile(calls, (1, n_actions ** (2 * t), 1)) for t in range(2)]
            for episodes in (1, 2, 7, 50):
                expected = (1 - 1 / n_actions) * (1 - 1 / m) ** episodes
                assert sc.marginal_tv(p, q, episodes) == pytest.approx(expected, abs=1e-14)


def test_a_convention_of_four_types_has_at_most_sixteen_histories_and_needs_59_records_or_three_quintillion():
    game = sc.games.team_lead(("tone", "workload"))
    problem = sc.SocialLearningProblem(game, sc.Population([sc.Convention()]), 20)
    reached = [sc.HistoryTree(problem, phase).reachable for phase in (1, 2, 3, 10, 20)]
    assert reached == [4, 16, 16, 16, 16]
    assert sc.bounds.coverage(16, 59) < 0.1 <= sc.bounds.coverage(16, 58)
    printed = episodes_until(lambda k: sc.bounds.lemma_3_6(10, k, 4, 4), 0.1)
    assert printed == pytest.approx(3e18, rel=0.02)
    assert sc.bounds.lemma_3_6(10, 10**18, 4, 4) == pytest.approx(4**22 * 4 * 100 * np.log(1e18) / 1e18)
