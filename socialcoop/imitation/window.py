"""The window: the part of a history that an imitator which generalises sees, and the examples that records hold of it.

A window has a row for each of the first ``opening`` stages, and then one for each of the last exchanges, the latest
first: (rows, B). An exchange is a·N + b + 1 for the AI's action a and the partner's b; 0 stands where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from socialcoop.games import Game
from socialcoop.imitation.imitator import records_that_count
from socialcoop.plays import Play
from socialcoop.strategies.protocol import Actions, Indices

Window = NDArray[np.int32]  # 256 actions make 65 537 entries


def blank(rows: int, episodes: int) -> Window:
    """Return the window before the first stage."""
    return np.zeros((rows, episodes), dtype=np.int32)


def longer(window: Window, stage: int, opening: int, first: Actions, second: Actions, game: Game) -> Window:
    """Return a new window, after the AI's and the partner's action of one more stage, (B,) each."""
    exchange = first.astype(np.int32) * game.n_actions + second.astype(np.int32) + 1
    grown = np.concatenate([window[:opening], exchange[None], window[opening:]])[: len(window)]
    if stage < opening:
        grown[stage] = exchange
    return grown


def before_a_move(dataset: Play) -> int:
    """Return how many exchanges a record can show before a move."""
    return max(dataset.horizon - 1, 0)


@dataclass(frozen=True, eq=False)
class Examples:
    """All moves of one side that records show after histories that they show in full, in the order of the stages.

    Attributes
    ----------
    windows
        What was seen before each move, (rows, R).
    types
        The own type, (R,).
    stages
        Number of stages played before it, (R,).
    moves
        The action that followed, (R,).
    """

    windows: Window
    types: Indices
    stages: Indices
    moves: Indices


def examples(dataset: Play, agent: int, rows: int, opening: int = 0) -> Examples:
    """Return the examples for ``agent``, in windows of so many rows."""
    counting, everybody = records_that_count(dataset, agent), np.arange(dataset.episodes)
    window = blank(rows, dataset.episodes)
    windows, shown = [window[:, :0]], [everybody[:0]]
    for stage, (first, second) in enumerate(dataset.actions):
        shown.append(everybody if counting is None else np.flatnonzero(counting[stage]))
        windows.append(window[:, shown[-1]])
        window = longer(window, stage, opening, first, second, dataset.game)
    stages = np.repeat(np.arange(dataset.horizon), [len(each) for each in shown[1:]])
    records = np.concatenate(shown)
    return Examples(
        np.concatenate(windows, axis=1),
        dataset.types[records, agent],
        stages,
        dataset.actions[stages, agent, records].astype(np.intp),
    )
