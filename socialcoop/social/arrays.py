"""Records from arrays or lists, one for each side."""

from __future__ import annotations

import reprlib
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.social import cells


def read_arrays(ai: Any, partner: Any, game: Game, types: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
    """Return actions (T, 2, K), types (K, 2) and what was observed, as `Dataset.from_arrays` takes them."""
    checks.instance("game", game, Game)
    sides = [_episodes(name, value, cells.moves(name, game)) for name, value in (("ai", ai), ("partner", partner))]
    lengths = [[len(episode) for episode in side] for side in sides]
    if len(lengths[0]) != len(lengths[1]):
        raise ValueError(f"partner must have as many episodes as ai, {len(lengths[0])}, got {len(lengths[1])}")
    for k, (own, other) in enumerate(zip(*lengths, strict=True)):
        if own != other:
            raise ValueError(
                f"partner[{k}] must have as many moves as ai[{k}], {own}, got {other}: None for a missed one"
            )
    codes = np.full((2, len(lengths[0]), max(lengths[0], default=0)), cells.MISSED)
    for side, episodes in zip(codes, sides, strict=True):
        for row, episode in zip(side, episodes, strict=True):
            row[: len(episode)] = episode
    codes = codes.transpose(2, 0, 1)
    return np.maximum(codes, 0), _types(types, codes.shape[2], game), codes != cells.MISSED


def _episodes(name: str, value: Any, column: cells.Column) -> list[Any]:
    """Return the codes of each episode's moves."""
    if isinstance(value, np.ndarray) and value.ndim == 2 and value.dtype.kind in "iu":
        given = np.ma.filled(value.astype(np.int64), 0) if value.dtype.itemsize < 8 else np.ma.filled(value, 0)
        if given.size and (given.min() < 0 or given.max() > column.high):
            raise ValueError(f"{name} must hold integers from 0 to {column.high}, got {given.min()} to {given.max()}")
        return list(np.where(np.ma.getmaskarray(value), cells.MISSED, given.astype(np.int64)))
    read = cache(column.read)
    return [
        [_code(f"{name}[{k}][{t}]", cell, read) for t, cell in enumerate(_listed(f"{name}[{k}]", row))]
        for k, row in enumerate(_listed(name, value))
    ]


def _listed(name: str, value: Any) -> list[Any]:
    return checks.sequence(name, value, "a list of moves, one for each stage")


def _code(place: str, cell: Any, read: Any) -> int:
    try:
        return int(read(cells.text_of(cell)))
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None


def _types(given: Any, episodes: int, game: Game) -> NDArray[np.intp]:
    """Return the types (K, 2)."""
    if given is None:
        if game.n_types > 1:
            raise ValueError(
                f"types must be given for a game of {game.n_types} types; unknown types take a game of one type"
            )
        return np.zeros((episodes, 2), np.intp)
    read = cache(cells.types("types", game).read)
    rows = [_listed(f"types[{k}]", row) for k, row in enumerate(_listed("types", given))]
    if [len(row) for row in rows] != [2] * episodes:
        raise ValueError(f"types must be of shape ({episodes}, 2), a pair for each episode, got {reprlib.repr(given)}")
    codes = [[_code(f"types[{k}][{i}]", cell, read) for i, cell in enumerate(row)] for k, row in enumerate(rows)]
    return np.array(codes, np.intp).reshape(episodes, 2)
