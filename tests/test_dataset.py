"""Datasets: what is written can be read again, and what cannot be read is blamed on the right row."""

import copy
import csv
import importlib.util
import io
import pickle
import sys
import unicodedata
import zipfile
from contextlib import contextmanager
from itertools import cycle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import socialcoop as sc
from socialcoop.social import tables as module
from socialcoop.social.records import Dataset
from socialcoop.social.tables import WIDE as COLUMNS

GAME = sc.games.team_lead()  # actions "direct", "supportive"; types "likes it direct", "likes it supportive"
HEADER = ",".join(COLUMNS)
GOOD = [HEADER, "1,1,0,1,0,0", "1,2,0,1,1,0", "2,1,1,1,0,1", "2,2,1,1,1,1"]

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@st.composite
def records(draw, smallest=0, names=WORDS):
    """Return a random dataset of a random game."""
    n_actions, n_types = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    horizon, episodes = draw(st.integers(smallest, 5)), draw(st.integers(smallest, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    game = sc.Game(
        rng.random((n_types, n_actions, n_actions)),
        draw(WORDS),
        draw(st.lists(names, min_size=n_actions, max_size=n_actions, unique_by=str.strip)),
        draw(st.lists(names, min_size=n_types, max_size=n_types, unique_by=str.strip)),
    )
    actions = rng.integers(n_actions, size=(horizon, 2, episodes), dtype=np.uint8)
    return Dataset(actions, rng.integers(n_types, size=(episodes, 2)), game)


@st.composite
def gappy(draw, smallest=0, names=WORDS):
    """Return a random dataset in which moves were missed and episodes end early."""
    whole = draw(records(smallest, names))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    observed = rng.random(whole.actions.shape) < rng.choice([1, 0.8, 0.3])
    observed &= np.arange(whole.horizon)[:, None, None] < rng.integers(0, 2 * whole.horizon + 1, whole.episodes)
    return Dataset(whole.actions, whole.types, whole.game, observed)


def assert_same(left, right):
    assert type(left) is type(right) is Dataset
    assert left == right
    assert hash(left) == hash(right)
    for a, b in ((left.actions, right.actions), (left.types, right.types), (left.game.payoffs, right.game.payoffs)):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)
    for attribute in ("name", "action_names", "type_names"):
        assert getattr(left.game, attribute) == getattr(right.game, attribute)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("datasets")


@pytest.fixture
def example():
    types = [[0, 1], [1, 1]]
    play = sc.play(sc.Scripted([0, 1]), sc.Fixed([[1.0, 0], [0, 1]]), GAME, types, 3, 2, seed=0)
    return Dataset(play.actions, play.types, play.game)


def table(dataset, names=False):
    """Return the rows of a dataset, by plain loops; those that say nothing at the end of an episode are left out."""
    actions, types = dataset.game.action_names, dataset.game.type_names
    rows = []
    for episode in range(dataset.episodes):
        last = len(rows) + 1
        for stage in range(dataset.horizon):
            theta, joint = dataset.types[episode].tolist(), dataset.actions[stage, :, episode].tolist()
            if names:
                theta, joint = [types[k] for k in theta], [actions[a] for a in joint]
            if dataset.observed is not None:
                seen = dataset.observed[stage, :, episode].tolist()
                joint = [move if shown else "" for move, shown in zip(joint, seen, strict=True)]
            rows.append([episode + 1, stage + 1, *theta, *joint])
            last = len(rows) if joint != ["", ""] else last
        del rows[last:]
    return rows


def seen_stages(dataset):
    """Return the dataset without the stages at the end that no episode shows, which a table cannot tell."""
    last = max(1, max(dataset.stages, default=0))
    observed = None if dataset.observed is None else dataset.observed[:last]
    return Dataset(dataset.actions[:last], dataset.types, dataset.game, observed)


def written(rows, header=COLUMNS):
    file = io.StringIO(newline="")
    csv.writer(file).writerows([header, *rows])
    return file.getvalue()


def read(folder, text, game=GAME):
    path = folder / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Dataset.from_csv(path, game)


@contextmanager
def dataset_or_value_error(path):
    """Pass what raises nothing, or a ValueError that begins with the path."""
    try:
        yield
    except ValueError as error:
        if not str(error).startswith(str(path)):
            raise


# ---- what a dataset is


def test_a_dataset_is_a_play(example):
    assert isinstance(example, sc.Play)
    assert (example.horizon, example.episodes) == (3, 2)
    assert sc.external_regret(example).shape == (2,)
    assert repr(example) == "Dataset(2 episode(s) of 3 stage(s), 'team lead')"
    with pytest.raises(AttributeError):
        example.actions = None


# ---- archives


@given(gappy())
def test_an_archive_restores_the_dataset_exactly(folder, dataset):
    dataset.save(folder / "dataset.npz")
    assert_same(Dataset.load(folder / "dataset.npz"), dataset)


@pytest.mark.parametrize("shape", [(0, 2, 0), (0, 2, 3), (4, 2, 0), (1, 2, 1)])
def test_an_archive_keeps_empty_shapes(folder, shape):
    dataset = Dataset(np.zeros(shape, np.uint8), np.zeros((shape[2], 2), int), sc.Game([[0.25]], "", [""], [""]))
    dataset.save(folder / "empty.npz")
    assert_same(Dataset.load(folder / "empty.npz"), dataset)


def test_an_archive_has_the_name_it_was_given(folder, example):
    example.save(str(folder / "no suffix"))
    assert_same(Dataset.load(str(folder / "no suffix")), example)


def test_saving_replaces_the_file(folder, example):
    path = folder / "twice.npz"
    path.write_bytes(b"x" * 100_000)
    example.save(path)
    assert_same(Dataset.load(path), example)


def test_an_archive_can_be_read_without_the_package(folder, example):
    example.save(folder / "open.npz")
    with np.load(folder / "open.npz", allow_pickle=False) as archive:
        assert archive["action_names"].tolist() == ["direct", "supportive"]
        np.testing.assert_array_equal(archive["types"], example.types)


def test_a_name_that_would_be_cut_short_is_refused(folder):
    dataset = Dataset(np.zeros((1, 2, 1), np.uint8), np.zeros((1, 2), int), sc.Game([[1]], "end\0"))
    with pytest.raises(ValueError, match=r"game .* NUL"):
        dataset.save(folder / "nul.npz")


def archive_with(example, folder, **arrays):
    """Write the archive of ``example`` with some arrays replaced, or left out where None."""
    path = folder / "broken.npz"
    example.save(path)
    with np.load(path) as archive:
        contents = {name: arrays.get(name, archive[name]) for name in archive}
    np.savez(path, **{name: value for name, value in contents.items() if value is not None})
    return path


def refused(path, *fragments):
    with pytest.raises(ValueError, match=r"does not hold a dataset: .") as caught:
        Dataset.load(path)
    for fragment in (str(path), *fragments):
        assert fragment in str(caught.value)


@pytest.mark.parametrize("name", ["actions", "types", "payoffs", "name", "action_names", "type_names"])
def test_an_archive_without_one_of_its_arrays_is_refused(folder, example, name):
    refused(archive_with(example, folder, **{name: None}), f"lacks {name}")


@pytest.mark.parametrize(
    ("arrays", "fragment"),
    [
        ({"actions": np.zeros((3, 2, 2))}, "actions must hold integers"),
        ({"actions": np.zeros((3, 2), np.uint8)}, "actions must have shape (T, 2, B)"),
        ({"actions": np.full((3, 2, 2), 2, np.uint8)}, "actions must hold integers from 0 to 1, got up to 2"),
        ({"types": np.zeros((3, 2), int)}, "types must have shape (2, 2)"),
        ({"types": np.zeros((2, 2))}, "types must hold integers"),
        ({"types": np.full((2, 2), 2)}, "types must hold integers from 0 to 1"),
        ({"payoffs": np.eye(2) * 2}, "payoffs must lie in [0, 1]"),
        ({"payoffs": np.eye(1)}, "actions must be 1 names"),
        ({"payoffs": np.array("many")}, "payoffs must be an array of numbers"),
        ({"name": np.array(3)}, "name must be a str"),
        ({"name": np.array(["a", "b"])}, "name must be a str"),
        ({"action_names": np.array(["one"])}, "actions must be 2 names"),
        ({"type_names": np.array([1, 2])}, "types must be 2 names"),
        ({"type_names": np.array("ab")}, "types must be 2 names"),
    ],
)
def test_an_archive_of_arrays_that_do_not_fit_together_is_refused(folder, example, arrays, fragment):
    refused(archive_with(example, folder, **arrays), fragment)


class Trap:
    """What a pickle could run."""

    def __reduce__(self):
        return pytest.fail, ("a pickle was read",)


def test_an_archive_with_a_pickle_is_refused_unread(folder, example):
    refused(archive_with(example, folder, name=np.array(Trap(), object)), "allow_pickle=False")


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 50, b"episode,stage\n1,1\n", b"PK", pickle.dumps(Trap())])
def test_a_file_that_is_no_archive_is_refused(folder, content):
    path = folder / "something.npz"
    path.write_bytes(content)
    refused(path, "not a complete .npz archive")


def test_an_archive_of_something_else_is_refused(folder):
    np.save(folder / "array.npy", np.eye(2))
    refused(folder / "array.npy", "not a complete .npz archive")
    with zipfile.ZipFile(folder / "texts.zip", "w") as archive:
        archive.writestr("actions", "some text")
    refused(folder / "texts.zip", "lacks types, payoffs, name, action_names, type_names")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_archive_is_refused(folder, example, share):
    path = folder / "short.npz"
    example.save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    refused(path, "not a complete .npz archive")


@given(st.data())
def test_a_damaged_archive_gives_the_same_dataset_or_a_value_error(folder, data):
    path = folder / "damaged.npz"
    dataset = Dataset(np.zeros((2, 2, 1), np.uint8), np.zeros((1, 2), int), GAME)
    dataset.save(path)
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    with dataset_or_value_error(path):
        assert_same(Dataset.load(path), dataset)


# ---- tables


def test_a_table_is_plain(folder, example):
    example.to_csv(folder / "plain.csv")
    assert (folder / "plain.csv").read_bytes().decode() == (
        "episode,stage,type_1,type_2,action_1,action_2\n"
        "1,1,0,1,0,1\n1,2,0,1,1,1\n1,3,0,1,0,1\n"
        "2,1,1,1,0,1\n2,2,1,1,1,1\n2,3,1,1,0,1\n"
    )


@given(gappy(smallest=1))
def test_a_table_restores_the_dataset_exactly(folder, dataset):
    dataset.to_csv(folder / "dataset.csv")
    read = Dataset.from_csv(folder / "dataset.csv", dataset.game)
    assert_same(read, seen_stages(dataset))
    assert read.actions.flags.c_contiguous
    assert (folder / "dataset.csv").read_bytes().decode() == written(table(dataset)).replace("\r\n", "\n")


TELLING = WORDS.map(str.strip).filter(
    lambda name: name and not name.lstrip("+-").isdigit() and unicodedata.is_normalized("NFC", name)
)


@given(gappy(smallest=1, names=TELLING), st.randoms())
def test_rows_and_columns_come_in_any_order_and_names_stand_for_numbers(folder, dataset, random):
    """Names with commas, quotes, line ends and any script among them."""
    rows, columns = table(dataset, names=True), random.sample(range(6), 6)
    random.shuffle(rows)
    text = written([[row[i] for i in columns] for row in rows], [COLUMNS[i] for i in columns])
    assert_same(read(folder, text, dataset.game), seen_stages(dataset))


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(GOOD),
        "\ufeff" + "\n".join(GOOD),
        "\r\n".join(GOOD) + "\r\n",
        "\r".join(GOOD),
        "\n\n" + "\n\n \n".join(GOOD) + "\n\n,,,,,\n\n",
        "\n".join(GOOD).replace(",", " , "),
        "\n".join(f'"{line}"' for line in GOOD).replace(",", '", "'),
        "\n".join(GOOD).replace("\n2,", "\n+007,"),
        "\n".join(GOOD).replace("\n1,", "\n-3,"),
        "\n".join(GOOD).replace("\n2,", "\n999999999999999999,"),
    ],
    ids=["plain", "BOM", "CRLF", "CR", "blank lines", "spaces", "quotes", "zeros", "negative episode", "huge episode"],
)
def test_harmless_differences_are_tolerated(folder, text):
    dataset = read(folder, text)
    assert dataset.types.tolist() == [[0, 1], [1, 1]]
    assert dataset.actions.tolist() == [[[0, 0], [0, 1]], [[1, 1], [0, 1]]]


@given(gappy(smallest=1), st.randoms(), st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=1, max_size=4))
def test_reading_at_once_and_row_by_row_give_the_same(folder, dataset, random, line_ends):
    """The same records, and the same complaints of the same rows, whatever ends the lines, and however often."""
    rows = table(dataset)
    random.shuffle(rows)
    rows += random.choices(rows, k=random.choice([0, 0, 1, 3]))  # repeated stages
    lines = written(rows).split("\r\n")
    text = "".join(end + line for line, end in zip(lines, cycle(line_ends), strict=False))
    fast = outcome(lambda: read(folder, text, dataset.game))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_read_at_once", lambda *_: None)
        assert fast == outcome(lambda: read(folder, text, dataset.game))


def outcome(run):
    try:
        return run()
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_plain_integers_are_read_at_once(folder, monkeypatch, line_end):
    monkeypatch.setattr(module, "_read_row_by_row", None)
    assert read(folder, line_end.join(GOOD) + line_end).episodes == 2


def test_episodes_are_ordered_by_their_numbers_whatever_the_gaps(folder):
    dataset = read(folder, f"{HEADER}\n40,1,0,0,1,1\n-2,1,0,0,0,1\n9,1,1,0,1,0\n")
    assert dataset.actions[0].tolist() == [[0, 1, 1], [1, 0, 1]]
    assert dataset.types.tolist() == [[0, 0], [1, 0], [0, 0]]


def test_a_number_is_a_number_even_where_a_name_looks_like_one(folder):
    game = sc.Game(np.eye(2), actions=["1", "0"])
    assert read(folder, f"{HEADER}\n1,1,0,0,1,0\n", game).actions.ravel().tolist() == [1, 0]


def test_a_name_that_two_actions_share_is_refused(folder):
    game = sc.Game(np.eye(3), actions=["wait", "wait ", "go"])
    assert read(folder, f"{HEADER}\n1,1,0,0,go,1\n", game).actions.ravel().tolist() == [2, 1]
    with pytest.raises(ValueError, match=r"row 2: action_1 must be .* one of \['go'\], got 'wait'"):
        read(folder, f"{HEADER}\n1,1,0,0,wait,1\n", game)


def test_two_hundred_and_fifty_six_actions_fit(folder):
    game = sc.games.coordination(256)
    assert read(folder, f"{HEADER}\n1,1,0,0,255,action 254\n", game).actions.ravel().tolist() == [255, 254]


def test_a_million_stages_survive_both_ways(folder):
    rng = np.random.default_rng(0)
    actions = rng.integers(4, size=(100, 2, 10_000), dtype=np.uint8)
    dataset = Dataset(actions, rng.integers(3, size=(10_000, 2)), sc.games.random_game(4, 3, seed=0))
    dataset.save(folder / "million.npz")
    assert_same(Dataset.load(folder / "million.npz"), dataset)
    dataset.to_csv(folder / "million.csv")
    assert_same(Dataset.from_csv(folder / "million.csv", dataset.game), dataset)


@pytest.mark.parametrize(("horizon", "episodes"), [(0, 0), (0, 3), (3, 0)])
def test_a_dataset_without_rows_is_not_written_as_a_table(folder, horizon, episodes):
    empty = Dataset(np.zeros((horizon, 2, episodes), np.uint8), np.zeros((episodes, 2), int), GAME)
    with pytest.raises(ValueError, match="no rows; use save"):
        empty.to_csv(folder / "empty.csv")
    assert not (folder / "empty.csv").exists()


def changed(row, text):
    """Return the good table with one row (1 is the header) replaced."""
    return "\n".join([*GOOD[: row - 1], text, *GOOD[row:]]) + "\n"


ACTIONS = "must be an integer from 0 to 1 or one of ['direct', 'supportive']"
TYPES = "must be an integer from 0 to 1 or one of ['likes it direct', 'likes it supportive']"

BROKEN = {  # what is wrong: the file, what the message says
    "missing column": (changed(1, "episode,stage,type_1,type_2,action_1"), "row 1: column 'action_2' is missing; got"),
    "missing columns": (changed(1, "episode,type_1,a,b,action_1,c"), "'stage' is missing, column 'type_2' is missing"),
    "repeated column": (
        changed(1, "episode,stage,type_1,type_2,action_1,action_2,stage"),
        "row 1: column 'stage' is repeated",
    ),
    "capital letters": (changed(1, HEADER.replace("stage", "Stage")), "row 1: column 'stage' is missing; got"),
    "header after a blank line": (f"\n{HEADER[:-2]}3\n", "row 2: column 'action_2' is missing"),
    "not a number": (changed(3, "1,2,0,nan,1,0"), f"row 3: type_2 {TYPES}, got 'nan'"),
    "no episode": (changed(3, " ,2,0,1,1,0"), "row 3: episode is empty"),
    "a missing episode": (changed(3, "NA,2,0,1,1,0"), "row 3: episode is missing, got 'NA'"),
    "no stage": (changed(3, "1,,0,1,1,0"), "row 3: stage is empty"),
    "a stage by mistake": (changed(5, "2,20261125,1,1,1,1"), "row 5 has stage 20261125 of episode 2, which leaves"),
    "first type changes": (changed(3, "1,2,1,1,1,0"), "row 3: type_1 must stay", "got 1, but 0", "1 in row 2"),
    "second type changes": (changed(5, "2,2,1,0,1,1"), "row 5: type_2 must stay", "got 0, but 1", "2 in row 4"),
    "two things in a row": (changed(3, "1,2,0,1,7,8"), "2 rows or cells", f"row 3: action_1 {ACTIONS}", "got '8'"),
    "the first of two": (changed(3, "1,2,0,1,7,0").replace("2,2", "2,x"), "2 rows", "row 3: action_1", "row 5: stage"),
    "empty file": ("", f"row 1 must name the columns episode, stage, {HEADER[14:20]}"),
    "blank file": ("\n  \n\n", "row 1 must name the columns"),
    "header only": (f"\n{HEADER}\n", "no rows below the column names"),
    "no header": ("\n".join(GOOD[1:]), "row 1 must name the columns episode, stage, type_1, type_2"),
    "semicolons": ("\n".join(GOOD).replace(",", ";"), "row 1: cells must be separated by commas, got semicolons"),
    "tabs": ("\n".join(GOOD).replace(",", "\t"), "row 1: cells must be separated by commas, got tabs"),
    "semicolons in one row": (changed(3, "1;2;0;1;1;0"), "row 3 must have 6 cells, got 1"),
    "too few cells": (changed(4, "2,1,1,1,0"), "row 4 must have 6 cells, got 5"),
    "too many cells": (changed(4, "2,1,1,1,0,1,"), "row 4 must have 6 cells, got 7"),
    "name with a bare comma": (changed(4, "2,1,1,1,0,direct, ask"), "row 4 must have 6 cells, got 7"),
    "empty cell": (changed(5, "2,2,1,,1,1"), "row 5: type_2 is empty"),
    "word for a stage": (changed(2, "1,first,0,1,0,0"), "row 2: stage must be an integer from 0 to", "got 'first'"),
    "unknown type name": (changed(3, "1,2,0,shy,1,0"), f"row 3: type_2 {TYPES}, got 'shy'"),
    "unknown action name": (changed(3, "1,2,0,1,Direct,0"), f"row 3: action_1 {ACTIONS}, got 'Direct'"),
    "type name for an action": (changed(3, "1,2,0,1,likes it direct,0"), f"row 3: action_1 {ACTIONS}"),
    "fraction": (changed(3, "1,2,0,1,0.5,0"), f"row 3: action_1 {ACTIONS}, got '0.5'"),
    "whole float": (changed(3, "1,2.0,0,1,1,0"), "row 3: stage must be an integer from 0 to", "got '2.0'"),
    "exponent": (changed(3, "1,2e0,0,1,1,0"), "row 3: stage must be an integer", "got '2e0'"),
    "digits of another script": (changed(3, "1,٢,0,1,1,0"), "row 3: stage must be an integer", "got '٢'"),
    "negative action": (changed(5, "2,2,1,1,1,-1"), f"row 5: action_2 {ACTIONS}, got '-1'"),
    "action out of range": (changed(5, "2,2,1,1,2,1"), f"row 5: action_1 {ACTIONS}, got '2'"),
    "negative type": (changed(5, "2,2,-1,1,1,1"), f"row 5: type_1 {TYPES}, got '-1'"),
    "type out of range": (changed(5, "2,2,1,2,1,1"), f"row 5: type_2 {TYPES}, got '2'"),
    "negative stage": (changed(2, "1,-1,0,1,0,0"), "row 2: stage must be an integer from 0 to", "got '-1'"),
    "huge stage": (changed(2, f"1,{10**17},0,1,0,0"), "row 2: stage must be an integer from 0 to 8589934592"),
    "huge action": (changed(2, f"1,1,0,1,0,{2**64}"), f"row 2: action_2 {ACTIONS}, got '18446744073709551616'"),
    "stage repeated": ("\n".join([*GOOD, "1,2,0,1,0,0"]), "row 6 repeats stage 2 of episode 1 in row 3"),
    "episode repeated": (changed(4, "1,1,0,1,0,1"), "row 4 repeats stage 1 of episode 1 in row 2"),
    "a quote is left open": (changed(3, '1,2,0,1,"direct,0'), "row 3: quotes", "unexpected end of data"),
    "a quote within a cell": (changed(3, '1,2,0,1,"dir"ect,0'), 'row 3: quotes (") must enclose whole cells'),
    "a quote as a cell": (changed(3, '1,2,0,1,0" ,0'), f"row 3: action_1 {ACTIONS}", "got '0\"'"),
    "an endless cell": (changed(3, f'1,2,0,1,"{"x" * 200_000}",0'), "row 3: quotes", "field limit"),
    "another encoding": (changed(3, "1,2,0,1,schüchtern,0").encode("latin-1"), "row 3 is not text in UTF-8"),
    "another encoding after a BOM": (b"\xef\xbb\xbf\n\xff", "row 2 is not text in UTF-8"),
    "UTF-16": ("\n".join(GOOD).encode("utf-16"), "row 1 is not text in UTF-8", "'CSV UTF-8'"),
    "UTF-16 without a mark": ("\n".join(GOOD).encode("utf-16-le"), "row 1 is not text in UTF-8"),
    "binary": (b"PK\x03\x04\x14\x00\x06\x00", "row 1 is not text in UTF-8"),
    "a NUL": (changed(4, "2,1,1,1,0,\0"), "row 4 is not text in UTF-8"),
    "after blank lines": ("\n\n" + changed(3, "\n\n1,2,0,1,7,0"), f"row 7: action_1 {ACTIONS}, got '7'"),
    "after Windows line ends": (changed(4, "2,1,1,9,0,1").replace("\n", "\r\n"), f"row 4: type_2 {TYPES}, got '9'"),
    "after a cell of two lines": (
        '\n"episode\n",' + changed(1, HEADER[8:]) + "1,1,1",
        "row 8 must have 6 cells, got 3",
    ),
    "unordered rows": ("\n".join([HEADER, *GOOD[:0:-1], "2,1,0,1,0,0"]), "row 6 repeats stage 1 of episode 2 in row 3"),
}


@pytest.mark.parametrize(("text", "fragments"), [(text, said) for text, *said in BROKEN.values()], ids=list(BROKEN))
@pytest.mark.filterwarnings("error")
def test_a_broken_table_is_blamed_on_its_row(folder, text, fragments):
    with pytest.raises(ValueError, match=r"table\.csv: ") as caught:
        read(folder, text)
    message = str(caught.value)
    assert message.startswith(str(folder / "table.csv"))
    for fragment in fragments:
        assert fragment in message
    assert len(message) < len(str(folder)) + 400
    assert caught.value.__cause__ is None


def test_the_table_that_is_broken_in_many_ways_is_good_itself(folder):
    assert read(folder, changed(1, HEADER)).episodes == 2


PIECES = st.sampled_from(
    ["0", "1", "2", "-1", ",", ",", "\n", "\r\n", '"', " ", "x", "direct", "\0", "é", "\ufeff", *GOOD]
)


@given(st.lists(PIECES, max_size=12).map("".join), st.booleans())
def test_any_text_gives_a_dataset_or_a_value_error(folder, text, headed):
    with dataset_or_value_error(folder / "table.csv"):
        assert isinstance(read(folder, f"{HEADER}\n{text}" if headed else text), Dataset)


@given(st.binary(max_size=60))
def test_any_bytes_give_a_value_error(folder, content):
    with pytest.raises(ValueError, match=r"table\.csv: row 1"):
        read(folder, content.replace(b"\n", b"").replace(b"\r", b""))


# ---- files and arguments


@pytest.mark.parametrize("read", [Dataset.load, lambda path: Dataset.from_csv(path, GAME)], ids=["load", "from_csv"])
def test_files_that_cannot_be_opened_keep_their_own_errors(folder, read):
    with pytest.raises(FileNotFoundError, match=r"nothing\.here"):
        read(folder / "nothing.here")
    with pytest.raises(OSError, match="datasets"):  # IsADirectoryError, on Windows PermissionError
        read(folder)


@pytest.mark.parametrize("write", [Dataset.save, Dataset.to_csv])
def test_nothing_is_written_into_a_folder_that_is_not_there(folder, example, write):
    with pytest.raises(FileNotFoundError):
        write(example, folder / "nowhere" / "file")


@pytest.mark.parametrize("path", [None, 1, True, b"file", 0.5, ["file"], io.StringIO()])
def test_a_path_must_be_a_files_name(example, path):
    calls = (Dataset.load, lambda p: Dataset.from_csv(p, GAME), example.save, example.to_csv)
    for call in calls:
        with pytest.raises(TypeError, match="path must be a file's name"):
            call(path)


@pytest.mark.parametrize("game", [None, "team lead", np.eye(2), sc.Game])
def test_a_table_is_read_for_a_game(folder, game):
    with pytest.raises(TypeError, match="game must be a Game"):
        read(folder, "\n".join(GOOD), game)


# ---- records as they come


def test_one_row_for_each_player_and_stage(folder):
    """Names for episodes and players, a missed move, and another name for a column; the order is that of the table."""
    text = (
        "pair,stage,player,move,type,seconds\n"
        "west,1,zoe,direct,1,0.3\nwest,1,ann,,0,\neast,1,ben,1,1,2\nwest,2,ann,supportive,0,1\nwest,2,zoe,0,1,1\n"
        "east,1,cy,none,0,9\n"
    )
    (folder / "long.csv").write_text(text, encoding="utf-8")
    dataset = Dataset.from_csv(folder / "long.csv", GAME, {"episode": "pair", "action": "move"})
    assert dataset.types.tolist() == [[1, 0], [1, 0]]
    assert dataset.actions.tolist() == [[[0, 1], [0, 0]], [[0, 0], [1, 0]]]
    assert dataset.observed.tolist() == [[[True, True], [False, False]], [[True, False], [True, False]]]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["1,1,a,0", "1,1,b,0", "1,2,c,1"], "row 4: episode 1 must have two players, got 'c' as number 3"),
        (["1,1,a,0", "1,1,b,0", "2,1,a,1"], "row 4: episode 2 must have two players, got 'a' alone"),
        (["1,1,a,0", "1,1,b,0", "1,1,a,1"], "row 4 repeats stage 1 of episode 1 for player 'a' in row 2"),
        (["1,1,a,0", "1,1,,0", "1,1,b,0"], "row 3: player is empty"),
    ],
)
def test_a_broken_long_table_is_blamed_on_its_row(folder, rows, said):
    game = sc.games.chicken()
    with pytest.raises(ValueError, match=r"table\.csv: ") as caught:
        read(folder, "\n".join(["episode,stage,player,action", *rows]), game)
    assert said in str(caught.value)


def test_all_that_is_wrong_is_said_at_once(folder):
    rows = [f"1,{stage},0,1,{stage % 2 * 9},0" for stage in range(1, 67)]
    with pytest.raises(ValueError, match="33 rows or cells are wrong") as caught:
        read(folder, "\n".join([HEADER, *rows]))
    lines = str(caught.value).splitlines()
    assert len(lines) == 22
    assert lines[1].startswith("  row 2: action_1 must be")
    assert lines[20].startswith("  row 40: ")
    assert lines[21] == "  and 13 more"


@pytest.mark.parametrize(
    ("rows", "stages"),
    [
        (["1,0,0,1,0,0", "1,1,0,1,1,0", "2,1,1,1,0,1"], [2, 2]),  # counted from 0, also where an episode has no stage 0
        (["1,2,0,1,0,0", "2,1,0,1,1,0"], [2, 1]),
        (["1,3,0,1,0,0"], [3]),
    ],
)
def test_stages_that_are_missing_were_not_observed(folder, rows, stages):
    dataset = read(folder, "\n".join([HEADER, *rows]))
    assert dataset.stages.tolist() == stages
    assert int(dataset.observed.sum()) == 2 * len(rows)


@pytest.mark.parametrize("token", ["", "NA", "NaN", "nan", "none", "None", "null"])
def test_a_missing_move_may_be_written_in_many_ways_unless_an_action_is_called_so(folder, token):
    text = f"{HEADER}\n1,1,0,0,1,{token}\n"
    assert read(folder, text).observed.ravel().tolist() == [True, False]
    named = read(folder, text, sc.Game(np.eye(2), actions=["go", token or "stay"]))
    assert (named.observed is None) == bool(token)


def test_names_are_the_same_however_their_accents_are_stored(folder):
    game = sc.Game(np.eye(2), actions=["caf\u00e9", "th\u00e9"])
    text = "episode,stage,action_1,action_2\n1,1,cafe\u0301,the\u0301\n"
    assert read(folder, text, game).actions.ravel().tolist() == [0, 1]
    stored_apart = sc.Game(
        np.stack([np.eye(2)] * 2), actions=["cafe\u0301", "the\u0301"], types=["e\u0301te\u0301", "hiver"]
    )
    typed = Dataset.from_arrays([["caf\u00e9"]], [["th\u00e9"]], stored_apart, [["\u00e9t\u00e9", "hiver"]])
    assert (typed.actions.ravel().tolist(), typed.types.tolist()) == ([0, 1], [[0, 1]])
    text = "\u00e9pisode,stage,action_1,action_2\n1,1,0,1\n"
    (folder / "accents.csv").write_text(text, encoding="utf-8")
    named = Dataset.from_csv(folder / "accents.csv", game, {"episode": "e\u0301pisode"})
    assert named.actions.ravel().tolist() == [0, 1]


@pytest.mark.parametrize(
    "ids", [["b", "a", "10"], ["2", "10", "30"], ["1000000000000000000001", "1000000000000000000002", "1" * 30]]
)
def test_episodes_that_are_not_all_numbers_keep_the_order_of_the_table(folder, ids):
    text = "\n".join([HEADER, *(f"{name},1,0,1,{k % 2},{k // 2}" for k, name in enumerate(ids))])
    assert read(folder, text).actions[0].T.tolist() == [[0, 0], [1, 0], [0, 1]]


@pytest.mark.parametrize("columns", [{"epsode": "a"}, {"episode": "a", "stage": "a"}, ["episode"], {"episode": 3}])
def test_the_names_of_columns_must_be_names_of_columns(folder, columns):
    (folder / "good.csv").write_text("\n".join(GOOD), encoding="utf-8")
    with pytest.raises((ValueError, TypeError), match="columns must"):
        Dataset.from_csv(folder / "good.csv", GAME, columns)


def test_a_column_that_is_called_otherwise_must_be_there(folder):
    (folder / "good.csv").write_text("\n".join(GOOD), encoding="utf-8")
    with pytest.raises(ValueError, match="column 'game' is missing"):
        Dataset.from_csv(folder / "good.csv", GAME, {"episode": "game"})


@given(gappy(smallest=1))
def test_a_frame_restores_the_dataset_exactly(dataset):
    pytest.importorskip("pandas")
    frame = dataset.to_frame()
    assert list(frame.columns) == list(COLUMNS)
    assert_same(Dataset.from_frame(frame, dataset.game), seen_stages(dataset))
    assert_same(Dataset.from_frame(frame.astype(object).iloc[::-1], dataset.game), seen_stages(dataset))


def test_large_numbers_of_episodes_are_told_apart_in_a_frame():
    pandas = pytest.importorskip("pandas")
    ids = np.array([2**63 + 1, 2**63 + 2], np.uint64)
    frame = pandas.DataFrame({"episode": ids, "stage": 1, "action_1": np.array([0, 1], np.uint8), "action_2": [1, 1]})
    assert Dataset.from_frame(frame, sc.games.chicken()).actions[0].tolist() == [[0, 1], [1, 1]]


def test_a_frame_is_refused_like_a_file():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"episode": [1, 1], "stage": [1, 2], "action_1": [0, 2], "action_2": [0.0, 0.5]})
    with pytest.raises(
        ValueError, match=r"(?s)row 1: action_1 must be .* got '2'.*row 1: action_2 must be .* got '0.5'"
    ):
        Dataset.from_frame(frame, sc.games.chicken())
    with pytest.raises(TypeError, match="frame must be a DataFrame"):
        Dataset.from_frame(frame.to_dict(), sc.games.chicken())


def test_without_pandas_the_error_says_how_to_get_it(example, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"to_frame needs pandas: pip install 'socialcoop\[interop\]'"):
        example.to_frame()


MOVES = [[0, 1, None], [1], [None, 0]], [[1, 1, 0], [0], [1, None]]
FLOATS = [
    np.array([[np.nan if k >= len(e) or e[k] is None else e[k] for k in range(3)] for e in side]) for side in MOVES
]


@pytest.mark.parametrize(
    "sides",
    [
        MOVES,
        FLOATS,
        [np.ma.masked_array(np.nan_to_num(side).astype(int), np.isnan(side)) for side in FLOATS],
        [np.ma.masked_invalid(side) for side in FLOATS],
        [
            [[None if move is None else sc.games.chicken().action_names[move] for move in e] for e in side]
            for side in MOVES
        ],
    ],
    ids=["lists", "floats", "masked integers", "masked floats", "names"],
)
def test_arrays_and_lists_of_either_side_are_records(sides):
    dataset = Dataset.from_arrays(*sides, sc.games.chicken())
    assert dataset.stages.tolist() == [3, 1, 2]
    for side, moves in enumerate(MOVES):
        for k, episode in enumerate(moves):
            for t, move in enumerate([*episode, None, None][:3]):
                assert dataset.observed[t, side, k] == (move is not None)
                assert dataset.actions[t, side, k] == (move or 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([[0]], [[0], [1]]), "partner must have as many episodes as ai, 1, got 2"),
        (([[0, 1]], [[0]]), r"partner\[0\] must have as many moves as ai\[0\], 2, got 1"),
        (([[0, 2]], [[0, 1]]), r"ai\[0\]\[1\]: ai must be an integer from 0 to 1"),
        ((np.array([[0, 300]]), [[0, 1]]), "ai must hold integers from 0 to 1, got 0 to 300"),
        (([[0, 0.5]], [[0, 1]]), r"ai\[0\]\[1\]: .* got '0.5'"),
        (([[True]], [[0]]), r"ai\[0\]\[0\]: .* got 'True'"),
        (([0, 1], [0, 1]), r"ai\[0\] must be a list of moves"),
        (("01", "01"), "ai must be a list of moves"),
        (([[0]], [[0]], GAME), "types must be given for a game of 2 types"),
        (([[0]], [[0]], GAME, [0, 1]), r"types\[0\] must be"),
        (([[0]], [[0]], GAME, [[0, 1], [0, 1]]), r"types must be of shape \(1, 2\)"),
        (([[0]], [[0]], GAME, [[0, None]]), r"types\[0\]\[1\]: types is empty"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(arguments, said):
    with pytest.raises((ValueError, TypeError), match=said):
        Dataset.from_arrays(*(arguments if len(arguments) > 2 else (*arguments, sc.games.chicken())))


@given(gappy())
def test_a_dataset_is_a_list_of_episodes(dataset):
    assert len(dataset) == dataset.episodes
    for k, each in enumerate(dataset):
        assert_same(each, dataset[[k]])
        assert each.types.tolist() == [dataset.types[k].tolist()]
        np.testing.assert_array_equal(each.actions[:, :, 0], dataset.actions[:, :, k])
    assert_same(dataset[:], dataset)
    assert_same(dataset[dataset.stages > 1], dataset[[k for k in range(len(dataset)) if dataset.stages[k] > 1]])
    assert_same(dataset[:2] + dataset[2:], dataset)
    if len(dataset):
        assert_same(dataset[-1], dataset[len(dataset) - 1 :])


@pytest.mark.parametrize("which", [2, -3, [0, 2], np.array([-3])])
def test_an_episode_that_is_not_there_cannot_be_selected(example, which):
    with pytest.raises(IndexError, match=r"there are 2 episode\(s\)"):
        example[which]


@pytest.mark.parametrize(
    "which",
    [
        *(True, None, 0.5, "a", [0.5], [True], np.ones(3, bool), np.zeros((1, 1), int), [[0], [0, 1]]),
        *(np.ma.array(values, mask=[True, False]) for values in ([True, True], [0, 1])),
    ],
)
def test_episodes_are_selected_by_numbers_or_bool(example, which):
    with pytest.raises(TypeError, match="episodes are selected by"):
        example[which]


def test_joined_records_are_as_long_as_the_longer_ones(example):
    joined = example + Dataset(example.actions[:1], example.types, GAME)
    assert joined.stages.tolist() == [3, 3, 1, 1]
    with pytest.raises(ValueError, match="must be of the same game"):
        example + Dataset(example.actions, example.types, sc.games.battle_of_the_sexes())
    with pytest.raises(TypeError):
        example + 1


@given(records(smallest=2), st.floats(0.01, 0.99), st.integers(0, 99))
def test_a_split_puts_each_episode_on_one_side(dataset, share, seed):
    marked = Dataset(
        np.zeros((1, 2, 100), int),
        np.stack([np.arange(100) // 10, np.arange(100) % 10], 1),
        sc.Game(np.zeros((10, 1, 1))),
    )
    train, test = marked.split(share, seed)
    assert len(train) == round(100 * share)
    assert sorted([*train.types.tolist(), *test.types.tolist()]) == marked.types.tolist()
    assert marked.split(share, seed) == (train, test)
    if not 0 < round(share * len(dataset)) < len(dataset):
        with pytest.raises(ValueError, match="share must leave an episode for both"):
            dataset.split(share, seed)


def test_what_was_recorded_cannot_change(example):
    actions, observed = np.zeros((2, 2, 1), np.int64), np.array([[[True], [False]]] * 2)
    kept = Dataset(actions, [[0, 1]], GAME, observed)
    actions[:], observed[:] = 1, True
    assert not kept.actions.any()
    for each in (kept, pickle.loads(pickle.dumps(kept)), copy.copy(kept), copy.deepcopy(kept), kept[:]):
        assert_same(each, kept)
        for part in (each.actions, each.types, each.observed):
            with pytest.raises(ValueError, match="read-only"):
                part[0] = 0
    assert kept != example
    assert kept != sc.Play(kept.actions, kept.types, GAME, kept.observed)


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        (np.full((1, 2, 1), 258), "actions must hold integers from 0 to 1"),
        (np.full((1, 2, 1), -255), "actions must hold integers from 0 to 1"),
        (np.ma.masked_equal(np.zeros((1, 2, 1), int), 0), "Dataset.from_arrays takes moves that are missing"),
        ([[[0], [0, 1]]], "actions must be an array"),
    ],
)
def test_no_action_wraps_and_no_mask_is_dropped(actions, said):
    with pytest.raises((ValueError, TypeError), match=said):
        Dataset(actions, [[0, 0]], GAME)


@pytest.mark.parametrize("observed", [np.ones((2, 2, 1), bool), np.ones((1, 2, 1)), [True]])
def test_what_was_observed_must_fit_the_actions(observed):
    with pytest.raises(ValueError, match="observed must be bool of the actions' shape"):
        Dataset(np.zeros((1, 2, 1), int), [[0, 0]], GAME, observed)


def test_what_was_not_observed_is_neither_paid_nor_used():
    game = sc.games.coordination(2)
    kept = Dataset(np.ones((2, 2, 1), int), [[0, 0]], game, np.array([[[True], [True]], [[True], [False]]]))
    assert kept.actions.ravel().tolist() == [1, 1, 1, 0]
    np.testing.assert_array_equal(kept.payoffs(0)[:, 0], [1, np.nan])
    assert kept.stages.tolist() == [2]
    blurred = sc.social.misread(kept, actions=1, seed=0)
    np.testing.assert_array_equal(blurred.observed, kept.observed)
    assert repr(kept).startswith("Dataset(1 episode(s) of 2 stage(s), 1 move(s) not observed")
    for refusing in (
        lambda: sc.plays.stages_until_settled(kept, [1]),
        lambda: sc.Imitator(kept).followed(kept),
        lambda: sc.Convention().departure(kept),
        lambda: sc.book.transcript(kept, ("AI", "Ben")),
    ):
        with pytest.raises(ValueError, match=r"play must show every move, .* keep the episodes that do"):
            refusing()


def test_an_array_of_a_dataset_is_refused(example):
    with pytest.raises(TypeError, match="a Dataset is no array"):
        np.asarray(example)


# ---- people who play rock, paper, scissors: a file in the form of published ones

NAMES = ("rock", "paper", "scissors")
CALLED = {"episode": "game_id", "player": "player_id", "stage": "round_index", "action": "player_move"}


@pytest.fixture(scope="module")
def rounds(folder):
    """Write the rounds of 12 pairs; return the path, and each pair's moves, None where one was missed."""
    rng, pairs, lines = np.random.default_rng(7), [], ["game_id,player_id,round_index,player_move,player_rt,outcome"]
    for pair in range(12):
        played = []
        for number in range(1, 301 if pair % 4 else int(rng.integers(5, 290))):
            joint = [int(rng.choice(3, p=[0.5, 0.3, 0.2])) if rng.random() > 0.01 or number < 4 else None for _ in "ab"]
            played.append(tuple(joint))
            for side, move in enumerate(joint):
                name = "none" if move is None else NAMES[move]
                lines.append(f"{pair:x}{pair:x}-game,p{pair}{side},{number},{name},{rng.integers(200, 900)},win")
        pairs.append(played)
    path = folder / "rounds.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path, pairs


def test_rounds_of_rock_paper_scissors_are_read_to_the_end(rounds):
    path, pairs = rounds
    payoffs = [[0.5, 0, 1], [1, 0.5, 0], [0, 1, 0.5]]
    game = sc.Game(payoffs, "rock, paper, scissors", NAMES)
    dataset = Dataset.from_csv(path, game, CALLED)
    assert (dataset.horizon, len(dataset)) == (300, 12)
    assert dataset.stages.tolist() == [
        max(t for t, joint in enumerate(pair, 1) if joint != (None, None)) for pair in pairs
    ]
    for agent in (0, 1):
        plain = []
        for pair in pairs:
            both = [(joint[agent], joint[1 - agent]) for joint in pair if None not in joint]
            earned = sum(payoffs[own][other] for own, other in both)
            plain.append(max(sum(payoffs[a][other] for _, other in both) for a in range(3)) - earned)
        np.testing.assert_allclose(sc.external_regret(dataset, agent), plain, atol=1e-9)
    assert sc.choose_phase(dataset, [1, 2, 3], 300) == min(
        (1, 2, 3), key=lambda phase: (replayed(pairs, payoffs, phase), phase)
    )
    if importlib.util.find_spec("pandas"):
        import pandas

        assert_same(Dataset.from_frame(pandas.read_csv(path), game, CALLED), dataset)


def replayed(pairs, payoffs, phase, horizon=300):
    """Return the predicted regret per stage of imitate-then-commit, by plain loops; each is owed a half a stage."""
    whole, lost = [pair for pair in pairs if not any(None in joint for joint in pair[:phase])], 0.0
    for pair in whole:
        others, joint = [each for each in pairs if each is not pair], np.zeros((3, 3))  # partner's action, own
        for t, (own, other) in enumerate(pair[:phase]):
            copied = any(each[:t] == pair[:t] and len(each) > t and each[t][0] is not None for each in others)
            joint[other] += np.eye(3)[own] if copied else np.full(3, 1 / 3)
        during = sum(joint[b][a] * payoffs[b][a] for b in range(3) for a in range(3))
        after = sum(max(sum(joint[b][a] * payoffs[r][a] for a in range(3)) for r in range(3)) for b in range(3))
        lost += 0.5 - (during + (horizon - phase) * after / phase) / horizon
    return round(lost / len(whole), 9)


# --- without one side's types


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("gaps", [False, True])
def test_types_are_hidden_and_all_else_stays(agent, gaps):
    rng, game = np.random.default_rng(5), sc.games.random_game(3, 4, 0)
    actions, types = rng.integers(0, 3, (5, 2, 40)), rng.integers(0, 4, (40, 2))
    observed = rng.random(actions.shape) < 0.7 if gaps else None
    for kind in (sc.Dataset, sc.Play):
        records = kind(actions, types, game, observed)
        found = sc.social.hide_types(records, agent)
        assert type(found) is sc.Dataset
        assert found.types[:, agent].tolist() == [0] * 40
        assert found.types[:, 1 - agent].tolist() == types[:, 1 - agent].tolist()
        np.testing.assert_array_equal(found.actions, records.actions)
        assert found.game == game
        if gaps:
            np.testing.assert_array_equal(found.observed, observed)
        else:
            assert found.observed is None
        np.testing.assert_array_equal(records.types, types)  # as they were
    if agent == 1:
        assert sc.social.hide_types(records) == found


def test_one_trained_without_types_mixes_what_the_types_do():
    """Three of type 0 begin with 0, five of type 1 begin with 1; unhidden, type 0 would be sure."""
    game = sc.games.team_lead()
    actions = np.zeros((2, 2, 8), dtype=int)
    actions[:, 1, 3:] = 1
    records = sc.Dataset(actions, [[0, 0]] * 3 + [[0, 1]] * 5, game)
    for data, shares in ((records, [1, 0]), (sc.social.hide_types(records), [3 / 8, 5 / 8])):
        seat = sc.Imitator(data).seat(game, 1, np.zeros(1, int), 2)
        np.testing.assert_allclose(seat.policy()[:, 0], shares)
