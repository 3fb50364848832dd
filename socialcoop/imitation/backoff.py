"""The imitator that backs off: what followed the longest end of the history that the records show often enough."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.imitation.imitator import check_size
from socialcoop.imitation.window import before_a_move, blank, examples, longer
from socialcoop.plays import Play
from socialcoop.strategies import Seat, Strategy
from socialcoop.strategies.protocol import Actions, Floats, Indices


class BackOffImitator(checks.Frozen, Strategy):
    """Play what followed the end of the history in the records, with as long an end as they show often enough.

    Parameters
    ----------
    dataset
        Records of a population, with both agents' types. A record counts for as long as for `Imitator`.
    order
        How many of the last exchanges to look at, at most.
    minimum
        How many examples a context needs, at least 1. A context is the own type and the last exchanges.

    Raises
    ------
    ValueError
        On sitting down to a game with other numbers of types or actions than the dataset's.

    Notes
    -----
    An n-gram model with back-off in its plainest form: the relative frequencies of the longest context, and no
    discounts. Both sides' actions are part of an exchange. An exchange that would lie before the first stage is a
    mark of its own, so that a context tells an opening from what looks like it later: the first ``order`` stages
    have the whole history in view. Where not even the own type alone has enough examples, it plays uniformly and
    knows itself at a loss, which a careful commitment uses.

    Examples
    --------
    >>> game = sc.games.coordination(2)
    >>> rota = sc.play(sc.Scripted([0, 1]), sc.Scripted([0, 1]), game, (0, 0), horizon=6, episodes=5)
    >>> ai = sc.imitation.BackOffImitator(rota, order=1)
    >>> sc.play(ai, sc.Scripted([0, 1]), game, (0, 0), horizon=9).actions[:, 0, 0]  # longer than the records
    array([0, 1, 0, 1, 0, 1, 0, 1, 0], dtype=uint8)
    """

    def __init__(self, dataset: Play, order: int = 4, minimum: int = 1) -> None:
        self.dataset = checks.instance("dataset", dataset, Play)
        self.order = checks.integer("order", order)
        self.minimum = checks.integer("minimum", minimum, 1)
        self._tables: dict[int, _Tables] = {}

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        check_size(game, self.dataset.game)
        if agent not in self._tables:
            self._tables[agent] = _Tables(self.dataset, agent, self.order, self.minimum)
        return _BackOffSeat(game, agent, types, self._tables[agent])


class _Tables:
    """How often each action followed each context that has enough examples: no exchange, the last one, the last two, …

    ``keys`` has an array for each length. It lists, in order, number · (N² + 1) + exchange, where the number is that
    of the context without its earliest exchange; in the first array, the types. The position of a context there is
    its number, and this plus the length's entry of ``begins`` is its column in ``counts``, which is (N, contexts + 1).
    The last column, which -1 finds, stands for all that has too few examples.
    """

    def __init__(self, dataset: Play, agent: int, order: int, minimum: int) -> None:
        n = dataset.game.n_actions
        self.rows = min(order, before_a_move(dataset))
        self.base = n**2 + 1
        self.keys: list[NDArray[np.int64]] = []
        self.begins: list[int] = []
        known = examples(dataset, agent, self.rows)
        number, moves, place = np.zeros_like(known.types), known.moves, np.arange(len(known.types))
        tallies = []
        for last in (known.types, *known.windows):
            keys, inverse, sizes = np.unique(number * self.base + last[place], return_inverse=True, return_counts=True)
            # a context is at least as frequent as a longer one that ends with it: what is too rare is not continued
            enough = sizes >= minimum
            kept = enough[inverse]
            number, moves, place = (np.cumsum(enough) - 1)[inverse[kept]], moves[kept], place[kept]
            self.begins.append(sum(map(len, self.keys)))
            self.keys.append(keys[enough])
            tallies.append(_tally(moves, number, n, len(self.keys[-1])))
        self.counts = np.concatenate([*tallies, np.ones((n, 1), np.uint32)], axis=1)

    def column(self, types: Indices, window: NDArray[np.int32]) -> Indices:
        """Return the column of the longest context that has enough examples, (B,), -1 where there is none."""
        columns, number, place = np.full(len(types), -1), np.zeros_like(types), np.arange(len(types))
        for last, keys, begin in zip((types, *window), self.keys, self.begins, strict=True):
            wanted = number * self.base + last[place]
            number = np.searchsorted(keys, wanted)
            found = number < len(keys)
            found[found] = keys[number[found]] == wanted[found]
            number, place = number[found], place[found]
            columns[place] = begin + number
        return columns


def _tally(moves: Indices, number: Indices, n_actions: int, contexts: int) -> NDArray[np.uint32]:
    """Return how often each action followed each context, (N, contexts)."""
    counts = np.bincount(moves * contexts + number, minlength=n_actions * contexts)
    return counts.reshape(n_actions, contexts).astype(np.uint32)


class _BackOffSeat(Seat):
    per_episode: ClassVar[tuple[str, ...]] = ("types", "window", "column")

    def __init__(self, game: Game, agent: int, types: Indices, tables: _Tables) -> None:
        super().__init__(game, len(types))
        self.agent, self.types, self.tables = agent, types, tables
        self.window = blank(tables.rows, self.episodes)
        self.column = tables.column(types, self.window)

    def policy(self) -> Floats:
        counts = self.tables.counts[:, self.column].astype(np.float64)
        return counts / counts.sum(axis=0)

    def covered(self) -> NDArray[np.bool_]:
        return self.column >= 0

    def observe(self, own: Actions, other: Actions) -> None:
        first, second = (own, other) if self.agent == 0 else (other, own)
        self.window = longer(self.window, 0, 0, first, second, self.game)
        self.column = self.tables.column(self.types, self.window)
