"""The figure of imitation: how far it is from the population, and what the bounds say."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from socialcoop import bounds
from socialcoop.book.chart import Chart, feed, pieces
from socialcoop.book.picture import Picture, style
from socialcoop.imitation import HistoryTree

__all__ = ["imitation_distance"]

FLOOR, TOP = 1e-3, 1.5  # of the logarithmic axes
LEVEL = 0.1  # a distance that is small enough for most
LOOKS = {
    "one set of records, mean of 40": "ink -",
    "fresh records each time": "ai -",
    "missing mass": "bound -.",
    "R/(eK)": "bound :",
    "printed bound": "bound --",
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
    The picture's update takes ``episodes`` and whatever ``tree_of`` takes. The printed bound is for two records or
    more, and it is drawn from there on.

    Examples
    --------
    >>> def tree_of(phase):
    ...     people = sc.Population([sc.Codebook(challenges=2)])
    ...     talks = sc.SocialLearningProblem(sc.games.conversation(4), people, 9)
    ...     return sc.HistoryTree(talks, phase)
    >>> picture = sc.plots.imitation_distance(tree_of, np.array([1, 10]))
    >>> print(picture.update(phase=3, episodes=10))
    With K = 10 records one trained model is 0.033 away (the mean of 40), and with fresh records
    each time 0.042. For one model to come below 0.1 takes about 8 records; the printed bound asks for 110 million
    (T̃ = 3, N = 4, 4 histories).
    """
    chart = Chart(4.1, xlim=(0.6, 1.7 * sizes[-1]), ylim=(FLOOR, TOP), xscale="log", yscale="log")
    chart.ax.set(xlabel="number of recorded episodes, K", ylabel="total variation: less is better")
    chart.line("muted", [0.6, 1.7 * sizes[-1]], [LEVEL, LEVEL], lw=1)
    lines = chart.lines(LOOKS)
    lines["one set of records, mean of 40"].set(lw=5, alpha=0.45, zorder=1.9)  # below those that may lie on it
    needs = [chart.line(color, lw=7, solid_capstyle="round") for color in ("ink", "ai", "bound")]  # dots
    beyond = chart.note(x=0.98, y=0.96, transform=chart.ax.transAxes, ha="right", va="top")
    mark = chart.mark("episodes")
    chart.legend(2, "left")

    @lru_cache
    def curves(**values: object) -> tuple[HistoryTree, NDArray[np.float64]]:
        tree = tree_of(**values)
        found = np.array([[measure(int(size)) for size in sizes] for measure in _measures(tree)])
        found[:, 1:][(found[:, 1:] < FLOOR) & (found[:, :-1] < FLOOR)] = np.nan  # of what is below the axes, one point
        found[:, :-1][(found[:, 1:] > TOP) & (found[:, :-1] > TOP)] = np.nan  # and of what is above
        return tree, found.clip(FLOOR / 10, 10)

    @lru_cache
    def needed(**values: object) -> tuple[int, ...]:
        tree = curves(**values)[0]
        return tuple(map(_first_below, _measures(tree)))

    def update(episodes: int, **values: object) -> str:
        tree, found = curves(**values)
        feed(lines, sizes, dict(zip(LOOKS, found, strict=True)))
        own, fresh_ones, *others = needed(**values)
        for line, found_at in zip(needs, ([own], [fresh_ones], others), strict=True):
            line.set_data(*pieces((np.divide(found_at, 1.03), np.multiply(found_at, 1.03)), (LEVEL, LEVEL)))
        mark(episodes)
        trained, fresh = (measure(episodes) for measure in _measures(tree)[:2])
        printed = others[-1]
        beyond.set_text(f"the printed bound needs\n{_large(printed)} records" if printed > sizes[-1] else "")
        return (
            f"With K = {episodes:,} {'record' if episodes == 1 else 'records'} one trained model is {_short(trained)} "
            f"away (the mean of 40), and with fresh records each time {_short(fresh)}. For one model to come below "
            f"{LEVEL} takes {'one record' if own == 1 else f'about {_large(own)} records'}; the printed bound asks for "
            f"{_large(printed)} (T̃ = {tree.phase}, N = {tree.problem.game.n_actions}, "
            f"{'1 history' if tree.reachable == 1 else f'{tree.reachable:,} histories'})."
        )

    return chart.picture(
        "Falling curves on logarithmic axes against the number of recorded episodes: the total variation of an "
        "imitator with one set of records and with fresh records each time, and three upper bounds: the missing mass, "
        "the number of reachable histories over eK, and, far to the right, the bound as printed. Dots where they come "
        "below 0.1.",
        update,
    )


def _first_below(curve: Callable[[int], float]) -> int:
    """Return the first size from which on a falling curve is below the level, to two digits."""
    high = 1 if curve(1) < LEVEL and curve(2) < LEVEL else 2
    while curve(high) >= LEVEL:
        high *= 2
    low = high // 2
    while high - low > max(1, high // 200):
        middle = (low + high) // 2
        low, high = (low, middle) if curve(middle) < LEVEL else (middle, high)
    return high


def _measures(tree: HistoryTree) -> tuple[Callable[[int], float], ...]:
    """Return the heights of the lines as functions of the number of records, in the order of their looks."""
    game = tree.problem.game
    return (
        lambda size: float(tree.sample_tv(size, 40, seed=1).mean()),
        tree.marginal_tv,
        tree.missing_mass,
        lambda size: bounds.coverage(tree.reachable, size),
        lambda size: bounds.lemma_3_6(tree.phase, size, game.n_actions, game.n_types) if size > 1 else np.inf,
    )


def _short(value: float) -> str:
    """Return a distance as people read it."""
    return "0" if value == 0 else f"{value:.3f}" if value >= 0.0005 else "below 0.001"


def _large(number: int) -> str:
    """Return a number of records to two digits, in words where it is large."""
    if number >= 10**15:
        return "more than a thousand trillion"
    for size, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if number >= size:
            return f"{float(f'{number / size:.2g}'):g} {word}"
    return f"{int(float(f'{number:.2g}')):,}"
