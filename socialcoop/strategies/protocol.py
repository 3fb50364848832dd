"""The meta-strategy protocol: what to play, what to remember, and how to continue a selection of episodes."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies.guards import guarded_observe, guarded_odds, guarded_policy
from socialcoop.strategies.written import arguments

Floats = NDArray[np.float64]
Actions = NDArray[np.integer]
Indices = NDArray[np.intp]
GUARDS = {"policy": guarded_policy, "odds": guarded_odds, "observe": guarded_observe}


class Seat(ABC):
    """One side of B simultaneous episodes, as a small state machine.

    A seat knows the game, which agent it is, its own types and what has been played, and nothing about
    the other side. Its memory is the attributes named in ``per_episode``, arrays whose last axis is the
    episode, and the seats of the same episodes named in ``inner``: one seat, a list of seats, or None.
    The policy is a function of them and of the number of stages played.

    Examples
    --------
    >>> seat = sc.TitForTat().seat(sc.games.chicken(), 0, types=np.zeros(2, int), horizon=9)
    >>> seat.observe(own=np.array([0, 0]), other=np.array([0, 1]))
    >>> seat.policy()  # a column for each of the two episodes
    array([[1., 0.],
           [0., 1.]])
    """

    per_episode: ClassVar[tuple[str, ...]] = ()
    inner: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        if not _is_ours(cls):  # our own are held to it by tests, and are fast
            for name, guard in GUARDS.items():
                if name in vars(cls):
                    setattr(cls, name, guard(vars(cls)[name]))

    def __init__(self, game: Game, episodes: int) -> None:
        self.game = game
        self.episodes = episodes

    @abstractmethod
    def policy(self) -> Floats:
        """Return the mixed action of every episode, shape (N, B); to be read, not changed or kept.

        Probabilities, never a draw: asked twice at the same stage it gives the same answer.
        """

    def odds(self) -> Floats:
        """Return the policy up to a positive factor for each episode, which is all that sampling needs."""
        return self.policy()

    @abstractmethod
    def observe(self, own: Actions, other: Actions) -> None:
        """Take in the actions of one stage, (B,) each, in an integer dtype that does not wrap (NumPy's intp)."""

    def draw(self, rng: np.random.Generator) -> bool:
        """Let the black boxes among the seats within choose their next actions, and return whether there are any.

        Who plays, calls it at every stage.
        """
        held = self.within()
        if not held:
            return False
        boxes = [seat.draw(rng) for seat in held]
        return any(boxes)

    def within(self) -> list[Seat]:
        """Return the seats that it has within itself now."""
        return [seat for name in self.inner for seat in _seats(getattr(self, name))] if self.inner else []

    def covered(self) -> NDArray[np.bool_]:
        """Return in which episodes, (B,), it knows what to do; only who copies records can be at a loss."""
        return np.ones(self.episodes, dtype=bool)

    def take(self, indices: Actions) -> Self:
        """Return an independent seat for a selection of the episodes, repeats allowed."""
        chosen = np.asarray(indices, dtype=np.intp)
        seat = copy.copy(self)
        seat.episodes = len(chosen)
        for name in self.per_episode:
            held = getattr(self, name)
            if not isinstance(held, np.ndarray) or held.ndim == 0:
                raise TypeError(
                    f"{name}, which per_episode of {type(self).__name__} names, must be an array whose last axis is "
                    f"the episode, got {held!r}"
                )
            setattr(seat, name, held[..., chosen])
        for name in self.inner:
            held = getattr(self, name)
            taken = [each.take(chosen) for each in _seats(held)]
            setattr(seat, name, taken if isinstance(held, list) else taken[0] if taken else None)
        return seat

    def joined(self, other: Seat) -> Seat | None:
        """Return one seat for its own episodes and then those of ``other``, or None where they are not of one kind.

        Nobody needs it to play. Seats that started at different stages are faster as one.
        """
        return None

    def with_episodes_of(self, other: Seat) -> Self:
        """Return an independent seat with the own episodes and then those of ``other``, alike in all else."""
        seat = copy.copy(self)
        seat.episodes = self.episodes + other.episodes
        for name in self.per_episode:
            setattr(seat, name, np.concatenate([getattr(self, name), getattr(other, name)], axis=-1))
        return seat

    def foreign(self) -> list[Seat]:
        """Return the seats, itself and those within it, that are not of this package."""
        within = [seat for held in self.within() for seat in held.foreign()]
        return within if _is_ours(type(self)) else [self, *within]

    def state(self) -> Floats:
        """Return the memory as an array (S, B): episodes with equal columns have equal futures."""
        rows = [np.atleast_2d(getattr(self, name)) for name in self.per_episode]
        rows += [seat.state() for name in self.inner for seat in _seats(getattr(self, name))]
        return np.concatenate([np.empty((0, self.episodes)), *rows])


def _is_ours(cls: type) -> bool:
    return cls.__module__.split(".")[0] == __name__.split(".")[0]


def _seats(held: Seat | list[Seat] | None) -> list[Seat]:
    """Return the seats that an attribute holds."""
    return held if isinstance(held, list) else [] if held is None else [held]


def _held(sit: Callable[..., Any]) -> Callable[..., Seat]:
    """Return the method ``seat`` of a strategy, whose answers are held to be seats and know whose they are."""

    @wraps(sit)
    def seat(strategy: Strategy, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        name = f"the seat of {strategy!r}"
        found = checks.instance(name, sit(strategy, game, agent, types, horizon), Seat)
        episodes = found.__dict__.get("episodes")
        if episodes != len(types):
            hint = "; its __init__ must call super().__init__(game, episodes)" if episodes is None else ""
            raise ValueError(f"{name} must have an episode for each of the {len(types)} types, got {episodes}{hint}")
        found.__dict__.setdefault("_owner", strategy)
        return found

    return seat


class Strategy(ABC):
    r"""A meta-strategy: what an agent of any type does after any history.

    The paper's :math:`\pi : \Theta \times \mathcal{H}_{\leq T-1} \to \Delta(\mathcal{A})`, section 2.

    Examples
    --------
    >>> class Stubborn(sc.Strategy):
    ...     def seat(self, game, agent, types, horizon):
    ...         return sc.Fixed(0).seat(game, agent, types, horizon)
    >>> met = sc.play(Stubborn(), sc.Hedge(), sc.games.chicken(), (0, 0), horizon=3)
    >>> met.actions[:, 0, 0]
    array([0, 0, 0], dtype=uint8)
    """

    @abstractmethod
    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        """Sit down to play.

        Parameters
        ----------
        game
            The stage game.
        agent
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

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        if not _is_ours(cls) and "seat" in vars(cls):
            cls.seat = _held(vars(cls)["seat"])  # type: ignore[method-assign]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(arguments(self))})"


def check_action(name: str, action: int, game: Game) -> int:
    """Return ``action`` when the game has it; strategies meet their game only when they sit down."""
    return checks.integer(name, action, 0, game.n_actions - 1)


def per_type(name: str, rows: NDArray[Any], game: Game) -> NDArray[Any]:
    """Return rows for each own type, shape (types, …), of rows given for all types or for each."""
    if rows.ndim == 1:
        return np.broadcast_to(rows, (game.n_types, len(rows)))
    if len(rows) != game.n_types:
        raise ValueError(f"{name} must have one row for each of the {game.n_types} type(s) of {game}, got {len(rows)}")
    return rows


def mixed_action(name: str, value: int | ArrayLike, n_actions: int | None = None) -> int | Floats:
    """Return one action's index, a distribution (N,), or one per own type (types, N), of so many actions if known."""
    if isinstance(value, str) or (not isinstance(value, Sequence) and np.ndim(value) == 0):
        return checks.integer(name, value, 0, None if n_actions is None else n_actions - 1)
    mixed = checks.distribution(name, value, "(N,) or (types, N)", (1, 2))
    if n_actions not in (None, mixed.shape[-1]):
        raise ValueError(f"{name} must have {n_actions} probabilities, got {mixed.shape[-1]}")
    return mixed


def mixed_rows(name: str, given: int | Floats, game: Game) -> Floats:
    """Return the mixed action of each own type, (types, N), of what `mixed_action` returned."""
    row = np.eye(game.n_actions)[check_action(name, given, game)] if isinstance(given, int) else given
    mixed = per_type(name, row, game)
    if mixed.shape[1] != game.n_actions:
        raise ValueError(f"{name} must have {game.n_actions} probabilities for {game}, got {mixed.shape[1]}")
    return mixed


def pure(actions: Actions, n_actions: int) -> Floats:
    """Return the policy that plays ``actions`` (B,) for sure, shape (N, B)."""
    return _sure(n_actions).take(actions, axis=1)


@cache
def _sure(n_actions: int) -> Floats:
    """Return the mixed actions that are none, (N, N)."""
    return np.eye(n_actions)
