"""Does a strategy keep to the protocol? Everything that could make a later number wrong, tried at once."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from socialcoop import checks
from socialcoop.engine import branch, play
from socialcoop.games import Game
from socialcoop.social.consistent import worst_failures
from socialcoop.strategies import Fixed, Seat, Strategy
from socialcoop.strategies.black_box import OnlyDrawsError
from socialcoop.strategies.guards import same_again
from socialcoop.strategies.protocol import Floats, Indices

MAX_HISTORIES = 5000  # that are tried one and all
CLOSE = 1e-9
EPSILONS = np.array([0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.0])
SOME = 24  # histories that are played one by one, and episodes of the whole horizon


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
        grows with epsilon, and is true over the first stages. A black box gives the same play from the same seed.

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
    sides = ("on the AI's side", "on the partner's side")
    faults = [
        f"{side}: {fault}" for agent, side in enumerate(sides) for fault in _faults(strategy, game, agent, horizon, rng)
    ]
    if not faults:
        faults = list(_certificate_faults(strategy, game, horizon))
    if faults:
        raise ValueError("\n  ".join([f"{strategy!r} does not keep to the protocol:", *faults]))


def _faults(strategy: Strategy, game: Game, agent: int, horizon: int, rng: np.random.Generator) -> list[str]:
    """Return what is wrong on one side, in the order of the stages; of each kind the first only."""
    around = strategy, game, agent, horizon, rng
    found: dict[str, str] = {}
    try:
        for kind, fault in chain(_tree_faults(*around), _long_faults(*around)):
            found.setdefault(kind, fault)
        _policy(strategy.seat(game, agent, np.empty(0, dtype=np.intp), horizon), f"{strategy!r} without any episode")
    except OnlyDrawsError:
        return list(_drawn_faults(*around))
    except (ValueError, TypeError, IndexError, AttributeError) as error:
        found["raised"] = str(error)
    return list(found.values())


def _tree_faults(
    strategy: Strategy, game: Game, agent: int, horizon: int, rng: np.random.Generator
) -> Iterator[tuple[str, str]]:
    """Yield (kind, fault) over the first stages, after every history."""
    types = np.arange(game.n_types)
    seat = strategy.seat(game, agent, types, horizon)
    own = other = np.empty((0, len(types)), dtype=np.intp)
    for stage in range(1, horizon + 1):
        policy = _policy(seat, f"{strategy!r} at stage {stage}")
        yield from _odds_faults(seat, policy, stage)
        copied = seat.take(np.arange(seat.episodes))
        copied.observe(*rng.integers(game.n_actions, size=(2, seat.episodes)))
        if not _close(policy, seat.policy()):
            yield "shared", f"what a selection of its episodes observes at stage {stage} changes the seat it is from"
        again = _replayed(strategy, game, agent, types, horizon, own, other)
        if not _close(policy, again.policy()):
            yield (
                "continued",
                (
                    f"a selection of its episodes goes on differently at stage {stage} than the same histories do in a "
                    "fresh seat; per_episode and inner must name all that it remembers, and chance has no place in it"
                ),
            )
        for b in rng.permutation(len(types))[:SOME]:
            alone = _replayed(strategy, game, agent, types[[b]], horizon, own[:, [b]], other[:, [b]])
            if not _close(again.policy()[:, [b]], alone.policy()):
                yield "alone", f"an episode alone is played differently at stage {stage} than among others"
        if stage == horizon or len(types) * game.n_actions**2 > MAX_HISTORIES:
            return
        try:
            after = branch(seat, agent)
        except (ValueError, IndexError) as error:
            raise ValueError(
                f"a selection of its episodes cannot observe stage {stage}: {error}; per_episode and inner must name "
                "all that it remembers"
            ) from error
        yield from _state_faults(seat.state(), policy, after.state(), stage, game.n_actions**2)
        types, own, other = _longer(game.n_actions, agent, types, own, other)
        seat = after


def _longer(
    n_actions: int, agent: int, types: Indices, own: Indices, other: Indices
) -> tuple[Indices, Indices, Indices]:
    """Return types and histories, each continued by every joint action, in the order of `branch`."""
    joint = np.divmod(np.tile(np.arange(n_actions**2), len(types)), n_actions)
    types, own, other = (np.repeat(each, n_actions**2, axis=-1) for each in (types, own, other))
    return types, np.vstack([own, joint[agent]]), np.vstack([other, joint[1 - agent]])


def _replayed(
    strategy: Strategy, game: Game, agent: int, types: Indices, horizon: int, own: Indices, other: Indices
) -> Seat:
    """Return a fresh seat after these histories, whose arguments are spoilt once it has observed them."""
    seat = strategy.seat(game, agent, types.copy(), horizon)
    for stage in zip(own, other, strict=True):
        given = [actions.copy() for actions in stage]
        seat.observe(*given)
        if not np.array_equal(given, stage):
            raise ValueError(f"observe of {strategy!r} must leave its arguments alone, and changed them")
        for actions in given:
            actions[:] = game.n_actions - 1 - actions  # who kept them, and no copy, remembers something else now
    return seat


def _policy(seat: Seat, name: str) -> Floats:
    """Return its policy, which must be a distribution, of the right shape, and the same when asked twice."""
    name = f"the policy of {name}"
    policy, wanted = np.array(seat.policy(), subok=True), (seat.game.n_actions, seat.episodes)
    if policy.shape != wanted:
        raise ValueError(f"{name} must have shape (N, B) = {wanted}, got {policy.shape}")
    checks.distribution(name, policy.T, "(B, N)", 2)
    same_again(name, policy, seat.policy())
    return policy


def _odds_faults(seat: Seat, policy: Floats, stage: int) -> Iterator[tuple[str, str]]:
    odds = np.asarray(seat.odds(), dtype=float)
    if odds.shape != policy.shape or not _close(odds / odds.sum(axis=0), policy):
        yield "odds", f"its odds at stage {stage} are not its policy up to a factor for each episode"


def _state_faults(state: Floats, policy: Floats, after: Floats, stage: int, joint: int) -> Iterator[tuple[str, str]]:
    """Compare the episodes whose columns of the state are equal."""
    _, first, group = np.unique(np.round(state, 9), axis=1, return_index=True, return_inverse=True)
    like = first[group.ravel()]
    if not _close(policy, policy[:, like]):
        yield "state", f"two histories with the same state are played differently at stage {stage}"
    children = after.reshape(len(after), -1, joint)
    if not _close(children, children[:, like]):
        yield "state", f"two histories with the same state at stage {stage} have different states one stage later"


def _long_faults(
    strategy: Strategy, game: Game, agent: int, horizon: int, rng: np.random.Generator
) -> Iterator[tuple[str, str]]:
    """Yield (kind, fault) over the whole horizon, along some histories; half of them are selected on the way."""
    types = np.arange(SOME) % game.n_types
    chosen = rng.permutation(SOME)[: SOME // 2]
    own, other = rng.integers(game.n_actions, size=(2, horizon, SOME))
    seat = strategy.seat(game, agent, types, horizon)
    selected = seat.take(chosen)
    for stage in range(1, horizon + 1):
        policy = _policy(seat, f"{strategy!r} at stage {stage}")
        if not _close(policy[:, chosen], selected.policy()):
            yield "continued", f"a selection of its episodes goes on differently from stage {stage} on"
            return
        selected = seat.take(chosen) if stage % 7 == 0 else selected
        seat.observe(own[stage - 1].copy(), other[stage - 1].copy())
        selected.observe(own[stage - 1, chosen], other[stage - 1, chosen])


def _drawn_faults(strategy: Strategy, game: Game, agent: int, horizon: int, rng: np.random.Generator) -> Iterator[str]:
    """Yield what is wrong with a black box, of which only its play is known."""
    coin = Fixed(np.full(game.n_actions, 1 / game.n_actions))
    first, second = (strategy, coin) if agent == 0 else (coin, strategy)
    types, seed = rng.integers(game.n_types, size=(SOME, 2)), int(rng.integers(2**32))
    once, again = (play(first, second, game, types, horizon, SOME, seed) for _ in range(2))
    if once != again:
        yield "from the same seed it plays differently: all its chance must come from rng"


def _certificate_faults(strategy: Strategy, game: Game, horizon: int) -> Iterator[str]:
    stages = min(horizon, 6)
    try:
        inspect.signature(strategy.certificate).bind(game, stages, 0.5)
    except TypeError as error:
        yield f"its certificate must be a method (self, game, horizon, epsilon): {error}"
        return
    bounds = [strategy.certificate(game, stages, float(epsilon)) for epsilon in EPSILONS]
    wrong = [bound for bound in bounds if not (np.ndim(bound) == 0 and 0 <= bound <= 1)]
    if wrong:
        yield f"its certificate must be a chance, in [0, 1], got {wrong[0]!r}"
        return
    if np.diff(bounds).max() > CLOSE:
        yield f"its certificate over {stages} stages grows with epsilon: {bounds}"
    try:
        failures = [worst_failures(strategy, game, stages, EPSILONS, agent=agent) for agent in (0, 1)]
    except ValueError:  # too many histories, or a black box: nothing can be said
        return
    for epsilon, bound, failure in zip(EPSILONS, bounds, np.max(failures, axis=0), strict=True):
        if failure > bound + CLOSE:
            yield (
                f"its certificate over {stages} stages at epsilon = {epsilon:g} is {bound:g}, though some partner "
                f"makes its regret larger with probability {failure:g}"
            )
            return


def _close(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    return np.shape(one) == np.shape(other) and bool(np.allclose(one, other, rtol=0, atol=CLOSE))
