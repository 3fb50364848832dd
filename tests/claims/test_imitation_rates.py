"""How fast imitation gets better: one model, the mean over models, and populations made to be hard."""

import numpy as np
import pytest
from scipy.stats import norm

import socialcoop as sc

RARE = 1e-6  # error probability of each interval
GAME = sc.games.random_game(2, 1, 0)
PHASE = 3


def mixing(seed):
    """Return an agent that plays each action with probability .3 or .7 after every history."""
    rng = np.random.default_rng(seed)
    first = [rng.choice([0.3, 0.7], (1, 4**t, 1)) for t in range(PHASE)]
    return sc.strategies.Tabular([np.concatenate([p, 1 - p], axis=2) for p in first])


POPULATIONS = {
    "one that mixes": [mixing(0)],
    "three that mix": [mixing(1), mixing(2), mixing(3)],
    "two that never change": [sc.Fixed([0.3, 0.7]), sc.Fixed([0.7, 0.3])],
}
populations = pytest.mark.parametrize("members", POPULATIONS.values(), ids=POPULATIONS)


def tree_of(members):
    return sc.HistoryTree(sc.SocialLearningProblem(GAME, sc.Population(members), PHASE), PHASE)


def rarest(members):
    """Return the smallest probability of a history of all stages but the last; and of one that is not left uniformly.

    The uniform default is right by chance after the others, so that it does no harm not to have seen them.
    """
    population = sc.Population(members)
    joint = sc.history_distribution(population, population, GAME, (0, 0), PHASE).reshape(-1, 2, 2).sum(axis=2)
    chances = joint.sum(axis=1)
    harmful = np.abs(joint[:, 0] / chances - 0.5) > 1e-9
    return float(chances.min()), float(chances[harmful].min())


@populations
def test_one_model_gets_better_with_the_root_of_the_records(members):
    """The slope of log mean distance in log K, over a factor of 100 in K, is -1/2 within its interval.

    The interval is normal, by the delta method from 1500 models for each of nine K; it errs with probability 1e-6.
    """
    tree, sizes = tree_of(members), np.logspace(4.5, 6.5, 9).astype(int)
    found = [tree.sample_tv(size, 1500, seed=i) for i, size in enumerate(sizes)]
    x = np.log(sizes) - np.log(sizes).mean()
    weights = x / (x @ x)
    slope = weights @ [np.log(each.mean()) for each in found]
    errors = [each.std(ddof=1) / np.sqrt(len(each)) / each.mean() for each in found]
    margin = norm.isf(RARE / 2) * np.sqrt(weights**2 @ np.square(errors))
    assert abs(slope + 0.5) < margin < 0.025


@populations
def test_the_mean_over_models_is_exponentially_near_once_all_has_been_seen(members):
    """Log distance is linear in K as soon as p_min K is large, with slope log(1 - p_min).

    p_min is that of the rarest history after which the members do not play uniformly.
    """
    tree, (chance, harmful) = tree_of(members), rarest(members)
    assert chance <= harmful
    sizes = (np.arange(12, 25, 2) / harmful).astype(int)
    logs = np.log([tree.marginal_tv(int(size)) for size in sizes])
    slopes = np.diff(logs) / np.diff(sizes)
    np.testing.assert_allclose(slopes, np.log1p(-harmful), rtol=0.01)
    residuals = logs - np.polyval(np.polyfit(sizes, logs, 1), sizes)
    assert np.abs(residuals).max() < 0.02
    sizes = (np.arange(16, 29, 2) / chance).astype(int)
    missing = np.log([tree.missing_mass(int(size)) for size in sizes])
    np.testing.assert_allclose(np.diff(missing) / np.diff(sizes), np.log1p(-chance), rtol=0.01)


@populations
def test_the_guarantee_is_for_the_mean_over_datasets_and_not_for_the_model_at_hand(members):
    """Twenty records of the rarest history: the mean is far below the bound, and every one of 500 models above it."""
    tree = tree_of(members)
    size = int(20 / rarest(members)[0])
    bound = sc.bounds.coverage(tree.reachable, size)
    assert tree.marginal_tv(size) < bound / 1000
    assert tree.sample_tv(size, 500, seed=0).min() > bound
    larger = 10_000 * size
    assert tree.sample_tv(larger, 500, seed=0).min() > sc.bounds.coverage(tree.reachable, larger)


def code_agent_tv(phase, n_actions, episodes):
    """Return the distance for an agent that owes a random answer to one of two challenges at every stage."""
    if n_actions > 2:
        problem = sc.SocialLearningProblem(
            sc.games.random_game(n_actions, 1, 0), sc.Population([sc.Codebook(2)]), phase
        )
        tree = sc.HistoryTree(problem, phase)
        assert tree.reachable == 2 ** (phase - 1)
        return tree.marginal_tv(episodes)
    rng, sizes = np.random.default_rng(0), [4**t for t in range(phase)]
    answers = [np.eye(2)[rng.integers(0, 2, (1, size))] for size in sizes]
    return sc.marginal_tv(answers, [np.full((1, size, 2), 0.5) for size in sizes], episodes)


@pytest.mark.parametrize(("n_actions", "least", "most"), [(2, 1 / 3, 0.6), (3, 0.45, 0.76), (33, 0.65, 0.99)])
def test_for_every_number_of_records_there_is_a_population_as_hard_as_the_bound_allows(n_actions, least, most):
    """K = 2^(T̃ - 1) records of as many histories, for K from 2 to 2048: the share of R/(eK) that is reached.

    A history has probability 1/K, and is missed with probability (1 - 1/K)^K, about 1/e. What is left between that
    and the distance are lucky guesses, one in N.
    """
    phases = range(2, 13)
    bounds = [sc.bounds.coverage(2 ** (phase - 1), 2 ** (phase - 1)) for phase in phases]
    shares = [code_agent_tv(phase, n_actions, 2 ** (phase - 1)) for phase in phases] / np.array(bounds)
    assert least < shares.min()
    assert shares.max() < most
    assert (np.diff(shares) > 0).all()  # with more records, the hardest population is harder
