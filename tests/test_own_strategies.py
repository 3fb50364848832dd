"""Strategies of one's own are held to the protocol: a bad policy is named at once, wherever the strategy sits."""

import copy
import itertools
import pickle

import numpy as np
import pandas
import pytest

import socialcoop as sc

COORDINATION = sc.games.coordination(3)
RNG = np.random.default_rng(7)


class OwnSeat(sc.Seat):
    """Answers by a function of the seat."""

    per_episode = ("seen",)

    def __init__(self, game, episodes, answer):
        super().__init__(game, episodes)
        self.answer, self.seen = answer, np.zeros(episodes, dtype=int)

    def policy(self):
        return self.answer(self)

    def observe(self, own, other):
        self.seen = self.seen + other


class Own(sc.Strategy):
    def __init__(self, answer):
        self.answer = answer

    def seat(self, game, agent, types, horizon):
        return OwnSeat(game, len(types), self.answer)

    def __repr__(self):
        return "Own()"


def late(fault, fine=None):
    """Return an answer that is at fault from the third observed action on."""

    def answer(seat):
        good = np.tile([[1.0], [0.0], [0.0]], seat.episodes) if fine is None else fine(seat)
        return np.where(seat.seen >= 2, fault(seat), good)

    return answer


FAULTS = {
    "sum to 1": lambda seat: np.ones((3, seat.episodes)),
    "sum to 1 ": lambda seat: np.zeros((3, seat.episodes)),
    "negative number": lambda seat: np.tile([[1.5], [-0.5], [0.0]], seat.episodes),
    "finite numbers": lambda seat: np.full((3, seat.episodes), np.nan),
    "finite numbers ": lambda seat: np.tile([[np.inf], [0.0], [0.0]], seat.episodes),
    "shape": lambda seat: np.tile([[1.0, 0.0, 0.0]], (seat.episodes, 1)),
    "shape ": lambda seat: np.full(3, 1 / 3),
    "array of numbers": lambda seat: [["1"] * seat.episodes, ["0"] * seat.episodes, ["0"] * seat.episodes],
    "masked": lambda seat: np.ma.masked_equal(np.tile([[1.0], [0.0], [0.0]], seat.episodes), 0.0),
    "same when asked twice": lambda seat: np.eye(3)[:, RNG.integers(3, size=seat.episodes)],
}
WAYS = {
    "play": lambda own: sc.play(own, sc.Fixed(1), COORDINATION, (0, 0), horizon=5, episodes=40, seed=1),
    "histories": lambda own: sc.history_distribution(sc.Fixed(1), own, COORDINATION, (0, 0), horizon=4),
    "payoffs": lambda own: sc.expected_payoffs(own, sc.Fixed(1), COORDINATION, (0, 0), horizon=5),
    "consistency": lambda own: sc.consistency(own, COORDINATION, horizon=4, epsilon=0.2),
    "failures": lambda own: sc.social.worst_failures(own, COORDINATION, 3, [0.2]),
    "tree": lambda own: sc.HistoryTree(sc.SocialLearningProblem(COORDINATION, own, 4), phase=4),
    "distance": lambda own: sc.HistoryTree(sc.SocialLearningProblem(COORDINATION, sc.Hedge(), 4), phase=4).tv(own),
    "compatibility": lambda own: sc.compatibility(own, sc.Fixed(1), COORDINATION, 4, 0.2, seed=1),
    "tables": lambda own: sc.imitation.behaviour_tables(own, COORDINATION, agent=0, phase=3),
    "population": lambda own: WAYS["payoffs"](sc.Population([sc.Fixed(1), own])),
    "trembling": lambda own: WAYS["play"](sc.strategies.Trembling(own, 0.1)),
    "fallback": lambda own: WAYS["play"](sc.Convention(fallback=own)),
    "commitment": lambda own: WAYS["payoffs"](sc.ThenCommit(own, phase=4)),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_policy_is_named_wherever_the_strategy_sits(fault, way):
    with pytest.raises((ValueError, TypeError), match=f"Own.*{fault.strip()}"):
        WAYS[way](Own(FAULTS[fault]))


@pytest.mark.parametrize("fault", ["sum to 1", "negative number", "finite numbers"])
def test_a_fault_that_comes_later_is_named_with_its_stage(fault):
    with pytest.raises(ValueError, match=rf"the policy of Own\(\) at stage 3 must.*{fault}"):
        WAYS["play"](Own(late(FAULTS[fault])))


def test_an_exact_computation_asks_twice_at_every_stage():
    own = Own(late(FAULTS["same when asked twice"]))  # at stage 3, which play does not ask twice
    with pytest.raises(ValueError, match="same when asked twice"):
        WAYS["payoffs"](own)


class Forgetful(OwnSeat):
    """Names none of its arrays."""

    per_episode = ()

    def policy(self):
        return np.eye(3)[:, np.minimum(self.seen, 2)]


class OwnForgetful(Own):
    def seat(self, game, agent, types, horizon):
        return Forgetful(game, len(types), None)


def test_an_array_that_is_not_named_is_found_out():
    coin = sc.Fixed([0.5, 0.5, 0.0])
    with pytest.raises(ValueError, match=r"per_episode|broadcast"):
        sc.expected_payoffs(OwnForgetful(None), coin, COORDINATION, (0, 0), horizon=4)


@pytest.mark.parametrize("answer", [None, 3, sc.Fixed(0), "seat"])
def test_what_is_no_seat_is_refused(answer):
    class NoSeat(sc.Strategy):
        def seat(self, game, agent, types, horizon):
            return answer

    with pytest.raises(TypeError, match=r"the seat of NoSeat\(\) must be a Seat"):
        WAYS["play"](NoSeat())


def test_a_seat_of_too_few_episodes_or_without_its_beginning_is_refused():
    class Short(Own):
        def seat(self, game, agent, types, horizon):
            return OwnSeat(game, 1, FAULTS["shape"])

    class Unborn(OwnSeat):
        def __init__(self):
            pass

    class Careless(Own):
        def seat(self, game, agent, types, horizon):
            return Unborn()

    with pytest.raises(ValueError, match="an episode for each of the 40 types, got 1"):
        WAYS["play"](Short(None))
    with pytest.raises(ValueError, match=r"must call super\(\)"):
        WAYS["play"](Careless(None))


@pytest.mark.parametrize(
    "answer",
    [
        lambda seat: np.full((3, seat.episodes), 1 / 3, dtype=np.float32),
        lambda seat: [[1] * seat.episodes, [0] * seat.episodes, [0] * seat.episodes],
        lambda seat: np.asfortranarray(np.full((3, seat.episodes), 1 / 3)),
        lambda seat: np.broadcast_to(np.array([[True], [False], [False]]), (3, seat.episodes)),
    ],
)
def test_any_numbers_that_are_probabilities_are_welcome(answer):
    total = sum(sc.expected_payoffs(Own(answer), sc.Fixed(0), COORDINATION, (0, 0), horizon=3))
    assert total in (pytest.approx(6), pytest.approx(2))
    assert WAYS["play"](Own(answer)).episodes == 40


def test_a_seat_observes_one_dtype_that_does_not_wrap_in_play_and_in_exact_computations():
    seen = []

    class Looking(OwnSeat):
        def observe(self, own, other):
            seen.append((own.dtype, other.dtype, int((own * 20 + other).max())))

    class Looks(Own):
        def seat(self, game, agent, types, horizon):
            return Looking(game, len(types), None)

    def policy(seat):
        return np.tile(np.eye(16)[:, 15:], seat.episodes)

    Looking.policy = policy
    game = sc.games.coordination(16)
    habit = sc.Convention()
    sc.play(Looks(None), sc.Fixed(3), game, (0, 0), horizon=2, episodes=3)
    sc.history_distribution(Looks(None), sc.Fixed(3), game, (0, 0), horizon=2)
    for holder in (
        sc.Population([Looks(None)]),
        sc.Scripted([15], fallback=Looks(None)),
        sc.ThenCommit(Looks(None), 2),
    ):
        sc.play(holder, sc.Fixed(3), game, (0, 0), horizon=3)
    sc.consistency(Looks(None), game, 3, 0.1, method="estimate", partners=[sc.Fixed(3)], episodes=2)
    habit.departure(sc.play(habit, habit, game, (0, 0), horizon=2))
    assert set(seen) == {(np.dtype(np.intp), np.dtype(np.intp), 303)}


STRATEGIES = [
    sc.Fixed([0.25, 0.75]),
    sc.Scripted([0, 1], fallback=sc.Hedge()),
    sc.Hedge(),
    sc.RegretMatching(),
    sc.FictitiousPlay(),
    sc.strategies.Exp3IX(),
    sc.Convention(code=[[0], [1]]),
    sc.Population([sc.Fixed(0), sc.TitForTat()], [0.25, 0.75]),
    sc.strategies.JointSchedule([[0, 0.5], [0.5, 0]]),
    sc.strategies.Tabular(sc.imitation.behaviour_tables(sc.TitForTat(), sc.games.chicken(), 0, 2)),
    sc.strategies.Automaton([0, 1], [[0, 1], [1, 1]]),
    sc.strategies.MemoryOne.generous_tit_for_tat(0.25),
    sc.strategies.WinStayLoseShift(),
    sc.ThenCommit(sc.strategies.Trembling(sc.Fixed(0), 0.1), phase=3),
    sc.SocialLearningProblem(sc.games.chicken(), sc.Hedge(), horizon=4),
    sc.games.team_lead(),
    sc.nash_equilibria(sc.games.chicken(), (0, 0))[0],
]


@pytest.mark.parametrize("thing", STRATEGIES, ids=repr)
def test_a_copy_is_equal_has_the_same_hash_and_cannot_change(thing):
    for other in (pickle.loads(pickle.dumps(thing)), copy.copy(thing), copy.deepcopy(thing)):
        assert other == thing
        assert hash(other) == hash(thing)
        arrays = [each for value in vars(other).values() for each in (value if isinstance(value, tuple) else [value])]
        assert not any(each.flags.writeable for each in arrays if isinstance(each, np.ndarray))
    assert thing != object()
    assert sum(thing == another for another in STRATEGIES) == 1


@pytest.mark.parametrize("scale", [1e-7, 1e-9, 1e-12])
def test_verdicts_do_not_change_with_the_unit_of_payoff(scale):
    def small(game):
        return sc.Game(game.payoffs * scale)

    pennies, chicken, team = sc.games.matching_pennies(), sc.games.chicken(), sc.games.team_lead()
    dilemma = sc.games.prisoners_dilemma()
    low = np.array([[0.1], [0.1]])
    assert len(sc.equilibria.coarse_correlated_payoffs(small(chicken), (0, 0))) == 4
    assert not sc.equilibria.reaches_pone(small(dilemma), (0, 0), low * scale, 0.05 * scale)[0]
    for learner in (sc.FictitiousPlay(), sc.RegretMatching(), sc.TitForTat()):
        found = sc.consistency(learner, small(pennies), horizon=8, epsilon=0.3 * scale, method="exact")
        whole = sc.consistency(learner, pennies, horizon=8, epsilon=0.3, method="exact")
        assert found.failure == pytest.approx(whole.failure, abs=1e-12)
        guess = sc.consistency(learner, small(pennies), 8, 0.3 * scale, method="estimate", episodes=50, seed=1)
        assert guess.failure == sc.consistency(learner, pennies, 8, 0.3, method="estimate", episodes=50, seed=1).failure
    dominated = sc.Game(np.array([[0, 0], [1, 1]]) * scale)
    chosen = sc.play(sc.FictitiousPlay(), sc.Fixed(0), dominated, (0, 0), horizon=4).actions[:, 0, 0]
    assert chosen.tolist() == [0, 1, 1, 1]
    for select in ("welfare", "egalitarian", "nash product", "favourite of 0", "favourite of 1"):
        habit = sc.Convention(select)
        assert np.array_equal(habit.plan(small(team), 6), habit.plan(team, 6))
    best = sc.strategies.JointSchedule(np.full((2, 2), 0.25))
    assert (best.certificate(small(team), 1000, 0.2) < 1) == (best.certificate(team, 1000, 0.2) < 1)


@pytest.mark.parametrize("scale", [1e-7, 1e-10])
def test_the_best_phase_commitment_and_equilibrium_do_not_change_with_the_unit_of_payoff(scale):
    problem = sc.SocialLearningProblem(sc.games.team_lead(), sc.Convention(), horizon=40)
    records = problem.sample(30, seed=1)
    small = sc.Dataset(records.actions, records.types, sc.Game(records.game.payoffs * scale))
    phases = [1, 2, 4, 8, 16]
    assert sc.choose_phase(small, phases, 40) == sc.choose_phase(records, phases, 40) == 16
    for name in ("chicken", "stag_hunt", "prisoners_dilemma"):
        game = getattr(sc.games, name)()
        scaled = sc.Game(game.payoffs * scale)
        assert sc.best_commitment(scaled, 0) == sc.best_commitment(game, 0)
        for sense in ("min", "max"):
            found = sc.coarse_correlated_equilibrium(scaled, (0, 0), sense=sense)
            assert found == pytest.approx(sc.coarse_correlated_equilibrium(game, (0, 0), sense=sense), abs=1e-9)


def test_own_payoffs_are_brought_to_the_unit_interval():
    euros = np.array([[3.0, -2.0], [5.0, 0.0]])
    game = sc.Game.normalised(euros, "dilemma", actions=("help", "rest"))
    assert np.allclose(game.payoffs[0] * 7 - 2, euros)
    assert game.action_names == ("help", "rest")
    assert sc.Game.normalised(np.full((2, 2, 2), 9.0)).payoffs.max() == 0
    huge = sc.Game.normalised(np.array([[1.7e308, -1.7e308], [0, 0]]))
    assert np.allclose(huge.payoffs[0], [[1, 0], [0.5, 0.5]])
    with pytest.raises(ValueError, match="normalised takes payoffs on any scale"):
        sc.Game(euros)


@pytest.mark.parametrize(
    "bad", [np.ma.masked_equal([[1.0, 0.0], [0.0, 0.5]], 0.5), [["1", 0], [0, 1]], [[None, 0], [0, 1]]]
)
def test_entries_that_numpy_would_coerce_are_refused(bad):
    for use in (sc.Game, sc.Game.normalised, sc.Fixed):
        with pytest.raises((TypeError, ValueError), match=r"payoffs|mixed"):
            use(bad if isinstance(bad, np.ma.MaskedArray) else np.array(bad, dtype=object))


MASKED = np.ma.masked_equal([0.25, 0.75], 0.75)


@pytest.mark.parametrize(
    "use",
    [
        lambda: sc.Fixed([0.25, MASKED[1]]),
        lambda: sc.Game([MASKED, [0, 1]]),
        lambda: sc.TitForTat(np.ma.array(1, mask=True)),
        lambda: sc.games.stag_hunt(np.ma.masked),
        lambda: sc.Play([[np.ma.masked_equal([0, 1], 1), [0, 1]]], [[0, 0], [0, 0]], COORDINATION),
        lambda: sc.sweep(
            sc.SocialLearningProblem(COORDINATION, sc.Hedge(), 2), [1], [1], n_jobs=np.ma.array(1, mask=True)
        ),
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_mask_is_never_dropped(use):
    with pytest.raises(ValueError, match="must have no masked entries"):
        use()


@pytest.mark.parametrize("safe", [np.complex128(0.5 + 1j), np.array("0.5", object), np.timedelta64(1, "s")], ids=repr)
@pytest.mark.filterwarnings("error")
def test_what_python_would_read_as_a_number_is_refused(safe):
    with pytest.raises(TypeError, match="safe must be a number"):
        sc.games.stag_hunt(safe)


def test_a_number_just_beyond_its_bound_is_told_from_it():
    with pytest.raises(ValueError, match=r"got 0 to 1\.0000000000000002"):
        sc.Game([[1.0000000000000002, 0], [0, 1]])
    with pytest.raises(ValueError, match=r"got 1\.0000000000000002"):
        sc.strategies.Trembling(sc.Fixed(0), 1.0000000000000002)


def test_distributions_of_single_precision_are_welcome():
    thirds = sc.Fixed(np.full(3, 1 / 3, dtype=np.float32))
    assert thirds.mixed.dtype == np.float64
    assert thirds.mixed.sum() == pytest.approx(1, abs=1e-15)
    weights = np.full(7, 1 / 7, dtype=np.float32)
    assert sc.Population([sc.Hedge()] * 7, weights).weights.sum() == pytest.approx(1, abs=1e-15)
    with pytest.raises(ValueError, match="sum to 1"):
        sc.Fixed(np.array([0.5, 0.5001], dtype=np.float32))


def test_labels_of_a_series_do_not_matter():
    class Labelled(list):
        """A list whose items are looked up by other numbers than their places, as in a table with an index."""

        def __getitem__(self, label):
            return list.__getitem__(self, 1 - label)

    game = sc.games.battle_of_the_sexes(second_best=0.25)
    asymmetric = sc.Game(np.array([game.payoffs[0], game.payoffs[1] / 2]))
    for function in (sc.worst_pone, sc.nash_equilibria, sc.equilibria.coarse_correlated_payoffs):
        assert str(function(asymmetric, Labelled([0, 1]))) == str(function(asymmetric, (0, 1)))
    pairs = itertools.product((0, 1), repeat=2)
    assert len({sc.worst_pone(asymmetric, pair) for pair in pairs}) > 1


def test_labels_of_pandas_do_not_matter():
    records = sc.SocialLearningProblem(sc.games.chicken(), sc.Hedge(), 4).sample(9, seed=1)
    phases = pandas.Series([1, 2, 4], index=[2, 1, 0])
    plain = sc.phase.predicted_regret(records, [1, 2, 4], 9)
    assert sc.phase.predicted_regret(records, phases, 9).tolist() == plain.tolist()
    joint = [[0.1, 0.2], [0.3, 0.4]]
    frame = pandas.DataFrame(joint, index=[1, 0], columns=["b", "a"])
    assert sc.commitment_mixture(frame)[1].tolist() == sc.commitment_mixture(joint)[1].tolist()
    assert sc.strategies.JointSchedule(frame) == sc.strategies.JointSchedule(joint)
    assert sc.strategies.Automaton(pandas.Series([0, 1], index=[1, 0]), [[0, 1], [1, 0]]).actions.tolist() == [
        [1, 0],
        [0, 1],
    ]


def test_a_result_keeps_numbers_of_its_own():
    horizon, epsilon = np.array(3), np.array(0.25)
    found = sc.social_intelligence([sc.Hedge()], sc.games.chicken(), horizon, epsilon)
    horizon[...], epsilon[...] = 9, 1
    assert (found.horizon, found.epsilon) == (3, 0.25)


TINY = [[1e-310, 0.5], [1e-200, 0.5]]
TINY_GAME = sc.Game([[1e-300, 0], [0, 1e-308]])


@pytest.mark.parametrize(
    "use",
    [
        lambda: sc.nash_equilibria(TINY_GAME, (0, 0)),
        lambda: sc.worst_pone(TINY_GAME, (0, 0)),
        lambda: sc.equilibria.coarse_correlated_payoffs(TINY_GAME, (0, 0)),
        lambda: sc.equilibria.coarse_correlated_gain(TINY, sc.games.chicken(), (0, 0)),
        lambda: sc.Game.normalised([[1e-320, 0], [1e308, -1e308]]),
        lambda: sc.bounds.survival(2000, [1, 2**60], challenges=3, n_actions=4),
        lambda: sc.bounds.correlation_gap(TINY, TINY),
        lambda: sc.social.mean_interval([1e-300, 2e-300]),
        lambda: sc.check_strategy(sc.Fixed([1e-320, 1]), sc.games.chicken()),
        lambda: sc.check_strategy(sc.Population([sc.Hedge(rate=10), sc.Fixed([1e-300, 1])]), sc.games.chicken()),
        lambda: sc.HistoryTree(
            sc.SocialLearningProblem(sc.games.chicken(), sc.Population([sc.Hedge(400), sc.Fixed([1e-200, 1])]), 6), 4
        ).sample_tv(10, 5, seed=1),
        lambda: sc.play(sc.strategies.Exp3IX(rate=50), sc.Fixed([1e-320, 1]), sc.games.chicken(), (0, 0), 300),
    ],
)
def test_what_is_too_small_for_a_double_is_nothing(use):
    with np.errstate(all="raise"):
        use()


def test_harmless_underflow_disturbs_nobody_who_wants_errors_raised():
    pennies, chicken = sc.games.matching_pennies(), sc.games.chicken()
    talks = sc.SocialLearningProblem(sc.games.conversation(4), sc.Codebook(2, sc.Hedge()), 50)
    unlikely = sc.Population([sc.strategies.Trembling(sc.Fixed(0), 1e-60), sc.Fixed(1)])
    with np.errstate(all="raise"):
        sc.play(sc.Hedge(rate=10), sc.Fixed(0), pennies, (0, 0), horizon=2000, episodes=3, seed=1)
        sc.play(sc.ThenCommit(sc.Hedge(), 5), sc.Hedge(), chicken, (0, 0), horizon=2000, episodes=50, seed=1)
        assert sc.expected_payoffs(unlikely, sc.Fixed(0), chicken, (0, 0), horizon=7)[0] > 0
        assert sc.consistency(sc.Hedge(rate=300), pennies, 8, 0.3).kind == "exact"
        sc.compatibility(sc.Hedge(rate=10), sc.Hedge(rate=10), chicken, 300, 0.2, seed=1)
        assert sc.Convention().certificate(sc.games.conversation(4), 10**6, 0.5) == 0
        assert sc.HistoryTree(talks, 4).marginal_tv(10**9) == 0
        assert sc.HistoryTree(talks, 4).missing_mass(10**9) == 0
