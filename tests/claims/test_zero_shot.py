"""The numbers and the words about them in the chapter on doing without data."""

import numpy as np
import pytest

import socialcoop as sc
from socialcoop.strategies import Seat, Strategy

M = 0.02
GAME = sc.games.hidden_taste(M)
CLASSES = sc.strategies.announcing_classes()
DECODERS = [sc.strategies.Signal([0, 0, 1], [0, 1]), sc.strategies.Signal([0, 0, 1], [1, 0])]
HOSTS = [
    *DECODERS,
    sc.Population(DECODERS),
    sc.Population(DECODERS, [0.9, 0.1]),
    sc.Fixed(0),
    sc.Fixed(1),
    sc.Fixed([0.5, 0.5]),
    sc.Scripted([0, 1]),
    sc.TitForTat(),
    sc.GrimTrigger(),
    sc.Hedge(),
    sc.RegretMatching(),
]


def disappointment(host, member, horizon=2000, episodes=400, game=GAME):
    types = np.stack([np.zeros(episodes, dtype=int), np.arange(episodes) % 2 + 1], axis=1)
    return sc.altruistic_regret(sc.play(host, member, game, types, horizon, episodes, seed=1)) / horizon


def exact(host, member, horizon=6):
    earned = [sc.expected_payoffs(host, member, GAME, (0, taste), horizon)[1] for taste in (1, 2)]
    return 1 - np.mean(earned) / horizon


@pytest.mark.parametrize("member", CLASSES)
def test_each_class_is_socially_intelligent_with_the_lemmas_numbers(member):
    horizon = 2000
    assert sc.compatibility(member, member, GAME, horizon, M + 1 / horizon).failure.max() == 0
    assert np.ptp(GAME.payoffs, axis=1).max() <= M + 1e-12  # so no regret above M a stage, whatever happens
    for agent in (0, 1):
        assert sc.consistency(member, GAME, 12, M, agent=agent, method="exact").failure == 0


def test_at_home_a_hundredth_and_abroad_nearly_all():
    at_home, abroad = (disappointment(DECODERS[0], member).mean() for member in CLASSES)
    assert (at_home, abroad) == pytest.approx((0.01, 0.99), abs=0.002)


@pytest.mark.parametrize("host", HOSTS, ids=repr)
def test_what_a_host_loses_with_the_two_classes_sums_to_one(host):
    assert exact(host, CLASSES[0]) + exact(host, CLASSES[1]) == pytest.approx(1, abs=1e-12)
    samples = np.stack([disappointment(host, member) for member in CLASSES])
    error = 4 * samples.std(axis=1).max() / np.sqrt(samples.shape[1])
    assert samples.mean(axis=1).max() >= 0.5 - error


def test_no_adaptive_host_serves_both_either():
    rng = np.random.default_rng(3)
    for _ in range(50):
        tables = [rng.dirichlet([0.1, 0.1], size=(3, 4**t)) for t in range(5)]
        lost = [exact(sc.strategies.Tabular(tables), member, 5) for member in CLASSES]
        assert sum(lost) == pytest.approx(1, abs=1e-12)


def test_a_guest_with_a_known_table_is_led_to_its_best_entry():
    table = [[0.9, 0.7], [0.1, 0.8]]  # her own action first
    willing = sc.Game([[[1, 1], [0, 0]], table])  # the host, of type 0, likes its action 0 whatever she does
    assert repr(sc.best_commitment(willing, 1)) == "Fixed(0)"
    assert sc.worst_pone(willing, (0, 1))[1] == pytest.approx(0.9)
    assert np.mean(table, axis=0) == pytest.approx([0.5, 0.75])
    assert np.max(table, axis=0) == pytest.approx([0.9, 0.8])
    assert max(table[0]) - 0.05 - 0.01 == pytest.approx(0.84)
    earned = [sc.play(sc.Fixed(a), sc.Hedge(), willing, (0, 1), 2000, 100, seed=1).payoffs(1).mean() for a in (0, 1)]
    assert earned[0] >= 0.84
    assert earned[1] <= 0.8


def test_who_knows_how_likely_each_country_is_loses_at_least_the_less_likely():
    for p in (0.6, 0.75, 0.9):
        lost = [p * exact(host, CLASSES[0]) + (1 - p) * exact(host, CLASSES[1]) for host in HOSTS]
        assert min(lost) >= 1 - p - 1e-12
        decoder = p * disappointment(DECODERS[0], CLASSES[0]) + (1 - p) * disappointment(DECODERS[0], CLASSES[1])
        assert decoder.mean() <= 1 - p + M / 2 + 2 / 2000


def test_look_alikes_look_alike():
    host = sc.strategies.Tabular([np.random.default_rng(4).dirichlet([1, 1], size=(3, 4**t)) for t in range(4)])
    for taste in (1, 2):
        seen = [
            sc.history_distribution(host, member, GAME, (0, kind), 4)
            for member, kind in zip(CLASSES, (taste, 3 - taste), strict=True)
        ]
        np.testing.assert_allclose(seen[0], seen[1])


def test_with_a_known_type_standing_still_is_enough():
    horizon, delta = 1000, 0.01
    epsilon = sc.bounds.hedge_epsilon(horizon, 3, delta)
    for seed in range(0, 200, 5):  # of those that the chapter tries
        game = sc.games.random_game(3, 2, seed)
        best = int(game.payoffs[1].max(axis=0).argmax())
        lost = sc.altruistic_regret(sc.play(sc.Fixed(best), sc.Hedge(), game, (0, 1), horizon, 50, seed))
        assert lost.mean() / horizon <= epsilon + delta


@pytest.mark.parametrize("bonus", [0.02, 0.1, 0.3])
def test_at_home_half_of_the_guests_lose_the_bonus(bonus):
    lost = disappointment(DECODERS[0], CLASSES[0], game=sc.games.hidden_taste(bonus))
    assert lost.mean() == pytest.approx(bonus / 2, abs=0.002)


class Prober(Strategy):
    """Reach for tea first, see how it is answered, and so learn the country and the guest's taste."""

    def seat(self, game, agent, types, horizon):
        return ProberSeat(game, len(types))


class ProberSeat(Seat):
    per_episode = ("moves",)

    def __init__(self, game, episodes):
        super().__init__(game, episodes)
        self.moves = np.zeros((0, episodes), dtype=int)

    def policy(self):
        # answered by tea, the first country, where the first move shows the taste; else the other one
        serve = (self.moves[0] + self.moves[1]) % 2 if len(self.moves) >= 2 else np.zeros(self.episodes, dtype=int)
        return np.eye(2)[serve].T

    def observe(self, own, other):
        if len(self.moves) < 2:
            self.moves = np.vstack([self.moves, other])


def test_a_host_who_is_read_in_opposite_ways_can_find_out_where_it_is():
    plain, opposite = sc.strategies.Signal([0, 0, 1], [0, 1]), sc.strategies.Signal([1, 1, 0], [1, 0])
    for member in (plain, opposite):
        assert sc.compatibility(member, member, GAME, 2000, M + 1 / 2000).failure.max() == 0
        assert disappointment(Prober(), member).mean() < 0.03
    assert max(disappointment(Prober(), member).mean() for member in CLASSES) > 0.49
