"""People who are consistent and compatible, and whom nobody serves well: proofs of what hidden types must cost."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.games.hidden_types import favourite_payoffs, level_payoffs
from socialcoop.strategies.codebook import continued, opening, owed_answer
from socialcoop.strategies.protocol import Actions, Floats, Indices, Seat, Strategy, pure
from socialcoop.strategies.spend_then_learn import SpendingSeat, spare_regret

HELPER = 0  # the type that minds nothing
Flags = NDArray[np.bool_]


class _Spiteful(checks.Frozen, Strategy):
    """Follow what people do for ``phase`` stages; from a departure on, and after the phase, spend, then learn."""

    def __init__(self, phase: int, epsilon: float, delta: float = 0.01) -> None:
        self.phase = checks.integer("phase", phase, 1)
        self.epsilon = checks.real("epsilon", epsilon, 0, np.inf, open_high=True)
        self.delta = checks.real("delta", delta, 0, 1, open_low=True)

    def _affords(self, horizon: int, epsilon: float, slots: int, costs: float) -> float:
        """Return delta if what it may regret before it spends, ``costs``, leaves something to spend, and else 1."""
        spare = spare_regret(horizon, slots, self.epsilon, self.delta)
        return self.delta if epsilon >= self.epsilon and costs <= spare + 1 else 1.0


class _SpitefulSeat(Seat):
    """Does what people do until it is ``aggrieved``; ``heard`` is what the other said of itself, -1 before."""

    per_episode: ClassVar[tuple[str, ...]] = ("types", "heard", "aggrieved")
    inner: ClassVar[tuple[str, ...]] = ("ledger",)

    def __init__(self, game: Game, types: Indices, ledger: SpendingSeat) -> None:
        super().__init__(game, len(types))
        self.types, self.ledger = types, ledger
        self.heard = np.full(self.episodes, -1)
        self.aggrieved = np.zeros(self.episodes, dtype=bool)
        self.stage = 0

    @abstractmethod
    def custom(self) -> Floats:
        """Return the policy (N, B) of people among themselves."""

    @abstractmethod
    def departs(self, other: Actions) -> Flags:
        """Take in what the other did, and return where, (B,), nobody of these people would have done it."""

    @abstractmethod
    def ends(self) -> bool:
        """Return whether custom ends with this stage."""

    def policy(self) -> Floats:
        spends = self.ledger.spending
        if spends.all():
            return self.ledger.policy()
        return np.where(spends, self.ledger.policy(), self.custom()) if spends.any() else self.custom()

    def observe(self, own: Actions, other: Actions) -> None:
        self.ledger.observe(own, other)
        if not self.aggrieved.all():
            leaves = self.departs(other) | self.ends()
            self.aggrieved = self.aggrieved | (leaves & (self.types != HELPER))
            self.ledger.spending = self.spends()
        self.stage += 1

    def spends(self) -> Flags:
        """Return where, (B,), it spends and learns from the next stage on."""
        return self.aggrieved


class Spiteful(_Spiteful):
    r"""Use the two words in turn, tell late which one is the favourite, and never forgive a departure from that.

    Parameters
    ----------
    phase
        Number of stages T̃ that people spend together, a multiple of 4.
    epsilon, delta
        They are (δ, ε, T)-consistent where the certificate says so, see `SpendThenLearn`.

    Notes
    -----
    Ours, Theorem *Four actions*, in `socialcoop.games.hidden_favourite`. For T̃/2 stages everybody uses word 1 and
    word 2 in turn. Then the helper plays service 1 to say that it is the helper, and a colleague says its favourite
    word. From there on the helper renders the service of the favourite that it was told. Whoever departs in the
    words meets a learner that looks at the words alone, and so tells nothing; whoever departs later, and everybody
    after T̃, meets one that spends, then learns.

    Examples
    --------
    >>> game, people = sc.games.hidden_favourite(0.5), sc.strategies.Spiteful(8, epsilon=0.5)
    >>> shown = sc.play(people, people, game, (0, 2), horizon=8, seed=1)
    >>> shown.actions[:, :, 0].T
    array([[0, 1, 0, 1, 2, 3, 3, 3],
           [0, 1, 0, 1, 1, 1, 1, 1]], dtype=uint8)
    """

    def __init__(self, phase: int, epsilon: float, delta: float = 0.01) -> None:
        super().__init__(phase, epsilon, delta)
        if self.phase % 4:
            raise ValueError(f"phase must be a multiple of 4, got {self.phase}")

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        return _FavouriteSeat(game, types, self._ledger(game, types, horizon), horizon, self.phase)

    def _ledger(self, game: Game, types: Indices, horizon: int) -> SpendingSeat:
        if (game.n_types, game.n_actions) != (3, 4):
            raise ValueError(f"game must have the 3 types and 4 actions of hidden_favourite, got {game}")
        spare = spare_regret(horizon, 3, self.epsilon, self.delta)
        favourite = np.maximum(types, 1) - 1
        slots = np.array([favourite, 1 - favourite, favourite + 2])
        return SpendingSeat(game, types, slots, 3 - favourite, spare, horizon, patient=False)

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        return self._certificate(game, horizon, epsilon, dear=2)  # the announcement and the departure

    def least_loss(self, game: Game, horizon: int, stops: ArrayLike, act: str = "service") -> Floats:
        r"""Return what an AI loses at least per stage that follows custom for some stages and then keeps to one act.

        Parameters
        ----------
        game
            The game, see `socialcoop.games.hidden_favourite`.
        horizon
            Number of stages T, at least T̃.
        stops
            Numbers of stages from 0 to T̃, (n,).
        act
            "word" or "service": that of the favourite if it has been told, and else word 1 or service 1.

        Returns
        -------
        Array (n,): altruistic regret per stage, the mean of both favourites.

        Notes
        -----
        The two cases of the proof of Theorem *Four actions*. After a stop in the words the colleague does not look at
        its favourite; after a later one, Lemma *The bank* says what it earns at most.

        Examples
        --------
        >>> game, people = sc.games.hidden_favourite(0.5), sc.strategies.Spiteful(7000, 0.035, 0.001)
        >>> people.least_loss(game, 14_000, stops=[0, 3501, 7000]).round(3)
        array([0.433, 0.071, 0.071])
        """
        horizon = checks.integer("horizon", horizon, self.phase)
        chosen = checks.integers("stops", stops, self.phase + 1, "(n,)", 1)
        serves = checks.choice("act", act, ("word", "service")) == "service"
        most = [self._most(game, horizon, chosen, favourite, serves) for favourite in (0, 1)]
        return float(game.payoffs[1, 0, 0]) - np.mean(most, axis=0) / horizon

    def _most(self, game: Game, horizon: int, stops: Indices, favourite: int, serves: bool) -> Floats:
        """Return what a colleague earns at most, in total, for each stop."""
        table, told = game.payoffs[favourite + 1], self.phase // 2
        spare = self._ledger(game, np.zeros(1, dtype=np.intp), horizon).spare
        turns, after = np.arange(told) % 2, np.ones(self.phase - told, dtype=np.intp)
        own, ai = np.r_[turns, favourite * after], np.r_[turns, (favourite + 2) * after]
        earned = np.append(0, table[own, ai].cumsum())
        fixed = np.insert(table[:, ai].cumsum(axis=1), 0, 0, axis=1)
        kept = np.where(stops > told, favourite, 0) + 2 * serves  # the act, by what is known of the favourite
        rest = horizon - stops
        blind = earned[stops] + rest * table[:2, kept].max(axis=0)
        still = earned[-1] if serves else earned[stops] + 1  # to serve is to follow custom
        banked = np.maximum(still, (fixed[:, stops] + rest * table[:, kept]).max(axis=0) - spare + 1)
        return np.where(stops < told, blind, banked)

    def _certificate(self, game: Game, horizon: int, epsilon: float, dear: int) -> float:
        """Return the certificate if so many stages before it spends may each cost 1, and the others next to nothing."""
        self._ledger(game, np.zeros(0, dtype=np.intp), horizon)
        bonus = float(game.payoffs[1, 0, 3])
        if not np.allclose(game.payoffs, favourite_payoffs(1 - game.payoffs[1, 0, 0], bonus), rtol=0, atol=1e-12):
            return 1.0  # nothing is proved for another game
        return self._affords(horizon, epsilon, 3, 2 * bonus * horizon + dear)


class _FavouriteSeat(_SpitefulSeat):
    """``blind`` marks who was left in the words, and learns from ``matches`` (2, B): how often each word was met."""

    per_episode: ClassVar[tuple[str, ...]] = (*_SpitefulSeat.per_episode, "blind", "matches")

    def __init__(self, game: Game, types: Indices, ledger: SpendingSeat, horizon: int, phase: int) -> None:
        super().__init__(game, types, ledger)
        self.horizon, self.phase = horizon, phase
        self.blind = np.zeros(self.episodes, dtype=bool)
        self.matches = np.zeros((2, self.episodes))

    @property
    def word(self) -> int:
        """The word whose turn it is."""
        return self.stage % 2

    def custom(self) -> Floats:
        if self.stage < self.phase // 2:
            actions = np.full(self.episodes, self.word)
        elif self.stage == self.phase // 2:
            actions = np.where(self.types == HELPER, 2, self.types - 1)
        else:
            actions = self.replies()
        policy = pure(actions, 4)
        if self.blind.any():
            rate = math.sqrt(8 * math.log(2) / self.horizon)
            weights = 1 / (1 + np.exp(np.clip(rate * (self.matches[1] - self.matches[0]), -700, 700)))
            policy[:, self.blind] = np.array([weights, 1 - weights, 0 * weights, 0 * weights])[:, self.blind]
        return policy

    def replies(self) -> Indices:
        """Return what is done once it is known whom one faces, (B,)."""
        return self._after(self.types, self.heard)

    def _after(self, own: Indices, other: Indices) -> Indices:
        """Return what a type does after it was told the other's."""
        serves = (other != HELPER) & ((own == HELPER) | (own == other))
        favourite = np.maximum(own, 1) - 1
        settled = np.where((own == HELPER) | (other != HELPER), self.word, favourite)
        return np.where(serves, np.maximum(other, 1) + 1, settled)

    def departs(self, other: Actions) -> Flags:
        if self.stage < self.phase // 2:
            leaves = other != self.word
            self.blind = self.blind | (leaves & ~self.aggrieved & (self.types != HELPER))
        elif self.stage == self.phase // 2:
            leaves = other == 3
            self.heard = np.where(other < 2, other + 1, HELPER)
        else:
            leaves = other != self._after(self.heard, self.types)
        return leaves

    def ends(self) -> bool:
        return self.stage + 1 >= self.phase

    def observe(self, own: Actions, other: Actions) -> None:
        learns = self.blind
        super().observe(own, other)
        if learns.any():
            self.matches = self.matches + (learns & (other == np.array([[0], [1]])))

    def spends(self) -> Flags:
        return self.aggrieved & ~self.blind


class SpitefulExaminer(Spiteful):
    r"""As `Spiteful`, but serve each other to the end of time, after an examination that only people pass.

    Parameters
    ----------
    phase, epsilon, delta
        As for `Spiteful`.
    begins
        Number of stages D after which the examination begins, at least T̃.
    answers
        Number k of answers that the helper owes, at least 1.
    key
        Which code: different keys owe different answers.

    Notes
    -----
    Ours, Theorem *Compatible at every horizon*. Once the favourite is told, the colleague plays coins from the two
    words, which costs it next to nothing while it is served. They are the question: in the next k stages the helper
    must render the service, or say the favourite word, as the code wants after just these coins. A wrong answer is
    a departure; nothing ends with the phase, but that two alike say their favourite from there on. To serve each
    other for ever would reward an assistant that only pretends to be one of them.

    Examples
    --------
    >>> game = sc.games.hidden_favourite(0.5)
    >>> people = sc.strategies.SpitefulExaminer(8, epsilon=0.5, begins=9, answers=2)
    >>> sc.play(people, people, game, (0, 2), horizon=14, seed=1).actions[:, 0, 0]
    array([0, 1, 0, 1, 2, 3, 3, 3, 3, 1, 3, 3, 3, 3], dtype=uint8)
    """

    def __init__(
        self, phase: int, epsilon: float, begins: int, answers: int = 1, delta: float = 0.01, key: int = 0
    ) -> None:
        super().__init__(phase, epsilon, delta)
        self.begins = checks.integer("begins", begins, self.phase)
        self.answers = checks.integer("answers", answers, 1)
        self.key = checks.integer("key", key, 0, 2**63 - 1)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        code = opening(self.key, len(types))
        ledger = self._ledger(game, types, horizon)
        return _ExaminerSeat(game, types, ledger, horizon, self.phase, self.begins, self.answers, code)

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        return self._certificate(game, horizon, epsilon, dear=2 + self.answers)


class _ExaminerSeat(_FavouriteSeat):
    """``code`` stands for the coins of the colleague, and for the number of the answer from there on."""

    per_episode: ClassVar[tuple[str, ...]] = (*_FavouriteSeat.per_episode, "code")

    def __init__(
        self,
        game: Game,
        types: Indices,
        ledger: SpendingSeat,
        horizon: int,
        phase: int,
        begins: int,
        answers: int,
        code: NDArray[np.uint64],
    ) -> None:
        super().__init__(game, types, ledger, horizon, phase)
        self.begins, self.answers, self.code = begins, answers, code

    @property
    def examines(self) -> bool:
        """Whether the helper owes an answer in this stage."""
        return self.begins <= self.stage < self.begins + self.answers

    def custom(self) -> Floats:
        policy = super().custom()
        if self.phase // 2 < self.stage < self.begins:
            asks = (self.types != HELPER) & (self.heard == HELPER) & ~self.blind
            policy[:, asks] = np.array([[0.5], [0.5], [0], [0]])
        return policy

    def _after(self, own: Indices, other: Indices) -> Indices:
        told = super()._after(own, other)
        if self.stage >= self.phase:
            told = np.where((own == other) & (own != HELPER), own - 1, told)
        if not self.examines:
            return told
        owes = (own == HELPER) & (other != HELPER) & (owed_answer(self.code, 2) == 1)
        return np.where(owes, np.maximum(other, 1) - 1, told)

    def ends(self) -> bool:
        return False

    def observe(self, own: Actions, other: Actions) -> None:
        super().observe(own, other)
        if self.phase // 2 + 1 < self.stage <= self.begins + self.answers:
            asked = np.where(self.types == HELPER, other, own)
            self.code = continued(self.code, asked)


def level_starts(horizon: int, phase: int, levels: int) -> list[int]:
    r"""Return after how many stages each level but the first begins, on the best grid.

    .. math:: \lceil t_j T \rceil, \qquad t_j = 1 - (1 - \lambda/L)^j, \quad \lambda = \tilde T / T

    Parameters
    ----------
    horizon, phase
        T and T̃, with T̃ from 1 to T.
    levels
        Number of levels L, at least 1.

    Examples
    --------
    >>> sc.strategies.level_starts(1_000_000, 500_000, levels=3)
    [166667, 305556]
    """
    horizon = checks.integer("horizon", horizon, 1)
    phase = checks.integer("phase", phase, 1, horizon)
    levels = checks.integer("levels", levels, 1)
    shrink = 1 - phase / horizon / levels
    return [math.ceil(round((1 - shrink**level) * horizon, 6)) for level in range(1, levels)]


class Levels(_Spiteful):
    r"""Tell one wish after the other, that for the gift never, and never forgive a departure from that.

    Parameters
    ----------
    phase
        Number of stages T̃ that people spend together.
    starts
        After how many stages each level but the first begins, see `level_starts`: ascending, from 1 to T̃ - 1.
    epsilon, delta
        They are (δ, ε, T)-consistent where the certificate says so, see `SpendThenLearn`.

    Notes
    -----
    Ours, Theorem *The price is exact*, in `socialcoop.games.hidden_levels`. The first stage of a level tells the
    wish, and the helper then renders that service. Whoever departs, and everybody after T̃, meets one that spends,
    then learns, among its replies and the thanks for its gift; each of them sleeps until it would have earned what
    may be wasted.

    Examples
    --------
    >>> game = sc.games.hidden_levels(lam=0.5, levels=2, options=2)
    >>> people = sc.strategies.Levels(8, starts=[4], epsilon=0.5)
    >>> shown = sc.play(people, people, game, (0, 3), horizon=16, seed=1)
    >>> shown.actions[:8, :, 0].T  # the second wish is told at the fifth stage
    array([[2, 2, 2, 2, 9, 4, 4, 4],
           [0, 0, 0, 0, 4, 1, 1, 1]], dtype=uint8)
    """

    def __init__(self, phase: int, starts: ArrayLike, epsilon: float, delta: float = 0.01) -> None:
        super().__init__(phase, epsilon, delta)
        self.starts = checks.integers("starts", starts, self.phase, "(L - 1,)", 1)
        if (np.diff(self.starts, prepend=0) < 1).any():
            raise ValueError(f"starts must ascend from at least 1, got {self.starts.tolist()}")

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        wants = _Wants(game, len(self.starts) + 1)
        wishes = wants.wishes(types)
        slots = np.array([*np.indices((wants.levels, len(types)))[0], wants.thanks + wishes[-1]])
        spare = spare_regret(horizon, len(slots), self.epsilon, self.delta)
        nothing = np.full(len(types), wants.nothing)
        ledger = SpendingSeat(game, types, slots, nothing, spare, horizon, patient=True)
        return _LevelSeat(game, types, ledger, wants, wishes, self.phase, self.starts)

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        wants, first = _Wants(game, len(self.starts) + 1), game.payoffs[1]
        levels = np.arange(wants.levels)
        pays = first[levels, wants.service(levels, np.zeros_like(levels))]
        bonus, value = float(first[wants.thanks, 0]), float(first[wants.thanks, wants.gift])
        if not np.allclose(game.payoffs, level_payoffs(pays, value, bonus, wants.options), rtol=0, atol=1e-12):
            return 1.0  # nothing is proved for another game
        return self._affords(horizon, epsilon, wants.levels + 1, bonus * horizon + 1)


class _Wants:
    """Where the actions of `hidden_levels` with so many levels lie, and what its types wish."""

    def __init__(self, game: Game, levels: int) -> None:
        self.levels, self.options = levels, (game.n_actions - 2 - levels) // (levels + 1)
        if self.options < 1 or game.n_types != self.options**levels + 1:
            raise ValueError(f"starts must fit the levels of the game, one less than they are, got {levels - 1}")
        self.nothing = game.n_actions - 1
        self.thanks = self.nothing - self.options
        self.gift = self.thanks - self.options

    def wishes(self, types: Indices) -> Indices:
        """Return the wish of each level, (L, B), that of the gift last."""
        digits = self.options ** np.arange(self.levels)[::-1, None]
        return (np.maximum(types, 1) - 1) // digits % self.options

    def service(self, level: Indices | int, wish: Indices) -> Indices:
        """Return the action that serves a wish; at the first level all wish for the same."""
        return np.where(np.equal(level, 0), self.levels, self.levels + 1 + (level - 1) * self.options + wish)

    def wished(self, level: int, action: Actions) -> Flags:
        """Return whether an action is one of the level's services."""
        return (action >= self.service(level, np.zeros(1, int))) & (
            action <= self.service(level, np.full(1, self.options - 1))
        )


class _LevelSeat(_SpitefulSeat):
    """``wishes`` (L, B) are its own; ``heard`` is the service that was last asked of it, or nothing."""

    per_episode: ClassVar[tuple[str, ...]] = (*_SpitefulSeat.per_episode, "wishes")

    def __init__(
        self,
        game: Game,
        types: Indices,
        ledger: SpendingSeat,
        wants: _Wants,
        wishes: Indices,
        phase: int,
        starts: Indices,
    ) -> None:
        super().__init__(game, types, ledger)
        self.wants, self.wishes, self.phase, self.starts = wants, wishes, phase, starts
        self.heard = np.full(self.episodes, wants.service(0, self.heard))

    @property
    def level(self) -> int:
        """The level of this stage."""
        return int(np.searchsorted(self.starts, self.stage, side="right"))

    @property
    def tells(self) -> bool:
        """Whether a wish is told in this stage."""
        return self.level > 0 and bool(self.starts[self.level - 1] == self.stage)

    def wanted(self) -> Indices:
        """Return the service that a colleague of its type wants now, (B,)."""
        return self.wants.service(self.level, self.wishes[self.level - 1])

    def custom(self) -> Floats:
        helps, replies = (self.wants.nothing, self.wanted()) if self.tells else (self.heard, self.level)
        return pure(np.where(self.types == HELPER, helps, replies), self.game.n_actions)

    def departs(self, other: Actions) -> Flags:
        if not self.tells:
            return other != self.wanted()
        self.heard = np.where(self.wants.wished(self.level, other), other, self.wants.nothing)
        return other != self.wants.nothing

    def ends(self) -> bool:
        return self.stage + 1 >= self.phase
