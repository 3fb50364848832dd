"""The buttons beside each figure give files that stand alone and look like the figure as it stands in its page."""

import re
import xml.etree.ElementTree as ElementTree
from io import BytesIO
from math import ceil

import numpy as np
import pytest
from accessibility import violations
from matplotlib.image import imread

import socialcoop as sc
from socialcoop.book import files

SVG = "{http://www.w3.org/2000/svg}"
MARGIN = 8  # around the figure in its file
SHARP = 2  # pixels of the screen for one of the page
PLACE = 3 * SHARP
VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'
# Letters as in the files, and figures in their own measure, at whole pixels, so that each pixel can be compared.
PLAIN = """body { margin: 16px; font-family: FONTS; } h1 { margin: 0; height: 40px; }
.sc-picture.sc-picture { margin: 0; width: 388.8px; height: 600px; }
.sc-picture .sc-svg.sc-svg { max-height: none; }""".replace("FONTS", files.FONTS)


def moving():
    """Return an explorable with a line that stays, and a point, a mark and a word that move."""
    chart = sc.book.chart.Chart(xlim=(0, 21), ylim=(0, 1100), xlabel="stage")
    chart.line("good -").set_data([0, 21], [100, 900])
    for line in chart.ax.lines:
        line.set_animated(False)
    point, mark = chart.line("ai o"), chart.mark("stage")

    def update(stage, size):
        point.set_data([stage], [size])
        mark(stage)
        return f"Stage {stage} with {size} records & more."

    picture = chart.picture("A point < 1. It moves.", update)
    return sc.explore(picture, stage=[1, 5, 20], size=sc.Control([10, 1000], 10, "records"))


def still():
    return sc.plots.payoff_tables(sc.games.chicken())


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    """Write a page with a picture that stays and one that moves; return its address."""
    page = tmp_path_factory.mktemp("page") / "two figures.html"
    style = f"<style>{PLAIN}</style>"
    body = f"<main><h1>Two figures</h1>{still().html()}{moving().html()}</main>"
    head = (
        f'<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8">{VIEWPORT}<title>Two</title>{style}'
    )
    page.write_text(f"{head}<body>{body}", encoding="utf-8")
    return page.as_uri()


@pytest.fixture
def opened(open_tab, document):
    """Return a function that opens the page, or another file."""

    def opens(address=document, width=700, height=1300, **settings):
        page = open_tab(width, height, device_scale_factor=SHARP, **settings)
        page.goto(address)
        return page

    return opens


def saved(page, kind, number, folder):
    """Press a figure's button by keyboard; return the file that comes."""
    button = page.get_by_role("button", name=f"Save as {kind}").nth(number)
    button.focus()
    with page.expect_download() as coming:
        page.keyboard.press("Enter")
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def shown(page, number):
    """Return the pixels of a figure and of a margin around it as its page shows them, without its controls."""
    x, y, width, height = page.locator(".sc-svg").nth(number).bounding_box().values()
    around = {"x": x - MARGIN, "y": y - MARGIN, "width": ceil(width) + 2 * MARGIN, "height": ceil(height) + 2 * MARGIN}
    alone = ".sc-picture > :not(.sc-svg), h1 { visibility: hidden; }"
    return imread(BytesIO(page.screenshot(clip=around, style=alone)))[..., :3]


def alone(opened, path):
    """Return the pixels of an SVG file that a browser opens, as large as it asks to be."""
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    size = {side: ceil(float(root.get(side))) for side in ("width", "height")}
    return imread(BytesIO(opened(path.as_uri(), **size).screenshot()))[..., :3]


def differing(drawn, figure):
    """Return in how many places of the figure what is drawn looks otherwise; what stands below it is left out.

    A place is three pixels wide and high, so that it does not matter how the edges of letters are smoothed.
    """
    width, height = (min(drawn.shape[axis], figure.shape[axis]) // PLACE for axis in (1, 0))
    seen = [
        image[: PLACE * height, : PLACE * width].reshape(height, PLACE, width, PLACE, 3).mean(axis=(1, 3))
        for image in (drawn, figure)
    ]
    return int((np.abs(seen[0] - seen[1]).max(axis=-1) > 0.1).sum())


@pytest.mark.parametrize("number", [0, 1])
def test_the_files_opened_alone_look_like_the_figure_in_its_page(opened, tmp_path, number):
    page = opened()
    page.locator("[data-control=size]").press("End")
    page.get_by_role("button", name="pin").press("Enter")
    page.locator("[data-control=stage]").press("End")
    figure = shown(page, number)
    svg, png = (saved(page, kind, number, tmp_path) for kind in ("SVG", "PNG"))
    assert (svg.name, png.name) == tuple(f"two figures-figure-{number + 1}.{kind}" for kind in ("svg", "png"))
    by_browser, by_canvas = alone(opened, svg), imread(png)
    assert figure.shape[:2] == (by_canvas.shape[0] - SHARP * files.STRIP, by_canvas.shape[1])
    for drawn in (by_browser, by_canvas[..., :3]):
        assert differing(drawn, figure) == 0
        strip = drawn[-SHARP * files.STRIP :]
        assert (strip < 0.6).any()
    root = ElementTree.fromstring(svg.read_text(encoding="utf-8"))
    _, _, width, height = map(float, page.locator(".sc-svg").nth(number).get_attribute("viewBox").split())
    width, height = ceil(width) + 2 * MARGIN, ceil(height) + 2 * MARGIN + files.STRIP
    assert [root.get(side) for side in ("width", "height")] == [str(width), str(height)]
    assert by_canvas.shape[:2] == (2 * height, 2 * width)
    assert (by_canvas[..., 3:] == 1).all(), "paper everywhere"


def test_a_colour_a_line_or_a_word_less_would_be_seen(opened, tmp_path):
    page = opened()
    figure = shown(page, 1)
    path = saved(page, "SVG", 1, tmp_path)
    whole = path.read_text(encoding="utf-8")
    less = {
        "the line's colour": whole.replace("#008f68", "#1f2328"),
        "the point's colour": whole.replace("#0072b2", "#1f2328"),
        "the line": re.sub(r"<path [^>]*stroke:#008f68[^>]*/>", "", whole),
        "the frame": re.sub(r'<g class="sc-frame">.*?</g>(?=</g><text)', "", whole),
        "what stands out above": whole.replace('viewBox="-8 -8', 'overflow="hidden" viewBox="-8 0'),
        "the label": whole.replace(">stage<", "><"),
        "the paper": whole.replace('fill="#ffffff"', 'fill="#121212"'),
        "a variable": whole.replace("#008f68", "var(--sc-good)"),
    }
    for what, text in less.items():
        assert text != whole, what
        path.write_text(text, encoding="utf-8")
        assert differing(alone(opened, path), figure) >= 5, what


def test_a_file_is_in_light_colours_however_dark_its_page_is(opened, tmp_path):
    page = opened()
    figure, light = shown(page, 1), saved(page, "SVG", 1, tmp_path).read_bytes()
    page = opened(color_scheme="dark")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert differing(shown(page, 1), figure) > 500
    assert saved(page, "SVG", 1, tmp_path).read_bytes() == light
    assert differing(imread(saved(page, "PNG", 1, tmp_path))[..., :3], figure) == 0


def test_the_svg_says_what_it_shows_how_its_controls_stand_and_where_it_is_from(opened, tmp_path):
    page = opened()
    page.locator("[data-control=stage]").press("End")
    text = saved(page, "SVG", 1, tmp_path).read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert root.get("font-family") == files.FONTS
    assert root.find(f"{SVG}title").text == "A point < 1"
    told = "A point < 1. It moves. At stage = 20; records = 10: Stage 20 with 10 records & more."
    assert root.find(f"{SVG}desc").text == told
    names = {key: root.get(key) for key in ("aria-labelledby", "aria-describedby", "role")}
    assert names == {"aria-labelledby": "title", "aria-describedby": "desc", "role": "img"}
    assert "var(" not in text
    assert "sc-held" not in text
    assert "cursor" not in text
    assert root.findall(f"{SVG}text")[-1].text == files.credit()
    used = {element.get("{http://www.w3.org/1999/xlink}href") for element in root.iter(f"{SVG}use")}
    assert used == {f"#{e.get('id')}" for e in root.iter() if e.get("id") in {name[1:] for name in used}}
    assert used
    page.get_by_role("button", name="pin").press("Enter")
    pinned = ElementTree.fromstring(saved(page, "SVG", 1, tmp_path).read_text(encoding="utf-8"))
    assert pinned.find(f"{SVG}desc").text.startswith(f"{told} Pinned, at stage = 20")


def test_a_picture_is_saved_from_a_page_as_it_is_from_python(opened, tmp_path):
    by_button = alone(opened, saved(opened(), "SVG", 0, tmp_path))
    by_python = alone(opened, still().save(tmp_path / "python.svg"))
    within = slice(SHARP * MARGIN, -SHARP * (MARGIN + files.STRIP))
    assert differing(by_button[within, SHARP * MARGIN :], by_python) == 0


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_buttons_fit_are_large_enough_for_fingers_and_are_named(opened, width):
    page = opened(width=width, height=900, has_touch=True, is_mobile=True)
    page.add_style_tag(content=".sc-picture.sc-picture { width: auto; height: auto; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    buttons = page.locator(".sc-save")
    assert buttons.all_inner_texts() == ["SVG", "PNG"] * 2
    for button in page.locator(".sc-tools button:visible").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert violations(page) == []


def test_the_tab_key_leads_from_one_to_the_other_and_each_shows_that_it_has_the_focus(opened):
    page = opened()
    page.get_by_role("button", name="full screen").focus()
    for name in ("Save as SVG", "Save as PNG"):
        page.keyboard.press("Tab")
        focus = page.evaluate("""() => {
          const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
          return [document.activeElement.ariaLabel, outlineStyle, outlineWidth];
        }""")
        assert focus == [name, "solid", "2px"]


def test_there_are_none_without_script_on_paper_and_in_full_screen(opened):
    assert opened(java_script_enabled=False).locator(".sc-save").count() == 0
    page = opened()
    page.emulate_media(media="print")
    assert page.locator(".sc-save:visible").count() == 0
    page.emulate_media(media="screen")
    assert page.locator(".sc-save:visible").count() == 4
    page.get_by_role("button", name="full screen").press("Enter")
    page.wait_for_function("document.fullscreenElement")
    assert page.locator(".sc-explorable .sc-save:visible").count() == 0
