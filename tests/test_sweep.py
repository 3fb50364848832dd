"""Sweeps against sums over all datasets, against plain simulation, and against themselves on other machinery."""

import doctest
import inspect
from functools import cache
from itertools import product

import joblib
import numpy as np
import pytest
from scipy.stats import binom, chisquare, t

import socialcoop as sc
from socialcoop.sweeps import _FreshData

RARE = 1e-6  # error probability of each statistical test, for any seed
COMMITS = ["mixture", "pure", "hyperbolic", "universal", "last", "imitation"]

TYPES = np.array([[0.1, 0.4], [0.2, 0.3]])
NOISY = sc.Population([sc.Hedge(2), sc.Convention(fallback=sc.TitForTat(1))], [0.4, 0.6])
PROBLEM = sc.SocialLearningProblem(sc.games.team_lead(), NOISY, 5, types=TYPES)
SHORT = sc.SocialLearningProblem(sc.games.team_lead(), NOISY, 3, types=TYPES)
THREE = sc.SocialLearningProblem(sc.games.random_game(3, 1, 0), sc.Population([sc.Hedge(3), sc.Fixed(1)]), 4)
SMALL = {"plays": 8, "datasets": 4, "n_jobs": 1}


def learner(data, commit, phase):
    """Return who is trained on the data."""
    return sc.Imitator(data) if commit == "imitation" else sc.ImitateThenCommit(data, phase, commit)


def same(one, two):
    """Return whether two sweeps found the same."""
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in ("regret", "low", "high"))


def copies(problem, count):
    """Return the same problem under many names, which makes as many cells."""
    return {str(number): problem for number in range(count)}


# --- what is measured


@cache
def single_records(phase):
    """Return every single record of the short problem as (probability, actions, types)."""
    found = []
    for types in np.ndindex(2, 2):
        chances = sc.history_distribution(NOISY, NOISY, SHORT.game, types, SHORT.horizon)
        chances = chances.sum(axis=tuple(range(phase, SHORT.horizon)))
        for path, chance in np.ndenumerate(chances):
            if chance:
                actions = np.array([divmod(joint, 2) for joint in path], dtype=np.uint8)[:, :, None]
                found.append((TYPES[types] * chance, actions, [types]))
    return found


@cache
def exact_regret(size, commit, phase, partner=NOISY):
    """Return the mean altruistic regret per stage over all datasets of 0 or 1 records and all types, by enumeration."""
    stages, total = SHORT.horizon if commit == "imitation" else phase, 0.0
    none = [(1.0, np.zeros((stages, 2, 0), dtype=np.uint8), np.zeros((0, 2), dtype=int))]
    for weight, actions, types in single_records(stages) if size else none:
        strategy = learner(sc.Dataset(actions, types, SHORT.game), commit, phase)
        for pair in np.ndindex(2, 2):
            paid = sc.expected_payoffs(strategy, partner, SHORT.game, pair, SHORT.horizon)[1] / SHORT.horizon
            total += weight * TYPES[pair] * (sc.worst_pone(SHORT.game, pair)[1] - paid)
    return total


def distance(found, datasets, confidence, exact):
    """Return by how many standard errors each mean is off; low and high say how large one is."""
    error = (found.high - found.low) / 2 / t.ppf((1 + confidence) / 2, datasets - 1)
    return np.abs(found.regret - exact) / error


def test_the_mean_is_that_over_all_datasets():
    """Within 5 standard errors over 1500 datasets, of which each of 22 misses one in 2 million."""
    for commits, phases in ((COMMITS[:-1], [1, 2]), (["imitation"], [2])):
        found = sc.sweep(SHORT, phases, [0, 1], commits, plays=2000, datasets=1500, confidence=0.9, seed=3, n_jobs=1)
        settings = product(commits, phases, [0, 1])
        exact = np.reshape([exact_regret(size, commit, phase) for commit, phase, size in settings], found.regret.shape)
        assert (distance(found, 1500, 0.9, exact) < 5).all()


def test_the_partner_may_be_a_stranger():
    """Within 5 standard errors: one in 2 million for each."""
    stranger, commits = sc.Fixed([[0.9, 0.1], [0.3, 0.7]]), ["mixture", "hyperbolic"]
    found = sc.sweep(SHORT, [2], [1], commits, partner=stranger, plays=8000, datasets=800, confidence=0.9, n_jobs=1)
    exact = [exact_regret(1, commit, 2, stranger) for commit in commits]
    assert (distance(found, 800, 0.9, np.reshape(exact, (1, 2, 1, 1))) < 5).all()


def plain_means(problem, commit, phase, size, partner, plays, datasets, rng):
    """Return the mean regret per stage with each dataset, one dataset at a time, of records of all stages."""
    means = []
    for _ in range(datasets):
        records = problem.sample(size, rng)
        strategy = learner(records, commit, phase)
        types = problem.sample_types(plays, rng)
        played = sc.play(strategy, partner, problem.game, types, problem.horizon, plays, rng)
        means.append(sc.altruistic_regret(played).mean() / problem.horizon)
    return np.array(means)


@pytest.mark.parametrize("commit", COMMITS)
@pytest.mark.parametrize(("problem", "phase", "size"), [(PROBLEM, 2, 6), (THREE, 3, 10)])
def test_the_mean_is_that_of_a_plain_simulation(problem, phase, size, commit):
    """Within 4 standard errors of the difference: one in 16 000 for each of 12."""
    found = sc.sweep(problem, [phase], [size], [commit], plays=24_000, datasets=1500, seed=4, confidence=0.9, n_jobs=1)
    plain = plain_means(problem, commit, phase, size, problem.people, 16, 150, np.random.default_rng(5))
    fast = (found.high - found.low).item() / 2 / t.ppf(0.95, 1499)
    error = np.hypot(fast, plain.std(ddof=1) / np.sqrt(150))
    assert abs(found.regret.item() - plain.mean()) < 4 * error
    # the datasets scatter alike: the ratio of variances is far from 1 only by chance, or if they were shared
    assert 0.6 < fast * np.sqrt(1500) / plain.std(ddof=1) < 1.6


@pytest.mark.parametrize("commit", COMMITS)
@pytest.mark.parametrize("size", [0, 1, 7])
def test_learners_that_play_as_one_batch_are_those_of_their_own_datasets(commit, size):
    datasets, each, phase = 5, 4, 3
    rng = np.random.default_rng(size)
    for problem in (PROBLEM, THREE):
        game, horizon = problem.game, problem.horizon
        stages = horizon if commit == "imitation" else phase
        records = problem.sample(datasets * size, rng, stages)
        blocks = [slice(d * size, (d + 1) * size) for d in range(datasets)]
        alone = [
            learner(sc.Dataset(records.actions[:, :, block], records.types[block], game), commit, phase)
            for block in blocks
        ]
        types = rng.integers(0, game.n_types, datasets * each)
        together = _FreshData(records, datasets, commit).seat(game, 0, types, horizon)
        seats = [one.seat(game, 0, types[d * each : (d + 1) * each], horizon) for d, one in enumerate(alone)]
        source = rng.integers(0, max(datasets * size, 1), datasets * each)
        for stage in range(horizon):
            separate = np.concatenate([seat.policy() for seat in seats], axis=1)
            np.testing.assert_allclose(together.policy(), separate, atol=1e-14)
            steps = rng.integers(0, game.n_actions, (2, datasets * each))
            if size and stage < stages and rng.random() < 0.8:
                steps = records.actions[stage][:, source]  # of a record, perhaps another learner's
            together.observe(*steps)
            for d, seat in enumerate(seats):
                seat.observe(*steps[:, d * each : (d + 1) * each])


def test_each_dataset_is_fresh():
    """Members of a population of two keep to one action: the regret with one record tells which one it saw."""
    population = sc.Population([sc.Fixed(0), sc.Fixed(1)], [0.3, 0.7])
    problem = sc.SocialLearningProblem(sc.games.coordination(2), population, 1)
    partner = sc.Fixed(0)
    for plays in (400, 4096 * 2):  # many datasets in a batch, or one
        datasets = 400 if plays == 400 else 2
        found = sc.sweep(
            problem, [1], [1], ["imitation"], partner=partner, plays=plays, datasets=datasets, confidence=0.5, n_jobs=1
        )
        error = (found.high - found.low).item() / 2 / t.ppf(0.75, datasets - 1)
        variance = error**2 * datasets
        mean = found.regret.item()
        # of zeros and ones: the number of ones says the mean, and the mean the variance
        assert mean * datasets == pytest.approx(round(mean * datasets))
        assert variance == pytest.approx(mean * (1 - mean) * datasets / (datasets - 1), abs=1e-12)
        low, high = binom.ppf([RARE / 2, 1 - RARE / 2], datasets, 0.7)
        assert low <= mean * datasets <= high


def test_the_types_of_every_play_are_drawn_afresh():
    """A partner that plays 0 whatever it likes owes nothing for type 0 and all for type 1; two plays in a cell."""
    game = sc.Game([[[1, 1], [0, 0]], [[0, 0], [1, 1]]])
    problem = sc.SocialLearningProblem(game, sc.Population([sc.Fixed(0)]), 1, types=[[0.3, 0.2], [0.3, 0.2]])
    found = sc.sweep(copies(problem, 200), [1], [0], plays=2, datasets=2, n_jobs=1)
    counts = [(found.regret == mean).sum() for mean in (0, 0.5, 1)]
    assert chisquare(counts, [200 * 0.36, 200 * 0.48, 200 * 0.16]).pvalue > RARE


def test_intervals_hold_the_mean_as_often_as_they_say():
    """200 cells alike, 30 datasets each, at confidence 0.9, which means that are not quite normal may miss by 0.04."""
    exact = exact_regret(1, "mixture", 2)
    found = sc.sweep(copies(SHORT, 200), [2], [1], plays=300, datasets=30, confidence=0.9, seed=8, n_jobs=1)
    held = ((found.low <= exact) & (exact <= found.high)).sum()
    assert binom.ppf(RARE / 2, 200, 0.86) <= held <= binom.ppf(1 - RARE / 2, 200, 0.94)


def test_the_interval_is_students_around_the_mean():
    one, two = (sc.sweep(PROBLEM, [2], [5], confidence=c, **SMALL) for c in (0.5, 0.99))
    np.testing.assert_array_equal(one.regret, two.regret)
    np.testing.assert_allclose((one.low + one.high) / 2, one.regret)
    ratio = (two.high - two.low) / (one.high - one.low)
    np.testing.assert_allclose(ratio, t.ppf(0.995, 3) / t.ppf(0.75, 3))


# --- shape and labels


def test_the_axes_are_problems_commits_phases_and_episodes():
    problems = {"team": PROBLEM, "three": THREE}
    found = sc.sweep(problems, [1, 2, 4], [0, 3], ["pure", "imitation"], **SMALL)
    assert isinstance(found, sc.sweeps.Sweep)
    assert found.problems == ("team", "three")
    assert found.commits == ("pure", "imitation")
    assert found.phases == (1, 2, 4)
    assert found.episodes == (0, 3)
    assert found.regret.shape == found.low.shape == found.high.shape == (2, 2, 3, 2)
    assert (found.low <= found.regret).all()
    assert (found.regret <= found.high).all()
    assert np.isfinite(found.regret).all()


def test_the_table_has_a_row_for_each_cell():
    found = sc.sweep({"team": PROBLEM, "three": THREE}, [1, 2, 4], [0, 3], ["pure", "imitation"], **SMALL)
    frame = found.to_frame()
    assert frame.shape == (24, 7)
    for (place, regret), row in zip(np.ndenumerate(found.regret), frame.to_dict("records"), strict=True):
        axes = found.problems, found.commits, found.phases, found.episodes
        named = [axis[index] for axis, index in zip(axes, place, strict=True)]
        assert list(row.values()) == [*named, regret, found.low[place], found.high[place]]


def test_a_single_problem_has_no_name_and_the_mixture_is_what_is_committed_to():
    found = sc.sweep(PROBLEM, [2], [3], **SMALL)
    assert found.problems == ("",)
    assert found.commits == ("mixture",)
    assert same(found, sc.sweep({"": PROBLEM}, [2], [3], ["mixture"], **SMALL))


def test_values_may_come_as_ranges_and_arrays():
    found = sc.sweep(PROBLEM, range(1, 3), np.array([2, 4]), np.array(["pure"]), **SMALL)
    assert (found.phases, found.episodes) == ((1, 2), (2, 4))
    assert same(found, sc.sweep(PROBLEM, [1, 2], (2, 4), ("pure",), **SMALL))


def test_every_cell_has_the_regret_of_its_own_setting():
    """Nobody owes anything in problem "a"; in "b" all records show what to play, and without one the AI is at a loss.

    Error probability: 16 independent coins at least would have to fall alike in the four cells without a record.
    """
    quiet = sc.SocialLearningProblem(sc.Game(np.zeros((2, 2))), sc.Population([sc.Fixed(0)]), 4)
    strict = sc.SocialLearningProblem(sc.games.coordination(2), sc.Population([sc.Fixed(1)]), 4)
    found = sc.sweep(
        {"a": quiet, "b": strict}, [1, 4], [0, 1], ["mixture", "imitation"], plays=16, datasets=4, n_jobs=1
    )
    assert (found.regret[0] == 0).all()
    assert (found.regret[1, :, :, 1] == 0).all()
    assert (found.regret[1, :, :, 0] > 0).all()


def test_imitation_has_no_phase():
    found = sc.sweep(PROBLEM, [1, 5], [4, 6], ["imitation"], **SMALL)
    for array in (found.regret, found.low, found.high):
        np.testing.assert_array_equal(array[:, :, 0], array[:, :, 1])


# --- the same from everywhere


GRID = ({"team": PROBLEM, "three": THREE}, [1, 3], [0, 4], COMMITS)


@cache
def in_this_process():
    return sc.sweep(*GRID, plays=40, datasets=5, seed=11, n_jobs=1)


def test_other_processes_find_the_same():
    assert same(sc.sweep(*GRID, plays=40, datasets=5, seed=11, n_jobs=2), in_this_process())


@pytest.fixture(scope="module", params=[True, False], ids=["processes", "threads"])
def cluster(request):
    """A cluster of two workers on this machine, with a client."""
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": request.param, "dashboard_address": ":0"}
    with distributed.LocalCluster(**options) as workers, distributed.Client(workers):
        yield workers


def test_a_cluster_finds_the_same(cluster):
    before = cluster.scheduler.transition_counter
    with joblib.parallel_config("dask"):
        found = sc.sweep(*GRID, plays=40, datasets=5, seed=11)
    assert cluster.scheduler.transition_counter > before  # it is the cluster that worked
    assert same(found, in_this_process())


def test_the_example_of_the_docstring_runs(cluster):
    examples = doctest.DocTestParser().get_examples(inspect.getdoc(sc.sweep))
    lines = "".join(example.source for example in examples)
    assert lines.count('"scheduler:8786"') == 1
    room = {"sc": sc, "problem": PROBLEM}
    exec(lines.replace('"scheduler:8786"', repr(cluster.scheduler_address)), room)
    room["client"].close()
    assert same(room["result"], sc.sweep(PROBLEM, [1, 2, 4], [10, 100], n_jobs=1))


def test_the_same_seed_finds_the_same_and_another_something_else():
    one, two, other = (sc.sweep(PROBLEM, [2], [3], seed=seed, **SMALL) for seed in (1, 1, 2))
    assert same(one, two)
    assert not same(one, other)


def test_a_cell_depends_on_the_seed_and_its_own_place_alone():
    one = sc.sweep({"x": PROBLEM, "y": THREE}, [1, 3], [2, 5], ["mixture", "pure"], seed=6, **SMALL)
    two = sc.sweep({"x": SHORT, "z": THREE}, [2, 3], [9, 5], ["imitation", "pure"], seed=6, **SMALL)
    np.testing.assert_array_equal(one.regret[1, 1, 1, 1], two.regret[1, 1, 1, 1])
    np.testing.assert_array_equal(one.low[1, 1, 1, 1], two.low[1, 1, 1, 1])
    assert one.regret[0, 0, 0, 0] != two.regret[0, 0, 0, 0]


def test_cells_alike_have_streams_of_their_own():
    found = sc.sweep(copies(PROBLEM, 2), [2], [3], ["mixture", "imitation"], plays=400, datasets=40, n_jobs=1)
    assert len(np.unique(found.regret)) == 4


def test_the_callers_random_numbers_are_left_alone():
    np.random.seed(3)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    sc.sweep(PROBLEM, [2], [3], **SMALL)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


# --- how many plays


def test_plays_that_do_not_go_into_the_datasets_are_rounded_up():
    one, two = (sc.sweep(PROBLEM, [2], [3], plays=plays, datasets=3, n_jobs=1) for plays in (7, 9))
    assert same(one, two)


@pytest.mark.parametrize("commit", COMMITS)
def test_more_plays_than_fit_together_are_as_good(commit):
    """Within 5 standard errors of the plays, since without data all datasets are alike: one in 2 million."""
    plays = 2 * 4096 * 2 + 2
    found = sc.sweep(SHORT, [2], [0], [commit], plays=plays, datasets=2, seed=1, n_jobs=1)
    exact = exact_regret(0, commit, 2)
    assert abs(found.regret.item() - exact) < 5 * 0.5 / np.sqrt(plays)


def test_one_play_for_each_dataset_is_enough():
    found = sc.sweep(PROBLEM, [2], [3], plays=2, datasets=2, n_jobs=1)
    assert np.isfinite(found.regret).all()


def test_a_sweep_with_many_datasets_is_cut_into_batches_without_a_trace():
    """5000 datasets of one play do not fit one batch; 5 standard errors: one in 2 million."""
    found = sc.sweep(SHORT, [1], [1], plays=5000, datasets=5000, confidence=0.9, n_jobs=1)
    exact = exact_regret(1, "mixture", 1)
    assert (distance(found, 5000, 0.9, exact) < 5).all()


# --- a bar, when asked


def test_a_bar_shows_only_when_asked(capsys):
    sc.sweep(PROBLEM, [1, 2], [3], **SMALL)
    assert capsys.readouterr() == ("", "")
    sc.sweep(PROBLEM, [1, 2], [3], progress=True, **SMALL)
    shown = capsys.readouterr()
    assert "2/2" in shown.err
    assert shown.out == ""


# --- what is refused


def test_a_phase_beyond_the_shortest_horizon_is_refused():
    with pytest.raises(ValueError, match="phases must be an integer from 1 to 3, got 4"):
        sc.sweep({"long": PROBLEM, "short": SHORT}, [2, 4], [1], **SMALL)


def test_fewer_plays_than_datasets_are_refused():
    with pytest.raises(ValueError, match=r"\bplays\b.*\bdatasets\b"):
        sc.sweep(PROBLEM, [2], [1], plays=3, datasets=4, n_jobs=1)


def test_without_problems_there_is_nothing_to_sweep():
    with pytest.raises(TypeError, match="problem must be"):
        sc.sweep({}, [2], [1], **SMALL)
