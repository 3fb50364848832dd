"""The numbers and the words about them in the chapter on what is assumed and what is open."""

from functools import cache
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
TEAM = sc.games.team_lead(("tone", "workload"))


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


@cache
def trembling(way, rate):
    return measure(way, problem(), partner=sc.strategies.Trembling(MEMBER, rate))


@cache
def spoiled(way, rate):
    return measure(way, problem(), spoil=lambda dataset, rng: sc.social.misread(dataset, actions=rate, seed=rng))


@cache
def base(way):
    return measure(way, problem())


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


@pytest.mark.parametrize("e", [0.05, 0.1, 0.2])
def test_without_care_a_tremble_costs_more_than_twice_the_slips_but_less_than_the_change_and_than_imitation(e):
    low, _, high = trembling("mixture", e)
    assert 2 * 5 / 8 * e * (0.9 if e == 0.05 else 1) < low
    assert high < 1 - (1 - 3 / 4 * e) ** 6
    assert high < trembling("imitation", e)[0] - 0.2


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


@pytest.mark.parametrize("e", [0.1, 0.2])
def test_care_leaves_little_more_than_the_slips(e):
    assert 5 / 8 * e < trembling("careful", e)[0] < trembling("careful", e)[2] < 5 / 8 * e + 0.02


def test_care_costs_nothing_where_nobody_trembles():
    assert base("careful")[2] < 0.021
    assert base("careful")[1] == pytest.approx(base("mixture")[1], abs=0.002)


def test_with_slips_in_the_records_too_care_helps_less():
    shaking = problem(sc.strategies.Trembling(MEMBER, 0.2))
    careful, plain = (measure(way, shaking)[1] for way in ("careful", "mixture"))
    assert trembling("careful", 0.2)[2] + 0.1 < careful < plain - 0.03
    assert plain / careful < 1.6 < trembling("mixture", 0.2)[1] / trembling("careful", 0.2)[1]


def test_with_slips_in_the_records_most_histories_are_missing():
    shaking = problem(sc.strategies.Trembling(MEMBER, 0.2))
    known, fresh = (
        [played.tobytes() for played in np.ascontiguousarray(data.actions[:5].transpose(2, 0, 1))]
        for data in (shaking.sample(K, 1, stages=6), shaking.sample(2000, 2, stages=6))
    )
    missed = np.mean([played not in set(known) for played in fresh])
    assert 0.8 < missed < 0.95


# --- records, codes, forgiveness


@pytest.mark.parametrize("rate", [0.1, 0.2])
def test_with_misread_records_care_helps(rate):
    careful, plain = spoiled("careful", rate), spoiled("mixture", rate)
    assert careful[2] < plain[1] < spoiled("imitation", rate)[0] - 0.2


def test_misread_records_cost_about_the_amount_at_first_and_six_tenths_in_the_end():
    for rate, part in ((0.1, 0.98), (1.0, 0.6)):
        cost = min(spoiled(way, rate)[1] for way in WAYS[1:]) - base("careful")[1]
        assert cost / rate == pytest.approx(part, abs=0.1)


def test_another_code_hurts_without_care_and_next_to_not_at_all_with_it():
    met = {"partner": OTHER}
    assert measure("mixture", problem(), **met)[0] > 0.3
    assert measure("careful", problem(), **met)[2] < 0.03


def test_partners_who_never_forgive_cost_their_share_and_records_do_not_show_them():
    for way in WAYS:
        assert measure(way, problem(), partner=GRIM)[0] > 0.9
    both = [sc.play(each, each, TALK, (0, 0), T, 50, seed=1).actions for each in (MEMBER, GRIM)]
    assert np.array_equal(*both)


def test_a_share_of_other_partners_costs_that_share_of_what_they_cost():
    low, _, high = measure("careful", problem(), partner=sc.Population([MEMBER, GRIM], [0.7, 0.3]))
    both = 0.7 * base("careful")[1] + 0.3 * measure("careful", problem(), partner=GRIM)[1]
    assert low < both < high
    assert 0.9 * 0.3 < both < 0.3 + 0.7 * clean()


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


NEW = {"partner": np.s_[:3, 3], "own": np.s_[3, :3], "both": np.s_[3, 3]}


@cache
def new_types(way, whose):
    spring, october = np.zeros((4, 4)), np.zeros((4, 4))
    spring[:3, :3] = october[NEW[whose]] = 1
    old = sc.SocialLearningProblem(TEAM, sc.Population([sc.Convention()]), T, types=spring / 9)
    return measure(way, old, 8, met_types=october / october.sum())


def test_a_partner_of_a_new_type_fares_with_care_as_in_her_worst_pone_and_better_than_without():
    assert new_types("careful", "partner") == pytest.approx([0, 0, 0], abs=0.005)
    assert 0.05 < new_types("mixture", "partner")[0] < new_types("mixture", "partner")[2]
    assert new_types("mixture", "partner")[2] < new_types("imitation", "partner")[1]


def test_care_leaves_a_fifth_where_the_assistants_own_type_is_new_as_well():
    assert new_types("careful", "own")[2] < 0
    assert new_types("careful", "both")[1] == pytest.approx(0.2, abs=0.01)


def test_the_teams_convention_keeps_to_what_the_bound_assumes():
    learned = sc.bounds.hedge_epsilon(T, 4, DELTA) + 2 / T
    assert sc.Convention().certificate(TEAM, T, learned + 1e-9) <= DELTA * (1 + 1e-9)
    assert sc.compatibility(sc.Convention(), sc.Convention(), TEAM, 8, 1 / 8).failure.max() == 0


# --- learning slowly, and without a horizon


def test_who_learns_ten_times_too_slowly_loses_about_nine_times_as_much():
    found = {}
    for c in (1, 0.3, 0.1, 0.03):
        partner = sc.Codebook(2, fallback=sc.Hedge(c * rate(T)), words=3)
        found[c] = measure("careful", problem(), partner=partner)
        assert found[c][1] < clean(learning=c * rate(T)) < 1
    assert found[0.1][1] / found[1][1] == pytest.approx(9, abs=1)
    assert found[0.3][1] / found[1][1] == pytest.approx(3, abs=0.5)


@cache
def lost(way):
    """Return what the partner has lost up to each stage, on average."""
    ai = sc.ImitateThenCommit(problem().sample(K, 1, stages=6), 6, "careful")
    met = sc.play(ai, sc.Codebook(2, fallback=way, words=3), TALK, (0, 0), 1000, 300, seed=4)
    return (1 - met.payoffs(1)).cumsum(axis=0)


HEDGES = {stages: sc.Hedge(rate(stages)) for stages in (20, 200, 2000)}
MATCHING = sc.RegretMatching()


def test_who_expects_few_stages_loses_least_of_the_hedge_learners():
    for stage in (50, 200, 1000):
        means = [lost(HEDGES[expected])[stage - 1].mean() for expected in (20, 200, 2000)]
        assert means == sorted(means)
        assert lost(MATCHING)[stage - 1].mean() < means[0]


def test_a_wrong_guess_of_a_random_end_costs_a_few_hundredths():
    ends = np.minimum(np.random.default_rng(5).geometric(1 / T, 300), 1000)
    found = [lost(way)[ends - 1, range(300)].sum() / ends.sum() for way in (*HEDGES.values(), MATCHING)]
    assert max(found) - found[1] < 0.05


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


# --- the slider: for which of the seven is imitate-then-commit no better than imitation?

AMOUNTS = [0.0, 0.1, 0.2, 0.5, 0.9, 1.0]


@cache
def slider():
    def slow(amount):
        return {"partner": sc.Codebook(2, fallback=sc.Hedge((1 - amount) * rate(T)), words=3)}

    def blurred(amount):
        return {"spoil": lambda dataset, rng: sc.social.misread(dataset, actions=amount, seed=rng)}

    before, after = np.zeros((4, 4)), np.zeros((4, 4))
    before[:3, :3], after[:3, 3] = 1 / 9, 1 / 3
    old = sc.SocialLearningProblem(TEAM, sc.Population([sc.Convention()]), T, types=before)
    cases = {
        2: (problem(), 6, lambda amount: {"partner": sc.strategies.Trembling(MEMBER, amount)}),
        3: (problem(), 6, blurred),
        4: (old, 8, {"met_types": after}),
        5: (problem(), 6, {"partner": OTHER}),
        6: (problem(), 6, {"partner": GRIM}),
        7: (morning(), 16, {"partner": OPPOSITE}),
        8: (problem(), 6, slow),
    }
    size = {"plays": 500, "datasets": 50, "seed": 3}
    return {n: sc.stress(each, phase, K, AMOUNTS, change, **size) for n, (each, phase, change) in cases.items()}


def leads(number):
    """Return by how much imitate-then-commit loses less than imitation to the end, at each amount."""
    found = slider()[number]
    return found["imitate to the end"][:, 1] - found["imitate, then commit"][:, 1]


@pytest.mark.parametrize("number", [2, 5, 8])
def test_with_a_tremble_another_code_or_slow_learners_imitate_then_commit_is_always_better(number):
    assert (leads(number) > 0.03).all()


@pytest.mark.parametrize("number", [3, 6])
def test_its_lead_is_lost_where_all_is_misread_or_nobody_forgives_but_not_before(number):
    assert (leads(number)[:4] > 0.1).all()
    assert leads(number)[-1] == pytest.approx(0, abs=0.05)


def test_with_few_new_types_both_are_about_equal_and_with_all_new_it_is_better():
    assert leads(4)[:3] == pytest.approx(0, abs=0.04)
    assert leads(4)[-1] > 0.03


def test_with_the_opposite_meaning_it_is_no_better_until_half_of_the_guests_have_changed():
    assert (leads(7)[:3] < 0).all()
    assert leads(7)[3] == pytest.approx(0, abs=0.02)
    assert leads(7)[-1] > 0


def test_care_helps_much_with_trembling_and_another_code_and_nothing_with_grudges_and_meanings():
    saved = {n: found["imitate, then commit"][:, 1] - found["with care"][:, 1] for n, found in slider().items()}
    assert saved[2][2] > 0.1
    assert saved[5][-1] > 0.3
    assert 0.02 < saved[3][2] < saved[2][2]
    assert 0.02 < saved[4][-1] < saved[5][-1]
    for number in (6, 7):
        assert saved[number] == pytest.approx(0, abs=0.02)


def test_the_cost_divided_by_the_amount_separates_the_groups_of_the_list():
    groups = {5: (-0.01, 0.01), 4: (0, 0.1), 2: (0.55, 0.65), 6: (0.9, 1), 7: (0.9, 1)}
    for number, (least, most) in groups.items():
        commits = np.minimum(slider()[number]["imitate, then commit"], slider()[number]["with care"])[:, 1]
        parts = (commits[1:] - commits[0]) / AMOUNTS[1:]
        assert ((least < parts) & (parts < most)).all()


def test_the_figures_read_their_numbers_aloud():
    found = {"an end": {"imitate to the end": [[0, 0.1, 0.2], [0.4, 0.5, 0.6]]}, "a start": {"with care": np.eye(3)}}
    update = sc.plots.broken_assumption([0.0, 1.0], found, {"an end": [0.3, 1.4]}).update
    assert "An end, 0. Altruistic regret per stage: imitate to the end, 0.10. Proved" in update("an end", 0.0)
    assert "at most 0.30" in update("an end", 0.0)
    assert "No bound below 1" in update("an end", 1.0)
    assert "No bound below 1" in update("a start", 0.0)
