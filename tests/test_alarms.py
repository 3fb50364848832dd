"""Who stops at a surprise, or when unsure, against a plain loop over the stages of every history."""

from itertools import product

import numpy as np
import pytest
from imitation_oracles import RowCounts
from oracles import worst_failure

import socialcoop as sc

Surprised = sc.commit.CommitWhenSurprised
Tabular = sc.strategies.Tabular


def random_tables(n_actions, n_types, stages, rng):
    """Return tables as `Tabular` takes them, of few different probabilities, 0 and 1 among them."""
    shape = [(n_types, n_actions ** (2 * t)) for t in range(stages)]
    levels = [rng.multinomial(4, np.full(n_actions, 1 / n_actions), size) / 4 for size in shape]
    return levels if rng.random() < 0.5 else [rng.dirichlet(np.ones(n_actions), size) for size in shape]


def plays_along(own, model, own_type, agent, threshold, phase, pairs):
    """Return the probability that it plays its part of a history, stage by stage; pairs are (AI's, partner's)."""
    chance, number, kept = 1.0, 0, None
    n = own[0].shape[2]
    for stage, pair in enumerate(pairs):
        mine, yours = pair[agent], pair[1 - agent]
        if kept is None:
            chance *= own[stage][own_type, number, mine]
            if model[stage][0, number, yours] < threshold or stage + 1 == phase:
                kept = mine
        elif mine != kept:
            return 0.0
        number = number * n**2 + pair[0] * n + pair[1]
    return chance


def as_a_function(own, model, agent, threshold, phase):
    """Return it for type 0 as a function of (table, horizon, history), as the oracles take it."""

    def policy(table, horizon, history):
        def chance(path):
            pairs = [pair if agent == 0 else pair[::-1] for pair in path]
            return plays_along(own, model, 0, agent, threshold, phase, pairs)

        before = chance(history)
        return [chance([*history, (a, 0)]) / before for a in range(own[0].shape[2])]

    return policy


SETTINGS = [(0.0, None), (0.02, None), (0.25, None), (0.3, 2), (0.6, None), (0.6, 1), (0.0, 2), (1.0, None), (1.0, 3)]


@pytest.mark.parametrize(("threshold", "phase"), SETTINGS)
@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("seed", range(3))
def test_every_history_is_as_likely_as_a_plain_loop_says(threshold, phase, agent, seed):
    rng, horizon = np.random.default_rng(seed), 3
    game = sc.games.random_game(2, 2, rng)
    own, model, other = (random_tables(2, 2, horizon, rng) for _ in range(3))
    ai = Surprised(Tabular(own), Tabular(model), threshold, phase)
    for types in np.ndindex(2, 2):
        pair = [ai, Tabular(other)][:: -1 if agent else 1]
        found = sc.history_distribution(*pair, game, types, horizon)
        chances = np.empty_like(found)
        for path in product(range(4), repeat=horizon):
            pairs, number = [divmod(joint, 2) for joint in path], 0
            chances[path] = plays_along(own, model, types[agent], agent, threshold, phase, pairs)
            for stage, joint in enumerate(path):
                chances[path] *= other[stage][types[1 - agent], number, pairs[stage][1 - agent]]
                number = number * 4 + joint
        np.testing.assert_allclose(found, chances, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("threshold", "phase"), SETTINGS)
@pytest.mark.parametrize("agent", [0, 1])
def test_many_episodes_at_once_are_a_plain_loop_each(threshold, phase, agent):
    rng, stages, episodes = np.random.default_rng(7), 5, 60
    game = sc.games.random_game(3, 2, rng)
    own, model = (random_tables(3, 2, stages, rng) for _ in range(2))
    types, steps = rng.integers(0, 2, episodes), rng.integers(0, 3, (stages, 2, episodes))
    seat = Surprised(Tabular(own), Tabular(model), threshold, phase).seat(game, agent, types, stages)
    ask = [plays_along(own, model, k, agent, threshold, phase, []) for k in types]
    assert ask == [1.0] * episodes
    for t in range(stages):
        policy = seat.policy()
        for k in range(episodes):
            kept, number = None, 0
            for stage in range(t):
                mine, yours = steps[stage, :, k]
                a, b = (mine, yours) if agent == 0 else (yours, mine)
                if kept is None and (model[stage][0, number, yours] < threshold or stage + 1 == phase):
                    kept = mine
                number = number * 9 + a * 3 + b
            expected = own[t][types[k], number] if kept is None else np.eye(3)[kept]
            np.testing.assert_array_equal(policy[:, k], expected)
        seat.observe(*steps[t])


@pytest.mark.parametrize("agent", [0, 1])
def test_its_worst_partner_is_found_although_histories_are_merged(agent):
    for seed, (threshold, phase) in product(range(2), [(0.3, None), (0.6, 3), (1.0, None)]):
        rng, horizon = np.random.default_rng(seed), 4
        game = sc.games.random_game(2, 1, rng, 4)
        own, model = (random_tables(2, 1, horizon, rng) for _ in range(2))

        policy = as_a_function(own, model, agent, threshold, phase)
        ai = Surprised(Tabular(own), Tabular(model), threshold, phase)
        for epsilon in (0.0, 0.2):
            found = sc.consistency(ai, game, horizon, epsilon, agent=agent, method="exact")
            assert found.failure == pytest.approx(worst_failure(policy, game.payoffs[0], horizon, epsilon), abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_a_selection_of_the_episodes_goes_on_as_they_would(seed):
    rng = np.random.default_rng(seed)
    game = sc.games.random_game(2, 2, rng)
    ai = Surprised(sc.Hedge(2), Tabular(random_tables(2, 2, 6, rng)), 0.4, 5)
    types, steps, chosen = rng.integers(0, 2, 8), rng.integers(0, 2, (6, 2, 8)), np.array([7, 1, 1, 4])
    for cut in range(7):
        seat = ai.seat(game, 1, types, 6)
        for own, other in steps[:cut]:
            seat.observe(own, other)
        taken, twin = seat.take(chosen), seat.take(np.arange(8))
        state = twin.state().copy()
        for own, other in steps[cut:]:
            np.testing.assert_array_equal(taken.policy(), seat.policy()[:, chosen])
            taken.observe(own[chosen], other[chosen])
            seat.observe(own, other)
            np.testing.assert_array_equal(taken.state(), seat.state()[:, chosen])
        np.testing.assert_array_equal(twin.state(), state)


def test_who_has_stopped_remembers_its_action_alone():
    """All histories after which it repeats the same are merged, however it came to stop."""
    game = sc.games.coordination(2)
    seat = Surprised(sc.Hedge(), sc.Fixed([0.9, 0.1]), 0.5).seat(game, 0, np.zeros(4, int), 9)
    for own, other in (([0, 0, 1, 1], [0, 1, 0, 1]), ([1, 0, 1, 0], [1, 0, 1, 0]), ([0, 0, 1, 1], [0, 0, 1, 0])):
        seat.observe(np.array(own), np.array(other))
    np.testing.assert_array_equal(seat.policy(), np.eye(2)[:, [1, 0, 1, 1]])
    assert len({tuple(column) for column in seat.state().T.tolist()}) == 2


# --- the ends of the threshold, and the limit


def game_of_words(n=4):
    return sc.games.coordination(n)


def test_at_threshold_0_nothing_is_a_surprise():
    """Not even what the model holds to be impossible."""
    followed, game = sc.RegretMatching(), game_of_words(3)
    ai = Surprised(followed, sc.Fixed(0), 0)
    one, two = (sc.play(each, sc.Fixed([0.2, 0.4, 0.4]), game, (0, 0), 30, 40, seed=3) for each in (ai, followed))
    np.testing.assert_array_equal(one.actions, two.actions)


def test_at_threshold_1_all_is_a_surprise_of_which_the_model_is_not_sure():
    game, rota = game_of_words(), sc.Scripted([0, 1, 2, 3])
    doubts = Surprised(rota, sc.Fixed([1 - 1e-9, 1e-9, 0, 0]), 1)
    assert sc.play(doubts, sc.Fixed(0), game, (0, 0), 4).actions[:, 0, 0].tolist() == [0] * 4
    sure = Surprised(rota, sc.Fixed(0), 1)
    assert sc.play(sure, sc.Fixed(0), game, (0, 0), 4).actions[:, 0, 0].tolist() == [0, 1, 2, 3]
    assert sc.play(sure, sc.Scripted([0, 0, 1, 0]), game, (0, 0), 4).actions[:, 0, 0].tolist() == [0, 1, 2, 2]


def test_ten_that_agree_are_as_sure_as_one():
    """Ten tenths add up to a little less than 1, which is no doubt."""
    game, rota = game_of_words(), sc.Scripted([0, 1, 2, 3])
    crowd = sc.Population([sc.Fixed(0)] * 10)
    assert crowd.seat(game, 1, np.zeros(1, int), 4).policy()[0, 0] < 1
    ai = Surprised(rota, crowd, 1)
    assert sc.play(ai, sc.Fixed(0), game, (0, 0), 4).actions[:, 0, 0].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("phase", [1, 2, 5, 30])
@pytest.mark.parametrize("agent", [0, 1])
def test_without_surprises_the_limit_is_the_last_act(phase, agent):
    game, types = sc.games.random_game(3, 2, 1), np.random.default_rng(0).integers(0, 2, (40, 2))
    limited, last = Surprised(sc.Hedge(1), sc.Fixed(0), 0, phase), sc.ThenCommit(sc.Hedge(1), phase, "last")
    one, two = (
        sc.play(*[ai, sc.RegretMatching()][:: -1 if agent else 1], game, types, 12, 40, seed=phase)
        for ai in (limited, last)
    )
    np.testing.assert_array_equal(one.actions, two.actions)


def test_it_looks_at_the_partner_and_not_at_itself():
    """A model that expects what it does itself is surprised by the partner, on either side."""
    game, mirror = game_of_words(2), sc.strategies.ByAgent(sc.Fixed(0), sc.Fixed(1))
    rota = sc.Scripted([0, 1, 0, 1])
    for agent, partners_word in ((0, 1), (1, 0)):  # the mirror sits on the other side
        for word in (0, 1):
            pair = [Surprised(rota, mirror), sc.Fixed(word)][:: -1 if agent else 1]
            own = sc.play(*pair, game, (0, 0), 4).actions[:, agent, 0].tolist()
            assert own == ([0, 1, 0, 1] if word == partners_word else [0] * 4)


# --- what it may not see


@pytest.mark.parametrize("agent", [0, 1])
def test_the_partners_type_is_hidden_and_the_own_type_is_not_shown_to_the_model(agent):
    """The model is always asked as type 0, whoever sits there, and whatever the own type is."""
    asked = []

    class Asked(sc.Strategy):
        def seat(self, game, agent, types, horizon):
            asked.append((agent, types.tolist()))
            return sc.Fixed([[1.0, 0.0], [0.0, 1.0]]).seat(game, agent, types, horizon)

    game, rota = sc.games.team_lead(), sc.Scripted([[0, 1, 0, 1], [1, 0, 1, 0]])
    types = np.array(list(np.ndindex(2, 2)))
    pair = [Surprised(rota, Asked()), sc.Scripted([0, 0, 1, 0])][:: -1 if agent else 1]
    own = sc.play(*pair, game, types, 4, 4).actions[:, agent]
    assert asked == [(1 - agent, [0, 0, 0, 0])]
    for k, pair in enumerate(types):
        assert own[:, k].tolist() == ([0, 1, 0, 0] if pair[agent] == 0 else [1, 0, 1, 1])


def test_partners_of_two_types_that_do_the_same_meet_the_same():
    """Trained on records without types, as an assistant would be."""
    problem = sc.SocialLearningProblem(sc.games.team_lead(), sc.Convention(), 12)
    records = problem.sample(40, seed=1)
    model = sc.ModelImitator(sc.social.hide_types(records), RowCounts(), 2, 2)
    ai = Surprised(sc.Imitator(records), model, 0.3)
    steps, seats = np.random.default_rng(0).integers(0, 2, (12, 2, 30)), []
    for partners_type in (0, 1):
        met = problem.people.seat(problem.game, 1, np.full(30, partners_type), 12)
        seats.append((ai.seat(problem.game, 0, np.zeros(30, int), 12), met))
    for own, other in steps:
        policies = [seat.policy() for seat, _ in seats]
        np.testing.assert_array_equal(*policies)
        for seat, met in seats:
            seat.observe(own, other)
            met.observe(other, own)


# --- and what it does not promise


def test_a_rare_greeting_keeps_no_guarantee_although_members_are_compatible_and_consistent():
    """Members greet in one of eight ways and then work; the model of them is perfect, and each greeting is rare."""
    greetings, phase, horizon, epsilon, delta = 8, 50, 4000, 0.08, 0.01
    table = np.full((greetings + 1, greetings + 1), 0.1)
    table[0, 0] = 1.0
    game = sc.Game(table)
    hello = [sc.Scripted([k] + [0] * (phase - 1), fallback=sc.Hedge()) for k in range(1, greetings + 1)]
    people = sc.Population(hello)
    assert sc.compatibility(people, people, game, phase, epsilon).is_compatible(0)
    assert sc.consistency(people, game, horizon, epsilon, method="certificate").is_consistent(delta)
    earned = {}
    for name, ai in {
        "surprised": Surprised(people, people, threshold=0.2),
        "unsurprised": Surprised(people, people, threshold=0.1, phase=phase),
        "mixture": sc.ThenCommit(people, phase),
    }.items():
        earned[name] = sc.play(ai, people, game, (0, 0), horizon, 3, seed=0).payoffs(1).mean()
    promise = 1 - sc.bounds.corrected_theorem(horizon, phase, epsilon, delta, tv=0, gap=1)
    assert promise > 0.79
    assert earned["mixture"] > promise
    assert earned["unsurprised"] > promise
    assert earned["surprised"] < 0.11


# --- who stops when a model of what to do is unsure


def plays_until_unsure(own, model, kinds, own_type, agent, threshold, start, pairs):
    """Return the probability that it plays its part of a history; ``kinds`` has the act of each action."""
    chance, number, kept, before, n = 1.0, 0, None, None, own[0].shape[2]
    for stage, pair in enumerate(pairs):
        sure = max(sum(model[stage][own_type, number, a] for a in range(n) if kinds[a] == kind) for kind in kinds)
        if kept is None and stage >= start and sure < threshold:
            kept = before
        mine = pair[agent]
        if kept is None:
            chance *= own[stage][own_type, number, mine]
        elif mine != kept:
            return 0.0
        before, number = mine, number * n**2 + pair[0] * n + pair[1]
    return chance


@pytest.mark.parametrize(
    ("threshold", "start"), [(0.0, 1), (0.6, 1), (0.6, 2), (0.76, 1), (1.0, 1), (1.0, 2), (1.0, 9)]
)
@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("synonyms", [False, True])
def test_every_history_is_as_likely_as_a_plain_loop_with_a_model_of_itself_says(threshold, start, agent, synonyms):
    rng, horizon = np.random.default_rng(start), 3
    payoffs = rng.random((2, 2, 2))
    places = [0, 1, 1] if synonyms else [0, 1, 2]
    payoffs = payoffs[:, places][:, :, places] if synonyms else rng.random((2, 3, 3))
    game = sc.Game(payoffs)
    own, model, other = (random_tables(3, 2, horizon, rng) for _ in range(3))
    ai = sc.commit.CommitWhenUnsure(Tabular(own), Tabular(model), threshold, start)
    for types in np.ndindex(2, 2):
        pair = [ai, Tabular(other)][:: -1 if agent else 1]
        found = sc.history_distribution(*pair, game, types, horizon)
        chances = np.empty_like(found)
        for path in product(range(9), repeat=horizon):
            pairs, number = [divmod(joint, 3) for joint in path], 0
            chances[path] = plays_until_unsure(own, model, places, types[agent], agent, threshold, start, pairs)
            for stage, joint in enumerate(path):
                chances[path] *= other[stage][types[1 - agent], number, pairs[stage][1 - agent]]
                number = number * 9 + joint
        np.testing.assert_allclose(found, chances, rtol=0, atol=1e-12)


def test_a_model_that_is_sure_of_nothing_stops_it_at_once_and_one_that_is_sure_never_does():
    game = sc.games.coordination(3)
    rota = sc.Scripted([0, 1, 2])
    for model, expected in ((sc.Fixed([0.4, 0.3, 0.3]), [0, 1, 1, 1, 1, 1]), (rota, [0, 1, 2, 0, 1, 2])):
        ai = sc.commit.CommitWhenUnsure(rota, model, 0.9, start=2)
        assert sc.play(ai, sc.Fixed(0), game, (0, 0), 6).actions[:, 0, 0].tolist() == expected
