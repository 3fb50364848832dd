"""The bandit learner against the plainest code, and its certificate against the proof and against play."""

from functools import cache
from itertools import pairwise
from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import socialcoop as sc
from socialcoop.strategies import Exp3IX

PENNIES = sc.games.matching_pennies()


def plain(table, rate, history):
    """Return what Exp3-IX plays, one action at a time, after a history of own and other's actions."""
    n = len(table)
    estimates = [0.0] * n
    for own, other in [*history, (None, None)]:
        weights = [exp(-rate * (estimate - min(estimates))) for estimate in estimates]
        policy = [weight / sum(weights) for weight in weights]
        if own is not None:
            estimates[own] += (1 - table[own][other]) / (policy[own] + rate / 2)
    return policy


@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(2, 4),
    horizon=st.integers(1, 30),
    rate=st.none() | st.floats(1e-3, 50),
)
def test_it_plays_what_the_plainest_code_plays(seed, n, horizon, rate):
    rng = np.random.default_rng(seed)
    game, types = sc.games.random_game(n, 2, rng), np.array([0, 1, 1])
    actions = rng.integers(n, size=(horizon - 1, 2, 3))
    seat = Exp3IX(rate).seat(game, 1, types, horizon)
    for own, other in actions:
        seat.observe(own, other)
    used = sqrt(2 * log(n) / (n * horizon)) if rate is None else rate
    expected = [plain(game.payoffs[kind].tolist(), used, actions[:, :, k]) for k, kind in enumerate(types)]
    np.testing.assert_allclose(seat.policy(), np.transpose(expected), atol=1e-9)


def test_only_the_payoff_of_what_it_played_matters():
    """Two games with the same payoffs along the path, and any others off it, teach the same."""
    rng = np.random.default_rng(3)
    own, other = rng.integers(3, size=(2, 3)), np.array([0, 1, 2])
    tables = rng.random((2, 3, 3))
    seats = []
    for table in tables:
        table[own[0], other] = tables[0][own[0], other]  # each of the other's actions is met once
        seats.append(Exp3IX(0.5).seat(sc.Game(table), 0, np.zeros(1, int), 3))
    for stage in range(3):
        for seat in seats:
            seat.observe(own[0, stage : stage + 1], other[stage : stage + 1])
    np.testing.assert_array_equal(seats[0].policy(), seats[1].policy())
    assert np.ptp(seats[0].policy()) > 0.1


@pytest.mark.parametrize("rate", [None, 1e4])
def test_very_long_play_stays_in_the_range_of_a_double(rate):
    with np.errstate(all="raise"):
        met = sc.play(Exp3IX(rate), sc.Fixed(1), sc.games.coordination(2), (0, 0), 5_000, 4, seed=1)
    assert met.actions[-1000:, 0].mean() > 0.9


# --- the proof


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 4), horizon=st.integers(1, 40), rate=st.floats(0.01, 3))
def test_on_every_path_the_regret_is_within_what_the_estimates_allow(seed, n, horizon, rate):
    rng = np.random.default_rng(seed)
    game = sc.games.random_game(n, 1, rng, levels=2)
    seat = Exp3IX(rate).seat(game, 0, np.zeros(1, int), horizon)
    regret, allowed = np.zeros(n), np.full(n, log(n) / rate)
    for own, other in rng.integers(n, size=(horizon, 2)):
        losses, estimates = 1 - game.payoffs[0, :, other], np.zeros(n)
        estimates[own] = losses[own] / (seat.policy()[own, 0] + rate / 2)
        regret += losses[own] - losses
        allowed += estimates - losses + rate * estimates.sum()
        seat.observe(np.array([own]), np.array([other]))
    assert (regret <= allowed + 1e-9).all()


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 5), rate=st.floats(0.01, 20))
def test_the_estimates_exceed_the_losses_only_so_far(seed, n, rate):
    """The lemma, exactly: all is summed over the action that is played."""
    rng = np.random.default_rng(seed)
    policy, losses = rng.dirichlet(np.full(n, 0.3)), rng.choice([rng.random(n), np.ones(n)])
    weights = np.full(n, rate * rate / (1 + rate))
    weights[rng.integers(n)] = rate
    moment = (policy * np.exp(weights * losses / (policy + rate / 2))).sum()
    assert moment <= np.exp((weights * losses).sum()) * (1 + 1e-12)


@cache
def worst_moment(game, rate, start, spread, history=(), fixed=None):
    """Return E exp(rate (regret - start - spread) / (1 + rate)) at its largest over partners and fixed actions.

    By going through all histories of five stages backwards, the partner adapts as well as can be.
    """
    table = game.payoffs[0].tolist()
    if fixed is None:
        return max(worst_moment(game, rate, start, spread, (), action) for action in (0, 1))
    if len(history) == 5:
        regret = sum(table[fixed][b] - table[a][b] for a, b in history)
        lost = sum(1 - table[a][b] for _, b in history for a in (0, 1))  # at most N a stage
        return exp(rate / (1 + rate) * (regret - start * log(2) / rate - spread * rate * lost))
    policy = plain(table, rate, history)
    return max(
        sum(policy[a] * worst_moment(game, rate, start, spread, (*history, (a, b)), fixed) for a in (0, 1))
        for b in (0, 1)
    )


@pytest.mark.parametrize("rate", [0.1, 0.5, 2, 8])
@pytest.mark.parametrize("game", [PENNIES, sc.games.chicken(), sc.games.stag_hunt()], ids=lambda game: game.name)
def test_no_partner_exceeds_the_moment_that_certifies(game, rate):
    assert worst_moment(game, rate, start=1, spread=1) <= 1


def test_neither_term_of_the_certificate_could_be_left_out():
    assert worst_moment(PENNIES, 0.1, start=0, spread=1) > 1
    assert worst_moment(PENNIES, 0.5, start=1, spread=0) > 1


# --- the certificate


class Foe(sc.Strategy):
    """Knows the learner and its horizon, follows its thoughts, and plays what it earns least against."""

    def __init__(self, learner):
        self.learner = learner

    def seat(self, game, agent, types, horizon):
        return FoeSeat(self.learner.seat(game, 1 - agent, np.zeros(len(types), int), horizon))


class FoeSeat(sc.Seat):
    inner = ("learner",)

    def __init__(self, learner):
        super().__init__(learner.game, learner.episodes)
        self.learner = learner

    def policy(self):
        earned = self.game.payoffs[0].T @ self.learner.policy()
        return np.equal(np.arange(self.game.n_actions)[:, None], earned.argmin(axis=0)).astype(float)

    def observe(self, own, other):
        self.learner.observe(other, own)


TRIANGLE = sc.Game([[0.5, 0, 1], [1, 0.5, 0], [0, 1, 0.5]], "rock, paper, scissors")
PARTNERS = [Foe(Exp3IX()), sc.Hedge(), sc.FictitiousPlay(), sc.TitForTat(), sc.GrimTrigger(), sc.Fixed(1)]


@pytest.mark.parametrize("partner", PARTNERS, ids=lambda partner: type(partner).__name__)
@pytest.mark.parametrize("game", [PENNIES, TRIANGLE, sc.games.chicken()], ids=lambda game: game.name)
def test_it_regrets_no_more_often_than_certified(game, partner):
    horizon, episodes, learner = 600, 500, Exp3IX()
    types = (0, game.n_types - 1)
    regret = sc.external_regret(sc.play(learner, partner, game, types, horizon, episodes, seed=4)) / horizon
    certified = {epsilon: learner.certificate(game, horizon, epsilon) for epsilon in np.linspace(0, 0.6, 61)}
    assert 0 < min(certified.values()) < 0.001
    for epsilon, failure in certified.items():
        happened = (regret > epsilon).mean()
        assert happened <= failure + 4 * sqrt(failure * (1 - failure) / episodes)


def test_the_certificate_is_the_bound_of_the_notes():
    game, horizon, delta = sc.games.coordination(3), 5000, 0.02
    for rate in (None, 0.01, 0.05):
        learner, used = Exp3IX(rate), sqrt(2 * log(3) / (3 * horizon)) if rate is None else rate
        bound = log(3) / used + used * 3 * horizon + (1 + used) / used * log(3 / delta)
        assert learner.certificate(game, horizon, bound / horizon) == pytest.approx(delta)


@pytest.mark.parametrize("rate", [None, 0, 5e-324, 1e-6, 0.01, 1, 1e6, 1e308])
@pytest.mark.parametrize("horizon", [0, 1, 2, 30, 3000])
def test_a_certificate_is_a_probability_that_falls_with_epsilon(horizon, rate):
    for game in (PENNIES, TRIANGLE):
        found = [Exp3IX(rate).certificate(game, horizon, epsilon) for epsilon in np.linspace(0, 1.5, 301)]
        assert all(0 <= later <= earlier <= 1 for earlier, later in pairwise(found))
        assert found[200:] == [0.0] * 101  # nobody regrets more than 1 a stage
        assert found[0] == (horizon > 0)


def test_without_a_choice_or_without_a_stage_nothing_is_regretted():
    assert Exp3IX().certificate(sc.games.coordination(1), 10, 0) == 0
    assert Exp3IX().certificate(PENNIES, 0, 0) == 0
    assert not sc.play(Exp3IX(), sc.Fixed(0), sc.games.coordination(1), (0, 0), 5, 3, seed=1).actions.any()
    assert sc.play(Exp3IX(), sc.Fixed(0), PENNIES, (0, 0), 0, 3, seed=1).actions.shape == (0, 2, 3)


def test_a_long_horizon_is_certified_and_a_short_one_is_searched():
    assert sc.consistency(Exp3IX(), PENNIES, 10**6, 0.05).kind == "certificate"
    assert sc.consistency(Exp3IX(), PENNIES, 4, 0.3).kind == "exact"
