"""A game in which the same habit can be kept in several ways, and the two sides need not call it the same."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games.catalogue import team_lead
from socialcoop.games.game import MAX_ACTIONS, Game

HABITS = 4  # of the team lead with both preferences


def varied_team(ways: int = 3, wordings: int = 1, outside: float = 0.55, key: int | None = None) -> Game:
    """Two colleagues share their habits only if they go the same way about it, or one does without the other.

    An act is one of the four habits of `team_lead` with both preferences, in one of several ways, such as channels.
    Two acts pay what their habits pay in `team_lead` if they are in the same way, and else nothing. There is one act
    more: to do the work alone ("do without"). No payoff depends on the wording of an act. Action
    ``wordings * act + wording`` is an act in a wording, and act ``ways * habit + way`` a habit in a way. The types
    are those of `team_lead`.

    Parameters
    ----------
    ways
        Number of ways W of each habit, at least 1.
    wordings
        Number of wordings of each act, at least 1.
    outside
        What it pays to do without, whatever the other does; the other gets nothing.
    key
        What each side calls the other's acts: the number that act 0 has on the other side, from 0 to 4 W - 1. By
        default every act has the same number on both sides.

    Notes
    -----
    One table has the payoffs of both sides, so the names have to be paired: if my act 2 is your act 5, my act 5 is
    your act 2. With a key each of the two parts of a habit is the same or the opposite on the other side, and way w
    is way c - w modulo W, where act 0 tells which and c. Types are told in the own names. Over all keys, each act of
    one side is each act of the other equally often, so whoever copies the other's number, and knows no key, might
    as well draw an act.

    Examples
    --------
    >>> team = sc.games.varied_team(ways=3)
    >>> team.n_types, team.n_actions, team.action_names[4]
    (4, 13, 'direct, ask, way 2')
    >>> strangers = sc.games.varied_team(ways=3, key=7)
    >>> int(strangers.payoffs[0, 0].argmax())  # what fits act 0
    7
    """
    ways = checks.integer("ways", ways, 1, (MAX_ACTIONS - 1) // HABITS)
    acts = HABITS * ways + 1
    wordings = checks.integer("wordings", wordings, 1, MAX_ACTIONS // acts)
    outside = checks.real("outside", outside, 0, 1)
    pairing = _pairing(ways, checks.optional(checks.integer, "key", key, 0, acts - 2))
    habits = team_lead(("tone", "workload"))
    payoffs = np.zeros((habits.n_types, acts, acts))
    payoffs[:, :-1, :-1] = np.kron(habits.payoffs, np.eye(ways))
    payoffs[:, -1] = outside
    names = [f"{habit}, way {way}" for habit in habits.action_names for way in range(1, ways + 1)] + ["do without"]
    if wordings > 1:
        names = [f"{act} ({number})" for act in names for number in range(1, wordings + 1)]
    spoken = payoffs[:, :, pairing].repeat(wordings, axis=1).repeat(wordings, axis=2)
    return Game(spoken, "varied team", names, habits.type_names)


def _pairing(ways: int, key: int | None) -> NDArray[np.intp]:
    """Return the number that each act has on the other side, (acts,); to do without is the last on both."""
    acts = np.arange(HABITS * ways + 1)
    if key is None:
        return acts
    habit, way = np.divmod(acts[:-1], ways)
    turned, reflected = divmod(key, ways)
    return np.append((habit ^ turned) * ways + (reflected - way) % ways, acts[-1])


@lru_cache(maxsize=64)
def team_names(game: Game) -> tuple[int, int, NDArray[np.intp]]:
    """Return the ways and wordings of a `varied_team`, and the number that each act has on the other side."""
    copies = (game.payoffs == game.payoffs[:, :1]).all(axis=(0, 2))
    wordings = int(np.logical_and.accumulate(copies).sum())
    ways = (game.n_actions // wordings - 1) // HABITS
    if ways >= 1:
        plain = game.payoffs[:, ::wordings, ::wordings]
        fits = int(plain[:, 0].sum(axis=0).argmax())
        for key in (None, fits):
            if key != HABITS * ways and np.array_equal(
                varied_team(ways, wordings, plain[0, -1, 0], key).payoffs, game.payoffs
            ):
                pairing = _pairing(ways, key)
                pairing.flags.writeable = False
                return ways, wordings, pairing
    raise ValueError(f"game must be a varied_team, got {game}")
