"""The reader as the partner: a short game against assistants, in the page, with the regret so far."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from socialcoop import checks
from socialcoop.book.element import Element, as_json, script
from socialcoop.book.look import stylesheet
from socialcoop.book.transcripts import SIDES, Transcript
from socialcoop.commit import ThenCommit
from socialcoop.engine import play
from socialcoop.games import Game
from socialcoop.imitation import Imitator
from socialcoop.regret import external_regret
from socialcoop.strategies import Hedge, Scripted, Strategy

GAMES = 40  # whoever plays more often meets the first chance again


@dataclass(frozen=True)
class Encounter(Element):
    """A game that the reader plays as the partner: displays itself. Made by `encounter`.

    Attributes
    ----------
    brief
        What the reader is told first.
    example
        A game played by the rules of the page, for whoever reads on paper or without scripts.
    verdict
        What the example comes to.
    data
        What the page needs to play: words, payoffs, the assistants' records as trees, and chance.

    Examples
    --------
    >>> game = sc.games.team_lead()
    >>> records = sc.SocialLearningProblem(game, sc.Convention(), horizon=4).sample(20, seed=1)
    >>> words = ["Parser. Friday.", "Thank you!"], ["Done.", "Happy to!"]
    >>> met = sc.book.encounter(game, {"copies": sc.Imitator(records)}, (0, 1), words, "You like it warm.", 4)
    >>> met.verdict
    'The example, with “copies”: always “Happy to!” earned 1.60 in 4 messages, a regret of 0.20.'
    """

    brief: str
    example: Transcript
    verdict: str
    data: Mapping[str, Any]

    def html(self) -> str:
        """Return the game as HTML that needs neither kernel nor network; without scripts there is the example."""
        choice = "".join(
            f'<label><input type="radio" name="assistant" value="{place}" autocomplete="off">'
            f"<span>{escape(name)}</span></label>"
            for place, name in enumerate(each["name"] for each in self.data["assistants"])
        )
        messages = "".join(
            f'<button type="button" value="{place}"><small>{escape(act)}</small> {escape(words)}</button>'
            for place, (act, words) in enumerate(zip(self.data["acts"], self.data["words"][1], strict=True))
        )
        return (
            '<figure class="sc-picture sc-encounter" aria-label="You are the partner">'
            f"<style>{stylesheet()}{stylesheet('replays.css')}{stylesheet('encounters.css')}</style>"
            f'<p class="sc-brief">{escape(self.brief)}</p>'
            f'<div class="sc-example"><p>{escape(self.verdict)}</p>{self.example.html("an example")}</div>'
            '<form class="sc-game" hidden>'
            f"<fieldset><legend>Your assistant</legend>{choice}</fieldset>"
            '<div class="sc-talk" role="log" aria-label="Your conversation" tabindex="0"><ol></ol></div>'
            '<p class="sc-now"></p>'
            '<div class="sc-bar" aria-hidden="true"><i class="sc-got"></i><i class="sc-lost"></i></div>'
            f'<div class="sc-messages" role="group" aria-label="Your next message">{messages}</div>'
            '<p class="sc-sentence" role="status" tabindex="-1"></p>'
            '<button type="reset">New game</button></form>'
            f'<script type="application/json" class="sc-rules">{as_json(self.data)}</script>'
            f"<script>{script('encounters.js')}</script></figure>"
        )

    def __repr__(self) -> str:
        return f"Encounter: {self.brief}\n{self.verdict}\n{self.example}"


def encounter(
    game: Game,
    assistants: Mapping[str, Strategy],
    types: tuple[int, int],
    words: tuple[Sequence[str], Sequence[str]],
    brief: str,
    horizon: int = 10,
    endings: Mapping[str, str] | None = None,
    seed: int = 0,
) -> Encounter:
    """Return a game in which the reader is the partner and chooses each message.

    Parameters
    ----------
    game
        The stage game.
    assistants
        By name, whom to meet: an `Imitator` that plays uniformly off its records, or a `ThenCommit` such as
        `ImitateThenCommit` that follows one, with the commitment "mixture" or "pure".
    types
        The assistant's type, and the reader's.
    words
        For each action what the assistant says, and what the reader says.
    brief
        What the reader is told first: the taste, and what is to be done.
    horizon
        Number of messages, at least 1.
    endings
        By name of an assistant, what the reader is told of it at the end.
    seed
        Of the first game's chance; the next games have the next ones.

    Returns
    -------
    An object that displays itself: in a page and in a notebook as a game, elsewhere as an example of one.

    Raises
    ------
    ValueError, TypeError
        If an assistant is of another kind, or if it has no words for an action.

    Notes
    -----
    The page plays as `play` does: for the same seed and the same choices of the partner it comes to the same acts.
    It tells the regret so far, and at the end what the best fixed message and, on average, `Hedge` would have earned
    against the same acts of the assistant.

    Examples
    --------
    >>> game = sc.games.team_lead()
    >>> records = sc.SocialLearningProblem(game, sc.Convention(), horizon=4).sample(20, seed=1)
    >>> assistants = {"copies": sc.Imitator(records), "commits": sc.ImitateThenCommit(records, phase=2)}
    >>> words = ["Parser. Friday.", "Thank you!"], ["Done.", "Happy to!"]
    >>> sc.book.encounter(game, assistants, (0, 1), words, "You like it warm. Write!", horizon=2)
    Encounter: You like it warm. Write!
    The example, with “copies”: always “Happy to!” earned 0.40 in 2 messages, a regret of 0.80.
       1  assistant: Parser. Friday.
       1  you: Happy to!  [0.20 so far]
       2  assistant: Parser. Friday.
       2  you: Happy to!  [0.40 so far]
    """
    checks.instance("game", game, Game)
    pair = checks.integers("types", types, game.n_types, "(2,)", 1)
    if len(pair) != 2:
        raise ValueError(f"types must be a pair, got {types!r}")
    length = checks.integer("horizon", horizon, 1)
    first = checks.integer("seed", seed)
    said = _words(words, game)
    told = {} if endings is None else endings
    if not isinstance(assistants, Mapping) or not assistants:
        raise TypeError(f"assistants must hold one or more by name, got {assistants!r}")
    if not isinstance(told, Mapping) or not all(isinstance(text, str) for text in told.values()):
        raise TypeError(f"endings must hold a text for each assistant, got {endings!r}")
    known = [
        {"name": checks.text("assistants", name), "ending": told.get(name, "")} | _rules(ai, game, int(pair[0]), length)
        for name, ai in assistants.items()
    ]
    payoffs = game.payoffs[pair[1]]
    chances = [checks.generator(first + which).random((length, 2, 1))[:, 0, 0] for which in range(GAMES)]
    data = {
        "words": said,
        "acts": [re.sub(r" \(\d+\)$", "", name) for name in game.action_names],  # without the number of a wording
        "payoffs": payoffs.tolist(),
        "assistants": known,
        "chances": [chance.tolist() for chance in chances],
        "rate": Hedge().tuned(length, game.n_actions),
    }
    name, ai = next(iter(assistants.items()))
    shown, verdict = _example(ai, name, game, pair, length, first, said)
    return Encounter(checks.text("brief", brief), shown, verdict, data)


def _words(words: Any, game: Game) -> list[list[str]]:
    if not isinstance(words, tuple | list) or len(words) != 2:
        raise ValueError(f"words must be a pair of lists, the assistant's and the reader's, got {words!r}")
    lists = [
        [checks.text("words", text) for text in checks.sequence("words", side, "lists of texts")] for side in words
    ]
    if any(len(side) != game.n_actions or len(set(side)) < len(side) for side in lists):
        raise ValueError(f"words must have a text of its own for each of {game.n_actions} actions, got {words!r}")
    return lists


def _rules(ai: Any, game: Game, own: int, horizon: int) -> dict[str, Any]:
    """Return how an assistant plays: its records as a tree, and when and how it commits."""
    follows, commits = ai, {"phase": None, "since": 0, "own": False}
    if isinstance(ai, ThenCommit):
        follows, commits = ai.strategy, {"phase": ai.phase, "since": ai.since, "own": ai.commit == "pure"}
    plain = isinstance(follows, Imitator) and follows.unseen is None
    if not plain or (isinstance(ai, ThenCommit) and ai.commit not in ("mixture", "pure")):
        raise ValueError(
            "assistants must be imitators that play uniformly off their records, or follow one and commit to "
            f"'mixture' or 'pure', got {ai!r}"
        )
    return commits | {"tree": _tree(follows, game, own, horizon)}


def _tree(imitator: Imitator, game: Game, own: int, horizon: int) -> dict[str, Any]:
    """Return the histories that the records hold, as a tree of {"n": counts of the next action, a·N + b: …}."""
    records = np.unique(imitator.dataset.actions[:horizon], axis=2).astype(np.intp)
    tree: dict[str, Any] = {}
    nodes: list[dict[str, Any] | None] = [tree] * records.shape[2]
    seat = imitator.seat(game, 0, np.full(len(nodes), own), horizon)
    for stage in records[: imitator.phase]:
        odds, held = seat.odds(), seat.covered()
        for place, node in enumerate(nodes):
            if node is None or not held[place]:
                nodes[place] = None
                continue
            node["n"] = odds[:, place].astype(int).tolist()
            nodes[place] = node.setdefault(str(stage[0, place] * game.n_actions + stage[1, place]), {})
        seat.observe(*stage)
    return tree


def _example(
    ai: Strategy, name: str, game: Game, types: Any, horizon: int, seed: int, words: list[list[str]]
) -> tuple[Transcript, str]:
    """Return the first game, played with the act that is best where both share it, and what it comes to."""
    best = int(game.payoffs[types[1]].diagonal().argmax())
    met = play(ai, Scripted([best] * horizon), game, types, horizon, seed=seed)
    earned = met.payoffs(1)[:, 0].cumsum()
    entries = []
    for stage, acts in enumerate(met.actions[:, :, 0].tolist()):
        said = tuple(zip(SIDES, ("assistant", "you"), (words[side][acts[side]] for side in (0, 1)), strict=True))
        entries.append((stage + 1, said, f"{earned[stage]:.2f} so far"))
    regret = external_regret(met, agent=1)[0]
    return Transcript(tuple(entries)), (
        f"The example, with “{name}”: always “{words[1][best]}” earned {earned[-1]:.2f} in {horizon} messages, "
        f"a regret of {regret + 0.0:.2f}."
    )
