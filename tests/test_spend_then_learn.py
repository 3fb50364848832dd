"""Spend, then learn: the rule against a literal one, and its two lemmas on every path that random partners find."""

import math

import numpy as np
import pytest

import socialcoop as sc


def literal(payoffs, slots, waste, spare, horizon, patient, moves):
    """Yield the mixed action of each stage, by the rule as it is stated, for one episode of (own, other)."""
    n, rate = len(payoffs), math.sqrt(8 * math.log(len(slots)) / horizon)
    earned, fixed, awake = 0.0, [0.0] * n, {slot for slot in slots if not patient}
    run = []  # what was met since the last waste, and who was awake then
    for own, other in moves:
        wastes = max(fixed) - earned <= spare
        mixed = [0.0] * n
        if wastes:
            mixed[waste] = 1.0
        else:
            weight = {b: math.exp(rate * sum(payoffs[b][a] for a, up in run if b in up)) for b in slots}
            for b in slots:
                mixed[b if b in awake else waste] += weight[b] / sum(weight.values())
        yield mixed
        run = [] if wastes else [*run, (other, frozenset(awake))]
        earned += payoffs[own][other]
        fixed = [total + payoffs[b][other] for b, total in enumerate(fixed)]
        awake |= {b for b in slots if fixed[b] > spare}


@pytest.mark.parametrize("patient", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_the_seat_plays_the_rule_as_it_is_stated(seed, patient):
    rng, horizon = np.random.default_rng(seed), 60
    game = sc.games.random_game(4, n_types=2, seed=seed, levels=4)
    slots, waste = np.array([rng.permutation(4)[:2] for _ in range(2)]), rng.integers(4, size=2)
    spender = sc.strategies.SpendThenLearn(slots, waste, epsilon=0.35, delta=0.9, patient=patient)
    spare = sc.strategies.spare_regret(horizon, 2, 0.35, 0.9)
    assert 1 < spare < 10
    types, moves = np.array([0, 1, 1]), rng.integers(4, size=(horizon, 2, 3))
    moves[20:40, 1] = moves[20, 1]  # something to learn
    seat = spender.seat(game, 1, types, horizon)
    found = []
    for own, other in moves:
        found.append(seat.policy())
        seat.observe(own, other)
    for episode, kind in enumerate(types):
        wanted = literal(game.payoffs[kind], slots[kind], waste[kind], spare, horizon, patient, moves[:, :, episode])
        np.testing.assert_allclose([policy[:, episode] for policy in found], list(wanted), atol=1e-12)


def covered_game(seed):
    """Return a random game whose last action is worthless and whose third pays nowhere more than the first."""
    rng = np.random.default_rng(seed)
    payoffs = rng.random((1, 4, 4))
    payoffs[0, 2] = payoffs[0, 0] * rng.random(4)
    payoffs[0, 3] = 0
    return sc.Game(payoffs)


def partners(seed):
    rng = np.random.default_rng(seed)
    yield sc.strategies.MemoryOne(rng.dirichlet(np.full(4, 0.1), size=(4, 4)), rng.dirichlet(np.ones(4)))
    yield sc.FictitiousPlay()
    yield sc.Hedge(rate=0.3)
    yield sc.Scripted(rng.integers(4, size=37))
    yield sc.Fixed(int(rng.integers(4)))


@pytest.mark.parametrize("patient", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_both_lemmas_hold_on_every_path(seed, patient):
    horizon, epsilon, delta = 600, 0.3, 0.5
    game = covered_game(seed)
    spender = sc.strategies.SpendThenLearn([0, 1], 3, epsilon, delta, patient)
    spare = sc.strategies.spare_regret(horizon, 2, epsilon, delta)
    assert spare > 50
    assert spender.certificate(game, horizon, epsilon) == delta
    used_up = 0
    for partner in partners(seed):
        met = sc.play(partner, spender, game, (0, 0), horizon, episodes=40, seed=seed)
        earned, other = met.payoffs(1).sum(axis=0), met.actions[:, 0]
        fixed = game.payoffs[0][:, other].sum(axis=1)
        # the bank: never more than the best fixed action less what it may waste, to one stage
        assert (earned <= np.maximum(0, fixed.max(axis=0) - spare + 1) + 1e-9).all()
        regret = sc.external_regret(met, agent=1)
        np.testing.assert_allclose(regret, fixed.max(axis=0) - earned, atol=1e-9)
        wasted = np.maximum.accumulate(np.where(met.actions[:, 1] == 3, np.arange(1, horizon + 1)[:, None], 0))[-1]
        for episode in range(40):  # spend, then learn: what is regretted beyond τ + 1 is Hedge's, since the last waste
            run = slice(wasted[episode], None)
            gains = game.payoffs[0][:, other[run, episode]].sum(axis=1)
            learnt = gains[:2].max() - met.payoffs(1)[run, episode].sum()
            if not patient:  # where nobody sleeps, Hedge's gains are the true ones
                assert regret[episode] <= spare + 1 + max(learnt, 0) + 1e-9
        assert (regret <= epsilon * horizon).mean() >= 1 - delta
        used_up += (regret > spare).sum()
    assert used_up > 20  # somebody did come to the end of what may be wasted


def test_with_one_slot_there_is_no_luck_and_the_regret_stops_at_what_may_be_wasted():
    game = sc.Game([[1, 0.5], [0, 0]])
    spender = sc.strategies.SpendThenLearn([0], 1, epsilon=0.3, delta=1)
    spare = sc.strategies.spare_regret(200, 1, 0.3, 1)
    for seed in range(5):
        met = sc.play(sc.Fixed([0.5, 0.5]), spender, game, (0, 0), 200, 50, seed=seed)
        regret = sc.external_regret(met, agent=1)
        assert (regret <= spare + 1).all()
        assert (regret > spare).all()


def test_the_certificate_asks_for_slots_that_cover_the_rest_and_for_something_to_spend():
    game, rule = covered_game(0), sc.strategies.SpendThenLearn
    assert rule([0, 1], 3, 0.3, 0.5).certificate(game, 600, 0.3) == 0.5
    assert rule([0, 1], 3, 0.3, 0.5).certificate(game, 600, 0.29) == 1  # it allows itself more
    assert rule([0], 3, 0.3, 0.5).certificate(game, 600, 0.3) == 1  # action 1 pays more somewhere
    assert rule([0, 1], 3, 0.05, 0.5).certificate(game, 600, 0.3) == 1  # nothing to spend
    assert rule([[0, 1]], [3], 0.3, 0.5).certificate(game, 600, 0.5) == 0.5


def test_what_may_be_wasted_is_what_regret_allows_less_hedge_and_luck():
    for horizon, slots, epsilon, delta in ((200_000, 3, 0.01, 0.001), (50, 1, 0.4, 1), (1, 2, 0.5, 0.1)):
        luck = math.sqrt(horizon / 2 * math.log(horizon / delta))
        hedge = sc.bounds.hedge_epsilon(horizon, slots, 1.0) * horizon  # without luck
        wanted = epsilon * horizon - 1 - hedge - luck
        assert sc.strategies.spare_regret(horizon, slots, epsilon, delta) == pytest.approx(wanted)
    assert sc.strategies.spare_regret(0, 2, 0.5, 0.1) == -1
