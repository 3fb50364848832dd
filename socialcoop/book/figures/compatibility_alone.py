"""Figures of compatibility alone: an imitator that is tested at every stage, and the records that it needs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from socialcoop import bounds, games
from socialcoop.book.chart import Chart, counted, feed
from socialcoop.book.picture import Picture, style
from socialcoop.engine import play
from socialcoop.imitation import Imitator
from socialcoop.social import Population, SocialLearningProblem
from socialcoop.strategies import Codebook

__all__ = ["episodes_for_even_odds", "survival_curve"]

LAST = 24  # stages shown of a codebook


@style()
def survival_curve() -> Picture:
    """Return how likely an imitator has answered rightly so far, computed and simulated.

    The picture's update takes ``episodes``, ``n_actions``, ``challenges`` and ``horizon``, up to 24.

    Examples
    --------
    >>> picture = sc.plots.survival_curve()
    >>> print(picture.update(horizon=4, episodes=10, n_actions=4, challenges=2))
    With K = 10 episodes, m = 2 challenges and N = 4 actions, the imitator is alive
    after 4 stages with probability 0.7921; 0.751 of 1,000 simulated episodes.
    """
    chart = Chart(xlim=(0.5, LAST + 0.5), ylim=(-0.02, 1.04), xlabel="stage t", ylabel="alive after stage t")
    stages = np.arange(1, LAST + 1)
    lines = chart.lines({"formula": "ai -"}) | chart.lines({"simulated": "ink o"}, ms=5)
    lines |= chart.lines({"upper bound": "bound --"}, lw=1.5)
    mark = chart.line("muted", lw=1)  # from 0 to 1, less high than the axes
    chart.legend(3)
    simulated = lru_cache(_simulated_survival)

    def update(horizon: int, episodes: int, n_actions: int, challenges: int) -> str:
        alive = bounds.survival(LAST, episodes, challenges, n_actions)
        sample = simulated(episodes, n_actions, challenges)
        above = [bounds.survival_bound(int(t), episodes, challenges, n_actions) for t in stages]
        feed(lines, stages, {"formula": alive, "simulated": sample, "upper bound": above})
        mark.set_data([horizon, horizon], [0, 1])
        return (
            f"With K = {episodes:,} episodes, m = {challenges} challenges and N = {n_actions} actions, the imitator is "
            f"alive after {counted(horizon, 'stage')} with probability {alive[horizon - 1]:.4f}; "
            f"{sample[horizon - 1]:.3f} of 1,000 simulated episodes."
        )

    return chart.picture(
        "The probability that an imitator is still answering rightly, stage by stage: a curve for the formula, dots "
        "for simulated episodes, dashed the upper bound. It stays near 1 for about log K stages, then falls away.",
        update,
    )


def _simulated_survival(episodes: int, n_actions: int, challenges: int) -> NDArray[np.float64]:
    """Return the share of 1000 episodes, with 5 datasets, in which an imitator was right so far, (24,)."""
    game, member = games.conversation(n_actions), Codebook(challenges)
    problem = SocialLearningProblem(game, Population([member]), LAST)
    rng = np.random.default_rng(1)
    shares = np.zeros(LAST)
    for _ in range(5):
        played = play(Imitator(problem.sample(episodes, rng)), member, game, (0, 0), LAST, 200, rng)
        talking = played.actions[:, 1] < challenges  # a partner that has not walked away
        asked = np.where(talking, played.actions[:, 1], 0)
        right = talking & (played.actions[:, 0] == member.answers(asked, game))
        shares += np.logical_and.accumulate(right).mean(axis=1)
    return shares / 5


@style()
def episodes_for_even_odds(settings: Sequence[tuple[int, int]], horizon: int) -> Picture:
    """Return the number of episodes with which an imitator survives with probability ½, against the horizon.

    Parameters
    ----------
    settings
        Up to four pairs (m, N) of the numbers of challenges and of actions.
    horizon
        The largest T shown.

    Examples
    --------
    >>> sc.plots.episodes_for_even_odds([(2, 4), (3, 6)], horizon=12)
    Picture: Straight rising lines on a logarithmic axis: the episodes an imitator needs
    to survive with probability one half, against the horizon. At T = 12: m = 2, N = 4:
    1,128; m = 3, N = 6: 99,856.
    """
    chart = Chart(3.2, xlim=(1, horizon), yscale="log", xlabel="horizon T", ylabel="episodes K for even odds")
    stages = np.arange(1, horizon + 1)
    words = []
    for (challenges, n_actions), look in zip(settings, ("ai o-", "partner o-", "good o-", "bound o-"), strict=False):
        needed = [max(bounds.episodes_to_survive(0.5, int(t), challenges, n_actions), 1) for t in stages]
        setting = f"m = {challenges}, N = {n_actions}"
        chart.line(look, stages, needed, ms=3, label=setting)
        words.append(f"{setting}: {needed[-1]:,}")
    chart.legend(len(settings))
    return chart.picture(
        "Straight rising lines on a logarithmic axis: the episodes an imitator needs to survive with probability one "
        f"half, against the horizon. At T = {horizon}: {'; '.join(words)}.",
    )
