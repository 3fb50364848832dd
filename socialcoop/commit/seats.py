"""Seats that follow another one, and then keep to what was played."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from socialcoop.strategies import Seat
from socialcoop.strategies.protocol import Actions, Floats, pure


class CountingSeat(Seat):
    """Counts what is played while it follows, that of the first ``since`` stages left out, and then keeps to a draw.

    ``likely`` (M, B) is how likely each of the M draws is, given what was played since; 0 in an episode that still
    follows.
    """

    per_episode: ClassVar[tuple[str, ...]] = ("counts", "likely", "follows")
    inner: ClassVar[tuple[str, ...]] = ("followed",)
    counts: Floats

    def __init__(self, followed: Seat, phase: int, since: int) -> None:
        super().__init__(followed.game, followed.episodes)
        self.followed, self.phase, self.since = followed, phase, since
        self.likely = np.zeros((self.game.n_actions, self.episodes))
        self.follows = np.ones(self.episodes, dtype=bool)
        self.stage = 0

    @abstractmethod
    def kept(self) -> Floats:
        """Return the mixed action (N, B) of the commitment; that of an episode that still follows does not matter."""

    @abstractmethod
    def explained(self, own: Actions) -> Floats:
        """Return how likely each draw is and leads to these actions, (M, B)."""

    @abstractmethod
    def count(self, own: Actions, other: Actions) -> None:
        """Count the actions of one stage in the episodes that still follow."""

    @abstractmethod
    def commit(self, ends: NDArray[np.bool_]) -> None:
        """Make the counts of these episodes a commitment."""

    def policy(self) -> Floats:
        if self.follows.all():
            return self.followed.policy()
        return np.where(self.follows, self.followed.policy(), self.kept()) if self.follows.any() else self.kept()

    def observe(self, own: Actions, other: Actions) -> None:
        if not self.follows.all():
            likely = self.explained(own)
            total = likely.sum(axis=0)
            # an action that no commitment would have played says nothing
            self.likely = np.divide(likely, total, out=self.likely.copy(), where=total > 0)
        self.stage += 1
        if self.follows.any():
            self.followed.observe(own, other)
            if self.stage > self.since:
                self.count(own, other)
            ends = self.follows & self.ends()
            if ends.any():
                self.commit(ends)
                self.follows = self.follows & ~ends

    def ends(self) -> NDArray[np.bool_]:
        """Return in which episodes, (B,), it is time to commit."""
        return np.full(self.episodes, self.stage == self.phase)

    def state(self) -> Floats:
        counted = math.prod(self.counts.shape[:-1])
        memory = [self.counts.reshape(counted, self.episodes), self.likely, self.follows[None]]
        # what it would have followed is of no use to it any more
        return np.concatenate([*memory, np.where(self.follows, self.followed.state(), 0)])


class MixtureSeat(CountingSeat):
    """Draws an action of the other side, and keeps to the mix of its own actions that came with it.

    ``counts`` (N, N, B) has the other's action and then the own one; from the commitment on it holds the mixes.
    """

    def __init__(self, followed: Seat, phase: int, horizon: int, since: int = 0) -> None:
        super().__init__(followed, phase, since)
        self.counts = np.zeros((self.game.n_actions, self.game.n_actions, self.episodes))

    def kept(self) -> Floats:
        kept = self.likely[0] * self.counts[0]
        for likely, mixed in zip(self.likely[1:], self.counts[1:], strict=True):
            kept += likely * mixed
        return kept

    def explained(self, own: Actions) -> Floats:
        return self.likely * self.counts[:, own, np.arange(self.episodes)]

    def count(self, own: Actions, other: Actions) -> None:
        self.counts[other, own, np.arange(self.episodes)] += self.follows

    def commit(self, ends: NDArray[np.bool_]) -> None:
        played = self.counts.sum(axis=1)
        self.likely = np.where(ends, played / (self.stage - self.since), self.likely)
        self.counts = np.where(ends, self.counts / np.where(played > 0, played, 1)[:, None], self.counts)


class PureSeat(CountingSeat):
    """Draws one of its own actions; ``counts`` (N, B) has how often it played each, and 0 from the commitment on."""

    def __init__(self, followed: Seat, phase: int, horizon: int, since: int = 0) -> None:
        super().__init__(followed, phase, since)
        self.counts = np.zeros((self.game.n_actions, self.episodes))

    def kept(self) -> Floats:
        return self.likely

    def explained(self, own: Actions) -> Floats:
        return self.likely * pure(own, self.game.n_actions)

    def count(self, own: Actions, other: Actions) -> None:
        self.counts[own, np.arange(self.episodes)] += self.follows

    def commit(self, ends: NDArray[np.bool_]) -> None:
        self.likely = np.where(ends, self.counts / (self.stage - self.since), self.likely)
        self.counts = np.where(ends, 0, self.counts)


class CarefulSeat(MixtureSeat):
    """Commits as soon as who is followed is at a loss."""

    def ends(self) -> NDArray[np.bool_]:
        return super().ends() | ~self.followed.covered()


class StopSeat(Seat):
    """Stops at a random stage and repeats ``last``; ``stopped`` is how likely it has, given what was played.

    ``hazard`` (Q,) is how likely it stops after each of the first stages, if not before; 1 at the last of them.
    """

    per_episode: ClassVar[tuple[str, ...]] = ("stopped", "last")
    inner: ClassVar[tuple[str, ...]] = ("followed",)

    def __init__(self, followed: Seat, hazard: Floats) -> None:
        super().__init__(followed.game, followed.episodes)
        self.followed, self.hazard = followed, hazard
        self.stopped = np.zeros(self.episodes)
        self.last = np.zeros(self.episodes, dtype=np.intp)
        self.stage = 0

    def policy(self) -> Floats:
        repeated = pure(self.last, self.game.n_actions)
        if self.stage >= len(self.hazard):
            return repeated
        return self.stopped * repeated + (1 - self.stopped) * self.followed.policy()

    def observe(self, own: Actions, other: Actions) -> None:
        if self.stage < len(self.hazard):
            copied = (1 - self.stopped) * self.followed.policy()[own, np.arange(self.episodes)]
            repeated = self.stopped * (own == self.last)
            total = copied + repeated
            share = np.divide(repeated, total, out=np.zeros(self.episodes), where=total > 0)
            self.stopped = share + (1 - share) * self.hazard[self.stage]
            self.followed.observe(own, other)
            self.last = own.astype(np.intp)
        self.stage += 1


def hyperbolic(followed: Seat, phase: int, horizon: int) -> Seat:
    """Return the seat that stops after stage s up to the phase with probability in proportion to 1/(T - s + 1)."""
    shares = 1 / (horizon - np.arange(min(phase, horizon)))
    return StopSeat(followed, shares / np.cumsum(shares[::-1])[::-1])


def universal(followed: Seat, phase: int, horizon: int) -> Seat:
    """Return the hyperbolic stop that is over by the share 1 - exp(-λ) of all stages, and not by the share λ."""
    length = math.floor(-math.expm1(-min(phase, horizon) / max(horizon, 1)) * horizon)
    return hyperbolic(followed, max(length, 1), horizon)


def last(followed: Seat, phase: int, horizon: int) -> Seat:
    """Return the seat that stops after the phase for sure."""
    return StopSeat(followed, np.append(np.zeros(min(phase, max(horizon, 1)) - 1), 1.0))
