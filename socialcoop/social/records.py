"""Datasets: recorded episodes, kept in a file or brought from a classroom."""

from __future__ import annotations

import csv
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, NoReturn, Self

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games import Game, merged
from socialcoop.plays import Play
from socialcoop.social.arrays import read_arrays
from socialcoop.social.tables import WIDE, read_csv, read_frame

ARRAYS = ("actions", "types", "payoffs", "name", "action_names", "type_names")  # of an .npz archive


@dataclass(frozen=True, eq=False, repr=False)
class Dataset(Play):
    r"""Records of K episodes of T stages, with both agents' types.

    Attributes and methods are those of `Play`; K is its number B of episodes. A dataset is a list of episodes: ``len``
    counts them, and ``dataset[...]`` is the dataset of those chosen by a number, a slice, a list of numbers or an array
    (K,) of bool; negative numbers count from the end. ``one + other`` has the episodes of both, if they are of the same
    game; what the shorter ones lack was not observed.

    Notes
    -----
    The paper's :math:`\mathcal D = \{(\theta_1^j, \theta_2^j, h_T^j)\}`, section 3.

    Examples
    --------
    >>> met = sc.play(sc.Fixed(0), sc.Fixed(1), sc.games.chicken(), (0, 0), horizon=3, episodes=2)
    >>> records = sc.Dataset(met.actions, met.types, met.game)
    >>> records
    Dataset(2 episode(s) of 3 stage(s), 'chicken')
    >>> len(records), len(records[1:]), len(records + records[0])
    (2, 1, 3)
    """

    def __len__(self) -> int:
        return self.episodes

    def __getitem__(self, which: Any) -> Self:
        chosen = _chosen(which, self.episodes)
        observed = None if self.observed is None else self.observed[:, :, chosen]
        return type(self)(self.actions[:, :, chosen], self.types[chosen], self.game, observed)

    def __add__(self, other: object) -> Self:
        if not isinstance(other, Dataset):
            return NotImplemented
        if other.game != self.game:
            raise ValueError(f"datasets must be of the same game to be joined, got {self.game} and {other.game}")
        shape = (max(self.horizon, other.horizon), 2, self.episodes + other.episodes)
        actions, observed = np.zeros(shape, np.uint8), np.zeros(shape, bool)
        for part, low in ((self, 0), (other, self.episodes)):
            place = (slice(part.horizon), slice(None), slice(low, low + part.episodes))
            actions[place], observed[place] = part.actions, True if part.observed is None else part.observed
        return type(self)(actions, np.concatenate([self.types, other.types]), self.game, observed)

    def __array__(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("a Dataset is no array; its actions and types are")

    def split(self, share: float, seed: int | np.random.Generator | None = None) -> tuple[Self, Self]:
        """Return two datasets, to learn from and to test with: each episode is in one of them.

        Parameters
        ----------
        share
            How much of the episodes the first one gets, in (0, 1), to the nearest episode; neither may be left empty.
        seed
            An int, a Generator, or None for fresh randomness.

        Examples
        --------
        >>> people = sc.SocialLearningProblem(sc.games.chicken(), sc.Hedge(), horizon=5)
        >>> train, test = people.sample(50, seed=1).split(0.8, seed=2)
        >>> len(train), len(test)
        (40, 10)
        """
        share = checks.real("share", share, 0, 1, open_low=True, open_high=True)
        first = round(share * self.episodes)
        if not 0 < first < self.episodes:
            raise ValueError(f"share must leave an episode for both, got {share:g} of {self.episodes} episode(s)")
        order = checks.generator(seed).permutation(self.episodes)
        return self[np.sort(order[:first])], self[np.sort(order[first:])]

    @classmethod
    def from_arrays(cls, ai: Any, partner: Any, game: Game, types: Any = None) -> Self:
        """Return the dataset of some arrays or lists, one for each side.

        Parameters
        ----------
        ai, partner
            The moves of agents 0 and 1, by their numbers or names: arrays (K, T), in which masked entries and NaN were
            not observed; or a list for each episode, with None for a missed move. Episodes may differ in length.
        game
            The game that was played.
        types
            Both agents' types in each episode, (K, 2), by their numbers or names. They may be left out where the game
            has only one type.

        Examples
        --------
        >>> game = sc.games.chicken()
        >>> sc.Dataset.from_arrays([[0, 1, None], [1]], [[0, 0, 1], [1]], game)
        Dataset(2 episode(s) of 3 stage(s), 5 move(s) not observed, 'chicken')
        """
        actions, kept, observed = read_arrays(ai, partner, game, types)
        return cls(actions, kept, game, observed)

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
        observed: dict[str, Any] = {} if self.observed is None else {"observed": self.observed}
        if any(text.endswith("\0") for text in (game.name, *game.action_names, *game.type_names)):
            raise ValueError(f"game must have no name that ends in the character NUL to be saved, got {game!r}")
        with checks.path("path", path).open("wb") as file:
            np.savez_compressed(
                file,
                actions=self.actions,
                types=self.types,
                payoffs=game.payoffs,
                name=game.name,
                action_names=game.action_names,
                type_names=game.type_names,
                **observed,
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
        with checks.path("path", path).open("rb") as file:
            try:
                return cls(*_unpack(file))
            except Exception as error:  # a damaged archive has as many errors as zipfile, zlib and NumPy together
                raise ValueError(f"{path} does not hold a dataset: {error}") from error

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write a plain table of integers, one row for each episode and stage.

        The columns are episode, stage, type_1, type_2, action_1, action_2. Episodes and stages count
        from 1; types and actions from 0, as everywhere in the package. The AI is agent 1 of the paper,
        the partner agent 2. The cell of a missed move is empty, and an episode has no rows after its last move; one
        without a move has one row. The game is not written: `from_csv` has to be told.

        Raises
        ------
        ValueError
            If there are no episodes or no stages, since a table without rows cannot say how many.
        """
        columns = self._columns()
        with checks.path("path", path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(WIDE)
            writer.writerows(zip(*(_plain(column, "") for column in columns), strict=True))

    def to_frame(self) -> Any:
        """Return the table of `to_csv` as a ``pandas.DataFrame``; a missed move is ``pandas.NA``.

        Raises
        ------
        ImportError
            If pandas is not installed.

        Examples
        --------
        >>> sc.Dataset.from_arrays([[0, 1]], [[0, None]], sc.games.chicken()).to_frame()
           episode  stage  type_1  type_2  action_1  action_2
        0        1      1       0       0         0         0
        1        1      2       0       0         1      <NA>
        """
        pandas = checks.extra("pandas", "to_frame")
        columns = dict(zip(WIDE, self._columns(), strict=True))
        return pandas.DataFrame(
            {
                name: pandas.array(_plain(column, None), "Int64") if np.ma.is_masked(column) else np.asarray(column)
                for name, column in columns.items()
            }
        )

    def _columns(self) -> list[NDArray[Any]]:
        """Return the columns of the table; what was missed is masked."""
        if not self.actions.size:
            raise ValueError(f"a table cannot show {self!r}, which has no rows; use save instead")
        episode, stage = np.nonzero(np.arange(self.horizon) < np.maximum(self.stages, 1)[:, None])
        moves = self.actions[stage, :, episode].astype(np.int64)
        if self.observed is not None:
            moves = np.ma.masked_array(moves, ~self.observed[stage, :, episode])
        return [episode + 1, stage + 1, *self.types[episode].T, *moves.T]

    @classmethod
    def from_csv(cls, path: str | os.PathLike[str], game: Game, columns: Mapping[str, str] | None = None) -> Self:
        """Return the dataset in a table like that of `to_csv`, for instance of a classroom experiment.

        Parameters
        ----------
        path
            A file of comma-separated values in UTF-8. Its first row names the columns: episode, stage, type_1, type_2,
            action_1, action_2 for one row for each stage; or episode, stage, player, type, action for one row for each
            player and stage, where the players of an episode are put in the order in which the table shows them. The
            types may be left out if the game has one type. Other columns do not matter, nor does any order.
        game
            The game that was played. Types and actions may be given by their names in it; what looks
            like an integer is one, counted from 0, even if a name looks the same.
        columns
            What the table calls its columns, where it is not as above, such as ``{"episode": "game_id"}``.

        Returns
        -------
        Dataset
            With the episodes in the order of their numbers; if not all are integers, of their first appearance. Stages
            count from 0 if there is a stage 0, else from 1. Moves whose rows or cells are missing were not observed:
            an empty cell, and NA, NaN, nan, none, None and null unless an action is called so.

        Raises
        ------
        ValueError
            If the file breaks a rule; the message names the file, each row (its line in the file, where
            the column names usually are row 1) and what is wrong with it.
        OSError
            If the file cannot be opened; FileNotFoundError if there is none.

        Examples
        --------
        >>> records = sc.Dataset.from_arrays([[0, 1]], [[0, None]], sc.games.chicken())
        >>> records.to_csv("pairs.csv")
        >>> sc.Dataset.from_csv("pairs.csv", records.game)
        Dataset(1 episode(s) of 2 stage(s), 1 move(s) not observed, 'chicken')
        """
        checks.instance("game", game, Game)
        data = checks.path("path", path).read_bytes()
        try:
            actions, types, observed = read_csv(data, game, columns)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None
        return cls(actions, types, game, observed)

    @classmethod
    def from_frame(cls, frame: Any, game: Game, columns: Mapping[str, str] | None = None) -> Self:
        """Return the dataset in a ``pandas.DataFrame``, which is read as `from_csv` reads a file.

        In messages rows count from 0, as they do for ``frame.iloc``.

        Raises
        ------
        ImportError
            If pandas is not installed.
        ValueError
            If the table breaks a rule; the message names each row and what is wrong with it.

        Examples
        --------
        >>> records = sc.Dataset.from_arrays([[0, 1]], [[0, 0]], sc.games.chicken())
        >>> frame = records.to_frame().rename(columns={"episode": "pair"})
        >>> sc.Dataset.from_frame(frame, records.game, columns={"episode": "pair"}) == records
        True
        """
        checks.instance("frame", frame, checks.extra("pandas", "from_frame").DataFrame)
        checks.instance("game", game, Game)
        actions, types, observed = read_frame(frame, game, columns)
        return cls(actions, types, game, observed)


def _chosen(which: Any, episodes: int) -> NDArray[np.intp]:
    """Return the numbers of the episodes that are selected."""
    if isinstance(which, slice):
        return np.arange(episodes)[which]
    alone = isinstance(which, int | np.integer) and not isinstance(which, bool)
    several = isinstance(which, list | np.ndarray) and not checks.masked(which)
    try:
        chosen = np.array([which]) if alone else np.asarray(which) if several else np.zeros(())
    except ValueError:  # rows of different lengths
        chosen = np.zeros(())
    if chosen.dtype == np.bool_ and chosen.shape == (episodes,):
        return np.flatnonzero(chosen)
    if chosen.ndim != 1 or (chosen.size and chosen.dtype.kind not in "iu"):
        raise TypeError(f"episodes are selected by integers, a slice, or bool of shape ({episodes},), got {which!r}")
    if chosen.size and (chosen.min() < -episodes or chosen.max() >= episodes):
        raise IndexError(f"there are {episodes} episode(s), counted from 0, got {which!r}")
    return chosen.astype(np.intp)


def _plain(column: NDArray[Any], missing: Any) -> list[Any]:
    return [missing if cell is None else cell for cell in column.tolist()]


def _unpack(file: IO[bytes]) -> tuple[NDArray[Any], NDArray[Any], Game, NDArray[Any] | None]:
    if not zipfile.is_zipfile(file):
        raise ValueError("it is not a complete .npz archive")
    file.seek(0)
    with np.load(file, allow_pickle=False) as archive:
        missing = [name for name in ARRAYS if name not in archive]
        if missing:
            raise ValueError(f"it lacks {', '.join(missing)}")
        actions, types, payoffs, *texts = (np.asarray(archive[name]) for name in ARRAYS)
        observed = np.asarray(archive["observed"]) if "observed" in archive else None
    return actions, types, Game(payoffs, *(text.tolist() for text in texts)), observed


def misread(
    dataset: Play, actions: float = 0.0, types: float = 0.0, seed: int | np.random.Generator | None = None
) -> Dataset:
    """Return the records with some entries replaced by uniformly drawn ones.

    Parameters
    ----------
    dataset
        What really happened. What was not observed stays unobserved.
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
    return Dataset(blurred_actions, blurred(dataset.types, game.n_types, types), game, dataset.observed)


def merge_synonyms(dataset: Play) -> Dataset:
    """Return the records in the game without synonyms, see `socialcoop.games.merged`.

    What has learned from them plays by `socialcoop.strategies.Merged`.

    Examples
    --------
    >>> game, records = sc.games.project(wordings=2), sc.Scripted([4, 7, 2])
    >>> shown = sc.play(records, records, game, (0, 0), horizon=3)
    >>> plain = sc.social.merge_synonyms(shown)
    >>> plain.game.n_actions, plain.actions[:, 0, 0]
    (6, array([2, 3, 1], dtype=uint8))
    """
    plain, kinds = merged(checks.instance("dataset", dataset, Play).game)
    return Dataset(kinds[dataset.actions].astype(np.uint8), dataset.types, plain, dataset.observed)


def hide_types(dataset: Play, agent: int = 1) -> Dataset:
    """Return the records with type 0 for one agent throughout: what a stranger's model of that agent can learn from.

    Examples
    --------
    >>> problem = sc.SocialLearningProblem(sc.games.team_lead(), sc.Convention(), horizon=5)
    >>> sc.social.hide_types(problem.sample(50, seed=1)).types.max(axis=0)
    array([1, 0])
    """
    types = checks.instance("dataset", dataset, Play).types.copy()
    types[:, checks.integer("agent", agent, 0, 1)] = 0
    return Dataset(dataset.actions, types, dataset.game, dataset.observed)
