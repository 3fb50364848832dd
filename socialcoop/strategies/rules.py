"""Strategies that follow a rule: fixed mixes, scripts, tables, and the classic reactions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies.protocol import (
    Actions,
    Floats,
    Indices,
    Seat,
    Strategy,
    check_action,
    mixed_action,
    mixed_rows,
    per_type,
    pure,
)


class Fixed(checks.Frozen, Strategy):
    """Play the same mixed action at every stage.

    Parameters
    ----------
    mixed
        One action's index; a distribution (N,); or one distribution per own type, (types, N).

    Examples
    --------
    >>> coin, own_type = sc.Fixed([0.5, 0.5]), sc.Fixed(np.eye(2))
    >>> sc.play(own_type, coin, sc.games.team_lead(), (1, 0), horizon=4).actions[:, 0, 0]
    array([1, 1, 1, 1], dtype=uint8)
    """

    def __init__(self, mixed: int | ArrayLike) -> None:
        self.mixed = mixed_action("mixed", mixed)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        mixed = mixed_rows("mixed", self.mixed, game)
        return _FixedSeat(game, np.ascontiguousarray(mixed[types].T))


class _FixedSeat(Seat):
    per_episode: ClassVar[tuple[str, ...]] = ("mixed",)

    def __init__(self, game: Game, mixed: Floats) -> None:
        super().__init__(game, mixed.shape[1])
        self.mixed = mixed

    def policy(self) -> Floats:
        return self.mixed

    def observe(self, own: Actions, other: Actions) -> None:
        pass

    def joined(self, other: Seat) -> Seat | None:
        return self.with_episodes_of(other) if type(other) is type(self) else None


class Scripted(checks.Frozen, Strategy):
    """Play a list of actions, then a fallback.

    Parameters
    ----------
    actions
        The actions in order, (L,); or one list per own type, (types, L).
    fallback
        The strategy for the stages after the last scripted one, started afresh with the horizon that
        is left. By default the script starts again.

    Raises
    ------
    ValueError
        If there is nothing to play: no action and no fallback.

    Examples
    --------
    >>> habit = sc.Scripted([1, 1], fallback=sc.TitForTat())
    >>> sc.play(habit, sc.Fixed(1), sc.games.chicken(), (0, 0), horizon=5).actions[:, 0, 0]
    array([1, 1, 0, 1, 1], dtype=uint8)
    """

    def __init__(self, actions: ArrayLike, fallback: Strategy | None = None) -> None:
        self.actions = checks.integers("actions", actions, checks.LARGEST, "(L,) or (types, L)", (1, 2))
        if self.actions.shape[-1] == 0 and fallback is None:
            raise ValueError("actions must hold at least one action when there is no fallback, got none")
        self.fallback = checks.optional(checks.instance, "fallback", fallback, Strategy)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        script = checks.integers("actions", self.actions, game.n_actions, "(L,) or (types, L)", (1, 2))
        script = per_type("actions", script, game)[types].T
        after = None
        if self.fallback is not None:
            after = self.fallback.seat(game, agent, types, max(horizon - len(script), 0))
        return _ScriptedSeat(game, script, after, len(types))

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        left = horizon - self.actions.shape[-1]
        spare = epsilon * horizon - self.actions.shape[-1]  # regret adds up, and the script costs at most 1 a stage
        if self.fallback is None or left <= 0 or spare < 0:
            return 1.0
        return self.fallback.certificate(game, left, spare / left)


class _ScriptedSeat(Seat):
    per_episode: ClassVar[tuple[str, ...]] = ("script",)
    inner: ClassVar[tuple[str, ...]] = ("after",)

    def __init__(self, game: Game, script: Indices, after: Seat | None, episodes: int) -> None:
        super().__init__(game, episodes)
        self.script = script
        self.after = after
        self.stage = 0

    def draw(self, rng: np.random.Generator) -> bool:
        return self.stage >= len(self.script) and super().draw(rng)

    def policy(self) -> Floats:
        if self.after is not None and self.stage >= len(self.script):
            return self.after.policy()
        return pure(self.script[self.stage % len(self.script)], self.game.n_actions)

    def observe(self, own: Actions, other: Actions) -> None:
        if self.after is not None and self.stage >= len(self.script):
            self.after.observe(own, other)
        self.stage += 1


class TitForTat(checks.Frozen, Strategy):
    """Play ``opening`` first, then whatever the partner played last.

    Parameters
    ----------
    opening
        The first action's index.

    Examples
    --------
    >>> mirror, script = sc.TitForTat(), sc.Scripted([1, 0, 0])
    >>> sc.play(mirror, script, sc.games.chicken(), (0, 0), horizon=6).actions[:, 0, 0]
    array([0, 1, 0, 0, 1, 0], dtype=uint8)
    """

    def __init__(self, opening: int = 0) -> None:
        self.opening = checks.integer("opening", opening)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        return _TitForTatSeat(game, np.full(len(types), check_action("opening", self.opening, game)))


class _TitForTatSeat(Seat):
    per_episode: ClassVar[tuple[str, ...]] = ("reply",)

    def __init__(self, game: Game, reply: Indices) -> None:
        super().__init__(game, len(reply))
        self.reply = reply

    def policy(self) -> Floats:
        return pure(self.reply, self.game.n_actions)

    def observe(self, own: Actions, other: Actions) -> None:
        self.reply = other.astype(np.intp)


class GrimTrigger(checks.Frozen, Strategy):
    """Play ``cooperate`` until the partner plays anything else, then ``punish`` for ever.

    Parameters
    ----------
    cooperate, punish
        Indices of the two actions.

    Examples
    --------
    >>> grim, slips_once = sc.GrimTrigger(), sc.Scripted([0, 1, 0, 0, 0, 0])
    >>> sc.play(grim, slips_once, sc.games.chicken(), (0, 0), horizon=6).actions[:, 0, 0]
    array([0, 0, 1, 1, 1, 1], dtype=uint8)
    """

    def __init__(self, cooperate: int = 0, punish: int = 1) -> None:
        self.cooperate = checks.integer("cooperate", cooperate)
        self.punish = checks.integer("punish", punish)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        cooperate = check_action("cooperate", self.cooperate, game)
        return _GrimTriggerSeat(game, cooperate, check_action("punish", self.punish, game), len(types))


class _GrimTriggerSeat(Seat):
    per_episode: ClassVar[tuple[str, ...]] = ("betrayed",)

    def __init__(self, game: Game, cooperate: int, punish: int, episodes: int) -> None:
        super().__init__(game, episodes)
        self.cooperate, self.punish = cooperate, punish
        self.betrayed = np.zeros(episodes, dtype=bool)

    def policy(self) -> Floats:
        return pure(np.where(self.betrayed, self.punish, self.cooperate), self.game.n_actions)

    def observe(self, own: Actions, other: Actions) -> None:
        self.betrayed = self.betrayed | (other != self.cooperate)


class Tabular(checks.Frozen, Strategy):
    """Play from a table that lists a mixed action for every own type and every history.

    Parameters
    ----------
    tables
        For each stage t an array (types, N^(2t), N) of probabilities; the history index is in base N²
        with digit a·N + b for the AI's action a and the partner's b, the first stage most significant.
        The tables must reach as far as the horizon it is played for.

    Raises
    ------
    ValueError
        If the tables do not fit each other; on sitting down, if they end before the horizon or do not fit the game.

    Examples
    --------
    >>> game = sc.games.coordination(2)
    >>> tables = sc.imitation.behaviour_tables(sc.TitForTat(), game, agent=0, phase=2)
    >>> sc.strategies.Tabular(tables), tables[1][0]  # after (0, 0), (0, 1), (1, 0), (1, 1)
    (Tabular(2 stages), array([[1., 0.],
           [0., 1.],
           [1., 0.],
           [0., 1.]]))
    """

    def __init__(self, tables: Sequence[ArrayLike]) -> None:
        self.tables = behaviour("tables", tables)

    def __repr__(self) -> str:
        return f"Tabular({len(self.tables)} stages)"

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        if horizon > len(self.tables):
            raise ValueError(f"tables must cover the horizon of {horizon} stages, got {len(self.tables)}")
        shape = (game.n_types, 1, game.n_actions)
        if horizon and self.tables[0].shape != shape:
            raise ValueError(f"tables[0] must have shape {shape} for {game}, got {self.tables[0].shape}")
        return TabularSeat(game, agent, types, self.tables)


def behaviour(name: str, tables: Any) -> list[Floats]:
    """Return a behaviour strategy's tables, checked: for each stage t an array (types, N^(2t), N)."""
    shape, listed = "(types, N^(2t), N)", checks.sequence(name, tables, "a list with one array for each stage")
    checked = [checks.distribution(f"{name}[{t}]", table, shape, 3) for t, table in enumerate(listed)]
    for stage, table in enumerate(checked):
        n_types, _, n_actions = checked[0].shape
        wanted = (n_types, n_actions ** (2 * stage), n_actions)
        if table.shape != wanted:
            raise ValueError(f"{name}[{stage}] must have shape {wanted}, got {table.shape}")
    return checked


class TabularSeat(Seat):
    """Reads tables that were checked; ``history`` is the number of the history."""

    per_episode: ClassVar[tuple[str, ...]] = ("types", "history")

    def __init__(self, game: Game, agent: int, types: Indices, tables: list[Floats]) -> None:
        super().__init__(game, len(types))
        self.agent, self.tables = agent, tables
        self.types, self.history = types, np.zeros(len(types), dtype=np.intp)
        self.stage = 0

    def policy(self) -> Floats:
        return self.tables[self.stage][self.types, self.history].T

    def observe(self, own: Actions, other: Actions) -> None:
        first, second = (own, other) if self.agent == 0 else (other, own)
        n_actions = self.game.n_actions
        self.history = self.history * n_actions**2 + first.astype(np.intp) * n_actions + second
        self.stage += 1
