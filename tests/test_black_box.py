"""Black boxes can be played, recorded and estimated, and are refused wherever probabilities are needed."""

import pickle

import numpy as np
import pytest

import socialcoop as sc
from socialcoop.strategies import BlackBox

GAME = sc.games.coordination(2)


def coin(game, agent, own_type, horizon, rng):
    return lambda own, other: int(rng.integers(game.n_actions))


def mirror(game, agent, own_type, horizon, rng):
    return lambda own, other: other[-1] if other else 0


def stubborn(game, agent, own_type, horizon, rng):
    """Draws one action for the whole episode."""
    habit = int(rng.integers(game.n_actions))
    return lambda own, other: habit


COIN, MIRROR, STUBBORN = BlackBox(coin), BlackBox(mirror), BlackBox(stubborn)


def frequencies(first, second, stages=4, episodes=20_000):
    """Return how often each history of the first side's actions comes up."""
    met = sc.play(first, second, GAME, (0, 0), stages, episodes, seed=1)
    number = 2 ** np.arange(stages)[::-1] @ met.actions[:, 0].astype(int)
    return np.bincount(number, minlength=2**stages) / episodes


TWINS = {  # a black box inside something, and the same with a strategy that tells its probabilities
    "alone": (COIN, sc.Fixed([0.5, 0.5])),
    "mirror": (MIRROR, sc.TitForTat()),
    "stubborn": (STUBBORN, sc.Population([sc.Fixed(0), sc.Fixed(1)])),
    "population": (
        sc.Population([COIN, MIRROR], [0.25, 0.75]),
        sc.Population([sc.Fixed([0.5, 0.5]), sc.TitForTat()], [0.25, 0.75]),
    ),
    "population of boxes": (
        sc.Population([STUBBORN, COIN, sc.Fixed(0)]),
        sc.Population([sc.Population([sc.Fixed(0), sc.Fixed(1)]), sc.Fixed([0.5, 0.5]), sc.Fixed(0)]),
    ),
    "trembling": (sc.strategies.Trembling(MIRROR, 0.3), sc.strategies.Trembling(sc.TitForTat(), 0.3)),
    "trembling population": (  # who was drawn stays it after a slip
        sc.strategies.Trembling(sc.Population([COIN, MIRROR, sc.Fixed(0)]), 0.4),
        sc.Population(
            [sc.strategies.Trembling(each, 0.4) for each in (sc.Fixed([0.5, 0.5]), sc.TitForTat(), sc.Fixed(0))]
        ),
    ),
    "population of agreements": (
        sc.Population([sc.Scripted([1, 0], fallback=COIN), sc.Fixed([0.5, 0.5]), sc.Fixed(0)]),
        sc.Population([sc.Scripted([1, 0], fallback=sc.Fixed([0.5, 0.5])), sc.Fixed([0.5, 0.5]), sc.Fixed(0)]),
    ),
    "script": (sc.Scripted([1], fallback=COIN), sc.Scripted([1], fallback=sc.Fixed([0.5, 0.5]))),
    "agreement": (sc.Convention(fallback=COIN), sc.Convention(fallback=sc.Fixed([0.5, 0.5]))),
    "mixture": (sc.ThenCommit(COIN, 2), sc.ThenCommit(sc.Fixed([0.5, 0.5]), 2)),
    "pure": (sc.ThenCommit(COIN, 2, "pure"), sc.ThenCommit(sc.Fixed([0.5, 0.5]), 2, "pure")),
    "hyperbolic": (sc.ThenCommit(COIN, 2, "hyperbolic"), sc.ThenCommit(sc.Fixed([0.5, 0.5]), 2, "hyperbolic")),
}


@pytest.mark.parametrize("name", TWINS)
def test_a_black_box_plays_like_the_strategy_that_tells_its_probabilities(name):
    partner = sc.Population([sc.Fixed([0.2, 0.8]), sc.TitForTat()])
    box, told = TWINS[name]
    law = sc.history_distribution(told, partner, GAME, (0, 0), 4)
    own = law.reshape((2, 2) * 4).sum(axis=(1, 3, 5, 7)).ravel()
    error = np.sqrt(own * (1 - own) / 20_000)
    assert (np.abs(frequencies(box, partner) - own) <= 4.5 * error + 1e-12).all()


def test_it_is_asked_once_a_stage_with_what_was_played():
    seen = []

    def watcher(game, agent, own_type, horizon, rng):
        def move(own, other):
            seen.append((agent, own_type, horizon, own, other))
            return len(own) % 2

        return move

    sc.play(sc.Fixed(1), BlackBox(watcher), sc.games.team_lead(), (0, 1), horizon=3)
    assert seen == [(1, 1, 3, (), ()), (1, 1, 3, (0,), (1,)), (1, 1, 3, (0, 1), (1, 1))]


def test_it_is_not_asked_any_more_once_it_is_not_followed():
    asked = []

    def counter(game, agent, own_type, horizon, rng):
        return lambda own, other: asked.append(own) or 0

    sc.play(sc.ThenCommit(BlackBox(counter), phase=2), sc.Fixed(1), GAME, (0, 0), horizon=9)
    once_more = [(), (0,), (0, 0)]  # after the second stage it chose for nobody
    assert asked == once_more
    sc.play(sc.Scripted([1, 1], fallback=BlackBox(counter)), sc.Fixed(1), GAME, (0, 0), horizon=2)
    assert asked == once_more


def test_the_same_seed_gives_the_same_play():
    once, again = (sc.play(COIN, STUBBORN, GAME, (0, 0), 20, 30, seed=4) for _ in range(2))
    assert once == again
    assert once != sc.play(COIN, STUBBORN, GAME, (0, 0), 20, 30, seed=5)


@pytest.mark.parametrize(("horizon", "episodes"), [(0, 3), (3, 0), (1, 1), (0, 0)])
def test_small_plays(horizon, episodes):
    assert sc.play(COIN, MIRROR, GAME, (0, 0), horizon, episodes, seed=1).actions.shape == (horizon, 2, episodes)


EXACT = {
    "histories": lambda box: sc.history_distribution(box, sc.Fixed(0), GAME, (0, 0), 3),
    "payoffs": lambda box: sc.expected_payoffs(sc.Fixed(0), box, GAME, (0, 0), 3),
    "consistency": lambda box: sc.consistency(box, GAME, 3, 0.1, method="exact"),
    "worst": lambda box: sc.social.worst_failures(box, GAME, 3, [0.1]),
    "tables": lambda box: sc.imitation.behaviour_tables(box, GAME, agent=0, phase=2),
    "tree": lambda box: sc.HistoryTree(sc.SocialLearningProblem(GAME, box, 5), phase=2),
}


@pytest.mark.parametrize("where", ["alone", "population", "trembling", "hyperbolic"])
@pytest.mark.parametrize("way", EXACT)
def test_what_needs_probabilities_says_that_there_are_none(way, where):
    box = {"alone": COIN, "population": sc.Population([sc.Hedge(), COIN])}.get(where) or TWINS[where][0]
    with pytest.raises(ValueError, match=r"BlackBox\((coin|mirror)\) draws its own chance.*policy"):
        EXACT[way](box)


def test_where_no_exact_answer_is_needed_it_is_estimated():
    found = sc.consistency(COIN, GAME, 8, 0.2, seed=1)
    exact = sc.consistency(sc.Fixed([0.5, 0.5]), GAME, 8, 0.2)
    assert found.kind == "estimate"
    assert found.interval[0] <= exact.failure
    pair = sc.compatibility(COIN, sc.Fixed(0), GAME, 8, 0.2, seed=1)
    same = sc.compatibility(sc.Fixed([0.5, 0.5]), sc.Fixed(0), GAME, 8, 0.2)
    assert pair.kinds.tolist() == [["estimate"]]
    assert pair.low[0, 0] <= same.failure[0, 0] <= pair.high[0, 0]


def test_records_of_black_boxes_can_be_imitated():
    problem = sc.SocialLearningProblem(GAME, sc.Population([MIRROR, STUBBORN]), horizon=6)
    ai = sc.ImitateThenCommit(problem.sample(50, seed=1), phase=3)
    assert sc.play(ai, problem.people, GAME, (0, 0), 6, 10, seed=2).horizon == 6


@pytest.mark.parametrize("answer", [2, -1, 0.5, "0", None, [0], True, np.nan])
def test_an_action_that_is_none_is_named(answer):
    box = BlackBox(lambda *seat: lambda own, other: answer if own else 1, name="odd")
    with pytest.raises((ValueError, TypeError), match=r"the action of BlackBox\(odd\) at stage 2"):
        sc.play(box, sc.Fixed(0), GAME, (0, 0), 3, 2)


@pytest.mark.parametrize("start", [None, 3, "coin", lambda: 0, lambda own, other, more: 0])
def test_what_is_no_function_is_refused(start):
    with pytest.raises(TypeError, match="start must"):
        BlackBox(start)
    with pytest.raises(TypeError, match=r"start must.*BlackBox\(odd\)"):
        sc.play(BlackBox(lambda *seat: start, name="odd"), sc.Fixed(0), GAME, (0, 0), 3)


def test_the_player_of_every_episode_is_looked_at():
    players = iter([lambda own, other: 0, lambda own, other: 0, lambda own: 0])
    with pytest.raises(TypeError, match=r"start must.*BlackBox\(odd\)"):
        sc.play(BlackBox(lambda *seat: next(players), name="odd"), sc.Fixed(0), GAME, (0, 0), 3, 3)


def test_it_is_a_value():
    assert BlackBox(coin) == COIN == pickle.loads(pickle.dumps(COIN))
    assert BlackBox(coin) != MIRROR
    assert repr(BlackBox(coin, name="penny")) == "BlackBox(penny)"
