"""The numbers and the words about them in the chapter on imitate-then-commit."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import linprog

import socialcoop as sc

GAME = sc.games.team_lead(("tone", "workload"))
T, PHASE = 200, 8
CONVENTION = sc.Convention("welfare")
TEAM = sc.Population([CONVENTION, sc.Convention("welfare", fallback=sc.RegretMatching())])
PROBLEM = sc.SocialLearningProblem(GAME, TEAM, T)
RECORDS = PROBLEM.sample(200, seed=1)
PAIRS = np.array(list(np.ndindex(4, 4)))
EACH = 60  # episodes of each of the 16 equally likely pairs of types
COIN = np.full((2, 2), 1 / 4)
SAME_COIN = np.eye(2) / 2


@cache
def met(phase):
    who = np.repeat(PAIRS, EACH, axis=0)
    return sc.play(sc.ImitateThenCommit(RECORDS, phase), TEAM, GAME, who, T, len(who), seed=4)


def mean_and_margin(values):
    """Return the mean over pairs of types and four standard errors of it."""
    blocks = np.reshape(values, (len(PAIRS), EACH))
    return blocks.mean(), 4 * np.sqrt(blocks.var(axis=1, ddof=1).sum() / EACH) / len(PAIRS)


def regret(phase):
    return mean_and_margin(sc.altruistic_regret(met(phase)) / T)


def joint_play(actions):
    z = np.zeros((4, 4))
    np.add.at(z, (actions[:, 0, 0], actions[:, 1, 0]), 1 / len(actions))
    return z


def test_the_week_shows_one_announcement_and_then_zeros_and_the_commitment_weighs_them_seven_to_one():
    week = sc.play(sc.Imitator(RECORDS), TEAM, GAME, (1, 2), PHASE, seed=2)
    assert week.actions[:, :, 0].tolist() == [[1, 2]] + [[0, 0]] * 7
    weights, mixes = sc.commitment_mixture(joint_play(week.actions))
    assert weights.tolist() == [0.875, 0.125]
    np.testing.assert_array_equal(mixes, np.eye(4)[:2])


def test_four_types_four_actions_and_a_convention_that_everybody_shares():
    assert (GAME.n_types, GAME.n_actions) == (4, 4)
    for types in PAIRS:
        shown = [sc.play(one, two, GAME, tuple(types), 20).actions for one in TEAM.members for two in TEAM.members]
        assert all((actions == shown[0]).all() for actions in shown)


def test_the_mean_regret_is_in_the_printed_interval():
    mean, margin = regret(PHASE)
    assert mean - margin > -0.080
    assert mean + margin < -0.065


def test_partners_earn_more_than_in_their_worst_pone_since_the_team_picks_pone_good_for_both():
    surplus = [
        np.subtract(CONVENTION.agreed(GAME, types).payoffs, sc.worst_pone(GAME, types)) for types in np.ndindex(4, 4)
    ]
    assert np.min(surplus) > -1e-12
    assert np.mean(surplus, axis=0).min() > 0.08


@pytest.mark.parametrize("agent", [0, 1])
def test_both_earn_more_than_their_worst_pone(agent):
    owed = np.repeat([sc.worst_pone(GAME, tuple(types))[agent] for types in PAIRS], EACH)
    mean, margin = mean_and_margin(met(PHASE).payoffs(agent).mean(axis=0) - owed)
    assert mean == pytest.approx((0.081, 0.073)[agent], abs=0.004 + margin + 0.01 * (agent == 0))
    assert mean - margin > 0.05


@pytest.mark.parametrize("phase", [1, 2, 4, 8, 16])
def test_the_announcement_is_committed_to_with_its_share_of_the_phase(phase):
    actions = sc.play(CONVENTION, CONVENTION, GAME, (1, 2), phase).actions
    weights, mixes = sc.commitment_mixture(joint_play(actions))
    assert weights[mixes[:, 1] == 1].sum() == pytest.approx(1 / phase)


def test_with_a_long_phase_ben_notices_nothing_and_earns_797():
    """Of 16 stages 15 are no announcement; whoever commits to what was agreed never departs from the convention."""
    alone = sc.play(CONVENTION, CONVENTION, GAME, (1, 2), T)
    shown = sc.play(sc.ImitateThenCommit(RECORDS, 16), CONVENTION, GAME, (1, 2), T, 400, seed=1)
    same = (shown.actions == alone.actions).all(axis=(0, 1))
    assert abs(same.mean() - 15 / 16) < 4 * np.sqrt(15 / 16**2 / 400)
    assert alone.payoffs(1).mean() == pytest.approx(0.797, abs=5e-4)
    assert sc.worst_pone(GAME, (1, 2))[1] == pytest.approx(0.6)
    assert sc.altruistic_regret(alone)[0] / T == pytest.approx(-0.197, abs=5e-4)


def test_with_a_phase_of_one_ben_learns_the_best_reply_to_the_announcement():
    shown = sc.play(sc.ImitateThenCommit(RECORDS, 1), CONVENTION, GAME, (1, 2), T, 200, seed=1)
    assert (shown.actions[:, 0] == 1).all()
    assert (shown.actions[1, 1] == 0).all()  # as agreed, once more
    best = GAME.payoffs[2][:, 1].argmax()
    assert (shown.actions[150:, 1] == best).mean() > 0.95


def test_the_figure_says_so():
    alone = sc.SocialLearningProblem(GAME, CONVENTION, T)
    update = sc.plots.episode_course(alone, RECORDS, ("the assistant", "Ben"), stages=24).update
    pair = f"{GAME.action_names[1]} / {GAME.action_names[2]}"
    assert update(pair, 8) == (
        "The assistant imitates for 8 stages, then commits; Ben never has to learn. Over 200 stages Ben earns 0.797 a "
        "stage, worst PONE 0.600: altruistic regret -0.197."
    )
    assert "Ben never has to learn" in update(pair, 16)
    assert "Ben learns from stage 3 on" in update(pair, 1)


def garbling_exists(weights, mixes, z):
    """Whether some draw of b on seeing x makes the own action and b distributed as z."""
    m, n = mixes.shape
    joint = np.zeros((n * n, m * n))
    for i, a, b in np.ndindex(m, n, n):
        joint[a * n + b, i * n + b] = weights[i] * mixes[i, a]
    sums = np.kron(np.eye(m), np.ones(n))
    return linprog(np.zeros(m * n), A_eq=np.vstack([joint, sums]), b_eq=[*z.ravel(), *np.ones(m)]).status == 0


def largest_shortfall(weights, mixes, z):
    """Return the most by which B(z) can exceed the partner's mean best reply, over all B with entries in [0, 1]."""
    m, n = mixes.shape
    gain = np.concatenate([z.T.ravel(), -weights])  # B[b, a], then what the best reply to each mix is worth
    rows = np.zeros((m * n, n * n + m))
    for i, b in np.ndindex(m, n):
        rows[i * n + b, b * n : (b + 1) * n] = mixes[i]
        rows[i * n + b, n * n + i] = -1
    return -linprog(-gain, A_ub=rows, b_ub=np.zeros(m * n), bounds=(0, 1)).fun


def test_whoever_serves_every_partner_tells_at_least_as_much_as_the_mixture():
    """The two linear programs agree: no payoffs are served badly if and only if the mix can be garbled into z."""
    rng = np.random.default_rng(7)
    verdicts = []
    for number in range(150):
        n = int(rng.integers(2, 5))
        z = rng.dirichlet(np.full(n * n, 0.5)).reshape(n, n)
        weights, mixes = sc.commitment_mixture(z, ("mixture", "pure")[number % 2])
        if number % 3 == 1:  # says a little less
            blur = rng.dirichlet(np.ones(len(weights)), len(weights)) * 0.3 + 0.7 * np.eye(len(weights))
            moved = weights[:, None] * blur
            weights, mixes = moved.sum(axis=0), (moved / moved.sum(axis=0)).T @ mixes
        elif number % 3 == 2:  # says a little more: with some probability which action it will be
            weights = np.concatenate([0.6 * weights, 0.4 * z.sum(axis=1)])
            mixes = np.vstack([mixes, np.eye(n)])
        verdicts.append(garbling_exists(weights, mixes, z))
        assert verdicts[-1] == (largest_shortfall(weights, mixes, z) < 1e-7)
    assert 30 < sum(verdicts) < 120


def test_the_mixture_lets_its_b_be_drawn_at_once_and_nothing_less_serves():
    rng = np.random.default_rng(8)
    z = rng.dirichlet(np.ones(9)).reshape(3, 3)
    weights, mixes = sc.commitment_mixture(z)
    np.testing.assert_allclose((weights[:, None] * mixes).T, z)  # b itself, beside the own action
    assert garbling_exists(weights, mixes, z)
    assert not garbling_exists(np.ones(1), z.sum(axis=1)[None], z)


def test_whoever_serves_every_partner_plays_on_average_what_was_played():
    rng = np.random.default_rng(9)
    for kind in ("mixture", "pure"):
        z = rng.dirichlet(np.ones(9)).reshape(3, 3)
        weights, mixes = sc.commitment_mixture(z, kind)
        np.testing.assert_allclose(weights @ mixes, z.sum(axis=1))
        other = weights @ mixes + [0.01, -0.01, 0]
        shifted = mixes + (other - weights @ mixes)
        assert largest_shortfall(weights, shifted, z) > 1e-3


def after(game, types, z, kind):
    """Return what the partner earns, and all that the AI may earn, if the partner replies best to the commitment."""
    own, other = game.stage(types)
    weights, mixes = {"redraw": (np.ones(1), z.sum(axis=1)[None])}.get(kind) or sc.commitment_mixture(z, kind)
    partner, low, high = 0.0, 0.0, 0.0
    for weight, mix in zip(weights, mixes, strict=True):
        replies = other @ mix
        best = (mix @ own)[replies >= replies.max() - 1e-9]
        partner, low, high = (
            partner + weight * replies.max(),
            low + weight * best.min(),
            high + weight * best.max(),
        )
    return partner, low, high


def test_in_matching_pennies_the_coin_keeps_a_half_and_the_drawn_action_nothing():
    game, types = sc.games.matching_pennies(), (0, 1)
    assert after(game, types, COIN, "mixture") == pytest.approx((0.5, 0.5, 0.5))
    assert after(game, types, COIN, "pure") == pytest.approx((1, 0, 0))


def test_in_chicken_the_coin_may_cost_the_ai_but_the_partner_only_ties():
    game = sc.games.chicken()
    own = game.stage((0, 0))[0]
    partner, low, high = after(game, (0, 0), COIN, "mixture")
    before = (COIN * own).sum()
    assert (before, partner, low, high) == pytest.approx((0.5, 0.5, 0.15, 0.85))


def test_redrawing_leaves_the_partner_a_half_where_both_look_at_one_coin():
    game = sc.games.coordination()
    assert after(game, (0, 0), SAME_COIN, "redraw")[0] == pytest.approx(0.5)
    assert after(game, (0, 0), SAME_COIN, "mixture")[0] == pytest.approx(1)


def test_the_figure_of_commitments_shows_these_numbers():
    games = {
        "coordination": (sc.games.coordination(), (0, 0)),
        "matching pennies": (sc.games.matching_pennies(), (0, 1)),
        "chicken": (sc.games.chicken(), (0, 0)),
    }
    update = sc.plots.commitment_values(games).update
    for name, (game, types) in games.items():
        for correlation in (0, 0.25, 0.5, 0.75, 1):
            z = (1 - correlation) * COIN + correlation * SAME_COIN
            told = [after(game, types, z, kind) for kind in ("mixture", "pure", "redraw")]
            sentence = update(name, correlation)
            assert f"{told[0][0]:.2f} with ν, {told[1][0]:.2f} with one action and {told[2][0]:.2f} if" in sentence
            assert f"the AI {told[0][1]:.2f} with ν and {told[1][1]:.2f} with one action" in sentence


def test_with_longer_phases_the_team_does_better():
    found = [regret(phase) for phase in (1, 4, 16, 64)]
    for (short, one), (long, other) in pairwise(found):
        assert long + other < short - one
    assert [mean for mean, _ in found] == pytest.approx([0.008, -0.050, -0.085, -0.096], abs=0.012)


def test_the_convention_needs_few_records_however_long_the_phase():
    for phase in (4, 16, 64):
        assert sc.HistoryTree(PROBLEM, phase).marginal_tv(36) <= 0.1


def test_who_alternates_commits_to_one_of_two_agreements_and_a_coin_would_earn_a_half():
    for stages in (2, 8, 100):
        actions = np.repeat(np.arange(stages) % 2, 2).reshape(stages, 2, 1)
        z = joint_play(actions)[:2, :2]
        np.testing.assert_allclose(z, SAME_COIN)
        weights, mixes = sc.commitment_mixture(z)
        assert weights == pytest.approx([0.5, 0.5])
        np.testing.assert_array_equal(mixes, np.eye(2))
    payoffs = sc.games.coordination().payoffs[0]
    assert (payoffs @ mixes.T).max(axis=0).tolist() == [1, 1]
    assert (payoffs @ [0.5, 0.5]).tolist() == [0.5, 0.5]


def test_after_a_nash_equilibrium_the_mixture_is_to_play_ones_part_for_ever():
    for seed in range(20):
        game = sc.games.random_game(3, 2, seed)
        for found in sc.nash_equilibria(game, (0, 1)):
            first, second = found.strategies
            _, mixes = sc.commitment_mixture(np.outer(first, second))
            np.testing.assert_allclose(mixes, np.broadcast_to(first, mixes.shape), atol=1e-9)
            assert (game.payoffs[1] @ first).max() == pytest.approx(found.payoffs[1])


def test_the_pure_draw_costs_the_assistant_seven_times_what_nu_costs_it():
    own, partners, z = np.array([[0.6, 0], [0.2, 1]]), np.array([[0.2, 1], [0.8, 0]]), COIN
    assert (z * own).sum() == pytest.approx(0.45)
    assert (z * partners.T).sum() == pytest.approx(0.5)
    for commit, earned in (("mixture", (0.4, 0.6)), ("pure", (0.1, 0.9))):
        weights, mixes = sc.commitment_mixture(z, commit)
        replies = (partners @ mixes.T).argmax(axis=0)
        assert weights @ (mixes * own.T[replies]).sum(axis=1) == pytest.approx(earned[0])
        assert weights @ (mixes * partners[replies]).sum(axis=1) == pytest.approx(earned[1])
