"""The distance of imitation, exactly: against sums over all datasets, counts of records, and simulation."""

import math
import tracemalloc
from functools import partial
from itertools import product

import imitation_oracles as oracles
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, ks_2samp, norm

import socialcoop as sc

RARE = 1e-6  # error probability of each statistical test, for any seed

# --- random behaviour strategies

KINDS = ["dense", "sparse", "sure", "patchy", "lopsided"]


def random_tables(rng, n_types, n_actions, phase, kind):
    """Return a behaviour strategy: all probabilities positive, some zero, all or some certain, or some tiny."""
    tables = []
    for t in range(phase):
        table = rng.dirichlet(np.ones(n_actions), (n_types, n_actions ** (2 * t)))
        sure = np.eye(n_actions)[rng.integers(0, n_actions, table.shape[:2])]
        if kind == "sparse":
            table *= (rng.random(table.shape) < 0.6) | (sure == 1)
            table /= table.sum(axis=2, keepdims=True)
        elif kind == "lopsided":
            tiny = 10 ** -rng.uniform(1, 12, (*table.shape[:2], 1))
            table = tiny * table + (1 - tiny) * sure
        elif kind != "dense":
            table = np.where((kind == "sure") | (rng.random((*table.shape[:2], 1)) < 0.5), sure, table)
        tables.append(table)
    return tables


def random_weights(rng, n_types):
    """Return type weights: all alike, or some of them rare, or never."""
    weights = rng.choice([1, 1, 1e-3, 0], n_types)
    weights[rng.integers(n_types)] = 1
    return weights / weights.sum()


# --- the marginal, against a sum over all datasets

# actions, types, stages, largest K, and what the own and the partner's strategy are like
TINY = [
    *(
        (n, types, 1, 7 - n - types // 2, own, "dense")
        for n, types in ((2, 1), (2, 3), (3, 1), (3, 2))
        for own in KINDS[:3]
    ),
    *((2, types, 2, 3, own, other) for types in (1, 2) for own in KINDS for other in ("sure", "patchy", "sparse")),
    (2, 1, 2, 4, "dense", "dense"),
    (2, 2, 2, 2, "dense", "dense"),
    (3, 1, 2, 2, "dense", "dense"),
    (3, 2, 2, 3, "sparse", "sure"),
    (3, 1, 2, 3, "sure", "sparse"),
    (2, 1, 3, 2, "dense", "dense"),
    (2, 1, 3, 3, "dense", "sure"),
    (2, 1, 3, 3, "sure", "dense"),
    (2, 2, 3, 3, "sure", "patchy"),
    (2, 2, 3, 3, "patchy", "sure"),
    (2, 3, 3, 2, "patchy", "sure"),
    (2, 1, 3, 2, "lopsided", "lopsided"),
    (1, 2, 3, 3, "dense", "dense"),
]


@pytest.mark.parametrize(("n_actions", "n_types", "phase", "largest", "own", "other"), TINY)
def test_the_marginal_distance_is_the_sum_over_all_datasets(n_actions, n_types, phase, largest, own, other):
    rng = np.random.default_rng([n_actions, n_types, phase, KINDS.index(own), KINDS.index(other)])
    p, q = (random_tables(rng, n_types, n_actions, phase, kind) for kind in (own, other))
    weights = random_weights(rng, n_types)
    chances = oracles.chances_of_tables(p, q, weights)
    for episodes in range(largest + 1):
        expected = oracles.marginal_tv(chances, n_actions, episodes)
        assert sc.marginal_tv(p, q, episodes, weights) == pytest.approx(expected, rel=0, abs=1e-12)
        missing, _ = oracles.missing_mass(chances, episodes)
        assert sc.missing_mass(p, q, episodes, weights) == pytest.approx(missing, rel=0, abs=1e-12)


def test_types_are_all_alike_unless_weights_are_given():
    rng = np.random.default_rng(0)
    p, q = (random_tables(rng, 3, 2, 2, "dense") for _ in range(2))
    for distance in (sc.marginal_tv, sc.missing_mass):
        assert distance(p, q, 3) == distance(p, q, 3, [1 / 3, 1 / 3, 1 / 3])
        assert distance(p, q, 3) != distance(p, q, 3, [0.5, 0.25, 0.25])
        only = distance([table[1:2] for table in p], [table[1:2] for table in q], 3)
        assert distance(p, q, 3, [0, 1, 0]) == pytest.approx(only, abs=1e-15)


# members with their shares, joint types, horizon, stages, largest K; the game has two actions and two types
FIXED = sc.Fixed([[0.2, 0.8], [1, 0]])
PROBLEMS = {
    "one member": ([(1, sc.Hedge(2))], [[0.25, 0.25], [0.25, 0.25]], 3, 2, 3),
    "a mixture": ([(0.3, FIXED), (0.7, sc.TitForTat())], [[0.25, 0.25], [0.25, 0.25]], 2, 2, 3),
    "correlated types": ([(0.5, FIXED), (0.5, sc.GrimTrigger())], [[0.6, 0.1], [0.05, 0.25]], 2, 2, 3),
    "the partner tells": ([(1, FIXED)], [[0.5, 0], [0, 0.5]], 3, 3, 2),
    "hidden": ([(1, sc.Fixed([[0.3, 0.7], [0.7, 0.3]]))], [[0.1, 0.2], [0.3, 0.4]], 2, 2, 2),
    "a type that is never met": ([(0.4, sc.Hedge()), (0.6, FIXED)], [[0, 0], [0.7, 0.3]], 2, 2, 3),
    "a partner's type that is never met": ([(1, FIXED)], [[0.2, 0], [0.8, 0]], 3, 2, 3),
    "a rare type": ([(0.9, sc.TitForTat(1)), (0.1, FIXED)], [[0.001, 0], [0.5, 0.499]], 2, 2, 3),
    "a member that is never met": ([(1, FIXED), (0, sc.Hedge())], [[0.25, 0.25], [0.25, 0.25]], 2, 2, 3),
    "three scripts": (
        [(0.5, sc.Scripted([0, 1, 0])), (0.3, sc.Scripted([0, 0, 1])), (0.2, sc.Scripted([[1, 1, 0], [0, 1, 1]]))],
        [[0.1, 0.4], [0.4, 0.1]], 3, 3, 3,
    ),
    "deterministic": ([(1, sc.Convention())], [[0.25, 0.25], [0.25, 0.25]], 4, 3, 3),
    "conventions": (
        [(0.5, sc.Convention()), (0.5, sc.Convention(code=[[1, 1], [1, 0]], fallback=sc.TitForTat()))],
        [[0.4, 0.1], [0.2, 0.3]], 4, 3, 2,
    ),
    "a grudge": ([(0.6, sc.GrimTrigger()), (0.4, sc.Scripted([0, 1]))], [[0.5, 0.2], [0.2, 0.1]], 5, 3, 3),
    "a mirror": ([(1, sc.strategies.ByAgent(FIXED, sc.TitForTat()))], [[0.4, 0.1], [0.2, 0.3]], 4, 3, 3),
    "a talker": ([(1, sc.strategies.ByAgent(sc.TitForTat(), FIXED))], [[0.1, 0.4], [0.2, 0.3]], 4, 3, 2),
    "one stage": ([(0.5, sc.Hedge()), (0.5, FIXED)], [[0.4, 0.1], [0.2, 0.3]], 3, 1, 4),
}  # fmt: skip
problems = pytest.mark.parametrize(("members", "types", "horizon", "phase", "largest"), PROBLEMS.values(), ids=PROBLEMS)


def problem_of(members, types, horizon, game=None):
    population = sc.Population([member for _, member in members], [share for share, _ in members])
    return sc.SocialLearningProblem(game or sc.games.random_game(2, 2, 11), population, horizon, types=types)


def hidden(problem, phase):
    """Return the behaviour tables of both sides, the partner's averaged over its types given what was played."""
    population, game, horizon = problem.people, problem.game, problem.horizon
    p = sc.imitation.behaviour_tables(population, game, 0, phase, horizon)
    by_type = sc.imitation.behaviour_tables(population, game, 1, phase, horizon)
    likely = problem.types[:, :, None]  # (own type, partner's type, history)
    q = []
    for table in by_type:
        mixed = np.einsum("ijh,jhb->ihb", likely, table)
        total = mixed.sum(axis=2, keepdims=True)
        q.append(np.where(total > 0, mixed, 1 / game.n_actions) / np.where(total > 0, total, 1))
        longer = likely[:, :, :, None, None] * table[None, :, :, None, :]
        likely = np.repeat(longer, game.n_actions, axis=3).reshape(*likely.shape[:2], -1)
    return p, q, problem.types.sum(axis=1)


@problems
def test_a_population_is_as_far_as_the_sum_over_all_its_datasets(members, types, horizon, phase, largest):
    problem = problem_of(members, types, horizon)
    chances = oracles.chances_of_members(problem.game, members, np.array(types), horizon, phase)
    tree, (p, q, weights) = sc.HistoryTree(problem, phase), hidden(problem, phase)
    for episodes in range(largest + 1):
        expected = oracles.marginal_tv(chances, 2, episodes)
        assert tree.marginal_tv(episodes) == pytest.approx(expected, rel=0, abs=1e-12)
        assert sc.marginal_tv(p, q, episodes, weights) == pytest.approx(expected, rel=0, abs=1e-12)
        missing, reachable = oracles.missing_mass(chances, episodes)
        assert tree.missing_mass(episodes) == pytest.approx(missing, rel=0, abs=1e-12)
        assert sc.missing_mass(p, q, episodes, weights) == pytest.approx(missing, rel=0, abs=1e-12)
        assert tree.reachable == reachable


# --- against the recursion over counts, and with a mean over simulated datasets

LARGER = [
    *((n, types, phase, own, "dense") for n, types, phase in ((2, 2, 4), (3, 1, 3)) for own in KINDS),
    (2, 3, 4, "patchy", "sparse"),
    (3, 2, 3, "dense", "lopsided"),
    (3, 2, 4, "dense", "dense"),
    (3, 2, 4, "sparse", "patchy"),
    (4, 2, 3, "sure", "dense"),
    (5, 4, 2, "dense", "dense"),
]


@pytest.mark.parametrize(("n_actions", "n_types", "phase", "own", "other"), LARGER)
def test_the_marginal_distance_is_that_of_the_recursion_over_counts(n_actions, n_types, phase, own, other):
    rng = np.random.default_rng([n_actions, n_types, phase, 3 + KINDS.index(own)])
    p, q = (random_tables(rng, n_types, n_actions, phase, kind) for kind in (own, other))
    weights = random_weights(rng, n_types)
    for episodes in (0, 1, 2, 13, 60)[:: 2 if n_types * n_actions**phase > 150 else 1]:
        population, imitator = oracles.marginal_by_counts(p, q, weights, episodes)
        expected = np.maximum(population - imitator, 0).sum()
        assert sc.marginal_tv(p, q, episodes, weights) == pytest.approx(expected, rel=0, abs=1e-12)


def test_the_recursion_over_counts_is_the_sum_over_all_datasets():
    """The two oracles agree, path by path."""
    rng = np.random.default_rng(4)
    p, q = (random_tables(rng, 2, 2, 2, kind) for kind in ("dense", "patchy"))
    population, imitator = oracles.marginal_by_counts(p, q, [0.3, 0.7], 3)
    assert population.sum() == pytest.approx(1)
    assert imitator.sum() == pytest.approx(1)
    expected = oracles.marginal_tv(oracles.chances_of_tables(p, q, [0.3, 0.7]), 2, 3)
    assert np.maximum(population - imitator, 0).sum() == pytest.approx(expected, rel=0, abs=1e-14)


def test_the_mean_imitator_of_many_datasets_is_as_far_as_the_marginal_says():
    """The paths that the population plays more often are known from the recursion; on them, sum p less the mean.

    Each dataset contributes a number between -1 and 1, and their mean is the distance. The interval of 400 of them
    errs with a probability of about 1e-6.
    """
    game, phase, episodes, count = sc.games.random_game(3, 2, 5), 3, 60, 400
    members = [(0.5, sc.Hedge(2)), (0.2, sc.TitForTat()), (0.3, sc.Fixed([[0.5, 0.3, 0.2], [0.1, 0, 0.9]]))]
    problem = problem_of(members, [[0.2, 0.3], [0.4, 0.1]], 4, game)
    p, q, weights = hidden(problem, phase)
    population, marginal = oracles.marginal_by_counts(p, q, weights, episodes)
    more = population > marginal
    rng, found = np.random.default_rng(7), np.empty(count)
    for i in range(count):
        imitator = sc.Imitator(problem.sample(episodes, rng))
        tables = sc.imitation.behaviour_tables(imitator, game, 0, phase, problem.horizon)
        imitated, *_ = oracles.path_chances(tables, q, weights)
        found[i] = (population - imitated)[more].sum()
    margin = norm.isf(RARE / 2) * found.std(ddof=1) / math.sqrt(count)
    exact = sc.HistoryTree(problem, phase).marginal_tv(episodes)
    assert abs(found.mean() - exact) < margin < 0.2 * exact
    assert exact == pytest.approx(sc.marginal_tv(p, q, episodes, weights), abs=1e-13)


@pytest.mark.parametrize("episodes", [1, 10, 60])
def test_missing_mass_is_how_often_the_next_episode_is_new(episodes):
    problem, phase, count = problem_of(*PROBLEMS["a mixture"][:2], 3), 3, 20_000
    data = problem.sample(count * (episodes + 1), seed=episodes)
    digits = np.concatenate([data.types[None, :, 0], data.actions[: phase - 1].reshape(-1, data.episodes)])
    codes = (2.0 ** np.arange(len(digits)) @ digits).reshape(count, episodes + 1)
    new = int((codes[:, 1:] != codes[:, :1]).all(axis=1).sum())
    exact = sc.HistoryTree(problem, phase).missing_mass(episodes)
    assert binomtest(new, count, exact).pvalue > RARE


def test_an_episode_is_missing_when_it_was_not_followed_to_the_last_stage():
    problem, phase, episodes = problem_of(*PROBLEMS["correlated types"][:2], 4), 3, 8
    rng, count = np.random.default_rng(0), 800
    left = sum(
        sc.Imitator(problem.sample(episodes, rng), phase).followed(problem.sample(1, rng))[0] < phase
        for _ in range(count)
    )
    assert binomtest(int(left), count, sc.HistoryTree(problem, phase).missing_mass(episodes)).pvalue > RARE


def test_without_records_the_imitator_is_uniform():
    for name, (members, types, horizon, phase, _) in PROBLEMS.items():
        tree = sc.HistoryTree(problem_of(members, types, horizon), phase)
        assert tree.marginal_tv(0) == pytest.approx(tree.tv(sc.Fixed([0.5, 0.5])), abs=1e-15), name
        assert tree.missing_mass(0) == pytest.approx(1)


def test_huge_datasets_leave_no_distance():
    rng = np.random.default_rng(0)
    for kind in KINDS[:4]:
        p, q = (random_tables(rng, 2, 2, 4, kind) for _ in range(2))
        for episodes in (10**12, 10**18, 2**62):
            assert sc.marginal_tv(p, q, episodes) == pytest.approx(0, abs=1e-12)
            assert sc.missing_mass(p, q, episodes) < 1e-12


def test_an_event_of_tiny_probability_is_missed_until_there_are_as_many_records():
    """A first action of probability 1e-12, after which the second is certain: guessed, at K = 1e12 partly known."""
    rare, sure = 1e-12, [1.0, 0.0]
    p = [np.array([[[1 - rare, rare]]]), np.array([[sure, sure, sure, sure]])]
    q = [np.array([[sure]]), np.array([[sure] * 4])]
    for episodes in (10**6, 10**12, 3 * 10**12):
        unseen = math.exp(-episodes * rare)
        assert sc.missing_mass(p, q, episodes) == pytest.approx(rare * unseen, rel=1e-6)
        assert sc.marginal_tv(p, q, episodes) <= rare * unseen * (1 + 1e-6) + 1e-15


# --- inequalities

SIZES = st.sampled_from([(2, 2), (2, 3), (2, 4), (3, 2), (3, 3), (4, 2), (2, 1), (4, 1), (1, 3)])  # actions, stages
BOTH = st.tuples(st.sampled_from(KINDS), st.sampled_from(KINDS))
RECORDS = st.one_of(st.just(1), st.integers(2, 300), st.integers(2, 10**7))
TYPES, SEEDS = st.integers(1, 3), st.integers(0, 2**32 - 1)


@st.composite
def behaviours(draw, sizes=SIZES):
    """Return two behaviour strategies, type weights and a number of records."""
    (n_actions, phase), n_types, rng = draw(sizes), draw(TYPES), np.random.default_rng(draw(SEEDS))
    p, q = (random_tables(rng, n_types, n_actions, phase, kind) for kind in draw(BOTH))
    return p, q, random_weights(rng, n_types), draw(RECORDS)


def test_distance_missing_mass_and_coverage_are_in_order_and_the_printed_lemma_fails_for_one_record_only():
    one, more = [], []

    @settings(max_examples=600)
    @given(behaviours())
    def check(case):
        p, q, weights, episodes = case
        n_types, _, n_actions = p[0].shape
        tv, missing = (distance(p, q, episodes, weights) for distance in (sc.marginal_tv, sc.missing_mass))
        population, *_ = oracles.path_chances(p, q, weights)
        reachable = int((population.reshape(-1, n_actions).sum(axis=1) > 0).sum())
        assert 0 <= tv <= missing + 1e-14
        assert missing <= sc.bounds.coverage(reachable, episodes) + 1e-14
        printed = sc.bounds.lemma_3_6(len(p), episodes, n_actions, n_types)
        if episodes > 1:
            assert tv <= printed + 1e-14
            more.append(tv)
        else:
            assert printed == 0
            one.append(tv)

    check()
    assert len(one) + len(more) >= 600
    assert min(sum(tv > 1e-14 for tv in found) for found in (one, more)) > 60


@given(behaviours(), st.integers(1, 50))
def test_more_records_cover_more(case, extra):
    p, q, weights, episodes = case
    few, many = (sc.missing_mass(p, q, k, weights) for k in (episodes, episodes + extra))
    assert many <= few + 1e-15


@given(behaviours(st.sampled_from([(2, 2), (2, 3), (2, 4), (2, 1)])))
def test_an_action_that_is_never_taken_by_either_side_adds_guesses_only(case):
    """With one more action, unused, the imitator guesses worse where it has no records, and nothing else changes."""
    p, q, weights, episodes = case
    n_types, _, n = p[0].shape
    wider = []
    for tables in (p, q):
        wider.append([])
        for t, table in enumerate(tables):
            histories = np.array([oracles.index(h, n + 1) for h in product(product(range(n), repeat=2), repeat=t)])
            grown = np.zeros((n_types, (n + 1) ** (2 * t), n + 1))
            grown[:, :, 0] = 1
            grown[:, histories] = 0
            grown[:, histories, :n] = table
            wider[-1].append(grown)
    assert sc.missing_mass(*wider, episodes, weights) == pytest.approx(sc.missing_mass(p, q, episodes, weights))
    assert sc.marginal_tv(*wider, episodes, weights) >= sc.marginal_tv(p, q, episodes, weights) - 1e-14


# --- the code agent

STAGES = 4


def code_agent(phase, challenges=2, n_actions=2, seed=0):
    """Return tables of an agent that owes a random answer after every history, to a partner that asks at random."""
    rng, asked = np.random.default_rng(seed), (np.arange(n_actions) < challenges) / challenges
    sizes = [n_actions ** (2 * t) for t in range(phase)]
    answers = [np.eye(n_actions)[rng.integers(0, n_actions, (1, size))] for size in sizes]
    return answers, [np.tile(asked, (1, size, 1)) for size in sizes]


def first_below(bound, level, start):
    """Return the first K from ``start`` on at which a bound that falls from there on is below the level."""
    if bound(start) < level:
        return start
    low, high = start, 2 * start + 1
    while bound(high) >= level:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if bound(middle) < level else (middle, high)
    return high


def code_agent_table():
    """Return a row for each T̃: TV at K = 1 and 10; for 1 and .1, from which K on each bound is below.

    The printed lemma rises up to K = e; it counts from 2 on, since its 0 at K = 1 is an error.
    """
    rows = []
    for phase in range(1, STAGES + 1):
        p, q = code_agent(phase)

        def printed(episodes, phase=phase):
            return sc.bounds.lemma_3_6(phase, episodes, 2, 1)

        def coverage(episodes, phase=phase):
            return sc.bounds.coverage(2 ** (phase - 1), episodes)

        def missing(episodes, p=p, q=q):
            return sc.missing_mass(p, q, episodes)

        def exact(episodes, p=p, q=q):
            return sc.marginal_tv(p, q, episodes)

        row = [phase, exact(1), exact(10)]
        for level in (1, 0.1):
            late = first_below(printed, level, 3)
            row.append(2 if late == 3 and printed(2) < level else late)
            row += [first_below(bound, level, start) for bound, start in ((coverage, 1), (missing, 0), (exact, 0))]
        rows.append(row)
    return rows


def test_the_code_agent_is_imitated_much_earlier_than_any_bound_says():
    """Each row: T̃, TV at K = 1 and at 10, and the K from which on lemma, coverage, missing mass and TV are below."""
    rows = code_agent_table()
    np.testing.assert_allclose([row[1] for row in rows], [0, 1 / 4, 1 / 2, 11 / 16], atol=1e-15)
    np.testing.assert_allclose([row[2] for row in rows], [0, 2**-11, 0.0284, 0.1457], atol=5e-5)
    printed, cover, missing, exact = (np.array([[row[k], row[k + 4]] for row in rows]) for k in range(3, 7))
    assert printed[1, 0] == pytest.approx(1900, rel=0.02)
    assert (printed[1:] > 100 * cover[1:]).all()
    assert (cover >= missing).all()
    assert (missing >= exact).all()


@pytest.mark.parametrize(("challenges", "n_actions"), [(2, 2), (2, 3), (1, 2), (3, 4), (1, 1)])
def test_a_code_agent_is_as_far_as_its_imitator_fails_to_survive(challenges, n_actions):
    for phase, episodes in product(range(1, 4), (0, 1, 2, 10, 1000)):
        p, q = code_agent(phase, challenges, n_actions)
        expected = 1 - sc.bounds.survival(phase, episodes, challenges, n_actions)[-1]
        assert sc.marginal_tv(p, q, episodes) == pytest.approx(expected, rel=0, abs=1e-14)
        unseen = (1 - challenges ** (1.0 - phase)) ** episodes
        assert sc.missing_mass(p, q, episodes) == pytest.approx(unseen, rel=0, abs=1e-14)


def test_a_codebook_is_as_far_as_its_imitator_fails_to_survive():
    problem = sc.SocialLearningProblem(sc.games.random_game(3, 1, 0), sc.Population([sc.Codebook(2)]), 9)
    for phase in (1, 4, 9):
        tree = sc.HistoryTree(problem, phase)
        assert tree.reachable == 2 ** (phase - 1)
        for episodes in (0, 5, 300):
            expected = 1 - sc.bounds.survival(phase, episodes, 2, 3)[-1]
            assert tree.marginal_tv(episodes) == pytest.approx(expected, abs=1e-12)


# --- the distance of one model


@problems
def test_one_model_is_as_far_as_all_its_histories_say(members, types, horizon, phase, largest):
    problem = problem_of(members, types, horizon)
    tree, rng = sc.HistoryTree(problem, phase), np.random.default_rng(0)
    population = oracles.chances_of_members(problem.game, members, np.array(types), horizon, phase)
    for episodes in (0, 1, largest, 30):
        imitator = sc.Imitator(problem.sample(episodes, rng, stages=phase))
        played = oracles.chances_of_members(problem.game, members, np.array(types), horizon, phase, imitator)
        expected = sum(abs(population[h] - played[h]) for h in {*population, *played}) / 2
        assert tree.tv(imitator) == pytest.approx(expected, rel=0, abs=1e-12)


@problems
def test_no_member_of_a_population_of_one_is_away_from_it(members, types, horizon, phase, largest):
    problem = problem_of(members, types, horizon)
    tree = sc.HistoryTree(problem, phase)
    assert tree.tv(problem.people) == pytest.approx(0, abs=1e-12)
    assert tree.tv(sc.strategies.Tabular(hidden(problem_of(members, types, horizon), horizon)[0])) == pytest.approx(
        0, abs=1e-12
    )


@pytest.mark.parametrize(
    "name", ["a mixture", "correlated types", "a type that is never met", "three scripts", "a mirror", "a talker"]
)
@pytest.mark.parametrize("episodes", [1, 6, 40])
def test_sampled_distances_are_those_of_models_trained_on_sampled_datasets(name, episodes):
    """Means within four standard errors: error probability 6e-5 each; the Kolmogorov–Smirnov test errs with 1e-6."""
    members, types, horizon, phase, _ = PROBLEMS[name]
    problem = problem_of(members, types, horizon)
    tree, rng = sc.HistoryTree(problem, phase), np.random.default_rng(1)
    slow = np.array([tree.tv(sc.Imitator(problem.sample(episodes, rng))) for _ in range(250)])
    fast = tree.sample_tv(episodes, 20_000, seed=0)
    error = math.sqrt(slow.var(ddof=1) / len(slow) + fast.var(ddof=1) / len(fast))
    assert abs(slow.mean() - fast.mean()) <= 4 * error + 1e-12
    assert ks_2samp(slow.round(9), fast.round(9)).pvalue > RARE
    assert fast.mean() >= tree.marginal_tv(episodes) - 5 * error  # a mean of models is nearer than models in the mean


def test_sampled_distances_have_a_seed_and_do_not_depend_on_how_many_are_drawn_at_once(monkeypatch):
    tree = sc.HistoryTree(problem_of(*PROBLEMS["one member"][:3]), 3)
    one, two, other = (tree.sample_tv(20, 1000, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, two)
    assert (one != other).any()
    assert len(np.unique(one)) > 900
    rng = np.random.default_rng(0)
    assert (tree.sample_tv(20, 10, rng) != tree.sample_tv(20, 10, rng)).any()
    assert tree.sample_tv(20, 0, seed=0).shape == (0,)
    for entries in (1, 64 * 999, 64 * 1000 - 1, 64 * 1000):
        monkeypatch.setattr("socialcoop.imitation.tree.MAX_ENTRIES", entries)
        np.testing.assert_array_equal(tree.sample_tv(20, 1000, seed=3), one)


def test_sampled_distances_of_no_records_and_of_very_many():
    problem = problem_of(*PROBLEMS["correlated types"][:3])
    tree = sc.HistoryTree(problem, 2)
    np.testing.assert_allclose(tree.sample_tv(0, 5, seed=0), tree.tv(sc.Fixed([0.5, 0.5])), atol=1e-15)
    assert tree.sample_tv(10**9, 50, seed=0).max() < 1e-3
    assert tree.sample_tv(2**62, 50, seed=0).max() < 1e-7


# --- the tree


@pytest.mark.parametrize("phase", [1, 2, 3, 5])
def test_reachable_histories_are_counted_and_the_others_are_not(phase):
    """Scripts reach a history for each pair that differs so far; two mixing agents of two types reach them all."""
    scripts = [sc.Scripted(s) for s in ([0, 0, 0, 0, 1], [0, 0, 1, 0, 1], [0, 1, 1, 1, 0])]
    game = sc.games.random_game(2, 2, 0)
    tree = sc.HistoryTree(sc.SocialLearningProblem(game, sc.Population(scripts), 5), phase)
    assert tree.reachable == 2 * len({tuple(s.actions[: phase - 1]) for s in scripts}) ** 2
    mixing = sc.HistoryTree(sc.SocialLearningProblem(game, sc.Population([sc.Hedge()]), 5), phase)
    assert mixing.reachable == 2 * 4 ** (phase - 1)
    assert str(mixing.reachable) in repr(mixing)


def test_the_members_have_the_whole_horizon_in_mind():
    game, population = sc.games.random_game(2, 1, 0), sc.Population([sc.Hedge()])
    short, long = (sc.HistoryTree(sc.SocialLearningProblem(game, population, horizon), 3) for horizon in (3, 50))
    assert short.marginal_tv(5) != pytest.approx(long.marginal_tv(5), abs=1e-6)
    p, q = (sc.imitation.behaviour_tables(population, game, agent, 3, 50) for agent in (0, 1))
    assert long.marginal_tv(5) == pytest.approx(sc.marginal_tv(p, q, 5), abs=1e-14)


@pytest.mark.parametrize("phase", [-1, 0, 41, 10**9, 2**70])
def test_a_phase_outside_the_horizon_is_refused(phase):
    problem = sc.SocialLearningProblem(sc.games.stag_hunt(), sc.Population([sc.Hedge()]), 40)
    with pytest.raises(ValueError, match="phase"):
        sc.HistoryTree(problem, phase)


@pytest.mark.parametrize(("n_actions", "members"), [(2, 1), (2, 4), (3, 1), (30, 1), (250, 1)])
def test_a_tree_that_is_too_large_is_refused_before_memory_is_used_up(n_actions, members):
    population = sc.Population([sc.Hedge(1 + each) for each in range(members)])
    problem = sc.SocialLearningProblem(sc.games.random_game(n_actions, 2, 0), population, 50)
    tracemalloc.start()
    with pytest.raises(ValueError, match="phase"):
        sc.HistoryTree(problem, 50)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**30


def test_a_long_tree_of_one_history_is_made():
    problem = sc.SocialLearningProblem(sc.games.stag_hunt(), sc.Population([sc.Fixed(0)]), 3000)
    tree = sc.HistoryTree(problem, 3000)
    assert tree.reachable == 1
    assert tree.missing_mass(1) == 0
    assert tree.missing_mass(0) == 1


def test_more_datasets_than_memory_can_hold_are_refused():
    tree = sc.HistoryTree(problem_of(*PROBLEMS["one member"][:3]), 2)
    for datasets in (10**12, 2**70):
        with pytest.raises(ValueError, match="datasets"):
            tree.sample_tv(5, datasets)


def test_more_records_than_a_float_can_count_are_refused():
    p, q = code_agent(2)
    tree = sc.HistoryTree(problem_of(*PROBLEMS["one member"][:3]), 2)
    functions = [partial(each, p, q) for each in (sc.marginal_tv, sc.missing_mass)]
    functions += [tree.marginal_tv, tree.missing_mass, partial(tree.sample_tv, datasets=1)]
    for function in functions:
        with pytest.raises(ValueError, match="episodes"):
            function(episodes=10**400)
