"""Encounters: what the page is told of the assistants, and the example that it shows without scripts."""

import ast
import json
import re

import numpy as np
import pytest
from notebooks import cells_of

import socialcoop as sc
from socialcoop.book.replays import median_episode

WORDS = ["Parser. Friday.", "Thank you!"], ["Done.", "Happy <to>!"]
GAME = sc.games.team_lead()


def records(people, episodes, horizon=4, seed=0):
    return sc.SocialLearningProblem(GAME, people, horizon).sample(episodes, seed=seed)


def met(ai, **given):
    return sc.book.encounter(GAME, {"it": ai}, (0, 1), WORDS, "You like it warm.", **given)


def rules_of(page):
    (data,) = re.findall(r'<script type="application/json" class="sc-rules">(.*?)</script>', page)
    return json.loads(data)


@pytest.mark.parametrize("phase", [0, 1, 4])
def test_the_tree_counts_what_follows_each_history_in_the_records(phase):
    shown = records(sc.Fixed([0.5, 0.5]), 50)
    (rules,) = rules_of(met(sc.Imitator(shown, phase)).html())["assistants"]
    same = shown.types[:, 0] == 0
    for length in range(5):
        for episode in range(50):
            past = shown.actions[:length, :, episode]
            alike = same & (shown.actions[:length] == past[:, :, None]).all(axis=(0, 1))
            node = rules["tree"]
            for own, other in past.tolist():
                node = node.get(str(2 * own + other), {})
            if length >= phase or not alike.any():
                assert "n" not in node
            else:
                counted = shown.actions[length, 0, alike]
                assert node["n"] == [int((counted == action).sum()) for action in (0, 1)]


def test_no_record_of_its_own_type_leaves_the_tree_empty():
    shown = records(sc.Hedge(), 20)
    other = sc.Play(shown.actions, np.ones_like(shown.types), GAME)
    assert rules_of(met(sc.Imitator(other)).html())["assistants"][0]["tree"] == {}


@pytest.mark.parametrize(("commit", "own"), [("mixture", False), ("pure", True)])
def test_the_page_is_told_when_and_how_the_assistant_commits(commit, own):
    ai = sc.ImitateThenCommit(records(sc.Hedge(), 5), 3, commit, since=1)
    (rules,) = rules_of(met(ai, endings={"it": "It stays."}).html())["assistants"]
    assert (rules["phase"], rules["since"], rules["own"], rules["ending"]) == (3, 1, own, "It stays.")


def test_the_example_is_what_python_plays():
    ai = sc.Imitator(records(sc.Hedge(), 5))
    shown = met(ai, horizon=6, seed=7)
    play = sc.play(ai, sc.Fixed(1), GAME, (0, 1), 6, seed=7)
    said = [entry[1][0][2] for entry in shown.example.entries]
    assert said == [WORDS[0][action] for action in play.actions[:, 0, 0]]
    regret = sc.external_regret(play, agent=1)[0]
    assert shown.verdict.endswith(f"earned {play.payoffs(1).sum():.2f} in 6 messages, a regret of {regret:.2f}.")
    assert repr(shown) == f"Encounter: You like it warm.\n{shown.verdict}\n{shown.example}"


def test_nothing_that_is_said_ends_the_script_and_each_message_is_a_button_with_its_words():
    page = met(sc.Imitator(records(sc.Hedge(), 5)), endings={"it": "</script><!--"}).html()
    assert page.count("<script") == page.count("</script>") == 2
    assert re.findall(r'<button type="button" value="(\d)"><small>(.*?)</small> (.*?)</button>', page) == [
        ("0", "direct", "Done."),
        ("1", "supportive", "Happy &lt;to&gt;!"),
    ]
    assert not re.search(r'(src|href)="(?!#)', page)


def landing():
    """Return the plays of the landing page's game: its assistants by name, the game, and Python's plays of it."""
    scope = {}
    for cell in cells_of("intro"):
        if cell["id"] in ("intro-replay-a", "intro-you-a"):
            exec(cell["source"], scope)
    kept = scope["kept"]
    return scope["small"], {"copies": sc.Imitator(kept), "commits": sc.ImitateThenCommit(kept, phase=3, since=1)}


def test_what_the_landing_page_says_of_its_game_is_so():
    game, assistants = landing()
    supportive, direct = sc.Fixed([0, 0, 0.5, 0.5, 0, 0]), sc.Fixed([0.5, 0.5, 0, 0, 0, 0])
    earned = {
        name: [sc.play(ai, who, game, (0, 1), 10, 2000, seed=0).payoffs(1) for who in (supportive, direct)]
        for name, ai in assistants.items()
    }
    assert earned["commits"][0].sum(axis=0) == pytest.approx(9.2)
    assert earned["commits"][1][3:] == pytest.approx(0.6)
    insists = sc.Scripted([0, 0, 1], fallback=sc.Fixed(2))
    copies = assistants["copies"]
    assert sc.play(assistants["commits"], insists, game, (0, 1), 10, 200, seed=0).payoffs(1)[3:] == pytest.approx(0.2)
    assert 4 <= copies.followed(sc.play(copies, supportive, game, (0, 1), 10, 2000, seed=0)).mean() <= 5.5
    guess = game.payoffs[1].mean(axis=1)
    assert guess.max() == pytest.approx(0.55)
    assert guess.argmax() >= 4


def test_the_remarks_of_the_landing_page_stand_where_they_belong():
    scope, told = {}, None
    for cell in cells_of("intro"):
        if cell["id"] in ("intro-replay-a", "intro-replay-b", "intro-replay"):
            body = ast.parse(cell["source"]).body
            last = body.pop() if isinstance(body[-1], ast.Expr) else None
            exec(compile(ast.Module(body, []), "intro", "exec"), scope)
            told = eval(compile(ast.Expression(last.value), "intro", "eval"), scope) if last else None
    places = {name: [entry[0] for entry in talk.entries] for name, talk in told.talks.items()}
    ends = places["imitates to the end"].index("Its records end here. It guesses.")
    which = median_episode([*scope["met"].values()])
    copies = scope["both"]["imitates to the end"].followed(scope["met"]["imitates to the end"])[which]
    assert ends == copies
    assert places["imitates, then commits"].index("It stops imitating, and commits.") == 4
    alone = scope["project"].payoffs[scope["warm"], 10]
    assert (alone == told.alone).all()
