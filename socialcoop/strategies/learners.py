"""Learners: strategies that look only at how each action would have paid so far."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import ClassVar

import numpy as np

from socialcoop import checks
from socialcoop.games.game import ROUNDING, Game
from socialcoop.strategies.protocol import Actions, Floats, Indices, Seat, Strategy, pure

MAX_LOG_WEIGHT = 600  # beyond this a ratio of weights could leave the range of a double


class Columns:
    """Looks up, for every episode, one column of a table: a number for each row.

    ``rows`` (R, C) has the columns of a type's N actions side by side, one type after the other.
    """

    def __init__(self, rows: Floats, n_actions: int) -> None:
        self.rows, self.n_actions = rows, n_actions
        self.out = np.empty((len(rows), 0))

    @classmethod
    def of_types(cls, table: Floats) -> Columns:
        """Return the columns of a table (types, R, N)."""
        n_types, n_rows, n_actions = table.shape
        rows = np.ascontiguousarray(table.transpose(1, 0, 2).reshape(n_rows, n_types * n_actions))
        return cls(rows, n_actions)

    def beside(self, other: Columns) -> tuple[Columns, int]:
        """Return its own columns and those of another table, and where the latter begin."""
        if np.array_equal(self.rows, other.rows):
            return Columns(self.rows, self.n_actions), 0
        return Columns(np.hstack([self.rows, other.rows]), self.n_actions), self.rows.shape[1]

    def of(self, start: Indices, other: Actions) -> Floats:
        """Return the columns (R, B); the array is used again by the next call."""
        index = other.astype(np.intp, copy=False)
        if self.rows.shape[1] > self.n_actions:
            index = index + start
        if self.out.shape[1] != len(index):
            self.out = np.empty((len(self.rows), len(index)))
        return self.rows.take(index, axis=1, out=self.out, mode="clip")


class _LearnerSeat(Seat):
    """A seat that scores actions; ``start`` is where the own type's columns begin in the table."""

    per_episode: ClassVar[tuple[str, ...]] = ("types", "start")

    def __init__(self, game: Game, types: Indices, table: Floats) -> None:
        super().__init__(game, len(types))
        self.types, self.start = types, types * game.n_actions
        self.columns = Columns.of_types(table)

    @abstractmethod
    def memory(self) -> Floats:
        """Return what it remembers besides its type, (S, B)."""

    def state(self) -> Floats:
        # where its columns begin depends on whom it shares the table with
        return np.concatenate([self.memory(), self.types[None]])

    def joined(self, other: Seat) -> Seat | None:
        if type(other) is not type(self):
            return None
        seat = self.with_episodes_of(other)
        seat.columns, begin = self.columns.beside(other.columns)
        seat.start[self.episodes :] += begin
        return seat


@checks.TINY_IS_ZERO
def _excess_probability(excess: float, horizon: int) -> float:
    """Return the Azuma–Hoeffding bound on a sum of ``horizon`` centred payoffs exceeding ``excess``."""
    if horizon == 0 or excess >= horizon:
        return 0.0
    return 1.0 if excess <= 0 else float(np.exp(-2 * excess**2 / horizon))


def hedge_regret(horizon: int, n_actions: int, delta: float) -> float:
    r"""Return H(T): what tuned Hedge's total regret exceeds with probability at most ``delta``, whoever it meets."""
    if n_actions == 1:
        return 0.0
    return math.sqrt(horizon) * (math.sqrt(math.log(n_actions) / 2) + math.sqrt(math.log(1 / delta) / 2))


class Hedge(checks.Frozen, Strategy):
    r"""Play each action with probability proportional to exp(rate × what it would have earned so far).

    Parameters
    ----------
    rate
        The learning rate, at least 0. By default :math:`\sqrt{8 \ln N / T}`, tuned to the horizon.

    Notes
    -----
    Exponential weights, Freund and Schapire (1997). On every path its mixed actions fall short of the
    best fixed action by at most :math:`\ln N/\eta + \eta T/8` in total (Cesa-Bianchi and Lugosi 2006,
    theorem 2.2); the realised payoffs deviate from the mixed ones by a bounded martingale.

    Examples
    --------
    >>> seat = sc.Hedge(rate=1).seat(sc.games.coordination(2), 0, np.zeros(1, int), horizon=9)
    >>> seat.observe(own=np.array([0]), other=np.array([1]))
    >>> seat.policy().ravel().round(3)  # 1 : e
    array([0.269, 0.731])
    """

    def __init__(self, rate: float | None = None) -> None:
        self.rate = checks.optional(checks.real, "rate", rate, 0, np.inf, open_high=True)

    def tuned(self, horizon: int, n_actions: int) -> float:
        """Return the rate used for this horizon and number of actions."""
        if self.rate is not None:
            return self.rate
        return float(np.sqrt(8 * np.log(n_actions) / horizon)) if horizon else 0.0

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        rate = self.tuned(horizon, game.n_actions)
        return (_HedgeSeat if rate * horizon <= MAX_LOG_WEIGHT else _HedgeScoreSeat)(game, types, rate)

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        if game.n_actions == 1:
            return 0.0
        rate = self.tuned(horizon, game.n_actions)
        path = np.inf if rate == 0 else np.log(game.n_actions) / rate + rate * horizon / 8
        return _excess_probability(epsilon * horizon - path, horizon)


class _HedgeSeat(_LearnerSeat):
    """Keeps the weights, relative to that of action 0: one multiplication a stage, no exponential."""

    per_episode: ClassVar[tuple[str, ...]] = ("weights", "rates", "types", "start")

    def __init__(self, game: Game, types: Indices, rate: float) -> None:
        super().__init__(game, types, np.exp(rate * (game.payoffs[:, 1:] - game.payoffs[:, :1])))
        self.weights = np.ones((game.n_actions, len(types)))
        self.rates = np.full(len(types), rate)

    def policy(self) -> Floats:
        return self.weights / self.weights.sum(axis=0)

    def odds(self) -> Floats:
        return self.weights

    def observe(self, own: Actions, other: Actions) -> None:
        changing = self.weights[1:]
        np.multiply(changing, self.columns.of(self.start, other), out=changing)

    def memory(self) -> Floats:
        # differences of weights that are tiny now may matter later
        return np.concatenate([np.log(self.weights), self.rates[None]])


class _HedgeScoreSeat(_LearnerSeat):
    """Keeps the scores, for rates so large that weights would leave the range of a double."""

    per_episode: ClassVar[tuple[str, ...]] = ("scores", "types", "start")

    def __init__(self, game: Game, types: Indices, rate: float) -> None:
        super().__init__(game, types, game.payoffs)
        self.rate = rate
        self.scores = np.zeros((game.n_actions, len(types)))

    def joined(self, other: Seat) -> Seat | None:
        return super().joined(other) if getattr(other, "rate", None) == self.rate else None

    def policy(self) -> Floats:
        with np.errstate(over="ignore", under="ignore"):  # a weight of exp(-inf) is 0
            weights = np.exp(self.rate * self.memory())
            return weights / weights.sum(axis=0)

    def observe(self, own: Actions, other: Actions) -> None:
        self.scores += self.columns.of(self.start, other)

    def memory(self) -> Floats:
        return self.scores - self.scores.max(axis=0)


class RegretMatching(checks.Frozen, Strategy):
    r"""Play each action with probability proportional to how much it would have earned beyond the mix played.

    Actions without positive regret are not played; with no regret at all, play uniformly.

    Notes
    -----
    Hart and Mas-Colell (2000), with regret measured against the mixed action played. On every path
    the mixed actions fall short of the best fixed action by at most :math:`\sqrt{(N-1) T}` in total.

    Examples
    --------
    >>> seat = sc.RegretMatching().seat(sc.games.coordination(2), 0, np.zeros(1, int), horizon=9)
    >>> seat.observe(own=np.array([0]), other=np.array([1]))
    >>> seat.policy().ravel()
    array([0., 1.])
    """

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        return _RegretMatchingSeat(game, types)

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        if game.n_actions == 1:
            return 0.0
        return _excess_probability(epsilon * horizon - np.sqrt((game.n_actions - 1) * horizon), horizon)


class _RegretMatchingSeat(_LearnerSeat):
    per_episode: ClassVar[tuple[str, ...]] = ("regrets", "types", "start")

    def __init__(self, game: Game, types: Indices) -> None:
        super().__init__(game, types, game.payoffs)
        self.regrets = np.zeros((game.n_actions, len(types)))
        self.crumb = ROUNDING * float(game.payoffs.max())

    def policy(self) -> Floats:
        # sums of payoffs that cancel must not leave a positive crumb behind
        mix = np.where(self.regrets > self.crumb, self.regrets, 0.0)
        total = mix.sum(axis=0)
        idle = total == 0
        mix[:, idle] = 1.0
        total[idle] = self.game.n_actions
        mix /= total
        return mix

    def memory(self) -> Floats:
        return self.regrets

    def observe(self, own: Actions, other: Actions) -> None:
        payoffs = self.columns.of(self.start, other)
        self.regrets += payoffs - (self.policy() * payoffs).sum(axis=0)


class FictitiousPlay(checks.Frozen, Strategy):
    """Play a best reply to the partner's past frequencies; ties go to the lowest-numbered action.

    Notes
    -----
    Brown (1951). Being predictable, it is not consistent.

    Examples
    --------
    >>> game = sc.games.coordination(2)
    >>> sc.play(sc.FictitiousPlay(), sc.Fixed(1), game, (0, 0), horizon=4).actions[:, 0, 0]
    array([0, 1, 1, 1], dtype=uint8)
    """

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        return _FictitiousPlaySeat(game, types)


class _FictitiousPlaySeat(_LearnerSeat):
    per_episode: ClassVar[tuple[str, ...]] = ("earnings", "tie", "types", "start")

    def __init__(self, game: Game, types: Indices) -> None:
        super().__init__(game, types, game.payoffs)
        self.earnings = np.zeros((game.n_actions, len(types)))
        self.tie = game.ties[types]

    def policy(self) -> Floats:
        # equal up to rounding counts as a tie
        best = self.earnings >= self.earnings.max(axis=0) - self.tie
        return pure(best.argmax(axis=0), self.game.n_actions)

    def memory(self) -> Floats:
        return self.earnings

    def observe(self, own: Actions, other: Actions) -> None:
        self.earnings += self.columns.of(self.start, other)
