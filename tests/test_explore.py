"""Pictures and explorables: live in a kernel, alive without one, a still picture elsewhere."""

import doctest
import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import FrozenInstanceError
from itertools import combinations

import numpy as np
import pytest

import socialcoop as sc
from socialcoop.book import chart
from socialcoop.book.picture import PALETTE


def bars(description="One bar beside a line at five."):
    """Return a picture of one bar that can be set to a height and named."""
    figure, ax = sc.plots.canvas(xlim=(0, 1), ylim=(0, 10))
    (bar,) = ax.plot([0.5, 0.5], [0, 1], animated=True)
    ax.plot([0, 1], [5, 5])

    def update(height, name):
        bar.set_ydata([0, height])
        return f"{name} is {height:.1f} high."

    return sc.Picture(figure, description, update)


def explorable():
    return sc.explore(bars(), height=[1.0, 2.5, 4.0], name=sc.Control(["Ann", "Bob"], start="Bob", label="who"))


def stored(html):
    return json.loads(re.search(r'class="sc-data">(.*?)</script>', html, re.DOTALL)[1].replace(r"<\/", "</"))


def test_every_combination_has_its_sentence_with_the_last_control_fastest():
    assert stored(explorable().html())["sentences"] == [
        f"{name} is {height:.1f} high." for height in (1.0, 2.5, 4.0) for name in ("Ann", "Bob")
    ]


def test_equal_frames_are_stored_once():
    data = stored(explorable().html())
    assert len(data["frames"]) == 3
    assert data["order"] == [0, 0, 1, 1, 2, 2]


def test_the_start_values_are_shown_before_anything_moves():
    shown = explorable()
    assert repr(shown) == "Explorable: Bob is 1.0 high."
    assert ">Bob is 1.0 high.</p>" in shown.html()
    assert 'value="1" selected>Bob' in shown.html()


def test_the_html_asks_for_nothing_and_is_well_formed():
    html = explorable().html()
    assert not re.search(r'(src|href)="(?!#)', html)
    svg = re.search(r"<svg.*?</svg>", html, re.DOTALL)[0]
    assert ElementTree.fromstring(svg).get("aria-label") == "One bar beside a line at five."
    for fragment in stored(html)["frames"]:
        ElementTree.fromstring(f"<g>{fragment}</g>")


def test_a_fragment_holds_what_is_animated_and_nothing_else():
    picture = bars()
    whole, fragment = picture.svg(), picture.fragment()
    assert whole.count("<path") > fragment.count("<path") == 1
    picture.update(4.0, "Ann")
    assert picture.fragment() != fragment
    assert picture.svg().split('<g class="sc-frame">')[0] == whole.split('<g class="sc-frame">')[0]


def test_two_pictures_on_a_page_share_no_names():
    names = [set(re.findall(r'id="([^"]*)"', picture.svg())) for picture in (bars(), bars("Another bar."))]
    assert names[0]
    assert not names[0] & names[1]


def test_drawing_twice_gives_the_same_bytes():
    assert bars().svg() == bars().svg()
    assert explorable().html() == explorable().html()


def test_live_controls_move_the_figure_and_the_sentence():
    shown, height, name, sentence = explorable().widget().children
    before = shown.value
    height.value = 4.0
    assert shown.value != before
    assert "Bob is 4.0 high." in sentence.value
    name.value = "Ann"
    assert "Ann is 4.0 high." in sentence.value


@pytest.mark.parametrize(
    ("mode", "kinds"),
    [
        ("", {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}),
        ("still", {"text/plain", "image/png"}),
        ("frames", {"text/plain", "image/png", "text/html"}),
    ],
)
def test_each_reader_gets_a_form_that_works_there(monkeypatch, mode, kinds):
    monkeypatch.setenv("SOCIALCOOP_DISPLAY", mode)
    bundle, metadata = explorable()._repr_mimebundle_()
    assert set(bundle) == kinds
    assert metadata["image/png"]["alt"] == "One bar beside a line at five."
    assert bundle["text/plain"] == "Explorable: Bob is 1.0 high."
    assert bundle["image/png"].startswith(b"\x89PNG")


@pytest.mark.parametrize("mode", ["", "still"])
def test_displaying_draws_the_start_once(monkeypatch, mode):
    monkeypatch.setenv("SOCIALCOOP_DISPLAY", mode)
    picture, drawn = bars(), []
    counting = sc.Picture(picture.figure, picture.description, lambda **now: drawn.append(now) or "A bar.")
    shown = sc.explore(counting, height=[1, 2], name=["Ann"])
    drawn.clear()
    shown._repr_mimebundle_()
    assert drawn == [{"height": 1, "name": "Ann"}]


@pytest.mark.parametrize(
    ("held", "name"),
    [(sc.Control([1, 2]), "start"), (bars(), "description"), (sc.book.Told("Yes.", beside="No."), "beside")],
    ids=lambda value: type(value).__name__,
)
def test_what_holds_data_cannot_be_changed(held, name):
    with pytest.raises(FrozenInstanceError):
        setattr(held, name, 2)


def test_a_picture_without_controls_shows_itself(monkeypatch):
    picture = sc.plots.payoff_tables(sc.games.team_lead())
    assert set(picture._repr_mimebundle_()[0]) == {"text/plain", "image/png"}
    monkeypatch.setenv("SOCIALCOOP_DISPLAY", "frames")
    assert "likes it direct: direct against direct pays 1" in picture._repr_mimebundle_()[0]["text/html"]


def test_an_unknown_display_mode_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("SOCIALCOOP_DISPLAY", "colour")
    with pytest.raises(ValueError, match="SOCIALCOOP_DISPLAY"):
        explorable()._repr_mimebundle_()


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: sc.Control([]), ValueError, "values"),
        (lambda: sc.Control("abc"), TypeError, "values"),
        (lambda: sc.Control(3), TypeError, "values"),
        (lambda: sc.Control([1, 1]), ValueError, "values"),
        (lambda: sc.Control([1, 2], start=3), ValueError, "start"),
        (lambda: sc.Control([1, 2], label=3), TypeError, "label"),
        (lambda: sc.explore(3, a=[1]), TypeError, "figure"),
        (lambda: sc.explore(bars()), ValueError, "controls"),
        (lambda: sc.explore(sc.plots.payoff_tables(sc.games.coordination()), a=[1]), ValueError, "figure"),
        (lambda: sc.explore(bars(), height=[1, 2], nam=["a"]), TypeError, "nam"),
        (lambda: sc.explore(bars(), height=[1, 2], name=[]), ValueError, "values"),
        (lambda: sc.Picture(3, "text"), TypeError, "figure"),
        (lambda: sc.Picture(bars().figure, " "), ValueError, "description"),
        (lambda: sc.Picture(bars().figure, "text", update=3), TypeError, "update"),
        (lambda: sc.plots.payoff_tables(3), TypeError, "game"),
    ],
)
def test_bad_input_is_refused_by_name(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_an_update_without_a_sentence_is_refused():
    figure, _ = sc.plots.canvas()
    with pytest.raises(TypeError, match="sentence"):
        sc.explore(sc.Picture(figure, "Nothing.", lambda a: None), a=[1])


def test_a_game_with_too_many_actions_to_draw_is_refused():
    game = sc.games.coordination(5)
    picture = sc.plots.hindsight(lambda seed: sc.play(sc.Hedge(), sc.Hedge(), game, (0, 0), 9, seed=seed), 0, "Ann", 9)
    with pytest.raises(ValueError, match="up to 4 actions"):
        sc.explore(picture, seed=[1, 2])


def test_too_many_frames_are_refused_with_their_number():
    figure, ax = sc.plots.canvas(xlim=(0, 3000))
    (line,) = ax.plot([], [], animated=True)

    def update(a):
        line.set_data(np.arange(3000), np.random.default_rng(a).random(3000))
        return "Noise."

    with pytest.raises(ValueError, match="combinations"):
        sc.explore(sc.Picture(figure, "Noise.", update), a=range(400)).html()


def test_numbers_are_labelled_as_a_reader_writes_them():
    assert sc.Control([1000, 20000]).labels == ["1,000", "20,000"]
    assert sc.Control([0.5, 1.0]).labels == ["0.5", "1"]


def test_controls_are_called_in_words_with_the_symbol_of_the_paper():
    figure, _ = sc.plots.canvas()
    shown = sc.explore(
        sc.Picture(figure, "Nothing.", lambda **_: "Nothing."), phase=[1, 2], n_actions=[3], own_rate=[1]
    )
    assert re.findall(r"<label><span>(.*?)</span>", shown.html()) == ["stages imitated, T̃", "actions, N", "own rate"]
    controls = shown.widget().children[1:-1]
    assert [control.description for control in controls] == ["stages imitated, T̃", "actions, N", "own rate"]


# --- the grammar of the book's figures


def test_the_example_of_the_grammar_runs():
    results = doctest.testmod(chart, extraglobs={"sc": sc})
    assert results.attempted > 0 == results.failed


def drawn(line):
    return [list(values) for values in line.get_data()]


def test_a_line_with_data_stays_and_one_without_is_fed_and_emptied():
    made = chart.Chart()
    fixed, lines = made.line("bound --", [0, 1], [1, 0]), made.lines({"a": "ai -", "b": "ink o"})
    assert [line.get_animated() for line in (fixed, *lines.values())] == [False, True, True]
    chart.feed(lines, [1, 2], {"a": [3, 4], "b": [5, 6]})
    chart.feed(lines, [1, 2], {"b": [7, 8]})
    assert [drawn(line) for line in lines.values()] == [[[], []], [[1, 2], [7, 8]]]
    assert lines["b"].get_linestyle() == "None"


def test_squares_stand_where_their_kind_is():
    made = chart.Chart(ylim=(2.5, 0.5))
    marks = made.lines({"waits": "ai s", "acts": "ink s"})
    fill = made.squares(marks, ["Ann", "Bob"], 3)
    fill([["waits", "acts", "acts"], ["acts", "waits", "waits"]], [list("xyz"), list("abc")])
    assert {kind: drawn(mark) for kind, mark in marks.items()} == {
        "waits": [[1, 2, 3], [1, 2, 2]],
        "acts": [[2, 3, 1], [1, 1, 2]],
    }
    assert {text.get_position(): text.get_text() for text in made.ax.texts}[2, 2] == "b"


def test_texts_at_the_ends_of_lines_keep_their_order_and_their_distance():
    assert chart.apart([5.0, 1.0, 1.2, 9.0], 2).tolist() == [5, 1, 3, 9]
    assert chart.apart([1.0, 1.0, 2.5], 1).tolist() == [1, 2, 3]


# Linear RGB as seen with each kind of colour blindness, at full strength (Machado, Oliveira and Fernandes 2009).
SEEN_WITH = {
    "full colour": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def lab(colour, matrix):
    """Return a colour as it is seen, in CIE Lab under D65."""
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.clip(matrix @ np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4), 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ linear / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("matrix", SEEN_WITH.values(), ids=SEEN_WITH)
@pytest.mark.parametrize("page", [0, 1], ids=["light", "dark"])
def test_colour_blind_readers_can_tell_the_lines_apart(page, matrix):
    seen = {name: lab(PALETTE[name][page], matrix) for name in ("ai", "partner", "good", "bound", "muted")}
    for first, second in combinations(seen, 2):
        assert np.linalg.norm(seen[first] - seen[second]) > 12, (first, second)
