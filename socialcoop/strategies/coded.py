"""A convention in code: what to do is agreed, how to say it depends on all that was said."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games import MAX_ACTIONS, Game
from socialcoop.strategies.codebook import Codes, continued, mixed, owed_answer
from socialcoop.strategies.conventions import Convention, ConventionSeat, cached_plan
from socialcoop.strategies.departure import fallback_certificate
from socialcoop.strategies.protocol import Actions, Floats, Seat, Strategy, pure


class CodedConvention(Strategy):
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
    >>> game, member = sc.games.project(wordings=2), sc.CodedConvention(sc.Convention())
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

    def __repr__(self) -> str:
        return f"CodedConvention({self.convention}, wordings={self.wordings}{f', key={self.key}' if self.key else ''})"

    def acts(self, game: Game) -> Game:
        """Return the game of the acts alone, for a game in which every act has the same number of wordings."""
        return _acts(checks.instance("game", game, Game), self.wordings)

    def seat(self, game: Game, role: int, types: NDArray[np.intp], horizon: int) -> Seat:
        convention = self.convention
        code = None if convention.code is None else convention.code.tobytes()
        plan = cached_plan(convention, convention.select, code, self.acts(game), horizon)
        opening = mixed(np.full(len(types), self.key, dtype=np.uint64))
        return _CodedSeat(convention.fallback, plan, game, role, types, horizon, self.wordings, opening)

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        if horizon == 0:
            return 0.0
        left = epsilon * horizon - self.convention.regret_before(self.acts(game))
        return fallback_certificate(self.convention.fallback, game, horizon, left)


@lru_cache(maxsize=64)
def _acts(game: Game, wordings: int) -> Game:
    plain = game.payoffs[:, ::wordings, ::wordings]
    spoken = plain.repeat(wordings, axis=1).repeat(wordings, axis=2)
    if spoken.shape != game.payoffs.shape or not np.array_equal(spoken, game.payoffs):
        raise ValueError(f"game must have acts in {wordings} wordings each that pay the same, got {game}")
    return Game(plain, game.name, types=game.types)


class _CodedSeat(ConventionSeat):
    """``code`` stands for the partner's wordings so far."""

    per_episode: ClassVar[tuple[str, ...]] = (*ConventionSeat.per_episode, "code")

    def __init__(
        self,
        fallback: Strategy,
        plan: NDArray[np.intp],
        game: Game,
        role: int,
        types: NDArray[np.intp],
        horizon: int,
        wordings: int,
        code: Codes,
    ) -> None:
        super().__init__(fallback, plan, game, role, types, horizon)
        self.wordings, self.code = wordings, code

    def agreed(self) -> Floats:
        acts = self.plan[self.types, self.read, self.stage, 0]
        if self.role == 0:
            return pure(acts * self.wordings + owed_answer(self.code, self.wordings), self.game.n_actions)
        return pure(acts, self.game.n_actions // self.wordings).repeat(self.wordings, axis=0) / self.wordings

    def compare(self, own: Actions, other: Actions, agreeing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        (own_act, own_wording), (act, wording) = (np.divmod(actions, self.wordings) for actions in (own, other))
        answer, challenge = (own_wording, wording) if self.role == 0 else (wording, own_wording)
        wrong = answer != owed_answer(self.code, self.wordings)
        leaves = super().compare(own_act, act, agreeing) | wrong
        self.code = np.where(agreeing & ~leaves, continued(self.code, challenge), self.code)
        return leaves
