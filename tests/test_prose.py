"""The text is as plain as it means to be, and takes as long to read as it says."""

import re

import pytest
from notebooks import NAMES
from prose import OPTIONAL, markdown, minutes, numbers, paragraphs, sentences


@pytest.mark.parametrize("name", NAMES)
def test_no_paragraph_is_too_long(name):
    assert not [part for part in paragraphs(name) if len(part.split()) > 140]


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_has_more_than_three_numbers(name):
    assert not [each for part in paragraphs(name) for each in sentences(part) if len(numbers(each)) > 3]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_optional_says_so_right_below_its_heading(name):
    text = "\n\n".join(markdown(name))
    assert text.count("*Optional") == len(re.findall(rf"^##+ .+\n\n{re.escape(OPTIONAL)}", text, re.MULTILINE))


def test_the_table_of_chapters_says_how_long_each_takes():
    text = "\n".join(markdown("intro"))
    rows = re.findall(r"^\| \d+ \| \[[^]]+\]\((\w+)\.ipynb\) \| (\d+) \|$", text, re.MULTILINE)
    assert len(rows) == 16
    assert not {name: minutes(name) for name, told in rows if abs(int(told) - minutes(name)) > 5}
