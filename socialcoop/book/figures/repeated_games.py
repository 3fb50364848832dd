"""Figures of repeated games: what a game pays, and how close simulations come to what it pays on average."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.book.chart import WIDTH, Chart, capital, cell, counted, literal, pieces, table
from socialcoop.book.diagram import BREADTH, Diagram
from socialcoop.book.look import COLORS
from socialcoop.book.picture import Picture, style
from socialcoop.engine import history_distribution, play
from socialcoop.games import Game
from socialcoop.strategies import Strategy

__all__ = ["payoff_tables", "simulated_means", "stage_diagram"]

SIZES = 10, 100, 1000, 10_000  # of a simulation, in episodes
RUNS = 20  # simulations of each size


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
    for ax in axes[game.n_types :]:
        ax.set_axis_off()
    words = [
        f"{name}: " + ", ".join(_payoff_table(ax, payoffs, name, game))
        for ax, payoffs, name in zip(axes, game.payoffs, game.type_names, strict=False)
    ]
    return Picture(figure, f"Payoff tables of {game.name}. {'; '.join(words)}.")


def _payoff_table(ax: Axes, payoffs: NDArray[np.float64], name: str, game: Game) -> list[str]:
    """Draw the table of one type, and return its cells in words."""
    table(ax, game.action_names, game.action_names)
    ax.set_yticklabels([*map(literal, game.action_names)], rotation=90, va="center")
    ax.set(title=literal(name), xlabel="the other plays", ylabel="I play")
    words = []
    for (own, other), payoff in np.ndenumerate(payoffs):
        side = np.sqrt(payoff) * 0.92 if payoff >= 0.05 else 0  # the area shows the payoff, unless it is behind a digit
        cell(ax, (other, own), (side, side), "ai", f"{payoff:.2g}", fontweight="bold")
        words.append(f"{game.action_names[own]} against {game.action_names[other]} pays {payoff:.2g}")
    return words


@style()
def simulated_means(pairs: Mapping[str, tuple[Strategy, Strategy]], game: Game, types: tuple[int, int]) -> Picture:
    """Return where simulations of the AI's mean payoff land, around the exact mean, for more and more episodes.

    The picture's update takes ``pair`` (a name in ``pairs``), ``horizon`` and ``episodes``, one of 10, 100, 1,000 and
    10,000.

    Examples
    --------
    >>> pairs = {"mirrors": (sc.TitForTat(), sc.Fixed([0.5, 0.5]))}
    >>> picture = sc.plots.simulated_means(pairs, sc.games.team_lead(), types=(0, 1))
    >>> print(picture.update(pair="mirrors", horizon=3, episodes=100))
    Twenty simulations of 100 episodes miss the exact mean, 0.500 per stage over 3 stages, by
    0.023 on average and by 0.063 at most; their standard error is 0.026.
    """
    chart = Chart(xlim=(6, 17_000), ylim=(0, 1), xscale="log", xlabel="simulated episodes, n")
    chart.ax.set_ylabel("assistant's payoff per stage")
    chart.ticks(SIZES)
    funnel = Polygon([(1, 0)], facecolor=COLORS["ai"], alpha=0.15, animated=True)
    chart.ax.add_patch(funnel)
    exact, bound = chart.line("ai -"), chart.line("bound --", lw=1.5)
    others, chosen = chart.line("muted", lw=5, alpha=0.5), chart.line("ink o", ms=5)
    notes = {
        chart.note("exact mean", x=15_000, ha="right"): 0.04,
        chart.note("at most 1/√n", x=42): 0.17,
        chart.note("shaded: two standard errors", x=15_000, ha="right", va="top"): -0.13,
    }
    mark = chart.mark("episodes")
    sizes = np.geomspace(6, 17_000, 16)

    @lru_cache
    def known(pair: str, horizon: int) -> tuple[float, float, dict[int, NDArray[np.float64]]]:
        values, probabilities = _exact_means(*pairs[pair], game, types, horizon)
        centre = float(values @ probabilities)
        spread = float(np.sqrt(probabilities @ (values - centre) ** 2))
        return centre, spread, _runs(*pairs[pair], game, types, horizon)

    def update(pair: str, horizon: int, episodes: int) -> str:
        centre, spread, runs = known(pair, horizon)
        error, most = 2 * spread / np.sqrt(sizes), 1 / np.sqrt(sizes)
        funnel.set_xy(np.transpose([[*sizes, *sizes[::-1]], [*(centre + error), *(centre - error)[::-1]]]))
        exact.set_data(sizes[[0, -1]], [centre, centre])
        bound.set_data([*sizes, np.nan, *sizes], [*(centre + most), np.nan, *(centre - most)])
        chosen.set_data([episodes] * RUNS, runs[episodes])
        rest = {size: found for size, found in runs.items() if size != episodes}
        ranges = np.array([(found.min(), found.max()) for found in rest.values()]).T
        others.set_data(*pieces(([*rest], [*rest]), (ranges[0], ranges[1])))
        for note, above in notes.items():
            note.set_y(centre + above)
        mark(episodes)
        missed = np.abs(runs[episodes] - centre)
        return (
            f"Twenty simulations of {episodes:,} episodes miss the exact mean, {centre:.3f} per stage over "
            f"{counted(horizon, 'stage')}, by {missed.mean():.3f} on average and by {missed.max():.3f} at most; their "
            f"standard error is {spread / np.sqrt(episodes):.3f}."
        )

    return chart.picture(
        "A funnel that closes to the right, around a level line, the exact mean payoff per stage. Above the chosen "
        "number of episodes stand twenty dots, the means of twenty simulations, and above the other numbers a bar from "
        "the least to the largest of twenty; nearly all are in the shaded funnel, two standard errors to each side. "
        "Dashed: two of the largest standard errors that payoffs between 0 and 1 allow.",
        update,
    )


def _runs(
    first: Strategy, second: Strategy, game: Game, types: tuple[int, int], horizon: int
) -> dict[int, NDArray[np.float64]]:
    """Return the means of simulations of each size, which read from the same episodes."""
    played = play(first, second, game, types, horizon, RUNS * SIZES[-1], seed=1).payoffs(0).mean(axis=0)
    return {size: played[: RUNS * size].reshape(RUNS, size).mean(axis=1) for size in SIZES}


def _exact_means(
    first: Strategy, second: Strategy, game: Game, types: tuple[int, int], horizon: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the values of the AI's mean payoff per stage and their probabilities."""
    distribution = history_distribution(first, second, game, types, horizon)
    stage = game.stage(types)[0].ravel()
    totals = np.zeros(1)
    for _ in range(horizon):
        totals = (totals[:, None] + stage).ravel()
    values, where = np.unique((totals / horizon).round(9), return_inverse=True)
    probabilities = np.bincount(where, weights=distribution.ravel()).astype(np.float64)
    return values[probabilities > 0], probabilities[probabilities > 0]


def stage_diagram(game: Game, types: tuple[int, int], actions: tuple[int, int], names: tuple[str, str]) -> Picture:
    """Return a stage of a game as a diagram: two who know their own type choose at the same moment, and are paid.

    Parameters
    ----------
    game
        The stage game.
    types, actions
        What the two like, and what they happen to choose.
    names
        What the two are called, agent 0 first.

    Examples
    --------
    >>> sc.plots.stage_diagram(sc.games.team_lead(), (0, 1), (1, 1), ("the AI", "Alice"))
    Picture: One stage. The AI: likes it direct. Alice: likes it supportive. Neither knows
    what the other likes. At the same moment the AI chooses supportive and Alice chooses
    supportive. Both see both choices. The AI gets 0.6, Alice gets 1. A frame holds the
    choices and what they pay: one stage. An arrow leads from it back to it: the next
    stage, with the same likings.
    """
    likes = [game.type_names[which] for which in types]
    chosen = [game.action_names[which] for which in actions]
    played = actions, actions[::-1]  # in each table one's own action comes first
    paid = [f"gets {table[own]:.2g}" for table, own in zip(game.stage(types), played, strict=True)]
    paper, middle, right = Diagram(258), BREADTH / 2 - 15, BREADTH - 32
    for agent, (x, color) in enumerate(zip((72, right - 70), ("ai", "partner"), strict=True)):
        steps = f"{names[agent]}\n{likes[agent]}", f"chooses\n{chosen[agent]}", paid[agent]
        boxes = [paper.box(x, y, (124, 48), text, color) for y, text in zip((28, 126, 222), steps, strict=True)]
        for above, below in pairwise(boxes):
            paper.arrow(above.side(0, 1), below.side(0, -1))
    for y, text in (
        (28, "neither\nknows what\nthe other\nlikes"),
        (126, "at the\nsame\nmoment"),
        (174, "both see both"),
        (222, "one\nstage"),
    ):
        paper.text(middle, y, text)
    for start, end in pairwise([(2, 92), (right, 92), (right, 256), (2, 256), (2, 92)]):
        paper.line(start, end, "muted --")
    paper.bracket((right, 222), (right, 126), BREADTH - 18)
    paper.text(BREADTH - 8, 174, "the next stage", rotation=90, va="center")
    said = [f"{name}: {what}." for name, what in zip(names, likes, strict=True)]
    choices = " and ".join(f"{name} chooses {what}" for name, what in zip(names, chosen, strict=True))
    ends = ", ".join(f"{name} {what}" for name, what in zip(names, paid, strict=True))
    return paper.picture(
        f"One stage. {' '.join(map(capital, said))} Neither knows what the other likes. At the same moment {choices}. "
        f"Both see both choices. {capital(ends)}. A frame holds the choices and what they pay: one stage. An "
        "arrow leads from it back to it: the next stage, with the same likings."
    )
