"""Sweeps: regret of imitation and of imitate-then-commit over a grid, and what is earned as assumptions break."""

from __future__ import annotations

import copy
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
from socialcoop.plays import MAX_STAGES
from socialcoop.regret import altruistic_regret, benchmark
from socialcoop.social import Dataset, SocialLearningProblem, mean_interval
from socialcoop.social.intervals import Interval
from socialcoop.strategies import Seat, Strategy

__all__ = ["Stress", "Sweep", "stress", "sweep"]

IMITATION = "imitation"
MAX_RECORDS = 2**26  # stages of records held at once, unless one dataset has more
BREAKABLE = ("problem", "partner", "met_types", "spoil")
UNBROKEN = None, None

Change = Mapping[str, Any]
Training = Callable[[Dataset], Strategy]
Case = tuple[str | None, float | None]  # a change, and its amount, or None for a share
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
    datasets, each = shared_out(datasets, plays, max(horizons))
    confidence = checks.real("confidence", confidence, 0, 1, open_low=True, open_high=True)
    partner = checks.optional(checks.instance, "partner", partner, Strategy)
    if spoil is not None and not callable(spoil):
        raise TypeError(f"spoil must be a function of a dataset and a generator, or None, got {spoil!r}")
    met = {name: _meetings(each, met_types) for name, each in problems.items()}
    due = {name: benchmark(each.game, np.argwhere(each.types), 1, owed) for name, each in met.items()}
    n_jobs = checks.jobs("n_jobs", n_jobs)
    progress = checks.choice("progress", progress, (False, True))
    streams = np.random.SeedSequence(checks.integer("seed", seed)).spawn(int(np.prod([len(axis) for axis in axes])))
    cells = {
        (name, commit, None if commit == IMITATION else phase, size): stream  # imitation has no phase: one for all
        for (name, commit, phase, size), stream in zip(product(*axes), streams, strict=True)
    }
    work = [
        delayed(_cell)(
            problems[name], met[name], due[name], commit, phase, size, partner, spoil, each, datasets, stream
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


def _meetings(
    problem: SocialLearningProblem, met_types: ArrayLike | None, name: str = "met_types"
) -> SocialLearningProblem:
    """Return the problem with the types that are met."""
    k = problem.game.n_types
    return problem if met_types is None else replace(problem, types=checks.joint(name, met_types, k))


def _cell(
    problem: SocialLearningProblem,
    meetings: SocialLearningProblem,
    owed: Floats,
    commit: str,
    phase: int | None,
    size: int,
    partner: Strategy | None,
    spoil: Callable[[Dataset, np.random.Generator], Dataset] | None,
    each: int,
    datasets: int,
    stream: np.random.SeedSequence,
) -> Floats:
    """Return the mean regret per stage with each of the datasets."""
    rng = np.random.Generator(np.random.SFC64(stream))
    met = problem.people if partner is None else partner
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

    The number of the dataset acts as if it were part of the own type, so that they play as one batch. ``how`` says how
    to commit, "imitation" not to, or it is a function that trains the learners.
    """

    def __init__(self, records: Dataset, datasets: int, how: str | Training) -> None:
        game = records.game
        self.datasets = datasets
        self.game = Game(np.tile(game.payoffs, (datasets, 1, 1)))
        types = records.types.copy()
        types[:, 0] += self._shift(len(types), game)
        tagged = Dataset(records.actions, types, self.game, records.observed)
        if not isinstance(how, str):
            self.learner = how(tagged)
        elif how == IMITATION:
            self.learner = Imitator(tagged)
        else:
            self.learner = ImitateThenCommit(tagged, records.horizon, how)

    def _shift(self, episodes: int, game: Game) -> NDArray[np.intp]:
        return np.repeat(np.arange(self.datasets) * game.n_types, episodes // self.datasets)

    def seat(self, game: Game, agent: int, types: NDArray[np.intp], horizon: int) -> Seat:
        return self.learner.seat(self.game, agent, types + self._shift(len(types), game), horizon)


@dataclass(frozen=True, eq=False)
class Stress(checks.Frozen):
    """What partners earn with several assistants as assumptions are broken more and more.

    Attributes
    ----------
    changes, assistants
        Their names.
    episodes, amounts
        The values of K, and of how much is broken.
    whole
        The partner's mean payoff per stage where nothing is broken, (K, assistants, datasets).
    earned
        The same where something is, (changes, K, assistants, amounts, datasets).

    Examples
    --------
    >>> from socialcoop.sweeps import Stress
    >>> whole, broken = np.array([[[0.75, 1.0]]]), np.array([[[[[0.5, 0.5]]]]])
    >>> found = Stress(("slips",), ("table",), (10,), (0.1,), whole, broken)
    >>> found.means("slips", 10)
    {'table': array([0.5])}
    >>> low, high = found.lost("slips", "table", 10, amount=0.1, confidence=0.5)
    >>> round(low, 3), round(high, 3)
    (0.25, 0.5)
    """

    changes: tuple[str, ...]
    assistants: tuple[str, ...]
    episodes: tuple[int, ...]
    amounts: tuple[float, ...]
    whole: Floats
    earned: Floats

    def means(self, change: str, episodes: int) -> dict[str, Floats]:
        """Return for each assistant what the partner earns at each amount, (A,), the means over the datasets."""
        found = self.earned[_place("change", change, self.changes), _place("episodes", episodes, self.episodes)]
        return dict(zip(self.assistants, found.mean(axis=2), strict=True))

    def interval(self, change: str, assistant: str, episodes: int, amount: float, confidence: float = 0.99) -> Interval:
        """Return Student's interval for what the partner earns, over the datasets."""
        return mean_interval(self._pair(change, assistant, episodes, amount)[1], confidence)

    def lost(self, change: str, assistant: str, episodes: int, amount: float, confidence: float = 0.99) -> Interval:
        """Return the interval for how much less the partner earns than where nothing is broken, in pairs."""
        before, after = self._pair(change, assistant, episodes, amount)
        return mean_interval(before - after, confidence)

    def _pair(self, change: str, assistant: str, episodes: int, amount: float) -> tuple[Floats, Floats]:
        """Return what is earned with each of the datasets before and after the change."""
        size, who = _place("episodes", episodes, self.episodes), _place("assistant", assistant, self.assistants)
        after = self.earned[_place("change", change, self.changes), size, who]
        return self.whole[size, who], after[_place("amount", amount, self.amounts)]


def _place(name: str, value: Any, among: tuple[Any, ...]) -> int:
    return among.index(checks.choice(name, value, among))


def stress(
    problem: SocialLearningProblem,
    assistants: Mapping[str, Strategy | Training],
    episodes: Sequence[int],
    amounts: Sequence[float],
    changes: Mapping[str, Change | Callable[[float], Change]],
    *,
    plays: int = 400,
    datasets: int = 10,
    seed: int = 0,
    n_jobs: int = 1,
) -> Stress:
    """Return what partners earn with several assistants as assumptions are broken more and more.

    Parameters
    ----------
    problem
        What is assumed.
    assistants
        For each name a function of a `Dataset`, all stages of the records, that returns the assistant; or a strategy
        that reads none. The function gets all datasets at once, with own types that differ, so that the assistants
        play as one batch. So what it returns must learn for each own type apart, as an `Imitator`, a
        `BackOffImitator` and what commits after them do. For others, such as a `ModelImitator`, take `rivals`.
    episodes
        The values of K.
    amounts
        How much of an assumption is broken, (A,), from 0 to 1.
    changes
        What is broken, by name: some of ``partner``, ``met_types``, ``spoil`` and ``problem``, as `sweep` takes them.
        A mapping holds in a share of the episodes, and that share is the amount. A function maps the amount to what
        holds in all of them; it is not asked for 0, where nothing is broken.
    plays, datasets
        How many episodes each assistant plays in each case, and with how many fresh datasets, at least 2. With each
        dataset every joint type comes up as often as it should, to the nearest episode.
    seed
        An int. The records depend on it and on K, the partners' types and chance on it alone. So all amounts, changes
        and assistants are compared on the same records, and with the same partners.
    n_jobs
        How many processes joblib uses on this machine; -1 for one on each core.

    Notes
    -----
    What is earned is linear in a share. So the two ends are measured, and what is between them is computed.

    Examples
    --------
    >>> member = sc.Codebook(challenges=2, fallback=sc.Hedge())
    >>> talks = sc.SocialLearningProblem(sc.games.conversation(4), member, horizon=50)
    >>> assistants = {"careful": lambda data: sc.ImitateThenCommit(data, 4, "careful"), "word 1": sc.Fixed(0)}
    >>> changes = {"no forgiveness": {"partner": sc.Codebook(challenges=2)}}
    >>> found = sc.stress(talks, assistants, [100], [0, 0.5, 1], changes, plays=40, datasets=20)
    >>> found.earned.shape, bool(found.lost("no forgiveness", "careful", 100, amount=1)[0] > 0.7)
    ((1, 1, 2, 3, 20), True)
    """
    from joblib import Parallel, delayed  # here, since it is used here and in sweep alone

    if checks.instance("problem", problem, SocialLearningProblem).horizon == 0:
        raise ValueError(f"problem must have at least one stage, got {problem}")
    for name, each in _named("assistants", assistants).items():
        if not isinstance(each, Strategy) and not callable(each):
            raise TypeError(f"assistants must be functions of a dataset or strategies, got {name!r}: {each!r}")
    sizes = [checks.integer("episodes", size) for size in checks.listed("episodes", episodes, "numbers")]
    parts = [checks.real("amounts", amount, 0, 1) for amount in checks.listed("amounts", amounts, "numbers in [0, 1]")]
    cases = _cases(_named("changes", changes), parts)
    for told in cases.values():
        _meetings(told.get("problem", problem), told.get("met_types"), "met_types in changes")
    datasets, each = shared_out(datasets, plays, problem.horizon)
    seed = checks.integer("seed", seed)
    n_jobs = checks.jobs("n_jobs", n_jobs)
    usual = {case: told for case, told in cases.items() if not told.keys() & {"problem", "spoil"}}
    groups = [usual] + [{case: told} for case, told in cases.items() if case not in usual]
    work = [
        delayed(_group)(problem, assistants, size, list(group.values()), each, datasets, seed)
        for size, group in product(sizes, groups)
    ]
    done = Parallel(n_jobs=min(n_jobs, max(len(work), 1)))(work)
    found = {
        (size, case): earned
        for (size, group), batch in zip(product(sizes, groups), done, strict=True)
        for case, earned in zip(group, batch, strict=True)
    }
    whole = np.array([found[size, UNBROKEN] for size in sizes])

    def at(change: str, size: int, part: float) -> Floats:
        before = found[size, UNBROKEN]
        if (change, None) in cases:
            return (1 - part) * before + part * found[size, (change, None)]
        return found[size, (change, part)] if part else before

    earned = [[[at(change, size, part) for part in parts] for size in sizes] for change in changes]
    shape = len(changes), len(sizes), len(parts), len(assistants), datasets
    return Stress(
        tuple(changes),
        tuple(assistants),
        tuple(sizes),
        tuple(parts),
        whole.reshape(len(sizes), len(assistants), datasets),
        np.array(earned).reshape(shape).swapaxes(2, 3),
    )


def shared_out(datasets: int, plays: int, horizon: int) -> tuple[int, int]:
    """Return the number of datasets, and how many episodes to play with each."""
    datasets = checks.integer("datasets", datasets, 2)
    plays = checks.integer("plays", plays, 1)
    if plays < datasets:
        raise ValueError(f"plays must be at least datasets, so that each is played with, got {plays} < {datasets}")
    each = -(-plays // datasets)
    if each * horizon > MAX_STAGES:
        raise ValueError(f"plays / datasets × horizon must be at most {MAX_STAGES}, got {plays} / {datasets}")
    return datasets, each


def even_types(problem: SocialLearningProblem, episodes: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return joint types (episodes, 2), each as often as it should come up, to the nearest episode above or below."""
    reached = np.cumsum(problem.types)
    places = (rng.random() + np.arange(episodes)) / episodes * reached[-1]
    joint = np.searchsorted(reached, places, side="right")
    return np.stack(np.divmod(rng.permutation(joint), problem.game.n_types), axis=1)


def _named(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not value:
        raise TypeError(f"{name} must be a mapping from names, got {value!r}")
    for key in value:
        checks.instance(f"a name in {name}", key, str)
    return value


def _cases(changes: Mapping[str, Any], parts: Sequence[float]) -> dict[Case, dict[str, Any]]:
    """Return what holds in each case that is played: of a share the whole, else each amount but 0."""
    cases: dict[Case, dict[str, Any]] = {UNBROKEN: {}}
    for name, change in changes.items():
        if callable(change):
            cases |= {(name, part): _checked(change(part)) for part in parts if part}
        else:
            cases[name, None] = _checked(change)
    return cases


def _checked(change: Any) -> dict[str, Any]:
    if not isinstance(change, Mapping):
        raise TypeError(f"changes must be mappings, or functions of the amount that return one, got {change!r}")
    told = {checks.choice("a name in one of changes", name, BREAKABLE): value for name, value in change.items()}
    checks.optional(checks.instance, "problem in changes", told.get("problem"), SocialLearningProblem)
    checks.optional(checks.instance, "partner in changes", told.get("partner"), Strategy)
    if told.get("spoil") is not None and not callable(told["spoil"]):
        raise TypeError(f"spoil in changes must be a function of a dataset and a generator, got {told['spoil']!r}")
    return {name: value for name, value in told.items() if value is not None}


def _group(
    problem: SocialLearningProblem,
    assistants: Mapping[str, Strategy | Training],
    size: int,
    cases: Sequence[dict[str, Any]],
    each: int,
    datasets: int,
    seed: int,
) -> list[Floats]:
    """Return what is earned in each of the cases, (assistants, datasets); they share their records."""
    recorded = cases[0].get("problem", problem)
    streams = [np.random.SeedSequence(entropy) for entropy in ((seed, size), (seed, 0, 1), (seed, 0, 2))]
    rng, spoiling, meeting = (np.random.default_rng(stream) for stream in streams)
    earned = np.empty((len(cases), len(assistants), datasets))
    together = max(1, min(CHUNK // each, MAX_RECORDS // max(size * recorded.horizon, 1)))
    for low in range(0, datasets, together):
        count = min(together, datasets - low)
        records = recorded.sample(count * size, rng)
        if "spoil" in cases[0]:
            records = cases[0]["spoil"](records, spoiling)
        seated = [a if isinstance(a, Strategy) else _FreshData(records, count, a) for a in assistants.values()]
        draws, chance = meeting.spawn(2)
        for case, told in enumerate(cases):
            met = _meetings(recorded, told.get("met_types"))
            drawn = copy.deepcopy(draws)
            types = np.concatenate([even_types(met, each, drawn) for _ in range(count)])
            partner = told.get("partner", recorded.people)
            for row, assistant in enumerate(seated):
                played = play(assistant, partner, met.game, types, met.horizon, count * each, copy.deepcopy(chance))
                means = played.payoffs(1).mean(axis=0).reshape(count, each).mean(axis=1)
                earned[case, row, low : low + count] = means
    return list(earned)
