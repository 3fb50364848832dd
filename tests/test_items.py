"""Items with a seed: the answer is what an oracle finds, and no typical error leads to it."""

import re
from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import pairwise, product
from math import ceil, e, exp, floor, lcm, log, sqrt

import numpy as np
import pytest
from oracles import extreme_equilibria, pone_payoffs

import socialcoop as sc
from socialcoop.teach.item import read_number

SEEDS = range(200)


@cache
def all_items(name):
    return [sc.teach.items.ITEMS[name](seed) for seed in SEEDS]


@pytest.mark.parametrize("name", sc.teach.items.ITEMS)
def test_no_typical_error_leads_to_the_answer_or_to_another_error(name):
    for item in all_items(name):
        if item.choices:
            assert item.right in item.choices
            continue
        numbers = sorted([item.right, *item.traps])
        assert all(after - before > 2 * item.within for before, after in pairwise(numbers))


@pytest.mark.parametrize("name", sc.teach.items.ITEMS)
def test_an_item_is_made_from_its_seed_alone_and_asks_something_else_for_others(name):
    make = sc.teach.items.ITEMS[name]
    assert make(7) == make(7)
    assert (make(7).name, make(7).seed) == (name, 7)
    assert len({item.text + str(item.table) for item in all_items(name)}) > 10


@pytest.mark.parametrize("name", sc.teach.items.ITEMS)
def test_an_item_judges_as_its_question_does(name):
    item = sc.teach.items.ITEMS[name](3)
    assert item.judge(item.right).correct
    assert not item.judge("?").correct
    for wrong, why in (item.choices or item.traps).items():
        assert item.judge(wrong).why == why
        assert item.judge(wrong).correct == (wrong == item.right)


# --- oracles that read what a student reads: the text and the table


ACTIONS = ("direct", "supportive")
FREQUENCY = re.compile(r"\((\w+), (\w+)\) (?:with probability )?(once|\d+(?:\.\d+)?)")


def asks(item, pattern):
    """Return what a text says at the places of a pattern, numbers as fractions."""
    found = re.search(pattern, item.text)
    assert found, item.text
    return [Fraction(part) if re.fullmatch(r"[\d.]+", part) else part for part in found.groups()]


def cells(item):
    """Return the rows of a table of numbers, or of pairs of them, without heads."""
    return [[[Fraction(part) for part in cell.split(", ")] for cell in row[1:]] for row in item.table[1:]]


def both(item):
    """Return the assistant's matrix and the partner's, each with the own action first."""
    assert [*item.table[0]] == ["", "partner direct", "partner supportive"]
    assert [row[0] for row in item.table[1:]] == ["assistant direct", "assistant supportive"]
    rows = cells(item)
    return [[cell[0] for cell in row] for row in rows], [[rows[a][b][1] for a in range(2)] for b in range(2)]


def partners(item):
    """Return the partner's matrix, own action first."""
    assert [row[0] for row in item.table[1:]] == ["partner direct", "partner supportive"]
    return [[cell[0] for cell in row] for row in cells(item)]


def frequencies(item):
    """Return how often or how likely each pair of actions is, the assistant's first."""
    found = {pair: Fraction(0) for pair in product(range(2), repeat=2)}
    for first, second, number in FREQUENCY.findall(item.text):
        found[ACTIONS.index(first), ACTIONS.index(second)] = Fraction(1 if number == "once" else number)
    total = sum(found.values())
    assert total in (1, 10)
    return {pair: number / total for pair, number in found.items()}


def histories(item):
    """Return the actions of the assistant and of the partner."""
    told = asks(item, r"The assistant plays ([a-z, ]+)\. The partner plays ([a-z, ]+)\.")
    return [[ACTIONS.index(word) for word in part.split(", ")] for part in told]


def meta_strategies(item):
    horizon, n, types = map(int, asks(item, r"play (\d) stages with (\d) actions.* one of (\d) types"))
    joint = [*product(range(n), repeat=2)]
    return sum(1 for _ in range(types) for stage in range(horizon) for _ in product(joint, repeat=stage))


def external_regret(item):
    own, other = (sentence.split(" chose ")[1].strip(".").split(", ") for sentence in item.text.split(". ")[1:3])
    assert len(own) == len(other) == 6
    return max(map(other.count, other)) - sum(mine == theirs for mine, theirs in zip(own, other, strict=True))


def hedge_probability(item):
    words, last, base, seen, asked = asks(
        item, r"among ([a-z, ]+) and (\w+)\. .*rate ln (\d).*chose ([a-z, ]+)\. .*choose (\w+) next"
    )
    weights = {word: exp(log(base) * seen.split(", ").count(word)) for word in [*words.split(", "), last]}
    return weights[asked] / sum(weights.values())


def worst_partner(item):
    first, left, right, limit = asks(
        item, r"stage 1 the matcher plays left with probability ([\d.]+)\. .*probability ([\d.]+) if the partner "
        r"played left at stage 1, and with probability ([\d.]+) if.* at least (\d) in total"
    )  # fmt: skip
    chances = []
    for opening, *replies in product(range(2), repeat=3):  # 0 is left; a reply to each first action of the matcher
        fails = Fraction(0)
        for one, two in product(range(2), repeat=2):
            then = replies[one]
            chance = (first if one == 0 else 1 - first) * abs((left, right)[opening] - two)
            best = max((opening == side) + (then == side) for side in range(2))
            fails += chance * (best - (one == opening) - (two == then) >= limit)
        chances.append(fails)
    return max(chances)


def stages_astray(item):
    kept, slip, delta, epsilon, horizon = asks(
        item, r"plays (\w+) at each stage.*with probability ([\d.]+)\. The partner is \(([\d.]+), ([\d.]+), (\d+)\)"
    )
    chances = [1 - slip, slip] if kept == "direct" else [slip, 1 - slip]
    low, high = sorted(sum(pay * chance for pay, chance in zip(row, chances, strict=True)) for row in partners(item))
    return horizon * (epsilon + delta) / (high - low)


def best_reply_value(item):
    (share,) = asks(item, r"plays direct with probability ([\d.]+)")
    direct, supportive = ([pay * share + other * (1 - share)][0] for pay, other in partners(item))
    return max(reply * direct + (1 - reply) * supportive for reply in (Fraction(k, 20) for k in range(21)))


def equilibria(item):
    found, degenerate = extreme_equilibria(*both(item))
    assert not degenerate
    return found


def number_of_equilibria(item):
    return len(equilibria(item))


def mixed_equilibrium(item):
    (who,) = asks(item, r"does the (\w+) play direct")
    (profile,) = (pair for pair, _ in equilibria(item) if max(pair[0]) < 1)
    return profile[("assistant", "partner").index(who)][0]


def which_pone(item):
    found = equilibria(item)
    good = [pair for pair, pays in found if pays in pone_payoffs(found)]
    agreed = [name for action, name in enumerate(ACTIONS) if any(x[action] == y[action] == 1 for x, y in good)]
    return "both of them" if len(agreed) == 2 else f"only both {agreed[0]}" if agreed else "neither"


def worst_pone_payoff(item):
    return min(pays[1] for pays in pone_payoffs(equilibria(item)))


@cache
def average_of(habit, table):
    """Return what 60 pairs earn in each of 400 stages, for a habit that does not look at types, played plainly."""
    random, pays = np.random.default_rng(3), np.array(table, dtype=float)
    earned, scores, last = np.zeros((2, 60)), np.zeros((2, 2, 60)), None
    for _ in range(400):
        if habit == "hedge":
            direct = 1 / (1 + np.exp(sqrt(8 * log(2) / 400) * (scores[:, 1] - scores[:, 0])))
            played = (random.random((2, 60)) > direct).astype(int)
        elif habit == "coin":
            played = random.integers(2, size=(2, 60))
        else:
            played = np.full((2, 60), {"direct": 0, "supportive": 1, "copies": 0}[habit]) if last is None else last
        earned += pays[played, played[::-1]]
        scores += pays[:, played[::-1]].swapaxes(0, 1)
        last = played[::-1] if habit == "copies" else played if habit in ACTIONS else None
    return earned / 400


HABITS = {
    "plays direct at every": "direct",
    "plays supportive at every": "supportive",
    "tosses": "coin",
    "plays direct first": "copies",
    "plays direct until": "direct",  # among themselves
    "runs Hedge": "hedge",
    "plays its part": "agrees",
}


def which_assumption(item):
    (told,) = asks(item, r"one strategy: each (.*?)\. Everybody")
    (habit,) = (habit for words, habit in HABITS.items() if told.startswith(words))
    mine, theirs = both(item)
    assert mine == theirs
    found, _ = extreme_equilibria(mine, theirs)
    good = pone_payoffs(found)
    certified = (1 + sqrt(400 * log(2) / 2) + sqrt(400 * log(20) / 2)) / 400 <= 0.2
    consistent = certified and "Hedge" in told
    if not consistent:
        assert refuted(told, mine)
    if habit == "agrees":
        compatible = True
    else:
        earned = average_of(habit, tuple(map(tuple, mine)))
        near = [
            any(all(e >= float(u) - 0.2 for e, u in zip(pair, pays, strict=True)) for pays in good) for pair in earned.T
        ]
        assert np.mean(near) > 0.97 or np.mean(near) < 0.9
        compatible = np.mean(near) > 0.95
    return ("neither", "consistency only", "compatibility only", "both")[consistent + 2 * compatible]


def refuted(told, table):
    """Return whether a partner who looks at nothing leaves whoever acts as told with a regret of over 0.2 a stage."""
    whole = lcm(*(pay.denominator for row in table for pay in row))
    table, worst = [[int(whole * pay) for pay in row] for row in table], Fraction(0)
    for first, second in product(range(2), repeat=2):
        for partner in ([first, second] * 200, [first] + [second] * 399):
            grim = [int(1 in partner[:stage]) for stage in range(400)]
            acts = {"plays direct first": [0, *partner[:-1]], "plays direct until": grim}
            own = next((acts[words] for words in acts if told.startswith(words)), [int("supportive at" in told)] * 400)
            pays = [[row[other] for other in partner] for row in table]
            coin = Fraction(sum(map(sum, pays)), 2)
            earned = coin if "coin" in told else sum(pays[action][stage] for stage, action in enumerate(own))
            worst = max(worst, Fraction(max(map(sum, pays)) - earned) / (400 * whole))
    return worst > Fraction(1, 5)


def owed(item):
    """Return what the partner is owed per stage, and its payoffs: each earned, and the best of a fixed action."""
    found, _ = extreme_equilibria(*both(item))
    own, other = histories(item)
    table = both(item)[1]
    earned = sum(table[b][a] for a, b in zip(own, other, strict=True))
    return min(pays[1] for pays in pone_payoffs(found)), earned, max(sum(row[a] for a in own) for row in table)


def altruistic_regret(item):
    least, earned, _ = owed(item)
    return 6 * least - earned


def regrets_apart(item):
    least, earned, best = owed(item)
    return (6 * least - earned) - (best - earned)


def hedge_bound(item):
    n, horizon, delta = asks(item, r"with (\d) actions is tuned to (\d+) stages.* at most ([\d.]+), whoever")
    return (sqrt(horizon / 2 * log(n)) + sqrt(horizon / 2 * log(1 / delta))) / horizon


def coarse_correlated(item):
    joint, (mine, theirs) = frequencies(item), both(item)
    assert sum(joint.values()) == 1
    gains = []
    for agent, table in enumerate((mine, theirs)):
        pairs = [(pair[agent], pair[1 - agent], chance) for pair, chance in joint.items()]
        earned = sum(table[own][other] * chance for own, other, chance in pairs)
        gains.append(max(sum(row[other] * chance for _, other, chance in pairs) for row in table) > earned)
    return ("yes", "no, only the assistant gains", "no, only the partner gains", "no, both gain")[
        gains[0] + 2 * gains[1]
    ]


@cache
def alive(challenges, n, episodes, stages):
    """Return the chance to answer one list of challenges, over all data sets; a guess is one of n, or wrong for 0."""
    lists = product(range(challenges), repeat=stages - 1)
    follows = [next((place for place, each in enumerate(record) if each), stages - 1) for record in lists]
    data = Counter(max(records) for records in product(follows, repeat=episodes))  # by how many calls they know
    guessed = {known: Fraction(1, n) ** (stages - 1 - known) if n else known == stages - 1 for known in data}
    return sum(guessed[known] * Fraction(count) for known, count in data.items()) / len(follows) ** episodes


CODEBOOK = r"one of (\d) challenges.*one of (\d) answers.*copies (\d) independent.*all of the first (\d) stages"


def survival_by_guessing(item):
    return alive(*map(int, asks(item, CODEBOOK)))


def survival_by_copying(item):
    challenges, _, episodes, stages = map(int, asks(item, CODEBOOK))
    return alive(challenges, 0, episodes, stages)


def imitator_probability(item):
    own, first, then, asked = asks(
        item, r"its type is (\d), and.* it played (\w+) and its partner (\w+)\. .*does it play (\w+) at the second"
    )
    fits = [row[4][0] for row in item.table[1:] if (row[1], row[3]) == (str(own), first[0] + then[0])]
    return Fraction(fits.count(asked[0]), len(fits)) if fits else Fraction(1, 2)


def imitation_distance(item):
    calls, n, episodes = map(int, asks(item, r"one of (\d) actions.*action out of (\d)\. .*has (\d) independent"))
    answered = [Fraction(0)] * n  # to call 0, whose answer is 0
    for data in product(range(calls), repeat=episodes):
        for action in range(n):
            answered[action] += (action == 0) if 0 in data else Fraction(1, n)
    shares = [number / calls**episodes for number in answered]
    return sum(abs((action == 0) - share) for action, share in enumerate(shares)) / 2


def missing_mass(item):
    episodes = int(asks(item, r"holds (\d) independent")[0])
    shares = [Fraction(share) for share in re.findall(r"[A-C] with probability (\d\.\d)", item.text)]
    assert sum(shares) == 1
    missed = Fraction(0)
    for way, *data in product(range(len(shares)), repeat=episodes + 1):
        chance = shares[way]
        for each in data:
            chance *= shares[each]
        missed += chance * (way not in data)
    return missed


def records_needed(item):
    types, wanted = asks(item, r"there are (\d) types.* at most ([\d.]+)\?")
    pairs = {(own, own, other) for own in range(int(types)) for other in range(int(types))}  # own type, announcements
    return ceil(len(pairs) / (e * wanted))


def nu_probability(item):
    z = frequencies(item)
    drawn = ACTIONS.index(asks(item, r"draw(?:s)? the partner's (\w+)")[0])
    column = sum(z[a, drawn] for a in range(2))
    if "does it draw" in item.text:
        return column
    return z[ACTIONS.index(asks(item, r"then play (\w+) at a stage")[0]), drawn] / column


def nu_value(item):
    z, table = frequencies(item), partners(item)
    return sum(max(sum(z[a, b] * row[a] for a in range(2)) for row in table) for b in range(2))


def correlation_gap(item):
    z, table = frequencies(item), partners(item)
    alone = sum(z[a, b] * z[c, d] * table[d][a] for a, b in z for c, d in z)  # two stages, drawn independently
    return sum(z[a, b] * table[b][a] for a, b in z) - alone


def corrected_bound(item):
    phase, horizon, delta, epsilon, tv, n = asks(
        item, r"imitates (\d+) of (\d+) stages.*people are \(([\d.]+), ([\d.]+), .*variation of at most ([\d.]+), .*"
        r"there are (\d) actions"
    )  # fmt: skip
    return 2 * delta + tv + 2 * epsilon + phase / horizon * (n - 1) / n


def longest_phase(item):
    wanted, horizon, delta, epsilon, tv, gap = asks(
        item, r"at most ([\d.]+) per stage over (\d+) stages.*δ = ([\d.]+), ε = ([\d.]+), .*"
        r"variation of at most ([\d.]+) and a correlation gap of at most ([\d.]+),"
    )  # fmt: skip
    return floor(horizon * (wanted - 2 * delta - tv - 2 * epsilon) / gap)


def hidden_types_price(item):
    phase, horizon = asks(item, r"compatible at (\d+) stages and consistent at (\d+)")
    times = (np.arange(100_000) + 0.5) / 100_000 * float(phase / horizon)
    return float((1 - np.exp(-times)).mean())


@pytest.mark.parametrize("name", sc.teach.items.ITEMS)
def test_the_answer_is_what_an_oracle_finds_that_reads_the_text_and_the_table(name):
    for item in all_items(name):
        found = globals()[name](item)
        assert item.right == (found if item.choices else pytest.approx(float(found), abs=1e-7)), item


def matches(item):
    own, other = (sentence.split(" chose ")[1].strip(".").split(", ") for sentence in item.text.split(". ")[1:3])
    return sum(mine == theirs for mine, theirs in zip(own, other, strict=True))


def of_the_other(item):
    (who,) = asks(item, r"does the (\w+) play direct")
    (profile,) = (pair for pair, _ in equilibria(item) if max(pair[0]) < 1)
    return profile[1 - ("assistant", "partner").index(who)][0]


def as_printed(item):
    phase, horizon, delta, epsilon, tv = asks(
        item, r"imitates (\d+) of (\d+) .*people are \(([\d.]+), ([\d.]+), .*variation of at most ([\d.]+), "
    )  # fmt: skip
    return 2 * delta + tv + (2 * (1 - phase / horizon) + 1) * epsilon


def of_one_record(item):
    challenges, n, _, stages = map(int, asks(item, CODEBOOK))
    return alive(challenges, n, 1, stages)


def of_one_episode(item):
    shares = [Fraction(share) for share in re.findall(r"[A-C] with probability (\d\.\d)", item.text)]
    return 1 - sum(share**2 for share in shares)


def share_seen(item):
    seen, asked = asks(item, r"The partner chose ([a-z, ]+)\. .*choose (\w+) next")
    return Fraction(seen.split(", ").count(asked), len(seen.split(", ")))


def earned_so_far(item):
    z, table = frequencies(item), partners(item)
    return sum(z[a, b] * table[b][a] for a, b in z)


def of_both_types(item):
    first, then, asked = asks(item, r"it played (\w+) and its partner (\w+)\. .*does it play (\w+) at the second")
    fits = [row[4][0] for row in item.table[1:] if row[3] == first[0] + then[0]]
    return Fraction(fits.count(asked[0]), len(fits)) if fits else Fraction(1, 2)


ERRORS = {
    ("external_regret", "That is what was earned."): matches,
    ("altruistic_regret", "That is the partner's external regret."): lambda item: owed(item)[2] - owed(item)[1],
    ("mixed_equilibrium", "That is the probability of the "): of_the_other,
    ("worst_pone_payoff", "That is the assistant's payoff."): lambda item: min(
        pays[0] for pays in pone_payoffs(equilibria(item))
    ),
    ("hedge_probability", "That is how often the partner chose it."): share_seen,
    ("missing_mass", "That is for one episode."): of_one_episode,
    ("survival_by_guessing", "That is for one record."): of_one_record,
    ("imitator_probability", "That counts records of both own types."): of_both_types,
    ("nu_value", "That is what it earned"): earned_so_far,
    ("correlation_gap", "That is what it earned."): earned_so_far,
    ("corrected_bound", "That is Theorem 3.7 as printed"): as_printed,
}


@pytest.mark.parametrize(("name", "said"), ERRORS, ids=[name for name, _ in ERRORS])
def test_an_error_leads_where_the_item_says(name, said):
    found = [(trap, item) for item in all_items(name) for trap, error in item.traps.items() if error.startswith(said)]
    assert len(found) > 20
    assert not [item for trap, item in found if trap != pytest.approx(float(ERRORS[name, said](item)), abs=1e-7)]


@pytest.mark.parametrize("name", sc.teach.items.ITEMS)
def test_an_answer_that_is_rounded_as_asked_is_right(name):
    digits = {"two decimal": 2, "three decimal": 3, "whole number": 0}
    for item in all_items(name):
        if item.choices:
            continue
        (asked,) = [number for words, number in digits.items() if words in item.text] or [None]
        if asked is None:
            assert item.right == pytest.approx(round(item.right, 3), abs=1e-9)  # exact as people write it
        else:
            assert item.judge(f"{item.right:.{asked}f}").correct
            assert item.within < 10.0**-asked


@pytest.mark.parametrize(
    ("given", "number"),
    [("0.25", 0.25), ("0,25", 0.25), ("1/4", 0.25), ("25 %", 0.25), (0.25, 0.25), ("−3", -3), (1e-7, 1e-7)]
    + [(given, None) for given in ("", "a lot", "1/0", "nan", float("nan"), None, [1], "1e5")],
)
def test_a_number_is_read_as_people_write_it(given, number):
    assert read_number(given) == number


def test_what_two_seeds_ask_alike_is_asked_once():
    shown = sc.teach.another(sc.teach.items.meta_strategies, seeds=[0, 1, 0, 1, 2])
    assert len(shown.questions) == len({question.text for question in shown.questions}) == 3
