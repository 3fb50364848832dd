"""What all figures share."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from socialcoop.book.picture import style

WIDTH = 5.4  # inches, of 72 CSS pixels each: text of 11 points stays legible on a phone


def canvas(height: float = 3.4, **properties: Any) -> tuple[Figure, Axes]:
    """Return a figure as wide as the page and its axes, in the book's style; ``properties`` are the axes'.

    Examples
    --------
    >>> figure, axes = sc.plots.canvas(height=2, xlabel="stages", xlim=(0, 10))
    >>> axes.get_xlabel()
    'stages'
    """
    with style():
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        axes = figure.subplots()
        axes.set(**properties)
    return figure, axes
