"""Your own 2×2 in a browser: held to Python on hundreds of games, by keyboard and touch, and with bad entries."""

from fractions import Fraction

import numpy as np
import pytest
from accessibility import violations

import socialcoop as sc

TONE = sc.Game.from_bimatrix([[1, 0], [0, 1]], [[0, 1], [1, 1]])
GAMES = {
    "Stag hunt": (sc.games.stag_hunt(), (0, 0)),
    "Battle of the sexes": (sc.games.battle_of_the_sexes(), (0, 1)),
    "Prisoner's dilemma": (sc.games.prisoners_dilemma(), (0, 0)),
    "Chicken": (sc.games.chicken(), (0, 0)),
    "Matching pennies": (sc.games.matching_pennies(), (0, 1)),
    "Coordination": (sc.games.coordination(), (0, 0)),
    "A game of tone, with a tie, and with a long name": (TONE, (0, 1)),
}
LONG = [*GAMES][-1]
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>own</title></head><body><main><h1>Your own</h1>{}</main></body></html>"
)


@pytest.fixture
def open_table(open_tab, tmp_path):
    """Return a function that opens a page with nothing but the table, in a tab of its own."""

    def opened(start="Stag hunt", width=1280, forms=1, **settings):
        path = tmp_path / "own.html"
        path.write_text(PAGE.format(sc.book.own_game(GAMES, start).html() * forms), encoding="utf-8")
        page = open_tab(width, **{"reduced_motion": "reduce"} | settings)
        page.goto(path.as_uri())
        return page

    return opened


# Fills the table in for each game, plays an episode to its end, and returns what was computed.
SOLVE = """([games, horizon]) => {
  const form = document.querySelector('.sc-own');
  const cells = [...form.querySelectorAll('td input')];
  let found = null;
  form.addEventListener('sc-computed', (event) => { found = event.detail; });
  const choose = (name, value) => {
    form.querySelector(name).value = value;
    form.querySelector(name).dispatchEvent(new Event('change'));
  };
  choose('.sc-own-horizon', horizon);
  return games.map((game) => {
    game.forEach((text, place) => { cells[place].value = text; });
    cells[0].dispatchEvent(new Event('input'));
    const before = found.stage;
    form.querySelector('.sc-own-play').click();
    form.querySelector('.sc-own-again').click();
    form.querySelector('.sc-own-play').click();
    const shown = cells.map((cell) => cell.parentElement.matches('.sc-best'));
    const list = [...form.querySelectorAll('.sc-own-list li')].map((item) => item.matches('.sc-pone'));
    return { ...found, before, shown, list };
  });
}"""


def draw_games():
    """Return eight payoffs each for 120 games of two decimals and 140 degenerate ones, as readers type them."""
    rng = np.random.default_rng(7)
    plain = [[f"{u:.2f}" for u in rng.integers(0, 101, 8) / 100] for _ in range(120)]
    ties = [[("0", "1/2", "1")[level] for level in rng.integers(0, 3, 8)] for _ in range(100)]
    equal_rows = [[*row, *row] for row in ([f"{u:.1f}" for u in rng.random(4)] for _ in range(20))]
    equal_columns = [[*each[:2], *each[:2], *each[2:4], *each[2:4]] for each in ties[:10]]
    thirds = [[("1/3", "33.5%", "0,3")[level] for level in rng.integers(0, 3, 8)] for _ in range(9)]
    return [*plain, *ties, *equal_rows, *equal_columns, *thirds, ["0.4"] * 8]


def number(text):
    plain = text.replace(",", ".")
    return float(Fraction(plain[:-1]) / 100 if plain.endswith("%") else Fraction(plain))


def game_of(texts):
    payoffs = np.array([number(text) for text in texts]).reshape(2, 2, 2)
    return sc.Game.from_bimatrix(payoffs[..., 0], payoffs[..., 1])


def uniforms(episode):
    """Yield Park and Miller's uniforms as the page draws them."""
    state = episode * 7919 * pow(48271, 10, 2**31 - 1) % (2**31 - 1)
    while True:
        state = state * 48271 % (2**31 - 1)
        yield state / (2**31 - 1)


def walk(game, horizon, episode):
    """Return the two Hedge learners' mixed actions and actions, (T, 2), as seats of the package choose them."""
    seats = [sc.Hedge().seat(game, agent, np.array([agent]), horizon) for agent in (0, 1)]
    drawn, mixes, actions = uniforms(episode), [], []
    for _ in range(horizon):
        mixes.append([seat.policy()[0, 0] for seat in seats])
        actions.append([int(next(drawn) >= mix) for mix in mixes[-1]])
        for agent, seat in enumerate(seats):
            seat.observe(np.array([actions[-1][agent]]), np.array([actions[-1][1 - agent]]))
    return np.array(mixes), np.array(actions)


def test_on_hundreds_of_games_equilibria_and_pone_and_best_replies_are_those_of_the_package(open_table):
    games = draw_games()
    assert len(games) >= 250
    page = open_table()
    for texts, found in zip(games, page.evaluate(SOLVE, [games, "10"]), strict=True):
        game = game_of(texts)
        expected = sc.nash_equilibria(game, (0, 1))
        first = [[profile.strategies[agent][0] for agent in (0, 1)] for profile in expected]
        assert np.allclose([one["first"] for one in found["equilibria"]], first, atol=1e-9, rtol=0), texts
        assert np.allclose(
            [one["pays"] for one in found["equilibria"]], [p.payoffs for p in expected], atol=1e-9, rtol=0
        )
        pone = [profile.payoffs for profile in sc.pareto_optimal_nash(game, (0, 1))]
        kept = [one["pays"] for one in found["equilibria"] if one["beaten"] < 0]
        assert np.allclose(kept, pone, atol=1e-9, rtol=0), texts
        assert found["list"] == [one["beaten"] < 0 for one in found["equilibria"]]
        ai, partner = (np.round(matrix, 9) for matrix in game.bimatrix((0, 1)))
        best = np.stack([ai == ai.max(axis=0), partner == partner.max(axis=1)[:, None]], axis=-1)
        assert found["shown"] == found["best"] == best.ravel().tolist(), texts
    assert page.troubles == []


@pytest.mark.parametrize("horizon", [10, 100, 1000])
def test_the_learners_walk_as_those_of_the_package_do(open_table, horizon):
    games = draw_games()[:: 1 if horizon == 10 else 5 if horizon == 100 else 40]
    for place, found in enumerate(open_table().evaluate(SOLVE, [games, str(horizon)])):
        game = game_of(games[place])
        mixes, actions = walk(game, horizon, episode=place + 2)  # each game was played one episode further
        stages = np.arange(1, horizon + 1)[:, None]
        own = np.stack([game.payoffs[k][actions[:, k], actions[:, 1 - k]] for k in (0, 1)], axis=1)
        fixed = np.stack([game.payoffs[k][:, actions[:, 1 - k]].cumsum(axis=1).max(axis=0) for k in (0, 1)], axis=1)
        expected = {"mix": mixes, "actions": actions, "paid": own.cumsum(axis=0) / stages}
        expected["regret"] = (fixed - own.cumsum(axis=0)) / stages
        assert found["before"] == 0
        assert found["stage"] == horizon
        for name, values in expected.items():
            assert np.allclose([step[name] for step in found["path"]], values, atol=1e-9, rtol=0), (games[place], name)


def test_the_pone_is_missed_by_the_least_regret_with_which_the_package_counts_it_as_reached(open_table):
    games = draw_games()
    for texts, found in zip(games, open_table().evaluate(SOLVE, [games, "10"]), strict=True):
        paid, missed = np.array(found["path"][-1]["paid"])[:, None], found["missed"]
        assert sc.equilibria.reaches_pone(game_of(texts), (0, 1), paid, missed + 1e-7).all(), texts
        if missed > 1e-6:
            assert not sc.equilibria.reaches_pone(game_of(texts), (0, 1), paid, missed - 1e-7).any(), texts


@pytest.mark.parametrize("start", GAMES)
def test_the_script_says_of_a_known_game_what_python_wrote_before_it_ran(open_table, start):
    parts = "[...document.querySelectorAll('tbody label, .sc-own-summary, .sc-own-list')]"
    told = f"{parts}.map((e) => [e.className, e.matches('label') ? '' : e.textContent])"
    page, plain = open_table(start), open_table(start, java_script_enabled=False)
    assert page.locator("tbody label").count() == 8
    expected = [
        [each.get_attribute("class") or "", each.text_content() if place >= 8 else ""]
        for place, each in enumerate(plain.locator("tbody label, .sc-own-summary, .sc-own-list").all())
    ]
    assert page.evaluate(told) == expected
    values = [cell.get_attribute("value") for cell in plain.locator("td input").all()]
    page.select_option(".sc-own-menu", "0")
    page.select_option(".sc-own-menu", label=start)
    assert [cell.input_value() for cell in page.locator("td input").all()] == values
    assert page.evaluate(told) == expected


def test_without_a_script_nothing_looks_alive(open_table):
    plain = open_table(java_script_enabled=False)
    assert plain.locator("button:visible, select:visible, svg:visible").count() == 0
    assert plain.locator("td input:not([readonly])").count() == 0
    assert plain.locator(".sc-own-list li:visible").count() == 3


def cell(page, name):
    return page.get_by_role("textbox", name=name, exact=True)


def test_by_keyboard_a_table_is_filled_in_and_the_learners_are_stepped(open_table):
    page = open_table()
    cell(page, "row A, column A, your payoff").focus()
    for text in ("0.6", "0,6", "0", "1", "100 %", "0", "1/5", ".2"):  # the prisoner's dilemma
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    assert page.locator(".sc-own-list li").all_text_contents() == ["Row B, column B. It pays 0.2 and 0.2. PONE."]
    assert page.locator(".sc-own-menu").evaluate("e => e.selectedOptions[0].textContent") == "your own table"
    page.locator(".sc-own-step").focus()
    for stage in (1, 2, 3):
        page.keyboard.press("Enter")
        assert page.locator(".sc-own-walk").text_content().startswith(f"Stage {stage} of 100: ")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # Play
    assert "Stage 100 of 100" in page.locator(".sc-own-walk").text_content()
    assert page.evaluate("document.activeElement.className") == "sc-own-play"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # Reset
    assert "are ready" in page.locator(".sc-own-walk").text_content()
    assert page.locator(".sc-path").count() == 0


def test_the_menu_is_worked_by_keyboard_and_a_changed_table_is_ones_own(open_table):
    page = open_table()
    page.locator(".sc-own-menu").focus()
    page.keyboard.type("Matching")
    assert cell(page, "row B, column B, the other's payoff").input_value() == "0"
    assert page.locator(".sc-own-list").text_content().count("probability 0.5") == 2
    cell(page, "row B, column B, the other's payoff").fill("0.9")
    assert page.locator(".sc-own-menu").input_value() == "own"
    cell(page, "row B, column B, the other's payoff").fill("0")
    assert page.locator(".sc-own-menu").evaluate("e => e.selectedOptions[0].textContent") == "Matching pennies"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("much", "is no number, but “much”"),
        ("1e-1", "is no number"),
        ("1/0", "is no number"),
        ("0.0/0.0", "is no number"),
        ("1.2.3", "is no number"),
        (".", "is no number"),
        ("<b>", "is no number, but “<b>”"),
        ("1.01", "is 1.01, which is not from 0 to 1"),
        ("101%", "is 101%, which is not from 0 to 1"),
        ("-0.1", "is -0.1, which is not from 0 to 1"),
        ("−1", "is −1, which is not from 0 to 1"),
    ],
)
def test_a_bad_entry_is_told_and_nothing_is_computed_until_it_is_mended(open_table, text, why):
    page, name = open_table(), "row B, column A, the other's payoff"
    page.click(".sc-own-play")
    cell(page, name).fill(text)
    said = page.locator(".sc-own-said").text_content()
    assert said.startswith(f"In {name} {why}")
    assert cell(page, name).get_attribute("aria-invalid") == "true"
    assert page.locator("[aria-invalid=true]").count() == 1
    for part in ("list", "summary", "walk", "frame"):
        assert page.locator(f".sc-own-{part}").text_content() == ""
    assert page.locator(".sc-best").count() == 0
    for button in page.locator("button").all():
        button.press("Enter")
    assert page.locator(".sc-own-frame > *").count() == 0
    cell(page, name).fill("0")
    assert page.locator(".sc-own-said").text_content() == ""
    assert page.locator(".sc-own-list li").count() == 3
    assert page.troubles == []


def test_a_tie_is_a_tie_however_it_is_written_and_a_tiny_difference_is_none(open_table):
    page = open_table("Coordination")
    for whose in ("your payoff", "the other's payoff"):
        for row, column, text in (("A", "A", "1/3"), ("A", "B", "0"), ("B", "A", "1/3"), ("B", "B", "33.5 %")):
            cell(page, f"row {row}, column {column}, {whose}").fill(text)
    assert "Payoffs tie" in page.locator(".sc-own-summary").text_content()
    cell(page, "row B, column A, your payoff").fill("0.33333333333333333")
    marked = "e => e.parentElement.matches('.sc-best')"
    assert not cell(page, "row B, column A, your payoff").evaluate(marked)
    assert cell(page, "row A, column A, your payoff").evaluate(marked)


def test_a_best_reply_is_told_with_its_cell(open_table):
    page = open_table()
    described = "e => document.getElementById(e.getAttribute('aria-describedby'))?.textContent ?? ''"
    told = [each.evaluate(described) for each in page.locator("td input").all()]
    assert told == ["best reply", "best reply", "", "", "", "", "best reply", "best reply"]


def test_two_tables_on_a_page_are_two(open_table):
    page = open_table(forms=2)
    first, second = page.locator("form.sc-own").all()
    first.locator(".sc-own-menu").select_option("4")
    assert first.locator("li").first.text_content() != second.locator("li").first.text_content()
    names = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(set(names)) == len(names) == 16


def test_it_never_moves_by_itself_plays_after_a_press_and_pauses(open_table):
    page = open_table(reduced_motion="no-preference")
    walk = page.locator(".sc-own-walk")
    ready = walk.text_content()
    page.wait_for_timeout(300)
    assert walk.text_content() == ready
    page.click(".sc-own-play")
    page.wait_for_function("document.querySelector('.sc-own-walk').textContent.startsWith('Stage')")
    assert page.locator(".sc-own-play").text_content() == "Pause"
    assert walk.get_attribute("aria-live") == "off"
    page.click(".sc-own-play")
    stopped = walk.text_content()
    page.wait_for_timeout(300)
    assert walk.text_content() == stopped
    assert "Stage 100" not in stopped
    assert walk.get_attribute("aria-live") == "polite"
    page.click(".sc-own-play")
    cell(page, "row A, column A, your payoff").fill("0.9")  # another game starts anew, and stands still
    page.wait_for_timeout(300)
    assert walk.text_content() == ready


def test_another_episode_goes_another_way_and_the_same_one_the_same(open_table):
    page = open_table("Battle of the sexes")
    ends = []
    for _ in range(6):
        page.click(".sc-own-play")
        ends.append(page.locator(".sc-path").get_attribute("points"))
        page.click(".sc-own-reset")
        page.click(".sc-own-play")
        assert page.locator(".sc-path").get_attribute("points") == ends[-1]
        page.click(".sc-own-again")
    assert len(set(ends)) == 6


def test_by_touch_targets_are_large_and_do_what_they_say(open_table):
    page = open_table(width=390, has_touch=True, is_mobile=True)
    for target in page.locator("td input, button, select").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    cell(page, "row A, column A, your payoff").tap()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "row A, column A, your payoff"
    assert cell(page, "row A, column A, your payoff").get_attribute("inputmode") == "decimal"
    page.locator(".sc-own-step").tap()
    assert page.locator(".sc-own-walk").text_content().startswith("Stage 1 of 100")


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("start", ["Stag hunt", LONG])
def test_nothing_is_cut_off_and_texts_can_be_read(open_table, width, start):
    page = open_table(start, width=width)
    page.click(".sc-own-play")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in page.locator("select, td input, button").all():
        box = part.bounding_box()
        assert box["x"] + box["width"] <= page.locator("form.sc-own").bounding_box()["x"] * -1 + width
    frame = page.locator(".sc-own-svg").bounding_box()
    for text in page.locator(".sc-own-svg text").all():
        box = text.bounding_box()
        assert frame["x"] - 1 <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
        assert frame["y"] - 1 <= box["y"]
    scale = page.locator(".sc-own-svg").evaluate("e => e.getBoundingClientRect().width / e.viewBox.baseVal.width")
    assert 13 * scale >= (11 if width > 320 else 9)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_mend(open_table, theme):
    page = open_table(color_scheme=theme)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    page.add_style_tag(content="html[data-theme=dark] { background: #121212; color: #e6e8eb; }")
    page.click(".sc-own-play")
    assert violations(page) == []
    cell(page, "row A, column A, your payoff").fill("")
    assert violations(page) == []


def test_on_paper_there_are_no_buttons_and_all_that_was_found(open_table):
    page = open_table()
    page.click(".sc-own-play")
    page.emulate_media(media="print")
    assert page.locator("button:visible").count() == 0
    assert page.locator(".sc-own-list li:visible").count() == 3
    assert page.locator(".sc-path:visible").count() == 1
