"""Commit: what to repeat once it has shown whom one faces."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.imitation import Imitator
from socialcoop.plays import Play
from socialcoop.strategies import Fixed, Seat, Strategy
from socialcoop.strategies.protocol import Actions, Floats, Indices, pure

__all__ = ["ImitateThenCommit", "ThenCommit", "best_commitment", "commitment_mixture"]


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
    joint = checks.joint("z", z)
    if checks.choice("commit", commit, ("mixture", "pure")) == "pure":
        joint = np.diag(joint.sum(axis=1))  # draws the own action itself
    weights = joint.sum(axis=0)
    return weights[weights > 0], (joint / np.where(weights > 0, weights, 1)).T[weights > 0]


def best_commitment(game: Game, partner_type: int) -> Fixed:
    """Return the commitment of one who knows the partner's type: the action whose best reply pays it most.

    With a partner that is (δ, ε, T)-consistent its altruistic regret per stage is at most ε + δ, without any data.

    Examples
    --------
    >>> sc.best_commitment(sc.games.inefficient_cce(), partner_type=0)
    Fixed(1)
    """
    checks.instance("game", game, Game)
    payoffs = game.payoffs[checks.integer("partner_type", partner_type, 0, game.n_types - 1)]
    return Fixed(int(payoffs.max(axis=0).argmax()))


class ThenCommit(checks.Frozen, Strategy):
    """Follow a strategy for some stages, then draw a mixed action from what was played in them, and keep to it.

    Parameters
    ----------
    strategy
        What to follow first: any strategy.
    phase
        Number of stages T̃ to follow it, at least 1.
    commit
        What to commit to: "mixture" or "pure", see `commitment_mixture`; or "hyperbolic": stop following after
        one of the first T̃ stages, s with probability in proportion to 1/(T - s + 1), and repeat its own action
        of that stage for ever; or "careful": as "mixture", but commit to what was played so far as soon as the
        strategy's records do not hold the history, though not before the first stage.

    Notes
    -----
    It sees neither the partner's type nor its payoffs. If what is followed is close to a population that is
    compatible at T̃, the partner's consistency does the rest, see `socialcoop.bounds.corrected_theorem`.

    Examples
    --------
    >>> team, habit = sc.games.team_lead(), sc.Convention()
    >>> ai = sc.ThenCommit(habit, phase=3, commit="pure")
    >>> sc.play(ai, habit, team, (0, 1), horizon=6, seed=1).actions[:, 0, 0]
    array([0, 0, 0, 0, 0, 0], dtype=uint8)
    """

    def __init__(self, strategy: Strategy, phase: int, commit: str = "mixture") -> None:
        self.strategy: Strategy = checks.instance("strategy", strategy, Strategy)
        self.phase = checks.integer("phase", phase, 1)
        self.commit: str = checks.choice("commit", commit, tuple(COMMITS))

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        return COMMITS[self.commit](self.strategy.seat(game, agent, types, horizon), self.phase, horizon)


class ImitateThenCommit(ThenCommit):
    """The paper's imitate-then-commit strategy, section 3.2: `ThenCommit` with an `Imitator`.

    Parameters
    ----------
    dataset, phase
        Records of the population, and the number of stages T̃ to imitate, from 1 to the dataset's horizon.
    commit
        What to commit to, see `ThenCommit`.

    Examples
    --------
    >>> people, game = sc.Convention(), sc.games.team_lead()
    >>> records = sc.SocialLearningProblem(game, people, horizon=200).sample(100, seed=1)
    >>> ai = sc.ImitateThenCommit(records, phase=8)
    >>> met = sc.play(ai, people, game, (0, 1), horizon=200, episodes=500, seed=2)
    >>> round(float(met.payoffs(1).mean()), 2), sc.worst_pone(game, (0, 1))[1]
    (0.6, 0.6)
    """

    def __init__(self, dataset: Play, phase: int, commit: str = "mixture") -> None:
        longest = checks.instance("dataset", dataset, Play).horizon
        self.dataset = dataset
        super().__init__(Imitator(dataset, checks.integer("phase", phase, 1, max(longest, 1))), phase, commit)


class _CommitSeat(Seat):
    """Counts joint actions while it follows; then keeps the mixed actions that it may have drawn.

    ``counts`` (M, N, B) has what the commitment draws first, the action of one side, and then the own action; from
    the commitment on it holds the mixed actions (M, N, B). ``likely`` (M, B) is how likely each of them is, given
    what was played since; 0 in an episode that still follows.
    """

    per_episode: ClassVar[tuple[str, ...]] = ("counts", "likely", "follows")
    inner: ClassVar[tuple[str, ...]] = ("followed",)
    draws_own: ClassVar[bool] = False

    def __init__(self, followed: Seat, phase: int, horizon: int) -> None:
        super().__init__(followed.game, followed.episodes)
        self.followed, self.phase = followed, phase
        n_actions = self.game.n_actions
        self.counts = np.zeros((n_actions, n_actions, self.episodes))
        self.likely = np.zeros((n_actions, self.episodes))
        self.follows = np.ones(self.episodes, dtype=bool)
        self.stage = 0

    def policy(self) -> Floats:
        if self.follows.all():
            return self.followed.policy()
        kept = self.likely[0] * self.counts[0]
        for likely, mixed in zip(self.likely[1:], self.counts[1:], strict=True):
            kept += likely * mixed
        return np.where(self.follows, self.followed.policy(), kept) if self.follows.any() else kept

    def observe(self, own: Actions, other: Actions) -> None:
        episodes = np.arange(self.episodes)
        if not self.follows.all():
            likely = self.likely * self.counts[:, own, episodes]
            total = likely.sum(axis=0)
            # an action that no commitment would have played says nothing
            self.likely = np.divide(likely, total, out=self.likely.copy(), where=total > 0)
        self.stage += 1
        if self.follows.any():
            self.followed.observe(own, other)
            self.counts[own if self.draws_own else other, own, episodes] += self.follows
            ends = self.follows & self.ends()
            if ends.any():
                self._draw(ends)

    def ends(self) -> NDArray[np.bool_]:
        """Return in which episodes, (B,), it is time to commit."""
        return np.full(self.episodes, self.stage == self.phase)

    def _draw(self, ends: NDArray[np.bool_]) -> None:
        played = self.counts.sum(axis=1)
        self.likely = np.where(ends, played / self.stage, self.likely)
        self.counts = np.where(ends, self.counts / np.where(played > 0, played, 1)[:, None], self.counts)
        self.follows = self.follows & ~ends

    def state(self) -> Floats:
        memory = [self.counts.reshape(self.game.n_actions**2, self.episodes), self.likely, self.follows[None]]
        # what it would have followed is of no use to it any more
        return np.concatenate([*memory, np.where(self.follows, self.followed.state(), 0)])


class _PureSeat(_CommitSeat):
    draws_own: ClassVar[bool] = True


class _CarefulSeat(_CommitSeat):
    def ends(self) -> NDArray[np.bool_]:
        return super().ends() | ~self.followed.covered()


class _StopSeat(Seat):
    """Stops at a random stage and repeats ``last``; ``stopped`` is how likely it has, given what was played.

    ``hazard`` (Q,) is how likely it stops after each of the first stages, if not before; 1 at the last of them.
    """

    per_episode: ClassVar[tuple[str, ...]] = ("stopped", "last")
    inner: ClassVar[tuple[str, ...]] = ("followed",)

    def __init__(self, followed: Seat, hazard: Floats) -> None:
        super().__init__(followed.game, followed.episodes)
        self.followed, self.hazard = followed, hazard
        self.stopped = np.zeros(self.episodes)
        self.last = np.zeros(self.episodes, dtype=np.intp)
        self.stage = 0

    def policy(self) -> Floats:
        repeated = pure(self.last, self.game.n_actions)
        if self.stage >= len(self.hazard):
            return repeated
        return self.stopped * repeated + (1 - self.stopped) * self.followed.policy()

    def observe(self, own: Actions, other: Actions) -> None:
        if self.stage < len(self.hazard):
            copied = (1 - self.stopped) * self.followed.policy()[own, np.arange(self.episodes)]
            repeated = self.stopped * (own == self.last)
            total = copied + repeated
            share = np.divide(repeated, total, out=np.zeros(self.episodes), where=total > 0)
            self.stopped = share + (1 - share) * self.hazard[self.stage]
            self.followed.observe(own, other)
            self.last = own.astype(np.intp)
        self.stage += 1


def _hyperbolic(followed: Seat, phase: int, horizon: int) -> Seat:
    shares = 1 / (horizon - np.arange(min(phase, horizon)))
    return _StopSeat(followed, shares / np.cumsum(shares[::-1])[::-1])


COMMITS: dict[str, Callable[[Seat, int, int], Seat]] = {
    "mixture": _CommitSeat,
    "pure": _PureSeat,
    "hyperbolic": _hyperbolic,
    "careful": _CarefulSeat,
}
