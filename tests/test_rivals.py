"""Rivals: everybody on the same records and with the same partners, whoever else is there, and a file that goes on."""

import json
import subprocess
import sys
from itertools import product

import numpy as np
import pytest
from scipy.stats import t, ttest_rel

import socialcoop as sc

GAME = sc.games.team_lead()
TYPES = np.array([[0.1, 0.4], [0.2, 0.3]])
PEOPLE = sc.Population([sc.Hedge(2), sc.Convention()], [0.4, 0.6])
PROBLEM = sc.SocialLearningProblem(GAME, PEOPLE, 6, TYPES)
SMALL = {"plays": 24, "datasets": 3, "n_jobs": 1}


class Spy(sc.Strategy):
    """Plays as another does, and notes which types it got on which side, and what was played."""

    def __init__(self, followed, notes):
        self.followed, self._notes = followed, notes

    def seat(self, game, agent, types, horizon):
        notes = {"agent": agent, "types": types.tolist(), "horizon": horizon, "seen": []}
        self._notes.append(notes)
        return _SpySeat(self.followed.seat(game, agent, types, horizon), notes["seen"])


class _SpySeat(sc.Seat):
    inner = ("followed",)

    def __init__(self, followed, seen):
        super().__init__(followed.game, followed.episodes)
        self.followed, self.seen = followed, seen

    def policy(self):
        return self.followed.policy()

    def observe(self, own, other):
        self.seen.append((own.tolist(), other.tolist()))
        self.followed.observe(own, other)


def some(records):
    table = sc.Imitator(records)
    return {"copies": table, "commits": sc.ThenCommit(table, 2), "chance": sc.Fixed([0.5, 0.5])}


# --- the same for everybody


def test_all_meet_the_same_partners_and_are_trained_on_the_same_records():
    notes, given = [], []

    def trained(records):
        given.append(records)
        assert type(records) is sc.Dataset
        return {name: Spy(ai, notes) for name, ai in some(records).items()}

    met = []
    found = sc.rivals(PROBLEM, trained, [2, 5], partner=Spy(sc.Hedge(), met), **SMALL)
    assert found.assistants == ("copies", "commits", "chance")
    assert found.episodes == (2, 5)
    assert found.earned.shape == (3, 2, 3)
    assert [records.episodes for records in given] == [2, 2, 2, 5, 5, 5]  # once for all three
    assert {records.horizon for records in given} == {6}
    assert all(one != two for k, one in enumerate(given) for two in given[:k])
    assert [note["agent"] for note in notes + met] == [0] * 18 + [1] * 18
    assert all(len(note["types"]) == 8 and note["horizon"] == 6 for note in notes + met)
    cells = [(notes[k : k + 3], met[k : k + 3]) for k in range(0, 18, 3)]
    for ours, theirs in cells:
        assert ours[0]["types"] == ours[1]["types"] == ours[2]["types"]
        assert theirs[0]["types"] == theirs[1]["types"] == theirs[2]["types"]
        firsts = [each["seen"][0] for each in theirs]  # what the partner does before anybody could make a difference
        assert firsts[0][0] == firsts[1][0] == firsts[2][0]
    assert len({json.dumps([ours[0]["types"], theirs[0]["types"]]) for ours, theirs in cells}) == 6
    for (name, size), (ours, theirs) in zip(product(range(2), range(3)), cells, strict=True):
        for row in range(3):
            paid = [
                GAME.payoffs[theirs[row]["types"][k], yours[k], mine[k]]
                for mine, yours in ours[row]["seen"]
                for k in range(8)
            ]
            assert found.earned[row, name, size] == pytest.approx(np.mean(paid), abs=1e-12)


@pytest.mark.parametrize("each", [1, 7, 40])
def test_types_come_as_often_as_the_problem_says(each):
    """In each cell to the nearest episode; over 400 of them within 5 standard errors, and in no order."""
    types = np.array([[0.13, 0.4], [0.0, 0.47]])
    problem = sc.SocialLearningProblem(GAME, sc.Fixed(0), 1, types)
    ours, theirs = [], []
    sc.rivals(problem, lambda _: {"a": Spy(sc.Fixed(0), ours)}, [0], partner=Spy(sc.Fixed(0), theirs),
              plays=400 * each, datasets=400, n_jobs=1)  # fmt: skip
    cells = [list(zip(one["types"], two["types"], strict=True)) for one, two in zip(ours, theirs, strict=True)]
    assert [len(cell) for cell in cells] == [each] * 400
    for pair, chance in np.ndenumerate(types):
        for cell in cells:
            assert np.floor(each * chance - 1e-9) <= cell.count(pair) <= np.ceil(each * chance + 1e-9)
        error = 5 * np.sqrt(chance * (1 - chance) / 400)  # or less, with more episodes in each
        assert abs(np.mean([cell.count(pair) for cell in cells]) / each - chance) <= error
        assert abs(np.mean([cell[0] == pair for cell in cells]) - chance) <= error
        assert abs(np.mean([cell[-1] == pair for cell in cells]) - chance) <= error


def test_twins_earn_the_same_whoever_plays_between_them():
    def trained(records):
        return {"one": sc.Fixed([0.5, 0.5]), "guesses": PEOPLE, "two": sc.Fixed([0.5, 0.5]), **some(records)}

    found = sc.rivals(PROBLEM, trained, [0, 3], **SMALL)
    np.testing.assert_array_equal(found.earned[0], found.earned[2])
    np.testing.assert_array_equal(found.earned[0], found.earned[found.assistants.index("chance")])
    assert (found.earned[0] != found.earned[1]).any()
    assert len(np.unique(found.earned[0])) == 6


def test_it_does_not_matter_who_else_is_there_nor_in_which_order():
    whole = sc.rivals(PROBLEM, some, [1, 4], **SMALL)
    for row, name in enumerate(whole.assistants):
        alone = sc.rivals(PROBLEM, lambda records, name=name: {name: some(records)[name]}, [1, 4], **SMALL)
        np.testing.assert_array_equal(alone.earned[0], whole.earned[row])
    other = sc.rivals(PROBLEM, lambda records: dict(reversed(some(records).items())), [1, 4], **SMALL)
    assert other.assistants == whole.assistants[::-1]
    np.testing.assert_array_equal(other.earned[::-1], whole.earned)


def test_it_does_not_matter_how_the_work_is_split():
    def trained(records):  # made here, so that other processes get it whole
        table = sc.Imitator(records)
        return {"copies": table, "commits": sc.ThenCommit(table, 2), "chance": sc.Fixed([0.5, 0.5])}

    one, two = (sc.rivals(PROBLEM, trained, [1, 4], **SMALL | {"n_jobs": jobs}) for jobs in (1, 2))
    np.testing.assert_array_equal(one.earned, two.earned)


def test_a_cell_depends_on_its_own_numbers_alone():
    whole = sc.rivals(PROBLEM, some, [1, 4], **SMALL)
    longer = sc.rivals(PROBLEM, some, [7, 4, 0], **SMALL | {"plays": 40, "datasets": 5})
    np.testing.assert_array_equal(longer.earned[:, 1, :3], whole.earned[:, 1])
    again = sc.rivals(PROBLEM, some, [1, 4], **SMALL, seed=0)
    np.testing.assert_array_equal(again.earned, whole.earned)
    other = sc.rivals(PROBLEM, some, [1, 4], **SMALL, seed=1)
    assert (other.earned != whole.earned).mean() > 0.9


def test_by_default_they_meet_members():
    found, members, others = (sc.rivals(PROBLEM, some, [3], partner=partner, **SMALL)
                              for partner in (None, PEOPLE, sc.Fixed(0)))  # fmt: skip
    np.testing.assert_array_equal(found.earned, members.earned)
    assert (found.earned != others.earned).any()


def test_what_is_earned_is_what_is_to_be_expected():
    """The mean over 40 datasets of 100 episodes is within 5 standard errors of the sum over all histories."""
    ai = sc.Fixed([0.3, 0.7])
    found = sc.rivals(PROBLEM, lambda _: {"a": ai}, [0], plays=4000, datasets=40, n_jobs=1)
    pays = {types: sc.expected_payoffs(ai, PEOPLE, GAME, types, 6)[1] / 6 for types in np.ndindex(2, 2)}
    exact = sum(TYPES[types] * pay for types, pay in pays.items())
    error = found.earned.std(ddof=1) / np.sqrt(40)
    assert error < 0.01
    assert abs(found.means()[0, 0] - exact) < 5 * error


@pytest.mark.parametrize(("plays", "datasets", "each"), [(24, 3, 8), (25, 3, 9), (3, 3, 1), (2, 2, 1)])
def test_plays_are_shared_out_among_the_datasets(plays, datasets, each):
    notes = []
    sc.rivals(PROBLEM, lambda _: {"a": Spy(sc.Fixed(0), notes)}, [1], plays=plays, datasets=datasets, n_jobs=1)
    assert [len(note["types"]) for note in notes] == [each] * datasets


def test_everything_by_hand():
    """Partners like tone 1, and all play 1 but the constant 0."""
    problem = sc.SocialLearningProblem(GAME, sc.Fixed(1), 3, [[0, 0], [0, 1]])
    found = sc.rivals(problem, lambda data: {"copies": sc.Imitator(data), "0": sc.Fixed(0)}, [2], **SMALL)
    ones, mixed = GAME.payoffs[1, 1, 1], GAME.payoffs[1, 1, 0]
    assert ones != mixed
    np.testing.assert_allclose(found.earned, [[[ones] * 3], [[mixed] * 3]])


# --- what is told of it


@pytest.fixture
def told():
    return sc.comparison.Rivals(("a", "b", "c"), (5, 20), np.random.default_rng(0).random((3, 2, 7)))


@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
def test_intervals_are_students_and_margins_are_in_pairs(told, confidence):
    for (row, one), (column, size) in product(enumerate("abc"), enumerate((5, 20))):
        sample = told.earned[row, column]
        exact = t.interval(confidence, 6, sample.mean(), sample.std(ddof=1) / np.sqrt(7))
        np.testing.assert_allclose(told.interval(one, size, confidence), exact)
        for other_row, other in enumerate("abc"):
            if other != one:
                pairs = ttest_rel(sample, told.earned[other_row, column]).confidence_interval(confidence)
                np.testing.assert_allclose(told.margin(one, other, size, confidence), (pairs.low, pairs.high))
    assert told.interval("b", 5) == told.interval("b", 5, 0.95)
    assert told.margin("b", "c", 5) == told.margin("b", "c", 5, 0.95)
    assert told.margin("b", "b", 5) == (0, 0)


def test_margins_are_narrower_than_the_intervals_where_the_records_matter_to_both():
    luck = np.random.default_rng(1).random(9)
    found = sc.comparison.Rivals(("a", "b"), (1,), np.array([[luck + 0.1], [luck]]))
    assert found.margin("a", "b", 1) == pytest.approx((0.1, 0.1))
    assert found.margin("b", "a", 1) == pytest.approx((-0.1, -0.1))


def test_means_are_over_the_datasets(told):
    for row, column in np.ndindex(3, 2):
        assert told.means()[row, column] == pytest.approx(sum(told.earned[row, column].tolist()) / 7)


def test_a_frame_has_a_row_for_each_number(told):
    pytest.importorskip("pandas")
    frame = told.to_frame()
    assert frame.columns.to_list() == ["assistant", "episodes", "dataset", "earned"]
    assert len(frame) == 42
    for name, size, dataset, earned in frame.itertuples(index=False):
        assert earned == told.earned["abc".index(name), (5, 20).index(size), dataset]
    assert len(frame.drop_duplicates(["assistant", "episodes", "dataset"])) == 42


@pytest.mark.parametrize("names", [("a", "d", 5), ("d", "a", 5), ("a", "b", 6)])
def test_what_was_not_measured_is_refused(told, names):
    with pytest.raises(ValueError, match="must be one of"):
        told.margin(*names)


# --- what trained returns, and other arguments


def test_the_same_names_come_each_time():
    calls = []

    def trained(records):
        calls.append(records)
        return {"a": sc.Fixed(0), **({"b": sc.Fixed(0)} if len(calls) > 1 else {})}

    said = r"trained must return the same names each time, got \['a'\], and with 2 episodes \['a', 'b'\]"
    with pytest.raises(ValueError, match=said):
        sc.rivals(PROBLEM, trained, [2], **SMALL)


def test_names_may_come_in_another_order():
    def trained(records):
        pair = [("zero", sc.Fixed(0)), ("one", sc.Fixed(1))]
        return dict(pair[:: -1 if records.episodes > 1 else 1])

    found = sc.rivals(PROBLEM, trained, [1, 2], **SMALL)
    alone = sc.rivals(PROBLEM, lambda _: {"one": sc.Fixed(1)}, [1, 2], **SMALL)
    np.testing.assert_array_equal(found.earned[found.assistants.index("one")], alone.earned[0])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({}, r"trained must return strategies by name, got \{\}"),
        ([sc.Fixed(0)], r"trained must return strategies by name, got \[Fixed\(0\)\]"),
        (None, "trained must return strategies by name, got None"),
        ({"a": sc.Fixed}, r"a must be a Strategy, got .*; write Fixed\(\.\.\.\)"),
        ({"a": 0}, "a must be a Strategy, got 0"),
        ({1: sc.Fixed(0)}, "a name that trained returns must be a str, got 1"),
    ],
)
def test_what_are_no_assistants_by_name_is_refused(answer, said):
    with pytest.raises(TypeError, match=said):
        sc.rivals(PROBLEM, lambda _: answer, [2], **SMALL)


@pytest.mark.parametrize("episodes", [[], 5, "5", None, (), np.array(5)])
def test_numbers_of_records_come_in_a_list(episodes):
    with pytest.raises(TypeError, match="episodes must be a list of one or more numbers"):
        sc.rivals(PROBLEM, some, episodes, **SMALL)


def test_no_records_are_records_too():
    found = sc.rivals(PROBLEM, some, (0,), **SMALL)
    np.testing.assert_array_equal(found.earned[0], found.earned[2])  # who has nothing to copy plays by chance


def test_more_datasets_than_plays_and_no_stages_are_refused():
    with pytest.raises(ValueError, match=r"plays must be at least datasets, .*, got 2 < 3"):
        sc.rivals(PROBLEM, some, [1], plays=2, datasets=3)
    with pytest.raises(ValueError, match="problem must have at least one stage"):
        sc.rivals(sc.SocialLearningProblem(GAME, PEOPLE, 0), some, [1], **SMALL)


def test_a_bar_is_shown_if_wanted(capsys):
    for wanted in (False, True):
        sc.rivals(PROBLEM, some, [1], **SMALL, progress=wanted)
        assert ("3/3" in capsys.readouterr().err) == wanted


# --- a file that keeps what is done


def played(store, assistants, episodes=(2, 5), problem=PROBLEM, **settings):
    """Return the result with a store, and how often somebody sat down to play."""
    notes = []

    def trained(records):
        return {name: Spy(ai, notes) for name, ai in assistants(records).items()}

    return sc.rivals(problem, trained, list(episodes), store=store, **SMALL | settings), len(notes)


@pytest.mark.parametrize("kind", [str, lambda path: path])
def test_an_interrupted_run_goes_on(tmp_path, kind):
    store, calls = kind(tmp_path / "rivals.jsonl"), []

    def interrupted(records):
        calls.append(records)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return some(records)

    with pytest.raises(KeyboardInterrupt):
        played(store, interrupted)
    assert len((tmp_path / "rivals.jsonl").read_text(encoding="utf-8").splitlines()) == 4
    found, sat = played(store, some)
    assert sat == 2 * 3  # two cells were left, of three assistants
    whole, sat = played(None, some)
    assert sat == 6 * 3
    np.testing.assert_array_equal(found.earned, whole.earned)
    again, sat = played(store, some)
    assert sat == 0
    np.testing.assert_array_equal(again.earned, whole.earned)
    assert len((tmp_path / "rivals.jsonl").read_text(encoding="utf-8").splitlines()) == 6


def test_another_assistant_plays_alone_and_one_that_left_is_kept(tmp_path):
    store = tmp_path / "rivals.jsonl"
    one, sat = played(store, lambda records: {"a": sc.Imitator(records)})
    assert sat == 6
    both, sat = played(store, lambda records: {"b": sc.Fixed([0.5, 0.5]), "a": sc.Imitator(records)})
    assert sat == 6
    np.testing.assert_array_equal(both.earned[1], one.earned[0])
    lines = store.read_text(encoding="utf-8")
    for name in "ab":
        found, sat = played(store, lambda records, name=name: {name: sc.Fixed(1)})  # by its name alone
        assert sat == 0
        np.testing.assert_array_equal(found.earned[0], both.earned["ba".index(name)])
    assert store.read_text(encoding="utf-8") == lines  # which said it all before


def test_more_records_datasets_and_processes_use_what_is_there(tmp_path):
    store = tmp_path / "rivals.jsonl"
    played(store, some)
    found, sat = played(store, some, (9, 2), plays=32, datasets=4, progress=False)
    assert sat == 3 * (4 + 1)
    whole, _ = played(None, some, (9, 2), plays=32, datasets=4)
    np.testing.assert_array_equal(found.earned, whole.earned)


def changed(**parts):
    known = {"game": GAME, "people": PEOPLE, "horizon": 6, "types": TYPES} | parts
    return sc.SocialLearningProblem(**known)


def fine(rate):
    return sc.strategies.Trembling(sc.Hedge(), rate)


def on_records(seed):
    return sc.Imitator(PROBLEM.sample(30, seed))


def by_table(chance):
    return sc.strategies.Tabular([np.tile([chance, 1 - chance], (2, 4**stage, 1)) for stage in range(6)])


class Own(sc.Strategy):
    """One whose repr does not tell what it does."""

    def __init__(self, inside):
        self.does = inside

    def seat(self, game, agent, types, horizon):
        return self.does.seat(game, agent, types, horizon)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({}, {"seed": 1}),
        ({}, {"plays": 27}),
        ({}, {"partner": sc.Hedge()}),
        ({}, {"problem": changed(horizon=5)}),
        ({}, {"problem": changed(types=TYPES.T)}),
        ({}, {"problem": changed(game=sc.games.team_lead(compromise=0.51))}),
        ({}, {"problem": changed(people=sc.Population(PEOPLE.members, [0.4 + 1e-9, 0.6 - 1e-9]))}),
        ({"partner": fine(0.1234567)}, {"partner": fine(0.1234568)}),
        ({"partner": on_records(1)}, {"partner": on_records(2)}),
        ({"partner": by_table(0.5)}, {"partner": by_table(0.6)}),
        ({"partner": Own(sc.Fixed(0))}, {"partner": Own(sc.Fixed(1))}),
        ({"problem": changed(people=Own(on_records(1)))}, {"problem": changed(people=Own(on_records(2)))}),
    ],
)
def test_results_with_other_settings_are_not_used(tmp_path, before, now):
    """Also where both look alike: a repr rounds, and says of records and tables how large they are."""
    store = tmp_path / "rivals.jsonl"
    played(store, some, **before)
    found, sat = played(store, some, **now)
    assert sat == 18
    np.testing.assert_array_equal(found.earned, played(None, some, **now)[0].earned)
    for settings in (before, now):
        assert played(store, some, **settings)[1] == 0  # both are there now


@pytest.mark.parametrize(
    "make",
    [lambda: on_records(1), lambda: Own(sc.Population([fine(0.1), by_table(0.3)])), lambda: sc.Convention()],
)
def test_a_partner_made_anew_is_the_same_also_once_it_has_played(tmp_path, make):
    store, partner = tmp_path / "rivals.jsonl", make()
    played(store, some, partner=partner)
    for again in (partner, make()):
        sc.play(again, again, GAME, (0, 1), 6, seed=0)
        assert played(store, some, partner=again)[1] == 0


def test_it_goes_on_in_another_process(tmp_path):
    """Nothing in the mark of the settings may be a place in memory, or depend on how Python hashes text."""
    code = f"""
import socialcoop as sc
notes = []
class Noted(sc.Strategy):
    def seat(self, *told):
        notes.append(told)
        return sc.Fixed(0).seat(*told)
people = sc.Population([sc.Hedge(2), sc.Convention(), sc.Scripted([0, 1], fallback=sc.RegretMatching())])
problem = sc.SocialLearningProblem(sc.games.team_lead(), people, 6)
partner = sc.Imitator(problem.sample(20, seed=1), unseen=sc.Codebook(1))
sc.rivals(problem, lambda data: {{"a": Noted()}}, [2], partner=partner, store={str(tmp_path / "s")!r}, n_jobs=1)
print(len(notes))
"""
    sat = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
        for _ in range(2)
    ]
    assert [int(run.stdout) for run in sat] == [5, 0]


GOOD = {"settings": "x", "episodes": 2, "dataset": 0, "earned": {"a": 0.5}}
BAD = ["", "{", "3", "null", "[]", '"text"', "\xff", json.dumps(GOOD)[:-3], json.dumps(GOOD) + json.dumps(GOOD)]
BAD += [json.dumps({name: GOOD[name] for name in GOOD if name != left_out}) for left_out in GOOD]
BAD += [json.dumps(GOOD | {"earned": value}) for value in (None, 0.5, ["a"], {"a": None}, {"a": "0.5"}, {"a": [0.5]})]
BAD += [json.dumps(GOOD | {"earned": {"a": float("nan")}}), json.dumps(GOOD | {"episodes": [2]})]


@pytest.mark.parametrize("line", BAD)
@pytest.mark.parametrize("number", [1, 3])
def test_a_broken_line_is_refused_with_its_number_before_anybody_plays(tmp_path, line, number):
    store, calls = tmp_path / "rivals.jsonl", []
    lines = [json.dumps(GOOD)] * (number - 1) + [line] + [json.dumps(GOOD)]
    store.write_bytes("".join(each + "\n" for each in lines).encode("latin-1"))
    before = store.read_bytes()
    with pytest.raises(
        ValueError, match=rf"store must hold the results of earlier runs, got line {number} of .*rivals"
    ):
        sc.rivals(PROBLEM, lambda data: calls.append(data) or some(data), [2], store=store, **SMALL)
    assert not calls
    assert store.read_bytes() == before


def test_a_place_that_cannot_be_written_to_is_found_out_before_anybody_plays(tmp_path):
    calls = []
    for place in (tmp_path / "nowhere" / "rivals.jsonl", tmp_path):
        with pytest.raises(OSError, match=r"No such file|directory|[Pp]ermission"):
            sc.rivals(PROBLEM, lambda data: calls.append(data) or some(data), [2], store=place, **SMALL)
    assert not calls


def test_what_is_kept_is_exact(tmp_path):
    store = tmp_path / "rivals.jsonl"
    found, _ = played(store, some)
    lines = [json.loads(line) for line in store.read_text(encoding="utf-8").splitlines()]
    assert len({line["settings"] for line in lines}) == 1
    for line in lines:
        column = found.episodes.index(line["episodes"])
        assert [*line["earned"]] == list(found.assistants)
        assert [*line["earned"].values()] == found.earned[:, column, line["dataset"]].tolist()
