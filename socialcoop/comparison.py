"""Rivals: many assistants on the same records, with the same partners."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.engine import play
from socialcoop.plays import Play
from socialcoop.social import Dataset, SocialLearningProblem, mean_interval
from socialcoop.social.intervals import Interval
from socialcoop.strategies import Strategy
from socialcoop.sweeps import even_types, shared_out

__all__ = ["Rivals", "rivals"]

Trained = Callable[[Dataset], Mapping[str, Strategy]]
Cell = dict[str, float]


@dataclass(frozen=True, eq=False)
class Rivals(checks.Frozen):
    """What partners earn with several assistants, for each number of records.

    Attributes
    ----------
    assistants
        Their names.
    episodes
        The values of K.
    earned
        The partner's mean payoff per stage, (assistants, K, datasets).

    Examples
    --------
    >>> from socialcoop.comparison import Rivals
    >>> found = Rivals(("table", "constant"), (10,), np.array([[[0.5, 0.75]], [[0.75, 0.75]]]))
    >>> found.means()
    array([[0.625],
           [0.75 ]])
    """

    assistants: tuple[str, ...]
    episodes: tuple[int, ...]
    earned: NDArray[np.float64]

    def means(self) -> NDArray[np.float64]:
        """Return the means over the datasets, (assistants, K)."""
        return self.earned.mean(axis=2)

    def interval(self, assistant: str, episodes: int, confidence: float = 0.95) -> Interval:
        """Return Student's interval for what partners of ``assistant`` earn, over the datasets of K records."""
        return mean_interval(self._cell(assistant, episodes), confidence)

    def margin(self, assistant: str, other: str, episodes: int, confidence: float = 0.95) -> Interval:
        """Return the interval for how much more they earn with ``assistant`` than with ``other``, in pairs."""
        gains = self._cell(assistant, episodes) - self._cell(other, episodes, "other")
        return mean_interval(gains, confidence)

    def to_frame(self) -> Any:
        """Return a ``pandas.DataFrame`` with a row for each assistant, number of records and dataset.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        cells = list(product(self.assistants, self.episodes, range(self.earned.shape[2])))
        columns = dict(zip(("assistant", "episodes", "dataset"), zip(*cells, strict=True), strict=True))
        return checks.extra("pandas", "to_frame").DataFrame(columns | {"earned": self.earned.ravel()})

    def _cell(self, assistant: str, episodes: int, argument: str = "assistant") -> NDArray[np.float64]:
        row = self.assistants.index(checks.choice(argument, assistant, self.assistants))
        return self.earned[row, self.episodes.index(checks.choice("episodes", episodes, self.episodes))]


def rivals(
    problem: SocialLearningProblem,
    trained: Trained,
    episodes: Sequence[int],
    *,
    partner: Strategy | None = None,
    plays: int = 500,
    datasets: int = 5,
    seed: int = 0,
    n_jobs: int = -1,
    progress: bool = False,
    store: str | Path | None = None,
) -> Rivals:
    """Return what partners earn with each of several assistants, all on the same records and with the same partners.

    Parameters
    ----------
    problem
        Whom to learn from, and for how long to work.
    trained
        A function of a `Dataset`, all stages of K records, that returns the assistants by name. Those that share a
        model may share it there; one that reads no records is returned as it is. It must not draw anything but from
        a seed of its own.
    episodes
        The values of K.
    partner
        Whom they meet; by default a member of the population.
    plays, datasets
        How many episodes are played in each cell, and with how many fresh datasets, at least 2. With each dataset
        every joint type comes up as often as it should, to the nearest episode.
    seed
        An int. A dataset, and the partners' types and chance, depend on it, on K and on the dataset's number alone.
    n_jobs
        How many processes joblib uses on this machine; -1 for one on each core.
    progress
        Whether to show a progress bar.
    store
        A file that keeps each result as a line of JSON as soon as it is there. What an interrupted run has played is
        read from it and not played again, if all other settings are the same. It knows assistants by their names:
        whoever changes one gives it a new name, or takes another file.

    Examples
    --------
    >>> problem = sc.SocialLearningProblem(sc.games.team_lead(), sc.Convention(), horizon=50)
    >>> def assistants(records):
    ...     table = sc.Imitator(records)
    ...     return {"copies": table, "commits": sc.ThenCommit(table, 4, "last"), "no data": sc.best_constant(problem)}
    >>> found = sc.rivals(problem, assistants, episodes=[2, 100], plays=40, datasets=4, n_jobs=1)
    >>> found.assistants, found.earned.shape
    (('copies', 'commits', 'no data'), (3, 2, 4))
    >>> bool(found.margin("commits", "no data", episodes=100)[0] > 0)
    True
    """
    from joblib import Parallel, delayed  # here, since they are used here alone
    from tqdm.auto import tqdm

    if checks.instance("problem", problem, SocialLearningProblem).horizon == 0:
        raise ValueError(f"problem must have at least one stage, got {problem}")
    if not callable(trained):
        raise TypeError(f"trained must be a function of a dataset that returns assistants by name, got {trained!r}")
    sizes = [checks.integer("episodes", size) for size in checks.listed("episodes", episodes, "numbers")]
    partner = checks.optional(checks.instance, "partner", partner, Strategy)
    datasets, each = shared_out(datasets, plays, problem.horizon)
    n_jobs = checks.jobs("n_jobs", n_jobs)
    progress = checks.choice("progress", progress, (False, True))
    seed = checks.integer("seed", seed)
    met = problem.people if partner is None else partner
    kept = _Store(store, (problem, met, each, seed))
    cells = list(product(sizes, range(datasets)))
    work = [delayed(_cell)(problem, trained, met, size, each, (seed, size, i), kept.of(size, i)) for size, i in cells]
    done = Parallel(n_jobs=min(n_jobs, max(len(work), 1)), return_as="generator")(work)
    found = []
    for cell, earned in zip(cells, tqdm(done, total=len(work), disable=not progress), strict=True):
        kept.keep(*cell, earned)
        found.append(earned)
    names = tuple(found[0]) if found else ()
    for (size, _), earned in zip(cells, found, strict=True):
        if set(earned) != set(names):
            raise ValueError(f"trained must return the same names each time, got {list(names)}, and with {size} "
                             f"episodes {list(earned)}")  # fmt: skip
    table = np.array([[earned[name] for earned in found] for name in names])
    return Rivals(names, tuple(sizes), table.reshape(len(names), len(sizes), datasets))


def _cell(
    problem: SocialLearningProblem,
    trained: Trained,
    met: Strategy,
    size: int,
    episodes: int,
    entropy: tuple[int, ...],
    known: Cell,
) -> Cell:
    """Return what the partner earns per stage with each assistant; what is known already is not played again."""
    records, partners, chance = np.random.SeedSequence(entropy).spawn(3)
    dataset = problem.sample(size, np.random.default_rng(records))
    types = even_types(problem, episodes, np.random.default_rng(partners))
    earned = {}
    for name, assistant in _assistants(trained(dataset)):
        if name not in known:
            rng = np.random.default_rng(chance)  # the same for everybody
            played = play(assistant, met, problem.game, types, problem.horizon, episodes, rng)
            known = known | {name: float(played.payoffs(1).mean())}
        earned[name] = known[name]
    return earned


def _assistants(answer: Any) -> Iterator[tuple[str, Strategy]]:
    """Yield what ``trained`` returned, held to be strategies by name."""
    if not isinstance(answer, Mapping) or not answer:
        raise TypeError(f"trained must return strategies by name, got {answer!r}")
    for name, assistant in answer.items():
        yield checks.instance("a name that trained returns", name, str), checks.instance(name, assistant, Strategy)


class _Store:
    """Lines of JSON in a file, one for each cell, under a mark for all that the results depend on but assistants."""

    def __init__(self, path: str | Path | None, settings: tuple[Any, ...]) -> None:
        self.path = None if path is None else checks.path("store", path)
        self.mark = sha256(repr(_told(settings)).encode()).hexdigest()[:16]
        self.known: dict[tuple[str, int, int], Cell] = {}
        if self.path is not None:
            self.path.touch()  # a place that cannot be written to is found out before anything is played
            for number, line in enumerate(self.path.read_bytes().splitlines(), start=1):
                self._read(number, line)

    def _read(self, number: int, line: bytes) -> None:
        try:
            told = json.loads(line)
            where = told["settings"], told["episodes"], told["dataset"]
            earned = {name: checks.real(name, mean, -np.inf, np.inf) for name, mean in told["earned"].items()}
            self.known[where] = self.known.get(where, {}) | earned
        except (KeyError, TypeError, ValueError, AttributeError):
            raise ValueError(f"store must hold the results of earlier runs, got line {number} of {self.path}") from None

    def of(self, size: int, dataset: int) -> Cell:
        return self.known.get((self.mark, size, dataset), {})

    def keep(self, size: int, dataset: int, earned: Cell) -> None:
        if self.path is not None and not earned.items() <= self.of(size, dataset).items():
            line = {"settings": self.mark, "episodes": size, "dataset": dataset, "earned": earned}
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")


def _told(value: Any) -> Any:
    """Return what tells a value from others: a repr alone rounds numbers, and says of records how many there are."""
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, Mapping):
        return [(repr(name), _told(each)) for name, each in value.items()]
    if isinstance(value, list | tuple):
        return [_told(each) for each in value]
    if isinstance(value, Strategy | Play | checks.Frozen):
        return repr(value), _told(checks.values(value))
    name = getattr(value, "__qualname__", "<")
    return repr(value) if "<" in name else f"{value.__module__}.{name}"  # a function's repr is another the next time
