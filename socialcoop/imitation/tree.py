"""How far imitation is from the population, exactly: over all histories, and over all datasets at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.social import SocialLearningProblem
from socialcoop.strategies import Seat, Strategy
from socialcoop.strategies.protocol import Floats

MAX_EPISODES = 2**62
MAX_ENTRIES = 2**23  # paths × stages held at once

Indices = NDArray[np.intp]


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
    def opponent(self) -> Floats:
        """Probability of the type and of all that is not the imitator's choice, (M,)."""
        return self.weights * self.q.prod(axis=0)

    @property
    def probability(self) -> Floats:
        """Probability of the path under the population, (M,)."""
        return self.opponent * self.p.prod(axis=0)

    def distance(self, chosen: Floats) -> Floats:
        """Return the total variation when the own actions have the probability ``chosen`` (…, M) instead."""
        return (self.opponent * np.maximum(self.p.prod(axis=0) - chosen, 0)).sum(axis=-1)


class _Walker(Protocol):
    """Walks along many histories at once."""

    def policies(self) -> tuple[Floats, Floats]:
        """Return the own and the other's mixed action after every history, (N, B) each."""

    def step(self, rows: Indices, own: Indices, other: Indices) -> Self:
        """Return the walker of a selection of the histories, each continued by one stage."""


def _expand(walker: _Walker, types: Indices, weights: Floats, phase: int) -> _Paths:
    """Return the paths that have positive probability."""
    parents, own, other, p, q = [], [], [], [], []
    for left in range(phase, 0, -1):
        mine, theirs = walker.policies()
        n_actions, histories = mine.shape
        ways = (mine > 0).sum(axis=0) * (1 if left == 1 else (theirs > 0).sum(axis=0))
        if ways.sum() * max(phase, n_actions) > MAX_ENTRIES:
            raise ValueError(
                f"phase must keep reachable paths × stages (or actions) at {MAX_ENTRIES} or less, got {phase} with "
                f"{ways.sum()} paths of {phase - left + 1} stage(s) already"
            )
        if left == 1:
            rows, a = np.nonzero(mine.T)
        else:
            rows, a, b = np.nonzero((mine.T[:, :, None] > 0) & (theirs.T[:, None, :] > 0))
            other.append(b)
            q.append(theirs[b, rows])
            walker = walker.step(rows, a, b)
        parents.append(rows)
        own.append(a)
        p.append(mine[a, rows])
    shape = (phase, len(parents[-1]))
    grown = _Paths(
        types, weights, np.empty(shape, np.intp), np.empty(shape), np.empty(shape, np.intp)[1:], np.empty(shape)[1:],
        n_actions, histories,
    )  # fmt: skip
    here = np.arange(shape[1])  # of each path, among the histories of a stage
    for stage in range(phase - 1, -1, -1):
        grown.own[stage], grown.p[stage] = own[stage][here], p[stage][here]
        if stage < phase - 1:
            grown.other[stage], grown.q[stage] = other[stage][here], q[stage][here]
        here = parents[stage][here]
    return replace(grown, types=types[here], weights=weights[here])


class _TableWalker:
    """Reads two behaviour strategies from tables."""

    def __init__(self, p: list[Floats], q: list[Floats], types: Indices, history: Indices) -> None:
        self.p, self.q, self.types, self.history = p, q, types, history

    def policies(self) -> tuple[Floats, Floats]:
        return self.p[0][self.types, self.history].T, self.q[0][self.types, self.history].T

    def step(self, rows: Indices, own: Indices, other: Indices) -> _TableWalker:
        n_actions = self.p[0].shape[2]
        history = self.history[rows] * n_actions**2 + own * n_actions + other
        return _TableWalker(self.p[1:], self.q[1:], self.types[rows], history)


class _ProblemWalker:
    """Lets the population play itself; ``belief`` is how likely each type of the other is, (types, B)."""

    def __init__(self, own: Seat, others: list[Seat], belief: Floats) -> None:
        self.own, self.others, self.belief = own, others, belief

    def policies(self) -> tuple[Floats, Floats]:
        theirs = sum(share * seat.policy() for share, seat in zip(self.belief, self.others, strict=True))
        return self.own.policy(), np.asarray(theirs)

    def step(self, rows: Indices, own: Indices, other: Indices) -> _ProblemWalker:
        mine, others = self.own.take(rows), [seat.take(rows) for seat in self.others]
        belief = self.belief[:, rows] * np.stack([seat.policy()[other, np.arange(len(rows))] for seat in others])
        mine.observe(own, other)
        for seat in others:
            seat.observe(other, own)
        return _ProblemWalker(mine, others, belief / belief.sum(axis=0))


class HistoryTree:
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
    >>> tree = sc.HistoryTree(sc.SocialLearningProblem(talk, people, None, 200), phase=8)
    >>> tree.reachable, round(tree.marginal_tv(1000), 4)
    (128, 0.0003)
    """

    def __init__(self, problem: SocialLearningProblem, phase: int) -> None:
        self.problem = checks.instance("problem", problem, SocialLearningProblem)
        self.phase = checks.integer("phase", phase, 1, problem.horizon)
        game, horizon = problem.game, problem.horizon
        weights = problem.type_distribution.sum(axis=1)
        types = np.flatnonzero(weights)
        belief = (problem.type_distribution[types] / weights[types, None]).T
        everybody = np.ones_like(types)
        walker = _ProblemWalker(
            problem.population.seat(game, 0, types, horizon),
            [problem.population.seat(game, 1, each * everybody, horizon) for each in range(game.n_types)],
            belief,
        )
        self._paths = _expand(walker, types, weights[types], self.phase)

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
        chosen, everybody = np.ones(len(paths.types)), np.arange(len(paths.types))
        for stage, own in enumerate(paths.own):
            chosen *= seat.policy()[own, everybody]
            if stage + 1 < self.phase:
                seat.observe(own, paths.other[stage])
        return float(paths.distance(chosen))

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


def _copied(paths: _Paths, counts: NDArray[np.int64]) -> Floats:
    """Return the probability (D, M) of the own actions of each path when copied from counts (D, M) of paths."""
    chosen = np.ones(counts.shape)
    begins = np.r_[True, paths.types[1:] != paths.types[:-1]]  # where a new history begins among the sorted paths
    for stage, own in enumerate(paths.own):
        splits = begins | np.r_[True, own[1:] != own[:-1]]
        seen, acted = (_total(counts, where) for where in (begins, splits))
        chosen *= np.where(seen > 0, acted / np.maximum(seen, 1), 1 / paths.n_actions)
        if stage < len(paths.other):
            begins = splits | np.r_[True, paths.other[stage][1:] != paths.other[stage][:-1]]
    return chosen


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
    >>> answers = sc.behaviour_tables(sc.TitForTat(), game, role=0, phase=2)
    >>> calls = sc.behaviour_tables(coin, game, role=1, phase=2)
    >>> [round(sc.marginal_tv(answers, calls, K), 6) for K in (1, 2, 10)]
    [0.25, 0.125, 0.000488]
    """
    return _marginal_tv(_table_paths(p, q, type_weights), checks.integer("episodes", episodes, 0, MAX_EPISODES))


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
    >>> answers = sc.behaviour_tables(sc.TitForTat(), game, role=0, phase=2)
    >>> calls = sc.behaviour_tables(coin, game, role=1, phase=2)
    >>> [round(sc.missing_mass(answers, calls, K), 6) for K in (1, 2, 10)]
    [0.5, 0.25, 0.000977]
    """
    return _missing_mass(_table_paths(p, q, type_weights), checks.integer("episodes", episodes, 0, MAX_EPISODES))


def _table_paths(p: Sequence[ArrayLike], q: Sequence[ArrayLike], type_weights: ArrayLike | None) -> _Paths:
    tables = []
    for name, given in (("p", p), ("q", q)):
        if not isinstance(given, Sequence) or isinstance(given, str) or not given:
            raise TypeError(f"{name} must be a list with one array for each of one or more stages, got {given!r}")
        tables.append([checks.distribution(f"{name}[{t}]", x, "(types, N^(2t), N)", 3) for t, x in enumerate(given)])
    if len(p) != len(q):
        raise ValueError(f"q must have as many stages as p, {len(p)}, got {len(q)}")
    n_types, _, n_actions = tables[0][0].shape
    for name, given in zip("pq", tables, strict=True):
        for stage, table in enumerate(given):
            if table.shape != (n_types, n_actions ** (2 * stage), n_actions):
                shape = (n_types, n_actions ** (2 * stage), n_actions)
                raise ValueError(f"{name}[{stage}] must have shape {shape}, got {table.shape}")
    uniform = np.full(n_types, 1 / n_types)
    weights = checks.distribution("type_weights", uniform if type_weights is None else type_weights, "(types,)", 1)
    if len(weights) != n_types:
        raise ValueError(f"type_weights must hold one number for each of the {n_types} types, got {len(weights)}")
    types = np.flatnonzero(weights)
    return _expand(_TableWalker(*tables, types, np.zeros_like(types)), types, weights[types], len(p))


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
    return float(min(max(paths.distance(chosen), 0.0), 1.0))


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


def _missing_mass(paths: _Paths, episodes: int) -> float:
    history = paths.opponent * paths.p[:-1].prod(axis=0)
    return float((paths.p[-1] * history * _power(history, episodes)).sum())
