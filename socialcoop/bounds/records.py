"""Bounds on records: what imitation needs, and how long its data last."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.strategies.agreement import MAX_HORIZON


@checks.TINY_IS_ZERO
def survival(horizon: int, episodes: ArrayLike, challenges: int, n_actions: int) -> NDArray[np.float64]:
    r"""Return the probability that an imitator has answered every challenge of a codebook rightly so far.

    .. math:: P_1 = s_0 + \frac{1 - s_0}{N}, \qquad P_{t+1} = s_t + \frac{P_t - s_t}{N}, \qquad
              s_t = 1 - (1 - m^{-t})^K

    Parameters
    ----------
    horizon
        Number of stages T.
    episodes
        Sizes K of the dataset, an integer or an array of any shape.
    challenges
        Number m of equally likely challenges.
    n_actions
        Number of actions N among which the imitator guesses where its data end.

    Returns
    -------
    Array (T, …): after t + 1 stages, for each dataset size; the mean over datasets.

    Notes
    -----
    s_t is the probability that the first t challenges are those of a record. While they are, the imitator is
    right at every stage so far and at the next one; else it has to guess. See `socialcoop.Codebook`.

    Examples
    --------
    >>> sc.bounds.survival(6, [20, 200], challenges=2, n_actions=4)[-1].round(4)
    array([0.5477, 0.9987])
    """
    horizon = checks.integer("horizon", horizon, 0, MAX_HORIZON)
    challenges = checks.integer("challenges", challenges, 1)
    n_actions = checks.integer("n_actions", n_actions, 1)
    sizes = checks.integers("episodes", episodes, 2**62, "any", tuple(range(33))).astype(np.float64)
    alive = np.ones(sizes.shape)
    curve = np.empty((horizon, *sizes.shape))
    for stage in range(horizon):
        known = _recorded(challenges, stage, sizes)
        alive = curve[stage] = known + (alive - known) / n_actions
    return curve


def _recorded(challenges: int, stage: int, sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability that given challenges are those of one of so many records; accurate when tiny."""
    if challenges == 1 or stage == 0:
        return (sizes > 0).astype(np.float64)
    return -np.expm1(sizes * np.log1p(-(float(challenges) ** -min(stage, 1074))))


def survival_bound(horizon: int, episodes: int, challenges: int, n_actions: int) -> float:
    r"""Return an upper bound on the last entry of `survival`, for fewer challenges than actions.

    .. math:: \min\left\{1, \frac{K m^{-(T-1)}}{1 - m/N}\right\}, \qquad m < N,\; K \ge 1

    Raises
    ------
    ValueError
        If there are as many challenges as actions, or more: the bound does not hold there.

    Examples
    --------
    >>> round(sc.bounds.survival_bound(12, 20, challenges=2, n_actions=4), 4)
    0.0195
    """
    horizon = checks.integer("horizon", horizon, 1)
    episodes = checks.integer("episodes", episodes, 1)
    n_actions = checks.integer("n_actions", n_actions, 2)
    challenges = checks.integer("challenges", challenges, 1, n_actions - 1)
    exponent = math.log(episodes) - (horizon - 1) * math.log(challenges) - math.log1p(-challenges / n_actions)
    return math.exp(min(exponent, 0.0))


def episodes_to_survive(probability: float, horizon: int, challenges: int, n_actions: int) -> int:
    """Return the smallest dataset with which `survival` over the horizon is at least ``probability``, in [0, 1).

    Exact below 2^53; up to rounding beyond. At most 2^62: larger datasets are refused.

    Raises
    ------
    ValueError
        If more than 2^62 episodes would be needed.

    Examples
    --------
    >>> horizons = (4, 8, 12)
    >>> [sc.bounds.episodes_to_survive(0.5, T, challenges=2, n_actions=4) for T in horizons]
    [5, 71, 1128]
    """
    probability = checks.real("probability", probability, 0, 1, open_high=True)
    horizon = checks.integer("horizon", horizon, 1, MAX_HORIZON)

    def enough(episodes: int) -> bool:
        return bool(survival(horizon, episodes, challenges, n_actions)[-1] >= probability)

    high = 1
    while not enough(high):
        high *= 2
        if high >= 2**62:
            raise ValueError(f"horizon must be so short that fewer than 2^62 episodes are enough, got {horizon}")
    if enough(0):
        return 0
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def lemma_3_6(phase: int, episodes: int, n_actions: int, n_types: int) -> float:
    r"""Return the bound on the imitator's total variation as the paper prints it, lemma 3.6.

    .. math:: \min\left\{\tilde T,\; \frac{N^{2(\tilde T+1)}\, |\Theta|\, \tilde T^2 \ln K}{K}\right\}

    Parameters
    ----------
    phase, episodes
        T̃ and K, at least 1.
    n_actions, n_types
        N and the number of one agent's types.

    Notes
    -----
    At K = 1 it is 0, which is false whenever the distance is not; for every larger K it holds, loosely.

    Examples
    --------
    >>> sizes = (1, 1000, 100_000)
    >>> [round(sc.bounds.lemma_3_6(2, K, n_actions=2, n_types=1), 4) for K in sizes]
    [0.0, 1.7684, 0.0295]
    """
    phase = checks.integer("phase", phase, 1)
    episodes = checks.integer("episodes", episodes, 1)
    n_actions = checks.integer("n_actions", n_actions, 1)
    n_types = checks.integer("n_types", n_types, 1)
    if episodes == 1:
        return 0.0
    log = 2 * (phase + 1) * math.log(n_actions) + math.log(n_types) + 2 * math.log(phase)
    log += math.log(math.log(episodes)) - math.log(episodes)
    return float(phase) if log >= math.log(phase) else math.exp(log)


def coverage(reachable: int, episodes: int) -> float:
    r"""Return the bound R/(eK) on the missing mass, and so on the imitator's total variation; at most 1.

    Parameters
    ----------
    reachable
        Number R of pairs of an own type and a history of T̃ - 1 stages that can come up.
    episodes
        Size K of the dataset, at least 1.

    Notes
    -----
    Ours: each history contributes at most max over x of x (1 - x)^K, which is below 1/(eK).

    Examples
    --------
    >>> round(sc.bounds.coverage(reachable=16, episodes=59), 4)
    0.0998
    """
    reachable = checks.integer("reachable", reachable, 1)
    episodes = checks.integer("episodes", episodes, 1)
    return min(1.0, reachable / (math.e * episodes))
