"""The figure of the limits: what a broken assumption costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from socialcoop.book.chart import Chart, capital, feed
from socialcoop.book.figures.labels import COMMITS, GENERALISES, MORE, NO_DATA, TABLE, name_ends
from socialcoop.book.picture import Picture, style
from socialcoop.sweeps import Stress

__all__ = ["broken_assumption"]

LOOKS = {
    "table, to the end": TABLE,
    "n-gram, to the end": GENERALISES,
    "n-gram, then its last act": "ink D-",
    "then commits": COMMITS,
    "with care": "ai s-",
    "no data": NO_DATA,
}


@style()
def broken_assumption(measured: Mapping[str, Stress]) -> Picture:
    """Return what the partner earns against how much of an assumption is broken.

    Parameters
    ----------
    measured
        For each assumption a result of `socialcoop.stress` in which it is one of the changes, all with the same
        amounts, 0 the first. Its assistants are "table, to the end", "n-gram, to the end", "n-gram, then its last
        act", "with care", "no data", and for each number of stages imitated, such as 8, "then commits, 8".

    Notes
    -----
    The picture's update takes ``assumption``, ``amount``, ``episodes`` and ``phase``. The amounts have equal
    distances, so that the small ones can be told apart. A ring marks who serves best at the chosen one.

    Examples
    --------
    >>> people = sc.Convention()
    >>> team = sc.SocialLearningProblem(sc.games.team_lead(), people, 50, [[0.5, 0.5], [0, 0]])
    >>> assistants = {
    ...     "table, to the end": sc.Imitator,
    ...     "n-gram, to the end": sc.imitation.BackOffImitator,
    ...     "n-gram, then its last act": lambda data: sc.ThenCommit(sc.imitation.BackOffImitator(data), 4, "last"),
    ...     "then commits, 4": lambda data: sc.ImitateThenCommit(data, 4),
    ...     "with care": lambda data: sc.ImitateThenCommit(data, 4, "careful"),
    ...     "no data": sc.best_constant(team),
    ... }
    >>> change = {"slips": lambda e: {"partner": sc.strategies.Trembling(people, e)}}
    >>> found = sc.stress(team, assistants, [50], [0, 0.1, 1], change, plays=40, datasets=4)
    >>> print(sc.plots.broken_assumption({"slips": found}).update("slips", 0.1, episodes=50, phase=4))
    Slips: where 0.1 of it is broken, “n-gram, to the end” serves her best, 0.73 a stage.
    The others: table, to the end, 0.64; n-gram, then its last act, 0.73; then commits, 4
    stages, 0.73; with care, 0.73; no data, 0.73. Care is nowhere ahead of the n-gram.
    """
    amounts = next(iter(measured.values())).amounts
    places = np.arange(len(amounts))
    chart = Chart(3.6, xlim=(-0.3, len(amounts) - 0.7), ylim=(0.2, 1.03), ylabel=f"partner earns per stage {MORE}")
    chart.ax.set_xlabel("how much of it is broken")
    chart.ax.set_xticks(places, [f"{amount:g}".replace("0.", ".") for amount in amounts])
    lines = chart.lines(LOOKS, ms=5)
    lines["with care"].set_linewidth(3)
    names = (
        "table, to\nthe end",
        "n-gram, to\nthe end",
        "n-gram, its\nlast act",
        "then\ncommits",
        "with care",
        "no data",
    )
    mark, name = (
        chart.mark("amount", amounts.index),
        name_ends(chart, dict(zip(names, lines.values(), strict=True)), first=True),
    )
    ring = chart.line("ink o", ms=13, mfc="none", mew=1.5)

    def update(assumption: str, amount: float, episodes: int, phase: int) -> str:
        means = measured[assumption].means(assumption, episodes)
        shown = {name: means[name if name in means else f"{name}, {phase}"] for name in LOOKS}
        feed(lines, places, shown)
        name()
        here = amounts.index(amount)
        mark(here)
        earned = {who: float(line[here]) for who, line in shown.items()}
        best = max(earned, key=lambda who: earned[who])
        ring.set_data([here], [earned[best]])
        margins = shown["with care"] - shown["n-gram, to the end"]
        others = "; ".join(f"{_told(who, phase)}, {value:.2f}" for who, value in earned.items() if who != best)
        return (
            f"{capital(assumption)}: where {amount:g} of it is broken, “{_told(best, phase)}” serves her best, "
            f"{earned[best]:.2f} a stage. The others: {others}. {_ahead(margins, amounts)}"
        )

    return chart.picture(
        "What the partner earns per stage against how much of an assumption is broken, from nothing to all, at equal "
        "distances. A dashed line: a table that imitates to the end. Dashed with triangles: an n-gram that imitates "
        "to the end. Solid with diamonds: an n-gram that then keeps to its last act. Two more solid "
        "lines: imitate, then commit, without care (circles) and with it (squares). Dotted: the best constant, without "
        "data. A vertical line marks the chosen amount, and a ring who serves best there.",
        update,
    )


def _told(who: str, phase: int) -> str:
    """Return the name of an assistant, with the number of stages after which it commits."""
    return f"then commits, {phase} stages" if who == "then commits" else who


def _ahead(margins: NDArray[np.float64], amounts: Sequence[float]) -> str:
    """Return at which amounts care is ahead of the n-gram, as shown."""
    ahead = [amount for amount, margin in zip(amounts, margins.round(2), strict=True) if margin > 0]
    if not ahead:
        return "Care is nowhere ahead of the n-gram."
    where = f"from {ahead[0]:g} to {ahead[-1]:g}" if len(ahead) > 1 else f"at {ahead[0]:g} alone"
    return f"Care is ahead of the n-gram {where}."
