"""Codebooks: an answer for every history, what a slip sets off, and how long an imitator survives among them."""

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

import socialcoop as sc

BOOKS = [(2, 1), (3, 1), (3, 2), (4, 2), (4, 3), (9, 5), (256, 255)]  # actions, challenges


def conversation(n_actions, challenges, episodes=200, horizon=12, key=0, fallback=None):
    """Return game, codebook, and a play of it with itself."""
    game, book = sc.games.conversation(n_actions), sc.Codebook(challenges, fallback, key)
    return game, book, sc.play(book, book, game, (0, 0), horizon, episodes, seed=n_actions)


# --- answers


@pytest.mark.parametrize(("n_actions", "challenges"), BOOKS)
def test_members_never_slip_among_themselves(n_actions, challenges):
    game, book, play = conversation(n_actions, challenges)
    np.testing.assert_array_equal(play.actions[:, 0], book.answers(play.actions[:, 1], game))
    assert play.actions[:, 1].max() == challenges - 1
    assert play.actions[:, 0].max() <= n_actions - 2
    assert (play.payoffs(0) == 1).all()
    assert (play.payoffs(1) == 1).all()


@pytest.mark.parametrize("fallbacks", [(None, sc.Hedge()), (sc.Fixed(0), sc.RegretMatching())], ids=str)
def test_members_with_other_fallbacks_understand_each_other(fallbacks):
    game = sc.games.conversation(4)
    first, second = (sc.Codebook(2, fallback, key=5) for fallback in fallbacks)
    for pair in ((first, second), (second, first)):
        assert (sc.play(*pair, game, (0, 0), 30, 50, seed=0).payoffs(1) == 1).all()


def test_a_codebook_is_compatible_with_itself_at_no_cost_and_consistent_with_a_learner_only():
    game, horizon = sc.games.conversation(4), 400
    epsilon = 1 / horizon + sc.bounds.hedge_epsilon(horizon, 4, 0.05)
    for fallback, wanted in ((None, None), (sc.Hedge(), True)):
        book = sc.Codebook(2, fallback)
        assert not sc.compatibility(book, book, game, 40, 0).failure.any()
        found = sc.consistency(book, game, horizon, epsilon, agent=1, method="certificate")
        assert found.is_consistent(0.05 + 1e-9) is wanted


def test_challenges_are_drawn_uniformly_and_anew():
    """Each count is within six standard deviations: an error probability below 1e-7 in all."""
    for n_actions, challenges in ((4, 2), (4, 3), (9, 5)):
        drawn = conversation(n_actions, challenges, episodes=4000)[2].actions[:, 1]
        pairs = drawn[:-1] * challenges + drawn[1:]
        for number, count in ((challenges, drawn), (challenges**2, pairs)):
            seen = np.stack([np.bincount(row, minlength=number) for row in count])
            spread = np.sqrt(4000 / number * (1 - 1 / number))
            assert np.abs(seen - 4000 / number).max() < 6 * spread


@given(st.integers(0, 6), st.integers(0, 2**63 - 1), st.integers(0, 2**32 - 1))
def test_the_ais_side_plays_the_answers_to_whatever_it_is_asked(which, key, seed):
    n_actions, challenges = BOOKS[which]
    game, book = sc.games.conversation(n_actions), sc.Codebook(challenges, key=key)
    asked = np.random.default_rng(seed).integers(challenges, size=(9, 6))
    answers = book.answers(asked, game)
    assert answers.shape == asked.shape
    seat = book.seat(game, 0, np.zeros(6, dtype=int), 9)
    for challenge, answer in zip(asked.astype(np.uint8), answers, strict=True):
        np.testing.assert_array_equal(seat.policy(), np.arange(n_actions)[:, None] == answer)
        seat.observe(answer.astype(np.uint8), challenge)


def test_an_answer_depends_on_the_challenges_before_it_alone():
    game, rng = sc.games.conversation(8), np.random.default_rng(0)
    asked = rng.integers(5, size=(10, 300))
    answers = sc.Codebook(5).answers(asked, game)
    for stage in range(10):
        changed = asked.copy()
        changed[stage:] = rng.integers(5, size=(10 - stage, 300))
        np.testing.assert_array_equal(sc.Codebook(5).answers(changed, game)[: stage + 1], answers[: stage + 1])
        np.testing.assert_array_equal(sc.Codebook(5).answers(asked[:stage], game), answers[:stage])


@pytest.mark.parametrize("stage", [0, 1, 4, 8])
def test_every_challenge_matters_for_all_answers_after_it(stage):
    """Answers after two histories agree as often as by chance: within six deviations, all together 1e-7."""
    game, rng = sc.games.conversation(5), np.random.default_rng(stage)
    asked = rng.integers(4, size=(12, 3000))
    changed = asked.copy()
    changed[stage] = (asked[stage] + rng.integers(1, 4, size=3000)) % 4
    one, two = (sc.Codebook(4).answers(which, game) for which in (asked, changed))
    histories = [len(np.unique(asked[:t], axis=1).T) for t in range(12)]
    for t in range(stage + 1, 12):
        # fewer different histories than episodes make the share of agreement less sure
        spread = np.sqrt(3 / 16 / min(3000, histories[t]))
        assert abs((one[t] == two[t]).mean() - 1 / 4) < 6 * spread


def all_histories(challenges, stages):
    """Return every sequence of challenges, (stages, challenges^stages)."""
    return np.array(list(product(range(challenges), repeat=stages))).T


@pytest.mark.parametrize("key", [0, 1, 2, 2**40, 2**63 - 1])
@pytest.mark.parametrize(("n_actions", "challenges", "stages"), [(3, 2, 12), (4, 2, 12), (4, 3, 7), (9, 2, 12)])
def test_answers_look_uniform_over_the_words(n_actions, challenges, stages, key):
    """Chi-square over all histories of one length, each at level 1e-5, all together 2e-4."""
    asked = all_histories(challenges, stages)
    asked = np.concatenate([asked, np.zeros_like(asked[:1])])  # the last answer is to all but the last challenge
    answers = sc.Codebook(challenges, key=key).answers(asked, sc.games.conversation(n_actions))[-1]
    words = n_actions - 1
    expected = len(answers) / words
    statistic = ((np.bincount(answers, minlength=words) - expected) ** 2 / expected).sum()
    assert len(np.bincount(answers)) == words
    assert statistic < chi2.isf(1e-5, words - 1)


def test_answers_differ_between_keys_as_by_chance():
    """Within five deviations of 1/3 for each of 21 pairs: an error probability of 1e-5 in all."""
    asked = np.concatenate([all_histories(2, 11), np.zeros((1, 2**11), dtype=int)])
    books = [sc.Codebook(2, key=key) for key in (0, 1, 2, 3, 10**6, 2**62, 2**63 - 1)]
    answers = [book.answers(asked, sc.games.conversation(4))[-1] for book in books]
    for i in range(len(books)):
        for j in range(i):
            assert abs((answers[i] == answers[j]).mean() - 1 / 3) < 5 * np.sqrt(2 / 9 / 2**11)


def test_the_opening_answer_depends_on_the_key():
    game, nothing = sc.games.conversation(4), np.zeros((1, 1), dtype=int)
    assert {sc.Codebook(2, key=key).answers(nothing, game)[0, 0] for key in range(30)} == {0, 1, 2}


def test_members_with_different_keys_soon_misunderstand_each_other():
    game = sc.games.conversation(4)
    play = sc.play(sc.Codebook(2, key=1), sc.Codebook(2, key=2), game, (0, 0), 60, 40, seed=0)
    assert (play.actions[-1] == 3).all()


@pytest.mark.parametrize(("n_actions", "words"), [(4, 1), (4, 2), (4, 3), (9, 5), (3, 2)])
def test_answers_are_among_the_first_words_and_as_many_as_asked_for(n_actions, words):
    game, book = sc.games.conversation(n_actions), sc.Codebook(2, words=words)
    asked = np.concatenate([all_histories(2, 12), np.zeros((1, 2**12), dtype=int)])
    seen = np.bincount(book.answers(asked, game)[-1])
    assert len(seen) == words
    expected = 2**12 / words
    # at level 1e-5 each
    assert ((seen - expected) ** 2 / expected).sum() < chi2.isf(1e-5, max(words - 1, 1))
    play = sc.play(book, book, game, (0, 0), 20, 30, seed=0)
    np.testing.assert_array_equal(play.actions[:, 0], book.answers(play.actions[:, 1], game))
    assert (play.payoffs(0) == 1).all()


def test_all_actions_but_the_last_are_the_words_by_default():
    game, asked = sc.games.conversation(5), all_histories(3, 6)
    np.testing.assert_array_equal(sc.Codebook(3).answers(asked, game), sc.Codebook(3, words=4).answers(asked, game))


def test_an_action_that_is_never_an_answer_is_a_slip():
    game, book = sc.games.conversation(4), sc.Codebook(2, words=1)
    for said, talks in ((0, True), (1, False), (2, False)):
        play = sc.play(sc.Fixed(said), book, game, (0, 0), 10, 5, seed=0)
        assert (play.actions[1:, 1] < 2).all() == talks
        assert (play.actions[1:, 1] == 3).all() != talks


def test_answers_to_nothing():
    game = sc.games.conversation(4)
    assert sc.Codebook(2).answers(np.zeros((0, 3), dtype=int), game).shape == (0, 3)
    assert sc.Codebook(2).answers(np.zeros((3, 0), dtype=int), game).shape == (3, 0)


# --- slips


SLIPS = {
    "the AI says a wrong word": (0, lambda action, stage: (action + 1) % 3),
    "the AI walks away": (0, lambda action, stage: 3),
    "the partner asks what is no challenge": (1, lambda action, stage: 2),
    "the partner walks away": (1, lambda action, stage: 3),
}


@pytest.mark.parametrize(
    "fallback", [None, sc.Hedge(), sc.Fixed(0), sc.Scripted([1, 0], sc.RegretMatching())], ids=repr
)
@pytest.mark.parametrize("slip", SLIPS)
def test_the_first_slip_of_either_side_leads_to_the_fallback_from_the_next_stage(slip, fallback):
    """Seen from both sides, at every stage, and whatever is played afterwards."""
    game, horizon = sc.games.conversation(4), 9
    book = sc.Codebook(2, fallback, key=3)
    plays_after = sc.Fixed(3) if fallback is None else fallback
    slipping, wrong = SLIPS[slip]
    for slip_at in range(horizon):
        rng = np.random.default_rng(slip_at)
        asked = rng.integers(2, size=(horizon, 20))
        history = np.stack([book.answers(asked, game), asked], axis=1).astype(np.uint8)
        history[slip_at, slipping] = wrong(history[slip_at, slipping], slip_at)
        history[slip_at + 1 :] = rng.integers(4, size=(horizon - slip_at - 1, 2, 20))
        for agent in (0, 1):
            types = np.zeros(20, dtype=int)
            seat = book.seat(game, agent, types, horizon)
            after = plays_after.seat(game, agent, types, horizon - slip_at - 1)
            for stage, actions in enumerate(history):
                own, other = actions[agent], actions[1 - agent]
                if stage > slip_at:
                    np.testing.assert_allclose(seat.policy(), after.policy(), atol=1e-14)
                    after.observe(own, other)
                elif agent == 1:
                    np.testing.assert_array_equal(seat.policy(), np.repeat([[0.5], [0.5], [0], [0]], 20, axis=1))
                else:
                    answer = book.answers(asked, game)[stage]
                    np.testing.assert_array_equal(seat.policy(), np.arange(4)[:, None] == answer)
                seat.observe(own, other)


def test_by_default_both_walk_away_for_ever():
    game, book = sc.games.conversation(4), sc.Codebook(3)
    mute = sc.play(sc.Fixed(0), book, game, (0, 0), 40, 200, seed=0)
    slipped = (mute.actions[:, 1] == 3).argmax(axis=0)
    assert (slipped > 0).all()  # a word or two may be right by chance
    for episode, first in enumerate(slipped):
        assert (mute.actions[first:, 1, episode] == 3).all()
        assert (mute.payoffs(1)[:first, episode] == 1).all()
        assert not mute.payoffs(1)[first:, episode].any()


# --- consistency


@pytest.mark.parametrize("agent", [0, 1])
def test_the_grim_codebook_is_not_consistent(agent):
    """The partner walks away once, then talks for ever: every word would have earned all that was missed."""
    game, horizon, grim = sc.games.conversation(4), 50, sc.Codebook(2)
    repentant = sc.Scripted([3], fallback=sc.Fixed(0))
    play = sc.play(*((grim, repentant) if agent == 0 else (repentant, grim)), game, (0, 0), horizon, 5, seed=0)
    assert (sc.external_regret(play, agent) == horizon - 1).all()
    assert grim.certificate(game, horizon, 0.9) == 1
    exact = sc.consistency(sc.Codebook(1), sc.games.conversation(3), 4, 0.74, agent=agent, method="exact")
    assert exact.failure == 1
    assert exact.is_consistent(0.99) is False
    sides = (sc.Codebook(1), exact.witness) if agent == 0 else (exact.witness, sc.Codebook(1))
    found = sc.play(*sides, sc.games.conversation(3), (0, 0), 4, 20, seed=0)
    assert (sc.external_regret(found, agent) >= 3).all()


def test_the_grim_codebook_certifies_nothing():
    for n_actions, challenges in BOOKS:
        for epsilon in (0, 0.5, 0.99):
            assert sc.Codebook(challenges).certificate(sc.games.conversation(n_actions), 100, epsilon) == 1
    assert sc.Codebook(1, sc.Fixed(0)).certificate(sc.games.conversation(3), 100, 0.5) == 1


def test_with_a_learner_the_certificate_is_the_learners_after_one_stage():
    """Among words no word is better, so that a conversation costs nothing until the first slip."""
    for n_actions, challenges in BOOKS[:5]:
        game = sc.games.conversation(n_actions)
        for horizon, delta in ((100, 0.1), (500, 1e-3)):
            epsilon = 1 / horizon + sc.bounds.hedge_epsilon(horizon, n_actions, delta)
            book = sc.Codebook(challenges, sc.Hedge())
            assert book.certificate(game, horizon, epsilon) == pytest.approx(delta, rel=1e-9)
            assert book.certificate(game, horizon, 0.9 / horizon) == 1


def test_where_words_differ_the_certificate_pays_for_the_worst_answer_and_the_worst_challenge_at_every_stage():
    for seed in range(24):
        game = sc.games.random_game(3 + seed % 3, 2, seed)
        n, table = game.n_actions, game.payoffs
        challenges, words = 1 + seed % (n - 1), 1 + seed // 3 % (n - 1)
        answers, asked = range(words), range(challenges)
        on_either_side = [(a, b) for a in answers for b in asked] + [(b, a) for a in answers for b in asked]
        per_stage = max(
            table[own_type, :, other].max() - table[own_type, own, other]
            for own_type in (0, 1)
            for own, other in on_either_side
        )
        learner = 1 / 300 + sc.bounds.hedge_epsilon(300, n, 0.01)
        book = sc.Codebook(challenges, sc.Hedge(), words=words)
        assert book.certificate(game, 300, per_stage + learner) == pytest.approx(0.01, rel=1e-6)
        assert book.certificate(game, 300, per_stage) == 1


def test_challenges_that_no_answer_repeats_cost_as_well():
    """The second challenge is always wrong, and there is only one answer."""
    game, horizon = sc.Game([[1, 1, 0], [0, 0, 0], [0, 0, 0]]), 400
    book = sc.Codebook(2, sc.Hedge(), words=1)
    play = sc.play(book, book, game, (0, 0), horizon, 50, seed=0)
    assert (sc.external_regret(play, 1) > 0.2 * horizon).all()
    assert book.certificate(game, horizon, 0.2) == 1


@pytest.mark.parametrize("agent", [0, 1])
def test_no_partner_beats_the_certificate(agent):
    """Exactly, by backward induction, in conversations and random games."""
    epsilons, informative = np.linspace(0.1, 0.95, 18), 0
    cases = [(sc.games.conversation(2), 1, 9), (sc.games.conversation(3), 1, 4), (sc.games.conversation(3), 2, 4)]
    cases += [(sc.games.random_game(2, 2, seed, levels), 1, 7) for seed, levels in ((0, None), (1, 3), (2, 2), (3, 4))]
    # little to lose while it lasts, so that something is certified
    cases += [(sc.Game(np.full((2, 2), 0.4) + 0.2 * sc.games.random_game(2, 1, 5).payoffs), 1, 9)]
    cases += [(sc.games.random_game(3, 2, 4), 2, 3), (sc.Game([[1, 1, 0], [0, 0, 0], [0, 0, 0]]), 2, 4)]
    for number, (game, challenges, horizon) in enumerate(cases):
        words = 1 if number in (2, len(cases) - 1) else None
        book = sc.Codebook(challenges, (sc.Hedge(), sc.RegretMatching())[number == 1], number, words)
        bounds = np.array([book.certificate(game, horizon, epsilon) for epsilon in epsilons])
        worst = sc.social.worst_failures(book, game, horizon, epsilons, agent=agent)
        assert (worst <= bounds + 1e-9).all()
        informative += ((bounds > 0) & (bounds < 1)).sum()
        single = sc.consistency(book, game, horizon, epsilons[4], agent=agent, method="exact")
        assert single.failure == pytest.approx(worst[4], abs=1e-9)
    assert informative >= 8


@pytest.mark.parametrize("agent", [0, 1])
def test_whoever_comes_the_regret_is_that_of_the_slip_and_the_learner(agent):
    """Each run fails with probability 1e-8 at most, all 400 together below 1e-5."""
    game, horizon = sc.games.conversation(4), 200
    bound = 1 + horizon * sc.bounds.hedge_epsilon(horizon, 4, 1e-8)
    book, positive = sc.Codebook(2, sc.Hedge()), 0
    repentant = sc.Scripted([3], fallback=sc.Fixed(0))
    others = [
        *sc.social.usual_partners(game),
        repentant,
        sc.Scripted([0, 1, 3, 0]),
        sc.Codebook(2),
        sc.Codebook(3, sc.Hedge()),
    ]
    for other in others:
        sides = (book, other)[:: 1 if agent == 0 else -1]
        regret = sc.external_regret(sc.play(*sides, game, (0, 0), horizon, 12, seed=3), agent)
        assert regret.max() <= bound
        positive += (regret > 1).sum()
    assert positive > 20


# --- bad input


@pytest.mark.parametrize("challenges", [0, -1, 256, 1.5, True, "2", None, [1]])
def test_what_is_no_number_of_challenges_is_refused(challenges):
    with pytest.raises((ValueError, TypeError), match="challenges"):
        sc.Codebook(challenges)


@pytest.mark.parametrize("fallback", [0, "Hedge", sc.Hedge, [sc.Hedge()]], ids=str)
def test_a_fallback_that_is_no_strategy_is_refused(fallback):
    with pytest.raises(TypeError, match="fallback"):
        sc.Codebook(2, fallback)


@pytest.mark.parametrize("key", [-1, 2**63, 0.5, True, "a", None])
def test_what_is_no_key_is_refused(key):
    with pytest.raises((ValueError, TypeError), match="key"):
        sc.Codebook(2, key=key)


@pytest.mark.parametrize("words", [0, -1, 256, 1.5, True, "2", [1]])
def test_what_is_no_number_of_words_is_refused(words):
    with pytest.raises((ValueError, TypeError), match="words"):
        sc.Codebook(2, words=words)


def test_more_words_than_actions_but_the_last_are_refused_by_the_game():
    game, book = sc.games.conversation(4), sc.Codebook(2, sc.Hedge(), words=4)
    for use in (
        lambda: sc.play(book, sc.Hedge(), game, (0, 0), 3),
        lambda: book.certificate(game, 10, 0.5),
        lambda: book.answers([[0]], game),
    ):
        with pytest.raises(ValueError, match="words"):
            use()


@pytest.mark.parametrize(("n_actions", "challenges"), [(1, 1), (2, 2), (4, 4), (4, 9)])
def test_more_challenges_than_words_are_refused_by_the_game(n_actions, challenges):
    game, book = sc.games.random_game(n_actions, 1, 0), sc.Codebook(challenges, sc.Hedge())
    for use in (
        lambda: sc.play(book, sc.Hedge(), game, (0, 0), 3),
        lambda: sc.play(sc.Hedge(), book, game, (0, 0), 3),
        lambda: book.certificate(game, 10, 0.5),
        lambda: book.answers([[0]], game),
    ):
        with pytest.raises(ValueError, match="challenges must be fewer than"):
            use()


@pytest.mark.parametrize(
    "asked", [None, 0, [0], [[2]], [[-1]], [[0.0]], "01", [[True]], [[[0]]], [[0], [0, 1]]], ids=str
)
def test_what_are_no_challenges_is_refused(asked):
    with pytest.raises((ValueError, TypeError), match="challenges"):
        sc.Codebook(2).answers(asked, sc.games.conversation(4))


def test_a_repr_can_be_read_back():
    for book in (
        sc.Codebook(2),
        sc.Codebook(3, sc.Hedge()),
        sc.Codebook(1, sc.Fixed(0), key=7),
        sc.Codebook(5, key=1),
        sc.Codebook(2, words=1),
    ):
        assert repr(eval(repr(book), vars(sc))) == repr(book)


# --- how long an imitator survives


def recursion(horizon, episodes, challenges, n_actions):
    """Return the survival curve by its recursion, to 60 digits."""
    with localcontext() as context:
        context.prec = 60 + 3 * horizon  # digits that 1 - m^-t needs beside
        alive, curve = Decimal(1), []
        for stage in range(horizon):
            known = 1 - (1 - Decimal(challenges) ** -stage) ** episodes if episodes else Decimal(0)
            alive = known + (alive - known) / n_actions
            curve.append(+alive)
        return curve


def enumeration(horizon, episodes, challenges, n_actions):
    """Return the survival curve by going through all datasets and all sequences of challenges, as fractions."""
    sequences = list(product(range(challenges), repeat=max(horizon - 1, 0)))
    curve, count = [Fraction(0)] * horizon, 0
    for dataset in product(sequences, repeat=episodes):
        for asked in sequences:
            alive, count = Fraction(1), count + 1
            for stage in range(horizon):
                if not any(record[:stage] == asked[:stage] for record in dataset):
                    alive /= n_actions
                curve[stage] += alive
    return [total / count for total in curve]


@pytest.mark.parametrize(
    ("horizon", "episodes", "challenges", "n_actions"),
    [
        *[(1, 0, 2, 3), (1, 1, 2, 3), (3, 0, 2, 4), (4, 1, 2, 4), (4, 2, 2, 4), (3, 3, 2, 3), (3, 2, 3, 5)],
        *[(2, 4, 3, 4), (3, 4, 2, 6), (3, 2, 1, 2), (4, 2, 1, 5)],
    ],
)
def test_survival_is_that_over_all_datasets_of_challenges(horizon, episodes, challenges, n_actions):
    exact = [float(value) for value in enumeration(horizon, episodes, challenges, n_actions)]
    np.testing.assert_allclose(sc.bounds.survival(horizon, episodes, challenges, n_actions), exact, rtol=1e-12)


@pytest.mark.parametrize(("horizon", "episodes", "challenges", "n_actions"), [(3, 1, 2, 3), (3, 2, 2, 3), (2, 3, 2, 4)])
def test_survival_is_that_of_the_imitator_of_every_dataset(horizon, episodes, challenges, n_actions):
    """Every dataset that may come up is imitated, and all histories with a member are enumerated."""
    game, book = sc.games.conversation(n_actions), sc.Codebook(challenges)
    sequences = all_histories(challenges, horizon - 1).T
    right = np.zeros(horizon)
    for dataset in product(sequences.tolist(), repeat=episodes):
        asked = np.concatenate([np.array(dataset).T, np.zeros((1, episodes), dtype=int)])
        actions = np.stack([book.answers(asked, game), asked], axis=1).astype(np.uint8)
        imitator = sc.Imitator(sc.Dataset(actions, np.zeros((episodes, 2), dtype=int), game))
        for stage in range(horizon):
            # what a member answers is right, so being alive is that all went as among members
            chances = sc.history_distribution(imitator, book, game, (0, 0), horizon)
            together = sc.history_distribution(book, book, game, (0, 0), horizon) > 0
            later = tuple(range(stage + 1, horizon))
            right[stage] += (chances.sum(axis=later) * together.any(axis=later)).sum()
    expected = right / len(sequences) ** episodes
    np.testing.assert_allclose(sc.bounds.survival(horizon, episodes, challenges, n_actions), expected, rtol=1e-12)


SIZES = [0, 1, 2, 3, 10, 999, 10**5, 12345678, 10**9]


@pytest.mark.parametrize("n_actions", [1, 2, 4, 256])
@pytest.mark.parametrize("challenges", [1, 2, 3, 10, 255])
def test_survival_is_accurate_for_datasets_of_up_to_a_billion(challenges, n_actions):
    horizon = 45
    found = sc.bounds.survival(horizon, SIZES, challenges, n_actions)
    assert found.shape == (horizon, len(SIZES))
    expected = np.array([recursion(horizon, size, challenges, n_actions) for size in SIZES], dtype=float).T
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_survival_takes_sizes_of_any_shape():
    sizes = np.array([[0, 5, 10], [20, 50, 10**9]])
    found = sc.bounds.survival(7, sizes, 2, 4)
    assert found.shape == (7, 2, 3)
    for place in np.ndindex(2, 3):
        np.testing.assert_array_equal(found[(slice(None), *place)], sc.bounds.survival(7, int(sizes[place]), 2, 4))
    assert sc.bounds.survival(0, sizes, 2, 4).shape == (0, 2, 3)
    assert sc.bounds.survival(3, [], 2, 4).shape == (3, 0)


def test_long_horizons_and_large_datasets_lose_no_digits_to_overflow():
    with np.errstate(all="raise", under="ignore"):
        curve = sc.bounds.survival(3000, [0, 1, 2**62 - 1], 255, 256)
    assert (curve >= 0).all()
    assert (np.diff(curve, axis=0) <= 0).all()
    assert (np.diff(curve, axis=1) >= 0).all()


@pytest.mark.parametrize(
    ("episodes", "horizon", "challenges", "n_actions", "value"),
    [(20, 6, 2, 4, 0.5477), (50, 8, 3, 6, 0.0348), (200, 8, 2, 4, 0.8356)],
)
def test_known_values_of_survival(episodes, horizon, challenges, n_actions, value):
    assert sc.bounds.survival(horizon, episodes, challenges, n_actions)[-1] == pytest.approx(value, abs=5e-5)


@given(st.integers(1, 25), st.integers(1, 10**6), st.integers(1, 9), st.integers(1, 12))
def test_survival_is_the_series(horizon, episodes, challenges, n_actions):
    known = [-np.expm1(episodes * np.log1p(-(challenges**-t))) if t and challenges > 1 else 1 for t in range(horizon)]
    total = known[-1]
    for j in range(horizon - 1):
        total += (known[j] - known[j + 1]) * n_actions ** -(horizon - 1.0 - j)
    assert sc.bounds.survival(horizon, episodes, challenges, n_actions)[-1] == pytest.approx(total, rel=1e-9, abs=1e-14)


@given(st.integers(1, 60), st.integers(1, 10**9), st.integers(1, 255), st.data())
def test_survival_is_at_most_its_bound(horizon, episodes, challenges, data):
    n_actions = data.draw(st.integers(challenges + 1, 256))
    bound = sc.bounds.survival_bound(horizon, episodes, challenges, n_actions)
    plain = Fraction(episodes, challenges ** (horizon - 1)) / (1 - Fraction(challenges, n_actions))
    assert bound == pytest.approx(float(min(plain, 1)), rel=1e-9)
    assert sc.bounds.survival(horizon, episodes, challenges, n_actions)[-1] <= bound * (1 + 1e-9)


def test_the_bound_is_off_by_little_when_records_are_few():
    """It forgets only that two records may begin alike."""
    tight = sc.bounds.survival(30, 5, 2, 64)[-1] / sc.bounds.survival_bound(30, 5, 2, 64)
    assert 0.95 < tight <= 1


def test_the_records_it_takes_double_with_every_stage():
    horizons, sizes = (4, 8, 12, 16, 24), (5, 71, 1128, 18049, 4620454)
    for horizon, size in zip(horizons, sizes, strict=True):
        assert sc.bounds.episodes_to_survive(0.5, horizon, 2, 4) == size
        few, enough = (recursion(horizon, number, 2, 4)[-1] for number in (size - 1, size))
        assert few < Decimal("0.5") <= enough
    assert sizes[-1] / 2**23 == pytest.approx(0.55, abs=0.01)


@given(st.floats(0, 0.999), st.integers(1, 16), st.integers(1, 5), st.integers(1, 8))
def test_the_dataset_is_the_smallest(probability, horizon, challenges, n_actions):
    size = sc.bounds.episodes_to_survive(probability, horizon, challenges, n_actions)
    assert sc.bounds.survival(horizon, size, challenges, n_actions)[-1] >= probability
    if size > 0:
        assert sc.bounds.survival(horizon, size - 1, challenges, n_actions)[-1] < probability


def test_guessing_may_be_enough():
    assert sc.bounds.episodes_to_survive(0, 50, 2, 4) == 0
    assert sc.bounds.episodes_to_survive(1 / 64, 3, 2, 4) == 0
    assert sc.bounds.episodes_to_survive(0.016, 3, 2, 4) == 1
    assert sc.bounds.episodes_to_survive(0.999, 1, 2, 4) == 1
    assert sc.bounds.episodes_to_survive(0.999, 200, 1, 4) == 1


def test_a_horizon_that_takes_more_records_than_can_be_counted_is_refused():
    with pytest.raises(ValueError, match="horizon must be so short"):
        sc.bounds.episodes_to_survive(0.5, 80, 2, 4)


SETTINGS = [
    (20, 6, 2, 4),
    (50, 8, 3, 6),
    (200, 8, 2, 4),
    (0, 4, 1, 2),
    (1, 5, 1, 4),
    (1, 5, 2, 3),
    (5, 4, 2, 4),
    (10, 6, 3, 4),
    (30, 5, 4, 9),
    (71, 8, 2, 4),
    (100, 10, 2, 3),
    (300, 7, 3, 5),
]


@pytest.mark.parametrize(("episodes", "horizon", "challenges", "n_actions"), SETTINGS)
def test_an_imitator_survives_as_long_as_said(episodes, horizon, challenges, n_actions):
    """At the end within four standard errors over the means of 100 datasets; normal, 6e-5 of error for each setting.

    Before it the mean of a dataset deviates at most like a single coin, which bounds the error even where all
    samples agree: 6e-5 for each of 76 stages. All together 0.6 %.
    """
    datasets, tries = 100, 40
    game, book = sc.games.conversation(n_actions), sc.Codebook(challenges)
    problem = sc.SocialLearningProblem(game, sc.Population([book]), horizon)
    rng = np.random.default_rng(episodes)
    alive = np.empty((datasets, horizon))
    for row in alive:
        imitator = sc.Imitator(problem.sample(episodes, rng))
        play = sc.play(imitator, book, game, (0, 0), horizon, tries, rng)
        asked = np.minimum(play.actions[:, 1], challenges - 1)  # after a slip they are none, and do not matter
        row[:] = np.logical_and.accumulate(play.actions[:, 0] == book.answers(asked, game)).mean(axis=1)
    expected = sc.bounds.survival(horizon, episodes, challenges, n_actions)
    error = alive[:, -1].std(ddof=1) / np.sqrt(datasets)
    assert abs(alive[:, -1].mean() - expected[-1]) <= 4 * error + 1e-12
    single = np.sqrt(expected * (1 - expected) / datasets)
    assert (np.abs(alive.mean(axis=0) - expected) <= 4 * single + 1e-12).all()


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (sc.bounds.survival, (-1, 5, 2, 4), "horizon"),
        (sc.bounds.survival, (5, -1, 2, 4), "episodes"),
        (sc.bounds.survival, (5, [1.5], 2, 4), "episodes"),
        (sc.bounds.survival, (5, 2**62, 2, 4), "episodes"),
        (sc.bounds.survival, (5, 5, 0, 4), "challenges"),
        (sc.bounds.survival, (5, 5, 2, 0), "n_actions"),
        (sc.bounds.survival_bound, (0, 5, 2, 4), "horizon"),
        (sc.bounds.survival_bound, (5, 0, 2, 4), "episodes"),
        (sc.bounds.survival_bound, (5, [5], 2, 4), "episodes"),
        (sc.bounds.survival_bound, (5, 5, 4, 4), "challenges"),
        (sc.bounds.survival_bound, (5, 5, 1, 1), "n_actions"),
        (sc.bounds.episodes_to_survive, (1, 5, 2, 4), "probability"),
        (sc.bounds.episodes_to_survive, (-0.1, 5, 2, 4), "probability"),
        (sc.bounds.episodes_to_survive, (0.5, 0, 2, 4), "horizon"),
        (sc.bounds.episodes_to_survive, (0.5, 5, 0, 4), "challenges"),
        (sc.bounds.episodes_to_survive, (0.5, 5, 2, True), "n_actions"),
    ],
)
def test_bad_arguments_of_the_bounds_are_named(function, arguments, argument):
    with pytest.raises((ValueError, TypeError), match=argument):
        function(*arguments)
