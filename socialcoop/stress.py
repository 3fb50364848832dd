"""Stress: what it costs when partners, types or records are not what was assumed, from not at all to wholly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.social import SocialLearningProblem
from socialcoop.sweep import IMITATION, sweep

ASSISTANTS = {"imitate to the end": IMITATION, "imitate, then commit": "mixture", "with care": "careful"}
BREAKABLE = ("problem", "partner", "met_types", "spoil")

Change = Mapping[str, Any]
Floats = NDArray[np.float64]


def stress(
    problem: SocialLearningProblem,
    phase: int,
    episodes: int,
    amounts: Sequence[float],
    change: Change | Callable[[float], Change],
    *,
    plays: int = 1000,
    datasets: int = 100,
    seed: int = 0,
) -> dict[str, Floats]:
    """Return the mean altruistic regret per stage of three assistants as an assumption is broken more and more.

    Parameters
    ----------
    problem, phase, episodes
        What is assumed, the number of stages T̃ to imitate, and K, the number of records.
    amounts
        How much of the assumption is broken, (A,), from 0 to 1.
    change
        What is broken: some of ``partner``, ``met_types``, ``spoil`` and ``problem``, as `sweep` takes them. A mapping
        holds in a share of the episodes, and that share is the amount. A function maps the amount to what holds in
        all of them.
    plays, datasets
        How many episodes the assistants that commit play, and with how many fresh datasets. Imitation to the end,
        which takes longest and varies least, gets a tenth of both, but at least 2.
    seed
        An int.

    Returns
    -------
    For "imitate to the end", "imitate, then commit" and "with care" (the careful commitment) an array (A, 3): the mean
    between the ends of an interval of 99 %.

    Notes
    -----
    The mean regret is linear in a share. So the two ends are measured, each with an interval of 99.5 %, and what is
    between them is computed.

    Examples
    --------
    >>> member = sc.Codebook(challenges=2, fallback=sc.Hedge())
    >>> talks = sc.SocialLearningProblem(sc.games.conversation(4), sc.Population([member]), None, horizon=50)
    >>> grim = {"partner": sc.Codebook(challenges=2)}
    >>> found = sc.stress(talks, 4, 100, [0, 0.5, 1], grim, plays=40, datasets=20)
    >>> found["with care"].shape, bool(found["with care"][2, 1] > 0.8)
    ((3, 3), True)
    """
    checks.instance("problem", problem, SocialLearningProblem)
    phase = checks.integer("phase", phase, 1, problem.horizon)
    episodes = checks.integer("episodes", episodes)
    if isinstance(amounts, str) or not isinstance(amounts, Sequence | np.ndarray) or not len(amounts):
        raise TypeError(f"amounts must be a list of one or more numbers in [0, 1], got {amounts!r}")
    parts = [checks.real("amounts", amount, 0, 1) for amount in amounts]
    size = checks.integer("plays", plays, 1), checks.integer("datasets", datasets, 2)

    def measured(broken: Any, confidence: float) -> Floats:
        """Return (assistants, 3): low, mean, high."""
        told = {"problem": problem} | _checked(broken)
        checks.instance("problem", told["problem"], SocialLearningProblem)
        ends = []
        for commit in ASSISTANTS.values():
            few = [max(2, count // 10) if commit == IMITATION else count for count in size]
            found = sweep(
                phases=[phase],
                episodes=[episodes],
                commits=[commit],
                plays=few[0],
                datasets=few[1],
                confidence=confidence,
                seed=seed,
                n_jobs=1,
                **told,
            )
            ends.append(np.ravel([found.low, found.regret, found.high]))
        return np.array(ends)

    if callable(change):
        points = [measured(change(part), 0.99) for part in parts]
    else:
        broken = measured(change, 0.995)
        whole = measured({}, 0.995)
        points = [(1 - part) * whole + part * broken for part in parts]
    return dict(zip(ASSISTANTS, np.swapaxes(points, 0, 1), strict=True))


def _checked(change: Any) -> dict[str, Any]:
    if not isinstance(change, Mapping):
        raise TypeError(f"change must be a mapping, or a function of the amount that returns one, got {change!r}")
    for name in change:
        checks.choice("change", name, BREAKABLE)
    return dict(change)
