"""Figures of social intelligence: the course of a convention, and the certificate of a class."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from socialcoop.book.chart import Chart, cell, counted, table
from socialcoop.book.diagram import BREADTH, Diagram
from socialcoop.book.picture import Picture, style
from socialcoop.engine import play
from socialcoop.games import Game
from socialcoop.social import SocialIntelligence
from socialcoop.strategies import Convention, Scripted

__all__ = ["certificate_table", "convention_course", "convention_diagram"]


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
    chart = Chart(2.6, ylim=(2.5, 0.5))
    looks = {"announces": "muted s", "as agreed": "good s", "slips": "ink D", "learns": "partner s"}
    fill = chart.squares(chart.lines(looks, ms=12, alpha=0.45), names, horizon)
    chart.legend(4)
    initials = np.array([name[0].upper() for name in game.action_names])

    def update(types: str, slip: int) -> str:
        first, second = map(game.action_names.index, types.split(", "))
        length = convention.codewords(game).shape[1]
        script = convention.plan(game, horizon)[first, second, :, 0].copy()
        if slip:
            script[slip - 1] = (script[slip - 1] + 1) % game.n_actions
        shown = play(Scripted(script), convention, game, (first, second), horizon, seed=5)
        leaves = int(convention.departure(shown)[0])
        stages = np.arange(1, horizon + 1)
        what = np.where(stages <= length, "announces", "as agreed")
        slips, learns = stages == slip, (stages > leaves) & (leaves > 0)
        kinds = np.where(slips, "slips", what), np.where(learns, "learns", what)
        fill(kinds, initials[shown.actions[:, :, 0].T])
        payoffs = convention.agreed(game, (first, second)).payoffs
        told = (
            f"{names[0]} {game.type_names[first]}, {names[1]} {game.type_names[second]}: they agree on payoffs of "
            f"{payoffs[0]:.2f} and {payoffs[1]:.2f}"
        )
        if not slip:
            return f"{told} after {counted(length, 'stage')} of announcing, and keep to it."
        told += f"; {names[0]} slips at stage {slip}"
        if not leaves:
            return f"{told}, {names[1]} takes it for the announcement of another type, and does not notice."
        return f"{told}, and {names[1]} learns from stage {leaves + 1} on."

    return chart.picture(
        f"A row for each agent, a column for each of {horizon} stages; the letter is the first letter of the action. "
        "Shades tell announcing, playing as agreed, and learning after a slip; the slip itself is a diamond.",
        update,
    )


@style()
def certificate_table(result: SocialIntelligence, names: Sequence[str], delta: float) -> Picture:
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
    chart = Chart(1.2 + 0.5 * len(names))
    numbered = list(enumerate(names, start=1))
    columns = ["alone", *(f"with {number}" for number, _ in numbered)]
    table(chart.ax, columns, [f"{number}  {name}" for number, name in numbered])
    chart.ax.xaxis.tick_top()
    chart.ax.spines[:].set_visible(False)
    words = []
    for row, name in enumerate(names):
        verdicts = [max((side.interval[1], side.interval[0]) for side in result.consistency[row])]
        verdicts += [(float(pair.high.max()), float(pair.low.max())) for pair in result.compatibility[row]]
        for column, (high, low) in enumerate(verdicts):
            sign, color = ("✓", "good") if high <= delta else ("✗", "partner") if low > delta else ("?", "muted")
            value = high if high <= delta else low
            shown = f"{value:.2g}" if value == 0 or value >= 0.001 else "<.001"
            cell(chart.ax, (column, row), (0.92, 0.84), color, f"{sign}\n{shown}", fontsize=10)
            words.append(f"{name} {'with ' + names[column - 1] if column else 'alone'} {sign} {shown}")
    return chart.picture(
        f"Table of failure probabilities at δ = {delta:g}; the first column is consistency, the others compatibility. "
        f"{'; '.join(words)}."
    )


def convention_diagram(convention: Convention, game: Game) -> Picture:
    """Return a convention as a diagram: announce, agree, keep to it, and fall back when somebody departs.

    Examples
    --------
    >>> sc.plots.convention_diagram(sc.Convention("welfare"), sc.games.team_lead())
    Picture: Three boxes in a row, joined by arrows. Announce, 1 stage: actions tell what
    one likes. Agree, without a word: "welfare" picks a PONE for the two types. Keep to
    it: play the PONE to the end. From the first and the third an arrow leads down to a
    fourth, taken when somebody departs. Fall back: Hedge() from the next stage on.
    """
    length = counted(convention.codewords(game).shape[1], "stage")
    rule = f'"{convention.select}"' if isinstance(convention.select, str) else "a rule"
    paper, third = Diagram(206), BREADTH / 3
    steps = {
        f"announce\n{length}: actions\ntell what\none likes": "ai",
        f"agree\nwithout a word:\n{rule}\npicks a PONE": "muted",
        "keep to it\nplay the PONE\nto the end": "good",
    }
    boxes = [
        paper.box((k + 0.5) * third, 48, (third - 20, 88), text, color) for k, (text, color) in enumerate(steps.items())
    ]
    for before, after in pairwise(boxes):
        paper.arrow(before.side(1, 0), after.side(-1, 0))
    back = paper.box(
        BREADTH / 2, 178, (250, 48), f"fall back\n{convention.fallback!r} from the next stage on", "partner"
    )
    for box, end in ((boxes[0], -0.6), (boxes[2], 0.6)):
        paper.arrow(box.side(0, 1), back.side(end, -1), "partner --")
    paper.text(BREADTH / 2, 122, "when somebody departs")
    return paper.picture(
        f"Three boxes in a row, joined by arrows. Announce, {length}: actions tell what one likes. Agree, without a "
        f"word: {rule} picks a PONE for the two types. Keep to it: play the PONE to the end. From the first and the "
        "third an arrow leads down to a fourth, taken when somebody departs. Fall back: "
        f"{convention.fallback!r} from the next stage on."
    )
