"""Figures of the upper bound: its terms above what was measured, and what a partner with savings loses below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.book.chart import Chart, feed, stretch
from socialcoop.book.diagram import BREADTH, Diagram
from socialcoop.book.figures.labels import COMMITS, LESS, name_bars, name_ends
from socialcoop.book.look import COLORS
from socialcoop.book.picture import Picture, style
from socialcoop.bounds import (
    Bound,
    corrected_theorem,
    hedge_epsilon,
    hyperbolic_theorem,
    lemma_3_6,
    theorem_3_7,
    universal_stop,
)
from socialcoop.imitation import HistoryTree
from socialcoop.sweeps import IMITATION, Sweep

__all__ = ["bound_terms", "proof_chain", "saver_curve"]

TERMS = {"failure": "2δ", "imitation": "imitation", "regret": "ε terms", "gap": "λ · gap"}
STRENGTHS = (0.0, 1.0, 0.5, 0.2, 0.75, 0.35)  # of the colour, for each kind of term
Floats = NDArray[np.float64]
BoundAt = Callable[[int, int, int], Bound]  # for T̃, K and N
COVERING: dict[str, Callable[..., Bound]] = {  # what is proved for each commitment, whose correlation gap is ½ here
    "mixture": partial(corrected_theorem, gap=0.5),
    "hyperbolic": hyperbolic_theorem,
    "universal": universal_stop,
}


@style()
def bound_terms(
    sweeps: Mapping[int, Sweep],
    tree_of: Callable[[int, int], HistoryTree],
    horizon: int,
    delta: float,
    bounds: Mapping[str, Bound | BoundAt] | None = None,
    epsilon: Callable[[int, int], float] | None = None,
    others: Mapping[int, Mapping[str, ArrayLike]] | None = None,
) -> Picture:
    """Return the terms of bounds, unless told otherwise the printed and the corrected one, above what was measured.

    Parameters
    ----------
    sweeps
        For each number of actions a sweep of one problem, with "imitation" and one way to commit.
    tree_of
        Returns the tree for a phase and a number of actions.
    horizon, delta
        T and δ.
    bounds
        The bounds to draw instead, by name. Each is a `Bound`, or a function that returns one for T̃, K and N.
    epsilon
        Returns ε for T̃ and N; by default Hedge's certificate, with one stage of grace.
    others
        For each number of actions what is lost with others, by name: a number for each K of the sweep, (K,).

    Notes
    -----
    Without others there are three bars: the printed bound with the paper's lemma for δ(K), the same with the exact
    δ(K), and the corrected bound. Their axis ends soon after 1, where a bound says nothing, and a bar may run beyond
    it. The picture's update takes ``phase``, ``episodes`` and ``n_actions``, among the sweeps' values.

    Examples
    --------
    >>> people = sc.Population([sc.Codebook(challenges=2, fallback=sc.Hedge())])
    >>> talks = sc.SocialLearningProblem(sc.games.conversation(4), people, 200)
    >>> both, size = ["mixture", "imitation"], {"plays": 40, "datasets": 4, "n_jobs": 1}
    >>> sweeps = {4: sc.sweep(talks, [2], [10], both, **size)}
    >>> tree_of = lambda phase, n: sc.HistoryTree(talks, phase)
    >>> one_word = {4: {"one word for ever": [0.012]}}
    >>> picture = sc.plots.bound_terms(sweeps, tree_of, 200, 0.01, others=one_word)
    >>> print(picture.update(phase=2, episodes=10, n_actions=4))
    T̃ = 2, K = 10, N = 4: the corrected bound is 0.37, of which less than 0.001 for
    imitation; the printed one 0.53 with that distance, and 1.53 with the paper's lemma,
    which says nothing; measured 0.006 for imitate-then-commit and 0.247 for imitation to the end;
    one word for ever: 0.012.
    """
    ours = bounds is None
    losses = _losses(others, sweeps)
    shown = _printed_and_corrected(tree_of, horizon, delta, epsilon) if bounds is None else _checked(bounds, sweeps)
    terms, limit = (list(TERMS), 1.2) if ours else _extent(shown, sweeps)
    rows, names = len(shown), next(iter(losses.values()), {})
    chart = Chart(2.1 + 0.4 * rows + 0.3 * len(names), xlim=(0, limit), xlabel=f"lost per stage {LESS}")
    chart.rows([*shown, "imitate, then commit", "table, to the end", *names])
    if ours:
        chart.line("muted", [1, 1], chart.ax.get_ylim(), lw=1)
        chart.ax.set_xlabel(f"lost per stage {LESS[:-1]}; from 1 on nothing is said)")
    values_at_ends = name_bars(chart, rows + 2 + len(names))
    purple, blue = COLORS["bound"], COLORS["ai"]
    stacked = [
        chart.bars(range(rows), 0.6, fc=(purple, strength), ec=purple, lw=1.5, label=TERMS.get(term, term))
        for term, strength in zip(terms, STRENGTHS, strict=False)
    ]
    measured = chart.bars(range(rows, rows + 2 + len(names)), 0.6, fc=blue, ec=blue, lw=1.5)
    for bar in measured[1:3]:  # to the end: a table, and a model that generalises, half filled
        bar.set(facecolor=(blue, 0.3 * (bar is measured[2])) if len(measured) > 2 else "none", linestyle="--")
    for bar, name in zip(measured[3:], [*names][1:], strict=True):  # what no number of records changes reads none
        color = blue if any(np.ptp(lost[name]) for lost in losses.values()) else COLORS["muted"]
        bar.set(facecolor=color, edgecolor=color, linestyle="-")
    chart.legend(min(len(terms), 4))

    def update(phase: int, episodes: int, n_actions: int) -> str:
        found = sweeps[n_actions]
        cell = found.phases.index(phase), found.episodes.index(episodes)
        committed, imitated = regret_of(found, committing(found))[cell], regret_of(found, IMITATION)[cell]
        rivals = {name: lost[cell[1]] for name, lost in losses.get(n_actions, {}).items()}
        values = {name: bound(phase, episodes, n_actions) for name, bound in shown.items()}
        starts = np.zeros(rows)
        for term, bars in zip(terms, stacked, strict=True):
            widths = np.array([bound.terms.get(term, 0.0) for bound in values.values()])
            stretch(bars, widths, starts)
            starts = starts + widths
        lost = [committed, imitated, *rivals.values()]
        stretch(measured, np.maximum(lost, 0))
        values_at_ends([f"{value:.2f}" for value in (*values.values(), *lost)])
        if ours:
            printed, exact, corrected = values.values()
            told = (
                f"the corrected bound is {corrected:.2f}, of which {_small(corrected.terms['imitation'])} for "
                f"imitation{_void(corrected)}; the printed one {exact:.2f} with that distance{_void(exact)}, and "
                f"{printed:.2f} with the paper's lemma{_void(printed)}"
            )
        else:
            told = ", ".join(f"{name} {bound:.2f}" for name, bound in values.items())
        return (
            f"T̃ = {phase}, K = {episodes:,}, N = {n_actions}: {told}; measured {committed:.3f} for "
            f"imitate-then-commit and {imitated:.3f} for imitation to the end"
            f"{''.join(f'; {name}: {lost:.3f}' for name, lost in rivals.items())}."
        )

    drawn = "the printed bound with two values of δ(K), and of the corrected bound" if ours else ", ".join(shown)
    return chart.picture(
        f"Horizontal bars of what the partner loses per stage: the terms of {drawn}, stacked, and below them what was "
        f"measured for {', '.join(['imitate-then-commit', 'imitation to the end', *names])}. Numbers on "
        "the right say how long the bars are.",
        update,
    )


def committing(sweep: Sweep) -> str:
    """Return the sweep's way to commit."""
    others = [commit for commit in sweep.commits if commit != IMITATION]
    if len(others) != 1 or IMITATION not in sweep.commits:
        raise ValueError(f"sweeps must each have the commits {IMITATION!r} and one other, got {sweep.commits}")
    return others[0]


def regret_of(sweep: Sweep, commit: str) -> NDArray[np.float64]:
    """Return the mean regrets of the sweep's first problem with this commit, (phases, episodes)."""
    return sweep.regret[0][sweep.commits.index(commit)]


def _void(bound: float) -> str:
    """Return what to say of a bound on a loss that is never more than 1."""
    return ", which says nothing" if bound >= 1 else ""


def _small(share: float) -> str:
    """Return a number in words; what rounds to 0, and need not be 0, is only bounded."""
    return "less than 0.001" if share < 0.001 else f"{share:.2g}"


def _losses(
    others: Mapping[int, Mapping[str, ArrayLike]] | None, sweeps: Mapping[int, Sweep]
) -> dict[int, dict[str, Floats]]:
    """Return what is lost with others, by N and by name, for each K of the sweep."""
    if others is None:
        return {}
    if set(checks.instance("others", others, Mapping)) != set(sweeps):
        raise ValueError(f"others must hold the numbers of actions of sweeps, got {list(others)}")
    losses = {}
    for n, named in others.items():
        losses[n] = {name: checks.array("others", lost, "(K,)", 1) for name, lost in named.items()}
        if any(len(lost) != len(sweeps[n].episodes) for lost in losses[n].values()):
            raise ValueError(f"others must hold a number for each K of {sweeps[n].episodes}, got {named!r}")
    return losses


def _printed_and_corrected(
    tree_of: Callable[[int, int], HistoryTree],
    horizon: int,
    delta: float,
    epsilon: Callable[[int, int], float] | None,
) -> dict[str, BoundAt]:
    """Return the bounds of the chapter: the printed one with the paper's δ(K) and with the exact one; the corrected."""

    def regret(phase: int, n_actions: int) -> float:
        if epsilon is None:
            return hedge_epsilon(horizon, n_actions, delta) + 1 / horizon
        return checks.real("epsilon", epsilon(phase, n_actions), 0, inf)

    def printed(phase: int, episodes: int, n_actions: int) -> Bound:
        n_types = tree_of(phase, n_actions).problem.game.n_types
        lemma = min(lemma_3_6(phase, episodes, n_actions, n_types), 1.0)
        return theorem_3_7(horizon, phase, regret(phase, n_actions), delta, lemma)

    def printed_exact(phase: int, episodes: int, n_actions: int) -> Bound:
        exact = tree_of(phase, n_actions).marginal_tv(episodes)
        return theorem_3_7(horizon, phase, regret(phase, n_actions), delta, exact)

    def corrected(phase: int, episodes: int, n_actions: int) -> Bound:
        exact = tree_of(phase, n_actions).marginal_tv(episodes)
        return corrected_theorem(horizon, phase, regret(phase, n_actions), delta, exact, 1 - 1 / n_actions)

    return {"printed bound": printed, "with exact δ(K)": printed_exact, "corrected bound": corrected}


def _checked(bounds: Mapping[str, Bound | BoundAt], sweeps: Mapping[int, Sweep]) -> dict[str, BoundAt]:
    """Return the user's bounds as functions that are known to return bounds wherever the sweeps have a value."""
    if not isinstance(bounds, Mapping) or not bounds or not all(isinstance(name, str) for name in bounds):
        raise TypeError(f"bounds must hold one or more bounds by name, got {bounds!r}")
    ready: dict[str, BoundAt] = {}
    for name, bound in bounds.items():
        if not isinstance(bound, Bound) and not callable(bound):
            raise TypeError(f"bounds must be a Bound or a function that returns one, got {bound!r} for {name!r}")
        ready[name] = partial(_same, bound) if isinstance(bound, Bound) else bound
        for place in _places(sweeps):
            found = ready[name](*place)
            if not isinstance(found, Bound) or not 0 <= found < inf:
                raise TypeError(f"bounds must give a finite Bound from 0, got {found!r} for {name!r} at {place}")
    return ready


def _same(bound: Bound, *_: int) -> Bound:
    return bound


def _places(sweeps: Mapping[int, Sweep]) -> list[tuple[int, int, int]]:
    return [(phase, episodes, n) for n, s in sweeps.items() for phase in s.phases for episodes in s.episodes]


def _extent(shown: Mapping[str, BoundAt], sweeps: Mapping[int, Sweep]) -> tuple[list[str], float]:
    """Return the kinds of terms, and how far the axis must reach for all of them to be seen."""
    found = [bound(*place) for bound in shown.values() for place in _places(sweeps)]
    kinds = list(dict.fromkeys([*TERMS, *(kind for bound in found for kind in bound.terms)]))
    terms = [kind for kind in kinds if any(kind in bound.terms for bound in found)]
    if len(terms) > len(STRENGTHS):
        raise ValueError(f"bounds must have at most {len(STRENGTHS)} kinds of terms, got {', '.join(terms)}")
    worst = max(regret_of(s, IMITATION).max() for s in sweeps.values())
    return terms, 1.05 * max(*map(float, found), float(worst), 0.1)


@style()
def saver_curve(
    losses: Mapping[tuple[int, str], ArrayLike], lams: ArrayLike, epsilons: Mapping[int, float], delta: float
) -> Picture:
    r"""Return what a partner with savings loses, over λ, beside the printed bound and the one that is proved.

    Parameters
    ----------
    losses
        For each T and commitment the altruistic regret per stage, for each λ. The commitments are among "mixture",
        "hyperbolic" and "universal".
    lams
        λ = T̃/T, rising, in (0, 1], (n,).
    epsilons
        ε for each T.
    delta
        δ.

    Notes
    -----
    For a partner whom one record is enough to imitate, and who takes turns between two actions: δ(K) = 0, and the
    correlation gap is ½. Its worst PONE pays 1. The picture's update takes ``lam``, ``horizon`` and ``commit``, values
    that have a loss.

    Examples
    --------
    >>> losses, epsilons = {(2000, "mixture"): [0.115, 0.279, 0.1]}, {2000: 0.0485}
    >>> picture = sc.plots.saver_curve(losses, [0.2, 0.5, 0.9], epsilons, delta=0.01)
    >>> print(picture.update(lam=0.5, horizon=2000, commit="mixture"))
    λ = 0.5, T = 2,000, "mixture": the partner loses 0.279 a stage. The printed bound allows
    0.117, so it is broken here. The bound that covers this commitment allows 0.367.
    """
    shares = checks.array("lams", lams, "(n,)", 1)
    if not (shares.size and shares[0] > 0 and shares[-1] <= 1 and (np.diff(shares) > 0).all()):
        raise ValueError(f"lams must rise, within (0, 1], got {lams!r}")
    if not checks.instance("losses", losses, Mapping):
        raise ValueError(f"losses must hold one or more lists of losses, got {losses!r}")
    curves = {place: _three_curves(place, found, shares, epsilons, delta) for place, found in losses.items()}
    highest = max(line.max() for three in curves.values() for line in three.values())
    chart = Chart(xlim=(0, min(shares[-1] + 0.05, 1)), ylim=(0, 1.05 * highest))
    chart.ax.set_xlabel("share of the stages in the phase, λ")
    chart.ax.set_ylabel(f"lost per stage {LESS}")
    lines = chart.lines({"lost": COMMITS, "printed bound": "bound :", "bound that covers it": "bound -"}, ms=4)
    point, excess, mark = chart.line("ai o", ms=9), chart.line("partner -", lw=4), chart.mark("lam")
    broken = chart.note(ha="center", va="bottom", color=COLORS["partner"])
    name = name_ends(chart, dict(zip(("lost", "printed\nbound", "bound that\ncovers it"), lines.values(), strict=True)))

    def update(lam: float, horizon: int, commit: str) -> str:
        three, here = curves[horizon, commit], shares.tolist().index(lam)
        feed(lines, shares, three)
        lost, printed, covering = (line[here] for line in three.values())
        name()
        point.set_data([lam], [lost])
        is_broken = lost > printed
        excess.set_data(*(([lam, lam], [printed, lost]) if is_broken else ((), ())))
        broken.set_text(f"broken by {lost - printed:.2f}" if is_broken else "")
        broken.set_position((min(max(lam, 0.15), 0.76), 0.02 * highest))
        mark(lam)
        verdict = "so it is broken here" if is_broken else "and is not broken here"
        return (
            f'λ = {lam:g}, T = {horizon:,}, "{commit}": the partner loses {lost:.3f} a stage. The printed bound allows '
            f"{printed:.3f}, {verdict}. The bound that covers this commitment allows {covering:.3f}."
        )

    return chart.picture(
        "Altruistic regret per stage against the share of the stages in the phase, for one partner with savings. A "
        "solid line with a dot: what is lost. A dotted, falling line: the printed bound, which is crossed; a thick "
        "piece shows by how much. A solid, rising line: the bound that covers the commitment, which is not.",
        update,
    )


def _three_curves(
    place: tuple[int, str], found: ArrayLike, shares: Floats, epsilons: Mapping[int, float], delta: float
) -> dict[str, Floats]:
    """Return what is lost, the printed and the covering bound, for each share."""
    if not isinstance(place, tuple) or len(place) != 2:
        raise TypeError(f"losses must be by pairs (T, commitment), got {place!r}")
    horizon, commit = place
    covering = COVERING[checks.choice("losses' commitment", commit, tuple(COVERING))]
    horizon = checks.integer("losses' horizon", horizon, 1)
    lost = checks.array("losses", found, "(n,)", 1)
    if lost.shape != shares.shape:
        raise ValueError(f"losses must hold one number for each of {len(shares)} lams, got {found!r}")
    if horizon not in checks.instance("epsilons", epsilons, Mapping):
        raise ValueError(f"epsilons must hold one for each horizon of losses, got {epsilons!r} for {horizon}")
    told = [(horizon, max(round(lam * horizon), 1), epsilons[horizon], delta, 0.0) for lam in shares]
    return {
        "lost": lost,
        "printed bound": np.array([theorem_3_7(*each) for each in told]),
        "bound that covers it": np.array([covering(*each) for each in told]),
    }


def proof_chain() -> Picture:
    """Return the proof of the corrected theorem as a chain: four steps down, each with its reason and its cost.

    Examples
    --------
    >>> str(sc.plots.proof_chain())[:58]
    'Picture: A chain of five boxes from top to bottom, each at'
    """
    levels = (
        "what the partner earns",
        "what one action b would have earned",
        "what they earned together, while imitating",
        "what members earn together",
        "what is owed: the worst PONE",
    )
    steps = (
        ("consistency", "ε + δ"),
        ("the draw ν", "λ · gap"),
        ("imitation", "δ(K)"),
        ("compatibility", "ε + δ"),
    )
    paper, gap, middle = Diagram(356), 78, 130
    boxes = [
        paper.box(middle, 24 + gap * row, (252, 34), text, "good" if row in {0, 4} else "muted")
        for row, text in enumerate(levels)
    ]
    for (above, below), (reason, cost) in zip(pairwise(boxes), steps, strict=True):
        paper.arrow(above.side(0, 1), below.side(0, -1))
        height = (above.y + below.y) / 2
        paper.text(middle + 12, height, f"loses at most {cost}", ha="left")
        paper.text(BREADTH - 4, height, reason, ha="right", fontweight="bold")
    chain = "; then ".join(
        f"{cost} by {reason}: {level}" for level, (reason, cost) in zip(levels[1:], steps, strict=True)
    )
    return paper.picture(
        "A chain of five boxes from top to bottom, each at least the next minus a cost. It begins with "
        f"{levels[0]}; then {chain}. The costs add up to 2 delta + 2 epsilon + lambda times the gap + delta(K)."
    )
