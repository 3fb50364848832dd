"""What the package says of people: its tables are whole, and what is made of them is what was counted."""

from itertools import product

import numpy as np
import pytest

import socialcoop as sc

COUNTS, DILEMMAS = sc.people.rock_paper_scissors(), sc.people.dilemmas()


def test_there_are_58_pairs_and_at_most_a_hundred_rounds_in_a_third():
    assert COUNTS.shape == (58, 3, 3, 3)
    rounds = COUNTS.sum(axis=(2, 3))
    assert (COUNTS >= 0).all()
    assert rounds.max() == 100
    assert rounds.min() >= 90
    assert rounds.sum() == 17_357  # of 17,400
    assert (rounds.sum(axis=1) == 300).sum() == 37


def test_every_choice_is_a_first_one_or_follows_a_round():
    choices = {name: int(found.first.sum() + found.after.sum()) for name, found in DILEMMAS.items()}
    expected = {"D5R32": 832, "D5R40": 1234, "D5R48": 1388, "D75R32": 1580, "D75R40": 928, "D75R48": 1396}
    assert choices == expected
    assert sum(choices.values()) == 7358  # the rows that stratEst documents
    assert all(found.first.sum() == found.supergames for found in DILEMMAS.values())
    assert sum(found.people for found in DILEMMAS.values()) == 266


@pytest.mark.parametrize("name", DILEMMAS)
def test_a_round_is_counted_once_for_each_of_its_two_people(name):
    """So one of the two cooperated alone as often as the other did; and an even number were both alike."""
    found = DILEMMAS[name]
    (both, alone), (cheated, none) = found.counts.tolist()
    assert alone == cheated
    assert both % 2 == none % 2 == found.supergames % 2 == 0
    assert name == f"D{found.continuation:g}".replace("0.", "") + f"R{found.reward}"


@pytest.mark.parametrize("found", DILEMMAS.values(), ids=DILEMMAS)
def test_the_payoffs_are_the_points_on_another_scale(found):
    points = {(0, 0): found.reward, (0, 1): 12, (1, 0): 50, (1, 1): 25}
    for own, other in product((0, 1), repeat=2):
        assert found.game.payoffs[0, own, other] * 38 + 12 == pytest.approx(points[own, other])
    assert sc.worst_pone(found.game, (0, 0)) == pytest.approx((13 / 38, 13 / 38))


def test_a_member_does_what_people_did():
    found = DILEMMAS["D75R40"]
    seat = found.member.seat(found.game, 0, np.zeros(4, int), 9)
    assert seat.policy()[0] == pytest.approx(174 / 264)
    seat.observe(own=np.array([0, 0, 1, 1]), other=np.array([0, 1, 0, 1]))
    assert seat.policy()[0] == pytest.approx([409 / 418, 22 / 54, 26 / 54, 13 / 138])


def test_rock_paper_scissors_is_what_it_is_called():
    payoffs, names = sc.games.rock_paper_scissors(0.25).payoffs[0], sc.games.rock_paper_scissors().action_names
    beats = {("paper", "rock"), ("rock", "scissors"), ("scissors", "paper")}
    for own, other in product(range(3), repeat=2):
        won, lost = ((names[a], names[b]) in beats for a, b in ((own, other), (other, own)))
        assert payoffs[own, other] == (1 if won else 0 if lost else 0.25)
    for tie in (0.1, 0.5):
        game = sc.games.rock_paper_scissors(tie)
        assert sc.worst_pone(game, (0, 0)) == pytest.approx(((1 + tie) / 3, (1 + tie) / 3))
