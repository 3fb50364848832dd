"""Waste whatever regret allows, and learn only when it does not: the rule of those who are never better off."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies.learners import Columns
from socialcoop.strategies.protocol import Actions, Floats, Indices, Seat, Strategy, pure


def spare_regret(horizon: int, slots: int, epsilon: float, delta: float) -> float:
    r"""Return τ, in units of payoff: how much regret may be wasted before learning has to take over.

    .. math:: \tau = \epsilon T - 1 - H^*, \qquad
              H^* = \sqrt{\tfrac{T \ln M}{2}} + \sqrt{\tfrac{T \ln(T/\delta)}{2}}

    Parameters
    ----------
    horizon
        Number of stages T.
    slots
        Number M of actions among which it learns, at least 1.
    epsilon
        Regret per stage that is allowed, at least 0.
    delta
        How often more may be regretted, in (0, 1].

    Notes
    -----
    The :math:`T/\delta` is there since learning may start anew after any stage, Lemma *Spend, then learn*.

    Examples
    --------
    >>> round(sc.strategies.spare_regret(200_000, slots=3, epsilon=0.01, delta=0.001), 1)
    285.0
    """
    horizon = checks.integer("horizon", horizon)
    slots = checks.integer("slots", slots, 1)
    epsilon = checks.real("epsilon", epsilon, 0, np.inf, open_high=True)
    delta = checks.real("delta", delta, 0, 1, open_low=True)
    learning = math.sqrt(horizon * math.log(slots) / 2)
    luck = math.sqrt(horizon * math.log(max(horizon, 1) / delta) / 2)
    return epsilon * horizon - 1 - learning - luck


class SpendThenLearn(checks.Frozen, Strategy):
    r"""Play a worthless action while the regret is at most τ, and else a step of Hedge over a few good ones.

    Parameters
    ----------
    slots
        The M actions among which it learns, (M,), or one row per own type, (types, M).
    waste
        The worthless action, or one per own type, (types,).
    epsilon
        Regret per stage that it allows itself, at least 0.
    delta
        How often it may regret more, in (0, 1].
    patient
        Whether a slot sleeps until it would have earned more than τ: a sleeping slot teaches Hedge nothing, and
        when it is drawn the worthless action is played.

    Notes
    -----
    Ours, Lemma *Spend, then learn*: its regret stays below ε T with probability 1 - δ, whoever it meets, if every
    other action pays nowhere more than some slot and `spare_regret` is not negative. Lemma *The bank*: where the
    waste pays nothing, it earns at most what the best fixed action would have earned, less τ - 1. Hedge has the rate
    :math:`\sqrt{8 \ln M / T}` and starts afresh after each waste.

    Examples
    --------
    >>> spiteful = sc.strategies.SpendThenLearn([0], waste=1, epsilon=0.2)
    >>> met = sc.play(sc.Fixed(0), spiteful, sc.Game([[1, 1], [0, 0]]), (0, 0), horizon=400, seed=1)
    >>> int((met.actions[:, 1, 0] == 1).sum()), float(sc.external_regret(met, agent=1)[0])
    (33, 33.0)
    """

    def __init__(
        self, slots: ArrayLike, waste: int | ArrayLike, epsilon: float, delta: float = 0.01, patient: bool = False
    ) -> None:
        self.slots = checks.integers("slots", slots, checks.LARGEST, "(M,) or (types, M)", (1, 2))
        self.waste = checks.integers("waste", waste, checks.LARGEST, "() or (types,)", (0, 1))
        if self.slots.shape[-1] == 0:
            raise ValueError(f"slots must hold at least one action, got shape {self.slots.shape}")
        self.epsilon = checks.real("epsilon", epsilon, 0, np.inf, open_high=True)
        self.delta = checks.real("delta", delta, 0, 1, open_low=True)
        self.patient = bool(checks.choice("patient", patient, (False, True)))

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        slots, waste = self._rows(game)
        spare = spare_regret(horizon, slots.shape[1], self.epsilon, self.delta)
        seat = SpendingSeat(game, types, slots[types].T, waste[types], spare, horizon, self.patient)
        seat.spending[:] = True
        return seat

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        slots, _ = self._rows(game)
        if spare_regret(horizon, slots.shape[1], self.epsilon, self.delta) < 0 or epsilon < self.epsilon:
            return 1.0
        return self.delta if all(map(covers, game.payoffs, slots)) else 1.0

    def _rows(self, game: Game) -> tuple[Indices, Indices]:
        """Return the slots (types, M) and the waste (types,) of each own type, checked against the game."""
        found = []
        for name, given, ndim in (("slots", self.slots, 2), ("waste", self.waste, 1)):
            checks.integers(name, given, game.n_actions, "that of the game's actions", given.ndim)
            if given.ndim == ndim and len(given) != game.n_types:
                raise ValueError(f"{name} must have a row for each of the {game.n_types} types, got {len(given)}")
            found.append(np.broadcast_to(given, (game.n_types, *given.shape[given.ndim - ndim + 1 :])))
        return found[0], found[1]


def covers(payoffs: Floats, slots: Indices) -> bool:
    """Return whether every action pays nowhere more than some slot, of payoffs (N, N)."""
    never_more = np.all(payoffs[slots] >= payoffs[:, None], axis=2)
    return bool(np.all(np.any(never_more, axis=1)))


class SpendingSeat(Seat):
    """Keeps the accounts from the first stage on, and plays the rule where it is ``spending``.

    ``earned`` (B,) and ``fixed`` (N, B) are what it and each fixed action earned, ``scores`` (M, B) what each slot
    taught since the last waste, ``awake`` (M, B) which slots count, ``wastes`` (B,) whether the next stage is one.
    """

    per_episode: ClassVar[tuple[str, ...]] = (
        *("start", "slots", "waste", "earned", "fixed", "scores", "awake", "wastes", "spending"),
    )

    def __init__(
        self, game: Game, types: Indices, slots: Indices, waste: Indices, spare: float, horizon: int, patient: bool
    ) -> None:
        super().__init__(game, len(types))
        self.columns, self.start = Columns.of_types(game.payoffs), types * game.n_actions
        self.slots, self.waste, self.spare = slots, waste, spare
        self.rate = math.sqrt(8 * math.log(len(slots)) / max(horizon, 1))
        self.earned = np.zeros(self.episodes)
        self.fixed = np.zeros((game.n_actions, self.episodes))
        self.scores = np.zeros(slots.shape)
        self.awake = np.full(slots.shape, not patient)
        self.wastes = np.full(self.episodes, spare >= 0)
        self.spending = np.zeros(self.episodes, dtype=bool)

    def policy(self) -> Floats:
        policy = pure(self.waste, self.game.n_actions)
        learns = np.flatnonzero(~self.wastes)
        if len(learns):
            scores = self.rate * self.scores[:, learns]
            weights = np.exp(scores - scores.max(axis=0))
            weights /= weights.sum(axis=0)
            policy[:, learns] = 0
            played = np.where(self.awake[:, learns], self.slots[:, learns], self.waste[learns])
            for action, weight in zip(played, weights, strict=True):
                policy[action, learns] += weight
        return policy

    def observe(self, own: Actions, other: Actions) -> None:
        episodes = np.arange(self.episodes)
        payoffs = self.columns.of(self.start, other)
        self.earned = self.earned + payoffs[own, episodes]
        self.fixed = self.fixed + payoffs
        learns = self.spending & ~self.wastes
        if learns.any():
            gains = np.where(self.awake, payoffs[self.slots, episodes], 0)
            self.scores = np.where(learns, self.scores + gains, 0)
        elif self.scores.any():
            self.scores = np.zeros_like(self.scores)
        if not self.awake.all():
            self.awake = self.awake | (self.fixed[self.slots, episodes] > self.spare)
        self.wastes = self.fixed.max(axis=0) - self.earned <= self.spare
