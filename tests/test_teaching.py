"""What the page for teachers promises: its places exist, its minutes add up, its code runs."""

import re
from itertools import pairwise, product

import pytest
from notebooks import extension
from test_reference import CHAPTERS_IN_ORDER, ROOT, labels, linked, page, prose

import socialcoop as sc

CHAPTERS = CHAPTERS_IN_ORDER[: CHAPTERS_IN_ORDER.index("limits") + 1]
as_roles = extension("links").as_roles
STATEMENT = re.compile(r"```\{prf:\w+\}.*?\n```", re.DOTALL)


def section(title):
    """Return the text of one section of the page, without its heading."""
    return page("teaching").split(f"\n## {title}\n")[1].split("\n## ")[0]


def entries(title):
    """Return a section's list as (term, what is said of it)."""
    return re.findall(r"^([^\n:].*)\n((?:: .*\n?)+)", section(title), re.MULTILINE)


PLANS = [
    "Lecture 1: Why may an assistant stop copying people?",
    "Lecture 2: Imitate, then commit",
    "Lab",
    "If you have only one lecture",
]
STEPS = [(plan, *entry) for plan in PLANS for entry in entries(plan)]


@pytest.mark.parametrize("plan", PLANS)
def test_the_minutes_of_a_plan_follow_each_other_and_fill_ninety(plan):
    times = [tuple(map(int, re.match(r"(\d+)–(\d+), ", term).groups())) for term, _ in entries(plan)]
    assert (times[0][0], times[-1][1]) == (0, 90)
    assert all(before[1] == after[0] for before, after in pairwise(times))
    assert all(begin < end for begin, end in times)


@pytest.mark.parametrize(("plan", "term", "told"), STEPS, ids=[" ".join(step[:2]) for step in STEPS])
def test_every_section_that_a_plan_names_is_in_the_chapter_that_it_names(plan, term, told):
    chapter = linked(term, "doc")
    assert bool(chapter) != (plan == "Lab")
    for line in told.splitlines():
        here = chapter or linked(line, "doc")
        for name in re.findall(r"“([^”]+)”", line):
            assert any(f"\n## {name}\n" in f"\n{prose(where)}\n" for where in here), name


def test_the_first_lecture_and_the_single_one_follow_the_book():
    for plan in (PLANS[0], PLANS[3]):
        shown = [CHAPTERS.index(linked(term, "doc")[0]) for term, _ in entries(plan) if "intro" not in term]
        assert shown == sorted(shown)


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


def test_the_class_is_studied_as_the_page_says(tmp_path, monkeypatch, capsys):
    game = sc.games.team_lead()
    rows = ["episode,stage,type_1,type_2,action_1,action_2"]
    for pair, types in enumerate(product((0, 1), repeat=2), start=1):
        for stage in range(1, 11):
            actions = types if stage == 1 else (types[0], types[0])  # the second player gives way
            names = [game.type_names[k] for k in types] + [game.action_names[a] for a in actions]
            rows.append(",".join(map(str, (pair, stage, *names))))
    (tmp_path / "class.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(re.search(r"```python\n(.*?)```", section("Lab"), re.DOTALL)[1], {})
    said = capsys.readouterr().out
    assert "4 episode(s) of 10 stage(s)" in said
    assert "player 2 is left short by [0.  " in said  # alike, they have the best from the first stage on
    short = dict(re.findall(r"^(.+): the partner is left short by ([+-]0\.\d\d) a stage", said, re.MULTILINE))
    assert len(short) == 5
    assert float(short["always supportive"]) < float(short["echoes the first word"]) < float(short["always direct"])
    assert said.count("  the records hold the first ") == 2


def test_names_and_columns_of_the_table_are_those_that_the_page_lists():
    game = sc.games.team_lead()
    named = re.findall(r"`([^`]+)`", dict(entries("Lab"))["35–45, collect"])
    columns = ["episode", "stage", "type_1", "type_2", "action_1", "action_2"]
    assert [name for name in named if name in columns] == columns
    assert named[-4:] == [*game.type_names, *game.action_names]


def test_the_files_to_read_in_class_are_short():
    paths = re.findall(r"^`(\S+)`$", section("Code to read in class"), re.MULTILINE)
    lengths = [len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in paths]
    assert len(lengths) == 3
    assert lengths[0] <= 160  # "about 150"
    assert max(lengths) <= 250
