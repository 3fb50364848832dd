"""Slow and plain second implementations to test the package against: exact equilibria, strategies, conventions."""

from fractions import Fraction
from itertools import chain, combinations
from math import exp, lcm, log, sqrt
from operator import mul

import numpy as np

ZERO, ONE = Fraction(0), Fraction(1)


def fractions(matrix, levels):
    """Return a float matrix of multiples of 1/levels as exact fractions."""
    return [[Fraction(round(float(entry) * levels), levels) for entry in row] for row in matrix]


def solve_uniquely(rows, right):
    """Return the only solution of a linear system of any shape, or None where there is none or more than one."""
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    unknowns = len(rows[0])
    for column in range(unknowns):
        pivot = next((r for r in range(column, len(table)) if table[r][column]), None)
        if pivot is None:
            return None
        table[column], table[pivot] = table[pivot], table[column]
        head = table[column][column]
        table[column] = [entry / head for entry in table[column]]
        for r in range(len(table)):
            factor = table[r][column]
            if r != column and factor:
                table[r] = [entry - factor * above for entry, above in zip(table[r], table[column], strict=True)]
    if any(row[-1] for row in table[unknowns:]):
        return None
    return [row[-1] for row in table[:unknowns]]


def subsets(n):
    """Return all subsets of range(n) but the empty one."""
    return list(chain.from_iterable(combinations(range(n), size) for size in range(1, n + 1)))


def corners(matrix):
    """Return every (mixed action, its support, the best replies to it) that the latter two determine uniquely.

    ``matrix`` is the replier's, own action first. These are the vertices of the best-response polyhedron, found
    one (support, best replies) pair at a time and not one basis at a time.
    """
    n = len(matrix)
    found = []
    for support in subsets(n):
        for replies in subsets(n):
            if len(replies) < len(support):
                continue
            rows = [[matrix[reply][action] for action in support] + [-ONE] for reply in replies]
            solution = solve_uniquely([*rows, [ONE] * len(support) + [ZERO]], [ZERO] * len(rows) + [ONE])
            if solution is None or min(solution[:-1]) <= 0:
                continue
            mixed = [ZERO] * n
            for action, probability in zip(support, solution, strict=False):
                mixed[action] = probability
            others = set(range(n)) - set(replies)
            if all(sum(map(mul, matrix[other], mixed)) < solution[-1] for other in others):
                found.append((tuple(mixed), frozenset(support), frozenset(replies)))
    return found


def basis_corners(matrix):
    """Return what `corners` does, for multiples of a simple fraction: all bases at once, in integers without rounding.

    A corner (x, v) has N tight inequalities of x >= 0 and matrix · x <= v which, with sum(x) = 1, determine it.
    """
    n, unit = len(matrix), lcm(*(entry.denominator for row in matrix for entry in row))
    whole = np.array([[int(entry * unit) for entry in row] for row in matrix])
    rows = np.block([[np.eye(n, dtype=int), np.zeros((n, 1), int)], [whole, -np.ones((n, 1), int)]])
    bases = np.array([basis for basis in combinations(range(2 * n), n) if basis[-1] >= n])
    last = np.broadcast_to(np.r_[np.ones(n, int), 0], (len(bases), 1, n + 1))
    numerators, denominators = solve_integers(np.concatenate([rows[bases], last], axis=1), np.r_[np.zeros(n, int), 1])
    slack = numerators @ rows.T * np.sign(denominators)[:, None] * np.repeat([1, -1], n)
    feasible = (slack >= 0).all(axis=1)
    _, index = np.unique(slack[feasible] == 0, axis=0, return_index=True)
    found = []
    for numerator, denominator in zip(numerators[feasible][index], denominators[feasible][index], strict=True):
        mixed = tuple(Fraction(int(value), int(denominator)) for value in numerator[:n])
        payoffs = whole @ numerator[:n]
        support, replies = np.flatnonzero(numerator[:n]), np.flatnonzero(payoffs == numerator[n])
        found.append((mixed, frozenset(support.tolist()), frozenset(replies.tolist())))
    return found


def solve_integers(systems, right):
    """Return the numerators and denominators of the solutions of those of many integer systems that have only one.

    Elimination by Bareiss: all divisions are exact. Every entry is a minor of the system, so none overflows.
    """
    table = np.concatenate([systems, np.broadcast_to(right, systems.shape[:2])[..., None]], axis=2)
    before = np.ones(len(table), dtype=int)
    for column in range(systems.shape[1]):
        found = column + (table[:, column:, column] != 0).argmax(axis=1)
        each = np.arange(len(table))
        table[each, column], table[each, found] = table[each, found], table[each, column]
        regular = table[:, column, column] != 0
        table, before = table[regular], before[regular]
        row, pivot = table[:, column].copy(), table[:, column, column].copy()
        table = (table * pivot[:, None, None] - table[:, :, column, None] * row[:, None]) // before[:, None, None]
        table[:, column], before = row, pivot
    return table[:, :, -1], before


def expected(matrix, own, other):
    """Return own · matrix · other."""
    return sum(o * sum(map(mul, row, other)) for o, row in zip(own, matrix, strict=True))


def extreme_equilibria(ai, partner, corners=corners):
    """Return the extreme Nash equilibria as ((x, y), (u1, u2)), and whether the game is degenerate."""
    first, second = corners(partner), corners(ai)
    degenerate = any(len(replies) > len(support) for _, support, replies in first + second)
    equilibria = [
        ((x, y), (expected(ai, x, y), expected(partner, y, x)))
        for x, support_x, replies_to_x in first
        for y, support_y, replies_to_y in second
        if support_x <= replies_to_y and support_y <= replies_to_x
    ]
    return equilibria, degenerate


def pone_payoffs(equilibria):
    """Return the set of payoff pairs that no equilibrium beats for both agents at once."""
    payoffs = {pays for _, pays in equilibria}
    return {p for p in payoffs if not any(q[0] > p[0] and q[1] > p[1] for q in payoffs)}


# Strategies by the book. A history is a list of (own, other) pairs; ``table`` is the own type's (N, N) payoffs.


def hedge(table, horizon, history, rate=None):
    """Return p(a) ∝ exp(rate × what a would have earned)."""
    rate = sqrt(8 * log(len(table)) / horizon) if rate is None else rate
    scores = [rate * sum(row[other] for _, other in history) for row in table]
    weights = [exp(score - max(scores)) for score in scores]
    return [weight / sum(weights) for weight in weights]


def regret_matching(table, horizon, history):
    """Return p(a) ∝ the positive part of a's regret against the mixed actions played so far."""
    n = len(table)
    regrets, policy = [0.0] * n, [1 / n] * n
    for _, other in history:
        earned = sum(p * row[other] for p, row in zip(policy, table, strict=True))
        regrets = [r + row[other] - earned for r, row in zip(regrets, table, strict=True)]
        positive = [r if r > 1e-12 else 0.0 for r in regrets]
        policy = [p / sum(positive) for p in positive] if any(positive) else [1 / n] * n
    return policy


def fictitious_play(table, horizon, history):
    """Return the lowest-numbered best reply to the counts of the partner's actions."""
    scores = [round(sum(row[other] for _, other in history), 9) for row in table]
    return one_hot(scores.index(max(scores)), len(table))


def tit_for_tat(table, horizon, history):
    """Return the partner's last action; 0 at first."""
    return one_hot(history[-1][1] if history else 0, len(table))


def grim_trigger(table, horizon, history):
    """Return 0 as long as the partner has only played 0, then 1."""
    return one_hot(int(any(other != 0 for _, other in history)), len(table))


def scripted(actions, fallback):
    """Return the strategy that plays ``actions``, then ``fallback`` as if the game began there."""

    def strategy(table, horizon, history):
        if len(history) < len(actions):
            return one_hot(actions[len(history)], len(table))
        return fallback(table, horizon - len(actions), history[len(actions) :])

    return strategy


def quota_schedule(shares, horizon):
    """Return joint actions in order: next comes the neediest of those that stay below their upper quota."""
    counts, order = [0] * len(shares), []
    for t in range(1, horizon + 1):
        below = [j for j, share in enumerate(shares) if counts[j] < t * share - 1e-9]
        order.append(max(below, key=lambda j: (shares[j] / (counts[j] + 1), -j)))
        counts[order[-1]] += 1
    return order


def convention(words, agreed, fallback, agent, own_type):
    """Return the convention as seen by one agent in one episode.

    ``words`` lists each type's announcement; ``agreed`` gives, for a joint type, the joint actions that follow.
    """

    def strategy(table, horizon, history):
        possible = list(range(len(words)))
        for t in range(len(history) + 1):
            if t < len(words[0]):
                planned, replies = words[own_type][t], {k: words[k][t] for k in possible}
            else:
                (k,) = possible
                joint = agreed[(own_type, k) if agent == 0 else (k, own_type)][t - len(words[0])]
                planned, replies = joint[agent], {k: joint[1 - agent]}
            if t == len(history):
                return one_hot(planned, len(table))
            own, other = history[t]
            possible = [k for k in possible if replies[k] == other]
            if own != planned or not possible:
                return fallback(table, horizon - t - 1, history[t + 1 :])

    return strategy


def one_hot(action, n_actions):
    """Return the distribution that plays ``action`` for sure."""
    return [float(action == a) for a in range(n_actions)]


def regret(table, history):
    """Return what the best fixed action would have earned beyond what was earned."""
    earned = sum(table[own][other] for own, other in history)
    return max(sum(row[other] for _, other in history) for row in table) - earned


def worst_failure(strategy, table, horizon, epsilon, history=()):
    """Return the largest probability of a regret above epsilon × horizon: minimax over all histories, none merged."""
    if len(history) == horizon:
        return float(regret(table, history) > epsilon * horizon + 1e-9)
    n = len(table)
    policy = strategy(table, horizon, list(history))
    return max(
        sum(
            policy[own] * worst_failure(strategy, table, horizon, epsilon, (*history, (own, other)))
            for own in range(n)
            if policy[own]
        )
        for other in range(n)
    )
