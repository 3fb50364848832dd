"""Homework: one notebook for a class, in which each student is asked other things and no answer can be read."""

import json
import subprocess
import sys
from fractions import Fraction
from itertools import product
from pathlib import Path

import nbformat
import numpy as np
import pytest

import socialcoop as sc
from socialcoop.teach.__main__ import main
from socialcoop.teach.files import new_folder, read_students
from socialcoop.teach.homework import HERE, LECTURES, TITLE, chosen, item_of, notebook, read_sheet
from socialcoop.teach.items import ITEMS
from socialcoop.teach.proofs import PROOFS
from socialcoop.teach.sheet import Asked, key_of, opened

SALT, NAMES = "nobody knows this text", ["external_regret", "regret_of_halves"]
CLASS = [f"s{number}" for number in range(1001, 1061)]
SHEET = notebook(SALT, TITLE, CLASS, NAMES)


def sources(kind, sheet=SHEET):
    return ["".join(cell["source"]) for cell in sheet["cells"] if cell["cell_type"] == kind]


def run(student, *more):
    """Run the notebook as it was given out, for a student, and then more cells; return the names that it defines."""
    first, *others = sources("code")
    room = {}
    for source in (first.replace('""', repr(student), 1), *others, *more):
        exec(source, room)
    return room


def files(tmp_path, salt=SALT):
    (tmp_path / "list.csv").write_text("\n".join(["student", *CLASS]), encoding="utf-8")
    (tmp_path / "salt.txt").write_text(salt + "\n", encoding="utf-8")
    return ["homework", "--students", str(tmp_path / "list.csv"), "--salt", str(tmp_path / "salt.txt")]


# --- the notebook


def test_the_command_writes_a_notebook_the_same_each_time(tmp_path, capsys):
    for name in ("one.ipynb", "two.ipynb"):
        assert main([*files(tmp_path), "--items", ",".join(NAMES), str(tmp_path / name)]) == 0
    assert "2 question(s) for each of 60 student(s)" in capsys.readouterr().out
    one, two = ((tmp_path / name).read_bytes() for name in ("one.ipynb", "two.ipynb"))
    assert one == two
    assert json.loads(one) == SHEET
    nbformat.validate(nbformat.reads(one.decode(), 4))


def test_the_notebook_runs_as_it_was_given_out_once_it_has_a_number(capsys):
    run(CLASS[0])
    assert capsys.readouterr().out == "external_regret: not answered yet.\n"
    with pytest.raises(ValueError, match="Write your student number into the first cell"):
        run("")
    with pytest.raises(ValueError, match="no questions for the number '77'"):
        run("77")


@pytest.fixture
def given_out(tmp_path):
    """Return what is read of the notebook as it was given out."""
    (tmp_path / "sheet.ipynb").write_text(json.dumps(SHEET), encoding="utf-8")
    return read_sheet(tmp_path / "sheet.ipynb")


def test_each_student_is_asked_what_the_salt_decides_and_not_the_known_case(given_out):
    assert (given_out.title, given_out.names) == (TITLE, NAMES)
    assert len(given_out.questions) == len(CLASS)
    for student in CLASS:
        (asked,) = given_out.questions[key_of(student)].values()
        assert asked == Asked.of(item_of(SALT, TITLE, student, "external_regret"))
        assert asked != Asked.of(ITEMS["external_regret"](0))
    assert len({own["external_regret"].text for own in given_out.questions.values()}) > 50
    assert item_of(SALT + "!", TITLE, CLASS[0], "external_regret") != item_of(SALT, TITLE, CLASS[0], "external_regret")


def test_the_notebook_holds_neither_salt_nor_seeds_nor_answers_nor_numbers(given_out):
    said = json.dumps(SHEET) + str(given_out)
    assert SALT not in said
    for student in CLASS:
        item = item_of(SALT, TITLE, student, "external_regret")
        for secret in (student, str(item.seed), item.why, *item.traps.values()):
            assert secret not in said


def test_a_proof_has_a_cell_to_write_it_in_and_a_rubric_that_is_not_in_the_notebook():
    assert sources("markdown")[-2:] == [f"## 2. A proof\n\n{PROOFS['regret_of_halves'].text}", HERE]
    for proof in PROOFS.values():
        assert 3 <= len(proof.rubric) <= 4
        assert not any(line in json.dumps(SHEET) for line in proof.rubric)


def test_the_regrets_of_two_halves_add_up_to_no_less_than_that_of_the_whole():
    game = sc.games.team_lead()
    play = sc.play(sc.Hedge(), sc.Hedge(), game, (0, 1), 20, 50, seed=1)
    for cut in range(1, 20):
        halves = [sc.Play(play.actions[part], play.types, game) for part in (slice(cut), slice(cut, None))]
        both = sum(sc.external_regret(half) for half in halves)
        assert (sc.external_regret(play) <= both + 1e-9).all()
    assert (sc.external_regret(play) < both - 1e-9).any()


def test_a_partner_who_regrets_little_earns_almost_its_best_against_a_fixed_mixture():
    game, mixture = sc.games.team_lead(), [0.3, 0.7]
    play = sc.play(sc.strategies.MemoryOne([[mixture] * 2] * 2, mixture), sc.Hedge(), game, (0, 1), 200, 4000, seed=1)
    earned, regret = play.payoffs(1).sum(axis=0), sc.external_regret(play, 1)
    least = 200 * max(game.payoffs[1] @ mixture) - regret.mean()
    assert earned.mean() >= least - 4 * earned.std() / 4000**0.5


def test_the_regrets_with_the_guests_of_two_countries_add_up_to_one():
    bonus, mornings, tea, coffee = 0.1, 4, 0, 1

    def regret(likes, opens, host):
        """Return a host's regret per morning with one guest, as the question tells it."""
        first, replies = host
        served = (first, *replies[opens])
        taken = (opens, *[first] * (mornings - 1))
        both = zip(served, taken, strict=True)
        return 1 - sum((1 - bonus) * (s == likes) + bonus * (t == likes) for s, t in both) / mornings

    plans = [*product((tea, coffee), repeat=mornings - 1)]
    for host in product((tea, coffee), product(plans, plans)):  # all that can be done with what there is to see
        polite = (regret(tea, tea, host) + regret(coffee, coffee, host)) / 2
        modest = (regret(tea, coffee, host) + regret(coffee, tea, host)) / 2
        assert polite + modest == pytest.approx(1)


def test_who_does_without_regrets_nothing_if_no_way_is_gone_more_often_than_that_pays():
    stages, ways = 10, 3
    random = np.random.default_rng(2)
    for alone in (0.3, 0.5, 0.8):
        gone = random.integers(ways + 1, size=(2000, stages))  # the last is to do without
        counts = np.stack([(gone == way).sum(axis=1) for way in range(ways)], axis=1)
        kept = counts.max(axis=1) <= alone * stages
        assert kept.any()
        best = (counts * random.random((2000, ways))).max(axis=1)  # what she likes is anything up to 1
        assert (best[kept] <= alone * stages).all()


# --- one after each lecture


def test_each_lecture_has_questions_of_its_own_and_no_item_comes_twice():
    asked = [name for names in LECTURES.values() for name in names]
    assert len(asked) == len(set(asked))
    for names in LECTURES.values():
        assert names == tuple(chosen(",".join(names)))
        assert [name in PROOFS for name in names] == [False] * 5 + [True]


@pytest.mark.parametrize("lecture", LECTURES)
def test_a_lecture_is_enough_to_name_a_homework_and_what_it_asks(lecture, tmp_path, capsys):
    assert main([*files(tmp_path), "--lecture", str(lecture), str(tmp_path / "hw.ipynb")]) == 0
    assert f"Homework {lecture}, 6 question(s) for each of 60 student(s)" in capsys.readouterr().out
    made = read_sheet(tmp_path / "hw.ipynb")
    assert (made.title, tuple(made.names)) == (f"Homework {lecture}", LECTURES[lecture])
    assert any(text.startswith(f"# Homework {lecture}\n") for text in made.texts)


def test_another_name_asks_the_same_item_with_other_numbers(tmp_path):
    made = {}
    for place, more in enumerate([(), ("--name", "Homework"), ("--name", " Resit,\n 2031 ")]):
        out = tmp_path / f"{place}.ipynb"
        assert main([*files(tmp_path), "--items", "external_regret", *more, str(out)]) == 0
        made[place] = read_sheet(out)
    assert made[0] == made[1]
    assert made[2].title == "Resit, 2031"
    assert any(text.startswith("# Resit, 2031\n") for text in made[2].texts)
    same = [key for key, asked in made[2].questions.items() if asked == made[0].questions[key]]
    assert len(same) < 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--lecture", "4"], "--lecture: invalid choice: 4"),
        (["--lecture", "1", "--items", "nu"], "not allowed with argument --lecture"),
    ],
)
def test_a_lecture_is_one_of_three_and_has_its_own_items(words, said, tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        main([*files(tmp_path), *words, str(tmp_path / "hw.ipynb")])
    assert said in capsys.readouterr().err


def test_a_name_that_says_nothing_is_refused(tmp_path, capsys):
    assert main([*files(tmp_path), "--name", " ", str(tmp_path / "hw.ipynb")]) == 2
    assert "--name must say something, got ' '" in capsys.readouterr().err
    assert not (tmp_path / "hw.ipynb").exists()


# --- the calls


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (3, "the form is right: it reads as the number 3."),
        ("0,25", "the form is right: it reads as the number 0.25."),
        ("1/4", "the form is right: it reads as the number 0.25."),
        (sc.external_regret, "Write a number"),
        ("a lot", "Write a number, such as 0.25, 0,25, 1/4 or 25 %; got 'a lot'."),
        (float("nan"), "Write a number"),
    ],
)
def test_a_reply_speaks_of_the_form_alone(value, said, capsys):
    answer = run(CLASS[0])["answer"]
    for each in (value, item_of(SALT, TITLE, CLASS[0], "external_regret").right):
        capsys.readouterr()
        answer("external_regret", each)
        reply = capsys.readouterr().out
        assert not any(word in reply.lower() for word in ("correct", "passed", "well done"))
        assert each is not value or said in reply
    right = reply
    answer("external_regret", 999)
    assert capsys.readouterr().out == right.replace(f"{each:g}.", "999.")


def test_the_known_case_answers_back_and_says_that_it_is_no_more(capsys):
    known = run(CLASS[0])["known"]
    assert known("external_regret").html().startswith("<form")
    capsys.readouterr()
    known("external_regret", ITEMS["external_regret"](0).right)
    assert "this is its answer" in (said := capsys.readouterr().out)
    assert "Of your own question this says nothing." in said
    known("external_regret", -77)
    assert "The known case: no. That is another number." in capsys.readouterr().out


def test_numbers_of_numpy_and_others_are_answers(capsys):
    answer = run(CLASS[0])["answer"]
    for value in (np.int64(3), np.array([3.0]), np.float32(3), Fraction(3)):
        answer("external_regret", value)
    assert capsys.readouterr().out.count("it reads as the number 3.") == 4


def test_a_call_without_a_sheet_takes_answers_all_the_same(capsys):
    _, _, answer = opened("", lambda: "s1001")
    answer("external_regret", 3)
    assert "no questions for the number 's1001'" in capsys.readouterr().out


# --- what a lecturer gives


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("s1\ns2\n", ["s1", "s2"]),
        ("Number\n007\n\n008\n", ["007", "008"]),
        ("\ufeffname;student\nAnna;s1\nBo;s2\n", ["s1", "s2"]),
        ("s1,Anna\ns2,Bo", ["s1", "s2"]),
    ],
)
def test_a_list_is_read_as_spreadsheets_write_it(text, numbers, tmp_path):
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    assert read_students(tmp_path / "list.csv") == numbers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lists nobody"),
        ("student\n", "lists nobody"),
        ("s1\nS1\n", "lists s1 more than once"),
        ("../s1\n", "letters, digits, dots and dashes only, got '../s1'"),
        ("name,student\nAnna\n", "got ''"),
        (b"\xff\xfe\x00", "not in UTF-8"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(text, said, tmp_path, capsys):
    command = files(tmp_path)
    (tmp_path / "list.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    assert main([*command, str(tmp_path / "hw.ipynb")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "hw.ipynb").exists()


def test_nothing_is_overwritten_and_a_missing_salt_is_made(tmp_path, capsys):
    command = files(tmp_path)
    (tmp_path / "salt.txt").unlink()
    assert main([*command, str(tmp_path / "hw.ipynb")]) == 0
    assert "Keep it to yourself" in capsys.readouterr().out
    assert len((tmp_path / "salt.txt").read_text(encoding="utf-8").strip()) == 32
    before = (tmp_path / "hw.ipynb").read_bytes()
    assert main([*command, str(tmp_path / "hw.ipynb")]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "hw.ipynb").read_bytes() == before
    assert main([*command, str(tmp_path / "hw.txt")]) == 2
    assert main([*command, str(tmp_path / "nowhere" / "hw.ipynb")]) == 2
    with pytest.raises(ValueError, match="not empty"):
        new_folder(tmp_path)


def test_a_folder_that_is_taken_leads_to_one_that_is_not(tmp_path, monkeypatch):
    (tmp_path / "marks" / "feedback").mkdir(parents=True)
    (tmp_path / "marks-2").mkdir()
    for here, wanted, said in [(tmp_path, "marks", "such as marks-3"), (tmp_path / "marks", ".", "marks-3")]:
        monkeypatch.chdir(here)
        with pytest.raises(ValueError, match=said):
            new_folder(Path(wanted))


def test_a_short_salt_is_refused(tmp_path, capsys):
    assert main([*files(tmp_path, "abc"), str(tmp_path / "hw.ipynb")]) == 2
    assert "8 or more characters" in capsys.readouterr().err


@pytest.mark.parametrize("names", ["", "nothing", "regret_of_halves", "external_regret,external_regret"])
def test_questions_that_are_not_there_are_refused(names):
    with pytest.raises(ValueError, match="item"):
        chosen(names)


def test_the_module_runs_as_a_command():
    command = [sys.executable, "-m", "socialcoop.teach", "homework", "--help"]
    assert "--salt" in subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
