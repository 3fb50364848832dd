"""Figures of imitation: how far it is from the population, and what the bounds say."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from socialcoop import bounds
from socialcoop.book.figures.layout import canvas
from socialcoop.book.picture import COLORS, Picture, style
from socialcoop.imitation import HistoryTree

FLOOR = 1e-5  # of the logarithmic axes


@style()
def imitation_distance(tree_of: Callable[..., HistoryTree], sizes: NDArray[np.integer]) -> Picture:
    """Return how far imitators are from the population, and three bounds, against the size of the dataset.

    Parameters
    ----------
    tree_of
        Returns the tree for the controls' values, all but ``episodes``.
    sizes
        The dataset sizes K at which curves are drawn, increasing.

    Notes
    -----
    The picture's update takes ``episodes`` and whatever ``tree_of`` takes.

    Examples
    --------
    >>> def tree_of(phase):
    ...     people = sc.Population([sc.Codebook(challenges=2)])
    ...     talks = sc.SocialLearningProblem(sc.games.conversation(4), people, 9)
    ...     return sc.HistoryTree(talks, phase)
    >>> picture = sc.plots.imitation_distance(tree_of, np.array([1, 10]))
    >>> print(picture.update(phase=3, episodes=10))
    T̃ = 3, N = 4, 4 reachable histories, K = 10: total variation 0.0424 with fresh
    records each time, 0.0328 with one set of records; missing mass 0.0563, printed
    bound 3.
    """
    figure, ax = canvas(3.9, xlim=(sizes[0], sizes[-1]), ylim=(FLOOR, 2), xscale="log", yscale="log")
    ax.set(xlabel="number of recorded episodes, K", ylabel="total variation")
    looks = {
        "printed bound": ("bound", "--"),
        "R/(eK)": ("bound", ":"),
        "missing mass": ("bound", "-."),
        "fresh records each time": ("ai", "-"),
        "one set of records, mean of 40": ("ink", "-"),
    }
    lines = {
        name: ax.plot([], [], color=COLORS[color], ls=ls, animated=True, label=name)[0]
        for name, (color, ls) in looks.items()
    }
    (mark,) = ax.plot([], [], color=COLORS["muted"], lw=1, animated=True)
    figure.legend(loc="outside upper left", ncols=2, fontsize=10)

    @lru_cache
    def curves(**values: object) -> tuple[HistoryTree, dict[str, list[float]]]:
        tree = tree_of(**values)
        game = tree.problem.game
        return tree, {
            "printed bound": [bounds.lemma_3_6(tree.phase, int(k), game.n_actions, game.n_types) for k in sizes],
            "R/(eK)": [bounds.coverage(tree.reachable, int(k)) for k in sizes],
            "missing mass": [tree.missing_mass(int(k)) for k in sizes],
            "fresh records each time": [tree.marginal_tv(int(k)) for k in sizes],
            "one set of records, mean of 40": [tree.sample_tv(int(k), 40, seed=1).mean() for k in sizes],
        }

    def update(episodes: int, **values: object) -> str:
        tree, heights = curves(**values)
        for name, line in lines.items():
            line.set_data(sizes, np.maximum(np.minimum(heights[name], 10), FLOOR / 10))
        mark.set_data([episodes, episodes], [FLOOR, 2])
        game = tree.problem.game
        printed = bounds.lemma_3_6(tree.phase, episodes, game.n_actions, game.n_types)
        trained = tree.sample_tv(episodes, 40, seed=1).mean()
        return (
            f"T̃ = {tree.phase}, N = {game.n_actions}, {tree.reachable:,} reachable histories, K = {episodes:,}: total "
            f"variation {_short(tree.marginal_tv(episodes))} with fresh records each time, {_short(trained)} with one "
            f"set of records; missing mass {_short(tree.missing_mass(episodes))}, printed bound {_short(printed)}."
        )

    return Picture(
        figure,
        "Falling curves on logarithmic axes against the number of recorded episodes: the exact total variation of an "
        "imitator with fresh records each time and with one set of records, and three upper bounds: the missing mass, "
        "the number of reachable histories over eK, and, far to the right, the bound as printed.",
        update,
    )


def _short(value: float) -> str:
    """Return a number as people read it."""
    if value == 0 or 0.001 <= value < 1000:
        return f"{value:.3g}"
    return "below 0.00001" if value < FLOOR else f"{value:.1e}"
