"""Compatibility against hand values, enumeration and simulation; and members that break a class."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import binom

import socialcoop as sc
from socialcoop.strategies.protocol import pure

DELTA = 0.05


# --- one pair


def naive_failure(strategy1, strategy2, game, types, horizon, epsilon):
    """Return the failure probability from all histories, one by one, against the extreme PONE."""
    probability = sc.history_distribution(strategy1, strategy2, game, types, horizon)
    ai, partner = game.stage(types)
    pones = [profile.payoffs for profile in sc.pareto_optimal_nash(game, types)]
    failure = 0.0
    for history in product(range(game.n_actions**2), repeat=horizon):
        joint = [divmod(digit, game.n_actions) for digit in history]
        means = sum(ai[a, b] for a, b in joint) / horizon, sum(partner[b, a] for a, b in joint) / horizon
        served = any(all(v - u <= epsilon + 1e-9 for u, v in zip(means, pone, strict=True)) for pone in pones)
        failure += 0 if served else probability[history]
    return failure


RANDOM_PAIRS = [
    (sc.Hedge(), sc.Hedge()),
    (sc.RegretMatching(), sc.TitForTat()),
    (sc.Fixed([0.3, 0.7]), sc.Fixed([0.6, 0.4])),
    (sc.Hedge(), sc.Convention()),
    (sc.Convention("egalitarian"), sc.Population([sc.Convention(), sc.Hedge()], [0.25, 0.75])),
]


@pytest.mark.parametrize("pair", RANDOM_PAIRS, ids=lambda pair: f"{pair[0]} {pair[1]}")
@pytest.mark.parametrize("horizon", [1, 3])
def test_a_short_tree_is_summed_exactly(pair, horizon):
    for seed in range(3):
        game = sc.games.random_game(2, 2, seed)  # not degenerate, so that the extreme PONE are all PONE
        for epsilon in (0, 0.1, 0.3):
            found = sc.compatibility(*pair, game, horizon, epsilon)
            assert (found.kinds == "exact").all()
            np.testing.assert_array_equal(found.low, found.high)
            np.testing.assert_array_equal(found.low, found.failure)
            for types in product((0, 1), repeat=2):
                assert found.failure[types] == pytest.approx(
                    naive_failure(*pair, game, types, horizon, epsilon), abs=1e-9
                )


@pytest.mark.parametrize("pair", RANDOM_PAIRS, ids=lambda pair: f"{pair[0]} {pair[1]}")
def test_enumeration_agrees_with_simulation(pair):
    """20 comparisons in all for each pair, each with an error probability of 1e-7."""
    game, horizon, episodes = sc.games.random_game(2, 2, 4, 4), 6, 4000
    for epsilon in (0.05, 0.15, 0.3, 0.5, 0.7):
        exact = sc.compatibility(*pair, game, horizon, epsilon).failure
        for types in product((0, 1), repeat=2):
            play = sc.play(*pair, game, types, horizon, episodes, seed=5)
            means = np.stack([play.payoffs(agent).mean(axis=0) for agent in (0, 1)])
            failures = int((~sc.equilibria.reaches_pone(game, types, means, epsilon)).sum())
            low, high = sc.social.clopper_pearson(failures, episodes, 1 - 1e-7)
            assert low <= exact[types] <= high


@pytest.mark.parametrize("first", [1, 3, 2**20])
def test_what_is_followed_first_changes_no_answer(monkeypatch, first):
    """Type 1 is given up, and type 0 is not, however many histories are looked at before the others."""
    monkeypatch.setattr("socialcoop.social.compatible.FIRST", first)
    monkeypatch.setattr("socialcoop.social.compatible.MAX_TREE", 80)
    often = sc.Fixed([[1, 0, 0], [0.5, 0.3, 0.2]])
    game = sc.games.random_game(3, 2, seed=1)
    found = sc.compatibility(often, often, game, 4, 0.1, episodes=300, seed=0)
    # 9 and 81 and more histories where both draw; 3 and 9 and 27 and 81 where one does
    assert found.kinds.tolist() == [["exact", "estimate"], ["estimate", "estimate"]]
    short = sc.compatibility(often, often, game, 3, 0.1, episodes=300, seed=0)
    assert short.kinds.tolist() == [["exact", "exact"], ["exact", "estimate"]]
    for types in ((0, 0), (0, 1), (1, 0)):
        assert short.failure[types] == pytest.approx(naive_failure(often, often, game, types, 3, 0.1), abs=1e-9)


def test_mixed_and_sure_pairs_in_one_table():
    """Only type 1 flips coins."""
    half = sc.Fixed([[1, 0], [0.5, 0.5]])
    game = sc.Game([np.eye(2), np.eye(2)])
    found = sc.compatibility(half, half, game, 12, 0.5, episodes=4000, seed=0)
    assert found.kinds.tolist() == [["exact", "exact"], ["exact", "estimate"]]
    assert found.failure[0, 0] == 0
    true = binom.cdf(5, 12, 0.5)
    np.testing.assert_allclose(found.failure[[0, 1], [1, 0]], true, atol=1e-12)
    low, high = sc.social.clopper_pearson(round(true * 4000), 4000, 1 - 1e-7)
    assert low <= found.failure[1, 1] <= high
    assert (found.low <= found.failure).all()
    assert (found.failure <= found.high).all()


@pytest.mark.parametrize("horizon", [2, 3, 40, 41])
def test_a_sure_pair_by_hand(horizon):
    """Alternating in the coordination game: right half of the time."""
    alternate = sc.Scripted([0, 1])
    right = (horizon + 1) // 2 / horizon
    for epsilon, failure in ((1 - right - 0.001, 1), (1 - right, 0)):
        found = sc.compatibility(alternate, sc.Fixed(0), sc.games.coordination(2), horizon, epsilon)
        assert found.failure.tolist() == [[failure]]
        assert found.kinds.tolist() == [["exact"]]
        assert found.is_compatible(0) is (failure == 0)


def test_one_equilibrium_must_serve_both_agents():
    """Taking turns in the battle of the sexes pays the mean of the two PONE, which is not itself the pay of a PONE."""
    game, turns = sc.games.battle_of_the_sexes(0.6), sc.Scripted([0, 1])
    for epsilon, failure in ((0, 1), (0.199, 1), (0.2, 0)):
        found = sc.compatibility(turns, turns, game, 20, epsilon)
        assert found.failure[0, 1] == failure
    play = sc.play(turns, turns, game, (0, 1), 20, seed=0)
    assert sc.altruistic_regret(play)[0] == pytest.approx(20 * (0.6 - 0.8))  # each earns more than in its worst PONE


def test_which_equilibrium_serves_may_depend_on_the_episode():
    """The AI tosses a coin and both follow it: each time another PONE."""
    game = sc.games.battle_of_the_sexes(0.6)
    tosses = sc.Population([sc.Fixed(0), sc.Fixed(1)])
    found = sc.compatibility(tosses, sc.TitForTat(), game, 7, 1 / 7)  # the first stage may go wrong
    assert found.failure[0, 1] == 0
    assert found.kinds[0, 1] == "exact"


def test_the_first_strategy_takes_the_ais_side():
    game = sc.games.matching_pennies()
    found = sc.compatibility(sc.Fixed(0), sc.Fixed(1), game, 5, 0.4)
    # matching pennies proper pays one half each; the mismatcher wins everything
    assert found.failure[0, 1] == 1
    assert found.failure[1, 0] == 1
    # two matchers have a PONE that pays (1, 1); so have two mismatchers, which these are
    assert found.failure[0, 0] == 1
    assert found.failure[1, 1] == 0


@pytest.mark.parametrize(("epsilon", "least", "most"), [(0.25, 0.95, 1), (0.35, 0, 0.05)])
def test_learners_miss_the_stag_by_three_tenths_a_stage(epsilon, least, most):
    found = sc.compatibility(sc.Hedge(), sc.Hedge(), sc.games.stag_hunt(0.7), 600, epsilon, episodes=400, seed=0)
    assert found.kinds.tolist() == [["estimate"]]
    assert least <= found.failure[0, 0] <= most
    assert found.is_compatible(0.1) is (epsilon > 0.3)


def test_the_verdict_is_open_between_the_ends_of_an_interval():
    half = sc.Fixed([0.5, 0.5])
    found = sc.compatibility(half, half, sc.games.coordination(2), 9, 0.5, episodes=100, seed=0)
    low, high = found.low[0, 0], found.high[0, 0]
    assert 0 < low < found.failure[0, 0] < high < 1
    assert found.is_compatible(high) is True
    assert found.is_compatible((low + high) / 2) is None
    assert found.is_compatible(low) is None
    assert found.is_compatible(low - 1e-6) is False


@pytest.mark.parametrize("n_types", [1, 2])
def test_the_intervals_hold_together_as_often_as_promised(n_types):
    """The error probability of this test is below 1e-6, the seed given or not.

    In 32 wordings of two acts no history comes up twice, so that all is estimated.
    """
    game = sc.Game([np.tile(np.eye(2), (16, 16))] * n_types)
    true = binom.cdf(5, 10, 0.5)  # alike in fewer than 6 of 10 stages
    runs, confidence, rng = 250, 0.8, np.random.default_rng(3)
    anything = sc.Fixed(np.full(32, 1 / 32))
    missed = 0
    for _ in range(runs):
        found = sc.compatibility(anything, anything, game, 10, 0.4, episodes=40, confidence=confidence, seed=rng)
        assert (found.kinds == "estimate").all()
        missed += bool(((found.low > true) | (found.high < true)).any())
    assert missed <= binom.isf(1e-6, runs, 1 - confidence)
    assert missed > 0  # intervals that always hold would be too wide to be worth it


def test_the_same_seed_gives_the_same_table():
    one, two = (
        sc.compatibility(sc.Hedge(), sc.RegretMatching(), sc.games.chicken(), 20, 0.2, episodes=50, seed=7)
        for _ in range(2)
    )
    np.testing.assert_array_equal(one.failure, two.failure)


def test_a_failure_probability_of_one_is_no_more_than_one():
    found = sc.compatibility(sc.Fixed([0.3, 0.7]), sc.Fixed([0.1, 0.9]), sc.games.matching_pennies(), 7, 0)
    assert found.is_compatible(1) is True


def test_a_game_of_one_action_is_always_cooperation():
    found = sc.compatibility(sc.Hedge(), sc.RegretMatching(), sc.games.coordination(1), 100, 0)
    assert found.failure.tolist() == [[0]]
    assert found.kinds.tolist() == [["exact"]]


# --- members that break a class


class Stubborn(sc.Convention):
    """Announces and follows the plan, and goes on whatever the other does."""

    def seat(self, game, agent, types, horizon):
        plan = self.plan(game, horizon)
        return StubbornSeat(game, plan if agent == 0 else plan.transpose(1, 0, 2, 3)[..., ::-1], types)

    def certificate(self, game, horizon, epsilon):
        return 1.0


class StubbornSeat(sc.Seat):
    per_episode = ("types", "possible")

    def __init__(self, game, plan, types):
        super().__init__(game, len(types))
        self.plan, self.types, self.stage = plan, types, 0
        self.possible = np.ones((game.n_types, len(types)), dtype=bool)

    def policy(self):
        return pure(self.plan[self.types, self.possible.argmax(axis=0), self.stage, 0], self.game.n_actions)

    def observe(self, own, other):
        fits = self.possible & (other == self.plan[self.types, :, self.stage, 1].T)
        self.possible = np.where(fits.any(axis=0), fits, self.possible)
        self.stage += 1


class Resigned(sc.Convention):
    """Shares everything but its taste: agrees on the equilibrium that is worst for both."""

    def agreed(self, game, types):
        return min(sc.nash_equilibria(game, types), key=lambda profile: sum(profile.payoffs))


# type 0 hunts the stag only in company, type 1 always prefers the hare
HUNT = sc.Game([[[1, 0], [0.7, 0.7]], [[0, 0], [1, 1]]], "hunt")
HORIZON, EPSILON = 250, 0.2
HEALTHY = [sc.Convention(), sc.Convention("nash product", fallback=sc.RegretMatching())]


def table(members, game=HUNT):
    return sc.social_intelligence(members, game, HORIZON, EPSILON, episodes=200, max_nodes=1, seed=0)


def failing(found):
    """Return (members and sides that are not consistent, pairs that are not compatible), each for certain."""
    sides = [(i, agent) for i, both in enumerate(found.consistency) for agent in (0, 1)]
    pairs = list(product(range(len(found.members)), repeat=2))
    return (
        [(i, agent) for i, agent in sides if found.consistency[i][agent].is_consistent(DELTA) is False],
        [(i, j) for i, j in pairs if found.compatibility[i][j].is_compatible(DELTA) is False],
    )


def test_the_healthy_class_is_socially_intelligent():
    found = table(HEALTHY)
    assert found.is_socially_intelligent(DELTA) is True
    assert failing(found) == ([], [])
    assert found.members == tuple(HEALTHY)
    assert (found.horizon, found.epsilon) == (HORIZON, EPSILON)


def test_a_member_that_never_falls_back_is_not_consistent():
    """It hunts the stag alone for ever: its regret is .7 a stage against a partner that never comes."""
    found = table([*HEALTHY, Stubborn()])
    assert found.is_socially_intelligent(DELTA) is False
    assert failing(found) == ([(2, 0), (2, 1)], [])
    for side in found.consistency[2]:
        assert side.kind == "estimate"
        assert side.own_type == 0
        assert side.failure >= 0.5  # whenever the partner announced that it would come


def test_a_plain_script_of_the_plan_is_not_consistent():
    game = sc.games.stag_hunt()
    found = table([sc.Convention(), sc.Scripted(sc.Convention().plan(game, HORIZON)[0, 0, :, 0])], game)
    assert found.is_socially_intelligent(DELTA) is False
    assert failing(found) == ([(1, 0), (1, 1)], [])


def test_a_member_that_uses_another_code_is_not_compatible_with_the_rest():
    """Each takes the other for a type that prefers the hare, and both settle for it."""
    found = table([*HEALTHY, sc.Convention(code=[[1], [0]])])
    assert found.is_socially_intelligent(DELTA) is False
    assert failing(found) == ([], [(0, 2), (1, 2), (2, 0), (2, 1)])
    for i, j in ((0, 2), (2, 0)):
        pair = found.compatibility[i][j]
        assert pair.failure[0, 0] == 1
        assert pair.kinds[0, 0] == "exact"


def test_a_member_that_settles_for_a_beaten_equilibrium_is_not_compatible_even_with_itself():
    found = table([*HEALTHY, Resigned()])
    assert found.is_socially_intelligent(DELTA) is False
    sides, pairs = failing(found)
    assert sides == []
    assert (2, 2) in pairs
    assert not {(0, 0), (0, 1), (1, 0), (1, 1)} & set(pairs)
    assert found.compatibility[2][2].failure.tolist() == [[1, 0], [0, 0]]


def test_learners_are_consistent_and_not_compatible():
    found = sc.social_intelligence([sc.Hedge()], sc.games.stag_hunt(0.7), 600, 0.2, episodes=300, max_nodes=1, seed=0)
    assert failing(found) == ([], [(0, 0)])
    assert found.is_socially_intelligent(DELTA) is False


def test_what_is_not_known_is_not_claimed():
    """Fictitious play has no certificate, and nothing here refutes that its regret stays below 99 in 100."""
    both = [sc.FictitiousPlay()]
    found = sc.social_intelligence(both, sc.games.coordination(2), 50, 0.99, episodes=20, max_nodes=1, seed=0)
    assert found.is_socially_intelligent(DELTA) is None
    assert found.delta == 1


def test_delta_is_the_smallest_that_is_certified():
    for members, horizon, epsilon in ((HEALTHY, 250, 0.2), (HEALTHY, 80, 0.35), ([sc.Hedge()], 6, 0.6)):
        found = sc.social_intelligence(members, HUNT, horizon, epsilon, episodes=100, seed=0)
        assert found.is_socially_intelligent(found.delta) is True
        assert found.delta == 0 or found.is_socially_intelligent(found.delta * (1 - 1e-6)) is not True


def test_rows_are_members_on_the_ais_side():
    """Type k wants to play action k, and each member plays its one action, whatever its type."""
    game = sc.Game([[[1, 1], [0, 0]], [[0, 0], [1, 1]]])
    found = sc.social_intelligence([sc.Fixed(0), sc.Fixed(1)], game, 4, 0.4)
    assert found.compatibility[0][0].failure.tolist() == [[0, 1], [1, 1]]
    assert found.compatibility[0][1].failure.tolist() == [[1, 0], [1, 1]]
    assert found.compatibility[1][0].failure.tolist() == [[1, 1], [0, 1]]
    assert found.compatibility[1][1].failure.tolist() == [[1, 1], [1, 0]]
    assert len(found.consistency) == len(found.compatibility) == 2


def test_both_sides_of_a_member_are_looked_at():
    found = sc.social_intelligence(
        [sc.strategies.ByAgent(sc.TitForTat(), sc.Hedge())], sc.games.coordination(2), 5, 0.5
    )
    (both,) = found.consistency
    alone = [sc.consistency(each, sc.games.coordination(2), 5, 0.5).failure for each in (sc.TitForTat(), sc.Hedge())]
    assert [side.failure for side in both] == alone
    assert alone[1] < alone[0]


def test_a_small_class_is_settled_exactly():
    found = sc.social_intelligence(HEALTHY, HUNT, 4, 0.5, seed=0)
    assert {side.kind for both in found.consistency for side in both} == {"exact"}
    for member, both in zip(HEALTHY, found.consistency, strict=True):
        for agent, side in enumerate(both):
            assert side.failure == sc.consistency(member, HUNT, 4, 0.5, agent=agent, method="exact").failure
