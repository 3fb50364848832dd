"""Plays: what happened in some episodes, and what can be read off it."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games import Game

__all__ = ["Play", "stages_until_settled"]

MAX_STAGES = 2**33  # horizon × episodes: 16 GiB of history


def check_size(horizon: int, episodes: int) -> None:
    """Refuse more play than memory can hold; what is empty still takes a row for each stage and episode."""
    if max(horizon, 1) * max(episodes, 1) > MAX_STAGES:
        raise ValueError(f"horizon × episodes must be at most {MAX_STAGES}, got {horizon} × {episodes}")


@dataclass(frozen=True, eq=False, repr=False)
class Play:
    """What was played in B episodes of T stages.

    Attributes
    ----------
    actions
        Array (T, 2, B) of uint8: stage, agent (0 the AI, 1 the partner), episode. Any integers may be given; they are
        kept as a copy that cannot change. It is 0 where the move was not observed.
    types
        Array (B, 2): the agents' types in each episode.
    game
        The stage game.
    observed
        Which moves were observed, (T, 2, B) of bool: a move may be missed, and an episode may end early. None where
        all were, also if an array without a False is given.

    Notes
    -----
    Plays are equal when all of this is. What a function makes of moves that were not observed is said where it is
    documented; most refuse them.

    Examples
    --------
    >>> learner, game = sc.Hedge(), sc.games.chicken()
    >>> met = sc.play(learner, learner, game, (0, 0), horizon=50, episodes=8)
    >>> met.actions.shape, met.types.shape, met.payoffs(0).shape
    ((50, 2, 8), (8, 2), (50, 8))
    """

    actions: NDArray[np.uint8]
    types: NDArray[np.intp]
    game: Game
    observed: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        checks.instance("game", self.game, Game)
        given = _as_array("actions", self.actions)
        observed = _checked_mask(self.observed, given.shape)
        actions = _checked_actions(given, observed, self.game.n_actions)
        types = checks.integers("types", _as_array("types", self.types), self.game.n_types, "(B, 2)", 2)
        if types.shape != (actions.shape[2], 2):
            raise ValueError(f"types must have shape ({actions.shape[2]}, 2), got shape {types.shape}")
        for name, kept in (("actions", actions), ("types", types), ("observed", observed)):
            if kept is not None:
                kept.flags.writeable = False
            object.__setattr__(self, name, kept)

    @property
    def horizon(self) -> int:
        """Number of stages T."""
        return int(self.actions.shape[0])

    @property
    def episodes(self) -> int:
        """Number of episodes B."""
        return int(self.actions.shape[2])

    @property
    def stages(self) -> NDArray[np.intp]:
        """Number of stages of each episode up to the last at which a move was observed, shape (B,)."""
        if self.observed is None:
            return np.full(self.episodes, self.horizon)
        numbers = np.arange(1, self.horizon + 1)[:, None]
        return (numbers * self.observed.any(axis=1)).max(axis=0, initial=0)

    def payoffs(self, agent: int) -> NDArray[np.float64]:
        """Return what ``agent`` earned at every stage of every episode, shape (T, B), each in [0, 1].

        It is NaN where either move was not observed.
        """
        agent = checks.integer("agent", agent, 0, 1)
        own, other = self.actions[:, agent], self.actions[:, 1 - agent]
        earned = self.game.payoffs[self.types[:, agent], own, other]
        if self.observed is not None:
            earned[~self.observed.all(axis=1)] = np.nan
        return earned

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        parts = zip(self._parts(), other._parts(), strict=True)
        return self.game == other.game and all(np.array_equal(one, another) for one, another in parts)

    def __hash__(self) -> int:
        return hash((self.game, self.actions.shape, *(part.tobytes() for part in self._parts())))

    def _parts(self) -> tuple[NDArray[Any], ...]:
        return self.actions, self.types, np.asarray(True if self.observed is None else self.observed)

    def __reduce__(self) -> tuple[type[Play], tuple[Any, ...]]:
        # a copy is made anew: checked, with arrays of its own that cannot change
        return type(self), (self.actions, self.types, self.game, self.observed)

    def __repr__(self) -> str:
        hidden = "" if self.observed is None else f", {np.sum(~self.observed)} move(s) not observed"
        return (
            f"{type(self).__name__}({self.episodes} episode(s) of {self.horizon} stage(s){hidden}, {self.game.name!r})"
        )


def _as_array(name: str, value: Any) -> NDArray[Any]:
    if checks.masked(value):
        raise ValueError(f"{name} must have no masked entries; Dataset.from_arrays takes moves that are missing")
    try:
        return np.asarray(value)
    except ValueError:  # rows of different lengths
        raise TypeError(f"{name} must be an array, got {reprlib.repr(value)}") from None


def _checked_mask(value: Any, shape: tuple[int, ...]) -> NDArray[np.bool_] | None:
    """Return what was observed as an array of its own, or None where all was."""
    if value is None:
        return None
    mask = _as_array("observed", value)
    if mask.dtype != np.bool_ or mask.shape != shape:
        raise ValueError(f"observed must be bool of the actions' shape {shape}, got {mask.dtype} of shape {mask.shape}")
    return None if mask.all() else np.array(mask, order="C")


def _checked_actions(given: NDArray[Any], observed: NDArray[np.bool_] | None, n_actions: int) -> NDArray[np.uint8]:
    """Return the actions as an array of its own in which what was not observed is 0."""
    if observed is not None:
        given = np.where(observed, given, np.zeros((), given.dtype))
    if given.dtype != np.uint8 or given.ndim != 3:
        given = checks.integers("actions", given, n_actions, "(T, 2, B)", 3)
    elif given.size and given.max() >= n_actions:
        raise ValueError(f"actions must hold integers from 0 to {n_actions - 1}, got up to {given.max()}")
    if given.shape[1] != 2:
        raise ValueError(f"actions must have shape (T, 2, B), got shape {given.shape}")
    return np.array(given, np.uint8, order="C")


def both_observed(play: Play) -> NDArray[np.bool_] | Literal[True]:
    """Return where both moves were observed, (T, B), or True, NumPy's default for ``where``, if all moves were."""
    observed = checks.instance("play", play, Play).observed
    return True if observed is None else observed[:, 0] & observed[:, 1]


def complete(name: str, value: Any) -> Play:
    """Return ``value`` when it is a play of which every move was observed."""
    play = checks.instance(name, value, Play)
    if play.observed is not None:
        raise ValueError(
            f"{name} must show every move, got {play}; keep the episodes that do, as in "
            "dataset[dataset.observed.all(axis=(0, 1))]"
        )
    return play


def stages_until_settled(
    play: Play, actions: ArrayLike, agent: int = 1, share: float = 0.9, least: int = 20
) -> NDArray[np.intp]:
    """Return after how many stages an agent keeps to some actions until the end, in every episode.

    Parameters
    ----------
    play
        Episodes of T stages, of which every move was observed.
    actions
        The actions that count, (M,).
    agent
        Whose actions: 0 for the AI's, 1 for the partner's.
    share
        From then on at least this share of the stages has one of the actions, in (0, 1]; so has the first of them.
    least
        How many stages must be left, from 1 on.

    Returns
    -------
    Array (B,): the smallest such number of stages, or T where there is none.

    Examples
    --------
    >>> game = sc.games.coordination(2)
    >>> met = sc.play(sc.Fixed(1), sc.Scripted([0] * 5, sc.Fixed(1)), game, (0, 0), horizon=40)
    >>> sc.plays.stages_until_settled(met, actions=[1])
    array([5])
    """
    horizon = complete("play", play).horizon
    counted = checks.integers("actions", actions, play.game.n_actions, "(M,)", 1)
    agent = checks.integer("agent", agent, 0, 1)
    share = checks.real("share", share, 0, 1, open_low=True)
    least = checks.integer("least", least, 1)
    chosen = np.isin(play.actions[:, agent], counted)
    left = np.arange(horizon, 0, -1)[:, None]
    kept = chosen & (chosen[::-1].cumsum(axis=0)[::-1] >= share * left - 1e-9) & (left >= least)
    return np.where(kept.any(axis=0), kept.argmax(axis=0), horizon) if horizon else np.zeros(play.episodes, np.intp)
