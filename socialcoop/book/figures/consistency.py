"""Figures of consistency: how likely the worst partner causes regret, and how Hedge's regret grows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialcoop import bounds
from socialcoop.book.chart import Chart, counted
from socialcoop.book.look import COLORS
from socialcoop.book.picture import Picture, style
from socialcoop.engine import play
from socialcoop.games import Game
from socialcoop.regret import external_regret, external_regret_path
from socialcoop.social import worst_failures
from socialcoop.strategies import Hedge, Strategy

__all__ = ["failure_curve", "regret_paths"]

SHORTER = {1: ":", 2: "-.", 4: "--", 8: "-"}  # horizons whose curves stay, thin
LONG = 10_000  # stages after which each certificate says something
STEPS: dict[str, Any] = {"lw": 1.25, "drawstyle": "steps-post"}


@style()
def failure_curve(strategies: Mapping[str, Strategy], game: Game) -> Picture:
    """Return how likely the worst partner makes the regret exceed each level, exactly, and the certificate.

    The picture's update takes ``strategy`` (a name in ``strategies``), ``horizon`` and ``epsilon``. The curves of
    shorter horizons stay, thin.

    Examples
    --------
    >>> picture = sc.plots.failure_curve({"Hedge": sc.Hedge()}, sc.games.matching_pennies())
    >>> print(picture.update(strategy="Hedge", horizon=4, epsilon=0.3))
    The worst partner makes Hedge regret more than 0.3 a stage with probability 0.295, over 4
    stages. The certificate says nothing yet: at most 1.
    """
    chart = Chart(3.8, xlim=(-0.03, 1.03), ylim=(0, 1.03), xlabel="regret per stage, ε")
    chart.ax.set_ylabel("P(regret > ε): less is better")
    before = chart.lines({f"T = {each}": f"muted {dashes}" for each, dashes in SHORTER.items()}, **STEPS)
    worst = chart.line("partner -", label="T as chosen", drawstyle="steps-post")
    certified, point = chart.line("bound --", label="certificate"), chart.line("ink o", ms=7)
    sure = chart.note("for sure", x=0.98, y=0.97, ha="right", va="top", color=COLORS["partner"])
    mark = chart.mark("epsilon")
    chart.legend(3, "left")
    epsilons = np.linspace(0, 1, 201)

    @lru_cache
    def curve(strategy: str, horizon: int) -> NDArray[np.float64]:
        return worst_failures(strategies[strategy], game, horizon, epsilons)

    def update(strategy: str, horizon: int, epsilon: float) -> str:
        failures = curve(strategy, horizon)
        for each, line in zip(SHORTER, before.values(), strict=True):
            line.set_data(*(_corners(epsilons, curve(strategy, each)) if each < horizon else ((), ())))
        worst.set_data(*_corners(epsilons, failures))
        heights = np.array([strategies[strategy].certificate(game, horizon, each) for each in epsilons])
        has_one = strategies[strategy].certificate(game, LONG, 1) < 1  # if not for this horizon, then for a longer one
        certified.set_data(*((epsilons[::5], heights[::5]) if has_one else ((), ())))
        at = int(np.argmin(np.abs(epsilons - epsilon)))
        point.set_data([epsilon], [failures[at]])
        sure.set_visible(bool(failures[at] > 0.999))
        mark(epsilon)
        promise = (
            "It has no certificate."
            if not has_one
            else f"The certificate says {_short(heights[at])} at most."
            if heights[at] < 0.9995
            else "The certificate says nothing yet: at most 1."
        )
        return (
            f"The worst partner makes {strategy} regret more than {epsilon:g} a stage with probability "
            f"{_short(failures[at])}, over {counted(horizon, 'stage')}. {promise}"
        )

    return chart.picture(
        "Falling curve: the probability that regret per stage exceeds ε against the worst adaptive partner, for ε from "
        "0 to 1, with the curves of shorter horizons, thin. A dot at the chosen ε. Dashed: the certificate, an upper "
        "bound, if there is one. For strategies that are not consistent the curve stays high.",
        update,
    )


def _short(probability: float) -> str:
    """Return a probability as people read it."""
    return f"{probability:.3f}" if probability >= 0.0005 or probability == 0 else "below 0.001"


def _corners(x: NDArray[np.float64], heights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where a curve of steps changes, with its ends."""
    kept = np.diff(heights, prepend=np.inf, append=np.inf) != 0
    kept = kept[:-1] | (np.arange(len(x)) == len(x) - 1)
    return np.array([x[kept], heights[kept]])


@style()
def regret_paths(partners: Mapping[str, Strategy], game: Game, types: tuple[int, int], horizon: int) -> Picture:
    """Return how Hedge's regret grows in 12 episodes, with the level it exceeds in one of a hundred.

    The picture's update takes ``rate`` (a multiple of the tuned rate) and ``partner`` (a name in ``partners``).

    Examples
    --------
    >>> partners, pennies = {"never changes": sc.Fixed(0)}, sc.games.matching_pennies()
    >>> picture = sc.plots.regret_paths(partners, pennies, types=(0, 1), horizon=400)
    >>> print(picture.update(rate=0, partner="never changes"))
    At 0 times the tuned rate, against a partner that never changes, the largest of 12
    final regrets is 224.0, above H(400) = 42.1.
    """
    chart = Chart(xlim=(0, 1.17 * horizon), ylim=(-0.1 * horizon, 0.6 * horizon), xlabel="stage")
    chart.ax.set_ylabel("total regret: less is better")
    episodes = 12
    lines = [chart.line("ai", lw=1, alpha=0.5) for _ in range(episodes)]
    stages = np.unique([*range(1, horizon, max(1, horizon // 50)), horizon])
    ceiling = [t * bounds.hedge_epsilon(int(t), game.n_actions, 0.01) for t in stages]
    chart.line("bound --", stages, ceiling)
    title = "dashed: H(t), which Hedge tuned to t\nexceeds at most once in 100"
    chart.ax.set_title(title)
    write = chart.ends(2)

    def update(rate: float, partner: str) -> str:
        hedge = Hedge(rate * Hedge().tuned(horizon, game.n_actions))
        shown = play(hedge, partners[partner], game, types, horizon, episodes, seed=2)
        for line, path in zip(lines, external_regret_path(shown).T, strict=True):
            line.set_data(stages, path[stages - 1])
        largest, allowed = external_regret(shown).max(), bounds.hedge_epsilon(horizon, game.n_actions, 0.01) * horizon
        verdict = "below" if largest <= allowed else "above"
        write(1.02 * horizon, {"H(t)": allowed, "largest": largest}, 0.05 * horizon)
        return (
            f"At {rate:g} times the tuned rate, against a partner that {partner}, the largest of {episodes} final "
            f"regrets is {largest:.1f}, {verdict} H({horizon}) = {allowed:.1f}."
        )

    return chart.picture(
        f"Twelve paths of Hedge's total regret over {horizon} stages, and the dashed ceiling H(t), which grows like "
        "the square root of t.",
        update,
    )
