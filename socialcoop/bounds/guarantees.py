"""Bounds on altruistic regret, printed, corrected and changed, and what they are made of."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from socialcoop import checks
from socialcoop.strategies.agreement import MAX_HORIZON
from socialcoop.strategies.learners import hedge_regret


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
    Azuma–Hoeffding for the payoffs realised from them; it holds against every adaptive partner. With one action
    there is nothing to regret, and it is 0.

    Examples
    --------
    >>> round(sc.bounds.hedge_epsilon(2000, n_actions=2, delta=0.01), 4)
    0.0471
    """
    horizon = checks.integer("horizon", horizon, 1)
    n_actions = checks.integer("n_actions", n_actions, 1)
    delta = checks.real("delta", delta, 0, 1, open_low=True)
    return hedge_regret(horizon, n_actions, delta) / horizon


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
    The regret per stage, with its terms. As printed it holds for short phases and, where types are hidden, is
    refuted for longer ones, whatever the strategy: see `corrected_theorem`.

    Examples
    --------
    >>> round(sc.bounds.theorem_3_7(2000, 1000, epsilon=0.0485, delta=0.01, tv=0.0), 3)
    0.117
    """
    share, epsilon, delta, tv = assumptions(horizon, phase, epsilon, delta, tv)
    return Bound({"failure": 2 * delta, "imitation": tv, "regret": (2 * (1 - share) + 1) * epsilon})


def corrected_theorem(horizon: int, phase: int, epsilon: float, delta: float, tv: float, gap: float) -> Bound:
    r"""Return our bound on imitate-then-commit's mean altruistic regret, ν as commitment.

    .. math:: 2\delta + \delta(K) + 2\epsilon + \frac{\tilde T}{T}\, \mathrm{E}[\mathrm{gap}(\hat z)]

    Parameters
    ----------
    horizon, phase, epsilon, delta, tv
        As for `theorem_3_7`.
    gap
        A bound on the mean `correlation_gap` of the imitated stages: at most 1 - 1/N, and 0 for joint play that is
        a product of both sides' shares, such as an equilibrium repeated.

    Returns
    -------
    The regret per stage, with its terms.

    Examples
    --------
    >>> bound = sc.bounds.corrected_theorem(2000, 1000, 0.0485, delta=0.01, tv=0.0, gap=0.5)
    >>> round(bound, 3), bound.terms["gap"]
    (0.367, 0.25)
    """
    share, epsilon, delta, tv = assumptions(horizon, phase, epsilon, delta, tv)
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
    share, epsilon, delta, tv = assumptions(horizon, phase, *_pair("recorded", recorded)[::-1], tv)
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
    share, epsilon, delta, tv = assumptions(horizon, phase, epsilon, delta, tv)
    phase = checks.integer("phase", phase, 1, MAX_HORIZON)
    value = checks.real("value", value, 0, 1)
    normaliser = float((1 / (float(horizon) - np.arange(phase))).sum())
    return Bound(
        {"failure": 2 * delta, "imitation": tv, "regret": 2 * epsilon, "early stop": value * (1 - share / normaliser)}
    )


def assumptions(horizon: int, phase: int, epsilon: float, delta: float, tv: float) -> tuple[float, float, float, float]:
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
