"""Conventions: schedules, plain reference, a class that shares one is socially intelligent, with its numbers."""

from functools import cache
from itertools import product
from math import log, sqrt

import numpy as np
import oracles
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import socialcoop as sc

SELECTIONS = ["welfare", "egalitarian", "nash product", "favourite of 0", "favourite of 1"]
FALLBACKS = [sc.Hedge(), sc.RegretMatching(), sc.Scripted([0], fallback=sc.Hedge())]
DELTA = 0.05


def last(game, types, pones):
    """Select the last PONE."""
    return len(pones) - 1


def own_code(game, rng):
    """Return a random code with different rows, one or more stages longer than needed."""
    if game.n_actions == 1:
        return np.zeros((1, 2), dtype=int)
    length = next(m for m in range(9) if game.n_actions**m >= game.n_types) + int(rng.integers(1, 3))
    words = rng.choice(game.n_actions**length, size=game.n_types, replace=False)
    return words[:, None] // game.n_actions ** np.arange(length) % game.n_actions


@cache
def cases():
    """Return 72 (game, members that share code and selection but not the fallback).

    Three of every number of actions and of types; all selections, levels, codes and fallbacks in turn.
    """
    out = []
    for number in range(72):
        rng = np.random.default_rng(number)
        n_actions = (2, 3, 2, 4, 3, 1)[number % 6]
        n_types = 1 if n_actions == 1 else 1 + number // 6 % 4
        game = sc.games.random_game(n_actions, n_types, rng, (None, 2, 3, 5)[number % 4])
        select = [*SELECTIONS, last][number % 11 % 6]
        code = own_code(game, rng) if number % 3 == 0 else None
        first = number % len(FALLBACKS)
        fallbacks = FALLBACKS[first], FALLBACKS[first - 1]
        out.append((game, [sc.Convention(select, code, fallback) for fallback in fallbacks]))
    return out


@cache
def together():
    """Return (game, members, play of the first with the second over 40 stages, one episode for each joint type)."""
    out = []
    for game, members in cases():
        types = list(product(range(game.n_types), repeat=2))
        out.append((game, members, sc.play(*members, game, types, 40, len(types), seed=0)))
    return out


def announcement(convention, game):
    """Return how many stages it takes to announce the types."""
    return convention.codewords(game).shape[1]


def support(convention, game):
    """Return how many joint actions the schedules hold at most, 0 if each holds one: such a schedule is exact."""
    kinds = product(range(game.n_types), repeat=2)
    held = [np.count_nonzero(np.outer(*convention.agreed(game, types).strategies)) for types in kinds]
    return max(0 if size == 1 else size for size in held)


def learning_cost(fallback, game, horizon):
    """Return what the fallback's total regret stays below with probability 1 - DELTA."""
    scripted = fallback.actions.shape[-1] if isinstance(fallback, sc.Scripted) else 0
    if game.n_actions == 1:
        return scripted
    noise, n = sqrt(horizon * log(1 / DELTA) / 2), game.n_actions
    if isinstance(fallback, sc.RegretMatching):
        return noise + sqrt((n - 1) * horizon)
    return scripted + noise + sqrt(horizon * log(n) / 2)


def allowance(members, game, horizon):
    """Return the regret per stage of the members' certificates at DELTA, and a crumb for rounding."""
    before = announcement(members[0], game) + support(members[0], game) + 1
    return (before + max(learning_cost(member.fallback, game, horizon) for member in members)) / horizon + 1e-9


# --- schedules


@st.composite
def shares(draw):
    size = draw(st.integers(1, 8))
    kind = draw(st.sampled_from(["random", "fractions", "lopsided"]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if kind == "random":
        joint = rng.random(size)
    elif kind == "fractions":
        joint = rng.integers(0, 6, size).astype(float)
    else:
        joint = rng.random(size) ** 12
    joint *= rng.random(size) < 0.8
    return (joint if joint.sum() > 0 else np.ones(size)) / (joint.sum() if joint.sum() > 0 else size)


@given(shares(), st.integers(0, 400))
@example(np.array([0.5, 0.25, 0.25]), 400)
@example(np.full(7, 1 / 7), 400)
@example(np.array([1 - 1e-4, 1e-4]), 400)
def test_every_count_of_a_schedule_stays_within_one_of_its_share_at_every_stage(joint, horizon):
    order = sc.strategies.schedule(joint, horizon)
    assert order.shape == (horizon,)
    counts = np.cumsum(np.arange(len(joint)) == order[:, None], axis=0)
    off = counts - np.arange(1, horizon + 1)[:, None] * joint
    assert np.abs(off).max(initial=0) < 1
    assert not counts[:, joint == 0].any()


def test_a_long_schedule_stays_within_one():
    joint = np.random.default_rng(0).dirichlet(np.ones(16))
    counts = np.cumsum(np.arange(16) == sc.strategies.schedule(joint, 20_000)[:, None], axis=0)
    assert np.abs(counts - np.arange(1, 20_001)[:, None] * joint).max() < 1


@given(shares(), st.integers(0, 200), st.integers(0, 200))
def test_a_shorter_schedule_is_the_beginning_of_a_longer_one(joint, horizon, more):
    np.testing.assert_array_equal(
        sc.strategies.schedule(joint, horizon), sc.strategies.schedule(joint, horizon + more)[:horizon]
    )


@given(shares(), st.integers(0, 200))
def test_a_schedule_is_that_of_the_plain_quota_method(joint, horizon):
    assert sc.strategies.schedule(joint, horizon).tolist() == oracles.quota_schedule(joint.tolist(), horizon)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_sure_joint_action_is_played_always(size):
    for sure in range(size):
        assert sc.strategies.schedule(np.eye(size)[sure], 9).tolist() == [sure] * 9


def test_schedules_by_hand():
    assert sc.strategies.schedule([0.5, 0.5], 5).tolist() == [0, 1, 0, 1, 0]
    assert sc.strategies.schedule([0.25, 0, 0.75], 8).tolist() == [2, 2, 0, 2, 2, 2, 0, 2]
    assert sc.strategies.schedule([0.5, 0.5], 0).tolist() == []


# --- the plan


def test_the_default_code_is_the_type_in_base_n():
    game = sc.games.random_game(2, 4, 0)
    assert sc.Convention().codewords(game).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert sc.Convention().codewords(sc.games.random_game(3, 4, 0)).tolist() == [[0, 0], [0, 1], [0, 2], [1, 0]]
    assert sc.Convention().codewords(sc.games.random_game(4, 4, 0)).tolist() == [[0], [1], [2], [3]]
    assert sc.Convention().codewords(sc.games.stag_hunt()).shape == (1, 0)


def test_one_action_cannot_announce_two_types():
    with pytest.raises(ValueError, match=r"game must have at least 2 actions"):
        sc.Convention().codewords(sc.games.random_game(1, 2, 0))


@pytest.mark.parametrize(
    ("select", "payoffs"),
    [
        ("welfare", (0.9, 0.5)),
        ("egalitarian", (0.6, 0.6)),
        ("nash product", (0.6, 0.6)),
        ("favourite of 0", (0.9, 0.5)),
        ("favourite of 1", (0.3, 0.8)),
        (last, (0.3, 0.8)),
        (lambda game, types, pones: np.int64(1), (0.6, 0.6)),
    ],
)
def test_each_selection_by_hand(select, payoffs):
    # three pure PONE on the diagonal; the mixed equilibria are beaten
    game = sc.Game([np.diag([0.9, 0.6, 0.3]), np.diag([0.5, 0.6, 0.8])])
    assert sc.Convention(select).agreed(game, (0, 1)).payoffs == pytest.approx(payoffs)


def test_ties_go_to_the_first_equilibrium_even_after_rounding():
    game = sc.games.coordination(3)
    for select in SELECTIONS:
        assert sc.Convention(select).agreed(game, (0, 0)).strategies[0].tolist() == [1, 0, 0]
    tie = sc.Game([[[0.3, 0], [0, 0.1 + 0.2]]])  # .1 + .2 is larger than .3 by a last bit
    assert sc.Convention().agreed(tie, (0, 0)).strategies[0].tolist() == [1, 0]


@pytest.mark.parametrize("answer", [-1, 99, 0.0, None, True, "0"])
def test_a_selection_that_answers_nonsense_is_refused(answer):
    with pytest.raises((ValueError, TypeError), match="select"):
        sc.Convention(lambda game, types, pones: answer).agreed(sc.games.stag_hunt(), (0, 0))


def test_the_plan_is_announcement_and_schedule_of_the_agreed_equilibrium():
    for game, members in cases()[::2]:
        words, plan = members[0].codewords(game), members[0].plan(game, 12)
        k, m = game.n_types, words.shape[1]
        assert plan.shape == (k, k, 12, 2)
        for types in product(range(k), repeat=2):
            assert plan[types][:m].T.tolist() == [words[types[0]].tolist(), words[types[1]].tolist()]
            shares = np.outer(*members[0].agreed(game, types).strategies).ravel().tolist()
            joint = oracles.quota_schedule(shares, 12 - m)
            assert plan[types][m:].tolist() == [list(divmod(j, game.n_actions)) for j in joint]


@pytest.mark.parametrize("horizon", [0, 1, 2])
def test_a_horizon_shorter_than_the_announcement_cuts_it(horizon):
    game, code = sc.games.random_game(2, 2, 0), [[0, 0, 1], [0, 1, 1]]
    convention = sc.Convention(code=code)
    types = list(product((0, 1), repeat=2))
    play = sc.play(convention, convention, game, types, horizon, 4, seed=0)
    assert play.actions.transpose(2, 1, 0).tolist() == [[code[i][:horizon], code[j][:horizon]] for i, j in types]


def test_members_follow_the_plan_together_whatever_their_fallbacks():
    for game, (one, two), play in together():
        plan = one.plan(game, 40).reshape(play.episodes, 40, 2).transpose(1, 2, 0)
        np.testing.assert_array_equal(play.actions, plan)
        for pair in ((two, one), (one, one)):
            np.testing.assert_array_equal(sc.play(*pair, game, play.types, 40, play.episodes, seed=1).actions, plan)


# --- a seat against the plain reference

REFERENCE = {
    "Hedge": (sc.Hedge(), oracles.hedge),
    "RegretMatching": (sc.RegretMatching(), oracles.regret_matching),
    "Scripted": (sc.Scripted([1, 0], sc.Hedge()), oracles.scripted([1, 0], oracles.hedge)),
}


def plain(convention, fallback, game, agent, own_type, horizon):
    words, agreed = convention.codewords(game).tolist(), {}
    for types in product(range(game.n_types), repeat=2):
        shares = np.outer(*convention.agreed(game, types).strategies).ravel().tolist()
        left = max(horizon - len(words[0]), 0)
        agreed[types] = [divmod(j, game.n_actions) for j in oracles.quota_schedule(shares, left)]
    return oracles.convention(words, agreed, fallback, agent, own_type)


def assert_seat_is_plain(name, game, code, agent, horizon, types, history):
    """Compare the policies before every stage of ``history`` (T, 2, B), for own types (B,)."""
    learner, textbook = REFERENCE[name]
    convention = sc.Convention("egalitarian", code, learner)
    seat = convention.seat(game, agent, types, horizon)
    references = [plain(convention, textbook, game, agent, k, horizon) for k in range(game.n_types)]
    for t in range(horizon):
        policy = seat.policy()
        for episode, own_type in enumerate(types):
            past = [(int(own[episode]), int(other[episode])) for own, other in history[:t]]
            expected = references[own_type](game.payoffs[own_type], horizon, past)
            np.testing.assert_allclose(policy[:, episode], expected, atol=1e-9)
        seat.observe(*history[t])


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("name", REFERENCE)
@pytest.mark.parametrize("code", [None, [[0, 1], [1, 0]], [[0, 0, 1], [0, 0, 0]]], ids=str)
def test_a_seat_is_the_plain_one_after_every_history(name, code, agent):
    """All histories of both sides: departures at any stage, own departures, words that announce no type."""
    game, horizon = sc.games.random_game(2, 2, 6, 3), 4
    joint = np.array(list(product(range(4), repeat=horizon)), dtype=np.uint8).T
    history = np.stack(np.divmod(joint, 2), axis=1)
    types = np.repeat([0, 1], history.shape[2])
    assert_seat_is_plain(name, game, code, agent, horizon, types, np.tile(history, (1, 1, 2)))


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("name", REFERENCE)
@pytest.mark.parametrize(("n_actions", "n_types"), [(2, 3), (3, 4), (4, 3), (3, 1)])
def test_a_seat_is_the_plain_one_when_the_other_departs_at_some_stage(name, n_actions, n_types, agent):
    """A partner that follows the plan of some type until a random stage, and random own slips."""
    horizon, episodes = 14, 40
    game = sc.games.random_game(n_actions, n_types, 10 * n_actions + n_types, 3)
    rng = np.random.default_rng(n_types)
    types, others = rng.integers(n_types, size=(2, episodes))
    joint_types = (types, others) if agent == 0 else (others, types)
    followed = sc.Convention("egalitarian", None).plan(game, horizon)[joint_types].transpose(1, 2, 0)
    history = followed[:, [agent, 1 - agent]].astype(np.uint8)
    stages = np.arange(horizon)[:, None]
    for side, latest in ((1, 18), (0, 60)):
        left = stages >= rng.integers(latest, size=episodes)
        history[:, side] = np.where(left, rng.integers(n_actions, size=left.shape), history[:, side])
    assert_seat_is_plain(name, game, None, agent, horizon, types, history)


def test_an_announcement_that_no_type_makes_is_a_departure():
    game = sc.games.random_game(2, 3, 0)  # the words are 00, 01, 10
    seat = sc.Convention().seat(game, 0, np.array([0]), 6)
    seat.observe(np.array([0]), np.array([1]))
    assert seat.policy()[:, 0].tolist() == [1, 0]  # 10 is still possible
    seat.observe(np.array([0]), np.array([1]))
    np.testing.assert_allclose(seat.policy()[:, 0], [0.5, 0.5])


def test_an_own_departure_starts_the_fallback_too():
    seat = sc.Convention().seat(sc.games.coordination(2), 0, np.array([0]), 6)
    seat.observe(np.array([1]), np.array([0]))
    np.testing.assert_allclose(seat.policy()[:, 0], [0.5, 0.5])


@given(st.data())
def test_taking_commutes_with_observing_when_departures_are_mixed(data):
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    game, horizon, episodes = sc.games.random_game(2, 2, 3), 9, 12
    convention = sc.Convention(fallback=FALLBACKS[data.draw(st.integers(0, 2))])
    agent, before = data.draw(st.integers(0, 1)), data.draw(st.integers(0, horizon - 1))
    types, others = rng.integers(2, size=(2, episodes))
    joint_types = (types, others) if agent == 0 else (others, types)
    history = convention.plan(game, horizon)[joint_types].transpose(1, 2, 0)[:, [agent, 1 - agent]].astype(np.uint8)
    departed = np.arange(horizon)[:, None] >= rng.integers(1, horizon, size=episodes)
    history[:, 1] = np.where(departed, rng.integers(2, size=departed.shape), history[:, 1])
    chosen = rng.integers(episodes, size=data.draw(st.integers(0, 15)))
    whole = convention.seat(game, agent, types, horizon)
    for own, other in history[:before]:
        whole.observe(own, other)
    part = whole.take(chosen)
    for own, other in history[before:-1]:
        whole.observe(own, other)
        part.observe(own[chosen], other[chosen])
        np.testing.assert_allclose(part.policy(), whole.policy()[:, chosen], atol=1e-14)


# --- a class that shares a convention is socially intelligent, with its numbers


def test_a_class_that_shares_a_convention_is_certified_with_its_own_numbers():
    horizon = 80
    for game, members in cases():
        epsilon = allowance(members, game, horizon)
        assert epsilon < 0.5  # the certificate says something
        table = sc.social_intelligence(members, game, horizon, epsilon, max_nodes=1, seed=0)
        assert table.is_socially_intelligent(DELTA) is True
        assert table.delta <= DELTA + 1e-12
        assert {side.kind for both in table.consistency for side in both} == {"certificate"}
        for pair in [pair for row in table.compatibility for pair in row]:
            assert (pair.kinds == "exact").all()
            assert not pair.high.any()


def test_the_certificate_of_a_convention_says_no_more_than_its_parts():
    """It is what the fallback has to show when announcement, schedule and departure are paid for."""
    horizon = 150
    for game, members in cases()[::2]:
        for convention in members:
            before = announcement(convention, game) + support(convention, game) + 1
            for regret in (0.1, 0.3, 0.5):
                left_over = max(regret * horizon - before, 0) / horizon
                least = convention.fallback.certificate(game, horizon, left_over)
                assert convention.certificate(game, horizon, regret) >= least


def test_agents_that_share_a_convention_fall_short_of_the_equilibrium_by_the_announcement_and_one_cycle_at_most():
    """In total: at most 1 for each stage of the announcement and each joint action of the schedule but one."""
    for game, (convention, _), play in together():
        m = announcement(convention, game)
        for episode, pair in enumerate(play.types.tolist()):
            agreed = convention.agreed(game, pair)
            scheduled = np.count_nonzero(np.outer(*agreed.strategies))
            for agent in (0, 1):
                owed = np.arange(1, 41) * agreed.payoffs[agent] - np.cumsum(play.payoffs(agent)[:, episode])
                assert owed.max() <= m + scheduled - 1 + 1e-9


def test_compatibility_holds_exactly_at_the_worked_out_shortfall():
    for number, (game, (one, two)) in enumerate(cases()):
        horizon = (5, 18, 40)[number % 3]
        epsilon = (announcement(one, game) + max(support(one, game) - 1, 0)) / horizon
        found = sc.compatibility(one, two, game, horizon, epsilon)
        assert not found.failure.any()
        assert (found.kinds == "exact").all()


def test_an_announcement_that_earns_nothing_costs_its_length():
    """Type k announces itself by action k; a pair of different types earns nothing while it does."""
    game = sc.Game([np.eye(2), np.eye(2)])
    convention = sc.Convention(code=[[0, 0, 0], [1, 1, 1]])
    for epsilon, failure in ((3 / 30, 0), (2.99 / 30, 1)):
        found = sc.compatibility(convention, convention, game, 30, epsilon).failure
        assert found.tolist() == [[0, failure], [failure, 0]]


def test_on_the_plan_the_regret_is_at_most_announcement_and_schedule_at_every_stage():
    for game, (one, _), play in together():
        most = announcement(one, game) + support(one, game)
        for agent in (0, 1):
            assert sc.regret.external_regret_path(play, agent).max() <= most + 1e-9


def worst_regret_before_the_fallback(convention, game, horizon):
    """Return the largest regret at the stage of a departure, over all that the other may do in so many stages."""
    moves = np.array(list(product(range(game.n_actions), repeat=horizon))).T
    worst = -np.inf
    for own_type in range(game.n_types):
        seat = convention.seat(game, 0, np.full(moves.shape[1], own_type), horizon)
        fixed, earned = np.zeros((game.n_actions, moves.shape[1])), np.zeros(moves.shape[1])
        for stage, other in enumerate(moves):
            own = seat.policy().argmax(axis=0)  # pure, as long as nobody departs
            fixed += game.payoffs[own_type][:, other]
            earned += game.payoffs[own_type][own, other]
            seat.observe(own, other)
            worst = max(worst, (fixed.max(axis=0) - earned)[seat.departed == stage].max(initial=-np.inf))
    return worst


def test_before_the_fallback_nobody_brings_about_more_regret_than_it_pays_for():
    seen = 0
    for game, members in cases():
        if game.n_actions**7 <= 3**7:
            worst = worst_regret_before_the_fallback(members[0], game, 7)
            assert worst <= members[0].regret_before(game) + 1e-9
            seen += np.isfinite(worst)
    assert seen > 20


@pytest.mark.parametrize("messages", [0, 1, 2, 3])
def test_with_pure_equilibria_somebody_brings_about_all_the_regret_that_it_pays_for(messages):
    """Everybody agrees on 0; the other plays 1 all the time, which fits type 1, and leaves at the first stage after."""
    both = np.eye(2)
    game = sc.Game([both, both] if messages else [both])
    convention = sc.Convention(code=[[0] * messages, [1] * messages] if messages else None)
    assert convention.regret_before(game) == messages + 1
    assert worst_regret_before_the_fallback(convention, game, messages + 1) == messages + 1


@pytest.mark.parametrize("agent", [0, 1])
def test_simulation_never_contradicts_the_certificate(agent):
    """Each interval has an error probability of 1e-7 over all partners and types, all together below 1e-5."""
    horizon = 60
    informative = 0
    for game, members in cases()[::9]:
        convention = members[0]
        others = [sc.Convention(fallback=sc.Fixed(a)) for a in range(game.n_actions)]
        others += [sc.Convention(last, own_code(game, np.random.default_rng(1)))]
        for epsilon in (0.2, 0.4):
            bound = convention.certificate(game, horizon, epsilon)
            informative += 0 < bound < 1
            found = sc.consistency(
                convention,
                game,
                horizon,
                epsilon,
                agent=agent,
                method="estimate",
                partners=[*sc.social.usual_partners(game), *others],
                episodes=100,
                confidence=1 - 1e-7,
                seed=2,
            )
            assert found.interval[0] <= bound
    assert informative >= 5


@pytest.mark.parametrize("agent", [0, 1])
def test_the_worst_partner_never_beats_the_certificate(agent):
    epsilons = np.linspace(0.3, 0.95, 14)
    informative = 0
    for n_actions, n_types, horizon in ((2, 1, 8), (2, 2, 6), (2, 3, 5), (3, 1, 4), (3, 2, 3)):
        for seed in range(4):
            game = sc.games.random_game(n_actions, n_types, seed, (None, 2, 3)[seed % 3])
            fallback = FALLBACKS[seed % 2]
            convention = sc.Convention(SELECTIONS[seed], fallback=fallback)
            bounds = np.array([convention.certificate(game, horizon, epsilon) for epsilon in epsilons])
            worst = sc.social.worst_failures(convention, game, horizon, epsilons, agent=agent)
            assert (worst <= bounds + 1e-9).all()
            informative += ((bounds > 0) & (bounds < 1)).sum()
    assert informative > 40


@pytest.mark.parametrize("agent", [0, 1])
def test_the_exact_worst_partner_of_a_convention_is_that_of_the_plain_one(agent):
    for seed in range(4):
        game = sc.games.random_game(2, 2, seed, 3)
        convention = sc.Convention("egalitarian")
        for epsilon in (0.1, 0.3, 0.5):
            exact = sc.consistency(convention, game, 4, epsilon, agent=agent, method="exact")
            true = max(
                oracles.worst_failure(plain(convention, oracles.hedge, game, agent, k, 4), game.payoffs[k], 4, epsilon)
                for k in (0, 1)
            )
            assert exact.failure == pytest.approx(true, abs=1e-9)


def test_a_fallback_that_cannot_lose_so_much_is_certified_in_any_horizon():
    """A script of one stage costs 1 at most, so that it cannot spoil the certificate of the learner after it."""
    game, horizon = sc.games.stag_hunt(), 400
    learner = sc.Convention().certificate(game, horizon, 0.3)
    scripted = sc.Convention(fallback=sc.Scripted([0], sc.Hedge())).certificate(game, horizon, 0.3 + 1 / horizon)
    assert 0 < scripted <= learner * (1 + 1e-9)


def test_the_certificate_without_a_learner_says_nothing():
    assert sc.Convention(fallback=sc.Fixed(0)).certificate(sc.games.stag_hunt(), 100, 0.5) == 1


def test_no_stages_leave_no_regret():
    assert sc.Convention().certificate(sc.games.stag_hunt(), 0, 0) == 0


# --- what it says of itself


@pytest.mark.parametrize(
    "convention",
    [
        sc.Convention(),
        sc.Convention("nash product", [[0, 1], [1, 0]], sc.RegretMatching()),
        sc.Convention(fallback=sc.Convention("egalitarian", fallback=sc.Scripted([0, 1], sc.Hedge(0.3)))),
    ],
    ids=repr,
)
def test_a_repr_can_be_read_back(convention):
    assert repr(eval(repr(convention), vars(sc.strategies))) == repr(convention)


def test_a_selection_of_any_callable_kind_has_a_repr():
    class Chooser:
        def __call__(self, game, types, pones):
            return 0

    assert "last" in repr(sc.Convention(last))
    assert "Chooser" in repr(sc.Convention(Chooser()))


@pytest.mark.parametrize(
    ("code", "argument"),
    [([[0], [2]], "code"), ([[0]], "code"), ([[0], [1], [2]], "code")],
    ids=str,
)
def test_a_code_that_does_not_fit_the_game_says_so(code, argument):
    game = sc.games.random_game(2, 2, 0)
    with pytest.raises(ValueError, match=argument):
        sc.play(sc.Convention(code=code), sc.Hedge(), game, (0, 1), 3)
