"""A handle: where the values of a control stand along an axis, so that a pointer can choose among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import socialcoop.book.quiet  # noqa: F401, first: it says why

from matplotlib.axes import Axes

from socialcoop import checks

ROOM = 9  # pixels around the axes that count as in them, so that the values at the ends are easy to reach


@dataclass(frozen=True, eq=False)
class Handle:
    """Where the values of a control stand along an axis, so that a pointer can choose among them.

    Attributes
    ----------
    axes
        The axes to point at.
    along
        Along which axis the values stand, "x" or "y".
    place
        Where a value stands on that axis; by default at itself.

    Examples
    --------
    >>> figure, axes = sc.plots.canvas(xlim=(0, 10))
    >>> sc.book.Handle(axes, "x").along
    'x'
    """

    axes: Axes
    along: str = "x"
    place: Callable[[Any], float] = float

    def __post_init__(self) -> None:
        checks.instance("axes", self.axes, Axes)
        checks.choice("along", self.along, ("x", "y"))
        if not callable(self.place):
            raise TypeError(f"place must be a function of a value, got {self.place!r}")

    def pixels(self, values: Iterable[Any]) -> list[float]:
        """Return where each value stands in the picture's SVG, from its left or its upper edge."""
        if self.along == "x":
            return [round(self._pixel(self.place(value), 0)) for value in values]
        return [round(self._height - self._pixel(0, self.place(value))) for value in values]

    def _pixel(self, x: float, y: float) -> float:
        return float(self.axes.transData.transform((x, y))["xy".index(self.along)])

    @property
    def box(self) -> list[float]:
        """The left, upper, right and lower edge of what can be pointed at, in the picture's SVG."""
        left, low, right, high = map(float, self.axes.bbox.extents)
        return [left - ROOM, self._height - high - ROOM, right + ROOM, self._height - low + ROOM]

    @property
    def _height(self) -> float:
        return float(self.axes.figure.bbox.height)
