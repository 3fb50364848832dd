"""One project told with several assistants, stage by stage: all of it on paper, and in a page up to where one reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from socialcoop import checks
from socialcoop.book.element import Element, as_json, script
from socialcoop.book.look import stylesheet
from socialcoop.book.transcripts import Transcript, transcript
from socialcoop.plays import Play


@dataclass(frozen=True)
class Replay(Element):
    """Conversations side by side, with what the partner earns in each: displays itself. Made by `replay`.

    Attributes
    ----------
    talks
        By what the assistant does, the conversation.
    earned
        By what the assistant does, what the partner has earned after each stage.
    sentences
        For each stage, what a reader is told who has got there.
    start
        The stage up to which a page shows the conversations at first.
    alone
        What a partner earns per stage who works alone, or None.

    Examples
    --------
    >>> game, member = sc.games.project(), sc.strategies.CodedConvention(sc.Convention())
    >>> shown = sc.book.replay({"one of the team": sc.play(member, member, game, (0, 3), horizon=3, seed=1)})
    >>> shown.sentences[0]
    'The colleague has earned 0.20 with “one of the team”, after 1 of 3 stages.'
    """

    talks: Mapping[str, Transcript]
    earned: Mapping[str, tuple[float, ...]]
    sentences: tuple[str, ...]
    start: int
    alone: float | None

    def html(self) -> str:
        """Return the conversations as HTML that needs neither kernel nor network; without scripts all of it shows."""
        horizon = len(self.sentences)
        told = {"sentences": self.sentences, "start": self.start, "alone": self.alone}
        told["earned"] = [*self.earned.values()]
        sides = "".join(self._side(name, horizon) for name in self.talks)
        return (
            '<figure class="sc-picture sc-replay" aria-label="The same project, with different assistants">'
            f"<style>{stylesheet()}{stylesheet('replays.css')}</style>"
            '<div class="sc-steps" role="group" aria-label="Stages" hidden>'
            '<button type="button" class="sc-play">Play</button><button type="button" class="sc-step">Step</button>'
            '<button type="button" class="sc-reset">Reset</button>'
            f'<label><span>stage</span><input type="range" min="1" max="{horizon}" step="1" value="{self.start}" '
            'aria-label="stage" autocomplete="off"><output aria-live="off"></output></label></div>'
            f'<div class="sc-sides">{sides}</div>'
            f'<p class="sc-sentence" aria-live="polite">{escape(self.sentences[-1])}</p>'
            f'<script type="application/json" class="sc-stages">{as_json(told)}</script>'
            f"<script>{script('replays.js')}</script></figure>"
        )

    def _side(self, name: str, horizon: int) -> str:
        tick = "" if self.alone is None else f'<i class="sc-alone" style="left:{100 * self.alone:.2f}%"></i>'
        total = self.earned[name][-1]
        return (
            f'<div class="sc-side"><p class="sc-name"><b>{escape(name)}</b> '
            f'<span class="sc-earned">{total:.2f}</span></p>'
            f'<div class="sc-bar" aria-hidden="true"><i class="sc-got" style="width:{100 * total / horizon:.2f}%"></i>'
            f"{tick}</div>{self.talks[name].html(name)}</div>"
        )

    def __repr__(self) -> str:
        return f"Replay: {self.sentences[-1]}"


def replay(
    plays: Mapping[str, Play],
    names: tuple[str, str] = ("assistant", "colleague"),
    remarks: Mapping[str, Mapping[int, str]] | None = None,
    episode: int | str = 0,
    start: int = 1,
    alone: float | None = None,
) -> Replay:
    """Return one episode of each play as conversations side by side, to be gone through stage by stage.

    Parameters
    ----------
    plays
        By what the assistant does, a play of `games.project` with two wordings. All have the same number of stages.
    names
        What to call the AI and the partner.
    remarks
        By what the assistant does, for a stage, what to tell the reader before it.
    episode
        Which episode of each play. "median" is the one in the middle when they are put in order by how much more the
        partner earns in the last play than in the first; of equal ones the earlier comes first.
    start
        The stage up to which a page shows the conversations at first.
    alone
        What a partner earns per stage who works alone, to compare with; by default nothing.

    Returns
    -------
    An object that displays itself: in a page and in a notebook it is played, stepped, or moved to a stage by its
    reader, and never moves by itself. What is compared is what the partner has earned so far, in total.

    Notes
    -----
    An illustration, as `transcript` is: the model knows acts and wordings, and no payoff depends on the words.

    Examples
    --------
    >>> game, member = sc.games.project(), sc.strategies.CodedConvention(sc.Convention())
    >>> assistants = {"one of the team": member, "guesses": sc.Fixed([1 / 12] * 12)}
    >>> met = {name: sc.play(ai, member, game, (2, 2), horizon=30, seed=1) for name, ai in assistants.items()}
    >>> sc.book.replay(met, ("the AI", "Ben"), alone=0.55)
    Replay: Ben has earned 30.00 with “one of the team” and 13.70 with “guesses”, after 30 of
    30 stages; without anybody, 16.50.
    """
    if not isinstance(plays, Mapping) or not plays:
        raise TypeError(f"plays must hold one play or more, each by what the assistant does, got {plays!r}")
    known = {checks.text("plays", name): checks.instance("plays", play, Play) for name, play in plays.items()}
    if len({play.horizon for play in known.values()}) > 1 or not next(iter(known.values())).horizon:
        raise ValueError(f"plays must have the same number of stages, at least 1, got {[*known.values()]}")
    for name, play in known.items():
        try:
            transcript(play, stages=[])
        except ValueError as error:
            raise ValueError(f"plays[{name!r}] cannot be told: {error}") from None
    told = {} if remarks is None else remarks
    if not isinstance(told, Mapping) or not set(told) <= set(known):
        raise ValueError(f"remarks must be given by what an assistant of the plays does, got {remarks!r}")
    median = isinstance(episode, str) and episode == "median"
    which: Any = median_episode([*known.values()]) if median else episode  # `transcript` checks it
    talks = {name: transcript(play, names, None, told.get(name), which) for name, play in known.items()}
    earned = {name: tuple(play.payoffs(1)[:, which].cumsum().tolist()) for name, play in known.items()}
    horizon = len(next(iter(earned.values())))
    level = checks.optional(checks.real, "alone", alone, 0, 1)
    who = "The colleague" if names[1] == "colleague" else names[1]
    sentences = tuple(_sentence(who, earned, stage, level) for stage in range(1, horizon + 1))
    return Replay(talks, earned, sentences, checks.integer("start", start, 1, horizon), level)


def median_episode(plays: Sequence[Play]) -> int:
    """Return the episode in the middle by what the partner earns in the last play and not in the first."""
    first, last = (play.payoffs(1).sum(axis=0) for play in (plays[0], plays[-1]))
    if len(first) != len(last) or not len(first):
        raise ValueError(f"plays must have the same number of episodes, at least 1, got {[*plays]}")
    order = np.argsort((last - first).round(9), kind="stable")
    return int(order[(len(order) - 1) // 2])


def _sentence(who: str, earned: Mapping[str, tuple[float, ...]], stage: int, alone: float | None) -> str:
    """Return what the partner has got from each assistant by a stage."""
    parts = [f"{path[stage - 1]:.2f} with “{name}”" for name, path in earned.items()]
    got = " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[:-1] else parts)
    horizon = len(next(iter(earned.values())))
    without = "" if alone is None else f"; without anybody, {alone * stage:.2f}"
    return f"{who} has earned {got}, after {stage} of {horizon} stages{without}."
