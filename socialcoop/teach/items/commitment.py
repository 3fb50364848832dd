"""Items on commitment: the mixture ν, what it serves, and the correlation gap."""

from __future__ import annotations

import numpy as np

from socialcoop.bounds import correlation_gap as gap_of
from socialcoop.commit import commitment_mixture
from socialcoop.teach.drafts import Dice, Draft, seeded
from socialcoop.teach.items.tables import ACTIONS, PARTNER_PAYS, Floats, listed, partners, times

STAGES = 10
PAIRS = tuple((a, b) for a in range(2) for b in range(2))


def _counts(dice: Dice) -> Floats | None:
    """Draw how often the assistant played a while the partner played b, in ten stages."""
    counts = np.array(dice.several((0, 1, 2, 3, 4, 5), 4)).reshape(2, 2)
    return counts if counts.sum() == STAGES and (counts.sum(axis=0) > 0).all() else None


def _told(counts: Floats) -> str:
    parts = [f"({ACTIONS[a]}, {ACTIONS[b]}) {times(counts[a, b])}" for a, b in PAIRS if counts[a, b]]
    return f"In ten imitated stages the pairs of actions were, the assistant's first: {listed(parts)}. "


@seeded
def nu_probability(dice: Dice) -> Draft | None:
    """A probability in the commitment ν to what was played beside a partner's action (section 3.2)."""
    counts = _counts(dice)
    if counts is None:
        return None
    drawn, asked, weight = dice.below(2), dice.below(2), dice.below(3) == 0
    z = counts / STAGES
    weights, mixes = commitment_mixture(z)
    column, row, joint = z[:, drawn].sum(), z[asked].sum(), float(z[asked, drawn])
    mix = float(mixes[drawn][asked])
    nu = "The assistant commits with ν: it draws one of the partner's actions as often as it was played, and then "
    nu += "plays at every stage its own frequencies beside this action. "
    if weight:
        return Draft(
            f"{_told(counts)}{nu}With what probability does it draw the partner's {ACTIONS[drawn]}?",
            float(weights[drawn]),
            f"The partner played {ACTIONS[drawn]} in {counts[:, drawn].sum()} of ten stages.",
            [
                (float(z[drawn].sum()), f"That is how often the assistant played {ACTIONS[drawn]}."),
                (float(1 - weights[drawn]), f"That is how often the partner played {ACTIONS[1 - drawn]}."),
                (float(z[drawn, drawn]), f"That is how often both played {ACTIONS[drawn]}."),
                (0.5, "The two actions are drawn as often as they were played."),
            ],
        )
    return Draft(
        f"{_told(counts)}{nu}It draws the partner's {ACTIONS[drawn]}. With what probability does it then play "
        f"{ACTIONS[asked]} at a stage? Round to two decimal places.",
        mix,
        f"Beside the partner's {ACTIONS[drawn]}, which came up {times(counts[:, drawn].sum())}, it played "
        f"{ACTIONS[asked]} {times(counts[asked, drawn])}.",
        [
            (float(row), "That is its frequency in all ten stages. Look only at those beside the action drawn."),
            (joint, f"That is how often the pair came up. Divide by how often the partner played {ACTIONS[drawn]}."),
            (joint / float(row) if row else 0.0, "That is the partner's frequency beside the assistant's action."),
            (1 - mix, "That is the probability of the other action."),
            (float(mixes[1 - drawn][asked]), "That is its frequency beside the other action of the partner."),
            (float(column), f"That is how often {ACTIONS[drawn]} is drawn."),
        ],
    )


@seeded
def nu_value(dice: Dice) -> Draft | None:
    """What a partner's best replies to the commitment ν earn (Theorem: the commitment serves every partner)."""
    counts = _counts(dice)
    payoffs = np.array(dice.several([each / 10 for each in range(0, 11, 2)], 4)).reshape(2, 2)
    if counts is None:
        return None
    z = counts / STAGES
    weights, mixes = commitment_mixture(z)
    values = mixes @ payoffs.T  # of the mix beside b, by the reply
    right = float(weights @ values.max(axis=1))
    replies = [f"the mix beside {ACTIONS[b]} a best reply earns {values[b].max():.3g}" for b in range(2)]
    own = z.sum(axis=1)
    return Draft(
        f"{PARTNER_PAYS}{_told(counts)}The assistant commits with ν: it draws one of the partner's actions as often as "
        "it was played, and then plays at every stage its own frequencies beside this action. The partner gives its "
        "best reply to this mixed action. What does it earn per stage, on average over the draw? "
        "Round to two decimal places.",
        right,
        f"Against {replies[0]}, and against {replies[1]}. The weights are {weights[0]:g} and {weights[1]:g}.",
        [
            (float((z * payoffs.T).sum()), "That is what it earned in the ten stages. Best replies earn more."),
            (float((payoffs @ own).max()), "That is a reply to the mean of both mixes. It replies to the one drawn."),
            (
                float(own @ payoffs.max(axis=0)),
                "That is for a commitment to one action. With ν the partner replies to a mix.",
            ),
            (float(values.max(axis=1).mean()), "Weigh the two mixes by how often the partner played each action."),
        ],
        table=partners(payoffs),
    )


@seeded
def correlation_gap(dice: Dice) -> Draft | None:
    """The correlation gap of ten stages (Theorem: the corrected bound)."""
    counts = _counts(dice)
    payoffs = np.array(dice.several([each / 10 for each in range(0, 11, 2)], 4)).reshape(2, 2)
    if counts is None:
        return None
    z = counts / STAGES
    right, joint = gap_of(z, payoffs), float((z * payoffs.T).sum())
    product = np.outer(z.sum(axis=1), z.sum(axis=0))
    return Draft(
        f"{PARTNER_PAYS}{_told(counts)}What is the correlation gap: what the partner earned per stage, minus what it "
        "would earn on average if both drew their actions independently, each with its own frequencies? "
        "It may be negative. Round to three decimal places.",
        right,
        f"It earned {joint:.3g} per stage. The assistant played direct with frequency {z[0].sum():g} and the partner "
        f"with {z[:, 0].sum():g}. Drawn independently that would earn {joint - right:.3g}.",
        [
            (joint, "That is what it earned. Subtract what independent draws would earn."),
            (joint - right, "That is what independent draws would earn. Subtract it from what it earned."),
            (float(abs(z - product).sum() / 2), "That is the total variation of the two, which bounds the gap."),
            (-right, "That is the other way round: independent draws minus joint play."),
            (joint - float(payoffs.mean()), "Independent draws have the frequencies of both, and not one half each."),
        ],
        within=0.0005,
        table=partners(payoffs),
    )
