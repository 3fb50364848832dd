"""A small catalogue of named games."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from socialcoop import checks
from socialcoop.games.game import MAX_ACTIONS, MAX_TYPES, Game


def coordination(n_actions: int = 2) -> Game:
    """Two colleagues look for the same file name: 1 if both choose alike, else 0, and no choice is better.

    Every agreement is an equilibrium; the only question is which.

    Examples
    --------
    >>> sc.games.coordination(3).payoffs[0]
    array([[1., 0., 0.],
           [0., 1., 0.],
           [0., 0., 1.]])
    """
    n_actions = checks.integer("n_actions", n_actions, 1, MAX_ACTIONS)
    return Game(np.eye(n_actions), f"coordination of {n_actions}")


def stag_hunt(safe: float = 0.7) -> Game:
    """Hunt the stag together for 1 each, or catch a hare alone for ``safe``, whatever the other does.

    A lone stag hunter gets 0. Both hunting stag is best for both; hunting hare needs no trust.

    Examples
    --------
    >>> hunt = sc.games.stag_hunt(safe=0.7)
    >>> sc.pareto_optimal_nash(hunt, types=(0, 0))  # hunting hare is not among them
    [Profile([1. 0.], [1. 0.], pays 1.000, 1.000)]
    """
    safe = checks.real("safe", safe, 0, 1)
    return Game([[1.0, 0.0], [safe, safe]], "stag hunt", ("stag", "hare"))


def battle_of_the_sexes(second_best: float = 0.5) -> Game:
    """Two friends want to spend the evening together; type 0 prefers the concert, type 1 the film.

    Together at the favourite pays 1, together at the other ``second_best``, apart 0.

    Examples
    --------
    >>> evening = sc.games.battle_of_the_sexes()
    >>> sc.worst_pone(evening, types=(0, 1))
    (0.5, 0.5)
    """
    low = checks.real("second_best", second_best, 0, 1)
    return Game(
        [[[1.0, 0.0], [0.0, low]], [[low, 0.0], [0.0, 1.0]]],
        "battle of the sexes",
        ("concert", "film"),
        ("prefers the concert", "prefers the film"),
    )


def prisoners_dilemma() -> Game:
    """Helping costs little and gives much, yet not helping is better whatever the other does.

    Both help: .6 each; nobody helps: .2 each; the only helper gets 0, the other 1.

    Examples
    --------
    >>> sc.worst_pone(sc.games.prisoners_dilemma(), types=(0, 0))
    (0.2, 0.2)
    """
    return Game([[0.6, 0.0], [1.0, 0.2]], "prisoner's dilemma", ("cooperate", "defect"))


def chicken() -> Game:
    """Two cars meet on a narrow road: swerving is cheap, being the only one to swerve a loss of face.

    Both swerve: .7 each; one swerves: .3, and 1 for the other; nobody swerves: 0.

    Examples
    --------
    >>> sc.worst_pone(sc.games.chicken(), types=(0, 0))
    (0.3, 0.3)
    """
    return Game([[0.7, 0.3], [1.0, 0.0]], "chicken", ("swerve", "straight"))


def matching_pennies() -> Game:
    """A goalkeeper (type 0) wants to match the kicker's side, the kicker (type 1) wants to differ: 1 or 0.

    What one wins the other loses, and the only equilibrium is to choose at random.

    Examples
    --------
    >>> sc.nash_equilibria(sc.games.matching_pennies(), types=(0, 1))
    [Profile([0.5 0.5], [0.5 0.5], pays 0.500, 0.500)]
    """
    return Game([np.eye(2), 1 - np.eye(2)], "matching pennies", ("left", "right"), ("matcher", "mismatcher"))


def rock_paper_scissors(tie: float = 0.5) -> Game:
    """Paper beats rock, scissors beat paper, rock beats scissors: a win pays 1, a loss 0, two alike ``tie`` each.

    The only equilibrium is to choose at random. A tie that pays less than a half leaves less to share.

    Examples
    --------
    >>> sc.games.rock_paper_scissors().payoffs[0]
    array([[0.5, 0. , 1. ],
           [1. , 0.5, 0. ],
           [0. , 1. , 0.5]])
    """
    tie = checks.real("tie", tie, 0, 1)
    payoffs = [[tie, 0, 1], [1, tie, 0], [0, 1, tie]]
    return Game(payoffs, "rock-paper-scissors", ("rock", "paper", "scissors"))


def inefficient_cce() -> Game:
    """A 3 by 3 game where two learners can stay for ever far below its only Nash equilibrium.

    The equilibrium (action 1 for both) pays 1; the worst coarse correlated equilibrium pays 1/15.

    Examples
    --------
    >>> rut = sc.games.inefficient_cce()
    >>> z = sc.coarse_correlated_equilibrium(rut, (0, 0), sense="min")
    >>> round(float((z * rut.payoffs[0]).sum()), 4)
    0.0667
    """
    return Game([[0.0, 0.0, 0.2], [0.1, 1.0, 0.0], [0.0, 0.0, 0.0]], "inefficient CCE")


def conversation(n_actions: int = 4, words: int | None = None) -> Game:
    """Two people talk: 1 each while both say something fitting, 0 once somebody does not.

    The first ``words`` actions are things to say, and none is better than another; by default all but the last.
    The last action is to leave, and those in between are out of place.

    Examples
    --------
    >>> sc.games.conversation(4, words=2).action_names
    ('word 1', 'word 2', 'blunder 1', 'leave')
    """
    n_actions = checks.integer("n_actions", n_actions, 2, MAX_ACTIONS)
    words = n_actions - 1 if words is None else checks.integer("words", words, 1, n_actions - 1)
    talks = np.arange(n_actions) < words
    names = [f"word {number}" for number in range(1, words + 1)]
    names += [f"blunder {number}" for number in range(1, n_actions - words)]
    return Game(np.outer(talks, talks).astype(float), "conversation", [*names, "leave"])


_HABITS = {
    "tone": (("direct", "supportive"), ("likes it direct", "likes it supportive")),
    "workload": (("wait", "ask"), ("speaks up", "wants to be asked")),
}


def team_lead(preferences: Sequence[str] = ("tone",), compromise: float = 0.6, alone: float = 0.2) -> Game:
    """Two colleagues settle on habits of working together; each has private preferences about them.

    An action fixes one side's habits: its tone in messages ("direct" or "supportive") and, with
    ``preferences=("tone", "workload")``, how workload limits come up ("wait" until they are voiced, or
    "ask"). Each habit is worth 1 to an agent when both share the one it likes, ``compromise`` when both
    share the other one, ``alone`` when only its own side keeps the habit it likes, and 0 otherwise; the
    payoff is the mean over the habits. A type is what the agent likes, so the game has as many types as
    actions: 2 with one habit, 4 with two.

    Examples
    --------
    >>> team = sc.games.team_lead()
    >>> team.payoffs[1]  # likes it supportive
    array([[0.6, 0. ],
           [0.2, 1. ]])
    >>> sc.games.team_lead(("tone", "workload")).n_types
    4
    """
    known = ", ".join(map(repr, _HABITS))
    listed = isinstance(preferences, Sequence) and not isinstance(preferences, str)
    if not listed or not preferences or not all(isinstance(p, str) and p in _HABITS for p in preferences):
        raise ValueError(f"preferences must be a list of one or more of {known}, got {preferences!r}")
    if len(set(preferences)) != len(preferences):
        raise ValueError(f"preferences must not repeat a habit, got {preferences!r}")
    shared = checks.real("compromise", compromise, 0, 1)
    alone = checks.real("alone", alone, 0, 1)
    habit = np.array([[[1, alone], [0, shared]], [[shared, 0], [alone, 1]]])
    combinations = list(product((0, 1), repeat=len(preferences)))
    payoffs = [
        [
            [
                np.mean([habit[likes, mine, yours] for likes, mine, yours in zip(t, a, b, strict=True)])
                for b in combinations
            ]
            for a in combinations
        ]
        for t in combinations
    ]
    actions, types = (
        [", ".join(_HABITS[p][which][digit] for p, digit in zip(preferences, c, strict=True)) for c in combinations]
        for which in (0, 1)
    )
    return Game(payoffs, "team lead", actions, types)


def project(wordings: int = 2, outside: float = 0.55) -> Game:
    """Two colleagues on a project settle on their habits, as in `team_lead` with both, or one does without the other.

    Beside the four ways to combine the habits there is a bare order ("terse"), which serves nobody, and to do
    the work alone ("do without"), which pays ``outside`` whatever the other does and leaves the other with
    nothing. Each of these acts can be said in several ``wordings``, and no payoff depends on which.
    Action ``wordings * act + wording`` is an act in a wording. The types are those of `team_lead`.

    Examples
    --------
    >>> project = sc.games.project(wordings=2)
    >>> project.n_types, project.n_actions, project.action_names[-1]
    (4, 12, 'do without (2)')
    """
    wordings = checks.integer("wordings", wordings, 1, MAX_ACTIONS // 6)
    outside = checks.real("outside", outside, 0, 1)
    habits = team_lead(("tone", "workload"))
    acts = [*habits.action_names, "terse", "do without"]
    payoffs = np.zeros((habits.n_types, len(acts), len(acts)))
    payoffs[:, :4, :4] = habits.payoffs
    payoffs[:, -1] = outside
    names = [f"{act} ({number})" for act in acts for number in range(1, wordings + 1)]
    return Game(payoffs.repeat(wordings, axis=1).repeat(wordings, axis=2), "project", names, habits.type_names)


def random_game(
    n_actions: int, n_types: int = 1, seed: int | np.random.Generator | None = None, levels: int | None = None
) -> Game:
    """Return a game with independent payoffs: uniform on [0, 1], or on ``levels`` equally spaced values.

    Few levels make ties, and so degenerate games, likely.

    Examples
    --------
    >>> sc.games.random_game(2, n_types=3, seed=1).payoffs.shape
    (3, 2, 2)
    >>> sorted(set(sc.games.random_game(4, seed=1, levels=3).payoffs.ravel().tolist()))
    [0.0, 0.5, 1.0]
    """
    n_actions = checks.integer("n_actions", n_actions, 1, MAX_ACTIONS)
    shape = (checks.integer("n_types", n_types, 1, MAX_TYPES), n_actions, n_actions)
    rng = checks.generator(seed)
    if levels is None:
        return Game(rng.random(shape), "random game")
    levels = checks.integer("levels", levels, 2, 2**53)
    return Game(rng.integers(levels, size=shape) / (levels - 1), "random game")
