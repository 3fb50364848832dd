"""Plays: what happened in some episodes, and what can be read off it."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, eq=False)
class Play:
    """What was played in B episodes of T stages.

    Attributes
    ----------
    actions
        Array (T, 2, B) of uint8: stage, agent (0 the AI, 1 the partner), episode.
    types
        Array (B, 2): the agents' types in each episode.
    game
        The stage game.

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

    def __post_init__(self) -> None:
        checks.instance("game", self.game, Game)
        actions = np.asarray(self.actions)
        if actions.dtype != np.uint8 or actions.ndim != 3 or actions.shape[1] != 2:
            raise ValueError(f"actions must be uint8 of shape (T, 2, B), got {actions.dtype} of shape {actions.shape}")
        if actions.size and actions.max() >= self.game.n_actions:
            raise ValueError(f"actions must be at most {self.game.n_actions - 1}, got {actions.max()}")
        types = checks.integers("types", self.types, self.game.n_types, "(B, 2)", 2)
        if types.shape != (actions.shape[2], 2):
            raise ValueError(f"types must have shape ({actions.shape[2]}, 2), got shape {types.shape}")
        object.__setattr__(self, "actions", actions)
        object.__setattr__(self, "types", types)

    @property
    def horizon(self) -> int:
        """Number of stages T."""
        return int(self.actions.shape[0])

    @property
    def episodes(self) -> int:
        """Number of episodes B."""
        return int(self.actions.shape[2])

    def payoffs(self, agent: int) -> NDArray[np.float64]:
        """Return what ``agent`` earned at every stage of every episode, shape (T, B), each in [0, 1]."""
        agent = checks.integer("agent", agent, 0, 1)
        own, other = self.actions[:, agent], self.actions[:, 1 - agent]
        return self.game.payoffs[self.types[:, agent], own, other]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.episodes} episode(s) of {self.horizon} stage(s), {self.game.name!r})"


def stages_until_settled(
    play: Play, actions: ArrayLike, agent: int = 1, share: float = 0.9, least: int = 20
) -> NDArray[np.intp]:
    """Return after how many stages an agent keeps to some actions until the end, in every episode.

    Parameters
    ----------
    play
        Episodes of T stages.
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
    horizon = checks.instance("play", play, Play).horizon
    counted = checks.integers("actions", actions, play.game.n_actions, "(M,)", 1)
    agent = checks.integer("agent", agent, 0, 1)
    share = checks.real("share", share, 0, 1, open_low=True)
    least = checks.integer("least", least, 1)
    chosen = np.isin(play.actions[:, agent], counted)
    left = np.arange(horizon, 0, -1)[:, None]
    kept = chosen & (chosen[::-1].cumsum(axis=0)[::-1] >= share * left - 1e-9) & (left >= least)
    return np.where(kept.any(axis=0), kept.argmax(axis=0), horizon) if horizon else np.zeros(play.episodes, np.intp)
