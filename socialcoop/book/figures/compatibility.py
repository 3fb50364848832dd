"""The figure of compatibility: the payoffs that a game allows, and where play lands among them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.patches import Polygon
from matplotlib.text import Annotation
from numpy.typing import NDArray

from socialcoop.book.chart import Chart
from socialcoop.book.look import COLORS
from socialcoop.book.picture import Picture, style
from socialcoop.engine import play
from socialcoop.equilibria import nash_equilibria, pareto_optimal_nash, reaches_pone
from socialcoop.games import Game
from socialcoop.strategies import Strategy

__all__ = ["payoff_region"]

CLOSE = 0.03  # dots of a picture no further apart than this look like one


@style()
def payoff_region(
    games: Mapping[str, tuple[Game, tuple[int, int]]], pairs: Mapping[str, tuple[Strategy, Strategy]]
) -> Picture:
    """Return the payoffs that a game allows, its Nash equilibria and PONE, and where a pair of strategies lands.

    The picture's update takes ``game`` (a name in ``games``, each a game with a joint type), ``pair`` (a name
    in ``pairs``) and ``horizon``.

    Examples
    --------
    >>> games = {"stag hunt": (sc.games.stag_hunt(), (0, 0))}
    >>> pairs = {"mirrors": (sc.TitForTat(), sc.TitForTat())}
    >>> picture = sc.plots.payoff_region(games, pairs)
    >>> print(picture.update(game="stag hunt", pair="mirrors", horizon=10))
    stag hunt, mirrors, 10 stages: they earn 1.00 and 1.00 on average; in 60 of 60
    episodes both earn what one PONE pays, up to 0.1.
    """
    chart = payoff_plane()
    region = Polygon([(0, 0)], facecolor=(COLORS["grid"], 0.5), edgecolor=COLORS["muted"], lw=1.5, animated=True)
    chart.ax.add_patch(region)
    nash = chart.line("ink s", ms=9, mfc="none", label="Nash equilibrium")
    pone = chart.line("good *", ms=15, mec="none", label="PONE")
    lands = chart.line("ink o", ms=5, alpha=0.6, label="an episode")
    crowd = chart.ax.annotate("", (0, 0), xytext=(0, 0), textcoords="offset points", va="center", animated=True)
    chart.legend(3)

    def update(game: str, pair: str, horizon: int) -> str:
        shown, types = games[game]
        region.set_xy(allowed(shown, types))
        for line, profiles in ((nash, nash_equilibria(shown, types)), (pone, pareto_optimal_nash(shown, types))):
            line.set_data(*np.array([profile.payoffs for profile in profiles]).T)
        played = play(*pairs[pair], shown, types, horizon, 60, seed=4)
        means = np.stack([played.payoffs(agent).mean(axis=0) for agent in (0, 1)])
        lands.set_data(*means)
        _count_the_crowd(crowd, means)
        near = int(reaches_pone(shown, types, means, 0.1).sum())
        return (
            f"{game}, {pair}, {horizon:,} stages: they earn {means[0].mean():.2f} and {means[1].mean():.2f} on "
            f"average; in {near} of 60 episodes both earn what one PONE pays, up to 0.1."
        )

    return chart.picture(
        "The plane of both agents' payoffs per stage. Grey: what the game allows. Squares: Nash equilibria. Stars: "
        "PONE. Dots: the mean payoffs of sixty episodes of a pair of strategies, counted if most are in one place.",
        update,
    )


def _count_the_crowd(note: Annotation, means: NDArray[np.float64]) -> None:
    """Write how many of the dots at these payoffs, (2, B), look like one, beside them, if most do."""
    near = (np.hypot(*(means[:, :, None] - means[:, None])) < CLOSE).sum(axis=1)
    x, y = means[:, near.argmax()].tolist()
    note.xy = x, y
    crowded = near.max() > means.shape[1] / 2
    note.set(text=f"{near.max()} here" if crowded else "", ha="right" if x > 0.5 else "left")
    note.set_position((-16 if x > 0.5 else 16, -12 if y > 0.5 else 12))


def payoff_plane() -> Chart:
    """Return the plane of both agents' payoffs per stage."""
    chart = Chart(4.2, xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), aspect="equal")
    chart.ax.set(xlabel="first agent's payoff: more is better", ylabel="second agent's payoff: more is better")
    return chart


def allowed(game: Game, types: tuple[int, int]) -> NDArray[np.float64]:
    """Return the corners of the payoffs that joint actions and their mixtures give, counter-clockwise."""
    ai, partner = game.stage(types)
    return hull(np.stack([ai.ravel(), partner.T.ravel()], axis=1))


def hull(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the corners of the convex hull of points in the plane, counter-clockwise."""
    ordered = np.unique(points, axis=0)

    def chain(points: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        kept: list[NDArray[np.float64]] = []
        for point in points:
            while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
                kept.pop()
            kept.append(point)
        return kept

    return np.array(chain(ordered)[:-1] + chain(ordered[::-1])[:-1] or [ordered[0]])


def _turn(a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64]) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
