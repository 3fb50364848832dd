"""The figure of the zero-shot chapter: two codes that no single strategy can serve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from socialcoop.book.chart import Chart, capital
from socialcoop.book.diagram import BREADTH, Diagram
from socialcoop.book.handle import Handle
from socialcoop.book.picture import Picture, style
from socialcoop.engine import play
from socialcoop.games import Game
from socialcoop.regret import altruistic_regret
from socialcoop.strategies import Scripted, Signal, Strategy, announcing_classes

__all__ = ["look_alikes", "trust_in_a_code"]


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
    chart = Chart(4.2, xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), aspect="equal")
    chart.ax.set(xlabel="regret with the first class: less is better", ylabel="regret with the second class")
    chart.line("bound --", [0, 1], [1, 0])
    chart.ax.text(1.02, 0.97, "dashed: the sum is 1, proved", ha="right")
    chart.line("muted :", [0, 0.5, 0.5], [0.5, 0.5, 0], lw=1.5)
    chart.ax.text(0.25, 0.25, "good with both:\nnobody", ha="center", va="center")
    point = chart.line("ai o", ms=9)
    said = chart.note()
    chart.handles["trust"] = Handle(chart.ax, place=lambda trust: 1 - trust)

    def update(trust: float, bonus: float) -> str:
        game = game_of(bonus)
        guests = np.array([[0, 1], [0, 2]])
        lost = np.zeros(2)
        for share, answer in ((trust, [0, 1]), (1 - trust, [1, 0])):
            for number, member in enumerate(announcing_classes()):
                served = play(Signal([0, 0, 1], answer), member, game, guests, horizon, 2)  # nobody flips a coin
                lost[number] += share * altruistic_regret(served).mean() / horizon
        point.set_data([lost[0]], [lost[1]])
        right, high = (max(0.0, float(each)) for each in lost - (0.73, 0.88))  # by how much too far for the label
        said.set(text="the assistant", x=lost[0] + 0.04 - right + high, y=lost[1] + 0.03 + right - high)
        return (
            f"Trusting the first code with probability {trust:g}, the assistant leaves its partner {lost[0]:.2f} short "
            f"with the first class and {lost[1]:.2f} with the second; the sum is {sum(lost):.2f}, as proved."
        )

    return chart.picture(
        "The plane of the mean altruistic regrets per stage with two classes. Every assistant lies on the dashed "
        "line from top left to bottom right, and none in the dotted square in which both are below one half; a dot "
        "shows one that trusts the first code with some probability.",
        update,
    )


def look_alikes(countries: Mapping[str, Strategy], game: Game, tastes: Sequence[int], stages: int = 4) -> Picture:
    """Return a table of countries and tastes in which lines join the guests whom no host can tell apart.

    A guest's behaviour is tried out against every sequence of a host's actions.

    Parameters
    ----------
    countries
        One member of each class, by the name of its country.
    game
        The stage game; the host's type is 0.
    tastes
        The types of the guests, who are agent 1.
    stages
        Over how many stages they are compared.

    Examples
    --------
    >>> countries = dict(zip(("first", "second"), sc.strategies.announcing_classes()))
    >>> sc.plots.look_alikes(countries, sc.games.hidden_taste(), tastes=(1, 2))
    Picture: A table of guests. First country, likes tea: opens with tea. First country,
    likes coffee: opens with coffee. Second country, likes tea: opens with coffee. Second
    country, likes coffee: opens with tea. Lines join those who behave alike, whatever
    the host does: first, likes tea and second, likes coffee; first, likes coffee and
    second, likes tea.
    """
    guests = {
        (country, taste): _behaviour(member, game, taste, stages)
        for country, member in countries.items()
        for taste in tastes
    }
    paper, boxes, told = Diagram(30 + 96 * len(countries)), {}, []
    for row, country in enumerate(countries):
        paper.text(4, 68 + 96 * row, f"{country}\ncountry", ha="left")
        for column, taste in enumerate(tastes):
            opens = f"opens with\n{game.action_names[guests[country, taste][0]]}"
            x = 80 + (column + 0.5) * (BREADTH - 80) / len(tastes)
            boxes[country, taste] = paper.box(x, 68 + 96 * row, (104, 48), opens)
            told.append(f"{country} country, {game.type_names[taste]}: {opens.replace(chr(10), ' ')}")
            if row == 0:
                paper.text(x, 14, game.type_names[taste])
    pairs = [pair for pair in combinations(guests, 2) if np.array_equal(guests[pair[0]], guests[pair[1]])]
    for number, (one, other) in enumerate(pairs):
        left, right = sorted((boxes[one], boxes[other]), key=lambda box: box.x)
        down = 1 if left.y < right.y else -1
        paper.line(left.side(1, down), right.side(-1, -down), ("ai -", "partner --")[number % 2], lw=3)
    alike = "; ".join(" and ".join(f"{c}, {game.type_names[t]}" for c, t in pair) for pair in pairs)
    return paper.picture(
        f"A table of guests. {' '.join(f'{capital(each)}.' for each in told)} Lines join those who behave alike, "
        f"whatever the host does: {alike or 'none'}."
    )


def _behaviour(member: Strategy, game: Game, taste: int, stages: int) -> NDArray[np.integer]:
    """Return the guest's actions against every sequence of the host's, one after another."""
    hosts = product(range(game.n_actions), repeat=stages)
    met = [play(Scripted(host), member, game, (0, taste), stages).actions[:, 1, 0] for host in hosts]
    return np.concatenate(met)
