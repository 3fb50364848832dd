"""The secret code: who plays what, that the population is socially intelligent, and what no learner can do about it."""

from functools import cache
from itertools import product

import numpy as np
import pytest
from scipy.stats import binom

import socialcoop as sc
from socialcoop.strategies import SecretCode

RARE = 1e-6  # error probability of each statistical assertion
BONUS = 0.02
GAME = sc.games.hidden_taste(BONUS)
HELPER, TEA, COFFEE = range(3)
GUESTS = np.array([[0, 1 / 2, 1 / 2], [0, 0, 0], [0, 0, 0]])  # joint types: a helper on the AI's side, and a guest


def codes_of(length):
    """Return all codes for words of this length."""
    return [list(code) for code in product(range(2), repeat=2**length)]


# --- the play


@pytest.mark.parametrize("code", codes_of(1), ids=str)
@pytest.mark.parametrize("guest", [TEA, COFFEE])
def test_the_play_of_one_letter_by_hand(code, guest):
    """Six stages: letter, answer, the guest tells its taste, the helper serves it."""
    dish, member = guest - 1, SecretCode(1, code=code)
    chances = sc.history_distribution(member, member, GAME, (HELPER, guest), 6)
    expected = {}
    for letter in (0, 1):
        host = [0, code[letter], 0, dish, dish, dish]
        shown = [letter, code[0], dish, dish, dish, dish]
        expected[tuple(zip(host, shown, strict=True))] = 1 / 2
    found = {
        tuple(divmod(int(joint), 2) for joint in stages): chances[tuple(stages)] for stages in np.argwhere(chances)
    }
    assert found == expected


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("guest", [TEA, COFFEE])
def test_a_guest_tells_its_taste_to_who_answers_right_and_else_plays_tea_for_ever(guest, agent):
    code, word = [0, 1, 1, 1, 0, 0, 1, 0], [1, 0, 1]
    for answer in (0, 1):
        seat = SecretCode(3, code=code).seat(GAME, agent, np.array([guest]), 9)
        played = []
        for own, other in zip([*word, 1, 1, 0], [0, 1, 1, answer, 0, 1], strict=True):
            played.append(seat.policy()[:, 0].tolist())
            seat.observe(np.array([own]), np.array([other]))
        played.append(seat.policy()[:, 0].tolist())
        told = guest - 1 if answer == code[0b101] else 0
        answered = code[0b011]
        assert played == [[0.5, 0.5]] * 3 + [np.eye(2)[each].tolist() for each in (answered, told, told, told)]


def test_a_helper_repeats_what_the_other_plays_once_tastes_are_told_and_needs_no_right_answer():
    for told, answer in product((0, 1), repeat=2):
        seat = SecretCode(2, code=[0, 0, 1, 0]).seat(GAME, 0, np.array([HELPER]), 9)
        played = []
        for own, other in zip([0, 1, 1, 0, 1, 1], [1, 0, answer, told, 1 - told, told], strict=True):
            played.append(int(seat.policy()[1, 0]))
            seat.observe(np.array([own]), np.array([other]))
        assert played == [0, 0, 1, 0, told, told]


def test_members_with_one_code_never_answer_wrong_and_two_guests_tell_each_other():
    member = SecretCode(4, key=11)
    for types in product(range(3), repeat=2):
        play = sc.play(member, member, GAME, types, 9, 500, seed=1).actions.astype(int)
        for agent in (0, 1):
            np.testing.assert_array_equal(play[4, agent], member.answers(play[:4, 1 - agent]))
            if types[agent] == HELPER:
                assert (play[:4, agent] == 0).all()
                told = play[5, 1 - agent]
                np.testing.assert_array_equal(play[6:, agent], np.tile(told, (3, 1)))
            else:
                assert (play[5:, agent] == types[agent] - 1).all()


# --- codes


def test_a_code_lists_the_answers_by_the_binary_numbers_of_the_words():
    code = [0, 1, 1, 0, 1, 0, 0, 1]
    words = np.array(list(product((0, 1), repeat=3))).T
    assert SecretCode(3, code=code).answers(words).tolist() == code
    assert SecretCode(0, code=[1]).answers(np.zeros((0, 2), dtype=int)).tolist() == [1, 1]


def test_keys_draw_answers_as_fair_coins_would():
    """Ones over words for a key, over keys for a word, agreements of neighbours; six deviations each, 1e-7 in all."""
    words = np.array(list(product((0, 1), repeat=10))).T
    table = np.array([SecretCode(10, key).answers(words) for key in range(1024)])
    spread = 6 * np.sqrt(1024 / 4)
    for ones in (table.sum(axis=0), table.sum(axis=1)):
        assert np.abs(ones - 512).max() < spread
        assert ones.var() == pytest.approx(256, rel=0.3)  # six deviations of a variance of a thousand
    for one, two in ((table[1:], table[:-1]), (table[:, 1:], table[:, :-1])):
        agree = (one == two).sum()
        assert abs(agree - one.size / 2) < 6 * np.sqrt(one.size / 4)


def test_a_code_of_its_own_and_a_key_make_the_same_strategy_where_the_answers_are_the_same():
    words = np.array(list(product((0, 1), repeat=2))).T
    drawn = SecretCode(2, key=5)
    listed = SecretCode(2, code=drawn.answers(words))
    plays = [sc.play(each, each, GAME, (TEA, COFFEE), 8, 100, seed=2).actions for each in (drawn, listed)]
    np.testing.assert_array_equal(*plays)


def test_long_words_are_told_apart():
    words = np.zeros((52, 53), dtype=int)
    words[np.arange(52), np.arange(52)] = 1  # and one of zeros
    answers = np.array([SecretCode(52, key).answers(words) for key in range(64)])
    assert len(np.unique(answers, axis=1).T) == 53


def test_games_without_an_action_for_every_letter_and_dish_are_refused():
    for game in (sc.games.random_game(1, 1, 0), sc.games.random_game(2, 4, 0)):
        with pytest.raises(ValueError, match="game must have at least"):
            sc.play(SecretCode(1), SecretCode(1), game, (0, 0), 3)


# --- socially intelligent


@pytest.mark.parametrize("bonus", [0.01, 0.1, 0.4])
@pytest.mark.parametrize("length", [1, 2, 3])
def test_the_population_is_compatible_as_soon_as_the_words_are_a_small_share_of_the_phase(length, bonus):
    """Exact. By hand a coffee guest lacks j + 2 - bonus at worst: no coffee up to the stage at which it tells."""
    game, phase = sc.games.hidden_taste(bonus), 4 * length + 6
    rng = np.random.default_rng(length)
    for code in ([0] * 2**length, [1] * 2**length, rng.integers(2, size=2**length)):
        member = SecretCode(length, code=code)
        found = sc.compatibility(member, member, game, phase, (length + 2) / phase)
        assert (found.kinds == "exact").all()
        assert not found.failure.any()
    harshest = SecretCode(length, code=[0] * 2**length)
    for change, failure in ((-1e-6, 2.0**-length), (1e-6, 0)):
        found = sc.compatibility(harshest, harshest, game, phase, (length + 2 - bonus) / phase + change)
        assert found.failure[HELPER, COFFEE] == found.failure[COFFEE, HELPER] == pytest.approx(failure)


def worst_by_hand(code, length, horizon, lost):
    """Return the largest probability of a regret above ``lost`` bonuses.

    A helper is shown 1 in the word, tells by 0, and is then shown 1 for ever: it misses all but the stage j + 2, at
    which a hit costs, and the answer if that is 1. A guest loses a bonus whenever it does not play its dish; one that
    likes coffee, whose word has k zeros, does so at those, at an answer 0, and for ever after a wrong answer.
    """
    helper = horizon - 3 + (code[-1] == 0) > lost
    zeros = np.arange(length + 1)
    guest = binom.pmf(zeros, length, 1 / 2)[zeros + (min(code) == 0) + horizon - length - 1 > lost].sum()
    return max(float(helper), guest)


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize(
    ("length", "code"), [(1, [0, 1]), (1, [1, 1]), (2, [0, 0, 0, 0]), (2, [1, 0, 1, 1]), (3, [1, 1, 0, 1, 0, 0, 1, 1])]
)
def test_no_partner_makes_a_member_regret_more_than_the_bonus_and_some_come_close(length, code, agent):
    """Exact, against the worst partner."""
    horizon, member = 9, SecretCode(length, code=code)
    lost = np.array([9, 8.5, 7.5, 6.5, 5.5])
    found = sc.social.worst_failures(member, GAME, horizon, lost * BONUS / horizon, agent=agent)
    assert found[0] == 0
    assert found == pytest.approx([worst_by_hand(code, length, horizon, each) for each in lost])
    assert found[-1] == 1


@pytest.mark.parametrize("bonus", [0, 0.01, 0.02, 0.1, 0.3, 0.7, 1])
def test_the_certificate_is_nought_from_the_bonus_on(bonus):
    game, member = sc.games.hidden_taste(bonus), SecretCode(2)
    for horizon in (1, 10, 10**6):
        assert member.certificate(game, horizon, bonus) == 0
        if bonus:
            assert member.certificate(game, horizon, bonus * (1 - 1e-6)) == 1
    found = sc.consistency(member, game, 8, bonus, method="exact")
    assert found.failure == 0


# --- nobody needs fewer records


def lower_bound(words, episodes):
    return (1 - 1 / words) ** (episodes + 1) / 4


def of_all_but_the_code(length, episodes, horizon):
    """Return the mean regret of who knows everything but the code, by hand.

    It answers wrong if the word is neither recorded nor the helper's own, in one case of two. Then it gets half, as up
    to the answer; else half a meal less half a bonus at the stage at which tastes are told, and everything afterwards.
    """
    words = 2**length
    wrong = (1 - 1 / words) ** (episodes + 1) / 2 if episodes else 1 / 2
    return wrong / 2 + (1 - wrong) * (length + 2 - BONUS) / 2 / horizon


def best_of_all(length, horizon, known):
    """Return the least mean regret of any strategy that knows some answers: a dict by word.

    Averaged over the codes that agree with them and over the guest's taste, by looking ahead over all histories.
    """
    codes = [code for code in codes_of(length) if all(code[word] == answer for word, answer in known.items())]
    guests = [SecretCode(length, code=code).seat(GAME, 1, np.array([TEA, COFFEE]), horizon) for code in codes]

    def value(seats, chances, left):
        if not left:
            return 0.0
        policies = np.stack([seat.policy() for seat in seats])  # code, action, taste
        best = -1.0
        for serves in (0, 1):
            total = 0.0
            for takes in (0, 1):
                after = chances * policies[:, takes]
                if after.any():
                    moved = [seat.take([0, 1]) for seat in seats]
                    for seat in moved:
                        seat.observe(np.full(2, takes), np.full(2, serves))
                    total += (after * GAME.payoffs[1:, takes, serves]).sum() + value(moved, after, left - 1)
            best = max(best, total)
        return best

    chances = np.full((len(codes), 2), 1 / (2 * len(codes)))
    return 1 - value(guests, chances, horizon) / horizon


@pytest.mark.parametrize(
    ("length", "episodes", "horizon"), [(1, 0, 6), (1, 1, 6), (1, 2, 5), (1, 4, 5), (2, 0, 5), (2, 1, 5)]
)
def test_no_strategy_at_all_beats_the_bound_averaged_over_codes_and_records(length, episodes, horizon):
    """Exact: all codes, all sets of records, and the best of all strategies."""
    total, words = 0.0, range(2**length)
    best = cache(lambda known: best_of_all(length, horizon, dict(known)))
    for recorded in product(words, repeat=episodes):
        seen = sorted({*recorded, *([0] if episodes else [])})
        answers = list(product((0, 1), repeat=len(seen)))
        total += np.mean([best(tuple(zip(seen, each, strict=True))) for each in answers])
    found = total / 2 ** (length * episodes)
    assert found >= lower_bound(2**length, episodes)
    assert found == pytest.approx(of_all_but_the_code(length, episodes, horizon), abs=1e-12)


def problem_of(length, horizon, key):
    return sc.SocialLearningProblem(GAME, SecretCode(length, key), horizon, types=GUESTS)


class AllButTheCode(sc.Strategy):
    """Looks the answer up in the records or tosses a coin, and serves what is told; a set of records per episode."""

    def __init__(self, chances):
        self.chances = chances  # of answering 1, (B, words)

    def seat(self, game, agent, types, horizon):
        return Looking(game, self.chances)


class Looking(sc.Seat):
    per_episode = ("chances", "word", "told")

    def __init__(self, game, chances):
        super().__init__(game, len(chances))
        self.chances, self.word, self.told = chances.T.copy(), np.zeros(len(chances), int), np.zeros(len(chances), int)
        self.stage, self.length = 0, chances.shape[1].bit_length() - 1

    def policy(self):
        if self.stage == self.length:
            one = self.chances[self.word, np.arange(self.episodes)]
            return np.stack([1 - one, one])
        return np.eye(2)[:, self.told]

    def observe(self, own, other):
        if self.stage < self.length:
            self.word = 2 * self.word + other
        if self.stage == self.length + 1:
            self.told = other
        self.stage += 1


HORIZON, SETS = 30, 100


@cache
def looked_up(length, episodes, key):
    """Return what each set of records tells about a code: the chance of answering 1 to each word, (sets, words)."""
    records = problem_of(length, HORIZON, key).sample(SETS * episodes, seed=key, stages=length + 3)
    actions, rows = records.actions.astype(int), np.repeat(np.arange(SETS), episodes)
    chances = np.full((SETS, 2**length), 1 / 2)
    chances[rows, 2 ** np.arange(length)[::-1] @ actions[:length, 1]] = actions[length, 0]
    chances[rows, 2 ** np.arange(length)[::-1] @ actions[:length, 0]] = actions[length, 1]
    return chances


def measured(length, episodes, guessed=lambda chances: chances, keys=60):
    """Return an interval for the mean regret over codes, each with its own sets of records; it errs with ``RARE``."""
    means = []
    for key in range(keys):
        problem, ai = problem_of(length, HORIZON, key), AllButTheCode(guessed(looked_up(length, episodes, key)))
        types = problem.sample_types(SETS, key + 1)
        met = sc.play(ai, problem.people, GAME, types, HORIZON, SETS, seed=key + 2)
        means.append(sc.altruistic_regret(met).mean() / HORIZON)
    return sc.social.mean_interval(means, 1 - RARE)


SIZES = [(length, 2**length * times // 2) for length in range(2, 7) for times in (1, 2, 4, 8)]


@pytest.mark.parametrize(("length", "episodes"), SIZES)
def test_who_knows_everything_but_the_code_is_between_the_bound_and_the_words_share_above_it(length, episodes):
    low, high = measured(length, episodes)
    bound = lower_bound(2**length, episodes)
    assert low <= of_all_but_the_code(length, episodes, HORIZON) <= high
    assert high - low < 0.06
    assert bound <= of_all_but_the_code(length, episodes, HORIZON) <= bound + (length + 2) / HORIZON


@pytest.mark.parametrize(("length", "episodes"), SIZES[::3])
def test_other_ways_to_guess_do_not_beat_it_either(length, episodes):
    """Always 1; what most recorded words ask for; what the nearest recorded word asks for."""

    def guessed(rule):
        return lambda chances: np.where(chances == 1 / 2, rule(chances), chances)

    def nearest(chances):
        words = np.arange(chances.shape[1])
        apart = np.array([[bin(one ^ two).count("1") for two in words] for one in words])
        unknown = np.where(chances == 1 / 2, 99, 0)
        return np.take_along_axis(chances, (apart + unknown[:, None]).argmin(axis=2), axis=1)

    for rule in (lambda chances: 1, lambda chances: chances.mean(axis=1, keepdims=True) > 1 / 2, nearest):
        assert measured(length, episodes, guessed(rule), keys=30)[1] >= lower_bound(2**length, episodes)


@pytest.mark.parametrize(("length", "episodes"), SIZES[::3])
def test_imitate_then_commit_pays_about_half_of_its_missing_mass_which_is_more_than_the_bound(length, episodes):
    """By hand: unless a record shows both word and taste, half; else at most the words' share of phase and horizon."""
    horizon, phase, keys = 60, 40, 20
    problems = {str(key): problem_of(length, horizon, key) for key in range(keys)}
    found = sc.sweep(problems, [phase], [episodes], plays=60, datasets=60, n_jobs=1)
    low, high = sc.social.mean_interval(found.regret.ravel(), 1 - RARE)
    words = 2**length
    missing = (1 - 1 / (2 * words)) ** episodes
    assert sc.HistoryTree(problems["0"], phase).missing_mass(episodes) == pytest.approx(missing)
    assert low > lower_bound(words, episodes)
    assert low < missing / 2 + (1 - missing) * (length + 2) / phase
    assert high > missing / 2


def test_no_code_defeats_all_rules_since_its_members_lose_nothing():
    """Exact: whoever knows the code meets each of the 16 with words of two letters without a single record."""
    for code in codes_of(2):
        member, horizon = SecretCode(2, code=code), 8
        paid = [sc.expected_payoffs(member, member, GAME, (HELPER, guest), horizon)[1] for guest in (TEA, COFFEE)]
        assert 1 - np.mean(paid) / horizon == pytest.approx((2 + 2 - BONUS) / 2 / horizon)


def test_whoever_knows_one_code_pays_for_it_with_others():
    """Exact: the rule that takes the code to be a certain one, whatever is recorded, averaged over all 16 codes."""
    horizon = 8
    for believed in codes_of(2)[::5]:
        lost = []
        for code in codes_of(2):
            ai, guest = SecretCode(2, code=believed), SecretCode(2, code=code)
            paid = [sc.expected_payoffs(ai, guest, GAME, (HELPER, taste), horizon)[1] for taste in (TEA, COFFEE)]
            lost.append(1 - np.mean(paid) / horizon)
        assert min(lost) == pytest.approx((2 + 2 - BONUS) / 2 / horizon)
        assert max(lost) == pytest.approx(1 / 2)
        assert np.mean(lost) > lower_bound(4, 0)
