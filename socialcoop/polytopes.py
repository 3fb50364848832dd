"""The vertices of a best-response polytope, each with its tight inequalities."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from socialcoop.games.game import TOLERANCE

MAX_WORK = 2_000_000  # edges at the vertices of one polytope: seconds, and a few hundred MB
MAX_PAIRS = 200_000_000  # pairs to compare at once where a game is degenerate
BLOCK = 1 << 22  # entries of the largest table of pairs held at a time

__all__ = ["best_reply_vertices", "completely_labelled"]

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Bools = NDArray[np.bool_]
Indices = NDArray[np.intp]


def best_reply_vertices(matrix: Floats) -> tuple[Floats, Bools]:
    """Return the vertices of {(x, v): x a mixed action of the other, v at least what any own action gets against x}.

    Parameters
    ----------
    matrix
        The replier's payoffs, (N, N), own action first, from 0 to 1.

    Returns
    -------
    The x of each vertex, (vertices, N), and its tight inequalities (vertices, 2N): which actions the other does
    not play, then which own actions are best replies. In descending lexicographic order of x.

    Raises
    ------
    ValueError
        If there are too many.

    Notes
    -----
    The double description method (Motzkin et al. 1953; Fukuda and Prodon 1996): take in one own action after
    the other, keep the vertices where it is no better than v, and cut every edge to one where it is better. What
    is tight is told from where a vertex comes from and never measured again, so degenerate games lose nothing;
    and since every new vertex is a mean of two old ones, rounding does not grow.

    Examples
    --------
    >>> x, tight = sc.polytopes.best_reply_vertices(np.eye(2))
    >>> x
    array([[1. , 0. ],
           [0.5, 0.5],
           [0. , 1. ]])
    >>> tight[1]  # both actions are played, and both are best replies
    array([False, False,  True,  True])
    """
    n = len(matrix)
    best_first = np.argsort(-matrix.sum(axis=1), kind="stable")  # where few vertices are left they go early
    # one action has a vertex where the other plays for sure, and the ray upwards, which is no vertex
    rays = np.zeros((n + 1, n + 1))
    rays[:n, :n], rays[:n, n], rays[n, n] = np.eye(n), matrix[best_first[0]], 1
    tight = np.zeros((n + 1, 2 * n), dtype=bool)
    tight[:, :n], tight[:n, n + best_first[0]] = rays[:, :n] == 0, True
    for action in best_first[1:]:
        slack = rays[:, n] - rays[:, :n] @ matrix[action]
        tight[:, n + action] = np.abs(slack) <= TOLERANCE
        above, below = (side & ~tight[:, n + action] for side in (slack > 0, slack < 0))
        if not below.any():
            continue
        i, j = _edges(tight, above, below)
        if (len(i) + len(rays)) * n > MAX_WORK:
            raise too_large(n)
        cut = rays[i] * (slack[j] / -slack[i])[:, None] + rays[j]
        cut /= cut[:, :n].sum(axis=1, keepdims=True)
        touched = tight[i] & tight[j]
        touched[:, n + action] = True
        rays, tight = np.concatenate([rays[~below], cut]), np.concatenate([tight[~below], touched])
    vertex = rays[:, :n].any(axis=1)
    mixed, tight = rays[vertex, :n], tight[vertex]
    _, once = np.unique(_packed(tight), axis=0, return_index=True)  # where payoffs nearly tie there can be doubles
    mixed, tight = mixed[once], tight[once]
    order = np.lexsort(-mixed.T[::-1].round(9))
    return mixed[order], tight[order]


def too_large(n_actions: int) -> ValueError:
    """Return the error that says that a game has too many equilibria to enumerate, and what to do."""
    return ValueError(
        f"game must have few enough actions for its equilibria to be enumerated, got {n_actions} actions with too many "
        "equilibria to try; pass your own benchmark as owed= to altruistic_regret and sweep instead"
    )


def completely_labelled(first: Bools, second: Bools) -> tuple[Indices, Indices]:
    """Return the pairs of a row of each table that have every label between them: True in one or in both.

    Each table holds distinct rows of 2N labels, at least N of them True.

    Raises
    ------
    ValueError
        If there are too many pairs to look at.

    Examples
    --------
    >>> first = np.array([[True, False], [False, True]])
    >>> sc.polytopes.completely_labelled(first, np.array([[True, True], [False, True]]))
    (array([0, 0, 1]), array([1, 0, 0]))
    """
    n = first.shape[1] // 2
    simple, also_simple = first.sum(axis=1) == n, second.sum(axis=1) == n
    # two rows with N labels each have them all between them if one is the other's complement
    one, other = np.flatnonzero(simple), np.flatnonzero(also_simple)
    i, j = _twins(_packed(np.concatenate([first[one], ~second[other]])))
    found = [(one[i], other[j - len(one)])]
    for rows, columns in ((~simple, np.ones_like(also_simple)), (simple, ~also_simple)):
        one, other = np.flatnonzero(rows), np.flatnonzero(columns)
        i, j = _pairs(~first[one], ~second[other], lambda lacked_by_both: lacked_by_both == 0)
        found.append((one[i], other[j]))
    return _joined(found)


def _edges(tight: Bools, above: Bools, below: Bools) -> tuple[Indices, Indices]:
    """Return the pairs of a ray above and a ray below that share an edge.

    Two rays do if no third one has all the tight inequalities that they share. Most are simple, that is to say
    have only N tight inequalities: an edge there is known by all but one of them, so that both ends meet in a
    sorted list and no pairs are compared.
    """
    n = tight.shape[1] // 2
    simple = tight.sum(axis=1) == n
    ray, dropped = _where(tight & (simple & (above | below))[:, None])
    i, j = (ray[end] for end in _twins(_packed(tight)[ray] ^ _packed(np.eye(2 * n, dtype=bool))[dropped]))
    i, j = np.where(above[i], i, j), np.where(above[i], j, i)
    across = above[i] & below[j]
    found = [(i[across], j[across])]
    for rows, columns in ((above & ~simple, below), (above & simple, below & ~simple)):
        one, other = np.flatnonzero(rows), np.flatnonzero(columns)
        i, j = _pairs(tight[one], tight[other], lambda shared: shared >= n - 1)
        found.append((one[i], other[j]))
    i, j = _joined(found)
    # a simple end cannot be mistaken, nor can a simple third ray lie between two others
    doubtful = np.flatnonzero(~simple[i] & ~simple[j])
    shared, holders = np.unique(tight[i[doubtful]] & tight[j[doubtful]], axis=0, return_inverse=True)
    edge = np.ones(len(i), dtype=bool)
    within, _ = _pairs(shared, ~tight[~simple], lambda lacked: lacked == 0)
    edge[doubtful] = np.bincount(within, minlength=len(shared))[holders.ravel()] == 2
    return i[edge], j[edge]


def _packed(labels: Bools) -> NDArray[np.uint64]:
    """Return each row of labels as a few integers."""
    octets = np.packbits(labels, axis=1)
    return np.pad(octets, ((0, 0), (0, -octets.shape[1] % 8))).view(np.uint64)


def _twins(rows: NDArray[np.uint64]) -> tuple[Indices, Indices]:
    """Return the index pairs of equal rows, the lower index first; no row occurs more than twice."""
    order = np.argsort(rows[:, 0]) if rows.shape[1] == 1 else np.lexsort(rows.T)
    equal = (rows[order[1:]] == rows[order[:-1]]).all(axis=1)
    first, second = order[:-1][equal], order[1:][equal]
    return np.minimum(first, second), np.maximum(first, second)


def _pairs(first: Bools, second: Bools, wanted: Callable[[Floats32], Bools]) -> tuple[Indices, Indices]:
    """Return the pairs of a row of each table whose number of common labels is wanted."""
    if len(first) * len(second) > MAX_PAIRS:
        raise too_large(first.shape[1] // 2)
    step = max(1, BLOCK // max(1, len(second)))
    columns = second.T.astype(np.float32)  # whose products are far faster than those of integers
    found = [(np.empty(0, dtype=np.intp),) * 2]
    for start in range(0, len(first), step):
        i, j = _where(wanted(first[start : start + step].astype(np.float32) @ columns))
        found.append((i + start, j))
        if sum(len(rows) for rows, _ in found) > MAX_WORK:
            raise too_large(first.shape[1] // 2)
    return _joined(found)


def _where(table: Bools) -> tuple[Indices, Indices]:
    """Return the rows and columns of the entries that are True: np.nonzero, ten times as fast on sparse tables."""
    rows, columns = np.divmod(np.flatnonzero(table), table.shape[1])
    return rows, columns


def _joined(pairs: list[tuple[Indices, Indices]]) -> tuple[Indices, Indices]:
    """Return lists of pairs as one."""
    first, second = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return first, second
