"""Intervals: what a sample says about a probability and about a mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from socialcoop import checks

Interval = tuple[float, float]


def clopper_pearson(failures: int, trials: int, confidence: float) -> Interval:
    """Return the exact confidence interval for a probability after ``failures`` in ``trials``.

    Examples
    --------
    >>> low, high = sc.social.clopper_pearson(3, trials=100, confidence=0.99)
    >>> round(low, 4), round(high, 4)
    (0.0034, 0.1055)
    """
    from scipy.special import betaincinv  # here, since scipy would double the package's import time

    trials = checks.integer("trials", trials, 1)
    failures = checks.integer("failures", failures, 0, trials)
    tail = (1 - checks.real("confidence", confidence, 0, 1, open_low=True, open_high=True)) / 2
    low = 0.0 if failures == 0 else float(betaincinv(failures, trials - failures + 1, tail))
    high = 1.0 if failures == trials else float(betaincinv(failures + 1, trials - failures, 1 - tail))
    return low, high


@checks.TINY_IS_ZERO
def mean_interval(sample: ArrayLike, confidence: float = 0.99) -> Interval:
    """Return Student's confidence interval for the mean of what a sample was drawn from.

    Parameters
    ----------
    sample
        Independent numbers, (B,), at least 2.
    confidence
        How often such an interval holds the mean: exactly so for normal numbers, nearly so for means of many.

    Raises
    ------
    ValueError
        If the sample holds fewer than 2 numbers.

    Examples
    --------
    >>> low, high = sc.social.mean_interval([0.1, 0.2, 0.3, 0.2], confidence=0.95)
    >>> round(low, 3), round(high, 3)
    (0.07, 0.33)
    """
    from scipy.special import stdtrit  # here, since scipy would double the package's import time

    numbers = checks.array("sample", sample, "(B,)", 1)
    if len(numbers) < 2:
        raise ValueError(f"sample must hold at least 2 numbers, got {len(numbers)}")
    tail = (1 - checks.real("confidence", confidence, 0, 1, open_low=True, open_high=True)) / 2
    half = float(-stdtrit(len(numbers) - 1, tail) * numbers.std(ddof=1) / np.sqrt(len(numbers)))
    return float(numbers.mean()) - half, float(numbers.mean()) + half
