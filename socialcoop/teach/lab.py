"""A class that plays itself: one line for each pair, read into records, and the notebook that studies them."""

from __future__ import annotations

import argparse
import csv
import os
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.engine import play
from socialcoop.games import Game, team_lead
from socialcoop.imitation import Imitator
from socialcoop.plays import Play
from socialcoop.social import Dataset, Population
from socialcoop.strategies import Convention, Hedge, Trembling
from socialcoop.teach.files import new_file
from socialcoop.teach.homework import as_notebook, code, text, written

MISSED = ".-–"  # what stands for a move that was missed
EXAMPLE = "class.txt"
MOST_PAIRS = 1000  # of a class


def read_class(source: str | os.PathLike[str], game: Game) -> Dataset:
    """Return the records of a class that played in pairs, with one line for each pair.

    Parameters
    ----------
    source
        A file's name, or the lines themselves: a text that has a comma, a semicolon or more than one line. A line such
        as ``0,1,DSD.S,SSDDS`` has both players' types, by number or name, and then each one's moves, a letter for each
        stage: the first letter of an action's name, capital or not, or its number where letters are not enough. A dot
        or a dash is a move that was missed. Spaces between moves, empty lines and lines after # do not matter.
    game
        The game that was played.

    Returns
    -------
    Dataset
        One episode for each pair, in the order of the lines, with the first player as agent 0. What shorter lines lack
        was not observed.

    Raises
    ------
    ValueError
        If a line cannot be read; the message names each such line, and what is wrong with it.

    Examples
    --------
    >>> sc.teach.read_class("0,1,DSD.S,SSDDS", sc.games.team_lead())
    Dataset(1 episode(s) of 5 stage(s), 1 move(s) not observed, 'team lead')
    """
    checks.instance("game", game, Game)
    letters = letters_of(game)
    types, moves, wrong = [], [], []
    for number, row in _rows(_lines(source)):
        try:
            types.append(_types(row, game))
            moves.append(_moves(row, letters))
        except ValueError as error:
            wrong.append(f"line {number}: {error}")
    if wrong:
        raise ValueError("source has lines that cannot be read. " + "; ".join(wrong))
    if not moves:
        raise ValueError("source must have a line for each pair, got none")
    return Dataset.from_arrays([own for own, _ in moves], [other for _, other in moves], game, types)


def letters_of(game: Game) -> list[str]:
    """Return how each action of a game is written: the first letter of its name, or its number."""
    first = [name.strip()[:1].upper() for name in game.action_names]
    if len(set(first)) == len(first) and all(letter.isalpha() for letter in first):
        return first
    if game.n_actions > 10:
        raise ValueError(f"game must have at most 10 actions, or names with letters of their own, got {game!r}")
    return [str(action) for action in range(game.n_actions)]


def _lines(source: Any) -> list[str]:
    if isinstance(source, str) and not source.strip():
        raise ValueError("source must have a line for each pair, got none")
    if isinstance(source, str) and any(mark in source for mark in ",;\n"):
        return source.splitlines()
    return checks.path("source", source).read_text(encoding="utf-8-sig").splitlines()


def _rows(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each line that says something, and its parts; some spreadsheets write semicolons."""
    for number, line in enumerate(lines, start=1):
        plain = line.partition("#")[0]
        if plain.strip(" ,;\t\ufeff"):
            mark = ";" if ";" in plain else ","
            yield number, [part.strip() for part in next(csv.reader([plain.strip("\ufeff")], delimiter=mark))]


def _types(row: Sequence[str], game: Game) -> list[int]:
    """Return the types of both in a line."""
    while len(row) > 4 and not row[-1]:
        row = row[:-1]  # empty cells of a spreadsheet
    if len(row) != 4:
        raise ValueError(f"write two types and the moves of both, four parts with commas, got {len(row)} part(s)")
    names = {name.casefold(): number for number, name in enumerate(game.type_names)}
    names |= {str(number): number for number in range(game.n_types)}
    for given in row[:2]:
        if given.casefold() not in names:
            raise ValueError(f"a type is a number from 0 to {game.n_types - 1} or a name, got {given!r}")
    return [names[given.casefold()] for given in row[:2]]


def _moves(row: Sequence[str], letters: Sequence[str]) -> tuple[list[int | None], list[int | None]]:
    """Return the moves of both in a line, None where one was missed."""
    own, other = (_acts("".join(part.split()).upper(), letters) for part in row[2:4])
    if len(own) != len(other):
        raise ValueError(
            f"the first has {len(own)} move(s) and the second {len(other)}: write a dot for a move that was missed"
        )
    return own, other


def _acts(given: str, letters: Sequence[str]) -> list[int | None]:
    unknown = [letter for letter in given if letter not in letters and letter not in MISSED]
    if unknown:
        raise ValueError(f"a move is one of {', '.join(letters)}, or a dot if it was missed, got {unknown[0]!r}")
    return [None if letter in MISSED else letters.index(letter) for letter in given]


def as_lines(records: Play) -> str:
    """Return records as the lines that `read_class` reads."""
    letters = np.array([*letters_of(records.game), "."])
    seen = np.ones(records.actions.shape, bool) if records.observed is None else records.observed
    signs = letters[np.where(seen, records.actions.astype(int), -1)]
    lines = (
        f"{types[0]},{types[1]},{''.join(signs[:last, 0, k])},{''.join(signs[:last, 1, k])}\n"
        for k, (types, last) in enumerate(zip(records.types.tolist(), records.stages.tolist(), strict=True))
    )
    return "".join(lines)


def numbered_lines(source: str | os.PathLike[str]) -> list[str]:
    """Return the line of each pair as it stands in what `read_class` reads, with its number there."""
    lines = _lines(source)
    return [f"line {number}: {lines[number - 1].strip()}" for number, _ in _rows(lines)]


def stages_held(records: Play) -> NDArray[np.intp]:
    """Return for how many stages an imitator of all other records could have followed each record.

    Parameters
    ----------
    records
        Records of a class, or of any population. A record is followed up to its first missed move.

    Returns
    -------
    Array (K,): stages, from the first on, before which another record with the same type of agent 0 holds the history;
    0 where there is none.

    Examples
    --------
    >>> pairs = '''
    ... 0,1,DDS,SDS
    ... 0,0,DSS,SDD
    ... 1,1,SS,SS
    ... '''
    >>> records = sc.teach.read_class(pairs, sc.games.team_lead())
    >>> sc.teach.lab.stages_held(records)  # the first two begin alike, and differ at the second stage
    array([2, 2, 0])
    """
    dataset = Dataset(*checks.instance("records", records, Play).__reduce__()[1])
    held = np.zeros(len(dataset), np.intp)
    for k in range(len(dataset) if len(dataset) > 1 else 0):
        shown = _shown(dataset[k])
        held[k] = Imitator(dataset[np.arange(len(dataset)) != k]).followed(shown)[0]
    return held


def _shown(record: Dataset) -> Play:
    """Return one record up to its first missed move."""
    seen = np.ones(record.horizon, bool) if record.observed is None else record.observed.all(axis=(1, 2))
    return Play(record.actions[: int(np.logical_and.accumulate(seen).sum())], record.types, record.game)


def dealt(game: Game, pairs: int, seed: int = 0) -> NDArray[np.intp]:
    """Return the types of some pairs, (pairs, 2): all joint types about equally often, in a mixed order."""
    joint = np.array(list(product(range(game.n_types), repeat=2)))
    return np.random.default_rng(seed).permutation(joint[np.arange(pairs) % len(joint)])


def example_class(pairs: int) -> Dataset:
    """Return a made-up class: conventions, learners, and some who miss a move or stop early."""
    game, random = team_lead(), np.random.default_rng(pairs)
    people = Population([Trembling(Convention(), 0.05), Hedge(), Convention()])
    types = dealt(game, pairs, seed=1)
    met = [play(people, people, game, tuple(each), 10, seed=k) for k, each in enumerate(types.tolist())]
    actions = np.concatenate([each.actions for each in met], axis=2)
    seen = random.random(actions.shape) > 0.01
    seen[8:, :, random.random(pairs) < 0.05] = False
    return Dataset(actions, types, game, seen)


OPENING = """# A class that plays itself

Each pair has played ten stages of the team-lead game, and nobody knew the other's type. The file `class.txt` holds \
one line for each pair: both types, then the moves of the first player and those of the second, one letter for each \
stage, as in `0,1,DSDDSDDDDD,SSDDSDD.DD`. Type 0 likes it direct, type 1 supportive; `D` is a direct message and `S` a \
supportive one. A dot is a move that was missed. The first player sits where an assistant would sit.

The {pairs} pair(s) in the file are made up. Write the lines of your class in their place, and run all cells."""
READ = """import numpy as np

import socialcoop as sc

game = sc.games.team_lead()
records = sc.teach.read_class("class.txt", game)
lines = sc.teach.lab.numbered_lines("class.txt")
print(records)
for types in np.ndindex(2, 2):
    pairs = (records.types == types).all(axis=1).sum()
    first, second = (game.type_names[each].removeprefix("likes it ") for each in types)
    print(f"{first} with {second}: {pairs} pair(s)")"""
REGRET = """## Regret

Before you run the cell: who regrets more, the first players or the second? And how many pairs have no regret at all? \
Where the best single word would have earned less than what was played, regret is negative.

Only stages at which both moves were seen count."""
REGRETS = """seen = np.ones((records.horizon, len(records)), bool)
if records.observed is not None:
    seen = records.observed.all(axis=1)
stages = np.maximum(seen.sum(axis=0), 1)


def most(said, numbers):
    first, *others = np.flatnonzero(numbers > numbers.max() - 1e-9)
    print(f"{said} most, {numbers.max():.2f}, in {1 + len(others)} pair(s); the first is {lines[first]}")


for agent in (0, 1):
    regret = sc.external_regret(records, agent) / stages
    print(f"player {agent + 1} regrets {regret.round(2)} a stage, {regret.mean():.2f} on average")
    most(f"player {agent + 1} regrets", regret)
short = sc.altruistic_regret(records) / stages
print(f"player 2 is left short by {short.round(2)} a stage, {short.mean():.2f} on average")
most("player 2 is left short", short)"""
IMITATE = """## Imitation: how long do records last?

An imitator copies what a first player of its type did after the same history. Take one pair out of the class. For how \
many of its stages do the *other* pairs hold the history? Predict how many pairs are left after three stages."""
HELD = """held = sc.teach.stages_held(records)
print(f"a pair is followed for {held.mean():.1f} stages on average")
for stage in range(1, records.horizon + 1):
    print(f"stage {stage:2}: {(held >= stage).sum():3} pair(s) {'#' * (held >= stage).sum()}")"""
COMMIT = """## A commitment, met by a learner

Now an assistant that has read the class meets a partner who learns with Hedge, and is none of the class. It imitates \
for a few stages, then commits to a mixture. Its rivals: one that copies to the end, two that always say the same \
word, and one that echoes the partner's first word for ever. The last three have read nothing.

The table says by how much the partner is left short a stage, for each pair of types, the assistant's first. A \
negative number says that she earns more than in her worst PONE. One of the two words happens to be what she likes, so \
compare with the mean of the two constants."""
RIVALS = """T = 100
shown = np.logical_and.accumulate(seen).sum(axis=0)  # up to the first missed move
phases = [phase for phase in (1, 2, 5, 10) if phase <= shown.max()]
phase = sc.choose_phase(records, phases, T) if phases else 1
copies = sc.Imitator(records)
assistants = {
    "copies": copies,
    f"commits after {phase}": sc.ImitateThenCommit(records, phase),
    "always direct": sc.Fixed(0),
    "always supportive": sc.Fixed(1),
    "echoes the first word": sc.ThenCommit(sc.TitForTat(0), 2, "last"),
}
names = [f"{first}{second}" for first, second in np.ndindex(2, 2)]
print(" " * 24 + "".join(f"types {name}".rjust(10) for name in names) + "mean".rjust(10))
for name, ai in assistants.items():
    met = [sc.play(ai, sc.Hedge(), game, types, T, 500, seed=1) for types in np.ndindex(2, 2)]
    lost = [sc.altruistic_regret(each).mean() / T for each in met]
    print(f"{name:24}" + "".join(f"{each:+10.2f}" for each in [*lost, np.mean(lost)]))
    if ai is copies:
        known = np.mean([copies.followed(each).mean() for each in met])
print(f"the records hold the first {known:.1f} stages of the one that copies")"""
FEWER = """## When half the class is absent

- **One pair** is enough for regret, and for the last table. Its types may be the only ones that the records hold; \
with other types the assistant that imitates plays at random, and its line says what that costs.
- **Two pairs or more** are needed to ask how long records last. With few, most histories are in no other record, and \
that is the point: say how many pairs one would need.
- **Let whoever is there play again**, with new cards and another partner, and write a line for each game.
- **Add the made-up pairs**, and say so: take the signs # out of the next cell and run it, and then the cells from \
*Regret* on once more.
- **Half a record is a record**: dots for what was missed. A pair that stops early writes shorter lines, for both."""
ADDED = """# added = sc.teach.lab.example_class(30)
# records = records + added
# lines = lines + sc.teach.lab.as_lines(added).splitlines()"""


def lab_notebook(pairs: int) -> dict[str, Any]:
    """Return the notebook that studies a class."""
    opening = text(OPENING.replace("{pairs}", str(pairs)))
    cells = [opening, code(READ), text(REGRET), code(REGRETS), text(IMITATE), code(HELD), text(COMMIT), code(RIVALS)]
    return as_notebook([*cells, text(FEWER), code(ADDED)], "lab")


def add_lab(commands: Any) -> None:
    """Add the command that writes the notebook of the lab."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "lab", help="write a notebook that studies a class, and made-up pairs beside it", description=__doc__
    )
    parser.add_argument("out", metavar="OUT", type=Path, help=f"the notebook; {EXAMPLE} is written beside it")
    parser.add_argument("--pairs", metavar="N", type=int, default=30, help="how many pairs to make up (30)")
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> None:
    pairs = checks.integer("--pairs", given.pairs, 1, MOST_PAIRS)
    if given.out.suffix != ".ipynb":
        raise ValueError(f"OUT must be a file that ends in .ipynb, got {given.out}")
    example = new_file(given.out.with_name(EXAMPLE))
    written(given.out, lab_notebook(pairs))
    told = f"# {pairs} made-up pair(s): both types, then the moves of both\n" + as_lines(example_class(pairs))
    example.write_text(told, encoding="utf-8", newline="\n")
    print(f"{given.out}: reads {example.name} beside it, {pairs} made-up pair(s). Write those of your class there.")
