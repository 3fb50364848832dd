"""Figures of consistency alone: the way to a coarse correlated equilibrium, and how far learners are from one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from matplotlib.patches import Polygon
from numpy.typing import ArrayLike, NDArray

from socialcoop import bounds
from socialcoop.book.chart import Chart, apart, counted, literal
from socialcoop.book.figures.compatibility import allowed, payoff_plane
from socialcoop.book.look import COLORS
from socialcoop.book.picture import Picture, style
from socialcoop.engine import play
from socialcoop.equilibria import coarse_correlated_payoffs, nash_equilibria
from socialcoop.games import Game
from socialcoop.plays import Play
from socialcoop.regret import external_regret_path
from socialcoop.strategies import JointSchedule, Strategy

KEYS = {"—": "ink -", "- -": "ink --", "···": "ink :"}  # how a line is told apart, in its name and drawn

__all__ = ["distance_to_cce", "schedule_walk"]


@style()
def schedule_walk(targets: Mapping[str, ArrayLike], game: Game, types: tuple[int, int], horizon: int) -> Picture:
    """Return the payoffs that coarse correlated equilibria give, and a pair that walks to one of them.

    The picture's update takes ``target`` (a name in ``targets``, each a joint distribution) and ``stages``, up to
    ``horizon``.

    Examples
    --------
    >>> turns = {"taking turns": [[0, 0.5], [0.5, 0]]}
    >>> picture = sc.plots.schedule_walk(turns, sc.games.chicken(), (0, 0), horizon=20)
    >>> print(picture.update(target="taking turns", stages=10))
    On the way to taking turns, after 10 stages, they earn 0.650 and 0.650 per stage;
    the largest regret on the way was 0.0 in total, with 2 joint actions in the plan.
    """
    chart = payoff_plane()
    chart.ax.add_patch(
        Polygon(allowed(game, types), facecolor=COLORS["grid"], edgecolor="none", alpha=0.5, label="all")
    )
    corners = coarse_correlated_payoffs(game, types)
    chart.ax.add_patch(Polygon(corners, facecolor=COLORS["muted"], edgecolor=COLORS["muted"], alpha=0.45, label="CCE"))
    nash = np.array([profile.payoffs for profile in nash_equilibria(game, types)])
    chart.line("ink s", *nash.T, ms=9, mfc="none", label="Nash equilibrium")
    path, end = chart.line("ink", lw=1.5), chart.line("ink o", ms=7, label="the pair")
    aim = chart.line("ink +", ms=12, mew=1.5, label="target")
    chart.legend(5, "left", columnspacing=0.9, handlelength=1.2, handletextpad=0.4)

    @lru_cache
    def walk(target: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        agent = JointSchedule(targets[target])
        played = play(agent, agent, game, types, horizon)  # nobody flips a coin
        totals = np.stack([played.payoffs(each)[:, 0].cumsum() for each in (0, 1)])
        return totals / np.arange(1, horizon + 1), _larger_regrets(played)[:, 0]

    def update(target: str, stages: int) -> str:
        means, regrets = walk(target)
        path.set_data(*means[:, :stages])
        end.set_data(*means[:, stages - 1 : stages])
        own, others = game.stage(types)
        plan = np.asarray(targets[target])
        aim.set_data([(plan * own).sum()], [(plan * others.T).sum()])
        regret = max(float(regrets[:stages].max()), 0.0)
        actions = int(np.count_nonzero(targets[target]))
        return (
            f"On the way to {target}, after {counted(stages, 'stage')}, they earn {means[0, stages - 1]:.3f} and "
            f"{means[1, stages - 1]:.3f} per stage; the largest regret on the way was {regret:.1f} in total, with "
            f"{counted(actions, 'joint action')} in the plan."
        )

    return chart.picture(
        "The plane of both agents' payoffs per stage. Light: what the game allows. Dark polygon: what coarse "
        "correlated equilibria give, with the only Nash equilibrium at its far corner. A line shows how the mean "
        "payoffs of a pair of scheduled learners, a dot, approach the chosen target, a cross.",
        update,
    )


@style()
def distance_to_cce(
    pairs: Mapping[str, tuple[Strategy, Strategy]], game: Game, types: tuple[int, int], horizon: int
) -> Picture:
    """Return how far the play of up to three pairs of learners is from coarse correlated, as stages pass.

    Examples
    --------
    >>> pairs = {"two Hedge learners": (sc.Hedge(), sc.Hedge())}
    >>> sc.plots.distance_to_cce(pairs, sc.games.chicken(), (0, 0), horizon=100)
    Picture: Falling lines on logarithmic axes: what one of the two agents would gain
    per stage by a fixed action, the larger gain, mean over 60 episodes, under the
    certificate H(t)/t. After 100 stages: two Hedge learners: 0.0284.
    """
    chart = Chart(3.4, xlim=(0.9, 15 * horizon), ylim=(1e-4, 1.5), xlabel="stage t")
    chart.ax.set(xscale="log", yscale="log", ylabel="gain by a fixed action: less is better")
    chart.ticks([10**power for power in range(9) if 10**power <= horizon])
    stages = np.unique(np.geomspace(1, horizon, 60).astype(int))
    ends, heights = [], {}
    for (name, pair), (key, look) in zip(pairs.items(), KEYS.items(), strict=False):
        played = play(*pair, game, types, horizon, 60, seed=1)
        gains = _larger_regrets(played)[stages - 1]
        mean = np.maximum(gains / stages[:, None], 0).mean(axis=1)
        chart.line(look, stages, np.maximum(mean, 1e-9))
        heights[f"{key} {name}"] = float(np.log10(max(mean[-1], 1e-4)))
        ends.append(f"{name}: {mean[-1]:.4f}")
    ceiling = [bounds.hedge_epsilon(int(t), game.n_actions, 0.01) for t in stages]
    chart.line("bound -.", stages, ceiling)
    heights["-·- H(t)/t"] = float(np.log10(ceiling[-1]))
    for name, height in zip(heights, apart([*heights.values()], 0.27), strict=True):
        color = COLORS["bound" if "H(t)" in name else "ink"]
        chart.ax.text(1.2 * horizon, 10**height, literal(name), va="center", color=color)
    return chart.picture(
        "Falling lines on logarithmic axes: what one of the two agents would gain per stage by a fixed action, the "
        f"larger gain, mean over 60 episodes, under the certificate H(t)/t. After {horizon:,} stages: "
        f"{'; '.join(ends)}.",
    )


def _larger_regrets(played: Play) -> NDArray[np.float64]:
    """Return the larger of the two agents' regrets up to every stage, (T, B)."""
    return np.maximum(external_regret_path(played, 0), external_regret_path(played, 1))
