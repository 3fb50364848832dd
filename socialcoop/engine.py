"""The engine: many episodes at once, and the exact distribution over all histories of a short one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.plays import Play, check_size
from socialcoop.strategies import Seat, Strategy
from socialcoop.strategies.guards import same_again, whose
from socialcoop.strategies.protocol import Actions, Floats, Indices

__all__ = ["expected_payoffs", "history_distribution", "play"]

CHUNK = 4096  # episodes whose arrays fit the processor's cache together
MAX_HISTORIES = 2**24

Pair = tuple[Seat, Seat]


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


@checks.TINY_IS_ZERO
def first_stages(
    strategies: tuple[Strategy, Strategy],
    game: Game,
    joint: Indices,
    horizon: int,
    stages: int,
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    """Return the actions (stages, 2, B) of the first of ``horizon`` stages, for joint types (B, 2)."""
    actions = np.empty((stages, 2, len(joint)), dtype=np.uint8)
    for low in range(0, len(joint), CHUNK):
        chunk = slice(low, low + CHUNK)
        _play_chunk(*sit_down(strategies, game, joint[chunk], horizon), actions[:, :, chunk], rng)
    return actions


def _joint_types(game: Game, types: Any, episodes: int) -> Indices:
    joint = checks.integers("types", types, game.n_types, "(2,) or (episodes, 2)", (1, 2))
    if joint.shape not in ((2,), (episodes, 2)):
        raise ValueError(f"types must be a pair or an array of shape ({episodes}, 2), got shape {joint.shape}")
    return np.array(np.broadcast_to(joint, (episodes, 2)))


def _play_chunk(first: Seat, second: Seat, actions: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Fill ``actions`` (T, 2, B) stage by stage."""
    uniforms, sampler = np.empty(actions.shape[1:]), _Sampler(first.game.n_actions, actions.shape[2])
    for stage in actions:
        rng.random(out=uniforms)
        first.draw(rng)
        second.draw(rng)
        sampler.first[...] = first.odds()
        sampler.second[...] = second.odds()
        sampler.draw(uniforms, stage)
        own, other = stage.astype(np.intp)  # the one dtype that every seat sees, in which nothing wraps
        first.observe(own, other)
        second.observe(other, own)


class _Sampler:
    """Draws both sides' actions of a stage at once, from the odds (N, B) put in ``first`` and ``second``.

    By inverse CDF: an action is the number of those of the first N - 1 partial sums that lie below its uniform.
    """

    def __init__(self, n_actions: int, episodes: int) -> None:
        sums = np.empty((n_actions, 2, episodes))  # room that every stage uses again
        self.first, self.second = sums[:, 0], sums[:, 1]
        self.rows = list(sums)
        self.partial, self.total = sums[:-1], sums[-1]
        self.above = np.empty(self.partial.shape, dtype=bool)

    def draw(self, uniforms: Floats, out: NDArray[np.uint8]) -> None:
        """Write the actions (2, B); the odds and ``uniforms`` (2, B) are used up."""
        for before, row in pairwise(self.rows):
            np.add(before, row, out=row)
        np.multiply(uniforms, self.total, out=uniforms)
        np.greater_equal(uniforms, self.partial, out=self.above)
        np.add.reduce(self.above.view(np.uint8), axis=0, out=out)


@dataclass(frozen=True, eq=False)
class Ways:
    """All that can happen in one stage, after each of B histories.

    Attributes
    ----------
    rows
        Which history goes on so, (M,), in order.
    first, second
        The actions of the AI and of the partner, (M,).
    p, q
        How likely each of them is after this history, (M,), positive.
    """

    rows: Indices
    first: Indices
    second: Indices
    p: Floats
    q: Floats


def asked(seat: Seat) -> Floats:
    """Return its policy (N, B) for an exact computation, in which a seat that draws its own chance has no place."""
    answer = seat.policy()
    foreign = seat.foreign()
    if foreign:
        again = seat.take(np.arange(seat.episodes)).policy()
        same_again(f"the policy of {whose(foreign[0])}", np.array(answer), again)
    return answer


def count_ways(own: Floats, other: Floats) -> Indices:
    """Return in how many ways each history can go on by one stage, (B,), after the policies of both sides (N, B)."""
    return np.count_nonzero(own, axis=0) * np.count_nonzero(other, axis=0)


def ways(own: Floats, other: Floats) -> Ways:
    """Return all ways in which the histories can go on by one stage, after the policies of both sides (N, B)."""
    rows, a, b = np.nonzero((own.T[:, :, None] > 0) & (other.T[:, None, :] > 0))
    return Ways(rows, a, b, own[a, rows], other[b, rows])


def follow(seats: Pair, stage: Ways) -> Pair:
    """Return the seats of the histories that are one stage longer."""
    return continued(seats[0], stage.rows, stage.first, stage.second), continued(
        seats[1], stage.rows, stage.second, stage.first
    )


def continued(seat: Seat, rows: Indices, own: Actions, other: Actions) -> Seat:
    """Return the seat of a selection of its histories, each continued by one stage."""
    grown = seat.take(rows)
    grown.observe(own, other)
    return grown


def branch(seat: Seat, agent: int) -> Seat:
    """Return the seat continued by every joint action, likely or not: episode-major, then digit a·N + b."""
    n_actions = seat.game.n_actions
    joint = np.divmod(np.tile(np.arange(n_actions**2), seat.episodes), n_actions)
    return continued(seat, np.repeat(np.arange(seat.episodes), n_actions**2), joint[agent], joint[1 - agent])


def sit_down(strategies: tuple[Strategy, Strategy], game: Game, joint: Indices, horizon: int) -> Pair:
    """Return both seats for joint types (B, 2)."""
    first, second = (s.seat(game, agent, joint[:, agent], horizon) for agent, s in enumerate(strategies))
    return first, second


def _histories(
    strategy1: Strategy, strategy2: Strategy, game: Game, types: ArrayLike, horizon: int
) -> Iterator[tuple[Floats, Ways]]:
    """Yield, stage after stage, what can happen, and how likely all is that has happened then."""
    strategies = checks.instance("strategy1", strategy1, Strategy), checks.instance("strategy2", strategy2, Strategy)
    seats = sit_down(strategies, game, np.array([game.pair(types)]), horizon)
    probability = np.ones(1)
    for stage in range(horizon):
        policies = asked(seats[0]), asked(seats[1])
        if count_ways(*policies).sum() > MAX_HISTORIES:
            raise ValueError(f"horizon must keep the histories that can come up at {MAX_HISTORIES}, got {horizon}")
        found = ways(*policies)
        probability = probability[found.rows] * found.p * found.q
        yield probability, found
        if stage + 1 < horizon:
            seats = follow(seats, found)


@checks.TINY_IS_ZERO
def history_distribution(
    strategy1: Strategy, strategy2: Strategy, game: Game, types: ArrayLike, horizon: int
) -> Floats:
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
    probability, place = np.ones(1), np.zeros(1, dtype=np.intp)
    for reached, found in _histories(strategy1, strategy2, game, types, horizon):
        probability = reached
        place = place[found.rows] * joint_actions + found.first * game.n_actions + found.second
    distribution = np.zeros(joint_actions**horizon)
    distribution[place] = probability
    return distribution.reshape((joint_actions,) * horizon)


@checks.TINY_IS_ZERO
def expected_payoffs(
    strategy1: Strategy, strategy2: Strategy, game: Game, types: ArrayLike, horizon: int
) -> tuple[float, float]:
    r"""Return both agents' exact expected total payoffs (M₁, M₂) over the horizon.

    The paper's :math:`M_i(\pi, \pi'; \theta, \theta')`, section 2. Arguments as for
    `history_distribution`.

    Raises
    ------
    ValueError
        If more than 2^24 histories can come up.

    Examples
    --------
    >>> coin, game = sc.Fixed([0.5, 0.5]), sc.games.team_lead()
    >>> first, second = sc.expected_payoffs(coin, sc.Fixed(1), game, (0, 1), horizon=10)
    >>> round(first, 6), round(second, 6)
    (4.0, 6.0)
    """
    checks.instance("game", game, Game)
    payoffs, totals = game.stage(game.pair(types)), np.zeros(2)
    for probability, found in _histories(strategy1, strategy2, game, types, checks.integer("horizon", horizon)):
        totals[0] += probability @ payoffs[0][found.first, found.second]
        totals[1] += probability @ payoffs[1][found.second, found.first]
    return float(totals[0]), float(totals[1])
