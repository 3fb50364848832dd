"""Figures of imitate-then-commit: what it commits to, one episode, its bounds, and how long to imitate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from socialcoop import bounds, checks
from socialcoop.book.figures.layout import canvas
from socialcoop.book.picture import COLORS, Picture, style
from socialcoop.commit import ImitateThenCommit, commitment_mixture
from socialcoop.engine import play
from socialcoop.equilibria import worst_pone
from socialcoop.games import Game
from socialcoop.imitation import HistoryTree
from socialcoop.social import Dataset, SocialLearningProblem
from socialcoop.strategies import Agreement
from socialcoop.sweeps import IMITATION, Sweep

Floats = NDArray[np.float64]
COMPARED = ("mixture", IMITATION)


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
    rows = ["joint play", "commit to ν", "commit to one action", "redraw every stage"]
    figure, ax = canvas(3.2, xlim=(0, 1.05), ylim=(len(rows) - 0.4, -0.6), xlabel="payoff per stage")
    ax.set_yticks(range(len(rows)), rows)
    ax.tick_params(axis="y", length=0)
    bars = {
        name: ax.barh(np.arange(len(rows)) + shift, np.zeros(len(rows)), 0.32, color=COLORS[name], label=label)
        for name, shift, label in (("partner", -0.17, "partner, replying best"), ("ai", 0.17, "AI"))
    }
    patches = [patch for container in bars.values() for patch in container]
    for patch in patches:
        patch.set_animated(True)
    figure.legend(loc="outside upper right", ncols=2)

    def update(game: str, correlation: float) -> str:
        shown, types = games[game]
        own, other = shown.stage(types)
        z = (1 - correlation) * np.full((2, 2), 1 / 4) + correlation * np.eye(2) / 2
        values = [(float((z * other.T).sum()), float((z * own).sum()))]
        single = np.ones(1), z.sum(axis=1)[None]
        for weights, mixes in (commitment_mixture(z), commitment_mixture(z, "pure"), single):
            values.append(_answered(own, other, weights, mixes))
        for which, container in enumerate(bars.values()):
            for patch, value in zip(container, values, strict=True):
                patch.set_width(value[which])
        return (
            f"{game.capitalize()}, correlation {correlation:g}: the partner earns {values[0][0]:.2f} in joint play, "
            f"{values[1][0]:.2f} with ν, {values[2][0]:.2f} with one action and "
            f"{values[3][0]:.2f} if the draw is repeated at every stage; the AI {values[1][1]:.2f} with ν and "
            f"{values[2][1]:.2f} with one action."
        )

    return Picture(
        figure,
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
    figure, ax = canvas(2.7, xlim=(0.4, stages + 0.6), ylim=(2.6, 0.4), xlabel="stage")
    ax.set_yticks([1, 2], names)
    ax.set_xticks([1, *range(5, stages + 1, 5)])
    ax.grid(False)
    ax.tick_params(length=0)
    looks = {"imitates": "ai", "commits": "ai", "as its convention says": "partner", "learns": "partner"}
    marks = {
        what: ax.plot([], [], "s", ms=11, mfc=fill, mec=COLORS[color], mew=1.5, animated=True, label=what)[0]
        for (what, color), fill in zip(
            looks.items(), ("none", (COLORS["ai"], 0.45), "none", (COLORS["partner"], 0.45)), strict=True
        )
    }
    letters = [[ax.text(t, row, "", ha="center", va="center", animated=True) for t in range(1, stages + 1)]
               for row in (1, 2)]  # fmt: skip
    figure.legend(loc="outside upper right", ncols=2)

    def update(types: str, phase: int) -> str:
        joint = tuple(game.action_names.index(name) for name in types.split(" / "))
        assistant = ImitateThenCommit(dataset, phase)
        played = play(assistant, convention, game, joint, problem.horizon, seed=3)
        leaves = int(convention.departure(played)[0])
        number = np.arange(1, stages + 1)
        learning = (number > leaves) & (leaves > 0)
        kinds = (
            np.where(number <= phase, "imitates", "commits"),
            np.where(learning, "learns", "as its convention says"),
        )
        for name, mark in marks.items():
            points = [(t, row) for row, kind in enumerate(kinds, start=1) for t in number[kind == name]]
            mark.set_data(*np.array(points).reshape(-1, 2).T)
        for row, actions in zip(letters, played.actions[:stages, :, 0].T, strict=True):
            for letter, action in zip(row, actions, strict=True):
                letter.set_text(str(action))
        earned, owed = played.payoffs(1).mean(), worst_pone(game, joint)[1]
        told = f"{names[0][:1].upper()}{names[0][1:]} imitates for {phase} stage{'s' * (phase > 1)}, then commits; "
        told += f"{names[1]} learns from stage {leaves + 1} on" if leaves else f"{names[1]} never has to learn"
        return (
            f"{told}. Over {problem.horizon} stages {names[1]} earns {earned:.3f} a stage, worst PONE {owed:.3f}: "
            f"altruistic regret {owed - earned:.3f}."
        )

    return Picture(
        figure,
        f"A row for each agent and a column for each of the first {stages} stages; the digit is the number of the "
        "action. Open squares: the AI imitates, the partner does as its convention says. Filled ones: the AI commits, "
        "the partner learns.",
        update,
    )


@style()
def bound_terms(
    sweeps: Mapping[int, Sweep], tree_of: Callable[[int, int], HistoryTree], horizon: int, delta: float
) -> Picture:
    """Return the terms of the printed and of the corrected bound, above what was measured.

    Parameters
    ----------
    sweeps
        For each number of actions a sweep of one problem with the commits "mixture" and "imitation".
    tree_of
        Returns the tree for a phase and a number of actions.
    horizon, delta
        T and δ; ε is Hedge's certificate for them, with one stage of grace.

    Notes
    -----
    The picture's update takes ``phase``, ``episodes`` and ``n_actions``, among the sweeps' values.

    Examples
    --------
    >>> people = sc.Population([sc.Codebook(challenges=2, fallback=sc.Hedge())])
    >>> talks = sc.SocialLearningProblem(sc.games.conversation(4), people, 200)
    >>> both, size = ["mixture", "imitation"], {"plays": 40, "datasets": 4, "n_jobs": 1}
    >>> sweeps = {4: sc.sweep(talks, [2], [10], both, **size)}
    >>> picture = sc.plots.bound_terms(sweeps, lambda phase, n: sc.HistoryTree(talks, phase), 200, 0.01)
    >>> print(picture.update(phase=2, episodes=10, n_actions=4))
    T̃ = 2, K = 10, N = 4: the printed bound is 1.53, the corrected one 0.37, of which
    0.00073 for imitation; measured 0.006 for imitate-then-commit and 0.247 for
    imitation to the end.
    """
    rows = ["printed bound", "corrected bound", "imitate, then commit", "imitate to the end"]
    figure, ax = canvas(3.3, xlim=(0, 2), ylim=(len(rows) - 0.4, -0.6), xlabel="altruistic regret per stage")
    ax.set_yticks(range(len(rows)), rows)
    ax.tick_params(axis="y", length=0)
    words = {"failure": "2δ", "imitation": "imitation", "regret": "ε terms", "gap": "λ · gap"}
    bars = {
        name: ax.barh(
            [0, 1], [0, 0], 0.6, fc=(COLORS["bound"], strength), ec=COLORS["bound"], lw=1.5, label=words[name]
        )
        for name, strength in zip(words, (0.0, 1.0, 0.5, 0.2), strict=True)
    }
    measured = ax.barh([2, 3], [0, 0], 0.6, fc=COLORS["ai"], ec=COLORS["ai"], lw=1.5)
    measured[1].set(facecolor="none", linestyle="--")
    for patch in (*(patch for container in bars.values() for patch in container), *measured):
        patch.set_animated(True)
    figure.legend(loc="outside upper right", ncols=4)

    def update(phase: int, episodes: int, n_actions: int) -> str:
        found = sweeps[n_actions]
        cell = found.phases.index(phase), found.episodes.index(episodes)
        committed, imitated = (float(found.regret[0][found.commits.index(c)][cell]) for c in ("mixture", "imitation"))
        tree = tree_of(phase, n_actions)
        epsilon = bounds.hedge_epsilon(horizon, n_actions, delta) + 1 / horizon
        lemma = min(bounds.lemma_3_6(phase, episodes, n_actions, tree.problem.game.n_types), 1.0)
        printed = bounds.theorem_3_7(horizon, phase, epsilon, delta, lemma)
        exact = tree.marginal_tv(episodes)
        corrected = bounds.corrected_theorem(horizon, phase, epsilon, delta, exact, 1 - 1 / n_actions)
        for row, bound in enumerate((printed, corrected)):
            left = 0.0
            for name in words:
                width = bound.terms.get(name, 0.0)
                bars[name][row].set(x=left, width=width)
                left += width
        for patch, value in zip(measured, (committed, imitated), strict=True):
            patch.set_width(max(value, 0.0))
        return (
            f"T̃ = {phase}, K = {episodes:,}, N = {n_actions}: the printed bound is {printed:.2f}, the corrected one "
            f"{corrected:.2f}, of which {exact:.2g} for imitation; measured {committed:.3f} for imitate-then-commit "
            f"and {imitated:.3f} for imitation to the end."
        )

    return Picture(
        figure,
        "Horizontal bars of altruistic regret per stage: the terms of the printed and of the corrected bound, stacked, "
        "and below them what was measured for imitate-then-commit and for imitation to the end.",
        update,
    )


@style()
def phase_curve(sweeps: Mapping[int, Sweep], owed: float, others: Mapping[int, Mapping[str, float]]) -> Picture:
    """Return what the partner earns against the phase, with imitate-then-commit, imitation to the end, and others.

    Parameters
    ----------
    sweeps
        For each number of actions a sweep of one problem with the commits "mixture" and "imitation".
    owed
        The mean of the partner's worst PONE payoff, per stage: what she earns is that less the regret.
    others
        For each number of actions what she earns per stage with one or two others, by name.

    Notes
    -----
    The picture's update takes ``phase``, ``episodes`` and ``n_actions``.

    Examples
    --------
    >>> people = sc.Population([sc.Codebook(challenges=2, fallback=sc.Hedge())])
    >>> talks = sc.SocialLearningProblem(sc.games.conversation(4), people, horizon=50)
    >>> both, size = ["mixture", "imitation"], {"plays": 40, "datasets": 4, "n_jobs": 1}
    >>> sweeps = {4: sc.sweep(talks, [1, 2], [10], both, **size)}
    >>> picture = sc.plots.phase_curve(sweeps, owed=1.0, others={4: {"one of them": 1.0}})
    >>> print(picture.update(phase=2, episodes=10, n_actions=4))
    With K = 10 records and N = 4 actions, the partner of an assistant that imitates for 2
    stages and then commits earns 0.98 a stage; of one that imitates to the end, 0.74.
    One of them: 1.00.
    """
    some = next(iter(sweeps.values()))
    figure, ax = canvas(3.6, xlim=(some.phases[0], some.phases[-1]), ylim=(0.4, 1.03), xscale="log")
    ax.set(xlabel="stages imitated before committing, T̃", ylabel="partner earns per stage")
    ax.set_xticks(some.phases, [str(phase) for phase in some.phases])
    ax.minorticks_off()
    (committed,) = ax.plot([], [], "o-", color=COLORS["ai"], animated=True, label="imitate, then commit")
    (imitated,) = ax.plot([], [], color=COLORS["ai"], ls="--", animated=True, label="imitate to the end")
    names = list(next(iter(others.values())))
    looks = [{"color": COLORS["good"]}, {"color": COLORS["muted"], "ls": ":"}][: len(names)]
    lines = {
        name: ax.plot([], [], animated=True, label=name, **look)[0] for name, look in zip(names, looks, strict=True)
    }
    (mark,) = ax.plot([], [], color=COLORS["muted"], lw=1, animated=True)
    figure.legend(loc="outside upper left", ncols=2)

    def update(phase: int, episodes: int, n_actions: int) -> str:
        found = sweeps[n_actions]
        column, here = found.episodes.index(episodes), found.phases.index(phase)
        earned = {c: owed - found.regret[0][found.commits.index(c)][:, column] for c in ("mixture", "imitation")}
        committed.set_data(found.phases, earned["mixture"])
        imitated.set_data(found.phases, earned["imitation"])
        for name, line in lines.items():
            line.set_data(found.phases, np.full(len(found.phases), others[n_actions][name]))
        mark.set_data([phase, phase], [0.4, 1.03])
        told = "; ".join(f"{name}: {others[n_actions][name]:.2f}" for name in lines)
        return (
            f"With K = {episodes:,} records and N = {n_actions} actions, the partner of an assistant that imitates for "
            f"{phase} stage{'s' * (phase > 1)} and then commits earns {earned['mixture'][here]:.2f} a stage; of one "
            f"that imitates to the end, {earned['imitation'][here]:.2f}. {told[:1].upper()}{told[1:]}."
        )

    return Picture(
        figure,
        "What the partner earns per stage against the number of imitated stages. A curve with dots: imitate, then "
        "commit; it rises at first and falls once the records run out. Level lines: imitation to the end, and others.",
        update,
    )


@style()
def horizon_curve(sweeps: Mapping[int, Sweep]) -> Picture:
    """Return the measured regret of imitation to the end and of imitate-then-commit against the horizon.

    Parameters
    ----------
    sweeps
        For each of two or more horizons T a sweep of one problem, over the same phases and numbers of records, with
        the commits "mixture" and "imitation".

    Notes
    -----
    The picture's update takes ``phase``, ``episodes`` and ``horizon``, among the sweeps' values.

    Examples
    --------
    >>> def sweep_of(horizon):
    ...     people, talk = sc.Population([sc.Codebook(2, sc.Hedge())]), sc.games.conversation(4)
    ...     problem = sc.SocialLearningProblem(talk, people, horizon)
    ...     both = ["mixture", "imitation"]
    ...     return sc.sweep(problem, [4], [10], both, plays=40, datasets=4, n_jobs=1)
    >>> picture = sc.plots.horizon_curve({T: sweep_of(T) for T in (10, 20)})
    >>> print(picture.update(phase=4, episodes=10, horizon=20))
    With K = 10 records and 20 stages in all, imitation to the end leaves the partner
    0.22 a stage short; an assistant that imitates for 4 stages and then commits, 0.05.
    """
    if len(checks.instance("sweeps", sweeps, Mapping)) < 2:
        raise ValueError(f"sweeps must hold two or more horizons, got {list(sweeps)}")
    for found in sweeps.values():
        if not set(checks.instance("sweeps", found, Sweep).commits) >= set(COMPARED):
            raise ValueError(f"sweeps must each have the commits {COMPARED}, got {found.commits}")
    horizons = sorted(sweeps)
    figure, ax = canvas(3.4, xlim=(horizons[0], horizons[-1]), ylim=(0, 0.8), xscale="log")
    ax.set(xlabel="stages of the whole episode, T", ylabel="altruistic regret per stage")
    ax.set_xticks(horizons, [str(horizon) for horizon in horizons])
    ax.minorticks_off()
    (imitated,) = ax.plot([], [], "o--", ms=4, color=COLORS["ai"], animated=True, label="imitate to the end")
    (committed,) = ax.plot([], [], "o-", color=COLORS["ai"], animated=True, label="imitate, then commit")
    (mark,) = ax.plot([], [], color=COLORS["muted"], lw=1, animated=True)
    figure.legend(loc="outside upper right", ncols=2)

    def update(phase: int, episodes: int, horizon: int) -> str:
        curves = {commit: [] for commit in COMPARED}
        for found in (sweeps[each] for each in horizons):
            cell = found.phases.index(phase), found.episodes.index(episodes)
            for commit, curve in curves.items():
                curve.append(found.regret[0][found.commits.index(commit)][cell])
        imitated.set_data(horizons, curves[IMITATION])
        committed.set_data(horizons, curves["mixture"])
        mark.set_data([horizon, horizon], [0, 0.8])
        here = horizons.index(horizon)
        return (
            f"With K = {episodes:,} records and {horizon} stages in all, imitation to the end leaves the partner "
            f"{curves[IMITATION][here]:.2f} a stage short; an assistant that imitates for {phase} "
            f"stage{'s' * (phase > 1)} and then commits, {curves['mixture'][here]:.2f}."
        )

    return Picture(
        figure,
        "Altruistic regret per stage against the length of the whole episode. A dashed line: imitation to the end, "
        "which rises with the length and stays high. A solid line: imitate, then commit, which does not rise.",
        update,
    )


@style()
def episodes_needed(needed: Mapping[str, tuple[Sequence[int], Sequence[int]]]) -> Picture:
    """Return the number of episodes needed against the horizon, up to four lines.

    Parameters
    ----------
    needed
        For each name the horizons T and the numbers K: first for imitation to the end, then for imitate-then-commit.

    Examples
    --------
    >>> sc.plots.episodes_needed({"doubling": ([4, 8, 12], [5, 71, 1128])})
    Picture: Lines on logarithmic axes: the episodes needed against the horizon.
    doubling: 5 at T = 4, 1,128 at T = 12.
    """
    figure, ax = canvas(3.4, xscale="log", yscale="log", xlabel="horizon T", ylabel="episodes K needed")
    words = []
    looks = ("ai", "--"), ("ai", "-"), ("good", "-."), ("muted", ":")
    for (name, (horizons, sizes)), (color, dashes) in zip(needed.items(), looks, strict=False):
        ax.plot(horizons, sizes, marker="o", ms=4, color=COLORS[color], ls=dashes, label=name)
        words.append(f"{name}: {sizes[0]:,} at T = {horizons[0]:,}, {sizes[-1]:,} at T = {horizons[-1]:,}")
    figure.legend(loc="outside upper right", ncols=2)
    return Picture(figure, f"Lines on logarithmic axes: the episodes needed against the horizon. {'; '.join(words)}.")
