"""Figures of the introduction: what imitating too long costs, and regret as one sees it in hindsight."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialcoop.book.chart import Chart, counted, feed
from socialcoop.book.picture import Picture, style
from socialcoop.comparison import Rivals
from socialcoop.plays import Play

__all__ = ["hindsight", "phase_curve"]

STOPS = re.compile(r".+ \(\d+\)")
WAYS = ("ai o-", "ink s-")
OTHERS = ("bound --", "ink -.")
DASHES = ("--", ":", "-.", (0, (1, 5)))


@style()
def phase_curve(found: Mapping[int, Rivals], levels: Mapping[str, float]) -> Picture:
    """Return what the partner earns against the phase, with an assistant that commits, and with others.

    Parameters
    ----------
    found
        For each number of actions what `rivals` measured. Assistants with a name like "then holds (4)" commit after so
        many stages, in up to two ways. Of the others the first is the best to hope for, the second reads nothing, and
        the third never commits; there may be two more.
    levels
        What else to compare with, by name: payoffs per stage.

    Notes
    -----
    The picture's update takes ``phase``, ``episodes`` and ``n_actions``.

    Examples
    --------
    >>> game, people = sc.games.team_lead(), sc.Convention()
    >>> team = sc.SocialLearningProblem(game, people, horizon=50)
    >>> def assistants(records):
    ...     table = sc.Imitator(records)
    ...     commits = {f"then holds ({n})": sc.ThenCommit(table, n, "last") for n in (1, 4)}
    ...     return {"member": people, "no data": sc.best_constant(team), "copies": table} | commits
    >>> found = {2: sc.rivals(team, assistants, [10], plays=40, datasets=2, n_jobs=1)}
    >>> picture = sc.plots.phase_curve(found, {"alone": 0.5})
    >>> print(picture.update(phase=4, episodes=10, n_actions=2))
    With K = 10 records and N = 2 actions, after 4 imitated stages, the partner earns 0.89 a
    stage with “then holds”. For comparison: member, 0.89; no data, 0.80; copies, 0.89;
    alone, 0.50.
    """
    names = next(iter(found.values())).assistants
    stops = [name[:-1].split(" (") for name in names if STOPS.fullmatch(name)]
    ways, phases = list(dict.fromkeys(way for way, _ in stops)), sorted({int(phase) for _, phase in stops})
    best, unread, copies, *rest = others = [name for name in names if not STOPS.fullmatch(name)]
    chart = Chart(3.8, xlim=(phases[0], phases[-1]), ylim=(0.4, 1.03), xscale="log")
    chart.ax.set(xlabel="stages imitated before committing, T̃", ylabel="partner earns per stage")
    chart.ticks(phases)
    lines = chart.lines(dict(zip(ways, WAYS, strict=False)) | {copies: "ai --", best: "good -", unread: "muted :"})
    lines |= chart.lines({**dict(zip(rest, OTHERS, strict=False)), **dict.fromkeys(levels, "partner -.")})
    mark = chart.mark("phase")
    chart.legend(2, "left")

    def update(phase: int, episodes: int, n_actions: int) -> str:
        here = found[n_actions]
        earned = dict(zip(here.assistants, here.means()[:, here.episodes.index(episodes)], strict=True))
        flat = {**{name: earned[name] for name in others}, **levels}
        heights = {name: np.full(len(phases), value) for name, value in flat.items()}
        feed(lines, phases, heights | {way: [earned[f"{way} ({each})"] for each in phases] for way in ways})
        mark(phase)
        commits = " and ".join(f"{earned[f'{way} ({phase})']:.2f} a stage with “{way}”" for way in ways)
        told = "; ".join(f"{name}, {value:.2f}" for name, value in flat.items())
        return (
            f"With K = {episodes:,} records and N = {n_actions} actions, after {counted(phase, 'imitated stage')}, the "
            f"partner earns {commits}. For comparison: {told}."
        )

    return chart.picture(
        "What the partner earns per stage against the number of imitated stages. With dots: to imitate, and then to "
        "commit; it jumps once the partner's taste has shown. Level lines: imitation to the end, and others.",
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
    chart = Chart(xlim=(0, horizon * 1.5), ylim=(0, 1.08 * horizon), xlabel="exchanges", ylabel="total payoff")
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
        # above the axis
        ends = {told: max(height, 0.05 * horizon * (1 + told.count("\n"))) for told, height in ends.items()}
        label(stages[-1] + 0.03 * horizon, ends, 0.08 * horizon * (1 + len(same)))
        best = int(always[:, -1].argmax())
        gap.set_data([stages[-1]] * 2, [total[-1], max(always[best, -1], total[-1])])
        regret = float(always[best, -1] - total[-1])
        story = (
            f"{name} earned {total[-1]:.1f} in {shown.horizon} exchanges; always “{shown.game.action_names[best]}” "
            f"would have earned {always[best, -1]:.1f}"
        )
        if regret < 0:
            return f"{story}, so no fixed choice does better: the regret is −{-regret:.1f}."
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
