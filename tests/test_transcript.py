"""Episodes as conversations: what is said is what was played, and the page and the plain text say the same."""

import json
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

import socialcoop as sc
from socialcoop.book.transcripts import UTTERANCES


@pytest.fixture
def episode():
    return sc.play(sc.Fixed(np.full(12, 1 / 12)), sc.Hedge(), sc.games.project(), (2, 0), 30, 3, seed=1)


def spoken(text):
    return re.findall(r"^ *(\d+)  (\w+): (.*?)(?:  \[(.*)\])?$", text, re.MULTILINE)


def test_each_line_says_what_was_played_and_what_it_earned(episode):
    lines = spoken(str(sc.book.transcript(episode, ("she", "he"), episode=2)))
    assert len(lines) == 60
    earned = episode.payoffs(1)[:, 2].cumsum()
    for stage in range(30):
        for side in (0, 1):
            number, name, utterance, so_far = lines[2 * stage + side]
            act, wording = divmod(int(episode.actions[stage, side, 2]), 2)
            assert (int(number), name, utterance) == (stage + 1, ("she", "he")[side], UTTERANCES[side][act][wording])
            assert so_far == ("" if side == 0 else f"{earned[stage]:.2f} so far")


def test_every_act_has_its_own_words_on_each_side():
    for side in UTTERANCES:
        assert len(side) == 6
        assert len({words for act in side for words in act}) == 12


def test_the_page_says_what_the_plain_text_says(episode):
    told = sc.book.transcript(episode, stages=[1, 2, 7, 30], remarks={7: "she & he <part>", 9: "not shown"})
    page = ElementTree.fromstring(told.html())
    assert page.get("role") == "region"
    assert page.get("tabindex") == "0"
    items = page.findall("ol/li")
    plain = [line.strip() for line in str(told).splitlines()]
    shown = []
    for item in items:
        if item.get("class") == "sc-remark":
            shown.append(f"— {item.text} —")
        else:
            stage, earned = item.find("span").text.split(" · ")
            names = [p.find("b") for p in item.findall("p")]
            said = [f"{stage.removeprefix('stage ')}  {b.text}: {b.tail.strip()}" for b in names]
            shown += [said[0], f"{said[1]}  [{earned}]"]
    assert shown == plain
    assert plain[4] == "— 4 more stages —"
    assert plain[5] == "— she & he <part> —"
    assert "not shown" not in str(told)


def test_one_stage_left_out_is_one_stage(episode):
    assert "— 1 more stage —" in str(sc.book.transcript(episode, stages=[1, 3]))
    assert "— 2 more stages —" in str(sc.book.transcript(episode, stages=[3]))
    assert str(sc.book.transcript(episode, stages=[])) == ""


def test_only_the_project_game_with_two_wordings_can_be_told():
    for game in (sc.games.project(1), sc.games.coordination(12)):
        play = sc.play(sc.Fixed(0), sc.Fixed(0), game, (0, 0), 2)
        with pytest.raises(ValueError, match=r"play must be of games\.project\(2\)"):
            sc.book.transcript(play)


# --- beside a picture


def test_a_text_told_with_the_sentence_stands_beside_the_picture(episode):
    figure, ax = sc.plots.canvas()
    (line,) = ax.plot([0, 1], [0, 1], animated=True)

    def update(stage):
        line.set_data([0, 1], [0, stage])
        return sc.book.Told(f"Stage {stage}.", sc.book.transcript(episode, stages=[stage]))

    shown = sc.explore(sc.Picture(figure, "A line that rises with the stage.", update), stage=[1, 2, 3])
    assert repr(shown) == f"Explorable: Stage 1.\n{sc.book.transcript(episode, stages=[1])}"
    data = json.loads(re.search(r'class="sc-data">(.*?)</script>', shown.html(), re.DOTALL)[1].replace(r"<\/", "</"))
    assert [data["besides"][place] for place in data["besideOrder"]] == [
        sc.book.transcript(episode, stages=[stage]).html() for stage in (1, 2, 3)
    ]
    assert f'<div class="sc-beside">{sc.book.transcript(episode, stages=[1]).html()}</div>' in shown.html()
    box = shown.widget()
    box.children[1].value = 3
    assert sc.book.transcript(episode, stages=[3]).html() in box.children[-2].value


# --- when somebody settles


def settled(chosen, share, least):
    """Return by its definition after how many stages a list of yes and no keeps to yes."""
    for start in range(len(chosen)):
        rest = chosen[start:]
        if rest[0] and len(rest) >= least and sum(rest) >= share * len(rest) - 1e-9:
            return start
    return len(chosen)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 1])
@pytest.mark.parametrize("least", [1, 4, 20])
def test_an_agent_settles_where_the_definition_says(share, least):
    rng = np.random.default_rng(0)
    actions = (rng.random((14, 2, 300)) < np.linspace(0, 1, 14)[:, None, None]).astype(np.uint8)
    play = sc.Play(actions, np.zeros((300, 2), int), sc.games.coordination(3))
    for agent in (0, 1):
        found = sc.plays.stages_until_settled(play, [1], agent, share, least)
        assert found.tolist() == [settled((row == 1).tolist(), share, least) for row in actions[:, agent].T]
        assert (sc.plays.stages_until_settled(play, [2], agent, share, least) == 14).all()
        assert (sc.plays.stages_until_settled(play, [0, 1], agent, share, least) == (0 if least <= 14 else 14)).all()


def test_in_an_episode_without_stages_nobody_settles():
    play = sc.play(sc.Fixed(0), sc.Fixed(0), sc.games.coordination(2), (0, 0), 0, 3)
    assert sc.plays.stages_until_settled(play, [0]).tolist() == [0, 0, 0]
