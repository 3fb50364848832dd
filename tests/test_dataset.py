"""Datasets: what is written can be read again, and what cannot be read is blamed on the right row."""

import csv
import io
import pickle
import zipfile
from contextlib import contextmanager
from itertools import cycle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import socialcoop as sc
from socialcoop.social import records as module
from socialcoop.social.records import COLUMNS, Dataset

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


def assert_same(left, right):
    assert type(left) is type(right) is Dataset
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
    """Return the rows of a dataset, by plain loops."""
    actions, types = dataset.game.action_names, dataset.game.type_names
    rows = []
    for episode in range(dataset.episodes):
        for stage in range(dataset.horizon):
            theta, joint = dataset.types[episode].tolist(), dataset.actions[stage, :, episode].tolist()
            if names:
                theta, joint = [types[k] for k in theta], [actions[a] for a in joint]
            rows.append([episode + 1, stage + 1, *theta, *joint])
    return rows


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


@given(records())
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


@given(records(smallest=1))
def test_a_table_restores_the_dataset_exactly(folder, dataset):
    dataset.to_csv(folder / "dataset.csv")
    read = Dataset.from_csv(folder / "dataset.csv", dataset.game)
    assert_same(read, dataset)
    assert read.actions.flags.c_contiguous
    assert (folder / "dataset.csv").read_bytes().decode() == written(table(dataset)).replace("\r\n", "\n")


TELLING = WORDS.filter(lambda name: name.strip() and not name.strip().lstrip("+-").isdigit())


@given(records(smallest=1, names=TELLING), st.randoms())
def test_rows_and_columns_come_in_any_order_and_names_stand_for_numbers(folder, dataset, random):
    """Names with commas, quotes, line ends and any script among them."""
    rows, columns = table(dataset, names=True), random.sample(range(6), 6)
    random.shuffle(rows)
    text = written([[row[i] for i in columns] for row in rows], [COLUMNS[i] for i in columns])
    assert_same(read(folder, text, dataset.game), dataset)


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


@given(records(smallest=1), st.randoms(), st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=1, max_size=4))
def test_reading_at_once_and_row_by_row_give_the_same(dataset, random, line_ends):
    """The same table and the same row numbers, whatever ends the lines, and however often."""
    rows = table(dataset)
    random.shuffle(rows)
    lines = written(rows).split("\r\n")
    text = "".join(end + line for line, end in zip(lines, cycle(line_ends), strict=False))
    fast = module._read_table(text, dataset.game)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_read_at_once", lambda *_: None)
        slow = module._read_table(text, dataset.game)
    for a, b in zip(fast, slow, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)


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
    "empty file": ("", f"row 1 must name the columns episode, stage, {HEADER[14:20]}"),
    "blank file": ("\n  \n\n", "row 1 must name the columns"),
    "header only": (f"\n{HEADER}\n", "no rows below the column names"),
    "no header": ("\n".join(GOOD[1:]), "row 1 must name the columns episode, stage, type_1, type_2"),
    "missing column": (changed(1, "episode,stage,type_1,type_2,action_1"), "row 1: column 'action_2' is missing"),
    "repeated column": (
        changed(1, "episode,stage,stage,type_2,action_1,action_2"),
        "row 1: column 'stage' is repeated",
    ),
    "unknown column": (changed(1, f"{HEADER},age"), "row 1: unknown column 'age'; the columns are episode, stage"),
    "capital letters": (changed(1, HEADER.replace("stage", "Stage")), "row 1: unknown column 'Stage'"),
    "column without a name": (changed(1, f"{HEADER},"), "row 1: unknown column ''"),
    "header after a blank line": (f"\n{HEADER},age\n", "row 2: unknown column 'age'"),
    "semicolons": ("\n".join(GOOD).replace(",", ";"), "row 1: cells must be separated by commas, got semicolons"),
    "tabs": ("\n".join(GOOD).replace(",", "\t"), "row 1: cells must be separated by commas, got tabs"),
    "semicolons in one row": (changed(3, "1;2;0;1;1;0"), "row 3 must have 6 cells, got 1"),
    "too few cells": (changed(4, "2,1,1,1,0"), "row 4 must have 6 cells, got 5"),
    "too many cells": (changed(4, "2,1,1,1,0,1,"), "row 4 must have 6 cells, got 7"),
    "name with a bare comma": (changed(4, "2,1,1,1,0,direct, ask"), "row 4 must have 6 cells, got 7"),
    "empty cell": (changed(5, "2,2,1,,1,1"), "row 5: type_2 is empty"),
    "blank cell": (changed(5, "2,2,1,1,1, "), "row 5: action_2 is empty"),
    "word for an episode": (changed(2, "one,1,0,1,0,0"), "row 2: episode must be an integer from -9", "got 'one'"),
    "word for a stage": (changed(2, "1,first,0,1,0,0"), "row 2: stage must be an integer from 1 to", "got 'first'"),
    "unknown type name": (changed(3, "1,2,0,shy,1,0"), f"row 3: type_2 {TYPES}, got 'shy'"),
    "unknown action name": (changed(3, "1,2,0,1,Direct,0"), f"row 3: action_1 {ACTIONS}, got 'Direct'"),
    "type name for an action": (changed(3, "1,2,0,1,likes it direct,0"), f"row 3: action_1 {ACTIONS}"),
    "fraction": (changed(3, "1,2,0,1,0.5,0"), f"row 3: action_1 {ACTIONS}, got '0.5'"),
    "whole float": (changed(3, "1,2.0,0,1,1,0"), "row 3: stage must be an integer from 1 to", "got '2.0'"),
    "exponent": (changed(3, "1,2e0,0,1,1,0"), "row 3: stage must be an integer", "got '2e0'"),
    "underscore": (changed(3, "1_0,2,0,1,1,0"), "row 3: episode must be an integer", "got '1_0'"),
    "digits of another script": (changed(3, "1,٢,0,1,1,0"), "row 3: stage must be an integer", "got '٢'"),
    "not a number": (changed(3, "1,2,0,1,nan,0"), f"row 3: action_1 {ACTIONS}, got 'nan'"),
    "negative action": (changed(5, "2,2,1,1,1,-1"), f"row 5: action_2 {ACTIONS}, got '-1'"),
    "action out of range": (changed(5, "2,2,1,1,2,1"), f"row 5: action_1 {ACTIONS}, got '2'"),
    "negative type": (changed(5, "2,2,-1,1,1,1"), f"row 5: type_1 {TYPES}, got '-1'"),
    "type out of range": (changed(5, "2,2,1,2,1,1"), f"row 5: type_2 {TYPES}, got '2'"),
    "stage 0": (changed(2, "1,0,0,1,0,0"), "row 2: stage must be an integer from 1 to 8589934592, got '0'"),
    "negative stage": (changed(2, "1,-1,0,1,0,0"), "row 2: stage must be an integer from 1 to", "got '-1'"),
    "huge stage": (changed(2, f"1,{10**17},0,1,0,0"), "row 2: stage must be an integer from 1 to 8589934592"),
    "huge action": (changed(2, f"1,1,0,1,0,{2**64}"), f"row 2: action_2 {ACTIONS}, got '18446744073709551616'"),
    "huge episode": (changed(2, f"{10**18},1,0,1,0,0"), "row 2: episode must be an integer", "to 999999999999999999"),
    "thousands of digits": (changed(2, f"{'9' * 9999},1,0,1,0,0"), "row 2: episode must be", "got '999999999999...999"),
    "stages do not start at 1": ("\n".join([HEADER, "1,2,0,0,0,0"]), "row 2 has stage 2 of episode 1, but stage 1 is"),
    "stage missing": ("\n".join([*GOOD, "2,4,1,1,0,0"]), "row 6 has stage 4 of episode 2, but stage 3 is missing"),
    "stage repeated": ("\n".join([*GOOD, "1,2,0,1,0,0"]), "row 6 repeats stage 2 of episode 1 in row 3"),
    "episode repeated": (changed(4, "1,1,0,1,0,1"), "row 4 repeats stage 1 of episode 1 in row 2"),
    "episode too short": ("\n".join(GOOD[:-1]), "row 4: all", "episode 2 has 1 and episode 1 has 2"),
    "episode too long": ("\n".join([*GOOD, "2,3,1,1,0,0"]), "row 6: all", "episode 2 has 3 and episode 1 has 2"),
    "first type changes": (changed(3, "1,2,1,1,1,0"), "row 3: types must stay", "(1, 1), but (0, 1)", "1 in row 2"),
    "second type changes": (changed(5, "2,2,1,0,1,1"), "row 5: types must stay", "(1, 0), but (1, 1)", "2 in row 4"),
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
    "the first of two": (changed(3, "1,2,0,1,7,0").replace("2,2", "2,x"), f"row 3: action_1 {ACTIONS}, got '7'"),
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
    assert len(message) < len(str(folder)) + 300
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
