"""How long to imitate, judged from the records alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.games.game import ROUNDING
from socialcoop.imitation.imitator import records_that_count
from socialcoop.plays import Play, both_observed
from socialcoop.regret import benchmark
from socialcoop.strategies import Strategy
from socialcoop.strategies.protocol import Floats

__all__ = ["choose_phase", "choose_window", "predicted_earnings", "predicted_regret"]


def predicted_regret(
    dataset: Play, phases: Sequence[int], horizon: int, owed: ArrayLike | None = None, commit: str = "mixture"
) -> Floats:
    r"""Return what imitate-then-commit would lose per stage, for each phase, as far as the records tell.

    Parameters
    ----------
    dataset
        Records of the population, with both agents' types; at least one episode. A record is replayed for the phases
        all of whose moves it shows, and the others teach as they teach an `Imitator`.
    phases
        The values of T̃ to judge, each from 1 to the dataset's horizon. At least one record must show the whole phase.
    horizon
        Number of stages T that will be played.
    owed
        One's own benchmark instead of the worst PONE, see `socialcoop.altruistic_regret`.
    commit
        "mixture" or "pure", see `commitment_mixture`.

    Returns
    -------
    Array (phases,): altruistic regret per stage, without what the partner's learning costs.

    Notes
    -----
    Leave one out: each record is replayed by an imitator trained on all the others. While some other record shows
    the same history it does what the record did; from there on it plays uniformly, beside what the recorded partner
    did. The partner's shortfall is taken from this play in the phase, and from its best replies to what is committed
    to afterwards.

    Examples
    --------
    >>> people, game = sc.Population([sc.Convention()]), sc.games.team_lead()
    >>> records = sc.SocialLearningProblem(game, people, horizon=200).sample(60, seed=3)
    >>> sc.phase.predicted_regret(records, phases=[2, 4, 16], horizon=200).round(2)
    array([ 0.  , -0.05, -0.09])
    """
    checks.instance("dataset", dataset, Play)
    if dataset.episodes == 0 or dataset.horizon == 0:
        raise ValueError(f"dataset must hold at least one episode of at least one stage, got {dataset}")
    horizon = checks.integer("horizon", horizon, 1)
    longest = min(dataset.horizon, horizon)
    listed = checks.listed("phases", phases, "numbers of stages")
    wanted = [checks.integer("phases", phase, 1, longest) for phase in listed]
    _check_shown(dataset, max(wanted))
    pure = checks.choice("commit", commit, ("mixture", "pure")) == "pure"
    due = benchmark(dataset.game, dataset.types, 1, owed)[tuple(dataset.types.T)]
    payoffs = dataset.game.payoffs[dataset.types[:, 1]]
    predicted, replayed = {}, _left_out(dataset)
    for stage in range(1, max(wanted) + 1):
        joint, whole = next(replayed)
        if stage in wanted:
            during = (joint * payoffs).sum(axis=(1, 2)) / stage
            kept = joint.sum(axis=1) * payoffs.max(axis=1) if pure else (joint @ payoffs.transpose(0, 2, 1)).max(axis=2)
            after = kept.sum(axis=1) / stage
            share = stage / horizon
            predicted[stage] = (due - share * during - (1 - share) * after).mean(where=whole)
    return np.array([predicted[stage] for stage in wanted])


def choose_phase(
    dataset: Play, phases: Sequence[int], horizon: int, owed: ArrayLike | None = None, commit: str = "mixture"
) -> int:
    """Return the phase with the least `predicted_regret`, the shortest in case of a tie. Arguments as there.

    Examples
    --------
    >>> people = sc.Population([sc.Codebook(challenges=2, fallback=sc.Hedge())])
    >>> problem = sc.SocialLearningProblem(sc.games.conversation(4), people, 200)
    >>> sc.choose_phase(problem.sample(60, seed=3), phases=[1, 4, 16], horizon=200)
    1
    """
    predicted = predicted_regret(dataset, phases, horizon, owed, commit)
    tie = float(dataset.game.ties.max()) + ROUNDING * float(np.abs(predicted).max())
    return int(np.asarray(phases)[predicted <= predicted.min() + tie].min())


def predicted_earnings(strategy: Strategy, records: Play, phase: int, horizon: int, since: int | None = None) -> Floats:
    r"""Return what partners would earn per stage with ``ThenCommit(strategy, phase, "pure", since)``, record by record.

    Parameters
    ----------
    strategy
        What is followed, such as a trained imitator; it must not have been trained on these records.
    records
        Of the population, with both agents' types, and of at least ``phase`` stages, all observed.
    phase
        T̃, at least 1.
    horizon
        Number of stages T that will be played, at least T̃.
    since
        How many stages to leave out before the commitment is drawn; by default all but the last of the phase.

    Returns
    -------
    Array (K,).

    Notes
    -----
    At each stage the strategy is asked what it would do after the recorded history. In the phase the partner does
    what is recorded; after it, the best reply to the action drawn. That the strategy might leave the record before,
    and what learning costs the partner, are left out.

    Examples
    --------
    >>> people, game = sc.Convention(), sc.games.team_lead()
    >>> records = sc.SocialLearningProblem(game, people, horizon=20).sample(60, seed=3)
    >>> for phase in (1, 2):
    ...     print(sc.phase.predicted_earnings(people, records, phase, 200).mean().round(2))
    0.83
    0.94
    """
    longest, horizon = _longest(records, horizon)
    phase = checks.integer("phase", phase, 1, longest)
    since = phase - 1 if since is None else checks.integer("since", since, 0, phase - 1)
    during, after = _by_stage(strategy, records, phase, horizon)
    share = phase / horizon
    return share * during.mean(axis=0) + (1 - share) * after[since:].mean(axis=0)


def choose_window(strategy: Strategy, records: Play, phases: Sequence[int], horizon: int) -> tuple[int, int]:
    """Return for which ``since`` and which phase `predicted_earnings` are largest, by held-out records.

    Parameters
    ----------
    strategy, records, horizon
        As there.
    phases
        The values of T̃ to judge.

    Returns
    -------
    The window (since, phase). The phase is the best one if the last action is kept, the shortest in case of a tie.
    Then the window is made as long as costs no more than one standard error.

    Notes
    -----
    One standard error is the rule of Breiman et al. (1984).

    Examples
    --------
    >>> people, game = sc.strategies.VariedTeam("rota"), sc.games.varied_team(ways=3)
    >>> records = sc.SocialLearningProblem(game, people, horizon=20).sample(60, seed=3)
    >>> sc.phase.choose_window(people, records, phases=[1, 2, 3, 4, 8], horizon=200)
    (3, 4)
    """
    longest, horizon = _longest(records, horizon)
    listed = checks.listed("phases", phases, "numbers of stages")
    wanted = sorted(checks.integer("phases", phase, 1, longest) for phase in listed)
    during, after = _by_stage(strategy, records, wanted[-1], horizon)
    shares = np.array(wanted) / horizon
    earned = [p * during[:n].mean() + (1 - p) * after[n - 1].mean() for n, p in zip(wanted, shares, strict=True)]
    phase = wanted[_first_of_the_best(earned, records.game)]
    return _longest_window(after[:phase]), phase


def _first_of_the_best(values: Sequence[float], game: Game) -> int:
    tie = float(game.ties.max()) + ROUNDING * max(map(abs, values))
    return int(np.argmax(np.array(values) >= max(values) - tie))


def _longest_window(after: Floats) -> int:
    """Return how many stages to leave out, so that the others pay as the last one does, up to a standard error."""
    stages, records = after.shape
    means = after[::-1].cumsum(axis=0)[::-1] / np.arange(stages, 0, -1)[:, None]
    falls = after[-1] - means  # in pairs
    error = falls.std(axis=1, ddof=1) / np.sqrt(records) if records > 1 else np.zeros(stages)
    return int(np.argmax(falls.mean(axis=1) <= error + ROUNDING))


def _longest(records: Play, horizon: int) -> tuple[int, int]:
    """Return how long a phase can be, and the horizon, checked."""
    if checks.instance("records", records, Play).episodes == 0 or records.horizon == 0:
        raise ValueError(f"records must hold at least one episode of at least one stage, got {records}")
    horizon = checks.integer("horizon", horizon, 1)
    return min(records.horizon, horizon), horizon


@checks.TINY_IS_ZERO
def _by_stage(strategy: Strategy, records: Play, stages: int, horizon: int) -> tuple[Floats, Floats]:
    """Return what the partner earns at each stage, (stages, K): as recorded, and if it replied as best it can."""
    checks.instance("strategy", strategy, Strategy)
    if records.observed is not None and not records.observed[:stages].all():
        raise ValueError(f"records must show every move of the first {stages} stages, got {records}")
    seat = strategy.seat(records.game, 0, records.types[:, 0], horizon)
    payoffs = records.game.payoffs[records.types[:, 1]]
    everybody, best = np.arange(records.episodes), payoffs.max(axis=1)
    during, after = np.empty((2, stages, records.episodes))
    for stage in range(stages):
        own, other = records.actions[stage].astype(np.intp)
        policy = seat.policy()
        during[stage] = (policy.T * payoffs[everybody, other]).sum(axis=1)
        after[stage] = (policy.T * best).sum(axis=1)
        seat.observe(own, other)
    return during, after


def _check_shown(dataset: Play, longest: int) -> None:
    if dataset.observed is None:
        return
    whole = np.logical_and.accumulate(dataset.observed.all(axis=1))
    shown = int(whole.any(axis=1).sum())
    if shown == 0:
        raise ValueError(f"dataset must show both moves of the first stage in some record, got {dataset}")
    if longest > shown:
        raise ValueError(
            f"phases must be at most {shown}, since no record of {dataset} shows every move of a longer beginning, "
            f"got {longest}"
        )


def _left_out(dataset: Play) -> Iterator[tuple[Floats, NDArray[np.bool_] | Literal[True]]]:
    """Yield, stage after stage, the joint counts (K, partner's action, own action) of each record replayed.

    With them comes which records have shown every move so far; the counts of the others mean nothing.
    """
    n_actions, everybody = dataset.game.n_actions, np.arange(dataset.episodes)
    joint = np.zeros((dataset.episodes, n_actions, n_actions))
    history = dataset.types[:, 0].astype(np.int64)
    counting, both = records_that_count(dataset, 0), both_observed(dataset)
    whole: NDArray[np.bool_] | Literal[True] = True
    for stage, (own, other) in enumerate(dataset.actions.astype(np.intp)):
        if counting is not None:
            history[~counting[stage]] = -1 - everybody[~counting[stage]]  # nobody else's
        _, history, counts = np.unique(history, return_inverse=True, return_counts=True)
        shown = counts[history] > 1  # by another record as well
        joint[everybody[shown], other[shown], own[shown]] += 1
        joint[everybody[~shown], other[~shown]] += 1 / n_actions
        if both is not True:
            whole = both[stage] & whole
        yield joint, whole
        history = (history * n_actions + own) * n_actions + other
