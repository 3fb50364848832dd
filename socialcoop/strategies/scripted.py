"""Strategies that follow a rule: fixed mixes, scripts, tables, and the classic reactions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies.protocol import Actions, Floats, Seat, Strategy, check_action, pure


class Fixed(Strategy):
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
        self.action: int | None = None
        self.mixed: Floats | None = None
        if isinstance(mixed, str) or (not isinstance(mixed, Sequence) and np.ndim(mixed) == 0):
            self.action = checks.integer("mixed", mixed)
        else:
            self.mixed = checks.distribution("mixed", mixed, "(N,) or (types, N)", (1, 2))

    def __repr__(self) -> str:
        return f"Fixed({self.action if self.mixed is None else self.mixed.tolist()})"

    def seat(self, game: Game, role: int, types: NDArray[np.intp], horizon: int) -> Seat:
        if self.mixed is None:
            mixed = pure(np.array([check_action("mixed", self.action, game)]), game.n_actions)
        else:
            mixed = _per_type("mixed", self.mixed, game).T
            if mixed.shape[0] != game.n_actions:
                raise ValueError(f"mixed must have {game.n_actions} probabilities for {game}, got {mixed.shape[0]}")
        rows = types if mixed.shape[1] > 1 else np.zeros_like(types)
        return _FixedSeat(game, np.ascontiguousarray(mixed[:, rows]))


class _FixedSeat(Seat):
    per_episode: ClassVar[tuple[str, ...]] = ("mixed",)

    def __init__(self, game: Game, mixed: Floats) -> None:
        super().__init__(game, mixed.shape[1])
        self.mixed = mixed

    def policy(self) -> Floats:
        return self.mixed

    def observe(self, own: Actions, other: Actions) -> None:
        pass


class Scripted(Strategy):
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
        self.actions = checks.integers("actions", actions, np.iinfo(np.int64).max, "(L,) or (types, L)", (1, 2))
        if self.actions.shape[-1] == 0 and fallback is None:
            raise ValueError("actions must hold at least one action when there is no fallback, got none")
        self.fallback = None if fallback is None else checks.instance("fallback", fallback, Strategy)

    def __repr__(self) -> str:
        ending = "" if self.fallback is None else f", fallback={self.fallback}"
        return f"Scripted({self.actions.tolist()}{ending})"

    def seat(self, game: Game, role: int, types: NDArray[np.intp], horizon: int) -> Seat:
        script = checks.integers("actions", self.actions, game.n_actions, "(L,) or (types, L)", (1, 2))
        script = np.broadcast_to(_per_type("actions", script, game), (game.n_types, script.shape[-1]))[types].T
        after = None
        if self.fallback is not None:
            after = self.fallback.seat(game, role, types, max(horizon - len(script), 0))
        return _ScriptedSeat(game, script, after, len(types))

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        left = horizon - self.actions.shape[-1]
        if self.fallback is None or left <= 0:
            return 1.0
        # regret adds up, and the script can cost at most 1 a stage
        return self.fallback.certificate(game, left, max(epsilon * horizon - self.actions.shape[-1], 0) / left)


class _ScriptedSeat(Seat):
    per_episode: ClassVar[tuple[str, ...]] = ("script",)

    def __init__(self, game: Game, script: NDArray[np.intp], after: Seat | None, episodes: int) -> None:
        super().__init__(game, episodes)
        self.script = script
        self.after = after
        self.stage = 0

    def policy(self) -> Floats:
        if self.after is not None and self.stage >= len(self.script):
            return self.after.policy()
        return pure(self.script[self.stage % len(self.script)], self.game.n_actions)

    def observe(self, own: Actions, other: Actions) -> None:
        if self.after is not None and self.stage >= len(self.script):
            self.after.observe(own, other)
        self.stage += 1

    def take(self, indices: Actions) -> Self:
        seat = super().take(indices)
        seat.after = None if self.after is None else self.after.take(indices)
        return seat

    def state(self) -> Floats:
        return super().state() if self.after is None else np.concatenate([super().state(), self.after.state()])


class TitForTat(Strategy):
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

    def __repr__(self) -> str:
        return "TitForTat()" if self.opening == 0 else f"TitForTat(opening={self.opening})"

    def seat(self, game: Game, role: int, types: NDArray[np.intp], horizon: int) -> Seat:
        return _TitForTatSeat(game, np.full(len(types), check_action("opening", self.opening, game)))


class _TitForTatSeat(Seat):
    per_episode: ClassVar[tuple[str, ...]] = ("reply",)

    def __init__(self, game: Game, reply: NDArray[np.intp]) -> None:
        super().__init__(game, len(reply))
        self.reply = reply

    def policy(self) -> Floats:
        return pure(self.reply, self.game.n_actions)

    def observe(self, own: Actions, other: Actions) -> None:
        self.reply = other.astype(np.intp)


class GrimTrigger(Strategy):
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

    def __repr__(self) -> str:
        default = (self.cooperate, self.punish) == (0, 1)
        return "GrimTrigger()" if default else f"GrimTrigger(cooperate={self.cooperate}, punish={self.punish})"

    def seat(self, game: Game, role: int, types: NDArray[np.intp], horizon: int) -> Seat:
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


class Tabular(Strategy):
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
        On sitting down, if the tables end before the horizon or do not fit the game.

    Examples
    --------
    >>> game = sc.games.coordination(2)
    >>> tables = sc.behaviour_tables(sc.TitForTat(), game, role=0, phase=2)
    >>> sc.Tabular(tables), tables[1][0]  # after (0, 0), (0, 1), (1, 0), (1, 1)
    (Tabular(2 stages), array([[1., 0.],
           [0., 1.],
           [1., 0.],
           [0., 1.]]))
    """

    def __init__(self, tables: Sequence[ArrayLike]) -> None:
        if not isinstance(tables, Sequence | np.ndarray):
            raise TypeError(f"tables must be a list with one array for each stage, got {tables!r}")
        self.tables = [
            checks.distribution(f"tables[{t}]", table, "(types, N^(2t), N)", 3) for t, table in enumerate(tables)
        ]

    def __repr__(self) -> str:
        return f"Tabular({len(self.tables)} stages)"

    def seat(self, game: Game, role: int, types: NDArray[np.intp], horizon: int) -> Seat:
        if horizon > len(self.tables):
            raise ValueError(f"tables must cover the horizon of {horizon} stages, got {len(self.tables)}")
        for t, table in enumerate(self.tables[:horizon]):
            shape = (game.n_types, game.n_actions ** (2 * t), game.n_actions)
            if table.shape != shape:
                raise ValueError(f"tables[{t}] must have shape {shape} for {game}, got {table.shape}")
        return _TabularSeat(game, role, types, self.tables)


class _TabularSeat(Seat):
    per_episode: ClassVar[tuple[str, ...]] = ("types", "history")

    def __init__(self, game: Game, role: int, types: NDArray[np.intp], tables: list[Floats]) -> None:
        super().__init__(game, len(types))
        self.role, self.tables = role, tables
        self.types, self.history = types, np.zeros(len(types), dtype=np.intp)
        self.stage = 0

    def policy(self) -> Floats:
        return self.tables[self.stage][self.types, self.history].T

    def observe(self, own: Actions, other: Actions) -> None:
        first, second = (own, other) if self.role == 0 else (other, own)
        n_actions = self.game.n_actions
        self.history = self.history * n_actions**2 + first.astype(np.intp) * n_actions + second
        self.stage += 1


def _per_type(name: str, rows: NDArray, game: Game) -> NDArray:
    """Return rows per own type, shape (1 or types, …)."""
    if rows.ndim == 1:
        return rows[None]
    if len(rows) != game.n_types:
        raise ValueError(f"{name} must have one row for each of the {game.n_types} type(s) of {game}, got {len(rows)}")
    return rows
