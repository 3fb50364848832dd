"""Open questions: what is to be proved, and the lines by which a proof is marked by hand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Proof:
    """A question that asks for a proof.

    Attributes
    ----------
    name
        What it is called.
    text
        What is asked, with TeX between dollars.
    rubric
        What a proof must have, one mark for each line.
    """

    name: str
    text: str
    rubric: tuple[str, ...]


_HALVES = Proof(
    "regret_of_halves",
    "An agent plays $T$ stages of a game. Cut them into two parts, the first $T'$ stages and the rest. Show that its "
    "external regret in total over all $T$ stages is at most the sum of its external regrets over the two parts. "
    "Then give an example in which it is less than that sum.",
    (
        "Writes the regret over some stages as a maximum over fixed actions, less what was earned.",
        "Says that for each fixed action, and for what was earned, the two parts add up to the whole.",
        "Concludes that the maximum of a sum is at most the sum of the maxima, since each part may choose its own.",
        "Gives an example in which the best fixed actions of the two parts differ.",
    ),
)
_LEVER = Proof(
    "lever",
    "From some stage on, the assistant draws its action from one and the same distribution $x$, whatever the partner "
    "does. Over $T$ such stages the partner's expected external regret is at most $R$. Show that it earns at "
    r"least $T \max_b u(b, x) - R$ in expectation, where $u(b, x)$ is what action $b$ earns against $x$ on average.",
    (
        "Writes what the partner earned as what a fixed action would have earned, less the regret against it.",
        "Says that a fixed action earns its mean against $x$ at each stage, since $x$ does not depend on the past.",
        "Uses that the regret compares with the best fixed action, so that it bounds the regret against each of them.",
        "Takes the best action against $x$, and puts the bound together.",
    ),
)
_NU = Proof(
    "nu",
    "In the imitated stages the pair of actions $(a, b)$ had the frequency $z(a, b)$. The commitment $\\nu$ draws one "
    "of the partner's actions $b$ as often as it was played, and then plays at every stage the assistant's own "
    "frequencies beside this $b$. The partner gives its best reply to what was drawn. Show that on average over the "
    "draw it earns at least what it earned in the imitated stages, whatever its payoffs are.",
    (
        "Says which mixed action follows the draw of $b$: the conditional frequencies of $a$ beside $b$.",
        "Says that the best reply to it earns at least what the action $b$ itself earns against it.",
        "Averages over the draw, in which $b$ has its own frequency.",
        "Says that frequency times conditional frequency is $z(a, b)$, so that the average is what was earned.",
    ),
)
PROOFS: dict[str, Proof] = {proof.name: proof for proof in (_HALVES, _LEVER, _NU)}
