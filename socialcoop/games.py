"""Games with private types, and a small catalogue of named ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks

__all__ = [
    "Game",
    "battle_of_the_sexes",
    "chicken",
    "conversation",
    "coordination",
    "hidden_taste",
    "inefficient_cce",
    "matching_pennies",
    "prisoners_dilemma",
    "project",
    "random_game",
    "stag_hunt",
    "team_lead",
]

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

    @property
    def n_types(self) -> int:
        """Number of types."""
        return int(self.payoffs.shape[0])

    @property
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


def coordination(n_actions: int = 2) -> Game:
    """Two colleagues look for the same file name: 1 if both choose alike, else 0, and no choice is better.

    Every agreement is an equilibrium; the only question is which.

    Examples
    --------
    >>> sc.games.coordination(3).payoffs[0]
    array([[1., 0., 0.],
           [0., 1., 0.],
           [0., 0., 1.]])
    """
    n_actions = checks.integer("n_actions", n_actions, 1, MAX_ACTIONS)
    return Game(np.eye(n_actions), f"coordination of {n_actions}")


def stag_hunt(safe: float = 0.7) -> Game:
    """Hunt the stag together for 1 each, or catch a hare alone for ``safe``, whatever the other does.

    A lone stag hunter gets 0. Both hunting stag is best for both; hunting hare needs no trust.

    Examples
    --------
    >>> hunt = sc.games.stag_hunt(safe=0.7)
    >>> sc.pareto_optimal_nash(hunt, types=(0, 0))  # hunting hare is not among them
    [Profile([1. 0.], [1. 0.], pays 1.000, 1.000)]
    """
    safe = checks.real("safe", safe, 0, 1)
    return Game([[1.0, 0.0], [safe, safe]], "stag hunt", ("stag", "hare"))


def battle_of_the_sexes(second_best: float = 0.5) -> Game:
    """Two friends want to spend the evening together; type 0 prefers the concert, type 1 the film.

    Together at the favourite pays 1, together at the other ``second_best``, apart 0.

    Examples
    --------
    >>> evening = sc.games.battle_of_the_sexes()
    >>> sc.worst_pone(evening, types=(0, 1))
    (0.5, 0.5)
    """
    low = checks.real("second_best", second_best, 0, 1)
    return Game(
        [[[1.0, 0.0], [0.0, low]], [[low, 0.0], [0.0, 1.0]]],
        "battle of the sexes",
        ("concert", "film"),
        ("prefers the concert", "prefers the film"),
    )


def prisoners_dilemma() -> Game:
    """Helping costs little and gives much, yet not helping is better whatever the other does.

    Both help: .6 each; nobody helps: .2 each; the only helper gets 0, the other 1.

    Examples
    --------
    >>> sc.worst_pone(sc.games.prisoners_dilemma(), types=(0, 0))
    (0.2, 0.2)
    """
    return Game([[0.6, 0.0], [1.0, 0.2]], "prisoner's dilemma", ("cooperate", "defect"))


def chicken() -> Game:
    """Two cars meet on a narrow road: swerving is cheap, being the only one to swerve a loss of face.

    Both swerve: .7 each; one swerves: .3, and 1 for the other; nobody swerves: 0.

    Examples
    --------
    >>> sc.worst_pone(sc.games.chicken(), types=(0, 0))
    (0.3, 0.3)
    """
    return Game([[0.7, 0.3], [1.0, 0.0]], "chicken", ("swerve", "straight"))


def matching_pennies() -> Game:
    """A goalkeeper (type 0) wants to match the kicker's side, the kicker (type 1) wants to differ: 1 or 0.

    What one wins the other loses, and the only equilibrium is to choose at random.

    Examples
    --------
    >>> sc.nash_equilibria(sc.games.matching_pennies(), types=(0, 1))
    [Profile([0.5 0.5], [0.5 0.5], pays 0.500, 0.500)]
    """
    return Game([np.eye(2), 1 - np.eye(2)], "matching pennies", ("left", "right"), ("matcher", "mismatcher"))


def inefficient_cce() -> Game:
    """A 3 by 3 game where two learners can stay for ever far below its only Nash equilibrium.

    The equilibrium (action 1 for both) pays 1; the worst coarse correlated equilibrium pays 1/15.

    Examples
    --------
    >>> rut = sc.games.inefficient_cce()
    >>> z = sc.coarse_correlated_equilibrium(rut, (0, 0), sense="min")
    >>> round(float((z * rut.payoffs[0]).sum()), 4)
    0.0667
    """
    return Game([[0.0, 0.0, 0.2], [0.1, 1.0, 0.0], [0.0, 0.0, 0.0]], "inefficient CCE")


def conversation(n_actions: int = 4, words: int | None = None) -> Game:
    """Two people talk: 1 each while both say something fitting, 0 once somebody does not.

    The first ``words`` actions are things to say, and none is better than another; by default all but the last.
    The last action is to leave, and those in between are out of place.

    Examples
    --------
    >>> sc.games.conversation(4, words=2).action_names
    ('word 1', 'word 2', 'blunder 1', 'leave')
    """
    n_actions = checks.integer("n_actions", n_actions, 2, MAX_ACTIONS)
    words = n_actions - 1 if words is None else checks.integer("words", words, 1, n_actions - 1)
    talks = np.arange(n_actions) < words
    names = [f"word {number}" for number in range(1, words + 1)]
    names += [f"blunder {number}" for number in range(1, n_actions - words)]
    return Game(np.outer(talks, talks).astype(float), "conversation", [*names, "leave"])


def hidden_taste(bonus: float = 0.02) -> Game:
    """A helper decides what a guest gets; the guest likes one of two dishes, and does not care to say which.

    Type 0 is the helper: 1 - ``bonus`` in any case, and ``bonus`` more when both choose alike. Type 1 likes
    the tea, type 2 the coffee: 1 - ``bonus`` when the *other* chooses it, and ``bonus`` when it does so itself.

    Examples
    --------
    >>> breakfast = sc.games.hidden_taste(bonus=0.02)
    >>> breakfast.payoffs[1]  # likes tea: the columns, what the host serves, decide
    array([[1.  , 0.02],
           [0.98, 0.  ]])
    """
    bonus = checks.real("bonus", bonus, 0, 1)
    likes = np.eye(2)
    guests = [(1 - bonus) * likes[dish] + bonus * likes[dish][:, None] for dish in (0, 1)]
    helper = (1 - bonus) + bonus * np.eye(2)
    return Game(np.array([helper, *guests]), "hidden taste", ("tea", "coffee"), ("helper", "likes tea", "likes coffee"))


_HABITS = {
    "tone": (("direct", "supportive"), ("likes it direct", "likes it supportive")),
    "workload": (("wait", "ask"), ("speaks up", "wants to be asked")),
}


def team_lead(preferences: Sequence[str] = ("tone",), compromise: float = 0.6, alone: float = 0.2) -> Game:
    """Two colleagues settle on habits of working together; each has private preferences about them.

    An action fixes one side's habits: its tone in messages ("direct" or "supportive") and, with
    ``preferences=("tone", "workload")``, how workload limits come up ("wait" until they are voiced, or
    "ask"). Each habit is worth 1 to an agent when both share the one it likes, ``compromise`` when both
    share the other one, ``alone`` when only its own side keeps the habit it likes, and 0 otherwise; the
    payoff is the mean over the habits. A type is what the agent likes, so the game has as many types as
    actions: 2 with one habit, 4 with two.

    Examples
    --------
    >>> team = sc.games.team_lead()
    >>> team.payoffs[1]  # likes it supportive
    array([[0.6, 0. ],
           [0.2, 1. ]])
    >>> sc.games.team_lead(("tone", "workload")).n_types
    4
    """
    known = ", ".join(map(repr, _HABITS))
    listed = isinstance(preferences, Sequence) and not isinstance(preferences, str)
    if not listed or not preferences or not all(isinstance(p, str) and p in _HABITS for p in preferences):
        raise ValueError(f"preferences must be a list of one or more of {known}, got {preferences!r}")
    if len(set(preferences)) != len(preferences):
        raise ValueError(f"preferences must not repeat a habit, got {preferences!r}")
    shared = checks.real("compromise", compromise, 0, 1)
    alone = checks.real("alone", alone, 0, 1)
    habit = np.array([[[1, alone], [0, shared]], [[shared, 0], [alone, 1]]])
    combinations = list(product((0, 1), repeat=len(preferences)))
    payoffs = [
        [
            [
                np.mean([habit[likes, mine, yours] for likes, mine, yours in zip(t, a, b, strict=True)])
                for b in combinations
            ]
            for a in combinations
        ]
        for t in combinations
    ]
    actions, types = (
        [", ".join(_HABITS[p][which][digit] for p, digit in zip(preferences, c, strict=True)) for c in combinations]
        for which in (0, 1)
    )
    return Game(payoffs, "team lead", actions, types)


def project(wordings: int = 2, outside: float = 0.55) -> Game:
    """Two colleagues on a project settle on their habits, as in `team_lead` with both, or one does without the other.

    Beside the four ways to combine the habits there is a bare order ("terse"), which serves nobody, and to do
    the work alone ("do without"), which pays ``outside`` whatever the other does and leaves the other with
    nothing. Each of these acts can be said in several ``wordings``, and no payoff depends on which.
    Action ``wordings * act + wording`` is an act in a wording. The types are those of `team_lead`.

    Examples
    --------
    >>> project = sc.games.project(wordings=2)
    >>> project.n_types, project.n_actions, project.action_names[-1]
    (4, 12, 'do without (2)')
    """
    wordings = checks.integer("wordings", wordings, 1, MAX_ACTIONS // 6)
    outside = checks.real("outside", outside, 0, 1)
    habits = team_lead(("tone", "workload"))
    acts = [*habits.action_names, "terse", "do without"]
    payoffs = np.zeros((habits.n_types, len(acts), len(acts)))
    payoffs[:, :4, :4] = habits.payoffs
    payoffs[:, -1] = outside
    names = [f"{act} ({number})" for act in acts for number in range(1, wordings + 1)]
    return Game(payoffs.repeat(wordings, axis=1).repeat(wordings, axis=2), "project", names, habits.type_names)


def random_game(
    n_actions: int, n_types: int = 1, seed: int | np.random.Generator | None = None, levels: int | None = None
) -> Game:
    """Return a game with independent payoffs: uniform on [0, 1], or on ``levels`` equally spaced values.

    Few levels make ties, and so degenerate games, likely.

    Examples
    --------
    >>> sc.games.random_game(2, n_types=3, seed=1).payoffs.shape
    (3, 2, 2)
    >>> sorted(set(sc.games.random_game(4, seed=1, levels=3).payoffs.ravel().tolist()))
    [0.0, 0.5, 1.0]
    """
    n_actions = checks.integer("n_actions", n_actions, 1, MAX_ACTIONS)
    shape = (checks.integer("n_types", n_types, 1, MAX_TYPES), n_actions, n_actions)
    rng = checks.generator(seed)
    if levels is None:
        return Game(rng.random(shape), "random game")
    levels = checks.integer("levels", levels, 2, 2**53)
    return Game(rng.integers(levels, size=shape) / (levels - 1), "random game")
