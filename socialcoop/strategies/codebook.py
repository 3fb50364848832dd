"""Codes: what is owed depends on all that was said, in a codebook of answers and in the wording of a convention."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games.game import MAX_ACTIONS, Game
from socialcoop.strategies.agreement import Agreement, AgreementSeat, fallback_certificate
from socialcoop.strategies.conventions import Convention, ConventionSeat, planned
from socialcoop.strategies.protocol import Actions, Floats, Indices, Strategy, pure
from socialcoop.strategies.rules import Fixed

Codes = NDArray[np.uint64]


class Codebook(checks.Frozen, Agreement):
    """Challenge and answer at every stage; a wrong one ends the cooperation.

    The partner's side plays a challenge drawn uniformly from the first ``challenges`` actions. The AI's side owes
    an answer: one of the first ``words`` actions, chosen once and for all as if at random for every history of
    challenges. The last action of the game is to walk away.

    Parameters
    ----------
    challenges
        Number m of challenges, at least 1.
    words
        Number of possible answers; by default all actions but the last.
    fallback
        What both sides play from the stage after the first wrong action on. By default they walk away for ever,
        the grim trigger, which is not consistent; with a learner it is.
    key
        Which codebook: different keys give different answers.

    Raises
    ------
    ValueError
        On sitting down, if the game has too few actions for the challenges or the words.

    Notes
    -----
    The members that the paper imagines in section 3.1, compatible and not consistent. Answers come from the mixing
    function of Steele, Lea and Flood (2014), applied to the challenges so far.

    Examples
    --------
    >>> book, talk = sc.Codebook(challenges=2), sc.games.conversation(4)
    >>> shown = sc.play(book, book, talk, (0, 0), horizon=6, seed=1)
    >>> answers, challenges = shown.actions[:, :, 0].T.tolist()
    >>> answers, challenges
    ([1, 0, 2, 0, 0, 1], [0, 1, 1, 0, 1, 0])
    """

    def __init__(
        self, challenges: int, fallback: Strategy | None = None, key: int = 0, words: int | None = None
    ) -> None:
        self.challenges = checks.integer("challenges", challenges, 1, 255)
        self.words = checks.optional(checks.integer, "words", words, 1, 255)
        self.fallback = checks.optional(checks.instance, "fallback", fallback, Strategy)
        self.key = checks.integer("key", key, 0, 2**63 - 1)

    def answers(self, challenges: NDArray[np.integer], game: Game) -> Indices:
        """Return the answer owed at every stage.

        Parameters
        ----------
        challenges
            The challenges of T stages, (T, B); the answer at a stage depends on those before it.
        game
            The stage game.

        Returns
        -------
        Array (T, B) of actions.
        """
        words = self._words(game)
        drawn = checks.integers("challenges", challenges, self.challenges, "(T, B)", 2)
        owed, codes = np.empty(drawn.shape, dtype=np.intp), opening(self.key, drawn.shape[1])
        for stage, row in enumerate(drawn):
            owed[stage] = owed_answer(codes, words)
            codes = continued(codes, row)
        return owed

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> AgreementSeat:
        words = self._words(game)
        fallback = Fixed(game.n_actions - 1) if self.fallback is None else self.fallback
        return _CodebookSeat(
            fallback, game, agent, types, horizon, self.challenges, words, opening(self.key, len(types))
        )

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        words, asked = slice(self._words(game)), slice(self.challenges)
        if self.fallback is None:
            return 1.0
        gains = game.payoffs.max(axis=1, keepdims=True) - game.payoffs
        per_stage = max(gains[:, words, asked].max(), gains[:, asked, words].max())  # on either side
        return fallback_certificate(self.fallback, game, horizon, (epsilon - per_stage) * horizon - 1)

    def _words(self, game: Game) -> int:
        """Return the number of possible answers, in a game that has room for them."""
        checks.instance("game", game, Game)
        if self.challenges >= game.n_actions:
            raise ValueError(
                f"challenges must be fewer than the {game.n_actions} actions of {game}, of which the last is to walk "
                f"away, got {self.challenges}"
            )
        return checks.integer("words", game.n_actions - 1 if self.words is None else self.words, 1, game.n_actions - 1)


class _CodebookSeat(AgreementSeat):
    """``code`` stands for the challenges so far."""

    per_episode: ClassVar[tuple[str, ...]] = ("types", "departed", "code")

    def __init__(
        self,
        fallback: Strategy,
        game: Game,
        agent: int,
        types: Indices,
        horizon: int,
        challenges: int,
        words: int,
        code: Codes,
    ) -> None:
        super().__init__(fallback, game, agent, types, horizon)
        self.challenges, self.words, self.code = challenges, words, code
        self.drawn = np.zeros((game.n_actions, 1))
        self.drawn[:challenges] = 1 / challenges

    def agreed(self) -> Floats:
        if self.agent == 0:
            return pure(owed_answer(self.code, self.words), self.game.n_actions)
        return np.repeat(self.drawn, self.episodes, axis=1)

    def compare(self, own: Actions, other: Actions, agreeing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        answer, challenge = (own, other) if self.agent == 0 else (other, own)
        leaves = (answer != owed_answer(self.code, self.words)) | (challenge >= self.challenges)
        self.code = np.where(agreeing & ~leaves, continued(self.code, challenge), self.code)
        return leaves


def owed_answer(codes: Codes, words: int) -> Indices:
    """Return the answers owed after the histories that the codes stand for."""
    if words & (words - 1) == 0:  # a power of two: the last bits, which take no division
        return (codes & np.uint64(words - 1)).astype(np.intp)
    return (codes % np.uint64(words)).astype(np.intp)


def opening(key: int, episodes: int) -> Codes:
    """Return the codes of the empty history under a key."""
    return mixed(np.full(episodes, key, dtype=np.uint64))


def continued(codes: Codes, challenges: Actions) -> Codes:
    """Return the codes of the histories with one more challenge."""
    return mixed(codes + np.asarray(challenges).astype(np.uint64))


def mixed(codes: Codes) -> Codes:
    """Return numbers that look independent of the given ones, the same for the same ones."""
    codes = codes + np.uint64(0x9E3779B97F4A7C15)
    codes = (codes ^ (codes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    codes = (codes ^ (codes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return codes ^ (codes >> np.uint64(31))


class CodedConvention(checks.Frozen, Agreement):
    """Follow a convention, and say each act in the wording that is owed; learn from the first departure on.

    In a game whose acts come in several wordings that pay the same, action ``wordings * act + wording``: the
    partner's side words its acts at random, the AI's side owes one wording, chosen once and for all as if at
    random for every history of the partner's wordings. A wrong act or a wrong wording is a departure.

    Parameters
    ----------
    convention
        What to do: a `Convention` for the acts. Its fallback is what to do after a departure.
    wordings
        Number of wordings of each act, as in the game, at least 1.
    key
        Which code: different keys give different wordings.

    Notes
    -----
    A `Convention` and a `Codebook` in one: members that share code and choice are compatible, with a consistent
    fallback each is consistent, and whoever would copy them for long needs a record of every history of wordings.

    Examples
    --------
    >>> game, member = sc.games.project(wordings=2), sc.strategies.CodedConvention(sc.Convention())
    >>> shown = sc.play(member, member, game, (0, 3), horizon=5, seed=1)
    >>> np.divmod(shown.actions[:, :, 0].T, 2)  # acts, and wordings, of both sides
    (array([[0, 0, 0, 0, 0],
           [3, 0, 0, 0, 0]], dtype=uint8), array([[1, 1, 1, 0, 1],
           [0, 1, 1, 0, 1]], dtype=uint8))
    """

    def __init__(self, convention: Convention, wordings: int = 2, key: int = 0) -> None:
        self.convention = checks.instance("convention", convention, Convention)
        self.wordings = checks.integer("wordings", wordings, 1, MAX_ACTIONS)
        self.key = checks.integer("key", key, 0, 2**63 - 1)

    def acts(self, game: Game) -> Game:
        """Return the game of the acts alone, for a game in which every act has the same number of wordings."""
        return _acts(checks.instance("game", game, Game), self.wordings)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> AgreementSeat:
        plan, code = planned(self.convention, self.acts(game), horizon), opening(self.key, len(types))
        return _CodedSeat(self.convention.fallback, plan, game, agent, types, horizon, self.wordings, code)

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        if horizon == 0:
            return 0.0
        left = epsilon * horizon - self.convention.regret_before(self.acts(game))
        return fallback_certificate(self.convention.fallback, game, horizon, left)


def worded(acts: Indices, n_acts: int, wordings: int) -> Floats:
    """Return the policy that plays ``acts`` (B,) for sure, each of its wordings as often, (acts × wordings, B)."""
    return _worded(n_acts, wordings).take(acts, axis=1)


@cache
def _worded(n_acts: int, wordings: int) -> Floats:
    return np.eye(n_acts).repeat(wordings, axis=0) / wordings


@lru_cache(maxsize=64)
def _acts(game: Game, wordings: int) -> Game:
    plain = game.payoffs[:, ::wordings, ::wordings]
    spoken = plain.repeat(wordings, axis=1).repeat(wordings, axis=2)
    if spoken.shape != game.payoffs.shape or not np.array_equal(spoken, game.payoffs):
        raise ValueError(f"game must have acts in {wordings} wordings each that pay the same, got {game}")
    return Game(plain, game.name, types=game.type_names)


class _CodedSeat(ConventionSeat):
    """``code`` stands for the partner's wordings so far."""

    per_episode: ClassVar[tuple[str, ...]] = (*ConventionSeat.per_episode, "code")

    def __init__(
        self,
        fallback: Strategy,
        plan: Indices,
        game: Game,
        agent: int,
        types: Indices,
        horizon: int,
        wordings: int,
        code: Codes,
    ) -> None:
        super().__init__(fallback, plan, game, agent, types, horizon)
        self.wordings, self.code = wordings, code
        self.acts, self.worded = np.divmod(np.arange(game.n_actions), wordings)  # of each action

    def agreed(self) -> Floats:
        acts = self.due()
        if self.agent == 0:
            return pure(acts * self.wordings + owed_answer(self.code, self.wordings), self.game.n_actions)
        return worded(acts, self.game.n_actions // self.wordings, self.wordings)

    def compare(self, own: Actions, other: Actions, agreeing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        answer, challenge = (self.worded.take(each) for each in ((own, other) if self.agent == 0 else (other, own)))
        wrong = answer != owed_answer(self.code, self.wordings)
        leaves = super().compare(self.acts.take(own), self.acts.take(other), agreeing) | wrong
        self.code = np.where(agreeing & ~leaves, continued(self.code, challenge), self.code)
        return leaves
