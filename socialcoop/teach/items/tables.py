"""Stage games on paper: two actions, payoffs in tenths, and how a student reads them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from socialcoop.games import Game
from socialcoop.plays import Play

ACTIONS = ("direct", "supportive")
BOTH_PAY = "In each cell stand the payoffs per stage, first the assistant's and then the partner's. "
PARTNER_PAYS = "The cells hold the partner's payoff per stage. "
TYPES = (0, 1)

Floats = NDArray[np.float64]
Table = tuple[tuple[str, ...], ...]


def bimatrix(assistant: Floats, partner: Floats) -> Table:
    """Return the table of both payoffs, the assistant's action in the row; each matrix has the own action first."""
    heads = ("", *(f"partner {name}" for name in ACTIONS))
    rows = [
        (f"assistant {name}", *(f"{assistant[a, b]:g}, {partner[b, a]:g}" for b in range(2)))
        for a, name in enumerate(ACTIONS)
    ]
    return (heads, *rows)


def partners(payoffs: Floats) -> Table:
    """Return the table of the partner's payoffs, its own action in the row."""
    heads = ("", *(f"assistant {name}" for name in ACTIONS))
    rows = [(f"partner {name}", *(f"{payoffs[b, a]:g}" for a in range(2))) for b, name in enumerate(ACTIONS)]
    return (heads, *rows)


def game_of(assistant: Floats, partner: Floats) -> Game:
    """Return the game in which the AI is the assistant, at the joint type `TYPES`."""
    return Game(np.stack([assistant, partner]))


def play_of(game: Game, assistant: Sequence[int], partner: Sequence[int]) -> Play:
    """Return one episode."""
    return Play(np.stack([assistant, partner], axis=1)[:, :, None], np.array([TYPES]), game)


def told(actions: Sequence[int]) -> str:
    """Return the names of actions, in order."""
    return ", ".join(ACTIONS[action] for action in actions)


def listed(parts: Sequence[str]) -> str:
    """Return one text for several: one, two and three."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[:-1] else parts)


def power(exponent: int) -> str:
    """Return an exponent as the signs that stand raised in plain text: what a question says is no TeX."""
    return str(exponent).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def number_of(number: int, thing: str) -> str:
    """Return so many things: one record, two records."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def times(number: int) -> str:
    """Return how often: once, 2 times."""
    return "once" if number == 1 else f"{number} times"
