"""What the universal stop promises: against all that custom may pay, and exactly on populations of many kinds."""

from itertools import product
from math import e, exp

import numpy as np
import pytest
from fluid import least_saved, worst_custom
from hypothesis import given
from hypothesis import strategies as st

import socialcoop as sc
from socialcoop import bounds

# --- against all payoffs of custom


def latest_stop(commit, phase, horizon):
    return max(1, int(horizon * (1 - exp(-phase / horizon)))) if commit == "universal" else phase


def stopping_chances(commit, phase, horizon):
    """Return how likely each stage is to be the last that is followed: who follows plays a new action at each."""
    game = sc.games.coordination(max(phase + 1, 2))
    ai = sc.ThenCommit(sc.Scripted(range(phase + 1)), phase, commit)
    seat = ai.seat(game, 0, np.array([0]), horizon)
    follows = [1.0]
    for stage in range(phase + 1):
        follows.append(follows[-1] * seat.policy()[stage, 0])
        seat.observe(np.array([stage]), np.array([0]))
    return -np.diff(follows)[1:]


@pytest.mark.parametrize(
    ("horizon", "phase"), [(1, 1), (2, 1), (2, 2), (9, 1), (9, 9), (30, 7), (40, 20), (60, 60), (80, 5), (81, 54)]
)
def test_no_payoffs_make_the_universal_stop_lose_more_than_it_promises(horizon, phase):
    """Over all payoffs of custom, and all values; and it does lose that much, but for the rounding of stages."""
    chances = stopping_chances("universal", phase, horizon)
    assert chances.sum() == pytest.approx(1)
    found = [value - worst_custom(chances, horizon, phase, value) for value in np.linspace(0, 1, 101)]
    promise = bounds.universal_stop(horizon, phase, 0, 0, 0)
    assert max(found) <= promise + 1e-9
    assert max(found) >= promise - 2 / phase - 0.01
    after = np.flatnonzero(chances > 1e-12)[-1] + 1
    assert after == latest_stop("universal", phase, horizon)


@pytest.mark.parametrize("lam", [0.1, 0.3, 0.5, 0.65])
def test_no_way_to_stop_promises_more_at_the_worst_value(lam):
    value = 1 - (1 - (1 + lam) * exp(-lam)) / lam  # worst for it, see test_hidden_types.py
    low, high = least_saved(lam, value)
    chances = stopping_chances("universal", round(lam * 240), 240)
    kept = worst_custom(chances, 240, round(lam * 240), value)
    assert low - 1 / (lam * 240) <= kept <= high + 1 / 240
    assert value - high <= bounds.price_of_hidden_types(lam) + 1e-9
    hyperbolic = worst_custom(stopping_chances("hyperbolic", round(lam * 240), 240), 240, round(lam * 240), value)
    assert hyperbolic < kept + 1 / 240
    assert hyperbolic < kept - 0.01 or lam < 0.5  # in a long phase it stops too late for this value


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.floats(0, 2), st.floats(0, 1), st.floats(0, 1))
def test_the_terms_of_the_universal_stop(one, two, epsilon, delta, tv):
    phase, horizon = sorted((one, two))
    bound = bounds.universal_stop(horizon, phase, epsilon, delta, tv)
    assert bound.terms == pytest.approx(
        {
            "failure": 2 * delta,
            "imitation": tv,
            "regret": 2 * epsilon,
            "hidden types": bounds.price_of_hidden_types(phase / horizon),
            "whole stages": 1 / phase,
        }
    )
    assert float(bound) == pytest.approx(sum(bound.terms.values()))
    assert list(bound.terms)[3:] == ["hidden types", "whole stages"]


def test_the_universal_stop_of_one_stage_and_of_all():
    assert bounds.universal_stop(50, 1, 0.1, 0, 0).terms["whole stages"] == 1
    assert bounds.universal_stop(50, 1, 0.1, 0, 0).terms["hidden types"] == pytest.approx(0.01, abs=1e-4)
    assert bounds.universal_stop(50, 50, 0.1, 0, 0) == pytest.approx(0.2 + 1 / e + 0.02)


# --- the inequality of every stop, on populations of all kinds


HORIZON = 5
GAMES = [sc.games.random_game(2, 2, 0), sc.games.random_game(2, 2, 1)]
GAMES += [sc.games.battle_of_the_sexes(), sc.games.hidden_taste(0.1)]


def tabular(game):
    rng = np.random.default_rng(1)
    return sc.strategies.Tabular([rng.dirichlet([0.4, 0.4], (game.n_types, 4**t)) for t in range(HORIZON)])


PEOPLE = {
    "tables": tabular,
    "hedge": lambda game: sc.Hedge(),
    "fictitious play": lambda game: sc.FictitiousPlay(),
    "custom": lambda game: sc.Scripted([0, 1, 0, 1, 1]),
}


def along(one, two, game, types):
    """Return probabilities, payoffs of the second side stage by stage, and its regret, of all histories."""
    chances = sc.history_distribution(one, two, game, types, HORIZON).ravel()
    own, other = np.divmod(np.stack(np.unravel_index(np.arange(4**HORIZON), (4,) * HORIZON)), 2)
    payoffs = game.payoffs[types[1]]
    paid = payoffs[other, own]
    return chances, paid, payoffs[:, own].sum(axis=1).max(axis=0) - paid.sum(axis=0)


def slack(ai, member, problem, commit, phase, astray):
    """Return by how much a stop earns more than what its proof says, of what the people earn and of the regret."""
    earned = served = regretted = 0.0
    for types in zip(*np.nonzero(problem.types), strict=True):
        weight = problem.types[types]
        chances, paid, _ = along(member, member, problem.game, types)
        served += weight * (chances @ paid[:phase].sum(axis=0)) / HORIZON
        chances, paid, regret = along(ai, member, problem.game, types)
        earned += weight * (chances @ paid.sum(axis=0)) / HORIZON
        regretted += weight * (chances @ regret) / HORIZON
    if commit == "last":  # to follow to the end
        return earned - served + phase / HORIZON * astray
    latest = latest_stop(commit, phase, HORIZON)
    normaliser = sum(1 / (HORIZON - s) for s in range(latest))
    return earned - max(0, served - (phase - latest) / HORIZON) / normaliser + regretted + astray


@pytest.mark.parametrize("game", GAMES, ids=[f"{number} {game.name}" for number, game in enumerate(GAMES)])
@pytest.mark.parametrize("kind", PEOPLE)
def test_a_stop_earns_at_least_what_its_proof_says(game, kind):
    """Exactly, with the mean of the regret, which is at most ε + δ; after members, and after imitators of records."""
    member = PEOPLE[kind](game)
    problem = sc.SocialLearningProblem(game, sc.Population([member]), HORIZON)
    for phase, commit in product((2, 5), ("universal", "hyperbolic", "last")):
        ai = sc.ThenCommit(member, phase, commit)
        assert slack(ai, member, problem, commit, phase, astray=0) > -1e-9
        for records in (0, 10):
            ai = sc.ImitateThenCommit(problem.sample(records, seed=phase, stages=phase), phase, commit)
            astray = sc.HistoryTree(problem, phase).tv(ai.strategy)
            assert slack(ai, member, problem, commit, phase, astray) > -1e-9


@given(seed=st.integers(0, 2**32 - 1), horizon=st.integers(1, 40), data=st.data())
def test_a_stop_earns_as_much_from_partners_who_waste_all_they_may(seed, horizon, data):
    """Who departs after stage s leaves the partner with what it has or with the row of s, whichever is more."""
    rng = np.random.default_rng(seed)
    phase = data.draw(st.integers(1, horizon))
    paid = rng.beta(*data.draw(st.sampled_from([(1, 1), (0.3, 0.3), (5, 1), (1, 5)])), phase)
    if seed % 2:
        paid = np.minimum(1, rng.random() * horizon / (horizon - np.arange(phase)))
    so_far = np.cumsum(paid)
    kept = np.maximum(so_far, (horizon - np.arange(phase)) * paid) / horizon
    for commit in ("universal", "hyperbolic"):
        chances, latest = stopping_chances(commit, phase, horizon), latest_stop(commit, phase, horizon)
        normaliser = sum(1 / (horizon - s) for s in range(latest))
        promised = max(0, so_far[-1] - (phase - latest)) / horizon / normaliser
        assert chances @ kept >= promised - 1e-9
    value = so_far[-1] / phase
    assert value - stopping_chances("universal", phase, horizon) @ kept <= bounds.universal_stop(
        horizon, phase, 0, 0, 0
    )
