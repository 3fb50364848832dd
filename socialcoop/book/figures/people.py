"""Figures of the chapter on what people do: everybody's regret as a dot, and six treatments of a dilemma."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from socialcoop.book.chart import Chart, literal
from socialcoop.book.look import COLORS
from socialcoop.book.picture import Picture, style
from socialcoop.bounds import hedge_epsilon
from socialcoop.engine import expected_payoffs
from socialcoop.people import Dilemma
from socialcoop.regret import counted_regret
from socialcoop.strategies import Fixed

__all__ = ["dilemma_dots", "regret_strip"]

LOWEST, HIGHEST, BIN = -0.15, 0.6, 0.0125
DOT = 0.0004  # half of a stroke's length
ROUNDING = 1e-12  # a regret of 30 in 300 rounds is 0.1


@style()
def regret_strip(regrets: Mapping[str, Mapping[str, ArrayLike]], rounds: Mapping[str, int], n_actions: int) -> Picture:
    """Return a row of dots for each group, one dot for everybody's regret per stage.

    Parameters
    ----------
    regrets
        For each group, by name, and for each part of the session the regrets, one each.
    rounds
        How many rounds each part has.
    n_actions
        The number of actions, for what Hedge promises.

    Notes
    -----
    The picture's update takes ``part``, ``epsilon`` and ``delta``.

    Examples
    --------
    >>> regrets = {"people": {"all": [0.0, 0.1, 0.3]}, "coins": {"all": [0.0, 0.0, 0.1]}}
    >>> picture = sc.plots.regret_strip(regrets, {"all": 300}, n_actions=3)
    >>> print(picture.update(part="all", epsilon=0.2, delta=0.01))
    Hedge promises 0.130 a stage over 300 rounds, with probability 0.99. Within that keep:
    of 3 each, people 2, coins 3. At most 0.2 in this part (all) is regretted by: people
    67 %, coins 100 %.
    """
    found = {name: {part: np.asarray(each) for part, each in parts.items()} for name, parts in regrets.items()}
    names = [*found]
    chart = Chart(0.52 * len(names) + 1.2, xlim=(LOWEST, HIGHEST), xlabel="regret per stage (less is better)")
    chart.rows(names)
    looks = {"within ε": "partner", "beyond": "bound"}
    chart.lines({name: f"{color} ." for name, color in looks.items()}, ms=9)  # for the legend
    pen = {"fill": False, "lw": 3.6, "capstyle": "round", "animated": True, "snap": False, "zorder": 2}
    dots = [PathPatch(strokes(0, 0), ec=COLORS[color], **pen) for color in looks.values()]
    for patch in dots:
        chart.ax.add_patch(patch)
    limit = chart.line("ink", lw=1.2, label="ε")
    promise = chart.line("ai --", lw=1.5, label="Hedge's promise")
    span = (-0.6, len(names) - 0.4)
    chart.legend(4)

    def update(part: str, epsilon: float, delta: float) -> str:
        shown = {name: parts[part] for name, parts in found.items()}
        x = np.concatenate([*shown.values()])
        y = np.concatenate([row + stacked(each) for row, each in enumerate(shown.values())])
        promised = hedge_epsilon(rounds[part], n_actions, delta)
        for patch, chosen in zip(dots, (x <= epsilon + ROUNDING, x > epsilon + ROUNDING), strict=True):
            patch.set_path(strokes(np.minimum(x, HIGHEST)[chosen], y[chosen]))
        limit.set_data([epsilon, epsilon], span)
        promise.set_data([promised, promised], span)
        told = ", ".join(f"{name} {100 * (each <= epsilon + ROUNDING).mean():.0f} %" for name, each in shown.items())
        return (
            f"Hedge promises {promised:.3f} a stage over {rounds[part]} rounds, with probability {1 - delta:g}. "
            f"Within that keep: {counted(shown, promised)}. At most {epsilon:g} in this part ({part}) is regretted by: "
            f"{told}."
        )

    part, number = next(iter(rounds.items()))
    promised = hedge_epsilon(number, n_actions, 0.01)
    kept = counted({name: parts[part] for name, parts in found.items()}, promised)
    return chart.picture(
        f"One dot for everybody's regret per stage, in a row for each of {len(names)} groups. Over {number} rounds "
        f"these keep within {promised:.2f}, Hedge's promise at δ = 0.01: {kept}. A full line is ε, a dashed one what "
        "Hedge promises. Purple dots are beyond ε; what is beyond the right edge is drawn on it.",
        update,
    )


def counted(regrets: Mapping[str, NDArray[np.float64]], limit: float) -> str:
    """Return how many of each group regret at most the limit, in words."""
    sizes = {len(each) for each in regrets.values()}
    kept = {name: int((each <= limit).sum()) for name, each in regrets.items()}
    if len(sizes) == 1:
        return f"of {sizes.pop()} each, {', '.join(f'{name} {number}' for name, number in kept.items())}"
    return ", ".join(f"{name} {number} of {len(regrets[name])}" for name, number in kept.items())


def stacked(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a height in (-0.45, 0.45) for each dot, so that dots of about the same value stand side by side."""
    heights, bins = np.zeros(len(values)), np.floor(values / BIN)
    for each in np.unique(bins):
        members = np.flatnonzero(bins == each)
        heights[members] = (np.arange(len(members)) - (len(members) - 1) / 2) * min(0.06, 0.88 / len(members))
    return heights


def strokes(x: ArrayLike, y: ArrayLike) -> Path:
    """Return a very short stroke for each dot, in one path: as markers they would take five times the bytes."""
    x, y = np.atleast_1d(x), np.atleast_1d(y)
    ends = np.stack([np.stack([x - DOT, y], axis=1), np.stack([x + DOT, y], axis=1)], axis=1)
    return Path(ends.reshape(-1, 2), np.tile([Path.MOVETO, Path.LINETO], len(x)))


PARTNERS = {"as measured": "one another", "always cooperates": "one who always cooperates",
            "always defects": "one who always defects"}  # fmt: skip


@style()
def dilemma_dots(dilemmas: Mapping[str, Dilemma], horizon: int) -> Picture:
    """Return regret, and what is earned beyond mutual defection, against cooperation: a dot for each treatment.

    Parameters
    ----------
    dilemmas
        As `socialcoop.people.dilemmas` returns them.
    horizon
        For how many stages the members meet somebody who always does the same.

    Notes
    -----
    The picture's update takes ``continuation``, and ``partner``: "as measured" for the counts themselves, else what
    the `member` with these rates does against "always cooperates" or "always defects", exactly.

    Examples
    --------
    >>> picture = sc.plots.dilemma_dots(sc.people.dilemmas(), horizon=8)
    >>> print(picture.update(continuation=0.75, partner="as measured"))
    With one another, and another round with probability 0.75, mean regret is largest at
    reward 40, 0.19 a stage. There people cooperate in 71 % of the rounds and earn 0.27 more
    than mutual defection. At no reward is mean regret below 0.05.
    """
    chart = Chart(3.6, xlim=(-0.03, 1.08), ylim=(-0.3, 0.75))
    chart.ax.set(xlabel="share of rounds in which they cooperate", ylabel="per stage")
    chart.line("muted", [-0.03, 1.08], [0, 0], lw=1)
    looks = {"regret (less is better)": "bound o", "earned beyond mutual defection (more is better)": "partner s"}
    lines = chart.lines(looks, ms=8)
    most = max(
        sum(found.continuation == each.continuation for found in dilemmas.values()) for each in dilemmas.values()
    )
    texts = [chart.note(ha="center", va="bottom") for _ in range(most)]
    chart.ax.text(1.06, -0.28, "a number: the reward, in points", ha="right", va="bottom", color=COLORS["muted"])
    chart.legend(1, "left")

    def update(continuation: float, partner: str) -> str:
        chosen = [found for found in dilemmas.values() if found.continuation == continuation]
        numbers = np.array([_outcome(found, partner, horizon) for found in chosen])
        for column, name in enumerate(looks, start=1):
            lines[name].set_data(numbers[:, 0], numbers[:, column])
        for text in texts:
            text.set_text("")
        for text, near in zip(texts, _together(numbers[:, 0]), strict=False):
            names = ", ".join(str(chosen[which].reward) for which in near)
            text.set(text=literal(names), position=(numbers[near, 0].mean(), numbers[near, 1:].max() + 0.04))
        worst = int(numbers[:, 1].argmax())
        share, regret, gain = numbers[worst]
        who = "people" if partner == "as measured" else "members"
        return (
            f"With {PARTNERS[partner]}, and another round with probability {continuation:g}, mean regret is largest at "
            f"reward {chosen[worst].reward}, {regret:.2f} a stage. There {who} cooperate in {100 * share:.0f} % of "
            f"the rounds and earn {abs(gain):.2f} {'more' if gain >= 0 else 'less'} than mutual defection. At no "
            f"reward is mean regret below {np.floor(100 * numbers[:, 1].min()) / 100:.2f}."
        )

    return chart.picture(
        "Mean regret per stage, and what is earned beyond mutual defection, against how often people cooperate: one "
        "dot for each reward, 32, 40 and 48 points. Whoever cooperates has regret; where most cooperate they also earn "
        "most.",
        update,
    )


def _together(places: NDArray[np.float64]) -> list[list[int]]:
    """Return which dots have one label, since two would lie on each other: in groups, from left to right."""
    order = np.argsort(places, kind="stable")
    apart = np.flatnonzero(np.diff(places[order]) > 0.06) + 1
    return [sorted(group.tolist()) for group in np.split(order, apart)]


def _outcome(found: Dilemma, partner: str, horizon: int) -> tuple[float, float, float]:
    """Return how often people cooperate, their regret per stage, and what they earn beyond mutual defection."""
    table = found.game.payoffs[0]
    if partner == "as measured":
        joint = found.counts / found.counts.sum()
    else:
        other = 0 if partner == "always cooperates" else 1
        earned = expected_payoffs(Fixed(other), found.member, found.game, (0, 0), horizon)[1] / horizon
        best, worse = table[1, other], table[0, other]
        share = (best - earned) / (best - worse)
        joint = np.zeros((2, 2))
        joint[:, other] = share, 1 - share
    regret = counted_regret(found.game, joint)
    return float(joint[0].sum()), float(regret), float((joint * table).sum() - table[1, 1])
