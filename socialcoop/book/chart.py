"""A small grammar of figures: axes in the book's style, and the parts that several of its figures have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import socialcoop.book.quiet  # noqa: F401, first: it says why

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

from socialcoop.book.handle import Handle
from socialcoop.book.look import COLORS
from socialcoop.book.markup import HALO
from socialcoop.book.picture import Picture, style

WIDTH = 5.4  # inches, of 72 CSS pixels each: text of 11 points stays legible on a phone


def canvas(height: float = 3.4, **properties: Any) -> tuple[Figure, Axes]:
    """Return a figure as wide as the page and its axes, in the book's style; ``properties`` are the axes'.

    What you draw on them yourself starts from your own settings of matplotlib.

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


class Chart:
    """Axes to draw on, part by part; what a part returns is what the picture's update feeds.

    Properties are handed on to matplotlib. ``ax`` is there for what only one figure draws.

    Examples
    --------
    >>> chart = Chart(2, xlim=(1, 3), ylim=(0, 9), xlabel="number")
    >>> lines, mark = chart.lines({"its square": "ai -", "its double": "partner --"}), chart.mark()
    >>> chart.legend(2)
    >>> def update(number):
    ...     feed(lines, [1, 2, 3], {"its square": [1, 4, 9], "its double": [2, 4, 6]})
    ...     mark(number)
    ...     return f"{number} squared is {number**2}."
    >>> chart.picture("Two rising curves.", update).update(number=3)
    '3 squared is 9.'
    """

    def __init__(self, height: float = 3.4, **properties: Any) -> None:
        self.figure, self.ax = canvas(height, **properties)
        self.handles: dict[str, Handle] = {}

    @style()
    def line(self, look: str, *data: ArrayLike, **properties: Any) -> Line2D:
        """Return a line that stays as its data are, or without data one to be fed.

        ``look`` is a colour of the palette and matplotlib's code for dashes and marker, such as "ai --" or "ink o".
        """
        color, *code = look.split()
        (line,) = self.ax.plot(*(data or ((), ())), *code, color=COLORS[color], animated=not data, **_named(properties))
        line.set_in_layout(bool(data))  # one without points would count as a point at the paper's corner
        return line

    def lines(self, looks: Mapping[str, str], **properties: Any) -> dict[str, Line2D]:
        """Return lines to be fed, by the names that the legend has."""
        return {name: self.line(look, label=name, **properties) for name, look in looks.items()}

    @style()
    def note(self, text: str = "", x: float = 0, y: float = 0, **font: Any) -> Text:
        """Return a text among the lines, to be placed: they pass behind it and leave its letters free."""
        return self.ax.text(x, y, text, animated=True, gid=HALO, **font)

    @style()
    def mark(self, control: str = "", place: Callable[[Any], float] = float) -> Callable[[float], None]:
        """Return what moves a vertical line to the chosen value.

        With the name of a control the line has a grip, and a pointer can move it; ``place`` says where a value of the
        control stands along the axis, by default at itself.
        """
        line, span = self.line("muted", lw=1), self.ax.get_ylim()
        if control:
            self.handles[control] = Handle(self.ax, place=place)
            line.set(marker="o", ms=8, markevery=[1], clip_on=False)
        return lambda value: line.set_data([value, value], span)

    @style()
    def rows(self, names: Sequence[str]) -> None:
        """Name the rows 0, 1, … from the top, for bars."""
        self.ax.set_ylim(len(names) - 0.4, -0.6)
        self.ax.set_yticks(range(len(names)), [*map(literal, names)])
        self.ax.tick_params(axis="y", length=0)

    @style()
    def bars(self, rows: ArrayLike, height: float, **properties: Any) -> list[Rectangle]:
        """Return horizontal bars in these rows, to be stretched."""
        return list(self.ax.barh(rows, np.zeros(np.shape(rows)), height, animated=True, **_named(properties)))

    @style()
    def squares(self, marks: Mapping[str, Line2D], names: Sequence[str], stages: int) -> Callable[..., None]:
        """Return what fills a row of squares for each agent, one for each stage.

        ``marks`` has a line for each kind of square; the kinds and the letters that fill them are (agents, stages).
        """
        self.ax.set(xlim=(0.4, stages + 0.6), xlabel="stage")
        self.ax.set_xticks([1, *range(5, stages + 1, 5)])
        self.ax.set_yticks(range(1, len(names) + 1), [*map(literal, names)])
        self.ax.grid(False)
        self.ax.tick_params(length=0)
        places = [(stage, row) for row in range(1, len(names) + 1) for stage in range(1, stages + 1)]
        texts = [self.ax.text(*place, "", ha="center", va="center", animated=True) for place in places]

        def fill(kinds: ArrayLike, letters: ArrayLike) -> None:
            for kind, mark in marks.items():
                row, stage = np.nonzero(np.asarray(kinds) == kind)
                mark.set_data(stage + 1, row + 1)
            for text, letter in zip(texts, np.ravel(letters), strict=True):
                text.set_text(literal(str(letter)))

        return fill

    @style()
    def ends(self, count: int) -> Callable[[float, Mapping[str, float], float], None]:
        """Return what writes up to so many texts right of x, at their heights or, where these are close, above."""
        labels = [self.note(va="center") for _ in range(count)]

        def write(x: float, heights: Mapping[str, float], gap: float) -> None:
            for label in labels:
                label.set_text("")
            for label, text, height in zip(labels, heights, apart([*heights.values()], gap), strict=False):
                label.set(text=literal(text), position=(x, height))

        return write

    @style()
    def ticks(self, values: Sequence[int]) -> None:
        """Name these values along the horizontal axis, and no others."""
        self.ax.set_xticks(values, [str(value) for value in values])
        self.ax.minorticks_off()

    @style()
    def legend(self, columns: int, side: str = "right", **properties: Any) -> None:
        """Say above the axes what the parts so far are called, at the "left", "center" or "right"."""
        self.figure.legend(**{"loc": f"outside upper {side}", "ncols": columns} | properties)

    def picture(self, description: str, update: Callable[..., str] | None = None) -> Picture:
        """Return the picture: what it shows, in words, and what changes it and says how in a sentence."""
        return Picture(self.figure, description, update, self.handles)


def feed(lines: Mapping[str, Line2D], x: ArrayLike, heights: Mapping[str, ArrayLike]) -> None:
    """Draw each line at its heights above x, and none for which there are no heights."""
    for name, line in lines.items():
        line.set_data(*((x, heights[name]) if name in heights else ((), ())))


def pieces(x: tuple[ArrayLike, ArrayLike], y: tuple[ArrayLike, ArrayLike]) -> NDArray[np.float64]:
    """Return the points of one line that draws many pieces, between two x and two y each: NaN lifts the pen."""
    ends = np.broadcast_arrays(*x, *y, np.nan)
    return np.array([np.transpose([*ends[:2], ends[4]]).ravel(), np.transpose([*ends[2:4], ends[4]]).ravel()])


def stretch(bars: Sequence[Rectangle], widths: ArrayLike, starts: ArrayLike = 0.0) -> None:
    """Draw each bar as wide as it should be, from where it should start."""
    for bar, width, start in zip(bars, np.ravel(widths), np.broadcast_to(starts, len(bars)), strict=True):
        bar.set(x=start, width=width)


def apart(heights: Sequence[float], gap: float) -> NDArray[np.float64]:
    """Return the heights moved up just enough that none is closer than the gap to another."""
    placed = np.array(heights, dtype=np.float64)
    for low, high in pairwise(np.argsort(placed)):
        placed[high] = max(placed[high], placed[low] + gap)
    return placed


def literal(name: str) -> str:
    """Return somebody's name for a thing so that matplotlib shows it as it is, and reads no formula between dollars."""
    return name.replace("$", r"\$")


def _named(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a part, whose label may be somebody's name for it."""
    return properties | ({"label": literal(properties["label"])} if "label" in properties else {})


def table(ax: Axes, columns: Sequence[str], rows: Sequence[str]) -> None:
    """Make the axes a table with these names, whose cells have whole numbers as their middles."""
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    ax.set_xticks(range(len(columns)), [*map(literal, columns)])
    ax.set_yticks(range(len(rows)), [*map(literal, rows)])
    ax.grid(False)
    ax.tick_params(length=0)


def cell(ax: Axes, place: tuple[float, float], size: tuple[float, float], color: str, text: str, **font: Any) -> None:
    """Write a text in a shaded box of a table."""
    corner = place[0] - size[0] / 2, place[1] - size[1] / 2
    ax.add_patch(Rectangle(corner, *size, facecolor=COLORS[color], alpha=0.25, edgecolor="none"))
    ax.text(*place, text, ha="center", va="center", **font)


def counted(number: int, noun: str) -> str:
    """Return how many, as "1 stage" or "2 stages"."""
    return f"{number} {noun}{'s' * (number != 1)}"


def capital(text: str) -> str:
    """Return the text with a capital at its beginning and the rest as it is."""
    return text[:1].upper() + text[1:]
