"""Bounds: one function each, with its formula and source."""

from __future__ import annotations

import numpy as np

from socialcoop import checks


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
    """
    horizon = checks.integer("horizon", horizon, 1)
    n_actions = checks.integer("n_actions", n_actions, 1)
    delta = checks.real("delta", delta, 0, 1, open_low=True)
    if n_actions == 1:
        return 0.0
    return float((np.sqrt(np.log(n_actions) / 2) + np.sqrt(np.log(1 / delta) / 2)) / np.sqrt(horizon))
