"""Does a strategy keep to the protocol? Everything that could make a later number wrong, tried at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.engine import branch, play
from socialcoop.games import Game
from socialcoop.regret import external_regret
from socialcoop.social.consistent import magnified, usual_partners, worst_failures
from socialcoop.social.intervals import clopper_pearson
from socialcoop.strategies import Fixed, Seat, Strategy
from socialcoop.strategies.black_box import OnlyDrawsError
from socialcoop.strategies.guards import held_policy
from socialcoop.strategies.protocol import Floats, Indices

MAX_HISTORIES = 5000  # that are tried one and all
CLOSE = 1e-6  # what a network of single precision may differ by, according to how many episodes it sees at once
EPSILONS = np.array([0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.0])
SOME = 24  # histories that are played one by one, and episodes of the whole horizon
SURE = 1 - 1e-6  # how sure a simulation must be that a certificate is wrong

Faults = Iterator[tuple[str, str]]  # kind, fault


@checks.TINY_IS_ZERO
def check_strategy(
    strategy: Strategy, game: Game, horizon: int = 10, *, seed: int | np.random.Generator | None = 0
) -> None:
    """Raise an error that lists what is wrong with a strategy; say nothing if all is well.

    Parameters
    ----------
    strategy
        A strategy of one's own.
    game, horizon
        What it is to play, and for how many stages, at least 1. The first stages are tried with every history, up to
        5000 of them, and the whole horizon with a few.
    seed
        Of the histories that are drawn: an int, a Generator, or None for fresh randomness.

    Raises
    ------
    ValueError
        If on either side, at any type, one of these fails. Policies are distributions, and the same when asked
        twice. The policy depends on type, horizon and history alone: not on what happens in other episodes, in
        another seat or elsewhere. A selection of the episodes goes on as they would, so that ``per_episode`` and
        ``inner`` name what is remembered. Episodes with the same ``state`` have the same future. ``odds`` are the
        policy up to a factor. ``observe`` leaves its arguments alone. The certificate is a chance, never
        grows with epsilon, and is true: exactly so over the first stages, if these are not too many to be
        computed, and against the usual partners over the horizon. A black box gives the same play from the same
        seed, and its episodes have chances of their own.

    Examples
    --------
    >>> sc.check_strategy(sc.Hedge(), sc.games.team_lead())
    >>> class Boastful(sc.strategies.Trembling):
    ...     def certificate(self, game, horizon, epsilon):
    ...         return 0.0
    >>> try:
    ...     sc.check_strategy(Boastful(sc.Hedge(), 0.5), sc.games.chicken())
    ... except ValueError as error:
    ...     print(str(error)[:60])
    Boastful(Hedge(), rate=0.5) does not keep to the protocol:
    """
    checks.instance("strategy", strategy, Strategy)
    checks.instance("game", game, Game)
    horizon = checks.integer("horizon", horizon, 1)
    rng = checks.generator(seed)
    sides = [_Side(strategy, game, agent, horizon) for agent in (0, 1)]
    faults = [f"{side}: {fault}" for side in sides for fault in _faults(side, rng)]
    if not faults:
        faults = list(_certificate_faults(strategy, game, horizon, rng))
    if faults:
        raise ValueError("\n  ".join([f"{strategy!r} does not keep to the protocol:", *faults]))


@dataclass(frozen=True)
class _Side:
    """What is tried: a strategy on one side of a game."""

    strategy: Strategy
    game: Game
    agent: int
    horizon: int

    def __str__(self) -> str:
        return f"on the {('AI', 'partner')[self.agent]}'s side"

    def seat(self, types: Indices) -> Seat:
        """Return a seat, after one for the other side with other types, of which it must know nothing."""
        hidden = (types + 1) % self.game.n_types
        self.strategy.seat(self.game, 1 - self.agent, hidden, self.horizon)
        return self.strategy.seat(self.game, self.agent, types.copy(), self.horizon)

    def policy(self, seat: Seat, stage: int) -> Floats:
        """Return a seat's policy, which must be a distribution, of the right shape, and the same when asked twice."""
        return held_policy(f"the policy of {self.strategy!r} at stage {stage}", seat.policy, seat)

    def observe(self, seat: Seat, own: Indices, other: Indices) -> None:
        """Let a seat observe a stage by arrays that are spoilt once it has."""
        given = own.copy(), other.copy()
        seat.observe(*given)
        if not np.array_equal(given, (own, other)):
            raise ValueError(f"observe of {self.strategy!r} must leave its arguments alone, and changed them")
        for actions in given:
            actions[:] = self.game.n_actions - 1 - actions  # who kept them, and no copy, remembers something else now

    def replayed(self, types: Indices, own: Indices, other: Indices) -> Seat:
        """Return a fresh seat after these histories."""
        seat = self.seat(types)
        for stage in zip(own, other, strict=True):
            self.observe(seat, *stage)
        return seat


def _faults(side: _Side, rng: np.random.Generator) -> list[str]:
    """Return what is wrong on one side, in the order of the stages; of each kind the first only."""
    found: dict[str, str] = {}
    try:
        for kind, fault in chain(_tree_faults(side, rng), _long_faults(side, rng)):
            found.setdefault(kind, fault)
        side.policy(side.seat(np.empty(0, dtype=np.intp)), 1)  # without any episode
    except OnlyDrawsError:
        return list(_drawn_faults(side, rng))
    except (ValueError, TypeError) as error:
        found["raised"] = str(error)
    except Exception as error:  # whatever a strategy of one's own may raise
        found["raised"] = f"{type(error).__name__}: {error}"
    return list(found.values())


def _tree_faults(side: _Side, rng: np.random.Generator) -> Faults:
    """Yield what is wrong over the first stages, after every history."""
    game, types = side.game, np.arange(side.game.n_types)
    seat = side.seat(types)
    own = other = np.empty((0, len(types)), dtype=np.intp)
    for stage in range(1, side.horizon + 1):
        policy = side.policy(seat, stage)
        yield from _odds_faults(seat, policy, stage)
        copied = seat.take(np.arange(seat.episodes))
        copied.observe(*rng.integers(game.n_actions, size=(2, seat.episodes)))
        if not _close(policy, seat.policy()):
            yield "shared", f"what a selection of its episodes observes at stage {stage} changes the seat it is from"
        again = side.replayed(types, own, other)
        if not _close(policy, again.policy()):
            yield (
                "continued",
                f"a selection of its episodes goes on differently at stage {stage} than the same histories do in a "
                "fresh seat; per_episode and inner must name all that it remembers, and chance has no place in it",
            )
        for b in rng.permutation(len(types))[:SOME]:
            alone = side.replayed(types[[b]], own[:, [b]], other[:, [b]])
            if not _close(again.policy()[:, [b]], alone.policy()):
                yield "alone", f"an episode alone is played differently at stage {stage} than among others"
        if stage == side.horizon or len(types) * game.n_actions**2 > MAX_HISTORIES:
            return
        after = _branched(seat, side.agent, stage)
        yield from _state_faults(seat.state(), policy, after.state(), stage, game.n_actions**2)
        types, own, other = _longer(game.n_actions, side.agent, types, own, other)
        seat = after


def _branched(seat: Seat, agent: int, stage: int) -> Seat:
    """Return the seat continued by every joint action."""
    try:
        return branch(seat, agent)
    except (ValueError, IndexError) as error:
        raise ValueError(
            f"a selection of its episodes cannot observe stage {stage}: {error}; per_episode and inner must name "
            "all that it remembers"
        ) from error


def _longer(
    n_actions: int, agent: int, types: Indices, own: Indices, other: Indices
) -> tuple[Indices, Indices, Indices]:
    """Return types and histories, each continued by every joint action, in the order of `branch`."""
    joint = np.divmod(np.tile(np.arange(n_actions**2), len(types)), n_actions)
    types, own, other = (np.repeat(each, n_actions**2, axis=-1) for each in (types, own, other))
    return types, np.vstack([own, joint[agent]]), np.vstack([other, joint[1 - agent]])


def _odds_faults(seat: Seat, policy: Floats, stage: int) -> Faults:
    odds = np.asarray(seat.odds(), dtype=float)
    if odds.shape != policy.shape or not _close(odds / odds.sum(axis=0), policy):
        yield "odds", f"its odds at stage {stage} are not its policy up to a factor for each episode"


def _state_faults(state: Floats, policy: Floats, after: Floats, stage: int, joint: int) -> Faults:
    """Compare the episodes whose columns of the state are equal."""
    _, first, group = np.unique(np.round(magnified(state), 9), axis=1, return_index=True, return_inverse=True)
    like = first[group.ravel()]
    if not _close(policy, policy[:, like]):
        yield "state", f"two histories with the same state are played differently at stage {stage}"
    children = magnified(after).reshape(len(after), -1, joint)
    if not _close(children, children[:, like]):
        yield "state", f"two histories with the same state at stage {stage} have different states one stage later"


def _long_faults(side: _Side, rng: np.random.Generator) -> Faults:
    """Yield what is wrong over the whole horizon, along some histories, half of which are the same from stage 3 on."""
    game, types = side.game, np.arange(SOME) % side.game.n_types
    own, other = rng.integers(game.n_actions, size=(2, side.horizon, SOME))
    own[2:, ::2], other[2:, ::2] = own[2:, :1], other[2:, :1]
    chosen, lonely = rng.permutation(SOME)[: SOME // 2], range(3)
    seat = side.seat(types)
    selected, alone = seat.take(chosen), [side.seat(types[[b]]) for b in lonely]
    alike = np.zeros((SOME, SOME), dtype=bool)  # pairs that had the same state at some stage, and the same ever since
    for stage in range(1, side.horizon + 1):
        policy = side.policy(seat, stage)
        yield from _odds_faults(seat, policy, stage)
        if not _close(policy[:, chosen], selected.policy()):
            yield "continued", f"a selection of its episodes goes on differently from stage {stage} on"
            return
        for b, single in zip(lonely, alone, strict=True):
            if not _close(policy[:, [b]], single.policy()):
                yield "alone", f"an episode alone is played differently at stage {stage} than among others"
        state = np.round(magnified(seat.state()), 9)
        alike |= (state[:, :, None] == state[:, None, :]).all(axis=0)
        if not _close(policy[:, :, None] * alike, policy[:, None, :] * alike):
            yield "state", f"two histories that had the same state are played differently at stage {stage}"
        selected = seat.take(chosen) if stage % 7 == 0 else selected
        actions = own[stage - 1], other[stage - 1]
        alike &= np.logical_and.reduce([each[:, None] == each for each in actions])
        side.observe(seat, *actions)
        side.observe(selected, *(each[chosen] for each in actions))
        for b, single in zip(lonely, alone, strict=True):
            side.observe(single, *(each[[b]] for each in actions))


def _drawn_faults(side: _Side, rng: np.random.Generator) -> Iterator[str]:
    """Yield what is wrong with a black box, of which only its play is known."""
    types = np.zeros((SOME, 2), dtype=np.intp)

    def played(seed: int) -> NDArray[np.uint8]:
        first, second = (side.strategy, Fixed(0)) if side.agent == 0 else (Fixed(0), side.strategy)
        return play(first, second, side.game, types, side.horizon, SOME, seed).actions[:, side.agent]

    seeds = [int(seed) for seed in rng.integers(2**32, size=4)]
    found = [played(seed) for seed in seeds]
    if not np.array_equal(found[0], played(seeds[0])):
        yield "from the same seed it plays differently: all its chance must come from rng"
    elif all((each == each[:, :1]).all() for each in found) and not all((each == found[0]).all() for each in found):
        yield "all its episodes are alike, and differ from seed to seed: each must draw a chance of its own from rng"


def _certificate_faults(strategy: Strategy, game: Game, horizon: int, rng: np.random.Generator) -> Iterator[str]:
    misfit = checks.misfit(strategy.certificate, game, horizon, 0.5)
    if misfit:
        yield f"its certificate must be a method (self, game, horizon, epsilon): {misfit}"
        return
    for stages in sorted({min(horizon, 6), horizon}):
        bounds = [strategy.certificate(game, stages, float(epsilon)) for epsilon in EPSILONS]
        wrong = [bound for bound in bounds if not (np.ndim(bound) == 0 and 0 <= bound <= 1)]
        if wrong:
            yield f"its certificate must be a chance, in [0, 1], got {wrong[0]!r}"
            return
        if np.diff(bounds).max() > CLOSE:
            yield f"its certificate over {stages} stages grows with epsilon: {bounds}"
            return
        if min(bounds) == 1:
            continue  # it promises nothing
        for epsilon, bound, failure in zip(EPSILONS, bounds, _failures(strategy, game, stages, rng), strict=True):
            if failure > bound + CLOSE:
                yield (
                    f"its certificate over {stages} stages at epsilon = {epsilon:g} is {bound:g}, though some partner "
                    f"makes its regret larger with probability {failure:g} or more"
                )
                return


def _failures(strategy: Strategy, game: Game, stages: int, rng: np.random.Generator) -> Floats:
    """Return how often, at least, some partner makes the regret too large: exactly, or as a simulation shows."""
    try:
        if stages <= 6:
            return np.max([worst_failures(strategy, game, stages, EPSILONS, agent=agent) for agent in (0, 1)], axis=0)
    except ValueError:  # too many histories, or a black box
        pass
    found, episodes = np.zeros(len(EPSILONS)), 400
    types = rng.integers(game.n_types, size=(episodes, 2))
    for partner in usual_partners(game):
        for agent, pair in enumerate(((strategy, partner), (partner, strategy))):
            regrets = external_regret(play(pair[0], pair[1], game, types, stages, episodes, rng), agent)
            counts = (regrets > EPSILONS[:, None] * stages + CLOSE).sum(axis=1)
            found = np.maximum(found, [clopper_pearson(int(count), episodes, SURE)[0] for count in counts])
    return found


def _close(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    return np.shape(one) == np.shape(other) and bool(np.allclose(one, other, rtol=0, atol=CLOSE))
