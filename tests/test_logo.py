"""The logo in the book is the one that the code draws."""

import xml.etree.ElementTree as ElementTree
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from socialcoop.book.picture import COLORS

SCRIPT = Path(__file__).parents[1] / "chapters" / "_ext" / "logo.py"


def test_the_stored_logo_is_what_its_code_draws_in_the_two_agents_colours():
    spec = spec_from_file_location("logo", SCRIPT)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PATH.read_text(encoding="utf-8") == module.logo()
    strokes = [line.get("stroke") for line in ElementTree.fromstring(module.logo())]
    assert strokes == [COLORS["partner"], COLORS["ai"]]
