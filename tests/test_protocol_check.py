"""`check_strategy` finds each way not to keep to the protocol, and nothing in strategies that do."""

import numpy as np
import pytest
import test_strategies as contract

import socialcoop as sc

TEAM = sc.games.team_lead()
RNG = np.random.default_rng(3)


class Counting(sc.Seat):
    """Plays 1 as often as the partner has; the good one, of which the others are spoilt copies."""

    per_episode = ("ones", "types")

    def __init__(self, game, types, horizon):
        super().__init__(game, len(types))
        self.ones, self.types, self.stage = np.zeros(len(types)), types, 0

    def policy(self):
        share = self.ones / max(self.stage, 1)
        return np.stack([1 - share, share])

    def observe(self, own, other):
        self.ones = self.ones + other
        self.stage += 1


def strategy(seat, bound=None):
    """Return a strategy with seats of this class, and perhaps a certificate."""

    class Own(sc.Strategy):
        def seat(self, game, agent, types, horizon):
            return seat(game, types, horizon)

    if bound is not None:
        Own.certificate = lambda self, game, horizon, epsilon: bound(horizon, epsilon)
    return Own()


class Forgets(Counting):
    per_episode = ("types",)


class MixesEpisodes(Counting):
    def policy(self):
        share = np.full(self.episodes, self.ones.mean() / max(self.stage, 1)) if self.episodes else np.zeros(0)
        return np.stack([1 - share, share])


class Draws(Counting):
    def policy(self):
        return np.eye(2)[:, RNG.integers(2, size=self.episodes)]


class DrawsOnceAStage(Counting):
    per_episode = (*Counting.per_episode, "drawn")

    def __init__(self, *around):
        super().__init__(*around)
        self.drawn = RNG.integers(2, size=self.episodes)

    def policy(self):
        return np.eye(2)[:, self.drawn]

    def observe(self, own, other):
        super().observe(own, other)
        self.drawn = RNG.integers(2, size=self.episodes)


class KeepsItsArguments(Counting):
    per_episode = ("last",)

    def __init__(self, *around):
        super().__init__(*around)
        self.last = np.zeros(self.episodes, dtype=int)

    def policy(self):
        return np.eye(2)[:, self.last]

    def observe(self, own, other):
        self.last = other


class SpoilsItsArguments(Counting):
    def observe(self, own, other):
        super().observe(own, other)
        other *= 0


class AddsInPlace(Counting):
    """Shares its memory with whoever was taken from it."""

    def observe(self, own, other):
        self.ones += other
        self.stage += 1

    def take(self, indices):
        taken = super().take(indices)
        if len(indices) == self.episodes:
            taken.ones = self.ones
        return taken


class HidesItsState(Counting):
    def state(self):
        return super().state()[1:]


class RemembersTheFirst(Counting):
    """At one of the stages it plays what it played at the first one."""

    per_episode = (*Counting.per_episode, "first")
    again = 2  # stages before that one

    def __init__(self, *around):
        super().__init__(*around)
        self.first = np.zeros(self.episodes)

    def policy(self):
        return super().policy() if self.stage != self.again else np.stack([1 - self.first, self.first])

    def observe(self, own, other):
        if self.stage == 0:
            self.first = own.astype(float)
        super().observe(own, other)


class HidesTheFuture(RemembersTheFirst):
    """Its state tells the policy now, but not what was played at the first stage, which decides the third."""

    def state(self):
        return np.stack([self.ones, self.types]) if self.stage < 2 else super().state()


class OtherOdds(Counting):
    def odds(self):
        return 1 - 0.5 * self.policy()


class LateFault(Counting):
    def policy(self):
        return super().policy() * (1.5 if self.stage == 8 else 1)


class Shared(Counting):
    """Remembers across seats."""

    seen = 0

    def policy(self):
        Shared.seen += 1
        share = np.full(self.episodes, (Shared.seen // 40) % 2)
        return np.stack([1 - share, share])


class LateOdds(Counting):
    def odds(self):
        return self.policy() if self.stage < 8 else self.policy()[::-1] + 0.01


class ForgetsLate(RemembersTheFirst):
    """Its state loses the first stage, which decides the tenth."""

    again = 9

    def state(self):
        return super().state()[:2]


class SpoilsLate(Counting):
    def observe(self, own, other):
        super().observe(own, other)
        if self.stage > 8:
            other *= 0


class MixesTypesLate(Counting):
    def policy(self):
        share = np.full(self.episodes, float(self.types.any()) / 2)
        return super().policy() if self.stage < 8 else np.stack([1 - share, share])


FAULTS = {
    LateOdds: "odds at stage 9",
    ForgetsLate: "had the same state are played differently at stage 10",
    SpoilsLate: "leave its arguments alone",
    MixesTypesLate: "alone is played differently at stage 9",
    Forgets: "per_episode",
    MixesEpisodes: "alone",
    Draws: "same when asked twice",
    DrawsOnceAStage: "goes on differently",
    KeepsItsArguments: "goes on differently",
    SpoilsItsArguments: "leave its arguments alone",
    AddsInPlace: "changes the seat it is from",
    HidesItsState: "same state are played differently",
    HidesTheFuture: "same state at stage 2 have different states",
    OtherOdds: "odds at stage 1",
    LateFault: "at stage 9 must sum to 1",
    Shared: "differently|asked twice",
}


@pytest.mark.parametrize("seat", FAULTS, ids=lambda seat: seat.__name__)
def test_each_fault_is_found_and_named(seat):
    with pytest.raises(
        ValueError, match=rf"(?s)Own\(\) does not keep to the protocol:\n  on the AI's side: .*({FAULTS[seat]})"
    ):
        sc.check_strategy(strategy(seat), TEAM, horizon=12)


def test_the_good_ones_are_good():
    sc.check_strategy(strategy(Counting), TEAM, horizon=12)
    sc.check_strategy(strategy(RemembersTheFirst), TEAM, horizon=12)
    sc.check_strategy(strategy(Counting, bound=lambda horizon, epsilon: float(epsilon < 1)), TEAM)


CERTIFICATES = {
    "chance": lambda horizon, epsilon: 1.5,
    "chance ": lambda horizon, epsilon: -0.1,
    "chance  ": lambda horizon, epsilon: np.nan,
    "grows with epsilon": lambda horizon, epsilon: epsilon,
    "some partner makes its regret larger": lambda horizon, epsilon: 0.0,
}


@pytest.mark.parametrize("fault", CERTIFICATES)
def test_a_wrong_certificate_is_found(fault):
    with pytest.raises(ValueError, match=f"its certificate .*{fault.strip()}"):
        sc.check_strategy(strategy(Counting, CERTIFICATES[fault]), TEAM)


class KeepsAList(Counting):
    per_episode = (*Counting.per_episode, "past")

    def __init__(self, *around):
        super().__init__(*around)
        self.past = []


class NeedsEpisodes(Counting):
    def policy(self):
        return super().policy() if self.ones.max() >= 0 else None


@pytest.mark.parametrize(
    ("seat", "fault"),
    [
        (KeepsAList, r"past, which per_episode of KeepsAList names, must be an array.*got \[\]"),
        (NeedsEpisodes, "zero-size"),
    ],
)
def test_what_would_be_an_odd_error_elsewhere_is_told(seat, fault):
    with pytest.raises(ValueError, match=rf"(?s)does not keep to the protocol:.*{fault}"):
        sc.check_strategy(strategy(seat), TEAM)


def test_a_certificate_with_other_arguments_is_told():
    class Own(sc.strategies.Trembling):
        def certificate(self):
            return 0.1

    with pytest.raises(ValueError, match=r"its certificate must be a method \(self, game, horizon, epsilon\)"):
        sc.check_strategy(Own(sc.Hedge(), 0.1), TEAM)


def test_a_partners_type_that_comes_by_the_strategy_is_found():
    class Peeks(sc.Strategy):
        def seat(self, game, agent, types, horizon):
            if agent == 0:
                self.seen = types
            known = getattr(self, "seen", np.zeros(1, int))[:1]
            return sc.Fixed(int(known.sum()) if agent else 0).seat(game, agent, types, horizon)

    with pytest.raises(ValueError, match="on the partner's side: an episode alone is played differently at stage 1"):
        sc.check_strategy(Peeks(), TEAM)


LARGE, LONG = sc.games.coordination(5), 100


@pytest.mark.parametrize(
    ("game", "horizon", "bound"),
    [(LARGE, 6, lambda horizon, epsilon: 0.0), (TEAM, LONG, lambda horizon, epsilon: float(horizon < LONG))],
)
def test_a_certificate_is_tried_by_playing_where_it_cannot_be_computed(game, horizon, bound):
    mirror = sc.strategies.ByAgent(sc.TitForTat(), sc.TitForTat())

    class Own(sc.Strategy):
        def seat(self, *around):
            return mirror.seat(*around)

        def certificate(self, game, horizon, epsilon):
            return bound(horizon, epsilon)

    with pytest.raises(ValueError, match=f"its certificate over {horizon} stages at epsilon = 0 is 0, though"):
        sc.check_strategy(Own(), game, horizon)


def test_a_certificate_of_a_black_box_is_tried_by_playing():
    class Boastful(sc.strategies.BlackBox):
        def certificate(self, game, horizon, epsilon):
            return 0.0

    with pytest.raises(ValueError, match="its certificate over 6 stages"):
        sc.check_strategy(Boastful(lambda g, a, k, t, rng: lambda own, other: int(rng.integers(2))), TEAM)


def test_a_black_box_with_one_chance_for_all_episodes_is_found():
    moods = []  # with whose chance they are: a generator that lives on shares its identity with no other

    def shared(game, agent, own_type, horizon, rng):
        if not any(chance is rng for chance, _ in moods):
            moods.append((rng, int(rng.integers(2))))
        mood = next(mood for chance, mood in moods if chance is rng)
        return lambda own, other: mood

    with pytest.raises(ValueError, match="all its episodes are alike, and differ from seed to seed"):
        sc.check_strategy(sc.strategies.BlackBox(shared), TEAM)


@pytest.mark.parametrize("unit", [1e-7, 1e-10])
@pytest.mark.parametrize("learner", [sc.RegretMatching(), sc.FictitiousPlay(), sc.Convention()], ids=repr)
def test_payoffs_in_a_small_unit_are_no_fault(learner, unit):
    sc.check_strategy(learner, sc.Game(TEAM.payoffs * unit))


def test_a_network_of_single_precision_is_no_fault():
    weights = RNG.normal(size=(3, 2)).astype(np.float32)

    class Net(Counting):
        def policy(self):
            inputs = np.stack([self.ones, np.full(self.episodes, self.stage), self.types]).astype(np.float32)
            odds = np.exp(weights.T @ inputs / 10)
            return odds / odds.sum(axis=0)

    sc.check_strategy(strategy(Net), TEAM)


def test_whatever_a_strategy_raises_is_told_with_its_side():
    class Breaks(Counting):
        def policy(self):
            raise RuntimeError("no model is loaded")

    with pytest.raises(ValueError, match="on the AI's side: RuntimeError: no model is loaded"):
        sc.check_strategy(strategy(Breaks), TEAM)


def test_all_faults_are_listed_each_once():
    class Both(OtherOdds, HidesItsState):
        pass

    with pytest.raises(ValueError, match="does not keep") as error:
        sc.check_strategy(strategy(Both), TEAM)
    lines = str(error.value).splitlines()[1:]
    assert len(lines) == 4
    assert [line.strip()[:18] for line in lines] == ["on the AI's side: "] * 2 + ["on the partner's s"] * 2


def test_a_black_box_that_is_reproducible_passes_and_one_that_is_not_is_found():
    good = sc.strategies.BlackBox(lambda g, a, k, t, rng: lambda own, other: int(rng.integers(2)), "good")
    bad = sc.strategies.BlackBox(lambda g, a, k, t, rng: lambda own, other: int(RNG.integers(2)), "bad")
    sc.check_strategy(good, TEAM)
    sc.check_strategy(sc.Population([good, sc.Hedge()]), TEAM)
    with pytest.raises(ValueError, match=r"BlackBox\(bad\) does not keep.*\n.*same seed"):
        sc.check_strategy(bad, TEAM)


@pytest.mark.parametrize("horizon", [1, contract.HORIZON])
@pytest.mark.parametrize("name", contract.STRATEGIES)
def test_our_own_strategies_pass(name, horizon):
    game = sc.Game(np.random.default_rng(1).random((contract.TYPES, 2, 2)))
    sc.check_strategy(contract.STRATEGIES[name](game), game, horizon)
