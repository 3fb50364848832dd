"""The figure of the zero-shot chapter: two codes that no single strategy can serve."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from socialcoop.book.chart import Chart
from socialcoop.book.picture import Picture, style
from socialcoop.engine import play
from socialcoop.games import Game
from socialcoop.regret import altruistic_regret
from socialcoop.strategies import Signal, announcing_classes

__all__ = ["trust_in_a_code"]


@style()
def trust_in_a_code(game_of: Callable[[float], Game], horizon: int) -> Picture:
    """Return what an assistant loses with two classes whose announcements mean the opposite.

    The picture's update takes ``trust``, the probability with which the assistant decodes as the first class
    does, and ``bonus``, the argument of ``game_of``.

    Examples
    --------
    >>> picture = sc.plots.trust_in_a_code(sc.games.hidden_taste, horizon=200)
    >>> print(picture.update(trust=0.75, bonus=0.02))
    Trusting the first code with probability 0.75, the assistant leaves its partner 0.26
    short with the first class and 0.74 with the second; the sum is 1.00, as proved.
    """
    chart = Chart(3.8, xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    chart.ax.set(xlabel="altruistic regret with the first class", ylabel="with the second class")
    chart.line("bound --", [0, 1], [1, 0], label="proved: the sum is 1")
    point = chart.line("ai o", ms=9, label="the assistant")
    chart.legend(2)

    def update(trust: float, bonus: float) -> str:
        game = game_of(bonus)
        guests = np.array([[0, 1], [0, 2]])
        lost = np.zeros(2)
        for share, answer in ((trust, [0, 1]), (1 - trust, [1, 0])):
            for number, member in enumerate(announcing_classes()):
                served = play(Signal([0, 0, 1], answer), member, game, guests, horizon, 2)  # nobody flips a coin
                lost[number] += share * altruistic_regret(served).mean() / horizon
        point.set_data([lost[0]], [lost[1]])
        return (
            f"Trusting the first code with probability {trust:g}, the assistant leaves its partner {lost[0]:.2f} short "
            f"with the first class and {lost[1]:.2f} with the second; the sum is {sum(lost):.2f}, as proved."
        )

    return chart.picture(
        "The plane of the mean altruistic regrets per stage with two classes. Every assistant lies on the dashed "
        "line from top left to bottom right; a dot shows one that trusts the first code with some probability.",
        update,
    )
