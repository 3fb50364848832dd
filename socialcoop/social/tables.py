"""Tables: rows of episodes and stages become arrays of moves, and each row that cannot is blamed."""

from __future__ import annotations

import codecs
import csv
import io
import re
import reprlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialcoop.games import Game
from socialcoop.plays import MAX_STAGES
from socialcoop.social import cells

WIDE = ("episode", "stage", "type_1", "type_2", "action_1", "action_2")  # one row for each stage
LONG = ("episode", "stage", "player", "type", "action")  # one row for each player and stage
WRONG = -2  # stands for a cell that was complained of
SHOWN = 20  # complaints
SPARSEST = 1000  # a table of which less than one in so many moves is there has a wrong stage in it
ID = re.compile("[+-]?[0-9]{1,999}")
UNPLAIN = re.compile(r"[^0-9,\r\n]|\r(?!\n)")

Integers = NDArray[np.int64]
Read = tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.bool_]]  # actions, types, what was observed


@dataclass
class Complaints:
    """All that is wrong with a table, by row."""

    said: list[tuple[int, str]] = field(default_factory=list)

    def add(self, row: Any, text: str) -> None:
        """Note one more."""
        self.said.append((int(row), f"row {row}{text}"))

    def settle(self) -> None:
        """Raise a ValueError if there are any."""
        lines = [text for _, text in sorted(self.said, key=lambda each: each[0])]
        if len(lines) == 1:
            raise ValueError(lines[0])
        if lines:
            more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
            raise ValueError("\n  ".join([f"{len(lines)} rows or cells are wrong", *lines[:SHOWN], *more]))


class _Ids:
    """A column of names that may be anything; each stands for the number of its first appearance."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.numbers: dict[str, int] = {}

    def read(self, cell: str) -> int:
        text = cells.normal(cell)
        if text in cells.MISSING:
            raise ValueError(f"{self.name} is {'missing, got ' + repr(text) if text else 'empty'}")
        return self.numbers.setdefault(text, len(self.numbers))

    def ranked(self, column: Integers) -> tuple[Integers, list[str]]:
        """Return the column as places, and their labels: in order of size if all are integers, else as they came."""
        texts = list(self.numbers)
        if not all(ID.fullmatch(text) for text in texts):
            return column, texts
        values = sorted({int(text) for text in texts})
        place = {value: index for index, value in enumerate(values)}
        ranks = np.array([place[int(text)] for text in texts] or [0], np.int64)
        return np.where(column < 0, column, ranks[np.maximum(column, 0)]), [str(value) for value in values]


@dataclass(frozen=True)
class _Layout:
    """The columns that are read, and their places among the ``width`` columns there are."""

    columns: list[cells.Column | _Ids]
    places: list[int]
    width: int


@dataclass(frozen=True)
class _Table:
    """Columns of numbers by name, each row's number in the file, and what episodes and players are called."""

    columns: dict[str, Integers]
    rows: Integers
    labels: dict[str, list[str]]

    def __getitem__(self, name: str) -> Integers:
        return self.columns[name]

    def keep(self, which: NDArray[np.bool_]) -> _Table:
        return _Table({name: column[which] for name, column in self.columns.items()}, self.rows[which], self.labels)

    def label(self, name: str, index: Any) -> str:
        return self.labels[name][self[name][index]]

    def stage_of(self, index: Any) -> str:
        return f"stage {self['stage'][index]} of episode {self.label('episode', index)}"


def read_csv(data: bytes, game: Game, columns: Mapping[str, str] | None) -> Read:
    """Return what a file of comma-separated values holds; see `Dataset.from_csv`."""
    text = _decode(data)
    lines = io.StringIO(text, newline="")
    complaints = Complaints()
    records = _records(lines, complaints)
    row, header = next(records, (1, []))
    complaints.settle()
    layout = _layout(f"row {row}", header, game, columns)
    table = _read_at_once(text, lines.tell(), layout) or _read_row_by_row(records, layout, complaints)
    return _arrange(table, complaints)


def read_frame(frame: Any, game: Game, columns: Mapping[str, str] | None) -> Read:
    """Return what a table of pandas holds; see `Dataset.from_frame`."""
    layout = _layout("frame", list(frame.columns), game, columns)
    used = [frame.iloc[:, place] for place in layout.places]
    complaints = Complaints()
    table = None
    dtypes = [each.dtype for each in used]
    if len(frame) and all(isinstance(each, np.dtype) and each.kind in "iu" and each != np.uint64 for each in dtypes):
        # as one dtype, which uint64 and another have only in floats
        table = _in_range(np.stack([each.to_numpy() for each in used], axis=1), np.arange(len(frame)), layout)
    if table is None:
        texts = zip(*(map(cells.text_of, each.tolist()) for each in used), strict=True)
        packed = _Layout(layout.columns, list(range(len(used))), len(used))
        table = _read_row_by_row(enumerate(map(list, texts)), packed, complaints)
    return _arrange(table, complaints)


def _decode(data: bytes) -> str:
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text, bad = data.decode("utf-8"), data.find(b"\0")  # NUL is valid in UTF-8, yet no table has it
    except UnicodeDecodeError as error:
        text, bad = "", error.start
    if bad >= 0:
        row = data.count(b"\n", 0, bad) + 1
        raise ValueError(f"row {row} is not text in UTF-8; spreadsheets save that as 'CSV UTF-8'")
    return text


def _records(lines: io.StringIO, complaints: Complaints) -> Iterator[tuple[int, list[str]]]:
    """Yield the row number and the cells of every row that is not blank, up to one that cannot be told apart."""
    reader = csv.reader(lines, skipinitialspace=True, strict=True)
    row = 1
    try:
        for each in reader:
            if any(each):
                yield row, each
            row = reader.line_num + 1
    except csv.Error as error:
        complaints.add(row, f': quotes (") must enclose whole cells, in pairs: {error}')


def _layout(where: str, header: Sequence[Any], game: Game, columns: Mapping[str, str] | None) -> _Layout:
    """Return where the columns are, of the form that the table has; further columns do not matter."""
    header = [cells.normal(name) if isinstance(name, str) else name for name in header]
    for mark, separator in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in str(header[0]):
            raise ValueError(f"{where}: cells must be separated by commas, got {separator}")
    names = _renamed(columns)
    present = [name for name in names if names[name] in header]
    form = LONG if len({"player", "action"} & set(present)) > len({"action_1", "action_2"} & set(present)) else WIDE
    optional = game.n_types == 1 and not any(name.startswith("type") and name in present for name in form)
    needed = [name for name in form if not (optional and name.startswith("type"))]
    got = reprlib.repr(", ".join(map(str, header)))
    if not set(present) & set(needed):
        raise ValueError(f"{where} must name the columns {', '.join(needed)}, got {got}")
    wrong = [f"column {names[name]!r} is missing" for name in needed if name not in present]
    wrong += [f"column {names[name]!r} is repeated" for name in needed if header.count(names[name]) > 1]
    if wrong:
        raise ValueError(f"{where}: {', '.join(wrong)}; got {got}, and the argument columns says what they are called")
    return _Layout([_column(name, game) for name in needed], [header.index(names[n]) for n in needed], len(header))


def _renamed(columns: Mapping[str, str] | None) -> dict[str, str]:
    """Return what the table calls each column."""
    given = {} if columns is None else columns
    known = dict.fromkeys((*WIDE, *LONG))
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for pair in given.items() for name in pair):
        raise TypeError(f"columns must hold the table's name for some of {', '.join(known)}, got {columns!r}")
    unknown = [name for name in given if name not in known]
    if unknown or len(set(given.values())) < len(given):
        raise ValueError(f"columns must give different names to some of {', '.join(known)}, got {dict(given)!r}")
    return {name: cells.normal(given.get(name, name)) for name in known if name in given or name not in given.values()}


def _column(name: str, game: Game) -> cells.Column | _Ids:
    if name in ("episode", "player"):
        return _Ids(name)
    if name == "stage":
        return cells.Column(name, 0, MAX_STAGES)
    return cells.types(name, game) if name.startswith("type") else cells.moves(name, game)


def _read_at_once(text: str, start: int, layout: _Layout) -> _Table | None:
    """Return the table where all below the header is digits in range; None where care is needed.

    About ten times as fast as row by row, and with the same result.
    """
    body = text[start:].rstrip("\r\n")
    if not body or UNPLAIN.search(body):
        return None
    try:
        table = np.loadtxt(io.StringIO(body), np.int64, comments=None, delimiter=",", ndmin=2)
    except ValueError:
        return None
    if table.shape != (body.count("\n") + 1, layout.width):  # a row is short, or a line blank
        return None
    above = len(list(io.StringIO(text[:start], newline="")))
    return _in_range(table[:, layout.places], np.arange(above + 1, above + 1 + len(table)), layout)


def _in_range(numbers: NDArray[Any], rows: Integers, layout: _Layout) -> _Table | None:
    """Return the table of some integers, or None where one of them is out of range."""
    columns, labels = {}, {}
    for column, values in zip(layout.columns, numbers.T, strict=True):
        if isinstance(column, _Ids):
            found, values = np.unique(values, return_inverse=True)
            labels[column.name] = list(map(str, found.tolist()))
        elif values.min() < column.low or values.max() > column.high:
            return None
        columns[column.name] = values.astype(np.int64)
    return _Table(columns, rows, labels)


def _read_row_by_row(records: Iterable[tuple[int, list[str]]], layout: _Layout, complaints: Complaints) -> _Table:
    """Return the table with names read; a row that cannot be is complained of, and its cells are ``WRONG``."""
    # a text is read with care the first time a column shows it, and looked up ever after
    readers = [(place, cache(column.read)) for place, column in zip(layout.places, layout.columns, strict=True)]
    numbers, rows = array("q"), array("q")
    for row, texts in records:
        rows.append(row)
        if len(texts) != layout.width:
            complaints.add(row, f" must have {layout.width} cells, got {len(texts)}")
            numbers.extend([WRONG] * len(readers))
            continue
        for place, read in readers:
            try:
                numbers.append(read(texts[place]))
            except ValueError as error:
                complaints.add(row, f": {error}")
                numbers.append(WRONG)
    if not rows:
        complaints.settle()
        raise ValueError("there are no rows below the column names")
    columns, labels = {}, {}
    for column, values in zip(layout.columns, np.array(numbers).reshape(-1, len(readers)).T, strict=True):
        columns[column.name] = values
        if isinstance(column, _Ids):
            columns[column.name], labels[column.name] = column.ranked(values)
    return _Table(columns, np.array(rows), labels)


def _arrange(table: _Table, complaints: Complaints) -> Read:
    """Return the moves where they belong; raise if there are complaints."""
    known = [name for name in ("episode", "stage", "player") if name in table.columns]
    table = table.keep(np.logical_and.reduce([table[name] >= 0 for name in known]))
    if not table.rows.size:
        complaints.settle()
    stage = table["stage"] - (0 if (table["stage"] == 0).any() else 1)
    horizon, episodes = int(stage.max()) + 1, len(table.labels["episode"])
    if horizon * episodes > SPARSEST * max(len(table.rows), SPARSEST):
        last = int(stage.argmax())
        complaints.add(table.rows[last], f" has {table.stage_of(last)}, which leaves nearly every stage without a move")
    _find_repeats(table, complaints)
    if "player" in table.columns:
        seats = _seats(table, complaints)
        sides = [("", seat, seats == seat) for seat in (0, 1)]
    else:
        sides = [(f"_{seat + 1}", seat, np.ones(len(stage), bool)) for seat in (0, 1)]
    types = np.zeros((episodes, 2), np.int64)
    for ending, seat, here in sides:
        if f"type{ending}" in table.columns:
            types[:, seat] = _types(table.keep(here), f"type{ending}", episodes, complaints)
    complaints.settle()
    actions, observed = np.zeros((horizon, 2, episodes), np.uint8), np.zeros((horizon, 2, episodes), bool)
    for ending, seat, here in sides:
        seen = here & (table[f"action{ending}"] >= 0)
        where = stage[seen], seat, table["episode"][seen]
        actions[where], observed[where] = table[f"action{ending}"][seen], True
    return actions, types, observed


def _seats(table: _Table, complaints: Complaints) -> Integers:
    """Return the side of each row's player: those of an episode in order of first appearance, 2 for one too many."""
    pairs, first, inverse = np.unique(
        table["episode"] * len(table.labels["player"]) + table["player"], return_index=True, return_inverse=True
    )
    episode = pairs // len(table.labels["player"])
    order = np.lexsort((first, episode))
    starts = np.searchsorted(episode, episode)  # `episode` is sorted, and so is `episode[order]`
    seats = np.empty(len(pairs), np.int64)
    seats[order] = np.arange(len(pairs)) - starts
    alone = np.bincount(episode)[episode] == 1
    for pair in np.flatnonzero(alone | (seats > 1)):
        row, got = first[pair], "alone" if alone[pair] else f"as number {seats[pair] + 1}"
        place, player = table.label("episode", row), table.label("player", row)
        complaints.add(table.rows[row], f": episode {place} must have two players, got {player!r} {got}")
    return np.minimum(seats, 2)[inverse]


def _find_repeats(table: _Table, complaints: Complaints) -> None:
    """Complain of each row that is about the same as one before it."""
    key, players = table["stage"] * len(table.labels["episode"]) + table["episode"], "player" in table.columns
    if players:
        key = key * len(table.labels["player"]) + table["player"]
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    before = first[inverse]
    for row in np.flatnonzero(before != np.arange(len(key))):
        whose = f" for player {table.label('player', row)!r}" if players else ""
        complaints.add(table.rows[row], f" repeats {table.stage_of(row)}{whose} in row {table.rows[before[row]]}")


def _types(table: _Table, name: str, episodes: int, complaints: Complaints) -> Integers:
    """Return the type of one side in each episode."""
    table = table.keep(table[name] >= 0)
    places, first, inverse = np.unique(table["episode"], return_index=True, return_inverse=True)
    before = first[inverse]
    for row in np.flatnonzero(table[name] != table[name][before]):
        complaints.add(
            table.rows[row],
            f": {name} must stay the same within an episode, got {table[name][row]}, but {table[name][before[row]]} "
            f"at {table.stage_of(before[row])} in row {table.rows[before[row]]}",
        )
    types = np.zeros(episodes, np.int64)
    types[places] = table[name][first]
    return types
