"""Bounds: one function each, with its formula and source."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.strategies.agreement import MAX_HORIZON
from socialcoop.strategies.learners import hedge_regret

__all__ = [
    "Bound",
    "changed_theorem",
    "corrected_theorem",
    "correlation_gap",
    "coverage",
    "episodes_to_survive",
    "hedge_epsilon",
    "hyperbolic_theorem",
    "lemma_3_6",
    "survival",
    "survival_bound",
    "theorem_3_7",
]


def hedge_epsilon(horizon: int, n_actions: int, delta: float) -> float:
    r"""Return the regret per stage that tuned Hedge exceeds with probability at most ``delta``.

    .. math:: \frac{H(T)}{T}, \qquad H(T) = \sqrt{\tfrac{T \ln N}{2}} + \sqrt{\tfrac{T \ln(1/\delta)}{2}}

    Parameters
    ----------
    horizon
        Number of stages T, at least 1.
    n_actions
        Number of actions N.
    delta
        Failure probability, in (0, 1].

    Returns
    -------
    The regret per stage. Payoffs lie in [0, 1], so a value of 1 or more says nothing.

    Notes
    -----
    The pathwise bound of Cesa-Bianchi and Lugosi (2006, theorem 2.2) for the mixed actions, plus
    Azuma–Hoeffding for the payoffs realised from them; it holds against every adaptive partner.

    Examples
    --------
    >>> round(sc.bounds.hedge_epsilon(2000, n_actions=2, delta=0.01), 4)
    0.0471
    """
    horizon = checks.integer("horizon", horizon, 1)
    n_actions = checks.integer("n_actions", n_actions, 1)
    delta = checks.real("delta", delta, 0, 1, open_low=True)
    return hedge_regret(horizon, n_actions, delta) / horizon


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


class Bound(float):
    """A bound that knows its terms: a number, and in ``terms`` what adds up to it, by name.

    Examples
    --------
    >>> bound = sc.bounds.theorem_3_7(100, 10, epsilon=0.25, delta=0.125, tv=0.5)
    >>> bound, bound.terms
    (1.45, {'failure': 0.25, 'imitation': 0.5, 'regret': 0.7})
    """

    terms: dict[str, float]

    def __new__(cls, terms: dict[str, float]) -> Bound:
        """Add up the terms."""
        bound = super().__new__(cls, math.fsum(terms.values()))
        bound.terms = terms
        return bound

    def __reduce__(self) -> tuple[type[Bound], tuple[dict[str, float]]]:
        """Return how a copy is made, here or in another process."""
        return type(self), (self.terms,)


def theorem_3_7(horizon: int, phase: int, epsilon: float, delta: float, tv: float) -> Bound:
    r"""Return the bound on imitate-then-commit's mean altruistic regret as the paper prints it, theorem 3.7.

    .. math:: 2\delta + \delta(K) + \left(2\,\frac{T - \tilde T}{T} + 1\right)\epsilon

    Parameters
    ----------
    horizon, phase
        T and T̃, with T̃ from 0 to T.
    epsilon, delta
        Assumption 3.5: the population is (δ, ε, T)-consistent and (δ, ε, T̃)-compatible.
    tv
        δ(K): any bound on the total variation of the imitated stages.

    Returns
    -------
    The regret per stage, with its terms. It does not hold as printed: see `corrected_theorem`.

    Examples
    --------
    >>> round(sc.bounds.theorem_3_7(2000, 1000, epsilon=0.0485, delta=0.01, tv=0.0), 3)
    0.117
    """
    share, epsilon, delta, tv = _assumptions(horizon, phase, epsilon, delta, tv)
    return Bound({"failure": 2 * delta, "imitation": tv, "regret": (2 * (1 - share) + 1) * epsilon})


def corrected_theorem(horizon: int, phase: int, epsilon: float, delta: float, tv: float, gap: float) -> Bound:
    r"""Return our bound on imitate-then-commit's mean altruistic regret, ν as commitment.

    .. math:: 2\delta + \delta(K) + 2\epsilon + \frac{\tilde T}{T}\, \mathrm{E}[\mathrm{gap}(\hat z)]

    Parameters
    ----------
    horizon, phase, epsilon, delta, tv
        As for `theorem_3_7`.
    gap
        A bound on the mean `correlation_gap` of the imitated stages: at most 1 - 1/N, and 0 if all play as told.

    Returns
    -------
    The regret per stage, with its terms.

    Examples
    --------
    >>> bound = sc.bounds.corrected_theorem(2000, 1000, 0.0485, delta=0.01, tv=0.0, gap=0.5)
    >>> round(bound, 3), bound.terms["gap"]
    (0.367, 0.25)
    """
    share, epsilon, delta, tv = _assumptions(horizon, phase, epsilon, delta, tv)
    gap = checks.real("gap", gap, -1, 1)
    return Bound({"failure": 2 * delta, "imitation": tv, "regret": 2 * epsilon, "gap": share * gap})


def changed_theorem(
    horizon: int,
    phase: int,
    tv: float,
    gap: float,
    recorded: tuple[float, float],
    met: tuple[float, float],
    change: float = 0.0,
) -> Bound:
    r"""Return our bound on imitate-then-commit's mean altruistic regret with partners other than the recorded people.

    .. math:: \delta + \delta' + \delta(K) + \kappa + \epsilon + \epsilon' +
              \frac{\tilde T}{T}\, \mathrm{E}[\mathrm{gap}(\hat z)]

    Parameters
    ----------
    horizon, phase, tv, gap
        As for `corrected_theorem`, which is the case of equal pairs and no change.
    recorded
        (δ, ε): the recorded people are (δ, ε, T̃)-compatible.
    met
        (δ′, ε′): the partners that are met are (δ′, ε′, T)-consistent.
    change
        κ: the total variation between meeting the recorded people and these partners, see
        `socialcoop.imitation.meeting_tv`.

    Returns
    -------
    The regret per stage, with its terms.

    Examples
    --------
    >>> bound = sc.bounds.changed_theorem(1000, 10, 0.0, 0.5, recorded=(0, 0), met=(0.01, 0.1), change=0.2)
    >>> round(bound, 3)
    0.315
    """
    share, epsilon, delta, tv = _assumptions(horizon, phase, *_pair("recorded", recorded)[::-1], tv)
    met_delta, met_epsilon = _pair("met", met)
    return Bound(
        {
            "failure": delta + met_delta,
            "imitation": tv,
            "change": checks.real("change", change, 0, 1),
            "regret": epsilon + met_epsilon,
            "gap": share * checks.real("gap", gap, -1, 1),
        }
    )


def _pair(name: str, value: tuple[float, float]) -> tuple[float, float]:
    """Return a failure probability and a regret per stage, checked."""
    pair = checks.sequence(name, value, "a pair (delta, epsilon)")
    if len(pair) != 2:
        raise TypeError(f"{name} must be a pair (delta, epsilon), got {value!r}")
    delta = checks.real(f"{name}[0]", pair[0], 0, 1)
    return delta, checks.real(f"{name}[1]", pair[1], 0, np.inf, open_high=True)


def hyperbolic_theorem(horizon: int, phase: int, epsilon: float, delta: float, tv: float, value: float = 1.0) -> Bound:
    r"""Return our bound on the mean altruistic regret of the hyperbolic stop.

    .. math:: 2\delta + \delta(K) + 2\epsilon + V \left(1 - \frac{\tilde T / T}{Z}\right), \qquad
              Z = \sum_{s=1}^{\tilde T} \frac{1}{T - s + 1}

    Parameters
    ----------
    horizon, phase, epsilon, delta, tv
        As for `theorem_3_7`, with T̃ at least 1.
    value
        V: what the partner's worst PONE pays, in [0, 1].

    Examples
    --------
    >>> bound = sc.bounds.hyperbolic_theorem(2000, 200, epsilon=0.0485, delta=0.01, tv=0.0)
    >>> round(bound, 3), round(bound.terms["early stop"], 3)
    (0.168, 0.051)
    """
    share, epsilon, delta, tv = _assumptions(horizon, phase, epsilon, delta, tv)
    phase = checks.integer("phase", phase, 1, MAX_HORIZON)
    value = checks.real("value", value, 0, 1)
    normaliser = float((1 / (float(horizon) - np.arange(phase))).sum())
    return Bound(
        {"failure": 2 * delta, "imitation": tv, "regret": 2 * epsilon, "early stop": value * (1 - share / normaliser)}
    )


def _assumptions(
    horizon: int, phase: int, epsilon: float, delta: float, tv: float
) -> tuple[float, float, float, float]:
    """Return the share T̃/T, epsilon, delta and tv, checked."""
    horizon = checks.integer("horizon", horizon, 1)
    phase = checks.integer("phase", phase, 0, horizon)
    epsilon = checks.real("epsilon", epsilon, 0, np.inf, open_high=True)
    delta = checks.real("delta", delta, 0, 1)
    return phase / horizon, epsilon, delta, checks.real("tv", tv, 0, np.inf, open_high=True)


@checks.TINY_IS_ZERO
def correlation_gap(z: ArrayLike, payoffs: ArrayLike) -> float:
    r"""Return how much the partner gains from joint play beyond its own frequencies against the AI's.

    .. math:: \mathrm{gap}(z) = \sum_{a,b} z(a,b)\, B(b,a) - \sum_{a,b} z_A(a)\, z_B(b)\, B(b,a)

    Parameters
    ----------
    z
        Joint distribution z[a, b] of the AI's action a and the partner's action b, (N, N).
    payoffs
        The partner's payoffs B[b, a], own action first, (N, N).

    Examples
    --------
    >>> taking_turns, together = np.eye(2) / 2, np.eye(2)
    >>> sc.bounds.correlation_gap(taking_turns, payoffs=together)
    0.5
    """
    joint = checks.joint("z", z)
    table = checks.array("payoffs", payoffs, "(N, N)", 2)
    if joint.shape != table.shape:
        raise ValueError(f"payoffs must have the shape of z, (N, N), got {table.shape} and {joint.shape}")
    alone = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    return float(((joint - alone) * table.T).sum())
