"""Equilibria of the stage game: extreme Nash, Pareto-optimal Nash, coarse correlated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games.game import ROUNDING, TOLERANCE, Game
from socialcoop.polytopes import best_reply_vertices, completely_labelled, too_large

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

MAX_EQUILIBRIA = 200_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Profile(checks.Frozen):
    """A pair of mixed strategies with what it pays.

    Attributes
    ----------
    strategies
        (σ₁, σ₂), each a read-only array (N,): the AI's and the partner's mixed action.
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

    def __post_init__(self) -> None:
        first, second = map(_frozen, self.strategies)
        object.__setattr__(self, "strategies", (first, second))

    def __repr__(self) -> str:
        first, second = (np.array2string(s, precision=3) for s in self.strategies)
        return f"Profile({first}, {second}, pays {self.payoffs[0]:.3f}, {self.payoffs[1]:.3f})"


def _frozen(strategy: Floats) -> Floats:
    """Return a strategy that nobody can change, copied only where somebody could."""
    frozen = np.asarray(strategy, dtype=np.float64)
    if frozen.flags.writeable:
        frozen = frozen.copy()
        frozen.flags.writeable = False
    return frozen


@checks.TINY_IS_ZERO
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
        If a best-response polytope has too many vertices to enumerate: random payoffs have with more than about
        15 actions, games with a simple structure or many ties with far more.

    Notes
    -----
    Completely labelled pairs of vertices of the two best-response polytopes (Mangasarian 1964; Avis,
    Rosenberg, Savani and von Stengel 2010), found by `socialcoop.polytopes`; degenerate games lose nothing. The
    work grows with the number of vertices, not with what that number could be.

    The unit and the zero of each agent's payoffs do not matter: they are brought to [0, 1] first, and then two
    actions are equally good if they pay the same within 1e-9. Where payoffs almost tie but not quite (by less
    than about 1e-4 of their range) some of the equilibria may be approximate ones.

    Examples
    --------
    >>> for profile in sc.nash_equilibria(sc.games.stag_hunt(), types=(0, 0)):
    ...     print(profile)
    Profile([1. 0.], [1. 0.], pays 1.000, 1.000)
    Profile([0. 1.], [0. 1.], pays 0.700, 0.700)
    Profile([0.7 0.3], [0.7 0.3], pays 0.700, 0.700)
    """
    return list(_enumerated(game, *checks.instance("game", game, Game).pair(types)))


@lru_cache(maxsize=4096)
def _enumerated(game: Game, ai_type: int, partner_type: int) -> tuple[Profile, ...]:
    """Return the extreme Nash equilibria; remembered, since populations ask for those of the same game all the time."""
    n, (ai, partner) = game.n_actions, game.stage((ai_type, partner_type))
    first, labels = best_reply_vertices(_normalised(partner))
    second, others = (first, labels) if ai_type == partner_type else best_reply_vertices(_normalised(ai))
    i, j = completely_labelled(labels, np.roll(others, n, axis=1))
    if len(i) > MAX_EQUILIBRIA:
        raise too_large(n)
    sizes = np.count_nonzero(first, axis=1)[i] + np.count_nonzero(second, axis=1)[j]
    first.flags.writeable = second.flags.writeable = False  # everybody gets the same
    pairs = [(first[i[k]], second[j[k]]) for k in np.lexsort((j, i, sizes))]
    return tuple(Profile((x, y), (float(x @ ai @ y), float(y @ partner @ x))) for x, y in pairs)


def _normalised(matrix: Floats) -> Floats:
    """Return the payoffs shifted and scaled to fill [0, 1], which changes no equilibrium."""
    low, high = matrix.min(), matrix.max()
    return (matrix - low) / (high - low) if high - low > ROUNDING * high else np.zeros_like(matrix)


@checks.TINY_IS_ZERO
def pareto_optimal_nash(game: Game, types: tuple[int, int]) -> list[Profile]:
    """Return the extreme Nash equilibria that no Nash equilibrium beats for both agents at once.

    Raises
    ------
    ValueError
        If there are too many equilibria to enumerate (see `nash_equilibria`).

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
    beaten = _beaten(payoffs, payoffs + _ties(game, types))
    return [profile for profile, out in zip(equilibria, beaten, strict=True) if not out]


def _ties(game: Game, types: tuple[int, int]) -> Floats:
    """Return by how much two payoffs of each agent may differ and be taken for the same, (2,)."""
    return game.ties[list(game.pair(types))]


def _beaten(points: Floats, others: Floats) -> NDArray[np.bool_]:
    """Return whether some point exceeds each of the others in both coordinates; (P, 2), (Q, 2) -> (Q,)."""
    points = points[np.argsort(points[:, 0])]
    best_from = np.append(np.maximum.accumulate(points[::-1, 1])[::-1], -np.inf)
    return best_from[np.searchsorted(points[:, 0], others[:, 0], side="right")] > others[:, 1]


@checks.TINY_IS_ZERO
def worst_pone(game: Game, types: tuple[int, int]) -> tuple[float, float]:
    """Return (V₁, V₂): the lowest payoff per stage of each agent over all PONE.

    The baseline of the paper's definition 3.4.

    Raises
    ------
    ValueError
        If there are too many equilibria to enumerate (see `nash_equilibria`).

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

    Its equilibria pay the same, and are far fewer.
    """
    return _reduced(game, *checks.instance("game", game, Game).pair(types))


@lru_cache(maxsize=4096)
def _reduced(game: Game, ai_type: int, partner_type: int) -> tuple[Game, tuple[int, int]]:
    """Return the game and types; remembered, so that the equilibria of the same reduced game are remembered too."""
    ai, partner = game.stage((ai_type, partner_type))
    _, kept = np.unique(np.hstack([ai, partner, ai.T, partner.T]), axis=0, return_index=True)
    if len(kept) == game.n_actions:
        return game, (ai_type, partner_type)
    kept.sort()
    return Game(np.stack([ai, partner])[:, kept][:, :, kept]), (0, 1)


@checks.TINY_IS_ZERO
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
        If there are too many equilibria to enumerate (see `nash_equilibria`).

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
    paid = checks.array("payoffs", payoffs, "(2, B)", 2).T
    if paid.shape[1] != 2:
        raise ValueError(f"payoffs must have shape (2, B), got shape {np.shape(payoffs)}")
    equilibria = nash_equilibria(*_without_clones(game, types))
    points = np.array([profile.payoffs for profile in equilibria])
    tie = _ties(game, types)
    allowed = paid + epsilon + tie
    reached = np.zeros(len(allowed), dtype=bool)
    for low, high in _rectangles(equilibria):
        best = np.minimum(high, allowed)
        reached |= (best >= low).all(axis=1) & ~_beaten(points, best + tie)
    return reached


def _rectangles(equilibria: list[Profile]) -> Floats:
    """Return the corners (lowest, highest) of the payoffs that Nash equilibria fill, (rectangles, 2, 2).

    In equilibrium what an agent gets depends on the other's strategy alone. So two strategies of one agent span a
    rectangle with all strategies of the other that are in equilibrium with both.
    """
    keys = [tuple(strategy.tobytes() for strategy in profile.strategies) for profile in equilibria]
    few = int(len({y for _, y in keys}) < len({x for x, _ in keys}))  # the agent with fewer strategies
    met: tuple[dict[bytes, set[bytes]], dict[bytes, set[bytes]]] = ({}, {})  # by strategy of few, and of the other
    gives: tuple[dict[bytes, float], dict[bytes, float]] = ({}, {})
    for pair, profile in zip(keys, equilibria, strict=True):
        for side, agent in enumerate((few, 1 - few)):
            met[side].setdefault(pair[agent], set()).add(pair[1 - agent])
            gives[side][pair[agent]] = profile.payoffs[1 - agent]
    corners = []
    for first, others in met[0].items():
        for second in {strategy for other in others for strategy in met[1][other]}:
            to_other = sorted((gives[0][first], gives[0][second]))
            to_few = [gives[1][other] for other in others & met[0][second]]
            low, high = (to_other[0], min(to_few)), (to_other[1], max(to_few))
            corners.append((low, high) if few else (low[::-1], high[::-1]))
    return np.unique(corners, axis=0)


@checks.TINY_IS_ZERO
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


@checks.TINY_IS_ZERO
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
    table = checks.joint("joint", joint, game.n_actions)
    first, second = ((gain * table).sum(axis=(1, 2)).max() for gain in _gains(*game.stage(types)))
    return float(first), float(second)


@checks.TINY_IS_ZERO
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
    corner lies beyond. Each has N² unknowns: a second in all with 10 actions, half a minute with 25.

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
    ranges = np.array([np.ptp(ai) or 1.0, np.ptp(partner) or 1.0])
    tie = TOLERANCE  # of each agent's range, which is the unit until the end

    def corner(direction: Floats) -> Floats:
        joint = coarse_correlated_equilibrium(game, types, direction / ranges)
        return np.array([(joint * ai).sum(), (joint * partner.T).sum()]) / ranges

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
        return np.array(bends) * ranges
    ordered = sorted(kept or corners[:1], key=tuple)
    return np.array([ordered[0], ordered[-1]] if len(kept) > 1 else ordered) * ranges


def _turn(before: Floats, here: Floats, after: Floats) -> float:
    """Return how far the way through three points turns left, as a distance from the straight line."""
    (dx, dy), (ex, ey) = here - before, after - before
    return float(dx * ey - dy * ex) / max(float(np.hypot(ex, ey)), TOLERANCE)
