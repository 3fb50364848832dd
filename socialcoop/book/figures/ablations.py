"""Figures of the two ablations: consistent but not compatible, and compatible but not consistent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from matplotlib.patches import Polygon
from numpy.typing import ArrayLike, NDArray

from socialcoop import bounds, games
from socialcoop.book.figures.layout import canvas
from socialcoop.book.figures.payoffs import hull
from socialcoop.book.picture import COLORS, Picture, style
from socialcoop.engine import play
from socialcoop.equilibria import coarse_correlated_payoffs, nash_equilibria
from socialcoop.games import Game
from socialcoop.imitation import Imitator
from socialcoop.regret import external_regret_path
from socialcoop.social import Population, SocialLearningProblem
from socialcoop.strategies import Codebook, JointSchedule, Strategy

LAST = 24  # stages shown of a codebook


@style()
def schedule_walk(targets: Mapping[str, ArrayLike], game: Game, types: tuple[int, int], horizon: int) -> Picture:
    """Return the payoffs that coarse correlated equilibria give, and a pair that walks to one of them.

    The picture's update takes ``target`` (a name in ``targets``, each a joint distribution) and ``stages``, up to
    ``horizon``.

    Examples
    --------
    >>> turns = {"taking turns": [[0, 0.5], [0.5, 0]]}
    >>> picture = sc.plots.schedule_walk(turns, sc.games.chicken(), (0, 0), horizon=20)
    >>> print(picture.update(target="taking turns", stages=10))
    On the way to taking turns, after 10 stages, they earn 0.650 and 0.650 per stage;
    the largest regret on the way was 0.0 in total, with 2 joint actions in the plan.
    """
    figure, ax = canvas(4.2, xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), aspect="equal")
    ax.set(xlabel="first agent's payoff per stage", ylabel="second agent's payoff per stage")
    ai, partner = game.stage(types)
    everything = hull(np.stack([ai.ravel(), partner.T.ravel()], axis=1))
    ax.add_patch(Polygon(everything, facecolor=COLORS["grid"], edgecolor="none", alpha=0.5))
    corners = coarse_correlated_payoffs(game, types)
    ax.add_patch(Polygon(corners, facecolor=COLORS["bound"], edgecolor=COLORS["bound"], alpha=0.3, label="CCE"))
    nash = np.array([profile.payoffs for profile in nash_equilibria(game, types)])
    ax.plot(*nash.T, "s", ms=9, mfc="none", mec=COLORS["ink"], ls="none", label="Nash equilibrium")
    (path,) = ax.plot([], [], color=COLORS["ink"], lw=1.5, animated=True, label="the pair's mean")
    (end,) = ax.plot([], [], "o", ms=7, color=COLORS["ink"], animated=True)
    figure.legend(loc="outside upper right", ncols=3)

    @lru_cache
    def walk(target: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        agent = JointSchedule(targets[target])
        played = play(agent, agent, game, types, horizon)  # nobody flips a coin
        stages = np.arange(1, horizon + 1)
        means = np.stack([played.payoffs(each)[:, 0].cumsum() / stages for each in (0, 1)])
        return means, np.maximum(external_regret_path(played, 0), external_regret_path(played, 1))[:, 0]

    def update(target: str, stages: int) -> str:
        means, regrets = walk(target)
        path.set_data(*means[:, :stages])
        end.set_data(*means[:, stages - 1 : stages])
        regret = max(float(regrets[:stages].max()), 0.0)
        actions = int(np.count_nonzero(targets[target]))
        return (
            f"On the way to {target}, after {stages} stage{'s' * (stages > 1)}, they earn "
            f"{means[0, stages - 1]:.3f} and {means[1, stages - 1]:.3f} per stage; the largest regret on the way was "
            f"{regret:.1f} in total, with {actions} joint action{'s' * (actions > 1)} in the plan."
        )

    return Picture(
        figure,
        "The plane of both agents' payoffs per stage. Grey: what the game allows. Shaded polygon: what coarse "
        "correlated equilibria give, with the only Nash equilibrium at its far corner. A line shows how the mean "
        "payoffs of a pair of scheduled learners approach the chosen target.",
        update,
    )


@style()
def distance_to_cce(
    pairs: Mapping[str, tuple[Strategy, Strategy]], game: Game, types: tuple[int, int], horizon: int
) -> Picture:
    """Return how far the play of up to three pairs of learners is from coarse correlated, as stages pass.

    Examples
    --------
    >>> pairs = {"two Hedge learners": (sc.Hedge(), sc.Hedge())}
    >>> sc.plots.distance_to_cce(pairs, sc.games.chicken(), (0, 0), horizon=100)
    Picture: Falling lines on logarithmic axes: what one of the two agents would gain
    per stage by a fixed action, the larger gain, mean over 60 episodes, under the
    dashed certificate H(t)/t. After 100 stages: two Hedge learners: 0.0284.
    """
    figure, ax = canvas(3.2, xlim=(1, horizon), ylim=(1e-4, 1.5), xlabel="stage t", ylabel="gain by a fixed action")
    ax.set(xscale="log", yscale="log")
    stages = np.unique(np.geomspace(1, horizon, 60).astype(int))
    ends = []
    for (name, pair), color in zip(pairs.items(), ("ai", "partner", "good"), strict=False):
        played = play(*pair, game, types, horizon, 60, seed=1)
        gains = np.maximum(external_regret_path(played, 0), external_regret_path(played, 1))[stages - 1]
        mean = np.maximum(gains / stages[:, None], 0).mean(axis=1)
        ax.plot(stages, np.maximum(mean, 1e-9), color=COLORS[color], label=name)
        ends.append(f"{name}: {mean[-1]:.4f}")
    ceiling = [bounds.hedge_epsilon(int(t), game.n_actions, 0.01) for t in stages]
    ax.plot(stages, ceiling, color=COLORS["bound"], ls="--", label="H(t)/t")
    figure.legend(loc="outside upper right", ncols=2)
    return Picture(
        figure,
        "Falling lines on logarithmic axes: what one of the two agents would gain per stage by a fixed action, the "
        f"larger gain, mean over 60 episodes, under the dashed certificate H(t)/t. After {horizon:,} stages: "
        f"{'; '.join(ends)}.",
    )


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
    figure, ax = canvas(3.4, xlim=(0.5, LAST + 0.5), ylim=(-0.02, 1.04), xlabel="stage t", ylabel="alive after stage t")
    stages = np.arange(1, LAST + 1)
    (formula,) = ax.plot([], [], color=COLORS["ai"], animated=True, label="formula")
    (dots,) = ax.plot([], [], "o", ms=5, color=COLORS["ink"], animated=True, label="simulated")
    (bound,) = ax.plot([], [], color=COLORS["bound"], ls="--", lw=1.5, animated=True, label="upper bound")
    (mark,) = ax.plot([], [], color=COLORS["muted"], lw=1, animated=True)
    figure.legend(loc="outside upper right", ncols=3)
    simulated = lru_cache(simulated_survival)

    def update(horizon: int, episodes: int, n_actions: int, challenges: int) -> str:
        alive = bounds.survival(LAST, episodes, challenges, n_actions)
        sample = simulated(episodes, n_actions, challenges)
        above = [bounds.survival_bound(int(t), episodes, challenges, n_actions) for t in stages]
        formula.set_data(stages, alive)
        dots.set_data(stages, sample)
        bound.set_data(stages, above)
        mark.set_data([horizon, horizon], [0, 1])
        return (
            f"With K = {episodes:,} episodes, m = {challenges} challenges and N = {n_actions} actions, the imitator is "
            f"alive after {horizon} stage{'s' * (horizon > 1)} with probability {alive[horizon - 1]:.4f}; "
            f"{sample[horizon - 1]:.3f} of 1,000 simulated episodes."
        )

    return Picture(
        figure,
        "The probability that an imitator is still answering rightly, stage by stage: a curve for the formula, dots "
        "for simulated episodes, dashed the upper bound. It stays near 1 for about log K stages, then falls away.",
        update,
    )


def simulated_survival(episodes: int, n_actions: int, challenges: int) -> NDArray[np.float64]:
    """Return the share of 1000 episodes, with 5 datasets, in which an imitator was right so far, (24,)."""
    game, member = games.conversation(n_actions), Codebook(challenges)
    problem = SocialLearningProblem(game, Population([member]), LAST)
    rng = np.random.default_rng(1)
    shares = []
    for _ in range(5):
        played = play(Imitator(problem.sample(episodes, rng)), member, game, (0, 0), LAST, 200, rng)
        talking = played.actions[:, 1] < challenges  # a partner that has not walked away
        asked = np.where(talking, played.actions[:, 1], 0)
        right = talking & (played.actions[:, 0] == member.answers(asked, game))
        shares.append(np.logical_and.accumulate(right).mean(axis=1))
    return np.mean(shares, axis=0)


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
    figure, ax = canvas(3.2, xlim=(1, horizon), yscale="log", xlabel="horizon T", ylabel="episodes K for even odds")
    stages = np.arange(1, horizon + 1)
    words = []
    for (challenges, n_actions), color in zip(settings, ("ai", "partner", "good", "bound"), strict=False):
        needed = [max(bounds.episodes_to_survive(0.5, int(t), challenges, n_actions), 1) for t in stages]
        ax.plot(stages, needed, "o-", ms=3, color=COLORS[color], label=f"m = {challenges}, N = {n_actions}")
        words.append(f"m = {challenges}, N = {n_actions}: {needed[-1]:,}")
    figure.legend(loc="outside upper right", ncols=len(settings))
    return Picture(
        figure,
        "Straight rising lines on a logarithmic axis: the episodes an imitator needs to survive with probability one "
        f"half, against the horizon. At T = {horizon}: {'; '.join(words)}.",
    )
