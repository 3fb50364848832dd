"""The codebook: a convention that asks for the right answer after every history, and what a wrong one sets off."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies.departure import AgreementSeat, fallback_certificate
from socialcoop.strategies.protocol import Actions, Floats, Seat, Strategy, pure
from socialcoop.strategies.scripted import Fixed

Codes = NDArray[np.uint64]


class Codebook(Strategy):
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
        self.words = None if words is None else checks.integer("words", words, 1, 255)
        self.fallback = None if fallback is None else checks.instance("fallback", fallback, Strategy)
        self.key = checks.integer("key", key, 0, 2**63 - 1)

    def __repr__(self) -> str:
        ending = "" if self.fallback is None else f", fallback={self.fallback}"
        ending += f", key={self.key}" if self.key else ""
        return f"Codebook({self.challenges}{ending}{'' if self.words is None else f', words={self.words}'})"

    def answers(self, challenges: NDArray[np.integer], game: Game) -> NDArray[np.intp]:
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
        owed, codes = np.empty(drawn.shape, dtype=np.intp), self._opening(drawn.shape[1])
        for stage, row in enumerate(drawn):
            owed[stage] = owed_answer(codes, words)
            codes = continued(codes, row)
        return owed

    def seat(self, game: Game, role: int, types: NDArray[np.intp], horizon: int) -> Seat:
        words = self._words(game)
        fallback = Fixed(game.n_actions - 1) if self.fallback is None else self.fallback
        return _CodebookSeat(fallback, game, role, types, horizon, self.challenges, words, self._opening(len(types)))

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        words, asked = slice(self._words(game)), slice(self.challenges)
        if self.fallback is None:
            return 1.0
        gains = game.payoffs.max(axis=1, keepdims=True) - game.payoffs
        per_stage = max(gains[:, words, asked].max(), gains[:, asked, words].max())  # on either side
        return fallback_certificate(self.fallback, game, horizon, (epsilon - per_stage) * horizon - 1)

    def _opening(self, episodes: int) -> Codes:
        return mixed(np.full(episodes, self.key, dtype=np.uint64))

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
        role: int,
        types: NDArray[np.intp],
        horizon: int,
        challenges: int,
        words: int,
        code: Codes,
    ) -> None:
        super().__init__(fallback, game, role, types, horizon)
        self.challenges, self.words, self.code = challenges, words, code
        self.drawn = np.zeros((game.n_actions, 1))
        self.drawn[:challenges] = 1 / challenges

    def agreed(self) -> Floats:
        if self.role == 0:
            return pure(owed_answer(self.code, self.words), self.game.n_actions)
        return np.repeat(self.drawn, self.episodes, axis=1)

    def compare(self, own: Actions, other: Actions, agreeing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        answer, challenge = (own, other) if self.role == 0 else (other, own)
        leaves = (answer != owed_answer(self.code, self.words)) | (challenge >= self.challenges)
        self.code = np.where(agreeing & ~leaves, continued(self.code, challenge), self.code)
        return leaves


def owed_answer(codes: Codes, words: int) -> NDArray[np.intp]:
    """Return the answers owed after the histories that the codes stand for."""
    return (codes % np.uint64(words)).astype(np.intp)


def continued(codes: Codes, challenges: Actions) -> Codes:
    """Return the codes of the histories with one more challenge."""
    return mixed(codes + np.asarray(challenges).astype(np.uint64))


def mixed(codes: Codes) -> Codes:
    """Return numbers that look independent of the given ones, the same for the same ones."""
    codes = codes + np.uint64(0x9E3779B97F4A7C15)
    codes = (codes ^ (codes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    codes = (codes ^ (codes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return codes ^ (codes >> np.uint64(31))
