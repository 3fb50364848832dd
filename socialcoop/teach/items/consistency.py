"""Items on consistency: a learner's next step, its worst partner, and how far it may be led astray."""

from __future__ import annotations

from itertools import product
from math import log

import numpy as np

from socialcoop.games import coordination
from socialcoop.social import consistency
from socialcoop.strategies import Hedge, Tabular
from socialcoop.teach.drafts import Dice, Draft, seeded
from socialcoop.teach.items.tables import ACTIONS, PARTNER_PAYS, partners, power

WORDS = ("tea", "coffee", "juice")
SIDES = ("left", "right")


@seeded
def hedge_probability(dice: Dice) -> Draft | None:
    """The probability that Hedge gives to an action after a few stages (Hedge, Freund and Schapire 1997)."""
    n, base = dice.pick((2, 3)), dice.pick((2, 3))
    seen, asked = dice.several(range(n), dice.pick((2, 3, 4))), dice.below(n)
    seat = Hedge(rate=log(base)).seat(coordination(n), 0, np.zeros(1, int), len(seen))
    for action in seen:
        seat.observe(np.zeros(1, int), np.array([action]))
    right, counts = float(seat.policy()[asked, 0]), [seen.count(action) for action in range(n)]
    weights = [base**number for number in counts]
    best = counts[asked] == max(counts)
    shown = ", ".join(WORDS[action] for action in seen)
    return Draft(
        f"Two choose among {', '.join(WORDS[: n - 1])} and {WORDS[n - 1]}. Each earns 1 per stage if both choose "
        f"alike, else 0. One of them runs Hedge with rate ln {base}: it plays an action with probability proportional "
        f"to exp(rate × what the action would have earned so far). The partner chose {shown}. "
        f"With what probability does Hedge choose {WORDS[asked]} next? Round to two decimal places.",
        right,
        f"The weights are {_weights(base, counts)}. So it is {weights[asked]}/{sum(weights)}.",
        [
            (counts[asked] / len(seen), "That is how often the partner chose it. Hedge weighs exponentially."),
            (float(best), "That is to follow the leader. Hedge gives every action some probability."),
            (1 / n, "That is the probability at the first stage, before anything was seen."),
            (
                base ** seen[:-1].count(asked) / sum(base ** seen[:-1].count(action) for action in range(n)),
                "That leaves out the last stage.",
            ),
        ],
    )


def _weights(base: int, counts: list[int]) -> str:
    return ", ".join(f"{base}{power(number)} for {word}" for word, number in zip(WORDS, counts, strict=False))


@seeded
def worst_partner(dice: Dice) -> Draft | None:
    """The failure probability against the worst partner of two stages (Bellman's backward induction)."""
    first, after = dice.tenths(1, 9), (dice.tenths(0, 10), dice.tenths(0, 10))
    at_least = dice.pick((1, 2))
    opening = np.array([[[first, 1 - first]]])
    second = np.array([[[after[b], 1 - after[b]] for _ in range(2) for b in range(2)]])
    right = consistency(Tabular([opening, second]), coordination(2), 2, (at_least - 0.5) / 2, method="exact").failure
    plans = _plans(first, after, at_least)
    best = max(plans, key=lambda plan: plans[plan])
    return Draft(
        "Matching pennies, two stages: the matcher earns 1 for each stage at which both choose the same side, else 0. "
        f"At stage 1 the matcher plays left with probability {first:g}. At stage 2 it plays left with probability "
        f"{after[0]:g} if the partner played left at stage 1, and with probability {after[1]:g} if the partner played "
        f"right. It fails if its external regret is at least {at_least} in total. With what probability does it fail "
        "against its worst partner? Round to two decimal places.",
        right,
        f"The worst partner plays {best}, and then it fails with probability {plans[best]:.3g}. "
        + " ".join(f"With {plan} it is {plans[plan]:.3g}." for plan in plans if plan != best)
        + " To look at what the matcher played gains the partner nothing more.",
        [
            (sum(plans.values()) / 4, "That is the partner who tosses a coin twice. The worst one knows its way."),
            (min(plans.values()), "That is the best partner. The worst one was asked for."),
            (sorted(plans.values())[-2], "There is a partner that is worse still. Try all four plans."),
            (1 - right, "That is the probability that it does not fail."),
        ],
    )


def _plans(first: float, after: tuple[float, float], at_least: int) -> dict[str, float]:
    """Return for each plan of a partner who reacts to nothing how likely the matcher is to fail."""
    failed = {}
    for b, d in product(range(2), repeat=2):
        one, two = ((1 - left) if side else left for left, side in ((first, b), (after[b], d)))  # chances of a match
        best = 2 if b == d else 1  # what the better side would have earned
        chances = ((1 - one) * (1 - two), one * (1 - two) + (1 - one) * two, one * two)  # of 0, 1 and 2 matches
        plan = f"{SIDES[b]} and then {SIDES[d]}"
        failed[plan] = sum(chance for earned, chance in enumerate(chances) if best - earned >= at_least)
    return failed


@seeded
def stages_astray(dice: Dice) -> Draft | None:
    """How many stages a consistent partner may be astray of its best reply (the lever, after section 3.2)."""
    payoffs = np.array(dice.several([each / 10 for each in range(11)], 4)).reshape(2, 2)
    slip, horizon = dice.pick((0.1, 0.2, 0.3, 0.4)), dice.pick((1000, 2000, 4000))
    epsilon, delta = dice.pick((0.03, 0.04, 0.05, 0.06)), dice.pick((0.01, 0.02))
    kept = dice.below(2)
    mix = np.array([1 - slip, slip] if kept == 0 else [slip, 1 - slip])
    values = payoffs @ mix
    gap, best = float(abs(values[0] - values[1])), int(values.argmax())
    if gap < 0.2:
        return None
    right = horizon * (epsilon + delta) / gap
    return Draft(
        f"{PARTNER_PAYS}The assistant plays {ACTIONS[kept]} at each stage, but slips into {ACTIONS[1 - kept]} with "
        f"probability {slip:g}. The partner is ({delta:g}, {epsilon:g}, {horizon})-consistent: its external regret "
        f"exceeds {epsilon:g} per stage with probability at most {delta:g}. By the proposition on the lever, at how "
        f"many of the {horizon} stages at most may it play something else than its best reply, on average? "
        "Round to a whole number.",
        right,
        f"Its best reply is {ACTIONS[best]}: it earns {values[best]:g}, and the other action {values[1 - best]:g}. "
        f"So each such stage costs {gap:.3g}, and all of them at most {epsilon + delta:g} × {horizon} = "
        f"{horizon * (epsilon + delta):g}.",
        [
            (horizon * (epsilon + delta), "That is what they may cost. Divide by what one such stage costs."),
            (horizon * epsilon / gap, "With probability δ the regret may be larger. Add δ to ε."),
            (horizon * (epsilon + delta) / values[best], "A stage astray costs the gap between the two actions."),
            (horizon * (epsilon + delta) * gap, "Divide by the gap. The more a slip costs, the fewer there are."),
        ],
        within=0.5,
        table=partners(payoffs),
    )
