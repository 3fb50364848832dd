"""Commit: what to repeat once imitation has shown whom one faces."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.imitation import Imitator
from socialcoop.play import Play
from socialcoop.strategies import Fixed, Seat, Strategy
from socialcoop.strategies.protocol import Actions, Floats, pure

COMMITS = ("mixture", "pure", "hyperbolic", "careful")


def commitment_mixture(z: ArrayLike, commit: str = "mixture") -> tuple[Floats, Floats]:
    r"""Return a distribution over mixed actions to commit to, from the joint play so far.

    Parameters
    ----------
    z
        Joint frequencies z[a, b] of the own action a and the partner's action b, (N, N).
    commit
        "mixture": draw one of the partner's actions b as often as it was played, and commit to the own
        frequencies beside it. "pure": draw one of the own actions, and commit to it.

    Returns
    -------
    weights
        Probabilities (M,), all positive.
    strategies
        The mixed actions, (M, N).

    Notes
    -----
    The paper's :math:`\nu`, section 3.2. Whatever the partner's payoffs, its best replies pay it on average at
    least what it gets under z, since for each b playing b is one reply. "mixture" tells the partner least of all
    that have this property, "pure" most.

    Examples
    --------
    >>> weights, strategies = sc.commitment_mixture([[0.5, 0], [0, 0.5]])
    >>> weights, strategies
    (array([0.5, 0.5]), array([[1., 0.],
           [0., 1.]]))
    """
    joint = checks.array("z", z, "(N, N)", 2)
    if joint.shape[0] != joint.shape[1]:
        raise ValueError(f"z must have shape (N, N), got shape {joint.shape}")
    checks.distribution("z", joint.ravel(), "(N, N)", 1)
    if checks.choice("commit", commit, COMMITS[:2]) == "pure":
        weights = joint.sum(axis=1)
        return weights[weights > 0], np.eye(len(joint))[weights > 0]
    weights = joint.sum(axis=0)
    return weights[weights > 0], (joint / np.where(weights > 0, weights, 1)).T[weights > 0]


def lead(game: Game, partner_type: int) -> Fixed:
    """Return the commitment of one who knows the partner's type: the action whose best reply pays it most.

    With a partner that is (δ, ε, T)-consistent its altruistic regret per stage is at most ε + δ, without any data.

    Examples
    --------
    >>> sc.lead(sc.games.inefficient_cce(), partner_type=0)
    Fixed(1)
    """
    checks.instance("game", game, Game)
    payoffs = game.payoffs[checks.integer("partner_type", partner_type, 0, game.n_types - 1)]
    return Fixed(int(payoffs.max(axis=0).argmax()))


class ImitateThenCommit(Strategy):
    """Imitate for some stages, then draw a mixed action from what was played in them, and keep to it.

    Parameters
    ----------
    dataset
        Records of the population.
    phase
        Number of stages T̃ to imitate, from 1 to the dataset's horizon.
    commit
        What to commit to: "mixture" or "pure", see `commitment_mixture`; or "hyperbolic": stop imitating after
        one of the first T̃ stages, s with probability in proportion to 1/(T - s + 1), and repeat its own action
        of that stage for ever; or "careful": as "mixture", but commit to what was played so far as soon as the
        records do not hold the history, though not before the first stage.

    Raises
    ------
    ValueError
        On sitting down to a game with other numbers of types or actions than the dataset's.

    Notes
    -----
    The paper's imitate-then-commit strategy, section 3.2. It sees neither the partner's type nor its payoffs.

    Examples
    --------
    >>> people, game = sc.Population([sc.Convention()]), sc.games.team_lead()
    >>> records = sc.SocialLearningProblem(game, people, None, horizon=200).sample(100, seed=1)
    >>> ai = sc.ImitateThenCommit(records, phase=8)
    >>> met = sc.play(ai, people, game, (0, 1), horizon=200, episodes=500, seed=2)
    >>> round(float(met.payoffs(1).mean()), 2), sc.worst_pone(game, (0, 1))[1]
    (0.6, 0.6)
    """

    def __init__(self, dataset: Play, phase: int, commit: str = "mixture") -> None:
        longest = checks.instance("dataset", dataset, Play).horizon
        self.imitator = Imitator(dataset, checks.integer("phase", phase, 1, max(longest, 1)))
        self.commit = checks.choice("commit", commit, COMMITS)

    def __repr__(self) -> str:
        return f"ImitateThenCommit({self.imitator.dataset}, phase={self.imitator.phase}, commit={self.commit!r})"

    def seat(self, game: Game, role: int, types: NDArray[np.intp], horizon: int) -> Seat:
        imitator = self.imitator.seat(game, role, types, horizon)
        if self.commit == "hyperbolic":
            return _HyperbolicSeat(imitator, self.imitator.phase, horizon)
        return _CommitSeat(imitator, self.imitator.phase, self.commit)


class _CommitSeat(Seat):
    """Counts joint actions (N, N, B) while it imitates; then keeps the mixed actions (M, N, B) that it may have drawn.

    ``likely`` (M, B) is how likely each of them is, given what was played since; 0 in an episode that still imitates.
    """

    per_episode: ClassVar[tuple[str, ...]] = ("counts", "likely", "imitates")

    def __init__(self, imitator: Seat, phase: int, commit: str) -> None:
        super().__init__(imitator.game, imitator.episodes)
        self.imitator, self.phase, self.commit = imitator, phase, commit
        n_actions = self.game.n_actions
        self.counts = np.zeros((n_actions, n_actions, self.episodes))
        self.likely = np.zeros((n_actions, self.episodes))
        self.imitates = np.ones(self.episodes, dtype=bool)
        self.stage = 0

    def policy(self) -> Floats:
        if self.imitates.all():
            return self.imitator.policy()
        kept = self.likely if self.commit == "pure" else (self.likely[:, None] * self.counts).sum(axis=0)
        return np.where(self.imitates, self.imitator.policy(), kept) if self.imitates.any() else kept

    def observe(self, own: Actions, other: Actions) -> None:
        episodes = np.arange(self.episodes)
        if not self.imitates.all():
            kept = pure(own, self.game.n_actions) if self.commit == "pure" else self.counts[:, own, episodes]
            likely = self.likely * kept
            total = likely.sum(axis=0)
            # an action that no commitment would have played says nothing
            self.likely = np.divide(likely, total, out=self.likely.copy(), where=total > 0)
        self.stage += 1
        if self.imitates.any():
            self.imitator.observe(own, other)
            # indexed by the partner's action first, which is what ν draws
            self.counts[other, own, episodes] += self.imitates
            ends = self.imitates & ((self.stage == self.phase) | self._lost())
            if ends.any():
                self._draw(ends)

    def _lost(self) -> NDArray[np.bool_] | bool:
        return self.commit == "careful" and self.imitator.node < 0

    def _draw(self, ends: NDArray[np.bool_]) -> None:
        played = self.counts.sum(axis=0 if self.commit == "pure" else 1)
        self.likely = np.where(ends, played / self.stage, self.likely)
        if self.commit != "pure":
            beside = self.counts / np.where(played > 0, played, 1)[:, None]
            self.counts = np.where(ends, beside, self.counts)
        self.imitates = self.imitates & ~ends

    def take(self, indices: Actions) -> Self:
        seat = super().take(indices)
        seat.imitator = self.imitator.take(indices)
        return seat

    def state(self) -> Floats:
        memory = [self.counts.reshape(self.game.n_actions**2, self.episodes), self.likely, self.imitates[None]]
        # what it would have imitated is of no use to it any more
        return np.concatenate([*memory, np.where(self.imitates, self.imitator.state(), 0)])


class _HyperbolicSeat(Seat):
    """``stopped`` is how likely it is that it has stopped, which is to repeat ``last``, given what was played."""

    per_episode: ClassVar[tuple[str, ...]] = ("stopped", "last")

    def __init__(self, imitator: Seat, phase: int, horizon: int) -> None:
        super().__init__(imitator.game, imitator.episodes)
        self.imitator = imitator
        shares = 1 / (horizon - np.arange(min(phase, horizon)))
        # of stopping after each stage, if not before
        self.hazard = shares / np.cumsum(shares[::-1])[::-1]
        self.stopped = np.zeros(self.episodes)
        self.last = np.zeros(self.episodes, dtype=np.intp)
        self.stage = 0

    def policy(self) -> Floats:
        repeated = pure(self.last, self.game.n_actions)
        if self.stage >= len(self.hazard):
            return repeated
        return self.stopped * repeated + (1 - self.stopped) * self.imitator.policy()

    def observe(self, own: Actions, other: Actions) -> None:
        if self.stage < len(self.hazard):
            copied = (1 - self.stopped) * self.imitator.policy()[own, np.arange(self.episodes)]
            repeated = self.stopped * (own == self.last)
            total = copied + repeated
            share = np.divide(repeated, total, out=np.zeros(self.episodes), where=total > 0)
            self.stopped = share + (1 - share) * self.hazard[self.stage]
            self.imitator.observe(own, other)
            self.last = own.astype(np.intp)
        self.stage += 1

    def take(self, indices: Actions) -> Self:
        seat = super().take(indices)
        seat.imitator = self.imitator.take(indices)
        return seat

    def state(self) -> Floats:
        return np.concatenate([super().state(), self.imitator.state()])
