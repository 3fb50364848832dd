"""Items on equilibria of a stage game of two actions: best replies, Nash equilibria, PONE, coarse correlation."""

from __future__ import annotations

import numpy as np

from socialcoop.equilibria import Profile, coarse_correlated_gain, nash_equilibria, pareto_optimal_nash, worst_pone
from socialcoop.teach.drafts import Dice, Draft, seeded
from socialcoop.teach.items.tables import (
    ACTIONS,
    BOTH_PAY,
    PARTNER_PAYS,
    TYPES,
    Floats,
    bimatrix,
    game_of,
    listed,
    partners,
)

TENTHS = tuple(each / 10 for each in range(11))
PAIRS = tuple((a, b) for a in range(2) for b in range(2))


def _table(dice: Dice) -> Floats:
    return np.array(dice.several(TENTHS, 4)).reshape(2, 2)


def _tied(table: Floats) -> bool:
    """Return whether two own actions pay the same against one of the other's."""
    return bool((table[0] == table[1]).any())


def _turn(table: Floats) -> int:
    """Return 1 if it is best to do as the other does, -1 if it is best to do otherwise, 0 if neither."""
    gains = table[0] - table[1]
    return int(gains[0] > 0 > gains[1]) - int(gains[0] < 0 < gains[1])


def _pure(profile: Profile) -> bool:
    return all(strategy.max() == 1 for strategy in profile.strategies)


def _named(profile: Profile) -> str:
    """Return a pure pair of actions with its payoffs."""
    first, second = (ACTIONS[int(strategy.argmax())] for strategy in profile.strategies)
    return f"({first}, {second}), which pays {profile.payoffs[0]:g} and {profile.payoffs[1]:g}"


@seeded
def best_reply_value(dice: Dice) -> Draft | None:
    """What a best reply to a mixed action earns."""
    payoffs, share = _table(dice), dice.tenths(1, 9)
    values = payoffs @ [share, 1 - share]
    best, likely = int(values.argmax()), int(share < 0.5)
    if _tied(payoffs) or abs(values[0] - values[1]) < 0.03:
        return None
    return Draft(
        f"{PARTNER_PAYS}At each stage the assistant plays direct with probability {share:g}, whatever was played, and "
        "supportive otherwise. The partner knows this, but chooses before it sees the draw. What does its best reply "
        "earn per stage, on average?",
        float(values[best]),
        f"Direct earns {values[0]:.3g} on average, and supportive {values[1]:.3g}. The larger number counts.",
        [
            (float(values[1 - best]), "That is what the other action earns. Another one earns more."),
            (
                float(payoffs.max(axis=0) @ [share, 1 - share]),
                "That would need to know the draw before one chooses. The reply is one action for both cases.",
            ),
            (
                float(payoffs[:, likely].max()),
                f"That is a reply to {ACTIONS[likely]} for sure. The other action comes up as well.",
            ),
            (float(payoffs[best].mean()), "That weighs both columns alike. Weigh them with their probabilities."),
        ],
        table=partners(payoffs),
    )


@seeded
def mixed_equilibrium(dice: Dice) -> Draft | None:
    """A probability in the mixed equilibrium of a game of two actions."""
    tables = _table(dice), _table(dice)
    if any(map(_tied, tables)):
        return None
    game = game_of(*tables)
    mixed = [each for each in nash_equilibria(game, TYPES) if not _pure(each)]
    if not mixed:
        return None
    who = dice.below(2)
    right = float(mixed[0].strategies[who][0])
    others = float(mixed[0].strategies[1 - who][0])
    names = ("assistant", "partner")
    (gain, loss) = np.abs(tables[1 - who][0] - tables[1 - who][1])
    return Draft(
        f"{BOTH_PAY}The game has one Nash equilibrium in which both mix. With what probability does the {names[who]} "
        "play direct in it? Round to two decimal places.",
        right,
        f"The {names[who]} has to make the {names[1 - who]} indifferent. To the {names[1 - who]} the two actions "
        f"differ by {gain:g} if the {names[who]} plays direct, and by {loss:g} the other way round if supportive. So "
        f"the probability is {loss:g}/({gain:g} + {loss:g}).",
        [
            (
                others,
                f"That is the probability of the {names[1 - who]}. The payoffs of the {names[1 - who]} decide it, "
                f"and not those of the {names[who]}.",
            ),
            (1 - right, "That is the probability of supportive."),
            (1 - others, f"Set equal what the {names[1 - who]} earns, and not what the {names[who]} earns."),
            (0.5, "A fair coin makes the other one indifferent only where the two differences are equal."),
        ],
        table=bimatrix(*tables),
    )


@seeded
def number_of_equilibria(dice: Dice) -> Draft | None:
    """How many Nash equilibria a game of two actions has, pure and mixed."""
    tables = _table(dice), _table(dice)
    if any(map(_tied, tables)):
        return None
    found = nash_equilibria(game_of(*tables), TYPES)
    pure = [each for each in found if _pure(each)]
    if len(found) == 1 and pure and dice.below(4):  # the most common kind, and the least interesting
        return None
    if not pure:
        why = "In no pair of actions does each reply best to the other. So the only equilibrium is mixed."
        traps = [(0.0, "There is none in pure actions. But every game has one if actions may be mixed.")]
    else:
        why = f"In pure actions there is {listed([_named(each) for each in pure])}. "
        why += (
            "Between the two there is a mixed one."
            if len(pure) == 2
            else "One of the two has a dominant action, so that is all."
        )
        missed = "The pure ones are two. Where there are two there is a mixed one as well."
        less = "No action dominates all for both. Test each pair of actions, and then mixtures."
        traps = [(2.0, missed), (1.0, less)] if len(pure) == 2 else [(0.0, "Every game has at least one.")]
    traps += [(2.0, "Without ties the number is odd."), (3.0, "Then each of two pairs would be an equilibrium.")]
    traps += [(4.0, "Those are all pairs of actions. In equilibrium each action is a best reply to the other.")]
    return Draft(
        f"{BOTH_PAY}How many Nash equilibria does this stage game have, pure and mixed ones together?",
        float(len(found)),
        why,
        [(trap, error) for trap, error in traps if trap != len(found)][:4],
        table=bimatrix(*tables),
    )


@seeded
def which_pone(dice: Dice) -> Draft | None:
    """Which pairs of actions are Pareto-optimal Nash equilibria in the paper's sense (section 3)."""
    tables = _table(dice), _table(dice)
    if dice.below(2):  # the same at both agreements for one agent: only strong domination counts
        tables[0][1, 1] = tables[0][0, 0]
    if any(map(_tied, tables)):
        return None
    game = game_of(*tables)
    agreed = [
        each
        for each in nash_equilibria(game, TYPES)
        if _pure(each) and (each.strategies[0][0] == each.strategies[1][0])
    ]
    good = [int(each.strategies[0][1]) for each in pareto_optimal_nash(game, TYPES) if each in agreed]
    stable = [int(each.strategies[0][1]) for each in agreed]
    if not stable and dice.below(4):
        return None
    right = ("neither", "only both direct", "only both supportive", "both of them")[sum(action + 1 for action in good)]
    return Draft(
        f"{BOTH_PAY}Which of the two agreements, both direct and both supportive, are Pareto-optimal Nash equilibria? "
        "An equilibrium is beaten only by another one that is better for both agents.",
        right,
        choices=_reasons(tables, stable, good),
        table=bimatrix(*tables),
    )


def _reasons(tables: tuple[Floats, Floats], stable: list[int], good: list[int]) -> dict[str, str]:
    """Return for each answer what is right or wrong about it."""
    lines = []
    for action, name in enumerate(ACTIONS):
        pays = [float(table[action, action]) for table in tables]
        gains = [float(table[1 - action, action]) for table in tables]
        leaver = next((who for who in range(2) if gains[who] > pays[who]), None)
        if action not in stable:
            who = ("assistant", "partner")[leaver or 0]
            lines.append(
                f"Both {name} is no equilibrium: the {who} gets {gains[leaver or 0]:g} instead of "
                f"{pays[leaver or 0]:g} by another action."
            )
        elif action in good:
            lines.append(f"Both {name} is an equilibrium, and none is better for both.")
        else:
            lines.append(f"Both {name} is an equilibrium, but another one is better for both.")
    answers = {"neither": [], "only both direct": [0], "only both supportive": [1], "both of them": [0, 1]}
    return {
        answer: " ".join(
            line for action, line in enumerate(lines) if said == good or (action in said) != (action in good)
        )
        for answer, said in answers.items()
    }


@seeded
def worst_pone_payoff(dice: Dice) -> Draft | None:
    """What the partner's worst PONE pays, the benchmark of altruistic regret (Definition 3.4)."""
    tables = _table(dice), _table(dice)
    if {_turn(table) for table in tables} not in ({1}, {-1}):  # then two pairs of actions are equilibria
        return None
    game = game_of(*tables)
    found, good = nash_equilibria(game, TYPES), pareto_optimal_nash(game, TYPES)
    if not all(map(_pure, good)):
        return None
    paid = [each.payoffs[1] for each in good]
    why = f"The PONE: {listed([_named(each) for each in good])}. "
    why += "Of the two payoffs of the partner the lower one counts." if len(good) == 2 else "It beats the others."
    best = [(max(paid), "That is its best PONE. The worst one is the benchmark.")] if len(good) == 2 else []
    beaten = [each.payoffs[1] for each in found if each not in good]
    first = worst_pone(game, TYPES)[0]
    return Draft(
        f"{BOTH_PAY}What does the partner earn per stage in its worst Pareto-optimal Nash equilibrium? "
        "An equilibrium is beaten only by another one that is better for both agents.",
        worst_pone(game, TYPES)[1],
        why,
        [
            *best,
            (first, "That is the assistant's payoff. The second number of a cell is the partner's."),
            *((each, "That is an equilibrium, but another one is better for both.") for each in beaten),
            (float(tables[1].max()), "That is the most it can get. It is not what a PONE pays."),
            (float(tables[1].min()), "That is the least it can get. It is not what a PONE pays."),
        ],
        table=bimatrix(*tables),
    )


@seeded
def coarse_correlated(dice: Dice) -> Draft | None:
    """Whether a joint distribution is a coarse correlated equilibrium (Moulin and Vial 1978)."""
    tables = _table(dice), _table(dice)
    weights = dice.several((0, 1, 2, 3, 4), 4)
    if sum(weights) != 10:
        return None
    joint = np.array(weights).reshape(2, 2) / 10
    gains = coarse_correlated_gain(joint, game_of(*tables), TYPES)
    if min(map(abs, gains)) < 0.009:
        return None
    answers = ("yes", "no, only the assistant gains", "no, only the partner gains", "no, both gain")
    right = int(gains[0] > 0) + 2 * int(gains[1] > 0)
    if dice.below((1, 4, 4, 60)[right]):  # answers that come up often by chance are kept more rarely
        return None
    lines = [_gain(who, tables[who], joint if who == 0 else joint.T) for who in range(2)]
    chances = listed(
        [f"({ACTIONS[a]}, {ACTIONS[b]}) with probability {joint[a, b]:g}" for a, b in PAIRS if joint[a, b]]
    )
    return Draft(
        f"{BOTH_PAY}The pair of actions is drawn, the assistant's first: {chances}. Is this a coarse "
        "correlated equilibrium? If not: who would gain by keeping to one action instead, chosen before the draw?",
        answers[right],
        choices={
            answer: " ".join(line for who, line in enumerate(lines) if number == right or (number ^ right) >> who & 1)
            for number, answer in enumerate(answers)
        },
        table=bimatrix(*tables),
    )


def _gain(who: int, table: Floats, joint: Floats) -> str:
    """Return what an agent earns under a joint distribution, own action first, and by its best fixed action."""
    earned, fixed = float((table * joint).sum()), table @ joint.sum(axis=0)
    best = int(fixed.argmax())
    verdict = "so it gains" if fixed[best] > earned else "so it does not gain"
    return (
        f"The {('assistant', 'partner')[who]} earns {earned:.3g} by the draw, and {fixed[best]:.3g} by always "
        f"{ACTIONS[best]}, {verdict}."
    )
