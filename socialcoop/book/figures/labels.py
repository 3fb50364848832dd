"""Names where a reader looks for them: at the ends of lines, and who looks how in every chapter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.text import Text
from numpy.typing import NDArray

from socialcoop.book.chart import WIDTH, Chart, literal
from socialcoop.book.look import COLORS
from socialcoop.book.picture import style

# What is compared in every chapter: blue is an assistant, dashed where it imitates to the end.
TABLE, GENERALISES, COMMITS = "ai --", "ai ^--", "ai o-"
TEAM, NO_DATA, NOBODY = "good -", "muted :", "partner -."
LESS, MORE = "(less is better)", "(more is better)"

SIGNS = {"o": "●", "s": "■", "^": "▲", "v": "▼", "D": "◆"}  # the marks of lines, as letters

LETTER, LINE = 6.0, 14.3  # how wide a letter and how high a line of a label is, in points


@style()
def name_ends(chart: Chart, lines: Mapping[str, Line2D], first: bool = False) -> Callable[..., None]:
    """Make room on the right, and return what writes each line's name beside its last point, in the line's colour.

    A line that is not drawn has no name, and one with marks has its mark beside its name. Names given to the function
    stand in for those of the lines. Where lines meet at their ends they are named beside their ``first`` points
    instead, and the vertical axis stands on the right.
    """
    signs = {name: SIGNS.get(str(line.get_marker()), "") for name, line in lines.items()}
    widest = max(len(row) for name in lines for row in name.split("\n"))
    _make_room(chart, widest + 2 * any(signs.values()), left=first)
    if first:
        chart.ax.yaxis.tick_right()
        chart.ax.yaxis.set_label_position("right")
        chart.ax.spines[["left", "right"]].set_visible([False, True])
    texts = {name: _label(chart, line.get_color()) for name, line in lines.items()}
    for text in texts.values():
        text.set(x=-0.015 if first else 1.015, ha="right" if first else "left")

    def write(**told: str) -> None:
        shown = {name: line for name, line in lines.items() if np.size(line.get_ydata())}
        rows = np.array([1 + told.get(name, name).count("\n") for name in shown])
        heights = [_height(chart, line, 0 if first else -1) for line in shown.values()]
        box = chart.ax.get_position(original=True)  # the other one is set anew by asking for it, as if it had changed
        line_height = LINE / (72 * box.height * chart.figure.get_figheight())
        places = dict(zip(shown, spread(np.array(heights), rows * line_height), strict=True))
        for name, text in texts.items():
            said = literal(told.get(name, name))
            text.set_text(
                (f"{said} {signs[name]}" if first else f"{signs[name]} {said}").strip() if name in shown else ""
            )
            text.set_y(places.get(name, 0))

    return write


@style()
def name_bars(chart: Chart, rows: int) -> Callable[[Sequence[str]], None]:
    """Make room on the right, and return what writes a text there for each of the rows 0, 1, …"""
    _make_room(chart, 5)
    texts = [_label(chart, COLORS["ink"], row) for row in range(rows)]

    def write(told: Sequence[str]) -> None:
        for text, said in zip(texts, told, strict=True):
            text.set_text(said)

    return write


def _make_room(chart: Chart, letters: int, left: bool = False) -> None:
    engine: Any = chart.figure.get_layout_engine()
    room = (letters * LETTER + 8) / (72 * WIDTH)
    engine.set(rect=(room * left, 0, 1 - room, 1))


def _label(chart: Chart, color: Any, row: float | None = None) -> Text:
    """Return a text right of the axes, at a row if there are any; else at a share of the axes' height, to be set."""
    place = chart.ax.transAxes if row is None else chart.ax.get_yaxis_transform()
    return chart.ax.text(1.015, row or 0, "", color=color, va="center", transform=place, animated=True)


def _height(chart: Chart, line: Line2D, place: int) -> float:
    """Return how high the line is at its first or last point, as a share of the axes."""
    end = np.asarray(line.get_xydata())[place]
    return float(chart.ax.transAxes.inverted().transform(chart.ax.transData.transform(end))[1])


def spread(heights: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the heights moved as little as need be so that things of these sizes do not overlap, within 0 and 1.

    Neighbours that would overlap are put side by side around their common middle.
    """
    order = np.argsort(heights, kind="stable")
    blocks: list[tuple[list[int], float]] = []  # who, and where the block begins
    for each in order:
        members = [int(each)]
        while True:
            size = sizes[members].sum()
            begins = float(np.clip(_wanted(heights, sizes, members), 0, max(1 - size, 0)))
            if not blocks or blocks[-1][1] + sizes[blocks[-1][0]].sum() <= begins + 1e-12:
                break
            members = blocks.pop()[0] + members
        blocks.append((members, begins))
    placed = np.empty(len(heights))
    for members, begins in blocks:
        placed[members] = begins + sizes[members].cumsum() - sizes[members] / 2
    return placed


def _wanted(heights: NDArray[np.float64], sizes: NDArray[np.float64], members: list[int]) -> float:
    """Return where a block begins whose members are, in the mean, as high as they should be."""
    inside = sizes[members].cumsum() - sizes[members] / 2
    return float((heights[members] - inside).mean())
