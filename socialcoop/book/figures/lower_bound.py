"""Figures of the lower bound: a spiteful partner's account, when to stop, and what hidden types must cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from socialcoop import checks
from socialcoop.book.chart import Chart, counted, feed
from socialcoop.book.figures.labels import LESS, MORE, name_ends
from socialcoop.book.look import COLORS
from socialcoop.book.picture import Picture, style
from socialcoop.bounds import (
    hyperbolic_theorem,
    lower_bound_four_actions,
    price_at,
    price_of_hidden_types,
    price_with_levels,
)
from socialcoop.plays import Play

__all__ = ["price_curve", "printed_region", "spending_course", "stopping_losses"]

POINTS = 160  # of a line over all stages


@style()
def spending_course(plays: Mapping[tuple[int, str, int], Play], spare: float) -> Picture:
    """Return what a partner has earned, stage after stage, beside what its best fixed action would have earned.

    Parameters
    ----------
    plays
        For each choice, a stage, a word for what is done from there on and the favourite, a play with one episode; all
        equally long.
    spare
        τ: how much regret the partner may waste, in units of payoff, see `spare_regret`.

    Notes
    -----
    The picture's update takes ``stop``, ``act`` and ``favourite``, the parts of a key of ``plays``.

    Examples
    --------
    >>> game, spender = sc.Game([[1, 1], [0, 0]]), sc.strategies.SpendThenLearn([0], 1, epsilon=0.2)
    >>> shown = sc.play(sc.Fixed(0), spender, game, (0, 0), 400, seed=1)
    >>> picture = sc.plots.spending_course({(0, "anything", 1): shown}, spare=32.96)
    >>> print(picture.update(stop=0, act="anything", favourite=1))
    You follow for 0 stages, then anything; the favourite is 1. The partner ends with 0.917 a
    stage, where its best fixed action would have earned 1.000. It wasted 33 stages.
    """
    shown = [checks.instance("plays", play, Play) for play in checks.instance("plays", plays, Mapping).values()]
    if not shown or len({play.horizon for play in shown}) > 1 or any(play.episodes != 1 for play in shown):
        raise ValueError(f"plays must hold plays of one episode and of one length, got {shown}")
    horizon = shown[0].horizon
    spare = checks.real("spare", spare, -np.inf, np.inf)
    chart = Chart(xlim=(-0.02 * horizon, 1.02 * horizon), ylim=(0, horizon), xlabel="stages")
    chart.ax.set_ylabel(f"payoff in total {MORE}")
    lines = chart.lines({"best fixed action": "muted --", "the same less τ": "bound :", "partner": "partner -"})
    mark, leaves = chart.mark("stop"), chart.note("you leave", y=0.93 * horizon)
    names = "best fixed\naction", "the same\nless τ", "partner"
    name = name_ends(chart, dict(zip(names, lines.values(), strict=True)))
    stages = np.unique(np.linspace(0, horizon, POINTS).astype(int))

    def update(stop: int, act: str, favourite: int) -> str:
        play = plays[stop, act, favourite]
        own, other = play.actions[:, 1, 0], play.actions[:, 0, 0]
        table = play.game.payoffs[play.types[0, 1]]
        earned = np.append(0, table[own, other].cumsum())
        best = np.append(0, table[:, other].cumsum(axis=1).max(axis=0))
        heights = {"partner": earned, "best fixed action": best, "the same less τ": best - spare}
        feed(lines, stages, {told: line[stages] for told, line in heights.items()})
        name()
        mark(stop)
        leaves.set(x=stop + 0.015 * horizon)
        wasted = int((table[own] == 0).all(axis=1).sum())
        return (
            f"You follow for {counted(stop, 'stage')}, then {act}; the favourite is {favourite}. The partner ends with "
            f"{earned[-1] / horizon:.3f} a stage, where its best fixed action would have earned "
            f"{best[-1] / horizon:.3f}. It wasted {counted(wasted, 'stage')}."
        )

    return chart.picture(
        "Payoff in total against the stages. A solid line: what the partner has earned. A dashed line: what its best "
        "fixed action would have earned. A dotted line below it: the same less what may be wasted. The solid line "
        "rises above the dashed one at first, and later lies flat until it meets the dotted one.",
        update,
    )


@style()
def stopping_losses(
    losses: Mapping[tuple[float, int], Mapping[str, ArrayLike]], promises: Mapping[tuple[float, int], Sequence[float]]
) -> Picture:
    """Return the least loss of each stage to stop at, beside the proved floor and what two bounds promise.

    Parameters
    ----------
    losses
        For each λ and T, by what is done after stopping, the altruistic regret per stage for equally spaced stages to
        stop at, from 0 to T̃.
    promises
        For each λ and T the printed bound, and that of the universal stop.

    Notes
    -----
    The picture's update takes ``stop`` (in percent of the phase), ``lam`` and ``horizon``.

    Examples
    --------
    >>> losses = {(0.5, 1000): {"the word": [0.07, 0.07, 0.12], "the service": [0.4, 0.3, 0.07]}}
    >>> picture = sc.plots.stopping_losses(losses, {(0.5, 1000): (0.18, 0.4)})
    >>> print(picture.update(stop=50, lam=0.5, horizon=1000))
    λ = 0.5, T = 1,000: whoever stops after 50 % of the phase loses at least 0.070 with the
    word, 0.300 with the service. Nobody loses less than 0.067. The printed bound promises
    0.180: these people do not contradict it. The universal stop promises 0.400.
    """
    checks.instance("losses", losses, Mapping)
    acts = list(next(iter(losses.values())))
    chart = Chart(xlim=(-3, 103), ylim=(0, 0.5), xlabel="when to stop, percent of the phase")
    chart.ax.set_ylabel(f"least loss {LESS}")
    looks = dict(zip(acts, ("ai -", "ai -."), strict=False))
    lines = chart.lines(looks) | chart.lines(
        {"floor, proved": "bound --", "printed bound": "bound :", "universal stop": "bound -"}
    )
    lines["floor, proved"].set(
        lw=4, dashes=(2, 2.5), zorder=2.1
    )  # on the losses that touch it, which go on in its gaps
    points = {act: chart.line(f"{look.split()[0]} o", ms=7, zorder=2.2) for act, look in looks.items()}
    mark = chart.mark("stop")
    refuted = chart.note(ha="right", va="bottom", color=COLORS["bound"])
    chart.legend(3, "left")

    def update(stop: int, lam: float, horizon: int) -> str:
        curves = {act: np.asarray(curve) for act, curve in losses[lam, horizon].items()}
        floor, (printed, universal) = lower_bound_four_actions(lam), promises[lam, horizon]
        levels = {"floor, proved": floor, "printed bound": printed, "universal stop": universal}
        shares = np.linspace(0, 100, len(next(iter(curves.values()))))
        here = {act: float(np.interp(stop, shares, curve)) for act, curve in curves.items()}
        feed(lines, shares, curves | {name: 0 * shares + level for name, level in levels.items()})
        feed(points, [stop], {act: [loss] for act, loss in here.items()})
        refuted.set(text="refuted" if printed < floor else "", x=100, y=printed)
        mark(stop)
        told = ", ".join(f"{loss:.3f} with {act}" for act, loss in here.items())
        verdict = "these people do not contradict it" if printed >= floor else "that is refuted"
        return (
            f"λ = {lam:g}, T = {horizon:,}: whoever stops after {stop} % of the phase loses at least {told}. "
            f"Nobody loses less than {floor:.3f}. The printed bound promises {printed:.3f}: {verdict}. The universal "
            f"stop promises {universal:.3f}."
        )

    return chart.picture(
        "The least loss per stage against the stage at which the assistant stops, in percent of the phase: one line "
        f"for {' and one for '.join(acts)}. A dashed level line, the proved floor, is touched but never crossed. "
        "A dotted level line: the printed bound. A level line above: what the universal stop promises.",
        update,
    )


@style()
def price_curve(most_levels: int = 64) -> Picture:
    r"""Return what hidden types must cost, over λ: lower bounds, and what two stops promise.

    Parameters
    ----------
    most_levels
        The largest number of levels that the update will be asked for.

    Notes
    -----
    The picture's update takes ``lam`` in (0, 1) and ``levels``. The hyperbolic stop is shown at the payoff that is
    worst for it, 1.

    Examples
    --------
    >>> print(sc.plots.price_curve().update(lam=0.5, levels=8))
    λ = 0.5: four actions cost every AI 0.067, and 8 levels 0.193. The universal stop
    promises 0.213, beside the terms with ε and δ; the hyperbolic stop 0.279.
    """
    checks.integer("most_levels", most_levels, 1)
    chart = Chart(xlim=(0, 1), ylim=(0, 0.5), xlabel="share of the stages in the phase, λ")
    chart.ax.set_ylabel(f"loss per stage {LESS}")
    shares = np.linspace(0.01, 0.99, 99)
    ends = {
        "promised by the\nhyperbolic stop": chart.line("ai -.", shares, [_hyperbolic(lam) for lam in shares]),
        "promised by the\nuniversal stop": chart.line("ai -", shares, [price_of_hidden_types(lam) for lam in shares]),
        "four actions": chart.line("bound :", shares, [lower_bound_four_actions(lam) for lam in shares]),
        "to the end": chart.line("ai --", shares, 1 - shares),
    }
    lines = chart.lines({"levels": "bound -"})
    mark, name = chart.mark("lam"), name_ends(chart, ends | lines)

    def update(lam: float, levels: int) -> str:
        known = shares[shares <= CROSSING]
        feed(lines, known, {"levels": [price_with_levels(each, levels) for each in known]})
        name(levels=f"{counted(levels, 'level')}")
        mark(lam)
        told = f"and {counted(levels, 'level')} {price_with_levels(lam, levels):.3f}"
        if lam > CROSSING:
            told = f"and to follow to the end at most {1 - lam:.3f}"
        return (
            f"λ = {lam:g}: four actions cost every AI {lower_bound_four_actions(lam):.3f}, {told}. The universal stop "
            f"promises {price_of_hidden_types(lam):.3f}, beside the terms with ε and δ; the hyperbolic stop "
            f"{_hyperbolic(lam):.3f}."
        )

    return chart.picture(
        "Loss per stage against the share of the stages in the phase. From below: four actions, a number of levels, "
        "the universal stop, the hyperbolic stop, all rising. The more levels, the closer their line comes to that of "
        "the universal stop. A falling line: to follow to the end of the phase.",
        update,
    )


CROSSING = 0.6590  # from here on to follow to the end of the phase is better at the worst payoff


def _hyperbolic(lam: float) -> float:
    """Return what the hyperbolic stop promises beside ε and δ, over many stages."""
    horizon = 100_000
    return hyperbolic_theorem(horizon, max(round(lam * horizon), 1), 0, 0, 0)


@style()
def printed_region(epsilons: ArrayLike, lams: ArrayLike) -> Picture:
    r"""Return where in the plane of λ and ε the printed theorem is true for the best strategy, and where for none.

    Parameters
    ----------
    epsilons, lams
        The grid: values of ε, in (0, 1), and of λ, in (0, 1/2], both rising.

    Notes
    -----
    With δ = 0 and infinitely many records and stages. The picture's update takes ``lam`` and ``epsilon``, values of
    the grid.

    Examples
    --------
    >>> picture = sc.plots.printed_region([0.01, 0.02], [0.01, 0.05])
    >>> print(picture.update(lam=0.05, epsilon=0.02))
    λ = 0.05, ε = 0.02: the printed bound is 0.0580, and some people cost every AI 0.0646. It is
    false for every strategy. Up to λ = 0.0375 it is true.
    """
    heights = checks.array("epsilons", epsilons, "(n,)", 1)
    places = checks.array("lams", lams, "(m,)", 1)
    border = np.array([_switch(epsilon) for epsilon in heights])
    chart = Chart(xlim=(0, float(places.max())), ylim=(0, float(heights.max())))
    chart.ax.set(xlabel="share of the stages in the phase, λ", ylabel="regret allowed, ε")
    chart.ax.fill_betweenx(heights, 0, border, color=COLORS["good"], alpha=0.3)
    chart.ax.fill_betweenx(heights, border, 1, color=COLORS["bound"], alpha=0.15)
    chart.line("bound -", border, heights)
    chart.line("muted :", 2 * heights, heights)
    across: dict[str, Any] = {"ha": "center", "va": "center", "transform": chart.ax.transAxes}
    chart.ax.text(0.2, 0.85, "true for the\nbest strategy", **across)
    chart.ax.text(0.6, 0.35, "false for\nevery strategy", **across)
    below = 0.9 * heights[-1]  # its end is at the edge, where a label would be cut
    beside: dict[str, Any] = {"xytext": (8, 0), "textcoords": "offset points"}
    chart.ax.annotate("λ = 2ε", (2 * below, below), va="top", color=COLORS["muted"], **beside)
    point = chart.line("ink o", ms=9, clip_on=False)

    def update(lam: float, epsilon: float) -> str:
        point.set_data([lam], [epsilon])
        cost, claimed = _worst(lam, epsilon), (3 - 2 * lam) * epsilon
        verdict = "true for the best strategy" if cost <= claimed else "false for every strategy"
        return (
            f"λ = {lam:g}, ε = {epsilon:g}: the printed bound is {claimed:.4f}, and some people cost every AI "
            f"{cost:.4f}. It is {verdict}. Up to λ = {_switch(epsilon):.4f} it is true."
        )

    return chart.picture(
        "The plane of λ, to the right, and ε, upwards. Left of a border close to the line λ = 2ε the printed bound is "
        "true for the best strategy; right of it it is false for every strategy.",
        update,
    )


def _worst(lam: float, epsilon: float) -> float:
    """Return the price at the worst value V."""
    worst = 1 - (1 - (1 + lam) * np.exp(-lam)) / max(lam, 1e-9) + epsilon  # Corollary *The worst value*
    return max(price_at(lam, value, epsilon) for value in [min(worst, 1.0), *np.linspace(epsilon, 1, 51)])


def _switch(epsilon: float) -> float:
    """Return the λ up to which the printed bound is true, for δ = 0."""
    low, high = 0.0, 0.5
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (low, middle) if _worst(middle, epsilon) > (3 - 2 * middle) * epsilon else (middle, high)
    return low
