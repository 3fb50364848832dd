"""A stage game between two agents with private types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks

MAX_ACTIONS = 256  # histories store one action in one byte
MAX_TYPES = 4096  # of a random game
TOLERANCE = 1e-9  # of the range of the payoffs: two that differ by less are equally good
ROUNDING = 1e-12  # of the largest payoff: what adding up payoffs may lose


@dataclass(frozen=True, eq=False, init=False)
class Game(checks.Frozen):
    r"""A stage game between two agents, each with a private type.

    Both agents have the same N actions and draw their payoffs from the same family: an agent of type
    ``k`` that plays ``a`` against ``b`` gets ``payoffs[k, a, b]``.

    Parameters
    ----------
    payoffs
        Array (types, N, N), own action first, entries in [0, 1]. An (N, N) array means one type.
    name
        What to call the game in figures.
    actions, types
        Names, in order; by default "action 0", … and "type 0", …. They are kept as ``action_names`` and
        ``type_names``.

    Raises
    ------
    ValueError, TypeError
        If the payoffs have another shape or leave [0, 1], or the names do not fit them.

    Notes
    -----
    The paper's :math:`G(\theta)`, section 2. Games whose two sides differ in nature, such as matching
    pennies, are written with one type for each side.

    Examples
    --------
    >>> game = sc.Game([[1, 0], [0, 1]], name="coordination")
    >>> game.n_types, game.n_actions
    (1, 2)
    """

    payoffs: NDArray[np.float64]
    name: str
    action_names: tuple[str, ...]
    type_names: tuple[str, ...]

    def __init__(
        self,
        payoffs: ArrayLike,
        name: str = "",
        actions: Sequence[str] | None = None,
        types: Sequence[str] | None = None,
    ) -> None:
        table = checks.array("payoffs", payoffs, "(types, N, N)", (2, 3))
        table = (table[None] if table.ndim == 2 else table) + 0.0  # no negative zero, so that equal games look equal
        n_types, n_actions, columns = table.shape
        if n_actions != columns or not 1 <= n_actions <= MAX_ACTIONS or n_types < 1:
            raise ValueError(
                f"payoffs must have shape (types, N, N) with at least one type and 1 to {MAX_ACTIONS} actions, "
                f"got shape {table.shape}"
            )
        if table.min() < 0 or table.max() > 1:
            low, high = checks.shown(table.min()), checks.shown(table.max())
            raise ValueError(
                f"payoffs must lie in [0, 1], got {low} to {high}; Game.normalised takes payoffs on any scale"
            )
        table.flags.writeable = False
        object.__setattr__(self, "payoffs", table)
        object.__setattr__(self, "name", checks.instance("name", name, str))
        object.__setattr__(self, "action_names", _names("actions", actions, "action", n_actions))
        object.__setattr__(self, "type_names", _names("types", types, "type", n_types))

    @cached_property
    def n_types(self) -> int:
        """Number of types."""
        return int(self.payoffs.shape[0])

    @cached_property
    def n_actions(self) -> int:
        """Number of actions N, the same for both agents."""
        return int(self.payoffs.shape[1])

    def pair(self, types: Any) -> tuple[int, int]:
        """Return ``types`` as a joint type (AI's, partner's) of this game, or raise."""
        pair = checks.integers("types", types, self.n_types, "(2,)", 1)
        if len(pair) != 2:
            raise ValueError(f"types must be a pair of types, got {types!r}")
        return int(pair[0]), int(pair[1])

    def stage(self, types: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the payoff matrices (A, B) of the AI and of the partner, each (N, N) with the own action first."""
        first, second = self.pair(types)
        return self.payoffs[first], self.payoffs[second]

    @classmethod
    def from_bimatrix(
        cls,
        row_payoffs: ArrayLike,
        column_payoffs: ArrayLike,
        name: str = "",
        actions: Sequence[str] | None = None,
        types: Sequence[str] | None = ("row player", "column player"),
    ) -> Game:
        """Return the game of two matrices as nashpy, Gambit and textbooks write them: both have the row player's rows.

        Parameters
        ----------
        row_payoffs, column_payoffs
            Arrays (N, N), entries in [0, 1]: what the row and the column player get in row i and column j.
        name, actions, types
            As for a `Game`.

        Returns
        -------
        Game of two types, 0 for the row player and 1 for the column player: play it with ``types=(0, 1)``.

        Raises
        ------
        ValueError, TypeError
            If the matrices are not square and of the same shape, or leave [0, 1].

        Examples
        --------
        >>> game = sc.Game.from_bimatrix([[1, 0], [0, 1]], [[0, 1], [0.5, 0]])
        >>> game.payoffs[1]  # what the column player gets, own action first
        array([[0. , 0.5],
               [1. , 0. ]])
        """
        tables: list[NDArray[np.float64]] = []
        for argument, value in (("row_payoffs", row_payoffs), ("column_payoffs", column_payoffs)):
            table = checks.array(argument, value, "(N, N)", 2)
            if table.shape[0] != table.shape[1] or (tables and table.shape != tables[0].shape):
                size = "a square shape (N, N)" if not tables else f"the shape {tables[0].shape} of row_payoffs"
                raise ValueError(f"{argument} must have {size}, got shape {table.shape}")
            if table.size and (table.min() < 0 or table.max() > 1):
                low, high = checks.shown(table.min()), checks.shown(table.max())
                raise ValueError(f"{argument} must lie in [0, 1], got {low} to {high}")
            tables.append(table)
        return cls(np.stack([tables[0], tables[1].T]), name, actions, types)

    @classmethod
    @checks.TINY_IS_ZERO
    def normalised(
        cls,
        payoffs: ArrayLike,
        name: str = "",
        actions: Sequence[str] | None = None,
        types: Sequence[str] | None = None,
    ) -> Game:
        """Return the game of payoffs on any scale, brought to [0, 1]: the lowest becomes 0, the highest 1.

        Parameters
        ----------
        payoffs
            Array (types, N, N) or (N, N), own action first: finite numbers, in euros, say.
        name, actions, types
            As for a `Game`.

        Returns
        -------
        Game in which a payoff u is worth (u - lowest) / (highest - lowest), the same for all types; 0 if all are equal.

        Notes
        -----
        Equilibria stay what they are. Regret is measured in the new unit: who allows itself a regret of ε per stage
        allows itself ε · (highest - lowest) in the old one.

        Examples
        --------
        >>> euros = [[3, -2], [5, 0]]
        >>> sc.Game.normalised(euros).payoffs[0]  # an ε of .1 is 70 cents a stage
        array([[0.71428571, 0.        ],
               [1.        , 0.28571429]])
        """
        table = checks.array("payoffs", payoffs, "(types, N, N)", (2, 3))
        if not table.size:
            return cls(table, name, actions, types)  # which says what is missing
        scale = max(abs(table.min()), abs(table.max())) or 1.0
        table /= scale  # first, since a difference of huge payoffs could leave the range of a double
        low, high = table.min(), table.max()
        return cls((table - low) / (high - low) if high > low else np.zeros_like(table), name, actions, types)

    @cached_property
    @checks.TINY_IS_ZERO
    def ties(self) -> NDArray[np.float64]:
        """What two payoffs of a type may differ by, as rounding, and be taken for the same; shape (types,).

        Examples
        --------
        >>> sc.games.chicken().ties.round(12)
        array([1.001e-09])
        """
        ties = TOLERANCE * np.ptp(self.payoffs, axis=(1, 2)) + ROUNDING * self.payoffs.max(axis=(1, 2))
        ties.flags.writeable = False
        return ties

    def bimatrix(self, types: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the payoffs as nashpy, Gambit and textbooks write them: both (N, N), the AI's action i first.

        Examples
        --------
        >>> ai, partner = sc.games.prisoners_dilemma().bimatrix(types=(0, 0))
        >>> partner  # 1 where the AI cooperates and the partner defects
        array([[0.6, 1. ],
               [0. , 0.2]])
        """
        ai, partner = self.stage(types)
        return ai, partner.T

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:  # asked for each time that something is remembered of the game
        return super().__hash__()

    def __reduce__(self) -> tuple[type[Game], tuple[Any, ...]]:
        # a copy is made anew: checked, with payoffs of its own that cannot change
        return type(self), (self.payoffs, self.name, self.action_names, self.type_names)

    def __repr__(self) -> str:
        return f"Game({self.name!r}, {self.n_types} type(s), actions {', '.join(self.action_names)})"


def _names(argument: str, names: Sequence[str] | None, kind: str, count: int) -> tuple[str, ...]:
    if names is None:
        return tuple(f"{kind} {index}" for index in range(count))
    listed = isinstance(names, Sequence) and not isinstance(names, str)
    if not listed or len(names) != count or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{argument} must be {count} names, got {names!r}")
    return tuple(names)
