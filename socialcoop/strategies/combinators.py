"""Strategies made of others: one for each side, with a trembling hand, surer of itself, or blind to synonyms."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games import Game, merged
from socialcoop.strategies.protocol import Actions, Floats, Indices, Seat, Strategy

TIE = 1e-9  # of the likeliest: what is as close is as likely


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


class Tempered(checks.Frozen, Strategy):
    r"""Follow a strategy, surer of itself or less sure.

    Parameters
    ----------
    strategy
        What gives the probabilities p.
    temperature
        At least 0. What is played is in proportion to :math:`p^{1/\text{temperature}}`; at 0 it is the likeliest
        action, and those within rounding of it equally often.

    Examples
    --------
    >>> cold = sc.strategies.Tempered(sc.Fixed([0.4, 0.6]), 0)
    >>> sc.play(cold, sc.Fixed(0), sc.games.chicken(), (0, 0), horizon=5, seed=1).actions[:, 0, 0]
    array([1, 1, 1, 1, 1], dtype=uint8)
    """

    def __init__(self, strategy: Strategy, temperature: float = 0.0) -> None:
        self.strategy: Strategy = checks.instance("strategy", strategy, Strategy)
        self.temperature = checks.real("temperature", temperature, 0, np.inf, open_high=True)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        return _TemperedSeat(self.strategy.seat(game, agent, types, horizon), self.temperature)


class _TemperedSeat(Seat):
    inner: ClassVar[tuple[str, ...]] = ("followed",)

    def __init__(self, followed: Seat, temperature: float) -> None:
        super().__init__(followed.game, followed.episodes)
        self.followed, self.temperature = followed, temperature

    def policy(self) -> Floats:
        return tempered(self.followed.policy(), self.temperature)

    def observe(self, own: Actions, other: Actions) -> None:
        self.followed.observe(own, other)

    def covered(self) -> NDArray[np.bool_]:
        return self.followed.covered()


@checks.TINY_IS_ZERO
def tempered(policy: Floats, temperature: float) -> Floats:
    """Return a policy (N, B) at a temperature."""
    odds = policy / policy.max(axis=0)  # no power of them all comes to nothing
    if temperature == 0:
        odds = (odds >= 1 - TIE).astype(np.float64)
    elif temperature != 1:
        odds = odds ** (1 / temperature)
    return odds / odds.sum(axis=0)


class Merged(checks.Frozen, Strategy):
    """Follow a strategy of the game without synonyms: actions that pay the same in every case are one to it.

    Parameters
    ----------
    strategy
        What to follow in the game that `socialcoop.games.merged` returns. Of the synonyms of what it plays each is
        equally likely.

    Notes
    -----
    Regret is the same with and without synonyms, and so is the certificate.

    Examples
    --------
    >>> game = sc.games.project(wordings=2)
    >>> answers = sc.strategies.Merged(sc.TitForTat())  # does what was done, in words of its own
    >>> shown = sc.play(answers, sc.Scripted([4, 7, 2]), game, (0, 0), horizon=5, seed=1)
    >>> shown.actions[:, :, 0].T
    array([[1, 4, 7, 3, 4],
           [4, 7, 2, 4, 7]], dtype=uint8)
    """

    def __init__(self, strategy: Strategy) -> None:
        self.strategy: Strategy = checks.instance("strategy", strategy, Strategy)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        plain, kinds = merged(game)
        return _MergedSeat(self.strategy.seat(plain, agent, types, horizon), game, kinds)

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        return self.strategy.certificate(merged(game)[0], horizon, epsilon)


class _MergedSeat(Seat):
    inner: ClassVar[tuple[str, ...]] = ("followed",)

    def __init__(self, followed: Seat, game: Game, kinds: Indices) -> None:
        super().__init__(game, followed.episodes)
        self.followed, self.kinds = followed, kinds
        self.synonyms = np.bincount(kinds)[kinds]

    def policy(self) -> Floats:
        return self.followed.policy()[self.kinds] / self.synonyms[:, None]

    def observe(self, own: Actions, other: Actions) -> None:
        self.followed.observe(self.kinds[own], self.kinds[other])

    def covered(self) -> NDArray[np.bool_]:
        return self.followed.covered()
