"""Strategies made of others: one for each side, and one whose hand trembles."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies.protocol import Actions, Floats, Indices, Seat, Strategy


class Trembling(checks.Frozen, Strategy):
    """Follow a strategy, but at every stage play a uniformly drawn action instead with some probability.

    Parameters
    ----------
    strategy
        What is meant to be played. It sees what was really played, its own slips included.
    rate
        Probability of a slip at each stage, in [0, 1]; a slip may hit the action that was meant.

    Notes
    -----
    Trembles after Selten (1975). The hand is that of the strategy as a whole: after a slip a `Population` goes on as
    whichever member would have meant it. For people who stay who they are let each member tremble.

    It has no certificate, whatever the strategy: one that never forgives itself a slip is consistent as long as it
    does not slip.

    Examples
    --------
    >>> game = sc.games.coordination(2)
    >>> shaky = sc.strategies.Trembling(sc.Fixed(0), 0.2)
    >>> shown = sc.play(shaky, sc.Fixed(0), game, (0, 0), horizon=1000, episodes=10, seed=1)
    >>> float(shown.actions[:, 0].mean().round(1))  # half of the slips change nothing
    0.1
    """

    def __init__(self, strategy: Strategy, rate: float) -> None:
        self.strategy: Strategy = checks.instance("strategy", strategy, Strategy)
        self.rate = checks.real("rate", rate, 0, 1)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        return _TremblingSeat(self.strategy.seat(game, agent, types, horizon), self.rate)


class _TremblingSeat(Seat):
    inner: ClassVar[tuple[str, ...]] = ("meant",)

    def __init__(self, meant: Seat, rate: float) -> None:
        super().__init__(meant.game, meant.episodes)
        self.meant, self.rate = meant, rate

    def policy(self) -> Floats:
        return (1 - self.rate) * self.meant.policy() + self.rate / self.game.n_actions

    def observe(self, own: Actions, other: Actions) -> None:
        self.meant.observe(own, other)

    def covered(self) -> NDArray[np.bool_]:
        return self.meant.covered()


class ByAgent(checks.Frozen, Strategy):
    """Follow one strategy on the AI's side and another on the partner's.

    Parameters
    ----------
    first, second
        The strategies for agent 0 and agent 1.

    Examples
    --------
    >>> mirror = sc.strategies.ByAgent(sc.TitForTat(), sc.Fixed(1))
    >>> sc.play(mirror, mirror, sc.games.chicken(), (0, 0), horizon=3).actions[:, :, 0]
    array([[0, 1],
           [1, 1],
           [1, 1]], dtype=uint8)
    """

    def __init__(self, first: Strategy, second: Strategy) -> None:
        self.first: Strategy = checks.instance("first", first, Strategy)
        self.second: Strategy = checks.instance("second", second, Strategy)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        return (self.first, self.second)[agent].seat(game, agent, types, horizon)

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        return max(strategy.certificate(game, horizon, epsilon) for strategy in (self.first, self.second))
