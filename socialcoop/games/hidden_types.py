"""Games in which the partner knows what the AI does not, and need not tell."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.games.game import MAX_ACTIONS, MAX_TYPES, Game

Floats = NDArray[np.float64]


def hidden_taste(bonus: float = 0.02) -> Game:
    """A helper decides what a guest gets; the guest likes one of two dishes, and does not care to say which.

    Type 0 is the helper: 1 - ``bonus`` in any case, and ``bonus`` more when both choose alike. Type 1 likes
    the tea, type 2 the coffee: 1 - ``bonus`` when the *other* chooses it, and ``bonus`` when it does so itself.

    Examples
    --------
    >>> breakfast = sc.games.hidden_taste(bonus=0.02)
    >>> breakfast.payoffs[1]  # likes tea: the columns, what the host serves, decide
    array([[1.  , 0.02],
           [0.98, 0.  ]])
    """
    bonus = checks.real("bonus", bonus, 0, 1)
    likes = np.eye(2)
    guests = [(1 - bonus) * likes[dish] + bonus * likes[dish][:, None] for dish in (0, 1)]
    helper = (1 - bonus) + bonus * np.eye(2)
    return Game(np.array([helper, *guests]), "hidden taste", ("tea", "coffee"), ("helper", "likes tea", "likes coffee"))


def hidden_favourite(lam: float = 0.5, bonus: float = 0.0005) -> Game:
    r"""A colleague has a favourite among two words, and tells late which; after that, any service will do.

    Type 0 is the helper. Types 1 and 2 are colleagues whose favourite is word 1 or word 2. Each of them gets most
    from its own service, whatever it does itself, and nearly nothing from the other one. To use the same word is
    worth :math:`1 - 3\rho` with :math:`\rho = \lambda / (8 - \lambda)`, and to be spoken to in the favourite
    word :math:`2\rho` more.

    Parameters
    ----------
    lam
        λ, the share of the stages by which people have come to an agreement, in (0, 1).
    bonus
        μ: what makes the helper's best replies better than all else, from 0 to ρ.

    Notes
    -----
    Ours, Theorem *Four actions*. The only equilibrium of the helper and a colleague is the favourite word for both,
    and it pays the colleague :math:`1 - \rho`. `socialcoop.strategies.Spiteful` are its people.

    Examples
    --------
    >>> game = sc.games.hidden_favourite(lam=0.5, bonus=0)
    >>> (15 * game.payoffs[1]).round(6)  # favourite: word 1
    array([[14.,  0., 15.,  0.],
           [ 2., 12., 15.,  0.],
           [ 2., 12., 15.,  0.],
           [ 0.,  0.,  0.,  0.]])
    """
    lam = checks.real("lam", lam, 0, 1, open_low=True, open_high=True)
    share = lam / (8 - lam)
    return Game(
        favourite_payoffs(share, checks.real("bonus", bonus, 0, share)),
        "hidden favourite",
        ("word 1", "word 2", "service 1", "service 2"),
        ("helper", "favourite 1", "favourite 2"),
    )


def favourite_payoffs(share: float, bonus: float) -> Floats:
    """Return the payoffs (3, 4, 4) of `hidden_favourite` for ρ and μ."""
    first = np.array(
        [
            [1 - share, 0, 1, bonus],
            [2 * share, 1 - 3 * share, 1 - bonus, 0],
            [2 * share, 1 - 3 * share + bonus, 1 - bonus, 0],
            [0, 0, 0, 0],
        ]
    )
    swapped = [1, 0, 3, 2]
    helper = np.full((4, 4), 1 - bonus)
    helper[[0, 1, 0, 1], [0, 1, 2, 3]] = 1
    return np.array([helper, first, first[np.ix_(swapped, swapped)]])


def hidden_levels(
    lam: float = 0.5, levels: int = 2, options: int = 2, surplus: float = 0.0, bonus: float = 0.0005
) -> Game:
    r"""A colleague tells in several steps what serves it better and better, and what it is owed never.

    Type 0 is the helper. A colleague has one of ``options`` wishes for each level but the first, and one for the
    gift, the only thing that both would stay with: ``options ** levels`` types. A service of level j pays it v(j) if
    it is the one wished for and the colleague gives reply j, and v rises to 1 with the levels.

    Parameters
    ----------
    lam
        λ, the share of the stages by which all levels but the gift have been told, in (0, 1).
    levels
        Number of levels L, at least 1.
    options
        Number of wishes m that a colleague may have at each level, at least 1.
    surplus
        How much more the best gift pays than the average of the levels.
    bonus
        μ: what makes the helper's best replies better than all else, in [0, 1].

    Notes
    -----
    Ours, Theorem *The price is exact*, on its best grid: level j begins at the share
    :math:`t_j = 1 - (1 - \lambda/L)^j` of the stages and pays :math:`v_j = (1 - \lambda/L)^{L-1-j}`.
    `socialcoop.strategies.Levels` are its people.

    Examples
    --------
    >>> game = sc.games.hidden_levels(lam=0.5, levels=2, options=2)
    >>> game.n_types, game.n_actions
    (5, 10)
    >>> sc.worst_pone(game, types=(0, 1))  # the mean of .75 and 1
    (1.0, 0.875)
    """
    lam = checks.real("lam", lam, 0, 1, open_low=True, open_high=True)
    levels = checks.integer("levels", levels, 1, 64)
    options = checks.integer("options", options, 1, MAX_ACTIONS)
    bonus = checks.real("bonus", bonus, 0, 1)
    n_actions = levels * (options + 1) + options + 2
    if n_actions > MAX_ACTIONS or options**levels >= MAX_TYPES:
        raise ValueError(
            f"levels and options must keep to {MAX_ACTIONS} actions and {MAX_TYPES} types, got {levels} and {options}"
        )
    shrink = 1 - lam / levels
    starts = np.append(1 - shrink ** np.arange(levels), lam)
    pays = shrink ** np.arange(levels, dtype=np.float64)[::-1]
    value = float(pays @ np.diff(starts)) / lam + checks.real("surplus", surplus, -1, 1)
    names = [f"reply {level}" for level in range(levels)] + ["service 0"]
    names += [f"service {level}.{wish}" for level in range(1, levels) for wish in range(1, options + 1)]
    names += [f"{what} {wish}" for what in ("gift", "thanks") for wish in range(1, options + 1)] + ["nothing"]
    wishes = ["".join(str(wish + 1) for wish in each) for each in product(range(options), repeat=levels)]
    return Game(
        level_payoffs(pays, checks.real("lam, levels and surplus: the gift's worth", value, 0, 1), bonus, options),
        "hidden levels",
        names,
        ["helper", *(f"wishes {each}" for each in wishes)],
    )


def level_payoffs(pays: Floats, value: float, bonus: float, options: int) -> Floats:
    """Return the payoffs (types, N, N) of `hidden_levels`: what each level pays, the gift, μ, and m."""
    levels = len(pays)
    service = levels  # the number of the first service, and so on
    gift = service + 1 + (levels - 1) * options
    thanks, n_actions = gift + options, gift + 2 * options + 1
    helper = np.full((n_actions, n_actions), 1 - bonus)
    replies = np.full(n_actions, n_actions - 1)
    replies[thanks : thanks + options] = gift + np.arange(options)
    helper[replies, np.arange(n_actions)] = 1
    tables = [helper]
    for wishes in product(range(options), repeat=levels):
        table = np.zeros((n_actions, n_actions))
        table[thanks + wishes[-1]] = bonus
        table[thanks + wishes[-1], gift + wishes[-1]] = value
        table[0, service] = pays[0]
        for level, wish in enumerate(wishes[:-1], start=1):
            table[level, service + 1 + (level - 1) * options + wish] = pays[level]
        tables.append(table)
    return np.array(tables)
