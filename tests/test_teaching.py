"""What the page for teachers promises: its places exist, its minutes add up, its code runs."""

import re
from itertools import accumulate, pairwise

import lectures
import pytest
from links import as_roles
from notebooks import cells_of
from test_reference import CHAPTERS_IN_ORDER, ROOT, labels, linked, page, prose

import socialcoop as sc
from socialcoop.teach.homework import LECTURES as HOMEWORK
from socialcoop.teach.items import ITEMS
from socialcoop.teach.proofs import PROOFS

CHAPTERS = CHAPTERS_IN_ORDER[: CHAPTERS_IN_ORDER.index("limits") + 1]
STATEMENT = re.compile(r"```\{prf:\w+\}.*?\n```", re.DOTALL)


def section(title):
    """Return the text of one section of the page, without its heading."""
    return page("teaching").split(f"\n## {title}\n")[1].split("\n## ")[0]


def entries(title):
    """Return a section's list as (term, what is said of it)."""
    return re.findall(r"^([^\n:].*)\n((?:: .*\n?)+)", section(title), re.MULTILINE)


LECTURES = re.findall(r"^## (Lecture \d: .*)$", page("teaching"), re.MULTILINE)
PLANS = [*LECTURES, "Lab", "If you have only one lecture"]
STEPS = [(plan, *entry) for plan in PLANS for entry in entries(plan)]
SHOWN = [(plan, term, line) for plan, term, told in STEPS if plan != "Lab" for line in told.splitlines()]


def test_there_are_three_lectures():
    assert [title[:10] for title in LECTURES] == ["Lecture 1:", "Lecture 2:", "Lecture 3:"]


@pytest.mark.parametrize("plan", PLANS)
def test_the_minutes_of_a_plan_follow_each_other_and_fill_ninety(plan):
    times = [tuple(map(int, re.match(r"(\d+)–(\d+), ", term).groups())) for term, _ in entries(plan)]
    assert (times[0][0], times[-1][1]) == (0, 90)
    assert all(before[1] == after[0] for before, after in pairwise(times))
    assert all(begin < end for begin, end in times)


def test_the_minutes_of_the_cut_fill_two_lectures_and_are_never_more_than_in_three():
    spent = []
    for plan in LECTURES:
        for term, told in entries(plan):
            begin, end, cut = re.match(r"(\d+)–(\d+), [^(]*(?:\(two lectures: (\d+)\))?$", term).groups()
            if cut:
                spent.append(int(cut))
                assert int(cut) <= int(end) - int(begin)
                kept = [line for line in told.splitlines() if not line.endswith("(three lectures only)")]
                assert kept, term
                assert len(kept) == len(told.splitlines()) or int(cut) < int(end) - int(begin), term
            else:
                assert "three lectures only" not in told  # it is anyway
    ends = list(accumulate(spent))
    assert 90 in ends
    assert ends[-1] == 180


@pytest.mark.parametrize("name", lectures.DECKS)
def test_a_lecture_has_at_most_six_votes_and_each_is_about_one_section_with_a_question(name):
    read = lectures.read_lecture(name, page("teaching"))
    assert sum(entry.minutes for entry in read.entries) == 90
    shown = [(entry.chapter, lectures.shown_by(line)) for entry in read.entries for line in entry.lines]
    votes = [(chapter, sections) for chapter, sections in shown if any(one.vote for one in sections)]
    assert 3 <= len(votes) <= 6
    for chapter, sections in votes:
        (asked,) = sections
        source = "\n".join(cell["source"] for cell in cells_of(chapter))
        text = f"\n{source}\n".split(f"\n## {asked.heading}\n")[1].split("\n## ")[0]
        assert re.search(r"\bask(_number)?\(", text), asked.heading


def test_two_lectures_show_a_part_of_what_three_show_in_the_same_order():
    def lines(*names):
        read = [lectures.read_lecture(name, page("teaching")) for name in names]
        return [(entry.chapter, line) for lecture in read for entry in lecture.entries for line in entry.lines]

    three, two = lines("1", "2", "3"), lines("1of2", "2of2")
    kept = [line for line in three if line in two]
    assert kept == two
    assert len(two) < len(three)


def test_no_part_of_the_argument_is_left_out_of_three_lectures():
    shown = [linked(term, "doc")[0] for plan in LECTURES for term, _ in entries(plan)]
    assert set(shown) == {"intro", *CHAPTERS}


@pytest.mark.parametrize(("plan", "term", "line"), SHOWN, ids=[" ".join(step)[:90] for step in SHOWN])
def test_every_section_that_a_plan_names_is_in_the_chapter_that_it_names(plan, term, line):
    (chapter,) = linked(term, "doc")
    names = re.findall(r"“([^”]+)”", line)
    assert names  # a line without a section would be no slide
    for name in names:
        assert re.search(rf"^##? {re.escape(name)}$", prose(chapter), re.MULTILINE), name


def test_every_section_that_the_lab_names_is_in_the_chapter_that_it_names():
    for _, told in entries("Lab"):
        for line in told.splitlines():
            for name in re.findall(r"“([^”]+)”", line):
                assert any(f"\n## {name}\n" in f"\n{prose(where)}\n" for where in linked(line, "doc")), name


def test_the_first_lecture_and_the_single_one_follow_the_book():
    for plan in (PLANS[0], PLANS[-1]):
        shown = [CHAPTERS.index(linked(term, "doc")[0]) for term, _ in entries(plan) if "intro" not in term]
        recap = shown[-1] < shown[-2]
        assert shown[: len(shown) - recap] == sorted(shown[: len(shown) - recap])


def test_the_examinable_statements_stand_in_the_book_and_were_shown():
    named = linked(section("Exam"), "prf:ref")
    assert len(named) == len(set(named)) >= 15
    shown = {linked(term, "doc")[0] for plan in LECTURES for term, _ in entries(plan)}
    for label in named:
        assert labels()[label] in shown, label
    proofs = re.findall(r"\*\*\{prf:ref\}`([\w-]+)`\*\*", section("Exam"))
    assert proofs
    for label in proofs:
        text = prose(labels()[label])
        assert "Proof" in text[text.index(f":label: {label}") :][:1500], label


def examined():
    """Return (label, whether its proof is examinable, items, proofs) of each examinable statement."""
    rows = re.findall(r"^\| (\*{0,2})\{prf:ref\}`([\w-]+)`\*{0,2} \| (.*) \| (.*) \|$", section("Exam"), re.MULTILINE)
    return [(label, bool(bold), *(re.findall(r"`(\w+)`", cell) for cell in cells)) for bold, label, *cells in rows]


def test_each_item_and_each_proof_asks_about_an_examinable_statement():
    rows = examined()
    assert [label for label, *_ in rows] == linked(section("Exam"), "prf:ref")
    assert {name for _, _, items, _ in rows for name in items} == set(ITEMS)
    assert {name for *_, proofs in rows for name in proofs} == set(PROOFS)
    assert not [label for label, bold, _, proofs in rows if bold and not proofs]


@pytest.mark.parametrize("lecture", HOMEWORK)
def test_a_homework_asks_about_what_its_lecture_shows(lecture):
    shown = {linked(term, "doc")[0] for term, _ in entries(LECTURES[lecture - 1])}
    for asked in HOMEWORK[lecture]:
        about = {labels()[label] for label, _, items, proofs in examined() if asked in [*items, *proofs]}
        assert about & shown, asked


def test_what_there_is_to_have_begins_the_page_with_one_command_each():
    table = page("teaching").split("\n## ")[0]
    rows = [row.strip("|").split("|") for row in table.splitlines() if row.startswith("| ")][1:]
    assert len(rows) >= 12
    for what, command, minutes in rows:
        assert what.strip()
        assert re.fullmatch(r" `[^`]+` ", command), command
        assert re.match(r" \d+", minutes), minutes
        for script in re.findall(r"python (chapters/\S+\.py)", command):
            assert (ROOT / script).exists(), script
        for name in re.findall(r"python -m socialcoop\.teach (\w+)", command):
            assert name in (ROOT / "socialcoop/teach/__main__.py").read_text(encoding="utf-8"), name


def test_every_exercise_of_the_lab_is_in_the_chapter_that_is_named():
    named = re.findall(r"\{ref\}`([^`]+)` of \{doc\}`[^<`]+<(\w+)>`", section("Lab"))
    assert len(named) == len(linked(section("Lab"), "ref")) > 0
    for label, chapter in named:
        assert f"{{exercise}}\n:label: {label}\n" in prose(chapter)


def test_no_statement_rests_on_a_chapter_that_is_not_needed():
    needs = {linked(term, "doc")[0]: set(linked(told, "doc")) for term, told in entries("What needs what")}
    assert list(needs) == CHAPTERS
    for name, direct in needs.items():
        earlier = CHAPTERS[: CHAPTERS.index(name)]
        assert direct <= set(earlier)
        closed = direct.union(*(needs[other] for other in direct))  # what the earlier ones need is there by now
        needs[name] = closed
        rests_on = {
            labels()[label] for box in STATEMENT.findall(prose(name)) for label in linked(as_roles(box), "prf:ref")
        }
        assert rests_on & set(earlier) <= closed, name


def test_the_line_of_a_pair_is_read_as_the_page_says():
    game = sc.games.team_lead()
    line = re.search(r"`(\d,\d,[DS.]+,[DS.]+)`", dict(entries("Lab"))["35–45, collect"])[1]
    records = sc.teach.read_class(line, game)
    assert (len(records), records.horizon) == (1, 10)
    assert game.type_names == ("likes it direct", "likes it supportive")
    assert records.types.tolist() == [[0, 1]]
    assert (~records.observed).sum() == line.count(".") == 1


def test_the_files_to_read_in_class_are_short():
    paths = re.findall(r"^`(\S+)`$", section("Code to read in class"), re.MULTILINE)
    lengths = [len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in paths]
    assert len(lengths) == 3
    assert lengths[0] <= 160  # "about 150"
    assert max(lengths) <= 250
