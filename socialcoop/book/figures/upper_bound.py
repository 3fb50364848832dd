"""The figure of the upper bound: its terms, as printed and corrected, above what was measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from socialcoop import bounds
from socialcoop.book.chart import Chart, stretch
from socialcoop.book.figures.intro import regret_of
from socialcoop.book.picture import COLORS, Picture, style
from socialcoop.imitation import HistoryTree
from socialcoop.sweeps import IMITATION, Sweep

__all__ = ["bound_terms"]

TERMS = {"failure": "2δ", "imitation": "imitation", "regret": "ε terms", "gap": "λ · gap"}


@style()
def bound_terms(
    sweeps: Mapping[int, Sweep], tree_of: Callable[[int, int], HistoryTree], horizon: int, delta: float
) -> Picture:
    """Return the terms of the printed and of the corrected bound, above what was measured.

    Parameters
    ----------
    sweeps
        For each number of actions a sweep of one problem with the commits "mixture" and "imitation".
    tree_of
        Returns the tree for a phase and a number of actions.
    horizon, delta
        T and δ; ε is Hedge's certificate for them, with one stage of grace.

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
    chart = Chart(3.3, xlim=(0, 2), xlabel="altruistic regret per stage")
    chart.rows(["printed bound", "corrected bound", "imitate, then commit", "imitate to the end"])
    purple, blue = COLORS["bound"], COLORS["ai"]
    stacked = [
        chart.bars([0, 1], 0.6, fc=(purple, strength), ec=purple, lw=1.5, label=label)
        for label, strength in zip(TERMS.values(), (0.0, 1.0, 0.5, 0.2), strict=True)
    ]
    measured = chart.bars([2, 3], 0.6, fc=blue, ec=blue, lw=1.5)
    measured[1].set(facecolor="none", linestyle="--")
    chart.legend(4)

    def update(phase: int, episodes: int, n_actions: int) -> str:
        found = sweeps[n_actions]
        cell = found.phases.index(phase), found.episodes.index(episodes)
        committed, imitated = regret_of(found, "mixture")[cell], regret_of(found, IMITATION)[cell]
        tree = tree_of(phase, n_actions)
        epsilon = bounds.hedge_epsilon(horizon, n_actions, delta) + 1 / horizon
        lemma = min(bounds.lemma_3_6(phase, episodes, n_actions, tree.problem.game.n_types), 1.0)
        printed = bounds.theorem_3_7(horizon, phase, epsilon, delta, lemma)
        exact = tree.marginal_tv(episodes)
        corrected = bounds.corrected_theorem(horizon, phase, epsilon, delta, exact, 1 - 1 / n_actions)
        starts = np.zeros(2)
        for name, bars in zip(TERMS, stacked, strict=True):
            widths = np.array([bound.terms.get(name, 0.0) for bound in (printed, corrected)])
            stretch(bars, widths, starts)
            starts = starts + widths
        stretch(measured, np.maximum([committed, imitated], 0))
        return (
            f"T̃ = {phase}, K = {episodes:,}, N = {n_actions}: the printed bound is {printed:.2f}, the corrected one "
            f"{corrected:.2f}, of which {exact:.2g} for imitation; measured {committed:.3f} for imitate-then-commit "
            f"and {imitated:.3f} for imitation to the end."
        )

    return chart.picture(
        "Horizontal bars of altruistic regret per stage: the terms of the printed and of the corrected bound, stacked, "
        "and below them what was measured for imitate-then-commit and for imitation to the end.",
        update,
    )
