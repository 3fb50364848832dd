"""Equilibria of the stage game: extreme Nash, Pareto-optimal Nash, coarse correlated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games import Game

__all__ = [
    "Profile",
    "coarse_correlated_equilibrium",
    "coarse_correlated_gain",
    "coarse_correlated_payoffs",
    "nash_equilibria",
    "pareto_optimal_nash",
    "reaches_pone",
    "worst_pone",
]

TOLERANCE = 1e-9  # of the payoff range, for ties between payoffs and for probabilities of zero
MAX_BASES = 200_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Profile:
    """A pair of mixed strategies with what it pays.

    Attributes
    ----------
    strategies
        (σ₁, σ₂), each an array (N,): the AI's and the partner's mixed action.
    payoffs
        (u₁, u₂): expected payoffs per stage.

    Examples
    --------
    >>> profile = sc.nash_equilibria(sc.games.stag_hunt(), types=(0, 0))[0]
    >>> profile.strategies[0], profile.payoffs
    (array([1., 0.]), (1.0, 1.0))
    """

    strategies: tuple[Floats, Floats]
    payoffs: tuple[float, float]

    def __repr__(self) -> str:
        first, second = (np.array2string(s, precision=3) for s in self.strategies)
        return f"Profile({first}, {second}, pays {self.payoffs[0]:.3f}, {self.payoffs[1]:.3f})"


def nash_equilibria(game: Game, types: tuple[int, int]) -> list[Profile]:
    """Return the extreme Nash equilibria of the stage game.

    Every Nash equilibrium is a convex combination of extreme ones that share a maximal Nash subset.

    Parameters
    ----------
    game
        The stage game.
    types
        The joint type (AI's, partner's).

    Returns
    -------
    List of profiles without repetition, in lexicographic order of the strategies, pure ones first.

    Raises
    ------
    ValueError
        If the game is too large to enumerate (more than 10 actions).

    Notes
    -----
    Completely labelled pairs of vertices of the two best-response polytopes (Mangasarian 1964; Avis,
    Rosenberg, Savani and von Stengel 2010). All bases are tried, so degenerate games lose nothing.
    Payoffs count as tied within 1e-9 of their range: games whose ties are closer than about 1e-4 but
    not exact may show approximate equilibria.

    Examples
    --------
    >>> for profile in sc.nash_equilibria(sc.games.stag_hunt(), types=(0, 0)):
    ...     print(profile)
    Profile([1. 0.], [1. 0.], pays 1.000, 1.000)
    Profile([0. 1.], [0. 1.], pays 0.700, 0.700)
    Profile([0.7 0.3], [0.7 0.3], pays 0.700, 0.700)
    """
    checks.instance("game", game, Game).stage(types)  # refuses bad types
    return list(_enumerated(game, int(types[0]), int(types[1])))


@lru_cache(maxsize=4096)
def _enumerated(game: Game, ai_type: int, partner_type: int) -> tuple[Profile, ...]:
    """Return the extreme Nash equilibria; remembered, since populations ask for those of the same game all the time."""
    types = ai_type, partner_type
    ai, partner = (_normalised(matrix) for matrix in game.stage(types))
    first = _best_reply_vertices(partner)
    second = _best_reply_vertices(ai)
    first_zero, partner_best = first == 0, _best_replies(partner, first)
    second_zero, ai_best = second == 0, _best_replies(ai, second)
    unlabelled = (~first_zero).astype(int) @ (~ai_best).T + (~partner_best).astype(int) @ (~second_zero).T
    first.flags.writeable = second.flags.writeable = False  # everybody gets the same
    pairs = [(first[i], second[j]) for i, j in np.argwhere(unlabelled == 0)]
    pairs.sort(key=lambda pair: (np.count_nonzero(pair), tuple(-pair[0]), tuple(-pair[1])))
    return tuple(_profile(game, types, x, y) for x, y in pairs)


def _normalised(matrix: Floats) -> Floats:
    """Return the payoffs shifted and scaled to fill [0, 1], which changes no equilibrium."""
    low, high = matrix.min(), matrix.max()
    return (matrix - low) / (high - low) if high > low else np.zeros_like(matrix)


def _best_replies(matrix: Floats, mixed: Floats) -> NDArray[np.bool_]:
    """Return which own actions of ``matrix`` are best replies to each row of ``mixed``, shape (rows, N)."""
    payoffs = mixed @ matrix.T
    return payoffs >= payoffs.max(axis=1, keepdims=True) - TOLERANCE


def _best_reply_vertices(matrix: Floats) -> Floats:
    """Return the vertices of {(x, v): x a mixed action, matrix @ x <= v}, as an array (vertices, N) of x.

    A vertex has N tight inequalities among x >= 0 and matrix @ x <= v whose normals, with that of
    sum(x) = 1, are independent.
    """
    n = len(matrix)
    if comb(2 * n, n) > MAX_BASES:
        raise ValueError(f"game must have at most 10 actions for its equilibria to be enumerated, got {n}")
    rows = np.block([[np.eye(n), np.zeros((n, 1))], [matrix, -np.ones((n, 1))]])
    bases = np.array([basis for basis in combinations(range(2 * n), n) if basis[-1] >= n])
    systems = np.concatenate([rows[bases], np.broadcast_to(np.r_[np.ones(n), 0.0], (len(bases), 1, n + 1))], axis=1)
    scale = np.linalg.norm(systems, axis=2).prod(axis=1)
    systems = systems[np.abs(np.linalg.det(systems)) > 1e-13 * scale]
    points = np.linalg.solve(systems, np.r_[np.zeros(n), 1.0][:, None])[..., 0]
    feasible = (points[:, :n] >= -TOLERANCE).all(axis=1)
    feasible &= (points[:, :n] @ matrix.T <= points[:, n:] + TOLERANCE).all(axis=1)
    vertices = points[feasible, :n]
    vertices[vertices <= TOLERANCE] = 0  # rounding, or the sign of it
    vertices /= vertices.sum(axis=1, keepdims=True)
    tight = np.hstack([vertices == 0, _best_replies(matrix, vertices)])
    _, kept = np.unique(tight, axis=0, return_index=True)  # a vertex is determined by its tight inequalities
    return vertices[np.sort(kept)]


def _profile(game: Game, types: tuple[int, int], x: Floats, y: Floats) -> Profile:
    ai, partner = game.stage(types)
    return Profile((x, y), (float(x @ ai @ y), float(y @ partner @ x)))


def pareto_optimal_nash(game: Game, types: tuple[int, int]) -> list[Profile]:
    """Return the extreme Nash equilibria that no Nash equilibrium beats for both agents at once.

    Raises
    ------
    ValueError
        If the game is too large to enumerate (more than 10 actions).

    Notes
    -----
    The paper's PONE, section 3: *strong* domination, so an equilibrium that is better for one agent
    and equal for the other does not dominate. Filtering the extreme equilibria is enough: within a
    maximal Nash subset X × Y the AI's payoff depends only on y and the partner's only on x, so both
    reach their largest value at one extreme equilibrium. The result shows the lowest and the highest
    PONE payoff of each agent; further PONE may lie on an edge between two extreme equilibria of which
    one is beaten.

    Examples
    --------
    >>> len(sc.nash_equilibria(sc.games.stag_hunt(), (0, 0)))
    3
    >>> sc.pareto_optimal_nash(sc.games.stag_hunt(), (0, 0))
    [Profile([1. 0.], [1. 0.], pays 1.000, 1.000)]
    """
    equilibria = nash_equilibria(game, types)
    payoffs = np.array([profile.payoffs for profile in equilibria])
    tie = TOLERANCE * np.array([np.ptp(matrix) for matrix in game.stage(types)])
    beaten = (payoffs[None] > payoffs[:, None] + tie).all(axis=2).any(axis=1)
    return [profile for profile, out in zip(equilibria, beaten, strict=True) if not out]


def worst_pone(game: Game, types: tuple[int, int]) -> tuple[float, float]:
    """Return (V₁, V₂): the lowest payoff per stage of each agent over all PONE.

    The baseline of the paper's definition 3.4.

    Raises
    ------
    ValueError
        If the game is too large to enumerate (more than 10 actions).

    Examples
    --------
    >>> sc.worst_pone(sc.games.battle_of_the_sexes(second_best=0.5), types=(0, 1))
    (0.5, 0.5)
    """
    payoffs = np.array([profile.payoffs for profile in pareto_optimal_nash(*_without_clones(game, types))])
    first, second = payoffs.min(axis=0)
    return float(first), float(second)


def _without_clones(game: Game, types: tuple[int, int]) -> tuple[Game, tuple[int, int]]:
    """Return the game without actions that pay both agents, on both sides, what an earlier one pays.

    Its equilibria pay the same; there are far fewer bases to try.
    """
    checks.instance("game", game, Game).stage(types)  # refuses bad types
    return _reduced(game, int(types[0]), int(types[1]))


@lru_cache(maxsize=4096)
def _reduced(game: Game, ai_type: int, partner_type: int) -> tuple[Game, tuple[int, int]]:
    """Return the game and types; remembered, so that the equilibria of the same reduced game are remembered too."""
    ai, partner = game.stage((ai_type, partner_type))
    _, kept = np.unique(np.hstack([ai, partner, ai.T, partner.T]), axis=0, return_index=True)
    if len(kept) == game.n_actions:
        return game, (ai_type, partner_type)
    kept.sort()
    return Game(np.stack([ai, partner])[:, kept][:, :, kept]), (0, 1)


def reaches_pone(game: Game, types: tuple[int, int], payoffs: ArrayLike, epsilon: float) -> NDArray[np.bool_]:
    """Return whether some PONE, the same for both agents, pays neither agent more than epsilon beyond its payoff.

    Parameters
    ----------
    game, types
        As for `nash_equilibria`.
    payoffs
        Payoffs per stage, (2, B): the AI's and the partner's.
    epsilon
        Shortfall allowed per stage, at least 0.

    Returns
    -------
    Array (B,).

    Raises
    ------
    ValueError
        If the game is too large to enumerate (more than 10 actions).

    Notes
    -----
    The event of the paper's definition 3.2. All Nash equilibria count, not only the extreme ones: where
    four extreme equilibria share two strategies of each agent they span a maximal Nash subset, whose
    payoffs fill a rectangle. The largest point of it that is allowed is a PONE if any allowed point is.

    Examples
    --------
    >>> payoffs = [[1.0, 0.75], [0.5, 0.75]]  # of the AI, of the partner; two episodes
    >>> sc.equilibria.reaches_pone(sc.games.battle_of_the_sexes(), (0, 1), payoffs, epsilon=0.1)
    array([ True, False])
    """
    epsilon = checks.real("epsilon", epsilon, 0, np.inf, open_high=True)
    allowed = checks.array("payoffs", payoffs, "(2, B)", 2) + epsilon + TOLERANCE
    if len(allowed) != 2:
        raise ValueError(f"payoffs must have shape (2, B), got shape {np.shape(payoffs)}")
    equilibria = nash_equilibria(*_without_clones(game, types))
    points = np.array([profile.payoffs for profile in equilibria])
    reached = np.zeros(allowed.shape[1], dtype=bool)
    for low, high in _rectangles(equilibria, points):
        best = np.minimum(high[:, None], allowed)
        beaten = (points[:, :, None] > best + TOLERANCE).all(axis=1).any(axis=0)
        reached |= (best >= low[:, None]).all(axis=0) & ~beaten
    return reached


def _rectangles(equilibria: list[Profile], points: Floats) -> Floats:
    """Return the corners (lowest, highest) of the payoffs that Nash equilibria fill, (rectangles, 2, 2)."""
    keys = [tuple(tuple(strategy.round(7)) for strategy in profile.strategies) for profile in equilibria]
    known = set(keys)
    pairs = {
        (tuple(np.minimum(p, q)), tuple(np.maximum(p, q)))
        for (x, y), p in zip(keys, points, strict=True)
        for (u, v), q in zip(keys, points, strict=True)
        if (x, v) in known and (u, y) in known
    }
    return np.array(sorted(pairs))


def coarse_correlated_equilibrium(
    game: Game, types: tuple[int, int], weights: ArrayLike = (1, 1), sense: str = "max"
) -> Floats:
    """Return a coarse correlated equilibrium that maximises or minimises a weighted sum of the payoffs.

    Parameters
    ----------
    game, types
        As for `nash_equilibria`.
    weights
        (w₁, w₂): what a payoff of the AI and of the partner is worth.
    sense
        "max" or "min".

    Returns
    -------
    Array (N, N): the joint distribution z[a, b] of the AI's and the partner's action.

    Notes
    -----
    A distribution under which neither agent gains by a fixed action chosen in advance (Moulin and
    Vial 1978). A linear program, solved by HiGHS.

    Examples
    --------
    >>> sc.coarse_correlated_equilibrium(sc.games.chicken(), (0, 0)).round(2)
    array([[0.33, 0.33],
           [0.33, 0.  ]])
    """
    checks.instance("game", game, Game)
    sign = -1 if checks.choice("sense", sense, ("max", "min")) == "max" else 1
    pair = checks.array("weights", weights, "(2,)", 1)
    if len(pair) != 2:
        raise ValueError(f"weights must be a pair of numbers, got {weights!r}")
    ai, partner = game.stage(types)
    from scipy.optimize import linprog  # here, since scipy would double the package's import time

    n = game.n_actions
    # the solver's tolerances are absolute, so payoffs of any size are brought to one
    gains = np.concatenate([_to_one(gain) for gain in _gains(ai, partner)]).reshape(2 * n, n * n)
    value = _to_one(pair[0] * ai + pair[1] * partner.T).ravel()
    solution = linprog(sign * value, A_ub=gains, b_ub=np.zeros(2 * n), A_eq=np.ones((1, n * n)), b_eq=[1.0])
    if not solution.success:
        raise RuntimeError(f"the linear program found no coarse correlated equilibrium: {solution.message}")
    joint = np.maximum(solution.x, 0).reshape(n, n)
    return joint / joint.sum()


def _to_one(numbers: Floats) -> Floats:
    """Return the numbers scaled to a largest size of 1."""
    largest = np.abs(numbers).max()
    return numbers / largest if largest > 0 else numbers


def _gains(ai: Floats, partner: Floats) -> tuple[Floats, Floats]:
    """Return what each agent gains by each fixed action beyond each joint action, (N, N, N) each: action, a, b."""
    return ai[:, None, :] - ai[None], partner[:, :, None] - partner.T[None]


def coarse_correlated_gain(joint: ArrayLike, game: Game, types: tuple[int, int]) -> tuple[float, float]:
    """Return what each agent would gain per stage by the best fixed action instead of its part in a joint distribution.

    Parameters
    ----------
    joint
        Probabilities z[a, b] of the AI's action a and the partner's action b, (N, N).
    game, types
        As for `nash_equilibria`.

    Returns
    -------
    The AI's and the partner's gain. The distribution is a coarse correlated equilibrium exactly if neither is
    positive; they are negative where it beats every fixed action. If the joint distribution is the frequency of
    play in an episode, they are the external regrets per stage.

    Examples
    --------
    >>> z = [[0.5, 0], [0, 0.5]]  # together, by a coin that both look at
    >>> sc.equilibria.coarse_correlated_gain(z, sc.games.coordination(2), (0, 0))
    (-0.5, -0.5)
    """
    checks.instance("game", game, Game)
    table = checks.array("joint", joint, "(N, N)", 2)
    if table.shape != (game.n_actions,) * 2:
        raise ValueError(f"joint must have shape {(game.n_actions,) * 2} for {game}, got shape {table.shape}")
    checks.distribution("joint", table.ravel(), "(N, N)", 1)
    first, second = ((gain * table).sum(axis=(1, 2)).max() for gain in _gains(*game.stage(types)))
    return float(first), float(second)


def coarse_correlated_payoffs(game: Game, types: tuple[int, int]) -> Floats:
    """Return the corners of the payoffs that coarse correlated equilibria give, counter-clockwise.

    Parameters
    ----------
    game, types
        As for `nash_equilibria`.

    Returns
    -------
    Array (corners, 2) of the AI's and the partner's payoff; one corner if all pay the same, two on a segment.

    Notes
    -----
    The projection of a polytope to the plane, exact: a linear program beyond every edge found so far, until no
    corner lies beyond.

    Examples
    --------
    >>> sc.equilibria.coarse_correlated_payoffs(sc.games.inefficient_cce(), (0, 0)).round(3)
    array([[0.067, 0.067],
           [0.133, 0.067],
           [1.   , 1.   ],
           [0.067, 0.133]])
    """
    checks.instance("game", game, Game)
    ai, partner = game.stage(types)
    tie = TOLERANCE * max(np.ptp(ai), np.ptp(partner), TOLERANCE)

    def corner(direction: Floats) -> Floats:
        joint = coarse_correlated_equilibrium(game, types, direction)
        return np.array([(joint * ai).sum(), (joint * partner.T).sum()])

    def beyond(first: Floats, second: Floats) -> list[Floats]:
        """Return the corners strictly between two, walking counter-clockwise."""
        along = second - first
        length = np.hypot(*along)
        if length <= tie:
            return []
        outward = np.array([along[1], -along[0]]) / length
        middle = corner(outward)
        if outward @ (middle - first) <= 10 * tie:
            return []
        return [*beyond(first, middle), middle, *beyond(middle, second)]

    starts = [corner(np.array(direction)) for direction in ((-1.0, 0.0), (0.0, -1.0), (1.0, 0.0), (0.0, 1.0))]
    corners = [
        point
        for index, start in enumerate(starts)
        for point in (start, *beyond(start, starts[(index + 1) % len(starts)]))
    ]
    kept = [corner for index, corner in enumerate(corners) if np.hypot(*(corner - corners[index - 1])) > 10 * tie]
    # the four starts may lie inside an edge
    turns = [_turn(kept[i - 1], kept[i], kept[(i + 1) % len(kept)]) for i in range(len(kept))]
    bends = [corner for corner, turn in zip(kept, turns, strict=True) if turn > tie]
    if len(bends) > 2:
        return np.array(bends)
    ordered = sorted(kept or corners[:1], key=tuple)
    return np.array([ordered[0], ordered[-1]] if len(kept) > 1 else ordered)


def _turn(before: Floats, here: Floats, after: Floats) -> float:
    """Return how far the way through three points turns left, as a distance from the straight line."""
    (dx, dy), (ex, ey) = here - before, after - before
    return float(dx * ey - dy * ex) / max(float(np.hypot(ex, ey)), TOLERANCE)
