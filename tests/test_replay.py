"""Replays: the page holds all that was said and earned, whoever reads it without scripts included."""

import json
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

import socialcoop as sc


@pytest.fixture(scope="module")
def met():
    """Return two plays of the project game, three episodes each."""
    game = sc.games.project()
    assistants = {"guesses & hopes": sc.Fixed(np.full(12, 1 / 12)), "keeps": sc.Fixed(4)}
    return {name: sc.play(ai, sc.Hedge(), game, (2, 2), 12, 3, seed=1) for name, ai in assistants.items()}


def stages_of(page):
    (data,) = re.findall(r'<script type="application/json" class="sc-stages">(.*?)</script>', page)
    return json.loads(data)


@pytest.mark.parametrize("episode", [0, 2])
def test_the_page_holds_both_conversations_whole_in_the_order_of_the_plays(met, episode):
    page = sc.book.replay(met, ("she", "he"), episode=episode).html()
    talks = re.findall(r'<div class="sc-talk".*?</ol></div>', page, re.DOTALL)
    assert talks == [sc.book.transcript(play, ("she", "he"), episode=episode).html(name) for name, play in met.items()]
    assert ElementTree.fromstring(talks[0]).get("aria-label") == "Transcript: guesses & hopes"
    assert all(talk.count("<li") == 12 for talk in talks)


def test_what_is_earned_is_added_up_stage_by_stage(met):
    shown = sc.book.replay(met, ("she", "he"), episode=1, start=3, alone=0.5)
    data = stages_of(shown.html())
    assert (data["start"], data["alone"]) == (3, 0.5)
    for play, path in zip(met.values(), data["earned"], strict=True):
        total = 0
        for stage in range(12):
            total += play.game.payoffs[2][play.actions[stage, 1, 1], play.actions[stage, 0, 1]]
            assert path[stage] == pytest.approx(total)
    first, second = (path[4] for path in data["earned"])
    assert data["sentences"][4] == (
        f"he has earned {first:.2f} with “guesses & hopes” and {second:.2f} with “keeps”, after 5 of 12 stages; "
        "without anybody, 2.50."
    )
    assert repr(shown) == f"Replay: {data['sentences'][-1]}"


def test_a_remark_stands_before_its_stage_in_its_own_conversation(met):
    shown = sc.book.replay(met, remarks={"keeps": {4: "Look."}})
    assert [entry for entry in shown.talks["keeps"].entries if entry[0] == "Look."] == [("Look.",)]
    assert shown.talks["keeps"].entries[3] == ("Look.",)
    assert "Look." not in shown.talks["guesses & hopes"].html()


def test_the_median_episode_has_as_many_below_it_as_above():
    game, guesses = sc.games.project(), sc.Fixed(np.full(12, 1 / 12))
    plays = {
        name: sc.play(ai, sc.Hedge(), game, (2, 2), 9, 41, seed=1) for name, ai in [("a", guesses), ("b", sc.Fixed(4))]
    }
    gains = [plays["b"].payoffs(1)[:, each].sum() - plays["a"].payoffs(1)[:, each].sum() for each in range(41)]
    shown = sc.book.replay(plays, episode="median")
    middle = shown.earned["b"][-1] - shown.earned["a"][-1]
    assert sum(gain < middle - 1e-9 for gain in gains) <= 20
    assert sum(gain > middle + 1e-9 for gain in gains) <= 20
    assert len({round(gain, 6) for gain in gains}) > 5


def test_nothing_that_is_said_ends_the_script(met):
    page = sc.book.replay({"</script><!--": met["keeps"]}, ("<b>", "</script>")).html()
    assert page.count("<script") == page.count("</script>") == 2
    assert stages_of(page)["sentences"][0].startswith("</script> has earned")


def test_the_page_asks_for_nothing_and_is_written_in_the_same_bytes(met):
    page = sc.book.replay(met).html()
    assert not re.search(r'(src|href)="(?!#)', page)
    assert page == sc.book.replay(met).html()
