"""Stop at an alarm: the partner does what a model of it did not expect, or a model of oneself is unsure."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games import Game, merged
from socialcoop.games.game import ROUNDING
from socialcoop.strategies import Seat, Strategy
from socialcoop.strategies.protocol import Actions, Floats, Indices, pure


class CommitWhenSurprised(checks.Frozen, Strategy):
    """Follow a strategy until the partner does something unexpected, then repeat the own action of that stage.

    Parameters
    ----------
    strategy
        What to follow first: any strategy.
    partner
        A model of the partner: any strategy, seated on the other side. The partner's type is hidden, so it gets type 0
        in every episode; train it on records without types, see `socialcoop.social.hide_types`.
    threshold
        An action is unexpected if the model gave it a probability below this, in [0, 1]. At 0 nothing is unexpected,
        at 1 all of which the model was not sure.
    phase
        Number of stages after which to stop at the latest, at least 1; by default there is no such limit.

    Notes
    -----
    No guarantee is kept. What the partner seldom does is unexpected even where nothing went wrong, and the own action
    of that stage may be worth little: a rare greeting, and the assistant repeats its own greeting for ever.

    Examples
    --------
    >>> rota, game = sc.Scripted([0, 1, 0, 1]), sc.games.coordination(3)
    >>> ai = sc.commit.CommitWhenSurprised(rota, partner=rota)
    >>> sc.play(ai, sc.Scripted([0, 1, 2, 1]), game, (0, 0), horizon=4).actions[:, 0, 0]
    array([0, 1, 0, 0], dtype=uint8)
    """

    def __init__(
        self, strategy: Strategy, partner: Strategy, threshold: float = 0.02, phase: int | None = None
    ) -> None:
        self.strategy: Strategy = checks.instance("strategy", strategy, Strategy)
        self.partner: Strategy = checks.instance("partner", partner, Strategy)
        self.threshold = checks.real("threshold", threshold, 0, 1)
        self.phase = checks.optional(checks.integer, "phase", phase, 1)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        watched = self.partner.seat(game, 1 - agent, np.zeros_like(types), horizon)
        return _SurpriseSeat(self.strategy.seat(game, agent, types, horizon), watched, self.threshold, self.phase)


class CommitWhenUnsure(checks.Frozen, Strategy):
    """Follow a strategy until a model of what to do is unsure, then repeat the own action of the stage before.

    Parameters
    ----------
    strategy
        What to follow first: any strategy, such as a trained imitator that plays its likeliest action.
    model
        What has to be sure: any strategy, seated on the same side, such as the same imitator with its probabilities.
    threshold
        It is unsure if no action has at least this probability, in [0, 1]. Actions that pay the same in every case
        count as one, see `socialcoop.games.merged`. At 0 it is never unsure.
    start
        Number of stages to follow at least, at least 1.

    Notes
    -----
    No guarantee is kept: a model may be sure of itself where it knows nothing, as one of a single action is.

    Examples
    --------
    >>> rota, game = sc.Scripted([0, 1, 2]), sc.games.coordination(3)
    >>> knows = sc.Scripted([0, 1], fallback=sc.Fixed([0.5, 0.5, 0]))  # the first two stages only
    >>> ai = sc.commit.CommitWhenUnsure(rota, model=knows)
    >>> sc.play(ai, sc.Fixed(0), game, (0, 0), horizon=6).actions[:, 0, 0]
    array([0, 1, 1, 1, 1, 1], dtype=uint8)
    """

    def __init__(self, strategy: Strategy, model: Strategy, threshold: float = 0.9, start: int = 1) -> None:
        self.strategy: Strategy = checks.instance("strategy", strategy, Strategy)
        self.model: Strategy = checks.instance("model", model, Strategy)
        self.threshold = checks.real("threshold", threshold, 0, 1)
        self.start = checks.integer("start", start, 1)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        followed, watched = (each.seat(game, agent, types, horizon) for each in (self.strategy, self.model))
        return _UnsureSeat(followed, watched, self.threshold, range(self.start, horizon))


class _AlarmSeat(Seat):
    """``follows`` says in which episodes it has not stopped, ``kept`` is the action that it repeats in the others."""

    per_episode: ClassVar[tuple[str, ...]] = ("follows", "kept")
    inner: ClassVar[tuple[str, ...]] = ("followed", "watched")

    def __init__(self, followed: Seat, watched: Seat, threshold: float) -> None:
        super().__init__(followed.game, followed.episodes)
        self.followed, self.watched = followed, watched
        self.least = threshold - ROUNDING
        self.follows = np.ones(self.episodes, dtype=bool)
        self.kept = np.zeros(self.episodes, dtype=np.intp)
        self.stage = 0

    @abstractmethod
    def alarm(self, own: Actions, other: Actions) -> NDArray[np.bool_]:
        """Let ``watched`` observe a stage, and return in which episodes, (B,), it is time to stop."""

    def policy(self) -> Floats:
        kept = pure(self.kept, self.game.n_actions)
        return np.where(self.follows, self.followed.policy(), kept) if self.follows.any() else kept

    def observe(self, own: Actions, other: Actions) -> None:
        self.stage += 1
        if not self.follows.any():
            return
        ends = self.follows & self.alarm(own, other)
        self.kept = np.where(ends, own, self.kept).astype(np.intp)
        self.follows = self.follows & ~ends
        self.followed.observe(own, other)

    def state(self) -> Floats:
        inner = np.concatenate([self.followed.state(), self.watched.state()])
        # what it would have followed, and watched, is of no use to it any more
        return np.concatenate([[self.follows, self.kept], np.where(self.follows, inner, 0)])


class _SurpriseSeat(_AlarmSeat):
    def __init__(self, followed: Seat, watched: Seat, threshold: float, phase: int | None) -> None:
        super().__init__(followed, watched, threshold)
        self.phase = phase

    def alarm(self, own: Actions, other: Actions) -> NDArray[np.bool_]:
        expected = self.watched.policy()[other, np.arange(self.episodes)]
        self.watched.observe(other, own)
        return (expected < self.least) | (self.stage == self.phase)


class _UnsureSeat(_AlarmSeat):
    """``stages`` are those after which it may stop; after the last one of all nothing is asked any more."""

    def __init__(self, followed: Seat, watched: Seat, threshold: float, stages: range) -> None:
        super().__init__(followed, watched, threshold)
        self.stages, self.kinds = stages, np.eye(self.game.n_actions)[:, merged(self.game)[1]]

    def alarm(self, own: Actions, other: Actions) -> NDArray[np.bool_]:
        self.watched.observe(own, other)
        if self.stage not in self.stages:
            return np.zeros(self.episodes, dtype=bool)
        return (self.kinds @ self.watched.policy()).max(axis=0) < self.least
