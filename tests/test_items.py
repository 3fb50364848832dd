"""Items with a seed: the answer is what an oracle finds, and no typical error leads to it."""

from itertools import pairwise

import pytest

import socialcoop as sc
from socialcoop.teach.item import read_number

SEEDS = range(200)


def all_items(name):
    return [sc.teach.items.ITEMS[name](seed) for seed in SEEDS]


@pytest.mark.parametrize("name", sc.teach.items.ITEMS)
def test_no_typical_error_leads_to_the_answer_or_to_another_error(name):
    for item in all_items(name):
        if item.choices:
            assert item.right in item.choices
            continue
        numbers = sorted([item.right, *item.traps])
        assert all(after - before > 2 * item.within for before, after in pairwise(numbers))


@pytest.mark.parametrize("name", sc.teach.items.ITEMS)
def test_an_item_is_made_from_its_seed_alone_and_asks_something_else_for_others(name):
    make = sc.teach.items.ITEMS[name]
    assert make(7) == make(7)
    assert (make(7).name, make(7).seed) == (name, 7)
    assert len({make(seed).text + str(make(seed).table) for seed in SEEDS}) > 10


@pytest.mark.parametrize("name", sc.teach.items.ITEMS)
def test_an_item_judges_as_its_question_does(name):
    item = sc.teach.items.ITEMS[name](3)
    assert item.judge(item.right).correct
    assert not item.judge("?").correct
    for wrong, why in (item.choices or item.traps).items():
        assert item.judge(wrong).why == why
        assert item.judge(wrong).correct == (wrong == item.right)


@pytest.mark.parametrize("seed", SEEDS)
def test_external_regret_is_what_the_best_side_would_have_earned_more(seed):
    item = sc.teach.items.external_regret(seed)
    own, other = (sentence.split(" chose ")[1].strip(".").split(", ") for sentence in item.text.split(". ")[1:3])
    hits = sum(mine == theirs for mine, theirs in zip(own, other, strict=True))
    assert item.right == max(map(other.count, other)) - hits


@pytest.mark.parametrize(
    ("given", "number"),
    [("0.25", 0.25), ("0,25", 0.25), ("1/4", 0.25), ("25 %", 0.25), (0.25, 0.25), ("−3", -3), (1e-7, 1e-7)]
    + [(given, None) for given in ("", "a lot", "1/0", "nan", float("nan"), None, [1], "1e5")],
)
def test_a_number_is_read_as_people_write_it(given, number):
    assert read_number(given) == number
