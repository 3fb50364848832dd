"""Figures of imitate-then-commit: what it commits to, and the course of one episode."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.book.chart import Chart, capital, counted, stretch
from socialcoop.book.picture import COLORS, Picture, style
from socialcoop.commit import ImitateThenCommit, commitment_mixture
from socialcoop.engine import play
from socialcoop.equilibria import worst_pone
from socialcoop.games import Game
from socialcoop.social import Dataset, SocialLearningProblem
from socialcoop.strategies import Agreement

__all__ = ["commitment_values", "episode_course"]

Floats = NDArray[np.float64]


@style()
def commitment_values(games: Mapping[str, tuple[Game, tuple[int, int]]]) -> Picture:
    """Return what both agents earn in joint play, and after commitments to ν, to one drawn action, and redrawn.

    The picture's update takes ``game`` (a name in ``games``, each with two actions, and a joint type) and
    ``correlation``, from 0 for two fair coins to 1 for one coin that both look at.

    Examples
    --------
    >>> pennies = sc.games.matching_pennies(), (0, 1)
    >>> picture = sc.plots.commitment_values({"pennies": pennies})
    >>> print(picture.update(game="pennies", correlation=0))
    Pennies, correlation 0: the partner earns 0.50 in joint play, 0.50 with ν, 1.00 with
    one action and 0.50 if the draw is repeated at every stage; the AI 0.50 with ν and
    0.00 with one action.
    """
    chart = Chart(3.2, xlim=(0, 1.05), xlabel="payoff per stage")
    chart.rows(["joint play", "commit to ν", "commit to one action", "redraw every stage"])
    partner = chart.bars(np.arange(4) - 0.17, 0.32, color=COLORS["partner"], label="partner, replying best")
    ai = chart.bars(np.arange(4) + 0.17, 0.32, color=COLORS["ai"], label="AI")
    chart.legend(2)

    def update(game: str, correlation: float) -> str:
        shown, types = games[game]
        own, other = shown.stage(types)
        z: Floats = (1 - correlation) * np.full((2, 2), 1 / 4) + correlation * np.eye(2) / 2
        redrawn = np.ones(1), z.sum(axis=1)[None]
        committed = commitment_mixture(z), commitment_mixture(z, "pure"), redrawn
        answered = [_answered(own, other, weights, mixes) for weights, mixes in committed]
        hers, its = np.array([((z * other.T).sum(), (z * own).sum()), *answered]).T
        stretch(partner, hers)
        stretch(ai, its)
        return (
            f"{game.capitalize()}, correlation {correlation:g}: the partner earns {hers[0]:.2f} in joint play, "
            f"{hers[1]:.2f} with ν, {hers[2]:.2f} with one action and {hers[3]:.2f} if the draw is repeated at every "
            f"stage; the AI {its[1]:.2f} with ν and {its[2]:.2f} with one action."
        )

    return chart.picture(
        "Two bars for each of four rows, the partner's and the AI's payoff per stage: in joint play, after a "
        "commitment to ν, after a commitment to one drawn action, and when the draw is repeated at every stage, if "
        "the partner replies best.",
        update,
    )


def _answered(own: Floats, other: Floats, weights: Floats, mixes: Floats) -> tuple[float, float]:
    """Return the partner's and the AI's mean payoff when the partner replies best, worst for the AI in case of ties."""
    partner, ai = 0.0, 0.0
    for weight, mix in zip(weights, mixes, strict=True):
        replies = other @ mix
        best = replies >= replies.max() - 1e-9
        partner += weight * float(replies.max())
        ai += weight * float((mix @ own)[best].min())
    return partner, ai


@style()
def episode_course(problem: SocialLearningProblem, dataset: Dataset, names: tuple[str, str], stages: int) -> Picture:
    """Return one episode of imitate-then-commit, stage by stage.

    Parameters
    ----------
    problem
        A convention that is met, in a game with one type for each action.
    dataset
        Its records.
    names
        What to call the AI and the partner.
    stages
        How many of the first stages are shown.

    Notes
    -----
    The picture's update takes ``types`` ("A / B": what the two like, as names of actions) and ``phase``.

    Examples
    --------
    >>> problem = sc.SocialLearningProblem(sc.games.team_lead(), sc.Convention(), horizon=50)
    >>> records = problem.sample(50, seed=1)
    >>> picture = sc.plots.episode_course(problem, records, ("the AI", "Ben"), stages=12)
    >>> print(picture.update(types="direct / supportive", phase=4))
    The AI imitates for 4 stages, then commits; Ben never has to learn. Over 50 stages
    Ben earns 0.592 a stage, worst PONE 0.600: altruistic regret 0.008.
    """
    game, convention = problem.game, checks.instance("problem.people", problem.people, Agreement)
    chart = Chart(2.7, ylim=(2.6, 0.4))
    looks = {"imitates": "ai s", "commits": "ai s", "as its convention says": "partner s", "learns": "partner s"}
    marks = chart.lines(looks, ms=11, mfc="none", mew=1.5)
    for name, color in (("commits", COLORS["ai"]), ("learns", COLORS["partner"])):
        marks[name].set(mfc=(color, 0.45), mec=color)
    fill = chart.squares(marks, names, stages)
    chart.legend(2)

    def update(types: str, phase: int) -> str:
        first, second = map(game.action_names.index, types.split(" / "))
        played = play(ImitateThenCommit(dataset, phase), convention, game, (first, second), problem.horizon, seed=3)
        leaves = int(convention.departure(played)[0])
        number = np.arange(1, stages + 1)
        copies, learns = number <= phase, (number > leaves) & (leaves > 0)
        kinds = np.where(copies, "imitates", "commits"), np.where(learns, "learns", "as its convention says")
        fill(kinds, played.actions[:stages, :, 0].T)
        earned, owed = played.payoffs(1).mean(), worst_pone(game, (first, second))[1]
        learned = f"learns from stage {leaves + 1} on" if leaves else "never has to learn"
        return (
            f"{capital(names[0])} imitates for {counted(phase, 'stage')}, then commits; {names[1]} {learned}. Over "
            f"{problem.horizon} stages {names[1]} earns {earned:.3f} a stage, worst PONE {owed:.3f}: altruistic regret "
            f"{owed - earned:.3f}."
        )

    return chart.picture(
        f"A row for each agent and a column for each of the first {stages} stages; the digit is the number of the "
        "action. Open squares: the AI imitates, the partner does as its convention says. Filled ones: the AI commits, "
        "the partner learns.",
        update,
    )
