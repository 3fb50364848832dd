"""Datasets: recorded episodes, kept in a file or brought from a classroom."""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import reprlib
import zipfile
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.plays import MAX_STAGES, Play

ARRAYS = ("actions", "types", "payoffs", "name", "action_names", "type_names")  # of an .npz archive
COLUMNS = ("episode", "stage", "type_1", "type_2", "action_1", "action_2")  # of a table
MAX_EPISODE_NUMBER = 10**18 - 1  # fits 64 bits
INTEGER = re.compile("[+-]?[0-9]{1,18}")
UNPLAIN = re.compile(r"[^0-9,\r\n]|\r(?!\n)")


@dataclass(frozen=True, eq=False, repr=False)
class Dataset(Play):
    r"""Records of K episodes of T stages, with both agents' types.

    Attributes and methods are those of `Play`; K is its number B of episodes.

    Notes
    -----
    The paper's :math:`\mathcal D = \{(\theta_1^j, \theta_2^j, h_T^j)\}`, section 3.

    Examples
    --------
    >>> met = sc.play(sc.Fixed(0), sc.Fixed(1), sc.games.chicken(), (0, 0), horizon=3, episodes=2)
    >>> sc.Dataset(met.actions, met.types, met.game)
    Dataset(2 episode(s) of 3 stage(s), 'chicken')
    """

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the dataset and its game to one compressed .npz archive, which `load` restores exactly.

        Parameters
        ----------
        path
            The file's name, taken as it is; a file of that name is replaced.

        Raises
        ------
        ValueError
            If a name of the game ends in the character NUL, which NumPy's texts drop.
        """
        game = self.game
        if any(text.endswith("\0") for text in (game.name, *game.action_names, *game.type_names)):
            raise ValueError(f"game must have no name that ends in the character NUL to be saved, got {game!r}")
        with _path(path).open("wb") as file:
            np.savez_compressed(
                file,
                actions=self.actions,
                types=self.types,
                payoffs=game.payoffs,
                name=game.name,
                action_names=game.action_names,
                type_names=game.type_names,
            )

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Return the dataset that `save` wrote to ``path``; nothing in the file is ever executed.

        Raises
        ------
        ValueError
            If the file is no such archive, lacks an array, is damaged, or its arrays do not fit together.
        OSError
            If the file cannot be opened; FileNotFoundError if there is none.
        """
        with _path(path).open("rb") as file:
            try:
                return cls(*_unpack(file))
            except Exception as error:  # a damaged archive has as many errors as zipfile, zlib and NumPy together
                raise ValueError(f"{path} does not hold a dataset: {error}") from error

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write a plain table of integers, one row for each episode and stage.

        The columns are episode, stage, type_1, type_2, action_1, action_2. Episodes and stages count
        from 1; types and actions from 0, as everywhere in the package. The AI is agent 1 of the paper,
        the partner agent 2. The game is not written: `from_csv` has to be told.

        Raises
        ------
        ValueError
            If there are no episodes or no stages, since a table without rows cannot say how many.
        """
        if not self.actions.size:
            raise ValueError(f"a table cannot show {self!r}, which has no rows; use save instead")
        episode, stage = np.divmod(np.arange(self.episodes * self.horizon), self.horizon)
        types = np.repeat(self.types, self.horizon, axis=0)
        actions = self.actions.transpose(1, 2, 0).reshape(2, -1)
        columns = (episode + 1, stage + 1, *types.T, *actions)
        with _path(path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(zip(*(column.tolist() for column in columns), strict=True))

    @classmethod
    def from_csv(cls, path: str | os.PathLike[str], game: Game) -> Self:
        """Return the dataset in a table like that of `to_csv`, for instance of a classroom experiment.

        Parameters
        ----------
        path
            A file of comma-separated values in UTF-8. Its first row names the six columns, in any order,
            and no others. The rows may come in any order; blank lines are skipped.
        game
            The game that was played. Types and actions may be given by their names in it; what looks
            like an integer is one, counted from 0, even if a name looks the same.

        Returns
        -------
        Dataset
            With the episodes in the order of their numbers. These may be any distinct integers; the
            stages of each episode are 1, 2, …, T, with the same T for all.

        Raises
        ------
        ValueError
            If the file breaks a rule; the message names the file, the row (its line in the file, where
            the column names usually are row 1) and what is wrong.
        OSError
            If the file cannot be opened; FileNotFoundError if there is none.
        """
        checks.instance("game", game, Game)
        data = _path(path).read_bytes()
        try:
            actions, types = _arrange(*_read_table(_decode(data), game))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None
        return cls(actions, types, game)


def _path(path: Any) -> Path:
    try:
        return Path(path)
    except TypeError:
        raise TypeError(f"path must be a file's name, got {path!r}") from None


def _unpack(file: IO[bytes]) -> tuple[NDArray[Any], NDArray[Any], Game]:
    if not zipfile.is_zipfile(file):
        raise ValueError("it is not a complete .npz archive")
    file.seek(0)
    with np.load(file, allow_pickle=False) as archive:
        missing = [name for name in ARRAYS if name not in archive]
        if missing:
            raise ValueError(f"it lacks {', '.join(missing)}")
        actions, types, payoffs, *texts = (np.asarray(archive[name]) for name in ARRAYS)
    return actions, types, Game(payoffs, *(text.tolist() for text in texts))


@dataclass(frozen=True)
class _Column:
    """What the cells of one column may hold: integers from ``low`` to ``high``, or names that stand for them."""

    name: str
    low: int
    high: int
    codes: dict[str, int] = field(default_factory=dict)

    def read(self, cell: str) -> int:
        text = cell.strip()
        if not text:
            raise ValueError(f"{self.name} is empty")
        if text in self.codes:
            return self.codes[text]
        if INTEGER.fullmatch(text) and self.low <= int(text) <= self.high:
            return int(text)
        names = f" or one of {reprlib.repr(list(self.codes))}" if self.codes else ""
        raise ValueError(
            f"{self.name} must be an integer from {self.low} to {self.high}{names}, got {reprlib.repr(text)}"
        )


def _columns(game: Game) -> dict[str, _Column]:
    types, actions = (game.n_types - 1, _codes(game.type_names)), (game.n_actions - 1, _codes(game.action_names))
    columns = [
        _Column("episode", -MAX_EPISODE_NUMBER, MAX_EPISODE_NUMBER),
        _Column("stage", 1, MAX_STAGES),
        *(_Column(name, 0, *types) for name in COLUMNS[2:4]),
        *(_Column(name, 0, *actions) for name in COLUMNS[4:]),
    ]
    return {column.name: column for column in columns}


def _codes(names: tuple[str, ...]) -> dict[str, int]:
    """Return which integer each name stands for, without names that are ambiguous or look like integers."""
    texts = [name.strip() for name in names]
    count = Counter(texts)
    return {text: code for code, text in enumerate(texts) if count[text] == 1 and not INTEGER.fullmatch(text)}


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


def _read_table(text: str, game: Game) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the cells as integers, (rows, 6) in the order of COLUMNS, and each row's number in the file."""
    lines = io.StringIO(text, newline="")
    records = _records(lines)
    names = _check_header(*next(records, (1, [])))
    known = _columns(game)
    columns = [known[name] for name in names]
    table, rows = _read_at_once(text, lines.tell(), columns) or _read_row_by_row(records, columns)
    return table[:, [names.index(name) for name in COLUMNS]], rows


def _read_at_once(text: str, start: int, columns: list[_Column]) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Return table and row numbers where all below the header is digits in range; None where care is needed.

    About ten times as fast as row by row, and with the same result.
    """
    body = text[start:].rstrip("\r\n")
    if not body or UNPLAIN.search(body):
        return None
    try:
        table = np.loadtxt(io.StringIO(body), np.int64, comments=None, delimiter=",", ndmin=2)
    except ValueError:
        return None
    whole = table.shape == (body.count("\n") + 1, len(columns))  # no row is short, and no line blank
    if not whole or (table < [c.low for c in columns]).any() or (table > [c.high for c in columns]).any():
        return None
    above = len(list(io.StringIO(text[:start], newline="")))
    return table, np.arange(above + 1, above + 1 + len(table))


def _read_row_by_row(
    records: Iterator[tuple[int, list[str]]], columns: list[_Column]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return table and row numbers, with names read; raise at the first row that is wrong."""
    # a text is read with care the first time a column shows it, and looked up ever after
    readers = [cache(column.read) for column in columns]
    numbers, rows = array("q"), array("q")
    for row, cells in records:
        if len(cells) != len(columns):
            raise ValueError(f"row {row} must have {len(columns)} cells, got {len(cells)}")
        try:
            numbers.extend([read(cell) for read, cell in zip(readers, cells, strict=True)])
        except ValueError as error:
            raise ValueError(f"row {row}: {error}") from None
        rows.append(row)
    if not rows:
        raise ValueError("there are no rows below the column names")
    return np.array(numbers).reshape(-1, len(columns)), np.array(rows)


def _records(lines: io.StringIO) -> Iterator[tuple[int, list[str]]]:
    """Yield the row number and the cells of every row that is not blank."""
    reader = csv.reader(lines, skipinitialspace=True, strict=True)
    row = 1
    try:
        for cells in reader:
            if any(cells):
                yield row, cells
            row = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(f'row {row}: quotes (") must enclose whole cells, in pairs: {error}') from None


def _check_header(row: int, header: list[str]) -> list[str]:
    """Return the names of the columns as the file orders them."""
    names = [name.strip() for name in header]
    for mark, separator in ((";", "semicolons"), ("\t", "tabs")):
        if len(names) == 1 and mark in names[0]:
            raise ValueError(f"row {row}: cells must be separated by commas, got {separator}")
    allowed = ", ".join(COLUMNS)
    if not set(names) & set(COLUMNS):
        raise ValueError(f"row {row} must name the columns {allowed}, got {reprlib.repr(', '.join(names))}")
    for name in names:
        if name not in COLUMNS:
            raise ValueError(f"row {row}: unknown column {reprlib.repr(name)}; the columns are {allowed}")
        if names.count(name) > 1:
            raise ValueError(f"row {row}: column {name!r} is repeated")
    for name in COLUMNS:
        if name not in names:
            raise ValueError(f"row {row}: column {name!r} is missing; the columns are {allowed}")
    return names


def _arrange(table: NDArray[np.int64], rows: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """Return the actions (T, 2, K) and the types (K, 2) of a table whose cells are in range."""
    order = np.lexsort((table[:, 1], table[:, 0]))
    table, rows = table[order], rows[order]
    horizon = _common_horizon(table[:, 0], table[:, 1], rows)
    by_episode = table.reshape(-1, horizon, len(COLUMNS))
    types, actions = by_episode[:, :, 2:4], by_episode[:, :, 4:]
    changed = np.flatnonzero((types != types[:, :1]).any(axis=2))
    if changed.size:
        first = changed[0] // horizon * horizon
        now, before = (tuple(table[row, 2:4].tolist()) for row in (changed[0], first))
        raise ValueError(
            f"row {rows[changed[0]]}: types must stay the same within an episode, got {now}, "
            f"but {before} at stage 1 of episode {table[first, 0]} in row {rows[first]}"
        )
    return np.ascontiguousarray(actions.transpose(1, 2, 0), np.uint8), types[:, 0].astype(np.intp)


def _common_horizon(episode: NDArray[np.int64], stage: NDArray[np.int64], rows: NDArray[np.int64]) -> int:
    """Return the number of stages that all episodes have, given every row's episode and stage, in order."""
    starts = np.flatnonzero(np.diff(episode, prepend=episode[0] - 1))
    lengths = np.diff(starts, append=len(episode))
    expected = np.arange(1, len(episode) + 1) - np.repeat(starts, lengths)
    wrong = np.flatnonzero(stage != expected)
    if wrong.size:
        i = wrong[0]
        if stage[i] < expected[i]:
            raise ValueError(f"row {rows[i]} repeats stage {stage[i]} of episode {episode[i]} in row {rows[i - 1]}")
        raise ValueError(
            f"row {rows[i]} has stage {stage[i]} of episode {episode[i]}, but stage {expected[i]} is missing"
        )
    uneven = np.flatnonzero(lengths != lengths[0])
    if uneven.size:
        last = starts[uneven[0]] + lengths[uneven[0]] - 1
        raise ValueError(
            f"row {rows[last]}: all episodes must have as many stages, but episode {episode[last]} has {stage[last]} "
            f"and episode {episode[0]} has {lengths[0]}"
        )
    return int(lengths[0])


def misread(
    dataset: Play, actions: float = 0.0, types: float = 0.0, seed: int | np.random.Generator | None = None
) -> Dataset:
    """Return the records with some entries replaced by uniformly drawn ones.

    Parameters
    ----------
    dataset
        What really happened.
    actions, types
        Probabilities that an action of either agent, or the type of either, is replaced, in [0, 1]; what is drawn
        may be the right one.
    seed
        An int, a Generator, or None for fresh randomness.

    Examples
    --------
    >>> problem = sc.SocialLearningProblem(sc.games.coordination(2), sc.Fixed(0), horizon=100)
    >>> kept = sc.social.misread(problem.sample(50, seed=1), actions=0.2, seed=2)
    >>> float(kept.actions.mean().round(1))  # half of what is drawn is right
    0.1
    """
    game = checks.instance("dataset", dataset, Play).game
    actions = checks.real("actions", actions, 0, 1)
    types = checks.real("types", types, 0, 1)
    rng = checks.generator(seed)

    def blurred(kept: NDArray[Any], count: int, rate: float) -> NDArray[Any]:
        drawn = rng.integers(count, size=kept.shape, dtype=kept.dtype)
        return np.where(rng.random(kept.shape, np.float32) < rate, drawn, kept)

    blurred_actions = blurred(dataset.actions, game.n_actions, actions)
    return Dataset(blurred_actions, blurred(dataset.types, game.n_types, types), game)
