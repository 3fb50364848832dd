"""A convention in code: what to do as agreed, and how to say it as the code owes it."""

import numpy as np
import pytest

import socialcoop as sc

ACTS = 6
FALLBACKS = {"quick": sc.Hedge(), "wary": sc.RegretMatching(), "hurt": sc.strategies.Grudge([2, 2, 6, 6], 0.25)}


def coded(fallback=None, wordings=2, key=0, select="favourite of 1"):
    return sc.strategies.CodedConvention(sc.Convention(select, fallback=fallback), wordings, key)


def every_pair(n_types=4):
    return np.stack(np.divmod(np.arange(n_types**2), n_types), axis=1)


# --- the game


@pytest.mark.parametrize("wordings", [1, 2, 3])
def test_no_payoff_of_a_project_depends_on_the_wording(wordings):
    game = sc.games.project(wordings)
    acts = game.payoffs.reshape(4, ACTS, wordings, ACTS, wordings)
    assert (acts == acts[:, :, :1, :, :1]).all()
    np.testing.assert_array_equal(acts[:, :4, 0, :4, 0], sc.games.team_lead(("tone", "workload")).payoffs)
    assert (acts[:, 5] == 0.55).all()
    assert (acts[:, 4] == 0).all()
    assert (acts[:, :5, :, 4:] == 0).all()


def test_equilibria_pay_the_same_without_wordings():
    spoken, plain = sc.games.project(2), sc.games.project(1)
    shortfalls = np.linspace(0, 1, 9)
    pays = np.stack([shortfalls, shortfalls[::-1]])
    for first, second in every_pair().tolist():
        assert sc.worst_pone(spoken, (first, second)) == sc.worst_pone(plain, (first, second))
        for epsilon in (0, 0.2, 0.4):
            found = [sc.equilibria.reaches_pone(game, (first, second), pays, epsilon) for game in (spoken, plain)]
            np.testing.assert_array_equal(*found)


@pytest.mark.parametrize("seed", range(20))
def test_copies_of_actions_change_no_equilibrium_payoff(seed):
    """Oracle: the equilibria of the whole game, copies included, enumerated without leaving any out."""
    rng = np.random.default_rng(seed)
    small = sc.games.random_game(2, 2, rng, levels=4)
    copied = rng.integers(2, size=rng.integers(2, 5))
    large = sc.Game(small.payoffs[:, copied][:, :, copied])
    payoffs = np.array([profile.payoffs for profile in sc.pareto_optimal_nash(large, (0, 1))])
    np.testing.assert_allclose(sc.worst_pone(large, (0, 1)), payoffs.min(axis=0), atol=1e-12)


# --- members among themselves


@pytest.mark.parametrize("wordings", [1, 2, 3])
@pytest.mark.parametrize("select", ["welfare", "favourite of 1"])
def test_members_do_what_their_convention_plans_and_say_it_in_code(wordings, select):
    game = sc.games.project(wordings)
    member, other = (coded(f, wordings, select=select) for f in (sc.Hedge(), sc.RegretMatching()))
    pairs, horizon = np.repeat(every_pair(), 20, axis=0), 12
    play = sc.play(member, other, game, pairs, horizon, len(pairs), seed=0)
    acts, wording = np.divmod(play.actions, wordings)
    plan = member.convention.plan(member.acts(game), horizon)
    np.testing.assert_array_equal(acts.transpose(2, 0, 1), plan[pairs[:, 0], pairs[:, 1]])
    answers = {}
    for own, heard in wording.transpose(2, 1, 0):
        for stage in range(horizon):
            answers.setdefault(tuple(heard[:stage]), set()).add(own[stage])
    assert all(len(found) == 1 for found in answers.values())  # one wording is owed after each history
    assert len(set().union(*answers.values())) == wordings


def test_the_partners_wordings_are_drawn_uniformly_and_anew():
    """Within six standard deviations: an error probability below 1e-7 in all."""
    play = sc.play(coded(), coded(), sc.games.project(), (0, 3), 12, 4000, seed=1)
    heard = play.actions[:, 1] % 2
    for counts in (heard.mean(axis=1), (heard[1:] == heard[:-1]).mean(axis=1)):
        np.testing.assert_allclose(counts, 0.5, atol=6 * 0.5 / np.sqrt(4000))


def test_different_keys_are_different_codes():
    game = sc.games.project()
    shown = [sc.play(coded(key=key), coded(key=key), game, (0, 0), 30, 20, seed=2).actions for key in (0, 0, 7)]
    np.testing.assert_array_equal(shown[0], shown[1])
    assert (shown[0] != shown[2]).any()


def test_a_class_of_three_reactions_is_socially_intelligent_with_its_numbers():
    game, horizon = sc.games.project(), 200
    members = [coded(fallback) for fallback in FALLBACKS.values()]
    pairs = np.repeat(every_pair(), 8, axis=0)
    for first, second in zip(members, [*members[1:], members[0]], strict=True):  # each on either side
        for pair in ((first, second), (first, first)):
            play = sc.play(*pair, game, pairs, horizon, len(pairs), seed=4)
            means = np.stack([play.payoffs(agent).mean(axis=0) for agent in (0, 1)]).reshape(2, -1, 8)
            for number, types in enumerate(every_pair().tolist()):
                assert sc.equilibria.reaches_pone(game, types, means[:, number], 1 / horizon).all()
        # announcement and departure (the schedule of a pure PONE is exact), then the fallback's own certificate
        left = (0.45 * horizon - 2) / horizon
        assert first.certificate(game, horizon, 0.45) <= 0.02
        assert first.certificate(game, horizon, 0.45) >= first.convention.fallback.certificate(game, horizon, left)


# --- departures


@pytest.mark.parametrize("agent", [0, 1])
def test_one_wrong_wording_is_a_departure_and_so_is_one_wrong_act(agent):
    game, horizon = sc.games.project(), 10
    member = coded(sc.Fixed(10), select="welfare")
    true = sc.play(member, member, game, (2, 1), horizon, 1, seed=3).actions[..., 0]
    for stage in range(1, horizon - 1):
        for change in ([1] if agent == 1 else []) + [2]:  # the partner's side owes no wording
            heard = true[:, 1 - agent].copy()
            heard[stage] ^= change
            seat = member.seat(game, agent, np.array([(2, 1)[agent]]), horizon)
            for t in range(horizon):
                policy = seat.policy()[:, 0]
                own = true[t, agent] if t <= stage else 10
                assert policy[own] == (1 if agent == 0 or t > stage else 0.5)
                seat.observe(np.array([own]), heard[t : t + 1])


def test_another_wording_of_the_partner_is_no_departure():
    game = sc.games.project()
    member = coded(sc.Fixed(10), select="welfare")
    seat = member.seat(game, 0, np.array([2]), 8)
    plan = member.convention.plan(member.acts(game), 8)[2, 1]
    rng = np.random.default_rng(0)
    for own, other in plan:
        policy = seat.policy()[:, 0]
        assert policy.max() == 1
        assert policy.argmax() // 2 == own
        seat.observe(np.array([policy.argmax()]), np.array([2 * other + rng.integers(2)]))


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("fallback", list(FALLBACKS.values()), ids=list(FALLBACKS))
def test_taking_commutes_with_observing_on_both_sides_of_a_departure(agent, fallback):
    game, horizon, episodes = sc.games.project(), 6, 40
    member, types = coded(fallback), np.arange(episodes) % 4
    rng = np.random.default_rng(1)
    chosen = np.array([3, 3, 0, 39, 17])
    for before in range(horizon):
        whole = member.seat(game, agent, types, horizon)
        part = None
        for t in range(horizon - 1):
            if t == before:
                part = whole.take(chosen)
            policy = whole.policy()
            np.testing.assert_allclose(policy.sum(axis=0), 1, atol=1e-12)
            own = policy.argmax(axis=0)
            other = rng.integers(game.n_actions, size=episodes)
            whole.observe(own, other)
            if part is not None:
                part.observe(own[chosen], other[chosen])
        if part is not None:
            np.testing.assert_allclose(part.policy(), whole.policy()[:, chosen], atol=1e-14)


def test_a_game_without_wordings_is_refused():
    with pytest.raises(ValueError, match="game must have acts in 2 wordings"):
        sc.play(coded(), coded(), sc.games.team_lead(), (0, 0), 3)
    with pytest.raises(ValueError, match="game must have acts in 4 wordings"):
        sc.play(coded(wordings=4), coded(wordings=4), sc.games.project(2), (0, 0), 3)


# --- grudges


def spent(payoffs, history, own):
    """Return the regret after a history of the other's actions against an own fixed action."""
    totals = payoffs[:, history].sum(axis=1)
    return float(totals.max() - totals[own])


@pytest.mark.parametrize("epsilon", [0.1, 0.25, 0.4, 0.9])
def test_a_grudge_lasts_exactly_as_long_as_the_regret_allows(epsilon):
    game, horizon, delta, action = sc.games.project(), 120, 0.05, 6
    grudge = sc.strategies.Grudge([action] * 4, epsilon, delta)
    lasted = set()
    for number, other in enumerate((sc.Fixed(4), sc.Fixed(6), sc.Fixed(np.full(12, 1 / 12)), sc.Hedge())):
        play = sc.play(other, grudge, game, (0, 2), horizon, seed=number)
        others = play.actions[:, 0, 0]
        reserve = [1 + (left and left * sc.bounds.hedge_epsilon(left, 12, delta)) for left in range(horizon)]
        holds = [
            spent(game.payoffs[2], others[:t], action) + reserve[horizon - t - 1] <= epsilon * horizon
            for t in range(horizon)
        ]
        until = holds.index(False) if False in holds else horizon
        np.testing.assert_array_equal(play.actions[:until, 1, 0], action)
        lasted.add(until)
        seat = grudge.seat(game, 1, np.array([2]), horizon)
        for t in range(horizon):
            assert (seat.policy()[:, 0].max() == 1) >= (t < until)
            if t == until:
                assert seat.policy()[:, 0] == pytest.approx(np.full(12, 1 / 12))  # Hedge starts afresh
            seat.observe(play.actions[t, 1], play.actions[t, 0])
    assert (max(lasted) > 0) == (epsilon > 0.2)


@pytest.mark.parametrize("horizon", [1, 2, 3])
def test_a_grudge_is_certified_and_the_exact_worst_partner_does_not_contradict_it(horizon):
    game = sc.games.coordination(2)
    for epsilon in (0.5, 1.0):
        grudge = sc.strategies.Grudge([0], epsilon, 0.5)
        for allowed in (0.3, 0.5, 0.8, 1.0):
            exact = sc.consistency(grudge, game, horizon, allowed, method="exact", agent=1)
            assert exact.failure <= grudge.certificate(game, horizon, allowed) + 1e-12


def test_a_grudge_never_exceeds_its_certificate_against_many_kinds_of_opponents():
    """With δ = .01 more than 12 failures in 400 episodes have a probability below 1e-3 for each of the opponents."""
    game, horizon = sc.games.project(), 300
    grudge = sc.strategies.Grudge([2, 2, 6, 6], 0.25, 0.01)
    assert grudge.certificate(game, horizon, 0.25) == 0.01
    for number, other in enumerate([*sc.social.usual_partners(game), coded(), sc.Scripted(np.arange(horizon) % 12)]):
        play = sc.play(other, grudge, game, (1, 2), horizon, 400, seed=number)
        assert (sc.external_regret(play, 1) > 0.25 * horizon).sum() <= 12


def test_a_grudge_that_allows_itself_nothing_is_hedge():
    game = sc.games.project()
    for horizon in (0, 1, 30):
        seats = [s.seat(game, 1, np.array([0, 3]), horizon) for s in (sc.strategies.Grudge([0] * 4, 0), sc.Hedge())]
        assert type(seats[0]) is type(seats[1])


@pytest.mark.parametrize("actions", [[0, 0, 0], [0, 0, 0, 12]])
def test_a_grudge_that_does_not_fit_the_game_is_refused(actions):
    with pytest.raises(ValueError, match="actions"):
        sc.strategies.Grudge(actions, 0.3).seat(sc.games.project(), 1, np.array([0]), 10)
