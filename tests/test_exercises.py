"""What the exercises promise: each says what it is for, each aim has one, some are open, look at a figure or hint."""

import re
from collections import Counter

import pytest
from notebooks import CHAPTERS, NAMES, cells_of

LINE = r"\*Objective ([1-9]) · ([1-9]\d?) minutes · (to practise|to think|to prove|open)\*"
EXERCISE = re.compile(r"^```\{exercise\}\n:label: (\S+)\n\n(.*?)\n\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
PARTS = re.findall(
    r"caption: (.+)\n    numbered: 1\n    chapters:\n((?:      - file: chapters/\w+\n)+)",
    (CHAPTERS.parent / "_toc.yml").read_text(encoding="utf-8"),
)
HARD = 25  # minutes from which on a proof has a hint


def prose(name):
    return "\n\n".join(cell["source"] for cell in cells_of(name) if cell["cell_type"] == "markdown")


def exercises(name):
    """Yield (label, objective, minutes, level, text) of each exercise of a notebook."""
    for label, about, text in EXERCISE.findall(prose(name)):
        found = re.fullmatch(LINE, about)
        assert found, f"{label}: {about}"
        yield label, int(found[1]), int(found[2]), found[3], text


def after(name, label):
    """Return what stands between an exercise and the next one, or the end of the notebook."""
    rest = prose(name).split(f"```{{exercise}}\n:label: {label}\n")[1]
    return rest.split("```{exercise}")[0].split("\n## Further reading")[0]


def solution(name, label):
    """Return the prose of the solution of an exercise."""
    return re.split(r"```\{solution(?:-start)?\} \S+\n", after(name, label))[1]


ALL = {name: list(exercises(name)) for name in NAMES}
EACH = [(name, *each) for name, found in ALL.items() for each in found]


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_says_what_it_is_for_and_every_objective_has_one(name):
    text = prose(name)
    assert len(ALL[name]) == text.count("```{exercise}") > 0
    aims = re.search(r"When you have read this \w+, you can\n:class: tip\n((?:- [^\n]+\n)+)", text)[1].count("\n")
    assert {objective for _, objective, *_ in ALL[name]} == set(range(1, aims + 1))


def test_labels_are_unique_and_minutes_plausible():
    assert max(Counter(label for _, label, *_ in EACH).values()) == 1
    assert all(5 <= minutes <= 60 and minutes % 5 == 0 for _, _, _, minutes, _, _ in EACH)


def test_what_the_text_asks_for_is_what_the_level_says():
    for _, label, _, _, level, text in EACH:
        if re.match(r"Prove (it|a step)\. ", text):
            assert level == "to prove", label
        if re.match(r"(Run it|Compute it|By hand|Count it|Draw it)\. ", text):
            assert level == "to practise", label
        if text.startswith("Think. "):
            assert level == "to think", label


def test_each_part_of_the_book_has_an_open_exercise_whose_solution_says_what_a_good_answer_has():
    for caption, files in PARTS:
        names = re.findall(r"chapters/(\w+)", files)
        assert any(level == "open" for name in names for *_, level, _ in ALL[name]), caption
    opened = [(name, label) for name, label, _, _, level, _ in EACH if level == "open"]
    assert len(opened) >= 6
    for name, label in opened:
        told = solution(name, label)
        assert "A good one has these." in told
        assert len(re.findall(r"^- \*", told, re.MULTILINE)) >= 4
    for name, label, _, _, level, _ in EACH:
        assert level == "open" or "A good one has these." not in solution(name, label), label


def test_each_part_of_the_book_has_an_exercise_that_explores_a_figure():
    looking = {name for name, *_, text in EACH if re.search(r"\]\(#fig-[\w-]+&", text)}
    assert len(looking) >= 6
    for caption, files in PARTS:
        assert looking & set(re.findall(r"chapters/(\w+)", files)), caption


def test_what_takes_long_to_prove_has_a_hint_and_a_hint_stands_before_the_solution():
    hints = 0
    for name, label, _, minutes, level, _ in EACH:
        between = re.split(r"```\{solution", after(name, label))
        assert "{admonition} Hint" not in "".join(between[1:]), label
        found = between[0].count("```{admonition} Hint\n:class: dropdown tip\n")
        assert found <= 1
        assert found or level != "to prove" or minutes < HARD, label
        hints += found
    assert hints >= 20


def test_what_is_computed_by_hand_names_a_typical_wrong_answer():
    for name, label, *_, text in EACH:
        if text.startswith("By hand. ") or label.endswith("-hand"):
            wrong = re.findall(r"^If you found .+$", solution(name, label), re.MULTILINE)
            assert 1 <= len(wrong) <= 2, label
