"""Episodes of the project game told as conversations: an illustration of the model, in utterances of our own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from socialcoop import checks
from socialcoop.book.look import STILL, display_mode, stylesheet
from socialcoop.plays import Play, complete

# For each act of `games.project` two wordings, on the AI's side and on the partner's.
UTTERANCES = (
    (
        ("The parser is next, then the tests.", "I take the login. You take the report."),
        ("The parser is next. Do you have room for it?", "Two bugs are left. Which one fits your week, if any?"),
        ("The parser reads so well now, thank you! The tests come next.", "Lovely talk on Monday! The report is next."),
        ("That was a hard week, well done! How full is your plate?", "You helped so much. What is a good load now?"),
        ("Parser. Friday.", "Report. Now."),
        ("Never mind, I will do it myself.", "No need, it is done already."),
    ),
    (
        ("Friday is too tight. Monday works.", "Not this week: two reviews are open."),
        ("Done. What is next?", "The login works again. Next?"),
        ("Happy to! I would need a day more, though.", "Gladly! Just so you know: I am away on Thursday."),
        ("Thanks, that helps a lot!", "Good to hear from you! All fine here."),
        ("No.", "Later."),
        ("I will sort it out on my own.", "I have found another way."),
    ),
)
SIDES = ("ai", "partner")


@dataclass(frozen=True)
class Transcript:
    """A conversation to read: displays itself, as a list in a page and as plain text elsewhere.

    Attributes
    ----------
    entries
        In order, what a reader sees: a remark (text,), or a stage (stage, ((side, name, utterance), …), sum).

    Examples
    --------
    >>> greeting = (1, (("ai", "AI", "Hello."), ("partner", "Ben", "Morning.")), 1.0)
    >>> print(sc.book.Transcript((("Monday",), greeting)))
          — Monday —
       1  AI: Hello.
       1  Ben: Morning.  [1.0]
    """

    entries: tuple[tuple[Any, ...], ...]

    def html(self, label: str = "") -> str:
        """Return an ordered list, one item for each remark or stage, in a region that scrolls; label tells which."""
        items, name = "".join(map(_item, self.entries)), f"Transcript: {escape(label)}" if label else "Transcript"
        return f'<div class="sc-talk" role="region" aria-label="{name}" tabindex="0"><ol>{items}</ol></div>'

    def __str__(self) -> str:
        lines = []
        for entry in self.entries:
            if len(entry) == 1:
                lines.append(f"      — {entry[0]} —")
            else:
                stage, said, earned = entry
                lines += [f"{stage:>4}  {name}: {utterance}" for _, name, utterance in said]
                lines[-1] += f"  [{earned}]"
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str | None:
        if display_mode() == STILL:
            return None
        return f'<figure class="sc-picture"><style>{stylesheet()}</style>{self.html()}</figure>'


def _item(entry: tuple[Any, ...]) -> str:
    if len(entry) == 1:
        return f'<li class="sc-remark">{escape(entry[0])}</li>'
    stage, said, earned = entry
    lines = "".join(
        f'<p class="sc-{side}"><b>{escape(name)}</b> {escape(utterance)}</p>' for side, name, utterance in said
    )
    return f'<li value="{stage}"><span class="sc-stage">stage {stage} · {escape(earned)}</span>{lines}</li>'


def transcript(
    play: Play,
    names: tuple[str, str] = ("assistant", "colleague"),
    stages: Sequence[int] | None = None,
    remarks: Mapping[int, str] | None = None,
    episode: int = 0,
) -> Transcript:
    """Return an episode of `games.project` with two wordings as a conversation.

    Parameters
    ----------
    play
        Play of the project game, of which every move was observed.
    names
        What to call the AI and the partner.
    stages
        Which stages to show, counted from 1; by default all. Gaps are marked.
    remarks
        For a stage, what to tell the reader before it; it is shown if the stage is.
    episode
        Which episode.

    Returns
    -------
    The utterances of both, who speak at the same time, and what the partner has earned so far.

    Notes
    -----
    An illustration: the model knows acts and wordings, and no payoff depends on the words chosen here.

    Examples
    --------
    >>> game, member = sc.games.project(), sc.strategies.CodedConvention(sc.Convention())
    >>> shown = sc.play(member, member, game, (0, 3), horizon=9, seed=1)
    >>> print(sc.book.transcript(shown, ("the AI", "Ben"), stages=[1, 2]))
       1  the AI: I take the login. You take the report.
       1  Ben: Thanks, that helps a lot!  [0.20 so far]
       2  the AI: I take the login. You take the report.
       2  Ben: Not this week: two reviews are open.  [0.80 so far]
    """
    game = complete("play", play).game
    actions = len(UTTERANCES[0]) * 2
    if game.n_actions != actions or game.name != "project":
        raise ValueError(f"play must be of games.project(2), with {actions} actions, got {game}")
    episode = checks.integer("episode", episode, 0, play.episodes - 1)
    if not isinstance(names, tuple) or len(names) != 2 or not all(isinstance(name, str) for name in names):
        raise ValueError(f"names must be a pair of names, got {names!r}")
    told = {} if remarks is None else remarks
    if not isinstance(told, Mapping) or not all(isinstance(remark, str) for remark in told.values()):
        raise TypeError(f"remarks must hold a text for each stage, got {remarks!r}")
    listed = range(1, play.horizon + 1) if stages is None else checks.sequence("stages", stages, "a list of stages")
    shown = sorted({checks.integer("stages", stage, 1, play.horizon) for stage in listed})
    earned = play.payoffs(1)[:, episode].cumsum()
    entries: list[tuple[Any, ...]] = []
    for stage, before in zip(shown, [0, *shown], strict=False):
        if stage > before + 1:
            entries.append((f"{stage - before - 1} more stage{'s' * (stage - before > 2)}",))
        if stage in told:
            entries.append((told[stage],))
        said = tuple(
            (side, name, utterances[action // 2][action % 2])
            for side, name, utterances, action in zip(
                SIDES, names, UTTERANCES, play.actions[stage - 1, :, episode].tolist(), strict=True
            )
        )
        entries.append((stage, said, f"{earned[stage - 1]:.2f} so far"))
    return Transcript(tuple(entries))
