"""The figure of the upper bound: its terms, as printed and corrected, above what was measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import inf

import numpy as np

from socialcoop.book.chart import Chart, stretch
from socialcoop.book.figures.intro import regret_of
from socialcoop.book.picture import COLORS, Picture, style
from socialcoop.bounds import Bound, corrected_theorem, hedge_epsilon, lemma_3_6, theorem_3_7
from socialcoop.imitation import HistoryTree
from socialcoop.sweeps import IMITATION, Sweep

__all__ = ["bound_terms"]

TERMS = {"failure": "2δ", "imitation": "imitation", "regret": "ε terms", "gap": "λ · gap"}
STRENGTHS = (0.0, 1.0, 0.5, 0.2, 0.75, 0.35)  # of the colour, for each kind of term
BoundAt = Callable[[int, int, int], Bound]  # for T̃, K and N


@style()
def bound_terms(
    sweeps: Mapping[int, Sweep],
    tree_of: Callable[[int, int], HistoryTree],
    horizon: int,
    delta: float,
    bounds: Mapping[str, Bound | BoundAt] | None = None,
) -> Picture:
    """Return the terms of bounds, the printed and the corrected one unless told otherwise, above what was measured.

    Parameters
    ----------
    sweeps
        For each number of actions a sweep of one problem with the commits "mixture" and "imitation".
    tree_of
        Returns the tree for a phase and a number of actions.
    horizon, delta
        T and δ; ε is Hedge's certificate for them, with one stage of grace.
    bounds
        The bounds to draw instead, by name: each a `Bound`, or a function that returns one for T̃, K and N.

    Notes
    -----
    The picture's update takes ``phase``, ``episodes`` and ``n_actions``, among the sweeps' values.

    Examples
    --------
    >>> people = sc.Population([sc.Codebook(challenges=2, fallback=sc.Hedge())])
    >>> talks = sc.SocialLearningProblem(sc.games.conversation(4), people, 200)
    >>> both, size = ["mixture", "imitation"], {"plays": 40, "datasets": 4, "n_jobs": 1}
    >>> sweeps = {4: sc.sweep(talks, [2], [10], both, **size)}
    >>> picture = sc.plots.bound_terms(sweeps, lambda phase, n: sc.HistoryTree(talks, phase), 200, 0.01)
    >>> print(picture.update(phase=2, episodes=10, n_actions=4))
    T̃ = 2, K = 10, N = 4: the printed bound is 1.53, the corrected one 0.37, of which
    0.00073 for imitation; measured 0.006 for imitate-then-commit and 0.247 for
    imitation to the end.
    """
    ours = bounds is None
    shown = _printed_and_corrected(tree_of, horizon, delta) if bounds is None else _checked(bounds, sweeps)
    terms, limit = (list(TERMS), 2.0) if ours else _extent(shown, sweeps)
    rows = len(shown)
    chart = Chart(2.1 + 0.6 * rows, xlim=(0, limit), xlabel="altruistic regret per stage")
    chart.rows([*shown, "imitate, then commit", "imitate to the end"])
    purple, blue = COLORS["bound"], COLORS["ai"]
    stacked = [
        chart.bars(range(rows), 0.6, fc=(purple, strength), ec=purple, lw=1.5, label=TERMS.get(term, term))
        for term, strength in zip(terms, STRENGTHS, strict=False)
    ]
    measured = chart.bars([rows, rows + 1], 0.6, fc=blue, ec=blue, lw=1.5)
    measured[1].set(facecolor="none", linestyle="--")
    chart.legend(min(len(terms), 4))

    def update(phase: int, episodes: int, n_actions: int) -> str:
        found = sweeps[n_actions]
        cell = found.phases.index(phase), found.episodes.index(episodes)
        committed, imitated = regret_of(found, "mixture")[cell], regret_of(found, IMITATION)[cell]
        values = {name: bound(phase, episodes, n_actions) for name, bound in shown.items()}
        starts = np.zeros(rows)
        for term, bars in zip(terms, stacked, strict=True):
            widths = np.array([bound.terms.get(term, 0.0) for bound in values.values()])
            stretch(bars, widths, starts)
            starts = starts + widths
        stretch(measured, np.maximum([committed, imitated], 0))
        if ours:
            printed, corrected = values.values()
            told = (
                f"the printed bound is {printed:.2f}, the corrected one {corrected:.2f}, of which "
                f"{corrected.terms['imitation']:.2g} for imitation"
            )
        else:
            told = ", ".join(f"{name} {bound:.2f}" for name, bound in values.items())
        return (
            f"T̃ = {phase}, K = {episodes:,}, N = {n_actions}: {told}; measured {committed:.3f} for "
            f"imitate-then-commit and {imitated:.3f} for imitation to the end."
        )

    names = "the printed and of the corrected bound" if ours else ", ".join(shown)
    return chart.picture(
        f"Horizontal bars of altruistic regret per stage: the terms of {names}, stacked, "
        "and below them what was measured for imitate-then-commit and for imitation to the end.",
        update,
    )


def _printed_and_corrected(
    tree_of: Callable[[int, int], HistoryTree], horizon: int, delta: float
) -> dict[str, BoundAt]:
    """Return the two bounds of the chapter."""

    def epsilon(n_actions: int) -> float:
        return hedge_epsilon(horizon, n_actions, delta) + 1 / horizon

    def printed(phase: int, episodes: int, n_actions: int) -> Bound:
        n_types = tree_of(phase, n_actions).problem.game.n_types
        lemma = min(lemma_3_6(phase, episodes, n_actions, n_types), 1.0)
        return theorem_3_7(horizon, phase, epsilon(n_actions), delta, lemma)

    def corrected(phase: int, episodes: int, n_actions: int) -> Bound:
        exact = tree_of(phase, n_actions).marginal_tv(episodes)
        return corrected_theorem(horizon, phase, epsilon(n_actions), delta, exact, 1 - 1 / n_actions)

    return {"printed bound": printed, "corrected bound": corrected}


def _checked(bounds: Mapping[str, Bound | BoundAt], sweeps: Mapping[int, Sweep]) -> dict[str, BoundAt]:
    """Return the user's bounds as functions that are known to return bounds wherever the sweeps have a value."""
    if not isinstance(bounds, Mapping) or not bounds or not all(isinstance(name, str) for name in bounds):
        raise TypeError(f"bounds must hold one or more bounds by name, got {bounds!r}")
    ready: dict[str, BoundAt] = {}
    for name, bound in bounds.items():
        if not isinstance(bound, Bound) and not callable(bound):
            raise TypeError(f"bounds must be a Bound or a function that returns one, got {bound!r} for {name!r}")
        ready[name] = partial(_same, bound) if isinstance(bound, Bound) else bound
        for place in _places(sweeps):
            found = ready[name](*place)
            if not isinstance(found, Bound) or not 0 <= found < inf:
                raise TypeError(f"bounds must give a finite Bound from 0, got {found!r} for {name!r} at {place}")
    return ready


def _same(bound: Bound, *_: int) -> Bound:
    return bound


def _places(sweeps: Mapping[int, Sweep]) -> list[tuple[int, int, int]]:
    return [(phase, episodes, n) for n, s in sweeps.items() for phase in s.phases for episodes in s.episodes]


def _extent(shown: Mapping[str, BoundAt], sweeps: Mapping[int, Sweep]) -> tuple[list[str], float]:
    """Return the kinds of terms, and how far the axis must reach for all of them to be seen."""
    found = [bound(*place) for bound in shown.values() for place in _places(sweeps)]
    kinds = list(dict.fromkeys([*TERMS, *(kind for bound in found for kind in bound.terms)]))
    terms = [kind for kind in kinds if any(kind in bound.terms for bound in found)]
    if len(terms) > len(STRENGTHS):
        raise ValueError(f"bounds must have at most {len(STRENGTHS)} kinds of terms, got {', '.join(terms)}")
    worst = max(regret_of(s, IMITATION).max() for s in sweeps.values())
    return terms, 1.05 * max(*map(float, found), float(worst), 0.1)
