"""Figures of games: their payoffs, and where play lands in them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.book.figures.layout import WIDTH, canvas
from socialcoop.book.picture import COLORS, Picture, style
from socialcoop.engine import history_distribution, play
from socialcoop.equilibria import nash_equilibria, pareto_optimal_nash, reaches_pone
from socialcoop.games import Game
from socialcoop.strategies import Strategy

CLOSE = 0.03  # dots of a picture no further apart than this look like one


@style()
def payoff_tables(game: Game) -> Picture:
    """Return one table of payoffs for each type, own action down the side, the other's along the top.

    Examples
    --------
    >>> sc.plots.payoff_tables(sc.games.stag_hunt())
    Picture: Payoff tables of stag hunt. type 0: stag against stag pays 1, stag against
    hare pays 0, hare against stag pays 0.7, hare against hare pays 0.7.
    """
    checks.instance("game", game, Game)
    columns = min(game.n_types, 2)
    rows = -(-game.n_types // columns)
    figure = Figure(figsize=(WIDTH, 0.6 + rows * (0.9 + 0.5 * game.n_actions)), layout="constrained")
    axes = np.atleast_1d(figure.subplots(rows, columns)).ravel()
    for table, name, ax in zip(game.payoffs, game.type_names, axes, strict=False):
        _payoff_table(ax, table, name, game)
    for ax in axes[game.n_types :]:
        ax.set_axis_off()
    cells = (
        f"{name}: " + ", ".join(
            f"{own} against {other} pays {table[i, j]:.2g}"
            for i, own in enumerate(game.action_names) for j, other in enumerate(game.action_names)
        )
        for table, name in zip(game.payoffs, game.type_names, strict=True)
    )  # fmt: skip
    return Picture(figure, f"Payoff tables of {game.name}. " + "; ".join(cells) + ".")


def _payoff_table(ax: Axes, table: NDArray[np.float64], name: str, game: Game) -> None:
    n = game.n_actions
    ax.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5), title=name, xlabel="the other plays", ylabel="I play")
    ax.set_xticks(range(n), game.action_names)
    ax.set_yticks(range(n), game.action_names, rotation=90, va="center")
    ax.grid(False)
    ax.tick_params(length=0)
    for own in range(n):
        for other in range(n):
            size = 0.92 * np.sqrt(table[own, other])  # the area shows the payoff
            box = (other - size / 2, own - size / 2)
            ax.add_patch(Rectangle(box, size, size, facecolor=COLORS["ai"], alpha=0.25, edgecolor="none"))
            ax.text(other, own, f"{table[own, other]:.2g}", ha="center", va="center", fontweight="bold")


@style()
def payoff_distribution(pairs: Mapping[str, tuple[Strategy, Strategy]], game: Game, types: tuple[int, int]) -> Picture:
    """Return the exact distribution of the AI's payoff per stage, beside simulated frequencies.

    The picture's update takes ``pair`` (a name in ``pairs``), ``horizon`` and ``episodes``.

    Examples
    --------
    >>> pairs = {"mirrors": (sc.TitForTat(), sc.Fixed([0.5, 0.5]))}
    >>> picture = sc.plots.payoff_distribution(pairs, sc.games.team_lead(), types=(0, 1))
    >>> print(picture.update(pair="mirrors", horizon=3, episodes=100))
    Over 3 stages the assistant expects 1.500 in total, 0.500 per stage; 100 simulated
    episodes give 0.504 per stage.
    """
    figure, ax = canvas(xlim=(-0.03, 1.03), ylim=(0, 1.05), xlabel="payoff per stage", ylabel="probability")
    exact = ax.vlines([0], 0, [0], color=COLORS["ai"], alpha=0.45, lw=7, animated=True, label="exact")
    (simulated,) = ax.plot([], [], "o", ms=5, color=COLORS["ink"], animated=True, label="simulated")
    (mean,) = ax.plot([], [], color=COLORS["ai"], ls=":", animated=True, label="exact mean")
    figure.legend(loc="outside upper right", ncols=3)

    def update(pair: str, horizon: int, episodes: int) -> str:
        values, probabilities = _exact_totals(*pairs[pair], game, types, horizon)
        sample = play(*pairs[pair], game, types, horizon, episodes, seed=1).payoffs(0).mean(axis=0)
        found, counts = np.unique(sample.round(9), return_counts=True)
        exact.set_segments([[(x, 0), (x, p)] for x, p in zip(values, probabilities, strict=True)])
        simulated.set_data(found, counts / episodes)
        centre = float(values @ probabilities)
        mean.set_data([centre, centre], [0, 1.05])
        return (
            f"Over {horizon} stage{'s' * (horizon > 1)} the assistant expects {horizon * centre:.3f} in total, "
            f"{centre:.3f} per stage; {episodes:,} simulated episodes give {sample.mean():.3f} per stage."
        )

    return Picture(
        figure,
        "Bars: exact probability of each payoff per stage. Dots: frequency in simulated episodes. Dotted line: the "
        "exact mean. The dots approach the bars as episodes are added.",
        update,
    )


def _exact_totals(
    first: Strategy, second: Strategy, game: Game, types: tuple[int, int], horizon: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the values of the AI's mean payoff per stage and their probabilities."""
    distribution = history_distribution(first, second, game, types, horizon)
    stage = game.stage(types)[0].ravel()
    totals = np.zeros(1)
    for _ in range(horizon):
        totals = (totals[:, None] + stage).ravel()
    values, where = np.unique((totals / horizon).round(9), return_inverse=True)
    probabilities = np.bincount(where, weights=distribution.ravel())
    return values[probabilities > 0], probabilities[probabilities > 0]


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
    figure, ax = canvas(4.2, xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), aspect="equal")
    ax.set(xlabel="first agent's payoff per stage", ylabel="second agent's payoff per stage")
    region = Polygon([(0, 0)], facecolor=(COLORS["grid"], 0.5), edgecolor=COLORS["muted"], lw=1.5, animated=True)
    ax.add_patch(region)
    nash = ax.plot([], [], "s", ms=9, mfc="none", mec=COLORS["ink"], animated=True, label="Nash equilibrium")[0]
    pone = ax.plot([], [], "*", ms=15, color=COLORS["good"], mec="none", animated=True, label="PONE")[0]
    lands = ax.plot([], [], "o", ms=5, color=COLORS["ink"], alpha=0.6, animated=True, label="an episode")[0]
    crowd = ax.annotate("", (0, 0), xytext=(0, 0), textcoords="offset points", va="center", animated=True)
    figure.legend(loc="outside upper right", ncols=3)

    def update(game: str, pair: str, horizon: int) -> str:
        shown, types = games[game]
        ai, partner = shown.stage(types)
        region.set_xy(hull(np.stack([ai.ravel(), partner.T.ravel()], axis=1)))
        for line, profiles in ((nash, nash_equilibria(shown, types)), (pone, pareto_optimal_nash(shown, types))):
            line.set_data(*np.array([profile.payoffs for profile in profiles]).T)
        played = play(*pairs[pair], shown, types, horizon, 60, seed=4)
        means = np.stack([played.payoffs(agent).mean(axis=0) for agent in (0, 1)])
        lands.set_data(*means)
        near_each = (np.hypot(*(means[:, :, None] - means[:, None])) < CLOSE).sum(axis=1)
        x, y = crowd.xy = means[:, near_each.argmax()]
        crowded = near_each.max() > means.shape[1] / 2
        crowd.set(text=f"{near_each.max()} here" if crowded else "", ha="right" if x > 0.5 else "left")
        crowd.set_position((-16 if x > 0.5 else 16, -12 if y > 0.5 else 12))
        near = int(reaches_pone(shown, types, means, 0.1).sum())
        return (
            f"{game}, {pair}, {horizon:,} stages: they earn {means[0].mean():.2f} and {means[1].mean():.2f} on "
            f"average; in {near} of 60 episodes both earn what one PONE pays, up to 0.1."
        )

    return Picture(
        figure,
        "The plane of both agents' payoffs per stage. Grey: what the game allows. Squares: Nash equilibria. Stars: "
        "PONE. Dots: the mean payoffs of sixty episodes of a pair of strategies, counted if most are in one place.",
        update,
    )


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
