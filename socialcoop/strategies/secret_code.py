"""The secret code: a word drawn at random, the one right answer to it, and what a right answer opens."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies.codebook import mixed, owed_answer
from socialcoop.strategies.protocol import Actions, Floats, Indices, Seat, Strategy, pure

MAX_LENGTH = 52  # the number of a word is exact as a double, too


class SecretCode(checks.Frozen, Strategy):
    r"""Show a word, answer the counterpart's, and tell one's taste only to those who answer right.

    Type 0 is the helper, type θ ≥ 1 a guest who likes dish θ - 1, as in `games.hidden_taste`. Both sides do the same.

    - In the first ``length`` stages a guest tosses a fair coin between actions 0 and 1, and the helper plays 0.
    - At the next stage everybody answers the word that the counterpart has shown.
    - From then on a guest plays the dish it likes if its own word was answered right, else action 0. The helper
      plays action 0 once more, and then for ever what the counterpart has just played.

    Parameters
    ----------
    length
        Number j of stages that a word takes, from 0 to 52.
    key
        Which code, where ``code`` is not given: a key draws the answer to each word as if by a fair coin.
    code
        The answer, 0 or 1, to each of the 2^j words, in the order of their binary numbers, (2^j,).

    Raises
    ------
    ValueError
        If ``code`` has not one answer for each word; on sitting down, if the game has too few actions.

    Notes
    -----
    In `games.hidden_taste` with a bonus μ > 0 no action pays more than μ above another one, so that the population
    is :math:`(0, \epsilon, T)`-consistent for :math:`\epsilon \ge \mu`. It is
    :math:`(0, \epsilon, \tilde T)`-compatible if :math:`j + 2 \le \epsilon \tilde T`. An AI that does not know the
    code needs about as many records as there are words, whatever it does with them. In a game of more actions all
    but action 0 count as a 1 in a word, and all but the right answer are wrong.

    Examples
    --------
    >>> club, breakfast = sc.strategies.SecretCode(length=2, code=[0, 1, 1, 0]), sc.games.hidden_taste()
    >>> host, guest = sc.play(club, club, breakfast, (0, 2), horizon=7, seed=1).actions[:, :, 0].T.tolist()
    >>> guest  # a word of two letters, the answer to the host's, then coffee
    [0, 1, 0, 1, 1, 1, 1]
    >>> host
    [0, 0, 1, 0, 1, 1, 1]
    """

    def __init__(self, length: int, key: int = 0, code: ArrayLike | None = None) -> None:
        self.length = checks.integer("length", length, 0, MAX_LENGTH)
        self.key = checks.integer("key", key, 0, 2**63 - 1)
        self.code = checks.optional(checks.integers, "code", code, 2, "(2**length,)", 1)
        if self.code is not None and len(self.code) != 2**self.length:
            raise ValueError(f"code must hold {2**self.length} answers, one for each word, got {len(self.code)}")

    def answers(self, words: ArrayLike) -> Indices:
        """Return the right answers to words of 0 and 1, (length, B), in an array (B,)."""
        letters = checks.integers("words", words, 2, "(length, B)", 2)
        if len(letters) != self.length:
            raise ValueError(f"words must have {self.length} letters, one for each stage, got {len(letters)}")
        return self._owed(2 ** np.arange(self.length)[::-1] @ letters)

    def _owed(self, words: Indices) -> Indices:
        """Return the right answers to words given by their binary numbers, (B,)."""
        if self.code is not None:
            return self.code[words]
        return owed_answer(mixed(mixed(np.array([self.key], dtype=np.uint64)) + words.astype(np.uint64)), 2)

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        needed = max(2, game.n_types - 1)
        if game.n_actions < needed:
            raise ValueError(
                f"game must have at least {needed} actions, 0 and 1 for words and a dish for each guest, got {game}"
            )
        return _SecretCodeSeat(self, game, types)

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        # less is not enough: a helper can be led to one dish and then be shown the other, at each of the stages left
        gains = np.ptp(checks.instance("game", game, Game).payoffs, axis=1).max(axis=1)
        return 0.0 if (gains <= epsilon + game.ties).all() else 1.0


class _SecretCodeSeat(Seat):
    """``own`` and ``other`` are the words shown so far, as numbers; ``action`` is what to play once they are told."""

    per_episode: ClassVar[tuple[str, ...]] = ("types", "own", "other", "action")

    def __init__(self, secret: SecretCode, game: Game, types: Indices) -> None:
        super().__init__(game, len(types))
        self.secret, self.types, self.stage = secret, types, 0
        self.own, self.other = np.zeros((2, len(types)), dtype=np.intp)
        self.action = secret._owed(self.other) if secret.length == 0 else np.zeros(len(types), dtype=np.intp)

    def policy(self) -> Floats:
        mixed_actions = pure(self.action, self.game.n_actions)
        if self.stage < self.secret.length:
            mixed_actions[:2, self.types > 0] = 1 / 2
        return mixed_actions

    def observe(self, own: Actions, other: Actions) -> None:
        guest, after = self.types > 0, self.stage - self.secret.length
        if after < 0:
            self.own, self.other = 2 * self.own + (own > 0), 2 * self.other + (other > 0)
            if after == -1:
                self.action = self.secret._owed(self.other)
        elif after == 0:
            right = other == self.secret._owed(self.own)
            self.action = np.where(guest & right, self.types - 1, 0)
            self.own, self.other = np.zeros((2, self.episodes), dtype=np.intp)  # forgotten: they matter no more
        elif after == 1:
            self.action = np.where(guest, self.action, other)
        self.stage += 1
