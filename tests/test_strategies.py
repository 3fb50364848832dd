"""A contract that every strategy keeps, and each strategy against its textbook definition."""

import re

import imitation_oracles
import numpy as np
import oracles
import pytest

import socialcoop as sc

HORIZON = 4
TYPES = 3


def tabular(game):
    rng, n = np.random.default_rng(0), game.n_actions
    return sc.strategies.Tabular([rng.dirichlet(np.ones(n), size=(TYPES, n ** (2 * t))) for t in range(HORIZON)])


def last(game):
    return game.n_actions - 1


def per_type(game):
    return np.arange(TYPES)[:, None] * [1, 2] % game.n_actions


def records(game):
    """Return a dataset of types 0 and 1, so that type 2 is missing from it."""
    types = np.random.default_rng(2).integers(TYPES - 1, size=(30, 2))
    return sc.play(sc.Hedge(2), sc.RegretMatching(), game, types, HORIZON, 30, seed=3)


def joint(game):
    return np.random.default_rng(4).dirichlet(np.ones(game.n_actions**2)).reshape((game.n_actions,) * 2)


def replies(game):
    table = np.random.default_rng(6).random((TYPES, *[game.n_actions] * 3))
    return table / table.sum(axis=-1, keepdims=True)


STRATEGIES = {
    "Hedge": lambda game: sc.Hedge(),
    "Hedge slow": lambda game: sc.Hedge(1e-9),
    "Hedge rate 0": lambda game: sc.Hedge(0),
    "Hedge fast": lambda game: sc.Hedge(1e4),
    "RegretMatching": lambda game: sc.RegretMatching(),
    "Exp3IX": lambda game: sc.strategies.Exp3IX(),
    "Exp3IX fast": lambda game: sc.strategies.Exp3IX(1e4),
    "Exp3IX rate 0": lambda game: sc.strategies.Exp3IX(0),
    "FictitiousPlay": lambda game: sc.FictitiousPlay(),
    "Fixed action": lambda game: sc.Fixed(last(game)),
    "Fixed mix": lambda game: sc.Fixed(np.full(game.n_actions, 1 / game.n_actions)),
    "Fixed mix per type": lambda game: sc.Fixed(np.random.default_rng(1).dirichlet(np.ones(game.n_actions), TYPES)),
    "Scripted": lambda game: sc.Scripted([last(game), 0, 0]),
    "Scripted per type": lambda game: sc.Scripted(per_type(game)),
    "Scripted then Hedge": lambda game: sc.Scripted([0, last(game)], fallback=sc.Hedge()),
    "Scripted per type then mix": lambda game: sc.Scripted(
        per_type(game), sc.Fixed(np.full(game.n_actions, 1 / game.n_actions))
    ),
    "Scripted then Scripted then Hedge": lambda game: sc.Scripted(
        [last(game)], fallback=sc.Scripted(per_type(game)[:, :1], fallback=sc.Hedge())
    ),
    "Scripted nothing then RegretMatching": lambda game: sc.Scripted(np.zeros((TYPES, 0), int), sc.RegretMatching()),
    "TitForTat": lambda game: sc.TitForTat(last(game)),
    "GrimTrigger": lambda game: sc.GrimTrigger(0, last(game)),
    "Tabular": tabular,
    "Automaton": lambda game: sc.strategies.Automaton(
        [0, np.full(game.n_actions, 1 / game.n_actions)], np.arange(2 * game.n_actions).reshape(2, -1) % 2
    ),
    "Automaton by both actions, started by type": lambda game: sc.strategies.Automaton(
        [0, last(game), 0], np.arange(3 * game.n_actions**2).reshape(3, game.n_actions, -1) % 3, [0, 2, 1]
    ),
    "MemoryOne": lambda game: sc.strategies.MemoryOne(replies(game)[0], np.full(game.n_actions, 1 / game.n_actions)),
    "MemoryOne per type": lambda game: sc.strategies.MemoryOne(replies(game), replies(game)[:, 0, 0]),
    "WinStayLoseShift": lambda game: sc.strategies.WinStayLoseShift(opening=last(game)),
    "Convention": lambda game: sc.Convention(),
    "Convention egalitarian then RegretMatching": lambda game: sc.Convention(
        "egalitarian", fallback=sc.RegretMatching()
    ),
    "Convention with a code": lambda game: sc.Convention("nash product", [[0, 1], [1, 0], [1, 1]]),
    "Convention then Scripted then Hedge": lambda game: sc.Convention(
        "favourite of 1", [[0, 0, 0], [0, 0, 1], [1, 0, 0]], sc.Scripted(per_type(game)[:, :1], sc.Hedge())
    ),
    "Convention then Convention": lambda game: sc.Convention(
        "favourite of 0", fallback=sc.Convention("welfare", [[1, 1], [0, 1], [1, 0]])
    ),
    "Signal": lambda game: sc.strategies.Signal([0, last(game), 0], np.arange(game.n_actions)[::-1]),
    "ByAgent": lambda game: sc.strategies.ByAgent(
        sc.Scripted([0, last(game)], fallback=sc.Hedge()), sc.TitForTat(last(game))
    ),
    "ByAgent of a convention": lambda game: sc.strategies.ByAgent(
        sc.Convention(), sc.strategies.Signal([0, 1, 0], np.arange(game.n_actions))
    ),
    "Population": lambda game: sc.Population(
        [sc.Hedge(), sc.TitForTat(last(game)), sc.Fixed(np.full(game.n_actions, 1 / game.n_actions))], [0.5, 0.2, 0.3]
    ),
    "Population of pure members": lambda game: sc.Population([sc.Fixed(0), sc.Scripted([0, last(game)])]),
    "Population with no weight on one": lambda game: sc.Population([sc.GrimTrigger(0, last(game)), sc.Hedge()], [0, 1]),
    "Population of conventions": lambda game: sc.Population(
        [sc.Convention(), sc.Convention(code=[[0, 1], [1, 0], [1, 1]], fallback=sc.RegretMatching())], [0.4, 0.6]
    ),
    "Population of populations": lambda game: sc.Population(
        [sc.Population([sc.Fixed(0), sc.Hedge(3)]), sc.RegretMatching(), sc.Population([sc.Scripted(per_type(game))])]
    ),
    "Convention then Population": lambda game: sc.Convention(fallback=sc.Population([sc.Hedge(), sc.FictitiousPlay()])),
    "JointSchedule": lambda game: sc.strategies.JointSchedule(joint(game)),
    "JointSchedule then RegretMatching": lambda game: sc.strategies.JointSchedule(joint(game), sc.RegretMatching()),
    "Codebook": lambda game: sc.Codebook(1),
    "Codebook then Hedge": lambda game: sc.Codebook(game.n_actions - 1, sc.Hedge(), key=5, words=1),
    "Trembling Codebook": lambda game: sc.strategies.Trembling(
        sc.Codebook(game.n_actions - 1, sc.Hedge(), words=1), 0.3
    ),
    "Trembling Scripted then Hedge": lambda game: sc.strategies.Trembling(sc.Scripted([0, last(game)], sc.Hedge()), 1),
    "BankedRegret": lambda game: sc.strategies.BankedRegret(joint(game), 0.5),
    "BankedRegret without a budget": lambda game: sc.strategies.BankedRegret(joint(game), 0),
    "CodedConvention in one wording": lambda game: sc.strategies.CodedConvention(sc.Convention(), 1),
    "SecretCode": lambda game: sc.strategies.SecretCode(2, code=[1, 0, 0, 1]),
    "SecretCode by key": lambda game: sc.strategies.SecretCode(1, key=7),
    "SecretCode without a word": lambda game: sc.strategies.SecretCode(0, code=[1]),
    "Grudge": lambda game: sc.strategies.Grudge(per_type(game)[:, 0], 0.9, 0.9),
    "Grudge without a budget": lambda game: sc.strategies.Grudge(per_type(game)[:, 0], 0),
    "SpendThenLearn": lambda game: sc.strategies.SpendThenLearn([0, last(game)], 0, 2.5),
    "SpendThenLearn patient, per type": lambda game: sc.strategies.SpendThenLearn(
        per_type(game), per_type(game)[:, 0], 1.2, 0.5, patient=True
    ),
    "Imitator": lambda game: sc.Imitator(records(game)),
    "Imitator for two stages": lambda game: sc.Imitator(records(game), 2),
    "Imitator, else Hedge": lambda game: sc.Imitator(records(game), 3, sc.Hedge()),
    "BackOffImitator": lambda game: sc.imitation.BackOffImitator(records(game), 2),
    "BackOffImitator of what is frequent": lambda game: sc.imitation.BackOffImitator(records(game), 3, 4),
    "ModelImitator": lambda game: sc.imitation.ModelImitator(records(game), imitation_oracles.RowCounts(), 1, 1),
    "ModelImitator, cold": lambda game: sc.imitation.ModelImitator(
        records(game), imitation_oracles.RowCounts(), 2, 0, temperature=0
    ),
    "ModelImitator, then the last act": lambda game: sc.ThenCommit(
        sc.imitation.ModelImitator(records(game), imitation_oracles.RowCounts(), temperature=0.5), 2, "last"
    ),
    "ImitateThenCommit": lambda game: sc.ImitateThenCommit(records(game), 2),
    "ImitateThenCommit pure": lambda game: sc.ImitateThenCommit(records(game), 2, "pure"),
    "ImitateThenCommit hyperbolic": lambda game: sc.ImitateThenCommit(records(game), 3, "hyperbolic"),
    "ImitateThenCommit universal": lambda game: sc.ImitateThenCommit(records(game), 3, "universal"),
    "Hedge, then the last act": lambda game: sc.ThenCommit(sc.Hedge(), 3, "last"),
    "Convention then commits": lambda game: sc.ThenCommit(sc.Convention(), 2),
    "Hedge then a pure act": lambda game: sc.ThenCommit(sc.Hedge(), 3, "pure"),
    "Hedge, then what was played late": lambda game: sc.ThenCommit(sc.Hedge(), 3, since=1),
    "ImitateThenCommit pure, late": lambda game: sc.ImitateThenCommit(records(game), 4, "pure", 2),
    "CommitWhenSurprised": lambda game: sc.commit.CommitWhenSurprised(sc.Hedge(), sc.Hedge(2), 0.3),
    "CommitWhenSurprised by an imitator's partner": lambda game: sc.commit.CommitWhenSurprised(
        sc.Imitator(records(game)), sc.Imitator(sc.social.hide_types(records(game))), 0.6, 3
    ),
    "CommitWhenUnsure": lambda game: sc.commit.CommitWhenUnsure(sc.Hedge(), sc.Hedge(2), 0.6, 2),
    "Tempered": lambda game: sc.strategies.Tempered(sc.Hedge(), 0.3),
    "Tempered, cold": lambda game: sc.strategies.Tempered(sc.Imitator(records(game)), 0),
    "Merged": lambda game: sc.strategies.Merged(sc.Hedge()),
    "Codebook, hyperbolic": lambda game: sc.ThenCommit(sc.Codebook(1), 3, "hyperbolic"),
    "Trembling imitator, careful": lambda game: sc.ThenCommit(
        sc.strategies.Trembling(sc.Imitator(records(game)), 0.2), 3, "careful"
    ),
    "ImitateThenCommit careful": lambda game: sc.ImitateThenCommit(records(game), 3, "careful"),
}
# those who live in one game, at budgets that they use up, and at one that allows nothing
AT_HOME = {
    "Spiteful": (sc.games.hidden_favourite(), lambda game: sc.strategies.Spiteful(4, 1.5, 0.9)),
    "Spiteful without a budget": (sc.games.hidden_favourite(), lambda game: sc.strategies.Spiteful(4, 0)),
    "SpitefulExaminer": (
        sc.games.hidden_favourite(),
        lambda game: sc.strategies.SpitefulExaminer(4, 1.5, begins=4, key=3),
    ),
    "VariedTeam": (
        sc.games.varied_team(ways=2, key=5),
        lambda game: sc.strategies.VariedTeam("sticky", small_talk=1, patience=1, fallback=sc.RegretMatching(), key=3),
    ),
    "VariedTeam without small talk": (
        sc.games.varied_team(ways=2, wordings=2),
        lambda game: sc.strategies.VariedTeam("rota", stay=0.7, small_talk=0, opposite=True),
    ),
    "VariedTeam that slips": (
        sc.games.varied_team(ways=1),
        lambda game: sc.strategies.Trembling(sc.strategies.VariedTeam(small_talk=0), 0.2),
    ),
    "Levels": (sc.games.hidden_levels(), lambda game: sc.strategies.Levels(3, [1], 1.5, 0.9)),
    "Levels, one": (sc.games.hidden_levels(levels=1), lambda game: sc.strategies.Levels(3, [], 1.5, 0.9)),
}
# fewer actions than types, and as many: more are for the textbook formulas below
CASES = [(n, name) for n in (2, 3) for name in STRATEGIES]
CASES += [(game.n_actions, name) for name, (game, _) in AT_HOME.items()]


def test_the_contract_covers_every_strategy_of_the_package():
    abstract = {sc.Strategy, sc.strategies.Agreement}
    made = {type(make(sc.games.random_game(2, TYPES, 0))) for make in STRATEGIES.values()}
    made |= {type(make(game)) for game, make in AT_HOME.values()}
    modules = (sc, sc.strategies, sc.social, sc.imitation, sc.commit)
    public = [value for module in modules for value in vars(module).values()]
    known = {value for value in public if isinstance(value, type) and issubclass(value, sc.Strategy)}
    # test_social.py: it fits only the strategy it was computed for; test_black_box.py: it has no policy
    other_tests = {sc.social.WorstPartner, sc.strategies.BlackBox}
    assert known - abstract - made <= other_tests


def shown(case):
    return f"N={case[0]}-{case[1]}"


@pytest.fixture(params=CASES, ids=shown)
def case(request):
    return request.param


@pytest.fixture
def game(case):
    if case[1] in AT_HOME:
        return AT_HOME[case[1]][0]
    return sc.games.random_game(case[0], TYPES, seed=case[0], levels=3)


@pytest.fixture
def strategy(case, game):
    return (AT_HOME[case[1]][1] if case[1] in AT_HOME else STRATEGIES[case[1]])(game)


@pytest.fixture(params=[0, 1], ids=["AI", "partner"])
def agent(request):
    return request.param


def sit(strategy, game, agent, episodes=30, horizon=HORIZON):
    return strategy.seat(game, agent, np.arange(episodes) % TYPES, horizon)


def random_history(game, episodes, stages, seed=0):
    """Return actions (stages, 2, episodes) as the engine hands them over."""
    return np.random.default_rng(seed).integers(game.n_actions, size=(stages, 2, episodes)).astype(np.uint8)


def test_the_policy_is_a_distribution_after_any_history(strategy, game, agent):
    seat = sit(strategy, game, agent)
    for own, other in random_history(game, 30, HORIZON):
        policy = seat.policy()
        assert policy.shape == (game.n_actions, 30)
        assert policy.min() >= 0
        np.testing.assert_allclose(policy.sum(axis=0), 1, atol=1e-12)
        seat.observe(own, other)


OWN_ODDS = ["Hedge", "Hedge slow", "Hedge rate 0", "Imitator", "Imitator for two stages"]


def test_every_seat_with_odds_of_its_own_is_tested_for_them():
    seats = {}
    for n in (2, 3):
        game = sc.games.random_game(n, TYPES, 0)
        seats |= {(n, name): type(sit(make(game), game, 0)) for name, make in STRATEGIES.items()}
    tested = {seats[n, name] for n in (2, 3) for name in OWN_ODDS}
    assert {kind for kind in seats.values() if kind.odds is not sc.Seat.odds} == tested


@pytest.mark.parametrize("case", [(n, name) for n in (2, 3) for name in OWN_ODDS], ids=shown, indirect=True)
def test_the_odds_are_the_policy_up_to_a_factor(strategy, game, agent):
    seat = sit(strategy, game, agent)
    for own, other in random_history(game, 30, HORIZON):
        odds = seat.odds()
        np.testing.assert_allclose(odds / odds.sum(axis=0), seat.policy(), atol=1e-12)
        seat.observe(own, other)


def test_asking_for_the_policy_changes_nothing(strategy, game, agent):
    asked, silent = sit(strategy, game, agent), sit(strategy, game, agent)
    for own, other in random_history(game, 30, HORIZON - 1):
        asked.policy()
        asked.policy()
        asked.observe(own, other)
        silent.observe(own, other)
    np.testing.assert_array_equal(asked.policy(), silent.policy())


def test_taking_commutes_with_observing(strategy, game, agent):
    chosen = np.array([7, 7, 0, 29, 3])
    for before in range(HORIZON):
        whole = sit(strategy, game, agent)
        history = random_history(game, 30, HORIZON - 1, seed=before)
        for own, other in history[:before]:
            whole.observe(own, other)
        part = whole.take(chosen)
        for own, other in history[before:]:
            whole.observe(own, other)
            part.observe(own[chosen], other[chosen])
        np.testing.assert_allclose(part.policy(), whole.policy()[:, chosen], atol=1e-14)
        np.testing.assert_array_equal(part.state(), whole.state()[:, chosen])


def test_episodes_do_not_influence_each_other(strategy, game, agent):
    together = sit(strategy, game, agent, episodes=6)
    alone = [strategy.seat(game, agent, np.array([k % TYPES]), HORIZON) for k in range(6)]
    for own, other in random_history(game, 6, HORIZON - 1):
        together.observe(own, other)
        for k, seat in enumerate(alone):
            seat.observe(own[k : k + 1], other[k : k + 1])
    policies = np.concatenate([seat.policy() for seat in alone], axis=1)
    np.testing.assert_allclose(together.policy(), policies, atol=1e-14)


def test_what_a_copy_sees_does_not_reach_the_original(strategy, game, agent):
    seat = sit(strategy, game, agent, episodes=6)
    first, second, third = random_history(game, 6, 3)
    seat.observe(*first)
    policy, state = seat.policy().copy(), seat.state().copy()
    for chosen in ([0, 1, 2, 3, 4, 5], [2, 2, 2], []):
        copy = seat.take(np.array(chosen, dtype=int))
        for own, other in (second, third):
            copy.observe(own[chosen], other[chosen])
            assert copy.policy().shape == (game.n_actions, len(chosen))
        np.testing.assert_array_equal(seat.policy(), policy)
        np.testing.assert_array_equal(seat.state(), state)


def test_what_the_original_sees_does_not_reach_a_copy(strategy, game, agent):
    seat = sit(strategy, game, agent, episodes=6)
    copy = seat.take(np.arange(6))
    policy = copy.policy().copy()
    for own, other in random_history(game, 6, 2):
        seat.observe(own, other)
    np.testing.assert_array_equal(copy.policy(), policy)


def test_the_actions_observed_are_not_changed(strategy, game, agent):
    seat = sit(strategy, game, agent)
    for own, other in random_history(game, 30, 2):
        kept = own.copy(), other.copy()
        seat.observe(own, other)
        seat.policy()
        np.testing.assert_array_equal((own, other), kept)


def test_equal_states_have_equal_futures(strategy, game, agent):
    """In pairs of episodes with one type, whenever the states are equal the next policies are as well."""
    episodes = 240
    for before in range(HORIZON):
        seat = sit(strategy, game, agent, episodes)
        for own, other in random_history(game, episodes, before, seed=before):
            seat.observe(own, other)
        states = np.round(seat.state(), 9) + 0.0
        first, kind = np.zeros(1, int), np.zeros(episodes, int)
        if len(states):
            _, first, kind = np.unique(states, axis=1, return_index=True, return_inverse=True)
            kind = kind.ravel()
        later = random_history(game, kind.max() + 1, HORIZON - 1 - before, seed=99)  # the same for all of one kind
        for own, other in [*later, (None, None)]:
            policy = seat.policy()
            np.testing.assert_allclose(policy, policy[:, first[kind]], atol=1e-8)
            if own is not None:
                seat.observe(own[kind], other[kind])


def test_the_same_seed_gives_the_same_play(strategy, game):
    one, two = (sc.play(strategy, strategy, game, (0, 2), HORIZON, 20, seed=8).actions for _ in range(2))
    np.testing.assert_array_equal(one, two)


class Recorder(sc.Strategy):
    """Plays 0 and keeps what it was told."""

    def __init__(self):
        self.told = []

    def seat(self, game, agent, types, horizon):
        self.told.append((agent, types.copy(), horizon))
        return sc.Fixed(0).seat(game, agent, types, horizon)


def test_the_engine_tells_a_strategy_its_own_types_only():
    recorder, types = Recorder(), np.array([[0, 2], [1, 2], [2, 0]])
    sc.play(recorder, recorder, sc.games.random_game(2, TYPES, 0), types, 5, 3, seed=0)
    (role1, types1, horizon1), (role2, types2, horizon2) = recorder.told
    assert (role1, role2, horizon1, horizon2) == (0, 1, 5, 5)
    assert types1.tolist() == [0, 1, 2]
    assert types2.tolist() == [2, 2, 0]


def test_a_repr_can_be_read_back(strategy):
    if isinstance(strategy, sc.strategies.Tabular) or "Imit" in repr(strategy):  # they hold data
        assert repr(strategy).startswith(f"{type(strategy).__name__}(")
    else:
        assert repr(eval(repr(strategy), vars(sc) | vars(sc.strategies) | vars(sc.commit))) == repr(strategy)


def test_with_one_action_every_strategy_takes_it():
    game, types = sc.games.random_game(1, TYPES, seed=1, levels=3), np.indices((TYPES, TYPES)).reshape(2, -1).T
    # there is no announcing three types, nor a word beside walking away, nor one of two letters
    for name in (name for name in STRATEGIES if not re.search("onvention|odebook|SecretCode", name)):
        play = sc.play(*[STRATEGIES[name](game)] * 2, game, types, HORIZON, len(types), seed=0)
        assert not play.actions.any(), name
        for agent in (0, 1):
            seat = sit(STRATEGIES[name](game), game, agent)
            for own, other in random_history(game, 30, HORIZON - 1):
                seat.observe(own, other)
            assert (seat.policy() == 1).all(), name
            assert (seat.take(np.array([7, 7, 0])).policy() == 1).all(), name


# --- each strategy by the book


@pytest.mark.parametrize(
    ("strategy", "textbook"),
    [
        (sc.Hedge(), oracles.hedge),
        (sc.Hedge(0.7), lambda table, horizon, history: oracles.hedge(table, horizon, history, rate=0.7)),
        (sc.Hedge(30), lambda table, horizon, history: oracles.hedge(table, horizon, history, rate=30)),
        (sc.RegretMatching(), oracles.regret_matching),
        (sc.FictitiousPlay(), oracles.fictitious_play),
        (sc.TitForTat(), oracles.tit_for_tat),
        (sc.GrimTrigger(), oracles.grim_trigger),
    ],
    ids=lambda value: getattr(value, "__name__", repr(value)),  # no addresses: names are the same in all processes
)
@pytest.mark.parametrize("n_actions", [2, 3, 4])
@pytest.mark.parametrize("levels", [None, 2])
def test_a_strategy_follows_its_textbook_formula(strategy, textbook, n_actions, levels):
    game, horizon = sc.games.random_game(n_actions, TYPES, 5, levels), 12
    history = random_history(game, TYPES, horizon, seed=n_actions)
    seat = strategy.seat(game, 0, np.arange(TYPES), horizon)
    for t in range(horizon):
        for own_type in range(TYPES):
            past = [(int(own[own_type]), int(other[own_type])) for own, other in history[:t]]
            expected = textbook(game.payoffs[own_type], horizon, past)
            np.testing.assert_allclose(seat.policy()[:, own_type], expected, atol=1e-9)
        seat.observe(*history[t])


def drive(strategy, game, other, own=None, horizon=None):
    """Return the policies (stages + 1, N) of one episode in which the other side plays ``other``."""
    other = np.asarray(other)
    own = np.zeros_like(other) if own is None else np.asarray(own)
    seat = strategy.seat(game, 0, np.array([0]), len(other) + 1 if horizon is None else horizon)
    policies = [seat.policy()[:, 0].copy()]
    for mine, theirs in zip(own, other, strict=True):
        seat.observe(np.array([mine], dtype=np.uint8), np.array([theirs], dtype=np.uint8))
        policies.append(seat.policy()[:, 0].copy())
    return np.array(policies)


@pytest.mark.parametrize("rate", [0, 5e-324, 1e-300, 1e-12, 700, 1e6, 1e300, 1.7e308])
def test_hedge_stays_a_distribution_at_any_rate(rate):
    other = np.random.default_rng(0).integers(3, size=500)
    with np.errstate(all="raise", under="ignore"):
        policies = drive(sc.Hedge(rate), sc.games.random_game(3, 1, 1), other)
    assert np.isfinite(policies).all()
    np.testing.assert_allclose(policies.sum(axis=1), 1, atol=1e-12)


@pytest.mark.parametrize("rate", [0.5, 2, 50, 1e4])
def test_hedge_loses_no_action_for_ever(rate):
    policies = drive(sc.Hedge(rate), sc.games.coordination(2), [0] * 1500 + [1] * 1600)
    assert policies[1500][0] > 0.99
    assert policies[-1][1] > 0.99


def test_hedge_does_not_look_at_its_own_actions():
    other = np.random.default_rng(0).integers(2, size=20)
    game = sc.games.stag_hunt()
    np.testing.assert_array_equal(drive(sc.Hedge(), game, other), drive(sc.Hedge(), game, other, own=1 - other))


def test_regret_matching_is_uniform_without_regret_and_pure_after_one_clear_stage():
    policies = drive(sc.RegretMatching(), sc.games.coordination(3), [2])
    np.testing.assert_allclose(policies, [[1 / 3] * 3, [0, 0, 1]])


def test_regret_matching_takes_rounding_for_no_regret():
    game = sc.Game([[0.3, 0.3], [0.3 + 2e-16, 0.3 + 2e-16]])  # equal but for the last bits
    np.testing.assert_allclose(drive(sc.RegretMatching(), game, [0, 1, 0]), 0.5)


def test_fictitious_play_breaks_ties_towards_the_first_action_even_after_rounding():
    policies = drive(sc.FictitiousPlay(), sc.games.coordination(2), [1, 0, 1])
    assert policies.argmax(axis=1).tolist() == [0, 1, 0, 1]
    # .1 + .2 and .3 differ as floats
    tie = sc.Game([[0.3, 0, 0], [0.1, 0.2, 0], [0, 0, 0]])
    assert drive(sc.FictitiousPlay(), tie, [0, 1]).argmax(axis=1)[-1] == 0


def test_tit_for_tat_repeats_the_other_side():
    policies = drive(sc.TitForTat(opening=1), sc.games.prisoners_dilemma(), [0, 0, 1, 0])
    assert policies.argmax(axis=1).tolist() == [1, 0, 0, 1, 0]


def test_grim_trigger_never_forgives_and_never_punishes_itself():
    game = sc.games.prisoners_dilemma()
    assert drive(sc.GrimTrigger(), game, [0, 1, 0, 0]).argmax(axis=1).tolist() == [0, 0, 1, 1, 1]
    assert drive(sc.GrimTrigger(), game, [0, 0], own=[1, 1]).argmax(axis=1).tolist() == [0, 0, 0]
    assert drive(sc.GrimTrigger(1, 0), game, [1, 0, 1]).argmax(axis=1).tolist() == [1, 1, 0, 0]


def test_a_script_starts_again_without_a_fallback():
    policies = drive(sc.Scripted([0, 1, 1]), sc.games.coordination(2), [0] * 6)
    assert policies.argmax(axis=1).tolist() == [0, 1, 1, 0, 1, 1, 0]


def test_a_fallback_starts_afresh_with_the_horizon_that_is_left():
    game, other = sc.games.stag_hunt(), [0, 1, 1, 0, 1, 0]
    whole = drive(sc.Scripted([1, 1], fallback=sc.Hedge()), game, other, horizon=7)
    np.testing.assert_allclose(whole[2:], drive(sc.Hedge(), game, other[2:], horizon=5))


def test_a_script_longer_than_the_horizon_is_cut():
    play = sc.play(sc.Scripted([0, 1, 0], sc.Hedge()), sc.Fixed(0), sc.games.coordination(2), (0, 0), 2, seed=0)
    assert play.actions[:, 0, 0].tolist() == [0, 1]


def test_a_script_per_type_follows_the_own_type():
    script = sc.Scripted([[0, 0], [0, 1], [1, 0]])
    game = sc.games.random_game(2, TYPES, 0)
    play = sc.play(sc.Fixed(0), script, game, [[0, 0], [0, 1], [0, 2]], 2, 3, seed=0)
    assert play.actions[:, 1].T.tolist() == [[0, 0], [0, 1], [1, 0]]


def test_a_signal_announces_its_type_then_answers_the_first_action_for_ever():
    game, signal = sc.games.random_game(3, 2, 0), sc.strategies.Signal([2, 0], [1, 2, 0])
    play = sc.play(signal, sc.Scripted([1, 0, 2, 1]), game, [[0, 0], [1, 0]], 4, 2)
    assert play.actions[:, 0].T.tolist() == [[2, 2, 2, 2], [0, 2, 2, 2]]
    both = sc.play(signal, signal, game, (0, 1), 3)
    assert both.actions[:, :, 0].T.tolist() == [[2, 1, 1], [0, 0, 0]]


def test_a_strategy_by_role_is_the_first_for_the_ai_and_the_second_for_the_partner():
    game, both = sc.games.stag_hunt(), sc.strategies.ByAgent(sc.Fixed(0), sc.Hedge())
    assert (
        sc.play(both, sc.strategies.ByAgent(sc.Hedge(), sc.Fixed(1)), game, (0, 0), 2).actions[:, :, 0].tolist()
        == [[0, 1]] * 2
    )
    assert both.certificate(game, 100, 0.4) == 1
    assert sc.strategies.ByAgent(sc.RegretMatching(), sc.Hedge()).certificate(game, 100, 0.4) == max(
        learner.certificate(game, 100, 0.4) for learner in (sc.RegretMatching(), sc.Hedge())
    )


def test_a_table_reads_the_ais_action_as_the_first_digit():
    tables = [np.full((1, 1, 2), 0.5), np.array([[[1.0, 0], [0, 1], [1, 0], [0, 1]]])]  # repeat the partner's action
    game = sc.games.coordination(2)
    for a, b in ((0, 1), (1, 0)):
        as_ai = sc.play(sc.strategies.Tabular(tables), sc.Fixed(b), game, (0, 0), 2, 50, seed=a).actions
        assert (as_ai[1, 0] == b).all()
        as_partner = sc.play(sc.Fixed(a), sc.strategies.Tabular(tables), game, (0, 0), 2, 50, seed=a).actions
        np.testing.assert_array_equal(as_partner[1, 1], as_partner[0, 1])


@pytest.mark.parametrize(
    ("strategy", "argument"),
    [
        (sc.Fixed(2), "mixed"),
        (sc.Fixed([0.5, 0.25, 0.25]), "mixed"),
        (sc.Fixed([[0.5, 0.5], [0.5, 0.5]]), "mixed"),
        (sc.Scripted([0, 2]), "actions"),
        (sc.Scripted([[0], [1]]), "actions"),
        (sc.TitForTat(2), "opening"),
        (sc.GrimTrigger(2, 0), "cooperate"),
        (sc.GrimTrigger(0, 2), "punish"),
        (sc.Convention(code=[[0], [1]]), "code"),
        (sc.Convention(code=[[2]]), "code"),
        (sc.strategies.Signal([0, 1], [0, 1]), "code"),
        (sc.strategies.Signal([2], [0, 1]), "code"),
        (sc.strategies.Signal([0], [0]), "answer"),
        (sc.strategies.Signal([0], [0, 2]), "answer"),
        (sc.strategies.ByAgent(sc.Fixed(2), sc.Hedge()), "mixed"),
        (sc.Population([sc.Hedge(), sc.Fixed(2)]), "mixed"),
        (sc.strategies.Tabular([]), "tables"),
        (sc.strategies.Tabular([[[[0.5, 0.5]]]]), "tables"),
    ],
    ids=repr,
)
def test_a_strategy_that_does_not_fit_the_game_says_which_argument(strategy, argument):
    with pytest.raises(ValueError, match=argument):
        sc.play(strategy, sc.Fixed(0), sc.games.coordination(2), (0, 0), 2)


@pytest.mark.parametrize("rate", [10, 1000])
def test_hedge_at_any_rate_follows_its_formula(rate):
    game = sc.games.matching_pennies()
    seat = sc.Hedge(rate).seat(game, 0, np.zeros(1, dtype=int), 200)
    for action in [0] * 100 + [1] * 80:
        seat.observe(np.array([0]), np.array([action]))
    np.testing.assert_allclose(seat.policy()[:, 0], [1, 0], atol=1e-12)
    for _ in range(20):
        seat.observe(np.array([0]), np.array([1]))
    np.testing.assert_allclose(seat.policy()[:, 0], [0.5, 0.5], atol=1e-9)


def test_hedge_at_a_huge_rate_has_the_exact_worst_partner():
    found = [sc.consistency(sc.Hedge(1000), sc.games.coordination(2), 3, epsilon).failure for epsilon in (0.4, 0.1)]
    np.testing.assert_allclose(found, [0.25, 0.75])


class Dominant(sc.Strategy):
    """Always plays its first action, and knows that it never regrets it where that one is dominant."""

    def seat(self, game, agent, types, horizon):
        return sc.Fixed(0).seat(game, agent, types, horizon)

    def certificate(self, game, horizon, epsilon):
        return 0.0


@pytest.mark.parametrize("epsilon", [0.0, 0.3, 0.49, 0.5, 0.8])
def test_a_script_certifies_nothing_that_it_may_have_lost_itself(epsilon):
    """Five stages of a dominated action cost 5 of 10, whatever comes then."""
    game, script = sc.Game([[1, 1], [0, 0]]), sc.Scripted([1] * 5, fallback=Dominant())
    (exact,) = sc.social.worst_failures(script, game, 10, [epsilon])
    assert exact == (epsilon < 0.5)
    assert script.certificate(game, 10, epsilon) == exact
