"""Banked regret: an agent that saves up in good times, and spends it when it is led."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies.conventions import JointSchedule
from socialcoop.strategies.departure import AgreementSeat
from socialcoop.strategies.learners import Hedge, hedge_regret
from socialcoop.strategies.protocol import Actions, Floats, Seat, Strategy, pure


class BankedRegret(Strategy):
    """Follow a schedule; after a departure play the worst action while the regret allows it, and only then learn.

    Parameters
    ----------
    joint
        The distribution z[a, b] of joint actions whose `schedule` it follows, (N, N).
    epsilon
        Regret per stage that it allows itself, at least 0.
    delta
        How often Hedge, which it plays last, may regret more than it should, in (0, 1].

    Notes
    -----
    After t stages, off schedule, it plays the action that would have earned least against the other's last one
    as long as R(t) + 1 + H(T - t - 1) ≤ ε T. So its regret stays below ε T as surely as Hedge's does, provided
    the schedule alone leaves room: it is consistent. But on a good schedule R(t) is far below zero, and it may
    waste all that before it has to learn.
    """

    def __init__(self, joint: ArrayLike, epsilon: float, delta: float = 0.01) -> None:
        self.plan = JointSchedule(joint)
        self.epsilon = checks.real("epsilon", epsilon, 0, np.inf, open_high=True)
        self.delta = checks.real("delta", delta, 0, 1, open_low=True)

    def __repr__(self) -> str:
        return f"BankedRegret({self.plan.joint.tolist()}, epsilon={self.epsilon:g}, delta={self.delta:g})"

    def seat(self, game: Game, role: int, types: NDArray[np.intp], horizon: int) -> Seat:
        steps = self.plan.steps(game, horizon)
        return _BankedSeat(game, role, types, steps if role == 0 else steps[:, ::-1], self.epsilon, self.delta)

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        if horizon == 0:
            return 0.0
        # on the way: the schedule, the stage of the departure, Hedge
        needed = self._on_schedule(game, horizon) + 1 + hedge_regret(horizon - 1, game.n_actions, self.delta)
        return self.delta if min(epsilon, self.epsilon) * horizon >= needed and epsilon >= self.epsilon else 1.0

    def _on_schedule(self, game: Game, horizon: int) -> float:
        """Return the largest regret that an agent of any type, on either side, ever has while all keep to the plan."""
        steps = self.plan.steps(game, horizon)
        worst = 0.0
        for table in game.payoffs:
            for own, other in (steps.T, steps.T[::-1]):
                fixed = table[:, other].cumsum(axis=1).max(axis=0)
                worst = max(worst, float((fixed - table[own, other].cumsum()).max()))
        return worst


class _BankedSeat(AgreementSeat):
    """Its agreement is with itself: the schedule ``steps`` (T, 2), own action first, then waste, until it must learn.

    ``earned`` and ``fixed`` hold what it and each fixed action earned; ``worst`` what to waste with, -1 on schedule.
    """

    per_episode: ClassVar[tuple[str, ...]] = ("types", "departed", "earned", "fixed", "worst")

    def __init__(
        self, game: Game, role: int, types: NDArray[np.intp], steps: NDArray[np.intp], epsilon: float, delta: float
    ) -> None:
        super().__init__(Hedge(), game, role, types, len(steps))
        self.steps, self.epsilon, self.delta = steps, epsilon, delta
        self.earned = np.zeros(len(types))
        self.fixed = np.zeros((game.n_actions, len(types)))
        self.worst = np.full(len(types), -1)

    @cached_property
    def tables(self) -> Floats:
        """Payoffs by own type, other's action and own action."""
        return self.game.payoffs.transpose(0, 2, 1)

    def agreed(self) -> Floats:
        return pure(np.where(self.worst < 0, self.steps[self.stage, 0], self.worst), self.game.n_actions)

    def compare(self, own: Actions, other: Actions, agreeing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        payoffs = self.tables[self.types, other]
        self.earned = self.earned + np.where(agreeing, payoffs[np.arange(self.episodes), own], 0)
        self.fixed = self.fixed + np.where(agreeing, payoffs.T, 0)
        kept = (self.worst < 0) & (own == self.steps[self.stage, 0]) & (other == self.steps[self.stage, 1])
        self.worst = np.where(agreeing, np.where(kept, -1, payoffs.argmin(axis=1)), self.worst)
        left = self.horizon - self.stage - 1
        if left == 0:
            return np.zeros(self.episodes, dtype=bool)
        regret = self.fixed.max(axis=0) - self.earned
        reserve = 1 + hedge_regret(left - 1, self.game.n_actions, self.delta)
        return ~kept & (regret + reserve > self.epsilon * self.horizon)
