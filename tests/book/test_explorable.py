"""What a hand can do with an explorable in a page: drag, keep a state, play time, follow and copy an address."""

import json
import re

import pytest
from accessibility import violations
from book import link_explorables
from links import as_roles
from screens import set_screen

import socialcoop as sc

STAGES = [1, 2, 5, 10, 20]
PROSE = as_roles("[Move it to stage 20](#fig-squares-2&stage=20&size=1,000)")


def squares(description):
    """Return an explorable whose point stands above a stage, at a height that depends on the number of records."""
    chart = sc.book.chart.Chart(xlim=(0, 21), ylim=(0, 1100), xlabel="stage")
    point, mark = chart.line("ai o"), chart.mark("stage")

    def update(stage, size):
        point.set_data([stage], [size])
        mark(stage)
        return f"Stage {stage} with {size} records." + " A long remark at the tenth stage, for once." * (stage == 10)

    picture = chart.picture(description, update)
    return sc.explore(picture, stage=sc.Control(STAGES, 2, time=True), size=sc.Control([10, 1000], 10, "records"))


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    """Write a page with two explorables and a link that moves the second; return its address."""
    context = {"body": squares("A point.").html() + "<p>" + PROSE + "</p>" + squares("Another point.").html()}
    link_explorables(None, "", "", context, None)
    page = tmp_path_factory.mktemp("page") / "explorables.html"
    body = f'<main><h1>Two points</h1>{context["body"]}<div style="height: 2000px"></div></main>'
    page.write_text(f'<!doctype html><html lang="en"><title>Two points</title><body>{body}', encoding="utf-8")
    return page.as_uri()


@pytest.fixture
def opened(open_tab, document):
    """Return a function that opens the page, at the state after its address."""

    def opens(state="", **settings):
        page = open_tab(1000, 700, **settings)
        page.goto(document + state)
        return page

    return opens


@pytest.fixture
def timed(open_timed, document):
    """Open the page where time passes when the test says so."""
    return open_timed(document, 1000, 700)


def sentence(page, number=0):
    return page.locator(".sc-sentence").nth(number).inner_text()


def place(page, x, y, number=0):
    """Return where on the screen a point of the data stands, by the grid's first and last ticks of the page's SVG."""
    handle = page.evaluate(
        """(n) => JSON.parse(document.querySelectorAll('.sc-data')[n].textContent).handles[0]""", number
    )
    at, (_, upper, _, lower) = handle["at"], handle["box"]
    pixel = at[0] + (at[-1] - at[0]) * (x - STAGES[0]) / (STAGES[-1] - STAGES[0])
    return page.evaluate(
        """([n, x, y]) => {
          const svg = document.querySelectorAll('.sc-svg')[n];
          const point = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
          return [point.x, point.y];
        }""",
        [number, pixel, lower + (upper - lower) * y],
    )


def test_a_mouse_drags_the_mark_and_it_snaps_to_the_values(opened):
    page = opened()
    page.mouse.move(*place(page, 2, 0.5))
    assert page.locator(".sc-svg").first.evaluate("e => e.style.cursor") == "ew-resize"
    page.mouse.down()
    for x, stage in ((4.2, 5), (8, 10), (14.5, 10), (15.5, 20), (1.4, 1), (19, 20)):
        page.mouse.move(*place(page, x, 0.6))
        assert sentence(page).startswith(f"Stage {stage} with 10 records.")
        assert page.locator("[data-control=stage]").first.input_value() == str(STAGES.index(stage))
    page.mouse.up()
    page.mouse.move(*place(page, 1, 0.5))
    assert sentence(page).startswith("Stage 20 "), "released"
    page.keyboard.press("ArrowLeft")
    assert sentence(page).startswith("Stage 10 "), "the keyboard goes on from there"
    assert sentence(page, 1).startswith("Stage 2 "), "the other figure stays"


def test_a_click_outside_the_axes_or_with_another_button_moves_nothing(opened):
    page = opened()
    box = page.locator(".sc-svg").first.bounding_box()
    page.mouse.click(box["x"] + 3, box["y"] + box["height"] - 3)
    page.mouse.click(*place(page, 20, 0.5), button="right")
    assert sentence(page) == "Stage 2 with 10 records."


def test_a_finger_moves_the_mark_and_still_scrolls_the_page(opened):
    page = opened(has_touch=True)
    page.touchscreen.tap(*place(page, 10, 0.5))
    assert sentence(page).startswith("Stage 10 ")
    assert page.locator(".sc-svg").first.evaluate("e => getComputedStyle(e).touchAction") == "pan-y"


def test_a_state_is_kept_pale_below_the_next_ones_and_told(opened):
    page = opened()
    pin = page.get_by_role("button", name="pin").first
    pin.focus()
    page.keyboard.press("Enter")
    page.locator("[data-control=stage]").first.press("End")
    kept = page.locator(".sc-kept").first
    assert kept.inner_text() == "Pinned, at stage = 2; records = 10: Stage 2 with 10 records."
    frame, pinned = (page.locator(f".sc-explorable .sc-{name}").first for name in ("frame", "pinned"))
    assert pinned.locator("use, path").count() > 0
    assert pinned.inner_html() != frame.inner_html()
    ids = page.evaluate("[...document.querySelectorAll('.sc-explorable:first-of-type [id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    assert violations(page) == []
    pin.press("Enter")
    assert not kept.is_visible()
    assert pinned.inner_html() == ""


def test_time_plays_when_asked_to_the_end_and_from_the_start_again(timed):
    page = timed
    play = page.locator(".sc-play").first
    page.clock.run_for(5000)
    assert sentence(page).startswith("Stage 2 "), "nothing moves by itself"
    play.press("Enter")
    page.clock.run_for(750)
    assert sentence(page).startswith("Stage 5 ")
    assert play.inner_text() == "pause"
    play.press("Enter")
    page.clock.run_for(5000)
    assert sentence(page).startswith("Stage 5 ")
    play.press("Enter")
    page.clock.run_for(5000)
    assert sentence(page).startswith("Stage 20 ")
    assert play.inner_text() == "play"
    play.press("Enter")
    assert sentence(page).startswith("Stage 1 ")
    page.locator("[data-control=stage]").first.press("ArrowRight")
    page.clock.run_for(5000)
    assert sentence(page).startswith("Stage 2 "), "whoever takes the control has it"


def test_what_was_found_is_spoken_once_when_the_control_rests(timed):
    page = timed
    slider, spoken = page.locator("[data-control=stage]").first, page.locator(".sc-spoken").first
    for key in ("End", "Home", "ArrowRight"):
        slider.press(key)
        page.clock.run_for(100)
        assert spoken.text_content() == ""
    page.clock.run_for(500)
    assert spoken.text_content() == "Stage 2 with 10 records."
    live = page.evaluate("[...document.querySelectorAll('.sc-explorable [aria-live=polite]')].map((e) => e.className)")
    assert live == ["sc-spoken"] * 2


def test_a_link_in_the_prose_moves_the_figure_again_and_again(opened):
    page = opened()
    for _ in range(2):
        page.get_by_role("link", name="Move it to stage 20").click()
        page.wait_for_function(
            "document.querySelectorAll('.sc-sentence')[1].textContent === 'Stage 20 with 1000 records.'"
        )
        assert page.evaluate("document.activeElement.dataset.control") == "stage"
        page.keyboard.press("Home")
        assert sentence(page, 1) == "Stage 1 with 1000 records."
    assert sentence(page) == "Stage 2 with 10 records."


def test_an_address_brings_its_state_back_and_leaves_the_rest_as_it_is(opened):
    page = opened("#fig-squares-2&size=1000")
    assert sentence(page, 1) == "Stage 2 with 1000 records."
    page.locator("[data-control=stage]").nth(1).press("End")
    address = page.get_by_role("link", name="Link to this figure").nth(1).get_attribute("href")
    assert address == "#fig-squares-2&stage=20&size=1000"
    assert sentence(opened(address), 1) == "Stage 20 with 1000 records."


@pytest.mark.parametrize(
    "state", ["#fig-squares-2&stage=3", "#fig-squares-2&speed=2", "#fig-squares-3&stage=5", "#&", "#%"]
)
def test_an_address_of_no_state_changes_nothing(opened, state):
    page = opened(state)
    assert [sentence(page, number) for number in (0, 1)] == ["Stage 2 with 10 records."] * 2


def test_a_value_that_is_not_there_is_named(opened):
    page = opened("#fig-squares-2&stage=3&size=1000")
    assert sentence(page, 1) == "Stage 2 with 1000 records."
    told = page.locator(".sc-kept:visible")
    assert told.all_text_contents() == ["There is no stage = 3 here. The rest is as asked."]
    assert not opened("#fig-squares-2&size=1000").locator(".sc-kept:visible").count()


@pytest.mark.parametrize("width", [320, 390, 1000])
def test_nothing_below_a_figure_moves_while_its_control_does(opened, width):
    page = opened()
    set_screen(page, width, 700)
    below = []
    for key in ["Home"] + ["ArrowRight"] * 4:
        page.locator("[data-control=stage]").first.press(key)
        below.append(page.evaluate("document.querySelector('.sc-tools').getBoundingClientRect().top + scrollY"))
    assert len(set(below)) == 1


def test_on_paper_no_room_is_left_for_sentences_that_are_not_there(opened):
    page = opened()
    set_screen(page, 390, 700)
    height = "document.querySelector('.sc-sentence').offsetHeight"
    on_screen = page.evaluate(height)
    page.emulate_media(media="print")
    on_paper = page.evaluate(height)
    page.evaluate("document.querySelector('.sc-sentence').style.minHeight = ''")
    assert on_paper == page.evaluate(height) < on_screen


def test_without_script_a_control_is_what_it_stands_at(opened):
    page = opened(java_script_enabled=False)
    assert page.locator("[data-control]").count() == 4
    assert not any(control.is_visible() for control in page.locator("[data-control]").all())
    assert not any(button.is_visible() for button in page.locator(".sc-tools button").all())
    assert page.locator(".sc-controls output").all_inner_texts() == ["2", "10"] * 2


def test_a_click_on_a_name_leads_to_its_control(opened):
    page = opened()
    page.locator(".sc-controls label span").first.click()
    assert page.evaluate("document.activeElement.dataset.control") == "stage"


def test_a_figure_and_its_controls_have_names(opened):
    tree = opened().locator(".sc-explorable").first.aria_snapshot()
    found = re.findall(r"- (figure|img|group|slider|button|link|paragraph)\b:? ?(?:\"?([^\"\n]*)\"?)", tree)
    assert [kind for kind, _ in found][:4] == ["figure", "img", "group", "slider"], tree
    assert dict(found)["figure"].startswith("Figure to explore by stage; records"), tree


def test_a_notebook_with_such_links_is_still_one_and_its_other_links_stay_as_they_are():
    assert PROSE == "<a class='sc-move' href='#fig-squares-2&amp;stage=20&amp;size=1,000'>Move it to stage 20</a>"
    assert json.loads(as_roles(json.dumps(["[Move it](#fig-squares-2&stage=20)"]))) == [
        as_roles("[Move it](#fig-squares-2&stage=20)")
    ]
    plain = "[A figure](#fig-squares-2) and [a section](#recap)"
    assert as_roles(plain) == plain
