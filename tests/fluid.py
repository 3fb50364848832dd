"""The game of hidden types as a fluid, by brute force and by linear programs: time is [0, 1], and the phase [0, λ].

In part j of the phase, from ``starts[j]`` on, custom pays the partner ``pays[j]``, and the wish of that part is told.
An AI that departs can fulfil, in any order, the wishes that it was told. The partner then wastes what it has earned
beyond its best row, ``epsilon`` included, but no more than that.
"""

from itertools import combinations_with_replacement, pairwise

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import diags_array, hstack


def in_parts(starts, until):
    """Return for how long custom was followed in each part, if it was followed until then."""
    return [max(0.0, min(end, until) - start) for start, end in pairwise([*starts, np.inf])]


def custom(starts, pays, lam):
    """Return what the partner gets per time if custom is followed to the end of the phase."""
    return float(np.dot(pays, in_parts(starts, lam))) / lam


def best_stop(starts, pays, lam, epsilon=0.0, moments=200):
    """Return the most that the partner has at the end if the AI departs at some moment, then fulfils one wish."""
    best = 0.0
    for moment in sorted({*np.linspace(0, lam, moments), *starts}):
        followed = in_parts(starts, moment)
        best = max(best, float(np.dot(pays, followed)))
        for start, pay, time in zip(starts, pays, followed, strict=True):
            if start <= moment:  # this wish is told
                best = max(best, pay * (time + 1 - moment) - epsilon)
    return best


def best_play(starts, pays, phase, horizon):
    """Return the same without ε, over all that an AI can do with told wishes, and in stages instead of time."""
    best = 0.0
    for departure in range(phase + 1):
        followed = np.array(in_parts(starts, departure))
        told = [level for level, start in enumerate(starts) if start <= departure]
        for served in combinations_with_replacement(told, horizon - departure):
            rows = pays * (followed + np.bincount(served, minlength=len(starts)))
            best = max(best, float(pays @ followed), float(rows.max()))
    return best


def edges(lam, cells):
    """Return where each of so many equal cells of the phase begins and ends."""
    places = np.linspace(0, lam, cells + 1)
    return places[:-1], places[1:]


def least_saved(lam, promised, cells=400):
    """Return an interval with the least that some stop saves, over all customs that pay so much: a linear program.

    Payoffs v between 0 and 1, constant in each cell and ``promised`` on average, make the largest v(s) (1 - s) as
    small as they can.
    """
    found = []
    for places in edges(lam, cells)[::-1]:
        limits = hstack([diags_array(1 - places), -np.ones((cells, 1))])
        mean = np.append(np.full(cells, 1 / cells), 0)[None]
        aim = np.append(np.zeros(cells), 1)
        solved = linprog(aim, limits, np.zeros(cells), mean, [promised], bounds=[(0, 1)] * cells + [(0, None)])
        found.append(solved.fun)
    return tuple(found)


def price(lam, value, epsilon=0.0, cells=400):
    """Return an interval with the loss of the AI that does best where the worst equilibrium pays ``value``."""
    promised = value - epsilon
    return tuple(value - max(lam * promised, saved - epsilon) for saved in least_saved(lam, promised, cells)[::-1])


def worst_custom(chances, horizon, phase, promised):
    """Return the least mean of (T - s + 1) v(s) / T over stops s, for payoffs whose mean over the phase is given."""
    gains = np.zeros(phase)
    gains[: len(chances)] = np.array(chances) * (horizon - np.arange(len(chances))) / horizon
    solved = linprog(gains, A_eq=np.full((1, phase), 1 / phase), b_eq=[promised], bounds=(0, 1))
    return solved.fun
