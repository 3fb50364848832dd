"""Exams: the paper asks and tells nothing, the scheme answers everything, and the salt and the term decide both."""

import re
from html import unescape

import pytest

import socialcoop as sc
from socialcoop.teach.__main__ import main
from socialcoop.teach.exam import USUAL
from socialcoop.teach.proofs import PROOFS

SALT, TERM = "keep this to yourself", "Autumn 2031"
ALL = [*sc.teach.items.ITEMS, *PROOFS]


def plain(page):
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture(scope="module")
def exam():
    return sc.teach.make_exam(SALT, TERM, ALL)


def test_the_paper_asks_every_question_with_its_table_its_choices_and_its_points(exam):
    paper = plain(exam.paper())
    for number, (question, points) in enumerate(zip(exam.questions, exam.points, strict=True), start=1):
        assert f"Question {number} {points} points" in paper
        if question.name in PROOFS:
            continue
        asked = " ".join([question.text, *(cell for row in question.table for cell in row)]).split()
        assert paper.split(f"Question {number} {points} points ")[1].split()[: len(asked)] == asked
        assert all(choice in paper for choice in question.choices)
    assert f"{len(ALL)} questions, {sum(exam.points)} points" in paper


def test_the_paper_holds_no_word_of_an_answer(exam):
    paper = plain(exam.paper())
    for question in exam.questions:
        told = question.rubric if question.name in PROOFS else (question.why, *question.traps.values())
        told = (*told, *getattr(question, "choices", {}).values())
        assert not [sentence for sentence in told if sentence and sentence in paper]
    assert not re.search(r"seed|" + "|".join(name for name in ALL if "_" in name), exam.paper())


def test_the_scheme_holds_every_answer_the_way_to_it_and_what_each_error_is(exam):
    scheme = plain(exam.scheme())
    for question in exam.questions:
        if question.name in PROOFS:
            assert "One point for each line" in scheme
            continue
        assert question.why in scheme
        right = question.right if question.choices else f"{question.right:.6g}"
        assert f"{right}" in scheme
        for trap, error in question.traps.items():
            assert f"{trap:.4g} {error}" in scheme
        for choice, why in question.choices.items():
            assert choice == question.right or f"{choice} {why}" in scheme


def test_the_secret_text_and_the_term_decide_the_numbers_and_nothing_else_does():
    made = {
        (salt, term): tuple(item.seed for item in sc.teach.make_exam(salt, term, ["nu_value", "nu_value"]).questions)
        for salt in (SALT, SALT + "!")
        for term in (TERM, "Autumn 2032")
    }
    assert len({seed for seeds in made.values() for seed in seeds}) == 8  # twice in one exam is two questions
    again = sc.teach.make_exam(SALT, TERM, ["nu_value", "nu_value"])
    assert tuple(item.seed for item in again.questions) == made[SALT, TERM]


def test_points_are_those_that_were_asked_for():
    exam = sc.teach.make_exam(SALT, TERM, ["external_regret=5", "which_pone", "lever"])
    assert exam.points == (5, 2, 4)


def test_the_usual_exam_has_ten_questions_of_all_kinds():
    exam = sc.teach.make_exam(SALT, TERM)
    assert len(exam.questions) == len(USUAL) == len({question.name for question in exam.questions}) == 10
    assert {bool(getattr(question, "choices", None)) for question in exam.questions} == {True, False}


def test_the_command_writes_the_same_bytes_twice_and_nothing_over_other_files(tmp_path, capsys):
    (tmp_path / "salt.txt").write_text(SALT, encoding="utf-8")
    words = ("--salt", str(tmp_path / "salt.txt"), "--term", TERM, "--items", "external_regret=3,which_pone,lever")
    for folder in ("one", "two"):
        assert main(["exam", str(tmp_path / folder), *words]) == 0
    for name in ("exam.html", "scheme.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert main(["exam", str(tmp_path / "one"), *words]) == 2
    assert "already" in capsys.readouterr().err


@pytest.mark.parametrize("items", ["regrets", "lever=3", "external_regret=none", "external_regret=0", ","])
def test_the_command_says_what_is_wrong_and_writes_nothing(tmp_path, capsys, items):
    (tmp_path / "salt.txt").write_text(SALT, encoding="utf-8")
    words = ["exam", str(tmp_path / "out"), "--salt", str(tmp_path / "salt.txt"), "--term", TERM, "--items", items]
    assert main(words) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert not (tmp_path / "out").exists()


def test_a_proof_has_the_points_of_its_lines_and_no_others():
    with pytest.raises(ValueError, match="write lever alone"):
        sc.teach.make_exam(SALT, TERM, ["lever=8"])


def test_a_missing_salt_is_made(tmp_path):
    words = ["exam", str(tmp_path / "out"), "--salt", str(tmp_path / "new.txt"), "--term", TERM]
    assert main(words) == 0
    assert len((tmp_path / "new.txt").read_text(encoding="utf-8").strip()) == 32
