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
    one type for each action), ``slip`` (the stage at which the first agent plays another action than agreed, 0 for
    never) and ``stage``, up to which the episode is shown.

    Examples
    --------
    >>> team, names = sc.games.team_lead(), ("Alice", "Ben")
    >>> picture = sc.plots.convention_course(sc.Convention(), team, names, horizon=12)
    >>> print(picture.update(types="direct, supportive", slip=0, stage=12))
    Alice and Ben agree on payoffs of 1.00 and 0.60, and keep to it. At stage 12 Alice is
    direct, and Ben is direct.
    """
    rows = [f"{name}: {action}" for name in names for action in game.action_names]
    chart = Chart(0.9 + 0.42 * len(rows), xlim=(0.4, horizon + 0.6), xlabel="stage")
    chart.rows(rows)
    chart.ax.set_ylim(len(rows) - 0.4, -0.9)
    chart.ticks([1, *range(5, horizon + 1, 5)])
    chart.line("muted", [0.4, horizon + 0.6], [game.n_actions - 0.5] * 2, lw=0.8)
    looks = {"announces": "muted s", "as planned": "good s", "slips": "ink D", "learns": "partner s"}
    marks = chart.lines(looks, ms=9, ls="")
    mark = chart.mark("stage")
    chart.legend(4, "left", columnspacing=1.2, handletextpad=0.2)

    def update(types: str, slip: int, stage: int) -> str:
        first, second = map(game.action_names.index, types.split(", "))
        length = convention.codewords(game).shape[1]
        script = convention.plan(game, horizon)[first, second, :, 0].copy()
        if slip:
            script[slip - 1] = (script[slip - 1] + 1) % game.n_actions
        shown = play(Scripted(script), convention, game, (first, second), horizon, seed=5)
        leaves = int(convention.departure(shown)[0])
        stages = np.arange(1, horizon + 1)
        what = np.where(stages <= length, "announces", "as planned")
        kinds = np.where(stages == slip, "slips", what), np.where((stages > leaves) & (leaves > 0), "learns", what)
        heights = shown.actions[:, :, 0].T + np.array([[0], [game.n_actions]])
        for kind, line in marks.items():
            row, at = np.nonzero(np.array(kinds)[:, :stage] == kind)
            line.set_data(at + 1, heights[row, at])
        mark(stage)
        now = [game.action_names[action] for action in shown.actions[stage - 1, :, 0]]
        told = "keep to it" if not slip else f"{names[0]} slips at stage {slip}, and {names[1]} "
        if slip > stage:
            told = f"{names[0]} has not slipped yet"
        elif slip and (not leaves or leaves >= stage):
            told += "takes it for the announcement of another type" if slip <= length else "has not noticed yet"
        elif slip:
            told += f"learns from stage {leaves + 1} on"
        payoffs = convention.agreed(game, (first, second)).payoffs
        agreed = f"{names[0]} and {names[1]} agree on"
        if 0 < slip <= length:
            agreed = f"Without the slip {names[0]} and {names[1]} agree on"
        return (
            f"{agreed} payoffs of {payoffs[0]:.2f} and {payoffs[1]:.2f}"
            f"{',' if told == 'keep to it' else '.'} {'and ' * (told == 'keep to it')}{told}. At stage {stage} "
            f"{names[0]} is {now[0]}, and {names[1]} is {now[1]}."
        )

    return chart.picture(
        f"For each agent a row for each action, a column for each of {horizon} stages; a mark stands where the agent "
        "plays the action, up to the chosen stage. Colours tell announcing, playing as planned, and learning after a "
        "slip; the slip itself is a diamond.",
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
            cell(chart.ax, (column, row), (0.92, 0.84), color, f"{sign}\n{shown}")
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
    it: play the PONE to the end. From the third an arrow leads down to a fourth, taken
    when somebody departs. Fall back: Hedge() from the next stage on.
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
    told = convention.codewords(game)
    all_told = len(np.unique(told, axis=0)) == game.n_actions ** told.shape[1]  # then no opening is nobody's
    for box, end in ((boxes[0], -0.6), (boxes[2], 0.6))[all_told:]:
        paper.arrow(box.side(0, 1), back.side(end, -1), "partner --")
    paper.text(BREADTH / 2 - 20 * all_told, 122, "when somebody departs")
    return paper.picture(
        f"Three boxes in a row, joined by arrows. Announce, {length}: actions tell what one likes. Agree, without a "
        f"word: {rule} picks a PONE for the two types. Keep to it: play the PONE to the end. From "
        f"{'the third an arrow leads' if all_told else 'the first and the third an arrow leads'} down to a fourth, "
        "taken when somebody departs. Fall back: "
        f"{convention.fallback!r} from the next stage on."
    )
