"""Synonyms: actions that pay the same in every case, and the game in which they are one."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games.game import Game


@lru_cache(maxsize=64)
def merged(game: Game) -> tuple[Game, NDArray[np.intp]]:
    """Return the game in which actions that pay the same in every case are one, as wordings of an act do.

    Returns
    -------
    plain
        The game without synonyms. Its actions are named after the first one of each kind, in this order.
    kinds
        The number there of each action, (N,).

    Examples
    --------
    >>> plain, kinds = sc.games.merged(sc.games.project(wordings=2))
    >>> plain.n_actions, kinds
    (6, array([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]))
    """
    payoffs, n = checks.instance("game", game, Game).payoffs, game.n_actions
    told = np.concatenate([payoffs, payoffs.transpose(0, 2, 1)]).transpose(1, 0, 2).reshape(n, -1)
    _, first, number = np.unique(told, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    kinds = np.argsort(order)[number.ravel()]
    kinds.flags.writeable = False  # it is remembered
    kept = first[order]
    names = [game.action_names[action] for action in kept]
    return Game(payoffs[:, kept][:, :, kept], game.name, names, game.type_names), kinds
