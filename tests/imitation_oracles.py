"""Slow and plain second implementations for imitation: dictionaries, all datasets, counts of records.

An outcome is (own type, ((a, b), …)), one pair for each stage; ``chances`` maps outcomes to probabilities.
"""

from collections import Counter, defaultdict
from itertools import combinations_with_replacement, product
from math import factorial, prod

import numpy as np

import socialcoop as sc


def imitator(records, n_actions, phase, agent=0):
    """Return the policy (own type, history) → probabilities that copies ``records`` of ((type, type), history).

    A record with a None in it teaches nothing from there on.
    """
    tallies = {}
    for (types, history), times in Counter(records).items():
        for t, joint in enumerate(history[:phase]):
            if joint[agent] is None or any(None in before for before in history[:t]):
                break
            tallies.setdefault((types[agent], history[:t]), [0] * n_actions)[joint[agent]] += times

    def policy(own_type, history):
        tally = tallies.get((own_type, history), [1] * n_actions)
        return [count / sum(tally) for count in tally]

    policy.histories = set(tallies)
    return policy


def records(play):
    """Return the episodes of a play as ((type, type), history), with None for moves that were not observed."""
    told = play.actions
    if play.observed is not None:
        told = np.where(play.observed, told.astype(object), None)
    histories = told.transpose(2, 0, 1).tolist()
    return [(tuple(types), tuple(map(tuple, h))) for types, h in zip(play.types.tolist(), histories, strict=True)]


def index(history, n_actions):
    """Return the history's place in a table of its stage: in base N², digit a·N + b."""
    place = 0
    for a, b in history:
        place = place * n_actions**2 + a * n_actions + b
    return place


def chances_of_tables(p, q, weights):
    """Return the outcomes that are possible under two behaviour strategies, with their probabilities."""
    n_actions, found = p[0].shape[2], {(own_type, ()): weight for own_type, weight in enumerate(weights) if weight}
    for first, second in zip(p, q, strict=True):
        longer = {}
        for (own_type, history), chance in found.items():
            place = index(history, n_actions)
            for a, b in product(range(n_actions), repeat=2):
                product_ = chance * first[own_type, place, a] * second[own_type, place, b]
                if product_:
                    longer[own_type, (*history, (a, b))] = product_
        found = longer
    return found


def chances_of_members(game, members, types, horizon, phase, ai=None):
    """Return the possible outcomes when pairs of ``members``, (weight, strategy), are drawn and types hidden.

    ``ai`` takes the AI's side instead of a member.
    """
    found = defaultdict(float)
    for (first, second), weight in np.ndenumerate(types):
        if not weight:
            continue
        for (share, one), (other_share, two) in product([(1, ai)] if ai else members, members):
            joint = sc.history_distribution(one, two, game, (first, second), horizon)
            joint = joint.sum(axis=tuple(range(phase, horizon))) * weight * share * other_share
            for place in np.argwhere(joint > 0):
                history = tuple(divmod(int(digit), game.n_actions) for digit in place)
                found[first, history] += float(joint[tuple(place)])
    return found


def prefixes(chances):
    """Return the probability of every beginning (type, history), also with the next action ``a`` as (…, a)."""
    sums = defaultdict(float)
    for (own_type, history), chance in chances.items():
        for t in range(len(history) + 1):
            sums[own_type, history[:t]] += chance
        for t, (a, _) in enumerate(history):
            sums[own_type, history[:t], a] += chance
    return sums


def others_share(chances):
    """Return for every outcome the probability of its type and of the partner's actions, given all before each."""
    sums = prefixes(chances)
    return {
        (own_type, history): sums[own_type, ()]
        * prod(sums[own_type, history[: t + 1]] / sums[own_type, history[:t], a] for t, (a, _) in enumerate(history))
        for own_type, history in chances
    }


def copied(policy, own_type, history):
    """Return the probability that an imitator plays its part of a history."""
    return prod(policy(own_type, history[:t])[a] for t, (a, _) in enumerate(history))


def datasets(outcomes, episodes):
    """Yield every multiset of ``episodes`` outcomes and in how many orders it comes."""
    for chosen in combinations_with_replacement(outcomes, episodes):
        orders = factorial(episodes)
        for count in Counter(chosen).values():
            orders //= factorial(count)
        yield chosen, orders


def marginal_tv(chances, n_actions, episodes):
    """Return the distance of the marginal imitator, summed over all datasets."""
    phase = len(next(iter(chances))[1])
    others, imitated = others_share(chances), dict.fromkeys(chances, 0.0)
    for chosen, orders in datasets(list(chances), episodes):
        weight = orders * prod(chances[outcome] for outcome in chosen)
        policy = imitator([((own_type, None), history) for own_type, history in chosen], n_actions, phase)
        for own_type, history in chances:
            imitated[own_type, history] += weight * others[own_type, history] * copied(policy, own_type, history)
    return sum(max(chance - imitated[outcome], 0) for outcome, chance in chances.items())


def missing_mass(chances, episodes):
    """Return the sum of x (1 - x)^K over the probabilities x of histories of all stages but the last."""
    seen = defaultdict(float)
    for (own_type, history), chance in chances.items():
        seen[own_type, history[:-1]] += chance
    return sum(x * (1 - x) ** episodes for x in seen.values()), len(seen)


def path_chances(p, q, weights):
    """Return (population's, others', r, p, q) of all paths: types × (a, b) of each stage × last a, flattened.

    r, p and q list one array for each stage.
    """
    n_types, _, n = p[0].shape
    stages = len(p)
    paths = np.stack(np.unravel_index(np.arange(n_types * n ** (2 * stages - 1)), (n_types, *[n] * (2 * stages - 1))))
    own_type, place, first, second = paths[0], 0, [], []
    for stage in range(stages):
        a = paths[1 + 2 * stage]
        first.append(p[stage][own_type, place, a])
        if stage + 1 < stages:
            b = paths[2 + 2 * stage]
            second.append(q[stage][own_type, place, b])
            place = place * n**2 + a * n + b
    others = np.asarray(weights)[own_type] * np.prod(second, axis=0)
    return others * np.prod(first, axis=0), others, own_type, first, second


def marginal_by_counts(p, q, weights, episodes):
    """Return the population's and the imitator's probability of all paths, by the number n of records left.

    One backward pass over the stages: E[(n_a / n) f(n_ab)] = p E[f(Bern(q) + Bin(n - 1, p q))], and 1/N for every
    stage left once n = 0.
    """
    population, others, own_type, first, second = path_chances(p, q, weights)
    n_actions = p[0].shape[2]
    value = np.repeat(first[-1][:, None], episodes + 1, axis=1)
    value[:, 0] = 1 / n_actions
    for stage in range(len(p) - 2, -1, -1):
        chance, reply = first[stage][:, None], second[stage][:, None]
        either = (1 - reply) * value[:, :-1] + reply * value[:, 1:]  # [k]: the record it follows goes on or not
        before = np.empty_like(value)
        before[:, 0] = float(n_actions) ** (stage - len(p))
        binomial = np.zeros_like(either)
        binomial[:, :1] = 1
        for n in range(1, episodes + 1):
            before[:, n] = chance[:, 0] * (binomial * either).sum(axis=1)
            longer = (1 - chance * reply) * binomial
            longer[:, 1:] += (chance * reply) * binomial[:, :-1]
            binomial = longer
        value = before
    weight = np.asarray(weights)[own_type][:, None]
    binomial = np.zeros_like(value)
    binomial[:, 0] = 1
    for _ in range(episodes):
        longer = (1 - weight) * binomial
        longer[:, 1:] += weight * binomial[:, :-1]
        binomial = longer
    return population, others * (binomial * value).sum(axis=1)


class Shares:
    """A classifier that looks at no history: how frequent every action is."""

    def fit(self, x, y):
        self.classes_, counts = np.unique(y, return_counts=True)
        self.shares = counts / len(y)

    def predict_proba(self, x):
        return np.tile(self.shares, (x.shape[0], 1))


class RowCounts(Shares):
    """A classifier without an idea of what is alike: the frequencies after the same row, and elsewhere of all rows."""

    def fit(self, x, y):
        super().fit(x, y)
        self.after = defaultdict(list)
        for row, label in zip(x.toarray(), y, strict=True):
            self.after[tuple(row)].append(label)

    def predict_proba(self, x):
        known = [self.after.get(tuple(row)) for row in x.toarray()]
        return np.array([self.shares if y is None else [np.mean(np.equal(y, a)) for a in self.classes_] for y in known])
