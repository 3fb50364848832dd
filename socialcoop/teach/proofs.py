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
_ZERO_SHOT = Proof(
    "zero_shot",
    "On each of $T$ mornings a host serves tea or coffee, and the guest takes tea or coffee herself, at the same time. "
    "Per morning a guest gets $1 - m$ if the host serves what she likes, and $m$ more if she takes it herself. There "
    "are two countries, and in each a guest likes tea or coffee with probability one half. On the first morning a "
    "guest from the first country takes what she likes, and one from the second what she does not like. From then on a "
    "guest from either country takes what the host served on the first morning. Her worst PONE pays her 1 per morning, "
    "so the host's altruistic regret per morning is 1 minus what she gets on average. Show that for every strategy of "
    "the host its mean altruistic regrets per morning with guests from the two countries add up to exactly 1, so that "
    "the larger one is at least one half.",
    (
        "Says that the one who likes tea in the first country and the one who likes coffee in the second act alike, "
        "whatever the host does, so that all that happens has the same distribution with both.",
        "With $q$ and $u$ for the mean shares of mornings on which the host serves tea and on which the guest takes "
        "tea, writes what the two get per morning: $(1 - m)q + mu$ and $(1 - m)(1 - q) + m(1 - u)$.",
        "Adds the two up to 1, so that the two regrets add up to 2 - 1 = 1.",
        "Says the same of the other two guests, averages over the two guests of each country, and concludes that of "
        "two numbers with the sum 1 one is at least one half.",
    ),
)
_ALONE = Proof(
    "no_regret_alone",
    "At each of $T$ stages an assistant and its partner each choose one of several ways, or to do without, at the "
    "same time. Doing without earns the partner $o$, whatever the assistant does. Going a way earns it at most 1 at a "
    "stage at which the assistant goes the same way, and 0 at any other. The assistant goes no way at more than $oT$ "
    "of the stages. The partner does without at all of them. Show that it has no external regret, whatever it likes.",
    (
        "Says what the partner earned: $o$ at each stage, so $oT$ in total.",
        "Says that regret compares this with one fixed action for all stages, the assistant's actions being as they "
        "were.",
        "Says that a fixed way earns 0 at the stages at which the assistant does anything else, and at most 1 at the "
        "others, of which there are at most $oT$.",
        "Concludes that no way would have earned more than $oT$, and that to do without, the one other fixed action, "
        "is what was played.",
    ),
)
PROOFS: dict[str, Proof] = {proof.name: proof for proof in (_HALVES, _LEVER, _NU, _ZERO_SHOT, _ALONE)}
