"""Figures of the sample complexity: regret against the horizon, and the records that are needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from socialcoop import checks
from socialcoop.book.chart import Chart, counted, feed
from socialcoop.book.figures.labels import COMMITS, GENERALISES, LESS, NO_DATA, TABLE, name_ends
from socialcoop.book.figures.upper_bound import committing, regret_of
from socialcoop.book.picture import Picture, style
from socialcoop.sweeps import IMITATION, Sweep

__all__ = ["episodes_needed", "horizon_curve", "predicted_phases"]

OTHERS = (GENERALISES, NO_DATA, "muted -.", "ink s-")  # how the lines of others look


@style()
def horizon_curve(sweeps: Mapping[int, Sweep], others: Mapping[int, Mapping[str, ArrayLike]] | None = None) -> Picture:
    """Return what is lost with imitation to the end, with imitate-then-commit, and with others, against the horizon.

    Parameters
    ----------
    sweeps
        For each of two or more horizons T a sweep of one problem, over the same phases and numbers of records, with
        "imitation" and one way to commit.
    others
        For each horizon what is lost with up to four others, by name: a number for each K of the sweep, (K,).

    Notes
    -----
    The picture's update takes ``phase``, ``episodes`` and ``horizon``, among the sweeps' values.

    Examples
    --------
    >>> def sweep_of(horizon):
    ...     people, talk = sc.Population([sc.Codebook(2, sc.Hedge())]), sc.games.conversation(4)
    ...     problem = sc.SocialLearningProblem(talk, people, horizon)
    ...     both = ["mixture", "imitation"]
    ...     return sc.sweep(problem, [4], [10], both, plays=40, datasets=4, n_jobs=1)
    >>> one_word = {10: {"one word for ever": [0.1]}, 20: {"one word for ever": [0.06]}}
    >>> picture = sc.plots.horizon_curve({T: sweep_of(T) for T in (10, 20)}, one_word)
    >>> print(picture.update(phase=4, episodes=10, horizon=20))
    With K = 10 records and 20 stages in all, imitation to the end leaves the partner
    0.22 a stage short; an assistant that imitates for 4 stages and then commits, 0.05;
    one word for ever: 0.06.
    """
    if len(checks.instance("sweeps", sweeps, Mapping)) < 2:
        raise ValueError(f"sweeps must hold two or more horizons, got {list(sweeps)}")
    commits = {T: committing(checks.instance("sweeps", found, Sweep)) for T, found in sweeps.items()}
    horizons, rivals = sorted(sweeps), others or {}
    if rivals and set(rivals) != set(sweeps):
        raise ValueError(f"others must hold the horizons of sweeps, got {list(rivals)}")
    names = list(next(iter(rivals.values()), ()))
    highest = max(float(found.regret.max()) for found in sweeps.values())
    chart = Chart(xlim=(0.93 * horizons[0], 1.07 * horizons[-1]), ylim=(0, 1.1 * highest), xscale="log")
    chart.ax.set(xlabel="stages of the whole episode, T", ylabel=f"lost per stage {LESS}")
    chart.ticks(horizons)
    lines = chart.lines({"table, to\nthe end": TABLE, "imitate,\nthen commit": COMMITS})
    lines |= chart.lines(dict(zip(names, OTHERS, strict=False)), ms=5)
    mark, name = chart.mark("horizon"), name_ends(chart, lines)

    def update(phase: int, episodes: int, horizon: int) -> str:
        def curve(commit: str | None = None) -> list[float]:
            shown = ((sweeps[each], commit or commits[each]) for each in horizons)
            return [regret_of(s, way)[s.phases.index(phase), s.episodes.index(episodes)] for s, way in shown]

        column = sweeps[horizon].episodes.index(episodes)
        further = {name: [np.asarray(rivals[each][name])[column] for each in horizons] for name in names}
        imitated, committed = curve(IMITATION), curve()
        feed(lines, horizons, dict(zip(lines, (imitated, committed, *further.values()), strict=True)))
        name()
        mark(horizon)
        here = horizons.index(horizon)
        return (
            f"With K = {episodes:,} records and {horizon} stages in all, imitation to the end leaves the partner "
            f"{imitated[here]:.2f} a stage short; an assistant that imitates for {counted(phase, 'stage')} and then "
            f"commits, {committed[here]:.2f}{''.join(f'; {name}: {lost[here]:.2f}' for name, lost in further.items())}."
        )

    told = f" Further lines: {', '.join(names)}." if names else ""
    return chart.picture(
        "What the partner loses per stage against the length of the whole episode. A dashed line: a table that "
        "imitates to the end, which rises with the length and stays high. A solid line: imitate, then commit, which "
        "does not rise."
        f"{told}",
        update,
    )


@style()
def predicted_phases(
    predicted: Mapping[int, ArrayLike],
    sweeps: Mapping[int, Sweep],
    others: Mapping[int, Mapping[str, ArrayLike]] | None = None,
) -> Picture:
    """Return what records predict that is lost after each phase, beside what is measured, and what others lose.

    Parameters
    ----------
    predicted
        For each number of actions what `phase.predicted_regret` expects, (K, phases).
    sweeps
        For each number of actions a sweep of one problem, over these K and phases, with one way to commit.
    others
        For each number of actions what is lost with up to four others, by name: a number for each K, (K,).

    Notes
    -----
    The picture's update takes ``episodes`` and ``n_actions``.

    Examples
    --------
    >>> people, game = sc.Population([sc.Convention()]), sc.games.team_lead()
    >>> team = sc.SocialLearningProblem(game, people, horizon=50)
    >>> found = sc.sweep(team, [1, 2, 4], [20], owed=1, plays=40, datasets=4, n_jobs=1)
    >>> guess = [sc.phase.predicted_regret(team.sample(20, seed=1), [1, 2, 4], 50, owed=1)]
    >>> print(sc.plots.predicted_phases({2: guess}, {2: found}).update(episodes=20, n_actions=2))
    With K = 20 records and N = 2 actions the rule imitates for 4 stages and expects a loss
    of 0.15; measured: 0.17. In hindsight 1 stage is best, with 0.16.
    """
    rivals = others or {}
    if not checks.instance("sweeps", sweeps, Mapping) or set(predicted) != set(sweeps):
        raise ValueError(f"predicted and sweeps must hold the same numbers of actions, got {list(predicted)}")
    expected = {n: checks.array("predicted", each, "(K, phases)", 2) for n, each in predicted.items()}
    for n, found in sweeps.items():
        size = len(found.episodes), len(found.phases)
        if len(found.commits) != 1 or expected[n].shape != size:
            raise ValueError(f"predicted must have shape {size}, and its sweep one commit, got {expected[n].shape}")
    phases = next(iter(sweeps.values())).phases
    names = list(next(iter(rivals.values()), ()))
    highest = max(max(float(found.regret.max()) for found in sweeps.values()), *(e.max() for e in expected.values()))
    chart = Chart(xlim=(0.93 * phases[0], 1.07 * phases[-1]), ylim=(0, 1.1 * highest), xscale="log")
    chart.ax.set(xlabel="stages imitated before committing, T̃", ylabel=f"lost per stage {LESS}")
    chart.ticks(phases)
    lines = chart.lines({"predicted": "ink o:", "measured": COMMITS}, ms=4)
    lines |= chart.lines(dict(zip(names, ("ai --", *OTHERS[1:]), strict=False)))
    mark, name = chart.mark(), name_ends(chart, lines)
    best_mark = chart.line("ai o", ms=11, mfc="none", mew=1.5)

    def update(episodes: int, n_actions: int) -> str:
        found = sweeps[n_actions]
        row = found.episodes.index(episodes)
        guess, real = expected[n_actions][row], found.regret[0, 0, :, row]
        level = {name: float(np.asarray(lost)[row]) for name, lost in rivals.get(n_actions, {}).items()}
        flat = {name: np.full(len(found.phases), lost) for name, lost in level.items()}
        feed(lines, found.phases, {"predicted": guess, "measured": real} | flat)
        chosen, best = int(guess.argmin()), int(real.argmin())
        name()
        mark(found.phases[chosen])
        best_mark.set_data([found.phases[best]], [real[best]])
        return (
            f"With K = {episodes:,} records and N = {n_actions} actions the rule imitates for "
            f"{counted(found.phases[chosen], 'stage')} and expects a loss of {guess[chosen]:.2f}; measured: "
            f"{real[chosen]:.2f}. In hindsight {counted(found.phases[best], 'stage')} "
            f"{'is' if found.phases[best] == 1 else 'are'} best, with {real[best]:.2f}"
            f"{''.join(f'; {name}: {lost:.2f}' for name, lost in level.items())}."
        )

    told = f" Level lines: {', '.join(names)}." if names else ""
    return chart.picture(
        "What the partner loses per stage against the number of imitated stages. A dotted curve: what the records "
        "predict. A solid curve: what is measured. Both fall at first, and rise once the records run out. A vertical "
        f"line: the phase that the prediction chooses. A ring: the one that is best in hindsight.{told}",
        update,
    )


@style()
def episodes_needed(needed: Mapping[str, tuple[Sequence[int], Sequence[int]]]) -> Picture:
    """Return the number of episodes needed against the horizon, up to four lines.

    Parameters
    ----------
    needed
        For each name the horizons T and the numbers K: first for imitation to the end, then for imitate-then-commit.

    Examples
    --------
    >>> sc.plots.episodes_needed({"doubling": ([4, 8, 12], [5, 71, 1128])})
    Picture: Lines on a logarithmic scale: the episodes needed against the horizon.
    doubling: 5 at T = 4, 1,128 at T = 12.
    """
    chart = Chart(yscale="log", xlabel="horizon T", ylabel=f"episodes K needed {LESS}")
    words = []
    for (name, (horizons, sizes)), look in zip(
        needed.items(), ("ai s--", COMMITS, GENERALISES, "ink o:"), strict=False
    ):
        below: dict[str, Any] = {"lw": 5, "ms": 10, "alpha": 0.45, "zorder": 1.9} if look == COMMITS else {}
        chart.line(look, horizons, sizes, label=name, **{"ms": 4} | below)  # two lines may be one
        words.append(f"{name}: {sizes[0]:,} at T = {horizons[0]:,}, {sizes[-1]:,} at T = {horizons[-1]:,}")
    chart.legend(2)
    return chart.picture(f"Lines on a logarithmic scale: the episodes needed against the horizon. {'; '.join(words)}.")
