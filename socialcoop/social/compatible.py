"""Compatibility: do two strategies, together, reach a Pareto-optimal equilibrium? And is a class intelligent?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.engine import Pair, Ways, asked, count_ways, follow, play, sit_down, ways
from socialcoop.equilibria import reaches_pone
from socialcoop.games import Game
from socialcoop.plays import Play, check_size
from socialcoop.social.consistent import Consistency, consistency
from socialcoop.social.intervals import clopper_pearson
from socialcoop.strategies import Strategy
from socialcoop.strategies.black_box import OnlyDrawsError

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

MAX_TREE = 2**16  # histories that are followed rather than sampled,
MAX_ENTRIES = 2**22  # times the horizon
FIRST = 2**9  # histories of a joint type that are followed before all others


@dataclass(frozen=True, eq=False)
class Compatibility(checks.Frozen):
    """How often two strategies miss every PONE by more than epsilon per stage.

    Attributes
    ----------
    failure
        Array (types, types): for each joint type (first's, second's) the probability that no PONE is
        within epsilon for both; exact where ``kinds`` says so, else the frequency.
    low, high
        Arrays (types, types): what is known about the probability; both equal to it where it is exact.
    kinds
        Array (types, types) of "exact" or "estimate".
    horizon, epsilon
        What was asked.

    Examples
    --------
    >>> hunt = sc.games.stag_hunt(safe=0.7)
    >>> pair = sc.compatibility(sc.Hedge(), sc.Hedge(), hunt, 1000, 0.1, episodes=200, seed=2)
    >>> pair.kinds, pair.low.round(2), pair.is_compatible(delta=0.01)
    (array([['estimate']], dtype='<U8'), array([[0.97]]), False)
    """

    failure: Floats
    low: Floats
    high: Floats
    kinds: NDArray[np.str_]
    horizon: int
    epsilon: float

    def is_compatible(self, delta: float) -> bool | None:
        """Return whether the pair is (delta, epsilon, horizon)-compatible; None where it is not known."""
        if self.high.max() <= delta:
            return True
        return False if self.low.max() > delta else None


@checks.TINY_IS_ZERO
def compatibility(
    strategy1: Strategy,
    strategy2: Strategy,
    game: Game,
    horizon: int,
    epsilon: float,
    *,
    episodes: int = 2000,
    confidence: float = 0.99,
    seed: int | np.random.Generator | None = None,
) -> Compatibility:
    """Return how often the pair misses every PONE by more than epsilon per stage, for each joint type.

    Parameters
    ----------
    strategy1, strategy2, game, horizon
        Who plays what, for how many stages; the first takes the AI's side. At least 1 stage.
    epsilon
        Shortfall allowed per stage and agent, at least 0. One PONE must serve both agents at once.
    episodes, confidence, seed
        For joint types at which more than a few thousand histories can come up: how many episodes, the joint
        confidence of the intervals over all joint types (Clopper–Pearson, Bonferroni), the randomness.

    Returns
    -------
    Compatibility

    Notes
    -----
    The paper's definition 3.2, with the PONE chosen after the episode.

    Examples
    --------
    >>> hunt = sc.games.stag_hunt(safe=0.7)
    >>> pair = sc.compatibility(sc.Fixed(0), sc.Fixed(0), hunt, horizon=1000, epsilon=0.1)
    >>> pair.failure, pair.kinds
    (array([[0.]]), array([['exact']], dtype='<U8'))
    """
    checks.instance("strategy1", strategy1, Strategy)
    checks.instance("strategy2", strategy2, Strategy)
    checks.instance("game", game, Game)
    horizon = checks.integer("horizon", horizon, 1)
    epsilon = checks.real("epsilon", epsilon, 0, np.inf, open_high=True)
    episodes = checks.integer("episodes", episodes, 1)
    confidence = checks.real("confidence", confidence, 0, 1, open_low=True, open_high=True)
    check_size(horizon, episodes)
    rng = checks.generator(seed)
    k = game.n_types
    each = 1 - (1 - confidence) / k**2
    failure, low, high = np.empty((3, k, k))
    kinds = np.full((k, k), "exact", dtype="<U8")
    try:
        exact = _exact(strategy1, strategy2, game, horizon, epsilon)
    except OnlyDrawsError:
        exact = np.full((k, k), np.nan)
    for types in np.ndindex(k, k):
        failure[types] = low[types] = high[types] = exact[types]
        if np.isnan(exact[types]):
            sample = play(strategy1, strategy2, game, types, horizon, episodes, rng)
            failures = int((~reaches_pone(game, types, _means(sample), epsilon)).sum())
            failure[types], kinds[types] = failures / episodes, "estimate"
            low[types], high[types] = clopper_pearson(failures, episodes, each)
    return Compatibility(failure, low, high, kinds, horizon, epsilon)


def _means(played: Play) -> Floats:
    """Return both agents' payoffs per stage, (2, B)."""
    return np.stack([played.payoffs(agent).mean(axis=0) for agent in (0, 1)])


def _exact(strategy1: Strategy, strategy2: Strategy, game: Game, horizon: int, epsilon: float) -> Floats:
    """Return the failure probability of each joint type, (types, types); NaN where too many histories can come up."""
    joint = np.array(list(np.ndindex(game.n_types, game.n_types)))
    seats = sit_down((strategy1, strategy2), game, joint, horizon)
    pair, probability, totals = np.arange(len(joint)), np.ones(len(joint)), np.zeros((2, len(joint)))
    limit = min(MAX_TREE, max(MAX_ENTRIES // horizon, 1))
    for stage in range(horizon):
        policies = asked(seats[0]), asked(seats[1])
        few = np.flatnonzero(_grown(pair, policies, len(joint)) <= limit)
        if len(few) < len(pair):
            seats = seats[0].take(few), seats[1].take(few)
            pair, probability, totals = pair[few], probability[few], totals[:, few]
            policies = policies[0][:, few], policies[1][:, few]
        found = ways(*policies)
        if stage + 1 < horizon:
            found = _without_the_many(seats, pair, found, len(joint), limit)
        pair, probability = pair[found.rows], probability[found.rows] * found.p * found.q
        first, second = joint[pair].T
        earned = game.payoffs[first, found.first, found.second], game.payoffs[second, found.second, found.first]
        totals = totals[:, found.rows] + earned
        if stage + 1 < horizon:
            seats = follow(seats, found)
    failure = np.full(len(joint), np.nan)
    for number in np.unique(pair):
        here = pair == number
        missed = ~reaches_pone(game, tuple(joint[number]), totals[:, here] / horizon, epsilon)
        failure[number] = min(probability[here][missed].sum(), 1)  # rounding
    return failure.reshape(game.n_types, game.n_types)


def _grown(pair: Indices, policies: tuple[Floats, Floats], pairs: int) -> NDArray[Any]:
    """Return for each history, (B,), how many histories of its joint type there are one stage later."""
    return np.bincount(pair, weights=count_ways(*policies), minlength=pairs)[pair]


def _without_the_many(seats: Pair, pair: Indices, found: Ways, pairs: int, limit: int) -> Ways:
    """Return the ways of those joint types of which the first few histories do not alone grow beyond the limit.

    A joint type that is given up at the next stage is so, as a rule, for far more histories than it takes. This spares
    the seats of all the others.
    """
    own = pair[found.rows]
    place = np.arange(len(own)) - np.searchsorted(own, np.arange(pairs))[own]  # among its own, which are in order
    if place.max(initial=0) < 2 * FIRST:
        return found
    begin = _some(found, place < FIRST)
    first, second = follow(seats, begin)
    many = np.zeros(pairs, dtype=bool)
    many[pair[begin.rows]] = _grown(pair[begin.rows], (asked(first), asked(second)), pairs) > limit
    return _some(found, ~many[own])


def _some(found: Ways, chosen: NDArray[np.bool_]) -> Ways:
    return Ways(found.rows[chosen], found.first[chosen], found.second[chosen], found.p[chosen], found.q[chosen])


@dataclass(frozen=True, eq=False)
class SocialIntelligence(checks.Frozen):
    """The certificate of a class: every member's consistency and every pair's compatibility.

    Attributes
    ----------
    members
        The strategies.
    consistency
        One for each member and side: ``consistency[member][agent]``.
    compatibility
        One for each ordered pair: ``compatibility[first][second]``, the first on the AI's side.
    horizon, epsilon
        What was asked.

    Examples
    --------
    >>> usual, reverse = sc.Convention(), sc.Convention(code=[[1], [0]])
    >>> team = sc.games.team_lead()
    >>> table = sc.social_intelligence([usual, reverse], team, 500, 0.15, episodes=200, max_nodes=100, seed=1)
    >>> table.consistency[1][0].is_consistent(0.01), table.compatibility[0][1].is_compatible(0.01)
    (True, False)
    """

    members: tuple[Strategy, ...]
    consistency: tuple[tuple[Consistency, Consistency], ...]
    compatibility: tuple[tuple[Compatibility, ...], ...]
    horizon: int
    epsilon: float

    @property
    def delta(self) -> float:
        """The smallest delta for which the class is certified (delta, epsilon, horizon)-socially intelligent."""
        consistent = max(side.interval[1] for both in self.consistency for side in both)
        return max(consistent, max(float(pair.high.max()) for row in self.compatibility for pair in row))

    def is_socially_intelligent(self, delta: float) -> bool | None:
        """Return whether the class is (delta, epsilon, horizon)-socially intelligent; None where it is not known."""
        verdicts = [side.is_consistent(delta) for both in self.consistency for side in both]
        verdicts += [pair.is_compatible(delta) for row in self.compatibility for pair in row]
        if False in verdicts:
            return False
        return None if None in verdicts else True


def social_intelligence(
    members: Sequence[Strategy],
    game: Game,
    horizon: int,
    epsilon: float,
    *,
    episodes: int = 2000,
    confidence: float = 0.99,
    max_nodes: int = 20_000,
    seed: int | np.random.Generator | None = None,
) -> SocialIntelligence:
    """Return the certificate of a class of strategies: each one's consistency, each pair's compatibility.

    Parameters
    ----------
    members
        One or more strategies; each also meets itself, and takes either side.
    game, horizon, epsilon
        As for `consistency` and `compatibility`.
    episodes, max_nodes, seed
        Passed on to both.
    confidence
        Joint confidence of all intervals in the certificate.

    Notes
    -----
    The paper's definition 3.3, with its numbers.

    Examples
    --------
    >>> members, team = [sc.Convention("welfare"), sc.Convention("egalitarian")], sc.games.team_lead()
    >>> table = sc.social_intelligence(members, team, horizon=500, epsilon=0.15, max_nodes=100)
    >>> table.is_socially_intelligent(delta=0.01)
    True
    """
    members = [checks.instance("members", each, Strategy) for each in checks.listed("members", members, "strategies")]
    horizon = checks.integer("horizon", horizon, 1)
    epsilon = checks.real("epsilon", epsilon, 0, np.inf, open_high=True)
    check_size(horizon, checks.integer("episodes", episodes, 1))
    rng = checks.generator(seed)
    confidence = checks.real("confidence", confidence, 0, 1, open_low=True, open_high=True)
    entries = 2 * len(members) + len(members) ** 2  # Bonferroni: the confidence is joint over all of them
    how: dict[str, Any] = {"episodes": episodes, "confidence": 1 - (1 - confidence) / entries, "seed": rng}

    def alone(member: Strategy, agent: int) -> Consistency:
        return consistency(member, game, horizon, epsilon, agent=agent, max_nodes=max_nodes, **how)

    consistent = tuple((alone(member, 0), alone(member, 1)) for member in members)
    compatible = tuple(
        tuple(compatibility(first, second, game, horizon, epsilon, **how) for second in members) for first in members
    )
    return SocialIntelligence(tuple(members), consistent, compatible, horizon, epsilon)
