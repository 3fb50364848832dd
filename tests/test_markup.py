"""Pictures as markup: texts as they are, places short, colours that follow the page, whatever the user has set."""

import re
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor

import matplotlib as mpl
import numpy as np
import pytest

import socialcoop as sc
from socialcoop.book import chart
from socialcoop.book.markup import page_svg


def texts(svg):
    return ["".join(element.itertext()) for element in ElementTree.fromstring(svg).iter("text")]


def picture(*words, **properties):
    made = chart.Chart(**properties)
    made.line("ai o--", [0, 0.5, 1], [0.001, 0.5, 1], alpha=0.045)
    for place, word in enumerate(words):
        made.ax.text(0.5, 0.1 * place, word, animated=place % 2 == 1)
    return made.picture("A line with words.")


WORDS = ["p = 0.001", "#0072b2 x", "M 1.2345 L 2", "< -- & --> >", "rotate(0.125)", "fill: #1f2328;", "a\x00b", "\"q'"]


@pytest.mark.filterwarnings("ignore:Glyph")
def test_words_stay_as_they_are():
    found = texts(picture(*WORDS).svg())
    assert set(WORDS) - {"a\x00b"} <= set(found)
    assert "a\ufffdb" in found


def test_tick_labels_keep_their_digits():
    made = picture()
    made.figure.axes[0].set_xticks([0.125, 0.25, 0.375])
    assert {"0.125", "0.250", "0.375"} <= set(texts(made.svg()))


def test_a_table_says_its_small_payoffs():
    svg = sc.plots.payoff_tables(sc.Game([[0.125, 0.333], [0.001, 0.875]])).svg()
    assert {"0.12", "0.33", "0.001", "0.88"} <= set(texts(svg))


def test_names_with_dollars_are_no_formulas():
    game = sc.Game(np.eye(2), actions=["costs $5, saves $6", "$x$"], types=["a $ and \\foo$"])
    assert {"costs $5, saves $6", "$x$", "a $ and \\foo$"} <= set(texts(sc.plots.payoff_tables(game).svg()))


def test_in_no_part_of_a_figure_are_names_with_dollars_formulas():
    names = ["$a$", "b $5 and $6", r"$\frac", "$d$", "$e$", "$f$"]
    grid, bars, squares = chart.Chart(xlim=(0, 9)), chart.Chart(xlim=(0, 9)), chart.Chart()
    grid.line("ai o", [1], [1], label=names[0])
    grid.ends(1)(1, {names[1]: 1}, 1)
    bars.bars([0], 0.6, label=names[2])
    bars.rows([names[3]])
    for drawn in (grid, bars):
        drawn.legend(1)
    squares.squares({}, [names[4]], 1)([[0]], [[names[5]]])
    for drawn, shown in ((grid, names[:2]), (bars, names[2:4]), (squares, names[4:6])):
        assert set(shown) <= set(texts(drawn.picture("Names.").svg()))
    people = sc.social_intelligence([sc.Fixed(0)], sc.games.coordination(2), 3, 0.1)
    assert "1  $a$ $b$" in texts(sc.plots.certificate_table(people, ["$a$ $b$"], delta=0.1).svg())


def test_opacity_and_other_styles_keep_their_digits():
    assert "opacity:0.045" in picture().svg()
    made = chart.Chart()
    made.ax.plot([0, 1], lw=0.125)
    made.ax.axvspan(0, 1, alpha=0.0125)
    svg = made.picture("Thin.").svg()
    assert "stroke-width:0.125" in svg
    assert "opacity:0.0125" in svg


def test_places_are_short_and_scales_are_not():
    svg = """<svg xmlns:xlink="http://www.w3.org/1999/xlink"><metadata><x>m</x></metadata><defs><style>s</style></defs>
      <g id="a_1"><g clip-path="url(#p)"><path
      d="M 1.23456 -0.01 \nL 2 3.999 \nz\n" style="fill: #0072b2; opacity: 0.045"/>
      <image xlink:href="#i" transform="matrix(0.0123 0 0 1.5 0 0)" x="1.26"/>
      <text transform="rotate(-0 1 2)">a  b</text>
      </g></g></svg>"""
    assert page_svg(svg, {"#0072b2": "var(--sc-ai)"}) == (
        "<g clip-path='url(#p)'><path d='M1.2 0L2 4z' style='fill:var(--sc-ai);opacity:0.045'/>"
        "<image href='#i' transform='matrix(0.0123 0 0 1.5 0 0)' x='1.3'/><text>a  b</text></g>"
    )


def test_colours_follow_the_page_where_they_paint():
    svg = picture("#0072b2 x").svg()
    assert re.search(r"stroke:var\(--sc-ai\)", svg)
    assert set(re.findall("#[0-9a-f]{6}", svg)) == {"#0072b2"}


def test_lines_pass_behind_a_note_on_the_page_in_files_and_in_png():
    made = chart.Chart(2, xlim=(0, 1), ylim=(0, 1))
    made.line("ai", [0, 1], [0.5, 0.5], lw=6)
    note = made.note("| | |", x=0.5, y=0.5, ha="center", va="center")
    shown = made.picture("A note on a line.")
    (group,) = (
        found for found in ElementTree.fromstring(shown.svg()).iter("g") if "paint-order" in found.get("style", "")
    )
    assert texts(ElementTree.tostring(group)) == ["| | |"]
    assert group.get("style") == "paint-order:stroke;stroke:var(--sc-paper);stroke-width:4"
    assert "paint-order:stroke;stroke:#ffffff;" in shown._svg_file().decode()
    drawn = shown.png()
    note.set_gid(None)
    assert drawn != shown.png()  # and what drew the halo is gone
    assert "paint-order" not in shown.svg()


# --- whatever the user has set

SETTINGS = [
    {"savefig.bbox": "tight"},
    {"text.usetex": True},
    {"lines.marker": "x", "lines.linestyle": ":"},
    {"figure.constrained_layout.use": False, "figure.autolayout": True},
    {"svg.fonttype": "path", "svg.image_inline": False, "savefig.transparent": True, "savefig.dpi": 300},
    {"text.parse_math": False, "axes.formatter.use_locale": True, "axes.unicode_minus": False},
    {"image.origin": "lower", "image.cmap": "gray", "figure.facecolor": "k", "savefig.facecolor": "k"},
    {"axes.xmargin": 0.5, "xtick.direction": "in", "axes.formatter.limits": (0, 0), "axes.titlepad": 30},
    {
        "font.family": "monospace",
        "font.weight": "bold",
        "path.sketch": (1, 100, 2),
        "axes.prop_cycle": mpl.cycler(color="k"),
    },
]


def drawn():
    def update(phase):
        line.set_data([0, phase], [0, 0.5])
        return "A line."

    made = chart.Chart(xlim=(0, 3), ylim=(0, 1), title="A title")
    line = made.line("ai", label="a line")
    made.rows(["one", "two"])
    made.squares({"waits": line}, ["a", "b"], 4)([["waits"] * 4] * 2, [list("abcd")] * 2)
    made.bars([0, 1], 0.5)
    made.legend(1)
    shown = sc.explore(made.picture("A line.", update), phase=[1, 2, 3])
    return shown.html(), shown.picture.png(), sc.plots.payoff_tables(sc.games.chicken()).png()


@pytest.fixture(scope="module")
def plainly():
    return drawn()


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: next(iter(settings)))
def test_the_bytes_are_the_same_whatever_the_user_has_set(plainly, settings):
    with mpl.rc_context(settings):
        before = dict(dict.items(mpl.rcParams))
        assert drawn() == plainly
        assert dict(dict.items(mpl.rcParams)) == before


def test_threads_draw_the_same_and_leave_the_settings_as_they_were(plainly):
    before = dict(dict.items(mpl.rcParams))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: drawn(), range(6))) == [plainly] * 6
    assert dict(dict.items(mpl.rcParams)) == before


def test_an_error_within_leaves_the_settings_as_they_were():
    def update(a):
        mpl.rcParams["font.size"] = 3
        raise KeyError(a)

    before = mpl.rcParams["font.size"]
    figure, _ = sc.plots.canvas()
    with pytest.raises(KeyError):
        sc.explore(sc.Picture(figure, "Nothing.", update), a=np.arange(3))
    assert mpl.rcParams["font.size"] == before


def marks(*styles):
    return "".join(f"<use href='#m' x='{place}' style='{style}'/>" for place, style in enumerate(styles))


@pytest.mark.parametrize(
    ("styles", "shared", "left"),
    [
        (["fill: red", "fill: red"], "fill:red", ["", ""]),
        (["fill: red; fill-opacity: 0.5", "fill: red; fill-opacity: 0.5"], "fill:red;fill-opacity:0.5", ["", ""]),
        (["fill: red", "fill: blue"], "", ["fill:red", "fill:blue"]),
        (["fill: red", ""], "", ["fill:red", ""]),
        (["opacity: 0.5", "opacity: 0.5"], "", ["opacity:0.5", "opacity:0.5"]),
        (["fill: red; opacity: 0.5"] * 2, "", ["fill:red;opacity:0.5"] * 2),
        (["fill: red"], "", ["fill:red"]),
    ],
)
def test_markers_that_look_alike_have_one_style_where_it_means_the_same(styles, shared, left):
    group = ElementTree.fromstring(page_svg(f"<g clip-path='url(#p)'>{marks(*styles)}</g>", {}))
    assert (group.get("style", ""), [mark.get("style", "") for mark in group]) == (shared, left)
    assert [mark.get("x") for mark in group] == [str(place) for place in range(len(styles))]


def test_a_group_of_markers_and_of_other_things_keeps_their_styles():
    svg = page_svg(f"<g clip-path='url(#p)'>{marks('fill: red', 'fill: red')}<path d='M0 0'/></g>", {})
    assert [part.get("style") for part in ElementTree.fromstring(svg)] == ["fill:red", "fill:red", None]


def points(path):
    """Return where the lines of a path go, read as the standard has it."""
    here, found, command = np.zeros(2), [], ""
    tokens = re.findall(r"[MLlz]|-?(?:\d+\.?\d*|\.\d+)", path)
    while tokens:
        if tokens[0].isalpha():
            command = tokens.pop(0)
        if command == "z":
            found.append("z")
            continue
        step = np.array([float(tokens.pop(0)), float(tokens.pop(0))])
        here = here + step if command == "l" else step
        found.append(("M" if command == "M" else "L", *np.round(here, 6).tolist()))
    return found


@pytest.mark.parametrize("end", ["", "z", "M 1 2 L 3.04 4 L 10.25 -6 z"])
def test_lines_go_where_they_went_in_steps(end):
    rng = np.random.default_rng(0)
    places = np.concatenate([rng.normal(0, 200, (500, 2)), [[10.2, 0.04], [10.2, 0.04], [0, -0.06], [-10.5, 100]]])
    data = "M " + " L ".join(f"{x} {y}" for x, y in places) + " " + end
    drawn = ElementTree.fromstring(page_svg(f"<svg><path d='{data}'/></svg>", {})).get("d")
    told = points(re.sub(r"-?\d+\.\d+(e-\d+)?", lambda it: f"{float(it[0]):.1f}", data))
    assert points(drawn) == told
    assert len(drawn) < 0.4 * len(data)
