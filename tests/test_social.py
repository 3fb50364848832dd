"""Consistency: exact, certified and estimated, against brute force, simulation and scipy."""

import numpy as np
import oracles
import pytest
from scipy.stats import binom, binomtest

import socialcoop as sc

TEXTBOOK = [
    (sc.Hedge(), oracles.hedge),
    (sc.Hedge(3), lambda table, horizon, history: oracles.hedge(table, horizon, history, rate=3)),
    (sc.RegretMatching(), oracles.regret_matching),
    (sc.FictitiousPlay(), oracles.fictitious_play),
    (sc.TitForTat(), oracles.tit_for_tat),
    (sc.GrimTrigger(), oracles.grim_trigger),
    (sc.Fixed([0.5, 0.5]), lambda table, horizon, history: [0.5, 0.5]),
]


def failures(strategy, found, game, episodes=20_000, agent=0, seed=0):
    """Return how often the witness makes the strategy fail, played out."""
    types = [found.own_type, 0] if agent == 0 else [0, found.own_type]
    sides = (strategy, found.witness) if agent == 0 else (found.witness, strategy)
    regrets = sc.external_regret(sc.play(*sides, game, types, found.horizon, episodes, seed), agent)
    return (regrets > found.epsilon * found.horizon + 1e-9).mean()


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize(("strategy", "textbook"), TEXTBOOK, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("horizon", [1, 2, 3, 4])
def test_the_exact_failure_is_that_of_minimax_over_all_histories(strategy, textbook, agent, horizon):
    for seed, levels in ((0, None), (1, 2), (2, 3)):
        game = sc.games.random_game(2, 2, seed, levels)
        for epsilon in (0, 0.2, 0.45):
            found = sc.consistency(strategy, game, horizon, epsilon, agent=agent, method="exact")
            by_type = [oracles.worst_failure(textbook, table, horizon, epsilon) for table in game.payoffs]
            assert found.failure == pytest.approx(max(by_type), abs=1e-12)
            assert by_type[found.own_type] == pytest.approx(max(by_type), abs=1e-12)


@pytest.mark.parametrize(("strategy", "textbook"), TEXTBOOK[:5], ids=lambda value: repr(value)[:20])
def test_the_exact_failure_is_that_of_minimax_with_three_actions(strategy, textbook):
    game = sc.games.random_game(3, 1, seed=3)
    found = sc.consistency(strategy, game, 3, 0.25, method="exact")
    assert found.failure == pytest.approx(oracles.worst_failure(textbook, game.payoffs[0], 3, 0.25), abs=1e-12)


@pytest.mark.parametrize("agent", [0, 1])
def test_the_exact_failure_of_a_table_that_reads_the_whole_history(agent):
    rng, game = np.random.default_rng(0), sc.games.random_game(2, 2, seed=5)
    tables = [rng.dirichlet([1, 1], size=(2, 4**t)) for t in range(3)]

    def textbook(own_type):
        def policy(table, horizon, history):
            index = 0
            for own, other in history:
                index = 4 * index + (2 * own + other if agent == 0 else 2 * other + own)
            return tables[len(history)][own_type, index]

        return policy

    found = sc.consistency(sc.strategies.Tabular(tables), game, 3, 0.2, agent=agent, method="exact")
    by_type = [oracles.worst_failure(textbook(k), game.payoffs[k], 3, 0.2) for k in (0, 1)]
    assert found.failure == pytest.approx(max(by_type), abs=1e-12)


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("strategy", [sc.Hedge(), sc.FictitiousPlay()], ids=repr)
def test_many_epsilons_at_once_give_what_each_gives_alone(strategy, agent):
    game, epsilons = sc.games.random_game(2, 2, seed=5), [0.9, 0, 0.05, 0.2, 0.2, 0.45, 2]
    together = sc.social.worst_failures(strategy, game, 7, epsilons, agent=agent)
    alone = [sc.consistency(strategy, game, 7, e, agent=agent, method="exact").failure for e in epsilons]
    np.testing.assert_allclose(together, alone, atol=1e-12)


def test_more_regret_allowed_never_means_more_failures():
    failed = sc.social.worst_failures(sc.Hedge(), sc.games.random_game(3, 1, seed=5), 5, np.linspace(0, 1, 40))
    assert (np.diff(failed) <= 1e-12).all()
    assert failed[-1] == 0


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("strategy", [sc.Hedge(), sc.RegretMatching(), sc.Scripted([0, 1], sc.Hedge())], ids=repr)
@pytest.mark.parametrize("horizon", [5, 8])
def test_the_worst_partner_reaches_the_exact_failure(strategy, agent, horizon):
    """Four standard deviations: twelve right answers fail once in 1300 seeds."""
    game = sc.games.random_game(2, 2, seed=horizon)
    found = sc.consistency(strategy, game, horizon, 0.2, agent=agent, method="exact")
    assert 0.05 < found.failure < 0.95
    error = np.sqrt(found.failure * (1 - found.failure) / 20_000)
    assert failures(strategy, found, game, agent=agent) == pytest.approx(found.failure, abs=4 * error)


def test_no_partner_of_the_zoo_is_worse_than_the_worst_partner():
    """Four standard deviations for each of the partners."""
    game = sc.games.random_game(2, 1, seed=8)
    exact = sc.consistency(sc.Hedge(), game, 8, 0.2, method="exact").failure
    for partner in sc.social.usual_partners(game):
        found = sc.consistency(sc.Hedge(), game, 8, 0.2, method="estimate", partners=[partner], seed=1)
        assert found.failure <= exact + 4 * np.sqrt(exact * (1 - exact) / 2000)


@pytest.mark.parametrize("strategy", [sc.TitForTat(), sc.GrimTrigger(), sc.FictitiousPlay()], ids=repr)
def test_predictable_strategies_are_not_consistent(strategy):
    game, horizon = sc.games.coordination(2), 40
    found = sc.consistency(strategy, game, horizon, 0.2)
    assert (found.kind, found.failure) == ("exact", 1.0)
    assert found.is_consistent(0.5) is False
    assert failures(strategy, found, game, episodes=3) == 1


def test_grim_trigger_is_caught_by_one_betrayal():
    play = sc.play(sc.GrimTrigger(), sc.Scripted([1], sc.Fixed(0)), sc.games.coordination(2), (0, 0), 40)
    assert sc.external_regret(play).tolist() == [39]


def test_tit_for_tat_is_caught_by_alternation():
    play = sc.play(sc.TitForTat(), sc.Scripted([1, 0]), sc.games.coordination(2), (0, 0), 40)
    assert sc.external_regret(play).tolist() == [20]


@pytest.mark.parametrize("strategy", [sc.Hedge(), sc.Hedge(1.5), sc.RegretMatching()], ids=repr)
@pytest.mark.parametrize(("n_actions", "horizons"), [(2, (1, 3, 6, 10)), (3, (2, 4)), (4, (2,))])
def test_a_certificate_is_never_below_the_exact_failure(strategy, n_actions, horizons):
    for horizon in horizons:
        for seed in range(4):
            game = sc.games.random_game(n_actions, 2, seed, levels=2 if seed % 2 else None)
            for epsilon in (0.1, 0.3, 0.5, 0.7, 0.9, 1):
                bound = sc.consistency(strategy, game, horizon, epsilon, method="certificate")
                exact = sc.consistency(strategy, game, horizon, epsilon, method="exact")
                assert exact.failure <= bound.failure + 1e-12
                assert bound.interval == (0.0, bound.failure)
                assert bound.witness is None


@pytest.mark.parametrize("strategy", [sc.Hedge(), sc.RegretMatching()], ids=repr)
def test_a_certificate_says_something_before_the_regret_allowed_is_trivial(strategy):
    assert strategy.certificate(sc.games.coordination(2), 100, 0.4) < 0.01


@pytest.mark.parametrize("strategy", [sc.TitForTat(), sc.FictitiousPlay(), sc.Fixed(0), sc.Scripted([0])], ids=repr)
def test_a_strategy_without_a_theorem_carries_no_certificate(strategy):
    assert strategy.certificate(sc.games.coordination(2), 100, 0.9) == 1


@pytest.mark.parametrize("horizon", [1, 7, 2000, 10**9])
@pytest.mark.parametrize("n_actions", [2, 3, 256])
@pytest.mark.parametrize("delta", [1e-12, 0.01, 0.5])
def test_hedge_epsilon_is_the_inverse_of_hedges_certificate(horizon, n_actions, delta):
    epsilon = sc.bounds.hedge_epsilon(horizon, n_actions, delta)
    back = sc.Hedge().certificate(sc.games.coordination(n_actions), horizon, epsilon)
    # where the certified regret exceeds the horizon there is nothing to certify and the certificate may say so
    assert back == pytest.approx(delta, rel=1e-6) or (epsilon > 1 and back == 0)


def test_hedge_epsilon_by_hand():
    by_hand = (np.sqrt(2000 * np.log(2) / 2) + np.sqrt(2000 * np.log(100) / 2)) / 2000
    assert sc.bounds.hedge_epsilon(2000, 2, 0.01) == pytest.approx(by_hand)
    assert round(sc.bounds.hedge_epsilon(2000, 2, 0.01), 4) == 0.0471
    assert round(sc.bounds.hedge_epsilon(2000, 2, 0.01) + 1 / 2000, 3) == 0.048  # one more stage: a late switch


def test_hedge_epsilon_without_choice_or_without_confidence():
    assert sc.bounds.hedge_epsilon(10, 1, 0.01) == 0
    assert sc.bounds.hedge_epsilon(10, 2, 1) == pytest.approx(np.sqrt(np.log(2) / 20))


@pytest.mark.parametrize("n_actions", [2, 4])
def test_hedge_keeps_its_certificate_against_the_whole_zoo(n_actions):
    """A right certificate fails this with probability at most 1 - confidence = 1e-6, over all partners and types."""
    game, delta = sc.games.random_game(n_actions, 2, seed=n_actions, levels=2), 0.05
    epsilon = sc.bounds.hedge_epsilon(300, n_actions, delta)
    found = sc.consistency(sc.Hedge(), game, 300, epsilon, method="estimate", episodes=500, confidence=1 - 1e-6, seed=0)
    assert found.interval[0] <= delta


@pytest.mark.parametrize("agent", [0, 1])
def test_an_estimate_is_a_lower_bound_on_the_exact_failure(agent):
    """Each right interval is missed with probability at most .001."""
    for seed in range(6):
        game = sc.games.random_game(2, 2, seed)
        exact = sc.consistency(sc.RegretMatching(), game, 6, 0.2, agent=agent, method="exact")
        found = sc.consistency(
            sc.RegretMatching(), game, 6, 0.2, agent=agent, method="estimate", episodes=500, confidence=0.999, seed=seed
        )
        assert found.kind == "estimate"
        assert found.interval[0] <= exact.failure
        assert found.interval[1] == 1
        assert found.interval[0] <= found.failure


def test_an_estimate_against_the_worst_partner_comes_near_the_exact_failure():
    """Five standard deviations."""
    game = sc.games.coordination(2)
    exact = sc.consistency(sc.Hedge(), game, 6, 0.2, method="exact")
    partners = [sc.Fixed(0), exact.witness]
    found = sc.consistency(sc.Hedge(), game, 6, 0.2, method="estimate", partners=partners, episodes=5000, seed=1)
    assert found.witness is exact.witness
    assert found.failure == pytest.approx(exact.failure, abs=5 * np.sqrt(0.25 / 5000))


def test_an_estimate_shares_its_confidence_among_all_partners_and_types():
    game, partners = sc.games.random_game(2, 2, seed=0), [sc.Fixed(0), sc.Fixed(1), sc.TitForTat()]
    found = sc.consistency(
        sc.Hedge(), game, 6, 0.1, method="estimate", partners=partners, episodes=200, confidence=0.94, seed=0
    )
    assert found.failure > 0
    alone = sc.social.clopper_pearson(round(found.failure * 200), 200, 1 - 0.06 / 6)
    assert found.interval == pytest.approx((alone[0], 1))


def test_the_same_seed_gives_the_same_estimate():
    game = sc.games.random_game(3, 1, seed=2)
    one, two, other = (
        sc.consistency(sc.Hedge(), game, 30, 0.1, method="estimate", episodes=300, seed=seed).failure
        for seed in (1, 1, 2)
    )
    assert one == two
    assert one != other


def test_auto_is_exact_for_a_short_horizon_and_a_certificate_for_a_long_one():
    game = sc.games.random_game(4, 1, seed=0)
    assert sc.consistency(sc.Hedge(), game, 3, 0.5).kind == "exact"
    assert sc.consistency(sc.Hedge(), game, 2000, 0.1, max_nodes=1000).kind == "certificate"
    assert sc.consistency(sc.Hedge(), game, 50, 0.01, max_nodes=1000, episodes=50, seed=0).kind == "estimate"


def test_exact_says_when_it_would_need_too_many_nodes():
    with pytest.raises(ValueError, match="max_nodes"):
        sc.consistency(sc.Hedge(), sc.games.random_game(4, 1, 0), 50, 0.1, method="exact", max_nodes=1000)


def test_worst_failures_says_when_it_would_need_too_many_nodes():
    with pytest.raises(ValueError, match="max_nodes"):
        sc.social.worst_failures(sc.Hedge(), sc.games.random_game(4, 1, 0), 50, [0.1], max_nodes=1000)


def test_no_epsilon_has_no_failure():
    assert sc.social.worst_failures(sc.Hedge(), sc.games.coordination(2), 3, []).shape == (0,)


def test_a_worst_partner_serves_its_own_horizon_only():
    witness = sc.consistency(sc.Hedge(), sc.games.coordination(2), 4, 0.1).witness
    with pytest.raises(ValueError, match="horizon"):
        sc.play(sc.Hedge(), witness, sc.games.coordination(2), (0, 0), 5)


@pytest.mark.parametrize("method", ["exact", "certificate", "estimate"])
def test_nothing_fails_over_no_stages(method):
    found = sc.consistency(sc.Hedge(), sc.games.coordination(2), 0, 0, method=method, episodes=10, seed=0)
    assert found.failure == 0


@pytest.mark.parametrize("method", ["exact", "certificate", "estimate"])
def test_nothing_fails_with_one_action(method):
    found = sc.consistency(sc.Hedge(), sc.Game([[0.4]]), 6, 0, method=method, episodes=10, seed=0)
    assert found.failure == 0


def test_at_epsilon_zero_any_positive_regret_fails():
    found = sc.consistency(sc.Fixed(1), sc.games.coordination(2), 3, 0)
    assert found.failure == 1
    assert sc.consistency(sc.Fixed(1), sc.games.prisoners_dilemma(), 3, 0).failure == 0


def test_regret_of_exactly_epsilon_times_the_horizon_is_allowed():
    game = sc.games.coordination(2)  # a constant action loses exactly the horizon to the opposite one
    for horizon in (1, 3, 7):
        assert sc.consistency(sc.Fixed(0), game, horizon, 1).failure == 0
    # alternating earns nothing from the partner that always does the opposite, a fixed action half the horizon
    assert sc.consistency(sc.Scripted([0, 1]), game, 10, 0.5).failure == 0
    assert sc.consistency(sc.Scripted([0, 1]), game, 10, 0.5 - 1e-6).failure == 1
    # three losses of .1 sum to a little more than .3 as floats
    assert sc.consistency(sc.Fixed(1), sc.Game([[0.1, 0.1], [0.0, 0.0]]), 3, 0.1).failure == 0


def test_the_worst_type_is_found():
    game = sc.Game([[[0.5, 0.5], [0.5, 0.5]], np.eye(2)])
    found = sc.consistency(sc.TitForTat(), game, 10, 0.2)
    assert found.own_type == 1
    assert found.failure == 1


def test_is_consistent_answers_yes_no_and_unknown():
    game = sc.games.coordination(2)
    exact = sc.consistency(sc.Hedge(), game, 6, 0.3)
    assert exact.is_consistent(exact.failure) is True
    assert exact.is_consistent(exact.failure / 2) is False
    estimate = sc.consistency(sc.Hedge(), game, 6, 0.9, method="estimate", episodes=50, seed=0)
    assert estimate.is_consistent(0.5) is None


def test_the_zoo_holds_every_constant_action_and_partners_that_fit_the_game():
    for game in (sc.Game([[0.5]]), sc.games.team_lead(("tone", "workload"))):
        zoo = sc.social.usual_partners(game)
        assert [repr(p) for p in zoo[: game.n_actions]] == [f"Fixed({a})" for a in range(game.n_actions)]
        for partner in zoo:
            sc.play(sc.Hedge(), partner, game, (0, 0), 3)


@pytest.mark.parametrize("trials", [1, 2, 10, 1000])
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
def test_clopper_pearson_is_scipys_exact_interval(trials, confidence):
    for failed in sorted({0, 1, trials // 3, trials - 1, trials}):
        true = binomtest(failed, trials).proportion_ci(confidence, method="exact")
        assert sc.social.clopper_pearson(failed, trials, confidence) == pytest.approx((true.low, true.high), abs=1e-9)


@pytest.mark.parametrize("trials", [1, 5, 20])
def test_clopper_pearson_covers_at_least_as_often_as_it_says(trials):
    intervals = np.array([sc.social.clopper_pearson(k, trials, 0.9) for k in range(trials + 1)])
    for p in np.linspace(0, 1, 101):
        covers = (intervals[:, 0] <= p) & (p <= intervals[:, 1])
        assert binom.pmf(np.arange(trials + 1), trials, p)[covers].sum() >= 0.9 - 1e-9


@pytest.mark.parametrize("columns", [1, 2, 400])
def test_equal_columns_are_found_as_numpy_finds_them(columns):
    rng = np.random.default_rng(columns)
    for rows in (1, 2, 5):
        keys = rng.integers(-2, 2, (rows, columns)) / 3
        keys[keys == 0] = rng.choice([0.0, -0.0], np.count_nonzero(keys == 0))
        _, kept, which = np.unique(keys, axis=1, return_index=True, return_inverse=True)
        found = sc.social.consistent.equal_columns(keys)
        np.testing.assert_array_equal(found[0], kept)
        np.testing.assert_array_equal(found[1], which.ravel())
