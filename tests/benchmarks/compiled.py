"""Hedge against Hedge as compiled loops, one episode after the other, written by hand for four actions.

The number of actions is a constant so that the compiler unrolls every loop over them, the random
numbers are a few inlined integer operations, and an episode's weights never leave the first cache.
"""

import numpy as np
from numba import njit

N_ACTIONS = 4
SHIFTS = np.uint64(12), np.uint64(25), np.uint64(27), np.uint64(11)
MULTIPLIER = np.uint64(0x2545F4914F6CDD1D)


@njit(inline="always")
def uniform(state):
    """Return the next state of a xorshift64* generator and a uniform number in [0, 1)."""
    state ^= state >> SHIFTS[0]
    state ^= state << SHIFTS[1]
    state ^= state >> SHIFTS[2]
    return state, ((state * MULTIPLIER) >> SHIFTS[3]) * 2.0**-53


@njit(inline="always")
def draw(weights, level):
    """Return how many of the first partial sums of the weights lie at or below ``level``."""
    action, partial = 0, 0.0
    for a in range(N_ACTIONS - 1):
        partial += weights[a]
        action += level >= partial
    return action


@njit
def textbook(payoffs, rate, actions, seed):
    """Fill ``actions`` (episodes, stages, 2): cumulated scores, a softmax at every stage."""
    state = np.uint64(seed)
    scores, weights = np.empty((2, N_ACTIONS)), np.empty(N_ACTIONS)
    for episode in actions:
        scores[:] = 0
        for stage in episode:
            for agent in range(2):
                best, total = scores[agent].max(), 0.0
                for a in range(N_ACTIONS):
                    weights[a] = np.exp(rate * (scores[agent, a] - best))
                    total += weights[a]
                state, u = uniform(state)
                stage[agent] = draw(weights, u * total)
            for a in range(N_ACTIONS):
                scores[0, a] += payoffs[a, stage[1]]
                scores[1, a] += payoffs[a, stage[0]]


@njit
def multiplicative(payoffs, rate, actions, seed):
    """Fill ``actions`` (episodes, stages, 2): weights times looked-up factors, seldom normalised."""
    state = np.uint64(seed)
    factors, weights = np.empty((N_ACTIONS, N_ACTIONS)), np.empty((2, N_ACTIONS))
    for b in range(N_ACTIONS):
        for a in range(N_ACTIONS):
            factors[b, a] = np.exp(rate * (payoffs[a, b] - payoffs[:, b].max()))
    for episode in actions:
        weights[:] = 1
        for t in range(len(episode)):
            for agent in range(2):
                total = 0.0
                for a in range(N_ACTIONS):
                    total += weights[agent, a]
                state, u = uniform(state)
                episode[t, agent] = draw(weights[agent], u * total)
            first, second = episode[t, 0], episode[t, 1]
            for a in range(N_ACTIONS):
                weights[0, a] *= factors[second, a]
                weights[1, a] *= factors[first, a]
            if t % 256 == 255:
                for agent in range(2):
                    weights[agent] /= weights[agent].max()
