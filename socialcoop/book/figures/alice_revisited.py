"""The course of a project: what a colleague earns with two assistants, and how one of them talks with her."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.book.chart import Chart, counted, feed
from socialcoop.book.figures.labels import MORE, NOBODY, TEAM, name_ends
from socialcoop.book.picture import Picture, Told, style
from socialcoop.book.transcripts import Transcript, transcript
from socialcoop.commit import ImitateThenCommit
from socialcoop.engine import play
from socialcoop.imitation import Imitator
from socialcoop.plays import Play, stages_until_settled
from socialcoop.social import Dataset, SocialLearningProblem
from socialcoop.strategies import Agreement

__all__ = ["habit_course", "project_course"]

Floats = NDArray[np.float64]
ASSISTANTS = ("imitates to the end", "imitates, then commits")
ONE_OF_THEM = "one of the team"


@style()
def project_course(
    problem: SocialLearningProblem,
    datasets: Mapping[int, Dataset],
    colleagues: Mapping[str, tuple[Agreement, int]],
    own_type: int,
    seed: int = 0,
) -> Picture:
    """Return what a colleague has earned after every stage with two assistants, and a transcript with one of them.

    Parameters
    ----------
    problem
        The population, in the game `socialcoop.games.project` with two wordings.
    datasets
        For each K a dataset.
    colleagues
        For each name a member of the population and the type. What follows a bracket in the name is not repeated.
    own_type
        The assistants' type.
    seed
        Of the first project shown; the others have the next ones.

    Notes
    -----
    The picture's update takes ``colleague`` (a name), ``assistant`` (one of the two), ``phase``, ``episodes``
    and ``project``, 1 or more: each is another episode.

    Examples
    --------
    >>> game, member = sc.games.project(), sc.strategies.CodedConvention(sc.Convention("favourite of 1"))
    >>> problem = sc.SocialLearningProblem(game, sc.Population([member]), horizon=30)
    >>> records, team = {20: problem.sample(20, seed=1)}, {"Ben": (member, 0)}
    >>> picture = sc.plots.project_course(problem, records, team, own_type=2)
    >>> told = picture.update(colleague="Ben", assistant="imitates, then commits", phase=2, episodes=20, project=1)
    >>> print(told)
    With K = 20 records the assistant copies 2 stages, then commits. Ben stays and earns
    0.74 a stage; with one that copies 2 stages and then guesses it is 0.52, with one of
    the team 0.99.
    """
    horizon, outside = problem.horizon, float(problem.game.payoffs[0, -1, 0])
    met, with_the_team = _meetings(problem, datasets, colleagues, own_type, seed)
    chart = Chart(xlim=(0, horizon), ylim=(0, horizon), xlabel="stage", ylabel=f"earned so far {MORE}")
    without = chart.line(NOBODY, [0, horizon], [0, outside * horizon], lw=1.5)
    lines = chart.lines(dict(zip(ASSISTANTS, ("ai --", "ai -"), strict=True)) | {ONE_OF_THEM: TEAM})
    names = "imitates to\nthe end", "imitates,\nthen commits", "one of\nthe team", "does\nwithout"
    name = name_ends(chart, dict(zip(names, (*lines.values(), without), strict=True)))
    turn = chart.line("ink o", ms=9, mfc="none", mew=2)
    other_turn = chart.line("muted o", ms=6, mfc="none")
    end = chart.line("ink X", ms=10)
    stages = np.unique([*range(0, min(horizon, 16), 2), *range(0, horizon, 10), horizon])  # few points: a light page
    notes = [chart.note(va="top") for _ in range(2)]

    def update(colleague: str, assistant: str, phase: int, episodes: int, project: int) -> str:
        courses = {each: met(colleague, each, phase, episodes, project) for each in ASSISTANTS}
        team = with_the_team(colleague, project)
        heights = {each: course.earned for each, course in courses.items()} | {ONE_OF_THEM: team}
        feed(lines, stages, {each: line[stages] for each, line in heights.items()})
        name()
        for each in ASSISTANTS:
            lines[each].set_linewidth(3 if each == assistant else 1.5)
        course = courses.pop(assistant)
        (other,) = courses.values()
        turn.set_data([course.copied], [course.earned[course.copied]])
        other_turn.set_data([other.copied], [other.earned[other.copied]])
        left = [course.gives_up] if course.gives_up < horizon else []
        end.set_data(left, course.earned[left])
        who, guesses = colleague.partition(" (")[0], assistant == ASSISTANTS[0]
        said = {"records end here" if guesses else "commits here": [course.copied], "gives up": left}
        if left and left[0] - course.copied < horizon / 4:  # there is no room for two
            said = {f"{next(iter(said))}; {who} soon gives up": left, "": []}
        for note, (text, at) in zip(notes, said.items(), strict=True):
            note.set_text(text if at else "")
            for stage in at:
                note.set_position((stage + 0.05 * horizon, max(course.earned[stage] - 0.01 * horizon, 0.06 * horizon)))
        then, elsewhere = ("guesses", "commits") if guesses else ("commits", "guesses")
        fate = f"gives up after {counted(course.gives_up, 'stage')}" if left else "stays"
        return Told(
            f"With K = {episodes:,} records the assistant copies {counted(course.copied, 'stage')}, then {then}. "
            f"{who} {fate} and earns {course.earned[-1] / horizon:.2f} a stage; with one that copies "
            f"{counted(other.copied, 'stage')} and then {elsewhere} it is {other.earned[-1] / horizon:.2f}, with one "
            f"of the team {team[-1] / horizon:.2f}.",
            _conversation(course, who, guesses),
        )

    return chart.picture(
        "What the colleague has earned, against the stage: with an assistant that imitates to the end, with one that "
        "imitates and then commits, with one of the team, and alone. Rings mark where the assistants stop copying, the "
        "larger one that of the chosen assistant; a cross marks where the colleague gives up.",
        update,
    )


@dataclass(frozen=True)
class _Course:
    """One episode, and after how many stages what happened: T for giving up and 0 for a departure if it never did."""

    play: Play
    copied: int
    gives_up: int
    departed: int

    @cached_property
    def earned(self) -> Floats:
        return _sums(self.play)


def _meetings(
    problem: SocialLearningProblem,
    datasets: Mapping[int, Dataset],
    colleagues: Mapping[str, tuple[Agreement, int]],
    own_type: int,
    seed: int,
) -> tuple[Callable[[str, str, int, int, int], _Course], Callable[[str, int], Floats]]:
    """Return what shows a colleague's episode with an assistant, and her sums with one of the team; both remember."""
    game, horizon = problem.game, problem.horizon
    own_type = checks.integer("own_type", own_type, 0, game.n_types - 1)
    alone = range(game.n_actions - 2, game.n_actions)
    imitator = cache(lambda episodes: Imitator(datasets[episodes]))

    @cache
    def met(colleague: str, assistant: str, phase: int, episodes: int, project: int) -> _Course:
        partner, kind = colleagues[colleague]
        copies = assistant == ASSISTANTS[0]
        ai = imitator(episodes) if copies else ImitateThenCommit(datasets[episodes], phase)
        shown = play(ai, partner, game, (own_type, kind), horizon, seed=seed + project - 1)
        copied = int(imitator(episodes).followed(shown)[0]) if copies else phase
        return _Course(shown, copied, int(stages_until_settled(shown, alone)[0]), int(partner.departure(shown)[0]))

    @cache
    def with_the_team(colleague: str, project: int) -> Floats:
        partner, kind = colleagues[colleague]
        return _sums(play(problem.people, partner, game, (own_type, kind), horizon, seed=seed + project - 1))

    return met, with_the_team


def _conversation(course: _Course, name: str, guesses: bool) -> Transcript:
    """Return the stages at which something happens, with remarks that say what."""
    horizon, copied = course.play.horizon, course.copied
    shown = {1, 2, *range(copied, copied + 5), horizon}
    remarks = {copied: "The records end: the assistant guesses." if guesses else "The assistant commits."}
    for stage, told in ((course.departed, "no longer keeps to the code."), (course.gives_up, "gives up.")):
        if 0 < stage < horizon:
            remarks[stage] = f"{remarks.get(stage, '')} {name} {told}".strip()
            shown |= set(range(stage, stage + 3))
    stages = [stage for stage in shown if 1 <= stage <= horizon]
    after = {stage + 1: remark for stage, remark in remarks.items()}
    return transcript(course.play, ("assistant", name), stages, after)


def _sums(shown: Play) -> Floats:
    """Return what the partner has earned by every stage, from 0 on, (T + 1,)."""
    return np.r_[0, shown.payoffs(1)[:, 0].cumsum()]


@style()
def habit_course(plays: Mapping[str, Mapping[str, Play]], actions: Sequence[int], habit: str) -> Picture:
    """Return how many partners keep to a habit at every stage, with one line for each assistant.

    Parameters
    ----------
    plays
        For each kind of partner, for each of up to three assistants, episodes of the same horizon.
    actions
        The actions that show the habit.
    habit
        What these partners do, as the end of the sentence "70 of 100 …".

    Notes
    -----
    The picture's update takes ``kind``, a name in ``plays``, and ``stage``.

    Examples
    --------
    >>> game, partner = sc.games.coordination(2), sc.Scripted([0] * 5, sc.Hedge())
    >>> plays = {"opens with 0": {"leads": sc.play(sc.Fixed(1), partner, game, (0, 0), 40, 100, seed=1)}}
    >>> picture = sc.plots.habit_course(plays, actions=[0], habit="still play 0")
    >>> print(picture.update(kind="opens with 0", stage=20))
    At stage 20, of 100 colleagues of the kind that opens with 0, still play 0: 1 with
    the assistant that leads.
    """
    shares = {
        kind: {name: np.isin(shown.actions[:, 1], actions).mean(axis=1) for name, shown in row.items()}
        for kind, row in plays.items()
    }
    first = next(iter(shares.values()))
    horizon = len(next(iter(first.values())))
    chart = Chart(3, xlim=(1 - 0.02 * horizon, 1.02 * horizon), ylim=(0, 1.02), xlabel="stage")
    chart.ax.set_ylabel(f"share who {habit}")
    lines = chart.lines(dict(zip(first, ("ai --", "ai -", "ai -."), strict=False)))
    mark, label = chart.mark("stage"), name_ends(chart, {f"assistant\n{name}": line for name, line in lines.items()})

    def update(kind: str, stage: int) -> str:
        feed(lines, np.arange(1, horizon + 1), shares[kind])
        label()
        mark(stage)
        counts = [f"{round(100 * shares[kind][name][stage - 1])} with the assistant that {name}" for name in lines]
        return f"At stage {stage}, of 100 colleagues of the kind that {kind}, {habit}: {', '.join(counts)}."

    return chart.picture(
        f"The share of colleagues who {habit}, against the stage, with one line for each assistant: "
        f"{', '.join(lines)}.",
        update,
    )
