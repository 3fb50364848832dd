"""Populations, and the problem of learning to cooperate with one from records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.play import check_size, first_stages
from socialcoop.social.dataset import Dataset
from socialcoop.strategies import Seat, Strategy
from socialcoop.strategies.protocol import Actions, Floats


class Population(Strategy):
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
        if isinstance(members, str) or not isinstance(members, Sequence) or not members:
            raise TypeError(f"members must be a list of one or more strategies, got {members!r}")
        self.members = [checks.instance("members", member, Strategy) for member in members]
        count = len(self.members)
        self.weights = checks.distribution(
            "weights", np.full(count, 1 / count) if weights is None else weights, "(M,)", 1
        )
        if len(self.weights) != count:
            raise ValueError(f"weights must hold one number for each of the {count} members, got {len(self.weights)}")

    def __repr__(self) -> str:
        return f"Population({self.members}, weights={self.weights.tolist()})"

    def seat(self, game: Game, role: int, types: NDArray[np.intp], horizon: int) -> Seat:
        seats = [member.seat(game, role, types, horizon) for member in self.members]
        return _PopulationSeat(game, seats, np.repeat(self.weights[:, None], len(types), axis=1))

    def certificate(self, game: Game, horizon: int, epsilon: float) -> float:
        bounds = [member.certificate(game, horizon, epsilon) for member in self.members]
        return float(min(1.0, self.weights @ bounds))


class _PopulationSeat(Seat):
    """Keeps a seat for every member, and how likely each is to be the one that plays."""

    per_episode: ClassVar[tuple[str, ...]] = ("likely",)

    def __init__(self, game: Game, seats: list[Seat], likely: Floats) -> None:
        super().__init__(game, likely.shape[1])
        self.seats, self.likely = seats, likely
        self.policies: list[Floats] | None = None  # of the members at this stage, once somebody has asked

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
        seat.seats = [member.take(indices) for member in self.seats]
        seat.policies = None
        return seat

    def state(self) -> Floats:
        return np.concatenate([super().state(), *(seat.state() for seat in self.seats)])


class SocialLearningProblem:
    r"""A population to learn to cooperate with, from records of its members among themselves.

    Parameters
    ----------
    game
        The stage game.
    population
        Who is met, and how often.
    type_distribution
        Probabilities of the joint types, (types, types); by default all alike.
    horizon
        Number of stages T of an episode.

    Notes
    -----
    The paper's :math:`(\mathcal G, \mathcal C, \rho, \mu)`, section 3.

    Examples
    --------
    >>> people, team = sc.Population([sc.Convention()]), sc.games.team_lead()
    >>> problem = sc.SocialLearningProblem(team, people, type_distribution=None, horizon=50)
    >>> problem.sample(200, seed=2)
    Dataset(200 episode(s) of 50 stage(s), 'team lead')
    """

    def __init__(self, game: Game, population: Population, type_distribution: ArrayLike | None, horizon: int) -> None:
        self.game: Game = checks.instance("game", game, Game)
        self.population: Population = checks.instance("population", population, Population)
        self.horizon = checks.integer("horizon", horizon)
        k = game.n_types
        uniform = np.full((k, k), 1 / k**2)
        given = uniform if type_distribution is None else type_distribution
        table = checks.array("type_distribution", given, "(types, types)", 2)
        if table.shape != (k, k):
            raise ValueError(f"type_distribution must have shape {(k, k)}, got shape {table.shape}")
        self.type_distribution = checks.distribution("type_distribution", table.ravel(), "(types, types)", 1).reshape(
            k, k
        )

    def __repr__(self) -> str:
        return f"SocialLearningProblem({self.game.name!r}, {self.population}, horizon={self.horizon})"

    def sample_types(self, episodes: int, seed: int | np.random.Generator | None = None) -> NDArray[np.intp]:
        """Return joint types drawn for ``episodes`` episodes, (episodes, 2)."""
        episodes = checks.integer("episodes", episodes)
        check_size(self.horizon, episodes)
        drawn = checks.generator(seed).choice(self.game.n_types**2, size=episodes, p=self.type_distribution.ravel())
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
        both = (self.population, self.population)
        return Dataset(first_stages(both, self.game, types, self.horizon, stages, rng), types, self.game)
