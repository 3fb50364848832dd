"""A model with limited memory: many histories share one row of its table."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.play import Play
from socialcoop.strategies import Seat, Strategy
from socialcoop.strategies.codebook import Codes, mixed
from socialcoop.strategies.protocol import Actions, Floats


class Hashed(Strategy):
    """Play from a table with fewer rows than there are histories; after some stages, commit.

    Parameters
    ----------
    table
        A mixed action for each row, (M, N). Every own type and history has one of the M rows, chosen once and
        for all as if at random, so that histories share rows.
    phase
        Number of stages T̃ to play so; by default all.
    commitments
        What to play at every stage after them, by the row of the history of T̃ stages, (M, N); by default the table.

    Notes
    -----
    The smallest stand-in for a model whose parameters are fewer than its contexts. The rows come from the same
    mixing function as a `Codebook`'s answers.

    Examples
    --------
    >>> model = sc.Hashed([[0.9, 0.1], [0.2, 0.8]])
    >>> model
    Hashed(2 rows)
    >>> shown = sc.play(model, sc.Fixed(0), sc.games.coordination(2), (0, 0), horizon=3, seed=1)
    >>> model.rows(shown).shape  # before each stage, and at the end
    (4, 1)
    """

    def __init__(self, table: ArrayLike, phase: int | None = None, commitments: ArrayLike | None = None) -> None:
        self.table = checks.distribution("table", table, "(M, N)", 2)
        if not len(self.table):
            raise ValueError("table must have at least one row, got none")
        self.phase = None if phase is None else checks.integer("phase", phase)
        given = self.table if commitments is None else commitments
        self.commitments = checks.distribution("commitments", given, "(M, N)", 2)
        if self.commitments.shape != self.table.shape:
            raise ValueError(
                f"commitments must have the table's shape {self.table.shape}, got {self.commitments.shape}"
            )

    def __repr__(self) -> str:
        stages = "" if self.phase is None else f", phase={self.phase}"
        return f"Hashed({len(self.table)} rows{stages})"

    def rows(self, play: Play, agent: int = 0) -> NDArray[np.intp]:
        """Return the row of ``agent``'s type and history before each stage and at the end, (T + 1, B)."""
        checks.instance("play", play, Play)
        agent = checks.integer("agent", agent, 0, 1)
        self._check(play.game)
        codes = [_opening(play.types[:, agent])]
        for stage in play.actions:
            codes.append(_continued(codes[-1], stage[0], stage[1], play.game.n_actions))
        return _row(np.stack(codes), len(self.table))

    def chances(self, play: Play, agent: int = 0) -> Floats:
        """Return how likely the model was to do what ``agent`` did at each stage, (T, B).

        Minus the mean logarithm is the cross-entropy.
        """
        rows, own = self.rows(play, agent), play.actions[:, agent]
        phase = len(own) if self.phase is None else min(self.phase, len(own))
        first, kept = self.table[rows[:phase], own[:phase]], self.commitments[rows[phase], own[phase:]]
        return np.concatenate([first, kept])

    def seat(self, game: Game, role: int, types: NDArray[np.intp], horizon: int) -> Seat:
        self._check(game)
        return _HashedSeat(game, role, types, self)

    def _check(self, game: Game) -> None:
        if self.table.shape[1] != game.n_actions:
            raise ValueError(f"table must have {game.n_actions} columns for {game}, got {self.table.shape[1]}")


class _HashedSeat(Seat):
    """``code`` stands for the own type and the history, up to the commitment."""

    per_episode: ClassVar[tuple[str, ...]] = ("code",)

    def __init__(self, game: Game, role: int, types: NDArray[np.intp], model: Hashed) -> None:
        super().__init__(game, len(types))
        self.role, self.model, self.code = role, model, _opening(types)
        self.stage = 0

    @property
    def committed(self) -> bool:
        return self.model.phase is not None and self.stage >= self.model.phase

    def policy(self) -> Floats:
        table = self.model.commitments if self.committed else self.model.table
        return table[_row(self.code, len(table))].T

    def observe(self, own: Actions, other: Actions) -> None:
        if not self.committed:
            first, second = (own, other) if self.role == 0 else (other, own)
            self.code = _continued(self.code, first, second, self.game.n_actions)
        self.stage += 1

    def state(self) -> Floats:
        # in halves: a float does not hold 64 bits
        return np.stack([self.code >> np.uint64(32), self.code & np.uint64(2**32 - 1)]).astype(np.float64)


def _opening(types: NDArray[np.intp]) -> Codes:
    return mixed(types.astype(np.uint64))


def _continued(codes: Codes, first: Actions, second: Actions, n_actions: int) -> Codes:
    return mixed(codes + first.astype(np.uint64) * np.uint64(n_actions) + second.astype(np.uint64))


def _row(codes: Codes, rows: int) -> NDArray[np.intp]:
    return (codes % np.uint64(rows)).astype(np.intp)
