"""A class that plays itself: its lines are read as written, and the notebook finds what a count by hand finds."""

import json
import re

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

import socialcoop as sc
from socialcoop.teach.__main__ import main
from socialcoop.teach.lab import as_lines, dealt, example_class, letters_of, numbered_lines

TEAM = sc.games.team_lead()
PAYS = {"0DD": 1, "0DS": 0.2, "0SD": 0, "0SS": 0.6, "1DD": 0.6, "1DS": 0, "1SD": 0.2, "1SS": 1}  # of the team lead


# --- the lines


def test_a_line_is_read_move_by_move():
    records = sc.teach.read_class("0,1,DS.D,SS-S\n1,1,S,D\n", TEAM)
    assert records.types.tolist() == [[0, 1], [1, 1]]
    assert records.actions[:, :, 0].tolist() == [[0, 1], [1, 1], [0, 0], [0, 1]]
    assert records.observed[:, :, 0].tolist() == [[True, True], [True, True], [False, False], [True, True]]
    assert records.stages.tolist() == [4, 1]


@pytest.mark.parametrize(
    "text",
    [
        "0,1,DSDD,SSDD",
        "0, 1, dsdd, ssdd\n\n",
        "# a class\n0;1;DSDD;SSDD;;\n",
        "\ufeff0,1,DS DD,SS DD,,  # who came late",
        'likes it direct,"likes it supportive",DSDD,SSDD',
    ],
)
def test_a_line_may_be_written_in_many_ways(text, tmp_path):
    wanted = sc.Dataset.from_arrays([[0, 1, 0, 0]], [[1, 1, 0, 0]], TEAM, [[0, 1]])
    assert sc.teach.read_class(text, TEAM) == wanted
    (tmp_path / "a class.txt").write_text(text, encoding="utf-8")
    assert sc.teach.read_class(tmp_path / "a class.txt", TEAM) == wanted
    assert sc.teach.read_class(str(tmp_path / "a class.txt"), TEAM) == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0,1,DSD,SS", "line 1: the first has 3 move(s) and the second 2: write a dot for a move that was missed"),
        ("0,1,DSX,SSS", "line 1: a move is one of D, S, or a dot if it was missed, got 'X'"),
        ("\n0,1,DS,SS\n0,2,DS,SS", "line 3: a type is a number from 0 to 1 or a name, got '2'"),
        (
            "0,1,DSDD\n0,1,DS,S0",
            "line 1: write two types and the moves of both, four parts with commas, got 3 part(s); ",
        ),
        ("0,1,DSDD\n0,1,DS,S0", "; line 2: a move is one of D, S"),
        ("0,1,D,S,D", "got 5 part(s)"),
        ("# nobody\n", "source must have a line for each pair, got none"),
        ("", "source must have a line for each pair, got none"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        sc.teach.read_class(text + "\n", TEAM)


def test_a_pair_is_found_by_the_number_and_the_words_of_its_line():
    text = "# a class\n\n0,1,DS.D,SS-S  # who came late\n;;\n1;1;S;D\n"
    assert numbered_lines(text) == ["line 3: 0,1,DS.D,SS-S  # who came late", "line 5: 1;1;S;D"]
    assert len(sc.teach.read_class(text, TEAM)) == 2


def test_letters_are_those_of_the_names_or_numbers():
    assert letters_of(TEAM) == ["D", "S"]
    assert letters_of(sc.games.Game(np.eye(2)[None], "twins", ["stay", "swerve"])) == ["0", "1"]
    assert sc.teach.read_class("0,0,01,10", sc.games.Game(np.eye(2)[None], "twins", ["stay", "swerve"])).stages == [2]
    with pytest.raises(ValueError, match="at most 10 actions"):
        letters_of(sc.games.coordination(11))


@pytest.mark.parametrize("pairs", [1, 3, 30, 64])
def test_what_is_written_is_read(pairs):
    records = example_class(pairs)
    assert len(records) == pairs
    assert sc.teach.read_class(as_lines(records), TEAM) == records


def test_joint_types_are_dealt_about_equally_often():
    types, counts = np.unique(dealt(TEAM, 30, seed=3), axis=0, return_counts=True)
    assert types.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert counts.max() - counts.min() <= 1
    assert dealt(TEAM, 30, seed=3).tolist() != dealt(TEAM, 30, seed=4).tolist()


# --- counted by hand


def lines_of(text):
    return [line.split(",") for line in text.splitlines() if line and line[0] != "#"]


def both(line):
    """Return the moves of both at the stages at which both were seen."""
    return [(own, other) for own, other in zip(*line[2:], strict=True) if "." not in own + other]


def regret(line, player):
    kind, moves = line[player], [pair[:: 1 - 2 * player] for pair in both(line)]
    earned = sum(PAYS[kind + own + other] for own, other in moves)
    return max(sum(PAYS[kind + word + other] for _, other in moves) for word in "DS") - earned


def short(line):
    """Return by how much the second player missed what its worst PONE pays: 1 for like types, and 0.6 for others."""
    owed = 1 if line[0] == line[1] else 0.6
    return sum(owed - PAYS[line[1] + other + own] for own, other in both(line))


def held(lines, which):
    """Return for how many stages the others' lines hold the history, and what was done then."""
    told = list(zip(*lines[which][2:], strict=True))
    others = [
        list(zip(*line[2:], strict=True)) for k, line in enumerate(lines) if k != which and line[0] == lines[which][0]
    ]
    count = 0
    for stage, now in enumerate(told):
        known = [
            other
            for other in others
            if other[:stage] == told[:stage]
            and len(other) > stage
            and not {"."} & set(sum(other[:stage], (other[stage][0],)))
        ]
        if "." in now or not known:
            break
        count += 1
    return count


@pytest.mark.parametrize("pairs", [1, 2, 3, 30, 100])
def test_stages_held_are_those_that_a_comparison_of_lines_finds(pairs):
    records = example_class(pairs)
    lines = lines_of(as_lines(records))
    assert sc.teach.stages_held(records).tolist() == [held(lines, k) for k in range(pairs)]


@pytest.mark.parametrize("pairs", [30, 3, 1])
def test_the_notebook_runs_and_finds_what_is_counted_by_hand(pairs, tmp_path):
    assert main(["lab", str(tmp_path / "lab.ipynb"), "--pairs", str(pairs)]) == 0
    lines = lines_of((tmp_path / "class.txt").read_text(encoding="utf-8"))
    assert len(lines) == pairs
    said = executed(tmp_path)
    for player in (0, 1):
        numbers = [regret(line, player) / len(both(line)) for line in lines]
        assert told(said, f"player {player + 1} regrets") == pytest.approx(numbers, abs=0.0051)
        assert f"{np.mean(numbers) + 1e-12:.2f} on average" in said
    assert told(said, "player 2 is left short by") == pytest.approx(
        [short(line) / len(both(line)) for line in lines], abs=0.0051
    )
    told_lines = (tmp_path / "class.txt").read_text(encoding="utf-8").splitlines()
    for what, numbers in [
        ("player 1 regrets", [regret(line, 0) / len(both(line)) for line in lines]),
        ("player 2 regrets", [regret(line, 1) / len(both(line)) for line in lines]),
        ("player 2 is left short", [short(line) / len(both(line)) for line in lines]),
    ]:
        said_of = re.search(
            rf"^{what} most, (-?[\d.]+), in (\d+) pair\(s\); the first is line (\d+): (.*)$", said, re.M
        )
        most = [k for k, number in enumerate(numbers) if number > max(numbers) - 1e-9]
        assert float(said_of[1]) == pytest.approx(max(numbers), abs=0.0051)
        assert int(said_of[2]) == len(most)
        assert told_lines[int(said_of[3]) - 1] == said_of[4] == ",".join(lines[most[0]])
    counts = [held(lines, k) for k in range(pairs)]
    assert f"a pair is followed for {np.mean(counts):.1f} stages on average" in said
    shown = [int(count) for count in re.findall(r"^stage +\d+: +(\d+) pair", said, re.MULTILINE)]
    assert shown == [sum(count >= stage for count in counts) for stage in range(1, len(shown) + 1)]
    table = {
        name: list(map(float, row.split()))
        for name, row in re.findall(r"^(\w.{23})((?: +[+-]\d\.\d\d){5})$", said, re.MULTILINE)
    }
    assert len(table) == 5
    for name, row in table.items():
        assert np.mean(row[:4]) == pytest.approx(row[4], abs=0.011), name
    direct, supportive, echo = (
        table[f"{name:24}"] for name in ("always direct", "always supportive", "echoes the first word")
    )
    # A learner against a constant ends at that word: what it pays her, and what her worst PONE would have.
    assert direct[:4] == pytest.approx([0, 0, -0.4, 0.4], abs=0.06)
    assert supportive[:4] == pytest.approx([0.4, -0.4, 0, 0], abs=0.06)
    assert all(
        min(pair) <= value <= max(pair) for *pair, value in zip(direct[:4], supportive[:4], echo[:4], strict=True)
    )


def executed(folder):
    """Run the notebook in its folder, and return what it prints."""
    notebook = nbformat.read(folder / "lab.ipynb", 4)
    nbformat.validate(notebook)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": folder}}).execute()
    return "".join(out["text"] for cell in notebook.cells for out in cell.get("outputs", []))


def told(said, what):
    """Return the numbers in brackets after some words."""
    return list(map(float, re.search(re.escape(what) + r" \[([^]]*)\]", said)[1].split()))


@pytest.mark.parametrize(
    "lines",
    ["0,1,..........,DDDDDDDDDD\n", "0,1,.D,SD\n1,1,S.,SS\n", "1,0,S,D\n0,0,DDDDDDDDDDDDDDD,DDDDDDDDDDSSSSS\n"],
)
def test_the_notebook_runs_with_whatever_a_class_brings(lines, tmp_path):
    assert main(["lab", str(tmp_path / "lab.ipynb"), "--pairs", "1"]) == 0
    (tmp_path / "class.txt").write_text(lines, encoding="utf-8")
    assert "nan" not in executed(tmp_path)


def test_made_up_pairs_may_be_added_as_the_notebook_says(tmp_path):
    main(["lab", str(tmp_path / "lab.ipynb"), "--pairs", "2"])
    source = "".join(json.loads((tmp_path / "lab.ipynb").read_text(encoding="utf-8"))["cells"][-1]["source"])
    room = {"sc": sc, "records": example_class(2), "lines": numbered_lines(as_lines(example_class(2)))}
    exec(source.replace("# ", ""), room)
    assert len(room["records"]) == len(room["lines"]) == 32


def test_nothing_is_overwritten_and_the_same_comes_twice(tmp_path, capsys):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert main(["lab", str(tmp_path / name / "lab.ipynb")]) == 0
        assert main(["lab", str(tmp_path / name / "lab.ipynb")]) == 2
    assert "is there already" in capsys.readouterr().err
    for file in ("lab.ipynb", "class.txt"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    assert main(["lab", str(tmp_path / "lab.txt")]) == 2
    assert main(["lab", str(tmp_path / "lab.ipynb"), "--pairs", "0"]) == 2
    assert "--pairs must be an integer from 1 to 1000" in capsys.readouterr().err
