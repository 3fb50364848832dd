"""Figures of compatibility alone: an imitator tested at every stage, the records it needs, and what a slip costs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from socialcoop import bounds, checks, games
from socialcoop.book.chart import Chart, counted, feed, pieces
from socialcoop.book.diagram import BREADTH, Diagram
from socialcoop.book.figures.labels import LESS, MORE, NOBODY, name_ends
from socialcoop.book.picture import Picture, style
from socialcoop.engine import play
from socialcoop.games import Game
from socialcoop.imitation import Imitator
from socialcoop.social import Dataset, Population, SocialLearningProblem
from socialcoop.strategies import Codebook

__all__ = ["codebook_tree", "episodes_for_even_odds", "reaction_dots", "survival_curve"]

LAST = 24  # stages shown of a codebook
ALONE = 0.55  # what a partner earns who does without
PARTNERS = {"kind": "partner o", "grim": "ink s"}
ASSISTANTS = {  # what the rows of the table call them
    "one of the team": "one of the team",
    "best constant, no data": "no data",
    "echo, no data": "echo",
    "table, to the end": "table",
    "back-off, to the end": "back-off",
    "network, to the end": "network, cold",
    "table, then its last act": "table, last",
    "back-off, then its last act": "back-off, last",
}


@style()
def survival_curve() -> Picture:
    """Return how likely an imitator has answered rightly so far, computed and simulated.

    The picture's update takes ``episodes``, ``n_actions``, ``challenges`` and ``horizon``, up to 24.

    Examples
    --------
    >>> picture = sc.plots.survival_curve()
    >>> print(picture.update(horizon=4, episodes=10, n_actions=4, challenges=2))
    With K = 10, m = 2 and N = 4 the imitator is alive
    after 4 stages with probability 0.7921; 0.751 of 1,000 simulated episodes.
    """
    chart = Chart(xlim=(0.5, LAST + 0.5), ylim=(-0.02, 1.04), xlabel="stage t", ylabel=f"alive after stage t {MORE}")
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
            f"With K = {episodes:,}, m = {challenges} and N = {n_actions} the imitator is "
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
    chart = Chart(3.2, xlim=(1, horizon), yscale="log", xlabel="horizon T", ylabel=f"episodes K {LESS}")
    stages = np.arange(1, horizon + 1)
    words, ends = [], {}
    for (challenges, n_actions), look in zip(settings, ("ai o-", "ai s-", "ai ^-", "ai v-"), strict=False):
        needed = [max(bounds.episodes_to_survive(0.5, int(t), challenges, n_actions), 1) for t in stages]
        setting = f"m = {challenges}, N = {n_actions}"
        ends[setting] = chart.line(look, stages, needed, ms=3)
        words.append(f"{setting}: {needed[-1]:,}")
    name = name_ends(chart, ends)
    picture = chart.picture(
        "Straight rising lines on a logarithmic axis: the episodes an imitator needs to survive with probability one "
        f"half, against the horizon. At T = {horizon}: {'; '.join(words)}.",
    )
    name()  # now that the axes have their place
    return picture


@style()
def reaction_dots(rows: Iterable[Mapping[str, str]]) -> Picture:
    """Return what partners earn with several assistants, if they are kind after a departure and if they are grim.

    Parameters
    ----------
    rows
        The rows of ``chapters/commitments.csv``, as ``csv.DictReader`` gives them.

    Notes
    -----
    The picture's update takes ``phase``, ``episodes`` and ``n_actions``.

    Examples
    --------
    >>> names = ["one of the team", "no data", "echo", "table", "back-off", "network, cold"]
    >>> names += ["table, last (4)", "back-off, last (4)"]
    >>> earned = {"kind": [1, 0.75, 0.97, 0.5, 0.9, 1, 0.95, 1], "grim": [1] + [0.55] * 4 + [0.56] * 3}
    >>> cell = {"actions": 12, "records": 100}
    >>> rows = [
    ...     {**cell, "reaction": kind, "assistant": name, "mean": mean, "low": mean, "high": mean}
    ...     for kind, means in earned.items()
    ...     for name, mean in zip(names, means, strict=True)
    ... ]
    >>> print(sc.plots.reaction_dots(rows).update(phase=4, episodes=100, n_actions=12))
    Of all who learned from records “network, to the end” serves kind partners best,
    1.00 a stage, and “network, to the end” grim ones, 0.56; without anybody they have
    0.55. Without records the best constant brings 0.75 and 0.55, the echo 0.97 and 0.55
    (T̃ = 4, K = 100, N = 12).
    """
    found = {
        (row["reaction"], int(row["actions"]), int(row["records"]), row["assistant"]): [
            float(row[number]) for number in ("mean", "low", "high")
        ]
        for row in rows
    }
    chart = Chart(3.9, xlim=(0.45, 1.03), xlabel=f"partner earns per stage {MORE}")
    chart.rows([*ASSISTANTS])
    chart.line(NOBODY, [ALONE, ALONE], [-0.6, len(ASSISTANTS) - 0.4], lw=1.5, label="without anybody")
    worse = chart.note("worse than nobody", va="center")
    dots = chart.lines({f"{name} partners": look for name, look in PARTNERS.items()}, ls="", ms=8)
    bars = {name: chart.line(look.split()[0], lw=3, alpha=0.4) for name, look in PARTNERS.items()}
    chart.legend(3, "left")

    def update(phase: int, episodes: int, n_actions: int) -> str:
        def spreads(reaction: str) -> NDArray[np.float64]:
            names = (f"{told} ({phase})" if ", last" in told else told for told in ASSISTANTS.values())
            return np.array([found[reaction, n_actions, episodes, name] for name in names])

        numbers = {reaction: spreads(reaction) for reaction in PARTNERS}
        for place, (reaction, (mean, low, high)) in enumerate((name, each.T) for name, each in numbers.items()):
            heights = np.arange(len(ASSISTANTS)) + 0.3 * place - 0.15
            dots[f"{reaction} partners"].set_data(mean, heights)
            bars[reaction].set_data(*pieces((low, high), (heights, heights)))
        kind, grim = (numbers[reaction][:, 0] for reaction in PARTNERS)
        least = int(kind[3:].argmin()) + 3
        worse.set(position=(ALONE + 0.02, least - 0.15), visible=bool(kind[least] < ALONE))
        first, second = ([*ASSISTANTS][3 + int(earned[3:].argmax())] for earned in (kind, grim))
        return (
            f"Of all who learned from records “{first}” serves kind partners best, {kind[3:].max():.2f} a stage, and "
            f"“{second}” grim ones, {grim[3:].max():.2f}; without anybody they have {ALONE:.2f}. Without records "
            f"the best constant brings {kind[1]:.2f} and {grim[1]:.2f}, the echo {kind[2]:.2f} and {grim[2]:.2f} "
            f"(T̃ = {phase}, K = {episodes:,}, N = {n_actions})."
        )

    return chart.picture(
        "A row for each assistant, and in it what the partner earns per stage: a round dot for kind partners, a "
        "square for grim ones, with intervals of 95 %. The dotted line is what partners have without anybody.",
        update,
    )


def codebook_tree(book: Codebook, game: Game, records: Dataset, stages: int) -> Picture:
    """Return the first stages of a codebook as a tree: each branch a challenge, each node the answer owed there.

    Parameters
    ----------
    book
        The codebook.
    game
        The stage game.
    records
        Episodes of its members. The branches that they show are drawn thick, the others dashed.
    stages
        How many stages are shown, up to 4.

    Examples
    --------
    >>> talk, book = sc.games.conversation(4), sc.Codebook(challenges=2)
    >>> data = sc.SocialLearningProblem(talk, book, horizon=3).sample(2, seed=1)
    >>> sc.plots.codebook_tree(book, talk, data, stages=3)
    Picture: A tree that grows downwards, a row for each stage. Each box is a sequence of
    challenges, says which word is owed after it, and has a branch for each of 2 further
    challenges. Of the 4 boxes of stage 3 the 2 records show 2, joined by thick lines. In
    the others stands a question mark: there the imitator guesses.
    """
    stages = checks.integer("stages", stages, 1, min(4, records.horizon))
    asked = records.actions[: stages - 1, 1].T
    read = {tuple(row[:depth]) for row in asked.tolist() for depth in range(stages)}
    paper, top = Diagram(30 + 74 * stages), 34
    nodes = {}
    for depth in range(stages):
        for number, path in enumerate(product(range(book.challenges), repeat=depth)):
            x = (number + 0.5) / book.challenges**depth * BREADTH
            owed = int(book.answers(np.array([[*path, 0]]).T, game)[-1, 0])
            known = path in read
            text = game.action_names[owed].replace(" ", "\n") if known else "?"
            nodes[path] = paper.box(x, top + 74 * depth, (42, 38), text, "good" if known else "muted")
            if path:
                look, width = ("good -", 3.0) if known else ("muted --", 1.0)
                paper.line(nodes[path[:-1]].side(0, 1), nodes[path].side(0, -1), look, lw=width)
    shown = [path in read for path in nodes if len(path) == stages - 1]
    return paper.picture(
        "A tree that grows downwards, a row for each stage. Each box is a sequence of challenges, says which word is "
        f"owed after it, and has a branch for each of {book.challenges} further challenges. Of the {len(shown)} boxes "
        f"of stage {stages} the {counted(records.episodes, 'record')} show {sum(shown)}, joined by thick lines. In the "
        "others stands a question mark: there the imitator guesses."
    )
