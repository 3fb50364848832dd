"""Items on bounds: what they are made of, and what they promise."""

from __future__ import annotations

from bisect import bisect_right
from math import exp, floor, log, sqrt

from socialcoop.bounds import corrected_theorem, hedge_epsilon, price_of_hidden_types, theorem_3_7
from socialcoop.teach.drafts import Dice, Draft, seeded


@seeded
def hedge_bound(dice: Dice) -> Draft | None:
    """The regret per stage that tuned Hedge exceeds with small probability (Theorem on Hedge)."""
    horizon, n = dice.pick((100, 200, 400, 800, 1000, 2000)), dice.pick((2, 3, 4))
    delta = dice.pick((0.01, 0.02, 0.05, 0.1))
    right = hedge_epsilon(horizon, n, delta)
    path, luck = (sqrt(log(number) / 2 / horizon) for number in (n, 1 / delta))
    return Draft(
        f"Hedge with {n} actions is tuned to {horizon} stages. By the theorem on Hedge, which external regret per "
        f"stage does it exceed with probability at most {delta:g}, whoever it meets? Give the bound that the theorem "
        "states. Round to three decimal places.",
        right,
        f"The mixed actions cost √(ln {n} / (2 × {horizon})) = {path:.4f} per stage, and the luck of the draws "
        f"√(ln {1 / delta:g} / (2 × {horizon})) = {luck:.4f}.",
        [
            (path, "That is for the mixed actions on average. Add what the luck of the draws may cost."),
            (luck, "That is the luck of the draws alone. Add what the mixed actions cost."),
            (right * horizon, "That is the total over all stages. The regret per stage was asked for."),
            (right * sqrt(2), "Both logarithms are divided by 2 under the root."),
            (sqrt((log(n) + log(1 / delta)) / 2 / horizon), "Add the two roots, and not what is under them."),
        ],
        within=0.0005,
    )


@seeded
def corrected_bound(dice: Dice) -> Draft | None:
    """What the corrected theorem promises of imitate-then-commit (Theorem: the corrected bound)."""
    horizon, share = dice.pick((500, 1000, 2000)), dice.pick((0.1, 0.2, 0.25, 0.4, 0.5))
    epsilon, delta = dice.pick((0.02, 0.03, 0.04, 0.05)), dice.pick((0.01, 0.02))
    tv, n = dice.pick((0.03, 0.06, 0.08)), dice.pick((2, 3, 4))
    phase = round(horizon * share)
    gap = 1 - 1 / n
    bound = corrected_theorem(horizon, phase, epsilon, delta, tv, gap)
    return Draft(
        f"An assistant imitates {phase} of {horizon} stages, and then commits with ν. The people are ({delta:g}, "
        f"{epsilon:g}, {horizon})-consistent and ({delta:g}, {epsilon:g}, {phase})-compatible, the imitated stages "
        f"have a total variation of at most {tv:g}, and nothing is known of their correlation gap but that there are "
        f"{n} actions. Which altruistic regret per stage does the corrected theorem promise at most, on average? "
        "Round to three decimal places.",
        float(bound),
        f"It is 2δ + δ(K) + 2ε + λ × gap = {2 * delta:g} + {tv:g} + {2 * epsilon:g} + {share:g} × {gap:.3g}: λ is "
        f"{phase}/{horizon}, and the gap is at most 1 - 1/{n}.",
        [
            (
                float(theorem_3_7(horizon, phase, epsilon, delta, tv)),
                "That is Theorem 3.7 as printed, which leaves out the correlation gap.",
            ),
            (bound - bound.terms["gap"], "Add λ times the gap, the price of what the partner has in the bank."),
            (bound + (1 - share) * gap, "The gap counts for the imitated share of the stages only."),
            (bound - delta - epsilon, "ε and δ count twice: for consistency and for compatibility."),
            (bound + share / n, f"With {n} actions the gap is at most 1 - 1/{n}."),
        ],
        within=0.0005,
    )


@seeded
def longest_phase(dice: Dice) -> Draft | None:
    """How long one may imitate by the corrected theorem (Theorem: the corrected bound)."""
    horizon, gap = dice.pick((400, 1000, 2000, 4000)), dice.pick((0.1, 0.2, 0.4, 0.5))
    epsilon, delta, tv = dice.pick((0.02, 0.03, 0.04)), dice.pick((0.01, 0.02)), dice.pick((0.02, 0.05))
    wanted = dice.pick((0.2, 0.25, 0.3))

    def promised(phase: int) -> float:
        return float(corrected_theorem(horizon, phase, epsilon, delta, tv, gap))

    right = bisect_right(range(horizon + 1), wanted + 1e-9, key=promised) - 1
    spare = wanted - 2 * delta - tv - 2 * epsilon
    if not 0 < right < horizon:
        return None
    return Draft(
        f"An assistant wants to promise its partners an altruistic regret of at most {wanted:g} per stage over "
        f"{horizon} stages, by the corrected theorem on imitate-then-commit with ν. δ = {delta:g}, ε = {epsilon:g}, "
        f"the imitated stages have a total variation of at most {tv:g} and a correlation gap of at most {gap:g}, "
        "however many they are. How many stages may it imitate at most? Give the whole number.",
        right,
        f"2δ + δ(K) + 2ε is {wanted - spare:g}, which leaves {spare:.3g} for λ × {gap:g}. So λ ≤ {spare / gap:.4g}, "
        f"and T̃ ≤ {horizon} × {spare / gap:.4g}.",
        [
            (floor(1e-9 + spare * horizon), f"Divide what is left by the gap: {spare:.3g}/{gap:g}."),
            (floor(1e-9 + (spare + epsilon + delta) / gap * horizon), "ε and δ count twice."),
            (floor(1e-9 + (spare + tv) / gap * horizon), "The total variation of the imitated stages counts as well."),
            (floor(1e-9 + wanted / gap * horizon), "Subtract first what does not depend on the phase."),
            (horizon - right, "That is the number of stages after the commitment."),
        ],
        within=0.5,
    )


@seeded
def hidden_types_price(dice: Dice) -> Draft | None:
    """What hidden types cost every assistant at worst (Theorem: the universal stop)."""
    horizon = dice.pick((100, 200, 500, 1000, 2000))
    share = dice.pick((0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6))
    phase = round(share * horizon)
    right = price_of_hidden_types(phase / horizon)
    return Draft(
        f"People are compatible at {phase} stages and consistent at {horizon}, and their types are hidden. By the "
        "theorem on the universal stop, what do hidden types cost at worst per stage, beside the terms with ε, δ and "
        "the imitation? Give ρ*. Round to three decimal places.",
        right,
        f"λ = {phase}/{horizon} = {share:g}, and ρ* = 1 - (1 - exp(-λ))/λ = 1 - {1 - exp(-share):.4g}/{share:g}.",
        [
            (share / 2, "That is λ/2, to which ρ* comes close only where λ is small."),
            (share / (8 - share), "That is the lower bound with four actions."),
            (1 - exp(-share), "That is the share of the stages at which the universal stop imitates at most."),
            ((1 - exp(-share)) / share, "Subtract this from 1."),
        ],
        within=0.0005,
    )
