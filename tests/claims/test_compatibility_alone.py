"""The numbers and the words about them in the chapter on people who are compatible, and that is all."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from commitment_table import rows, script, told

import socialcoop as sc
from socialcoop.strategies import Seat, Strategy

TALK = sc.games.conversation(4)
GRIM = sc.Codebook(2)
KIND = sc.Codebook(2, fallback=sc.Hedge())
HORIZON = 200
TEAM = sc.SocialLearningProblem(TALK, sc.Population([GRIM]), HORIZON)


def crossing(alive, level=0.5):
    """Return the stage, between two, at which a falling curve crosses a level."""
    after = int(np.argmax(alive < level))
    return after + (alive[after - 1] - level) / (alive[after - 1] - alive[after])


# --- perfectly compatible, and not consistent


def test_who_talks_to_who_talks_earns_one_and_who_walks_away_leaves_nothing():
    np.testing.assert_array_equal(TALK.payoffs[0], np.pad(np.ones((3, 3)), (0, 1)))


def test_members_earn_one_at_every_stage_surely():
    together = sc.compatibility(GRIM, GRIM, TALK, HORIZON, epsilon=0, seed=1)
    assert together.failure.max() == 0
    play = sc.play(GRIM, GRIM, TALK, (0, 0), HORIZON, 500, seed=1)
    assert (play.payoffs(0) == 1).all()
    assert (play.payoffs(1) == 1).all()


def test_a_grim_partner_loses_199_of_200_stages_to_who_always_says_word_1_and_nothing_to_who_walks_away():
    regrets = [
        sc.external_regret(sc.play(other, GRIM, TALK, (0, 0), HORIZON, 50, seed=2), 1) / HORIZON
        for other in (sc.Fixed(3), sc.Fixed(0))
    ]
    np.testing.assert_allclose(regrets[0], 0, atol=1e-12)
    np.testing.assert_allclose(regrets[1], 0.995)


# --- how long an imitator survives


def test_ten_times_the_records_buy_three_and_a_third_stages():
    sizes = 10 ** np.arange(2, 9)
    alive = sc.bounds.survival(60, sizes, 2, 4)
    halves = [crossing(curve) for curve in alive.T]
    np.testing.assert_allclose(np.diff(halves), np.log2(10), atol=0.05)
    assert np.log2(10) == pytest.approx(3.3, abs=0.05)


@pytest.mark.parametrize("challenges", [2, 3])
def test_the_imitator_is_safe_for_about_log_k_stages_and_then_falls_off_a_cliff(challenges):
    for size in (100, 1000, 10**5, 10**8):
        alive = sc.bounds.survival(60, size, challenges, 4)
        safe = np.log(size) / np.log(challenges)
        assert alive[int(safe) - 1] > 0.8  # after that many stages
        assert alive[int(safe) - 3] > 0.99
        assert alive[int(safe) + 6] < 0.05


def test_with_one_challenge_one_record_is_everything():
    assert (sc.bounds.survival(200, [1, 100], 1, 4) == 1).all()


def test_the_number_of_actions_hardly_matters():
    sizes = [1, 10, 100, 1000]
    for challenges in (1, 2, 3):
        few, many = (sc.bounds.survival(24, sizes, challenges, n_actions) for n_actions in (4, 8))
        assert 0 <= (few - many).max() < 0.13
    few, many = (sc.bounds.survival(24, 100, 2, n_actions) for n_actions in (4, 8))
    assert np.abs(few - many).max() < 0.05
    assert 0 < crossing(few) - crossing(many) < 0.5


def test_the_figure_says_what_a_hundred_records_are_good_for_over_eight_stages():
    """Four standard errors of 1,000 simulated episodes, 200 for each of five sets of records, are less than .08."""
    update = sc.plots.survival_curve().update
    words = update(horizon=8, episodes=100, n_actions=4, challenges=2)
    assert "alive after 8 stages with probability 0.6169" in words
    assert float(words.split("; ")[1].split()[0]) == pytest.approx(0.6169, abs=0.08)


def test_the_records_for_even_odds():
    needed = {stages: sc.bounds.episodes_to_survive(0.5, stages, 2, 4) for stages in (4, 8, 12, 16, 20, 24, 60)}
    assert needed[20] == 288_778
    assert needed[60] > 10**17
    ratios = [size / 2 ** (stages - 1) for stages, size in needed.items()]
    assert ratios == pytest.approx([0.625, 0.555, 0.551, 0.551, 0.551, 0.551, 0.551], abs=5e-4)


@pytest.mark.parametrize(("challenges", "n_actions"), [(2, 4), (3, 6), (4, 8)])
def test_the_price_in_records_is_straight_on_a_logarithmic_axis(challenges, n_actions):
    needed = [sc.bounds.episodes_to_survive(0.5, stages, challenges, n_actions) for stages in range(8, 25)]
    np.testing.assert_allclose(np.diff(np.log(needed)), np.log(challenges), rtol=0.03)


def test_nine_in_ten_cost_less_than_four_times_even_odds():
    even, safe = (sc.bounds.episodes_to_survive(chance, 20, 2, 4) for chance in (0.5, 0.9))
    assert (even, safe) == (288_778, 1_073_117)
    assert safe / even == pytest.approx(3.7, abs=0.05)
    assert np.log2(safe / even) == pytest.approx(2, abs=0.15)  # stages


# --- grim and kind partners


def test_with_a_learner_as_reaction_regret_above_17_hundredths_is_certified_to_be_rare():
    epsilon = (1 + HORIZON * sc.bounds.hedge_epsilon(HORIZON, 4, delta=0.01)) / HORIZON
    assert epsilon == pytest.approx(0.17, abs=0.005)
    assert KIND.certificate(TALK, HORIZON, epsilon) == pytest.approx(0.01)


def test_what_a_thousand_conversations_are_worth_with_grim_and_with_kind_partners():
    """Means over six sets of records, each within four standard errors of what the chapter prints for one set."""
    lost = {"grim": [], "kind": []}
    for seed in range(6):
        imitator = sc.Imitator(TEAM.sample(1000, seed))
        for reaction, member in (("grim", GRIM), ("kind", KIND)):
            play = sc.play(imitator, member, TALK, (0, 0), HORIZON, 150, seed=seed + 20)
            lost[reaction].append(sc.altruistic_regret(play).mean() / HORIZON)
    for reaction, value in {"grim": 0.938, "kind": 0.242}.items():
        mean, error = np.mean(lost[reaction]), np.std(lost[reaction], ddof=1) / np.sqrt(6)
        assert abs(mean - value) < 0.0005 + 4 * error * np.sqrt(7)  # the chapter's is one set more
        assert error < 0.002
    assert min(lost["grim"]) > 0.9


def test_one_word_for_ever_serves_the_kind_and_no_word_serves_the_grim():
    """So in this game nothing is learned from records about how to serve those who forgive."""
    constant = sc.best_constant(TEAM)
    assert constant == sc.Fixed([[1, 0, 0, 0]])
    kind = sc.play(constant, KIND, TALK, (0, 0), HORIZON, 1000, seed=4)
    assert sc.altruistic_regret(kind).mean() / HORIZON == pytest.approx(0.007, abs=0.001)
    grim = sc.play(constant, GRIM, TALK, (0, 0), HORIZON, 50, seed=4)
    assert (grim.payoffs(1).sum(axis=0) == 1).all()  # after one word
    for word in range(3):
        met = sc.play(sc.Fixed(word), GRIM, TALK, (0, 0), HORIZON, 1000, seed=4)
        assert met.payoffs(1).mean() < 0.02


def test_where_her_records_end_one_guess_in_four_is_to_walk_away():
    imitator = sc.Imitator(TEAM.sample(1000, seed=3))
    play = sc.play(imitator, KIND, TALK, (0, 0), HORIZON, 200, seed=4)
    late = play.actions[40:, 0]  # a record agrees for so long with probability 1e-9
    assert abs((late == 3).mean() - 1 / 4) < 4 * np.sqrt(3 / 16 / late.size)


# --- where there is something to learn


def earned(assistant, problem, plays=2000):
    who = problem.sample_types(plays, seed=7)
    return sc.play(assistant, problem.people, problem.game, who, HORIZON, plays, seed=8).payoffs(1).mean()


@pytest.mark.parametrize("reaction", ["kind", "grim"])
@pytest.mark.parametrize("wordings", [1, 2, 3])
def test_there_is_something_to_learn_no_constant_comes_near_a_member(reaction, wordings):
    problem = script.team(wordings, reaction)
    member = earned(problem.people, problem)
    assert member > 0.99
    assert member - earned(sc.best_constant(problem), problem) > 0.2


def test_with_the_grim_of_the_team_the_best_constant_is_worth_no_more_than_nobody():
    problem = script.team(2, "grim")
    assert (problem.game.payoffs[:, -1] == 0.55).all()
    for act in range(6):
        assert earned(sc.Fixed(2 * act), problem, 400) < 0.56


def test_these_people_are_compatible_and_only_the_kind_are_consistent():
    for reaction, failure in (("kind", 0.01), ("grim", 1.0)):
        problem = script.team(2, reaction)
        (member,) = problem.people.members
        together = sc.compatibility(member, member, problem.game, HORIZON, epsilon=1 / HORIZON, seed=1)
        assert together.failure.max() == 0
        certified = member.certificate(problem.game, HORIZON, 0.2)
        assert certified <= failure
        assert (certified == 1) == (reaction == "grim")


def test_the_table_is_what_the_script_measures():
    """The same seed: an assistant's number does not depend on who else was measured."""
    problem = script.team(2, "grim")
    names = ["one of the team", "no data", "table", "back-off", "table, last (4)", "back-off, last (2)"]

    def some(records):
        found = script.readers(problem, "grim", records)
        return {name: found[name] for name in names}

    measured = sc.rivals(problem, some, [10], plays=script.PLAYS, datasets=script.DATASETS, n_jobs=1)
    for name, mean in zip(names, measured.means()[:, 0], strict=True):
        assert told(name, "grim", 12, 10) == pytest.approx(mean, abs=1e-4)


def test_the_table_holds_each_cell_once():
    cells = [(row["reaction"], row["actions"], row["records"], row["assistant"]) for row in rows]
    assert len(set(cells)) == len(cells)
    for row in rows:
        assert float(row["low"]) <= float(row["mean"]) <= float(row["high"])
        assert 0 < float(row["mean"]) <= 1


READERS = ["table", "back-off", "network, cold", "table, last (4)", "back-off, last (4)"]


@pytest.mark.parametrize("actions", [12, 18])
def test_with_the_grim_nobody_survives_who_learns_the_code_from_records(actions):
    for records in (10, 100, 1000):
        assert max(told(name, "grim", actions, records, "high") for name in READERS) < 0.58


def test_ten_times_the_records_add_little_more_than_three_stages_of_two_hundred():
    """A stage with a partner who has not left is worth .45 more than one without her."""
    for less, more in ((10, 100), (100, 1000)):
        stages = (told("table", "grim", 12, more) - told("table", "grim", 12, less)) * HORIZON / 0.45
        assert 3 < stages < 3.7


def test_with_the_kind_whoever_generalises_is_well_above_the_constant_and_the_table_below_nobody():
    for records in (100, 1000):
        for actions in (12, 18):
            assert told("table", "kind", actions, records, "high") < 0.55
            for name in ("back-off", "network, cold"):
                ahead = told(name, "kind", actions, records, "low") - told("no data", "kind", actions, records, "high")
                assert ahead > 0.05
            standing = [told(f"{name}, last (2)", "kind", actions, records) for name in ("table", "back-off")]
            assert [*standing, told("network, cold", "kind", actions, records)] == pytest.approx([0.969] * 3, abs=0.003)


def test_the_table_stands_still_at_a_guess_after_sixteen_stages():
    for actions in (12, 18):
        assert told("table, last (16)", "kind", actions, 100) < told("no data", "kind", actions, 100) - 0.05
    assert told("table, last (4)", "kind", 12, 100, "low") > 0.94


def test_without_a_code_the_readers_are_as_good_as_one_of_the_team():
    for reaction in ("kind", "grim"):
        for name in READERS:
            assert told(name, reaction, 6, 100) == pytest.approx(told("one of the team", reaction, 6, 100), abs=0.002)


def test_after_the_break_who_generalises_still_does_what_she_likes():
    problem = script.team(2)
    (member,) = problem.people.members
    records = problem.sample(100, seed=3)
    who = np.tile([[2, taste] for taste in range(4)], (25, 1))
    shares = {}
    for name, copies in (("table", sc.Imitator(records)), ("back-off", sc.imitation.BackOffImitator(records, order=4))):
        play = sc.play(copies, problem.people, problem.game, who, HORIZON, 100, seed=5)
        broken = member.departure(play)
        assert (broken > 0).all()
        after = np.arange(HORIZON)[:, None] >= broken
        shares[name] = (play.actions[:, 0] // 2 == who[:, 1])[after].mean()
    assert shares["back-off"] > 0.75
    assert shares["table"] < 0.25


def test_the_figure_says_who_is_ahead():
    update = sc.plots.reaction_dots(rows).update
    words = update(phase=4, episodes=100, n_actions=12)
    best = {kind: max(told(name, kind) for name in READERS) for kind in ("kind", "grim")}
    assert f"serves kind partners best, {best['kind']:.2f} a stage" in words
    assert f"grim ones, {best['grim']:.2f}; without anybody they have 0.55" in words
    assert f"the best constant brings {told('no data'):.2f} and {told('no data', 'grim'):.2f}" in words
    assert f"the echo {told('echo'):.2f} and {told('echo', 'grim'):.2f}" in words


@pytest.mark.parametrize(("actions", "behind"), [(6, 0.001), (12, 0.035), (18, 0.03)])
def test_the_echo_of_the_first_act_serves_the_kind_without_records_and_the_grim_only_without_a_code(actions, behind):
    echo, member = told("echo", actions=actions), told("one of the team", actions=actions)
    assert member - behind < echo < member + 1e-4
    grim = told("echo", "grim", actions=actions)
    assert grim == pytest.approx(member if actions == 6 else 0.55, abs=0.001)


def test_whoever_learned_from_records_adds_next_to_nothing_to_the_echo_for_the_kind():
    for records in (10, 100, 1000):
        best = max(told(name, records=records) for name in READERS)
        assert best < told("echo", records=records) + 0.01


def test_four_stages_are_imitated_well_with_a_hundred_records_and_twelve_hopelessly_with_a_thousand():
    distance = {}
    for phase in (4, 8, 12):
        tree = sc.HistoryTree(script.team(2), phase)
        assert tree.reachable == 4 * 2 ** (phase - 1)
        distance[phase] = [tree.marginal_tv(size) for size in (100, 1000)]
    assert distance[4][0] < 0.04
    assert distance[4][1] < 1e-4
    assert min(distance[12]) > 0.85


def test_one_record_of_deterministic_partners_is_enough():
    fixed = sc.Codebook(challenges=1)
    problem = sc.SocialLearningProblem(TALK, sc.Population([fixed]), HORIZON)
    for seed in range(3):
        play = sc.play(sc.Imitator(problem.sample(1, seed)), fixed, TALK, (0, 0), HORIZON, 20, seed=6)
        assert (sc.altruistic_regret(play) == 0).all()


# --- who forgives a little


def patient_survival(horizon, episodes, challenges, n_actions, wrong_words):
    """Return how likely fewer than so many words were wrong, stage by stage, by counting the wrong guesses."""
    rare = [float(challenges) ** -t for t in range(horizon)]
    known = [-np.expm1(episodes * np.log1p(-chance)) if chance < 1 else 1.0 for chance in rare]
    wrong, on, curve = np.zeros(wrong_words), 1.0, []  # how likely it is off its records with so many wrong
    for stage in range(horizon):
        wrong[0] += on - known[stage]
        on = known[stage]
        wrong = wrong / n_actions + (1 - 1 / n_actions) * np.r_[0, wrong[:-1]]
        curve.append(on + wrong.sum())
    return np.array(curve)


class Patient(Strategy):
    """Walk away after so many wrong words; before that go on asking."""

    def __init__(self, wrong_words):
        self.wrong_words = wrong_words

    def seat(self, game, agent, types, horizon):
        return PatientSeat(game, len(types), self.wrong_words)


class PatientSeat(Seat):
    per_episode = ("asked", "wrong")

    def __init__(self, game, episodes, wrong_words):
        super().__init__(game, episodes)
        self.asked, self.wrong = np.zeros((0, episodes), dtype=int), np.zeros(episodes, dtype=int)
        self.wrong_words = wrong_words

    def policy(self):
        asks = np.array([0.5, 0.5, 0, 0])[:, None]
        return np.where(self.wrong < self.wrong_words, asks, np.array([0, 0, 0, 1])[:, None])

    def observe(self, own, other):
        asking = np.where(own < 2, own, 0)  # after it walked away nothing matters
        self.asked = np.vstack([self.asked, asking])
        self.wrong = self.wrong + (other != GRIM.answers(self.asked, self.game)[-1])


def test_who_walks_away_after_the_third_wrong_word_buys_two_or_three_more_stages():
    """On average 3 / (3/4) guesses until the third wrong one, instead of 1 / (3/4): 8/3 stages more."""
    for size in (100, 1000, 10**5):
        grim, patient = (patient_survival(60, size, 2, 4, wrong) for wrong in (1, 3))
        np.testing.assert_allclose(grim, sc.bounds.survival(60, size, 2, 4), rtol=1e-6, atol=1e-12)
        assert (patient - grim).sum() == pytest.approx(8 / 3, abs=1e-4)
        for level in (0.9, 0.5, 0.1, 0.01):
            assert 2 < crossing(patient, level) - crossing(grim, level) < 3.5
        assert 2 < crossing(patient) - crossing(grim) < 3
        assert patient[40] / patient[39] == pytest.approx(grim[40] / grim[39], rel=1e-3)  # falls as before


def test_the_count_of_wrong_guesses_is_that_of_a_patient_partner():
    """Within four standard errors over the means of 40 sets of records."""
    shares = []
    for seed in range(40):
        problem = sc.SocialLearningProblem(TALK, sc.Population([GRIM]), 12)
        play = sc.play(sc.Imitator(problem.sample(30, seed)), Patient(3), TALK, (0, 0), 12, 100, seed=seed + 100)
        shares.append((play.actions[1:, 1] != 3).mean(axis=1))  # who asks after stage t has met fewer than three
    errors = np.std(shares, axis=0, ddof=1) / np.sqrt(40)
    expected = patient_survival(12, 30, 2, 4, 3)[:11]
    assert (np.abs(np.mean(shares, axis=0) - expected) <= 4 * errors + 1e-3).all()


# --- exercises


def test_one_record_by_hand():
    def alive(t, m=2, n=4):
        tail = sum(Fraction(1, m**j) * Fraction(1, n ** (t - 1 - j)) for j in range(1, t))
        return Fraction(1, n ** (t - 1)) + (1 - Fraction(1, n)) * tail

    assert (alive(2), alive(3)) == (Fraction(5, 8), Fraction(11, 32))
    for m, n in ((2, 4), (3, 5), (1, 4), (5, 6)):
        np.testing.assert_allclose(sc.bounds.survival(12, 1, m, n), [float(alive(t, m, n)) for t in range(1, 13)])


def guessed(horizon, episodes, challenges, luck):
    """Return the survival curve when a guess is right with probability ``luck``."""
    alive, curve = 1.0, []
    for stage in range(horizon):
        known = -np.expm1(episodes * np.log1p(-(float(challenges) ** -stage))) if stage and challenges > 1 else 1.0
        alive = known + luck * (alive - known)
        curve.append(alive)
    return np.array(curve)


@pytest.mark.parametrize("luck", [0.1, 0.25, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("challenges", [2, 3])
def test_however_well_one_guesses_the_price_is_exponential(challenges, luck):
    run = int(np.ceil(np.log(1 / 4) / np.log(luck)))
    for stages in (run + 2, run + 6, run + 12):
        for size in (1, 10, 1000, 10**6):
            alive = guessed(stages, size, challenges, luck)[-1]
            terms = [challenges**-j * luck ** (stages - 1.0 - j) for j in range(stages)]
            assert alive <= size * sum(terms) + 1e-12
        size = 1
        while guessed(stages, size, challenges, luck)[-1] < 0.5:
            size += max(1, size // 100)
        assert 1.02 * size >= challenges ** (stages - 1 - run) / 4


def test_with_few_records_and_lucky_guesses_survival_falls_like_the_luck_and_else_like_the_challenges():
    for luck in (0.1, 0.25, 0.4, 0.6, 0.75, 0.9):
        alive = guessed(120, 50, 2, luck)
        assert alive[-1] / alive[-2] == pytest.approx(max(luck, 1 / 2), rel=0.01)
    assert guessed(500, 50, 2, 1.0)[-1] == 1


def test_an_imitators_regret_is_at_most_the_share_of_stages_after_which_it_is_dead():
    """With grim partners the stage of the wrong word pays in two of three cases: 20 sets of records, four errors."""
    alive = sc.bounds.survival(HORIZON, 1000, challenges=2, n_actions=4)
    bound = 1 - alive.mean()
    assert bound == pytest.approx(0.942, abs=5e-4)
    expected = bound - 2 / 3 * (1 - alive[-1]) / HORIZON
    assert round(expected, 3) == 0.939
    short = sc.SocialLearningProblem(TALK, sc.Population([GRIM]), 30)
    lost = {"grim": [], "kind": []}
    for seed in range(20):
        imitator = sc.Imitator(short.sample(1000, seed))  # longer records would be followed with probability 1e-6
        for reaction, member in (("grim", GRIM), ("kind", KIND))[: 1 if seed >= 2 else 2]:
            play = sc.play(imitator, member, TALK, (0, 0), HORIZON, 50, seed=seed + 50)
            lost[reaction].append(sc.altruistic_regret(play).mean() / HORIZON)
    error = np.std(lost["grim"], ddof=1) / np.sqrt(20)
    assert abs(np.mean(lost["grim"]) - expected) < 4 * error < bound - expected
    assert np.mean(lost["kind"]) < bound / 2


# --- no assistant of any kind does better, averaged over all books


def best_survival_over_all_books(horizon, challenges, words, episodes):
    """Return the largest mean survival of anybody with so many records: over all books, records and challenges."""
    asked = [path for length in range(horizon) for path in product(range(challenges), repeat=length)]
    books = [dict(zip(asked, answers, strict=True)) for answers in product(range(words), repeat=len(asked))]
    runs = list(product(range(challenges), repeat=horizon - 1))  # the last challenge is answered by nobody

    def alive(fitting, path):
        """Return how many of these books, weighted by the challenges to come, the best answers survive."""
        then = [[book for book in fitting if book[path] == answer] for answer in range(words)]
        if len(path) == horizon - 1:
            return Fraction(max(map(len, then)))
        ways = ((sum(alive(kept, (*path, c)) for c in range(challenges)) / challenges) for kept in then if kept)
        return max(ways)

    total = Fraction(0)
    for records in product(runs, repeat=episodes):
        shown = {}
        for book in books:  # whoever has read the records can tell apart books that answer them differently
            answers = tuple(book[run[:t]] for run in records for t in range(horizon))
            shown.setdefault(answers, []).append(book)
        total += sum(alive(fitting, ()) for fitting in shown.values())
    return total / (len(books) * len(runs) ** episodes)


@pytest.mark.parametrize(("horizon", "challenges", "words"), [(2, 2, 2), (3, 2, 2), (2, 2, 3), (2, 3, 3)])
@pytest.mark.parametrize("episodes", [0, 1, 2])
def test_averaged_over_all_books_nobody_survives_longer_than_by_guessing_among_the_words(
    horizon, challenges, words, episodes
):
    """The recursion of the theorem with one over the number of words for the chance of a guess."""
    alive = Fraction(1)
    for stage in range(horizon):
        known = 1 - (1 - Fraction(1, challenges**stage)) ** episodes
        alive = known + (alive - known) / words
    assert best_survival_over_all_books(horizon, challenges, words, episodes) == alive


def test_a_kind_partner_is_led_by_one_word_without_any_record():
    met = sc.play(sc.Fixed(0), KIND, TALK, (0, 0), HORIZON, 2000, seed=4)
    assert sc.altruistic_regret(met).mean() / HORIZON < 0.02


@pytest.mark.parametrize("table", [0.5, 0.6])
def test_the_figure_says_who_is_worse_than_nobody(table):
    names = [
        "one of the team",
        "no data",
        "echo",
        "table",
        "back-off",
        "network, cold",
        "table, last (4)",
        "back-off, last (4)",
    ]
    means = {"kind": [1, 0.75, 0.97, table, 0.9, 1, 0.95, 1], "grim": [1] + [0.55] * 4 + [0.56] * 3}
    rows = [
        {"actions": 12, "records": 9, "reaction": kind, "assistant": name, "mean": mean, "low": mean, "high": mean}
        for kind, row in means.items()
        for name, mean in zip(names, row, strict=True)
    ]
    picture = sc.plots.reaction_dots(rows)
    picture.update(phase=4, episodes=9, n_actions=12)
    (note,) = [text for text in picture.animated if getattr(text, "get_text", str)() == "worse than nobody"]
    assert note.get_visible() == (table < 0.55)
    assert round(note.get_position()[1]) == 3
