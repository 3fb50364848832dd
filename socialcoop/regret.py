"""Regret: how much a better choice in hindsight would have earned."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.equilibria import worst_pone
from socialcoop.play import Play


def external_regret(play: Play, agent: int = 0) -> NDArray[np.float64]:
    r"""Return what the best fixed action would have earned beyond what ``agent`` earned, per episode.

    Parameters
    ----------
    play
        The episodes.
    agent
        0 for the AI, 1 for the partner.

    Returns
    -------
    Array (B,): totals over the horizon, realised; negative where the agent beat every fixed action.

    Notes
    -----
    :math:`R_i^{\text{ext}}` of the paper's definition 3.1.

    Examples
    --------
    >>> game = sc.games.coordination(2)
    >>> met = sc.play(sc.Fixed(0), sc.Scripted([0, 1, 1]), game, (0, 0), horizon=9)
    >>> sc.external_regret(met)  # always 1 would have earned 6, always 0 earned 3
    array([3.])
    """
    checks.instance("play", play, Play)
    agent = checks.integer("agent", agent, 0, 1)
    other = play.actions[:, 1 - agent]
    counts = np.stack([(other == action).sum(axis=0) for action in range(play.game.n_actions)])
    fixed = np.einsum("bij,jb->ib", play.game.payoffs[play.types[:, agent]], counts)
    return fixed.max(axis=0) - play.payoffs(agent).sum(axis=0)


def external_regret_path(play: Play, agent: int = 0) -> NDArray[np.float64]:
    """Return the external regret after every stage, shape (T, B); the last row is `external_regret`.

    Examples
    --------
    >>> game = sc.games.coordination(2)
    >>> met = sc.play(sc.Fixed(0), sc.Scripted([0, 1, 1]), game, (0, 0), horizon=6)
    >>> sc.external_regret_path(met)[:, 0]
    array([0., 0., 1., 0., 1., 2.])
    """
    checks.instance("play", play, Play)
    agent = checks.integer("agent", agent, 0, 1)
    table = play.game.payoffs[play.types[:, agent]]
    other = play.actions[:, 1 - agent]
    fixed = np.full(other.shape, -np.inf)
    for action in range(play.game.n_actions):
        np.maximum(fixed, np.cumsum(table[np.arange(play.episodes), action, other], axis=0), out=fixed)
    return fixed - np.cumsum(play.payoffs(agent), axis=0)


def altruistic_regret(play: Play, agent: int = 0) -> NDArray[np.float64]:
    r"""Return what the *partner* of ``agent`` earned less than in its worst PONE, per episode.

    Parameters
    ----------
    play
        The episodes.
    agent
        Whose altruistic regret: 0 for the AI, 1 for the partner.

    Returns
    -------
    Array (B,): totals over the horizon; negative where the partner earned more than in its worst PONE.

    Notes
    -----
    :math:`R_i^{\text{alt}}` of the paper's definition 3.4. It depends on both types, through the set of PONE.

    Examples
    --------
    >>> game = sc.games.battle_of_the_sexes(second_best=0.5)
    >>> met = sc.play(sc.Fixed(0), sc.Scripted([1, 0]), game, types=(0, 1), horizon=10)
    >>> sc.altruistic_regret(met)  # owed 0.5 a stage, got that in 5 of 10
    array([2.5])
    """
    checks.instance("play", play, Play)
    partner = 1 - checks.integer("agent", agent, 0, 1)
    joint_types, which = np.unique(play.types, axis=0, return_inverse=True)
    worst = np.array([worst_pone(play.game, (first, second))[partner] for first, second in joint_types.tolist()])
    owed = worst[which.reshape(-1)] * play.horizon if len(worst) else np.zeros(0)
    return owed - play.payoffs(partner).sum(axis=0)
