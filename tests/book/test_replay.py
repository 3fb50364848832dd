"""A replay in a browser: it moves when it is asked to, shows what was said so far, and tells each step once."""

from functools import partial

import pytest
from accessibility import violations

import socialcoop as sc

PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>Replay</title><body><main><h1>Replay</h1>{}</main></body></html>"
)
STAGES = 14


@pytest.fixture(scope="module")
def shown():
    game, member = sc.games.project(), sc.strategies.CodedConvention(sc.Convention())
    assistants = {"one of the team": member, "guesses": sc.Fixed([1 / 12] * 12)}
    met = {name: sc.play(ai, member, game, (2, 2), STAGES, seed=1) for name, ai in assistants.items()}
    return sc.book.replay(met, remarks={"guesses": {6: "Look."}}, start=4, alone=0.55)


@pytest.fixture(scope="module")
def address(shown, tmp_path_factory):
    """Write a page with a replay; return its address."""
    file = tmp_path_factory.mktemp("page") / "replay.html"
    file.write_text(PAGE.format(shown.html()), encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def opened(open_tab, address):
    """Return a function that opens the page in a tab of its own."""

    def open_it(width=1280, height=844, **settings):
        page = open_tab(width, height, **settings)
        page.goto(address)
        return page

    return open_it


@pytest.fixture
def timed(open_timed, address):
    """Return a function that opens the page where time passes when the test says so."""
    return partial(open_timed, address, height=844)


def stands_at(page, shown, stage):
    """Whether all parts of the page show this stage."""
    numbers = page.locator(".sc-side").evaluate_all(
        "(sides) => sides.map((side) => [...side.querySelectorAll('li')].filter((e) => e.checkVisibility())"
        ".map((e) => e.value).filter(Boolean))"
    )
    remark = page.locator("li.sc-remark")
    assert numbers == [[*range(1, stage + 1)]] * 2
    assert remark.is_visible() == (stage >= 6)
    assert page.locator(".sc-sentence").text_content() == shown.sentences[stage - 1]
    assert page.locator(".sc-steps output").text_content() == str(stage)
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == f"{stage} of {STAGES}"
    assert page.locator(".sc-earned").all_text_contents() == [
        f"{path[stage - 1]:.2f}" for path in shown.earned.values()
    ]
    widths = page.locator(".sc-got").evaluate_all("(bars) => bars.map((bar) => parseFloat(bar.style.width))")
    assert widths == pytest.approx([100 * path[stage - 1] / STAGES for path in shown.earned.values()], abs=0.01)
    return True


def test_it_never_moves_by_itself(timed, shown):
    page = timed()
    page.clock.run_for(60_000)
    assert stands_at(page, shown, 4)


@pytest.mark.parametrize("way", ["mouse", "touch", "keyboard"])
def test_it_is_played_paused_stepped_and_reset(timed, shown, way):
    page = timed(width=390, has_touch=True) if way == "touch" else timed()

    def press(name):
        button = page.get_by_role("button", name=name)
        if way == "keyboard":
            button.focus()
            page.keyboard.press("Enter")
        else:
            button.tap() if way == "touch" else button.click()

    press("Step")
    assert stands_at(page, shown, 5)
    press("Play")
    assert stands_at(page, shown, 6)
    page.clock.run_for(3100)
    assert stands_at(page, shown, 8)
    press("Pause")
    page.clock.run_for(10_000)
    assert stands_at(page, shown, 8)
    press("Play")
    page.clock.run_for(60_000)
    assert stands_at(page, shown, STAGES)
    assert page.get_by_role("button", name="Step").is_disabled()
    press("Play")  # from the beginning
    assert stands_at(page, shown, 1)
    press("Step")  # a step ends the play
    page.clock.run_for(10_000)
    assert stands_at(page, shown, 2)
    press("Reset")
    assert stands_at(page, shown, 1)
    assert page.troubles == []


def test_the_slider_goes_to_any_stage_by_keyboard(opened, shown):
    page = opened()
    page.get_by_role("slider").focus()
    for key, stage in (("ArrowRight", 5), ("End", STAGES), ("ArrowLeft", STAGES - 1), ("Home", 1)):
        page.keyboard.press(key)
        assert stands_at(page, shown, stage)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_newest_stage_is_in_sight_in_its_box_and_the_page_stays(opened, width):
    page = opened(width, 500)
    page.evaluate("window.scrollTo(0, 60)")
    top, height = page.evaluate("[window.scrollY, document.documentElement.scrollHeight]")
    for _ in range(STAGES - 4):
        page.locator(".sc-step").dispatch_event("click")
        assert page.locator(".sc-side").evaluate_all(
            """(sides) => sides.every((side) => {
              const box = side.querySelector('.sc-talk').getBoundingClientRect();
              const said = [...side.querySelectorAll('.sc-newest p')].map((e) => e.getBoundingClientRect());
              return said.length === 2 && said.every((p) => p.bottom <= box.bottom && p.top >= box.top - 1);
            })"""
        )
        assert page.evaluate("[window.scrollY, document.documentElement.scrollHeight]") == [top, height]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_each_step_is_announced_once_by_one_element(opened):
    page = opened()
    assert page.locator("[aria-live=polite], [role=status], [role=log], [role=alert]").count() == 1
    page.evaluate("""() => {
      window.told = 0;
      const watch = new MutationObserver((changes) => { window.told += changes.length; });
      watch.observe(document.querySelector('.sc-sentence'), { childList: true, characterData: true, subtree: true });
    }""")
    for _ in range(3):
        page.locator(".sc-step").click()
    assert page.evaluate("window.told") == 3


def test_without_scripts_and_on_paper_all_of_it_is_there(opened, shown):
    plain = opened(java_script_enabled=False)
    assert not plain.locator(".sc-steps").is_visible()
    printed = opened()
    printed.emulate_media(media="print")
    printed.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    for page in (plain, printed):
        assert page.locator(".sc-talk li").count() == 2 * STAGES + 1
        assert all(item.is_visible() for item in page.locator(".sc-talk li").all())
        assert page.locator(".sc-sentence").text_content() == shown.sentences[-1]
    assert not printed.locator(".sc-steps").is_visible()
    printed.emulate_media(media="screen")
    printed.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert stands_at(printed, shown, 4)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_mend(opened, theme):
    page = opened()
    page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
    page.add_style_tag(content="html[data-theme=dark] body { background: #121212; color: #eee; }")
    assert violations(page) == []
    page.get_by_role("slider").press("End")
    assert violations(page) == []


# --- in the book


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_landing_page_opens_with_it_above_the_fold(open_page, width, height):
    page = open_page("intro", width, height=height)
    box = page.locator(".sc-replay").first.bounding_box()
    assert box["y"] + box["height"] <= height
    assert page.evaluate("window.scrollY") == 0
