"""What hidden types must cost, whoever serves, and what the best stop promises."""

from __future__ import annotations

import math
from collections.abc import Sequence

from numpy.typing import ArrayLike

from socialcoop import checks
from socialcoop.bounds.guarantees import Bound, assumptions
from socialcoop.imitation.tree import missing_mass, sampling_spread


def price_of_hidden_types(lam: float) -> float:
    r"""Return ρ*(λ): what hidden types cost every AI at worst, beside terms with ε and δ.

    .. math:: \rho^*(\lambda) = 1 - \frac{1 - e^{-\lambda}}{\lambda} \le \frac{\lambda}{2}

    Parameters
    ----------
    lam
        λ = T̃/T, the share of the stages in the phase, in (0, 1].

    Notes
    -----
    Ours, Theorem *The universal stop* and Corollary *The worst value*: no strategy can promise less for λ up to .659.

    Examples
    --------
    >>> [round(sc.bounds.price_of_hidden_types(lam), 4) for lam in (0.1, 0.25, 0.5)]
    [0.0484, 0.1152, 0.2131]
    """
    lam = checks.real("lam", lam, 0, 1, open_low=True)
    if lam < 1e-4:  # where the difference of two close numbers would lose its digits
        return lam / 2 - lam**2 / 6
    return 1 + math.expm1(-lam) / lam


def universal_stop(horizon: int, phase: int, epsilon: float, delta: float, tv: float) -> Bound:
    r"""Return our bound on the mean altruistic regret of the universal stop, which needs to know only λ.

    .. math:: 2\delta + \delta(K) + 2\epsilon + \rho^*(\lambda) + \frac{1}{\tilde T}

    Parameters
    ----------
    horizon, phase, epsilon, delta, tv
        As for `theorem_3_7`, with T̃ at least 1.

    Returns
    -------
    The regret per stage, with its terms. It holds whatever the partner is owed.

    Notes
    -----
    Ours, Theorem *The universal stop*, for ``commit="universal"`` of `socialcoop.ThenCommit`.

    Examples
    --------
    >>> bound = sc.bounds.universal_stop(200_000, 100_000, epsilon=0.01, delta=0.001, tv=0)
    >>> round(bound, 4), round(bound.terms["hidden types"], 4)
    (0.2351, 0.2131)
    """
    share, epsilon, delta, tv = assumptions(horizon, phase, epsilon, delta, tv)
    phase = checks.integer("phase", phase, 1)
    return Bound(
        {
            "failure": 2 * delta,
            "imitation": tv,
            "regret": 2 * epsilon,
            "hidden types": price_of_hidden_types(share),
            "whole stages": 1 / phase,
        }
    )


def lower_bound_four_actions(lam: float) -> float:
    r"""Return what every AI loses per stage in a game of four actions and three types, whatever it knows.

    .. math:: \min\{\rho, (1 - \lambda)(1 - \rho)\}, \qquad \rho = \frac{\lambda}{8 - \lambda}

    Parameters
    ----------
    lam
        λ = T̃/T, in (0, 1).

    Notes
    -----
    Ours, Theorem *Four actions*, with the people `socialcoop.strategies.Spiteful`.

    Examples
    --------
    >>> round(1 / sc.bounds.lower_bound_four_actions(0.5), 6)
    15.0
    """
    lam = checks.real("lam", lam, 0, 1, open_low=True, open_high=True)
    share = lam / (8 - lam)
    return min(share, (1 - lam) * (1 - share))


def price_with_levels(lam: float, levels: int) -> float:
    r"""Return what a colleague costs every AI that tells its wishes on so many levels, beside terms with ε and δ.

    .. math:: \rho_L(\lambda) = 1 - \frac{1 - (1 - \lambda/L)^L}{\lambda}

    Parameters
    ----------
    lam
        λ = T̃/T, in (0, 1].
    levels
        Number of levels L, at least 1.

    Notes
    -----
    Ours, Lemma *The best grid*: the most that L levels can cost as long as following custom to the end of the phase
    is no way out, and ρ*(λ) in the limit. Two levels cost λ/4.

    Examples
    --------
    >>> [round(sc.bounds.price_with_levels(0.5, levels), 4) for levels in (1, 2, 8, 64)]
    [0.0, 0.125, 0.1934, 0.2107]
    """
    lam = checks.real("lam", lam, 0, 1, open_low=True)
    levels = checks.integer("levels", levels, 1)
    if levels == 1:
        return 0.0
    if lam < 1e-4:  # as for ρ*
        return (1 - 1 / levels) * (lam / 2 - (1 - 2 / levels) * lam**2 / 6)
    return 1 + math.expm1(levels * math.log1p(-lam / levels)) / lam


def price_at(lam: float, value: float, epsilon: float = 0.0) -> float:
    r"""Return the exact price of hidden types where the worst PONE pays the partner ``value``.

    .. math:: V - \max\{\lambda (V - \epsilon),\; W(\lambda, V - \epsilon) - \epsilon\}

    Parameters
    ----------
    lam
        λ = T̃/T, in (0, 1).
    value
        V: what the partner's worst PONE pays per stage, in [ε, 1].
    epsilon
        ε, in [0, 1].

    Returns
    -------
    The least regret per stage that some AI can promise with all people who are consistent and compatible, in the
    limit of many stages and records and small δ.

    Notes
    -----
    Ours, Corollary *The exact price*. W is the most that stopping can save for the rest: with Z = -ln(1 - λ) it is
    :math:`\lambda V_p / Z` for :math:`V_p \le (1 - \lambda) Z / \lambda`, and beyond that the root of
    :math:`W (1 - \ln W) = 1 - \lambda (1 - V_p)`. Where V is 1 and ε is 0 every stage of custom pays all there is, and
    there is no price.

    Examples
    --------
    >>> round(sc.bounds.price_at(0.5, value=0.8196), 4)  # the worst value: as much as the universal stop promises
    0.2131
    >>> round(sc.bounds.price_at(0.75, value=0.4), 4)  # a quarter of it: to follow to the end is better than any stop
    0.1
    """
    lam = checks.real("lam", lam, 0, 1, open_low=True, open_high=True)
    epsilon = checks.real("epsilon", epsilon, 0, 1)
    value = checks.real("value", value, epsilon, 1)
    promised = value - epsilon
    return value - max(lam * promised, _saved(lam, promised) - epsilon)


def _saved(lam: float, promised: float) -> float:
    """Return W(λ, V_p)."""
    normaliser = -math.log1p(-lam)
    if lam * promised <= (1 - lam) * normaliser:
        return lam * promised / normaliser
    from scipy.special import gammaincinv  # here, since scipy would double the package's import time

    return math.exp(-float(gammaincinv(2, lam * (1 - promised))))  # with W = exp(-y): 1 - (1 + y) exp(-y)


def record_bound(reachable: int, episodes: int) -> float:
    r"""Return what every learner loses per stage on average over the codes of some people, with so many records.

    .. math:: \tfrac14 \left(1 - \tfrac1R\right)^{K + 1}

    Parameters
    ----------
    reachable
        Number R of strings that can come up, at least 1.
    episodes
        Number K of records.

    Notes
    -----
    Ours, Theorem *Nobody needs fewer records*, with the people `socialcoop.strategies.SecretCode`. For every learner
    some code is that bad; no single code is bad for all learners.

    Examples
    --------
    >>> [round(sc.bounds.record_bound(32, episodes), 4) for episodes in (0, 32, 128)]
    [0.2422, 0.0877, 0.0042]
    """
    reachable = checks.integer("reachable", reachable, 1)
    return 0.25 * _missed(reachable, checks.integer("episodes", episodes) + 1)


def code_bound(codes: int, episodes: int) -> float:
    r"""Return what every learner loses per stage at the worst breakfast with so many codes for tea and coffee.

    .. math:: \tfrac12 \sum_{i \le R} p_i (1 - p_i)^K

    Parameters
    ----------
    codes
        Number R of codes, at least 1.
    episodes
        Number K of records.

    Notes
    -----
    Ours. A guest shows code i with probability p(i), and what i means is a fair coin, fixed for the people. Whoever
    has no record of the code loses ½ on average. Either all codes are equally likely, or all but the last have
    p = 1/(K + 1): whichever costs more. For R up to K + 1 that is at least :math:`(R - 1) / (2e (K + 1))`.

    Examples
    --------
    >>> round(sc.bounds.code_bound(16, 59), 4), round(15 / (2 * np.e * 60), 4)
    (0.0464, 0.046)
    """
    codes = checks.integer("codes", codes, 1)
    episodes = checks.integer("episodes", episodes)
    size = max(codes, episodes + 1)
    share = (codes - 1) / size
    rare = share * _missed(size, episodes) + (1 - share) * share**episodes
    return 0.5 * max(rare, _missed(codes, episodes))


def _missed(size: int, times: int) -> float:
    """Return the probability that a certain one of so many equally likely things does not come up."""
    return float(times == 0) if size == 1 else math.exp(times * math.log1p(-1 / size))


def one_assistant(
    p: Sequence[ArrayLike], q: Sequence[ArrayLike], episodes: int, type_weights: ArrayLike | None = None
) -> float:
    r"""Return a bound on the mean total variation of an imitator that was trained once, and not for each episode anew.

    .. math:: \text{missing mass} + \sum_{t \le \tilde T} \sum_{\theta, h}
              \sqrt{\frac{p(\theta, h)\, (N_h - 1)}{2 (K + 1)}}

    Parameters
    ----------
    p, q, episodes, type_weights
        As for `socialcoop.missing_mass`.

    Returns
    -------
    The bound, at most 1. The sum is over own types and histories of t - 1 stages, with N_h own actions possible next.

    Notes
    -----
    Ours, Proposition *One trained imitator*. The sum is 0 where the AI's side flips no coins.

    Examples
    --------
    >>> coin, copies = [np.full((1, 1, 2), 0.5)], [np.array([[[1.0, 0.0]]])]
    >>> round(sc.bounds.one_assistant(coin, coin, 49), 4), sc.bounds.one_assistant(copies, coin, 49)
    (0.1, 0.0)
    """
    return min(1.0, missing_mass(p, q, episodes, type_weights) + sampling_spread(p, q, episodes, type_weights))
