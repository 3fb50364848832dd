"""Items on the model: how many meta-strategies there are."""

from __future__ import annotations

from socialcoop.teach.drafts import Dice, Draft, seeded


@seeded
def meta_strategies(dice: Dice) -> Draft | None:
    """How many choices a deterministic meta-strategy makes (section 2)."""
    n, types, horizon = dice.pick((2, 3, 4, 5)), dice.pick((2, 3, 4)), dice.pick((2, 3))
    histories = [n ** (2 * stage) for stage in range(horizon)]
    plan = sum(histories)
    shown = " + ".join(str(number) for number in histories)
    return Draft(
        f"Two agents play {horizon} stages with {n} actions each, and each agent has one of {types} types. A "
        "deterministic meta-strategy says which action to play for each own type and after each history of both "
        f"agents' actions. There are {n} to the power of x of them. What is x?",
        types * plan,
        f"The histories of length 0 to {horizon - 1} are {shown} = {plan} in number. For each of {types} types an "
        f"action is chosen after each of them, which makes {types} × {plan} choices.",
        [
            (plan, f"That is for one type. There is such a plan for each of {types} types."),
            (
                types * (plan + n ** (2 * horizon)),
                "That counts histories after the last stage, too. Nobody acts there.",
            ),
            (types * sum(n**stage for stage in range(horizon)), "A history holds the actions of both agents."),
            (types * histories[-1], "That is the last stage alone. Shorter histories ask for an action as well."),
            (types**2 * plan, "It knows its own type only, and not the pair of types."),
        ],
        within=0.4,
    )
