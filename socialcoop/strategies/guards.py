"""What a seat of one's own has to keep to, held at every stage: a bad policy is named, never played."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks

Method = Callable[..., Any]


class _Name(str):
    """What an answer is called, put together when somebody is told: nearly all answers are without fault."""

    what: str
    seat: Any

    def __new__(cls, what: str, seat: Any) -> Self:
        name = super().__new__(cls)
        name.what, name.seat = what, seat
        return name

    def __format__(self, spec: str) -> str:
        return f"the {self.what} of {whose(self.seat)}"


def guarded_policy(policy: Method) -> Method:
    """Return the method ``policy``, whose answers are held to be distributions and the same when asked twice."""

    @wraps(policy)
    def asked(seat: Any) -> NDArray[np.float64]:
        stage = seat.__dict__.get("_stage", 1)
        twice = stage & (stage - 1) == 0  # stages 1, 2, 4, …: to ask twice takes time; exact computations always do
        return held_policy(_Name("policy", seat), partial(policy, seat), seat, twice)

    return asked


def held_policy(name: str, policy: Method, seat: Any, twice: bool = True) -> NDArray[np.float64]:
    """Return what ``policy()`` answers, held to be a distribution for each episode, the same when asked ``twice``."""
    answer = _table(name, policy(), seat)
    if twice:
        same_again(name, answer, policy())
    return np.ascontiguousarray(checks.distribution(name, answer.T, "(N, B)", 2).T)


def guarded_odds(odds: Method) -> Method:
    """Return the method ``odds``, whose answers are held to be positive multiples of distributions."""

    @wraps(odds)
    def asked(seat: Any) -> NDArray[np.float64]:
        name = _Name("odds", seat)
        answer = checks.array(name, _table(name, odds(seat), seat), "(N, B)", 2)
        if (answer < 0).any() or not (answer.sum(axis=0) > 0).all():
            raise ValueError(
                f"{name} must be at least 0, and positive for some action, got {answer.min(axis=1)} and up"
            )
        return answer

    return asked


def guarded_observe(observe: Method) -> Method:
    """Return the method ``observe``, which counts the stages for those who are told of a fault."""

    @wraps(observe)
    def told(seat: Any, own: Any, other: Any) -> None:
        outermost = not seat.__dict__.get("_observing", False)
        seat.__dict__["_observing"] = True
        try:
            observe(seat, own, other)
        finally:
            if outermost:
                seat.__dict__.update(_observing=False, _stage=seat.__dict__.get("_stage", 1) + 1)

    return told


def same_again(name: str, answer: NDArray[Any], again: Any) -> None:
    """Raise if a policy asked twice gives two answers."""
    if not np.array_equal(answer, again, equal_nan=answer.dtype.kind == "f"):
        raise ValueError(
            f"{name} must be the same when asked twice, got two answers: return the probabilities of the actions "
            "instead of a draw, and change nothing but in observe"
        )


def _table(name: str, answer: Any, seat: Any) -> NDArray[Any]:
    """Return the answer as an array (N, B), of which a guard may keep a part."""
    table, wanted = np.array(answer, subok=True), (seat.game.n_actions, seat.episodes)
    if table.shape != wanted:
        hint = ""
        if table.shape == wanted[::-1]:
            hint = ": a row for each action, a column for each episode"
        elif table.ndim == 2:
            hint = "; per_episode must name every array whose last axis is the episode"
        raise ValueError(f"{name} must have shape (N, B) = {wanted}, got shape {table.shape}{hint}")
    return table


def whose(seat: Any) -> str:
    """Return the strategy whose seat it is, and the stage it has come to."""
    owner = seat.__dict__.get("_owner")
    return f"{type(seat).__name__ if owner is None else repr(owner)} at stage {seat.__dict__.get('_stage', 1)}"
