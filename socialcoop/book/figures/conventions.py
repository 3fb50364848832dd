"""Figures of conventions and of the classes that share them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from socialcoop.book.figures.layout import WIDTH, canvas
from socialcoop.book.picture import COLORS, Picture, style
from socialcoop.engine import play
from socialcoop.games import Game
from socialcoop.regret import altruistic_regret
from socialcoop.social import SocialIntelligence
from socialcoop.strategies import Convention, Scripted, Signal, announcing_classes


@style()
def convention_course(convention: Convention, game: Game, names: tuple[str, str], horizon: int) -> Picture:
    """Return an episode of a convention, stage by stage, in which the first agent may slip once.

    The picture's update takes ``types`` (what the two like, as two names of actions, "A, B", in a game with
    one type for each action) and ``slip`` (the stage at which the first agent plays another action than
    agreed, 0 for never).

    Examples
    --------
    >>> team, names = sc.games.team_lead(), ("Alice", "Ben")
    >>> picture = sc.plots.convention_course(sc.Convention(), team, names, horizon=12)
    >>> print(picture.update(types="direct, supportive", slip=0))
    Alice likes it direct, Ben likes it supportive: they agree on payoffs of 1.00 and
    0.60 after 1 stage of announcing, and keep to it.
    """
    figure, ax = canvas(2.6, xlim=(0.4, horizon + 0.6), ylim=(2.5, 0.5), xlabel="stage")
    ax.set_yticks([1, 2], names)
    ax.set_xticks([1, *range(5, horizon + 1, 5)])
    ax.grid(False)
    ax.tick_params(length=0)
    colors = {"announces": "muted", "as agreed": "good", "slips": "ink", "learns": "partner"}
    marks = {
        what: ax.plot([], [], "s", ms=12, color=COLORS[color], alpha=0.45, animated=True, label=what)[0]
        for what, color in colors.items()
    }
    letters = [
        [ax.text(t, row, "", ha="center", va="center", animated=True) for t in range(1, horizon + 1)] for row in (1, 2)
    ]
    figure.legend(loc="outside upper right", ncols=4)

    def update(types: str, slip: int) -> str:
        joint = tuple(game.action_names.index(name) for name in types.split(", "))
        length = convention.codewords(game).shape[1]
        plan = convention.plan(game, horizon)[joint]
        script = plan[:, 0].copy()
        if slip:
            script[slip - 1] = (script[slip - 1] + 1) % game.n_actions
        shown = play(Scripted(script), convention, game, joint, horizon, seed=5)
        leaves = int(convention.departure(shown)[0])
        stages = np.arange(1, horizon + 1)
        what = np.where(stages <= length, "announces", "as agreed")
        rows = np.where(stages == slip, "slips", what), np.where((stages > leaves) & (leaves > 0), "learns", what)
        for name, mark in marks.items():
            points = [(t, row) for row, kinds in enumerate(rows, start=1) for t in stages[kinds == name]]
            mark.set_data(*np.array(points).reshape(-1, 2).T)
        for row, actions in zip(letters, shown.actions[:, :, 0].T, strict=True):
            for letter, action in zip(row, actions, strict=True):
                letter.set_text(game.action_names[action][0].upper())
        agreed = convention.agreed(game, joint)
        told = (
            f"{names[0]} {game.type_names[joint[0]]}, {names[1]} {game.type_names[joint[1]]}: they agree on payoffs of "
        )
        told += f"{agreed.payoffs[0]:.2f} and {agreed.payoffs[1]:.2f}"
        if not slip:
            return told + f" after {length} stage{'s' * (length != 1)} of announcing, and keep to it."
        told += f"; {names[0]} slips at stage {slip}"
        if not leaves:
            return told + f", {names[1]} takes it for the announcement of another type, and does not notice."
        return told + f", and {names[1]} learns from stage {leaves + 1} on."

    return Picture(
        figure,
        f"A row for each agent, a column for each of {horizon} stages; the letter is the first letter of the action. "
        "Shades tell announcing, playing as agreed, the slip, and learning after it.",
        update,
    )


@style()
def certificate_table(result: SocialIntelligence, names: list[str], delta: float) -> Picture:
    """Return the certificate of a class as a table: a column for consistency, then a column for each partner.

    Examples
    --------
    >>> members, team = [sc.Convention()], sc.games.team_lead()
    >>> table = sc.social_intelligence(members, team, 500, epsilon=0.15, max_nodes=100)
    >>> sc.plots.certificate_table(table, ["welfare"], delta=0.01)
    Picture: Table of failure probabilities at δ = 0.01; the first column is
    consistency, the others compatibility. welfare alone ✓ <.001; welfare with welfare ✓
    0.
    """
    count = len(names)
    figure = Figure(figsize=(WIDTH, 1.2 + 0.5 * count), layout="constrained")
    ax = figure.subplots()
    ax.set(xlim=(-0.5, count + 0.5), ylim=(count - 0.5, -0.5))
    ax.set_xticks(range(count + 1), ["alone", *(f"with {n}" for n in range(1, count + 1))])
    ax.set_yticks(range(count), [f"{n}  {name}" for n, name in enumerate(names, start=1)])
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    words = []
    for row in range(count):
        verdicts = [max((side.interval[1], side.interval[0]) for side in result.consistency[row])]
        verdicts += [(float(pair.high.max()), float(pair.low.max())) for pair in result.compatibility[row]]
        for column, (high, low) in enumerate(verdicts):
            sign, color = ("✓", "good") if high <= delta else ("✗", "partner") if low > delta else ("?", "muted")
            box = Rectangle((column - 0.46, row - 0.42), 0.92, 0.84, facecolor=COLORS[color], alpha=0.25)
            ax.add_patch(box)
            value = high if high <= delta else low
            value = f"{value:.2g}" if value == 0 or value >= 0.001 else "<.001"
            ax.text(column, row, f"{sign}\n{value}", ha="center", va="center", fontsize=10)
            words.append(f"{names[row]} {'alone' if not column else 'with ' + names[column - 1]} {sign} {value}")
    return Picture(
        figure,
        f"Table of failure probabilities at δ = {delta:g}; the first column is consistency, the others compatibility. "
        + "; ".join(words)
        + ".",
    )


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
    figure, ax = canvas(3.8, xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    ax.set(xlabel="altruistic regret with the first class", ylabel="with the second class")
    ax.plot([0, 1], [1, 0], color=COLORS["bound"], ls="--", label="proved: the sum is 1")
    (point,) = ax.plot([], [], "o", ms=9, color=COLORS["ai"], animated=True, label="the assistant")
    figure.legend(loc="outside upper right", ncols=2)

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

    return Picture(
        figure,
        "The plane of the mean altruistic regrets per stage with two classes. Every assistant lies on the dashed "
        "line from top left to bottom right; a dot shows one that trusts the first code with some probability.",
        update,
    )
