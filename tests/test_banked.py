"""Banked regret: consistent as surely as its learner, compatible, and yet it wastes whatever it has saved up."""

from functools import cache, partial

import numpy as np
import oracles
import pytest

import socialcoop as sc

ALTERNATING = np.eye(2) / 2


def learner_regret(horizon, n_actions, delta):
    """Return H(T), 0 where nothing is left to play."""
    return horizon * sc.bounds.hedge_epsilon(horizon, n_actions, delta) if horizon else 0.0


def needed(horizon, n_actions, delta):
    """Return the total regret that the stage of a departure and the learner after it may cost."""
    return 1 + learner_regret(horizon - 1, n_actions, delta)


def saver(horizon, delta=0.01, slack=1.02):
    """Return the saver of the coordination game with just a little more regret allowed than it needs."""
    return sc.strategies.BankedRegret(ALTERNATING, slack * needed(horizon, 2, delta) / horizon, delta)


def on_schedule(joint, game, horizon):
    """Return the largest regret of any type on any side while all keep to the schedule."""
    steps = sc.strategies.JointSchedule(joint)
    types = np.stack(np.divmod(np.arange(game.n_types**2), game.n_types), axis=1)
    play = sc.play(steps, steps, game, types, horizon, len(types), seed=0)
    return max(0.0, *(sc.regret.external_regret_path(play, agent).max() for agent in (0, 1)))


def random_rut(number, n_actions, n_types):
    """Return a game and a coarse correlated equilibrium of it."""
    rng = np.random.default_rng(number)
    game = sc.games.random_game(n_actions, n_types, rng, (None, 3)[number % 2])
    return game, sc.coarse_correlated_equilibrium(game, (0, n_types - 1), rng.normal(size=2))


# --- together


@pytest.mark.parametrize("horizon", [50, 2000])
def test_two_of_them_alternate_and_reach_the_best_equilibrium(horizon):
    game, member = sc.games.coordination(2), saver(horizon)
    play = sc.play(member, member, game, (0, 0), horizon, 3, seed=0)
    np.testing.assert_array_equal(play.actions, np.broadcast_to(np.arange(horizon)[:, None, None] % 2, (horizon, 2, 3)))
    assert sc.equilibria.reaches_pone(game, (0, 0), [play.payoffs(agent).mean(axis=0) for agent in (0, 1)], 0).all()
    assert (sc.external_regret(play, 1) == -horizon / 2).all()
    for shorter in (1, 7, 50):
        assert not sc.compatibility(saver(shorter), saver(shorter), game, shorter, 0).failure.any()


def test_members_follow_the_schedule_in_any_game():
    for number in range(12):
        game, joint = random_rut(number, 2 + number % 3, 2)
        member = sc.strategies.BankedRegret(joint, 0.3)
        play = sc.play(member, member, game, (0, 1), 60, seed=0)
        order = oracles.quota_schedule(joint.ravel().tolist(), 60)
        assert play.actions[..., 0].tolist() == [list(divmod(cell, game.n_actions)) for cell in order]


# --- the seat


def plain(steps, agent, epsilon, delta, table, horizon, history):
    """Return the policy after ``history`` by the book, for steps (own, other)."""
    n = len(table)
    steps = [(step[agent], step[1 - agent]) for step in steps]
    earned, fixed, kept, waste = 0.0, [0.0] * n, True, None
    for t, (own, other) in enumerate(history):
        earned += table[own][other]
        fixed = [total + table[action][other] for action, total in enumerate(fixed)]
        kept = kept and (own, other) == steps[t]
        left = horizon - t - 1
        if not kept and left:
            against = [table[action][other] for action in range(n)]
            waste = against.index(min(against))
            if max(fixed) - earned + 1 + learner_regret(left - 1, n, delta) > epsilon * horizon:
                return oracles.hedge(table, left, history[t + 1 :])
    return oracles.one_hot(steps[len(history)][0] if kept else waste, n)


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize(("n_actions", "n_types"), [(2, 1), (2, 3), (3, 2), (4, 2)])
def test_a_seat_is_the_plain_one_whenever_somebody_departs(n_actions, n_types, agent):
    """It keeps, wastes and learns; departures are the other's, or its own, at any stage."""
    horizon, episodes, delta = 15, 30, 0.4
    game, joint = random_rut(7 * n_actions + n_types, n_actions, n_types)
    steps = sc.strategies.JointSchedule(joint).steps(game, horizon)
    rng = np.random.default_rng(n_types)
    types = rng.integers(n_types, size=episodes)
    history = np.repeat(steps[:, [agent, 1 - agent], None], episodes, axis=2).astype(np.uint8)
    for side, latest in ((1, 20), (0, 60)):
        left = np.arange(horizon)[:, None] >= rng.integers(latest, size=episodes)
        history[:, side] = np.where(left, rng.integers(n_actions, size=left.shape), history[:, side])
    kinds = set()
    for epsilon in (0, 0.2123, 0.3712, 0.6371):
        seat = sc.strategies.BankedRegret(joint, epsilon, delta).seat(game, agent, types, horizon)
        for t in range(horizon):
            policy = seat.policy()
            for episode, own_type in enumerate(types):
                past = [(int(own[episode]), int(other[episode])) for own, other in history[:t]]
                table = game.payoffs[own_type]
                expected = plain(steps.tolist(), agent, epsilon, delta, table.tolist(), horizon, past)
                np.testing.assert_allclose(policy[:, episode], expected, atol=1e-9)
                kinds.add((epsilon, max(expected) == 1))
            seat.observe(*history[t])
    assert len(kinds) >= 6


def savings(game, horizon):
    """Return opponents of the saver of 17 kinds: constant, random, scripted, reacting, learning, and its likes."""
    rng = np.random.default_rng(0)
    led = [
        sc.Scripted(np.arange(until) % 2, fallback)
        for until, fallback in ((horizon // 2, sc.Fixed(0)), (horizon // 2, sc.Hedge()), (horizon // 5, sc.Fixed(1)))
    ]
    return [
        *sc.social.usual_partners(game),
        *led,
        sc.GrimTrigger(0, 1),
        sc.Scripted(rng.integers(2, size=horizon)),
        sc.Scripted((rng.random(horizon) < 0.9).astype(int)),
        sc.Convention(),
        sc.strategies.BankedRegret(np.eye(2)[::-1] / 2, 0.05),
    ]


@pytest.mark.parametrize("agent", [0, 1])
def test_it_wastes_exactly_while_its_regret_allows_it(agent):
    """Stage by stage: off schedule the worst reply to the last action as long as R + 1 + H(left - 1) ≤ ε T."""
    game, horizon, delta = sc.games.coordination(2), 400, 0.01
    member = saver(horizon, delta)
    allowed, wasted, learned = member.epsilon * horizon, 0, 0
    for other in savings(game, horizon):
        sides = (member, other)[:: 1 if agent == 0 else -1]
        play = sc.play(*sides, game, (0, 0), horizon, seed=5)
        regret = sc.regret.external_regret_path(play, agent)[:, 0]
        own, others = play.actions[:, agent, 0], play.actions[:, 1 - agent, 0]
        off = np.flatnonzero(others != np.arange(horizon) % 2)
        first = off[0] if len(off) else horizon
        np.testing.assert_array_equal(own[: first + 1], np.arange(min(first + 1, horizon)) % 2)
        room = np.array([allowed - regret[t] - 1 - learner_regret(max(horizon - t - 2, 0), 2, delta)
                         for t in range(horizon)])  # fmt: skip
        assert np.abs(room).min() > 1e-9  # no tie that rounding could decide
        full = [t for t in range(first, horizon - 1) if room[t] < 0]
        learns = full[0] if full else horizon - 1
        np.testing.assert_array_equal(own[first + 1 : learns + 1], 1 - others[first:learns])
        wasted += learns - first
        learned += horizon - 1 - learns
        # nobody who wastes has too much regret in the end
        assert learns < horizon - 1 or regret[-1] <= allowed
    assert min(wasted, learned) > 300


# --- consistency


@pytest.mark.parametrize("delta", [0.01, 0.3])
@pytest.mark.parametrize("horizon", [10, 200, 2000])
def test_the_certificate_is_delta_from_the_least_epsilon_on_and_says_nothing_below(horizon, delta):
    game, least = sc.games.coordination(2), needed(horizon, 2, delta) / horizon
    member = sc.strategies.BankedRegret(ALTERNATING, 1.02 * least, delta)
    assert member.certificate(game, horizon, 1.02 * least) == delta
    assert member.certificate(game, horizon, 2 * least) == delta
    for epsilon in (0, least, 1.01 * least):
        assert member.certificate(game, horizon, epsilon) == 1
    greedy = sc.strategies.BankedRegret(ALTERNATING, 0.98 * least, delta)
    assert greedy.certificate(game, horizon, 0.98 * least) == 1


def test_the_certificate_pays_for_the_regret_on_schedule_of_every_type_and_side():
    for number in range(20):
        game, joint = random_rut(number, 2 + number % 3, 1 + number % 3)
        horizon, delta = 300, 0.05
        least = (on_schedule(joint, game, horizon) + needed(horizon, game.n_actions, delta)) / horizon
        for epsilon, bound in ((least + 1e-9, delta), (least - 1e-6, 1)):
            assert sc.strategies.BankedRegret(joint, epsilon, delta).certificate(game, horizon, epsilon) == bound


def test_no_stages_leave_no_regret():
    game, member = sc.games.coordination(2), sc.strategies.BankedRegret(ALTERNATING, 0)
    assert member.certificate(game, 0, 0) == 0
    assert sc.play(member, member, game, (0, 0), 0, 2).horizon == 0
    assert member.certificate(game, 1, 0.5) == 1
    assert sc.strategies.BankedRegret(ALTERNATING, 1).certificate(game, 1, 1) == 0.01


@pytest.mark.parametrize(("delta", "failures", "every"), [(1e-7, 0, 1), (0.01, 10, 3)])
def test_whoever_comes_the_regret_stays_below_what_it_allows_itself(delta, failures, every):
    """17 kinds of partners or every third of them, half of them on either side, 1,000 stages, 8 runs each.

    At delta 1e-7 each run fails with that probability: 2e-5 in all.
    At .01 more than 10 of 48 fail with one below 1e-10.
    """
    game, horizon = sc.games.coordination(2), 1000
    member, regrets = saver(horizon, delta), []
    for number, other in enumerate(savings(game, horizon)[::every]):
        agent = number % 2
        sides = (member, other)[:: 1 if agent == 0 else -1]
        regrets.append(sc.external_regret(sc.play(*sides, game, (0, 0), horizon, 8, seed=2), agent))
    assert len(regrets) == (17 if every == 1 else 6)
    assert (np.array(regrets) > member.epsilon * horizon + 1e-9).sum() <= failures
    assert (np.array(regrets) > 10).mean() > 0.25


@pytest.mark.parametrize("agent", [0, 1])
def test_in_games_of_any_kind_the_regret_stays_below_what_it_allows_itself(agent):
    """Each run fails with probability 1e-7 at most, all 700 of both roles together below 1e-4."""
    horizon, delta = 150, 1e-7
    for number in range(3):
        game, joint = random_rut(number, 2 + number % 3, 2)
        epsilon = (on_schedule(joint, game, horizon) + needed(horizon, game.n_actions, delta)) / horizon + 1e-9
        member = sc.strategies.BankedRegret(joint, epsilon, delta)
        assert member.certificate(game, horizon, epsilon) == delta
        order = np.divmod(sc.strategies.schedule(joint.ravel(), horizon // 2), game.n_actions)
        for other in [*sc.social.usual_partners(game), sc.Scripted(order[1 - agent], sc.Fixed(game.n_actions - 1))]:
            sides = (member, other)[:: 1 if agent == 0 else -1]
            types = np.stack(np.divmod(np.arange(12) % 4, 2), axis=1)
            regret = sc.external_regret(sc.play(*sides, game, types, horizon, 12, seed=3), agent)
            assert regret.max() <= epsilon * horizon + 1e-9


@pytest.mark.parametrize("agent", [0, 1])
def test_no_partner_beats_the_certificate(agent):
    """Exactly, by backward induction; greedier ones do fail, so that the bound means something."""
    game, failing = sc.games.coordination(2), 0
    for horizon, delta in ((6, 0.3), (8, 0.5), (9, 0.9), (10, 0.8)):
        for slack in (1.0001, 1.2):
            member = saver(horizon, delta, slack)
            found = sc.consistency(member, game, horizon, member.epsilon, agent=agent, method="exact")
            assert member.certificate(game, horizon, member.epsilon) == delta
            assert found.failure <= delta + 1e-9
        greedy = saver(horizon, delta, 0.3)
        failure = sc.consistency(greedy, game, horizon, greedy.epsilon, agent=agent, method="exact").failure
        assert greedy.certificate(game, horizon, greedy.epsilon) == 1
        failing += failure > delta
    assert failing >= 2


@pytest.mark.parametrize("agent", [0, 1])
def test_no_partner_beats_the_certificate_in_random_games(agent):
    certified = 0
    for number, (n_actions, n_types, horizon) in enumerate([(2, 1, 8), (2, 2, 7), (2, 1, 7), (3, 1, 4), (2, 3, 6)] * 2):
        game, joint = random_rut(number, n_actions, n_types)
        delta = (0.3, 0.7, 0.95)[number % 3]
        epsilon = (on_schedule(joint, game, horizon) + needed(horizon, n_actions, delta)) / horizon + 1e-6
        member = sc.strategies.BankedRegret(joint, epsilon, delta)
        for asked in (epsilon, epsilon + 0.1, epsilon - 0.01):
            exact = sc.social.worst_failures(member, game, horizon, [asked], agent=agent)[0]
            assert exact <= member.certificate(game, horizon, asked) + 1e-9
        certified += epsilon < 0.9
    assert certified >= 4


def test_the_exact_worst_partner_is_that_of_the_plain_one():
    game, horizon = sc.games.coordination(2), 5
    steps = sc.strategies.JointSchedule(ALTERNATING).steps(game, horizon).tolist()
    for agent in (0, 1):
        for epsilon, delta in ((0.1, 0.9), (0.35, 0.9), (0.5123, 0.9), (0.5123, 0.5)):
            strategy = partial(plain, steps, agent, epsilon, delta)
            true = oracles.worst_failure(strategy, game.payoffs[0].tolist(), horizon, epsilon)
            member = sc.strategies.BankedRegret(ALTERNATING, epsilon, delta)
            exact = sc.consistency(member, game, horizon, epsilon, agent=agent, method="exact")
            assert exact.failure == pytest.approx(true, abs=1e-9)


# --- what it does to one who imitates, then commits


@cache
def led(horizon, phase):
    """Return epsilon, and a play of one who knows a single record with a saver."""
    game, member = sc.games.coordination(2), saver(horizon)
    problem = sc.SocialLearningProblem(game, sc.Population([member]), horizon)
    record = problem.sample(1, seed=0, stages=phase)
    return member.epsilon, sc.play(sc.ImitateThenCommit(record, phase), member, game, (0, 0), horizon, 4, seed=1)


@pytest.mark.parametrize(
    ("horizon", "phase", "epsilon", "regret", "printed", "ours"),
    [
        (2000, 1000, 0.0485, 0.28, 0.117, 0.367),
        (10000, 5000, 0.0216, 0.26, 0.063, 0.313),
        (10000, 1000, 0.0216, 0.055, 0.080, 0.113),
    ],
)
def test_one_who_commits_pays_for_what_was_saved(horizon, phase, epsilon, regret, printed, ours):
    """Half the imitated stages and what the learner is allowed: more than the bound as printed, less than ours."""
    allowed, play = led(horizon, phase)
    assert allowed == pytest.approx(epsilon, abs=5e-5)
    together = np.broadcast_to(np.arange(phase)[:, None, None] % 2, (phase, 2, 4))
    np.testing.assert_array_equal(play.actions[:phase], together)
    found = sc.altruistic_regret(play).mean() / horizon
    assert found == pytest.approx(regret, abs=0.005)
    assert sc.external_regret(play, 1).max() <= allowed * horizon
    bounds = (
        sc.bounds.theorem_3_7(horizon, phase, allowed, 0.01, 0),
        sc.bounds.corrected_theorem(horizon, phase, allowed, 0.01, 0, 0.5),
    )
    assert bounds[0] == pytest.approx(0.02 + (2 * (1 - phase / horizon) + 1) * allowed)
    assert bounds[1] == pytest.approx(ours, abs=6e-4)
    if phase == horizon // 2:
        assert bounds[0] == pytest.approx(printed, abs=6e-4)
        assert found > 2 * bounds[0]
    else:
        assert found < printed
    assert found < bounds[1]


# --- bad input


@pytest.mark.parametrize("joint", [None, 0.5, [0.5, 0.5], [[0.5, 0.5]], np.eye(2), [[1.5, -0.5], [0, 0]]], ids=str)
def test_what_is_no_joint_distribution_is_refused(joint):
    with pytest.raises((ValueError, TypeError), match="joint"):
        sc.strategies.BankedRegret(joint, 0.1)


@pytest.mark.parametrize("epsilon", [-0.1, np.nan, np.inf, True, "0.1", None, [0.1]], ids=str)
def test_what_is_no_allowance_is_refused(epsilon):
    with pytest.raises((ValueError, TypeError), match="epsilon"):
        sc.strategies.BankedRegret(ALTERNATING, epsilon)


@pytest.mark.parametrize("delta", [0, -0.1, 1.1, np.nan, True, "0.1", None], ids=str)
def test_what_is_no_probability_of_failure_is_refused(delta):
    with pytest.raises((ValueError, TypeError), match="delta"):
        sc.strategies.BankedRegret(ALTERNATING, 0.1, delta)


def test_a_joint_distribution_over_other_actions_is_refused_by_the_game():
    game, member = sc.games.coordination(3), sc.strategies.BankedRegret(ALTERNATING, 0.9)
    for use in (
        lambda: sc.play(member, sc.Hedge(), game, (0, 0), 3),
        lambda: sc.play(sc.Hedge(), member, game, (0, 0), 3),
        lambda: member.certificate(game, 10, 0.95),
    ):
        with pytest.raises(ValueError, match=r"joint must have shape \(3, 3\)"):
            use()


def test_one_action_is_played_for_ever_without_regret():
    game, member = sc.games.random_game(1, 1, 0), sc.strategies.BankedRegret([[1]], 0.1)
    assert not sc.play(member, sc.Hedge(), game, (0, 0), 20, 2, seed=0).actions.any()
    assert sc.consistency(member, game, 6, 0, method="exact").failure == 0
    assert member.certificate(game, 20, 0.1) == 0.01


def test_a_repr_can_be_read_back():
    for member in (
        saver(2000),
        sc.strategies.BankedRegret(np.eye(3) / 3, 0.25),
        sc.strategies.BankedRegret(ALTERNATING, 0, 1),
    ):
        assert repr(eval(repr(member), vars(sc.strategies))) == repr(member)
