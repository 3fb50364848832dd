"""Figures of the sample complexity: regret against the horizon, and the records that are needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from socialcoop import checks
from socialcoop.book.chart import Chart, counted, feed
from socialcoop.book.figures.intro import regret_of
from socialcoop.book.picture import Picture, style
from socialcoop.sweeps import IMITATION, Sweep

__all__ = ["episodes_needed", "horizon_curve"]

COMPARED = ("mixture", IMITATION)


@style()
def horizon_curve(sweeps: Mapping[int, Sweep]) -> Picture:
    """Return the measured regret of imitation to the end and of imitate-then-commit against the horizon.

    Parameters
    ----------
    sweeps
        For each of two or more horizons T a sweep of one problem, over the same phases and numbers of records, with
        the commits "mixture" and "imitation".

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
    >>> picture = sc.plots.horizon_curve({T: sweep_of(T) for T in (10, 20)})
    >>> print(picture.update(phase=4, episodes=10, horizon=20))
    With K = 10 records and 20 stages in all, imitation to the end leaves the partner
    0.22 a stage short; an assistant that imitates for 4 stages and then commits, 0.05.
    """
    if len(checks.instance("sweeps", sweeps, Mapping)) < 2:
        raise ValueError(f"sweeps must hold two or more horizons, got {list(sweeps)}")
    for found in sweeps.values():
        if not set(checks.instance("sweeps", found, Sweep).commits) >= set(COMPARED):
            raise ValueError(f"sweeps must each have the commits {COMPARED}, got {found.commits}")
    horizons = sorted(sweeps)
    chart = Chart(xlim=(horizons[0], horizons[-1]), ylim=(0, 0.8), xscale="log")
    chart.ax.set(xlabel="stages of the whole episode, T", ylabel="altruistic regret per stage")
    chart.ticks(horizons)
    lines = chart.lines({"imitate to the end": "ai o--"}, ms=4) | chart.lines({"imitate, then commit": "ai o-"})
    mark = chart.mark()
    chart.legend(2)

    def update(phase: int, episodes: int, horizon: int) -> str:
        def curve(commit: str) -> list[float]:
            shown = (sweeps[each] for each in horizons)
            return [regret_of(s, commit)[s.phases.index(phase), s.episodes.index(episodes)] for s in shown]

        imitated, committed = curve(IMITATION), curve("mixture")
        feed(lines, horizons, {"imitate to the end": imitated, "imitate, then commit": committed})
        mark(horizon)
        here = horizons.index(horizon)
        return (
            f"With K = {episodes:,} records and {horizon} stages in all, imitation to the end leaves the partner "
            f"{imitated[here]:.2f} a stage short; an assistant that imitates for {counted(phase, 'stage')} and then "
            f"commits, {committed[here]:.2f}."
        )

    return chart.picture(
        "Altruistic regret per stage against the length of the whole episode. A dashed line: imitation to the end, "
        "which rises with the length and stays high. A solid line: imitate, then commit, which does not rise.",
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
    Picture: Lines on logarithmic axes: the episodes needed against the horizon.
    doubling: 5 at T = 4, 1,128 at T = 12.
    """
    chart = Chart(xscale="log", yscale="log", xlabel="horizon T", ylabel="episodes K needed")
    words = []
    for (name, (horizons, sizes)), look in zip(
        needed.items(), ("ai o--", "ai o-", "good o-.", "muted o:"), strict=False
    ):
        chart.line(look, horizons, sizes, ms=4, label=name)
        words.append(f"{name}: {sizes[0]:,} at T = {horizons[0]:,}, {sizes[-1]:,} at T = {horizons[-1]:,}")
    chart.legend(2)
    return chart.picture(f"Lines on logarithmic axes: the episodes needed against the horizon. {'; '.join(words)}.")
