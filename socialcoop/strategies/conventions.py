"""Conventions: announce the type, agree on an equilibrium, and fall back on learning when the other departs."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.equilibria import Profile, coarse_correlated_gain, pareto_optimal_nash
from socialcoop.games.game import TOLERANCE, Game
from socialcoop.strategies.agreement import MAX_HORIZON, Agreement, AgreementSeat, fallback_certificate
from socialcoop.strategies.combinators import ByAgent
from socialcoop.strategies.learners import Hedge
from socialcoop.strategies.protocol import Actions, Floats, Indices, Seat, Strategy, pure

Selection = Callable[[Game, tuple[int, int], list[Profile]], int]


def _welfare(game: Game, types: tuple[int, int], pones: list[Profile]) -> int:
    return _first_best([sum(pone.payoffs) for pone in pones], _tie(game, types))


def _egalitarian(game: Game, types: tuple[int, int], pones: list[Profile]) -> int:
    return _first_best([min(pone.payoffs) for pone in pones], _tie(game, types))


def _nash_product(game: Game, types: tuple[int, int], pones: list[Profile]) -> int:
    payoffs = np.array([pone.payoffs for pone in pones])
    gains = payoffs - payoffs.min(axis=0)  # over the worst PONE
    largest = gains.max(axis=0)
    return _first_best(list(gains.prod(axis=1)), float(largest @ game.ties[list(types)][::-1]))


def _favourite(agent: int) -> Selection:
    return lambda game, types, pones: _first_best([pone.payoffs[agent] for pone in pones], _tie(game, types))


def _tie(game: Game, types: tuple[int, int]) -> float:
    return float(game.ties[list(types)].max())


def _first_best(values: list[float], tie: float) -> int:
    """Return the first of the largest values; rounding does not break a tie."""
    return int(np.argmax(np.array(values) >= max(values) - tie))


SELECTIONS: dict[str, Selection] = {
    "welfare": _welfare,
    "egalitarian": _egalitarian,
    "nash product": _nash_product,
    "favourite of 0": _favourite(0),
    "favourite of 1": _favourite(1),
}


def schedule(joint: ArrayLike, horizon: int) -> Indices:
    """Return a list of joint actions whose counts stay within 1 of their shares at every stage.

    Parameters
    ----------
    joint
        Probabilities of the joint actions, (M,).
    horizon
        Number of stages T.

    Returns
    -------
    Array (T,) of indices: after t stages each joint action was played ``t * joint`` times, up to less than 1.

    Notes
    -----
    The quota method of apportionment (Balinski and Young 1975): among those that would not exceed their
    upper quota, the next stage goes to the one with the largest share for each stage it would then have.

    Examples
    --------
    >>> sc.strategies.schedule([0.5, 0.3, 0.2], horizon=10)
    array([0, 1, 0, 2, 0, 1, 0, 2, 0, 1])
    """
    shares = checks.distribution("joint", joint, "(M,)", 1)
    horizon = checks.integer("horizon", horizon, 0, MAX_HORIZON)
    if shares.max() == 1:
        return np.full(horizon, shares.argmax())
    counts = np.zeros(len(shares))
    order = np.empty(horizon, dtype=np.intp)
    for t in range(horizon):
        allowed = counts < (t + 1) * shares - TOLERANCE
        order[t] = np.argmax(np.where(allowed, shares / (counts + 1), -1.0))
        counts[order[t]] += 1
    return order


class Convention(checks.Frozen, Agreement):
    """Announce the own type, read the other's, play the agreed PONE; learn from the first departure on.

    A set of agents that share ``code`` and ``select`` is compatible, whatever their fallbacks; with a
    consistent fallback each is consistent.

    Parameters
    ----------
    select
        How the PONE for a joint type is chosen: one of "welfare", "egalitarian", "nash product",
        "favourite of 0", "favourite of 1", or a function of (game, joint type, list of PONE) that
        returns an index. Ties go to the first in the order of `pareto_optimal_nash`.
    code
        The actions by which each type is announced, (types, m), with different rows; by default the
        type's digits in base N. A game with one type needs no announcement.
    fallback
        The learner from the first departure on, started afresh with the horizon that is left.

    Raises
    ------
    ValueError
        If two types share an announcement; on sitting down, if the code does not fit the game.

    Notes
    -----
    A mixed PONE is played by a `schedule` of joint actions, so that realised payoffs stay close to it.

    Examples
    --------
    >>> habit, team = sc.Convention("welfare"), sc.games.team_lead()
    >>> habit.agreed(team, (0, 1))
    Profile([1. 0.], [1. 0.], pays 1.000, 0.600)
    >>> habit.plan(team, horizon=4)[0, 1].tolist()  # announce, then agree
    [[0, 1], [0, 0], [0, 0], [0, 0]]
    """

    def __init__(
        self, select: str | Selection = "welfare", code: ArrayLike | None = None, fallback: Strategy | None = None
    ) -> None:
        self.select = select if callable(select) else checks.choice("select", select, tuple(SELECTIONS))
        self.code = checks.optional(checks.integers, "code", code, checks.LARGEST, "(types, m)", 2)
        if self.code is not None and len(np.unique(self.code, axis=0)) < len(self.code):
            raise ValueError(f"code must announce different types by different actions, got {self.code.tolist()}")
        self.fallback: Strategy = Hedge() if fallback is None else checks.instance("fallback", fallback, Strategy)

    def codewords(self, game: Game) -> Indices:
        """Return the announcement of each type, (types, m)."""
        checks.instance("game", game, Game)
        if self.code is None:
            length = 0
            while game.n_actions**length < game.n_types:
                length += 1
                if game.n_actions == 1:
                    raise ValueError(f"game must have at least 2 actions to announce {game.n_types} types with, got 1")
            powers = game.n_actions ** np.arange(length)[::-1]
            return np.arange(game.n_types)[:, None] // powers % game.n_actions
        code = checks.integers("code", self.code, game.n_actions, "(types, m)", 2)
        if len(code) != game.n_types:
            raise ValueError(
                f"code must have one row for each of the {game.n_types} type(s) of {game}, got {len(code)}"
            )
        return code

    def agreed(self, game: Game, types: tuple[int, int]) -> Profile:
        """Return the PONE that is played once the joint type is known."""
        types = checks.instance("game", game, Game).pair(types)
        pones = pareto_optimal_nash(game, types)
        choose = self.select if callable(self.select) else SELECTIONS[self.select]
        return pones[checks.integer("select's answer", choose(game, types, pones), 0, len(pones) - 1)]

    def plan(self, game: Game, horizon: int) -> Indices:
        """Return the joint actions agreed on, (types, types, horizon, 2): announcement, then the PONE's schedule."""
        horizon = checks.integer("horizon", horizon, 0, MAX_HORIZON)
        words = self.codewords(game)
        length = min(words.shape[1], horizon)
        k = game.n_types
        plan = np.empty((k, k, horizon, 2), dtype=np.intp)
        plan[:, :, :length, 0] = words[:, None, :length]
        plan[:, :, :length, 1] = words[None, :, :length]
        for types in np.ndindex(k, k):
            first, second = self.agreed(game, types).strategies
            order = schedule(np.outer(first, second).ravel(), horizon - length)
            plan[types][length:] = np.stack(np.divmod(order, game.n_actions), axis=-1)
        return plan

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> ConventionSeat:
        plan = planned(self, game, horizon)
        return ConventionSeat(self.fallback, plan, game, agent, types, horizon)

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        if horizon == 0:
            return 0.0
        return fallback_certificate(self.fallback, game, horizon, epsilon * horizon - self.regret_before(game))

    def regret_before(self, game: Game) -> int:
        """Return what the regret never exceeds before the fallback starts."""
        supports = [
            np.count_nonzero(np.outer(*self.agreed(game, types).strategies))
            for types in np.ndindex(game.n_types, game.n_types)
        ]
        # a schedule of one joint action is exact; any other strays by less than 1 in each of its joint actions
        strays = max(support if support > 1 else 0 for support in supports)
        # regret adds up: announcement, schedule, the stage of the departure
        return self.codewords(game).shape[1] + strays + 1


@lru_cache(maxsize=64)
def planned(convention: Convention, game: Game, horizon: int) -> Indices:
    """Return the convention's plan; remembered, since every seat needs it."""
    return convention.plan(game, horizon)


class ConventionSeat(AgreementSeat):
    """Follows the plan while somebody could: ``possible`` marks the other's types that fit all it did.

    ``read`` is the first of them; while there are several they share the own announcement.
    """

    per_episode: ClassVar[tuple[str, ...]] = ("types", "departed", "possible", "read")

    def __init__(self, fallback: Strategy, plan: Indices, game: Game, agent: int, types: Indices, horizon: int) -> None:
        super().__init__(fallback, game, agent, types, horizon)
        # own type, other's type, stage, (own action, other's action)
        self.plan = plan if agent == 0 else plan.transpose(1, 0, 2, 3)[..., ::-1]
        self.possible = np.ones((self.plan.shape[1], len(types)), dtype=bool)
        self.read = np.zeros(len(types), dtype=np.intp)

    def due(self) -> Indices:
        """Return the own acts that the plan asks for at this stage, (B,)."""
        return self.plan[:, :, self.stage, 0].take(self.types * self.plan.shape[1] + self.read)

    def agreed(self) -> Floats:
        return pure(self.due(), self.game.n_actions)

    def compare(self, own: Actions, other: Actions, agreeing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        fits = self.possible & (other == self.plan[:, :, self.stage, 1].T.take(self.types, axis=1))
        leaves = (own != self.due()) | ~fits.any(axis=0)
        ruled_out = (self.possible != fits) & (agreeing & ~leaves)
        if ruled_out.any():  # seldom, once the types have shown
            self.possible = self.possible & ~ruled_out
            self.read = self.possible.argmax(axis=0)
        return leaves


class JointSchedule(checks.Frozen, Agreement):
    """Play one's part in a schedule of joint actions; learn from the first departure on.

    Two of them with the same joint distribution walk to it together, as close as a `schedule` can.

    Parameters
    ----------
    joint
        The distribution z[a, b] of the AI's and the partner's action to walk to, (N, N); the same for all types.
    fallback
        The learner from the first departure on, started afresh with the horizon that is left; by default `Hedge`.

    Notes
    -----
    If the joint distribution is a coarse correlated equilibrium the regret on schedule never exceeds the size
    k of its support, so the whole regret is at most k + 1 plus the fallback's: consistent, whoever is met.
    That every such equilibrium is reached by a pair of no-regret learners is theorem 3 of Monnot and
    Piliouras (2017).

    Examples
    --------
    >>> turns = sc.strategies.JointSchedule([[0, 0.5], [0.5, 0]])
    >>> turns.steps(sc.games.chicken(), horizon=4).tolist()
    [[0, 1], [1, 0], [0, 1], [1, 0]]
    """

    def __init__(self, joint: ArrayLike, fallback: Strategy | None = None) -> None:
        self.joint = checks.joint("joint", joint)
        self.fallback: Strategy = Hedge() if fallback is None else checks.instance("fallback", fallback, Strategy)

    def steps(self, game: Game, horizon: int) -> Indices:
        """Return the joint actions agreed on, (horizon, 2)."""
        self._check(game)
        order = _order(self, checks.integer("horizon", horizon, 0, MAX_HORIZON))
        return np.stack(np.divmod(order, game.n_actions), axis=-1)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> ConventionSeat:
        steps = self.steps(game, horizon)
        # whatever the other's type, one plan
        plan = np.broadcast_to(steps, ((game.n_types, 1) if agent == 0 else (1, game.n_types)) + steps.shape)
        return ConventionSeat(self.fallback, plan, game, agent, types, horizon)

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        self._check(game)
        if horizon == 0:
            return 0.0
        gains = np.array([coarse_correlated_gain(self.joint, game, (each, each)) for each in range(game.n_types)])
        lost = max(float(gains[gains > game.ties[:, None]].max(initial=0.0)), 0.0)
        before = lost * horizon + np.count_nonzero(self.joint) + 1
        return fallback_certificate(self.fallback, game, horizon, epsilon * horizon - before)

    def _check(self, game: Game) -> None:
        checks.instance("game", game, Game)
        if len(self.joint) != game.n_actions:
            raise ValueError(f"joint must have shape {(game.n_actions,) * 2} for {game}, got {self.joint.shape}")


@lru_cache(maxsize=64)
def _order(agreement: JointSchedule, horizon: int) -> Indices:
    """Return the schedule of its joint distribution; remembered, since every seat needs it."""
    return schedule(agreement.joint.ravel(), horizon)


class Signal(checks.Frozen, Strategy):
    """Announce the own type by one action, then for ever give one answer to the other's first action.

    Parameters
    ----------
    code
        The first action of each own type, (types,).
    answer
        What to play after each first action of the other, (N,).

    Examples
    --------
    >>> host = guest = sc.strategies.Signal(code=[0, 0, 1], answer=[0, 1])
    >>> sc.play(host, guest, sc.games.hidden_taste(), (0, 2), horizon=4).actions[:, 0, 0]
    array([0, 1, 1, 1], dtype=uint8)
    """

    def __init__(self, code: ArrayLike, answer: ArrayLike) -> None:
        self.code = checks.integers("code", code, checks.LARGEST, "(types,)", 1)
        self.answer = checks.integers("answer", answer, checks.LARGEST, "(N,)", 1)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        for name, given, length in (("code", self.code, game.n_types), ("answer", self.answer, game.n_actions)):
            if len(given) != length:
                raise ValueError(f"{name} must hold {length} actions for {game}, got {len(given)}")
            checks.integers(name, given, game.n_actions, f"({length},)", 1)
        return _SignalSeat(game, self.code[types], self.answer)


class _SignalSeat(Seat):
    per_episode: ClassVar[tuple[str, ...]] = ("action",)

    def __init__(self, game: Game, action: Indices, answer: Indices) -> None:
        super().__init__(game, len(action))
        self.action, self.answer = action, answer
        self.announced = False

    def policy(self) -> Floats:
        return pure(self.action, self.game.n_actions)

    def observe(self, own: Actions, other: Actions) -> None:
        if not self.announced:
            self.action = self.answer[other]
            self.announced = True


def announcing_classes() -> tuple[Strategy, Strategy]:
    """Return a member of each of two classes for `games.hidden_taste`, whose partners announce in opposite ways.

    On the AI's side all announce alike, and on the partner's side all read alike: only what the partner's
    announcement means differs, so nothing that the AI can do shows it which class it faces.

    Examples
    --------
    >>> breakfast, (first, second) = sc.games.hidden_taste(), sc.strategies.announcing_classes()
    >>> mornings = [sc.play(first, guest, breakfast, (0, 1), 100) for guest in (first, second)]
    >>> [float(sc.altruistic_regret(each)[0].round(2)) for each in mornings]
    [0.0, 97.04]
    """
    plain, read, opposite, read_opposite = [0, 0, 1], [0, 1], [1, 1, 0], [1, 0]
    return (
        ByAgent(Signal(plain, read), Signal(plain, read)),
        ByAgent(Signal(plain, read_opposite), Signal(opposite, read)),
    )
