"""Agreements: follow one until somebody departs from it, and a fallback from then on."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.plays import Play, complete
from socialcoop.strategies.protocol import Actions, Floats, Indices, Seat, Strategy

MAX_HORIZON = 10_000_000


class Agreement(Strategy):
    """A strategy that keeps to something for as long as both sides do: its seats are ``AgreementSeat``.

    Examples
    --------
    >>> each = sc.Convention(), sc.Codebook(challenges=2), sc.Hedge()
    >>> [isinstance(strategy, sc.strategies.Agreement) for strategy in each]
    [True, True, False]
    """

    @abstractmethod
    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> AgreementSeat:
        """Sit down to play, see `Strategy`."""

    def departure(self, play: Play, agent: int = 1) -> Indices:
        """Return the stage by which ``agent``, who follows this strategy, found the agreement broken.

        Parameters
        ----------
        play
            The episodes, of which every move was observed.
        agent
            Who follows the strategy: 0 for the AI, 1 for the partner.

        Returns
        -------
        Array (B,): the number of the stage at which either side departed, from 1 on; 0 where nobody did.

        Examples
        --------
        >>> team, habit = sc.games.team_lead(), sc.Convention()
        >>> met = sc.play(sc.Scripted([0, 0, 1]), habit, team, (0, 0), horizon=9)
        >>> habit.departure(met)
        array([3])
        """
        complete("play", play)
        agent = checks.integer("agent", agent, 0, 1)
        seat = self.seat(play.game, agent, play.types[:, agent], play.horizon)
        for stage in play.actions:
            seat.observe(*stage[[agent, 1 - agent]].astype(np.intp))
        return seat.departed + 1


class AgreementSeat(Seat):
    """Follows an agreement; from the stage after the first departure on it plays a fallback.

    ``departed`` is the stage at which an episode left the agreement, or -1. The episodes that left at
    the same stage share one fallback seat, started afresh with the horizon that is left. ``learning``
    holds these seats, joined where they can be, each with the places of its episodes. One that has them all
    has them in order.
    """

    per_episode: ClassVar[tuple[str, ...]] = ("types", "departed")

    def __init__(self, fallback: Strategy, game: Game, agent: int, types: Indices, horizon: int) -> None:
        super().__init__(game, len(types))
        self.fallback, self.agent, self.types, self.horizon = fallback, agent, types, horizon
        self.departed = np.full(len(types), -1)
        self.learning: list[tuple[Indices, Seat]] = []
        self.stage = 0

    @abstractmethod
    def agreed(self) -> Floats:
        """Return the policy (N, B) that the agreement asks for; episodes that left it do not matter."""

    @abstractmethod
    def compare(self, own: Actions, other: Actions, agreeing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Take in a stage where ``agreeing``, and return which episodes leave the agreement by it."""

    def policy(self) -> Floats:
        over = self._everybody_left()
        if over and len(self.learning) == 1:
            return self.learning[0][1].policy()
        policy = np.empty((self.game.n_actions, self.episodes)) if over else self.agreed()
        for places, seat in self.learning:
            policy[:, places] = seat.policy()
        return policy

    def observe(self, own: Actions, other: Actions) -> None:
        for places, seat in self.learning:
            seat.observe(own[places], other[places])
        if not self._everybody_left():
            agreeing = self.departed < 0
            leaves = agreeing & self.compare(own, other, agreeing)
            if leaves.any():
                self.departed = np.where(leaves, self.stage, self.departed)
                places, left_over = np.flatnonzero(leaves), self.horizon - self.stage - 1
                self._learn(places, self.fallback.seat(self.game, self.agent, self.types[places], left_over))
        self.stage += 1

    def _everybody_left(self) -> bool:
        return sum(len(places) for places, _ in self.learning) == self.episodes

    def _learn(self, places: Indices, seat: Seat) -> None:
        """Add a fallback's seat, joined with those before it while they have at most twice as many episodes.

        Each seat then has more than twice the episodes of the next one. So there are few, and few are copied.
        """
        while self.learning and len(self.learning[-1][0]) <= 2 * len(places):
            before, earlier = self.learning[-1]
            joined = earlier.joined(seat)
            if joined is None:
                break
            self.learning.pop()
            places, seat = np.concatenate([before, places]), joined
        if len(places) == self.episodes and (places[1:] < places[:-1]).any():
            seat, places = seat.take(np.argsort(places)), np.arange(self.episodes)
        self.learning.append((places, seat))

    def take(self, indices: Actions) -> Self:
        # the fallback's seats hold some of the episodes only, so they cannot be inner seats
        chosen = np.asarray(indices, dtype=np.intp)
        seat = super().take(chosen)
        seat.learning = []
        for places, learner in self.learning:
            number = np.full(self.episodes, -1)
            number[places] = np.arange(len(places))
            kept = np.flatnonzero(number[chosen] >= 0)
            if len(kept):
                seat.learning.append((kept, learner.take(number[chosen[kept]])))
        return seat

    def within(self) -> list[Seat]:
        return super().within() + [learner for _, learner in self.learning]

    @cached_property
    def width(self) -> int:
        """The number of rows of the fallback's state, whether or not somebody plays it yet."""
        return len(self.fallback.seat(self.game, self.agent, self.types[:0], max(self.horizon - 1, 0)).state())

    def state(self) -> Floats:
        states = [(places, seat.state()) for places, seat in self.learning]
        rows = np.zeros((max([self.width, *(len(state) for _, state in states)]), self.episodes))
        for places, state in states:
            rows[: len(state), places] = state
        return np.concatenate([super().state(), rows])


def fallback_certificate(fallback: Strategy, game: Game, horizon: int, regret: float) -> float:
    """Return a bound on P(total regret of ``fallback`` > ``regret``) that holds for any horizon up to this one."""
    if regret < 0 or horizon > MAX_HORIZON:
        return 1.0
    # over fewer stages than that nobody can regret so much
    horizons = range(int(regret) + 1, horizon + 1)
    return max((fallback.certificate(game, left, regret / left) for left in horizons), default=0.0)
