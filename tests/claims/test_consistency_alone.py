"""The numbers and the words about them in the chapter on people who are consistent, and that is all."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

import socialcoop as sc

RUT = sc.games.inefficient_cce()
CHICKEN = sc.games.chicken()
HORIZON = 2000
TRAP, NASH = np.zeros((3, 3)), np.zeros((3, 3))
TRAP[0, 2] = TRAP[2, 0] = 1 / 2
NASH[1, 1] = 1
WORKER = sc.strategies.JointSchedule(TRAP)
SILENT = sc.Fixed(0)
TALKATIVE = sc.strategies.announcing_classes()[0]
GUESTS = np.array([[0, 0.5, 0.5], [0, 0, 0], [0, 0, 0]])  # a host, and a guest of either taste


def targets():
    return {
        "the rut": TRAP,
        "the worst CCE": sc.coarse_correlated_equilibrium(RUT, (0, 0), sense="min"),
        "the first's better rut": sc.coarse_correlated_equilibrium(RUT, (0, 0), weights=(1, -1)),
        "halfway to Nash": (TRAP + NASH) / 2,
        "the Nash equilibrium": NASH,
    }


def earned_by_partner(first, second, horizon, episodes, seed, game=RUT):
    """Return the partner's mean payoff per stage in each episode."""
    return sc.play(first, second, game, (0, 0), horizon, episodes, seed).payoffs(1).mean(axis=0)


def error(sample):
    """Return four standard errors: one in 16,000 normal means is further off."""
    return 4 * sample.std(ddof=1) / np.sqrt(len(sample))


# --- the rut


def test_taking_turns_earns_a_tenth_each_and_from_the_second_evening_on_nobody_regrets_anything():
    play = sc.play(WORKER, WORKER, RUT, (0, 0), HORIZON)
    assert {tuple(stage) for stage in play.actions[..., 0]} == {(0, 2), (2, 0)}
    for agent in (0, 1):
        assert play.payoffs(agent).mean() == pytest.approx(0.1)
        assert sc.regret.external_regret_path(play, agent)[1:].max() <= 1e-9
    assert sorted(sc.regret.external_regret_path(play, agent)[0, 0] for agent in (0, 1)) == pytest.approx([0, 0.1])


def test_the_better_way_is_the_only_nash_equilibrium_and_pays_one():
    (only,) = sc.nash_equilibria(RUT, (0, 0))
    assert only.payoffs == (1, 1)
    np.testing.assert_array_equal(only.strategies, [[0, 1, 0], [0, 1, 0]])


def test_against_the_other_in_the_rut_fixed_actions_earn_a_tenth_a_twentieth_and_nothing():
    for marginal in (TRAP.sum(axis=0), TRAP.sum(axis=1)):
        np.testing.assert_allclose(RUT.payoffs[0] @ marginal, [0.1, 0.05, 0])


def test_the_worst_cce_by_hand_pays_a_fifteenth_as_do_always_0_and_always_1():
    table = [[Fraction(0), Fraction(0), Fraction(1, 5)], [Fraction(1, 10), Fraction(1), Fraction(0)], [Fraction(0)] * 3]
    z = {(0, 0): Fraction(1, 3), (0, 2): Fraction(1, 3), (2, 0): Fraction(1, 3)}
    assert [[float(cell) for cell in row] for row in table] == RUT.payoffs[0].tolist()
    for agent in (0, 1):
        joint = {(cell[agent], cell[1 - agent]): weight for cell, weight in z.items()}
        assert sum(weight * table[a][b] for (a, b), weight in joint.items()) == Fraction(1, 15)
        fixed = [sum(weight * table[action][b] for (_, b), weight in joint.items()) for action in range(3)]
        assert fixed == [Fraction(1, 15), Fraction(1, 15), 0]


def test_no_cce_pays_either_agent_less_than_a_fifteenth():
    for weights, agent in (((1, 0), 0), ((0, 1), 1)):
        joint = sc.coarse_correlated_equilibrium(RUT, (0, 0), sense="min", weights=weights)
        table = RUT.payoffs[0] if agent == 0 else RUT.payoffs[0].T
        assert (joint * table).sum() == pytest.approx(1 / 15, abs=1e-9)


# --- learners and schedules


def test_the_symmetric_cce_of_chicken_are_the_region_that_is_drawn():
    for c, d in product(np.linspace(0, 1, 41), repeat=2):
        other = (1 - c - d) / 2
        if other >= 0:
            gain = max(sc.equilibria.coarse_correlated_gain(np.array([[c, other], [other, d]]), CHICKEN, (0, 0)))
            assert (gain <= 1e-9) == (3 * c + d <= 1 + 1e-9 and c + 3 * d <= 1 + 1e-9)


@pytest.mark.parametrize(("sense", "earned"), [("min", 0.65 - 0.65 / 3), ("max", 0.65 + 0.05 / 3)])
def test_no_cce_of_chicken_pays_more_or_less_in_sum_than_two_of_the_corners(sense, earned):
    z = sc.coarse_correlated_equilibrium(CHICKEN, (0, 0), sense=sense)
    assert (z * (CHICKEN.payoffs[0] + CHICKEN.payoffs[0].T)).sum() / 2 == pytest.approx(earned)


@pytest.mark.parametrize("pair", [("Hedge", "Hedge"), ("matching", "matching"), ("Hedge", "matching")])
def test_learners_in_chicken_come_close_to_cce_and_never_cross_the_certificate(pair):
    learners = {"Hedge": sc.Hedge(), "matching": sc.RegretMatching()}
    play = sc.play(*(learners[name] for name in pair), sc.games.chicken(), (0, 0), HORIZON, 60, seed=1)
    stages = np.arange(1, HORIZON + 1)
    gains = np.max([sc.regret.external_regret_path(play, agent) for agent in (0, 1)], axis=0) / stages[:, None]
    mean = np.maximum(gains, 0).mean(axis=1)
    certificate = [sc.bounds.hedge_epsilon(int(stage), 2, 0.01) for stage in stages]
    assert (mean < certificate).all()
    assert mean[-1] < mean[0] / 10


@pytest.mark.parametrize("name", targets())
def test_on_the_way_to_any_of_the_five_targets_the_regret_stays_below_one(name):
    joint, horizon = targets()[name], 300
    assert max(sc.equilibria.coarse_correlated_gain(joint, RUT, (0, 0))) <= 1e-9
    worker = sc.strategies.JointSchedule(joint)
    play = sc.play(worker, worker, RUT, (0, 0), horizon)
    for agent, table in enumerate((RUT.payoffs[0], RUT.payoffs[0].T)):
        assert sc.regret.external_regret_path(play, agent).max() < 1 <= np.count_nonzero(joint)
        assert play.payoffs(agent).mean() == pytest.approx((joint * table).sum(), abs=np.count_nonzero(joint) / horizon)


def test_the_rut_after_thirty_stages():
    update = sc.plots.schedule_walk({"the rut": TRAP}, RUT, (0, 0), horizon=30).update
    words = update(target="the rut", stages=30)
    assert "0.100 and 0.100 per stage; the largest regret on the way was 0.1 in total, with 2 joint actions" in words


def test_whoever_leaves_the_plan_meets_a_learner_certified_at_5_point_2_percent():
    epsilon = (2 + 1 + HORIZON * sc.bounds.hedge_epsilon(HORIZON, 3, delta=0.01)) / HORIZON
    assert epsilon == pytest.approx(0.0520, abs=5e-5)
    assert WORKER.certificate(RUT, HORIZON, epsilon) == pytest.approx(0.01)
    partners = [*sc.social.usual_partners(RUT)[1::2], sc.strategies.JointSchedule(NASH)]
    worst = [sc.external_regret(sc.play(p, WORKER, RUT, (0, 0), HORIZON, 10, seed=1), 1).max() for p in partners]
    assert 0 < max(worst) / HORIZON < epsilon / 2


# --- records of the rut


def test_imitation_reproduces_the_rut_to_the_letter():
    records = sc.SocialLearningProblem(RUT, sc.Population([WORKER]), HORIZON).sample(50, seed=1)
    earned = earned_by_partner(sc.Imitator(records), WORKER, HORIZON, 50, seed=2)
    np.testing.assert_allclose(earned, 0.1, atol=1e-12)


def test_committing_to_0_or_2_earns_the_partner_about_142_thousandths():
    """An assistant that stands still, and best replies of a tenth to 0 and a fifth to 2."""
    assert RUT.payoffs[0][:, [0, 2]].max(axis=0).tolist() == [0.1, 0.2]
    records = sc.SocialLearningProblem(RUT, sc.Population([WORKER]), 20).sample(50, seed=1)
    assistant = sc.ImitateThenCommit(records, phase=20)
    play = sc.play(assistant, WORKER, RUT, (0, 0), HORIZON, 1000, seed=2)
    still = play.actions[20:, 0]
    assert (still == still[0]).all()
    assert set(still[0].tolist()) == {0, 2}
    earned = play.payoffs(1).mean(axis=0)
    assert abs(earned.mean() - 0.142) < error(earned)
    assert (sc.altruistic_regret(play) / HORIZON).mean() - error(earned) > 0.85
    assert earned.max() < 0.2


@pytest.mark.parametrize("name", targets())
def test_records_of_a_schedule_teach_the_schedule(name):
    joint, horizon = targets()[name], 60
    worker = sc.strategies.JointSchedule(joint)
    records = sc.SocialLearningProblem(RUT, sc.Population([worker]), horizon).sample(1, seed=0)
    steps = worker.steps(RUT, horizon)
    imitator = sc.Imitator(records)
    for pair in ((imitator, worker), (worker, imitator)):
        play = sc.play(*pair, RUT, (0, 0), horizon, 3, seed=0)
        np.testing.assert_array_equal(play.actions, np.repeat(steps[..., None], 3, axis=2))
    stages = np.arange(1, horizon + 1)
    means = play.payoffs(1)[:, 0].cumsum() / stages
    assert (np.abs(means - (joint * RUT.payoffs[0].T).sum()) <= np.count_nonzero(joint) / stages + 1e-12).all()


def test_without_any_records_always_1_earns_almost_one():
    play = sc.play(sc.Fixed(1), WORKER, RUT, (0, 0), HORIZON, 400, seed=3)
    earned = play.payoffs(1).mean(axis=0)
    assert abs(earned.mean() - 0.991) < 0.0005 + error(earned)
    early = play.payoffs(1)[:100].mean(axis=0)
    assert abs(early.mean() - 0.818) < 0.0005 + error(early) < 0.02
    certified = (2 + 1 + HORIZON * sc.bounds.hedge_epsilon(HORIZON, 3, delta=0.01)) / HORIZON + 0.01
    assert (sc.altruistic_regret(play) / HORIZON).mean() <= certified


def test_the_price_of_leading_falls_like_the_root_of_the_horizon():
    """Standard errors are 3 % at most."""
    settings = ((200, 400), (2000, 100), (20_000, 10))  # stages, episodes
    lost = [1 - earned_by_partner(sc.Fixed(1), WORKER, *setting, seed=6).mean() for setting in settings]
    assert lost == pytest.approx([0.0335, 0.0092, 0.0027], rel=0.13)
    assert (np.abs(np.diff(np.log10(lost)) + 0.5) < 0.12).all()


def test_two_hedge_learners_find_the_equilibrium_of_the_rut_game():
    earned = earned_by_partner(sc.Hedge(), sc.Hedge(), HORIZON, 400, seed=5)
    assert abs(earned.mean() - 0.976) < 0.0005 + error(earned)
    assert earned.min() > 0.9


# --- silence


def hosts(game):
    problem = sc.SocialLearningProblem(game, sc.Population([SILENT]), 6, types=GUESTS)
    records = problem.sample(1000, seed=4)
    learned = [sc.Imitator(records), sc.ImitateThenCommit(records, phase=3)]
    rng = np.random.default_rng(0)
    adaptive = [sc.strategies.Tabular([rng.dirichlet([0.2, 0.2], size=(3, 4**t)) for t in range(6)]) for _ in range(12)]
    return [*learned, *sc.social.usual_partners(game), sc.Fixed([0.3, 0.7]), *adaptive]


def regrets(host, guest, game, horizon=6):
    """Return how much a guest of either taste misses per stage, exactly; every PONE pays it 1."""
    return [1 - sc.expected_payoffs(host, guest, game, (0, taste), horizon)[1] / horizon for taste in (1, 2)]


@pytest.mark.parametrize("m", [0.02, 0.3, 0.5, 1])
def test_every_pone_of_the_breakfast_pays_the_guest_one(m):
    for taste in (1, 2):
        assert {p.payoffs[1] for p in sc.pareto_optimal_nash(sc.games.hidden_taste(m), (0, taste))} == {1}


@pytest.mark.parametrize("m", [0.02, 0.3, 0.5, 0.9, 1])
def test_whatever_the_host_does_silent_guests_cost_it_exactly_a_half(m):
    game = sc.games.hidden_taste(m)
    for host in hosts(game):
        assert np.mean(regrets(host, SILENT, game)) == pytest.approx(0.5, abs=1e-12)


def test_silent_guests_are_as_consistent_as_talkative_ones_but_a_silent_host_serves_tea_to_everybody():
    m = 0.02
    game = sc.games.hidden_taste(m)
    for member in (SILENT, TALKATIVE):
        for agent in (0, 1):
            assert sc.consistency(member, game, 12, m, agent=agent, method="exact").failure == 0
    assert sc.compatibility(TALKATIVE, TALKATIVE, game, 200, m + 1 / 200).failure[0, 1:].max() == 0
    assert sc.compatibility(SILENT, SILENT, game, 200, 0.9).failure[0, 2] == 1


def test_both_silent_guests_show_the_same_histories_to_every_host():
    game = sc.games.hidden_taste(0.02)
    for host in hosts(game):
        one, other = (sc.history_distribution(host, SILENT, game, (0, taste), 5) for taste in (1, 2))
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("member", "right"), [(SILENT, 0.5), (TALKATIVE, 1)], ids=["silent", "talkative"])
def test_a_classifier_reads_the_talkative_and_tosses_a_coin_with_the_silent(member, right):
    """It guesses each fresh silent guest with probability 1/2: four standard errors of 2000 guesses."""
    game, episodes, stages = sc.games.hidden_taste(0.02), 2000, 4
    problem = sc.SocialLearningProblem(game, sc.Population([member]), 20, types=GUESTS)
    seen, fresh = (problem.sample(episodes, seed) for seed in (1, 2))
    votes = {}
    for history, taste in zip(seen.actions[:stages].transpose(2, 0, 1), seen.types[:, 1], strict=True):
        votes.setdefault(history.tobytes(), [0, 0, 0])[taste] += 1
    guesses = [int(np.argmax(votes[h.tobytes()])) for h in fresh.actions[:stages].transpose(2, 0, 1)]
    margin = 4 * np.sqrt(right * (1 - right) / episodes)
    assert abs(np.mean(np.array(guesses) == fresh.types[:, 1]) - right) <= margin


@pytest.mark.parametrize("m", [0.02, 0.3, 0.7])
def test_who_knows_the_share_of_tea_lovers_loses_no_less_than_the_formula(m):
    game = sc.games.hidden_taste(m)
    lost = np.array([regrets(host, SILENT, game) for host in hosts(game)])
    for share in np.linspace(0, 1, 11):
        formula = 1 - share if share >= 0.5 else share * (1 - m) + (1 - share) * m
        mean = lost @ [share, 1 - share]
        assert mean.min() == pytest.approx(formula, abs=1e-12)
        best = regrets(sc.Fixed(0 if share >= 0.5 else 1), SILENT, game)
        assert best @ np.array([share, 1 - share]) == pytest.approx(formula, abs=1e-12)


def variation(host, guest, game, horizon):
    one, other = (sc.history_distribution(host, guest, game, (0, taste), horizon) for taste in (1, 2))
    return float(np.abs(one - other).sum() / 2)


def failures(host, guest, game, horizon, epsilons):
    """Return how often host and guest miss every PONE by more than each epsilon, with the guest who does so most."""
    histories = np.stack(np.unravel_index(np.arange(4**horizon), (2,) * (2 * horizon))).reshape(horizon, 2, -1)
    worst = np.zeros(len(epsilons))
    for types in ((0, 1), (0, 2)):
        chances = sc.history_distribution(host, guest, game, types, horizon).ravel()
        tables, (a, b) = game.stage(types), histories.transpose(1, 0, 2)
        means = np.stack([tables[0][a, b].mean(axis=0), tables[1][b, a].mean(axis=0)])
        missed = [chances[~sc.equilibria.reaches_pone(game, types, means, epsilon)].sum() for epsilon in epsilons]
        worst = np.maximum(worst, missed)
    return worst


def test_compatible_people_show_their_types():
    """Hosts who understand, more or less, guests who announce, more or less: the bound holds, and often says much."""
    horizon, epsilons = 5, np.array([0, 0.05, 0.25, 0.4])
    rng, said = np.random.default_rng(1), []
    for m in (0.02, 0.3, 1):
        game = sc.games.hidden_taste(m)
        pairs = [(TALKATIVE, TALKATIVE), (SILENT, SILENT), (TALKATIVE, SILENT), (SILENT, TALKATIVE)]
        for noise in (0.01, 0.1, 0.3):
            mixed = sc.Population([TALKATIVE, sc.Fixed([0.5, 0.5])], [1 - noise, noise])
            pairs += [(TALKATIVE, mixed), (mixed, TALKATIVE), (mixed, mixed)]
        for _ in range(10):
            pairs.append(
                [sc.strategies.Tabular([rng.dirichlet([0.1] * 2, size=(3, 4**t)) for t in range(horizon)])] * 2
            )
        for host, guest in pairs:
            deltas = failures(host, guest, game, horizon, epsilons)
            said.extend(2 * (1 - deltas) * (1 - epsilons) - 1)
            assert variation(host, guest, game, horizon) >= max(said[-len(epsilons) :]) - 1e-12
    assert max(said) == pytest.approx(0.5)
    assert (np.array(said) > 0).sum() >= 10


def test_for_small_delta_and_epsilon_they_behave_almost_as_differently_as_can_be():
    m, horizon = 0.02, 200
    game, epsilon = sc.games.hidden_taste(m), m + 1 / horizon
    assert sc.compatibility(TALKATIVE, TALKATIVE, game, horizon, epsilon).failure.max() == 0
    assert 2 * (1 - epsilon) - 1 == pytest.approx(0.95)
    assert variation(TALKATIVE, TALKATIVE, game, 6) == 1


def test_a_guest_who_cares_for_her_choice_takes_what_she_likes_in_more_than_half_of_the_stages():
    """Her regret is m for every stage at which she does not, whatever the host does."""
    rng, horizon = np.random.default_rng(2), 40
    for m in (0.02, 0.3, 1):
        game = sc.games.hidden_taste(m)
        for share in (0.1, 0.4, 0.5, 0.6, 0.9):
            guest = sc.Fixed([share, 1 - share])
            play = sc.play(sc.Fixed(rng.dirichlet([1, 1])), guest, game, (0, 1), horizon, 100, rng)
            wrong = (play.actions[:, 1] == 1).sum(axis=0)
            np.testing.assert_allclose(sc.external_regret(play, 1), m * wrong, atol=1e-9)
            little = sc.external_regret(play, 1) < m / 2 * horizon - 1e-9
            np.testing.assert_array_equal(little, wrong < horizon / 2)


@pytest.mark.parametrize("m", [0.02, 0.3, 1])
def test_who_takes_turns_is_silent_and_never_regrets_more_than_half_a_bonus(m):
    game, turns = sc.games.hidden_taste(m), sc.Scripted([0, 1])
    assert sc.consistency(turns, game, 12, m / 2, agent=1, method="exact").failure == 0
    assert sc.consistency(turns, game, 12, 0.49 * m, agent=1, method="exact").failure == 1
    for host in hosts(game)[:4]:
        assert variation(host, turns, game, 6) == 0


def test_hedge_speaks_after_a_number_of_stages_of_the_order_of_one_over_the_bonus_squared():
    needed = []
    for m in (0.2, 0.1, 0.05, 0.02, 0.01):
        low, high = 1, 10**9  # of stages, for a regret below m / 2 with probability .99
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if sc.bounds.hedge_epsilon(middle, 2, 0.01) < m / 2 else (middle, high)
        needed.append(high * m**2)
    assert max(needed) == pytest.approx(min(needed), rel=0.01)


# --- strictly dominant actions


@pytest.mark.parametrize("n_actions", [2, 3, 4])
def test_where_each_has_a_strictly_dominant_action_that_pair_is_the_only_cce(n_actions):
    for seed in range(12):
        rng = np.random.default_rng(seed)
        payoffs = rng.random((2, n_actions, n_actions)) * 0.8
        best = rng.integers(n_actions, size=2)
        for table, action in zip(payoffs, best, strict=True):
            table[action] = table.max(axis=0) + rng.uniform(0.02, 0.2)
        game = sc.Game(payoffs)
        pair = np.zeros((n_actions, n_actions))
        pair[tuple(best)] = 1
        for weights in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)):
            joint = sc.coarse_correlated_equilibrium(game, (0, 1), weights=weights)
            np.testing.assert_allclose(joint, pair, atol=1e-7)
        assert len(sc.equilibria.coarse_correlated_payoffs(game, (0, 1))) == 1


def test_in_the_rut_game_only_a_mixture_is_better_than_action_2_and_without_it_action_1_is_best():
    table = RUT.payoffs[0]
    assert ((table[0] + table[1]) / 2 > table[2]).all()
    assert not (table[0] > table[2]).all()
    assert not (table[1] > table[2]).all()
    assert (table[1, :2] > table[0, :2]).all()
