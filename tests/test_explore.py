"""Pictures and explorables: live in a kernel, alive without one, a still picture elsewhere."""

import copy
import doctest
import json
import pickle
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import FrozenInstanceError
from itertools import combinations

import joblib
import numpy as np
import pytest

import socialcoop as sc
from socialcoop.book import chart
from socialcoop.book.look import PALETTE


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


@pytest.mark.parametrize(
    "said", ["<!-- a <script>", "</script><b>", "<!--", "&lt;<", "]]></SCRIPT >", "\u2028</title>"]
)
def test_no_sentence_ends_the_script_that_holds_it(said):
    figure, _ = sc.plots.canvas()
    shown = sc.explore(sc.Picture(figure, said, lambda a: sc.book.Told(said, beside=said)), a=[said, 1])
    html = shown.html()
    within = re.search(r'class="sc-data">(.*?)</script>', html, re.DOTALL)[1]
    assert not re.search("<[!/]|<script", within, re.IGNORECASE)
    data = stored(html)
    assert data["sentences"] == [said] * 2
    assert data["labels"] == [[said, "1"]]


def test_no_line_of_a_sentence_begins_with_the_sign_of_a_percentage():
    figure, ax = sc.plots.canvas()
    label = ax.text(0, 0, "", animated=True)
    picture = sc.Picture(figure, "A share.", lambda share: label.set_text(str(share)) or f"It is {share} % of 7 a.m.")
    html = sc.explore(picture, share=[1, 2]).html()
    assert stored(html)["sentences"] == ["It is 1\N{NO-BREAK SPACE}% of 7 a.m.", "It is 2\N{NO-BREAK SPACE}% of 7 a.m."]
    assert ">It is 1\N{NO-BREAK SPACE}% of 7 a.m.</p>" in html


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
    for part in stored(html)["parts"]:
        ElementTree.fromstring(part)


def test_what_frames_have_in_common_is_stored_once_and_nothing_is_lost():
    figure, ax = sc.plots.canvas(xlim=(0, 9), ylim=(0, 9))
    (line,) = ax.plot([], [], animated=True)
    (dots,) = ax.plot([], [], "s", animated=True)
    text = ax.text(1, 1, "", animated=True)

    def update(end, name):
        line.set_data([0, end], [0, 9])
        dots.set_data([3, 4], [5, 6])
        text.set_text(f"{name}: 1 < 2 > 0")
        return f"{end} {name}"

    shown = sc.explore(sc.Picture(figure, "A line.", update), end=[1, 2, 3, 4, 5], name=["a", "b"])
    data = stored(shown.html())
    whole = ["".join(data["parts"][number] for number in frame) for frame in data["frames"]]
    assert [whole[place] for place in data["order"]] == [fragment for fragment, _, _ in shown.frames()]
    assert len(set(data["parts"])) == len(data["parts"])
    assert sum("<use" in part for part in data["parts"]) == 1
    assert sum("<text" in part for part in data["parts"]) == 2


def test_a_fragment_holds_what_is_animated_and_nothing_else():
    picture = bars()
    whole, fragment = picture.svg(), picture.fragment()
    assert whole.count("<path") > fragment.count("<path") == 1
    picture.update(4.0, "Ann")
    assert picture.fragment() != fragment
    assert picture.svg().split('<g class="sc-frame">')[0] == whole.split('<g class="sc-frame">')[0]


def test_two_pictures_on_a_page_share_no_names():
    names = [set(re.findall("id='([^']*)'", picture.svg())) for picture in (bars(), bars("Another bar."))]
    assert names[0]
    assert not names[0] & names[1]


def test_drawing_twice_gives_the_same_bytes():
    assert bars().svg() == bars().svg()
    assert explorable().html() == explorable().html()


def test_live_controls_move_the_figure_and_the_sentence():
    shown, height, name, sentence, _ = explorable().widget().children
    before = shown.value
    height.value = 4.0
    assert shown.value != before
    assert "Bob is 4.0 high." in sentence.value
    name.value = "Ann"
    assert "Ann is 4.0 high." in sentence.value


def test_a_live_state_is_kept_under_those_that_follow_until_it_is_let_go():
    shown, height, _, _, pin = explorable().widget().children
    first = re.search(r'<g class="sc-frame">(.*?)</g></g></svg>', shown.value, re.DOTALL)[1]
    pin.value = True
    height.value = 4.0
    assert f'<g class="sc-pinned">{first}</g>' in shown.value
    assert f'<g class="sc-frame">{first}</g>' not in shown.value
    pin.value = False
    assert '<g class="sc-pinned"></g>' in shown.value


def test_the_values_of_a_control_have_their_places_where_the_axes_show_them():
    figure, ax = sc.plots.canvas(xlim=(1, 100), ylim=(0, 10), xscale="log")
    (line,) = ax.plot([], [], animated=True)

    def update(**values):
        line.set_data([1, values["across"]], [0, values["up"]])
        return f"{values}"

    handles = {"across": sc.book.Handle(ax), "up": sc.book.Handle(ax, "y", lambda value: 2 * value)}
    picture = sc.Picture(figure, "A line.", update, handles)
    across, up = stored(sc.explore(picture, up=[1, 3, 5], across=[1, 10, 100]).html())["handles"]
    assert (across["control"], across["along"], up["control"], up["along"]) == (1, "x", 0, "y")
    left, upper, right, lower = across["box"]
    room = across["at"][0] - left
    assert across["at"] == pytest.approx([left + room, (left + right) / 2, right - room], abs=1)  # 10 is halfway
    assert 0 < room < 20
    high, tall = upper + room, lower - upper - 2 * room
    assert up["at"] == pytest.approx([high + 0.8 * tall, high + 0.4 * tall, high], abs=1)  # y grows downwards in SVG
    assert left > 0 <= high
    assert right - room <= picture.size[0]
    assert lower - room < picture.size[1]


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda ax: sc.book.Handle("axes"), TypeError, "axes must be a Axes, got 'axes'"),
        (lambda ax: sc.book.Handle(ax, "z"), ValueError, "along must be one of"),
        (lambda ax: sc.book.Handle(ax, place=3), TypeError, "place must be a function"),
        (lambda ax: sc.Picture(ax.figure, "A.", str, {"a": ax}), TypeError, "handles must be a Handle"),
        (lambda ax: sc.Picture(ax.figure, "A.", str, [1]), TypeError, "handles must be a Mapping"),
        (
            lambda ax: sc.explore(sc.Picture(ax.figure, "A.", lambda a: "A.", {"b": sc.book.Handle(ax)}), a=[1, 2]),
            ValueError,
            "handles for its controls, a, got one for b",
        ),
        (lambda ax: sc.Control([1, 2], time="yes"), ValueError, "time must be one of"),
    ],
)
def test_handles_that_lead_nowhere_are_refused(make, error, match):
    with pytest.raises(error, match=match):
        make(sc.plots.canvas()[1])


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


@pytest.mark.parametrize(("mode", "heights"), [("", [1]), ("still", [1]), ("frames", [2, 3, 1])])
def test_displaying_draws_each_state_that_it_shows_once_and_ends_at_the_start(monkeypatch, mode, heights):
    monkeypatch.setenv("SOCIALCOOP_DISPLAY", mode)
    picture, drawn = bars(), []
    counting = sc.Picture(picture.figure, picture.description, lambda **now: drawn.append(now) or "A bar.")
    shown = sc.explore(counting, height=[1, 2, 3], name=["Ann"])
    drawn.clear()
    shown._repr_mimebundle_()
    assert drawn == [{"height": height, "name": "Ann"} for height in heights]


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
    figure, ax = sc.plots.canvas()
    (dots,) = ax.plot([], [], ".", animated=True)

    def update(a):
        dots.set_data(np.random.default_rng(a).random((2, 60_000)))  # 0.4 MB in each frame
        return "Noise."

    with pytest.raises(ValueError, match=r"at most 1,500,000 bytes of frames, got 1,7\d\d,\d{3} for 4 combinations"):
        sc.explore(sc.Picture(figure, "Noise.", update), a=range(4)).html()


def test_numbers_are_labelled_as_a_reader_writes_them():
    assert sc.Control([1000, 20000]).labels == ["1,000", "20,000"]
    assert sc.Control([0.5, 1.0]).labels == ["0.5", "1"]


def test_controls_are_called_in_words_with_the_symbol_of_the_paper():
    figure, _ = sc.plots.canvas()
    shown = sc.explore(
        sc.Picture(figure, "Nothing.", lambda **_: "Nothing."), phase=[1, 2], n_actions=[3], own_rate=[1]
    )
    assert re.findall(r"<label><span>(.*?)</span>", shown.html()) == ["stages imitated, T̃", "actions, N", "own rate"]
    controls = shown.widget().children[1:-2]
    assert [control.description for control in controls] == ["stages imitated, T̃", "actions, N", "own rate"]


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([False, True], ["no", "yes"]),
        ([1e6, 1e6 + 1], ["1,000,000", "1,000,001"]),
        ([0.1 + 0.2, 0.5], ["0.3", "0.5"]),
        ([0.3, 0.1 + 0.2], ["0.3", "0.30000000000000004"]),
        ([1 / 3, 0.3333334], ["0.3333333", "0.3333334"]),
        ([1e-7, 0.00002, -0.5], ["1e-7", "0.00002", "-0.5"]),
        ([1234567.25, 2e15, float("inf")], ["1,234,567.2", "2e+15", "∞"]),
        (np.array([1, 2]), ["1", "2"]),
        (np.array([0.1, 0.25], np.float32), ["0.1", "0.25"]),
        ([np.int64(1000), np.bool_(True)], ["1,000", "yes"]),
        ([(0, 1), (1, 0)], ["(0, 1)", "(1, 0)"]),
    ],
    ids=str,
)
def test_every_value_is_labelled_as_a_person_writes_it_and_unlike_the_others(values, labels):
    control = sc.Control(values)
    assert control.labels == labels
    assert not any(isinstance(value, np.generic) for value in control.values)
    figure, _ = sc.plots.canvas()
    live = sc.explore(sc.Picture(figure, "Nothing.", lambda a: repr(a)), a=control).widget().children[1]
    for value in control.values[::-1]:
        live.value = value


@pytest.mark.parametrize("start", [(1, 0), [1, 0], np.int8(2), "b", True])
def test_any_of_the_values_can_be_the_start(start):
    assert sc.Control([(0, 1), (1, 0), [1, 0], 2, "b", True], start=start).start == start


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([None, 1], "None"),
        ([float("nan"), 1], "nan"),
        ([np.float64("nan")], "nan"),
        ([np.array([1, 2]), np.array([2, 1])], "array"),
        (np.eye(2), "array"),
        ([(0, np.array([1, 2])), (1, 2)], "array"),
        (["1", 1], "'1', 1"),
        (["a b", "a  b"], "'a b'"),
        ({"a"}, "list"),
        (np.array(3), "list"),
    ],
    ids=str,
)
def test_values_that_nobody_could_choose_are_refused(values, said):
    with pytest.raises((TypeError, ValueError), match=rf"values must.*{said}"):
        sc.Control(values)


@pytest.mark.parametrize("start", [(1, 1), np.array([0, 1]), (np.array([0, 1]), 1), "0"], ids=str)
def test_a_start_that_is_none_of_the_values_is_refused_by_name(start):
    with pytest.raises(ValueError, match=r"start must be one of \(0, 1\), \(1, 0\)"):
        sc.Control([(0, 1), (1, 0)], start=start)


# --- what stays while controls move


def moved(change):
    """Return a picture whose update moves an animated line and changes something else."""
    figure, ax = sc.plots.canvas(xlim=(0, 1), ylim=(0, 5), title="before")
    (line,), (still,) = ax.plot([0, 1], [0, 1], animated=True), ax.plot([0, 1], [0, 1], label="a")
    ax.imshow(np.eye(2), extent=(0, 0.1, 0, 0.1), aspect="auto")
    legend = figure.legend()
    note = ax.annotate("here", (0, 0), (0.5, 0.5), arrowprops={"arrowstyle": "->"})

    def update(height):
        line.set_ydata([0, height])
        change(ax, still, height, legend, note)
        return f"The line ends at {height}."

    return sc.Picture(figure, "A line.", update)


CHANGES = {
    "a line": lambda ax, still, height, *_: still.set_ydata([height, height]),
    "limits": lambda ax, still, height, *_: ax.set_ylim(0, height + 1),
    "ticks": lambda ax, still, height, *_: ax.set_xticks([0, height / 10]),
    "the title": lambda ax, still, height, *_: ax.set_title(f"p = {height}"),
    "a tick's colour": lambda ax, still, height, *_: ax.xaxis.get_major_ticks()[0].label1.set_color((height / 9, 0, 0)),
    "a legend's text": lambda ax, still, height, legend, _: legend.get_texts()[0].set_text(f"now {height}"),
    "an arrow": lambda ax, still, height, legend, note: note.arrow_patch.set_linewidth(height),
    "the background": lambda ax, still, height, *_: ax.set_facecolor((height / 9, 0, 0)),
    "a spine": lambda ax, still, height, *_: ax.spines["left"].set_linewidth(height),
    "an image": lambda ax, still, height, *_: ax.images[0].set_data(np.eye(2) * height / 9),
    "its place": lambda ax, still, height, *_: ax.set_position([height / 9, 0.1, 0.5, 0.5]),
    "new artists": lambda ax, still, height, *_: ax.text(0, height, "new"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_update_that_changes_what_a_page_draws_once_is_refused(change):
    with pytest.raises(ValueError, match=r"animated=True.*height=3"):
        sc.explore(moved(change), height=[1, 2, 3])


def test_a_state_between_the_first_and_the_last_is_looked_at_when_it_is_drawn():
    shown = sc.explore(
        moved(lambda ax, still, height, *_: ax.set_title("two" if height == 2 else "")), height=[1, 2, 3]
    )
    with pytest.raises(ValueError, match=r"animated=True.*height=2"):
        shown.html()
    with pytest.raises(ValueError, match=r"animated=True.*height=2"):
        shown.set(height=2)
    assert shown.set(height=3) == "The line ends at 3."


def test_an_update_that_piles_up_artists_is_refused():
    with pytest.raises(ValueError, match="must not add artists"):
        sc.explore(moved(lambda ax, still, height, *_: ax.text(0, height, "new", animated=True)), height=[1, 2])


def test_an_update_may_touch_what_stays_and_replace_what_moves():
    def change(ax, still, height, *_):
        ax.set_ylim(0, 5)
        for text in list(ax.texts)[1:]:
            text.remove()
        ax.text(0, height, "new", animated=True)

    assert len(stored(sc.explore(moved(change), height=[1, 2, 3]).html())["frames"]) == 3


# --- live


def failing():
    def update(height):
        if height == 2:
            raise KeyError("<two>")
        return sc.book.Told(f"Height {height}.", "Told.")

    figure, _ = sc.plots.canvas()
    return sc.explore(sc.Picture(figure, "Nothing.", update), height=[1, 2, 3]).widget()


def test_a_live_update_that_fails_says_so_where_the_sentence_stands_until_one_succeeds():
    shown, height, sentence, _ = failing().children
    before = shown.value
    height.value = 2
    assert '<p class="sc-sentence" role="alert">KeyError: &#x27;&lt;two&gt;&#x27;</p>' in sentence.value
    assert shown.value == before
    height.value = 3
    assert "alert" not in sentence.value
    assert '<p class="sc-sentence" aria-live="polite">Height 3.</p><p>Told.</p>' in sentence.value


def test_a_live_sentence_stands_where_the_colours_are_known():
    for value in (1, 2, 3):
        _, height, sentence, _ = failing().children
        height.value = value
        assert ElementTree.fromstring(sentence.value).get("class").split()[0] == "sc-picture"


# --- copies


@pytest.mark.parametrize(
    "made",
    [
        lambda: sc.book.Told("Yes.", beside="No."),
        lambda: sc.book.Told("Yes.", sc.book.Transcript((("Monday",),))),
        lambda: sc.book.Transcript((("Monday",), (1, (("ai", "AI", "Hello."),), "1.0"))),
        lambda: sc.Control([(0, 1), (1, 0)], start=(1, 0), label="types"),
        lambda: sc.Control([False, True]),
    ],
)
def test_a_copy_is_equal_here_and_in_another_process(made):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(made(), protocol))
        assert (again == made(), again != made()) == (True, False)
        assert vars(again) == vars(made())
    for again in (copy.copy(made()), copy.deepcopy(made()), *joblib.Parallel(2)(joblib.delayed(made)() for _ in "ab")):
        assert (again, hash(again), repr(again)) == (made(), hash(made()), repr(made()))


def test_what_says_something_else_is_not_equal():
    assert sc.book.Told("Yes.", "a") != sc.book.Told("Yes.", "b")
    assert sc.book.Told("Yes.", "a") == "Yes."
    assert sc.Control([1, 2]) != sc.Control([1, 2], start=2)
    assert sc.Control([0, 1]) != sc.Control([False, True])


@pytest.mark.parametrize("beside", [None, 3, sc.book.Transcript], ids=str)
def test_what_cannot_stand_beside_a_sentence_is_refused(beside):
    with pytest.raises(TypeError, match="beside must"):
        sc.book.Told("Yes.", beside)


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


def test_a_control_that_the_update_does_not_know_is_named():
    figure, axes = sc.plots.canvas()
    label = axes.text(0, 0, "", animated=True)
    picture = sc.Picture(figure, "A word.", lambda tone: label.set_text(tone) or tone)
    for controls in ({"tune": ["a", "b"]}, {"tone": ["a"], "more": [1, 2]}):
        with pytest.raises(TypeError, match=r"controls must be the arguments of the update, \(tone\), got"):
            sc.explore(picture, **controls)
