"""Populations against sums over their members, and the records of a social learning problem."""

from dataclasses import FrozenInstanceError, replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chisquare

import socialcoop as sc

RARE = 1e-6  # error probability of each statistical test, for any seed

MEMBERS = [
    sc.Hedge(2),
    sc.TitForTat(),
    sc.Convention("egalitarian"),
    sc.Convention(code=[[1, 1], [1, 0]], fallback=sc.RegretMatching()),
    sc.Fixed([[0.2, 0.8], [1, 0]]),
    sc.GrimTrigger(),
]


def assert_frequencies(observed, probabilities):
    """Check counts against probabilities by a chi-square test; what cannot happen did not."""
    observed, probabilities = np.ravel(observed), np.ravel(probabilities)
    assert not observed[probabilities < 1e-15].any()
    likely = probabilities * observed.sum() >= 5
    counts = np.append(observed[likely], observed[~likely].sum())
    shares = np.append(probabilities[likely], probabilities[~likely].sum()) * observed.sum()
    counts, shares = counts[shares > 1e-9], shares[shares > 1e-9]
    if len(counts) > 1:
        assert chisquare(counts, shares * counts.sum() / shares.sum()).pvalue > RARE


def mixture(first, second, game, types, horizon):
    """Return the sum over pairs of (weight, strategy) of their history distributions."""
    return sum(
        u * v * sc.history_distribution(one, two, game, types, horizon)
        for (u, one), (v, two) in product(first, second)
        if u * v
    )


@st.composite
def mixtures(draw):
    """Return a population, perhaps of populations, and its plain members with their overall weights."""
    chosen = draw(st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    weights = rng.dirichlet(np.ones(len(chosen))) * (rng.random(len(chosen)) < 0.8)
    weights = weights / weights.sum() if weights.sum() else np.full(len(chosen), 1 / len(chosen))
    inner = sc.Population(chosen, weights)
    if not draw(st.booleans()):
        return inner, list(zip(weights, chosen, strict=True))
    other = draw(st.sampled_from(MEMBERS))
    outer = sc.Population([inner, other, inner], [0.5, 0.2, 0.3])
    return outer, [*((0.8 * w, member) for w, member in zip(weights, chosen, strict=True)), (0.2, other)]


@given(mixtures(), mixtures(), st.integers(0, 100), st.sampled_from([0, 1, 3, 4]))
def test_a_population_is_the_mixture_of_its_members_on_both_sides(first, second, seed, horizon):
    game, types = sc.games.random_game(2, 2, seed, (None, 3)[seed % 2]), (seed % 2, seed // 2 % 2)
    found = sc.history_distribution(first[0], second[0], game, types, horizon)
    np.testing.assert_allclose(found, mixture(first[1], second[1], game, types, horizon), atol=1e-12)


def test_three_actions_and_a_mixture_of_scripts():
    game, scripts = sc.games.random_game(3, 1, 0), [sc.Scripted(s) for s in ([0, 1, 2], [0, 2, 2], [1, 1, 0])]
    population = sc.Population(scripts, [0.5, 0.3, 0.2])
    found = sc.history_distribution(population, sc.TitForTat(), game, (0, 0), 3)
    weighted = list(zip([0.5, 0.3, 0.2], scripts, strict=True))
    np.testing.assert_allclose(found, mixture(weighted, [(1, sc.TitForTat())], game, (0, 0), 3), atol=1e-12)


@pytest.mark.parametrize("types", [(0, 0), (0, 1), (1, 1)])
def test_sampled_play_agrees_with_the_mixture(types):
    game, horizon, weights = sc.games.random_game(2, 2, 8), 3, [0.1, 0.2, 0.3, 0.15, 0.25, 0.0]
    population = sc.Population(MEMBERS, weights)
    play = sc.play(population, population, game, types, horizon, 20_000, seed=1)
    joint = play.actions[:, 0].astype(int) * 2 + play.actions[:, 1]
    observed = np.bincount(np.ravel_multi_index(tuple(joint), (4,) * horizon), minlength=4**horizon)
    members = list(zip(weights, MEMBERS, strict=True))
    assert_frequencies(observed, mixture(members, members, game, types, horizon).ravel())


def test_an_episode_follows_one_member_throughout():
    population = sc.Population([sc.Fixed(0), sc.Fixed(1), sc.Fixed(2)], [0.5, 0.3, 0.2])
    play = sc.play(population, population, sc.games.coordination(3), (0, 0), 200, 500, seed=0)
    assert (play.actions == play.actions[0]).all()


def test_a_member_with_no_weight_is_never_drawn():
    population = sc.Population([sc.Fixed(1), sc.Hedge()], [0, 1])
    game = sc.games.random_game(2, 1, 3)
    alone = sc.history_distribution(sc.Hedge(), sc.TitForTat(), game, (0, 0), 4)
    np.testing.assert_allclose(sc.history_distribution(population, sc.TitForTat(), game, (0, 0), 4), alone, atol=1e-14)


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_a_population_of_one_is_its_member(member):
    game = sc.games.random_game(2, 2, 3)
    for population in (sc.Population([member]), sc.Population([sc.Population([member, member], [0.4, 0.6])])):
        for agent in (0, 1):
            order = slice(None, None, -1 if agent else 1)
            alone, found = (
                sc.history_distribution(*[each, sc.Hedge()][order], game, (0, 1), 4) for each in (member, population)
            )
            np.testing.assert_allclose(found, alone, atol=1e-14)
    plays = [sc.play(each, each, game, (0, 1), 20, 50, seed=4).actions for each in (member, sc.Population([member]))]
    np.testing.assert_array_equal(*plays)


def test_what_was_played_tells_who_plays():
    """Members 0, 0 1, and coin: after 0 and 1 the first is out, and the coin is half as likely as it was."""
    population = sc.Population([sc.Fixed(0), sc.Scripted([0, 1]), sc.Fixed([0.5, 0.5])], [0.5, 0.25, 0.25])
    seat = population.seat(sc.games.coordination(2), 0, np.zeros(1, dtype=int), 5)
    for own, chance in ((0, 0.875), (1, (0.5 + 0.125 / 2) / 0.875), (0, (0.25 + 0.25 / 8) / (0.25 + 0.25 / 4))):
        assert seat.policy()[0, 0] == pytest.approx(chance)
        seat.observe(np.array([own]), np.array([0]))


def test_an_action_that_no_member_plays_leaves_a_distribution():
    population = sc.Population([sc.Fixed(0), sc.Scripted([0, 1])], [0.25, 0.75])
    seat = population.seat(sc.games.coordination(3), 0, np.zeros(2, dtype=int), 5)
    seat.observe(np.array([2, 0]), np.array([0, 0]))
    np.testing.assert_allclose(seat.policy(), [[0.25, 0.25], [0.75, 0.75], [0, 0]])
    seat.observe(np.array([1, 1]), np.array([0, 0]))
    np.testing.assert_allclose(seat.policy(), [[1, 1], [0, 0], [0, 0]])


def test_a_long_episode_does_not_lose_its_members():
    """After 4000 stages the likelihood of every path is far below the smallest float."""
    population = sc.Population([sc.Fixed([0.5, 0.5]), sc.Fixed([0.51, 0.49])])
    play = sc.play(population, sc.Fixed(0), sc.games.coordination(2), (0, 0), 4000, 400, seed=0)
    share = (play.actions[:, 0] == 0).mean()
    assert abs(share - 0.505) < 0.01
    seat = population.seat(sc.games.coordination(2), 0, np.zeros(1, dtype=int), 10_000)
    for _ in range(10_000):
        seat.observe(np.array([0]), np.array([0]))
    np.testing.assert_allclose(seat.policy()[:, 0], [0.51, 0.49], atol=1e-9)


def test_the_certificate_is_the_weighted_sum_of_the_members():
    game, members = sc.games.stag_hunt(), [sc.Convention(), sc.RegretMatching(), sc.Fixed(0)]
    bounds = [member.certificate(game, 200, 0.3) for member in members]
    population = sc.Population(members, [0.5, 0.25, 0.25])
    assert population.certificate(game, 200, 0.3) == pytest.approx(np.dot([0.5, 0.25, 0.25], bounds))
    assert sc.Population([sc.Fixed(0)]).certificate(game, 200, 0.3) == 1


@pytest.mark.parametrize("agent", [0, 1])
def test_no_partner_does_worse_to_a_population_than_to_its_members_each_on_its_own(agent):
    game = sc.games.random_game(2, 1, 5)
    members, weights = [sc.Hedge(), sc.Convention(), sc.Fixed(0)], np.array([0.2, 0.5, 0.3])
    for epsilon in (0.1, 0.3):
        failures = [sc.consistency(member, game, 4, epsilon, agent=agent).failure for member in members]
        found = sc.consistency(sc.Population(members, weights), game, 4, epsilon, agent=agent).failure
        assert found <= weights @ failures + 1e-9
        assert found >= max(weights * failures) - 1e-9


def test_members_and_weights_are_kept():
    members = (sc.Hedge(), sc.Fixed(0))
    population = sc.Population(members)
    assert tuple(population.members) == members
    assert population.weights.tolist() == [0.5, 0.5]
    weights = np.array([0.25, 0.75])
    population = sc.Population(members, weights)
    weights[:] = 0
    assert population.weights.tolist() == [0.25, 0.75]


# --- the social learning problem

GAME = sc.games.team_lead()
CLASS = sc.Population([sc.Convention(), sc.Convention("egalitarian", fallback=sc.RegretMatching())], [0.3, 0.7])


def problem(population=CLASS, type_distribution=((0.1, 0.2), (0.3, 0.4)), horizon=6, game=GAME):
    return sc.SocialLearningProblem(game, population, horizon, types=type_distribution)


def test_a_dataset_is_a_play_of_the_population_with_itself():
    data = problem().sample(40, seed=0)
    assert isinstance(data, sc.Dataset)
    assert isinstance(data, sc.Play)
    assert data.game is GAME
    assert (data.episodes, data.horizon) == (40, 6)
    assert data.actions.shape == (6, 2, 40)
    assert data.types.shape == (40, 2)


def test_types_follow_their_distribution():
    types = problem().sample(5000, seed=0).types
    assert_frequencies(np.bincount(types[:, 0] * 2 + types[:, 1], minlength=4), [0.1, 0.2, 0.3, 0.4])


def test_types_without_a_distribution_are_all_alike():
    given_none = problem(type_distribution=None)
    assert given_none.types.tolist() == [[0.25, 0.25], [0.25, 0.25]]
    types = given_none.sample_types(5000, seed=1)
    assert_frequencies(np.bincount(types[:, 0] * 2 + types[:, 1], minlength=4), np.full(4, 0.25))


def test_types_that_cannot_be_are_not_sampled():
    types = problem(type_distribution=[[0, 1], [0, 0]]).sample(100, seed=0).types
    assert (types == [0, 1]).all()


def test_members_are_drawn_independently_for_both_sides_and_of_the_types():
    population = sc.Population([sc.Fixed(0), sc.Fixed(1)], [0.3, 0.7])
    data = problem(population, horizon=4).sample(20_000, seed=0)
    assert (data.actions == data.actions[0]).all()
    drawn = np.ravel_multi_index((*data.types.T, *data.actions[0]), (2,) * 4)
    shares = np.einsum("ij,a,b->ijab", [[0.1, 0.2], [0.3, 0.4]], [0.3, 0.7], [0.3, 0.7])
    assert_frequencies(np.bincount(drawn, minlength=16), shares)


def test_the_histories_of_a_dataset_follow_the_mixture_given_the_types():
    population = sc.Population([sc.Hedge(2), sc.Convention(), sc.TitForTat(1)], [0.5, 0.2, 0.3])
    data = problem(population, horizon=3).sample(20_000, seed=3)
    weighted = list(zip(population.weights, population.members, strict=True))
    for types in product((0, 1), repeat=2):
        chosen = (data.types == types).all(axis=1)
        joint = data.actions[:, 0, chosen].astype(int) * 2 + data.actions[:, 1, chosen]
        observed = np.bincount(np.ravel_multi_index(tuple(joint), (4,) * 3), minlength=64)
        assert_frequencies(observed, mixture(weighted, weighted, GAME, types, 3))


def test_the_same_seed_gives_the_same_data_and_another_seed_other_data():
    one, two, other = (problem().sample(50, seed=seed) for seed in (6, 6, 7))
    np.testing.assert_array_equal(one.actions, two.actions)
    np.testing.assert_array_equal(one.types, two.types)
    assert (one.types != other.types).any()


def test_a_generator_goes_on_where_it_was():
    rng = np.random.default_rng(0)
    one, two = (problem().sample(50, seed=rng) for _ in range(2))
    assert (one.types != two.types).any()


def test_no_episodes_and_no_stages_make_an_empty_dataset():
    empty = problem().sample(0, seed=0)
    assert empty.actions.shape == (6, 2, 0)
    assert empty.types.shape == (0, 2)
    silent = problem(horizon=0).sample(5, seed=0)
    assert silent.actions.shape == (0, 2, 5)


def test_a_socially_intelligent_class_leaves_records_without_altruistic_regret():
    """A convention announces in one stage, so that a partner loses 1 in total at most."""
    data = problem(horizon=30).sample(300, seed=0)
    assert sc.altruistic_regret(data, 0).max() <= 1 + 1e-9
    assert sc.altruistic_regret(data, 1).max() <= 1 + 1e-9


def test_a_game_of_many_types_is_sampled_in_full():
    game = sc.games.random_game(3, 4, 0)
    table = np.random.default_rng(0).dirichlet(np.ones(16)).reshape(4, 4)
    types = problem(type_distribution=table, game=game).sample_types(4000, seed=0)
    assert_frequencies(np.bincount(types[:, 0] * 4 + types[:, 1], minlength=16), table)


def test_rare_members_are_met_as_often_as_they_should():
    population = sc.Population([sc.Fixed(0), sc.Fixed(1)], [0.999, 0.001])
    data = problem(population, horizon=1).sample(20_000, seed=0)
    low, high = binom.ppf([RARE, 1 - RARE], 40_000, 0.001)
    assert low <= (data.actions == 1).sum() <= high


def test_the_repr_names_game_population_and_horizon():
    assert "team lead" in repr(problem())
    assert "horizon=6" in repr(problem())
    assert repr(eval(repr(CLASS), vars(sc))) == repr(CLASS)


def test_a_problem_can_be_varied():
    first = problem()
    longer = replace(first, horizon=9)
    assert (longer.game, longer.people, longer.horizon) == (first.game, first.people, 9)
    np.testing.assert_array_equal(longer.types, first.types)
    np.testing.assert_array_equal(replace(first, types=None).types, np.full((2, 2), 1 / 4))
    with pytest.raises(ValueError, match="types"):
        replace(first, types=[[1]])
    with pytest.raises(FrozenInstanceError):
        first.horizon = 9


def test_one_strategy_is_a_population_of_its_own():
    alone, several = (problem(people, horizon=8) for people in (sc.Hedge(), sc.Population([sc.Hedge()])))
    np.testing.assert_array_equal(alone.sample(200, seed=1).actions, several.sample(200, seed=1).actions)
