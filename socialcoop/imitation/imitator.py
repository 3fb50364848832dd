"""The imitator: copy what a dataset shows."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.engine import asked, branch
from socialcoop.games import Game
from socialcoop.plays import Play, complete
from socialcoop.strategies import Seat, Strategy
from socialcoop.strategies.protocol import Actions, Floats, Indices

MAX_TABLE = 2**24  # entries of the last stage of a behaviour table


class Imitator(checks.Frozen, Strategy):
    r"""Copy the dataset: after every history that it holds, play what was played there; else something else.

    Parameters
    ----------
    dataset
        Records of a population, with both agents' types. A record counts for as long as its history was observed in
        full, and the move to be copied as well; from then on it is left out.
    phase
        Number of stages T̃ to imitate, up to the dataset's horizon, which is the default.
    unseen
        What to play after histories that the dataset does not hold, and after the phase; by default uniformly.

    Raises
    ------
    ValueError
        On sitting down to a game with other numbers of types or actions than the dataset's.

    Notes
    -----
    The paper's :math:`\hat\pi(\mathcal D)`, section 3.2: the empirical distribution of the actions of the same
    side, for each own type and history, and uniform elsewhere. Both sides' actions are part of the history; the
    partner's type is not.

    Examples
    --------
    >>> people, game = sc.Population([sc.Convention()]), sc.games.team_lead()
    >>> problem = sc.SocialLearningProblem(game, people, horizon=20)
    >>> ai = sc.Imitator(problem.sample(100, seed=1))
    >>> ai.followed(sc.play(ai, people, game, (0, 1), horizon=20, episodes=3))
    array([20, 20, 20])
    """

    def __init__(self, dataset: Play, phase: int | None = None, unseen: Strategy | None = None) -> None:
        self.dataset = checks.instance("dataset", dataset, Play)
        self.phase = dataset.horizon if phase is None else checks.integer("phase", phase, 0, dataset.horizon)
        self.unseen = checks.optional(checks.instance, "unseen", unseen, Strategy)
        self._memories: dict[int, _Memory] = {}

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        check_size(game, self.dataset.game)
        if agent not in self._memories:
            self._memories[agent] = _Memory(self.dataset, agent, self.phase)
        seat = _ImitatorSeat(game, agent, types, self._memories[agent])
        return seat if self.unseen is None else _AlternativeSeat(seat, self.unseen.seat(game, agent, types, horizon))

    def followed(self, play: Play, agent: int = 0) -> Indices:
        """Return how many stages ``agent`` played, from the first on, after histories that the dataset holds, (B,).

        It is the phase for an episode that never left the data. Every move of the play must have been observed.
        """
        complete("play", play)
        agent = checks.integer("agent", agent, 0, 1)
        seat = self.seat(play.game, agent, play.types[:, agent], play.horizon)
        known = np.zeros(play.episodes, dtype=np.intp)
        for stage in play.actions[: self.phase]:
            known += seat.covered()
            seat.observe(*stage[[agent, 1 - agent]].astype(np.intp))
        return known


class _Memory:
    """The dataset as a tree of histories: for each stage, how often each action followed each history.

    Histories of a stage are numbered. ``counts[t]`` is (N, histories + 1); its last column, which number -1
    finds, stands for all that was never seen. ``keys[t]`` lists, in order, number · N² + a·N + b for the
    continuations; its position is their number at the next stage. ``opening`` numbers the types. What no record
    that counts shows is in neither.
    """

    def __init__(self, dataset: Play, agent: int, phase: int) -> None:
        n, histories = dataset.game.n_actions, dataset.game.n_types
        counting = records_that_count(dataset, agent)
        number = dataset.types[:, agent]
        if counting is not None:
            number = np.where(counting[0], number, histories)  # the last column, which is overwritten
        self.opening = np.where(np.isin(range(histories), number), range(histories), -1)
        self.counts: list[NDArray[np.uint32]] = []
        self.keys: list[NDArray[np.int64]] = []
        for stage, played in enumerate(dataset.actions[:phase]):
            actions = played.astype(np.int64)
            tally = np.bincount(actions[agent] * (histories + 1) + number, minlength=n * (histories + 1))
            counts = tally.reshape(n, histories + 1).astype(np.uint32)
            counts[:, -1] = 1
            self.counts.append(counts)
            continued = number * n**2 + actions[0] * n + actions[1]
            if counting is None:
                keys, number = np.unique(continued, return_inverse=True)
            else:
                keys, number = _numbered(continued, counting[stage + 1])
            self.keys.append(keys)
            histories = len(keys)

    def next(self, stage: int, number: Indices, joint: Indices, joint_actions: int) -> Indices:
        """Return the numbers of the histories continued by joint actions a·N + b, -1 for those never seen."""
        keys = self.keys[stage]
        wanted = number * joint_actions + joint
        place = np.searchsorted(keys, wanted)
        found = (number >= 0) & (place < len(keys))
        found[found] = keys[place[found]] == wanted[found]
        return np.where(found, place, -1)


def check_size(game: Game, known: Game) -> None:
    """Refuse a game with other numbers of types or actions than the game of the records."""
    if (game.n_types, game.n_actions) != (known.n_types, known.n_actions):
        needed = f"{known.n_types} type(s) and {known.n_actions} actions"
        raise ValueError(f"game must have the dataset's {needed}, got {game}")


def records_that_count(dataset: Play, agent: int) -> NDArray[np.bool_] | None:
    """Return which records an imitator of ``agent`` learns from at every stage, (T + 1, B), or None for all.

    Their history before the stage was observed in full, and the agent's own move; in the last row the history alone.
    """
    if dataset.observed is None:
        return None
    everybody = np.ones((1, dataset.episodes), dtype=bool)
    history = np.logical_and.accumulate(np.concatenate([everybody, dataset.observed.all(axis=1)]))
    return history & np.concatenate([dataset.observed[:, agent], everybody])


def _numbered(values: NDArray[np.int64], counting: NDArray[np.bool_]) -> tuple[NDArray[np.int64], Indices]:
    """Return the different values of the records that count, in order, and each record's place; the end for others."""
    found, place = np.unique(values[counting], return_inverse=True)
    places = np.full(len(values), len(found))
    places[counting] = place
    return found, places


class _ImitatorSeat(Seat):
    per_episode: ClassVar[tuple[str, ...]] = ("node",)

    def __init__(self, game: Game, agent: int, types: Indices, memory: _Memory) -> None:
        super().__init__(game, len(types))
        self.agent, self.memory = agent, memory
        self.node = memory.opening[types]
        self.stage = 0

    def policy(self) -> Floats:
        counts = self.odds()
        return counts / counts.sum(axis=0)

    def odds(self) -> Floats:
        if self.stage >= len(self.memory.counts):
            return np.ones((self.game.n_actions, self.episodes))
        return self.memory.counts[self.stage][:, self.node].astype(np.float64)

    def covered(self) -> NDArray[np.bool_]:
        return self.node >= 0

    def observe(self, own: Actions, other: Actions) -> None:
        first, second = (own, other) if self.agent == 0 else (other, own)
        if self.stage < len(self.memory.keys):
            n_actions = self.game.n_actions
            joint = first.astype(np.intp) * n_actions + second
            self.node = self.memory.next(self.stage, self.node, joint, n_actions**2)
        self.stage += 1


class _AlternativeSeat(Seat):
    """Imitates where it can, and elsewhere plays what another seat plays that was there from the first stage on."""

    inner: ClassVar[tuple[str, ...]] = ("imitator", "unseen")

    def __init__(self, imitator: _ImitatorSeat, unseen: Seat) -> None:
        super().__init__(imitator.game, imitator.episodes)
        self.imitator, self.unseen = imitator, unseen

    def policy(self) -> Floats:
        imitator = self.imitator
        known = imitator.covered() & (imitator.stage < len(imitator.memory.counts))
        return np.where(known, imitator.policy(), self.unseen.policy())

    def covered(self) -> NDArray[np.bool_]:
        return self.imitator.covered()

    def observe(self, own: Actions, other: Actions) -> None:
        self.imitator.observe(own, other)
        self.unseen.observe(own, other)


@checks.TINY_IS_ZERO
def behaviour_tables(
    strategy: Strategy, game: Game, agent: int, phase: int, horizon: int | None = None
) -> list[Floats]:
    """Return what a strategy does after every history of the first stages.

    Parameters
    ----------
    strategy
        Any strategy; a population counts as one, by Kuhn's theorem.
    game, agent
        The stage game, and the side it takes: 0 or 1.
    phase
        Number of stages T̃.
    horizon
        Number of stages it is told it will play, by default the phase.

    Returns
    -------
    For each stage t an array (types, N^(2t), N), as `Tabular` takes them: the history index is in base N², digit
    a·N + b, the first stage most significant.

    Raises
    ------
    ValueError
        If the last table would have more than 2^24 entries.

    Examples
    --------
    >>> game = sc.games.coordination(2)
    >>> tables = sc.imitation.behaviour_tables(sc.Hedge(rate=1), game, agent=0, phase=2)
    >>> tables[1][0].round(3)  # after (0, 0), (0, 1), (1, 0), (1, 1)
    array([[0.731, 0.269],
           [0.269, 0.731],
           [0.731, 0.269],
           [0.269, 0.731]])
    """
    checks.instance("strategy", strategy, Strategy)
    checks.instance("game", game, Game)
    agent = checks.integer("agent", agent, 0, 1)
    phase = checks.integer("phase", phase)
    horizon = phase if horizon is None else checks.integer("horizon", horizon, phase)
    if phase > 64 or game.n_types * game.n_actions ** max(2 * phase - 1, 0) > MAX_TABLE:
        raise ValueError(f"phase must keep the tables at {MAX_TABLE} entries or less, got {phase}")
    seat = strategy.seat(game, agent, np.arange(game.n_types), horizon)
    tables = []
    for stage in range(phase):
        tables.append(asked(seat).T.reshape(game.n_types, -1, game.n_actions).copy())
        if stage + 1 < phase:
            seat = branch(seat, agent)
    return tables
