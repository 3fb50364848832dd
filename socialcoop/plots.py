"""Figures: each function returns a picture, drawn from what the package computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from numpy.typing import NDArray

from socialcoop import bounds, checks
from socialcoop.equilibria import nash_equilibria, pareto_optimal_nash, reaches_pone
from socialcoop.games import Game
from socialcoop.picture import COLORS, Picture, style
from socialcoop.play import Play, history_distribution, play
from socialcoop.regret import altruistic_regret, external_regret, external_regret_path
from socialcoop.social import SocialIntelligence, worst_failures
from socialcoop.strategies import Convention, Hedge, Scripted, Signal, Strategy, announcing_classes

WIDTH = 5.4  # inches, of 72 CSS pixels each: text of 11 points stays legible on a phone


LINE_STYLES = ("--", ":", "-.", (0, (1, 5)))


def canvas(height: float = 3.4, **properties: Any) -> tuple[Figure, Axes]:
    """Return a figure as wide as the page and its axes, in the book's style; ``properties`` are the axes'."""
    with style():
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        axes = figure.subplots()
        axes.set(**properties)
    return figure, axes


@style()
def payoff_tables(game: Game) -> Picture:
    """Return one table of payoffs for each type, own action down the side, the other's along the top."""
    checks.instance("game", game, Game)
    columns = min(game.n_types, 2)
    rows = -(-game.n_types // columns)
    figure = Figure(figsize=(WIDTH, 0.6 + rows * (0.9 + 0.5 * game.n_actions)), layout="constrained")
    axes = np.atleast_1d(figure.subplots(rows, columns)).ravel()
    for table, name, ax in zip(game.payoffs, game.types, axes, strict=False):
        _payoff_table(ax, table, name, game)
    for ax in axes[game.n_types :]:
        ax.set_axis_off()
    cells = (
        f"{name}: " + ", ".join(
            f"{own} against {other} pays {table[i, j]:.2g}"
            for i, own in enumerate(game.actions) for j, other in enumerate(game.actions)
        )
        for table, name in zip(game.payoffs, game.types, strict=True)
    )  # fmt: skip
    return Picture(figure, f"Payoff tables of {game.name}. " + "; ".join(cells) + ".")


def _payoff_table(ax: Axes, table: NDArray[np.float64], name: str, game: Game) -> None:
    n = game.n_actions
    ax.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5), title=name, xlabel="the other plays", ylabel="I play")
    ax.set_xticks(range(n), game.actions)
    ax.set_yticks(range(n), game.actions, rotation=90, va="center")
    ax.grid(False)
    ax.tick_params(length=0)
    for own in range(n):
        for other in range(n):
            size = 0.92 * np.sqrt(table[own, other])  # the area shows the payoff
            box = (other - size / 2, own - size / 2)
            ax.add_patch(Rectangle(box, size, size, facecolor=COLORS["ai"], alpha=0.25, edgecolor="none"))
            ax.text(other, own, f"{table[own, other]:.2g}", ha="center", va="center", fontweight="bold")


@style()
def hindsight(episode: Callable[..., Play], agent: int, name: str, horizon: int) -> Picture:
    """Return what an agent earned beside what each fixed action would have earned, as stages pass.

    Parameters
    ----------
    episode
        Returns the play (its first episode is shown) for the values of the controls; of a game with up to
        four actions, so that their lines can be told apart.
    agent, name
        Whose payoffs, and what to call it.
    horizon
        The largest number of stages.
    """
    figure, ax = canvas(xlim=(0, horizon * 1.4), ylim=(0, 1.08 * horizon), xlabel="exchanges", ylabel="total payoff")
    ax.set_xticks(np.linspace(0, horizon, 6))
    (earned,) = ax.plot([], [], color=COLORS["partner"], lw=3, animated=True, zorder=3)
    fixed = [ax.plot([], [], color=COLORS["muted"], ls=ls, lw=1.5, animated=True)[0] for ls in LINE_STYLES]
    labels = [ax.text(0, 0, "", va="center", animated=True, fontsize=10) for _ in (earned, *fixed)]
    (gap,) = ax.plot([], [], color=COLORS["bound"], lw=6, alpha=0.8, solid_capstyle="butt", animated=True)

    def update(**values: Any) -> str:
        shown = episode(**values)
        if shown.game.n_actions > len(LINE_STYLES):
            raise ValueError(f"episode must be of a game with up to {len(LINE_STYLES)} actions, got {shown.game}")
        table = shown.game.payoffs[shown.types[0, agent]]
        other = shown.actions[:, 1 - agent, 0]
        stages = np.arange(shown.horizon + 1)
        total = np.r_[0, shown.payoffs(agent)[:, 0].cumsum()]
        always = np.array([np.r_[0, row[other].cumsum()] for row in table])
        earned.set_data(stages, total)
        for line, path in zip(fixed, always, strict=False):
            line.set_data(stages, path)
        rivals = {f"always {action}": path for action, path in zip(shown.game.actions, always, strict=True)}
        same = [rival for rival, path in rivals.items() if np.allclose(path, total)]
        ends = {" =\n".join([name, *same]): total[-1]}
        ends |= {rival: path[-1] for rival, path in rivals.items() if rival not in same}
        heights = _apart(np.array(list(ends.values())), 0.08 * horizon * (1 + len(same)))
        for label in labels:
            label.set_text("")
        for label, text, height in zip(labels, ends, heights, strict=False):
            label.set(text=text, position=(stages[-1] + 0.03 * horizon, height))
        best = int(always[:, -1].argmax())
        regret = float(always[best, -1] - total[-1])
        gap.set_data([stages[-1]] * 2, [total[-1], max(always[best, -1], total[-1])])
        story = f"{name} earned {total[-1]:.1f} in {shown.horizon} exchanges; "
        rival = f"always “{shown.game.actions[best]}” would have earned {always[best, -1]:.1f}"
        if regret < 0:
            return f"{story}{rival}, so no fixed choice does better: the regret is {regret:.1f}."
        return f"{story}{rival}: a regret of {regret:.1f}, or {regret / shown.horizon:.2f} per exchange."

    return Picture(
        figure,
        f"Line chart of total payoff against exchanges: what {name} earned, and what each fixed action would have "
        "earned against the same partner. The thick bar at the end is the regret.",
        update,
    )


def _apart(heights: NDArray[np.float64], gap: float) -> NDArray[np.float64]:
    """Return the heights moved up just enough that labels do not overlap."""
    placed = heights.copy()
    order = np.argsort(heights)
    for low, high in pairwise(order):
        placed[high] = max(placed[high], placed[low] + gap)
    return placed


@style()
def payoff_distribution(pairs: Mapping[str, tuple[Strategy, Strategy]], game: Game, types: tuple[int, int]) -> Picture:
    """Return the exact distribution of the AI's payoff per stage, beside simulated frequencies.

    The picture's update takes ``pair`` (a name in ``pairs``), ``horizon`` and ``episodes``.
    """
    figure, ax = canvas(xlim=(-0.03, 1.03), ylim=(0, 1.05), xlabel="payoff per stage", ylabel="probability")
    exact = ax.vlines([0], 0, [0], color=COLORS["ai"], alpha=0.45, lw=7, animated=True, label="exact")
    (simulated,) = ax.plot([], [], "o", ms=5, color=COLORS["partner"], animated=True, label="simulated")
    (mean,) = ax.plot([], [], color=COLORS["ink"], ls="--", lw=1.5, animated=True, label="exact mean")
    figure.legend(loc="outside upper right", ncols=3)

    def update(pair: str, horizon: int, episodes: int) -> str:
        values, probabilities = _exact_totals(*pairs[pair], game, types, horizon)
        sample = play(*pairs[pair], game, types, horizon, episodes, seed=1).payoffs(0).mean(axis=0)
        found, counts = np.unique(sample.round(9), return_counts=True)
        exact.set_segments([[(x, 0), (x, p)] for x, p in zip(values, probabilities, strict=True)])
        simulated.set_data(found, counts / episodes)
        centre = float(values @ probabilities)
        mean.set_data([centre, centre], [0, 1.05])
        return (
            f"Over {horizon} stage{'s' * (horizon > 1)} the assistant expects {horizon * centre:.3f} in total, "
            f"{centre:.3f} per stage; {episodes:,} simulated episodes give {sample.mean():.3f} per stage."
        )

    return Picture(
        figure,
        "Bars: exact probability of each payoff per stage. Dots: frequency in simulated episodes. Dashed line: the "
        "exact mean. The dots approach the bars as episodes are added.",
        update,
    )


def _exact_totals(
    first: Strategy, second: Strategy, game: Game, types: tuple[int, int], horizon: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the values of the AI's mean payoff per stage and their probabilities."""
    distribution = history_distribution(first, second, game, types, horizon)
    stage = game.stage(types)[0].ravel()
    totals = np.zeros(1)
    for _ in range(horizon):
        totals = (totals[:, None] + stage).ravel()
    values, where = np.unique((totals / horizon).round(9), return_inverse=True)
    probabilities = np.bincount(where, weights=distribution.ravel())
    return values[probabilities > 0], probabilities[probabilities > 0]


@style()
def failure_curve(strategies: Mapping[str, Strategy], game: Game) -> Picture:
    """Return how likely the worst partner makes the regret exceed each level, exactly, and the certificate.

    The picture's update takes ``strategy`` (a name in ``strategies``) and ``horizon``.
    """
    figure, ax = canvas(xlim=(0, 1), ylim=(0, 1.03), xlabel="regret per stage, ε", ylabel="P(regret per stage > ε)")
    (exact,) = ax.plot(
        [], [], color=COLORS["partner"], drawstyle="steps-post", animated=True, label="worst partner, exact"
    )
    (bound,) = ax.plot([], [], color=COLORS["bound"], ls="--", animated=True, label="certificate")
    figure.legend(loc="outside upper right", ncols=2)
    epsilons = np.linspace(0, 1, 201)
    curve = lru_cache(lambda strategy, horizon: worst_failures(strategies[strategy], game, horizon, epsilons))

    def update(strategy: str, horizon: int) -> str:
        failures = curve(strategy, horizon)
        certificate = [strategies[strategy].certificate(game, horizon, epsilon) for epsilon in epsilons]
        certified = min(certificate) < 1
        exact.set_data(epsilons, failures)
        bound.set_data(epsilons, certificate if certified else np.full(len(epsilons), np.nan))
        at = int(np.argmin(np.abs(epsilons - 0.3)))
        promise = f"the certificate allows {certificate[at]:.3f}" if certified else "it has no certificate"
        return (
            f"Over {horizon} stages the worst partner makes {strategy} regret more than 0.3 per stage with probability "
            f"{failures[at]:.3f}; {promise}."
        )

    return Picture(
        figure,
        "Falling curve: the probability that regret per stage exceeds ε against the worst adaptive partner, for ε from "
        "0 to 1. Dashed: the certificate, an upper bound. For strategies that are not consistent the curve stays high.",
        update,
    )


@style()
def regret_paths(partners: Mapping[str, Strategy], game: Game, types: tuple[int, int], horizon: int) -> Picture:
    """Return how Hedge's regret grows in 12 episodes, with the level it exceeds in one of a hundred.

    The picture's update takes ``rate`` (a multiple of the tuned rate) and ``partner`` (a name in ``partners``).
    """
    figure, ax = canvas(xlim=(0, horizon), ylim=(-0.1 * horizon, 0.6 * horizon), xlabel="stage", ylabel="total regret")
    episodes = 12
    lines = [ax.plot([], [], color=COLORS["ai"], lw=1, alpha=0.5, animated=True)[0] for _ in range(episodes)]
    stages = np.arange(0, horizon, max(1, horizon // 100)) + 1
    ceiling = [t * bounds.hedge_epsilon(int(t), game.n_actions, 0.01) for t in stages]
    ax.plot(stages, ceiling, color=COLORS["bound"], ls="--")
    ax.set_title("dashed: H(t), which Hedge tuned to t exceeds at most once in 100", fontsize=10, color=COLORS["bound"])

    def update(rate: float, partner: str) -> str:
        hedge = Hedge(rate * Hedge().tuned(horizon, game.n_actions))
        shown = play(hedge, partners[partner], game, types, horizon, episodes, seed=2)
        for line, path in zip(lines, external_regret_path(shown).T, strict=True):
            line.set_data(stages, path[stages - 1])
        largest, allowed = external_regret(shown).max(), bounds.hedge_epsilon(horizon, game.n_actions, 0.01) * horizon
        verdict = "below" if largest <= allowed else "above"
        return (
            f"At {rate:g} times the tuned rate, against a partner that {partner}, the largest of {episodes} final "
            f"regrets is {largest:.1f}, {verdict} H({horizon}) = {allowed:.1f}."
        )

    return Picture(
        figure,
        f"Twelve paths of Hedge's total regret over {horizon} stages, and the dashed ceiling H(t), which grows like "
        "the square root of t.",
        update,
    )


@style()
def payoff_region(
    games: Mapping[str, tuple[Game, tuple[int, int]]], pairs: Mapping[str, tuple[Strategy, Strategy]]
) -> Picture:
    """Return the payoffs that a game allows, its Nash equilibria and PONE, and where a pair of strategies lands.

    The picture's update takes ``game`` (a name in ``games``, each a game with a joint type), ``pair`` (a name
    in ``pairs``) and ``horizon``.
    """
    figure, ax = canvas(4.2, xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), aspect="equal")
    ax.set(xlabel="first agent's payoff per stage", ylabel="second agent's payoff per stage")
    region = Polygon([(0, 0)], facecolor=COLORS["grid"], edgecolor=COLORS["muted"], alpha=0.5, animated=True)
    ax.add_patch(region)
    nash = ax.plot([], [], "s", ms=9, mfc="none", mec=COLORS["ink"], animated=True, label="Nash equilibrium")[0]
    pone = ax.plot([], [], "*", ms=15, color=COLORS["good"], mec="none", animated=True, label="PONE")[0]
    lands = ax.plot([], [], "o", ms=4, color=COLORS["partner"], alpha=0.6, animated=True, label="an episode")[0]
    figure.legend(loc="outside upper right", ncols=3)

    def update(game: str, pair: str, horizon: int) -> str:
        shown, types = games[game]
        ai, partner = shown.stage(types)
        region.set_xy(_hull(np.stack([ai.ravel(), partner.T.ravel()], axis=1)))
        for line, profiles in ((nash, nash_equilibria(shown, types)), (pone, pareto_optimal_nash(shown, types))):
            line.set_data(*np.array([profile.payoffs for profile in profiles]).T)
        played = play(*pairs[pair], shown, types, horizon, 60, seed=4)
        means = np.stack([played.payoffs(agent).mean(axis=0) for agent in (0, 1)])
        lands.set_data(*means)
        near = int(reaches_pone(shown, types, means, 0.1).sum())
        return (
            f"{game}, {pair}, {horizon:,} stages: they earn {means[0].mean():.2f} and {means[1].mean():.2f} on "
            f"average; in {near} of 60 episodes both earn what one PONE pays, up to 0.1."
        )

    return Picture(
        figure,
        "The plane of both agents' payoffs per stage. Grey: what the game allows. Squares: Nash equilibria. Stars: "
        "PONE. Dots: the mean payoffs of sixty episodes of a pair of strategies.",
        update,
    )


def _hull(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the corners of the convex hull of points in the plane, counter-clockwise."""
    ordered = np.unique(points, axis=0)

    def chain(points: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        kept: list[NDArray[np.float64]] = []
        for point in points:
            while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
                kept.pop()
            kept.append(point)
        return kept

    return np.array(chain(ordered)[:-1] + chain(ordered[::-1])[:-1] or [ordered[0]])


def _turn(a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64]) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


@style()
def convention_course(convention: Convention, game: Game, names: tuple[str, str], horizon: int) -> Picture:
    """Return an episode of a convention, stage by stage, in which the first agent may slip once.

    The picture's update takes ``types`` (what the two like, as two names of actions, "A, B", in a game with
    one type for each action) and ``slip`` (the stage at which the first agent plays another action than
    agreed, 0 for never).
    """
    figure, ax = canvas(2.6, xlim=(0.4, horizon + 0.6), ylim=(2.5, 0.5), xlabel="stage")
    ax.set_yticks([1, 2], names)
    ax.set_xticks([1, *range(5, horizon + 1, 5)])
    ax.grid(False)
    ax.tick_params(length=0)
    colors = {"announces": "bound", "as agreed": "good", "slips": "ink", "learns": "partner"}
    marks = {
        what: ax.plot([], [], "s", ms=12, color=COLORS[color], alpha=0.45, animated=True, label=what)[0]
        for what, color in colors.items()
    }
    letters = [
        [ax.text(t, row, "", ha="center", va="center", animated=True) for t in range(1, horizon + 1)] for row in (1, 2)
    ]
    figure.legend(loc="outside upper right", ncols=4)

    def update(types: str, slip: int) -> str:
        joint = tuple(game.actions.index(name) for name in types.split(", "))
        length = convention.codewords(game).shape[1]
        plan = convention.plan(game, horizon)[joint]
        script = plan[:, 0].copy()
        if slip:
            script[slip - 1] = (script[slip - 1] + 1) % game.n_actions
        shown = play(Scripted(script), convention, game, joint, horizon, seed=5).actions[:, :, 0]
        seat = convention.seat(game, 1, np.array(joint[1:]), horizon)
        for first, second in shown[:, :, None]:
            seat.observe(second, first)
        leaves = int(seat.departed[0]) + 1  # 0 if the second agent keeps to the plan
        stages = np.arange(1, horizon + 1)
        what = np.where(stages <= length, "announces", "as agreed")
        rows = np.where(stages == slip, "slips", what), np.where((stages > leaves) & (leaves > 0), "learns", what)
        for name, mark in marks.items():
            points = [(t, row) for row, kinds in enumerate(rows, start=1) for t in stages[kinds == name]]
            mark.set_data(*np.array(points).reshape(-1, 2).T)
        for row, actions in zip(letters, shown.T, strict=True):
            for letter, action in zip(row, actions, strict=True):
                letter.set_text(game.actions[action][0].upper())
        agreed = convention.agreed(game, joint)
        told = f"{names[0]} {game.types[joint[0]]}, {names[1]} {game.types[joint[1]]}: they agree on payoffs of "
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
    """Return the certificate of a class as a table: a column for consistency, then a column for each partner."""
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
            ax.text(column, row, f"{sign} {value}", ha="center", va="center", fontsize=9)
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
