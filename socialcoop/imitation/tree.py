"""How far imitation is from the population, exactly: over all histories, and over all datasets at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.engine import Pair, Ways, asked, continued, count_ways, follow, sit_down, ways
from socialcoop.games import Game
from socialcoop.social import SocialLearningProblem
from socialcoop.social.population import MixedSeat
from socialcoop.strategies import Seat, Strategy
from socialcoop.strategies.protocol import Floats, Indices
from socialcoop.strategies.rules import TabularSeat, behaviour

MAX_EPISODES = 2**62
MAX_ENTRIES = 2**23  # paths × stages held at once


@dataclass(frozen=True, eq=False)
class _Paths:
    """All (type, history of T̃ - 1 stages, last action) that two behaviour strategies reach, in lexical order.

    Attributes
    ----------
    types, weights
        The own type and its probability, (M,).
    own, p
        The own actions and their probabilities, (T̃, M).
    other, q
        The other's actions and their probabilities, (T̃ - 1, M).
    n_actions
        Number of actions N.
    histories
        How many different (type, history of T̃ - 1 stages) there are.
    """

    types: Indices
    weights: Floats
    own: Indices
    p: Floats
    other: Indices
    q: Floats
    n_actions: int
    histories: int

    @property
    @checks.TINY_IS_ZERO
    def opponent(self) -> Floats:
        """Probability of the type and of all that is not the imitator's choice, (M,)."""
        return self.weights * self.q.prod(axis=0)

    @property
    @checks.TINY_IS_ZERO
    def probability(self) -> Floats:
        """Probability of the path under the population, (M,)."""
        return self.opponent * self.p.prod(axis=0)

    @checks.TINY_IS_ZERO
    def distance(self, chosen: Floats) -> Floats:
        """Return the total variation when the own actions have the probability ``chosen`` (…, M) instead."""
        return (self.opponent * np.maximum(self.p.prod(axis=0) - chosen, 0)).sum(axis=-1)


@checks.TINY_IS_ZERO
def _expand(seats: Pair, types: Indices, weights: Floats, phase: int) -> _Paths:
    """Return the paths that have positive probability, from beginnings of these types and weights."""
    stages: list[Ways] = []
    for stage in range(1, phase):
        policies = asked(seats[0]), asked(seats[1])
        _check_size(count_ways(*policies), stage, phase, len(policies[0]))
        stages.append(ways(*policies))
        seats = follow(seats, stages[-1])
    policy = asked(seats[0])  # the other's last action does not matter
    _check_size(np.count_nonzero(policy, axis=0), phase, phase, len(policy))
    last, action = np.nonzero(policy.T)
    here, before = last, []  # of each path, among the histories of a stage
    for ended in reversed(stages):
        before.append((ended.first[here], ended.p[here], ended.second[here], ended.q[here]))
        here = ended.rows[here]
    own, p, other, q = (
        np.array([found[which] for found in reversed(before)]).reshape(phase - 1, len(last)) for which in range(4)
    )
    return _Paths(
        types[here],
        weights[here],
        np.vstack([own, action]).astype(np.intp),
        np.vstack([p, policy[action, last]]),
        other.astype(np.intp),
        q,
        len(policy),
        policy.shape[1],
    )


def _check_size(counts: Indices, stage: int, phase: int, n_actions: int) -> None:
    """Refuse a tree that would grow too large, before it does."""
    if counts.sum() * max(phase, n_actions) > MAX_ENTRIES:
        raise ValueError(
            f"phase must keep reachable paths × stages (or actions) at {MAX_ENTRIES} or less, got {phase} with "
            f"{counts.sum()} paths of {stage} stage(s) already"
        )


@checks.TINY_IS_ZERO
def _chances(seat: Seat, own: Indices, other: Indices) -> Floats:
    """Return how likely a seat for each path does what is done there, (M,); ``own`` may be a stage longer."""
    chosen, everybody = np.ones(seat.episodes), np.arange(seat.episodes)
    for stage, actions in enumerate(own):
        chosen *= asked(seat)[actions, everybody]
        if stage + 1 < len(own):
            seat.observe(actions, other[stage])
    return chosen


class HistoryTree(checks.Frozen):
    """Every way in which the members of a population play their first stages together, with its probability.

    Parameters
    ----------
    problem
        The population, the game, the types and the horizon that its members have in mind.
    phase
        Number of stages T̃, from 1 to the horizon; the tree may have at most 2^23 paths × stages.

    Raises
    ------
    ValueError
        If more paths × stages can come up than it may hold.

    Notes
    -----
    The own side is the AI's. The other's type is hidden, so its behaviour is averaged over its types, given the
    own type and the history; that is again one behaviour strategy, by Kuhn's theorem.

    Examples
    --------
    >>> people, talk = sc.Population([sc.Codebook(challenges=2)]), sc.games.conversation(4)
    >>> tree = sc.HistoryTree(sc.SocialLearningProblem(talk, people, 200), phase=8)
    >>> tree.reachable, round(tree.marginal_tv(1000), 4)
    (128, 0.0003)
    """

    def __init__(self, problem: SocialLearningProblem, phase: int) -> None:
        self.problem = checks.instance("problem", problem, SocialLearningProblem)
        self.phase = checks.integer("phase", phase, 1, problem.horizon)
        game, horizon = problem.game, problem.horizon
        weights = problem.types.sum(axis=1)
        types = np.flatnonzero(weights)
        belief = (problem.types[types] / weights[types, None]).T
        own = problem.people.seat(game, 0, types, horizon)
        others = [problem.people.seat(game, 1, np.full_like(types, kind), horizon) for kind in range(game.n_types)]
        self._paths = _expand((own, MixedSeat(game, others, belief)), types, weights[types], self.phase)

    def __repr__(self) -> str:
        return f"HistoryTree({self.problem.game.name!r}, phase={self.phase}, {self.reachable} histories)"

    @property
    def reachable(self) -> int:
        """Number R of pairs of an own type and a history of T̃ - 1 stages that can come up."""
        return self._paths.histories

    def tv(self, strategy: Strategy) -> float:
        """Return the total variation between histories of T̃ stages with a member and with ``strategy`` in its place.

        Exact; over the own type and the history. With an `Imitator` it is the distance of the model that was
        trained on that one dataset.
        """
        checks.instance("strategy", strategy, Strategy)
        paths = self._paths
        seat = strategy.seat(self.problem.game, 0, paths.types, self.problem.horizon)
        return float(paths.distance(_chances(seat, paths.own, paths.other)))

    def marginal_tv(self, episodes: int) -> float:
        """Return `marginal_tv` of the population's behaviour."""
        return _marginal_tv(self._paths, checks.integer("episodes", episodes, 0, MAX_EPISODES))

    def missing_mass(self, episodes: int) -> float:
        """Return `missing_mass` of the population's behaviour."""
        return _missing_mass(self._paths, checks.integer("episodes", episodes, 0, MAX_EPISODES))

    def sample_tv(
        self, episodes: int, datasets: int, seed: int | np.random.Generator | None = None
    ) -> NDArray[np.float64]:
        """Return `tv` of imitators trained on independent datasets.

        Parameters
        ----------
        episodes
            Size K of each dataset.
        datasets
            How many datasets, D.
        seed
            An int, a Generator, or None for fresh randomness.

        Returns
        -------
        Array (D,): each exact for its dataset. Only the counts of the paths are drawn, so K costs nothing.
        """
        episodes = checks.integer("episodes", episodes, 0, MAX_EPISODES)
        datasets = checks.integer("datasets", datasets, 0, 2**27)
        rng = checks.generator(seed)
        probability = self._paths.probability
        chunk = max(1, MAX_ENTRIES // len(probability))
        found = [np.empty(0)]
        for low in range(0, datasets, chunk):
            size = min(chunk, datasets - low)
            counts = rng.multinomial(episodes, probability / probability.sum(), size)
            found.append(self._paths.distance(_copied(self._paths, counts)))
        return np.concatenate(found)


@checks.TINY_IS_ZERO
def _copied(paths: _Paths, counts: NDArray[np.int64]) -> Floats:
    """Return the probability (D, M) of the own actions of each path when copied from counts (D, M) of paths."""
    chosen = np.ones(counts.shape)
    for begins, splits in _runs(paths):
        seen, acted = (_total(counts, where) for where in (begins, splits))
        chosen *= np.where(seen > 0, acted / np.maximum(seen, 1), 1 / paths.n_actions)
    return chosen


def _runs(paths: _Paths) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Yield, stage after stage, where among the sorted paths a new history begins, and where it does or acts anew."""
    begins = np.r_[True, paths.types[1:] != paths.types[:-1]]
    for stage, own in enumerate(paths.own):
        splits = begins | np.r_[True, own[1:] != own[:-1]]
        yield begins, splits
        if stage < len(paths.other):
            begins = splits | np.r_[True, paths.other[stage][1:] != paths.other[stage][:-1]]


def _total(counts: NDArray[np.int64], begins: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return for every path the sum of the counts over its group; groups are runs of columns."""
    return np.add.reduceat(counts, np.flatnonzero(begins), axis=1)[:, np.cumsum(begins) - 1]


def marginal_tv(
    p: Sequence[ArrayLike], q: Sequence[ArrayLike], episodes: int, type_weights: ArrayLike | None = None
) -> float:
    r"""Return the exact total variation between histories with a member and with an imitator, over fresh datasets.

    Parameters
    ----------
    p, q
        Behaviour strategies of the AI's and of the partner's side: for each stage t < T̃ an array
        (types, N^(2t), N), by the AI's own type; the history index is in base N², digit a·N + b, the first stage
        most significant. `behaviour_tables` makes them.
    episodes
        Size K of the dataset.
    type_weights
        Probabilities of the AI's own type, (types,); by default all alike.

    Returns
    -------
    The distance :math:`\lVert p_{\tilde T} - \hat p_{\tilde T} \rVert_{TV}` of lemma 3.6, in [0, 1], where the
    imitator draws a fresh dataset for every episode. Its cost does not depend on K.

    Notes
    -----
    An imitator with n > 0 records of the present history secretly follows one of them. If a record of what comes
    next has probability r = pq, the number n' of records that go on with it is Bern(q) + Bin(n - 1, r). So the
    generating function φ of n, restricted to histories followed so far, becomes
    p · (1 - q x) / (1 - r x) · (φ(1 - r x) - φ(0)) at 1 - x, and what is at n = 0 goes on uniformly. Only the
    values at 0, at 1 and at products of later r are needed: T̃² numbers for each reachable path.

    Examples
    --------
    >>> game, coin = sc.games.coordination(2), sc.Fixed([0.5, 0.5])
    >>> answers = sc.imitation.behaviour_tables(sc.TitForTat(), game, agent=0, phase=2)
    >>> calls = sc.imitation.behaviour_tables(coin, game, agent=1, phase=2)
    >>> [round(sc.marginal_tv(answers, calls, K), 6) for K in (1, 2, 10)]
    [0.25, 0.125, 0.000488]
    """
    return _marginal_tv(_table_paths(p, q, type_weights), checks.integer("episodes", episodes, 0, MAX_EPISODES))


def sampling_spread(
    p: Sequence[ArrayLike], q: Sequence[ArrayLike], episodes: int, type_weights: ArrayLike | None = None
) -> float:
    """Return by how much frequencies in one dataset may stray from the probabilities, summed over all histories.

    The second part of `socialcoop.bounds.one_assistant`. Arguments as for `missing_mass`.
    """
    paths, size = _table_paths(p, q, type_weights), checks.integer("episodes", episodes, 0, MAX_EPISODES)
    return float(sum(np.sqrt(likely * (choices - 1) / (2 * (size + 1))).sum() for likely, choices in _histories(paths)))


def _histories(paths: _Paths) -> Iterator[tuple[Floats, Indices]]:
    """Yield, stage after stage, how likely each (type, history) is, and how many own actions may follow it."""
    probability = paths.probability
    for begins, splits in _runs(paths):
        starts = np.flatnonzero(begins)
        yield np.add.reduceat(probability, starts), np.add.reduceat(splits.astype(np.intp), starts)


def missing_mass(
    p: Sequence[ArrayLike], q: Sequence[ArrayLike], episodes: int, type_weights: ArrayLike | None = None
) -> float:
    r"""Return the probability that the next episode's first T̃ - 1 stages are not in a dataset of K.

    It is at least `marginal_tv`, and at most R/(eK) for R reachable histories. Arguments as there.

    Notes
    -----
    :math:`\sum_{\theta, h} p(\theta, h) (1 - p(\theta, h))^K` over histories h of T̃ - 1 stages.

    Examples
    --------
    >>> game, coin = sc.games.coordination(2), sc.Fixed([0.5, 0.5])
    >>> answers = sc.imitation.behaviour_tables(sc.TitForTat(), game, agent=0, phase=2)
    >>> calls = sc.imitation.behaviour_tables(coin, game, agent=1, phase=2)
    >>> [round(sc.missing_mass(answers, calls, K), 6) for K in (1, 2, 10)]
    [0.5, 0.25, 0.000977]
    """
    return _missing_mass(_table_paths(p, q, type_weights), checks.integer("episodes", episodes, 0, MAX_EPISODES))


def _table_paths(p: Sequence[ArrayLike], q: Sequence[ArrayLike], type_weights: ArrayLike | None) -> _Paths:
    """Return the paths of two tables, which both go by the AI's own type."""
    tables = [
        behaviour(name, checks.listed(name, given, "arrays, one for each stage"))
        for name, given in (("p", p), ("q", q))
    ]
    first, second = ([table.shape for table in given] for given in tables)
    if first != second:
        raise ValueError(f"q must have the shapes of p, {first}, got {second}")
    n_types, _, n_actions = first[0]
    uniform = np.full(n_types, 1 / n_types)
    weights = checks.distribution("type_weights", uniform if type_weights is None else type_weights, "(types,)", 1)
    if len(weights) != n_types:
        raise ValueError(f"type_weights must hold one number for each of the {n_types} types, got {len(weights)}")
    types = np.flatnonzero(weights)
    game = Game(np.zeros((n_types, n_actions, n_actions)))
    seats = TabularSeat(game, 0, types, tables[0]), TabularSeat(game, 1, types, tables[1])
    return _expand(seats, types, weights[types], len(p))


@checks.TINY_IS_ZERO
def _marginal_tv(paths: _Paths, episodes: int) -> float:
    """Walk along all paths at once; ``phi[k]`` is the generating function at 1 - r[j]···r[k-1], ``whole`` at 1."""
    steps, count = len(paths.p), len(paths.weights)
    r = paths.p[:-1] * paths.q
    phi = _power(np.stack([paths.weights * r[:k].prod(axis=0) for k in range(steps)]), episodes)
    whole, lost = np.ones(count), np.zeros(count)
    for j in range(steps - 1):
        lost += phi[0] * paths.n_actions ** float(j - steps)
        x = np.concatenate([np.ones((1, count)), np.cumprod(r[j + 1 :], axis=0)])
        whole = paths.p[j] * (whole - phi[0])
        phi = paths.p[j] * _ratio(paths.q[j], r[j], x) * (phi[1:] - phi[0])
    chosen = paths.p[-1] * (whole - phi[0]) + (lost + phi[0] / paths.n_actions)
    return min(max(float(paths.distance(chosen)), 0.0), 1.0)


@checks.TINY_IS_ZERO
def _power(x: Floats, exponent: int) -> Floats:
    """Return (1 - x) ** exponent, exact for tiny x and huge exponents; 0 ** 0 is 1."""
    if exponent == 0:
        return np.ones_like(x)
    with np.errstate(divide="ignore"):
        return np.exp(exponent * np.log1p(-np.minimum(x, 1)))


def _ratio(q: Floats, r: Floats, x: Floats) -> Floats:
    """Return (1 - q x) / (1 - r x), which is 1 where r x = 1, since then p = q = 1."""
    certain = r * x >= 1
    return np.where(certain, 1.0, (1 - q * x) / np.where(certain, 1.0, 1 - r * x))


@checks.TINY_IS_ZERO
def _missing_mass(paths: _Paths, episodes: int) -> float:
    history = paths.opponent * paths.p[:-1].prod(axis=0)
    return float((paths.p[-1] * history * _power(history, episodes)).sum())


@checks.TINY_IS_ZERO
def meeting_tv(problem: SocialLearningProblem, partner: Strategy, phase: int) -> float:
    r"""Return the total variation between meeting a member of the population and meeting somebody else.

    Parameters
    ----------
    problem
        The population and its types; a member of it sits on the AI's side both times.
    partner
        Who else sits on the partner's side.
    phase
        Number of stages T̃, from 1 to the horizon; at most 2^23 paths × stages can be reached.

    Returns
    -------
    The distance, in [0, 1], of the distributions over both types and the first T̃ stages.

    Notes
    -----
    Exact: :math:`\sum_{\theta, h} \mu(\theta)\, p(h)\, \max(q(h) - q'(h), 0)` over the histories that members reach,
    where p is what the AI's side contributes, q what a member and q' what the other partner does.

    Examples
    --------
    >>> game, people = sc.games.coordination(2), sc.Population([sc.Fixed(0)])
    >>> problem = sc.SocialLearningProblem(game, people, horizon=5)
    >>> round(sc.imitation.meeting_tv(problem, sc.strategies.Trembling(sc.Fixed(0), 0.2), phase=2), 6)
    0.19
    """
    checks.instance("problem", problem, SocialLearningProblem)
    checks.instance("partner", partner, Strategy)
    phase = checks.integer("phase", phase, 1, problem.horizon)
    joint = np.argwhere(problem.types)
    game, horizon = problem.game, problem.horizon
    seats = sit_down((problem.people, problem.people), game, joint, horizon)
    other = partner.seat(game, 1, joint[:, 1], horizon)
    met = problem.types[tuple(joint.T)]  # probability of each path with a member, and with the other
    instead = met.copy()
    for stage in range(phase):
        policies = asked(seats[0]), asked(seats[1])
        _check_size(count_ways(*policies), stage + 1, phase, 1)
        found = ways(*policies)
        theirs = asked(other)[found.second, found.rows]
        met = met[found.rows] * found.p * found.q
        instead = instead[found.rows] * found.p * theirs
        if stage + 1 < phase:
            seats, other = follow(seats, found), continued(other, found.rows, found.second, found.first)
    return float(min(np.maximum(met - instead, 0).sum(), 1.0))
