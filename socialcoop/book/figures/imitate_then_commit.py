"""Figures of imitate-then-commit: an episode of it, and what it commits to, in small games and with a code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.book.chart import Chart, capital, counted, pieces, stretch
from socialcoop.book.diagram import BREADTH, Diagram
from socialcoop.book.look import COLORS
from socialcoop.book.picture import Picture, style
from socialcoop.commit import commitment_mixture
from socialcoop.games import Game
from socialcoop.plays import Play

__all__ = ["commitment_course", "commitment_timeline", "commitment_values", "ways_to_commit"]

Floats = NDArray[np.float64]

RECENT = 20  # stages of an episode that count as the last ones
WAYS = {  # what the rows of the table call them
    "ν": "mixture",
    "one act": "pure",
    "one act, not the first": "pure since 1",
    "the last act": "last",
    "ν, with care": "careful",
    "hyperbolic stop": "hyperbolic",
    "universal stop": "universal",
}
IMITATORS = {"table": "ai o", "back-off": "ink s"}
LEVELS = {
    "best constant, no data": "muted :",
    "echo, no data": "muted -",
    "network, to the end": "ai --",
    "one of the team": "good -",
}
LEVEL_ROWS = {
    "best constant, no data": "no data",
    "echo, no data": "echo",
    "network, to the end": "network, cold",
    "one of the team": "one of the team",
}


@style()
def commitment_course(plays: Mapping[str, Mapping[int, Play]], names: tuple[str, str]) -> Picture:
    """Return an episode of imitate-then-commit, stage by stage: who plays what, and what the partner earns.

    Parameters
    ----------
    plays
        For what the partner likes, the name of an action, and for the stages imitated, an episode; all of one game and
        of equally many stages.
    names
        What the two are called, the assistant first.

    Notes
    -----
    The picture's update takes ``likes``, ``phase`` and ``stage``, up to which the episode is shown.

    Examples
    --------
    >>> tone, member = sc.games.team_lead(), sc.Convention("favourite of 1")
    >>> problem = sc.SocialLearningProblem(tone, sc.Population([member]), 50)
    >>> ai = sc.ImitateThenCommit(problem.sample(20, seed=1), phase=4)
    >>> plays = {"supportive": {4: sc.play(ai, member, tone, (0, 1), 50, seed=1)}}
    >>> picture = sc.plots.commitment_course(plays, ("the assistant", "Ben"))
    >>> print(picture.update(likes="supportive", phase=4, stage=3))
    Ben earns 0.73 a stage up to stage 3, and plays “supportive” most, 3 times in 3. The
    assistant still imitates.
    """
    first = next(iter(next(iter(plays.values())).values()))
    acts, horizon = [act.removesuffix(" (1)") for act in first.game.action_names], len(first.actions)
    chart = Chart(3.5, xlim=(0.45, 1.9 * horizon), xscale="log", xlabel="stage")
    chart.rows(acts)
    chart.ax.set_ylim(len(acts) - 0.4, -1.1)
    chart.ticks([tick for tick in (1, 2, 4, 8, 16, 50, 100, 200) if tick <= horizon])
    shown = [
        chart.line(color, lw=6, solid_capstyle="butt", label=name)
        for name, color in zip(names, ("ai", "partner"), strict=True)
    ]
    cut, said = chart.line("muted --", lw=1.5), chart.note(y=-0.8, va="center")
    likes_it = [chart.note(f"{name} likes", x=1.12 * horizon, va="center") for name in ("it", names[1])]
    mark = chart.mark("stage")
    chart.legend(2)

    def update(likes: str, phase: int, stage: int) -> str:
        played = plays[likes][phase]
        actions = played.actions[:stage, :, 0]
        for agent, line in enumerate(shown):
            starts = np.flatnonzero(np.diff(actions[:, agent], prepend=-1))
            ends = np.append(starts[1:], stage)
            rows = actions[starts, agent] + (0.14, -0.14)[agent == 0]
            line.set_data(*pieces((starts + 0.5, ends + 0.5), (rows, rows)))
        cut.set_data([phase + 0.5] * 2, [-0.6, len(acts)])
        said.set(text="commits", x=1.05 * (phase + 0.5))
        own, other = (int(kind) for kind in played.types[0])
        for note, row in zip(likes_it, (own, other), strict=True):
            note.set_y(row)
        mark(stage)
        recent = min(stage, RECENT)
        paid = played.payoffs(1)[:stage, 0]
        act, times = Counter(actions[-recent:, 1].tolist()).most_common(1)[0]
        since = Counter(actions[phase:, 0].tolist()).most_common()
        kept = " and ".join(f"“{acts[each]}” {counted(number, 'time')}" for each, number in since)
        span = f"in the {recent} stages up to {stage}" if stage > recent else f"up to stage {stage}"
        return (
            f"{names[1]} earns {paid[-recent:].mean():.2f} a stage {span}, and plays “{acts[act]}” most, "
            f"{counted(times, 'time')} in {recent}. {capital(names[0])} "
            f"{f'has committed, and since then plays {kept}' if since else 'still imitates'}."
        )

    return chart.picture(
        f"A row for each act, against the stages on a logarithmic axis. In each row a line, blue for {names[0]} and "
        f"orange for {names[1]}, at the stages at which the act is played, up to the chosen stage. A dashed line where "
        f"{names[0]} commits. After it {names[1]} first tries all acts, and in the end keeps to one.",
        update,
    )


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
    With ν the partner earns 0.50 a stage, and 0.50 in joint play; the AI 0.50. With one
    action for ever the partner earns 1.00 and the AI 0.00. To redraw at every stage brings
    the partner 0.50, and keeps the promise (pennies, correlation 0).
    """
    chart = Chart(3.2, xlim=(0, 1.05), xlabel="payoff per stage: more is better")
    chart.rows(["joint play", "commit to ν", "commit to one action", "redraw every stage"])
    chart.ax.set_ylim(3.6, -0.9)
    partner = chart.bars(
        np.arange(4) - 0.17, 0.32, color=COLORS["partner"], label="partner (replies best once one commits)"
    )
    ai = chart.bars(np.arange(4) + 0.17, 0.32, color=COLORS["ai"], label="AI")
    promise = chart.line("bound --", lw=1.5)
    said = chart.note("promised to the partner", y=-0.65, va="center")
    broken = chart.note("breaks the promise", y=2.83, va="center")
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
        promise.set_data([hers[0]] * 2, [-0.6, 3.6])
        left = hers[0] > 0.55  # there is no room at the right
        said.set(x=hers[0] + (-0.01 if left else 0.01), ha="right" if left else "left")
        falls = bool(hers[3] < hers[0] - 1e-9)
        broken.set(x=hers[3] + 0.02, visible=falls)
        return (
            f"With ν the partner earns {hers[1]:.2f} a stage, and {hers[0]:.2f} in joint play; the AI {its[1]:.2f}. "
            f"With one action for ever the partner earns {hers[2]:.2f} and the AI {its[2]:.2f}. To redraw at every "
            f"stage brings the partner {hers[3]:.2f}, and {'breaks' if falls else 'keeps'} the promise ({game}, "
            f"correlation {correlation:g})."
        )

    return chart.picture(
        "Two bars for each of four rows, the partner's and the AI's payoff per stage: in joint play, after a "
        "commitment to ν, after a commitment to one drawn action, and when the draw is repeated at every stage, if "
        "the partner replies best. A dashed line at what joint play paid the partner: the promise.",
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
def ways_to_commit(rows: Iterable[Mapping[str, str]]) -> Picture:
    """Return what partners earn with each way to commit, after a phase that a table or a back-off model imitates.

    Parameters
    ----------
    rows
        The rows of ``chapters/commitments.csv``, as ``csv.DictReader`` gives them; those with kind partners count.

    Notes
    -----
    The picture's update takes ``phase``, ``episodes`` and ``n_actions``.

    Examples
    --------
    >>> ways = {"mixture": 0.8, "pure": 0.85, "pure since 1": 0.95, "last": 0.94}
    >>> ways |= {"careful": 0.8, "hyperbolic": 0.85, "universal": 0.85}
    >>> earned = {f"{copies}, {way} (4)": mean for copies in ("table", "back-off") for way, mean in ways.items()}
    >>> earned |= {"table": 0.5, "back-off": 0.9, "network, cold": 1}
    >>> earned |= {"no data": 0.75, "echo": 0.97, "one of the team": 1}
    >>> cell = {"reaction": "kind", "actions": 12, "records": 100}
    >>> rows = [{**cell, "assistant": name, "mean": mean} for name, mean in earned.items()]
    >>> print(sc.plots.ways_to_commit(rows).update(phase=4, episodes=100, n_actions=12))
    After 4 stages the best way to commit is “one act, not the first” for the table
    imitator, 0.95, and “one act, not the first” for the back-off imitator, 0.95; ν brings
    0.80 and 0.80. To imitate to the end brings 0.50 and 0.90, and with a trained network
    1.00; the best constant 0.75 and the echo 0.97 (K = 100, N = 12).
    """
    found = {
        (int(row["actions"]), int(row["records"]), row["assistant"]): float(row["mean"])
        for row in rows
        if row["reaction"] == "kind"
    }
    phases = sorted({int(name.split("(")[1][:-1]) for _, _, name in found if "(" in name})
    chart = Chart(4.2, xlim=(0.48, 1.03), xlabel="partner earns per stage: more is better")
    chart.rows([*WAYS, "imitate to the end"])
    heights = {name: np.arange(len(WAYS) + 1) + shift for name, shift in zip(IMITATORS, (-0.17, 0.17), strict=True)}
    ranges = {name: chart.line(look.split()[0], lw=3, alpha=0.3) for name, look in IMITATORS.items()}
    dots = {name: chart.line(look, ls="", ms=8, label=name) for name, look in IMITATORS.items()}
    chart.line("muted", lw=3, alpha=0.3, label="worst to best phase")
    levels = chart.lines(LEVELS, lw=1.5)
    levels["echo, no data"].set(lw=5, alpha=0.45, zorder=1.9)  # below those that may earn as much
    chart.legend(2, "left")

    def update(phase: int, episodes: int, n_actions: int) -> str:
        def earned(imitator: str, way: str) -> NDArray[np.float64]:
            return np.array([found[n_actions, episodes, f"{imitator}, {way} ({each})"] for each in phases])

        here = {}
        for name in IMITATORS:
            curves = np.array([earned(name, way) for way in WAYS.values()])
            here[name] = np.append(curves[:, phases.index(phase)], found[n_actions, episodes, name])
            dots[name].set_data(here[name], heights[name])
            shown = heights[name][:-1]
            ranges[name].set_data(*pieces((curves.min(axis=1), curves.max(axis=1)), (shown, shown)))
        level = {name: found[n_actions, episodes, told] for name, told in LEVEL_ROWS.items()}
        for name, line in levels.items():
            line.set_data([level[name]] * 2, [-0.6, len(WAYS) + 0.6])
        best = {
            name: "any" if np.ptp(values[:-1]) < 0.005 else f"“{[*WAYS][int(values[:-1].argmax())]}”"
            for name, values in here.items()
        }
        told = ", and ".join(
            f"{way} for the {name} imitator, {here[name][:-1].max():.2f}" for name, way in best.items()
        )
        ends = " and ".join(f"{values[-1]:.2f}" for values in here.values())
        nu = " and ".join(f"{values[0]:.2f}" for values in here.values())
        return (
            f"After {counted(phase, 'stage')} the best way to commit is {told}; ν brings {nu}. To imitate "
            f"to the end brings {ends}, and with a trained network {level['network, to the end']:.2f}; the best "
            f"constant {level['best constant, no data']:.2f} and the echo {level['echo, no data']:.2f} "
            f"(K = {episodes:,}, N = {n_actions})."
        )

    return chart.picture(
        "A row for each way to commit, and one for imitation to the end; in it what the partner earns per stage: a dot "
        "after the table imitator, a square after the back-off model. Each lies on a bar from the worst to the best "
        "phase. Upright lines: the best constant and the echo of the partner's first act, a trained network to the "
        "end, and one of the team.",
        update,
    )


def commitment_timeline(phase: int, horizon: int) -> Picture:
    """Return imitate-then-commit on a line of time: what each side does before and after the phase.

    Examples
    --------
    >>> sc.plots.commitment_timeline(phase=8, horizon=200)
    Picture: A line of 200 stages, cut after stage 8. Before the cut the assistant imitates
    and keeps a record, and the partner plays as with a colleague. At the cut the
    assistant draws one mixed action x from what was played. After the cut it draws every
    action from x, and the partner, who puts up with no regret, learns to answer it.
    """
    checks.integer("phase", phase, 1, checks.integer("horizon", horizon, 2) - 1)
    paper, cut = Diagram(212), 0.42 * BREADTH
    first, second = cut / 2, (cut + BREADTH) / 2
    sizes = {first: (cut - 8, 52), second: (BREADTH - cut - 8, 52)}
    texts = {
        (first, 62, "ai"): "the assistant imitates,\nand keeps a record",
        (second, 62, "ai"): "draws every action\nfrom x, come what may",
        (first, 178, "partner"): "the partner plays\nas with a colleague",
        (second, 178, "partner"): "puts up with no regret:\nlearns to answer x",
    }
    for (x, y, color), text in texts.items():
        paper.box(x, y, sizes[x], text, color)
    paper.arrow((4, 120), (BREADTH - 4, 120))
    paper.line((cut, 22), (cut, 208), "muted --")
    for x, text in ((first, f"stages 1 to {phase}"), (second, f"stages {phase + 1} to {horizon}")):
        paper.text(x, 136, text)
    paper.text(cut, 12, "draws x from what was played")
    return paper.picture(
        f"A line of {counted(horizon, 'stage')}, cut after stage {phase}. Before the cut the assistant imitates and "
        "keeps a record, and the partner plays as with a colleague. At the cut the assistant draws one mixed action x "
        "from what was played. After the cut it draws every action from x, and the partner, who puts up with no "
        "regret, learns to answer it."
    )
