"""Players of the Axelrod library play here as they play there.

The library takes several seconds to load: only the process that runs these tests does, and when it comes to them.
"""

import doctest
import inspect
import pickle
from functools import cache
from importlib import import_module

import numpy as np
import pytest

import socialcoop as sc
from socialcoop.checks import generator
from socialcoop.strategies import from_axelrod

GAME = sc.games.prisoners_dilemma()  # (3, 0, 5, 1) / 5, the library's own
TURNS = 25


@pytest.fixture(scope="module")
def axl():
    """Return the library. Whenever it makes a player it reads the sources of the same functions: here once for all."""
    read = cache(inspect.getsource)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspect, "getsource", lambda thing: read(getattr(thing, "__func__", thing)))
        yield import_module("axelrod")


@pytest.fixture(scope="module")
def quick(axl):
    """Return the kinds of players that take no long time: those without chance, and those with it."""
    slow, chancy = (axl.Classifiers[name] for name in ("long_run_time", "stochastic"))
    kinds = [(kind, chancy(player)) for kind in axl.strategies if not slow(player := kind())]
    return [[kind for kind, by_chance in kinds if by_chance == wanted] for wanted in (False, True)]


def numbers(match, axl):
    return np.array([[action == axl.Action.D for action in pair] for pair in match], dtype=int)


def test_there_are_many_of_either_kind(axl, quick):
    certain, chancy = quick
    assert round(len(axl.strategies), -1) == 240  # as the page of one's own says
    assert len(certain) > 140
    assert len(chancy) > 60


@pytest.mark.parametrize("partner", ["TitForTat", "Alternator", "Grudger", "Defector"])
def test_players_without_chance_play_the_librarys_own_matches(partner, axl, quick):
    partner, differs = getattr(axl, partner), []
    for kind in quick[0]:
        match = axl.Match([kind(), partner()], turns=TURNS).play()
        met = sc.play(from_axelrod(kind()), from_axelrod(partner()), GAME, (0, 0), TURNS, seed=1)
        if not np.array_equal(met.actions[:, :, 0], numbers(match, axl)):
            differs.append(kind.name)
    assert not differs


def by_hand(first, second, seed, axl):
    """Play as `sc.play` does, by the library alone: the seeds of both are what its generator gives next."""
    rng = generator(seed)
    rng.random((2, 1))
    players = first(), second()
    match = axl.Match(players)
    for player in players:
        player.set_match_attributes(length=TURNS, game=axl.Game(), noise=0)
        player.set_seed(int(rng.integers(2**32)))
    return numbers([match.simultaneous_play(*players) for _ in range(TURNS)], axl)


def test_players_with_chance_play_as_in_the_library_from_the_same_seeds(axl, quick):
    differs = []
    for number, kind in enumerate(quick[1]):
        met = sc.play(from_axelrod(kind()), from_axelrod(axl.TitForTat()), GAME, (0, 0), TURNS, seed=number)
        if not np.array_equal(met.actions[:, :, 0], by_hand(kind, axl.TitForTat, number, axl)):
            differs.append(kind.name)
    assert not differs


def test_on_either_side_in_many_episodes_and_with_the_actions_turned_round(axl):
    pair = from_axelrod(axl.Grudger()), from_axelrod(axl.Alternator())
    once = sc.play(*pair, GAME, (0, 0), 9, seed=1).actions[:, :, 0]
    many = sc.play(*pair[::-1], GAME, (0, 0), 9, 5, seed=1).actions
    assert (many == once[:, ::-1, None]).all()
    turned = [from_axelrod(kind(), cooperate=1, defect=0) for kind in (axl.Grudger, axl.Alternator)]
    assert np.array_equal(sc.play(*turned, GAME, (0, 0), 9, seed=1).actions[:, :, 0], 1 - once)


def test_a_player_is_told_the_horizon_and_its_own_types_payoffs(axl):
    game = sc.Game([[[0.6, 0], [1, 0.2]], [[0.5, 0.1], [0.9, 0.3]]])
    told = []

    class Curious(axl.Cooperator):
        def strategy(self, opponent):
            told.append((self.match_attributes["length"], self.match_attributes["game"].RPST()))
            return axl.Action.C

    sc.play(sc.Fixed(0), from_axelrod(Curious()), game, (0, 1), horizon=1)
    sc.play(from_axelrod(Curious(), 1, 0), sc.Fixed(0), game, (0, 1), horizon=1)
    assert [length for length, _ in told] == [1, 1]
    assert np.allclose([payoffs for _, payoffs in told], [(2.5, 1.5, 0.5, 4.5), (1, 3, 5, 0)])


def test_the_player_that_was_given_is_left_alone(axl):
    given = axl.Grudger()
    strategy = from_axelrod(given)
    given.history.append(axl.Action.D, axl.Action.D)
    sc.play(strategy, sc.Fixed(1), GAME, (0, 0), 5)
    assert len(given.history) == 1
    assert sc.play(strategy, sc.Fixed(1), GAME, (0, 0), 2).actions[0, 0, 0] == 0


def test_a_population_of_them_can_be_recorded_and_judged(axl):
    people = sc.Population([from_axelrod(kind()) for kind in (axl.TitForTat, axl.Random, axl.WinStayLoseShift)])
    records = sc.SocialLearningProblem(GAME, people, horizon=10).sample(40, seed=1)
    assert len(records) == 40
    assert sc.consistency(people, GAME, 10, 0.1, episodes=50, seed=1).kind == "estimate"


def test_it_is_called_like_the_player_and_can_be_sent_to_other_processes(axl):
    strategy = from_axelrod(axl.Random(0.25))
    assert repr(strategy) == "BlackBox(Random: 0.25)"
    again = pickle.loads(pickle.dumps(strategy))
    assert again == strategy
    plays = [sc.play(each, sc.Fixed(0), GAME, (0, 0), 9, 3, seed=2) for each in (strategy, again)]
    assert plays[0] == plays[1]


@pytest.mark.parametrize("player", [None, "TitForTat", sc.TitForTat()])
def test_what_is_no_player_is_refused(player):
    with pytest.raises(TypeError, match=r"player must be a player of the Axelrod library"):
        from_axelrod(player)


def test_other_things_of_the_library_are_refused(axl):
    for thing in (axl.TitForTat, axl.Action.C):
        with pytest.raises(TypeError, match=r"player must be a player of the Axelrod library"):
            from_axelrod(thing)


def test_a_player_that_reads_its_partners_program_is_refused(axl):
    class Spy(axl.Cooperator):
        classifier = axl.Cooperator.classifier | {"inspects_source": True}

    with pytest.raises(ValueError, match=r"player must go by what was played.*inspects source"):
        from_axelrod(Spy())


@pytest.mark.parametrize(("cooperate", "defect"), [(0, 0), (1, 1), (0, 2), (2, 1)])
def test_other_actions_are_refused(cooperate, defect, axl):
    with pytest.raises(ValueError, match="cooperate and defect"):
        from_axelrod(axl.TitForTat(), cooperate, defect)


def test_a_game_with_more_actions_is_refused(axl):
    with pytest.raises(ValueError, match=r"game must have two actions.*got Game.*coordination"):
        sc.play(from_axelrod(axl.TitForTat()), sc.Fixed(0), sc.games.coordination(3), (0, 0), 3)


def test_the_example_runs_and_shows_what_it_says():
    tests = doctest.DocTestFinder().find(from_axelrod, "from_axelrod", globs={"np": np, "sc": sc})
    found = [doctest.DocTestRunner().run(each) for each in tests]
    assert sum(each.attempted for each in found) == 3
    assert not sum(each.failed for each in found)
