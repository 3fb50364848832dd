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

COMMITS = ("mixture", "pure", "hyperbolic")


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
        of that stage for ever.

    Notes
    -----
    The paper's imitate-then-commit strategy, section 3.2. It sees neither the partner's type nor its payoffs.
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

    ``likely`` (M, B) is how likely each of them is, given what was played since.
    """

    per_episode: ClassVar[tuple[str, ...]] = ("counts", "likely")

    def __init__(self, imitator: Seat, phase: int, commit: str) -> None:
        super().__init__(imitator.game, imitator.episodes)
        self.imitator, self.phase, self.commit = imitator, phase, commit
        n_actions = self.game.n_actions
        self.counts = np.zeros((n_actions, n_actions, self.episodes))
        self.likely = np.zeros((n_actions, self.episodes))
        self.stage = 0

    def policy(self) -> Floats:
        if self.stage < self.phase:
            return self.imitator.policy()
        if self.commit == "pure":
            return self.likely
        return (self.likely[:, None] * self.counts).sum(axis=0)

    def observe(self, own: Actions, other: Actions) -> None:
        episodes = np.arange(self.episodes)
        if self.stage < self.phase:
            self.imitator.observe(own, other)
            # indexed by the partner's action first, which is what ν draws
            self.counts[other, own, episodes] += 1
            if self.stage + 1 == self.phase:
                self._draw()
        else:
            kept = pure(own, self.game.n_actions) if self.commit == "pure" else self.counts[:, own, episodes]
            likely = self.likely * kept
            total = likely.sum(axis=0)
            # an action that no commitment would have played says nothing
            self.likely = np.divide(likely, total, out=self.likely.copy(), where=total > 0)
        self.stage += 1

    def _draw(self) -> None:
        played = self.counts.sum(axis=1 if self.commit == "mixture" else 0)
        self.likely = played / self.phase
        if self.commit == "mixture":
            self.counts = self.counts / np.where(played > 0, played, 1)[:, None]

    def take(self, indices: Actions) -> Self:
        seat = super().take(indices)
        seat.imitator = self.imitator.take(indices)
        return seat

    def state(self) -> Floats:
        memory = [self.counts.reshape(self.game.n_actions**2, self.episodes), self.likely]
        return np.concatenate([*memory, *([self.imitator.state()] if self.stage < self.phase else [])])


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
