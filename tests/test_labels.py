"""Names stand beside the ends of lines, in the order of the lines, apart from one another and inside the figure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import socialcoop as sc
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


LOSSES = {(0.5, 1000): {"the word": [0.07, 0.07, 0.12], "the service": [0.4, 0.3, 0.07]}}
NEEDED = {"a table": ([8], [40]), "commits": ([8, 200], [40, 10]), "a model": ([8, 200], [40, 10])}


def commitments():
    """Return rows for the figure of ways to commit, in which the echo earns what the network earns."""
    ways = "mixture", "pure", "pure since 1", "last", "careful", "hyperbolic", "universal"
    names = [f"{copies}, {way} (4)" for copies in ("table", "back-off") for way in ways]
    names += ["table", "back-off", "network, cold", "no data", "echo", "one of the team"]
    return [{"reaction": "kind", "actions": 12, "records": 9, "assistant": name, "mean": 0.9} for name in names]


@pytest.mark.parametrize(
    ("make", "values", "lines"),
    [
        (
            lambda: sc.plots.stopping_losses(LOSSES, {(0.5, 1000): (0.1, 0.2)}),
            {"stop": 50, "lam": 0.5, "horizon": 1000},
            ("floor, proved", "the word"),
        ),
        (
            lambda: sc.plots.ways_to_commit(commitments()),
            {"phase": 4, "episodes": 9, "n_actions": 12},
            ("echo, no data", "network, to the end"),
        ),
        (lambda: sc.plots.episodes_needed(NEEDED), None, ("commits", "a model")),
    ],
)
def test_of_two_lines_that_may_be_one_the_wider_has_gaps_or_lies_below(make, values, lines):
    picture = make()
    if values:
        picture.update(**values)
    drawn = {line.get_label(): line for line in picture.figure.axes[0].lines}
    wide, narrow = (drawn[name] for name in lines)
    assert wide.get_linewidth() >= 2 * narrow.get_linewidth()
    below = wide.get_zorder() < narrow.get_zorder()
    assert below == (wide.get_linestyle() == "-")


def test_shorter_horizons_are_told_apart_and_named():
    picture = sc.plots.failure_curve({"Hedge": sc.Hedge()}, sc.games.matching_pennies())
    picture.update(strategy="Hedge", horizon=4, epsilon=0.3)
    lines = {line.get_label(): line for line in picture.figure.axes[0].lines}
    shorter = [lines[f"T = {horizon}"] for horizon in (1, 2, 4, 8)]
    assert len({line.get_linestyle() for line in shorter}) == 4
    assert [np.size(line.get_xdata()) > 0 for line in shorter] == [True, True, False, False]
    (legend,) = picture.figure.legends
    assert {"T = 1", "T = 8", "T as chosen", "certificate"} <= {text.get_text() for text in legend.get_texts()}


def test_what_earns_nothing_is_named_above_the_axis():
    def meeting():
        return sc.play(sc.Fixed(1), sc.Fixed(1), sc.games.team_lead(), (1, 1), 100)

    picture = sc.plots.hindsight(meeting, agent=1, name="Alice", horizon=100)
    picture.update()
    (ax,) = picture.figure.axes
    (text,) = (text for text in ax.texts if text.get_text() == "always direct")
    assert text.get_window_extent().y0 >= ax.bbox.y0
