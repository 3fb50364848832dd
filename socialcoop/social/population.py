"""Populations, and the problem of learning to cooperate with one from records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from socialcoop import checks
from socialcoop.engine import first_stages
from socialcoop.games import Game
from socialcoop.plays import check_size
from socialcoop.social.records import Dataset
from socialcoop.strategies import Seat, Strategy
from socialcoop.strategies.protocol import Actions, Floats, Indices, pure


class Population(checks.Frozen, Strategy):
    r"""A distribution over strategies; as a strategy, it draws a member for each episode.

    Parameters
    ----------
    members
        One or more strategies.
    weights
        How frequent each is, (M,); by default all alike.

    Notes
    -----
    The paper's :math:`(\mathcal C, \rho)`. By Kuhn's theorem drawing a member and following it is the
    same as one behaviour strategy, which mixes the members' policies in proportion to how likely each
    would have played as it was played so far. It is used everywhere: in play and in exact enumeration.

    Examples
    --------
    >>> people = sc.Population([sc.Fixed(0), sc.Fixed(1)], weights=[0.75, 0.25])
    >>> sc.expected_payoffs(people, sc.Fixed(0), sc.games.coordination(2), (0, 0), horizon=4)
    (3.0, 3.0)
    """

    def __init__(self, members: Sequence[Strategy], weights: ArrayLike | None = None) -> None:
        listed = checks.listed("members", members, "strategies")
        self.members: tuple[Strategy, ...] = tuple(checks.instance("members", member, Strategy) for member in listed)
        count = len(self.members)
        self.weights = checks.distribution(
            "weights", np.full(count, 1 / count) if weights is None else weights, "(M,)", 1
        )
        if len(self.weights) != count:
            raise ValueError(f"weights must hold one number for each of the {count} members, got {len(self.weights)}")

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        seats = [member.seat(game, agent, types, horizon) for member in self.members]
        return MixedSeat(game, seats, np.repeat(self.weights[:, None], len(types), axis=1))

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        bounds = [member.certificate(game, horizon, epsilon) for member in self.members]
        return min(1.0, float(self.weights @ bounds))


class MixedSeat(Seat):
    """Plays like one of several seats of the same episodes, drawn in secret; ``likely`` (M, B) is each one's chance."""

    per_episode: ClassVar[tuple[str, ...]] = ("likely",)
    inner: ClassVar[tuple[str, ...]] = ("seats",)

    def __init__(self, game: Game, seats: list[Seat], likely: Floats) -> None:
        super().__init__(game, likely.shape[1])
        self.seats, self.likely = seats, likely
        self.policies: list[Floats] | None = None  # of the seats at this stage, once somebody has asked
        self.chosen = False  # whether it is known to itself which seat it plays like, as it must be among black boxes

    def draw(self, rng: np.random.Generator) -> bool:
        among_boxes = super().draw(rng)
        if among_boxes and not self.chosen:
            above = rng.random(self.episodes) * self.likely.sum(axis=0) >= np.cumsum(self.likely, axis=0)[:-1]
            self.likely = pure(above.sum(axis=0), len(self.seats))
            self.chosen = True
        return among_boxes

    def policy(self) -> Floats:
        if self.policies is None:
            self.policies = [seat.policy() for seat in self.seats]
        mixed = self.likely[0] * self.policies[0]
        for share, policy in zip(self.likely[1:], self.policies[1:], strict=True):
            mixed += share * policy
        return mixed

    def observe(self, own: Actions, other: Actions) -> None:
        episodes = np.arange(self.episodes)
        policies = [seat.policy() for seat in self.seats] if self.policies is None else self.policies
        self.policies = None
        likely = np.stack([policy[own, episodes] for policy in policies]) * self.likely
        total = likely.sum(axis=0)
        # what no member would have played says nothing about which one it is
        self.likely = np.divide(likely, total, out=self.likely.copy(), where=total > 0)
        for seat in self.seats:
            seat.observe(own, other)

    def take(self, indices: Actions) -> Self:
        seat = super().take(indices)
        seat.policies = None
        return seat


@dataclass(frozen=True, eq=False, init=False, repr=False)
class SocialLearningProblem(checks.Frozen):
    r"""A population to learn to cooperate with, from records of its members among themselves.

    Parameters
    ----------
    game
        The stage game.
    people
        Who is met, and how often: a `Population`, or one strategy that all follow.
    horizon
        Number of stages T of an episode.
    types
        Probabilities of the joint types, (types, types); by default all alike.

    Notes
    -----
    The paper's :math:`(\mathcal G, \mathcal C, \rho, \mu)`, section 3.

    Examples
    --------
    >>> problem = sc.SocialLearningProblem(sc.games.team_lead(), people=sc.Convention(), horizon=50)
    >>> problem.sample(200, seed=2)
    Dataset(200 episode(s) of 50 stage(s), 'team lead')
    >>> from dataclasses import replace
    >>> replace(problem, horizon=9)
    SocialLearningProblem('team lead', Convention(fallback=Hedge()), horizon=9)
    """

    game: Game
    people: Strategy
    horizon: int
    types: Floats

    def __init__(self, game: Game, people: Strategy, horizon: int, types: ArrayLike | None = None) -> None:
        k = checks.instance("game", game, Game).n_types
        table = checks.joint("types", np.full((k, k), 1 / k**2) if types is None else types, k)
        table.flags.writeable = False
        object.__setattr__(self, "game", game)
        object.__setattr__(self, "people", checks.instance("people", people, Strategy))
        object.__setattr__(self, "horizon", checks.integer("horizon", horizon))
        object.__setattr__(self, "types", table)

    def __repr__(self) -> str:
        return f"SocialLearningProblem({self.game.name!r}, {self.people}, horizon={self.horizon})"

    def sample_types(self, episodes: int, seed: int | np.random.Generator | None = None) -> Indices:
        """Return joint types drawn for ``episodes`` episodes, (episodes, 2)."""
        episodes = checks.integer("episodes", episodes)
        check_size(self.horizon, episodes)
        drawn = checks.generator(seed).choice(self.game.n_types**2, size=episodes, p=self.types.ravel())
        return np.stack(np.divmod(drawn, self.game.n_types), axis=1)

    def sample(
        self, episodes: int, seed: int | np.random.Generator | None = None, stages: int | None = None
    ) -> Dataset:
        """Return a dataset of ``episodes`` episodes: each of two members drawn independently, and of drawn types.

        Parameters
        ----------
        episodes
            Number K of episodes.
        seed
            An int, a Generator, or None for fresh randomness.
        stages
            Keep the first stages only, by default all; the members have the whole horizon in mind all the same.
        """
        rng = checks.generator(seed)
        stages = self.horizon if stages is None else checks.integer("stages", stages, 0, self.horizon)
        types = self.sample_types(episodes, rng)
        return Dataset(
            first_stages((self.people, self.people), self.game, types, self.horizon, stages, rng), types, self.game
        )
