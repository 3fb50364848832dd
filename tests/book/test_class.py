"""What a class is given on paper and on screens: one sheet for each pair, and feedback that is read anywhere."""

from io import BytesIO

import pytest
from accessibility import violations
from pypdf import PdfReader

import socialcoop as sc
from socialcoop.teach.feedback import Answered, feedback_page
from socialcoop.teach.items import ITEMS
from socialcoop.teach.proofs import PROOFS

CLIPPED = """() => [...document.querySelectorAll(".pair, .pair *")]
  .filter((e) => e.clientWidth && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1))
  .map((e) => `${e.tagName}.${e.className}`)"""


@pytest.mark.parametrize(
    ("game", "stages"), [(sc.games.team_lead(), 10), (sc.games.team_lead(("tone", "workload")), 20)]
)
def test_each_pair_has_one_sheet_of_a4_and_nothing_on_it_is_cut_off(game, stages, browser, tmp_path):
    (tmp_path / "cards.html").write_text(sc.teach.payoff_cards(game, 5, stages), encoding="utf-8")
    page = browser.new_page(viewport={"width": 718, "height": 1050})
    page.goto((tmp_path / "cards.html").as_uri())
    page.emulate_media(media="print")
    assert page.evaluate(CLIPPED) == []
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    page.close()
    assert len(sheets) == 5
    assert [round(float(side) / 72 * 25.4) for side in sheets[0].mediabox[2:]] == [210, 297]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_feedback_is_read_on_a_phone_and_on_a_screen(width, theme, browser, tmp_path):
    values = [make(3).right if place % 3 else None for place, make in enumerate(ITEMS.values())]
    answers = [Answered(make(3), value, 2) for make, value in zip(ITEMS.values(), values, strict=True)]
    wrong = [Answered(make(3), next(iter(make(3).traps)), 1) for make in ITEMS.values() if make(3).traps]
    text = feedback_page(
        "Homework", "s1001", [*answers, *wrong, *PROOFS.values()], ["A proof " * 99, "x" * 300], ["Cell 3 stopped."]
    )
    (tmp_path / "s1001.html").write_text(text, encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
    page.goto((tmp_path / "s1001.html").as_uri())
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = violations(page)
    page.close()
    assert wide <= width
    assert found == []
