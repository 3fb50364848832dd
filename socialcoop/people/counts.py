"""Counts of what people chose, read from the tables that lie beside this file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.strategies import MemoryOne

TEMPTATION, PUNISHMENT, SUCKER = 50, 25, 12  # points; the reward differs between the treatments


@dataclass(frozen=True, eq=False)
class Dilemma(checks.Frozen):
    """What people did in one treatment of the repeated prisoner's dilemma.

    Action 0 is to cooperate, action 1 to defect.

    Attributes
    ----------
    people, supergames
        How many people; and how many repeated games, each counted once for each of its two people.
    continuation
        With which probability there was another round.
    reward
        Points for mutual cooperation.
    first
        How often each action was chosen in a first round, (2,).
    after
        How often each action was chosen right after own action a and the other's b, ``after[a, b]``, (2, 2, 2).

    Examples
    --------
    >>> found = sc.people.dilemmas()["D75R40"]
    >>> found.people, found.continuation, found.reward
    (38, 0.75, 40)
    >>> found.after[0, 0]  # both had cooperated: 409 times once more, 9 times no longer
    array([409,   9])
    """

    people: int
    supergames: int
    continuation: float
    reward: int
    first: NDArray[np.int64]
    after: NDArray[np.int64]

    @cached_property
    def game(self) -> Game:
        """The stage game, with points x as payoffs (x - 12) / 38, which lie in [0, 1].

        Equilibria stay as they are, and regrets are divided by 38.
        """
        points = np.array([[self.reward, SUCKER], [TEMPTATION, PUNISHMENT]])
        name = f"prisoner's dilemma with reward {self.reward}"
        return Game((points - SUCKER) / (TEMPTATION - SUCKER), name, ("cooperate", "defect"))

    @cached_property
    def member(self) -> MemoryOne:
        """Who cooperates as often as people did, in a first round and after each joint action."""
        return MemoryOne(self.after / self.counts[:, :, None], self.first / self.first.sum())

    @property
    def counts(self) -> NDArray[np.int64]:
        """Rounds that were followed by another, by own action and the other's, (2, 2); last rounds are not in it."""
        return self.after.sum(axis=2)


def rock_paper_scissors() -> NDArray[np.int64]:
    """Return how often 58 pairs of people chose what in rock-paper-scissors.

    Returns
    -------
    Array (58, 3, 3, 3): pair, third of the session, action of the one, action of the other. The actions are those of
    `socialcoop.games.rock_paper_scissors`. A third has at most 100 rounds: those in which a move is missing are left
    out.

    Notes
    -----
    Counted from the records of paired play that E. Brockbank and E. Vul publish (``erik-brockbank/rps``, the folder
    ``data/v1``); their study is described in Brockbank and Vul (2021).

    Examples
    --------
    >>> counts = sc.people.rock_paper_scissors()
    >>> counts.shape
    (58, 3, 3, 3)
    >>> counts.sum(axis=(1, 2, 3)).min()  # rounds of the pair with most moves missing
    np.int64(291)
    """
    cells = [[int(number) for number in [*row.values()][2:]] for row in _rows("rock_paper_scissors")]
    return np.array(cells).reshape(-1, 3, 3, 3)


def dilemmas() -> dict[str, Dilemma]:
    """Return what people did in six treatments of the repeated prisoner's dilemma.

    The name says the probability of another round in percent (the leading digits), and the points for mutual
    cooperation: in D75R40 it is .75, and 40 points.

    Notes
    -----
    Counted from the data of Dal Bó and Fréchette (2011), as the R package stratEst (Dvorak, 2023) carries them.

    Examples
    --------
    >>> {name: found.people for name, found in sc.people.dilemmas().items()}
    {'D5R32': 44, 'D5R40': 50, 'D5R48': 46, 'D75R32': 44, 'D75R40': 38, 'D75R48': 44}
    """
    return {row["treatment"]: _dilemma(row) for row in _rows("dilemmas")}


def _dilemma(row: dict[str, str]) -> Dilemma:
    first = int(row["first"]), int(row["supergames"])
    after = [(int(row[f"after {joint}"]), int(row[f"followed {joint}"])) for joint in ("cc", "cd", "dc", "dd")]
    (first_counts, *after_counts) = ([cooperated, total - cooperated] for cooperated, total in (first, *after))
    return Dilemma(
        people=int(row["people"]),
        supergames=int(row["supergames"]),
        continuation=float(row["continuation"]),
        reward=int(row["reward"]),
        first=np.array(first_counts),
        after=np.array(after_counts).reshape(2, 2, 2),
    )


def _rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table, by the names in its first line."""
    return list(csv.DictReader((files(__package__) / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
