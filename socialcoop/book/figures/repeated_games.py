"""Figures of repeated games: what a game pays, and how what it pays over its stages is distributed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.book.chart import WIDTH, Chart, capital, cell, counted, literal, table
from socialcoop.book.diagram import BREADTH, Diagram
from socialcoop.book.picture import COLORS, Picture, style
from socialcoop.engine import history_distribution, play
from socialcoop.games import Game
from socialcoop.strategies import Strategy

__all__ = ["payoff_distribution", "payoff_tables", "stage_diagram"]


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
        side = np.sqrt(payoff) * 0.92  # the area shows the payoff
        cell(ax, (other, own), (side, side), "ai", f"{payoff:.2g}", fontweight="bold")
        words.append(f"{game.action_names[own]} against {game.action_names[other]} pays {payoff:.2g}")
    return words


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
    chart = Chart(xlim=(-0.03, 1.03), ylim=(0, 1.05), xlabel="payoff per stage", ylabel="probability")
    exact = chart.ax.vlines([0], 0, [0], color=COLORS["ai"], alpha=0.45, lw=7, animated=True, label="exact")
    simulated = chart.line("ink o", ms=5, label="simulated")
    mean = chart.line("ai :", label="exact mean")
    chart.legend(3)

    def update(pair: str, horizon: int, episodes: int) -> str:
        values, probabilities = _exact_means(*pairs[pair], game, types, horizon)
        sample = play(*pairs[pair], game, types, horizon, episodes, seed=1).payoffs(0).mean(axis=0)
        found, counts = np.unique(sample.round(9), return_counts=True)
        exact.set_segments([[(x, 0), (x, p)] for x, p in zip(values, probabilities, strict=True)])
        simulated.set_data(found, counts / episodes)
        centre = float(values @ probabilities)
        mean.set_data([centre, centre], [0, 1.05])
        return (
            f"Over {counted(horizon, 'stage')} the assistant expects {horizon * centre:.3f} in total, "
            f"{centre:.3f} per stage; {episodes:,} simulated episodes give {sample.mean():.3f} per stage."
        )

    return chart.picture(
        "Bars: exact probability of each payoff per stage. Dots: frequency in simulated episodes. Dotted line: the "
        "exact mean. The dots approach the bars as episodes are added.",
        update,
    )


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
    supportive. Both see both choices. The AI gets 0.6, Alice gets 1. An arrow leads back
    to the choices: the next stage, with the same likings.
    """
    likes = [game.type_names[which] for which in types]
    chosen = [game.action_names[which] for which in actions]
    played = actions, actions[::-1]  # in each table one's own action comes first
    paid = [f"gets {table[own]:.2g}" for table, own in zip(game.stage(types), played, strict=True)]
    paper, middle = Diagram(246), BREADTH / 2 - 15
    for agent, (x, color) in enumerate(zip((66, BREADTH - 96), ("ai", "partner"), strict=True)):
        steps = f"{names[agent]}\n{likes[agent]}", f"chooses\n{chosen[agent]}", paid[agent]
        boxes = [paper.box(x, y, (126, 48), text, color) for y, text in zip((28, 124, 218), steps, strict=True)]
        for above, below in pairwise(boxes):
            paper.arrow(above.side(0, 1), below.side(0, -1))
    for y, text in (
        (28, "neither\nknows what\nthe other\nlikes"),
        (124, "at the\nsame\nmoment"),
        (171, "both see both"),
    ):
        paper.text(middle, y, text, fontsize=10)
    paper.bracket(boxes[2].side(1, 0), boxes[1].side(1, 0), BREADTH - 18)
    paper.text(BREADTH - 8, 171, "the next stage", fontsize=10, rotation=90)
    said = [f"{name}: {what}." for name, what in zip(names, likes, strict=True)]
    choices = " and ".join(f"{name} chooses {what}" for name, what in zip(names, chosen, strict=True))
    ends = ", ".join(f"{name} {what}" for name, what in zip(names, paid, strict=True))
    return paper.picture(
        f"One stage. {' '.join(map(capital, said))} Neither knows what the other likes. At the same moment {choices}. "
        f"Both see both choices. {capital(ends)}. An arrow leads back to the choices: the next stage, with the same "
        "likings."
    )
