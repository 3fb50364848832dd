"""Strategies with a finite memory: automata, and those that react to the last stage alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from socialcoop import checks
from socialcoop.games.game import ROUNDING, Game
from socialcoop.strategies.protocol import (
    Actions,
    Floats,
    Indices,
    Seat,
    Strategy,
    check_action,
    mixed_action,
    mixed_rows,
    pure,
)


class Automaton(checks.Frozen, Strategy):
    """Play by a finite automaton: each state has a mixed action, and the actions of a stage lead to the next state.

    Parameters
    ----------
    actions
        For each of the S states an action's index, or a distribution (N,).
    moves
        The next state by state and the partner's action, (S, N); or by state, own and partner's action, (S, N, N).
    start
        The first state; or one for each own type, (types,).

    Raises
    ------
    ValueError
        If the tables do not fit each other; on sitting down, if they do not fit the game.

    Notes
    -----
    A Moore machine: the usual model of bounded rationality in repeated games (Rubinstein 1986, Abreu and Rubinstein
    1988). Own types may behave quite differently: let each one start in states of its own.

    Examples
    --------
    >>> mirror = sc.strategies.Automaton([0, 1], moves=[[0, 1], [0, 1]])
    >>> two_tats = sc.strategies.Automaton([0, 0, 1], moves=[[0, 1], [0, 2], [0, 2]])  # forgives the first
    >>> script = sc.Scripted([1, 0, 1, 1, 0, 0])
    >>> for strategy in (mirror, two_tats):
    ...     sc.play(strategy, script, sc.games.chicken(), (0, 0), horizon=6).actions[:, 0, 0].tolist()
    [0, 1, 0, 1, 1, 0]
    [0, 0, 0, 0, 1, 0]
    """

    def __init__(self, actions: Sequence[int | ArrayLike], moves: ArrayLike, start: int | ArrayLike = 0) -> None:
        given = checks.listed("actions", actions, "actions, one for each state")
        shape = f"(S, N) or (S, N, N) with S = {len(given)} states"
        self.moves = checks.integers("moves", moves, len(given), shape, (2, 3))
        n_states, n_actions, *again = self.moves.shape
        if n_states != len(given) or n_actions == 0 or again not in ([], [n_actions]):
            raise ValueError(f"moves must have shape {shape}, got shape {self.moves.shape}")
        self.actions = np.array([_row(f"actions[{state}]", each, n_actions) for state, each in enumerate(given)])
        self.start = checks.integers("start", start, n_states, "() or (types,)", (0, 1))

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        _check_size("moves", self.moves.shape[1], game)
        if self.start.shape not in ((), (game.n_types,)):
            raise ValueError(f"start must hold {game.n_types} states for {game}, got {len(self.start)}")
        joint = self.moves if self.moves.ndim == 3 else self.moves[:, None, :]
        moves = np.broadcast_to(joint, (len(joint), game.n_actions, game.n_actions))
        return _AutomatonSeat(game, self.actions, moves, np.broadcast_to(self.start, game.n_types)[types])


def _row(name: str, value: int | ArrayLike, n_actions: int) -> Floats:
    """Return a state's distribution (N,)."""
    mixed = mixed_action(name, value, n_actions)
    row = np.eye(n_actions)[mixed] if isinstance(mixed, int) else mixed
    if row.ndim != 1:
        raise ValueError(f"{name} must have shape (N,), got shape {row.shape}")
    return row


def _check_size(name: str, n_actions: int, game: Game) -> None:
    if n_actions != game.n_actions:
        raise ValueError(f"{name} must be for the {game.n_actions} action(s) of {game}, got {n_actions}")


class _AutomatonSeat(Seat):
    """Goes from state to state: ``mixed`` (S, N) is what each one plays, ``moves`` (S, N, N) what comes next."""

    per_episode: ClassVar[tuple[str, ...]] = ("current",)

    def __init__(self, game: Game, mixed: Floats, moves: Indices, current: Indices) -> None:
        super().__init__(game, len(current))
        self.mixed, self.moves = np.ascontiguousarray(mixed.T), moves
        self.current = current

    def policy(self) -> Floats:
        return self.mixed[:, self.current]

    def observe(self, own: Actions, other: Actions) -> None:
        self.current = self.moves[self.current, own, other]


class MemoryOne(checks.Frozen, Strategy):
    """React to what both played last, whatever was before.

    Parameters
    ----------
    replies
        The mixed action after each joint action, own one first, (N, N, N); or such a table for each own type,
        (types, N, N, N).
    opening
        What it plays first: an action's index, a distribution (N,), or one for each own type, (types, N).

    Raises
    ------
    ValueError
        If the table and the opening do not fit each other; on sitting down, if they do not fit the game.

    Examples
    --------
    Tit-for-tat, which now and then (one time in ten) does not notice that it was cheated:

    >>> notices, fails_to = [[1, 0], [0, 1]], [[1, 0], [0.1, 0.9]]
    >>> careless = sc.strategies.MemoryOne([fails_to, notices])
    >>> seat = careless.seat(sc.games.prisoners_dilemma(), 0, types=np.zeros(3, int), horizon=9)
    >>> seat.observe(own=np.array([0, 0, 1]), other=np.array([0, 1, 1]))
    >>> seat.policy()
    array([[1. , 0.1, 0. ],
           [0. , 0.9, 1. ]])
    """

    def __init__(self, replies: ArrayLike, opening: int | ArrayLike = 0) -> None:
        shape = "(N, N, N) or (types, N, N, N)"
        self.replies = checks.distribution("replies", replies, shape, (3, 4))
        n_actions = self.replies.shape[-1]
        if self.replies.shape[-3:] != (n_actions,) * 3 or self.replies.size == 0:
            raise ValueError(f"replies must have shape {shape}, got shape {self.replies.shape}")
        self.opening = mixed_action("opening", opening, n_actions)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        _check_size("replies", self.replies.shape[-1], game)
        if self.replies.ndim == 4 and len(self.replies) != game.n_types:
            raise ValueError(f"replies must have a table for each of the {game.n_types} types, got {len(self.replies)}")
        replies = np.broadcast_to(self.replies, (game.n_types, *self.replies.shape[-3:]))
        return _MemoryOneSeat(game, types, replies, mixed_rows("opening", self.opening, game)[types])

    @classmethod
    def generous_tit_for_tat(cls, generosity: float, n_actions: int = 2, cooperate: int = 0) -> Self:
        """Return one that does as it was done by, but sometimes forgives.

        Parameters
        ----------
        generosity
            With which probability it plays ``cooperate`` after any other action of the partner, in [0, 1].
        n_actions
            Number of actions of the game.
        cooperate
            The action's index; it opens with it.

        Notes
        -----
        Nowak and Sigmund (1992). Where cooperating earns R for both and P for neither, T alone and S among cheats,
        the most generous that nobody gains from cheating is min(1 - (T - R)/(R - S), (R - P)/(T - P)).

        Examples
        --------
        >>> forgiving = sc.strategies.MemoryOne.generous_tit_for_tat(1 / 3)
        >>> forgiving.replies[0].round(2)  # after the partner's 0, and after its 1
        array([[1.  , 0.  ],
               [0.33, 0.67]])
        """
        generosity = checks.real("generosity", generosity, 0, 1)
        n_actions = checks.integer("n_actions", n_actions, 1, 256)
        cooperate = checks.integer("cooperate", cooperate, 0, n_actions - 1)
        mirror = np.eye(n_actions)
        by_other = (1 - generosity) * mirror + generosity * mirror[cooperate]
        return cls(np.broadcast_to(by_other, (n_actions,) * 3), cooperate)

    @classmethod
    def zero_determinant(
        cls,
        game: Game,
        types: tuple[int, int],
        chi: float,
        baseline: float,
        phi: float | None = None,
        agent: int = 0,
        opening: int = 0,
    ) -> Self:
        r"""Return one that ties its long-run payoff to the partner's, whatever the partner does.

        Per stage and in the long run, :math:`s_{own} - l = \chi (s_{other} - l)`.

        Parameters
        ----------
        game
            A game with two actions.
        types
            The joint type for which the payoffs are tied.
        chi
            The slope χ. In a prisoner's dilemma more than 1 is extortion or generosity, 1 is fair.
        baseline
            The payoff l which both have when one has it, unless χ is 0. In a prisoner's dilemma the payoff of mutual
            defection makes it extort, that of mutual cooperation makes it generous.
        phi
            How strongly it reacts, more than 0. By default half of the most that gives probabilities, as in the
            paper's example.
        agent
            Whose strategy it is: 0 for the AI, 1 for the partner.
        opening
            The first action's index.

        Raises
        ------
        ValueError
            If no ``phi`` gives probabilities, or the given one does not: then the sentence says which would.

        Notes
        -----
        Press and Dyson (2012). Let :math:`D = (u_{own} - l) - \chi (u_{other} - l)` for each joint action. It plays
        action 0 with probability 1 + φ D after its own action 0, and φ D after its action 1 (-D if the actions come
        in the other order). So φ D is by how much action 0 has become more probable than it was; what it adds up to,
        in expectation, is the change between the first stage and the one after the last, which is at most 1. Hence
        after T stages the two sides differ by at most 1/(φ T) in expectation.

        The partner's payoffs are read here, where somebody who knows them writes down a table; who plays by the table
        does not know them.

        Examples
        --------
        Whatever the partner gains beyond .2, the extortioner gains three times as much:

        >>> game = sc.games.prisoners_dilemma()
        >>> extort = sc.strategies.MemoryOne.zero_determinant(game, (0, 0), chi=3, baseline=0.2)
        >>> met = sc.play(extort, sc.Fixed([0.9, 0.1]), game, (0, 0), horizon=2000, episodes=20, seed=1)
        >>> own, other = (met.payoffs(agent).mean() - 0.2 for agent in (0, 1))
        >>> round(float(own / other), 1)
        3.0
        """
        tables = checks.instance("game", game, Game).stage(types)
        agent = checks.integer("agent", agent, 0, 1)
        excess = _excess(game, tables[agent], tables[1 - agent].T, chi, baseline)
        strongest = 1 / np.abs(excess).max()
        chosen = strongest / 2
        if phi is not None:
            chosen = checks.real("phi", phi, 0, strongest * (1 + ROUNDING), open_low=True)
        again = np.array([[1.0], [0.0]]) + np.clip(chosen * excess, -1, 1)  # the strongest may miss 1 by rounding
        return cls(np.stack([again, 1 - again], axis=-1), opening)


def _excess(game: Game, own: Floats, other: Floats, chi: float, baseline: float) -> Floats:
    """Return D, (2, 2): by how much own payoffs exceed what they are tied to; at most 0 after 0, at least 0 after 1.

    Where it is the other way round, -D is returned: the actions have changed names.
    """
    if game.n_actions != 2:
        raise ValueError(f"game must have 2 actions, got {game.n_actions}")
    chi = checks.real("chi", chi, -np.inf, np.inf, open_low=True, open_high=True)
    baseline = checks.real("baseline", baseline, -np.inf, np.inf, open_low=True, open_high=True)
    excess = (own - baseline) - chi * (other - baseline)
    unit = max(float(own.max()), abs(chi) * float(other.max()), abs(baseline) * (1 + abs(chi)))
    excess[np.abs(excess) <= 16 * np.finfo(float).eps * unit] = 0  # as good as equal, but for rounding
    fits = [sign for sign in (1, -1) if (sign * excess[0] <= 0).all() and (sign * excess[1] >= 0).all()]
    if len(fits) != 1:
        why = "the payoffs are so tied whatever is played" if fits else "no phi gives probabilities"
        raise ValueError(f"chi = {checks.shown(chi)} and baseline = {checks.shown(baseline)} cannot be enforced: {why}")
    return fits[0] * excess


class _MemoryOneSeat(Seat):
    """Reads its next mixed action from ``replies`` (types, N, N, N)."""

    per_episode: ClassVar[tuple[str, ...]] = ("types", "mixed")

    def __init__(self, game: Game, types: Indices, replies: Floats, opening: Floats) -> None:
        super().__init__(game, len(types))
        self.types, self.replies = types, replies
        self.mixed = np.ascontiguousarray(opening.T)

    def policy(self) -> Floats:
        return self.mixed

    def observe(self, own: Actions, other: Actions) -> None:
        self.mixed = np.ascontiguousarray(self.replies[self.types, own, other].T)


class WinStayLoseShift(checks.Frozen, Strategy):
    """Repeat an action that earned enough, else go on to the next one (after the last one, to the first).

    Parameters
    ----------
    aspiration
        The payoff that is enough, in [0, 1]. By default the middle between the own type's least and greatest payoff.
    opening
        The first action's index.

    Notes
    -----
    Nowak and Sigmund (1993), also called Pavlov. In their prisoner's dilemma (5, 3, 1, 0) a stage is won that earns 5
    or 3; the middle, 2.5, says the same, as it does wherever 2 P < T + S ≤ 2 R. Other aspirations are in Posch (1999).

    Examples
    --------
    Two of them find back to cooperation after a slip:

    >>> pavlov, slips = sc.strategies.WinStayLoseShift(), sc.strategies.WinStayLoseShift(opening=1)
    >>> sc.play(pavlov, slips, sc.games.prisoners_dilemma(), (0, 0), horizon=4).actions[:, :, 0]
    array([[0, 1],
           [1, 1],
           [0, 0],
           [0, 0]], dtype=uint8)
    """

    def __init__(self, aspiration: float | None = None, opening: int = 0) -> None:
        self.aspiration = checks.optional(checks.real, "aspiration", aspiration, 0, 1)
        self.opening = checks.integer("opening", opening)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        payoffs, own = game.payoffs, np.arange(game.n_actions)[:, None]
        enough = (payoffs.min(axis=(1, 2)) + payoffs.max(axis=(1, 2))) / 2
        if self.aspiration is not None:
            enough[:] = self.aspiration
        won = payoffs >= (enough - game.ties)[:, None, None]
        after = np.where(won, own, (own + 1) % game.n_actions)
        return _WinStaySeat(game, types, after, check_action("opening", self.opening, game))


class _WinStaySeat(Seat):
    """Reads its next action from ``after`` (types, N, N)."""

    per_episode: ClassVar[tuple[str, ...]] = ("types", "action")

    def __init__(self, game: Game, types: Indices, after: Indices, opening: int) -> None:
        super().__init__(game, len(types))
        self.types, self.after = types, after
        self.action = np.full(len(types), opening)

    def policy(self) -> Floats:
        return pure(self.action, self.game.n_actions)

    def observe(self, own: Actions, other: Actions) -> None:
        self.action = self.after[self.types, own, other]
