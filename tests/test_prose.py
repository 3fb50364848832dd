"""The text is as plain as it means to be, and takes as long to read as it says."""

import re
from math import ceil

import pytest
from notebooks import NAMES
from prose import OPTIONAL, markdown, minutes, numbers, paragraphs, sentences, sittings


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
    rows = re.findall(r"^\| \d+ \| \[[^]]+\]\((\w+)\.ipynb\) \| (\d+)(?: \((\d)\))? \|$", text, re.MULTILINE)
    assert len(rows) == 16
    assert not {name: minutes(name) for name, told, _ in rows if abs(int(told) - minutes(name)) > 5}
    assert [len(sittings(name)) for name, *_ in rows] == [int(told or 1) for *_, told in rows]


@pytest.mark.parametrize("name", NAMES)
def test_no_sitting_takes_more_than_seventy_minutes(name):
    assert max(sittings(name)) <= 70
    assert len(sittings(name)) == ceil(minutes(name) / 70)  # no more of them than needed


@pytest.mark.parametrize("name", [name for name in NAMES if name != "own"])
def test_every_line_of_a_recap_says_whether_it_is_defined_proved_or_seen(name):
    recap = "\n".join(markdown(name)).split("\n## Recap\n")[1]
    lines = re.findall(r"^\d\. .+$", recap.split("**Check yourself.**")[0], re.MULTILINE)
    told = r"\*[^*]*\b(definition|method|proof|proved|example|seen in|computed)[^*]*\*|is open"
    assert len(lines) == 5
    assert not [line for line in lines if not re.search(told, line, re.IGNORECASE)]
