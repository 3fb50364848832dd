"""The question bank: read back as its importers read it, it asks, accepts and answers as the items do."""

import re
from html import unescape

import pytest

import socialcoop as sc
from socialcoop.teach.__main__ import main
from socialcoop.teach.gift import versions
from socialcoop.teach.item import Item

ITEMS = sc.teach.items.ITEMS
MANY = [make(seed) for make in ITEMS.values() for seed in range(6)]


def parsed(text):
    """Return (category, title, format, text, numeric, answers) of each; an answer is (sign, text, feedback)."""
    category, found = "", []
    for block in re.split(r"\n\s*\n", text.strip()):
        if block.startswith("$CATEGORY: "):
            category = block.removeprefix("$CATEGORY: ")
            continue
        plain, marks = unescaped(block)
        assert plain.startswith("::")
        title_end = plain.index("::", 2)
        begin, end = marks.index("{"), len(plain) - 1
        assert (plain[end], marks.count("{"), marks.count("}")) == ("}", 1, 1)
        form, asked = re.fullmatch(r"\[(\w+)\](.*)", plain[title_end + 2 : begin], re.DOTALL).groups()
        numeric = marks[begin + 1] == "#"
        answers, starts = [], [at for at in range(begin + 1, end) if marks[at] in "=~" and at > begin]
        for at, after in zip(starts, [*starts[1:], end], strict=True):
            cut = marks.index("#", at)
            assert cut < after
            answers.append((plain[at], plain[at + 1 : cut].strip(), plain[cut + 1 : after].strip()))
        found.append((category, plain[2:title_end], form, asked, numeric, answers))
    return found


def unescaped(block):
    """Return a block without its backslashes, and the same with a blank for each sign that had one."""
    plain, marks, at = [], [], 0
    while at < len(block):
        kept = block[at] == "\\"
        at += kept
        plain.append("\n" if kept and block[at] == "n" else block[at])
        marks.append(" " if kept else block[at])
        at += 1
    return "".join(plain), "".join(marks)


def words(html):
    """Return the words of HTML, a table cell by cell."""
    return unescape(re.sub(r"<[^>]+>", " ", html)).split()


@pytest.mark.parametrize("name", ITEMS)
def test_what_is_read_back_is_what_the_items_say(name):
    items = [item for item in MANY if item.name == name]
    found = parsed(sc.teach.as_gift(items))
    assert len(found) == len(items)
    for number, (item, (category, title, form, asked, numeric, answers)) in enumerate(zip(items, found, strict=True)):
        assert category == f"Learning to cooperate/{name.replace('_', ' ')}"
        assert (title, form) == (f"{name.replace('_', ' ')} {number + 1}", "html")
        assert words(asked) == " ".join([item.text, *(cell for row in item.table for cell in row)]).split()
        assert numeric == (not item.choices)
        (accepts if numeric else offers)(item, answers)


def accepts(item, answers):
    """Check that each number gets what the item says of it, and only the right one counts."""
    for sign, given, feedback in answers:
        worth, value, within = re.fullmatch(r"(%0%)?(-?[\d.e+-]+):([\d.]+)", given).groups()
        verdict = item.judge(float(value))
        assert sign == "="
        assert (worth is None) == verdict.correct
        assert unescape(feedback) == verdict.why
        assert float(within) == item.within
    assert len(answers) == 1 + len(item.traps)
    assert answers[0][1].startswith(f"{item.right:.10g}:")


def offers(item, answers):
    assert [unescape(choice) for _, choice, _ in answers] == [*item.choices]
    assert [unescape(feedback) for *_, feedback in answers] == [*item.choices.values()]
    assert [sign == "=" for sign, *_ in answers] == [choice == item.right for choice in item.choices]


ODD = "a = b ~ c # {d} : e \\ f <g> & h\n{#}"


@pytest.mark.parametrize("numeric", [True, False])
def test_signs_that_mean_something_to_the_format_stay_signs(numeric):
    if numeric:
        item = Item("odd", 0, ODD, 0.5, ODD, {-1.0: ODD}, table=(("", ODD), (ODD, "1")))
    else:
        item = Item("odd", 0, ODD, ODD, ODD, choices={ODD: ODD, "no": ODD})
    ((_, _, _, asked, _, answers),) = parsed(sc.teach.as_gift([item]))
    assert words(asked) == (ODD.split() * (3 if numeric else 1)) + ["1"] * numeric
    assert {unescape(feedback) for *_, feedback in answers} == {ODD}
    if not numeric:
        assert unescape(answers[0][1]) == ODD


def test_all_items_make_one_bank_with_a_category_for_each():
    found = parsed(sc.teach.as_gift(MANY))
    assert len(found) == len(MANY)
    assert len({category for category, *_ in found}) == len(ITEMS)


def test_versions_differ_and_are_not_those_that_anybody_can_compute():
    for salt in (None, "keep this to yourself"):
        made = versions("nu_probability", 12, salt)
        assert len({item.text for item in made}) == 12
        assert ({item.seed for item in made} <= set(range(100))) == (salt is None)


def written(*words_given):
    return main(["gift", *map(str, words_given)])


def test_the_command_writes_the_same_bank_twice_and_nothing_over_another_file(tmp_path, capsys):
    salt = tmp_path / "salt.txt"
    salt.write_text("keep this to yourself\n", encoding="utf-8")
    arguments = ("--items", "external_regret, which_pone", "--versions", 3, "--salt", salt)
    assert written(tmp_path / "one.gift", *arguments) == written(tmp_path / "two.gift", *arguments) == 0
    one, two = ((tmp_path / f"{name}.gift").read_bytes() for name in ("one", "two"))
    assert one == two
    assert len(parsed(one.decode())) == 6
    assert written(tmp_path / "one.gift", *arguments) == 2
    assert "already" in capsys.readouterr().err
    assert (tmp_path / "one.gift").read_bytes() == one


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--items", "regrets"], "no item is called 'regrets'"),
        (["--items", ","], "one or more"),
        (["--versions", "0"], "--versions"),
    ],
)
def test_the_command_says_what_is_wrong_and_writes_nothing(tmp_path, monkeypatch, capsys, arguments, said):
    monkeypatch.chdir(tmp_path)
    assert written("bank.gift", *arguments) == 2
    assert said in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


def test_a_missing_salt_is_made_and_a_short_one_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert written("bank.gift", "--versions", "1", "--salt", "salt.txt") == 0
    assert len((tmp_path / "salt.txt").read_text(encoding="utf-8").strip()) == 32
    (tmp_path / "short.txt").write_text("abc", encoding="utf-8")
    assert written("other.gift", "--salt", "short.txt") == 2
    assert "8 or more characters" in capsys.readouterr().err
