"""Intervals for a mean: against Student's, and against how often they hold it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, t

import socialcoop as sc

RARE = 1e-6  # error probability of each statistical test, for any seed

number = st.floats(-1e6, 1e6)


@given(st.lists(number, min_size=2, max_size=40), st.floats(0.01, 0.999999))
def test_the_interval_is_students(sample, confidence):
    found = sc.social.mean_interval(sample, confidence)
    error = np.std(sample, ddof=1) / np.sqrt(len(sample))
    half = t.ppf((1 + confidence) / 2, len(sample) - 1) * error
    np.testing.assert_allclose(found, (np.mean(sample) - half, np.mean(sample) + half), rtol=1e-9, atol=1e-6)


def test_an_interval_by_hand():
    """Mean 2, variance 1; a quarter of Student's distribution with 2 degrees lies above √(2/3)."""
    half = np.sqrt(2 / 3) / np.sqrt(3)
    assert sc.social.mean_interval([1, 2, 3], 0.5) == pytest.approx((2 - half, 2 + half))


def test_the_confidence_is_99_percent_unless_told():
    sample = [0.0, 1, 5, 2]
    assert sc.social.mean_interval(sample) == sc.social.mean_interval(sample, 0.99)


def test_the_ends_are_plain_numbers_around_the_mean():
    low, high = sc.social.mean_interval(np.array([0.25, 0.5, 0.75]))
    assert type(low) is type(high) is float
    assert (low + high) / 2 == pytest.approx(0.5)


def test_equal_numbers_leave_no_doubt():
    assert sc.social.mean_interval([0.5, 0.5, 0.5], 0.999) == (0.5, 0.5)


@given(st.lists(number, min_size=2, max_size=20), st.floats(0.1, 0.99), number, st.floats(0.01, 100))
def test_the_interval_moves_and_grows_with_the_sample(sample, confidence, shift, scale):
    low, high = sc.social.mean_interval(sample, confidence)
    moved = sc.social.mean_interval([scale * x + shift for x in sample], confidence)
    np.testing.assert_allclose(moved, (scale * low + shift, scale * high + shift), rtol=1e-6, atol=1e-3)


@given(st.lists(number, min_size=2, max_size=20), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_more_confidence_makes_it_wider(sample, one, two):
    (inner_low, inner_high), (outer_low, outer_high) = (
        sc.social.mean_interval(sample, confidence) for confidence in sorted((one, two))
    )
    assert outer_low <= inner_low <= inner_high <= outer_high


@pytest.mark.parametrize(("size", "confidence"), [(2, 0.5), (3, 0.9), (8, 0.99), (30, 0.95)])
def test_normal_samples_are_held_exactly_as_often_as_promised(size, confidence):
    rng, trials = np.random.default_rng(size), 4000
    ends = np.array([sc.social.mean_interval(sample, confidence) for sample in rng.normal(3, 2, (trials, size))])
    held = ((ends[:, 0] <= 3) & (ends[:, 1] >= 3)).sum()
    low, high = binom.ppf([RARE / 2, 1 - RARE / 2], trials, confidence)
    assert low <= held <= high


def test_means_of_many_coins_are_held_nearly_as_often():
    """Means of 50 coins, 20 of them: 0.99 up to 0.01 for their not being quite normal."""
    rng, trials = np.random.default_rng(0), 4000
    ends = np.array([sc.social.mean_interval(sample) for sample in rng.binomial(50, 0.3, (trials, 20)) / 50])
    held = ((ends[:, 0] <= 0.3) & (ends[:, 1] >= 0.3)).sum()
    assert binom.ppf(RARE / 2, trials, 0.98) <= held


@pytest.mark.parametrize("sample", [[], [1.0]])
def test_fewer_than_two_numbers_say_nothing(sample):
    with pytest.raises(ValueError, match=f"sample must hold at least 2 numbers, got {len(sample)}"):
        sc.social.mean_interval(sample)


def test_the_sample_is_left_as_it_is():
    sample = np.array([3.0, 1, 2])
    sc.social.mean_interval(sample)
    assert sample.tolist() == [3, 1, 2]
