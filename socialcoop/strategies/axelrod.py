"""Players of the Axelrod library as strategies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies.black_box import BlackBox, Moves, Player

UNIT = 5  # payoffs lie in [0, 1] here; the library's own game has 0, 1, 3 and 5
CHEATS = ("inspects_source", "manipulates_source", "manipulates_state")


def from_axelrod(player: Any, cooperate: int = 0, defect: int = 1) -> BlackBox:
    """Return a strategy that plays as a player of the Axelrod library does.

    Parameters
    ----------
    player
        A player, such as ``axelrod.TitForTat()``. A fresh copy of it plays each episode; it is told the horizon, and
        its own type's payoffs times 5, so that (3, 0, 5, 1) / 5 is the library's own prisoner's dilemma.
    cooperate, defect
        The numbers of the two actions in games it is to play, which must have these two only.

    Raises
    ------
    ImportError
        If the library is not installed: ``pip install "socialcoop[interop]"``.
    TypeError, ValueError
        If it is no player, or one that looks into its partner's program; on sitting down, if the game has more actions.

    Notes
    -----
    The library is described in Knight et al. (2016). Its players can be asked for an action but not for
    probabilities, so they are black boxes, see `BlackBox`.

    Examples
    --------
    >>> import axelrod
    >>> mirror = sc.strategies.from_axelrod(axelrod.TitForTat())
    >>> sc.play(mirror, sc.Scripted([1, 0, 0]), sc.games.chicken(), (0, 0), horizon=6, seed=1).actions[:, 0, 0]
    array([0, 1, 0, 0, 1, 0], dtype=uint8)
    """
    axl = checks.extra("axelrod", "from_axelrod")
    if not isinstance(player, axl.Player):
        hint = f"; write {player.__name__}(...)" if isinstance(player, type) and issubclass(player, axl.Player) else ""
        raise TypeError(f"player must be a player of the Axelrod library, got {player!r}{hint}")
    cheats = [kind for kind in CHEATS if axl.Classifiers[kind](player)]
    if cheats:
        raise ValueError(
            f"player must go by what was played alone, got {player!r}, which {cheats[0].replace('_', ' ')}"
        )
    actions = checks.integer("cooperate", cooperate), checks.integer("defect", defect)
    if set(actions) != {0, 1}:
        raise ValueError(f"cooperate and defect must be 0 and 1, or 1 and 0, got {cooperate} and {defect}")
    return BlackBox(_Start(player.clone(), actions), str(player))


@dataclass(frozen=True)
class _Start:
    """Seats a fresh copy of a player."""

    player: Any
    actions: tuple[int, int]  # of the game: to cooperate, to defect

    def __call__(self, game: Game, agent: int, own_type: int, horizon: int, rng: np.random.Generator) -> Player:
        if game.n_actions != 2:
            raise ValueError(f"game must have two actions for players of the Axelrod library, got {game}")
        return _Seated(self, game.payoffs[own_type], horizon, int(rng.integers(2**32)))


class _Seated:
    """One player in one episode, and a puppet that shows it the partner's moves."""

    def __init__(self, start: _Start, payoffs: Any, horizon: int, seed: int) -> None:
        axl = checks.extra("axelrod", "from_axelrod")
        self.numbers = dict(zip((axl.Action.C, axl.Action.D), start.actions, strict=True))
        self.names = {number: action for action, number in self.numbers.items()}
        c, d = start.actions
        r, s, t, p = (float(UNIT * payoffs[pair]) for pair in ((c, c), (c, d), (d, c), (d, d)))
        self.player, self.partner = start.player.clone(), axl.MockPlayer()
        self.player.reset()
        self.player.set_match_attributes(length=horizon, game=axl.Game(r=r, s=s, t=t, p=p), noise=0)
        self.player.set_seed(seed)

    def __call__(self, own: Moves, other: Moves) -> int:
        if own:
            mine, theirs = self.names[own[-1]], self.names[other[-1]]
            self.player.update_history(mine, theirs)
            self.partner.update_history(theirs, mine)
        return self.numbers[self.player.strategy(self.partner)]
