"""Chapter "Could anybody promise more?": the numbers in its prose, and those steps of proofs that can be computed."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from rivals import Each

import socialcoop as sc

S, DELTA, BONUS = sc.strategies, 0.001, 0.0005


def rho(lam):
    return lam / (8 - lam)


def smallest_epsilon(horizon):
    return 2 * BONUS + (1 - S.spare_regret(horizon, 3, 0, DELTA)) / horizon


@pytest.mark.parametrize("lam", [Fraction(1, 2), Fraction(1, 4)])
def test_both_sides_of_the_account_by_hand(lam):
    """In fractions: what a word is worth before she tells, and what a single action can have earned at the end."""
    share = lam / (8 - lam)
    before = (1 - share + 1 - 3 * share) / 2
    told = lam / 2
    in_hindsight = told * (1 - share) / 2 + (1 - told)
    assert before == in_hindsight == 1 - 2 * share
    owed = 1 - share
    assert owed - before == share
    if lam == Fraction(1, 2):
        assert [15 * each for each in (share, owed, before)] == [1, 14, 13]
    else:
        assert [31 * each for each in (share, owed, before)] == [1, 30, 29]


def test_the_table_in_fifteenths_and_what_single_words_would_have_earned():
    table = 15 * sc.games.hidden_favourite(0.5, 0).payoffs[1]
    assert table[:, 2].round(9).tolist() == [15, 15, 15, 0]
    turns = np.array([0, 1])
    assert table[turns, turns].mean() == pytest.approx(13)
    assert table[:2][:, turns].mean(axis=1) == pytest.approx([7, 7])
    services = table[0, 2:]  # of her kind and of the other
    assert services.mean() == pytest.approx(7.5)


def test_the_floor_is_the_simple_formula_up_to_a_certain_share():
    for lam in np.linspace(0.01, 0.99, 99):
        assert (sc.bounds.lower_bound_four_actions(lam) == rho(lam)) == (lam <= (11 - 57**0.5) / 4)
    assert pytest.approx(0.8625, abs=1e-4) == (11 - 57**0.5) / 4


def test_the_printed_bound_at_14_000_and_at_200_000_stages():
    game = sc.games.hidden_favourite(0.5)
    for horizon, wanted in ((14_000, 0.065), (200_000, 0.021)):
        epsilon = smallest_epsilon(horizon)
        assert S.Spiteful(horizon // 2, epsilon + 1e-12, DELTA).certificate(game, horizon, epsilon + 1e-12) == DELTA
        assert round(sc.bounds.theorem_3_7(horizon, horizon // 2, epsilon, DELTA, tv=0), 3) == wanted
        assert wanted < 1 / 15


@pytest.mark.parametrize("lam", [0.25, 0.5, 0.75])
def test_what_a_stop_loses_at_least_is_what_it_loses(lam):
    """Both acts, before and after she tells: never less on average, and at most Hedge's learning more."""
    horizon = 2000
    epsilon = smallest_epsilon(horizon)
    game, people = sc.games.hidden_favourite(lam), S.Spiteful(int(lam * horizon) // 4 * 4, epsilon, DELTA)
    told = people.phase // 2
    walks = sc.play(people, people, game, [[0, 1], [0, 2]], horizon, 2, seed=1).actions[:, 0].T
    ways = list(product((0, told // 2 * 2 - 2, told + 1, people.phase), (("word", 0), ("service", 2))))
    lost = np.zeros(len(ways))
    for kind, walk in enumerate(walks, start=1):
        rivals = [
            sc.Scripted(walk[:stop], sc.Fixed(first + (kind - 1 if stop > told else 0))) for stop, (_, first) in ways
        ]
        met = sc.play(Each(rivals), people, game, (0, kind), horizon, 40 * len(ways), seed=kind)
        lost += sc.altruistic_regret(met).reshape(40, len(ways)).mean(axis=0) / horizon / 2
    for (stop, (act, _)), mean in zip(ways, lost, strict=True):
        (least,) = people.least_loss(game, horizon, [stop], act)
        assert least >= sc.bounds.lower_bound_four_actions(lam) - 1e-9
        assert least - 1e-9 <= mean <= least + 0.03


def test_serving_is_following_so_it_does_not_matter_when_it_begins():
    game, people = sc.games.hidden_favourite(0.5), S.Spiteful(1000, 0.12, DELTA)
    after = people.least_loss(game, 2000, np.arange(501, 1001), "service")
    assert np.ptp(after) < 1e-12


def test_the_universal_stop_of_ten_stages_stops_after_three_at_the_latest():
    shares = 1 / (10 - np.arange(3))
    game = sc.games.coordination(10)
    ai = sc.ThenCommit(sc.Scripted(np.arange(10)), 5, "universal")
    kept = sc.play(ai, sc.Fixed(0), game, (0, 0), 10, 20_000, seed=1).actions[-1, 0]
    assert kept.max() == 2
    np.testing.assert_allclose(np.bincount(kept) / 20_000, shares / shares.sum(), atol=5 * 0.5 / 20_000**0.5)
    assert (np.diff(shares) > 0).all()


def test_two_levels_by_hand():
    for lam in (0.2, 0.5, 0.6):
        assert ((1 - lam / 2) + 1) / 2 == pytest.approx(1 - lam / 4)
        assert 1 - lam / 4 - (1 - lam / 2) == pytest.approx(sc.bounds.price_with_levels(lam, 2))
    assert sc.bounds.price_of_hidden_types(0.1) < 0.05


def test_the_steps_of_the_grids_proof():
    """V_p and W on the grid, and the derivative that makes the ratio 1 - λ/L the best."""
    for lam in (0.1, 0.5, 0.6):
        for levels in (2, 3, 8):
            x, n = 1 - lam / levels, levels - 1
            starts = np.append(1 - x ** np.arange(levels), lam)
            pays = x ** np.arange(levels)[::-1]
            promised = pays @ np.diff(starts) / lam
            assert promised - pays[0] == pytest.approx(sc.bounds.price_with_levels(lam, levels))
            ratio = np.linspace(0.5, 1, 10_001)
            gap = n * ratio**n * (1 - ratio) + ratio**n + lam - 1 - lam * ratio**n
            assert ratio[gap.argmax()] == pytest.approx(x, abs=1e-4)


def test_the_switch_of_the_worst_value():
    at = 0.659
    assert at * np.exp(-at) < 1 - at
    assert 0.6591 * np.exp(-0.6591) > 1 - 0.6591


def test_people_of_two_levels_are_served_better_by_following_them_to_the_end_from_three_quarters_on():
    served = {lam: (lam * (1 - lam / 4), 1 - lam / 2) for lam in (0.763, 0.764)}  # to the end, left at the best moment
    for lam, (_, left) in served.items():
        assert 1 - lam / 4 - left == pytest.approx(sc.bounds.price_with_levels(lam, 2))
    assert [to_the_end > left for to_the_end, left in served.values()] == [False, True]


def test_three_levels_cost_what_they_cost_whenever_one_leaves():
    horizon, phase, epsilon = 4000, 2000, 0.12
    game = sc.games.hidden_levels(0.5, 3, 2, surplus=epsilon - 4 / phase)
    starts = S.level_starts(horizon, phase, 3)
    people = S.Levels(phase, starts, epsilon, DELTA)
    assert people.certificate(game, horizon, epsilon) == DELTA
    stops = (100, "last"), (starts[0] + 100, "last"), (starts[1] + 100, "last"), (phase, "universal")
    types = np.repeat([(0, kind) for kind in range(1, 9)], len(stops), axis=0)
    leave = Each(sc.ThenCommit(people, stop, commit) for stop, commit in stops)
    met = sc.play(leave, people, game, types, horizon, len(types), seed=4)
    lost = sc.altruistic_regret(met).reshape(8, len(stops)).mean(axis=0) / horizon
    assert np.ptp(lost) < 0.01
    owed = sc.worst_pone(game, (0, 1))[1]
    allowed = max(0.5 * (owed - epsilon), (1 - 0.5 / 3) ** 2 - S.spare_regret(horizon, 4, epsilon, DELTA) / horizon)
    assert 0 <= min(lost) - (owed - allowed) < 0.02


def test_sixteen_levels_come_close_at_a_half_and_five_at_a_tenth():
    for lam, wanted in ((0.5, 16), (0.1, 5)):
        lacks = [sc.bounds.price_of_hidden_types(lam) - sc.bounds.price_with_levels(lam, n) for n in range(1, 30)]
        assert next(n for n, lack in enumerate(lacks, start=1) if lack <= 0.01) == wanted


def test_a_constant_is_as_good_as_anybody_up_to_epsilon_and_delta():
    horizon, epsilon = 14_000, smallest_epsilon(14_000)
    game, people = sc.games.hidden_favourite(0.5), S.Spiteful(horizon // 2, epsilon, DELTA)
    met = sc.play(sc.Fixed(0), people, game, [[0, 1], [0, 2]] * 10, horizon, 20, seed=3)
    lost = sc.altruistic_regret(met).mean() / horizon
    assert 1 / 15 <= lost <= 1 / 15 + epsilon + DELTA


def test_the_least_epsilon_and_what_may_be_wasted_in_the_figure():
    spare = S.spare_regret(1000, 3, 0.15, DELTA)
    assert round(spare) == 42
    game, people = sc.games.hidden_favourite(0.5), S.Spiteful(500, 0.15, DELTA)
    assert people.certificate(game, 1000, 0.15) == DELTA
    walk = sc.play(people, people, game, (0, 1), 1000).actions[:, 0, 0]
    met = sc.play(sc.Scripted(walk[:251], sc.Fixed(2)), people, game, (0, 1), 1000, seed=2)
    wasted = np.flatnonzero(met.actions[:, 1, 0] == 3)
    assert wasted[0] == 500  # after the time together
    assert abs(len(wasted) - (100 + spare)) <= 1
    word = sc.play(sc.Scripted(walk[:251], sc.Fixed(0)), people, game, (0, 1), 1000, seed=2)
    assert 251 <= np.flatnonzero(word.actions[:, 1, 0] == 3)[0] <= 253


def test_without_the_third_row_the_other_word_is_a_pone_too_and_pays_twelve():
    payoffs = sc.games.hidden_favourite(0.5).payoffs.copy()
    payoffs[1, 2] = 0
    found = [15 * pone.payoffs[1] for pone in sc.pareto_optimal_nash(sc.Game(payoffs), (0, 1))]
    assert found == pytest.approx([14, 12])


def test_an_assistant_that_searches_finds_one_of_two_gifts():
    horizon, phase, epsilon = 4000, 2000, 0.12
    game = sc.games.hidden_levels(0.5, 3, 2, surplus=epsilon - 4 / phase)
    people = S.Levels(phase, S.level_starts(horizon, phase, 3), epsilon, DELTA)
    gift = game.action_names.index("gift 1")
    thanked, tries = (sc.Scripted([gift] * stages, fallback=sc.Fixed(gift + 1)) for stages in (horizon, 330))
    met = sc.play(Each([thanked, tries]), people, game, [(0, kind) for kind in range(1, 9)], horizon, 8, seed=4)
    thanks = (met.actions[:330, 1] == game.action_names.index("thanks 1")).any(axis=0)
    assert thanks.tolist() == [True, False] * 4  # what it needs to see
    assert round(sc.altruistic_regret(met).mean() / horizon, 2) == 0.11


def test_the_hyperbolic_stop_keeps_the_printed_bound_for_the_shortest_phases():
    for horizon, epsilon in ((20_000, 0.01), (200_000, 0.005), (200_000, 0.02)):
        for phase in {1, 2, 10, int(1 / epsilon)}:
            terms = horizon, phase, epsilon, DELTA, 0.0
            assert sc.bounds.hyperbolic_theorem(*terms) <= sc.bounds.theorem_3_7(*terms) + 1e-12
            assert phase <= 2 / epsilon


def test_a_service_pays_more_than_the_gift_that_is_owed_with_two_levels():
    game = sc.games.hidden_levels(0.5, 2, 2)
    assert sc.worst_pone(game, (0, 1))[1] == pytest.approx(0.875)
    assert game.payoffs[1, 0].max() == pytest.approx(0.75)
    assert game.payoffs[1, 1].max() == pytest.approx(1)
    assert 0.5 * 0.875 < 0.75


def test_who_knows_the_code_and_imitates_to_the_end_serves_better_than_is_owed():
    horizon, epsilon = 2000, 0.12
    game = sc.games.hidden_favourite(0.5)
    people, strangers = (S.SpitefulExaminer(1000, epsilon, 1100, 4, DELTA, key) for key in (0, 1))
    lost = [
        sc.altruistic_regret(sc.play(ai, people, game, [[0, 1], [0, 2]] * 100, horizon, 200, seed=5)) / horizon
        for ai in (people, strangers)
    ]
    assert lost[0].max() < 0
    assert abs((lost[1] > 0).mean() - 15 / 16) < 5 * (15 / 16 / 16 / 200) ** 0.5


def test_who_lies_is_right_half_of_the_time_and_then_she_has_what_she_is_owed_and_no_more():
    horizon, game = 2000, sc.games.hidden_favourite(0.5)
    people, strangers = (S.SpitefulExaminer(1000, 0.12, 1100, 4, DELTA, key) for key in (0, 1))
    owed = sc.worst_pone(game, (0, 1))[1]
    met = sc.play(strangers, people, game, [[1, 1], [1, 2]], horizon, 2, seed=5)
    right, wrong = sc.altruistic_regret(met, owed=owed) / horizon
    assert 0 <= right < 0.001
    assert wrong == pytest.approx(0.5 / 7.5, abs=0.001)
    turns = met.actions[-4:, :, 1]
    assert turns[:, 0].tolist() == turns[:, 1].tolist() in ([0, 1, 0, 1], [1, 0, 1, 0])


def test_a_tenth_of_the_records_that_show_all_coins_leaves_half_of_the_price():
    fails = (1 - 2**-4) * (1 - 0.1 * 2)  # R is half of 2 to the D - T̃/2
    assert fails == pytest.approx(0.75)
    assert 1 - (2 - 0.5) * (1 - fails) > 0.5


@pytest.mark.parametrize(("printed", "said"), [(0.02, ["refuted"]), (0.18, [])])
def test_the_printed_bound_is_called_refuted_beside_its_line_where_it_is_below_the_floor(printed, said):
    losses = {(0.5, 1000): {"the word": [0.07, 0.07, 0.12], "the service": [0.4, 0.3, 0.07]}}
    picture = sc.plots.stopping_losses(losses, {(0.5, 1000): (printed, 0.4)})
    told = picture.update(stop=50, lam=0.5, horizon=1000)
    (ax,) = picture.figure.axes
    assert [text.get_text() for text in ax.texts if text.get_text() and text.get_position()[1] == printed] == said
    assert ("that is refuted" in told) == (printed < 0.5 / 7.5) == bool(said)
    assert ax.get_xlim()[0] < 0
    assert ax.get_xlim()[1] > 100  # the mark is seen at both ends


def test_of_a_million_stages_a_phase_of_a_tenth_breaks_the_printed_theorem_and_one_of_a_fiftieth_does_not():
    """The first by the people of "The price is exact", for every assistant; the second by the universal stop."""
    horizon, epsilon = 1_000_000, 0.02
    kept = 20_000, epsilon, DELTA, 0
    assert sc.bounds.universal_stop(horizon, *kept) < sc.bounds.theorem_3_7(horizon, *kept) - 0.005
    phase, levels = 100_000, 20
    starts = np.append(1 - (1 - 0.1 / levels) ** np.arange(levels), 0.1)
    most = (1 - 0.1 / levels) ** (levels - 1)
    together = np.diff(starts) @ np.minimum(1, most / (1 - starts[:-1])) / 0.1
    owed = together + epsilon - 2 * (levels - 1) / phase
    spare = S.spare_regret(horizon, levels + 1, epsilon, DELTA)
    least = owed - max(0.1 * together, most - (spare - 1) / horizon)
    assert owed <= 1
    assert least > sc.bounds.theorem_3_7(horizon, phase, epsilon, DELTA, tv=0) + 0.015


def test_in_ten_thousand_stages_they_would_have_nothing_to_spend():
    assert S.spare_regret(10_000, 3, 0.02, DELTA) < 0 < 16_000 < S.spare_regret(1_000_000, 3, 0.02, DELTA)


def test_the_universal_stop_comes_out_on_either_side_of_the_floor():
    horizon, epsilon = 14_000, smallest_epsilon(14_000) + 1 / 14_000
    game, people = sc.games.hidden_favourite(0.5), S.Spiteful(horizon // 2, epsilon, DELTA)
    ai, runs = sc.ThenCommit(people, horizon // 2, "universal"), 3
    met = sc.play(ai, people, game, [[0, 1], [0, 2]] * (50 * runs), horizon, 100 * runs, seed=1)
    lost = sc.altruistic_regret(met).reshape(runs, 50, 2).mean(axis=2) / horizon
    assert set((lost.std(axis=1) / 50**0.5).round(3)) <= {0.004, 0.005}
    found = lost.mean(axis=1)
    assert min(found) < 1 / 15 < 0.073 < max(found)
