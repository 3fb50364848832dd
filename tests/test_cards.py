"""Cards for a class: each player gets the payoffs of its type, the words to show, and a strip to write on."""

import re

import pytest
from bs4 import BeautifulSoup

import socialcoop as sc
from socialcoop.teach.__main__ import main
from socialcoop.teach.lab import dealt

TEAM = sc.games.team_lead()


@pytest.fixture(scope="module")
def sheets():
    return BeautifulSoup(sc.teach.payoff_cards(TEAM, 30), "html.parser").find_all("section", "pair")


def test_each_player_gets_the_payoffs_of_its_type(sheets):
    assert len(sheets) == 30
    for number, (sheet, types) in enumerate(zip(sheets, dealt(TEAM, 30).tolist(), strict=True), start=1):
        for player, (card, kind) in enumerate(zip(sheet.find_all("div", "card"), types, strict=True), start=1):
            assert card.h1.text == f"Pair {number}, player {player}"
            assert f"Your type: {kind}, {TEAM.type_names[kind]}" in card.text
            cells = [[float(cell.text) for cell in row.find_all("td")] for row in card.find_all("tr")[1:]]
            assert cells == [[1, 0.2], [0, 0.6]] if kind == 0 else [[0.6, 0], [0.2, 1]]
            assert TEAM.type_names[1 - kind] not in card.text


def test_each_player_gets_both_words_and_the_pair_a_strip_for_ten_stages(sheets):
    for sheet in sheets:
        words = [word.find(string=True) for word in sheet.find_all("div", "word")]
        assert words == ["direct", "supportive"] * 2
        strip = sheet.find("div", "strip")
        assert [len(row.find_all(["td", "th"])) for row in strip.find_all("tr")] == [11] * 3
        assert "Write D for direct, S for supportive." in strip.text


def test_other_games_and_lengths_get_cards_too():
    page = BeautifulSoup(sc.teach.payoff_cards(sc.games.coordination(3), 2, stages=4, seed=5), "html.parser")
    assert len(page.find_all("div", "word")) == 12
    assert "You play 4 stages." in page.text
    assert [float(cell.text) for cell in page.find("div", "card").find_all("td")[1:]] == [1, 0, 0, 0, 1, 0, 0, 0, 1]


def test_a_page_needs_no_network_and_is_written_once(tmp_path, capsys):
    for name in ("one.html", "two.html"):
        assert main(["cards", str(tmp_path / name), "--pairs", "3"]) == 0
    page = (tmp_path / "one.html").read_bytes()
    assert page == (tmp_path / "two.html").read_bytes()
    assert not re.search(rb"https?://|src=|<script|@import|url\(", page)
    assert main(["cards", str(tmp_path / "one.html")]) == 2
    assert main(["cards", str(tmp_path / "new.html"), "--pairs", "0"]) == 2
    assert "pairs must be an integer from 1 to 1000" in capsys.readouterr().err
    assert not (tmp_path / "new.html").exists()
