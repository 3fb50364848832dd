"""Follow a strategy for some stages, and then commit."""

from __future__ import annotations

from collections.abc import Callable

from socialcoop import checks
from socialcoop.commit.seats import CarefulSeat, MixtureSeat, PureSeat, hyperbolic, last, universal
from socialcoop.games import Game
from socialcoop.imitation import Imitator
from socialcoop.plays import Play
from socialcoop.strategies import Seat, Strategy
from socialcoop.strategies.protocol import Indices

COUNTED = {"mixture": MixtureSeat, "pure": PureSeat}
COMMITS: dict[str, Callable[[Seat, int, int], Seat]] = {
    **COUNTED,
    "careful": CarefulSeat,
    "last": last,
    "hyperbolic": hyperbolic,
    "universal": universal,
}


class ThenCommit(checks.Frozen, Strategy):
    """Follow a strategy for some stages, then keep to a mixed action, by what was played in them.

    Parameters
    ----------
    strategy
        What to follow first: any strategy.
    phase
        Number of stages T̃ to follow it, at least 1.
    commit
        What to commit to, and when:

        - "mixture" or "pure": after the phase, see `commitment_mixture`;
        - "careful": as "mixture", but to what was played so far as soon as the strategy's records do not hold the
          history, though not before the first stage;
        - "last": after the phase, to its own action of the last stage;
        - "hyperbolic": after one of the first T̃ stages, s with probability in proportion to 1/(T - s + 1), to its own
          action of that stage;
        - "universal": as "hyperbolic", but among the first (1 - exp(-T̃/T)) T stages only.
    since
        For "mixture" and "pure": how many of the first stages to leave out of what is counted, fewer than the phase.

    Notes
    -----
    It sees neither the partner's type nor its payoffs. If what is followed is close to a population that is
    compatible at T̃, the partner's consistency does the rest. `socialcoop.bounds.corrected_theorem` covers "mixture"
    and "pure", `socialcoop.bounds.hyperbolic_theorem` and `socialcoop.bounds.universal_stop` the stops of their name.

    With ``since`` the partner's best replies pay it on average at least what it got in the stages that are counted.
    This helps if the population has done well by then, and nothing is proved if it is compatible over the whole phase
    only. "last" is "pure" with all stages but the last one left out.

    Examples
    --------
    >>> team, habit = sc.games.team_lead(), sc.Convention()
    >>> ai = sc.ThenCommit(habit, phase=3, commit="pure")
    >>> sc.play(ai, habit, team, (0, 1), horizon=6, seed=1).actions[:, 0, 0]
    array([0, 0, 0, 0, 0, 0], dtype=uint8)
    """

    def __init__(self, strategy: Strategy, phase: int, commit: str = "mixture", since: int = 0) -> None:
        self.strategy: Strategy = checks.instance("strategy", strategy, Strategy)
        self.phase = checks.integer("phase", phase, 1)
        self.commit: str = checks.choice("commit", commit, tuple(COMMITS))
        self.since = checks.integer("since", since, 0, self.phase - 1)
        if self.since and self.commit not in COUNTED:
            raise ValueError(f"since must be 0 unless commit is one of {tuple(COUNTED)}, got {since} with {commit!r}")

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        followed = self.strategy.seat(game, agent, types, horizon)
        if self.since:
            return COUNTED[self.commit](followed, self.phase, horizon, self.since)
        return COMMITS[self.commit](followed, self.phase, horizon)


class ImitateThenCommit(ThenCommit):
    """The paper's imitate-then-commit strategy, section 3.2: `ThenCommit` with an `Imitator`.

    Parameters
    ----------
    dataset, phase
        Records of the population, and the number of stages T̃ to imitate, from 1 to the dataset's horizon.
    commit, since
        What to commit to, see `ThenCommit`.

    Examples
    --------
    >>> people, game = sc.Convention(), sc.games.team_lead()
    >>> records = sc.SocialLearningProblem(game, people, horizon=200).sample(100, seed=1)
    >>> ai = sc.ImitateThenCommit(records, phase=8)
    >>> met = sc.play(ai, people, game, (0, 1), horizon=200, episodes=500, seed=2)
    >>> round(float(met.payoffs(1).mean()), 2), sc.worst_pone(game, (0, 1))[1]
    (0.6, 0.6)
    """

    def __init__(self, dataset: Play, phase: int, commit: str = "mixture", since: int = 0) -> None:
        longest = checks.instance("dataset", dataset, Play).horizon
        self.dataset = dataset
        super().__init__(Imitator(dataset, checks.integer("phase", phase, 1, max(longest, 1))), phase, commit, since)
