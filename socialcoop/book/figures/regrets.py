"""Figures of regret, against a partner and against the worst one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialcoop import bounds
from socialcoop.book.figures.layout import canvas
from socialcoop.book.picture import COLORS, Picture, style
from socialcoop.engine import play
from socialcoop.games import Game
from socialcoop.plays import Play
from socialcoop.regret import external_regret, external_regret_path
from socialcoop.social import worst_failures
from socialcoop.strategies import Hedge, Strategy

LINE_STYLES = ("--", ":", "-.", (0, (1, 5)))


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

    Examples
    --------
    >>> def quarter(pressure):
    ...     assistant = sc.Scripted([1] * pressure, fallback=sc.Fixed(0))
    ...     return sc.play(assistant, sc.Fixed(1), sc.games.team_lead(), (1, 1), 100)
    >>> picture = sc.plots.hindsight(quarter, agent=1, name="Alice", horizon=100)
    >>> print(picture.update(pressure=20))
    Alice earned 36.0 in 100 exchanges; always “direct” would have earned 48.0: a regret
    of 12.0, or 0.12 per exchange.
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
        rivals = {f"always {action}": path for action, path in zip(shown.game.action_names, always, strict=True)}
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
        rival = f"always “{shown.game.action_names[best]}” would have earned {always[best, -1]:.1f}"
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
def failure_curve(strategies: Mapping[str, Strategy], game: Game) -> Picture:
    """Return how likely the worst partner makes the regret exceed each level, exactly, and the certificate.

    The picture's update takes ``strategy`` (a name in ``strategies``) and ``horizon``.

    Examples
    --------
    >>> picture = sc.plots.failure_curve({"Hedge": sc.Hedge()}, sc.games.matching_pennies())
    >>> print(picture.update(strategy="Hedge", horizon=4))
    Over 4 stages the worst partner makes Hedge regret more than 0.3 per stage with
    probability 0.295; the certificate allows 1.000.
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

    Examples
    --------
    >>> partners, pennies = {"never changes": sc.Fixed(0)}, sc.games.matching_pennies()
    >>> picture = sc.plots.regret_paths(partners, pennies, types=(0, 1), horizon=400)
    >>> print(picture.update(rate=0, partner="never changes"))
    At 0 times the tuned rate, against a partner that never changes, the largest of 12
    final regrets is 224.0, above H(400) = 42.1.
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
