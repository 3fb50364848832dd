"""Figures of the introduction: what imitating too long costs, and regret as one sees it in hindsight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialcoop.book.chart import Chart, capital, counted, feed
from socialcoop.book.picture import Picture, style
from socialcoop.plays import Play
from socialcoop.sweeps import IMITATION, Sweep

__all__ = ["hindsight", "phase_curve"]

DASHES = ("--", ":", "-.", (0, (1, 5)))


def regret_of(sweep: Sweep, commit: str) -> NDArray[np.float64]:
    """Return the mean regrets of the sweep's first problem with this commit, (phases, episodes)."""
    return sweep.regret[0][sweep.commits.index(commit)]


@style()
def phase_curve(sweeps: Mapping[int, Sweep], owed: float, others: Mapping[int, Mapping[str, float]]) -> Picture:
    """Return what the partner earns against the phase, with imitate-then-commit, imitation to the end, and others.

    Parameters
    ----------
    sweeps
        For each number of actions a sweep of one problem with the commits "mixture" and "imitation".
    owed
        The mean of the partner's worst PONE payoff, per stage: what she earns is that less the regret.
    others
        For each number of actions what she earns per stage with one or two others, by name.

    Notes
    -----
    The picture's update takes ``phase``, ``episodes`` and ``n_actions``.

    Examples
    --------
    >>> people = sc.Population([sc.Codebook(challenges=2, fallback=sc.Hedge())])
    >>> talks = sc.SocialLearningProblem(sc.games.conversation(4), people, horizon=50)
    >>> both, size = ["mixture", "imitation"], {"plays": 40, "datasets": 4, "n_jobs": 1}
    >>> sweeps = {4: sc.sweep(talks, [1, 2], [10], both, **size)}
    >>> picture = sc.plots.phase_curve(sweeps, owed=1.0, others={4: {"one of them": 1.0}})
    >>> print(picture.update(phase=2, episodes=10, n_actions=4))
    With K = 10 records and N = 4 actions, the partner of an assistant that imitates for 2
    stages and then commits earns 0.98 a stage; of one that imitates to the end, 0.74.
    One of them: 1.00.
    """
    phases = next(iter(sweeps.values())).phases
    chart = Chart(3.6, xlim=(phases[0], phases[-1]), ylim=(0.4, 1.03), xscale="log")
    chart.ax.set(xlabel="stages imitated before committing, T̃", ylabel="partner earns per stage")
    chart.ticks(phases)
    ways = {"imitate, then commit": "mixture", "imitate to the end": IMITATION}
    lines = chart.lines(dict(zip(ways, ("ai o-", "ai --"), strict=True)))
    lines |= chart.lines(dict(zip(next(iter(others.values())), ("good -", "muted :"), strict=False)))
    mark = chart.mark()
    chart.legend(2, "left")

    def update(phase: int, episodes: int, n_actions: int) -> str:
        found = sweeps[n_actions]
        column, here = found.episodes.index(episodes), found.phases.index(phase)
        earned = {name: owed - regret_of(found, commit)[:, column] for name, commit in ways.items()}
        level = {name: np.full(len(found.phases), value) for name, value in others[n_actions].items()}
        feed(lines, found.phases, earned | level)
        mark(phase)
        committed, imitated = (curve[here] for curve in earned.values())
        told = "; ".join(f"{name}: {value:.2f}" for name, value in others[n_actions].items())
        return (
            f"With K = {episodes:,} records and N = {n_actions} actions, the partner of an assistant that imitates for "
            f"{counted(phase, 'stage')} and then commits earns {committed:.2f} a stage; of one that imitates to the "
            f"end, {imitated:.2f}. {capital(told)}."
        )

    return chart.picture(
        "What the partner earns per stage against the number of imitated stages. A curve with dots: imitate, then "
        "commit; it rises at first and falls once the records run out. Level lines: imitation to the end, and others.",
        update,
    )


@style()
def hindsight(episode: Callable[..., Play], agent: int, name: str, horizon: int) -> Picture:
    """Return what an agent earned beside what each fixed action would have earned, as stages pass.

    Parameters
    ----------
    episode
        Returns the play (its first episode is shown) for the values of the controls; of a game with up to
        four actions, so that their lines can be told apart.
    agent, name
        Whose payoffs, and what to call it.
    horizon
        The largest number of stages.

    Examples
    --------
    >>> def quarter(pressure):
    ...     assistant = sc.Scripted([1] * pressure, fallback=sc.Fixed(0))
    ...     return sc.play(assistant, sc.Fixed(1), sc.games.team_lead(), (1, 1), 100)
    >>> picture = sc.plots.hindsight(quarter, agent=1, name="Alice", horizon=100)
    >>> print(picture.update(pressure=20))
    Alice earned 36.0 in 100 exchanges; always “direct” would have earned 48.0: a regret
    of 12.0, or 0.12 per exchange.
    """
    chart = Chart(xlim=(0, horizon * 1.4), ylim=(0, 1.08 * horizon), xlabel="exchanges", ylabel="total payoff")
    chart.ax.set_xticks(np.linspace(0, horizon, 6))
    earned = chart.line("partner", lw=3, zorder=3)
    fixed = [chart.line("muted", ls=dashes, lw=1.5) for dashes in DASHES]
    label = chart.ends(1 + len(fixed))
    gap = chart.line("bound", lw=6, alpha=0.8, solid_capstyle="butt")

    def update(**values: Any) -> str:
        shown = episode(**values)
        if shown.game.n_actions > len(fixed):
            raise ValueError(f"episode must be of a game with up to {len(fixed)} actions, got {shown.game}")
        total, always = _totals(shown, agent)
        stages = np.arange(shown.horizon + 1)
        earned.set_data(stages, total)
        for line, path in zip(fixed, always, strict=False):
            line.set_data(stages, path)
        rivals = dict(zip((f"always {action}" for action in shown.game.action_names), always, strict=True))
        same = [rival for rival, path in rivals.items() if np.allclose(path, total)]
        ends = {" =\n".join([name, *same]): total[-1]}
        ends |= {rival: path[-1] for rival, path in rivals.items() if rival not in same}
        label(stages[-1] + 0.03 * horizon, ends, 0.08 * horizon * (1 + len(same)))
        best = int(always[:, -1].argmax())
        gap.set_data([stages[-1]] * 2, [total[-1], max(always[best, -1], total[-1])])
        regret = float(always[best, -1] - total[-1])
        story = (
            f"{name} earned {total[-1]:.1f} in {shown.horizon} exchanges; always “{shown.game.action_names[best]}” "
            f"would have earned {always[best, -1]:.1f}"
        )
        if regret < 0:
            return f"{story}, so no fixed choice does better: the regret is {regret:.1f}."
        return f"{story}: a regret of {regret:.1f}, or {regret / shown.horizon:.2f} per exchange."

    return chart.picture(
        f"Line chart of total payoff against exchanges: what {name} earned, and what each fixed action would have "
        "earned against the same partner. The thick bar at the end is the regret.",
        update,
    )


def _totals(shown: Play, agent: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what the agent earned by every stage, (T + 1,), and what each action would have, (N, T + 1)."""
    payoffs = shown.game.payoffs[shown.types[0, agent]][:, shown.actions[:, 1 - agent, 0]]
    rows = np.vstack([shown.payoffs(agent)[:, 0], payoffs]).cumsum(axis=1)
    sums = np.hstack([np.zeros((len(rows), 1)), rows])
    return sums[0], sums[1:]
