"""Questions: what they ask, what they reply, and what they refuse."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import socialcoop as sc

REASONS = {"yes": "Since it is <so> & so.", "no": "Count again."}


def form_of(question):
    page = question.html()
    (data,) = re.findall(r'<script type="application/json" class="sc-replies">(.*?)</script>', page)
    return page, json.loads(data)


def test_a_choice_has_a_field_for_each_answer_a_reason_for_each_and_one_that_is_right():
    page, data = form_of(sc.book.ask("Is 1 < 2?", REASONS, "yes"))
    assert page.count('<input type="radio"') == 2
    assert "<legend>Is 1 &lt; 2?</legend>" in page
    assert data["choices"] == list(REASONS.values())
    assert data["right"] == 0


@pytest.mark.parametrize("right", REASONS)
def test_whoever_opens_the_answer_reads_the_right_one_first_and_why_each_other_is_wrong(right):
    question = sc.book.ask("Is it?", REASONS, right)
    (wrong,) = set(REASONS) - {right}
    assert question.answer == (f"“{right}”. {REASONS[right]}", f"Not “{wrong}”. {REASONS[wrong]}")
    assert repr(question).splitlines()[0] == "Question: Is it?"


def test_a_number_has_one_field_and_the_traps_that_were_set():
    page, data = form_of(sc.book.ask_number("How much?", 0.25, "So it is.", {0.5: "Twice that."}))
    assert page.count('<input type="text"') == 1
    assert data["right"] == 0.25
    assert data["traps"] == [[0.5, "Twice that."]]


WORDS = st.text().filter(str.strip)


@pytest.mark.parametrize(
    ("number", "told"), [(1024, "1024"), (-29_491.2, "-29491"), (0.12345, "0.123"), (3, "3"), (12.5, "12.5")]
)
def test_an_answer_is_told_as_people_write_it(number, told):
    assert sc.book.ask_number("How many?", number, "Count.").answer == (f"{told}. Count.",)


@given(WORDS, WORDS)
def test_any_words_stay_words(asked, reason):
    page, data = form_of(sc.book.ask(asked, {"a": reason, "b": "</script><!--"}, "b"))
    assert data["choices"] == [reason, "</script><!--"]
    assert page.count("<script") == page.count("</script>") == 2


def test_the_same_question_is_written_in_the_same_bytes():
    assert len({sc.book.ask("Is it?", REASONS, "no").html() for _ in range(2)}) == 1


TABLE = (("", "left", "a < b"), ("up", "1", "2"), ("down", "3", "4 & 5"))


@pytest.fixture
def with_a_table():
    return sc.teach.Item("odd", 0, "How much?", 0.25, "So.", {0.5: "Twice that."}, table=TABLE).question()


def test_a_table_stands_between_the_question_and_its_field_with_heads_for_rows_and_columns(with_a_table):
    page = with_a_table.html()
    assert page.index("</legend>") < page.index("<table>") < page.index("</table>") < page.index("<input")
    assert re.findall(r'<th scope="col">(.*?)</th>', page) == ["left", "a &lt; b"]
    assert re.findall(r'<th scope="row">(.*?)</th>', page) == ["up", "down"]
    assert re.findall(r"<td>(.*?)</td>", page) == ["", "1", "2", "3", "4 &amp; 5"]


def test_a_table_is_told_below_the_question_column_under_column(with_a_table):
    said = repr(with_a_table).splitlines()
    assert said[:4] == ["Question: How much?", "      left  a < b", "up    1     2", "down  3     4 & 5"]
    assert repr(sc.teach.Item("odd", 0, "How much?", 0.25, "So.", table=TABLE)).splitlines()[1:4] == said[1:4]


def test_a_question_without_a_table_has_none():
    assert "<table" not in sc.book.ask("Is it?", REASONS, "no").html()
