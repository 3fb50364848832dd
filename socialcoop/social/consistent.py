"""Consistency: does a strategy keep its regret small, whoever it meets?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from socialcoop import checks
from socialcoop.engine import asked, branch, play
from socialcoop.games import Game
from socialcoop.plays import check_size
from socialcoop.regret import external_regret
from socialcoop.social.intervals import Interval, clopper_pearson
from socialcoop.strategies import FictitiousPlay, Fixed, Hedge, RegretMatching, Scripted, Seat, Strategy, TitForTat
from socialcoop.strategies.black_box import OnlyDrawsError
from socialcoop.strategies.protocol import Actions, Floats, Indices, pure

MAX_EXACT_HORIZON = 10_000
PRECISION = 1e-9  # of the own payoffs' range: regrets that differ by less are taken for the same


@dataclass(frozen=True, eq=False)
class Consistency(checks.Frozen):
    """How often a strategy's external regret exceeds epsilon × horizon.

    Attributes
    ----------
    failure
        Probability that the regret is too large, over the worst type. What it says depends on ``kind``.
    kind
        "exact": no partner can make it larger, and ``witness`` reaches it. "certificate": an upper
        bound against every partner, from theory. "estimate": the largest frequency found against a
        list of partners; a lower bound in kind, since an untried partner may do worse.
    interval
        What is known about the failure probability against the worst of *all* partners.
    witness
        The worst partner found, as a strategy to play against; None for a certificate.
    own_type
        The type at which the failure is largest.
    horizon, epsilon
        What was asked.

    Examples
    --------
    >>> pennies, mirror = sc.games.matching_pennies(), sc.TitForTat()
    >>> found = sc.consistency(mirror, pennies, horizon=8, epsilon=0.3)
    >>> found.kind, found.failure, found.is_consistent(delta=0.01)
    ('exact', 1.0, False)
    """

    failure: float
    kind: str
    interval: Interval
    witness: Strategy | None
    own_type: int
    horizon: int
    epsilon: float

    def is_consistent(self, delta: float) -> bool | None:
        """Return whether the strategy is (delta, epsilon, horizon)-consistent; None where it is not known."""
        if self.interval[1] <= delta:
            return True
        return False if self.interval[0] > delta else None


@checks.TINY_IS_ZERO
def consistency(
    strategy: Strategy,
    game: Game,
    horizon: int,
    epsilon: float,
    *,
    agent: int = 0,
    method: str = "auto",
    partners: Sequence[Strategy] | None = None,
    episodes: int = 2000,
    confidence: float = 0.99,
    max_nodes: int = 500_000,
    seed: int | np.random.Generator | None = None,
) -> Consistency:
    r"""Return the probability that ``strategy`` has external regret above epsilon × horizon.

    Parameters
    ----------
    strategy, game, horizon
        Who plays what, for how many stages.
    epsilon
        Regret allowed per stage, at least 0.
    agent
        The side that ``strategy`` takes: 0 the AI's, 1 the partner's.
    method
        "exact": the worst adaptive partner by backward induction over histories, those with the same
        future merged. "certificate": the bound that the strategy carries. "estimate": simulation
        against ``partners``. "auto": the first of the three that has something to say.
    partners, episodes, confidence, seed
        For an estimate: whom to try (by default `usual_partners`), how often each, the joint confidence of the
        interval over all partners and types (Clopper–Pearson, Bonferroni), and the randomness.
    max_nodes
        The exact computation gives up after about this many merged histories, or 10,000 stages.

    Returns
    -------
    Consistency

    Raises
    ------
    ValueError, TypeError
        On a bad argument, or with "exact" where ``max_nodes`` are not enough.

    Notes
    -----
    The paper's definition 3.1. A partner's best behaviour is deterministic, and against it the
    strategy's regret is a sum over stages, so the worst case over all adaptive partners is a dynamic
    program whose state is (the strategy's memory, what each fixed action would have earned beyond
    what was earned).

    Examples
    --------
    >>> found = sc.consistency(sc.Hedge(), sc.games.matching_pennies(), horizon=8, epsilon=0.3)
    >>> found.kind, round(found.failure, 4)
    ('exact', 0.2163)
    """
    checks.instance("strategy", strategy, Strategy)
    checks.instance("game", game, Game)
    horizon = checks.integer("horizon", horizon)
    epsilon = checks.real("epsilon", epsilon, 0, np.inf, open_high=True)
    agent = checks.integer("agent", agent, 0, 1)
    method = checks.choice("method", method, ("auto", "exact", "certificate", "estimate"))
    max_nodes = checks.integer("max_nodes", max_nodes, 1)
    episodes = checks.integer("episodes", episodes, 1)
    confidence = checks.real("confidence", confidence, 0, 1, open_low=True, open_high=True)
    rng = checks.generator(seed)
    partners = usual_partners(game) if partners is None else checks.listed("partners", partners, "strategies")
    for partner in partners:
        checks.instance("partners", partner, Strategy)
    if method in ("auto", "exact"):
        try:
            return _exact(strategy, game, horizon, epsilon, agent, max_nodes)
        except _TooManyNodesError as error:
            if method == "exact":
                raise ValueError(str(error)) from None
        except OnlyDrawsError:
            if method == "exact":
                raise
    if method in ("auto", "certificate"):
        bound = strategy.certificate(game, horizon, epsilon)
        if method == "certificate" or bound < 1:
            return Consistency(bound, "certificate", (0.0, bound), None, 0, horizon, epsilon)
    check_size(horizon, episodes)
    return _estimate(strategy, game, horizon, epsilon, agent, partners, episodes, confidence, rng)


def usual_partners(game: Game) -> list[Strategy]:
    """Return partners of many kinds to try a strategy against: constant, random, scripted, reacting, learning.

    Examples
    --------
    >>> [str(partner) for partner in sc.social.usual_partners(sc.games.chicken())][:3]
    ['Fixed(0)', 'Fixed(1)', 'Fixed([0.5, 0.5])']
    """
    n = checks.instance("game", game, Game).n_actions
    return [
        *(Fixed(action) for action in range(n)),
        Fixed(np.full(n, 1 / n)),
        Scripted(np.arange(n)),
        Scripted(np.repeat(np.arange(n), 10)),
        TitForTat(),
        FictitiousPlay(),
        Hedge(),
        RegretMatching(),
    ]


def _estimate(
    strategy: Strategy,
    game: Game,
    horizon: int,
    epsilon: float,
    agent: int,
    partners: Sequence[Strategy],
    episodes: int,
    confidence: float,
    rng: np.random.Generator,
) -> Consistency:
    worst, witness, worst_type = -1, partners[0], 0
    for own_type in range(game.n_types):
        for partner in partners:
            sides = (strategy, partner) if agent == 0 else (partner, strategy)
            types = np.full((episodes, 2), own_type)
            types[:, 1 - agent] = np.arange(episodes) % game.n_types
            regrets = external_regret(play(*sides, game, types, horizon, episodes, rng), agent)
            failures = int((regrets > epsilon * horizon + PRECISION * _unit(game, own_type)).sum())
            if failures > worst:
                worst, witness, worst_type = failures, partner, own_type
    each = 1 - (1 - confidence) / (len(partners) * game.n_types)
    interval = (clopper_pearson(worst, episodes, each)[0], 1.0)
    return Consistency(worst / episodes, "estimate", interval, witness, worst_type, horizon, epsilon)


class _TooManyNodesError(Exception):
    """The exact computation would need more nodes than allowed."""


@dataclass(frozen=True, eq=False)
class _Level:
    """All histories of one length, those with the same future merged into nodes."""

    policy: Floats  # (N, nodes)
    children: Indices  # (N, N, nodes): own action, other's action -> node of the next level


class WorstPartner(checks.Frozen, Strategy):
    """The partner that makes a given strategy's regret exceed a threshold as often as possible.

    It knows the strategy that it faces and that strategy's type, and it remembers the whole history.

    Examples
    --------
    >>> pennies, chooser = sc.games.matching_pennies(), sc.FictitiousPlay()
    >>> found = sc.consistency(chooser, pennies, horizon=6, epsilon=0.4)
    >>> met = sc.play(chooser, found.witness, pennies, (found.own_type, 0), horizon=6)
    >>> sc.external_regret(met)
    array([3.])
    """

    def __init__(self, replies: list[Indices], children: list[Indices]) -> None:
        self.replies, self.children = replies, children

    def __repr__(self) -> str:
        return f"WorstPartner({len(self.replies)} stages)"

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        if horizon != len(self.replies):
            raise ValueError(f"horizon must be {len(self.replies)}, for which this partner is the worst, got {horizon}")
        return _WorstPartnerSeat(game, self, len(types))


class _WorstPartnerSeat(Seat):
    per_episode: ClassVar[tuple[str, ...]] = ("node",)

    def __init__(self, game: Game, plan: WorstPartner, episodes: int) -> None:
        super().__init__(game, episodes)
        self.plan, self.stage = plan, 0
        self.node = np.zeros(episodes, dtype=np.intp)

    def policy(self) -> Floats:
        return pure(self.plan.replies[self.stage][self.node], self.game.n_actions)

    def observe(self, own: Actions, other: Actions) -> None:
        self.node = self.plan.children[self.stage][other, own, self.node]
        self.stage += 1


def _exact(strategy: Strategy, game: Game, horizon: int, epsilon: float, agent: int, max_nodes: int) -> Consistency:
    best: tuple[float, WorstPartner, int] | None = None
    for own_type in range(game.n_types):
        levels, excess = _grow(strategy, game, own_type, horizon, agent, max_nodes)
        values, replies = _worst_replies(levels, excess, np.array([epsilon * horizon]) / _unit(game, own_type))
        if best is None or values[0] > best[0]:
            plan = WorstPartner([reply[0] for reply in replies], [level.children for level in levels])
            best = float(values[0]), plan, own_type
    assert best is not None  # a game has at least one type
    failure, witness, own_type = best
    return Consistency(failure, "exact", (failure, failure), witness, own_type, horizon, epsilon)


@checks.TINY_IS_ZERO
def worst_failures(
    strategy: Strategy, game: Game, horizon: int, epsilons: ArrayLike, *, agent: int = 0, max_nodes: int = 500_000
) -> Floats:
    """Return the exact failure probability against the worst partner, for many values of epsilon at once.

    Parameters
    ----------
    strategy, game, horizon, agent, max_nodes
        As for `consistency`.
    epsilons
        Regrets allowed per stage, (M,), each at least 0.

    Returns
    -------
    Array (M,): for each epsilon the largest probability, over own types and adaptive partners, of an
    external regret above epsilon × horizon. Each epsilon has a worst partner of its own.

    Raises
    ------
    ValueError
        If ``max_nodes`` are not enough.

    Examples
    --------
    >>> pennies = sc.games.matching_pennies()
    >>> sc.social.worst_failures(sc.Hedge(), pennies, horizon=8, epsilons=[0.1, 0.3, 0.5]).round(4)
    array([0.8451, 0.2163, 0.0073])
    """
    checks.instance("strategy", strategy, Strategy)
    checks.instance("game", game, Game)
    horizon = checks.integer("horizon", horizon)
    agent = checks.integer("agent", agent, 0, 1)
    thresholds = checks.array("epsilons", epsilons, "(M,)", 1) * horizon
    if (thresholds < 0).any():
        raise ValueError(f"epsilons must be at least 0, got {np.min(epsilons):g}")
    try:
        grown = [
            _grow(strategy, game, k, horizon, agent, checks.integer("max_nodes", max_nodes, 1))
            for k in range(game.n_types)
        ]
    except _TooManyNodesError as error:
        raise ValueError(str(error)) from None
    failures = [
        _worst_replies(levels, excess, thresholds / _unit(game, own_type))[0]
        for own_type, (levels, excess) in enumerate(grown)
    ]
    return np.max(failures, axis=0)


def _unit(game: Game, own_type: int) -> float:
    """Return the range of the payoffs of a type, in which its regret is measured; 1 where all are the same."""
    return float(np.ptp(game.payoffs[own_type])) or 1.0


def _worst_replies(levels: list[_Level], excess: Floats, thresholds: Floats) -> tuple[Floats, list[Indices]]:
    """Return, for every threshold, the largest probability of exceeding it, (M,), and the replies that reach it.

    Backward induction: the partner moves knowing the history, but not the action it will meet. The
    replies are one array (M, nodes) for each level.
    """
    values = (excess.max(axis=0) > thresholds[:, None] + PRECISION).astype(float)
    replies = []
    for level in reversed(levels):
        against = np.einsum("an,mabn->mbn", level.policy, values[:, level.children])
        replies.append(against.argmax(axis=1))
        values = against.max(axis=1)
    return values[:, 0], replies[::-1]


def magnified(state: Floats) -> Floats:
    """Return the state with rows of small numbers, sums of tiny payoffs say, brought to 1; what is less is rounding."""
    largest = np.abs(state).max(axis=1, keepdims=True, initial=0)
    return state / np.where((largest > 1e-14) & (largest < 1), largest, 1)


def equal_columns(keys: Floats) -> tuple[Indices, Indices]:
    """Return where each different column (R, C) stands first, in their order, and which of them each column is, (C,).

    As `numpy.unique` does along the last axis, but several times as fast: it sorts by one row after the other.
    """
    order = np.lexsort(keys[::-1])
    differs = np.ones(len(order), dtype=bool)
    differs[1:] = (keys[:, order[1:]] != keys[:, order[:-1]]).any(axis=0)
    which = np.empty(len(order), dtype=np.intp)
    which[order] = np.cumsum(differs) - 1
    return order[differs], which


def _grow(
    strategy: Strategy, game: Game, own_type: int, horizon: int, agent: int, max_nodes: int
) -> tuple[list[_Level], Floats]:
    """Return the levels 0 … T-1 and, for the nodes of level T, the regret against each action, (N, nodes).

    Regret is measured in the range of the own payoffs, so that histories merge in the same way whatever their unit.
    """
    error = _TooManyNodesError(
        f"max_nodes must allow the histories of {strategy} over a horizon of {horizon} stages, got {max_nodes}"
    )
    if horizon > MAX_EXACT_HORIZON:
        raise error
    n = game.n_actions
    payoffs = game.payoffs[own_type] / _unit(game, own_type)
    seat = strategy.seat(game, agent, np.array([own_type]), horizon)
    gains = payoffs[:, None, :] - payoffs[None, :, :]  # fixed action, own action, other's action
    excess = np.zeros((n, 1))
    levels = []
    size = 0
    for _ in range(horizon):
        nodes = excess.shape[1]
        size += nodes * n * n * (n + len(seat.state()))
        if size > 16 * max_nodes:
            raise error
        mixed = np.array(asked(seat))
        step = gains if agent == 0 else gains.transpose(0, 2, 1)  # the order of branch: AI's action first
        grown = (excess[:, :, None] + step.reshape(n, 1, n * n)).reshape(n, -1)
        after = branch(seat, agent)
        keys = np.round(np.concatenate([grown, magnified(after.state())]), 9) + 0.0  # turns -0.0 into 0.0
        kept, node = equal_columns(keys)
        children = node.reshape(nodes, n, n).transpose(1, 2, 0)
        levels.append(_Level(mixed, children if agent == 0 else children.transpose(1, 0, 2)))
        seat, excess = after.take(kept), grown[:, kept]
    return levels, excess
