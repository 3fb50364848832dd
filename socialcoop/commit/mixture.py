"""What to commit to: a draw from the joint play so far, or what is best for a type, or for all types on average."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.social import SocialLearningProblem
from socialcoop.strategies import Fixed
from socialcoop.strategies.protocol import Floats


def commitment_mixture(z: ArrayLike, commit: str = "mixture") -> tuple[Floats, Floats]:
    r"""Return a distribution over mixed actions to commit to, from the joint play so far.

    Parameters
    ----------
    z
        Joint frequencies z[a, b] of the own action a and the partner's action b, (N, N).
    commit
        "mixture": draw one of the partner's actions b as often as it was played, and commit to the own
        frequencies beside it. "pure": draw one of the own actions, and commit to it.

    Returns
    -------
    weights
        Probabilities (M,), all positive.
    strategies
        The mixed actions, (M, N).

    Notes
    -----
    "mixture" is our choice of the paper's :math:`\nu`, section 3.2, which leaves its form open. Whatever the
    partner's payoffs, its best replies pay it on average at least what it gets under z, since for each b playing b is
    one reply. "mixture" tells the partner least of all that have this property, "pure" most.

    Examples
    --------
    >>> weights, strategies = sc.commitment_mixture([[0.5, 0], [0, 0.5]])
    >>> weights, strategies
    (array([0.5, 0.5]), array([[1., 0.],
           [0., 1.]]))
    """
    joint = checks.joint("z", z)
    if checks.choice("commit", commit, ("mixture", "pure")) == "pure":
        joint = np.diag(joint.sum(axis=1))  # draws the own action itself
    weights = joint.sum(axis=0)
    return weights[weights > 0], (joint / np.where(weights > 0, weights, 1)).T[weights > 0]


def best_commitment(game: Game, partner_type: int) -> Fixed:
    """Return the commitment of one who knows the partner's type: the action whose best reply pays it most.

    With a partner that is (δ, ε, T)-consistent its altruistic regret per stage is at most ε + δ, without any data.

    Examples
    --------
    >>> sc.best_commitment(sc.games.inefficient_cce(), partner_type=0)
    Fixed(1)
    """
    checks.instance("game", game, Game)
    payoffs = game.payoffs[checks.integer("partner_type", partner_type, 0, game.n_types - 1)]
    return Fixed(int(payoffs.max(axis=0).argmax()))


def best_constant(problem: SocialLearningProblem) -> Fixed:
    r"""Return the commitment of one who knows how likely types are: the action whose best replies pay most on average.

    Nobody does better who keeps to one mixed action and has no data.

    Parameters
    ----------
    problem
        Its game, and its joint types; its people do not matter.

    Returns
    -------
    Fixed action of each own type, by the partner's types given that type. An own type that does not come up plays for
    the partner's types as they come up in all. Ties go to the lowest-numbered action.

    Notes
    -----
    A partner of type :math:`\theta` with regret R gets at least :math:`T \max_b B_\theta(b, x) - R` from one who plays
    the mixed action x at every stage, on average. The mean of this over :math:`\theta` is convex in x, as a mean of
    maxima of linear functions. So it is largest at a corner, and no mixed action beats the best action.

    Examples
    --------
    >>> tastes = [[0.2, 0.8], [0, 0]]  # a colleague who likes it supportive is more likely
    >>> problem = sc.SocialLearningProblem(sc.games.team_lead(), people=sc.Hedge(), horizon=50, types=tastes)
    >>> sc.best_constant(problem).mixed.argmax(axis=1)
    array([1, 1])
    """
    game = checks.instance("problem", problem, SocialLearningProblem).game
    joint = problem.types
    # who does not come up has no types to meet
    met = np.where(joint.sum(axis=1, keepdims=True) > 0, joint, joint.sum(axis=0))
    values = met / met.sum(axis=1, keepdims=True) @ game.payoffs.max(axis=1)
    best = values >= values.max(axis=1, keepdims=True) - game.ties.max()
    return Fixed(np.eye(game.n_actions)[best.argmax(axis=1)])
