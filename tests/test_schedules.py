"""Joint schedules: two of them walk to a coarse correlated equilibrium, and neither ever regrets more than it says."""

from functools import cache

import numpy as np
import oracles
import pytest

import socialcoop as sc

DELTA = 1e-8
RUT = np.array([[0, 0, 0.5], [0, 0, 0], [0.5, 0, 0]])


@cache
def ruts():
    """Return 120 (game, coarse correlated equilibrium) of 2 to 4 actions: best, worst, and mixtures of them."""
    out = []
    for number in range(120):
        rng = np.random.default_rng(number)
        game = sc.games.random_game(2 + number % 3, 2, rng, (None, 3, 4)[number // 3 % 3])
        parts = [
            sc.coarse_correlated_equilibrium(game, (0, 1), rng.normal(size=2), sense)
            for sense in (["max"], ["min"], ["max", "min"], ["max", "min", "max"])[number % 4]
        ]
        joint = np.tensordot(rng.dirichlet(np.ones(len(parts))), parts, axes=1)
        out.append((game, joint / joint.sum()))
    return out


def random_joint(n_actions, rng):
    """Return a joint distribution of any kind, hardly ever an equilibrium."""
    return rng.dirichlet(np.full(n_actions**2, 0.4)).reshape(n_actions, n_actions)


def size(joint):
    return np.count_nonzero(joint)


def follower(joint, n_actions, until, fallback, agent):
    """Return a partner that keeps to the schedule until some stage."""
    order = sc.strategies.schedule(joint.ravel(), until)
    return sc.Scripted(np.divmod(order, n_actions)[1 - agent], fallback)


# --- together


@cache
def together():
    """Return (game, joint, play of one episode of 120 stages) for each of the ruts."""
    return [
        (
            game,
            joint,
            sc.play(sc.strategies.JointSchedule(joint), sc.strategies.JointSchedule(joint), game, (0, 1), 120, seed=0),
        )
        for game, joint in ruts()
    ]


def test_on_schedule_nobody_ever_regrets_more_than_the_size_of_the_support():
    """At every stage, for both agents."""
    for game, joint, play in together():
        assert max(sc.equilibria.coarse_correlated_gain(joint, game, (0, 1))) <= 1e-9
        for agent in (0, 1):
            assert sc.regret.external_regret_path(play, agent).max() <= size(joint) + 1e-6
    assert len({size(joint) for _, joint, _ in together()}) >= 4


def test_what_is_played_together_is_the_joint_distribution_within_one_at_every_stage():
    for number in range(40):
        rng = np.random.default_rng(number)
        n_actions = 1 + number % 4
        joint, game = random_joint(n_actions, rng), sc.games.random_game(n_actions, 1, rng)
        actions = sc.play(
            sc.strategies.JointSchedule(joint), sc.strategies.JointSchedule(joint), game, (0, 0), 150, seed=0
        ).actions[..., 0]
        played = (actions[:, 0, None, None] == np.arange(n_actions)[:, None]) & (
            actions[:, 1, None, None] == np.arange(n_actions)
        )
        off = played.cumsum(axis=0) - np.arange(1, 151)[:, None, None] * joint
        assert np.abs(off).max() < 1


def test_payoffs_stay_as_close_to_those_of_the_equilibrium():
    """Half the support away from their share at most, since what some joint actions have too much others lack."""
    for game, joint, play in together():
        for agent, table in enumerate(game.stage((0, 1))):
            value = (joint * (table if agent == 0 else table.T)).sum()
            off = play.payoffs(agent)[:, 0].cumsum() - np.arange(1, 121) * value
            assert np.abs(off).max() <= size(joint) / 2 + 1e-9


def test_learners_keep_each_other_in_a_rut_for_ever():
    """Where the only Nash equilibrium pays 1, each gets a tenth and regrets nothing."""
    game, worker = sc.games.inefficient_cce(), sc.strategies.JointSchedule(RUT)
    together = sc.play(worker, worker, game, (0, 0), 2000, seed=0)
    for agent in (0, 1):
        assert together.payoffs(agent).mean() == pytest.approx(0.1, abs=1e-3)
        assert sc.regret.external_regret_path(together, agent).max() <= 0.1 + 1e-9
    assert sc.external_regret(sc.play(worker, sc.Fixed(1), game, (0, 0), 2000, 20, seed=0), 0).max() < 100
    led = sc.play(sc.Fixed(1), worker, game, (0, 0), 2000, 20, seed=0)
    assert led.payoffs(1).mean() > 0.95  # who commits leads it out


def test_the_steps_are_the_quota_schedule_and_both_sides_follow_them():
    rng = np.random.default_rng(0)
    for n_actions in (1, 2, 3, 4):
        joint, game = random_joint(n_actions, rng), sc.games.random_game(n_actions, 3, rng)
        both, plain = sc.strategies.JointSchedule(joint), oracles.quota_schedule(joint.ravel().tolist(), 90)
        steps = both.steps(game, 90)
        assert steps.tolist() == [list(divmod(cell, n_actions)) for cell in plain]
        types = np.stack(np.divmod(np.arange(9), 3), axis=1)
        together = sc.play(both, both, game, types, 90, 9, seed=0).actions
        np.testing.assert_array_equal(together, np.repeat(steps[..., None], 9, axis=2))


def test_members_with_other_fallbacks_walk_together():
    game, joint = ruts()[2]
    pair = sc.strategies.JointSchedule(joint), sc.strategies.JointSchedule(joint, sc.Fixed(0))
    steps = pair[0].steps(game, 80)
    for order in (pair, pair[::-1]):
        np.testing.assert_array_equal(sc.play(*order, game, (0, 1), 80, seed=0).actions[..., 0], steps)


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("own", [False, True], ids=["the other's", "the own"])
def test_the_fallback_starts_afresh_after_the_first_departure(agent, own):
    game, horizon = sc.games.random_game(3, 2, 4), 20
    joint = random_joint(3, np.random.default_rng(1))
    types = np.arange(30) % 2
    for left_at in (0, 3, 18):
        seat = sc.strategies.JointSchedule(joint).seat(game, agent, types, horizon)
        steps = sc.strategies.JointSchedule(joint).steps(game, horizon)[:, [agent, 1 - agent]]
        history = np.repeat(steps[..., None], 30, axis=2).astype(np.uint8)
        history[left_at, 0 if own else 1] += 1
        history[left_at + 1 :] = np.random.default_rng(left_at).integers(9, size=(horizon - left_at - 1, 2, 30))
        history %= 3
        learner = sc.Hedge().seat(game, agent, types, horizon - left_at - 1)
        for stage, (mine, others) in enumerate(history):
            policy = seat.policy()
            if stage <= left_at:
                np.testing.assert_array_equal(policy, np.repeat(np.eye(3)[:, steps[stage, :1]], 30, axis=1))
            else:
                np.testing.assert_allclose(policy, learner.policy(), atol=1e-14)
                learner.observe(mine, others)
            seat.observe(mine, others)


# --- against whoever comes


def opponents(game, joint, agent):
    """Return partners of 16 kinds and more: constant, random, scripted, reacting, learning, and those that leave."""
    n = game.n_actions
    rng = np.random.default_rng(0)
    leaving = [
        follower(joint, n, until, fallback, agent)
        for until, fallback in ((1, sc.FictitiousPlay()), (20, sc.Fixed(0)), (150, sc.Hedge()), (240, sc.TitForTat()))
    ]
    return [
        *sc.social.usual_partners(game),
        *leaving,
        sc.GrimTrigger(0, n - 1),
        sc.GrimTrigger(n - 1, 0),
        sc.Scripted(rng.integers(n, size=250)),
        sc.Scripted(rng.integers(n, size=7)),
        sc.strategies.JointSchedule(random_joint(n, rng)),
        sc.strategies.JointSchedule(joint, sc.FictitiousPlay()),
        sc.Convention(),
    ]


@pytest.mark.parametrize("agent", [0, 1])
def test_whoever_comes_the_regret_is_at_most_support_and_departure_and_that_of_the_learner(agent):
    """In every run: each fails with probability 1e-8 at most, all 1,700 of both roles together below 1e-4."""
    horizon, positive = 250, 0
    for game, joint in ruts()[:15:5]:
        learner = horizon * sc.bounds.hedge_epsilon(horizon, game.n_actions, DELTA)
        for other in opponents(game, joint, agent):
            sides = (sc.strategies.JointSchedule(joint), other)[:: 1 if agent == 0 else -1]
            regrets = sc.external_regret(sc.play(*sides, game, (0, 1), horizon, 12, seed=1), agent)
            assert regrets.max() <= size(joint) + 1 + learner + 1e-6
            positive += (regrets > 1).sum()
    assert positive > 100  # some of them do make it regret


def test_a_fallback_that_does_not_learn_breaks_the_bound():
    """Which shows that the bound of the test before could be broken."""
    stubborn = sc.strategies.JointSchedule(np.full((2, 2), 0.25), sc.Fixed(0))
    play = sc.play(stubborn, sc.Fixed(1), sc.games.matching_pennies(), (0, 1), 400, seed=0)
    assert sc.external_regret(play, 0)[0] > 4 + 1 + 400 * sc.bounds.hedge_epsilon(400, 2, DELTA)


# --- the certificate


def test_the_certificate_is_the_failure_probability_of_the_learner_at_its_bound():
    for game, joint in ruts()[::10]:
        both = sc.Game(game.payoffs[[0, 1]])
        gains = [sc.equilibria.coarse_correlated_gain(joint, both, (each, each)) for each in (0, 1)]
        lost = max(np.max(gains), 0)
        for horizon, delta in ((200, 0.1), (200, 1e-4), (1000, 0.01)):
            learner = sc.bounds.hedge_epsilon(horizon, game.n_actions, delta)
            epsilon = learner + (size(joint) + 1) / horizon + lost
            assert sc.strategies.JointSchedule(joint).certificate(game, horizon, epsilon) == pytest.approx(
                delta, rel=1e-3
            )


def test_the_certificate_of_an_equilibrium_of_one_type_bounds_its_regret_as_the_theory_says():
    game = sc.games.inefficient_cce()
    for horizon, delta in ((500, 0.05), (2000, 0.001)):
        epsilon = (2 + 1) / horizon + sc.bounds.hedge_epsilon(horizon, 3, delta)
        assert sc.strategies.JointSchedule(RUT).certificate(game, horizon, epsilon) == pytest.approx(delta, rel=1e-9)
        assert sc.strategies.JointSchedule(RUT).certificate(game, horizon, epsilon + 0.01) < delta
        assert sc.strategies.JointSchedule(RUT).certificate(game, horizon, 2.9 / horizon) == 1


def test_who_follows_what_is_no_equilibrium_is_not_certified_below_its_loss():
    found = 0
    for number in range(40):
        rng = np.random.default_rng(number)
        game = sc.games.random_game(2 + number % 3, 2, rng)
        joint, horizon = random_joint(game.n_actions, rng), 150
        schedule = sc.strategies.JointSchedule(joint)
        types = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
        together = sc.play(schedule, schedule, game, types, horizon, 4, seed=0)
        regret = max(sc.external_regret(together, agent).max() for agent in (0, 1))
        if regret <= 0:
            continue
        found += 1
        assert schedule.certificate(game, horizon, max(regret - 0.001, 0) / horizon) == 1
        gains = [sc.equilibria.coarse_correlated_gain(joint, game, pair) for pair in types.tolist()]
        assert schedule.certificate(game, horizon, max(np.max(gains), 0)) == 1
    assert found > 25


def test_an_equilibrium_for_some_types_is_not_certified_for_all():
    """Alternating over a coordination of both is fine for type 0, but costs type 1, for whom 0 always pays 1, half."""
    game = sc.Game([np.eye(2), [[1, 1], [0, 0]]])
    schedule = sc.strategies.JointSchedule(np.eye(2) / 2)
    assert schedule.certificate(sc.Game(np.eye(2)), 2000, 0.3) < 1e-9
    assert schedule.certificate(game, 2000, 0.49) == 1
    assert schedule.certificate(game, 2000, 0.8) < 1e-9


@pytest.mark.parametrize("agent", [0, 1])
def test_no_partner_beats_the_certificate(agent):
    """Exactly, by backward induction, for equilibria and other distributions, one type and two."""
    epsilons, informative = np.linspace(0.1, 0.95, 18), 0
    for number, (n_actions, n_types, horizon) in enumerate(
        [(2, 1, 9), (2, 1, 8), (2, 2, 7), (2, 2, 6), (3, 1, 5), (3, 1, 4), (3, 2, 4), (1, 2, 4)] * 2
    ):
        rng = np.random.default_rng(number)
        game = sc.games.random_game(n_actions, n_types, rng, (None, 2, 3)[number % 3])
        joint = sc.coarse_correlated_equilibrium(game, (0, n_types - 1), rng.normal(size=2))
        if number % 4 == 3:
            joint = random_joint(n_actions, rng)
        schedule = sc.strategies.JointSchedule(joint, (sc.Hedge(), sc.RegretMatching())[number // 3 % 2])
        bounds = np.array([schedule.certificate(game, horizon, epsilon) for epsilon in epsilons])
        worst = sc.social.worst_failures(schedule, game, horizon, epsilons, agent=agent)
        assert (worst <= bounds + 1e-9).all()
        single = sc.consistency(schedule, game, horizon, epsilons[6], agent=agent, method="exact")
        assert single.failure == pytest.approx(worst[6], abs=1e-9)
        informative += ((bounds > 0) & (bounds < 1) & (worst > 0)).sum()
    assert informative >= 5


def test_without_a_learner_nothing_is_certified():
    assert sc.strategies.JointSchedule(RUT, sc.TitForTat()).certificate(sc.games.inefficient_cce(), 1000, 0.9) == 1


# --- small and wrong ones


def test_one_action_is_played_for_ever_without_regret():
    game = sc.games.random_game(1, 2, 0)
    schedule = sc.strategies.JointSchedule([[1]])
    together = sc.play(schedule, sc.Hedge(), game, (0, 1), 50, 3, seed=0)
    assert not together.actions.any()
    assert schedule.certificate(game, 50, 0.1) == 0
    assert sc.consistency(schedule, game, 5, 0, method="exact").failure == 0


def test_one_joint_action_is_played_always():
    game = sc.games.random_game(3, 1, 0)
    for a, b in np.ndindex(3, 3):
        joint = np.zeros((3, 3))
        joint[a, b] = 1
        assert sc.strategies.JointSchedule(joint).steps(game, 6).tolist() == [[a, b]] * 6


def test_no_stages_leave_no_regret():
    game, schedule = sc.games.inefficient_cce(), sc.strategies.JointSchedule(RUT)
    assert schedule.certificate(game, 0, 0) == 0
    assert schedule.steps(game, 0).shape == (0, 2)
    assert sc.play(schedule, schedule, game, (0, 0), 0, 3).actions.shape == (0, 2, 3)


def test_a_repr_can_be_read_back():
    for schedule in (sc.strategies.JointSchedule(RUT), sc.strategies.JointSchedule(np.eye(2) / 2, sc.RegretMatching())):
        assert repr(eval(repr(schedule), vars(sc.strategies))) == repr(schedule)


def test_a_change_of_the_array_afterwards_changes_nothing():
    joint = np.eye(2) / 2
    schedule = sc.strategies.JointSchedule(joint)
    joint[:] = [[1, 0], [0, 0]]
    assert schedule.steps(sc.games.coordination(2), 4).tolist() == [[0, 0], [1, 1]] * 2


@pytest.mark.parametrize(
    "joint",
    [
        None,
        0.5,
        "ab",
        [],
        [[]],
        [0.5, 0.5],
        [[0.5, 0.5]],
        [[0.25] * 4],
        np.full((2, 2, 1), 0.25),
        np.eye(2),
        [[0.5, 0.6], [-0.1, 0]],
        [[np.nan, 1], [0, 0]],
        [[0.5, 0.5], [0]],
    ],
    ids=str,
)
def test_what_is_no_joint_distribution_is_refused(joint):
    with pytest.raises((ValueError, TypeError), match="joint"):
        sc.strategies.JointSchedule(joint)


@pytest.mark.parametrize("fallback", [0, "Hedge", sc.Hedge, [sc.Hedge()]], ids=str)
def test_a_fallback_that_is_no_strategy_is_refused(fallback):
    with pytest.raises(TypeError, match="fallback"):
        sc.strategies.JointSchedule(RUT, fallback)


def test_a_joint_distribution_over_other_actions_is_refused_by_the_game():
    game, schedule = sc.games.coordination(2), sc.strategies.JointSchedule(RUT)
    for use in (
        lambda: sc.play(schedule, sc.Hedge(), game, (0, 0), 3),
        lambda: sc.play(sc.Hedge(), schedule, game, (0, 0), 3),
        lambda: schedule.certificate(game, 10, 0.5),
        lambda: schedule.steps(game, 3),
    ):
        with pytest.raises(ValueError, match=r"joint must have shape \(2, 2\)"):
            use()


@pytest.mark.parametrize("horizon", [-1, 1.5, True, "3", None])
def test_steps_refuse_what_is_no_number_of_stages(horizon):
    with pytest.raises((ValueError, TypeError), match="horizon"):
        sc.strategies.JointSchedule(RUT).steps(sc.games.inefficient_cce(), horizon)
