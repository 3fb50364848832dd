"""Names stand beside the ends of lines, in the order of the lines, apart from one another and inside the figure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcoop.book.chart import Chart, feed
from socialcoop.book.figures.labels import name_bars, name_ends, spread


@given(st.lists(st.floats(-0.5, 1.5), min_size=1, max_size=6))
def test_things_are_put_apart_in_their_order_and_inside(heights):
    heights, sizes = np.array(heights), np.full(len(heights), 0.1)
    placed = spread(heights, sizes)
    order = np.argsort(heights, kind="stable")
    assert (np.diff(placed[order]) >= 0.1 - 1e-9).all()
    assert placed.min() >= 0.05 - 1e-9
    assert placed.max() <= 0.95 + 1e-9


def test_what_has_room_stays_and_two_that_meet_share_the_way():
    sizes = np.full(3, 0.1)
    assert spread(np.array([0.2, 0.5, 0.8]), sizes) == pytest.approx([0.2, 0.5, 0.8])
    assert spread(np.array([0.5, 0.2, 0.5]), sizes) == pytest.approx([0.45, 0.2, 0.55])


def names(chart):
    return {text.get_text(): text for text in chart.ax.texts if text.get_text()}


@pytest.mark.parametrize("first", [False, True])
def test_each_line_is_named_in_its_colour_at_the_height_of_its_end_and_only_if_it_is_drawn(first):
    chart = Chart(xlim=(0, 2), ylim=(0, 10))
    lines = chart.lines({"up": "ai -", "down": "partner -", "away": "bound -"})
    write = name_ends(chart, lines, first)
    chart.picture("Two lines.")
    feed(lines, [0, 1], {"up": [2, 9], "down": [8, 1]})
    write(up="on")
    found = names(chart)
    assert set(found) == {"on", "down"}
    assert found["down"].get_color() == lines["down"].get_color()
    assert found["on"].get_position()[1] == pytest.approx(0.2 if first else 0.9)
    assert found["on"].get_position()[0] < 0 if first else found["on"].get_position()[0] > 1
    for text in found.values():  # inside the figure
        box = text.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= chart.figure.bbox.x1


def test_rows_have_texts_beside_them():
    chart = Chart(xlim=(0, 1))
    chart.rows(["a", "b"])
    write = name_bars(chart, 2)
    chart.picture("Two rows.")
    write(["0.5", "2.0"])
    assert [text.get_position()[1] for text in names(chart).values()] == [0, 1]
    with pytest.raises(ValueError, match="zip"):
        write(["0.5"])
