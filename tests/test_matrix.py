"""Your own 2×2: what it shows where no script runs, and where it shows itself."""

import numpy as np

import socialcoop as sc

TONE = sc.Game.from_bimatrix([[1, 0], [0, 1]], [[0, 1], [1, 1]])
GAMES = {"The <hunt>": (sc.games.stag_hunt(), (0, 0)), "tone": (TONE, (0, 1))}


def test_the_table_has_a_named_cell_for_each_payoff_in_the_order_of_a_textbook():
    page = sc.book.own_game({"a": (sc.Game.from_bimatrix([[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.6], [0.7, 0.8]]), (0, 1))})
    cells = [piece.split('"')[0] for piece in page.html().split(' aria-label="')[1:] if piece.startswith("row ")]
    assert cells[:3] == ["row A, column A, your payoff", "row A, column A, the other's payoff", cells[2]]
    assert cells[2] == "row A, column B, your payoff"
    assert cells[4:] == [cell.replace("row A", "row B") for cell in cells[:4]]
    values = [piece.split('"')[0] for piece in page.html().split('readonly value="')[1:]]
    assert values == ["0.1", "0.5", "0.2", "0.6", "0.3", "0.7", "0.4", "0.8"]


def test_the_words_tell_the_interval_that_a_tie_makes():
    """With a Ben who is warm at least half the time Alice stays warm."""
    told = repr(sc.book.own_game(GAMES, "tone")).splitlines()
    assert told[1:3] == ["row A: 1, 0 | 0, 1", "row B: 0, 1 | 1, 1"]
    assert told[3].startswith("2 extreme Nash equilibria, of which 2 are Pareto-optimal (PONE). Payoffs tie")
    assert told[4:] == [
        "1. Row B, column B. It pays 1 and 1. PONE.",
        "2. Row B, column A with probability 0.5. It pays 0.5 and 1. PONE.",
    ]


def test_a_beaten_equilibrium_says_what_beats_it_and_best_replies_are_marked():
    own = sc.book.own_game(GAMES)
    assert "2. Row B, column B. It pays 0.7 and 0.7. Number 1 pays both more." in repr(own)
    rows = own.html().split("</table>")[0].split("<tr>")[2:]
    assert [["sc-best" in cell for cell in row.split("<label")[1:]] for row in rows] == [
        [True, True, False, False],
        [False, False, True, True],
    ]


def test_payoffs_are_written_without_losing_a_digit():
    thirds = np.full((2, 2), 1 / 3)
    assert f'value="{1 / 3!r}"' in sc.book.own_game({"thirds": (sc.Game(thirds), (0, 0))}).html()


def test_a_name_stays_a_name_and_the_form_is_written_in_the_same_bytes():
    page = sc.book.own_game(GAMES | {"</script>": GAMES["tone"]}).html()
    assert page == sc.book.own_game(GAMES | {"</script>": GAMES["tone"]}).html()
    assert page.count("<script") == page.count("</script>") == 2
    assert "The &lt;hunt&gt;" in page
