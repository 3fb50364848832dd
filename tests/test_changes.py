"""Partners and records that are not as they were: trembling hands, careless records, and how much a change shows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import socialcoop as sc


def tables(game, stages, rng):
    n = game.n_actions
    return [rng.dirichlet(np.full(n, 0.5), (game.n_types, n ** (2 * t))) for t in range(stages)]


# --- trembling


@given(seed=st.integers(0, 2**32 - 1), rate=st.floats(0, 1), agent=st.integers(0, 1))
def test_a_trembling_strategy_mixes_what_it_means_with_anything(seed, rate, agent):
    """Its tables are the mixtures of the tables, after every history, its own slips included."""
    rng = np.random.default_rng(seed)
    game = sc.games.random_game(2 + seed % 2, 2, rng)
    meant = tables(game, 3, rng)
    found = sc.imitation.behaviour_tables(sc.strategies.Trembling(sc.strategies.Tabular(meant), rate), game, agent, 3)
    for each, table in zip(found, meant, strict=True):
        np.testing.assert_allclose(each, (1 - rate) * table + rate / game.n_actions)


def test_a_hand_that_does_not_tremble_changes_nothing_and_one_that_only_trembles_hides_everything():
    game = sc.games.conversation(4)
    for meant in (sc.Hedge(), sc.Codebook(2, sc.Hedge())):
        plain = sc.imitation.behaviour_tables(meant, game, 1, 3, 9)
        steady = sc.imitation.behaviour_tables(sc.strategies.Trembling(meant, 0), game, 1, 3, 9)
        shaking = sc.imitation.behaviour_tables(sc.strategies.Trembling(meant, 1), game, 1, 3, 9)
        for one, two, three in zip(plain, steady, shaking, strict=True):
            np.testing.assert_array_equal(one, two)
            np.testing.assert_allclose(three, 1 / 4)


def test_a_slip_is_a_departure_that_both_sides_see():
    game, member = sc.games.conversation(4), sc.Codebook(2)
    met = sc.play(member, sc.strategies.Trembling(member, 0.2), game, (0, 0), 60, 50, seed=1)
    slipped = (met.actions[:, 1] >= 2).argmax(axis=0)  # the first action that is no challenge
    assert (slipped > 0).any()
    for episode, stage in enumerate(slipped):
        assert (met.actions[stage + 1 :, 0, episode] == 3).all()  # grim: the AI's side walks away


def test_a_trembling_strategy_has_no_certificate():
    assert sc.strategies.Trembling(sc.Hedge(), 0).certificate(sc.games.chicken(), 10_000, 0.5) == 1


# --- misread records

RECORDS = sc.SocialLearningProblem(sc.games.team_lead(), sc.Population([sc.Convention()]), 30).sample(400, seed=1)


def test_records_that_are_read_well_are_kept():
    kept = sc.social.misread(RECORDS, seed=1)
    assert isinstance(kept, sc.Dataset)
    np.testing.assert_array_equal(kept.actions, RECORDS.actions)
    np.testing.assert_array_equal(kept.types, RECORDS.types)
    assert kept.game is RECORDS.game


@pytest.mark.parametrize("rate", [0.1, 0.6, 1.0])
def test_entries_are_replaced_at_the_rate_by_anything(rate):
    """Half of what is drawn from two actions is right; the tolerance is more than five standard deviations."""
    before = RECORDS.actions.copy()
    blurred = sc.social.misread(RECORDS, actions=rate, seed=2)
    for side in (0, 1):
        changed = (blurred.actions[:, side] != RECORDS.actions[:, side]).mean()
        assert changed == pytest.approx(rate / 2, abs=0.025)
    np.testing.assert_array_equal(blurred.types, RECORDS.types)
    np.testing.assert_array_equal(RECORDS.actions, before)
    assert (sc.social.misread(RECORDS, actions=rate, seed=2).actions == blurred.actions).all()


def test_types_are_misread_apart_from_actions():
    blurred = sc.social.misread(RECORDS, types=0.5, seed=3)
    np.testing.assert_array_equal(blurred.actions, RECORDS.actions)
    for side in (0, 1):
        assert (blurred.types[:, side] != RECORDS.types[:, side]).mean() == pytest.approx(0.25, abs=0.11)


def test_a_sweep_trains_on_what_was_misread_and_meets_the_types_it_is_told():
    plain, _ = sc.strategies.announcing_classes()
    tea, coffee = np.zeros((3, 3)), np.zeros((3, 3))
    tea[0, 1] = coffee[0, 2] = 1
    only = sc.SocialLearningProblem(sc.games.hidden_taste(0.02), sc.Population([plain]), 40, types=tea)

    def loss(**told):
        size = {"plays": 40, "datasets": 4, "n_jobs": 1}
        return sc.sweep(only, [4], [10], ["careful"], **size, **told).regret.item()

    def swapped(dataset, rng):
        return sc.Dataset(1 - dataset.actions, dataset.types, dataset.game)

    assert loss() == loss(met_types=tea) == loss(spoil=lambda dataset, rng: dataset) == pytest.approx(0)
    assert loss(met_types=coffee) > 0.9  # it serves tea for ever
    assert loss(spoil=swapped) > 0.9  # it has learned to serve coffee


# --- how much a change of partners shows


def by_hand(problem, partner, phase):
    """Return the distance from all histories, one joint type at a time."""
    both = 0.0
    for types in np.argwhere(problem.types).tolist():
        weight = problem.types[tuple(types)]
        old, new = (
            sc.history_distribution(problem.people, other, problem.game, types, phase)
            for other in (problem.people, partner)
        )
        both += weight * np.abs(old - new).sum() / 2
    return both


@given(seed=st.integers(0, 2**32 - 1), phase=st.integers(1, 3))
def test_the_distance_is_that_of_all_histories(seed, phase):
    rng = np.random.default_rng(seed)
    game = sc.games.random_game(2, 2, rng)
    member, partner = (sc.strategies.Tabular(tables(game, phase, rng)) for _ in range(2))
    weights = rng.dirichlet(np.ones(4)).reshape(2, 2) * rng.integers(0, 2, (2, 2))
    weights = weights / weights.sum() if weights.sum() else np.eye(2) / 2
    problem = sc.SocialLearningProblem(game, sc.Population([member, sc.Fixed(0)], [0.7, 0.3]), phase, types=weights)
    assert sc.imitation.meeting_tv(problem, partner, phase) == pytest.approx(
        by_hand(problem, partner, phase), abs=1e-12
    )


def test_members_are_not_told_from_members_and_strangers_who_never_do_the_same_always_are():
    game = sc.games.coordination(3)
    problem = sc.SocialLearningProblem(game, sc.Population([sc.Hedge(), sc.Fixed(1)]), 4)
    assert sc.imitation.meeting_tv(problem, problem.people, 3) == 0
    alone = sc.SocialLearningProblem(game, sc.Population([sc.Fixed(1)]), 4)
    assert sc.imitation.meeting_tv(alone, sc.Fixed(0), 1) == 1


def test_the_distance_knows_both_types():
    """Who announces in the opposite way does the same things, for other reasons."""
    guests = np.zeros((3, 3))
    guests[0, 1:] = 0.5
    plain, opposite = sc.strategies.announcing_classes()
    problem = sc.SocialLearningProblem(sc.games.hidden_taste(), sc.Population([plain]), 5, types=guests)
    assert sc.imitation.meeting_tv(problem, opposite, 1) == 1
    assert sc.imitation.meeting_tv(problem, sc.Population([plain, opposite], [0.7, 0.3]), 5) == pytest.approx(0.3)


def test_more_paths_than_memory_holds_are_refused():
    problem = sc.SocialLearningProblem(sc.games.coordination(4), sc.Population([sc.Hedge()]), 30)
    with pytest.raises(ValueError, match="phase must keep reachable paths"):
        sc.imitation.meeting_tv(problem, sc.Fixed(0), 30)


def test_the_bound_with_no_change_is_the_corrected_one():
    rng = np.random.default_rng(0)
    for _ in range(50):
        horizon, (delta, tv, change) = int(rng.integers(2, 500)), rng.random(3)
        phase, epsilon, gap = int(rng.integers(1, horizon)), rng.random(), rng.uniform(-1, 1)
        pair = (delta, epsilon)
        old = sc.bounds.corrected_theorem(horizon, phase, epsilon, delta, tv, gap)
        new = sc.bounds.changed_theorem(horizon, phase, tv, gap, pair, pair, change)
        assert new - change == pytest.approx(old)
        assert new.terms == pytest.approx(old.terms | {"change": change})
