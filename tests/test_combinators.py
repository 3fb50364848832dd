"""Strategies surer of themselves, and strategies to which synonyms are one, against plain formulas."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imitation_oracles import RowCounts

import socialcoop as sc


def with_synonyms(seed):
    """Return a game with two or three acts, each in one to three wordings in any order, and the act of each action."""
    rng = np.random.default_rng(seed)
    acts, n_types = rng.integers(2, 4), rng.integers(1, 3)
    places = rng.permutation(np.repeat(np.arange(acts), rng.integers(1, 4, acts)))
    payoffs = rng.random((n_types, acts, acts))
    return sc.Game(payoffs[:, places][:, :, places]), places


@given(seed=st.integers(0, 2**32 - 1))
def test_actions_are_merged_if_no_payoff_of_any_type_and_side_tells_them_apart(seed):
    game, places = with_synonyms(seed)
    plain, kinds = sc.games.merged(game)
    assert plain.n_actions == len(set(places.tolist()))
    for a, b in product(range(game.n_actions), repeat=2):
        assert (kinds[a] == kinds[b]) == (places[a] == places[b])
        np.testing.assert_array_equal(plain.payoffs[:, kinds[a], kinds[b]], game.payoffs[:, a, b])
    assert [kinds.tolist().index(kind) for kind in range(plain.n_actions)] == sorted(
        places.tolist().index(place) for place in set(places.tolist())
    )


def test_what_only_the_partner_can_tell_apart_is_not_merged():
    game = sc.Game([[[0.5, 0.5], [0.5, 0.5]], [[0.1, 0.2], [0.1, 0.2]]])
    assert sc.games.merged(game)[0].n_actions == 2
    assert sc.games.merged(sc.Game([[[0.3, 0.3], [0.3, 0.3]]]))[0].n_actions == 1


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("seed", range(4))
def test_merged_it_plays_the_plain_game_and_spreads_each_act_over_its_wordings(agent, seed):
    game, _ = with_synonyms(seed)
    plain, kinds = sc.games.merged(game)
    rng, horizon, sizes = np.random.default_rng(seed), 2, np.bincount(kinds)
    pair, plain_pair = [sc.strategies.Merged(sc.Hedge(1)), sc.Fixed(rng.dirichlet(np.ones(game.n_actions)))], None
    shares = np.bincount(kinds, pair[1].mixed)
    plain_pair = [sc.Hedge(1), sc.Fixed(shares)]
    step = -1 if agent else 1
    found = sc.history_distribution(*pair[::step], game, (0, 0), horizon)
    expected = sc.history_distribution(*plain_pair[::step], plain, (0, 0), horizon)
    n, m = game.n_actions, plain.n_actions
    for path in product(range(n**2), repeat=horizon):
        acts = [tuple(kinds[list(divmod(joint, n))]) for joint in path]
        chance = expected[tuple(a * m + b for a, b in acts)]
        for joint, each in zip(path, acts, strict=True):
            chance /= sizes[each[agent]]
            chance *= pair[1].mixed[divmod(joint, n)[1 - agent]] / shares[each[1 - agent]]
        assert found[path] == pytest.approx(chance, abs=1e-12)


def test_who_learned_from_merged_records_does_not_mind_the_wording():
    """The convention in code has no wording that a table of acts could get wrong by more than its partner minds."""
    game = sc.games.project(wordings=2)
    habit = sc.Convention("favourite of 1")
    problem = sc.SocialLearningProblem(game, sc.strategies.Merged(habit), 30)
    records = problem.sample(40, seed=1)
    whole = sc.Imitator(records)
    acts = sc.strategies.Merged(sc.Imitator(sc.social.merge_synonyms(records)))
    who = problem.sample_types(200, seed=2)
    earned = [sc.play(ai, problem.people, game, who, 30, 200, seed=3).payoffs(1).mean() for ai in (acts, whole)]
    assert earned[0] > 0.9
    assert earned[0] > earned[1] + 0.2


def test_merging_changes_neither_regret_nor_certificate():
    game, strategy = sc.games.project(wordings=3), sc.strategies.Merged(sc.Hedge())
    plain = sc.games.merged(game)[0]
    assert strategy.certificate(game, 100, 0.2) == sc.Hedge().certificate(plain, 100, 0.2)
    assert strategy.certificate(game, 100, 0.2) < sc.Hedge().certificate(game, 100, 0.2)
    shown = sc.play(strategy, sc.Fixed(1), game, (0, 0), 50, 20, seed=1)
    merged = sc.social.merge_synonyms(shown)
    for agent in (0, 1):
        np.testing.assert_allclose(sc.external_regret(merged, agent), sc.external_regret(shown, agent), atol=1e-9)


@given(
    shares=st.lists(st.integers(0, 6), min_size=1, max_size=5).filter(any),
    temperature=st.sampled_from([0.0, 0.1, 0.5, 1.0, 3.0]),
)
def test_at_a_temperature_odds_are_powers_of_the_probabilities(shares, temperature):
    n = len(shares)
    mixed = np.array(shares) / sum(shares)
    ai = sc.strategies.Tempered(sc.Fixed(mixed), temperature)
    seat = ai.seat(sc.games.random_game(n, seed=1), 0, np.zeros(1, dtype=int), 3)
    if temperature:
        odds = [(share / max(shares)) ** (1 / temperature) for share in shares]
    else:
        odds = [float(share == max(shares)) for share in shares]
    np.testing.assert_allclose(seat.policy()[:, 0], np.array(odds) / sum(odds), atol=1e-12)


def test_an_imitator_is_cooled_from_outside_as_it_is_from_within():
    game = sc.games.coordination(3)
    model = sc.ModelImitator(
        sc.play(sc.Scripted([0, 0, 1]), sc.Hedge(), game, (0, 0), horizon=6, episodes=5), RowCounts()
    )
    for temperature in (0, 0.4, 2):
        both = model.cooled(temperature), sc.strategies.Tempered(model, temperature)
        first, second = (sc.history_distribution(ai, sc.Hedge(1), game, (0, 0), 3) for ai in both)
        np.testing.assert_allclose(first, second, atol=1e-14)
