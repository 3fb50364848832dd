"""What hidden types cost: the formulas against the game as a fluid, against linear programs and integrals."""

from decimal import Decimal, localcontext
from itertools import product
from math import exp, log

import numpy as np
import pytest
from fluid import best_play, best_stop, custom, price
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq, minimize_scalar

import socialcoop as sc
from socialcoop import bounds

open_share = st.floats(0.01, 0.99)


# --- ρ*: the price at its worst


def saved_and_paid(lam, saved):
    """Return what custom pays per time if no stop saves more than this, by numerical integration."""
    kink = [1 - saved] if 0 < 1 - saved < lam else None
    return quad(lambda t: min(1, saved / (1 - t)), 0, lam, points=kink)[0] / lam


@pytest.mark.parametrize("lam", [0.05, 0.1, 0.25, 0.5, 0.659, 0.9, 1])
def test_the_price_is_the_most_by_which_custom_can_pay_more_than_any_stop_saves(lam):
    found = minimize_scalar(
        lambda saved: saved - saved_and_paid(lam, saved), bounds=(0, 1), method="bounded", options={"xatol": 1e-9}
    )
    assert bounds.price_of_hidden_types(lam) == pytest.approx(-found.fun, abs=1e-7)
    assert found.x == pytest.approx(exp(-lam), abs=1e-3)


@given(lam=st.floats(0, 1, exclude_min=True), levels=st.integers(2, 10**6))
@example(lam=9.9e-5, levels=2)
@example(lam=1.01e-4, levels=3)
@example(lam=1.01e-4, levels=10**6)
@example(lam=5e-324, levels=7)
@example(lam=1.0, levels=2)
def test_no_digits_are_lost_where_the_share_is_small(lam, levels):
    with localcontext() as context:
        context.prec = 700 if lam < 1e-20 else 80  # the smallest share has 324 noughts
        share = Decimal(lam)
        exact = 1 - (1 - (-share).exp()) / share
        of_levels = 1 - (1 - (1 - share / levels) ** levels) / share
    assert bounds.price_of_hidden_types(lam) == pytest.approx(float(exact), rel=1e-8, abs=1e-323)
    assert bounds.price_with_levels(lam, levels) == pytest.approx(float(of_levels), rel=1e-8, abs=1e-323)


@given(st.floats(0, 1, exclude_min=True))
def test_the_price_is_at_most_half_the_share_and_what_many_levels_cost(lam):
    most = bounds.price_of_hidden_types(lam)
    assert lam / 2 - lam**2 / 6 <= most * (1 + 1e-12) + 1e-18
    assert most <= lam / 2
    assert bounds.price_with_levels(lam, 10**7) == pytest.approx(most, rel=1e-6)


# --- levels


def most_paid(lam, levels, saved, cells=120):
    """Return the most that custom can pay per time with so many parts if no stop saves more: part after part."""
    places = np.linspace(0, lam, cells + 1)
    pays = np.minimum(1, saved / np.maximum(1 - places, 1e-9))
    part = np.where(places[:, None] <= places, pays[:, None] * (places - places[:, None]), -np.inf)  # from, to
    paid = part[0]
    for _ in range(levels - 1):
        paid = (paid[:, None] + part).max(axis=0)
    return paid[-1] / lam


@pytest.mark.parametrize("lam", [0.1, 0.5, 0.9, 1])
@pytest.mark.parametrize("levels", range(1, 7))
def test_no_grid_costs_more_than_the_best_one_and_some_come_close(lam, levels):
    most = bounds.price_with_levels(lam, levels)
    found = max(most_paid(lam, levels, saved) - saved for saved in np.linspace(max(0.01, 1 - lam), 1, 120))
    assert most - 0.004 * lam <= found <= most + 1e-12


@given(seed=st.integers(0, 2**32 - 1), lam=st.floats(0.01, 1), levels=st.integers(1, 8))
def test_no_payoffs_cost_more_than_those_of_the_best_grid(seed, lam, levels):
    """Of a custom that pays v_j from t_j on, a stop saves the largest v_j (1 - t_j), whatever comes later."""
    rng = np.random.default_rng(seed)
    starts = np.append(0, np.sort(lam * rng.random(levels - 1)))
    for pays in (rng.random(levels), rng.beta(5, 1, levels), np.sort(rng.random(levels))):
        cost = custom(starts, pays, lam) - np.max(pays * (1 - starts))
        assert cost <= bounds.price_with_levels(lam, levels) + 1e-12


def best_grid(lam, levels):
    starts = np.array([1 - (1 - lam / levels) ** j for j in range(levels)])
    return starts, np.minimum(1, (1 - starts[-1]) / (1 - starts))


@given(lam=st.floats(0.01, 1))
def test_two_levels_cost_a_quarter_of_the_share_and_one_costs_nothing(lam):
    assert bounds.price_with_levels(lam, 2) == pytest.approx(lam / 4)
    assert bounds.price_with_levels(lam, 1) == 0


@pytest.mark.parametrize(
    ("lam", "costs"),  # to four digits, as a simulation of the fluid has them
    [
        (0.1, [0.0250, 0.0369, 0.0427, 0.0455, 0.0477]),
        (0.25, [0.0625, 0.0899, 0.1028, 0.1091, 0.1137]),
        (0.5, [0.1250, 0.1724, 0.1934, 0.2034, 0.2107]),
        (0.6, [0.1500, 0.2033, 0.2266, 0.2375, 0.2454]),
    ],
)
def test_the_best_rule_to_stop_loses_the_price_of_the_levels(lam, costs):
    for levels, printed in zip((2, 4, 8, 16, 64), costs, strict=True):
        starts, pays = best_grid(lam, levels)
        lost = custom(starts, pays, lam) - best_stop(starts, pays, lam)
        assert lost == pytest.approx(bounds.price_with_levels(lam, levels), abs=1e-9)
        assert lost == pytest.approx(printed, abs=6e-5)


@pytest.mark.parametrize("levels", [1, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_to_fulfil_several_wishes_in_any_order_is_no_better_than_to_stop_and_fulfil_one(levels, seed):
    rng, phase, horizon = np.random.default_rng(seed), 6, 12
    starts = np.append(0, np.sort(rng.permutation(np.arange(1, phase))[: levels - 1]))
    pays = rng.random(levels)
    at_once = best_stop(starts / horizon, pays, phase / horizon, moments=phase + 1)
    assert best_play(starts, pays, phase, horizon) / horizon == pytest.approx(at_once)


def test_beyond_the_crossing_to_follow_custom_to_the_end_is_a_way_out_of_many_levels():
    starts, pays = best_grid(0.75, 64)
    assert custom(starts, pays, 0.75) - best_stop(starts, pays, 0.75) < bounds.price_with_levels(0.75, 64) - 0.1


# --- the exact price at a value


@pytest.mark.parametrize("lam", [0.1, 0.25, 0.5, 0.6, 0.75, 0.9])
@pytest.mark.parametrize(
    ("value", "epsilon"),
    [(0.02, 0), (0.3, 0), (0.6, 0.1), (0.8, 0), (0.9, 0.05), (0.97, 0), (1, 0), (0.1, 0.1), (1, 1)],
)
def test_the_price_is_what_a_linear_program_finds(lam, value, epsilon):
    low, high = price(lam, value, epsilon)
    assert low - 1e-9 <= bounds.price_at(lam, value, epsilon) <= high + 1e-9
    assert high - low < 0.01 * (1 if lam < 0.9 else 2)


@given(lam=open_share, value=st.floats(0, 1))
@example(lam=0.5, value=1 - 1e-16)
@example(lam=0.5, value=1 - 1e-12)
@example(lam=0.01, value=1.0)
def test_what_a_stop_saves_is_all_that_custom_can_pay_without_saving_more(lam, value):
    """Where to stop is better than to follow, the price is V - W, and custom with this W pays V."""
    lost = bounds.price_at(lam, value)
    if lost < (1 - lam) * value - 1e-9:
        assert saved_and_paid(lam, value - lost) == pytest.approx(value, abs=1e-6)
    assert lost >= -1e-15
    assert lost <= (1 - lam) * value + 1e-15


@pytest.mark.parametrize(
    ("lam", "shares"),  # r / V, to four digits, as a simulation of the fluid has them
    [
        (0.1, [0.0257, 0.0383, 0.0446, 0.0477, 0.0501]),
        (0.25, [0.0670, 0.0994, 0.1153, 0.1231, 0.1290]),
        (0.5, [0.1464, 0.2143, 0.2470, 0.2629, 0.2747]),
        (0.6, [0.1838, 0.2673, 0.3070, 0.3263, 0.3405]),
        (0.75, [0.2500, 0.2500, 0.2500, 0.2500, 0.2500]),
    ],
)
def test_many_levels_come_as_close_to_the_price_of_a_small_value_as_one_likes_and_never_beyond(lam, shares):
    gaps = []
    for levels, printed in zip((2, 4, 8, 16, 64), shares, strict=True):
        starts = np.array([1 - (1 - lam) ** (j / levels) for j in range(levels)])
        pays = 0.9 * (1 - starts[-1]) / (1 - starts)
        value = custom(starts, pays, lam)
        lost = (value - best_stop(starts, pays, lam)) / value
        assert lost == pytest.approx(printed, abs=6e-5)
        gaps.append(bounds.price_at(lam, value) / value - lost)
    assert min(gaps) > -1e-9
    assert gaps[-1] <= 1.05 * gaps[0] / 32 + 1e-9  # in proportion to 1 / L


def test_the_hyperbolic_constant_is_not_the_price_of_a_long_phase():
    for lam, is_price in ((0.1, True), (0.5, True), (0.63, True), (0.64, False), (0.75, False), (0.95, False)):
        value = 0.5 * (1 - lam)
        constant = bounds.hyperbolic_theorem(10**6, round(lam * 10**6), 0, 0, 0, value).terms["early stop"]
        lost = bounds.price_at(lam, value)
        if is_price:
            assert lost == pytest.approx(constant, rel=1e-4)
        else:
            assert lost == pytest.approx((1 - lam) * value)
            assert lost < 0.99 * constant
    starts = np.array([1 - 0.25 ** (j / 64) for j in range(64)])
    pays = 0.25 / (1 - starts)
    value = custom(starts, pays, 0.75)
    assert best_stop(starts, pays, 0.75) == pytest.approx(0.75 * value)  # who follows to the end has earned all this
    assert value - best_stop(starts, pays, 0.75) < 0.6 * value * (1 - 0.75 / log(4))


# --- the worst value


def worst(lam, epsilon=0.0):
    """Return the most that price_at is over all values, and where."""
    values = np.linspace(epsilon, 1, 101)
    top = values[np.argmax([bounds.price_at(lam, value, epsilon) for value in values])]
    near = max(epsilon, top - 0.02), min(1, top + 0.02)
    found = minimize_scalar(
        lambda value: -bounds.price_at(lam, value, epsilon), bounds=near, method="bounded", options={"xatol": 1e-10}
    )
    ends = [(bounds.price_at(lam, value, epsilon), value) for value in near]
    return max([(-found.fun, found.x), *ends])


@pytest.mark.parametrize("lam", [0.1, 0.25, 0.5, 0.6, 0.65, 0.6589])
def test_at_the_worst_value_the_price_is_what_the_universal_stop_promises(lam):
    best_for_it = 1 - (1 - (1 + lam) * exp(-lam)) / lam
    largest = min(1 - best_for_it, 1 - lam * (1 + exp(-lam)))
    for epsilon in (0, largest / 2, largest):
        most, value = worst(lam, epsilon)
        assert most == pytest.approx(2 * epsilon + bounds.price_of_hidden_types(lam), abs=1e-6)
        assert value - epsilon == pytest.approx(best_for_it, abs=2e-3)
        promise = bounds.universal_stop(10**9, round(lam * 10**9), epsilon, 0, 0)
        assert most == pytest.approx(promise, abs=1e-6)


@pytest.mark.parametrize(("lam", "most"), [(0.67, 0.2694), (0.75, 0.2332), (0.9, 0.0993)])
def test_beyond_the_crossing_the_universal_stop_is_not_the_best_promise(lam, most):
    assert worst(lam)[0] == pytest.approx(most, abs=1e-3)
    low = max(price(lam, value, cells=150)[0] for value in np.linspace(0.6, 1, 41))
    assert low <= worst(lam)[0] + 1e-9
    assert low == pytest.approx(most, abs=5e-3 if lam < 0.8 else 0.02)
    assert worst(lam)[0] < bounds.price_of_hidden_types(lam) - 1e-3


def test_the_crossing_is_where_following_custom_pays_as_much_as_the_worst_grid_saves():
    crossing = brentq(lambda lam: bounds.price_of_hidden_types(lam) - worst(lam)[0] - 1e-7, 0.6, 0.7)
    assert crossing == pytest.approx(brentq(lambda lam: lam * exp(-lam) - 1 + lam, 0.5, 0.8), abs=2e-3)
    assert crossing == pytest.approx(0.659, abs=2e-3)


# --- when the printed bound is true


def refuted(lam, epsilon):
    """Return by how much the worst price exceeds the printed bound, in the limit of many stages and records."""
    printed = bounds.theorem_3_7(10**9, round(lam * 10**9), epsilon, 0, 0)
    return worst(lam, epsilon)[0] - printed


@pytest.mark.parametrize("lam", [0.005, 0.02, 0.03, 0.036, 0.037])
def test_the_printed_bound_is_true_of_short_phases(lam):
    assert refuted(lam, 0.02) < -1e-4


@pytest.mark.parametrize("lam", [0.038, 0.04, 0.05, 0.1, 0.25, 0.5])
def test_the_printed_bound_is_false_of_longer_ones_for_every_strategy(lam):
    assert refuted(lam, 0.02) > 1e-4
    if lam >= 0.05:  # also by the linear program
        values = np.linspace(1 - lam, 1, 21)
        assert max(price(lam, value, 0.02, cells=150)[0] for value in values) > (3 - 2 * lam) * 0.02


@pytest.mark.parametrize("epsilon", [0.02, 0.01, 0.003, 0.001])
def test_the_border_is_at_twice_epsilon_to_first_order(epsilon):
    border = brentq(lambda lam: refuted(lam, epsilon), epsilon, 3 * epsilon, xtol=1e-7)
    assert border == pytest.approx(2 * epsilon - 20 / 3 * epsilon**2, abs=25 * epsilon**3)


def test_where_the_universal_stop_promises_no_more_than_is_printed_the_printed_bound_is_true():
    for epsilon, lam in product((0.001, 0.02, 0.1), np.linspace(0.001, 0.3, 20)):
        told = 10**6, round(lam * 10**6), epsilon, 0, 0
        promise, printed = bounds.universal_stop(*told), bounds.theorem_3_7(*told)
        assert worst(lam, epsilon)[0] <= promise + 1e-9
        if promise <= printed:
            assert refuted(lam, epsilon) <= 1e-6


# --- four actions


def four_action_loss(lam, share):
    """Return the least loss over when to stop, with ρ instead of the best one, in the game of four actions."""
    told = lam / 2  # words alternate until then; then favourites are told
    words = ((1 - share) + (1 - 3 * share)) / 2
    stops = [words]  # before, on average over the favourite, no word and no service pays more
    rows = {"favourite": told / 2 * (1 - share), "other": told / 2 * (2 * share + 1 - 3 * share)}
    stops.append(max(rows.values()) + 1 - told)
    stops.append(told * words + lam - told)
    return 1 - share - max(stops)


@pytest.mark.parametrize("lam", [0.05, 0.25, 0.5, 0.75, 0.85, 0.87, 0.95])
def test_four_actions_cost_what_the_best_stop_loses_in_their_game(lam):
    found = bounds.lower_bound_four_actions(lam)
    assert found == pytest.approx(four_action_loss(lam, lam / (8 - lam)))
    game = sc.games.hidden_favourite(lam, 0)
    assert game.payoffs[1, 0, 0] - game.payoffs[1:].mean(axis=0).max() == pytest.approx(lam / (8 - lam))
    if lam <= 0.85:
        assert found == pytest.approx(
            max(four_action_loss(lam, share) for share in np.linspace(0, 1 / 3, 30_001)), abs=1e-4
        )
    assert found < bounds.price_of_hidden_types(lam)
