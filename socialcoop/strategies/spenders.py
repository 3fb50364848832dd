"""Agents that spend what regret they may: one that saves it up in good times, and one that holds a grudge."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies.agreement import Agreement, AgreementSeat
from socialcoop.strategies.conventions import JointSchedule
from socialcoop.strategies.learners import Hedge, hedge_regret
from socialcoop.strategies.protocol import Actions, Floats, Indices, Seat, Strategy, pure


class BankedRegret(checks.Frozen, Agreement):
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

    Examples
    --------
    >>> saver = sc.strategies.BankedRegret(np.eye(2) / 2, epsilon=0.05, delta=0.01)
    >>> saver.certificate(sc.games.coordination(2), horizon=2000, epsilon=0.05)
    0.01
    """

    def __init__(self, joint: ArrayLike, epsilon: float, delta: float = 0.01) -> None:
        self.plan = JointSchedule(joint)
        self.joint = self.plan.joint
        self.epsilon = checks.real("epsilon", epsilon, 0, np.inf, open_high=True)
        self.delta = checks.real("delta", delta, 0, 1, open_low=True)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> AgreementSeat:
        steps = self.plan.steps(game, horizon)
        return _BankedSeat(game, agent, types, steps if agent == 0 else steps[:, ::-1], self.epsilon, self.delta)

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


class Grudge(checks.Frozen, Strategy):
    """Play one action for as long as the regret allows it, and only then learn: a fallback for the disappointed.

    Parameters
    ----------
    actions
        What each own type plays, (types,).
    epsilon
        Regret per stage that it allows itself, at least 0.
    delta
        How often Hedge, which it plays last, may regret more than it should, in (0, 1].

    Notes
    -----
    It goes on after t stages as long as R(t) + 1 + H(T - t - 1) ≤ ε T, like `BankedRegret` off its schedule.

    Examples
    --------
    >>> quiet = sc.strategies.Grudge([1], epsilon=0.2)
    >>> met = sc.play(sc.Fixed(0), quiet, sc.games.coordination(2), (0, 0), 400, seed=1)
    >>> int((met.actions[:, 1, 0] == 1).argmin())  # stages for which it holds out
    40
    """

    def __init__(self, actions: ArrayLike, epsilon: float, delta: float = 0.01) -> None:
        self.actions = checks.integers("actions", actions, checks.LARGEST, "(types,)", 1)
        self.epsilon = checks.real("epsilon", epsilon, 0, np.inf, open_high=True)
        self.delta = checks.real("delta", delta, 0, 1, open_low=True)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        actions = checks.integers("actions", self.actions, game.n_actions, "(types,)", 1)
        if len(actions) != game.n_types:
            raise ValueError(f"actions must hold {game.n_types} actions for {game}, got {len(actions)}")
        if horizon == 0 or 1 + hedge_regret(horizon - 1, game.n_actions, self.delta) > self.epsilon * horizon:
            return Hedge().seat(game, agent, types, horizon)
        return _GrudgeSeat(game, agent, types, horizon, self.epsilon, self.delta, actions[types])

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        needed = max(self.epsilon * horizon, hedge_regret(horizon, game.n_actions, self.delta))
        return self.delta if epsilon * horizon >= needed else 1.0


class _SpendingSeat(AgreementSeat):
    """Its agreement is with itself: to go on until what regret it may have is spent. Then Hedge.

    ``earned`` and ``fixed`` hold what it and each fixed action earned.
    """

    per_episode: ClassVar[tuple[str, ...]] = ("types", "departed", "earned", "fixed")

    def __init__(self, game: Game, agent: int, types: Indices, horizon: int, epsilon: float, delta: float) -> None:
        super().__init__(Hedge(), game, agent, types, horizon)
        self.epsilon, self.delta = epsilon, delta
        self.earned = np.zeros(len(types))
        self.fixed = np.zeros((game.n_actions, len(types)))

    @cached_property
    def tables(self) -> Floats:
        """Payoffs by own type, other's action and own action."""
        return self.game.payoffs.transpose(0, 2, 1)

    def spend(self, own: Actions, other: Actions, agreeing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Take in a stage where ``agreeing``, and return where the next one might exceed the budget."""
        payoffs = self.tables[self.types, other]
        self.earned = self.earned + np.where(agreeing, payoffs[np.arange(self.episodes), own], 0)
        self.fixed = self.fixed + np.where(agreeing, payoffs.T, 0)
        left = self.horizon - self.stage - 1
        if left == 0:
            return np.zeros(self.episodes, dtype=bool)
        regret = self.fixed.max(axis=0) - self.earned
        reserve = 1 + hedge_regret(left - 1, self.game.n_actions, self.delta)
        return regret + reserve > self.epsilon * self.horizon


class _BankedSeat(_SpendingSeat):
    """Follows the schedule ``steps`` (T, 2), own action first, then wastes; ``worst`` is with what, -1 on schedule."""

    per_episode: ClassVar[tuple[str, ...]] = (*_SpendingSeat.per_episode, "worst")

    def __init__(self, game: Game, agent: int, types: Indices, steps: Indices, epsilon: float, delta: float) -> None:
        super().__init__(game, agent, types, len(steps), epsilon, delta)
        self.steps = steps
        self.worst = np.full(len(types), -1)

    def agreed(self) -> Floats:
        return pure(np.where(self.worst < 0, self.steps[self.stage, 0], self.worst), self.game.n_actions)

    def compare(self, own: Actions, other: Actions, agreeing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        kept = (self.worst < 0) & (own == self.steps[self.stage, 0]) & (other == self.steps[self.stage, 1])
        worst = self.tables[self.types, other].argmin(axis=1)
        self.worst = np.where(agreeing, np.where(kept, -1, worst), self.worst)
        return self.spend(own, other, agreeing) & ~kept


class _GrudgeSeat(_SpendingSeat):
    per_episode: ClassVar[tuple[str, ...]] = (*_SpendingSeat.per_episode, "action")

    def __init__(
        self,
        game: Game,
        agent: int,
        types: Indices,
        horizon: int,
        epsilon: float,
        delta: float,
        action: Indices,
    ) -> None:
        super().__init__(game, agent, types, horizon, epsilon, delta)
        self.action = action

    def agreed(self) -> Floats:
        return pure(self.action, self.game.n_actions)

    def compare(self, own: Actions, other: Actions, agreeing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return self.spend(own, other, agreeing)
