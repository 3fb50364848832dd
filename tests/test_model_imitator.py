"""The trained imitator, against rows written out history by history, and with scikit-learn where it is there."""

import copy
import pickle
from math import log

import imitation_oracles as oracles
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_imitator import alike, gappy, random_play

import socialcoop as sc
from socialcoop.commit.then import COMMITS

Model = sc.imitation.ModelImitator


class Spy(oracles.RowCounts):
    """Keeps the rows that it was fitted to, and those that it was asked about."""

    def fit(self, x, y):
        super().fit(x, y)
        self.fitted, self.labels, self.asked = x.toarray(), list(y), []

    def predict_proba(self, x):
        self.asked.append(x.toarray())
        return super().predict_proba(x)


class Says(oracles.Shares):
    """Answers the same probabilities after every history; its classes may be given."""

    def __init__(self, answer, classes=None):
        self.answer, self.classes = answer, classes

    def fit(self, x, y):
        super().fit(x, y)
        self.classes_ = self.classes_ if self.classes is None else self.classes

    def predict_proba(self, x):
        return np.tile(self.answer, (x.shape[0], 1))


class Idle:
    """May be neither fitted nor asked."""

    def fit(self, x, y):
        raise AssertionError

    predict_proba = fit


def row(game, own_type, history, opening, context, apart=False):
    """Return the row of one history, number by number, as the docstring says."""
    n, found = game.n_actions, []
    slots = [history[s] if s < len(history) else None for s in range(opening)]
    slots += [history[-s] if s <= len(history) else None for s in range(1, context + 1)]
    for exchange in slots:
        if apart:
            found += [exchange is not None and exchange[0] == a for a in range(n)]
            found += [exchange is not None and exchange[1] == b for b in range(n)]
        else:
            found += [exchange == (a, b) for a in range(n) for b in range(n)]
    found += [own_type == k for k in range(game.n_types)]
    return [float(each) for each in found] + [log(1 + len(history))]


def lessons(records, agent):
    """Return (own type, history, move) for every move that counts, stage after stage."""
    found = []
    for t in range(max((len(history) for _, history in records), default=0)):
        for types, history in records:
            if history[t][agent] is not None and not any(None in before for before in history[:t]):
                found.append((types[agent], history[:t], history[t][agent]))
    return found


def seen(play, opening, context):
    """Return how many of the first and of the last exchanges a record can show before a move."""
    return min(opening, play.horizon - 1), min(context, play.horizon - 1)


def by_rows(play, agent, opening, context, apart=False):
    """Return the policy (own type, history) → probabilities of one who counts what followed the same row."""
    sizes, after, everything = seen(play, opening, context), {}, []
    for own_type, history, move in lessons(oracles.records(play), agent):
        after.setdefault(tuple(row(play.game, own_type, history, *sizes, apart)), []).append(move)
        everything.append(move)

    def policy(own_type, history):
        moves = after.get(tuple(row(play.game, own_type, history, *sizes, apart)), everything)
        return [moves.count(action) / len(moves) for action in range(play.game.n_actions)]

    return policy


def some(play, episodes):
    """Return the first episodes of a play."""
    return sc.Play(play.actions[:, :, :episodes], play.types[:episodes], play.game)


def always(ai, game, agent=0):
    """Return what an imitator does first, for the first type."""
    return ai.seat(game, agent, np.zeros(1, int), 3).policy()[:, 0]


@st.composite
def cases(draw):
    """Return records with at least one move of each side, and a play to judge by, which may go on for longer."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_types, n_actions = draw(st.integers(1, 3)), draw(st.integers(2, 3))
    whole = random_play(rng, n_types, n_actions, draw(st.integers(1, 6)), draw(st.sampled_from([1, 2, 7, 40])))
    if draw(st.booleans()):  # the last action is never played, the last type never met
        actions = np.minimum(whole.actions, n_actions - 2)
        whole = sc.Play(actions, np.minimum(whole.types, max(n_types - 2, 0)), whole.game)
    records = gappy(rng, whole) if draw(st.booleans()) else whole
    if not all(lessons(oracles.records(records), agent) for agent in (0, 1)):
        records = whole
    return records, alike(rng, whole, draw(st.integers(0, 9)))


SIZES = st.sampled_from([(0, 0), (1, 0), (0, 1), (2, 1), (1, 3), (4, 4), (10**12, 10**12)])


@given(cases(), st.sampled_from([0, 1]), SIZES, st.booleans())
def test_the_rows_are_those_of_the_docstring(case, agent, sizes, apart):
    records, play = case
    opening, context = sizes
    game, wanted = records.game, lessons(oracles.records(records), agent)
    strategy = Model(records, Spy(), context, opening, apart=apart)
    seat = strategy.seat(game, agent, play.types[:, agent], play.horizon)
    spy = strategy._models[agent].estimator
    if spy is None:
        assert len({move for *_, move in wanted}) == 1
        return
    assert spy.labels == [move for *_, move in wanted]
    expected = [row(game, own_type, history, *seen(records, *sizes), apart) for own_type, history, _ in wanted]
    np.testing.assert_allclose(spy.fitted, expected, rtol=1e-15)
    for t in range(play.horizon + 1):
        spy.asked.clear()
        seat.policy()
        rows = {
            tuple(row(game, types[agent], history[:t], *seen(records, *sizes), apart))
            for types, history in oracles.records(play)
        }
        assert len(spy.asked) == 1  # once for each stage
        np.testing.assert_allclose(
            sorted(map(tuple, spy.asked[0])), sorted(rows), rtol=1e-15
        )  # and about each row once
        if t < play.horizon:
            seat.observe(*play.actions[t, [agent, 1 - agent]].astype(np.intp))


@given(cases(), st.sampled_from([0, 1]), SIZES, st.booleans())
def test_it_plays_what_the_model_says_of_each_history(case, agent, sizes, apart):
    records, play = case
    opening, context = sizes
    policy = by_rows(records, agent, opening, context, apart)
    strategy = Model(records, oracles.RowCounts(), context, opening, apart=apart)
    told = oracles.records(play)
    for _ in range(2):  # a second seat has the same model
        seat = strategy.seat(play.game, agent, play.types[:, agent], play.horizon)
        for t in range(play.horizon + 1):
            expected = np.transpose([policy(types[agent], history[:t]) for types, history in told])
            np.testing.assert_allclose(seat.policy(), expected, rtol=1e-14, atol=0)
            if t < play.horizon:
                seat.observe(*play.actions[t, [agent, 1 - agent]].astype(np.intp))


def test_many_actions_and_a_long_window_are_told_apart():
    """With 64 actions there are more windows of eight exchanges than integers of 64 bits."""
    game = sc.games.random_game(64, 2, 0)
    strategy = Model(random_play(np.random.default_rng(2), 2, 64, 6, 3), Spy())
    seat = strategy.seat(game, 0, np.zeros(80, int), 6)
    played = random_play(np.random.default_rng(3), 2, 64, 9, 40)
    for first, second in played.actions.astype(np.intp):
        seat.observe(np.tile(first, 2), np.tile(second, 2))
    seat.policy()
    (asked,) = strategy._models[0].estimator.asked
    expected = [row(game, 0, history, 4, 4) for _, history in oracles.records(played)]
    np.testing.assert_allclose(sorted(asked.tolist()), sorted(expected), rtol=1e-15)


def test_types_are_told_apart_before_a_window_of_any_length():
    """With three actions an exchange is a digit in base 10, and 10^64 is 0 to integers of 64 bits."""
    records = random_play(np.random.default_rng(2), 2, 3, 80, 4)
    strategy = Model(records, Spy(), context=70, opening=0)
    seat = strategy.seat(records.game, 0, np.array([0, 1, 1, 0]), 80)
    for first, second in records.actions[:75].astype(np.intp):
        seat.observe(first[[0, 0, 0, 0]], second[[0, 0, 0, 0]])
    seat.policy()
    (asked,) = strategy._models[0].estimator.asked
    assert len(asked) == 2


@pytest.mark.parametrize("temperature", [0.01, 0.3, 0.5, 1, 2, 50])
def test_a_temperature_is_a_power(temperature):
    records, shares = random_play(np.random.default_rng(0), 1, 3, 2, 50), [0.2, 0.5, 0.3]
    powers = [share ** (1 / temperature) for share in shares]
    found = always(Model(records, Says(shares), temperature=temperature), records.game)
    np.testing.assert_allclose(found, [power / sum(powers) for power in powers], rtol=1e-9)


@pytest.mark.parametrize("temperature", [1, 1.0])
def test_at_temperature_one_it_plays_the_model(temperature):
    records = random_play(np.random.default_rng(0), 1, 3, 2, 50)
    assert always(Model(records, Says([0.25, 0.75, 0]), temperature=temperature), records.game).tolist() == [
        0.25,
        0.75,
        0,
    ]


@pytest.mark.parametrize("temperature", [5e-324, 1e-300, 1e-3])
@pytest.mark.filterwarnings("error")
def test_near_temperature_zero_it_plays_the_likeliest(temperature):
    records = random_play(np.random.default_rng(0), 1, 3, 2, 50)
    with np.errstate(all="raise"):
        found = [always(Model(records, Says([0.4, 0.6, 0]), temperature=t), records.game) for t in (temperature, 0)]
    np.testing.assert_allclose(found, [[0, 1, 0]] * 2, atol=1e-100)


def test_at_a_huge_temperature_it_plays_all_that_is_possible():
    records = random_play(np.random.default_rng(0), 1, 3, 2, 50)
    found = always(Model(records, Says([0.01, 0.99, 0]), temperature=1e308), records.game)
    np.testing.assert_allclose(found, [0.5, 0.5, 0], atol=1e-12)


@pytest.mark.parametrize(
    ("shares", "played"),
    [
        ([0.4, 0.4, 0.2], [0.5, 0.5, 0]),
        ([1 / 3, 1 / 3, 1 / 3], [1 / 3] * 3),
        ([0.4 - 1e-12, 0.2, 0.4 + 1e-12], [0.5, 0, 0.5]),
        ([0.1 + 0.2, 0.3, 0.4 - 1e-17], [0, 0, 1]),
        ([0.4 - 1e-6, 0.2, 0.4 + 1e-6], [0, 0, 1]),
    ],
)
def test_the_coldest_shares_ties_and_only_ties(shares, played):
    records = random_play(np.random.default_rng(0), 1, 3, 2, 50)
    np.testing.assert_allclose(always(Model(records, Says(shares), temperature=0), records.game), played)


@pytest.mark.parametrize("temperature", [0, 0.5, 1, 1e6])
def test_an_action_that_no_record_shows_is_never_played(temperature):
    game = sc.games.random_game(4, 1, 0)
    records = sc.play(sc.Fixed([0, 0.3, 0, 0.7]), sc.Fixed([0.5, 0, 0.5, 0]), game, (0, 0), 5, 40, seed=0)
    for agent, possible in ((0, [1, 3]), (1, [0, 2])):
        seat = Model(records, oracles.Shares(), temperature=temperature).seat(game, agent, np.zeros(2, int), 9)
        impossible = [action for action in range(4) if action not in possible]
        for exchange in ((0, 1), (1, 3)):
            assert (seat.policy()[impossible] == 0).all()
            seat.observe(np.full(2, exchange[0]), np.full(2, exchange[1]))


def test_the_columns_of_the_answer_are_those_of_the_classes():
    records = random_play(np.random.default_rng(0), 1, 3, 2, 50)
    assert always(Model(records, Says([0.2, 0.8], np.array([2, 0]))), records.game).tolist() == [0.8, 0, 0.2]
    assert always(Model(records, Says([1.0], [1])), records.game).tolist() == [0, 1, 0]


def test_where_only_one_action_was_shown_nothing_is_fitted():
    one = sc.games.random_game(1, 1, 0)
    records = sc.play(sc.Hedge(), sc.Hedge(), one, (0, 0), 3, 2)
    assert not sc.play(Model(records, Idle()), Model(records, Idle()), one, (0, 0), 5, 4).actions.any()
    game = sc.games.random_game(3, 1, 0)
    records = sc.play(sc.Fixed(2), sc.Fixed([0.5, 0.5, 0]), game, (0, 0), 3, 20, seed=0)
    ai = Model(records, Idle(), temperature=0)
    assert (sc.play(ai, sc.Hedge(), game, (0, 0), 8, 6).actions[:, 0] == 2).all()
    with pytest.raises(AssertionError):
        ai.seat(game, 1, np.zeros(1, int), 3)


def test_nothing_is_asked_where_nobody_plays():
    game = sc.games.coordination(2)
    records = sc.play(sc.Fixed([0.5, 0.5]), sc.Fixed([0.5, 0.5]), game, (0, 0), 3, 9, seed=0)
    ai = Model(records, Spy())
    assert sc.play(ai, ai, game, (0, 0), 0, 4).actions.shape == (0, 2, 4)
    assert sc.play(ai, ai, game, (0, 0), 4, 0).actions.shape == (4, 2, 0)
    assert ai.seat(game, 0, np.zeros(0, int), 3).policy().shape == (2, 0)
    assert not ai._models[0].estimator.asked


def test_each_side_has_its_model_and_it_is_fitted_once():
    fitted = []

    class Counted(oracles.Shares):
        def fit(self, x, y):
            fitted.append(sorted(set(y.tolist())))
            super().fit(x, y)

        def __deepcopy__(self, memo):
            return Counted()

    game = sc.games.random_game(4, 1, 0)
    records = sc.play(sc.Fixed([0.5, 0.5, 0, 0]), sc.Fixed([0, 0, 0.5, 0.5]), game, (0, 0), 3, 20, seed=0)
    ai = Model(records, Counted())
    assert not fitted
    for agent in (1, 0, 1, 0):
        sc.play(*[ai, sc.Hedge()][:: -1 if agent else 1], game, (0, 0), 4, 5, seed=0)
    assert fitted == [[2, 3], [0, 1]]


def test_one_side_may_be_learned_where_the_other_was_never_seen():
    game, seen_moves = sc.games.coordination(2), np.ones((3, 2, 4), bool)
    seen_moves[:, 1] = False
    records = sc.Dataset(np.ones((3, 2, 4), np.uint8), np.zeros((4, 2), int), game, seen_moves)
    ai = Model(records, Idle())
    assert always(ai, game).tolist() == [0, 1]
    with pytest.raises(ValueError, match="dataset must show a move of agent 1 to learn from, got Dataset"):
        ai.seat(game, 1, np.zeros(1, int), 3)


def test_records_without_a_move_are_refused():
    whole = random_play(np.random.default_rng(0), 2, 2, 3, 5)
    blind = sc.Play(whole.actions, whole.types, whole.game, np.zeros(whole.actions.shape, bool))
    for empty in (some(whole, 0), sc.Play(whole.actions[:0], whole.types, whole.game), blind):
        with pytest.raises(ValueError, match="dataset must show a move to learn from, got Play"):
            Model(empty, oracles.Shares())


@pytest.mark.parametrize(
    ("estimator", "fault"),
    [
        (Says([0.5, 0.6]), "the predict_proba of <.*Says.*> must sum to 1"),
        (Says([1.5, -0.5]), "the predict_proba of <.*Says.*> must hold probabilities"),
        (Says([np.nan, 1]), "the predict_proba of <.*Says.*> must hold finite numbers"),
        (Says([0.5, 0.25, 0.25]), r"the predict_proba of <.*Says.*> must have shape \(1, 2\)"),
        (Says([[0.5, 0.5], [0.5, 0.5]]), r"the predict_proba of <.*Says.*> must have shape \(1, 2\)"),
        (Says([0.5, 0.5], [0, 2]), r"the classes_ of <.*Says.*> must .* integers from 0 to 1"),
        (Says([0.5, 0.5], [0, 0]), r"the classes_ of <.*Says.*> must be among the actions of the records, \[0, 1\]"),
        (Says([0.5, 0.5], []), "the classes_ of <.*Says.*> must be among"),
        (Says([0.5, 0.5], [0.0, 1.0]), "the classes_ of <.*Says.*> must hold integers"),
        (Says([0.5, 0.5], ["0", "1"]), "the classes_ of <.*Says.*> must hold integers"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.filterwarnings("error")
def test_what_an_estimator_answers_is_held_to_be_a_distribution(estimator, fault):
    records = random_play(np.random.default_rng(0), 1, 2, 3, 30)
    with pytest.raises((ValueError, TypeError), match=fault):
        always(Model(records, estimator), records.game)


def test_classes_without_a_record_are_refused():
    game = sc.games.random_game(3, 1, 0)
    records = sc.play(sc.Fixed([0.5, 0.5, 0]), sc.Hedge(), game, (0, 0), 3, 20, seed=0)
    with pytest.raises(ValueError, match=r"among the actions of the records, \[0, 1\], got \[0, 1, 2\]"):
        always(Model(records, Says([0.5, 0.5, 0], [0, 1, 2])), game)


def test_what_is_no_classifier_is_refused_with_a_hint():
    records = random_play(np.random.default_rng(0), 1, 2, 3, 30)
    with pytest.raises(
        TypeError, match=r"estimator must be a classifier .* got <class .*Shares'>; write Shares\(...\)"
    ):
        Model(records, oracles.Shares)


def test_a_game_of_another_size_is_refused():
    ai = Model(random_play(np.random.default_rng(0), 2, 2, 2, 5), Idle())
    for game in (sc.games.random_game(3, 2, 0), sc.games.random_game(2, 1, 0)):
        with pytest.raises(ValueError, match="game"):
            ai.seat(game, 0, np.zeros(3, dtype=int), 2)


def two_records(episodes=12, horizon=4):
    return sc.play(sc.Hedge(3), sc.RegretMatching(), sc.games.coordination(2), (0, 0), horizon, episodes, seed=3)


@pytest.mark.parametrize("agent", [0, 1])
def test_the_exact_distribution_is_the_oracles(agent):
    records, horizon = two_records(), 4
    policy = by_rows(records, agent, 1, 2)
    pair = [sc.Fixed([0.25, 0.75])] * 2
    pair[agent] = Model(records, oracles.RowCounts(), 2, 1)
    exact = sc.history_distribution(*pair, records.game, (0, 0), horizon)
    for place in np.ndindex(exact.shape):
        history, chance = tuple(divmod(digit, 2) for digit in place), 1.0
        for t, joint in enumerate(history):
            chance *= policy(0, history[:t])[joint[agent]] * (0.25, 0.75)[joint[1 - agent]]
        assert exact[place] == pytest.approx(chance, abs=1e-15)


@pytest.mark.parametrize("commit", COMMITS)
@pytest.mark.parametrize("temperature", [0, 1])
def test_it_can_be_followed_and_then_committed(commit, temperature):
    records = two_records(40, 5)
    ai = sc.ThenCommit(Model(records, oracles.RowCounts(), 2, 1, temperature), 3, commit)
    exact = sc.history_distribution(ai, sc.Hedge(), records.game, (0, 0), 5)
    assert exact.sum() == pytest.approx(1)
    met = sc.play(ai, sc.Hedge(), records.game, (0, 0), 5, 4000, seed=1)
    joint = met.actions[:, 0].astype(int) * 2 + met.actions[:, 1]
    shares = np.zeros(exact.shape)
    np.add.at(shares, tuple(joint), 1 / 4000)
    assert np.abs(shares - exact).sum() / 2 < 0.15


def test_a_model_of_all_is_the_imitator_on_the_records():
    """Whoever sees the whole history, and counts, does what the table does wherever that knows what to do."""
    records = random_play(np.random.default_rng(5), 2, 2, 3, 60)
    plain = sc.Imitator(records).seat(records.game, 0, records.types[:, 0], 3)
    model = Model(records, oracles.RowCounts(), 0, 3).seat(records.game, 0, records.types[:, 0], 3)
    for stage in records.actions.astype(np.intp):
        np.testing.assert_allclose(model.policy(), plain.policy(), rtol=1e-14)
        assert model.covered().all()
        for seat in (plain, model):
            seat.observe(*stage)


def test_the_estimator_given_stays_as_it_is_and_what_becomes_of_it_does_not_matter():
    records, given_one = two_records(), Says([0.25, 0.75])
    ai = Model(records, given_one)
    given_one.answer = [1.0, 0.0]
    assert always(ai, records.game).tolist() == [0.25, 0.75]
    assert not hasattr(given_one, "classes_")
    assert not hasattr(ai.estimator, "classes_")


def test_copies_are_equal_and_play_alike():
    records = two_records()
    one = Model(records, Says([0.25, 0.75]), 2, 1, 0.5)
    twins = [Model(records, Says([0.25, 0.75]), 2, 1, 0.5), copy.copy(one), copy.deepcopy(one)]
    twins += [pickle.loads(pickle.dumps(one))]
    sc.play(one, one, records.game, (0, 0), 3)  # fitted now
    twins += [copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))]
    for twin in twins:
        assert twin == one
        assert hash(twin) == hash(one)
        plays = [sc.history_distribution(each, each, records.game, (0, 0), 3) for each in (one, twin)]
        np.testing.assert_array_equal(*plays)
    others = [Model(records, Says([0.75, 0.25]), 2, 1, 0.5), Model(records, oracles.Shares(), 2, 1, 0.5)]
    others += [Model(records, Says([0.25, 0.75]), *sizes) for sizes in ((1, 1, 0.5), (2, 2, 0.5), (2, 1, 1))]
    others += [Model(records, Says([0.25, 0.75]), 2, 1, 0.5, apart=True)]
    others += [Model(two_records(11), Says([0.25, 0.75]), 2, 1, 0.5), "another"]
    assert len({one, *others}) == len(others) + 1
    assert repr(one).startswith("ModelImitator(Play(")
    assert repr(one).endswith(
        "Says object at " + repr(one.estimator).split(" at ")[1] + ", context=2, opening=1, temperature=0.5)"
    )


# --- one fit at several temperatures


def counted():
    """Return an estimator, and the list of how many rows each fit of it or of its copies saw."""
    fitted = []

    class Counted(oracles.RowCounts):
        def fit(self, x, y):
            fitted.append(len(y))
            super().fit(x, y)

        def __deepcopy__(self, memo):
            twin = Counted()
            vars(twin).update(vars(self))
            return twin

    return Counted(), fitted


@pytest.mark.parametrize("first", [0, 1, 2])
@pytest.mark.parametrize("apart", [False, True])
def test_what_is_cooled_is_fitted_once_and_plays_as_one_made_anew(first, apart):
    rng = np.random.default_rng(first)
    records = random_play(rng, 2, 3, 4, 30)
    estimator, fitted = counted()
    warm = Model(records, estimator, 2, 1, 0.7, apart=apart)
    cold = warm.cooled(0)
    family = {0.7: warm, 0: cold, 2: cold.cooled(2)}
    assert not fitted
    seats = [list(family.values())[first], *family.values()]
    for agent in (0, 1):
        for ai in seats:
            ai.seat(records.game, agent, np.zeros(1, int), 4)
    assert fitted == [120, 120]  # once on each side, whoever sat down first
    for temperature, ai in family.items():
        anew = Model(records, oracles.RowCounts(), 2, 1, temperature, apart=apart)
        assert ai.temperature == temperature
        found, expected = (sc.history_distribution(each, each, records.game, (0, 1), 3) for each in (ai, anew))
        np.testing.assert_array_equal(found, expected)
    assert fitted == [120, 120]


def test_temperatures_are_taken_from_the_model_and_not_from_each_other():
    records = sc.play(sc.Fixed([0.6, 0.3, 0.1]), sc.Fixed(0), sc.games.coordination(3), (0, 0), 3, 400, seed=0)
    warm = Model(records, Says([0.6, 0.3, 0.1]))
    for temperature in (0, 0.5, 1, 2):
        odds = [p ** (1 / temperature) if temperature else float(p == 0.6) for p in (0.6, 0.3, 0.1)]
        for ai in (warm.cooled(temperature), warm.cooled(0).cooled(temperature), warm.cooled(3).cooled(temperature)):
            np.testing.assert_allclose(always(ai, records.game), np.array(odds) / sum(odds), rtol=1e-12)
    np.testing.assert_allclose(always(warm, records.game), [0.6, 0.3, 0.1])


def test_seats_of_one_fit_at_two_temperatures_do_not_disturb_each_other():
    records = random_play(np.random.default_rng(1), 1, 2, 5, 40)
    warm = Model(records, oracles.RowCounts(), 2, 1)
    steps, pair = np.random.default_rng(2).integers(0, 2, (5, 2, 9)), []
    for ai in (warm, warm.cooled(0.3)):
        pair.append(ai.seat(records.game, 0, np.zeros(9, int), 5))
    alone = Model(records, oracles.RowCounts(), 2, 1, 0.3).seat(records.game, 0, np.zeros(9, int), 5)
    for own, other in steps:
        power = pair[0].policy() ** (1 / 0.3)
        np.testing.assert_allclose(pair[1].policy(), power / power.sum(axis=0), atol=1e-12)
        np.testing.assert_array_equal(pair[1].policy(), alone.policy())
        np.testing.assert_array_equal(pair[1].take(np.array([3, 3])).policy(), alone.policy()[:, [3, 3]])
        for seat in (*pair, alone):
            seat.observe(own, other)


def test_at_two_temperatures_the_model_is_asked_once_for_the_same_and_again_for_another():
    records = random_play(np.random.default_rng(2), 2, 3, 6, 8)
    warm = Model(records, Spy())
    cold, types = warm.cooled(0), np.arange(2)
    seats = [ai.seat(records.game, 0, types, 6) for ai in (warm, cold)]
    asked = warm._models[0].estimator.asked
    for stage, number in enumerate((1, 2)):
        policies = [seat.policy() for seat in seats]
        assert len(asked) == number
        np.testing.assert_array_equal(policies[1], sc.strategies.combinators.tempered(policies[0], 0))
        for seat in seats:
            seat.observe(np.array([stage, 2]), np.array([1, stage]))
    seats[0].policy()
    seats[1].observe(np.array([0, 0]), np.array([0, 0]))
    seats[1].policy()
    assert len(asked) == 4


def test_what_is_cooled_is_equal_to_one_made_anew_and_to_no_other():
    records = two_records()
    warm = Model(records, Says([0.25, 0.75]), 2, 1)
    all_else = Model(records, Says([0.25, 0.75]), 3, 2, 0.7, apart=True).cooled(0.5)
    assert all_else == Model(records, Says([0.25, 0.75]), 3, 2, 0.5, apart=True)
    for before in (True, False):
        cold = warm.cooled(0.5)
        assert cold == Model(records, Says([0.25, 0.75]), 2, 1, 0.5)
        assert hash(cold) == hash(Model(records, Says([0.25, 0.75]), 2, 1, 0.5))
        assert cold != warm
        assert cold.cooled(1) == warm
        assert len({warm, cold, cold.cooled(0.5), cold.cooled(0)}) == 3
        assert repr(cold).endswith("temperature=0.5)")
        if before:
            sc.play(cold, cold, records.game, (0, 0), 3)  # fitted now


def test_what_is_cooled_can_be_copied_and_pickled():
    records = random_play(np.random.default_rng(3), 2, 2, 4, 20)
    warm = Model(records, oracles.RowCounts(), 1, 1)
    for sits in (False, True):
        cold = warm.cooled(0.25)
        if sits:
            sc.play(warm, warm, records.game, (0, 0), 3)
        twins = [copy.copy(cold), copy.deepcopy(cold), pickle.loads(pickle.dumps(cold))]
        twins += pickle.loads(pickle.dumps([warm, cold]))[1:]
        for twin in twins:
            assert twin == cold
            plays = [sc.history_distribution(each, each, records.game, (0, 1), 3) for each in (cold, twin)]
            np.testing.assert_array_equal(*plays)
            plays = [
                sc.history_distribution(each.cooled(1), sc.Hedge(), records.game, (0, 1), 3) for each in (warm, twin)
            ]
            np.testing.assert_array_equal(*plays)


# --- scikit-learn's own, which the book uses and the package does not need


@pytest.fixture
def sklearn():
    return pytest.importorskip("sklearn", reason="scikit-learn is for the book, not for the package")


def dense_answers(play, agent, estimator, judged):
    """Return the probabilities (T + 1, B, N) of a classifier fitted to dense rows written out one by one."""
    learned = lessons(oracles.records(play), agent)
    estimator.fit([row(play.game, k, h, *seen(play, 4, 4)) for k, h, _ in learned], [move for *_, move in learned])
    found = np.zeros((judged.horizon + 1, judged.episodes, play.game.n_actions))
    for t in range(judged.horizon + 1):
        rows = [row(play.game, types[agent], h[:t], *seen(play, 4, 4)) for types, h in oracles.records(judged)]
        found[t][:, estimator.classes_] = estimator.predict_proba(rows)
    return found


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("name", ["network", "logistic", "tree"])
@pytest.mark.filterwarnings("ignore:.*Maximum iterations:UserWarning")
def test_it_plays_what_scikit_learn_says_of_dense_rows(sklearn, agent, name):
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.tree import DecisionTreeClassifier

    make = {
        "network": lambda: MLPClassifier(16, max_iter=15, random_state=1),
        "logistic": lambda: LogisticRegression(tol=1e-10, max_iter=5000),
        "tree": lambda: DecisionTreeClassifier(min_samples_leaf=4, random_state=1),
    }[name]
    people = sc.Population([sc.Convention(), sc.Hedge(3), sc.Fixed([0.9, 0.1])])
    problem = sc.SocialLearningProblem(sc.games.team_lead(), people, 8)
    records, judged = problem.sample(60, seed=1), problem.sample(20, seed=2)
    given_one = make()
    strategy = Model(records, given_one)
    expected = dense_answers(records, agent, make(), judged)
    seat = strategy.seat(records.game, agent, judged.types[:, agent], 8)
    for t in range(9):
        np.testing.assert_allclose(seat.policy().T, expected[t], atol=1e-6)
        np.testing.assert_array_equal(seat.policy(), seat.take(np.arange(20)).policy())
        if t < 8:
            seat.observe(*judged.actions[t, [agent, 1 - agent]].astype(np.intp))
    assert not hasattr(given_one, "classes_")


def test_models_of_scikit_learn_are_equal_by_their_parameters(sklearn):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MaxAbsScaler

    records = two_records()
    makers = [
        lambda: LogisticRegression(C=2),
        lambda: LogisticRegression(C=3),
        lambda: make_pipeline(MaxAbsScaler(), LogisticRegression(C=2)),
        lambda: make_pipeline(MaxAbsScaler(copy=False), LogisticRegression(C=2)),
    ]
    for number, make in enumerate(makers):
        one = Model(records, make())
        always(one, records.game)
        assert one == Model(records, make()) == pickle.loads(pickle.dumps(one))
        assert all((one == Model(records, other())) == (number == k) for k, other in enumerate(makers))
    assert "estimator=LogisticRegression(C=2)" in repr(Model(records, makers[0]()))


@pytest.mark.filterwarnings("ignore:.*Maximum iterations:UserWarning")
def test_a_small_network_learns_a_habit_from_records_that_a_table_could_not_hold(sklearn):
    """The person answers the last exchange; the other side is a coin, so that hardly a history is met again."""
    from sklearn.neural_network import MLPClassifier

    game = sc.games.prisoners_dilemma()
    records = sc.play(sc.TitForTat(), sc.Fixed([0.5, 0.5]), game, (0, 0), 40, 100, seed=0)
    network = Model(records, MLPClassifier(64, max_iter=10, random_state=0), temperature=0)
    table = sc.Imitator(records)
    right = {}
    for name, ai in (("network", network), ("table", table)):
        met = sc.play(ai, sc.Fixed([0.3, 0.7]), game, (0, 0), 120, 50, seed=1)
        right[name] = (met.actions[1:, 0] == met.actions[:-1, 1]).mean()
    assert right["network"] > 0.999
    assert right["table"] < 0.6
