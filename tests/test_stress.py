"""Stress: at each amount it plays what plain loops play, a share is linear, and all meet the same."""

from functools import cache, partial

import numpy as np
import pytest

import socialcoop as sc

MEMBER = sc.Codebook(2, fallback=sc.Hedge())
GRIM = sc.Codebook(2)
TALKS = sc.SocialLearningProblem(sc.games.conversation(4), sc.Population([MEMBER]), 40)
ASSISTANTS = {
    "table": sc.Imitator,
    "commits": partial(sc.ImitateThenCommit, phase=4),
    "n-gram": lambda data: sc.imitation.BackOffImitator(data, 2),
    "word 1": sc.Fixed(0),
}
SIZE = {"plays": 60, "datasets": 20}


def shaky(rate):
    return {"partner": sc.strategies.Trembling(MEMBER, rate)}


def blurred(rate):
    return {"spoil": lambda dataset, rng: sc.social.misread(dataset, actions=rate, seed=rng)}


def others(rate):
    people = sc.Population([sc.strategies.Trembling(MEMBER, rate)])
    return {"problem": sc.SocialLearningProblem(TALKS.game, people, 40)}


LOOPS = {"plays": 240, "datasets": 40}


def looped(size, told, plays, datasets):
    """Return the mean and the standard error of each assistant over datasets, each with its own, in plain loops."""
    problem, means = told.get("problem", TALKS), {name: [] for name in ASSISTANTS}
    for number in range(datasets):
        records = problem.sample(size, seed=number)
        if "spoil" in told:
            records = told["spoil"](records, np.random.default_rng(number))
        for name, make in ASSISTANTS.items():
            assistant = make if isinstance(make, sc.Strategy) else make(records)
            partner = told.get("partner", problem.people)
            met = sc.play(assistant, partner, problem.game, (0, 0), problem.horizon, plays // datasets, 1000 + number)
            means[name].append(met.payoffs(1).mean())
    return {name: (np.mean(each), np.std(each) / np.sqrt(datasets)) for name, each in means.items()}


@cache
def untouched():
    return looped(30, {}, **LOOPS)


@pytest.mark.parametrize("change", [shaky, blurred, others])
def test_at_each_amount_it_is_what_plain_loops_earn(change):
    """Within five standard errors of the difference of two independent measurements."""
    amounts = [0.0, 0.3, 1.0]
    found = sc.stress(TALKS, ASSISTANTS, [30], amounts, {"it": change}, **LOOPS)
    assert found.earned.shape == (1, 1, 4, 3, 40)
    loops = [looped(30, change(part), **LOOPS) if part else untouched() for part in amounts]
    for name, row in found.means("it", 30).items():
        for part, mean, looped_over in zip(amounts, row, loops, strict=True):
            expected, error = looped_over[name]
            low, high = found.interval("it", name, 30, part)
            spread = error + (high - low) / 5 + 1e-9  # a width of an interval of 99 % is over five errors
            assert abs(mean - expected) < 5 * spread, (name, part)


def test_a_share_lies_on_the_line_between_its_ends_with_each_dataset():
    found = sc.stress(TALKS, ASSISTANTS, [5, 50], np.array([0, 0.25, 1]), {"grim": {"partner": GRIM}}, **SIZE)
    before, after = found.earned[0, :, :, 0], found.earned[0, :, :, 2]
    np.testing.assert_array_equal(before, found.whole)
    np.testing.assert_allclose(found.earned[0, :, :, 1], 0.75 * before + 0.25 * after)
    rated = sc.stress(TALKS, ASSISTANTS, [5, 50], [1.0], {"grim": lambda part: {"partner": GRIM}}, **SIZE)
    np.testing.assert_array_equal(rated.earned[0, :, :, 0], after)


def test_the_line_is_what_a_mixed_population_loses():
    """In 1200 episodes each; five standard errors of a mean of values in [0, 1] are below 0.08."""
    size = {"plays": 1200, "datasets": 30}
    line = sc.stress(TALKS, {"care": partial(ASSISTANTS["commits"], commit="careful")}, [50], [0.4],
                     {"grim": {"partner": GRIM}}, **size).means("grim", 50)["care"][0]  # fmt: skip
    mixed = sc.Population([MEMBER, GRIM], [0.6, 0.4])
    met = sc.sweep(TALKS, [4], [50], ["careful"], partner=mixed, **size, n_jobs=1).regret.item()
    assert 1 - line == pytest.approx(met, abs=0.08)
    assert 1 - line > 0.3


def test_records_partners_and_chance_are_the_same_in_all_cases_and_for_all_assistants():
    same = {"one": {}, "two": lambda part: {}, "three": {"partner": MEMBER}, "four": lambda part: {"problem": TALKS}}
    twice = {"first": sc.Imitator, "second": sc.Imitator}
    found = sc.stress(TALKS, twice, [20], [0.0, 0.5, 1.0], same, **SIZE)
    for change in same:
        np.testing.assert_array_equal(found.earned[found.changes.index(change)], found.whole[:, :, None].repeat(3, 2))
        assert found.lost(change, "first", 20, 1.0) == (0, 0)
    np.testing.assert_array_equal(found.whole[:, 0], found.whole[:, 1])


def test_types_that_are_met_are_those_of_the_change_as_often_as_they_should():
    """A guest who likes coffee meets a host who pours tea: she gets what the game says, whoever was recorded."""
    game, types = sc.games.hidden_taste(0.02), np.zeros((3, 3))
    types[0, 1] = 1
    problem = sc.SocialLearningProblem(game, sc.Fixed(0), 10, types=types)
    met = np.zeros((3, 3))
    met[0, 1:] = 0.25, 0.75
    found = sc.stress(problem, {"host": sc.Fixed(0)}, [3], [1.0], {"new": {"met_types": met}}, plays=40, datasets=10)
    paid = [game.payoffs[guest, 0, 0] for guest in (1, 2)]
    assert found.whole == pytest.approx(paid[0])
    assert found.earned == pytest.approx(0.25 * paid[0] + 0.75 * paid[1])


def test_lost_is_the_interval_of_the_differences():
    found = sc.stress(TALKS, ASSISTANTS, [20], [0.5, 1.0], {"slips": shaky}, **SIZE)
    apart = found.whole[0, 1] - found.earned[0, 0, 1, 0]
    assert found.lost("slips", "commits", 20, 0.5) == sc.social.mean_interval(apart, 0.99)
    assert found.interval("slips", "commits", 20, 0.5, 0.9) == sc.social.mean_interval(found.earned[0, 0, 1, 0], 0.9)
    for bad in (("slip", "commits", 20, 0.5), ("slips", "commit", 20, 0.5), ("slips", "commits", 21, 0.5)):
        with pytest.raises(ValueError, match="must be one of"):
            found.lost(*bad)
    with pytest.raises(ValueError, match="amount must be one of"):
        found.lost("slips", "commits", 20, 0.4)


def test_the_seed_counts_and_the_split_does_not():
    run = partial(sc.stress, TALKS, {"commits": ASSISTANTS["commits"]}, [10, 20], [0.2], {"slips": shaky}, **SIZE)
    first, again, other, split = run(seed=1), run(seed=1), run(seed=2), run(seed=1, n_jobs=2)
    assert np.array_equal(first.earned, again.earned)
    assert np.array_equal(first.earned, split.earned)
    assert not np.array_equal(first.earned, other.earned)


def test_a_change_of_any_name_is_told_from_no_change():
    found = sc.stress(TALKS, {"word 1": sc.Fixed(0)}, [5], [0.0, 1.0], {"": {"partner": sc.Fixed(3)}}, **SIZE)
    before, after = found.means("", 5)["word 1"]
    assert before > 0.5 > after


def test_many_datasets_do_not_share_a_batch():
    few = sc.stress(TALKS, {"table": sc.Imitator}, [2], [0.0], {"slips": shaky}, plays=4200, datasets=2)
    assert few.earned.shape == (1, 1, 1, 1, 2)


@pytest.mark.parametrize(
    "change", [{"partner": 3}, {"problem": TALKS.game}, {"spoil": "misread"}, {"met_types": [[0.5]]}, {"seat": MEMBER}]
)
def test_what_a_change_holds_is_checked(change):
    with pytest.raises((TypeError, ValueError), match=r"partner|problem|spoil|met_types|breaks"):
        sc.stress(TALKS, ASSISTANTS, [5], [0.5], {"it": change}, **SIZE)
