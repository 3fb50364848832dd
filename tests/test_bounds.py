"""Bounds against their formulas by hand, against brute force, and against what is measured."""

import copy
import pickle
from itertools import product
from math import e, fsum, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import socialcoop as sc
from socialcoop import bounds

THEOREMS = [bounds.theorem_3_7, bounds.corrected_theorem, bounds.hyperbolic_theorem]

unit = st.floats(0, 1)


def ask(theorem, horizon, phase, epsilon=0.1, delta=0.02, tv=0.03, **more):
    """Return a theorem's bound, with the largest gap of two actions where one is needed."""
    if theorem is bounds.corrected_theorem:
        more = {"gap": 0.5} | more
    return theorem(horizon, phase, epsilon, delta, tv, **more)


@st.composite
def shares(draw):
    """Return a horizon and a phase of at least 1."""
    horizon = draw(st.integers(1, 2000))
    return horizon, draw(st.integers(1, horizon))


# --- the theorems


@given(shares(), st.floats(0, 3), unit, st.floats(0, 3), st.floats(-1, 1), unit)
def test_the_theorems_are_their_formulas(share, epsilon, delta, tv, gap, value):
    horizon, phase = share
    told = (horizon, phase, epsilon, delta, tv)
    printed = 2 * delta + tv + (2 * (horizon - phase) / horizon + 1) * epsilon
    corrected = 2 * delta + tv + 2 * epsilon + phase / horizon * gap
    harmonic = sum(1 / (horizon - s + 1) for s in range(1, phase + 1))
    hyperbolic = 2 * delta + tv + 2 * epsilon + value * (1 - phase / horizon / harmonic)
    assert bounds.theorem_3_7(*told) == pytest.approx(printed, abs=1e-12)
    assert bounds.corrected_theorem(*told, gap) == pytest.approx(corrected, abs=1e-12)
    assert bounds.hyperbolic_theorem(*told, value) == pytest.approx(hyperbolic, abs=1e-9)


@pytest.mark.parametrize("theorem", THEOREMS)
@given(share=shares(), epsilon=st.floats(0, 3), delta=unit, tv=st.floats(0, 3))
def test_the_terms_add_up_to_the_bound(theorem, share, epsilon, delta, tv):
    bound = ask(theorem, *share, epsilon, delta, tv)
    assert isinstance(bound, float)
    assert float(bound) == fsum(bound.terms.values())
    assert bound.terms["failure"] == 2 * delta
    assert bound.terms["imitation"] == tv
    last = {bounds.corrected_theorem: ["gap"], bounds.hyperbolic_theorem: ["early stop"]}.get(theorem, [])
    assert list(bound.terms) == ["failure", "imitation", "regret", *last]
    assert min(bound.terms.values()) >= -1e-12


def test_theorems_by_hand():
    assert bounds.theorem_3_7(100, 25, 0.1, 0.01, 0.03).terms == pytest.approx(
        {"failure": 0.02, "imitation": 0.03, "regret": 0.25}
    )
    assert bounds.corrected_theorem(100, 25, 0.1, 0.01, 0.03, 0.5).terms == pytest.approx(
        {"failure": 0.02, "imitation": 0.03, "regret": 0.2, "gap": 0.125}
    )
    # stops after 1, 2 or 3 of 4 stages in the ratio 3 : 4 : 6; a stage in 4/13, 8/13 and so on
    assert bounds.hyperbolic_theorem(4, 3, 0.1, 0.01, 0.03, 0.5).terms == pytest.approx(
        {"failure": 0.02, "imitation": 0.03, "regret": 0.2, "early stop": 0.5 * (1 - 0.75 / (13 / 12))}
    )


def test_without_imitation_and_with_nothing_else():
    """At T̃ = 0 nothing is imitated, at T̃ = T nothing else."""
    assert bounds.theorem_3_7(50, 0, 0.1, 0, 0) == pytest.approx(0.3)
    assert bounds.theorem_3_7(50, 50, 0.1, 0, 0) == pytest.approx(0.1)
    assert bounds.corrected_theorem(50, 0, 0.1, 0, 0, 0.75) == pytest.approx(0.2)
    assert bounds.corrected_theorem(50, 50, 0.1, 0, 0, 0.75) == pytest.approx(0.95)
    assert bounds.hyperbolic_theorem(50, 1, 0.1, 0, 0) == pytest.approx(0.2)
    assert bounds.hyperbolic_theorem(1, 1, 0.1, 0, 0) == pytest.approx(0.2)
    all_stages = 1 - 1 / sum(1 / s for s in range(1, 51))
    assert bounds.hyperbolic_theorem(50, 50, 0.1, 0, 0) == pytest.approx(0.2 + all_stages)


def test_the_hyperbolic_stop_needs_a_stage_to_stop_after():
    with pytest.raises(ValueError, match="phase"):
        bounds.hyperbolic_theorem(50, 0, 0.1, 0, 0)


@pytest.mark.parametrize("theorem", THEOREMS)
@given(share=shares(), more=st.tuples(unit, unit, unit), less=st.tuples(unit, unit, unit))
def test_less_regret_less_failure_and_better_imitation_give_a_smaller_bound(theorem, share, more, less):
    worse = [max(pair) for pair in zip(more, less, strict=True)]
    better = [min(pair) for pair in zip(more, less, strict=True)]
    assert ask(theorem, *share, *better) <= ask(theorem, *share, *worse) + 1e-12


@given(shares(), unit, unit)
def test_less_correlation_and_a_smaller_value_give_a_smaller_bound(share, one, two):
    low, high = sorted((one, two))
    assert ask(bounds.corrected_theorem, *share, gap=low) <= ask(bounds.corrected_theorem, *share, gap=high)
    small, large = (ask(bounds.hyperbolic_theorem, *share, value=value) for value in (low, high))
    assert small <= large + 1e-12


@given(st.integers(2, 120))
def test_a_longer_phase_costs_more_but_in_the_printed_theorem(horizon):
    for theorem in THEOREMS:
        steps = np.diff([ask(theorem, horizon, phase) for phase in range(1, horizon + 1)])
        assert (steps <= 1e-12).all() if theorem is bounds.theorem_3_7 else (steps >= -1e-12).all()


@pytest.mark.parametrize("share", [0.001, 0.01, 0.05])
def test_a_short_phase_costs_the_hyperbolic_stop_half_its_share(share):
    horizon = 100_000
    terms = bounds.hyperbolic_theorem(horizon, round(share * horizon), 0, 0, 0, value=0.8).terms
    assert terms["early stop"] == pytest.approx(0.8 * share / 2, rel=2 * share + 1 / (share * horizon))


def test_where_the_gap_is_small_for_the_phase_the_printed_theorem_holds_too():
    """λ ≤ ε/(gap + 2ε) is where the corrected bound is not above the printed one."""
    for epsilon, gap in product((0.01, 0.1, 0.4), (0.0, 0.2, 0.5, 0.9)):
        for phase in range(1, 101):
            corrected = bounds.corrected_theorem(100, phase, epsilon, 0.01, 0.1, gap)
            printed = bounds.theorem_3_7(100, phase, epsilon, 0.01, 0.1)
            if abs(phase / 100 - epsilon / (gap + 2 * epsilon)) > 1e-9:
                assert (corrected <= printed) == (phase / 100 < epsilon / (gap + 2 * epsilon))


@pytest.mark.parametrize("theorem", THEOREMS)
def test_a_bound_can_be_copied_and_sent_to_another_process(theorem):
    bound = ask(theorem, 10, 4)
    for twin in (copy.copy(bound), copy.deepcopy(bound), pickle.loads(pickle.dumps(bound))):
        assert twin == bound
        assert twin.terms == bound.terms


@pytest.mark.parametrize("theorem", THEOREMS)
@pytest.mark.filterwarnings("error")
def test_a_horizon_beyond_64_bits_has_a_bound_as_well(theorem):
    assert ask(theorem, 10**30, 10) == pytest.approx(ask(theorem, 10**12, 10), abs=1e-9)


# --- the correlation gap


@st.composite
def joint_play(draw):
    """Return a joint distribution, often sparse or of few levels, and payoffs, often 0 and 1."""
    n = draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    z = rng.dirichlet(np.full(n * n, draw(st.sampled_from([0.05, 0.5, 2]))))
    if draw(st.booleans()):
        z = np.ceil(draw(st.sampled_from([1, 3])) * z - 0.2)
    z = z if z.sum() else np.ones(n * n)
    payoffs = rng.random((n, n))
    return (z / z.sum()).reshape(n, n), payoffs.round() if draw(st.booleans()) else payoffs


@given(joint_play())
def test_the_gap_is_what_a_partner_that_draws_alone_misses(given_play):
    z, payoffs = given_play
    n = len(z)
    own, other = [sum(z[a]) for a in range(n)], [sum(z[:, b]) for b in range(n)]
    together = sum(z[a][b] * payoffs[b][a] for a in range(n) for b in range(n))
    alone = sum(own[a] * other[b] * payoffs[b][a] for a in range(n) for b in range(n))
    gap = bounds.correlation_gap(z, payoffs)
    assert gap == pytest.approx(together - alone, abs=1e-12)
    distance = sum(abs(z[a][b] - own[a] * other[b]) for a in range(n) for b in range(n)) / 2
    assert gap <= distance + 1e-12
    assert distance <= 1 - 1 / n + 1e-12
    assert bounds.correlation_gap(z, 1 - payoffs) == pytest.approx(-gap, abs=1e-12)


@given(joint_play())
def test_some_payoffs_make_the_gap_as_large_as_the_distance(given_play):
    z, _ = given_play
    alone = np.outer(z.sum(axis=1), z.sum(axis=0))
    gap = bounds.correlation_gap(z, (z > alone).T.astype(float))
    assert gap == pytest.approx(np.abs(z - alone).sum() / 2, abs=1e-12)


@pytest.mark.parametrize("n_actions", [1, 2, 3, 5])
def test_taking_turns_in_a_coordination_game_has_the_largest_gap_there_is(n_actions):
    z = np.eye(n_actions) / n_actions
    assert bounds.correlation_gap(z, np.eye(n_actions)) == pytest.approx(1 - 1 / n_actions)


def test_independent_play_has_no_gap():
    rng = np.random.default_rng(0)
    for n in (1, 2, 4):
        z = np.outer(rng.dirichlet(np.ones(n)), rng.dirichlet(np.ones(n)))
        assert bounds.correlation_gap(z, rng.random((n, n))) == pytest.approx(0, abs=1e-12)


def test_the_gap_reads_the_partners_payoffs_by_its_own_action_first():
    """Taking turns at (0, 1) and (1, 0); only the partner's 0 against a 1 pays."""
    z, payoffs = [[0, 0.5], [0.5, 0]], [[0, 1], [0, 0]]
    assert bounds.correlation_gap(z, payoffs) == pytest.approx(0.5 - 0.25)
    assert bounds.correlation_gap([[0.5, 0], [0.5, 0]], payoffs) == 0


# --- the other bounds


def walk(horizon, episodes, challenges, n_actions):
    """Return how likely the imitator is alive after every stage: the closed sum over when its data ended."""

    def known(stage):
        return 1.0 if stage == 0 else 1 - (1 - challenges**-stage) ** episodes

    curve = []
    for stages in range(1, horizon + 1):
        ended = [(known(j) - known(j + 1)) / n_actions ** (stages - 1 - j) for j in range(stages - 1)]
        lost = (1 - known(0)) / n_actions**stages
        curve.append(known(stages - 1) + sum(ended) + lost)
    return curve


@given(st.integers(0, 12), st.integers(1, 300), st.integers(1, 5), st.integers(1, 6))
def test_survival_is_the_sum_over_when_the_data_end(horizon, episodes, challenges, n_actions):
    found = bounds.survival(horizon, episodes, challenges, n_actions)
    np.testing.assert_allclose(found, walk(horizon, episodes, challenges, n_actions), atol=1e-12)


@pytest.mark.parametrize(
    ("episodes", "horizon", "challenges", "n_actions", "expected"),
    [(20, 6, 2, 4, 0.5477), (50, 8, 3, 6, 0.0348), (200, 8, 2, 4, 0.8356)],
)
def test_survival_as_worked_out(episodes, horizon, challenges, n_actions, expected):
    assert bounds.survival(horizon, episodes, challenges, n_actions)[-1] == pytest.approx(expected, abs=5e-5)


def test_survival_over_all_datasets_and_challenges():
    """The imitator guesses from where its records' challenges differ from the present ones: all listed."""
    horizon, challenges, n_actions = 4, 2, 3
    for episodes in (0, 1, 2, 3):
        alive = np.zeros(horizon)
        words = list(product(range(challenges), repeat=horizon - 1))
        for *records, present in product(words, repeat=episodes + 1):
            shared = max(
                (next((t for t in range(horizon - 1) if w[t] != present[t]), horizon - 1) for w in records), default=-1
            )
            alive += [n_actions ** -max(t - shared, 0) for t in range(horizon)]
        found = bounds.survival(horizon, episodes, challenges, n_actions)
        np.testing.assert_allclose(found, alive / len(words) ** (episodes + 1), atol=1e-12)


def test_survival_has_an_entry_for_every_dataset_size():
    sizes = np.array([[0, 1, 5], [20, 1000, 2**40]])
    found = bounds.survival(7, sizes, 2, 4)
    assert found.shape == (7, 2, 3)
    for place in np.ndindex(2, 3):
        np.testing.assert_allclose(found[(slice(None), *place)], bounds.survival(7, int(sizes[place]), 2, 4))
    assert (np.diff(found, axis=0) <= 0).all()
    assert (np.diff(found.reshape(7, -1), axis=1) >= 0).all()


@given(st.integers(1, 40), st.integers(1, 10**6), st.integers(2, 6), st.data())
def test_the_bound_on_survival_is_above_it(horizon, episodes, n_actions, data):
    challenges = data.draw(st.integers(1, n_actions - 1))
    bound = bounds.survival_bound(horizon, episodes, challenges, n_actions)
    by_hand = min(1, episodes * challenges ** (1 - horizon) / (1 - challenges / n_actions))
    assert bound == pytest.approx(by_hand, rel=1e-9)
    assert bounds.survival(horizon, episodes, challenges, n_actions)[-1] <= bound * (1 + 1e-9)


@pytest.mark.parametrize(("horizon", "episodes"), [(4, 5), (8, 71), (12, 1128), (16, 18049)])
def test_half_survive_from_so_many_episodes_on(horizon, episodes):
    assert bounds.episodes_to_survive(0.5, horizon, 2, 4) == episodes


@given(unit.filter(lambda p: p < 0.999), st.integers(1, 12), st.integers(1, 4), st.integers(1, 5))
def test_one_episode_fewer_is_not_enough(probability, horizon, challenges, n_actions):
    episodes = bounds.episodes_to_survive(probability, horizon, challenges, n_actions)
    assert bounds.survival(horizon, episodes, challenges, n_actions)[-1] >= probability
    if episodes:
        assert bounds.survival(horizon, episodes - 1, challenges, n_actions)[-1] < probability


@given(st.integers(1, 6), st.integers(2, 10**9), st.integers(1, 5), st.integers(1, 4))
def test_lemma_3_6_is_its_formula(phase, episodes, n_actions, n_types):
    by_hand = min(phase, n_actions ** (2 * (phase + 1)) * n_types * phase**2 * log(episodes) / episodes)
    assert bounds.lemma_3_6(phase, episodes, n_actions, n_types) == pytest.approx(by_hand, rel=1e-9)


def test_lemma_3_6_is_false_of_one_episode():
    """A coin is answered by what it showed: half of the records showed the other side, and half of the guesses err."""
    assert bounds.lemma_3_6(2, 1, 2, 1) == 0
    answers, coins = np.eye(2)[[0, 1, 0, 1]][None], [np.full((1, 4**t, 2), 0.5) for t in (0, 1)]
    assert sc.marginal_tv([np.array([[[1.0, 0.0]]]), answers], coins, 1) == pytest.approx(1 / 4)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_coverage_is_its_formula_and_at_most_one(reachable, episodes):
    assert bounds.coverage(reachable, episodes) == pytest.approx(min(1, reachable / (e * episodes)))


@pytest.mark.filterwarnings("error")
def test_numbers_beyond_64_bits_are_only_numbers():
    huge = 10**30
    assert bounds.hedge_epsilon(huge, huge, 0.1) == pytest.approx(
        (sqrt(huge * log(huge) / 2) + sqrt(huge * log(10) / 2)) / huge
    )
    assert bounds.lemma_3_6(3, huge, 2, huge) == pytest.approx(3)
    assert bounds.coverage(huge, huge) == pytest.approx(1 / e)
    assert bounds.survival_bound(huge, huge, 2, 4) == 0
    assert bounds.survival(3, 5, huge, huge)[0] == 1


# --- the theorems against what is measured


LONG, PHASE, EPSILON = 400, 40, 0.17  # T, T̃ and ε


def odd_learner(game, rng):
    """Return a consistent strategy, perhaps one that begins with a waste."""
    waste = rng.integers(0, game.n_actions, rng.integers(1, 5)).tolist()
    learners = [sc.Hedge(), sc.RegretMatching(), sc.Scripted(waste, fallback=sc.Hedge())]
    return learners[rng.integers(len(learners))]


def announcing(seed):
    """Return a random game with private types, two conventions that differ where nobody goes, and no other partner."""
    rng = np.random.default_rng(seed)
    game = sc.games.random_game(2 + seed % 3 // 2, 2, seed, (None, 3)[seed % 2])
    select = ["welfare", "egalitarian", "favourite of 1"][seed % 3]
    return game, [sc.Convention(select, fallback=odd_learner(game, rng)) for _ in range(2)], None


def nearly_agreed(seed):
    """Return a random game, schedules of a PONE with 2 in 100 of anything else, and a partner of the same schedule."""
    rng = np.random.default_rng(seed)
    game = sc.games.random_game(2 + seed % 2, 1, seed)
    pones = sc.pareto_optimal_nash(game, (0, 0))
    elsewhere = rng.dirichlet(np.ones(game.n_actions**2)).reshape(game.n_actions, -1)
    joint = 0.98 * np.outer(*pones[seed % len(pones)].strategies) + 0.02 * elsewhere
    members = [sc.strategies.JointSchedule(joint, odd_learner(game, rng)) for _ in range(2)]
    return game, members, sc.strategies.JointSchedule(joint, sc.Scripted([seed % 2] * 3, fallback=sc.Hedge()))


def taking_turns(seed):
    """Return nearly a coordination game, schedules that take turns, and a partner that banks its regret."""
    rng = np.random.default_rng(seed)
    n = 2 + seed % 2
    table = np.where(np.eye(n), 1 - 0.03 * rng.random((n, n)), 0.1 * rng.random((n, n)))
    turns = np.eye(n) / n
    members = [sc.strategies.JointSchedule(turns, odd_learner(sc.Game(table), rng)), sc.strategies.JointSchedule(turns)]
    return sc.Game(table), members, sc.strategies.BankedRegret(turns, EPSILON)


def assumption_3_5(members, partner, game):
    """Return the smallest certified δ: all consistent over all stages, and compatible over the first ones."""
    everybody = members if partner is None else [*members, partner]
    delta = max(member.certificate(game, LONG, EPSILON) for member in everybody)
    for first, second in product(members, everybody):
        found = sc.compatibility(first, second, game, PHASE, EPSILON)
        assert (found.kinds == "exact").all()
        delta = max(delta, float(found.failure.max()))
    return delta


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("make", [announcing, nearly_agreed, taking_turns])
def test_no_commitment_to_a_socially_intelligent_class_is_measured_above_its_bound(make, seed):
    """Each interval is at 1 - 1e-6, and lies below the bound as a whole.

    Where the partner is not of the class it behaves like one of it as long as all keep to the schedule, which is
    all that the theorems ask for.
    """
    game, members, partner = make(seed)
    delta = assumption_3_5(members, partner, game)
    assert delta <= 0.05
    problem = sc.SocialLearningProblem(game, sc.Population(members), LONG)
    size = (3, 6, 15, 40)[seed % 4]
    measured = sc.sweep(
        problem,
        [PHASE],
        [size],
        ["mixture", "pure", "hyperbolic"],
        partner=partner,
        plays=64,
        datasets=16,
        confidence=1 - 1e-6,
        seed=seed,
        n_jobs=1,
    )
    value = max(sc.worst_pone(game, types)[1] for types in np.ndindex(game.n_types, game.n_types))
    told = (LONG, PHASE, EPSILON, delta, sc.HistoryTree(problem, PHASE).marginal_tv(size))
    corrected = bounds.corrected_theorem(*told, 1 - 1 / game.n_actions)
    limits = [corrected, corrected, bounds.hyperbolic_theorem(*told, value)]
    assert (measured.high.ravel() <= limits).all()
    assert max(limits) < 1


def test_banked_regret_breaks_the_printed_theorem_and_keeps_the_corrected_one():
    """Intervals at 1 - 1e-6. One record is enough: all play alike, and so nothing is lost by imitation."""
    game, horizon, phase, epsilon, delta = sc.games.coordination(2), 2000, 1000, 0.0485, 0.01
    members = [sc.strategies.BankedRegret(np.eye(2) / 2, epsilon)]
    assert members[0].certificate(game, horizon, epsilon) <= delta
    problem = sc.SocialLearningProblem(game, sc.Population(members), horizon)
    assert sc.compatibility(*members * 2, game, phase, epsilon).failure.max() == 0
    assert sc.HistoryTree(problem, phase).marginal_tv(1) == 0
    commits = ["mixture", "pure"]
    measured = sc.sweep(problem, [phase], [1], commits, plays=60, datasets=6, confidence=1 - 1e-6, n_jobs=1)
    told = (horizon, phase, epsilon, delta, 0)
    assert (measured.low > bounds.theorem_3_7(*told)).all()
    assert (measured.high <= bounds.corrected_theorem(*told, 0.5)).all()
    assert measured.regret == pytest.approx(0.28, abs=0.02)
