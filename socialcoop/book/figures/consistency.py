"""Figures of consistency: how likely the worst partner causes regret, and how Hedge's regret grows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from socialcoop import bounds
from socialcoop.book.chart import Chart, feed
from socialcoop.book.picture import COLORS, Picture, style
from socialcoop.engine import play
from socialcoop.games import Game
from socialcoop.regret import external_regret, external_regret_path
from socialcoop.social import worst_failures
from socialcoop.strategies import Hedge, Strategy

__all__ = ["failure_curve", "regret_paths"]


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
    chart = Chart(xlim=(0, 1), ylim=(0, 1.03), xlabel="regret per stage, ε", ylabel="P(regret per stage > ε)")
    lines = chart.lines({"worst partner, exact": "partner -"}, drawstyle="steps-post")
    lines |= chart.lines({"certificate": "bound --"})
    chart.legend(2)
    epsilons = np.linspace(0, 1, 201)
    curve = lru_cache(lambda strategy, horizon: worst_failures(strategies[strategy], game, horizon, epsilons))

    def update(strategy: str, horizon: int) -> str:
        failures = curve(strategy, horizon)
        certificate = [strategies[strategy].certificate(game, horizon, epsilon) for epsilon in epsilons]
        certified = min(certificate) < 1
        feed(lines, epsilons, {"worst partner, exact": failures} | ({"certificate": certificate} if certified else {}))
        at = int(np.argmin(np.abs(epsilons - 0.3)))
        promise = f"the certificate allows {certificate[at]:.3f}" if certified else "it has no certificate"
        return (
            f"Over {horizon} stages the worst partner makes {strategy} regret more than 0.3 per stage with probability "
            f"{failures[at]:.3f}; {promise}."
        )

    return chart.picture(
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
    chart = Chart(xlim=(0, horizon), ylim=(-0.1 * horizon, 0.6 * horizon), xlabel="stage", ylabel="total regret")
    episodes = 12
    lines = [chart.line("ai", lw=1, alpha=0.5) for _ in range(episodes)]
    stages = np.arange(0, horizon, max(1, horizon // 100)) + 1
    ceiling = [t * bounds.hedge_epsilon(int(t), game.n_actions, 0.01) for t in stages]
    chart.line("bound --", stages, ceiling)
    title = "dashed: H(t), which Hedge tuned to t exceeds at most once in 100"
    chart.ax.set_title(title, fontsize=10, color=COLORS["bound"])

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

    return chart.picture(
        f"Twelve paths of Hedge's total regret over {horizon} stages, and the dashed ceiling H(t), which grows like "
        "the square root of t.",
        update,
    )
