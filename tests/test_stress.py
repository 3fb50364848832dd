"""Stress: what it measures at each amount is what a sweep measures there, and a share is linear."""

from functools import partial

import numpy as np
import pytest

import socialcoop as sc
from socialcoop.sweeps import ASSISTANTS

MEMBER = sc.Codebook(2, fallback=sc.Hedge())
GRIM = sc.Codebook(2)
TALKS = sc.SocialLearningProblem(sc.games.conversation(4), sc.Population([MEMBER]), 40)
SIZE = {"plays": 60, "datasets": 20}


def swept(name, problem=TALKS, **broken):
    """Return low, mean, high."""
    size = {"plays": 6, "datasets": 2} if name == "imitate to the end" else SIZE
    found = sc.sweep(problem, [4], [50], [ASSISTANTS[name]], **size, n_jobs=1, **broken)
    return np.ravel([found.low, found.regret, found.high])


def shaky(rate):
    return {"partner": sc.strategies.Trembling(MEMBER, rate)}


def blurred(rate):
    return {"spoil": lambda dataset, rng: sc.social.misread(dataset, actions=rate, seed=rng)}


def others(rate):
    people = sc.Population([sc.strategies.Trembling(MEMBER, rate)])
    return {"problem": sc.SocialLearningProblem(TALKS.game, people, 40)}


@pytest.mark.parametrize("change", [shaky, blurred, others])
def test_a_rate_is_measured_at_each_amount(change):
    amounts = [0.0, 0.3, 1.0]
    found = sc.stress(TALKS, 4, 50, amounts, change, **SIZE)
    assert list(found) == list(ASSISTANTS)
    for name, ends in found.items():
        expected = [swept(name, **change(amount)) for amount in amounts]
        np.testing.assert_array_equal(ends, expected)


def test_a_share_is_the_line_between_two_wider_intervals():
    found = sc.stress(TALKS, 4, 50, np.array([0, 0.25, 1]), {"partner": GRIM}, **SIZE)
    for name, ends in found.items():
        before = swept(name, confidence=0.995)
        after = swept(name, partner=GRIM, confidence=0.995)
        np.testing.assert_allclose(ends, [before, 0.75 * before + 0.25 * after, after])
        assert (np.diff(ends) >= 0).all()


def test_the_line_is_what_a_mixed_population_loses():
    """In 1200 episodes each; five standard errors of a mean of values in [0, 1] are below 0.08."""
    size = {"plays": 1200, "datasets": 30}
    line = sc.stress(TALKS, 4, 50, [0.4], {"partner": GRIM}, **size)["with care"][0]
    mixed = sc.Population([MEMBER, GRIM], [0.6, 0.4])
    met = sc.sweep(TALKS, [4], [50], ["careful"], partner=mixed, **size, n_jobs=1).regret.item()
    assert line[1] == pytest.approx(met, abs=0.08)
    assert line[1] > 0.3


def test_the_seed_counts_and_nothing_else_does():
    run = partial(sc.stress, TALKS, 4, 50, [0.2], shaky, **SIZE)
    first, again, other = run(seed=1), run(seed=1), run(seed=2)
    assert all(np.array_equal(first[name], again[name]) for name in ASSISTANTS)
    assert not np.array_equal(first["with care"], other["with care"])
