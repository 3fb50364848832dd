"""How few records any learner can do with, over all codes and datasets; and what one trained assistant can promise."""

from itertools import combinations_with_replacement, product
from math import e, factorial, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imitation_oracles import chances_of_tables, others_share
from scipy.optimize import minimize

import socialcoop as sc
from socialcoop import bounds

# --- records: every code, every dataset, the best guess


def bayes(codes, chances, episodes, known=()):
    """Return how often the best learner errs, averaged over all codes, datasets and strings that come up next."""
    told = {}
    for meanings in product((0, 1), repeat=codes):
        for shown in product(range(codes), repeat=episodes + 1):
            chance = prod(chances[each] for each in shown) / 2**codes
            *seen, new = shown
            facts = (new, tuple((each, meanings[each]) for each in (*seen, *known)))
            odds = told.setdefault(facts, [0.0, 0.0])
            odds[meanings[new]] += chance
    return sum(min(odds) for odds in told.values())


@pytest.mark.parametrize("codes", [1, 2, 3, 4])
@pytest.mark.parametrize("episodes", [0, 1, 2, 3])
def test_no_learner_does_with_fewer_records_over_all_codes_and_datasets(codes, episodes):
    """A wrong answer leaves the taste untold, and half of the guests are served wrong; one word is known besides."""
    wrong = bayes(codes, [1 / codes] * codes, episodes, known=(0,))
    assert bounds.record_bound(codes, episodes) == pytest.approx(wrong / 2, abs=1e-12)


def breakfasts(codes, episodes):
    """Return how likely the codes are: all alike; or, with few codes, all but the last as likely as it costs most."""
    size = max(codes, episodes + 1)
    return [1 / codes] * codes, [1 / size] * (codes - 1) + [1 - (codes - 1) / size]


@pytest.mark.parametrize("codes", [1, 2, 3])
@pytest.mark.parametrize("episodes", [0, 1, 2, 3])
def test_no_learner_loses_less_at_the_worst_breakfast(codes, episodes):
    worst = max(bayes(codes, shares, episodes) for shares in breakfasts(codes, episodes))
    assert bounds.code_bound(codes, episodes) == pytest.approx(worst, abs=1e-12)


@given(codes=st.integers(1, 300), episodes=st.integers(0, 1000))
def test_the_bound_at_breakfast_is_its_sum_and_at_least_the_rate(codes, episodes):
    found = bounds.code_bound(codes, episodes)
    sums = [sum(p * (1 - p) ** episodes for p in shares) / 2 for shares in breakfasts(codes, episodes)]
    assert found == pytest.approx(max(sums), rel=1e-9, abs=1e-15)
    if codes <= episodes + 1:
        assert found >= (codes - 1) / (2 * e * (episodes + 1)) * (1 - 1e-12)
    assert found <= codes / (2 * e * episodes) if episodes else found == 0.5  # half of what imitation may lose


@pytest.mark.parametrize("codes", [2, 3, 6])
@pytest.mark.parametrize("episodes", [1, 2, 5, 20])
def test_hardly_any_breakfast_is_worse(codes, episodes):
    def lost(x):
        shares = np.exp(x - x.max()) / np.exp(x - x.max()).sum()
        return -(shares * (1 - shares) ** episodes).sum() / 2

    rng = np.random.default_rng(codes)
    most = max(-minimize(lost, rng.normal(size=codes) * 3).fun for _ in range(12))
    found = bounds.code_bound(codes, episodes)
    assert found <= most + 1e-6
    assert found >= 0.99 * most


# --- one trained assistant: all datasets


def all_datasets(outcomes, episodes):
    """Return how often each outcome is in each dataset, (D, M), and the datasets' probabilities, (D,)."""
    size, chances = len(outcomes), np.array(list(outcomes.values()))
    chosen = list(combinations_with_replacement(range(size), episodes))
    chosen = np.array(chosen, dtype=int).reshape(len(chosen), episodes)
    counts = np.zeros((len(chosen), size), dtype=int)
    np.add.at(counts, (np.arange(len(chosen))[:, None], chosen), 1)
    factorials = np.array([factorial(n) for n in range(episodes + 1)])
    return counts, factorials[episodes] / factorials[counts].prod(axis=1) * (chances**counts).prod(axis=1)


def copies(outcomes, counts, n_actions):
    """Return how likely an imitator of each dataset is to play its part of each outcome, (D, M)."""
    chosen = np.ones(counts.shape)
    for stage in range(len(next(iter(outcomes))[1])):
        before = [(kind, history[:stage]) for kind, history in outcomes]
        acted = [(*key, history[stage][0]) for key, (_, history) in zip(before, outcomes, strict=True)]
        seen, did = (counts @ np.array([[one == other for other in keys] for one in keys]) for keys in (before, acted))
        chosen *= np.where(seen > 0, did / np.maximum(seen, 1), 1 / n_actions)
    return chosen


def spread(outcomes, episodes):
    """Return the sum over types and histories of √(p (N - 1) / 2 (K + 1)), with dictionaries."""
    total = 0.0
    for stage in range(len(next(iter(outcomes))[1])):
        likely, follow = {}, {}
        for (kind, history), chance in outcomes.items():
            likely[kind, history[:stage]] = likely.get((kind, history[:stage]), 0) + chance
            follow.setdefault((kind, history[:stage]), set()).add(history[stage][0])
        total += sum((p * (len(follow[key]) - 1) / (2 * episodes + 2)) ** 0.5 for key, p in likely.items())
    return total


def random_tables(rng, types, phase, sharp):
    tables = []
    for stage in range(phase):
        table = rng.dirichlet([rng.choice([0.2, 1, 4])] * 2, (types, 4**stage))
        certain = rng.random(table.shape[:2]) < sharp
        tables.append(np.where(certain[..., None], np.eye(2)[rng.integers(2, size=certain.shape)], table))
    return tables


def test_one_assistant_strays_no_more_than_its_bound_over_all_datasets():
    """In 200 random cases, of up to three stages and four records; the largest ratio is .90, of a coin tossed once."""
    rng, largest = np.random.default_rng(1), 0.0
    for case in range(200):
        types, phase, episodes = int(rng.integers(1, 3)), int(rng.integers(1, 4)), int(rng.integers(0, 5))
        episodes = min(episodes, 2 if phase == 3 else 4)
        p, q = (random_tables(rng, types, phase, sharp) for sharp in rng.choice([0, 0.3, 0.7], 2))
        q[-1] = np.broadcast_to([1.0, 0.0], q[-1].shape)  # the last move of the other does not matter
        weights = rng.dirichlet(np.ones(types))
        outcomes = chances_of_tables(p, q, weights)
        counts, likely = all_datasets(outcomes, episodes)
        assert likely.sum() == pytest.approx(1)
        others = np.array([others_share(outcomes)[key] for key in outcomes])
        chances, chosen = np.array(list(outcomes.values())), others * copies(outcomes, counts, 2)
        trained_anew = np.maximum(chances - likely @ chosen, 0).sum()
        assert trained_anew == pytest.approx(sc.marginal_tv(p, q, episodes, weights), abs=1e-9)
        trained_once = likely @ np.maximum(chances - chosen, 0).sum(axis=1)
        bound = bounds.one_assistant(p, q, episodes, weights)
        lost = sc.missing_mass(p, q, episodes, weights)
        assert bound == pytest.approx(min(1, lost + spread(outcomes, episodes)))
        assert trained_once <= bound + 1e-9, case
        largest = max(largest, trained_once / bound if bound > 1e-12 else 0)
    assert 0.85 < largest <= 1


def test_the_bound_of_one_assistant_is_reached_by_a_coin_with_one_record():
    """After one toss it plays what was tossed, for ever: half of the time it is wrong."""
    coin = [np.full((1, 1, 2), 0.5)]
    outcomes = {(0, ((0, 0),)): 0.5, (0, ((1, 0),)): 0.5}
    counts, likely = all_datasets(outcomes, 1)
    astray = likely @ np.maximum(0.5 - copies(outcomes, counts, 2), 0).sum(axis=1)
    assert astray == bounds.one_assistant(coin, coin, 1) == 0.5


@given(seed=st.integers(0, 2**32 - 1), types=st.integers(1, 2), phase=st.integers(1, 3), episodes=st.integers(0, 9))
@settings(max_examples=30)
def test_where_the_ais_side_flips_no_coins_only_missing_records_count(seed, types, phase, episodes):
    rng = np.random.default_rng(seed)
    p, q = random_tables(rng, types, phase, sharp=1), random_tables(rng, types, phase, sharp=0)
    assert bounds.one_assistant(p, q, episodes) == pytest.approx(sc.missing_mass(p, q, episodes), abs=1e-12)
