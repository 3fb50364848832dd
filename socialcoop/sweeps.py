"""Sweeps: the altruistic regret of imitation and of imitate-then-commit, over a grid and as an assumption breaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.commit import COMMITS, ImitateThenCommit
from socialcoop.engine import CHUNK, play
from socialcoop.games import Game
from socialcoop.imitation import Imitator
from socialcoop.plays import MAX_STAGES, Play
from socialcoop.regret import altruistic_regret, benchmark
from socialcoop.social import Dataset, SocialLearningProblem, mean_interval
from socialcoop.strategies import Seat, Strategy

__all__ = ["Sweep", "stress", "sweep"]

IMITATION = "imitation"
MAX_RECORDS = 2**26  # stages of records held at once, unless one dataset has more
ASSISTANTS = {"imitate to the end": IMITATION, "imitate, then commit": "mixture", "with care": "careful"}
BREAKABLE = ("problem", "partner", "met_types", "spoil")

Change = Mapping[str, Any]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sweep(checks.Frozen):
    """Mean altruistic regrets per stage over a grid.

    Attributes
    ----------
    problems, commits, phases, episodes
        The values along the four axes.
    regret, low, high
        Arrays (problems, commits, phases, episodes): the mean over datasets and plays, and its interval.

    Examples
    --------
    >>> people, game = sc.Population([sc.Convention()]), sc.games.team_lead()
    >>> team = sc.SocialLearningProblem(game, people, horizon=50)
    >>> grid = sc.sweep(team, [4], [1, 50], plays=40, datasets=4, n_jobs=1)
    >>> grid.phases, grid.episodes, bool((grid.low <= grid.high).all())
    ((4,), (1, 50), True)
    >>> grid.to_frame().columns.to_list()
    ['problem', 'commit', 'phase', 'episodes', 'regret', 'low', 'high']
    """

    problems: tuple[str, ...]
    commits: tuple[str, ...]
    phases: tuple[int, ...]
    episodes: tuple[int, ...]
    regret: Floats
    low: Floats
    high: Floats

    def to_frame(self) -> Any:
        """Return a ``pandas.DataFrame`` with a row for each cell of the grid, the last axis fastest.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        cells = list(product(self.problems, self.commits, self.phases, self.episodes))
        columns = dict(zip(("problem", "commit", "phase", "episodes"), zip(*cells, strict=True), strict=True))
        numbers = {"regret": self.regret.ravel(), "low": self.low.ravel(), "high": self.high.ravel()}
        return checks.extra("pandas", "to_frame").DataFrame(columns | numbers)


def sweep(
    problem: SocialLearningProblem | Mapping[str, SocialLearningProblem],
    phases: Sequence[int],
    episodes: Sequence[int],
    commits: Sequence[str] = ("mixture",),
    *,
    partner: Strategy | None = None,
    met_types: ArrayLike | None = None,
    spoil: Callable[[Dataset, np.random.Generator], Dataset] | None = None,
    owed: ArrayLike | None = None,
    plays: int = 2000,
    datasets: int = 20,
    confidence: float = 0.99,
    seed: int = 0,
    n_jobs: int = -1,
    progress: bool = False,
) -> Sweep:
    """Return the mean altruistic regret per stage for every phase, dataset size and way to commit.

    Parameters
    ----------
    problem
        A problem, or several by name, such as one for each number of actions.
    phases, episodes
        The values of T̃ and of K.
    commits
        "mixture", "pure", "careful", "last", "hyperbolic" or "universal", see `ThenCommit`; or "imitation", which
        imitates for the whole horizon, whatever the phase.
    partner
        Whom the AI meets; by default a member drawn from the population.
    met_types
        Probabilities of the joint types that the AI meets, (types, types); by default those of the records.
    spoil
        What happens to a dataset before the AI gets it, such as `misread`: a function of the dataset and a
        generator. By default nothing.
    owed
        One's own benchmark instead of the worst PONE, see `altruistic_regret`.
    plays, datasets
        How many episodes are played in each cell, and with how many fresh datasets, at least 2.
    confidence
        Of the interval of each cell: Student's, over the means of the datasets.
    seed
        An int; each setting has a stream of its own, so the result does not depend on how the work is split.
    n_jobs
        How many processes joblib uses on this machine; -1 for one on each core.
    progress
        Whether to show a progress bar.

    Notes
    -----
    The cells run through joblib. On a cluster hand joblib its Dask backend:

    >>> import joblib
    >>> from dask.distributed import Client  # doctest: +SKIP
    >>> client = Client("scheduler:8786")  # doctest: +SKIP
    >>> with joblib.parallel_config("dask"):  # doctest: +SKIP
    ...     result = sc.sweep(problem, phases=[1, 2, 4], episodes=[10, 100])

    Examples
    --------
    >>> people = sc.Population([sc.Codebook(challenges=2, fallback=sc.Hedge())])
    >>> talks = sc.SocialLearningProblem(sc.games.conversation(4), people, horizon=50)
    >>> grid = sc.sweep(talks, [1, 4], [10, 100], plays=40, datasets=4, n_jobs=1)
    >>> grid.regret.shape  # problems, commits, phases, episodes
    (1, 1, 2, 2)
    """
    from joblib import Parallel, delayed  # here, since they are used here alone
    from tqdm.auto import tqdm

    problems = {"": problem} if isinstance(problem, SocialLearningProblem) else problem
    if not isinstance(problems, Mapping) or not problems:
        raise TypeError(f"problem must be a SocialLearningProblem or a mapping of names to them, got {problem!r}")
    horizons = [checks.instance("problem", each, SocialLearningProblem).horizon for each in problems.values()]
    axes: tuple[list[str], list[str], list[int], list[int]] = (
        list(problems),
        [checks.choice("commits", each, (*COMMITS, IMITATION)) for each in checks.listed("commits", commits, "words")],
        [checks.integer("phases", each, 1, min(horizons)) for each in checks.listed("phases", phases, "numbers")],
        [checks.integer("episodes", size) for size in checks.listed("episodes", episodes, "numbers")],
    )
    datasets = checks.integer("datasets", datasets, 2)
    plays = checks.integer("plays", plays, 1)
    if plays < datasets:
        raise ValueError(f"plays must be at least datasets, so that each is played with, got {plays} < {datasets}")
    if -(-plays // datasets) * max(horizons) > MAX_STAGES:
        raise ValueError(f"plays / datasets × horizon must be at most {MAX_STAGES}, got {plays} / {datasets}")
    confidence = checks.real("confidence", confidence, 0, 1, open_low=True, open_high=True)
    partner = checks.optional(checks.instance, "partner", partner, Strategy)
    if spoil is not None and not callable(spoil):
        raise TypeError(f"spoil must be a function of a dataset and a generator, or None, got {spoil!r}")
    met = {name: _meetings(each, met_types) for name, each in problems.items()}
    due = {name: benchmark(each.game, np.argwhere(each.types), 1, owed) for name, each in met.items()}
    n_jobs = checks.integer("n_jobs", n_jobs, -1)
    if n_jobs == 0:
        raise ValueError("n_jobs must be an integer of at least 1, or -1, got 0")
    progress = checks.choice("progress", progress, (False, True))
    streams = np.random.SeedSequence(checks.integer("seed", seed)).spawn(int(np.prod([len(axis) for axis in axes])))
    cells = {
        (name, commit, None if commit == IMITATION else phase, size): stream  # imitation has no phase: one for all
        for (name, commit, phase, size), stream in zip(product(*axes), streams, strict=True)
    }
    work = [
        delayed(_cell)(
            problems[name], met[name], due[name], commit, phase, size, partner, spoil, plays, datasets, stream
        )
        for (name, commit, phase, size), stream in cells.items()
    ]
    runner = Parallel(n_jobs=min(n_jobs, len(work)), return_as="generator")
    found = dict(zip(cells, tqdm(runner(work), total=len(work), disable=not progress), strict=True))
    means = [found[name, commit, None if commit == IMITATION else p, k] for name, commit, p, k in product(*axes)]
    shape = tuple(len(axis) for axis in axes)
    low, high = (
        np.array([mean_interval(mean, confidence) for mean in means]).reshape(*shape, 2).transpose(4, 0, 1, 2, 3)
    )
    regret = np.array([mean.mean() for mean in means]).reshape(shape)
    names, ways, lengths, sizes = axes
    return Sweep(tuple(names), tuple(ways), tuple(lengths), tuple(sizes), regret, low, high)


def _meetings(problem: SocialLearningProblem, met_types: ArrayLike | None) -> SocialLearningProblem:
    """Return the problem with the types that are met."""
    k = problem.game.n_types
    return problem if met_types is None else replace(problem, types=checks.joint("met_types", met_types, k))


def _cell(
    problem: SocialLearningProblem,
    meetings: SocialLearningProblem,
    owed: Floats,
    commit: str,
    phase: int | None,
    size: int,
    partner: Strategy | None,
    spoil: Callable[[Dataset, np.random.Generator], Dataset] | None,
    plays: int,
    datasets: int,
    stream: np.random.SeedSequence,
) -> Floats:
    """Return the mean regret per stage with each of the datasets."""
    rng = np.random.Generator(np.random.SFC64(stream))
    met = problem.people if partner is None else partner
    each = -(-plays // datasets)
    stages = problem.horizon if phase is None else phase
    together = max(1, min(CHUNK // each, MAX_RECORDS // max(size * stages, 1)))
    means = []
    for low in range(0, datasets, together):
        count = min(together, datasets - low)
        records = problem.sample(count * size, rng, stages)
        if spoil is not None:
            records = spoil(records, rng)
        types = meetings.sample_types(count * each, rng)
        learner = _FreshData(records, count, commit)
        played = play(learner, met, problem.game, types, problem.horizon, count * each, rng)
        means.append(altruistic_regret(played, owed=owed).reshape(count, each).mean(axis=1) / problem.horizon)
    return np.concatenate(means)


class _FreshData(Strategy):
    """Learners trained on one of several datasets each, in equal blocks of episodes.

    The number of the dataset acts as if it were part of the own type, so that they play as one batch.
    """

    def __init__(self, records: Dataset, datasets: int, commit: str) -> None:
        game = records.game
        self.datasets = datasets
        self.game = Game(np.tile(game.payoffs, (datasets, 1, 1)))
        types = records.types.copy()
        types[:, 0] += self._shift(len(types), game)
        tagged = Play(records.actions, types, self.game, records.observed)
        whole = commit == IMITATION
        self.learner = Imitator(tagged) if whole else ImitateThenCommit(tagged, records.horizon, commit)

    def _shift(self, episodes: int, game: Game) -> NDArray[np.intp]:
        return np.repeat(np.arange(self.datasets) * game.n_types, episodes // self.datasets)

    def seat(self, game: Game, agent: int, types: NDArray[np.intp], horizon: int) -> Seat:
        return self.learner.seat(self.game, agent, types + self._shift(len(types), game), horizon)


def stress(
    problem: SocialLearningProblem,
    phase: int,
    episodes: int,
    amounts: Sequence[float],
    change: Change | Callable[[float], Change],
    *,
    owed: ArrayLike | None = None,
    plays: int = 1000,
    datasets: int = 100,
    seed: int = 0,
) -> dict[str, Floats]:
    """Return the mean altruistic regret per stage of three assistants as an assumption is broken more and more.

    Parameters
    ----------
    problem, phase, episodes
        What is assumed, the number of stages T̃ to imitate, and K, the number of records.
    amounts
        How much of the assumption is broken, (A,), from 0 to 1.
    change
        What is broken: some of ``partner``, ``met_types``, ``spoil`` and ``problem``, as `sweep` takes them. A mapping
        holds in a share of the episodes, and that share is the amount. A function maps the amount to what holds in
        all of them.
    owed
        One's own benchmark instead of the worst PONE, see `altruistic_regret`.
    plays, datasets
        How many episodes the assistants that commit play, and with how many fresh datasets. Imitation to the end,
        which takes longest and varies least, gets a tenth of both, but at least 2.
    seed
        An int.

    Returns
    -------
    For "imitate to the end", "imitate, then commit" and "with care" (the careful commitment) an array (A, 3): the mean
    between the ends of an interval of 99 %.

    Notes
    -----
    The mean regret is linear in a share. So the two ends are measured, each with an interval of 99.5 %, and what is
    between them is computed.

    Examples
    --------
    >>> member = sc.Codebook(challenges=2, fallback=sc.Hedge())
    >>> talks = sc.SocialLearningProblem(sc.games.conversation(4), sc.Population([member]), horizon=50)
    >>> grim = {"partner": sc.Codebook(challenges=2)}
    >>> found = sc.stress(talks, 4, 100, [0, 0.5, 1], grim, plays=40, datasets=20)
    >>> found["with care"].shape, bool(found["with care"][2, 1] > 0.8)
    ((3, 3), True)
    """
    checks.instance("problem", problem, SocialLearningProblem)
    phase = checks.integer("phase", phase, 1, problem.horizon)
    episodes = checks.integer("episodes", episodes)
    parts = [checks.real("amounts", amount, 0, 1) for amount in checks.listed("amounts", amounts, "numbers in [0, 1]")]
    size = checks.integer("plays", plays, 1), checks.integer("datasets", datasets, 2)

    def measured(broken: Any, confidence: float) -> Floats:
        """Return (assistants, 3): low, mean, high."""
        told = {"problem": problem} | _checked(broken)
        checks.instance("problem", told["problem"], SocialLearningProblem)
        ends = []
        for commit in ASSISTANTS.values():
            few = [max(2, count // 10) if commit == IMITATION else count for count in size]
            found = sweep(
                phases=[phase],
                episodes=[episodes],
                commits=[commit],
                owed=owed,
                plays=few[0],
                datasets=few[1],
                confidence=confidence,
                seed=seed,
                n_jobs=1,
                **told,
            )
            ends.append(np.ravel([found.low, found.regret, found.high]))
        return np.array(ends)

    if callable(change):
        points = [measured(change(part), 0.99) for part in parts]
    else:
        broken = measured(change, 0.995)
        whole = measured({}, 0.995)
        points = [(1 - part) * whole + part * broken for part in parts]
    return dict(zip(ASSISTANTS, np.swapaxes(points, 0, 1), strict=True))


def _checked(change: Any) -> dict[str, Any]:
    if not isinstance(change, Mapping):
        raise TypeError(f"change must be a mapping, or a function of the amount that returns one, got {change!r}")
    for name in change:
        checks.choice("change", name, BREAKABLE)
    return dict(change)
