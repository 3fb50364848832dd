"""Seconds to find all extreme equilibria, against the number of actions, beside nashpy, Gambit and QuantEcon.

Random payoffs without ties, where everybody finds the same equilibria, which is checked; then many small games with
ties, against exact integers. A library is left out once it has taken more than its patience. Run
``pip install -e .[benchmarks]``, then ``python tests/benchmarks/equilibria.py``.
"""

import sys
import warnings
from collections.abc import Callable
from itertools import product
from pathlib import Path
from time import perf_counter

import numpy as np

import socialcoop as sc

sys.path.append(str(Path(__file__).parents[1]))
import oracles

SIZES = range(2, 15)
PATIENCE = 5  # seconds for one game, before a library is left out of the larger ones
ROUNDS = 3

Find = Callable[
    [np.ndarray, np.ndarray], np.ndarray
]  # both matrices, row player's action first; returns both strategies


def ours() -> Find:
    """The public interface, with nothing remembered."""

    def find(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        sc.equilibria._enumerated.cache_clear()
        profiles = sc.nash_equilibria(sc.Game.from_bimatrix(rows, columns), (0, 1))
        return np.array([np.concatenate(profile.strategies) for profile in profiles])

    return find


def nashpy() -> Find:
    """Vertex enumeration, which is built on Qhull."""
    import nashpy as nash

    def find(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        return np.array([np.concatenate(pair) for pair in nash.Game(rows, columns).vertex_enumeration()])

    return find


def gambit() -> Find:
    """Its enumeration of mixed equilibria, in floating point."""
    import pygambit

    def find(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        game = pygambit.Game.from_arrays(rows, columns)
        found = pygambit.nash.enummixed_solve(game, rational=False).equilibria
        return np.array([[p for _, mixed in profile.mixed_strategies() for _, p in mixed] for profile in found])

    return find


def quantecon() -> Find:
    """Vertex enumeration, built on Qhull and compiled."""
    import quantecon.game_theory as gt

    def find(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        game = gt.NormalFormGame([gt.Player(rows), gt.Player(columns.T)])
        return np.array([np.concatenate(pair) for pair in gt.vertex_enumeration(game)])

    find(np.eye(2), np.eye(2))  # compiles
    return find


PEERS = {"socialcoop": ours, "nashpy": nashpy, "Gambit": gambit, "QuantEcon": quantecon}


def installed() -> dict[str, Find]:
    """Set up every library that can be imported."""
    finders = {}
    for name, prepare in PEERS.items():
        try:
            finders[name] = prepare()
        except ModuleNotFoundError as missing:
            print(f"{name} is left out: {missing}")
    return finders


def same(found: np.ndarray, expected: np.ndarray) -> bool:
    """Return whether two lists hold the same points in any order."""
    if len(found) != len(expected):
        return False
    distances = np.abs(found[:, None] - expected).max(axis=2)
    return bool(distances.min(axis=0).max() < 1e-6 and distances.min(axis=1).max() < 1e-6)


def best_time(find: Find, rows: np.ndarray, columns: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the shortest time of a few runs, one if it is slow, and what was found."""
    times: list[float] = []
    while len(times) < ROUNDS and sum(times) < 1:
        start = perf_counter()
        found = find(rows, columns)
        times.append(perf_counter() - start)
    return min(times), found


def against_size() -> None:
    """Print the times of everybody for one random game of each size."""
    finders, out = installed(), set()
    print(f"{'actions':>7}{'equilibria':>12}" + "".join(f"{name:>14}" for name in finders) + "   seconds")
    for n in SIZES:
        rows, columns = np.random.default_rng(n).random((2, n, n))
        cells, expected = [], None
        for name, find in finders.items():
            if name in out:
                cells.append(f"{'':>14}")
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # nashpy says that even numbers are suspicious
                seconds, found = best_time(find, rows, columns)
            expected = found if expected is None else expected
            cells.append(f"{seconds:>13.4f}{' ' if same(found, expected) else '!'}")
            if seconds > PATIENCE:
                out.add(name)
        print(f"{n:>7}{len(expected):>12}" + "".join(cells), flush=True)
    print("An exclamation mark: found other equilibria than we did. A blank: too slow one size before.")


def with_ties(games: int = 50) -> None:
    """Print how many games of 5 to 7 actions and few levels of payoffs have other equilibria than in exact integers."""
    find, wrong, degenerate, equilibria = ours(), 0, 0, 0
    rng = np.random.default_rng(7)
    cases = [(n, levels) for n, levels in product((5, 6, 7), (2, 3)) for _ in range(games)]
    for n, levels in cases:
        ai, partner = rng.integers(levels, size=(2, n, n))
        exact, tied = oracles.extreme_equilibria(ai.tolist(), partner.tolist(), oracles.basis_corners)
        expected = np.array([[float(p) for p in (*x, *y)] for (x, y), _ in exact])
        wrong += not same(find(ai / (levels - 1), partner.T / (levels - 1)), expected)
        degenerate, equilibria = degenerate + tied, equilibria + len(exact)
    print(f"{len(cases)} games of 5 to 7 actions with 2 or 3 levels of payoffs, {degenerate} degenerate, "
          f"{equilibria} extreme equilibria: {wrong} games differ from exact integers")  # fmt: skip


if __name__ == "__main__":
    against_size()
    with_ties()
