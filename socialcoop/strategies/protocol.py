"""The meta-strategy protocol: what to play, what to remember, and how to continue a selection of episodes."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games import Game

Floats = NDArray[np.float64]
Actions = NDArray[np.integer]


class Seat(ABC):
    """One side of B simultaneous episodes, as a small state machine.

    A seat knows the game, its role, its own types and what has been played, and nothing about the
    other side. Its memory is the attributes named in ``per_episode``, arrays whose last axis is the
    episode; the policy is a function of them and of the number of stages played.

    Examples
    --------
    >>> seat = sc.TitForTat().seat(sc.games.chicken(), 0, types=np.zeros(2, int), horizon=9)
    >>> seat.observe(own=np.array([0, 0]), other=np.array([0, 1]))
    >>> seat.policy()  # a column for each of the two episodes
    array([[1., 0.],
           [0., 1.]])
    """

    per_episode: ClassVar[tuple[str, ...]] = ()

    def __init__(self, game: Game, episodes: int) -> None:
        self.game = game
        self.episodes = episodes

    @abstractmethod
    def policy(self) -> Floats:
        """Return the mixed action of every episode, shape (N, B); to be read, not changed or kept."""

    def odds(self) -> Floats:
        """Return the policy up to a positive factor for each episode, which is all that sampling needs."""
        return self.policy()

    @abstractmethod
    def observe(self, own: Actions, other: Actions) -> None:
        """Take in the actions of one stage, shape (B,) each."""

    def take(self, indices: Actions) -> Self:
        """Return an independent seat for a selection of the episodes, repeats allowed."""
        chosen = np.asarray(indices, dtype=np.intp)
        seat = copy.copy(self)
        seat.episodes = len(chosen)
        for name in self.per_episode:
            setattr(seat, name, getattr(self, name)[..., chosen])
        return seat

    def state(self) -> Floats:
        """Return the memory as an array (S, B): episodes with equal columns have equal futures."""
        rows = [np.atleast_2d(getattr(self, name)) for name in self.per_episode]
        return np.concatenate([np.empty((0, self.episodes)), *rows])


class Strategy(ABC):
    r"""A meta-strategy: what an agent of any type does after any history.

    The paper's :math:`\pi : \Theta \times \mathcal{H}_{\leq T-1} \to \Delta(\mathcal{A})`, section 2.

    Examples
    --------
    >>> class Stubborn(sc.Strategy):
    ...     def seat(self, game, role, types, horizon):
    ...         return sc.Fixed(0).seat(game, role, types, horizon)
    >>> met = sc.play(Stubborn(), sc.Hedge(), sc.games.chicken(), (0, 0), horizon=3)
    >>> met.actions[:, 0, 0]
    array([0, 0, 0], dtype=uint8)
    """

    @abstractmethod
    def seat(self, game: Game, role: int, types: NDArray[np.intp], horizon: int) -> Seat:
        """Sit down to play.

        Parameters
        ----------
        game
            The stage game.
        role
            0 for the AI's side, 1 for the partner's.
        types
            The own type in each episode, shape (B,).
        horizon
            Number of stages that will be played.
        """

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        """Return an upper bound on P(external regret > epsilon * horizon), against every partner and for every type.

        1.0 says that nothing is known.
        """
        return 1.0


def check_action(name: str, action: int, game: Game) -> int:
    """Return ``action`` when the game has it; strategies meet their game only when they sit down."""
    return checks.integer(name, action, 0, game.n_actions - 1)


def pure(actions: Actions, n_actions: int) -> Floats:
    """Return the policy that plays ``actions`` (B,) for sure, shape (N, B)."""
    return np.equal(np.arange(n_actions)[:, None], actions).astype(np.float64)
