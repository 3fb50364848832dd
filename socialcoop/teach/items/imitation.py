"""Items on imitation: what the records say, what they miss, and how long one who copies them survives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, e
from typing import Any

import numpy as np

from socialcoop.bounds import coverage, survival
from socialcoop.games import Game
from socialcoop.imitation import Imitator, marginal_tv
from socialcoop.imitation import missing_mass as mass
from socialcoop.plays import Play
from socialcoop.teach.drafts import Dice, Draft, seeded
from socialcoop.teach.items.tables import listed, number_of, power

RECORDS = 6
LETTERS = "ds"  # direct and supportive, in a record
NAMES = ("direct", "supportive")


@seeded
def imitator_probability(dice: Dice) -> Draft | None:
    """The probability with which an imitator of six records plays an action (section 3.2)."""
    types = [(dice.below(2), dice.below(2)) for _ in range(RECORDS)]
    actions = [[dice.several((0, 1), RECORDS) for _ in range(2)] for _ in range(2)]  # stage, agent, record
    own, first, asked = dice.below(2), (dice.below(2), dice.below(2)), dice.below(2)
    if dice.below(20):  # mostly one that a record shows
        like = dice.below(RECORDS)
        own, first = types[like][0], (actions[0][0][like], actions[0][1][like])
    same, partners = ({number for number, pair in enumerate(types) if pair[agent] == own} for agent in (0, 1))
    seen = [_with(actions[0][agent], first[agent]) for agent in (0, 1)]
    plays, begun = _with(actions[1][0], asked), seen[0] & seen[1]
    fits = same & begun
    if len(fits) == 1 or (not fits and dice.below(3)):
        return None
    share = _shares(plays)
    right = share(fits)
    if right == 0.5 and fits and dice.below(6):  # it comes up often by chance
        return None
    traps = [
        (share(begun), "That counts records of both own types. Its type is part of what it looks up."),
        (share(same), "That leaves out what was played at the first stage."),
        (share(same & seen[1]), "That leaves out its own action at the first stage."),
        (share(same & seen[0]), "That leaves out what its partner played at the first stage."),
        (share(begun & partners), "That goes by the partner's type, which it does not see."),
        *([(1 - right, "That is the probability of the other action.")] if right != 0.5 else []),
    ]
    if Draft("", right, traps=traps).errors() is None:  # most of them: there is nothing to write down
        return None
    which = listed([str(number + 1) for number in sorted(fits)])
    why = (
        f"Its own type and the first stage are those of records {which}: there "
        f"{len(fits & plays)} of {len(fits)} went on with {NAMES[asked]}."
        if fits
        else "No record has this own type and this first stage, so it plays either action with probability 1/2."
    )
    return Draft(
        "Six records of two stages. A stage is written as two letters, what the assistant's side played and what the "
        "partner played: d for direct, s for supportive. The imitator takes the assistant's side, and the own type is "
        f"that of this side. Now its type is {own}, and at the first stage it played {NAMES[first[0]]} and its "
        f"partner {NAMES[first[1]]}. With what probability does it play {NAMES[asked]} at the second stage? After a "
        "history that no record shows to its type it plays either action with probability 1/2. Round to two decimal "
        "places.",
        _imitated(np.array(types), np.array(actions), own, first, asked),
        why,
        traps,
        table=_records(types, actions),
    )


def _with(actions: Sequence[int], action: int) -> set[int]:
    """Return the numbers of the records that have this action."""
    return {number for number, each in enumerate(actions) if each == action}


def _imitated(types: Any, actions: Any, own: int, first: tuple[int, int], asked: int) -> float:
    """Return the probability of an action at the second stage, as the package's imitator has it."""
    imitator = Imitator(Play(actions, types, Game(np.zeros((2, 2, 2)))))
    seat = imitator.seat(imitator.dataset.game, 0, np.array([own]), 2)
    seat.observe(*(np.array([action]) for action in first))
    return float(seat.policy()[asked, 0])


def _shares(plays: set[int]) -> Callable[[set[int]], float]:
    """Return a function of a choice of records: the share of them that go on as asked, a half for none."""
    return lambda chosen: len(chosen & plays) / len(chosen) if chosen else 0.5


def _records(types: Sequence[tuple[int, int]], actions: Sequence[Sequence[Sequence[int]]]) -> list[tuple[str, ...]]:
    heads = ("record", "own type", "partner's type", "stage 1", "stage 2")
    stages = [[LETTERS[own] + LETTERS[other] for own, other in zip(*stage, strict=True)] for stage in actions]
    rows = [
        (str(number), *map(str, pair), one, two)
        for number, (pair, one, two) in enumerate(zip(types, *stages, strict=True), start=1)
    ]
    return [heads, *rows]


def _calls(shares: list[float], n_actions: int) -> tuple[list[Any], list[Any]]:
    """Return the behaviour tables of one who owes a fixed answer to each of some calls, and of the caller, 2 stages."""
    zeros = np.zeros(n_actions - len(shares))
    calls = np.append(shares, zeros)
    answers = np.eye(n_actions)[[0] * n_actions**2][None]
    return [answers[:, :1], answers], [calls[None, None], np.tile(calls, (1, n_actions**2, 1))]


@seeded
def missing_mass(dice: Dice) -> Draft | None:
    """The missing mass of some records of a small tree (Theorem on the missing mass)."""
    weights = dice.several((1, 2, 3, 4, 5, 6), dice.pick((2, 3)))
    if sum(weights) != 10:
        return None
    shares, episodes = [each / 10 for each in weights], dice.pick((2, 3, 4))
    right = mass(*_calls(shares, len(shares)), episodes)
    terms = " + ".join(f"{share:g} × {1 - share:g}{power(episodes)}" for share in shares)
    letters = "ABC"[: len(shares)]
    tree = ", ".join(f"{letter} with probability {share:g}" for letter, share in zip(letters, shares, strict=True))
    return Draft(
        f"An episode begins in one of {len(shares)} ways: {tree}. A data set holds {episodes} independent episodes. "
        "What is the missing mass: the probability that a further episode begins in a way that none of them shows? "
        "Round to three decimal places.",
        right,
        f"Sum over the ways: a further episode begins so, and none of the {episodes} does. {terms} = {right:.3f}.",
        [
            (sum((1 - share) ** episodes for share in shares), "Weigh each way with its own probability."),
            (sum(share * (1 - share) for share in shares), f"That is for one episode. The data set has {episodes}."),
            ((1 - min(shares)) ** episodes, "That is how likely the rarest way is not among them."),
            (len(shares) / (e * episodes), "That is the bound R/(eK), and not the missing mass."),
            (1 - right, "That is the probability of a way that is known."),
        ],
        within=0.0005,
    )


@seeded
def imitation_distance(dice: Dice) -> Draft | None:
    """How far an imitator of two stages is from the people that it copies (Lemma 3.6)."""
    calls, n = dice.pick((2, 3, 4)), dice.pick((2, 3, 4, 5))
    if calls > n:
        return None
    episodes = dice.pick((1, 2, 3, 4, 5))
    right = marginal_tv(*_calls([1 / calls] * calls, n), episodes)
    unseen = (1 - 1 / calls) ** episodes
    return Draft(
        f"At stage 1 the partner plays one of {calls} actions, all equally likely, and the people on the assistant's "
        f"side always play the same. At stage 2 they owe the answer to what the partner played: for each of its "
        f"{calls} actions one fixed action out of {n}. An imitator has {number_of(episodes, 'independent record')} "
        f"of two stages. After a first stage that no record shows it plays each of the {n} actions with equal "
        "probability. What is the total variation between what is played with the people and with the imitator, over "
        "fresh records? "
        "Round to three decimal places.",
        right,
        f"No record shows the partner's action with probability (1 - 1/{calls}){power(episodes)} = {unseen:.3g}. "
        f"Then the imitator guesses wrong with probability 1 - 1/{n}, and nothing else is off.",
        [
            (unseen, "That is the missing mass. A guess may still be right."),
            (unseen / n, "That is the probability of a lucky guess. What counts is the wrong ones."),
            ((1 - 1 / n) * (1 - 1 / calls**episodes), f"Each of the {episodes} records has to show another action."),
            (1 - unseen * (1 - 1 / n), "That is the probability that it answers rightly."),
            (1 - 1 / n, "That is for one who has no record at all."),
        ],
        within=0.0005,
    )


def _codebook(dice: Dice) -> tuple[int, int, int, int, str]:
    """Draw challenges, actions, records, stages, and tell them."""
    challenges, n = dice.pick((2, 3)), dice.pick((3, 4, 5))
    episodes, stages = dice.pick((1, 2, 3, 4)), dice.pick((2, 3))
    text = (
        f"At every stage the partner poses one of {challenges} challenges, all equally likely. At the same time the "
        f"assistant has to give the right one of {n} answers, which depends on all challenges before this stage and "
        f"looks as if drawn at random. The assistant copies {number_of(episodes, 'independent record')}. It answers "
        "rightly if the challenges before this stage are those with which a record begins, which is sure at stage 1. "
    )
    return challenges, n, episodes, stages, text


@seeded
def survival_by_guessing(dice: Dice) -> Draft | None:
    """How likely an imitator that guesses has answered all challenges of a codebook (codebook population)."""
    challenges, n, episodes, stages, text = _codebook(dice)
    known = [1 - (1 - challenges**-stage) ** episodes for stage in range(stages)]
    alive = survival(stages, episodes, challenges, n).tolist()
    right = alive[-1]
    steps = [
        f"P{stage + 1} = {known[stage]:.4g} + ({alive[stage - 1]:.4g} - {known[stage]:.4g})/{n} = {alive[stage]:.4g}"
        for stage in range(1, stages)
    ]
    return Draft(
        f"{text}Otherwise it guesses: it gives each of the {n} answers with equal probability. With what probability "
        f"has it answered rightly at all of the first {stages} stages? Round to three decimal places.",
        right,
        "At a stage it is alive if the challenges are still those of a record, or if it was alive without them and "
        f"guesses rightly. So P1 = 1, {listed(steps)}.",
        [
            (known[-1], "That is for one who fails where the records end. A guess may be right."),
            (known[-1] + (1 - known[-1]) / n, "That lets it guess once. It has to be right at every stage."),
            (n ** -(stages - 1.0), "That is for one who guesses from stage 2 on, with no use of its records."),
            (float(survival(stages, 1, challenges, n)[-1]), f"That is for one record. There are {episodes}."),
            (1 - right, "That is the probability that it has failed."),
            (float(survival(stages + 1, episodes, challenges, n)[-1]), "That is one stage too many."),
            (float(survival(stages - 1, episodes, challenges, n)[-1]), "That is one stage too few."),
        ],
        within=0.0005,
    )


@seeded
def survival_by_copying(dice: Dice) -> Draft | None:
    """How likely an imitator that never guesses rightly has survived (codebook population)."""
    challenges, _, episodes, stages, text = _codebook(dice)
    length = stages + dice.below(2)
    before = length - 1
    one = np.full(challenges**before, challenges**-before)
    right = 1 - float(mass(*_calls(one.tolist(), len(one)), episodes))
    return Draft(
        f"{text}Where no record helps, its answer is wrong. With what probability has it answered rightly at all of "
        f"the first {length} stages? Round to three decimal places.",
        right,
        f"It has if the first {number_of(before, 'challenge')} are those of some record. There are "
        f"{challenges}{power(before)} equally likely lists of them, so no record has them with "
        f"probability (1 - 1/{challenges}{power(before)}){power(episodes)}.",
        [
            (
                1 - (1 - challenges**-length) ** episodes,
                f"The answer at stage {length} needs {number_of(before, 'challenge')}.",
            ),
            (1 - right, "That is the probability that it has failed."),
            (float(challenges**-before), f"That is for one record. There are {episodes}."),
            (min(1.0, episodes * challenges**-before), "That counts twice what two records have in common."),
            (1 - (1 - 1 / challenges) ** episodes, "That is one challenge. The whole list has to be in one record."),
        ],
        within=0.0005,
    )


@seeded
def records_needed(dice: Dice) -> Draft | None:
    """How many records the theorem on the missing mass asks for."""
    types, actions, wanted = dice.pick((2, 3, 4, 5, 6, 8)), dice.pick((4, 6, 8)), dice.pick((0.05, 0.1, 0.2))
    if types > actions:
        return None
    reachable = types**2
    right = next(number for number in range(1, 10**5) if coverage(reachable, number) <= wanted)
    return Draft(
        f"In a team each of the two announces its type at stage 1, by one of {actions} actions: there are {types} "
        "types, and each pair of types comes up. From then on both follow the plan for their pair of types, without "
        "any chance. An imitator that knows its own type copies the first five stages. By the theorem on the missing "
        f"mass, from which number of records on is its total variation at most {wanted:g}? Give the whole number.",
        right,
        f"The history is decided by the pair of types, so R = {types}² = {reachable} histories with an own type can "
        f"come up. R/(eK) ≤ {wanted:g} from K = {reachable}/(e × {wanted:g}) on, rounded up.",
        [
            (ceil(types / (e * wanted)), "Each own type meets each type of partner: count the pairs."),
            (ceil(reachable / wanted - 1e-9), "The bound is R/(eK): divide by e as well."),
            (ceil(actions**2 / (e * wanted)), "Not all actions are announcements. Count what can come up."),
            (right - 1, "Round up: with one record fewer the bound is too large."),
        ],
        within=0.4,
    )
