"""The figure of the limits: what a broken assumption costs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from socialcoop.book.chart import Chart, capital, feed
from socialcoop.book.picture import Picture, style
from socialcoop.sweeps import Stress

__all__ = ["broken_assumption"]

LOOKS = {
    "table, to the end": "ai --",
    "n-gram, to the end": "bound ^:",
    "n-gram, then its last act": "ink D-",
    "then commits": "ai o-",
    "with care": "good s-",
    "no data": "muted :",
}
RULE = 0.1  # the amount at which the text compares


@style()
def broken_assumption(measured: Mapping[str, Stress]) -> Picture:
    """Return what the partner earns against how much of an assumption is broken.

    Parameters
    ----------
    measured
        For each assumption a result of `socialcoop.stress` in which it is one of the changes, all with the same
        amounts, 0.1 among them. Its assistants are "table, to the end", "n-gram, to the end", "n-gram, then its last
        act", "with care", "no data", and for each number of stages imitated, such as 8, "then commits, 8".

    Notes
    -----
    The picture's update takes ``assumption``, ``episodes`` and ``phase``. The amounts have equal distances, so that
    the small ones can be told apart. A line marks 0.1.

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
    >>> print(sc.plots.broken_assumption({"slips": found}).update("slips", episodes=50, phase=4))
    Slips: where a tenth is broken, she earns 0.73 a stage with care; where nothing is, 0.80.
    Without care, after 4 stages, it is 0.73. With the n-gram she earns 0.73; before, 0.80.
    If it keeps to its last act, 0.73; before, 0.80. Without any data she earns 0.73.
    """
    amounts = next(iter(measured.values())).amounts
    places = np.arange(len(amounts))
    chart = Chart(3.8, xlim=(-0.3, len(amounts) - 0.7), ylim=(0.2, 1.03), ylabel="partner earns per stage")
    chart.ax.set_xlabel("how much of it is broken")
    chart.ax.set_xticks(places, [f"{amount:g}" for amount in amounts])
    chart.line("muted", [amounts.index(RULE)] * 2, chart.ax.get_ylim(), lw=1)
    lines = chart.lines(LOOKS, ms=4)
    chart.legend(2, "left")

    def update(assumption: str, episodes: int, phase: int) -> str:
        means = measured[assumption].means(assumption, episodes)
        shown = {name: means[name if name in means else f"{name}, {phase}"] for name in LOOKS}
        feed(lines, places, shown)
        here = amounts.index(RULE)
        care, nothing = (shown[name] for name in ("with care", "no data"))
        gram, held = (shown[f"n-gram, {then}"] for then in ("to the end", "then its last act"))
        commits = shown["then commits"][here]
        return (
            f"{capital(assumption)}: where a tenth is broken, she earns {care[here]:.2f} a stage with care; where "
            f"nothing is, {care[0]:.2f}. Without care, after {phase} stages, it is {commits:.2f}. With the n-gram she "
            f"earns {gram[here]:.2f}; before, {gram[0]:.2f}. If it keeps to its last act, {held[here]:.2f}; before, "
            f"{held[0]:.2f}. Without any data she earns {nothing[here]:.2f}."
        )

    return chart.picture(
        "What the partner earns per stage against how much of an assumption is broken, from nothing to all, at equal "
        "distances. A dashed line: a table that imitates to the end. Dotted with triangles: an n-gram that imitates to "
        "the end. Solid with diamonds: an n-gram that then keeps to its last act. Two more solid lines: imitate, then "
        "commit, without care (circles) and with it (squares). Dotted: the best constant, without data. A thin "
        "vertical line marks a tenth.",
        update,
    )
