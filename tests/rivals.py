"""Assistants that try to serve a spiteful colleague, and a way to let many of them play at once."""

import numpy as np

import socialcoop as sc
from socialcoop.strategies.protocol import pure

WORDS = (0, 1)


class Each(sc.Strategy):
    """Episode k is played by member k mod M: many strategies in one play of one chunk."""

    def __init__(self, members):
        self.members = list(members)

    def seat(self, game, agent, types, horizon):
        return _EachSeat(self.members, game, agent, types, horizon)


class _EachSeat(sc.Seat):
    def __init__(self, members, game, agent, types, horizon):
        super().__init__(game, len(types))
        self.places = [np.arange(k, len(types), len(members)) for k in range(len(members))]
        self.seats = [
            member.seat(game, agent, types[places], horizon)
            for member, places in zip(members, self.places, strict=True)
        ]

    def policy(self):
        policy = np.empty((self.game.n_actions, self.episodes))
        for places, seat in zip(self.places, self.seats, strict=True):
            policy[:, places] = seat.policy()
        return policy

    def observe(self, own, other):
        for places, seat in zip(self.places, self.seats, strict=True):
            seat.observe(own[places], other[places])


class Follow(sc.Strategy):
    """Follow people up to a stage, as a helper or as whom it pretends to be, then do as ``after`` says.

    ``after(said, stage)`` returns what to play, (B,), by what the colleague said at the announcement (-1: nothing yet).
    """

    def __init__(self, people, stop, after, pretend=0):
        self.people, self.stop, self.after, self.pretend = people, stop, after, pretend

    def seat(self, game, agent, types, horizon):
        followed = self.people.seat(game, agent, np.full(len(types), self.pretend), horizon)
        return _FollowSeat(followed, self.people.phase // 2, self.stop, self.after)


class _FollowSeat(sc.Seat):
    def __init__(self, followed, told, stop, after):
        super().__init__(followed.game, followed.episodes)
        self.followed, self.told, self.stop, self.after = followed, told, stop, after
        self.said, self.stage = np.full(self.episodes, -1), 0

    def policy(self):
        if self.stage < self.stop:
            return self.followed.policy()
        return pure(np.broadcast_to(self.after(self.said, self.stage), self.episodes), self.game.n_actions)

    def observe(self, own, other):
        if self.stage < self.stop:
            self.followed.observe(own, other)
        if self.stage == self.told:
            self.said = np.where(np.isin(other, WORDS), other, -1)
        self.stage += 1


def serve(said, stage):
    return np.maximum(said, 0) + 2


def speak(said, stage):
    return np.maximum(said, 0)


def mostly(share):
    """Serve in a share of the stages, and speak in the others."""
    return lambda said, stage: serve(said, stage) if stage % 10 < 10 * share else speak(said, stage)


def rivals(people, horizon):
    """Return assistants by name: all that we could think of, some of them told what the theorem allows."""
    told, phase = people.phase // 2 + 1, people.phase
    stop, commit = lambda when, after, pretend=0: Follow(people, when, after, pretend), sc.ThenCommit
    return {
        "word 1": sc.Fixed(0),
        "word 2": sc.Fixed(1),
        "service 1": sc.Fixed(2),
        "either service": sc.Fixed([0, 0, 0.5, 0.5]),
        "either word": sc.Fixed([0.5, 0.5, 0, 0]),
        "anything": sc.Fixed([0.25] * 4),
        "words in turn": sc.Scripted([0, 1]),
        "services in turn": sc.Scripted([2, 3]),
        "copies": sc.TitForTat(),
        "leaves at once, then a service": stop(10, lambda said, stage: 2),
        "leaves when the words end, then a word": stop(told - 1, lambda said, stage: 0),
        "leaves when the words end, then a service": stop(told - 1, lambda said, stage: 2),
        "announces what nobody is, then serves": stop(told - 1, lambda said, stage: np.where(said < 0, 3, said + 2)),
        "serves as soon as it knows": stop(told, serve),
        "speaks as soon as it knows": stop(told, speak),
        "serves wrongly once, then serves": stop(told, lambda said, stage: np.where(stage == told, 3 - said, said + 2)),
        "serves for half of what is left, then speaks": stop((told + phase) // 2, speak),
        "pretends to like word 1, then serves": stop(told, serve, pretend=1),
        "pretends to like word 1 for ever": stop(horizon, serve, pretend=1),
        "pretends to like word 2 until the phase ends": stop(phase, serve, pretend=2),
        "follows for ever": stop(horizon, serve),
        "follows, then speaks": stop(phase, speak),
        "serves in 9 of 10 stages": stop(told, mostly(0.9)),
        "serves in 7 of 10 stages": stop(told, mostly(0.7)),
        "follows, then ν": commit(people, phase),
        "follows to the announcement, then ν": commit(people, told),
        "follows, then a pure draw": commit(people, phase, "pure"),
        "hyperbolic stop": commit(people, phase, "hyperbolic"),
        "universal stop": commit(people, phase, "universal"),
        "Hedge, as if it were type 0": sc.Hedge(),
        "regret matching": sc.RegretMatching(),
    }


def random_rivals(count, seed):
    """Return assistants that remember one stage and react at random, more or less decidedly, and random automata."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        sharpness = rng.choice([0.05, 0.3, 1.0])
        if number % 2:
            replies = rng.dirichlet(np.full(4, sharpness), size=(4, 4))
            yield sc.strategies.MemoryOne(replies, rng.dirichlet(np.full(4, sharpness)))
        else:
            states = int(rng.integers(2, 9))
            moves = rng.integers(states, size=(states, 4, 4))
            yield sc.strategies.Automaton(list(rng.dirichlet(np.full(4, sharpness), size=states)), moves)
