"""Being the partner, in a browser: what the page plays is what Python plays; by mouse, touch and keyboard."""

import json

import numpy as np
import pytest
from accessibility import violations

import socialcoop as sc
from socialcoop.book.encounters import GAMES

PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>Encounter</title><body><main><h1>Encounter</h1>{}</main></body></html>"
)


def at_random(number):
    """Return a random encounter: its HTML, its assistant, game and types, and the choices of the reader."""
    rng = np.random.default_rng(number)
    n, stages, types = int(rng.integers(1, 4)), int(rng.integers(1, 8)), int(rng.integers(1, 3))
    game = sc.Game(rng.random((types, n, n)).round(3))
    held = int(rng.integers(1, 9))
    people = [sc.Fixed(np.full(n, 1 / n)), sc.Hedge(), sc.Fixed(0)][rng.integers(3)]
    records = sc.SocialLearningProblem(game, people, held).sample(int(rng.choice([1, 2, 5, 40])), seed=number)
    imitator = sc.Imitator(records, int(rng.integers(0, held + 1)))
    ways = [imitator]
    for commit in ("mixture", "pure"):
        phase = int(rng.integers(1, held + 1))
        ways += [sc.ImitateThenCommit(records, phase, commit, since=int(rng.integers(0, phase)))]
        ways += [sc.ThenCommit(imitator, int(rng.integers(1, 10)), commit)]
    ai = ways[number % 5]
    pair = tuple(int(kind) for kind in rng.integers(types, size=2))
    words = [[f"{side} says {action}" for action in range(n)] for side in ("it", "she")]
    shown = sc.book.encounter(game, {"it": ai}, pair, words, "Choose.", stages, seed=number)
    return shown.html(), ai, game, pair, rng.integers(n, size=(2, stages)).tolist()


PLAY = """(games) => {
  const root = document.querySelector('.sc-encounter');
  const buttons = [...root.querySelectorAll('.sc-messages button')];
  return games.map((choices, which) => {
    if (which) root.querySelector('[type=reset]').click();
    return choices.map((choice) => {
      buttons[choice].click();
      const { acts, earned, regret, hedge, most } = root.dataset;
      return { acts: JSON.parse(acts), told: [earned, regret, hedge, most].map(Number) };
    });
  });
}"""


def test_acts_payoffs_and_regret_are_those_of_python_on_random_inputs(browser):
    page = browser.new_page()
    seen = {"on": 0, "off": 0, "committed": 0, "regret": 0}
    for number in range(250):
        html, ai, game, pair, games = at_random(number)
        page.set_content(html)
        for which, (choices, found) in enumerate(zip(games, page.evaluate(PLAY, games), strict=True)):
            stages = len(choices)
            play = sc.play(ai, sc.Scripted(choices), game, pair, stages, seed=number + which)
            assert found[-1]["acts"] == play.actions[:, :, 0].tolist(), number
            for stage in range(stages):
                payoffs = game.payoffs[pair[1]]
                met = play.actions[: stage + 1, 0, 0]
                always = [sum(payoffs[action, other] for other in met) for action in range(game.n_actions)]
                earned = sum(payoffs[own, other] for own, other in zip(choices[: stage + 1], met, strict=True))
                hedge = learner(game, pair[1], stages, met)
                expected = [earned, max(always) - earned, hedge, max(always)]
                assert found[stage]["told"] == pytest.approx(expected, abs=1e-9), number
            assert found[-1]["told"][1] == pytest.approx(sc.external_regret(play, agent=1)[0], abs=1e-9)
            copies = ai if isinstance(ai, sc.Imitator) else ai.strategy
            on = copies.followed(play)[0]
            seen["on"] += int(on)
            seen["off"] += int(stages - on)
            seen["committed"] += isinstance(ai, sc.ThenCommit) and ai.phase < stages
            seen["regret"] += found[-1]["told"][1] > 0.1
    page.close()
    assert min(seen.values()) > 50, seen


def learner(game, kind, horizon, met):
    """Return what Hedge earns on average against these acts, by the package's own seat."""
    seat, total = sc.Hedge().seat(game, 1, np.array([kind]), horizon), 0.0
    for other in met:
        total += float(seat.policy()[:, 0] @ game.payoffs[kind][:, other])
        seat.observe(np.array([0]), np.array([int(other)]))
    return total


@pytest.fixture(scope="module")
def html():
    game, words = sc.games.team_lead(), (["Parser. Friday.", "Thank you!"], ["Done.", "Happy to!"])
    records = sc.SocialLearningProblem(game, sc.Convention(), 6).sample(20, seed=1)
    assistants = {"one that copies": sc.Imitator(records), "one that commits": sc.ImitateThenCommit(records, 2)}
    ends = {"one that commits": "It stays."}
    return PAGE.format(sc.book.encounter(game, assistants, (0, 1), words, "You like it warm.", 6, ends).html())


@pytest.fixture
def opened(open_tab, html, tmp_path):
    """Return a function that opens the page in a tab of its own."""
    file = tmp_path / "encounter.html"
    file.write_text(html, encoding="utf-8")

    def open_it(width=1280, **settings):
        page = open_tab(width, 844, **settings)
        page.goto(file.as_uri())
        return page

    return open_it


def played(page):
    return json.loads(page.locator(".sc-encounter").get_attribute("data-acts"))


@pytest.mark.parametrize("way", ["mouse", "touch", "keyboard"])
def test_a_game_is_played_to_its_verdict_and_then_the_other_assistant_is_met(opened, way):
    page = opened(390, has_touch=True) if way == "touch" else opened()

    def press(target):
        if way == "keyboard":
            target.focus()
            page.keyboard.press("Space")
        else:
            target.tap() if way == "touch" else target.click()

    button = page.get_by_role("button", name="Happy to!")
    for count in range(1, 7):
        press(button)
        assert len(played(page)) == count
        assert page.get_by_role("log").locator("li").count() == count
    assert page.get_by_role("status").text_content().startswith("You earned ")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "status"
    assert not button.is_visible()
    press(page.get_by_role("radio", name="one that commits"))
    assert played(page) == []
    assert page.get_by_role("status").text_content() == ""
    for _ in range(6):
        press(page.get_by_role("button", name="Done."))
    assert page.get_by_role("status").text_content().endswith("It stays.")
    press(page.get_by_role("button", name="New game"))
    assert played(page) == []
    assert page.get_by_role("radio", name="one that commits").is_checked()
    assert page.troubles == []


def test_each_new_game_has_its_own_chance_and_none_runs_out_of_it(opened):
    page = opened()
    games = page.evaluate(PLAY, [[1] * 6] * (GAMES + 1))
    acts = [tuple(act for act, _ in game[-1]["acts"]) for game in games]
    assert len(set(acts)) > 5
    assert acts[0] == acts[-1]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_newest_message_is_in_sight_and_the_page_stays_where_it_is(opened, width):
    page = opened(width)
    page.get_by_role("button", name="Done.").scroll_into_view_if_needed()
    before = page.evaluate("window.scrollY")
    for _ in range(6):
        page.get_by_role("button", name="Done.").dispatch_event("click")
        inside = page.evaluate("""() => {
          const [box, item] = ['.sc-talk[role=log]', '.sc-talk[role=log] li:last-child']
            .map((name) => document.querySelector(name).getBoundingClientRect());
          return item.bottom <= box.bottom && item.top >= box.top;
        }""")
        assert inside
        assert abs(page.evaluate("window.scrollY") - before) < 2 or page.get_by_role("status").text_content()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_and_on_paper_there_is_the_example(opened):
    for page in (opened(java_script_enabled=False), opened()):
        page.emulate_media(media="print" if page.locator(".sc-playing").count() else "screen")
        assert page.locator(".sc-example").is_visible()
        assert page.locator(".sc-example li").count() == 6
        assert not page.locator(".sc-game").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_mend_before_and_after_a_game(opened, theme):
    page = opened()
    page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
    page.add_style_tag(content="html[data-theme=dark] body { background: #121212; color: #eee; }")
    assert violations(page) == []
    for _ in range(6):
        page.get_by_role("button", name="Done.").click()
    assert violations(page) == []
