"""The engine: many episodes at once, and the exact distribution over all histories of a short one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies import Seat, Strategy

CHUNK = 4096  # episodes whose arrays fit the processor's cache together
MAX_STAGES = 2**33  # horizon × episodes: 16 GiB of history
MAX_HISTORIES = 2**24


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


def play(
    strategy1: Strategy,
    strategy2: Strategy,
    game: Game,
    types: ArrayLike,
    horizon: int,
    episodes: int = 1,
    seed: int | np.random.Generator | None = None,
) -> Play:
    """Play ``episodes`` independent episodes.

    Parameters
    ----------
    strategy1, strategy2
        The AI's and the partner's meta-strategy.
    game
        The stage game.
    types
        The joint type (AI's, partner's) of all episodes, or one row for each, shape (episodes, 2).
    horizon
        Number of stages T.
    episodes
        Number of episodes B.
    seed
        An int, a Generator, or None for fresh randomness. The same int gives the same play.

    Returns
    -------
    Play

    Raises
    ------
    ValueError, TypeError
        If an argument is of the wrong kind, shape or size, or a strategy does not fit the game.

    Examples
    --------
    >>> game = sc.games.team_lead()
    >>> episode = sc.play(sc.TitForTat(), sc.Fixed(1), game, types=(0, 1), horizon=4)
    >>> episode.payoffs(agent=1)[:, 0]
    array([0.2, 1. , 1. , 1. ])
    """
    strategies = (
        checks.instance("strategy1", strategy1, Strategy),
        checks.instance("strategy2", strategy2, Strategy),
    )
    checks.instance("game", game, Game)
    horizon = checks.integer("horizon", horizon)
    episodes = checks.integer("episodes", episodes)
    check_size(horizon, episodes)
    joint = _joint_types(game, types, episodes)
    actions = first_stages(strategies, game, joint, horizon, horizon, checks.generator(seed))
    return Play(actions, joint, game)


def first_stages(
    strategies: tuple[Strategy, Strategy],
    game: Game,
    joint: NDArray[np.intp],
    horizon: int,
    stages: int,
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    """Return the actions (stages, 2, B) of the first of ``horizon`` stages, for joint types (B, 2)."""
    actions = np.empty((stages, 2, len(joint)), dtype=np.uint8)
    for low in range(0, len(joint), CHUNK):
        chunk = slice(low, low + CHUNK)
        seats = [s.seat(game, role, joint[chunk, role], horizon) for role, s in enumerate(strategies)]
        _play_chunk(seats[0], seats[1], actions[:, :, chunk], rng)
    return actions


def check_size(horizon: int, episodes: int) -> None:
    """Refuse more play than memory can hold; what is empty still takes a row for each stage and episode."""
    if max(horizon, 1) * max(episodes, 1) > MAX_STAGES:
        raise ValueError(f"horizon × episodes must be at most {MAX_STAGES}, got {horizon} × {episodes}")


def _joint_types(game: Game, types: Any, episodes: int) -> NDArray[np.intp]:
    joint = checks.integers("types", types, game.n_types, "(2,) or (episodes, 2)", (1, 2))
    if joint.shape not in ((2,), (episodes, 2)):
        raise ValueError(f"types must be a pair or an array of shape ({episodes}, 2), got shape {joint.shape}")
    return np.array(np.broadcast_to(joint, (episodes, 2)))


def _play_chunk(first: Seat, second: Seat, actions: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Fill ``actions`` (T, 2, B) stage by stage."""
    n_actions, episodes = first.game.n_actions, actions.shape[2]
    uniforms = np.empty((2, episodes))
    sums, above = list(np.empty((n_actions - 1, episodes))), np.empty(episodes, dtype=bool)
    for stage in actions:
        rng.random(out=uniforms)
        _sample(first.odds(), uniforms[0], stage[0], sums, above)
        _sample(second.odds(), uniforms[1], stage[1], sums, above)
        first.observe(stage[0], stage[1])
        second.observe(stage[1], stage[0])


def _sample(
    odds: NDArray[np.float64],
    uniforms: NDArray[np.float64],
    out: NDArray[np.uint8],
    sums: list[NDArray[np.float64]],
    above: NDArray[np.bool_],
) -> None:
    """Write one action per episode by inverse CDF: how many of the first N - 1 partial sums lie below.

    ``sums`` and ``above`` are room to work in; ``uniforms`` is used up.
    """
    total = odds[0]
    for row, partial in zip(odds[1:], sums, strict=True):
        total = np.add(total, row, out=partial)
    np.multiply(uniforms, total, out=uniforms)
    np.greater_equal(uniforms, odds[0], out=out.view(bool))
    for partial in sums[:-1]:
        np.greater_equal(uniforms, partial, out=above)
        np.add(out, above.view(np.uint8), out=out)


def settles(play: Play, actions: ArrayLike, agent: int = 1, share: float = 0.9, least: int = 20) -> NDArray[np.intp]:
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
    >>> sc.settles(met, actions=[1])
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


def branch(seat: Seat, role: int) -> Seat:
    """Return the seat continued by every joint action: episode-major, then digit a·N + b."""
    n_actions = seat.game.n_actions
    digits = np.tile(np.arange(n_actions**2), seat.episodes)
    joint = digits // n_actions, digits % n_actions
    grown = seat.take(np.repeat(np.arange(seat.episodes), n_actions**2))
    grown.observe(joint[role], joint[1 - role])
    return grown


def history_distribution(
    strategy1: Strategy, strategy2: Strategy, game: Game, types: ArrayLike, horizon: int
) -> NDArray[np.float64]:
    """Return the exact probability of every history.

    Parameters
    ----------
    strategy1, strategy2, game, horizon
        As for `play`.
    types
        The joint type (AI's, partner's).

    Returns
    -------
    Array with T axes of N² entries each: axis t is the joint action of stage t, entry a·N + b for the
    AI's action a and the partner's b. It sums to 1.

    Raises
    ------
    ValueError
        If there are more than 2^24 histories, or more than 64 stages.

    Examples
    --------
    >>> coin, game = sc.Fixed([0.5, 0.5]), sc.games.chicken()
    >>> p = sc.history_distribution(coin, sc.TitForTat(), game, types=(0, 0), horizon=2)
    >>> p.shape, float(p[0, 2])  # joint actions (0, 0), then (1, 0)
    ((4, 4), 0.25)
    """
    checks.instance("game", game, Game)
    horizon = checks.integer("horizon", horizon)
    joint_actions = game.n_actions**2
    if horizon > 64 or joint_actions**horizon > MAX_HISTORIES:
        raise ValueError(
            f"horizon must keep the number of histories N^(2T) at {MAX_HISTORIES} or less and be at most 64, "
            f"got {joint_actions}^{horizon}"
        )
    pair = game.pair(types)
    seats = [
        checks.instance(f"strategy{role + 1}", strategy, Strategy).seat(game, role, np.array([pair[role]]), horizon)
        for role, strategy in enumerate((strategy1, strategy2))
    ]
    probability = np.ones(1)
    for stage in range(horizon):
        first, second = seats[0].policy(), seats[1].policy()
        probability = (probability * first[:, None] * second[None, :]).reshape(joint_actions, -1).T.ravel()
        if stage + 1 < horizon:
            seats = [branch(seat, role) for role, seat in enumerate(seats)]
    return probability.reshape((joint_actions,) * horizon)


def expected_payoffs(
    strategy1: Strategy, strategy2: Strategy, game: Game, types: ArrayLike, horizon: int
) -> tuple[float, float]:
    r"""Return both agents' exact expected total payoffs (M₁, M₂) over the horizon.

    The paper's :math:`M_i(\pi, \pi'; \theta, \theta')`, section 2. Arguments as for
    `history_distribution`.

    Raises
    ------
    ValueError
        If there are more than 2^24 histories, or more than 64 stages.

    Examples
    --------
    >>> coin, game = sc.Fixed([0.5, 0.5]), sc.games.team_lead()
    >>> first, second = sc.expected_payoffs(coin, sc.Fixed(1), game, (0, 1), horizon=10)
    >>> round(first, 6), round(second, 6)
    (4.0, 6.0)
    """
    distribution = history_distribution(strategy1, strategy2, game, types, horizon)
    ai, partner = game.stage(game.pair(types))
    stages = [distribution.sum(axis=tuple(set(range(horizon)) - {t})) for t in range(horizon)]
    per_joint_action = np.sum(stages, axis=0) if stages else np.zeros(game.n_actions**2)
    return float(per_joint_action @ ai.ravel()), float(per_joint_action @ partner.T.ravel())
