"""Black boxes: strategies that can only be asked what they do next, not how likely they do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies.protocol import Actions, Floats, Indices, Seat, Strategy, pure

Moves = tuple[int, ...]
Player = Callable[[Moves, Moves], int]
Start = Callable[[Game, int, int, int, np.random.Generator], Player]


class OnlyDrawsError(ValueError):
    """Probabilities were asked of a strategy that draws its own chance."""


class BlackBox(checks.Frozen, Strategy):
    """A strategy that draws its own chance: whatever can choose its next action, and cannot say how likely it was.

    It can be played and recorded, alone, in a population, as a fallback or followed by a commitment. Where an exact
    computation needs probabilities it is refused; `consistency` and `compatibility` fall back on simulation.

    Parameters
    ----------
    start
        Called once for each episode, as ``start(game, agent, own_type, horizon, rng)``. It returns a function that is
        called once for each stage with two tuples, what it and its partner played so far, and returns its next action.
        All chance should come from ``rng``, so that the same seed gives the same play.
    name
        What it is called; by default like the function ``start``.

    Notes
    -----
    The own moves that it is shown are those that were played. They differ from those it chose where something else
    decided: in a `Trembling` hand, or in an episode where a population is another of its members.

    A `Population` with a black box among its members draws the member once, and stays it. That is the same as what
    other populations do, except in a trembling hand: after a slip those go on as whoever would have meant it.

    Examples
    --------
    >>> def moody(game, agent, own_type, horizon, rng):
    ...     mood = rng.integers(game.n_actions)
    ...     return lambda own, other: other[-1] if other else mood
    >>> box = sc.strategies.BlackBox(moody)
    >>> sc.play(box, sc.Scripted([0, 0, 1]), sc.games.chicken(), (0, 0), horizon=5, seed=4).actions[:, 0, 0]
    array([0, 0, 0, 1, 0], dtype=uint8)
    """

    def __init__(self, start: Start, name: str | None = None) -> None:
        if not callable(start) or checks.misfit(start, *range(5)):
            raise TypeError(f"start must be a function (game, agent, own_type, horizon, rng), got {start!r}")
        self.start = start
        self.name: str = (
            getattr(start, "__name__", type(start).__name__) if name is None else checks.instance("name", name, str)
        )

    def __repr__(self) -> str:
        return f"BlackBox({self.name})"

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        return _BlackBoxSeat(self, game, agent, types, horizon)


class _BlackBoxSeat(Seat):
    """Asks one player for each episode; ``chosen`` is what they do next, once they were asked."""

    def __init__(self, box: BlackBox, game: Game, agent: int, types: Indices, horizon: int) -> None:
        super().__init__(game, len(types))
        self.box, self.agent, self.types, self.horizon = box, agent, types, horizon
        self.players: list[Player] | None = None
        self.known: set[Any] = set()  # code whose arguments have been looked at
        self.own: list[Moves] = [()] * len(types)
        self.other: list[Moves] = [()] * len(types)
        self.chosen: Indices | None = None

    def draw(self, rng: np.random.Generator) -> bool:
        if self.chosen is None:  # else nobody told it of the last stage: what holds it does not follow it any more
            self._choose(rng)
        return True

    def _choose(self, rng: np.random.Generator) -> None:
        if self.players is None:
            around = (self.horizon, rng)
            self.players = [self._started(self.box.start(self.game, self.agent, int(k), *around)) for k in self.types]
        asked = [player(own, other) for player, own, other in zip(self.players, self.own, self.other, strict=True)]
        stage = len(self.own[0]) + 1 if self.own else 1
        self.chosen = checks.integers(
            f"the action of {self.box} at stage {stage}", asked, self.game.n_actions, "(B,)", 1
        )

    def _started(self, player: Any) -> Player:
        code = None if hasattr(player, "__wrapped__") else getattr(player, "__code__", None)
        if code is None or code not in self.known:
            if not callable(player) or checks.misfit(player, (), ()):
                raise TypeError(f"start must return a function (own, other), got {player!r} from {self.box}")
            self.known.add(code)
        return player

    def policy(self) -> Floats:
        if self.chosen is None:
            raise OnlyDrawsError(
                f"{self.box} draws its own chance, so that its probabilities are not known: it can be played, but not "
                "computed with; write it as a Strategy whose policy returns them, or estimate by simulation"
            )
        return pure(self.chosen, self.game.n_actions)

    def observe(self, own: Actions, other: Actions) -> None:
        self.chosen = None
        self.own = [(*past, action) for past, action in zip(self.own, own.tolist(), strict=True)]
        self.other = [(*past, action) for past, action in zip(self.other, other.tolist(), strict=True)]

    def take(self, indices: Actions) -> Self:
        raise OnlyDrawsError(f"{self.box} draws its own chance, so that no episode of it can be continued twice")
