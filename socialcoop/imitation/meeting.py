"""How different other partners are from the recorded ones, as far as the first stages show it."""

from __future__ import annotations

import numpy as np

from socialcoop import checks
from socialcoop.imitation.tree import MAX_ENTRIES
from socialcoop.social import SocialLearningProblem
from socialcoop.strategies import Strategy


def meeting_tv(problem: SocialLearningProblem, partner: Strategy, phase: int) -> float:
    r"""Return the total variation between meeting a member of the population and meeting somebody else.

    Parameters
    ----------
    problem
        The population and its types; a member of it sits on the AI's side both times.
    partner
        Who else sits on the partner's side.
    phase
        Number of stages T̃, from 1 to the horizon; at most 2^23 paths × stages can be reached.

    Returns
    -------
    The distance, in [0, 1], of the distributions over both types and the first T̃ stages.

    Notes
    -----
    Exact: :math:`\sum_{\theta, h} \mu(\theta)\, p(h)\, \max(q(h) - q'(h), 0)` over the histories that members reach,
    where p is what the AI's side contributes, q what a member and q' what the other partner does.

    Examples
    --------
    >>> game, people = sc.games.coordination(2), sc.Population([sc.Fixed(0)])
    >>> problem = sc.SocialLearningProblem(game, people, None, horizon=5)
    >>> round(sc.meeting_tv(problem, sc.Trembling(sc.Fixed(0), 0.2), phase=2), 6)
    0.19
    """
    checks.instance("problem", problem, SocialLearningProblem)
    checks.instance("partner", partner, Strategy)
    phase = checks.integer("phase", phase, 1, problem.horizon)
    joint = np.argwhere(problem.type_distribution)
    game, horizon = problem.game, problem.horizon
    sides = ((problem.population, 0), (problem.population, 1), (partner, 1))
    seats = [strategy.seat(game, role, joint[:, role], horizon) for strategy, role in sides]
    member = problem.type_distribution[tuple(joint.T)]  # probability of each path with a member, and with the other
    other = member.copy()
    for _ in range(phase):
        own, theirs, others = (seat.policy() for seat in seats)
        paths, a, b = np.nonzero((own.T[:, :, None] > 0) & (theirs.T[:, None, :] > 0))
        if len(paths) * phase > MAX_ENTRIES:
            raise ValueError(f"phase must keep reachable paths × stages at {MAX_ENTRIES} or less, got {phase}")
        member = member[paths] * own[a, paths] * theirs[b, paths]
        other = other[paths] * own[a, paths] * others[b, paths]
        seats = [seat.take(paths) for seat in seats]
        for seat, mine, yours in zip(seats, (a, b, b), (b, a, a), strict=True):
            seat.observe(mine, yours)
    return float(min(np.maximum(member - other, 0).sum(), 1.0))
