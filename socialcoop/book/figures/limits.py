"""The figure of the limits: what a broken assumption costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from socialcoop.book.chart import Chart, capital, feed
from socialcoop.book.picture import Picture, style

__all__ = ["broken_assumption"]

LOOKS = {"imitate to the end": "ai --", "imitate, then commit": "ai -", "with care": "good -", "bound": "bound :"}


@style()
def broken_assumption(
    amounts: Sequence[float],
    measured: Mapping[str, Mapping[str, ArrayLike]],
    bounds: Mapping[str, ArrayLike],
) -> Picture:
    """Return the altruistic regret against how much of an assumption is broken.

    Parameters
    ----------
    amounts
        How much, (A,), from 0 to 1.
    measured
        For each assumption, by name, what `socialcoop.stress` found: the regrets per stage (A, 3), the mean between
        the ends of an interval. The means are drawn.
    bounds
        For each assumption for which one holds, the bound (A,) that is proved with care.

    Notes
    -----
    The picture's update takes ``assumption`` and ``amount``, among the values above.

    Examples
    --------
    >>> found = {"no forgiveness": {"imitate to the end": [[0.5, 0.6, 0.7], [0.8, 0.9, 1]]}}
    >>> sc.plots.broken_assumption([0, 1], found, {"no forgiveness": [0.2, 1.2]}).update("no forgiveness", 1)
    'No forgiveness, 1. Altruistic regret per stage: imitate to the end, 0.90. No bound below 1 is proved.'
    """
    chart = Chart(3.7, xlim=(0, 1), ylim=(-0.15, 1.05), xlabel="how much of it is broken")
    chart.ax.set_ylabel("altruistic regret per stage")
    lines = chart.lines(LOOKS)
    lines["imitate, then commit"].set_linewidth(4)  # to be seen on both sides of the next where they are equal
    dots = chart.line("ink o", ms=6)
    chart.legend(2, "center")

    def update(assumption: str, amount: float) -> str:
        here = list(amounts).index(amount)
        shown = {name: np.asarray(ends)[:, 1] for name, ends in measured[assumption].items()}
        if assumption in bounds:
            shown["bound"] = np.asarray(bounds[assumption])
        feed(lines, amounts, shown)
        heights = {name: float(values[here]) for name, values in shown.items()}
        dots.set_data([amount] * len(heights), list(heights.values()))
        limit = heights.pop("bound", 1)
        told = "; ".join(f"{name}, {height:.2f}" for name, height in heights.items())
        proved = f"Proved with care: at most {limit:.2f}." if limit < 1 else "No bound below 1 is proved."
        return f"{capital(assumption)}, {amount:g}. Altruistic regret per stage: {told}. {proved}"

    return chart.picture(
        "The altruistic regret per stage against how much of an assumption is broken, from none to all: a dashed line "
        "for imitation to the end, two lines for imitate-then-commit without and with care, a dotted line for the "
        "bound where one holds, and dots at the chosen amount.",
        update,
    )
