"""The logo in the book is the one that the code draws."""

import xml.etree.ElementTree as ElementTree

import logo

from socialcoop.book.look import COLORS


def test_the_stored_logo_is_what_its_code_draws_in_the_two_agents_colours():
    assert logo.PATH.read_text(encoding="utf-8") == logo.logo()
    strokes = [line.get("stroke") for line in ElementTree.fromstring(logo.logo())]
    assert strokes == [COLORS["partner"], COLORS["ai"]]
