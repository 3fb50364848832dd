"""Regret: how much a better choice in hindsight would have earned."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from socialcoop import checks
from socialcoop.equilibria import worst_pone
from socialcoop.games import Game
from socialcoop.plays import Play, both_observed

__all__ = ["altruistic_regret", "counted_regret", "external_regret", "external_regret_path"]


def external_regret(play: Play, agent: int = 0) -> NDArray[np.float64]:
    r"""Return what the best fixed action would have earned beyond what ``agent`` earned, per episode.

    Parameters
    ----------
    play, agent
        The episodes, and whose regret: 0 for the AI, 1 for the partner.

    Returns
    -------
    Array (B,): totals over the stages with both moves observed, realised; negative where all fixed actions earn less.

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
    seen, agent = both_observed(play), checks.integer("agent", agent, 0, 1)
    other = play.actions[:, 1 - agent]
    counts = np.stack([(other == action).sum(axis=0, where=seen) for action in range(play.game.n_actions)])
    fixed = np.einsum("bij,jb->ib", play.game.payoffs[play.types[:, agent]], counts)
    return fixed.max(axis=0) - play.payoffs(agent).sum(axis=0, where=seen)


def external_regret_path(play: Play, agent: int = 0) -> NDArray[np.float64]:
    """Return the external regret after every stage, shape (T, B); the last row is `socialcoop.external_regret`.

    A stage at which a move was not observed adds nothing.

    Examples
    --------
    >>> game = sc.games.coordination(2)
    >>> met = sc.play(sc.Fixed(0), sc.Scripted([0, 1, 1]), game, (0, 0), horizon=6)
    >>> sc.regret.external_regret_path(met)[:, 0]
    array([0., 0., 1., 0., 1., 2.])
    """
    seen, agent = both_observed(play), checks.integer("agent", agent, 0, 1)
    table, episodes = play.game.payoffs[play.types[:, agent]], np.arange(play.episodes)
    other = play.actions[:, 1 - agent]
    fixed = np.full(other.shape, -np.inf)
    for action in range(play.game.n_actions):
        np.maximum(fixed, np.cumsum(np.where(seen, table[episodes, action, other], 0), axis=0), out=fixed)
    return fixed - np.cumsum(np.where(seen, play.payoffs(agent), 0), axis=0)


def counted_regret(
    game: Game, counts: ArrayLike, types: tuple[int, int] = (0, 0), agent: int = 0
) -> NDArray[np.float64]:
    """Return the external regret *per stage* of ``agent``, from how often each joint action was played.

    Regret does not depend on the order of the stages, so the counts are enough.

    Parameters
    ----------
    game, types
        Who earns what.
    counts
        How often the AI's side chose a while the other chose b, (..., N, N); or shares of the stages. Not negative,
        and not all 0.
    agent
        Whose regret: 0 for the side that chooses the row, 1 for the other.

    Returns
    -------
    Array (...): per stage, where `socialcoop.external_regret` returns totals.

    Examples
    --------
    >>> game = sc.games.coordination(2)
    >>> sc.regret.counted_regret(game, [[3, 6], [0, 0]])  # always 0 earned 3 of 9, always 1 would have earned 6
    np.float64(0.3333333333333333)
    """
    n, agent = checks.instance("game", game, Game).n_actions, checks.integer("agent", agent, 0, 1)
    table = game.stage(types)[agent]
    shape = "(..., N, N)"
    played = checks.array("counts", counts, shape, tuple(range(2, 9)))
    if played.shape[-2:] != (n, n):
        raise ValueError(f"counts must have shape {shape} for the {n} action(s) of {game}, got shape {played.shape}")
    stages = played.sum(axis=(-2, -1))
    if (played < 0).any() or not (stages > 0).all():
        raise ValueError("counts must not be negative, and not all 0")
    own_first = np.swapaxes(played, -2, -1) if agent else played
    fixed = own_first.sum(axis=-2) @ table.T
    return (fixed.max(axis=-1) - (own_first * table).sum(axis=(-2, -1))) / stages


def altruistic_regret(play: Play, agent: int = 0, owed: ArrayLike | None = None) -> NDArray[np.float64]:
    r"""Return what the *partner* of ``agent`` earned less than in its worst PONE, per episode.

    Parameters
    ----------
    play, agent
        The episodes, and whose altruistic regret: 0 for the AI, 1 for the partner.
    owed
        One's own benchmark instead of the worst PONE, for games too large to have theirs enumerated: what the
        partner should earn per stage, in [0, 1], a number or one for each joint type, (types, types).

    Returns
    -------
    Array (B,): totals over the stages with both moves observed; negative where the partner earned more.

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
    seen, partner = both_observed(play), 1 - checks.integer("agent", agent, 0, 1)
    table = benchmark(play.game, play.types, partner, owed)
    stages = play.horizon if seen is True else seen.sum(axis=0)
    return table[tuple(play.types.T)] * stages - play.payoffs(partner).sum(axis=0, where=seen)


def benchmark(game: Game, joint: NDArray[np.intp], agent: int, owed: ArrayLike | None = None) -> NDArray[np.float64]:
    """Return what ``agent`` should earn per stage, (types, types): its worst PONE at the joint types given, (B, 2)."""
    k = game.n_types
    if owed is None:
        table = np.zeros((k, k))
        for first, second in np.unique(joint, axis=0).tolist():
            table[first, second] = worst_pone(game, (first, second))[agent]
        return table
    given = checks.array("owed", owed, "() or (types, types)", (0, 2))
    if given.shape not in ((), (k, k)) or (given < 0).any() or (given > 1).any():
        raise ValueError(f"owed must hold numbers in [0, 1], one or of shape {(k, k)}, got {owed!r}")
    return np.broadcast_to(given, (k, k))
