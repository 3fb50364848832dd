"""Your own 2×2: a payoff table that a reader fills in, its equilibria, and two learners that walk among its payoffs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.book.element import Element, as_json, script
from socialcoop.book.look import HERE, stylesheet
from socialcoop.equilibria import Profile, nash_equilibria, pareto_optimal_nash
from socialcoop.games import Game

ACTIONS, WHOSE = "AB", ("your payoff", "the other's payoff")
CELLS = tuple(product((0, 1), (0, 1), (0, 1)))  # (row, column, whose), as a reader's Tab key meets them
HORIZONS = (10, 100, 1000)
WALKS = 100  # stages at the start


@dataclass(frozen=True)
class OwnGame(Element):
    """A payoff table to fill in, which starts from a known game. Made by `own_game`.

    Attributes
    ----------
    games
        For each name a game of two actions with a joint type: the reader's and the other's.
    start
        The name of the game shown first.

    Examples
    --------
    >>> own = sc.book.own_game({"pennies": (sc.games.matching_pennies(), (0, 1))})
    >>> print(own)
    Your own 2×2, at the start: pennies
    row A: 1, 0 | 0, 1
    row B: 0, 1 | 1, 0
    1 Nash equilibrium, of which 1 is Pareto-optimal (PONE).
    1. Row A with probability 0.5, column A with probability 0.5. It pays 0.5 and 0.5. PONE.
    >>> own.html().startswith("<form")
    True
    """

    games: Mapping[str, tuple[Game, tuple[int, int]]]
    start: str

    def html(self) -> str:
        """Return a form that needs neither kernel nor network; without scripts it shows the start, solved here."""
        summary, items = _solved(*self.games[self.start])
        known = [[name, [_written(payoff) for payoff in _payoffs(*game)]] for name, game in self.games.items()]
        filled = {
            "css": stylesheet("matrix.css"),
            "games": "".join(
                f'<option value="{place}"{" selected" * (name == self.start)}>{escape(name)}</option>'
                for place, name in enumerate(self.games)
            ),
            "rows": "".join(_row(row, *self.games[self.start]) for row in (0, 1)),
            "summary": summary,
            "items": "".join(_item(item) for item in items),
            "horizons": "".join(
                f'<option value="{horizon}"{" selected" * (horizon == WALKS)}>{horizon:,}</option>'
                for horizon in HORIZONS
            ),
            "data": as_json({"games": known}),
            "js": script("matrix.js"),
        }
        page = (HERE / "matrix.html").read_text(encoding="utf-8")
        pieces = page.split("%")  # name and text in turn, as no text of ours has the sign
        return "".join(filled[piece] if place % 2 else piece for place, piece in enumerate(pieces)).strip()

    def __repr__(self) -> str:
        game = self.games[self.start]
        numbers = [_written(payoff) for payoff in _payoffs(*game)]
        rows = [
            f"row {action}: {', '.join(numbers[place : place + 2])} | {', '.join(numbers[place + 2 : place + 4])}"
            for action, place in zip(ACTIONS, (0, 4), strict=True)
        ]
        summary, items = _solved(*game)
        listed = [f"{place}. {item}" for place, item in enumerate(items, 1)]
        return "\n".join([f"Your own 2×2, at the start: {self.start}", *rows, summary, *listed])


def own_game(games: Mapping[str, tuple[Game, tuple[int, int]]], start: str | None = None) -> OwnGame:
    """Return a payoff table of two actions each that a reader can change.

    Its best replies, its extreme Nash equilibria and its PONE follow at once, and two Hedge learners walk through its
    payoffs when they are told to.

    Parameters
    ----------
    games
        For each name a game of two actions with a joint type, to start from.
    start
        The name of the game shown first; by default the first one.

    Returns
    -------
    An object that displays itself: as a form that needs neither kernel nor network, as plain text elsewhere.

    Raises
    ------
    ValueError, TypeError
        If there is no game, one of them has not two actions, or the start is not among them.

    Notes
    -----
    The form computes with fractions of whole numbers, so that a tie is a tie: 0.1, 10 % and 1/10 are the same. Where
    payoffs differ by less than 1e-9 of their range, `nash_equilibria` takes them for the same, and the form does not.

    Its learners are `Hedge` with the rate tuned to the horizon. They draw their actions with uniforms of a
    congruential generator (Park and Miller 1988), so that an episode can be seen again.

    Examples
    --------
    >>> sc.book.own_game({"hunt": (sc.games.stag_hunt(), (0, 0)), "chicken": (sc.games.chicken(), (0, 0))}).start
    'hunt'
    """
    wanted = "a game of two actions with a joint type for each of one or more names"
    if not isinstance(games, Mapping):
        raise TypeError(f"games must be {wanted}, got {games!r}")
    if not games:
        raise ValueError(f"games must be {wanted}, got none")
    kept = {checks.text("games", name): _pair(name, game, wanted) for name, game in games.items()}
    return OwnGame(kept, next(iter(kept)) if start is None else checks.choice("start", start, tuple(kept)))


def _pair(name: str, value: Any, wanted: str) -> tuple[Game, tuple[int, int]]:
    """Return a game with its joint type, or say what is wrong with it."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise TypeError(f"games must be {wanted}, got {value!r} for {name!r}")
    game = checks.instance(f"games[{name!r}]", value[0], Game)
    if game.n_actions != 2:
        raise ValueError(f"games must be {wanted}, got {game.n_actions} actions for {name!r}")
    return game, game.pair(value[1])


def _payoffs(game: Game, types: tuple[int, int]) -> list[float]:
    """Return the eight payoffs in the order of the cells."""
    return np.stack(game.bimatrix(types), axis=-1).ravel().tolist()


def _written(number: float) -> str:
    """Return a payoff as a reader would type it, without losing a digit."""
    return np.format_float_positional(number, trim="-")


def _told(number: float) -> str:
    """Return a number with at most three digits after the point."""
    return f"{number:.3f}".rstrip("0").rstrip(".")


def _best(game: Game, types: tuple[int, int]) -> NDArray[np.bool_]:
    """Return which payoffs are those of best replies, (row, column, whose)."""
    first, second = (game.payoffs[kind] >= game.payoffs[kind].max(axis=0) - game.ties[kind] for kind in types)
    return np.stack([first, second.T], axis=-1)


def _row(row: int, game: Game, types: tuple[int, int]) -> str:
    """Return a row of the table as HTML."""
    payoffs, best = _payoffs(game, types), _best(game, types)
    cells = ["", ""]
    for place, (of, column, whose) in enumerate(CELLS):
        if of == row:
            name = f"row {ACTIONS[row]}, column {ACTIONS[column]}, {WHOSE[whose]}"
            cells[column] += (
                f"<label{' class=sc-best' * bool(best[row, column, whose])}><span>{('you', 'other')[whose]}</span>"
                f'<input type="text" inputmode="decimal" maxlength="20" aria-label="{name}" readonly '
                f'value="{_written(payoffs[place])}"><span class="sc-own-mark">best reply</span></label>'
            )
    columns = "".join(f"<td><div>{cell}</div></td>" for cell in cells)
    return f'<tr><th scope="row">row {ACTIONS[row]}</th>{columns}</tr>'


def _solved(game: Game, types: tuple[int, int]) -> tuple[str, list[str]]:
    """Return how many equilibria there are, and a sentence or three about each."""
    equilibria, pone = nash_equilibria(game, types), pareto_optimal_nash(game, types)
    pays = np.array([profile.payoffs for profile in equilibria])
    plural = "equilibrium" if len(equilibria) == 1 else "equilibria"
    verb = "is" if len(pone) == 1 else "are"
    tied = _joined(equilibria)
    kind = "extreme Nash" if tied else "Nash"
    summary = f"{len(equilibria)} {kind} {plural}, of which {len(pone)} {verb} Pareto-optimal (PONE)."
    if tied:
        summary += " Payoffs tie: whole sets of mixes are equilibria, and these span them."
    return summary, list(_items(equilibria, pays, pays + game.ties[list(types)]))


def _item(told: str) -> str:
    """Return what is told of an equilibrium as an item of a list."""
    return f'<li class="sc-pone">{told}</li>' if told.endswith("PONE.") else f"<li>{told}</li>"


def _joined(equilibria: list[Profile]) -> bool:
    """Return whether two equilibria share a strategy, so that all between them are equilibria too."""
    return any(
        len({profile.strategies[agent].tobytes() for profile in equilibria}) < len(equilibria) for agent in (0, 1)
    )


def _items(equilibria: list[Profile], pays: NDArray[np.float64], bar: NDArray[np.float64]) -> Iterator[str]:
    """Tell each equilibrium: its strategies, what it pays, and which one pays both more than ``bar``, if any."""
    for profile, (first, second), least in zip(equilibria, pays, bar, strict=True):
        row, column = (_mix(side, mix[0]) for side, mix in zip(("row", "column"), profile.strategies, strict=True))
        beaten = np.flatnonzero((pays > least).all(axis=1))
        verdict = f"Number {beaten[0] + 1} pays both more." if len(beaten) else "PONE."
        yield f"R{row[1:]}, {column}. It pays {_told(first)} and {_told(second)}. {verdict}"


def _mix(side: str, first: float) -> str:
    """Return a mixed action in words, given the probability of the first action."""
    if first in (0, 1):
        return f"{side} {ACTIONS[int(first == 0)]}"
    return f"{side} A with probability {_told(first)}"
