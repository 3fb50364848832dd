"""A learner that sees what it earned, and never what it would have earned."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies.protocol import Actions, Floats, Indices, Seat, Strategy


class Exp3IX(checks.Frozen, Strategy):
    r"""Exponential weights on estimated losses: all that it ever learns is its own realised payoff.

    It is Hedge for an agent who does not know its payoffs, or cannot see what the partner did.

    Parameters
    ----------
    rate
        The learning rate η, at least 0. By default :math:`\sqrt{2 \ln N / (N T)}`, tuned to the horizon.

    Notes
    -----
    Exp3-IX, Neu (2015), with the exploration γ = η/2 of its theorem 1. Losses are ℓ = 1 - payoff. The action a that
    was played, with probability p(a), is estimated to have lost :math:`\tilde\ell(a) = \ell(a)/(p(a) + \gamma)`, every
    other one nothing. Actions are played in proportion to :math:`\exp(-\eta \sum \tilde\ell)`.

    *The certificate.* Let R be the realised regret against always playing j, and c = η/2 + γ = η. On every path
    :math:`R \le \ln N/\eta + \sum_t [\tilde\ell_t(j) - \ell_t(j) + c \sum_a \tilde\ell_t(a)]`: exponential weights lose
    at most :math:`\ln N/\eta + \frac{\eta}{2} \sum p \tilde\ell^2` more than j on the estimates, while
    :math:`\sum_a p \tilde\ell = \ell_{played} - \gamma \sum_a \tilde\ell` and :math:`p \tilde\ell \le 1`.
    Given the past and the partner's action, :math:`E \exp(\sum_a \alpha_a \tilde\ell(a)) \le \exp(\sum_a \alpha_a
    \ell(a))` for all :math:`0 \le \alpha_a \le 2\gamma`, Neu's lemma 1, since :math:`\alpha \ell/(p + \gamma) \le
    \ln(1 + \alpha \ell/p)`. With :math:`\alpha_j = 2\gamma` and :math:`2\gamma c/(1+c)` for the others, Markov's
    inequality and a union over j give, with probability at least 1 - δ, for partners that adapt as well,

    .. math:: R \le \frac{\ln N}{\eta} + c N T + \frac{1 + c}{2\gamma} \ln\frac{N}{\delta}.

    The constants are those of this derivation, in which the lemma is used once for each j.

    Examples
    --------
    What cost nothing teaches nothing:

    >>> seat = sc.strategies.Exp3IX(rate=1).seat(sc.games.coordination(2), 0, np.zeros(2, int), horizon=9)
    >>> seat.observe(own=np.array([0, 1]), other=np.array([1, 1]))
    >>> seat.policy().round(3)
    array([[0.269, 0.5  ],
           [0.731, 0.5  ]])
    """

    def __init__(self, rate: float | None = None) -> None:
        self.rate = checks.optional(checks.real, "rate", rate, 0, np.inf, open_high=True)

    def tuned(self, horizon: int, n_actions: int) -> float:
        """Return the rate used for this horizon and number of actions."""
        if self.rate is not None:
            return self.rate
        return math.sqrt(2 * math.log(n_actions) / (n_actions * horizon)) if horizon else 0.0

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        return _Exp3IXSeat(game, types, self.tuned(horizon, game.n_actions))

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        n_actions, rate = game.n_actions, self.tuned(horizon, game.n_actions)
        if n_actions == 1 or horizon == 0 or epsilon >= 1:
            return 0.0
        if rate == 0:
            return 1.0
        excess = epsilon * horizon - math.log(n_actions) / rate - rate * n_actions * horizon
        return min(1.0, n_actions * math.exp(min(0.0, -excess * rate / (1 + rate))))


class _Exp3IXSeat(Seat):
    """Keeps the logarithms of the weights, relative to the largest."""

    per_episode: ClassVar[tuple[str, ...]] = ("types", "behind")

    def __init__(self, game: Game, types: Indices, rate: float) -> None:
        super().__init__(game, len(types))
        self.types, self.rate = types, rate
        self.behind = np.zeros((game.n_actions, len(types)))

    @checks.TINY_IS_ZERO
    def policy(self) -> Floats:
        weights = np.exp(self.behind)
        return weights / weights.sum(axis=0)

    def observe(self, own: Actions, other: Actions) -> None:
        each = np.arange(self.episodes)
        played, lost = self.policy()[own, each], 1 - self.game.payoffs[self.types, own, other]
        behind = self.behind.copy()
        behind[own, each] -= self.rate * lost / (played + self.rate / 2)
        self.behind = behind - behind.max(axis=0)
