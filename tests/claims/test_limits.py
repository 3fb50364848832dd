"""The numbers and the words about them in the chapter on what is assumed and what is open."""

from functools import cache, partial
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import socialcoop as sc

T, K, DELTA = 200, 200, 0.01
FOUR_SIGMA = {"confidence": 0.99994, "n_jobs": 1}
TALK = sc.games.conversation(8, words=3)
MEMBER = sc.Codebook(challenges=2, fallback=sc.Hedge(), words=3)
GRIM = sc.Codebook(challenges=2, words=3)
OTHER = sc.Codebook(challenges=2, fallback=sc.Hedge(), words=3, key=1)
WAYS = ["imitation", "mixture", "careful"]
BREAKFAST = sc.games.hidden_taste(0.02)
PLAIN, OPPOSITE = sc.strategies.announcing_classes()


def problem(people=MEMBER):
    return sc.SocialLearningProblem(TALK, sc.Population([people]), T)


def morning(types=((0, 0.5, 0.5), (0, 0, 0), (0, 0, 0))):
    return sc.SocialLearningProblem(BREAKFAST, sc.Population([PLAIN]), T, types=types)


def measure(way, problem, phase=6, seed=1, **broken):
    """Return the mean altruistic regret per stage between the ends of an interval of four standard errors."""
    datasets = 8 if way == "imitation" else 120
    found = sc.sweep(
        problem, [phase], [K], [way], plays=8 * datasets, datasets=datasets, seed=seed, **FOUR_SIGMA, **broken
    )
    return found.low.item(), found.regret.item(), found.high.item()


def rate(stages):
    return sc.Hedge().tuned(stages, 8)


def clean(tremble=0.0, learning=None):
    """Return what the proposition on clean records leaves a careful assistant to lose per stage."""
    return 5 / 8 * tremble + (5 / 8 + np.log(8 / 3) / (learning or rate(T))) / T


# --- the theorem on changed partners, and care


def tables(rng, stages=2):
    odds = np.full(2, 0.5)  # often close to 0 or 1
    return [rng.dirichlet(odds, (2, 4**t)) for t in range(stages)]


def over_datasets(member, strategy_of, other, game, weights, episodes):
    """Return laws of own type, other's type and two stages, (2, 2, 4, 4), averaged over all datasets.

    Of two members; of the strategy and the other; and of those two where the records show the first stage.
    """
    alone = np.zeros((2, 2, 4, 4))
    for types in np.ndindex(2, 2):
        alone[types] = weights[types] * sc.history_distribution(member, member, game, types, 2)
    records = [(types, joint) for types in np.ndindex(2, 2) for joint in np.ndindex(4, 4)]
    found, held = np.zeros((2, 2, 4, 4)), np.zeros((2, 2, 4, 4))
    for chosen in product(records, repeat=episodes):
        chance = np.prod([alone[types][joint] for types, joint in chosen])
        if chance == 0:
            continue
        actions = np.array([[divmod(digit, 2) for digit in joint] for _, joint in chosen], dtype=np.uint8)
        data = sc.Dataset(actions.transpose(1, 2, 0), np.array([types for types, _ in chosen]), game)
        for types in np.ndindex(2, 2):
            law = chance * weights[types] * sc.history_distribution(strategy_of(data), other, game, types, 2)
            found[types] += law
            for first in {joint[0] for kind, joint in chosen if kind[0] == types[0]}:
                held[types][first] += law[first]
    return alone, found, held


@pytest.mark.parametrize("seed", range(6))
def test_what_the_imitator_meets_differs_by_no_more_than_imitation_and_the_change_of_partners(seed):
    """The heart of the proofs, over all datasets of one record, for random people of two types."""
    rng = np.random.default_rng(seed)
    game, weights = sc.games.random_game(2, 2, rng), rng.dirichlet(np.ones(4)).reshape(2, 2)
    member, partner = sc.strategies.Tabular(tables(rng)), sc.strategies.Tabular(tables(rng))
    people = sc.SocialLearningProblem(game, sc.Population([member]), 2, types=weights)
    alone, met, held = over_datasets(member, sc.Imitator, partner, game, weights, 1)
    change, tree = sc.imitation.meeting_tv(people, partner, 2), sc.HistoryTree(people, 2)
    assert met.sum() == pytest.approx(1)
    assert np.maximum(alone - met, 0).sum() <= tree.marginal_tv(1) + change + 1e-12
    assert np.maximum(alone - held, 0).sum() <= tree.missing_mass(1) + change + 1e-12
    careful = over_datasets(member, lambda d: sc.ImitateThenCommit(d, 2, "careful"), partner, game, weights, 1)[2]
    np.testing.assert_allclose(careful, held, atol=1e-12)  # where the records last it imitates


def test_without_a_change_it_is_the_old_theorem():
    told = (T, 6, 0.03, 0.1)
    new = sc.bounds.changed_theorem(*told, (DELTA, 0.2), (DELTA, 0.2))
    assert new == pytest.approx(sc.bounds.corrected_theorem(T, 6, 0.2, DELTA, 0.03, 0.1))


# --- trembling hands


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.2, 1.0])
def test_how_much_a_trembling_hand_shows(rate):
    assert sc.imitation.meeting_tv(problem(), sc.strategies.Trembling(MEMBER, rate), 6) == pytest.approx(
        1 - (1 - 3 / 4 * rate) ** 6
    )


def test_among_the_recorded_people_every_stage_pays_one():
    assert sc.compatibility(MEMBER, MEMBER, TALK, 6, 0).failure.max() == 0


# --- care with clean records


def met_by(way, partner, seed, data=None):
    data = problem().sample(K, seed, stages=6) if data is None else data
    return sc.play(sc.ImitateThenCommit(data, 6, way), partner, TALK, (0, 0), T, 50, seed=seed)


STRANGERS = {
    "blunders": sc.Fixed(5),
    "random": sc.Fixed(np.full(8, 1 / 8)),
    "learner": sc.FictitiousPlay(),
    "mirror": sc.TitForTat(),
    "grudge": GRIM,
    "another code": OTHER,
    "trembles": sc.strategies.Trembling(MEMBER, 0.3),
}


@pytest.mark.parametrize("partner", STRANGERS)
@pytest.mark.parametrize("few", [1, K])
def test_with_clean_records_and_care_both_regrets_are_equal_in_every_episode(partner, few):
    met = met_by("careful", STRANGERS[partner], few, problem().sample(few, few, stages=6))
    assert (met.actions[:, 0] < 3).all()  # fitting words only
    assert np.array_equal(sc.altruistic_regret(met), sc.external_regret(met, 1))


@pytest.mark.parametrize("what", ["no record", "none of the own type"])
def test_without_a_record_of_the_own_type_care_is_of_no_use_and_they_differ(what):
    """With none at all the assistant draws its first action from all eight, and keeps to it: wrong in five of eight."""
    talk, records = TALK, problem().sample(0, 1, stages=6)
    if what == "none of the own type":
        talk = sc.Game(np.tile(TALK.payoffs, (2, 1, 1)))
        other = sc.SocialLearningProblem(talk, MEMBER, T, types=[[0, 0], [0.5, 0.5]])
        records = other.sample(K, 1, stages=6)
    ai = sc.ImitateThenCommit(records, 6, "careful")
    met = sc.play(ai, MEMBER, talk, (0, 0), T, 2000, seed=1)
    assert sc.altruistic_regret(met).mean() / T == pytest.approx(5 / 8, abs=0.045)  # four sigma
    assert sc.external_regret(met, 1).mean() / T < 0.02


def test_without_care_or_with_misread_records_they_differ():
    partner = STRANGERS["trembles"]
    blurred = sc.social.misread(problem().sample(K, 1, stages=6), actions=0.2, seed=1)
    for met in (met_by("mixture", partner, 1), met_by("careful", partner, 1, blurred)):
        assert (sc.altruistic_regret(met) > sc.external_regret(met, 1) + 10).any()


def test_a_consistent_partner_loses_no_more_than_she_may_however_much_has_changed():
    regret = sc.bounds.hedge_epsilon(T, 8, DELTA) + 1 / T
    assert OTHER.certificate(TALK, T, regret + 1e-9) <= DELTA * (1 + 1e-9)
    assert measure("careful", problem(), partner=OTHER)[2] < regret + DELTA < 0.2
    assert sc.imitation.meeting_tv(problem(), OTHER, 6) > 0.99


@pytest.mark.parametrize("e", [0.0, 0.1, 0.2, 0.5, 1.0])
@pytest.mark.parametrize("member", [MEMBER, OTHER])
def test_the_bound_for_a_trembling_member_holds_and_is_close(member, e):
    low, _, high = measure("careful", problem(), partner=sc.strategies.Trembling(member, e))
    assert high < clean(e)
    assert low > clean(e) - 0.03


@pytest.mark.parametrize("learning", [0.02, 0.288, 2.0])
@pytest.mark.parametrize("words", [1, 3, 7])
def test_how_often_hedge_means_an_unfitting_word_and_what_that_sums_to(learning, words):
    talk = sc.games.conversation(8, words=words)
    seat, wrong, q = sc.Hedge(learning).seat(talk, 1, np.zeros(1, dtype=int), 3000), [], 1 - words / 8
    for _ in range(3000):
        wrong.append(seat.policy()[words:].sum())
        seat.observe(np.array([0]), np.array([0]))
    behind = q * np.exp(-learning * np.arange(3000))  # the weight of the unfitting, relative to that of the fitting
    np.testing.assert_allclose(wrong, behind / (behind + 1 - q), atol=1e-12)
    limit = q + np.log(8 / words) / learning
    assert limit - q < sum(wrong) < limit


# --- meanings and types


@pytest.mark.parametrize("way", WAYS)
def test_with_the_opposite_meaning_the_regrets_sum_to_one_and_no_way_helps(way):
    old, new = measure(way, morning(), 16), measure(way, morning(), 16, partner=OPPOSITE)
    assert old[0] + new[0] < 1 < old[2] + new[2]
    assert new[0] > 0.85


def test_the_bound_rises_with_the_share_of_opposite_guests_as_the_loss_does():
    mixed = sc.Population([PLAIN, OPPOSITE], [0.7, 0.3])
    assert sc.imitation.meeting_tv(morning(), mixed, 16) == pytest.approx(0.3)
    missed = sc.HistoryTree(morning(), 16).missing_mass(K)
    limit = sc.bounds.changed_theorem(T, 16, missed, 0.5, (0, 0.02 + 1 / 16), (0, 0.02 + 1 / T), 0.3)
    assert limit == pytest.approx(0.45, abs=0.005)
    for way in ("mixture", "careful"):
        low, mean, high = measure(way, morning(), 16, partner=mixed)
        assert low < 0.3 + 0.4 * measure(way, morning(), 16)[1] < high
        assert 0.3 - 0.05 < mean < limit


@pytest.mark.parametrize("share", [0.1, 0.5, 0.7, 0.9])
def test_the_floor_is_the_smaller_share_and_whoever_reads_the_new_way_comes_near_it_where_most_have_changed(share):
    def lost(host):
        means = [
            1 - np.mean([sc.expected_payoffs(host, each, BREAKFAST, (0, kind), 6)[1] for kind in (1, 2)]) / 6
            for each in (PLAIN, OPPOSITE)
        ]
        return (1 - share) * means[0] + share * means[1]

    hosts = [PLAIN, OPPOSITE, *sc.social.usual_partners(BREAKFAST), sc.Fixed([0.3, 0.7])]
    floor = min(share, 1 - share)
    assert min(map(lost, hosts)) >= floor - 1e-12
    assert lost(OPPOSITE if share > 0.5 else PLAIN) <= floor + abs(1 - 2 * share) * (0.02 + 2 / 6) + 1e-12


def test_a_host_who_reads_the_new_way_loses_three_tenths_where_seven_tenths_have_changed():
    met = [sc.play(OPPOSITE, each, BREAKFAST, (0, kind), T) for each in (PLAIN, OPPOSITE) for kind in (1, 2)]
    old, new = (
        np.mean([sc.altruistic_regret(each)[0] / T for each in met[:2]]),
        np.mean([sc.altruistic_regret(each)[0] / T for each in met[2:]]),
    )
    assert 0.3 * old + 0.7 * new == pytest.approx(0.305, abs=0.001)


def test_the_announcing_guests_keep_to_what_the_bound_assumes():
    for each in (PLAIN, OPPOSITE):
        for kind in (1, 2):
            for other in (*sc.social.usual_partners(BREAKFAST), sc.Fixed(0), sc.Fixed(1)):
                met = sc.play(other, each, BREAKFAST, (0, kind), T, 5, seed=1)
                assert (sc.external_regret(met, 1) <= 0.02 * T + 1).all()
            met = sc.play(PLAIN, PLAIN, BREAKFAST, (0, kind), 16)
            assert sc.altruistic_regret(met)[0] <= 16 * (0.02 + 1 / 16)


def test_a_guest_whose_wish_no_record_shows_is_served_wrongly_half_of_the_time_and_with_care_always():
    tea, coffee = np.zeros((3, 3)), np.zeros((3, 3))
    tea[0, 1] = coffee[0, 2] = 1
    for way, expected in zip(WAYS, (0.51, 0.54, 1.0), strict=True):
        low, mean, high = measure(way, morning(tea), 16, met_types=coffee)
        assert mean == pytest.approx(expected, abs=0.04)
        assert high - low < 0.15


# --- without a horizon


@cache
def lost(way):
    """Return what the partner has lost up to each stage, on average."""
    ai = sc.ImitateThenCommit(problem().sample(K, 1, stages=6), 6, "careful")
    met = sc.play(ai, sc.Codebook(2, fallback=way, words=3), TALK, (0, 0), 1000, 300, seed=4)
    return (1 - met.payoffs(1)).cumsum(axis=0)


HEDGES = {stages: sc.Hedge(rate(stages)) for stages in (20, 200, 2000)}
MATCHING = sc.RegretMatching()


def test_what_is_lost_per_stage_falls_like_one_over_the_horizon():
    for way in (HEDGES[20], HEDGES[200], MATCHING):
        means = lost(way).mean(axis=1)
        assert means[999] / means[199] == pytest.approx(1, abs=0.1)


def test_the_total_that_is_lost_stays_below_a_constant_for_each_rate_of_hedge():
    for expected, way in HEDGES.items():
        total = lost(way).mean(axis=1)
        limit = T * clean(learning=rate(expected))
        assert 0.75 * limit < total[999] < limit


# --- the two losses

TONE, LONG, SHORT = sc.games.team_lead(), 12, 3
PEOPLE = sc.strategies.Trembling(sc.Convention(), 0.2)
RECORDS = sc.SocialLearningProblem(TONE, PEOPLE, LONG).sample(K, seed=7)


def entropy(model, stages):
    """Return the cross-entropy of the recorded own actions in the first stages, the mean of the records."""
    seat, found = model.seat(TONE, 0, RECORDS.types[:, 0], LONG), 0.0
    for own, other in RECORDS.actions[:stages]:
        found -= np.log(seat.policy()[own, range(K)]).mean()
        seat.observe(own, other)
    return found


def counted(stages):
    """Return how often each own action follows each own type and history, by plain counting: {row: counts}."""
    rows = {}
    for episode in range(K):
        for stage in range(stages):
            row = (RECORDS.types[episode, 0], RECORDS.actions[:stage, :, episode].tobytes())
            rows.setdefault((stage, row), np.zeros(2))[RECORDS.actions[stage, 0, episode]] += 1
    return rows


def test_a_table_trained_on_all_stages_fits_the_first_as_well_as_one_trained_on_them_alone_and_the_people_fit_less():
    whole, first = sc.Imitator(RECORDS), sc.Imitator(RECORDS, SHORT)
    assert entropy(whole, SHORT) == entropy(first, SHORT)
    assert entropy(first, LONG) == pytest.approx(entropy(first, SHORT) + (LONG - SHORT) * np.log(2))
    assert entropy(PEOPLE, SHORT) > entropy(whole, SHORT) + 0.05
    assert entropy(PEOPLE, LONG) > entropy(whole, LONG) + 3


def test_both_losses_of_a_table_are_least_for_the_same_rows_of_the_first_stages_and_the_imitator_has_them():
    whole, first = (
        sc.imitation.behaviour_tables(sc.Imitator(RECORDS, phase), TONE, 0, SHORT) for phase in (LONG, SHORT)
    )
    for one, two in zip(whole, first, strict=True):
        np.testing.assert_array_equal(one, two)
    for stages in (SHORT, LONG):
        shares = [count / count.sum() for count in counted(stages).values() for _ in range(int(count.sum()))]
        least = -sum(share @ np.log(np.maximum(share, 1e-300)) for share in shares) / K
        assert entropy(sc.Imitator(RECORDS), stages) == pytest.approx(least)  # no table is below a row's own entropy


@given(seed=st.integers(0, 2**32 - 1), n_actions=st.integers(2, 4), records=st.integers(1, 6))
def test_no_mixed_action_is_a_better_commitment_than_the_best_single_one(seed, n_actions, records):
    """For any partners' payoffs; and on the records the mixture of imitate-then-commit is worth no more."""
    rng = np.random.default_rng(seed)
    partners = rng.random((records, n_actions, n_actions))

    def worth(mixed):
        return (partners @ mixed).max(axis=1).sum(axis=0)

    single = worth(np.eye(n_actions)).max()
    assert (worth(rng.dirichlet(np.full(n_actions, 0.5), 200).T) <= single + 1e-12).all()
    weights, strategies = sc.commitment_mixture(rng.dirichlet(np.ones(n_actions**2)).reshape(n_actions, n_actions))
    assert weights @ worth(strategies.T) <= single + 1e-12


def test_gradient_ascent_on_the_worth_of_a_commitment_may_stop_at_the_worse_of_two_actions():
    """From ½–½, on the logits; and the worth is convex, so no mixed action is better than the best single one."""
    worth, logits = np.array([[0.6, 0.5], [0.0, 1.0]]), np.zeros(2)
    for _ in range(4000):
        kept = np.exp(logits) / np.exp(logits).sum()
        slope = worth[(worth @ kept).argmax()]
        logits += 0.2 * kept * (slope - slope @ kept)
    assert (worth @ kept).max() == pytest.approx(0.6, abs=0.01)
    mixed = np.linspace(0, 1, 101)
    assert (worth @ np.stack([1 - mixed, mixed])).max(axis=0).argmax() == 100
    assert worth.max() == 1


# --- what a small loss promises


def laws(rows, member, game, weights):
    """Return the law of types and two stages, (2, 2, 4, 4), with a strategy of these rows in the AI's place."""
    whole = np.zeros((2, 2, 4, 4))
    for types in np.ndindex(2, 2):
        met = sc.strategies.Tabular(rows)
        whole[types] = weights[types] * sc.history_distribution(met, member, game, types, 2)
    return whole


@pytest.mark.parametrize("seed", range(8))
def test_the_excess_of_the_second_loss_splits_in_two_and_bounds_what_the_commitment_falls_short(seed):
    """The steps of the proof by brute force: two stages, random people, a random model and a random commitment."""
    rng, left = np.random.default_rng(seed), 5
    game, weights = sc.games.random_game(2, 2, rng), rng.dirichlet(np.ones(4)).reshape(2, 2)
    people, model = tables(rng), tables(rng)
    member = sc.strategies.Tabular(people)
    among, met = laws(people, member, game, weights), laws(model, member, game, weights)
    kept = rng.dirichlet(np.ones(2), (2, 4, 4))  # after each own type and history
    best = game.payoffs @ np.eye(2)
    fitting, worth = np.zeros((2, 2, 4, 4)), np.zeros((2, 2, 4, 4))  # of the model, and of its commitment
    options, realised = np.zeros((2, 2, 2, 4, 4)), np.zeros((2, 2, 4, 4))
    for own, other, first, second in np.ndindex(2, 2, 4, 4):
        told = [model[0][own, 0], model[1][own, first]]
        place = own, other, first, second
        fitting[place] = sum(np.log(row[act // 2]) for row, act in zip(told, (first, second), strict=True))
        worth[place] = (best[other] @ kept[own, first, second]).max()
        options[(slice(None), *place)] = best[other].max(axis=0)
        realised[place] = np.mean([best[other][act % 2, act // 2] for act in (first, second)])
    rows = [[people[0][own, 0], people[1][own, first]] for own, first in np.ndindex(2, 4)]
    own_fit = np.zeros((2, 2, 4, 4))
    for own, other, first, second in np.ndindex(2, 2, 4, 4):
        told = rows[own * 4 + first]
        own_fit[own, other, first, second] = np.log(told[0][first // 2]) + np.log(told[1][second // 2])
    entropy_gap = (among * (own_fit - fitting)).sum()
    assert entropy_gap == pytest.approx((among * np.log(among / met)).sum())  # the chain rule
    highest = (among * options).sum(axis=2).max(axis=0).sum()  # the best action after each own type and history
    short = highest - (among * worth).sum()
    assert short >= -1e-12
    assert highest >= (among * realised).sum() - 1e-12
    excess = entropy_gap + left * short
    floor = (among * realised).sum() - np.sqrt(excess / 2) - excess / left
    assert (met * worth).sum() >= floor - 1e-12
    assert np.abs(among - met).sum() / 2 <= np.sqrt(entropy_gap / 2)


# --- one team for all

HORIZON, AMOUNTS = 100, [0.0, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0]
GAME = sc.games.varied_team(ways=2, wordings=2, key=2)
FOLK = partial(sc.strategies.VariedTeam, small_talk=0)
ONE = FOLK("rota")
HAND, MISREAD, CODE = "a trembling hand", "misread records", "another code"
GRUDGE, MEANING, SLOW = "no forgiveness", "the opposite meaning", "slow learners"


def team(tastes=(0.25, 0.25, 0.25, 0.25), people=ONE):
    types = np.zeros((4, 4))
    types[0] = tastes
    return sc.SocialLearningProblem(GAME, people, HORIZON, types)


def n_gram(records):
    return sc.imitation.BackOffImitator(records, order=2)


def holds(records):
    return sc.ThenCommit(n_gram(records), 4, "last")


def seats(people):
    first = {n: partial(sc.ImitateThenCommit, phase=n) for n in (4, 8)}
    return {
        "table": sc.Imitator,
        "n-gram": n_gram,
        "holds": holds,
        "commits, 4": first[4],
        "commits, 8": first[8],
        "care, 4": partial(first[4], commit="careful"),
        "care": partial(first[8], commit="careful"),
        "no data": sc.best_constant(people),
        "one of them": ONE,
    }


def shaky(e):
    return {"partner": sc.strategies.Trembling(ONE, e)}


def misread(e):
    return {"spoil": lambda data, rng: sc.social.misread(data, e, seed=rng)}


CHANGES = {
    HAND: shaky,
    MISREAD: misread,
    CODE: {"partner": FOLK("usual")},
    GRUDGE: {"partner": FOLK("rota", fallback=sc.Fixed(GAME.n_actions - 1))},
    MEANING: {"partner": FOLK("rota", opposite=True)},
    SLOW: {"partner": FOLK("rota", fallback=sc.Hedge(sc.Hedge().tuned(HORIZON, GAME.n_actions) / 10))},
}
SIZE = {"plays": 800, "datasets": 20, "seed": 5}
OTHER_PEOPLE = (
    CODE,
    GRUDGE,
    MEANING,
    SLOW,
)  # other partners: measured at once they share records, and the team as it was
SPOKEN_OF = "n-gram", "holds", "care", "no data"  # who is compared where it is not a hand that trembles


def some(people, names):
    """Return these of the assistants; what one earns does not depend on who else is measured."""
    everybody = seats(people)
    return {name: everybody[name] for name in names}


@cache
def measured(changes, size):
    who = seats(team()) if changes == (HAND,) else some(team(), SPOKEN_OF)
    amounts = AMOUNTS if size == 200 else [0.0, 0.05, 1.0]
    return sc.stress(team(), who, [size], amounts, {change: CHANGES[change] for change in changes}, **SIZE)


def found(change, size=200):
    return measured(OTHER_PEOPLE if change in OTHER_PEOPLE else (change,), size)


@cache
def newcomer(taste):
    """Return the result with records of the other tastes, all of whom change to the new one."""
    others, new = np.full(4, 1 / 3), np.zeros((4, 4))
    others[taste], new[0, taste] = 0, 1
    old = team(others)
    return sc.stress(old, some(old, SPOKEN_OF), [200], AMOUNTS, {"new": {"met_types": new}}, **SIZE)


def earned(change, name, amount, size=200):
    result = found(change, size)
    return result.means(change, size)[name][result.amounts.index(amount)]


@cache
def slips_on_record():
    """Return what is earned, by assistant, where the whole team has a trembling hand, in the records too."""
    whole = {"problem": team(people=sc.strategies.Trembling(ONE, 0.1))}
    who = some(team(), ("care", "commits, 4", "n-gram"))
    means = sc.stress(team(), who, [200], [0.1], {"all": lambda e: whole}, **SIZE).means("all", 200)
    return {name: row.item() for name, row in means.items()}


def test_slips_on_record_cost_each_assistant_a_little_and_leave_care_its_lead():
    names = ("care", "commits, 4", "n-gram")
    clean = [earned(HAND, name, 0.1) for name in names]
    after = [slips_on_record()[name] for name in names]
    assert all(0.02 < before - now < 0.055 for before, now in zip(clean, after, strict=True))
    assert clean[0] - clean[1] == pytest.approx(0.03, abs=0.015)
    assert after[0] - after[1] == pytest.approx(0.03, abs=0.015)


def test_with_slips_on_record_the_own_history_is_on_record_less_long():
    hand = sc.strategies.Trembling(ONE, 0.1)
    types, lasted = team().sample_types(400, seed=1), []
    for people in (ONE, hand):
        table = sc.Imitator(sc.SocialLearningProblem(GAME, people, HORIZON, team().types).sample(200, seed=1))
        lasted.append(table.followed(sc.play(table, hand, GAME, types, 20, 400, seed=2)).mean())
    assert lasted[0] > lasted[1] + 0.3


def test_there_is_something_to_learn_and_without_a_change_who_generalises_is_as_good_as_a_person():
    for size in (20, 200):
        people, nothing = (earned(HAND, name, 0.0, size) for name in ("one of them", "no data"))
        assert people - nothing >= 0.15
        assert people - nothing == pytest.approx(0.25, abs=0.03)
        ahead = earned(HAND, "n-gram", 0.0, size)
        assert ahead > max(earned(HAND, name, 0.0, size) for name in ("commits, 4", "commits, 8", "care")) + 0.02
        assert earned(HAND, "table", 0.0, size) < 0.55
    assert earned(HAND, "n-gram", 0.0) == pytest.approx(earned(HAND, "one of them", 0.0), abs=0.01)


@pytest.mark.parametrize("e", [0.01, 0.02, 0.05, 0.1])
def test_with_a_trembling_hand_the_n_gram_is_as_bad_as_a_person_and_whoever_commits_with_care_is_ahead(e):
    assert earned(HAND, "n-gram", e) == pytest.approx(earned(HAND, "one of them", e), abs=0.02)
    assert earned(HAND, "care", e) > earned(HAND, "n-gram", e) + 0.01
    best = max(earned(HAND, name, e) for name in ("n-gram", "commits, 4", "commits, 8", "care", "no data"))
    assert earned(HAND, "holds", e) > best
    whole = {name: found(HAND).whole[0][found(HAND).assistants.index(name)].mean() for name in ("commits, 4", "care")}
    for name, before in whole.items():
        assert before - earned(HAND, name, e) < e
    change = sc.imitation.meeting_tv(team(), shaky(e)["partner"], 4)
    assert change == pytest.approx(1 - (1 - 8 / 9 * e) ** 4)
    assert change > 2 * e


def test_at_one_slip_in_a_hundred_all_is_well_for_two_thirds_of_the_time_and_then_half_of_it_is_lost():
    who = team().sample_types(2000, seed=3)
    paid = sc.play(n_gram(team().sample(200, seed=1)), shaky(0.01)["partner"], GAME, who, HORIZON, 2000, 4).payoffs(1)
    wrong = paid[1:] < 0.999  # at the first stage each plays its own favourite
    first = np.where(wrong.any(axis=0), wrong.argmax(axis=0) + 1, HORIZON)
    assert first.mean() == pytest.approx(65, abs=2)
    later = np.arange(HORIZON)[:, None] >= first
    assert paid[~later].mean() > 0.98
    assert paid[later].mean() == pytest.approx(0.5, abs=0.05)
    assert paid.mean() == pytest.approx(0.65 + 0.35 * 0.5, abs=0.03)


@pytest.mark.parametrize("e", [0.01, 0.05, 0.1, 0.5])
def test_with_trembling_hands_care_and_the_last_act_are_ahead_at_once_and_nu_from_five_slips_in_a_hundred_on(e):
    ahead = {
        name: earned(HAND, name, e) - earned(HAND, "n-gram", e)
        for name in ("care", "holds", "commits, 4", "commits, 8")
    }
    assert min(ahead["care"], ahead["holds"]) > 0.01
    assert (min(ahead["commits, 4"], ahead["commits, 8"]) > 0.01) == (e >= 0.05)


def test_at_five_slips_in_a_hundred_the_n_gram_is_far_behind_no_data():
    assert earned(HAND, "n-gram", 0.05) < earned(HAND, "no data", 0.05) - 0.08
    assert earned(HAND, "n-gram", 0.01) > earned(HAND, "no data", 0.01)


def test_the_theorem_promises_nothing_with_so_few_records():
    epsilon = next(each for each in np.linspace(0.01, 1, 100) if ONE.certificate(GAME, HORIZON, each) <= DELTA)
    tv = sc.HistoryTree(team(), 4).marginal_tv(200)
    rest = next(each for each in np.linspace(0, 1, 101) if sc.compatibility(ONE, ONE, GAME, 4, each).is_compatible(0))
    bound = float(sc.bounds.changed_theorem(HORIZON, 4, tv, 1 - 1 / 18, (0, rest), (DELTA, epsilon)))
    assert bound == pytest.approx(0.86, abs=0.015)
    assert bound > np.mean([sc.worst_pone(GAME, (0, taste))[1] for taste in range(4)])


def test_with_care_the_length_of_the_phase_does_not_matter_and_without_it_does():
    for e in (0.0, 0.01, 0.1):
        assert earned(HAND, "care", e) == pytest.approx(earned(HAND, "care, 4", e), abs=0.015)
        assert earned(HAND, "commits, 8", e) < earned(HAND, "commits, 4", e) - 0.05
    assert earned(HAND, "commits, 8", 0.0, 20) < earned(HAND, "no data", 0.0, 20) - 0.02
    for e in AMOUNTS[:-1]:
        assert earned(HAND, "care", e) > earned(HAND, "no data", e)
    assert earned(HAND, "care", 1.0) == pytest.approx(earned(HAND, "no data", 1.0), abs=0.01)


def test_the_n_gram_is_broken_by_one_misread_act_in_fifty_and_the_careful_bends():
    for e in (0.02, 0.05, 0.1, 0.5, 1.0):
        assert earned(MISREAD, "n-gram", e) < 0.75 < earned(MISREAD, "n-gram", 0.0) - 0.2
        assert earned(MISREAD, "care", e) > earned(MISREAD, "n-gram", e) + 0.05
    assert earned(MISREAD, "care", 1.0) == pytest.approx(earned(MISREAD, "no data", 1.0), abs=0.04)


@pytest.mark.parametrize("change", [CODE, MEANING])
def test_people_with_another_custom_are_worse_than_nobody_for_the_n_gram_and_only_in_their_share(change):
    gram, care = (found(change).means(change, 200)[name] for name in ("n-gram", "care"))
    assert gram[-1] < 0.52
    crossing = (gram[0] - care[0]) / (gram[0] - care[0] + care[-1] - gram[-1])  # of two straight lines
    assert 0.35 < crossing < 0.65
    assert care[-1] < earned(change, "no data", 1.0) - 0.03


@pytest.mark.parametrize("change", [GRUDGE, SLOW])
def test_people_who_do_not_follow_leave_the_n_gram_as_it_was_and_whoever_commits_needs_them(change):
    gram, care = (found(change).means(change, 200)[name] for name in ("n-gram", "care"))
    assert gram.min() > 0.98
    assert care[-1] < care[0] - 0.25
    if change == GRUDGE:
        assert care[-1] == pytest.approx(0.55, abs=0.03)
        assert earned(GRUDGE, "no data", 1.0) == pytest.approx(0.55, abs=0.01)


def test_with_the_careful_assistant_only_a_trembling_hand_earns_far_less_than_alone():
    steady = [earned(change, "care", 1.0) for change in CHANGES if change != HAND]
    steady += [newcomer(taste).means("new", 200)["care"][-1] for taste in range(4)]
    assert 0.54 < min(steady) < 0.55
    lost = found(HAND).means(HAND, 200)
    assert all(row[-1] < 0.265 for row in lost.values())
    assert max(row[-1] for row in lost.values()) == pytest.approx(0.26, abs=0.005)


@pytest.mark.parametrize("change", [HAND, MISREAD, CODE, GRUDGE, MEANING, SLOW])
def test_at_a_tenth_the_model_that_keeps_to_its_last_act_earns_more_than_care(change):
    assert earned(change, "holds", 0.1) > earned(change, "care", 0.1) + 0.01


@pytest.mark.parametrize("change", [HAND, MISREAD])
def test_where_half_of_all_acts_are_wrong_the_lead_of_the_last_act_is_gone(change):
    assert earned(change, "holds", 0.5) < earned(change, "care", 0.5) + 0.02


def test_where_all_have_another_custom_the_last_act_is_still_ahead():
    for change in (CODE, MEANING):
        assert earned(change, "holds", 1.0) > earned(change, "care", 1.0)
    shown = newcomer(2).means("new", 200)  # the taste in the figure
    assert all(shown["holds"] > shown["care"])


@pytest.mark.parametrize("taste", [0, 1, 3])
def test_where_all_have_another_new_taste_than_the_figures_care_is_ahead(taste):
    shown = newcomer(taste).means("new", 200)
    assert shown["care"][-1] > shown["holds"][-1] + 0.02


def test_with_few_records_the_picture_is_the_same():
    for change in (GRUDGE, SLOW):
        gram = found(change, 20).means(change, 20)["n-gram"]
        assert gram.min() > gram[0] - 0.06
    for change in (CODE, MEANING):
        assert earned(change, "n-gram", 1.0, 20) < 0.55
    assert earned(HAND, "n-gram", 0.05, 20) < earned(HAND, "care", 0.05, 20) - 0.1
    lead = [earned(HAND, "n-gram", 0.0, size) - earned(HAND, "care", 0.0, size) for size in (20, 200)]
    assert 0.02 < lead[0] < lead[1]


def test_what_a_new_taste_costs_depends_on_who_is_new():
    means = [newcomer(taste).means("new", 200) for taste in range(4)]
    with_care = [each["care"][-1] for each in means]
    np.testing.assert_allclose(with_care, [0.74, 0.94, 0.545, 0.74], atol=0.02)
    assert all(each["n-gram"][-1] < 0.52 for each in means)
    assert all(each["no data"][-1] == pytest.approx(0.55, abs=0.01) for each in means)
    for change in (CODE, MEANING):
        # a share of the episodes changes, so that what is earned is linear in it
        lead, then = (earned(change, "n-gram", share) - earned(change, "care", share) for share in (0.0, 0.5))
        assert 0.34 < 0.5 * lead / (lead - then) < 0.5
    leads = np.array([each["n-gram"] - each["care"] for each in means])[:, [0, -1]]
    turns = leads[:, 0] / (leads[:, 0] - leads[:, 1])
    assert min(turns) == pytest.approx(0.25, abs=0.04)
    assert max(turns) == turns[2] == pytest.approx(0.68, abs=0.06)


def test_by_the_rule_errors_on_every_act_cost_most_and_changed_people_between_one_and_three_hundredths():
    results = {change: found(change) for change in CHANGES}
    lost = {change: np.array(each.lost(change, "care", 200, 0.1)) for change, each in results.items()}
    tastes = [np.mean(newcomer(taste).lost("new", "care", 200, 0.1)) for taste in range(4)]
    assert min(tastes) < -0.004  # one of them gains
    assert 2 * np.mean(tastes) < max(tastes) == tastes[2]
    new = [newcomer(taste).means("new", 200) for taste in range(4)]
    assert np.mean([each["holds"][AMOUNTS.index(0.1)] - each["care"][AMOUNTS.index(0.1)] for each in new]) > 0.01
    assert lost[HAND][0] > lost[MISREAD].mean()
    assert lost[MISREAD].mean() > max(lost[each].mean() for each in (SLOW, GRUDGE))
    for change in (SLOW, GRUDGE):
        assert lost[change] == pytest.approx(0.032, abs=0.006)
    for change in (MEANING, CODE):
        assert lost[change] == pytest.approx(0.021, abs=0.006)
    assert np.mean(tastes) == pytest.approx(0.012, abs=0.004)
    assert all(high < 0.1 for _, high in lost.values())
    for change in (HAND, MISREAD):
        assert np.mean(results[change].lost(change, "n-gram", 200, 0.1)) == pytest.approx(0.46, abs=0.04)
    assert np.mean(results[MISREAD].lost(MISREAD, "care", 200, 1.0)) < 0.25
    assert earned(HAND, "holds", 1.0) < 0.3  # nothing to be saved


@cache
def waited(way):
    ai = sc.ImitateThenCommit(team().sample(200, 1), 8, "careful")
    met = sc.play(ai, FOLK("rota", fallback=way), GAME, team().sample_types(300, 3), 500, 300, seed=4)
    return met.payoffs(1).cumsum(axis=0)


def test_it_is_best_to_learn_fast_and_a_wrong_guess_of_the_end_costs_less_than_a_tenth():
    ends = np.minimum(np.random.default_rng(5).geometric(1 / HORIZON, 300), 500)
    ways = [sc.RegretMatching(), *(sc.Hedge(sc.Hedge().tuned(n, GAME.n_actions)) for n in (10, 100, 1000))]
    for stage in (50, 100):
        means = [waited(way)[stage - 1].mean() for way in ways]
        assert means == sorted(means, reverse=True)
    random = [waited(way)[ends - 1, range(300)].sum() / ends.sum() for way in ways]
    assert random == sorted(random, reverse=True)
    assert 0.05 < random[2] - random[3] < 0.1
    late = [(waited(way)[499] - waited(way)[399]).mean() / 100 for way in ways]
    assert np.ptp(late) < 0.02  # what is left is the price of a wrong commitment


def test_with_slips_in_the_records_too_the_n_gram_learns_to_part():
    fell = {name: earned(HAND, name, 0.1) - after for name, after in slips_on_record().items()}
    assert 0.02 < fell["n-gram"] < 0.08
    assert 0 < fell["care"] < 0.06


def test_when_to_stop_matters_and_the_stages_trained_on_do_not():
    network = pytest.importorskip("sklearn.neural_network").MLPClassifier
    network = partial(network, (32,), learning_rate_init=0.01, random_state=0, tol=10)

    def both(records):
        short = sc.Dataset(records.actions[:4], records.types, GAME)
        fitted = partial(sc.ModelImitator, temperature=0, apart=True)
        every = fitted(records, network(batch_size=500, n_iter_no_change=6))
        early = fitted(short, network(n_iter_no_change=60))
        held = {name: sc.ThenCommit(each, 4, "last") for name, each in (("all", every), ("first", early))}
        return held | {"goes on": every, "n-gram": n_gram(records)}

    partner = shaky(0.01)["partner"]
    told = sc.rivals(team(), both, [20, 200], partner=partner, plays=400, datasets=4, seed=3, n_jobs=1)
    for size in (20, 200):
        low, high = told.margin("all", "first", size)
        assert -0.05 < low < high < 0.05
        assert told.margin("all", "goes on", size)[0] > 0.05
    assert abs(np.mean(told.margin("goes on", "n-gram", 200))) < 0.04


def test_the_figure_reads_its_numbers_aloud():
    names = {"table, to the end": "table", "n-gram, to the end": "n-gram", "then commits, 8": "commits, 8"}
    names |= {"with care": "care", "no data": "no data", "n-gram, then its last act": "holds"}
    everybody = seats(team())
    who = {told: everybody[name] for told, name in names.items()}
    parts = {"amounts": [0.0, 0.1, 1.0], "changes": {GRUDGE: CHANGES[GRUDGE]}}
    drawn = sc.stress(team(), who, [200], **parts, plays=40, datasets=2)
    means = drawn.means(GRUDGE, 200)
    picture = sc.plots.broken_assumption({GRUDGE: drawn})
    for place, amount in enumerate(parts["amounts"]):
        told = picture.update(GRUDGE, amount, episodes=200, phase=8)
        best = max(means, key=lambda name: means[name][place])
        assert told.startswith(f"No forgiveness: where {amount:g} of it is broken, “{best}")
        assert f"serves her best, {means[best][place]:.2f} a stage" in told
        for name in set(means) - {best}:
            assert f"{name}{' stages' * name.endswith('8')}, {means[name][place]:.2f}" in told
        (ring,) = [line for line in picture.animated if getattr(line, "get_markersize", int)() == 13]
        assert ring.get_xydata() == pytest.approx(np.array([[place, means[best][place]]]))
    with pytest.raises(KeyError):
        picture.update(GRUDGE, 0.1, episodes=200, phase=4)


@pytest.mark.parametrize(
    ("care", "said"),
    [
        ([0.9, 0.9, 0.9], "from 0.1 to 1"),
        ([0.9, 0.9, 0.3], "at 0.1 alone"),
        ([0.9, 0.5, 0.3], None),
    ],
)
def test_the_figure_says_at_which_amounts_care_is_ahead_of_the_n_gram(care, said):
    gram = [1.0, 0.6, 0.4]
    rows = {"table, to the end": care, "n-gram, to the end": gram, "n-gram, then its last act": care}
    rows |= {"then commits, 8": care, "with care": care}
    earned = np.array([*rows.values(), care])[None, None, :, :, None]
    names = *rows, "no data"
    found = sc.sweeps.Stress((GRUDGE,), names, (200,), (0.0, 0.1, 1.0), earned[0, :, :, 0], earned)
    told = sc.plots.broken_assumption({GRUDGE: found}).update(GRUDGE, 0.1, 200, 8)
    assert told.endswith(f"Care is ahead of the n-gram {said}." if said else "Care is nowhere ahead of the n-gram.")
