"""The course of a project: what a colleague earns with two assistants, and how one of them talks with her."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from socialcoop import checks
from socialcoop.commit import ImitateThenCommit
from socialcoop.imitation import Imitator
from socialcoop.picture import COLORS, Picture, Told, style
from socialcoop.play import Play, play, settles
from socialcoop.plots.layout import canvas
from socialcoop.social import Dataset, SocialLearningProblem
from socialcoop.strategies import Strategy
from socialcoop.strategies.departure import AgreementSeat
from socialcoop.transcript import transcript

ASSISTANTS = ("imitates to the end", "imitates, then commits")


@style()
def project_course(
    problem: SocialLearningProblem,
    datasets: Mapping[int, Dataset],
    colleagues: Mapping[str, tuple[Strategy, int]],
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
    >>> game, member = sc.games.project(), sc.CodedConvention(sc.Convention("favourite of 1"))
    >>> problem = sc.SocialLearningProblem(game, sc.Population([member]), None, horizon=30)
    >>> records, team = {20: problem.sample(20, seed=1)}, {"Ben": (member, 0)}
    >>> picture = sc.plots.project_course(problem, records, team, own_type=2)
    >>> told = picture.update(colleague="Ben", assistant="imitates, then commits", phase=2, episodes=20)
    >>> print(told)
    With K = 20 records the assistant copies 2 stages, then commits. Ben stays and earns
    0.74 a stage; with one of the team it would have been 0.99.
    """
    game, horizon = problem.game, problem.horizon
    own_type = checks.integer("own_type", own_type, 0, game.n_types - 1)
    alone = range(game.n_actions - 2, game.n_actions)
    outside = float(game.payoffs[0, -1, 0])
    figure, ax = canvas(3.4, xlim=(0, horizon), ylim=(0, horizon), xlabel="stage", ylabel="earned by the colleague")
    ax.plot([0, horizon], [0, outside * horizon], color=COLORS["muted"], lw=1, ls=":", label="does without")
    looks = dict(zip(ASSISTANTS, ({"color": COLORS["partner"], "ls": "--"}, {"color": COLORS["ai"]}), strict=True))
    lines = {name: ax.plot([], [], animated=True, label=name, **look)[0] for name, look in looks.items()}
    (member,) = ax.plot([], [], color=COLORS["good"], lw=1, animated=True, label="one of the team")
    (turn,) = ax.plot([], [], "o", ms=9, mfc="none", mew=2, color=COLORS["ink"], animated=True)
    (end,) = ax.plot([], [], "X", ms=10, color=COLORS["ink"], animated=True)
    figure.legend(loc="outside upper left", ncols=2)

    @cache
    def met(colleague: str, assistant: str, phase: int, episodes: int) -> tuple[Play, int]:
        """Return the episode, and after how many stages the assistant no longer copies."""
        partner, kind = colleagues[colleague]
        if assistant == ASSISTANTS[0]:
            imitator = _imitator(episodes)
            shown = play(imitator, partner, game, (own_type, kind), horizon, seed=seed)
            return shown, int(imitator.followed(shown)[0])
        committing = ImitateThenCommit(datasets[episodes], phase)
        return play(committing, partner, game, (own_type, kind), horizon, seed=seed), phase

    @cache
    def _imitator(episodes: int) -> Imitator:
        return Imitator(datasets[episodes])

    @cache
    def together(colleague: str) -> Play:
        partner, kind = colleagues[colleague]
        return play(problem.population, partner, game, (own_type, kind), horizon, seed=seed)

    def update(colleague: str, assistant: str, phase: int, episodes: int) -> str:
        number = np.arange(horizon + 1)
        member.set_data(number, _sums(together(colleague)))
        for each, line in lines.items():
            line.set_data(number, _sums(met(colleague, each, phase, episodes)[0]))
            line.set_linewidth(3 if each == assistant else 1.5)
        shown, copied = met(colleague, assistant, phase, episodes)
        name = colleague.partition(" (")[0]
        gives_up = int(settles(shown, alone)[0])
        earned = _sums(shown)
        turn.set_data([copied], [earned[copied]])
        end.set_data(*(([gives_up], [earned[gives_up]]) if gives_up < horizon else ([], [])))
        copies = assistant == ASSISTANTS[0]
        remarks = {copied + 1: "The records end: the assistant guesses." if copies else "The assistant commits."}
        stages = {1, 2, *range(copied, copied + 5), horizon}
        left_code = _departure(colleagues[colleague], shown)
        if 0 < left_code < horizon:
            told = f"{name} no longer keeps to the code."
            remarks[left_code + 1] = f"{remarks.get(left_code + 1, '')} {told}".strip()
            stages |= set(range(left_code, left_code + 3))
        if gives_up < horizon:
            remarks[gives_up + 1] = f"{name} gives up."
            stages |= set(range(gives_up, gives_up + 3))
        seen = [stage for stage in stages if 1 <= stage <= horizon]
        left = f"gives up after {gives_up} stages" if gives_up < horizon else "stays"
        plural = "s" * (copied != 1)
        return Told(
            f"With K = {episodes:,} records the assistant copies {copied} stage{plural}, then "
            f"{'guesses' if copies else 'commits'}. {name} {left} and earns {earned[-1] / horizon:.2f} a stage; "
            f"with one of the team it would have been {_sums(together(colleague))[-1] / horizon:.2f}.",
            transcript(shown, ("assistant", name), seen, remarks),
        )

    return Picture(
        figure,
        "What the colleague has earned, against the stage: with an assistant that imitates to the end, with one that "
        "imitates and then commits, with one of the team, and alone. A ring marks where the chosen assistant stops "
        "copying, a cross where the colleague gives up.",
        update,
    )


def _departure(colleague: tuple[Strategy, int], shown: Play) -> int:
    """Return after how many stages the colleague left the agreement, 0 for never."""
    partner, kind = colleague
    seat = partner.seat(shown.game, 1, np.array([kind]), shown.horizon)
    if not isinstance(seat, AgreementSeat):
        return 0
    for own, other in shown.actions[:, :, 0][:, :, None]:
        seat.observe(other, own)
    return int(seat.departed[0]) + 1


def _sums(shown: Play) -> np.ndarray:
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
    looks = zip(("partner", "ai", "good"), ("--", "-", "-."), strict=True)
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
