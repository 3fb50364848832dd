"""The course of a project: what a colleague earns with two assistants, and how one of them talks with her."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.book.figures.layout import canvas
from socialcoop.book.picture import COLORS, Picture, Told, style
from socialcoop.book.transcripts import Transcript, transcript
from socialcoop.commit import ImitateThenCommit
from socialcoop.engine import play
from socialcoop.imitation import Imitator
from socialcoop.plays import Play, stages_until_settled
from socialcoop.social import Dataset, SocialLearningProblem
from socialcoop.strategies import Agreement

Floats = NDArray[np.float64]
ASSISTANTS = ("imitates to the end", "imitates, then commits")


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
        Of the episodes shown.

    Notes
    -----
    The picture's update takes ``colleague`` (a name), ``assistant`` (one of the two, as the legend has them),
    ``phase`` and ``episodes``.

    Examples
    --------
    >>> game, member = sc.games.project(), sc.strategies.CodedConvention(sc.Convention("favourite of 1"))
    >>> problem = sc.SocialLearningProblem(game, sc.Population([member]), horizon=30)
    >>> records, team = {20: problem.sample(20, seed=1)}, {"Ben": (member, 0)}
    >>> picture = sc.plots.project_course(problem, records, team, own_type=2)
    >>> told = picture.update(colleague="Ben", assistant="imitates, then commits", phase=2, episodes=20)
    >>> print(told)
    With K = 20 records the assistant copies 2 stages, then commits. Ben stays and earns
    0.74 a stage; with one that copies 2 stages and then guesses it is 0.52, with one of
    the team 0.99.
    """
    game, horizon = problem.game, problem.horizon
    own_type = checks.integer("own_type", own_type, 0, game.n_types - 1)
    alone = range(game.n_actions - 2, game.n_actions)
    outside = float(game.payoffs[0, -1, 0])
    figure, ax = canvas(3.4, xlim=(0, horizon), ylim=(0, horizon), xlabel="stage", ylabel="earned by the colleague")
    ax.plot([0, horizon], [0, outside * horizon], color=COLORS["muted"], ls=":", label="does without")
    looks = dict(zip(ASSISTANTS, ({"color": COLORS["ai"], "ls": "--"}, {"color": COLORS["ai"]}), strict=True))
    lines = {name: ax.plot([], [], animated=True, label=name, **look)[0] for name, look in looks.items()}
    (member,) = ax.plot([], [], color=COLORS["good"], animated=True, label="one of the team")
    (turn,) = ax.plot([], [], "o", ms=9, mfc="none", mew=2, color=COLORS["ink"], animated=True)
    (other_turn,) = ax.plot([], [], "o", ms=6, mfc="none", color=COLORS["muted"], animated=True)
    (end,) = ax.plot([], [], "X", ms=10, color=COLORS["ink"], animated=True)
    figure.legend(loc="outside upper left", ncols=2)

    imitator = cache(lambda episodes: Imitator(datasets[episodes]))

    @cache
    def met(colleague: str, assistant: str, phase: int, episodes: int) -> _Course:
        partner, kind = colleagues[colleague]
        copies = assistant == ASSISTANTS[0]
        ai = imitator(episodes) if copies else ImitateThenCommit(datasets[episodes], phase)
        shown = play(ai, partner, game, (own_type, kind), horizon, seed=seed)
        copied = int(imitator(episodes).followed(shown)[0]) if copies else phase
        return _Course(shown, copied, int(stages_until_settled(shown, alone)[0]), int(partner.departure(shown)[0]))

    @cache
    def with_the_team(colleague: str) -> Floats:
        partner, kind = colleagues[colleague]
        return _sums(play(problem.people, partner, game, (own_type, kind), horizon, seed=seed))

    def update(colleague: str, assistant: str, phase: int, episodes: int) -> str:
        courses = {each: met(colleague, each, phase, episodes) for each in ASSISTANTS}
        course = courses.pop(assistant)
        ((other_name, other),) = courses.items()
        number = np.arange(horizon + 1)
        member.set_data(number, with_the_team(colleague))
        for each, shown, width in ((assistant, course, 3), (other_name, other, 1.5)):
            lines[each].set_data(number, shown.earned)
            lines[each].set_linewidth(width)
        turn.set_data([course.copied], [course.earned[course.copied]])
        other_turn.set_data([other.copied], [other.earned[other.copied]])
        left = [course.gives_up] if course.gives_up < horizon else []
        end.set_data(left, course.earned[left])
        name = colleague.partition(" (")[0]
        return Told(
            f"With K = {episodes:,} records the assistant copies {_stages(course.copied)}, then "
            f"{'guesses' if assistant == ASSISTANTS[0] else 'commits'}. {name} "
            f"{f'gives up after {_stages(left[0])}' if left else 'stays'} and earns "
            f"{course.earned[-1] / horizon:.2f} a stage; with one that copies {_stages(other.copied)} and then "
            f"{'commits' if assistant == ASSISTANTS[0] else 'guesses'} it is {other.earned[-1] / horizon:.2f}, with "
            f"one of the team {with_the_team(colleague)[-1] / horizon:.2f}.",
            _conversation(course, name, assistant),
        )

    return Picture(
        figure,
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


def _conversation(course: _Course, name: str, assistant: str) -> Transcript:
    """Return the stages at which something happens, with remarks that say what."""
    horizon, copied = course.play.horizon, course.copied
    shown = {1, 2, *range(copied, copied + 5), horizon}
    copies = assistant == ASSISTANTS[0]
    remarks = {copied: "The records end: the assistant guesses." if copies else "The assistant commits."}
    for stage, told in ((course.departed, "no longer keeps to the code."), (course.gives_up, "gives up.")):
        if 0 < stage < horizon:
            remarks[stage] = f"{remarks.get(stage, '')} {name} {told}".strip()
            shown |= set(range(stage, stage + 3))
    stages = [stage for stage in shown if 1 <= stage <= horizon]
    after = {stage + 1: remark for stage, remark in remarks.items()}
    return transcript(course.play, ("assistant", name), stages, after)


def _stages(count: int) -> str:
    return f"{count} stage{'s' * (count != 1)}"


def _sums(shown: Play) -> Floats:
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
    figure, ax = canvas(3.0, xlim=(1, horizon), ylim=(0, 1.02), xlabel="stage", ylabel=f"share who {habit}")
    looks = zip(("ai", "ai", "good"), ("--", "-", "-."), strict=True)
    lines = {
        name: ax.plot([], [], color=COLORS[color], ls=dashes, animated=True, label=name)[0]
        for name, (color, dashes) in zip(first, looks, strict=False)
    }
    (mark,) = ax.plot([], [], color=COLORS["muted"], lw=1, animated=True)
    figure.legend(loc="outside upper left", ncols=2)

    def update(kind: str, stage: int) -> str:
        for name, line in lines.items():
            line.set_data(np.arange(1, horizon + 1), shares[kind][name])
        mark.set_data([stage, stage], [0, 1.02])
        counts = [f"{round(100 * shares[kind][name][stage - 1])} with the assistant that {name}" for name in lines]
        return f"At stage {stage}, of 100 colleagues of the kind that {kind}, {habit}: {', '.join(counts)}."

    return Picture(
        figure,
        f"The share of colleagues who {habit}, against the stage, with one line for each assistant: "
        f"{', '.join(lines)}.",
        update,
    )
