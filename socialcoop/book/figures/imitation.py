"""The figure of imitation: how far it is from the population, and what the bounds say."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from socialcoop import bounds
from socialcoop.book.chart import Chart, feed
from socialcoop.book.picture import Picture, style
from socialcoop.imitation import HistoryTree

__all__ = ["imitation_distance"]

FLOOR = 1e-5  # of the logarithmic axes
LOOKS = {
    "printed bound": "bound --",
    "R/(eK)": "bound :",
    "missing mass": "bound -.",
    "fresh records each time": "ai -",
    "one set of records, mean of 40": "ink -",
}


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
    chart = Chart(3.9, xlim=(sizes[0], sizes[-1]), ylim=(FLOOR, 2), xscale="log", yscale="log")
    chart.ax.set(xlabel="number of recorded episodes, K", ylabel="total variation")
    lines = chart.lines(LOOKS)
    mark = chart.mark("episodes")
    chart.legend(2, "left", fontsize=10)

    @lru_cache
    def curves(**values: object) -> tuple[HistoryTree, NDArray[np.float64]]:
        tree = tree_of(**values)
        return tree, np.array([_distances(tree, int(size)) for size in sizes]).clip(FLOOR / 10, 10)

    def update(episodes: int, **values: object) -> str:
        tree, found = curves(**values)
        feed(lines, sizes, dict(zip(LOOKS, found.T, strict=True)))
        mark(episodes)
        printed, _, missing, fresh, trained = map(_short, _distances(tree, episodes))
        return (
            f"T̃ = {tree.phase}, N = {tree.problem.game.n_actions}, {tree.reachable:,} reachable "
            f"{'history' if tree.reachable == 1 else 'histories'}, "
            f"K = {episodes:,}: total variation {fresh} with fresh records each time, {trained} with one set of "
            f"records; missing mass {missing}, printed bound {printed}."
        )

    return chart.picture(
        "Falling curves on logarithmic axes against the number of recorded episodes: the exact total variation of an "
        "imitator with fresh records each time and with one set of records, and three upper bounds: the missing mass, "
        "the number of reachable histories over eK, and, far to the right, the bound as printed.",
        update,
    )


def _distances(tree: HistoryTree, episodes: int) -> tuple[float, float, float, float, float]:
    """Return the heights of the lines in the order of their looks."""
    game = tree.problem.game
    return (
        bounds.lemma_3_6(tree.phase, episodes, game.n_actions, game.n_types),
        bounds.coverage(tree.reachable, episodes),
        tree.missing_mass(episodes),
        tree.marginal_tv(episodes),
        float(tree.sample_tv(episodes, 40, seed=1).mean()),
    )


def _short(value: float) -> str:
    """Return a number as people read it."""
    if value == 0 or 0.001 <= value < 1000:
        return f"{value:.3g}"
    return "below 0.00001" if value < FLOOR else f"{value:.1e}"
