"""Trembling hands: a strategy whose actions now and then come out as others."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies.protocol import Actions, Floats, Seat, Strategy


class Trembling(Strategy):
    """Follow a strategy, but at every stage play a uniformly drawn action instead with some probability.

    Parameters
    ----------
    strategy
        What is meant to be played. It sees what was really played, its own slips included.
    rate
        Probability of a slip at each stage, in [0, 1]; a slip may hit the action that was meant.

    Notes
    -----
    Trembles after Selten (1975). It has no certificate, whatever the strategy: one that never forgives itself a
    slip is consistent as long as it does not slip.

    Examples
    --------
    >>> game = sc.games.coordination(2)
    >>> shaky = sc.play(sc.Trembling(sc.Fixed(0), 0.2), sc.Fixed(0), game, (0, 0), horizon=1000, episodes=10, seed=1)
    >>> float(shaky.actions[:, 0].mean().round(1))  # half of the slips change nothing
    0.1
    """

    def __init__(self, strategy: Strategy, rate: float) -> None:
        self.strategy: Strategy = checks.instance("strategy", strategy, Strategy)
        self.rate = checks.real("rate", rate, 0, 1)

    def __repr__(self) -> str:
        return f"Trembling({self.strategy}, {self.rate:g})"

    def seat(self, game: Game, role: int, types: NDArray[np.intp], horizon: int) -> Seat:
        return _TremblingSeat(self.strategy.seat(game, role, types, horizon), self.rate)


class _TremblingSeat(Seat):
    def __init__(self, meant: Seat, rate: float) -> None:
        super().__init__(meant.game, meant.episodes)
        self.meant, self.rate = meant, rate

    def policy(self) -> Floats:
        return (1 - self.rate) * self.meant.policy() + self.rate / self.game.n_actions

    def observe(self, own: Actions, other: Actions) -> None:
        self.meant.observe(own, other)

    def take(self, indices: Actions) -> Self:
        seat = super().take(indices)
        seat.meant = self.meant.take(indices)
        return seat

    def state(self) -> Floats:
        return self.meant.state()
