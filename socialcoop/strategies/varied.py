"""People who keep to the habit that one of them likes, in a way that changes."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.games.varied import HABITS, team_names
from socialcoop.strategies.agreement import Agreement, AgreementSeat, fallback_certificate
from socialcoop.strategies.codebook import Codes, continued, opening, owed_answer, worded
from socialcoop.strategies.learners import Hedge
from socialcoop.strategies.protocol import Actions, Floats, Indices, Strategy

# by how much the way moves on, and how likely it does so rather than be another one
CHANGES = {"usual": (0, 1.0), "rota": (1, 1.0), "sticky": (0, 0.5), "fresh": (0, 0.0)}


class VariedTeam(checks.Frozen, Agreement):
    """Keep to the partner's habit, in a way that changes by a rule; learn from a departure on.

    After some stages of small talk, all in act 0 of the AI's side, the partner plays the habit that it likes, and
    from the next stage on both keep to that habit. The game has to be a `varied_team`.

    Parameters
    ----------
    change
        How the way changes once the habit has shown:

        - "usual": it stays the same;
        - "rota": the next way comes at each stage;
        - "sticky": it stays, or it is another one;
        - "fresh": it is another one at each stage.
    stay
        Probability that the way is the one that the rule says, and not another one; by default 1 for "usual" and
        "rota", .5 for "sticky" and 0 for "fresh". What happens is fixed once and for all as if at random for every
        history, wordings included.
    small_talk
        Number of stages before the habit shows.
    patience
        Number of stages with a wrong act, of either side, that are forgiven; the next one is the departure.
    fallback
        What to play from the stage after the departure on, started afresh with the horizon that is left; by default
        `Hedge`.
    key
        Which history leads to which way: different keys give different ways.
    opposite
        Whether the habit that shows is the opposite in both parts of the one that is meant. Both then keep to the one
        that is meant, which the partner likes.

    Raises
    ------
    ValueError
        On sitting down, if the game is not a `varied_team`.

    Notes
    -----
    Let to do without pay at most .6, as little as a habit that both share may pay. Then members are compatible: both
    get what the partner's favourite habit pays them, which is an equilibrium, and no equilibrium pays the partner
    more. With a consistent fallback each is consistent: wherever both play the same act, neither would rather have
    done something else. So what a member regrets before its fallback starts is at most 1 for the stage in which the
    habit shows, and 1 for each stage with a wrong act. Where to do without pays more, its certificate adds that.

    In one wording there is one history for each habit, whatever the way does, and few records hold them all. With
    more wordings no two episodes of "fresh" need go the same ways.

    For people who slip let each member's hand tremble, see `Trembling`. Both sides see a slip, and take it for a
    wrong act. So people who slip are compatible for a while, and not for ever, and they have no certificate.

    Examples
    --------
    >>> game, member = sc.games.varied_team(ways=3), sc.strategies.VariedTeam("rota")
    >>> shown = sc.play(member, member, game, (0, 3), horizon=7, seed=1)
    >>> np.divmod(shown.actions[:, :, 0].T, 3)  # habits, and ways, of both sides
    (array([[0, 0, 0, 3, 3, 3, 3],
           [0, 0, 3, 3, 3, 3, 3]], dtype=uint8), array([[0, 0, 0, 1, 2, 0, 1],
           [0, 0, 0, 1, 2, 0, 1]], dtype=uint8))
    """

    def __init__(
        self,
        change: str = "usual",
        stay: float | None = None,
        small_talk: int = 2,
        patience: int = 0,
        fallback: Strategy | None = None,
        key: int = 0,
        opposite: bool = False,
    ) -> None:
        self.change: str = checks.choice("change", change, tuple(CHANGES))
        self.stay = checks.optional(checks.real, "stay", stay, 0, 1)
        self.small_talk = checks.integer("small_talk", small_talk)
        self.patience = checks.integer("patience", patience)
        self.fallback: Strategy = Hedge() if fallback is None else checks.instance("fallback", fallback, Strategy)
        self.key = checks.integer("key", key, 0, 2**63 - 1)
        self.opposite = bool(checks.choice("opposite", opposite, (False, True)))

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> AgreementSeat:
        return _TeamSeat(self, game, agent, types, horizon)

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        _, wordings, pairing = team_names(game)
        acts = np.arange(len(pairing) - 1)
        fitting = game.payoffs[:, ::wordings, pairing[acts] * wordings]  # one's own act, and that of the other
        per_stage = float((fitting.max(axis=1) - fitting[:, acts, acts]).max())
        # regret adds up: the stage that shows the habit, the wrong acts, and none while both do the same
        return fallback_certificate(self.fallback, game, horizon, (epsilon - per_stage) * horizon - self.patience - 2)


class _TeamSeat(AgreementSeat):
    """Acts have the AI's numbers; ``habit`` and ``way`` are what is due, ``forgives`` is the patience that is left.

    ``code`` stands for the history where the way depends on it.
    """

    per_episode: ClassVar[tuple[str, ...]] = ("types", "departed", "habit", "way", "forgives", "code")

    def __init__(self, people: VariedTeam, game: Game, agent: int, types: Indices, horizon: int) -> None:
        super().__init__(people.fallback, game, agent, types, horizon)
        self.ways, self.wordings, self.pairing = team_names(game)
        self.step, stay = CHANGES[people.change]
        self.stay = stay if people.stay is None else people.stay
        self.small_talk = people.small_talk
        self.turned = HABITS - 1 if people.opposite else 0  # what turns the habit that shows into the one that is meant
        self.habit, self.way = np.zeros((2, self.episodes), dtype=np.intp)
        self.forgives = np.full(self.episodes, people.patience)
        self.code = opening(people.key, self.episodes)

    def agreed(self) -> Floats:
        acts = self.habit * self.ways + self.way
        if self.agent == 1:
            if self.stage == self.small_talk:
                liked = self.pairing[self.types * self.ways] // self.ways
                acts = (liked ^ self.turned) * self.ways + self.way
            acts = self.pairing[acts]
        return worded(acts, len(self.pairing), self.wordings)

    def compare(self, own: Actions, other: Actions, agreeing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        first, second = (own, other) if self.agent == 0 else (other, own)
        act, partners = first // self.wordings, self.pairing[second // self.wordings]
        due = self.habit * self.ways + self.way
        fits = partners == due
        if self.stage == self.small_talk:  # any habit will do, in the way that is due
            fits = (partners < HABITS * self.ways) & (partners % self.ways == self.way)
            self.habit = np.where(agreeing & fits, partners // self.ways ^ self.turned, self.habit)
        wrong = agreeing & ~((act == due) & fits)
        leaves = wrong & (self.forgives == 0)
        self.forgives = self.forgives - (wrong & ~leaves)
        self._move_on(agreeing & ~leaves, first.astype(np.intp) * self.game.n_actions + second)
        return leaves

    def _move_on(self, where: NDArray[np.bool_], exchange: Indices) -> None:
        """Let the way of the next stage be what the history makes of it."""
        way = self.way + self.step
        if self.stay < 1 and self.ways > 1:
            self.code = np.where(where, continued(self.code, exchange), self.code)
            another = 1 + owed_answer(self.code, self.ways - 1)
            way = way + np.where(_uniform(self.code) < self.stay, 0, another)
        if self.stage >= self.small_talk:
            self.way = np.where(where, way % self.ways, self.way)


def _uniform(codes: Codes) -> Floats:
    """Return numbers in [0, 1) that look as if they were drawn uniformly."""
    return (codes >> np.uint64(11)).astype(np.float64) * 2.0**-53
