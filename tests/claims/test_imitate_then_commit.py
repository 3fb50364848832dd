"""The numbers and the words about them in the chapter on imitate-then-commit."""

from functools import cache
from itertools import pairwise, product

import numpy as np
import pytest
from commitment_table import rows, script, told
from scipy.optimize import linprog

import socialcoop as sc

T, PHASE, LEAD = 200, 8, 2
GAME = sc.games.project(1)
MEMBER = sc.strategies.CodedConvention(sc.Convention("favourite of 1"), 1)
TASTES = np.zeros((4, 4))
TASTES[LEAD] = 1 / 4
PROBLEM = sc.SocialLearningProblem(GAME, sc.Population([MEMBER]), T, TASTES)
RECORDS = PROBLEM.sample(200, seed=1)
PAIRS = np.array([[LEAD, taste] for taste in range(4)])
EACH = 250  # episodes of each of the 4 equally likely tastes
OWED = np.array([sc.worst_pone(GAME, tuple(types)) for types in PAIRS.tolist()])
COIN = np.full((2, 2), 1 / 4)
SAME_COIN = np.eye(2) / 2


@cache
def met(phase, commit="mixture"):
    who = np.repeat(PAIRS, EACH, axis=0)
    return sc.play(sc.ImitateThenCommit(RECORDS, phase, commit), MEMBER, GAME, who, T, len(who), seed=4)


def mean_and_margin(values):
    """Return the mean over tastes and four standard errors of it."""
    blocks = np.reshape(values, (len(PAIRS), EACH))
    return blocks.mean(), 4 * np.sqrt(blocks.var(axis=1, ddof=1).sum() / EACH) / len(PAIRS)


def regret(phase, commit="mixture"):
    return mean_and_margin(sc.altruistic_regret(met(phase, commit)) / T)


def joint_play(actions):
    z = np.zeros((6, 6))
    np.add.at(z, (actions[:, 0, 0], actions[:, 1, 0]), 1 / len(actions))
    return z


def test_the_week_shows_one_opening_and_then_zeros_and_the_commitment_mixes_them_seven_to_one():
    week = sc.play(sc.Imitator(RECORDS), MEMBER, GAME, (LEAD, 0), PHASE, seed=2)
    assert week.actions[:, :, 0].tolist() == [[2, 0]] + [[0, 0]] * 7
    weights, mixes = sc.commitment_mixture(joint_play(week.actions))
    assert weights.tolist() == [1]
    assert mixes.tolist() == [[0.875, 0, 0.125, 0, 0, 0]]


def test_each_plays_what_it_likes_first_and_then_both_what_the_colleague_likes():
    for types in PAIRS.tolist():
        actions = sc.play(MEMBER, MEMBER, GAME, tuple(types), 20).actions[:, :, 0]
        assert actions.tolist() == [types] + [[types[1]] * 2] * 19
        assert GAME.payoffs[types[1]].max() == GAME.payoffs[types[1], types[1], types[1]] == 1


def test_two_more_acts_serve_nobody_and_pay_55_hundredths_for_ones_own_part():
    assert not GAME.payoffs[:, 4].any()
    assert not GAME.payoffs[:, :5, 4:].any()
    assert (GAME.payoffs[:, 5] == 0.55).all()


def test_there_is_something_to_learn_and_the_regret_is_in_the_printed_interval():
    who = np.repeat(PAIRS, EACH, axis=0)
    earned = {
        name: sc.play(lead, MEMBER, GAME, who, T, len(who), seed=4).payoffs(1).mean()
        for name, lead in (("member", MEMBER), ("constant", sc.best_constant(PROBLEM)))
    }
    assert earned["member"] > 0.99
    assert earned["member"] - earned["constant"] > 0.2
    mean, margin = regret(PHASE)
    assert abs(mean + 0.119) < 0.01 + margin  # another draw of tastes


def test_partners_earn_more_than_in_their_worst_pone_since_the_lead_gives_way():
    assert OWED[:, 1].tolist() == pytest.approx([0.8, 0.6, 1, 0.8])
    for types, owed in zip(PAIRS.tolist(), OWED, strict=True):
        agreed = MEMBER.convention.agreed(MEMBER.acts(GAME), tuple(types)).payoffs
        assert agreed == pytest.approx((owed[0], 1))


def surplus(phase, commit, agent):
    return mean_and_margin(met(phase, commit).payoffs(agent).mean(axis=0) - np.repeat(OWED[:, agent], EACH))


def test_after_eight_stages_the_last_act_is_better_for_both_and_after_one_the_assistant_has_its_own_taste():
    for agent in (0, 1):
        (mixed, one), (last, other) = (surplus(8, commit, agent) for commit in ("mixture", "last"))
        assert last - other > mixed + one
    assert surplus(8, "mixture", 0)[0] == pytest.approx(-0.047, abs=0.01)
    assert surplus(8, "last", 0)[0] == pytest.approx(0, abs=0.003)  # no more than its worst PONE
    at_once = surplus(1, "mixture", 0)
    assert at_once[0] - at_once[1] > 0.08
    assert surplus(1, "mixture", 1)[0] < 0


@pytest.mark.parametrize("phase", [1, 2, 4, 8, 16])
def test_the_opening_is_in_the_mix_with_its_share_of_the_phase(phase):
    actions = sc.play(MEMBER, MEMBER, GAME, (LEAD, 0), phase).actions
    weights, mixes = sc.commitment_mixture(joint_play(actions))
    assert weights @ mixes[:, LEAD] == pytest.approx(1 / phase)


def test_with_a_phase_of_one_ben_learns_the_best_reply_to_the_opening():
    shown = sc.play(sc.ImitateThenCommit(RECORDS, 1), MEMBER, GAME, (LEAD, 0), T, 200, seed=1)
    assert (shown.actions[:, 0] == LEAD).all()
    assert (shown.actions[1, 1] == 0).all()  # as agreed, once more
    assert GAME.payoffs[0][:, LEAD].max() == pytest.approx(0.8)
    assert GAME.payoffs[0][:, LEAD].argmax() == LEAD
    assert (shown.actions[150:, 1] == LEAD).mean() > 0.9


def test_with_a_phase_of_eight_ben_stays_with_his_favourite_and_earns_more():
    shown = sc.play(sc.ImitateThenCommit(RECORDS, 8), MEMBER, GAME, (LEAD, 0), T, 200, seed=1)
    assert (shown.actions[150:, 1] == 0).mean() > 0.9
    assert (MEMBER.departure(shown) > 0).mean() > 0.95  # he does learn
    short = sc.play(sc.ImitateThenCommit(RECORDS, 1), MEMBER, GAME, (LEAD, 0), T, 200, seed=1)
    assert shown.payoffs(1).mean() > short.payoffs(1).mean() + 0.1


LIKES = {"direct, wait": 0, "direct, ask": 1, "supportive, ask": 3}


def episodes(phase, likes, number=1, seed=3):
    return sc.play(sc.ImitateThenCommit(RECORDS, phase), MEMBER, GAME, (LEAD, likes), T, number, seed=seed)


def test_the_course_of_an_episode_is_told_as_it_was_played():
    plays = {name: {phase: episodes(phase, act) for phase in (1, 2, 4, 8)} for name, act in LIKES.items()}
    update = sc.plots.commitment_course(plays, ("the assistant", "Ben")).update
    names = dict(
        enumerate(("direct, wait", "direct, ask", "supportive, wait", "supportive, ask", "terse", "do without"))
    )
    for name, phase, stage in product(LIKES, (1, 2, 4, 8), (1, 8, 20, 50, 200)):
        words = update(likes=name, phase=phase, stage=stage)
        played = plays[name][phase]
        paid, theirs = played.payoffs(1)[:stage, 0][-20:], played.actions[:stage, 1, 0][-20:].tolist()
        assert float(words.split()[2]) == pytest.approx(sum(paid) / len(paid), abs=0.0051)
        often = max(theirs.count(act) for act in range(6))
        assert any(
            f"plays “{names[act]}” most, {often} time" in words for act in range(6) if theirs.count(act) == often
        )
        kept = played.actions[phase:stage, 0, 0].tolist()
        assert ("still imitates" in words) == (not kept)
        assert all(f"“{names[act]}” {kept.count(act)} time" in words for act in set(kept))


def test_in_the_episode_shown_ben_comes_over_stays_or_goes_back_and_forth():
    ends = {(phase, likes): episodes(phase, likes).actions[-40:, 1, 0] for phase in (1, 2, 8) for likes in (0, 1)}
    assert (ends[1, 0] == LEAD).all()
    assert (ends[2, 0] == 0).all()
    assert (ends[8, 0] == 0).all()
    assert set(ends[1, 1].tolist()) == {LEAD, 5}
    assert GAME.payoffs[1][LEAD, LEAD] == pytest.approx(0.6)
    assert GAME.payoffs[1][5, LEAD] == pytest.approx(0.55)


def test_with_a_phase_of_two_ben_comes_to_his_favourite_later_than_with_eight():
    last = {}
    for phase in (2, 8):
        shown = episodes(phase, 0, 200, seed=1).actions[:, 1]
        assert (shown[150:] == 0).mean() > 0.85
        last[phase] = [np.flatnonzero(other)[-1] if other.any() else 0 for other in (shown != 0).T]
    assert np.mean(last[2]) > np.mean(last[8]) + 20


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
            promised = (z * game.stage(types)[1].T).sum()
            assert (
                f"earns {told[0][0]:.2f} a stage, and {promised:.2f} in joint play; the AI {told[0][1]:.2f}" in sentence
            )
            assert f"the partner earns {told[1][0]:.2f} and the AI {told[1][1]:.2f}" in sentence
            kept = "keeps" if told[2][0] > promised - 1e-9 else "breaks"
            assert f"brings the partner {told[2][0]:.2f}, and {kept} the promise ({name}" in sentence


def test_with_longer_phases_the_mixture_does_better_and_the_last_act_is_there_at_once():
    found = [regret(phase) for phase in (1, 4, 16, 64)]
    for (short, one), (long, other) in pairwise(found):
        assert long + other < short - one
    assert [mean for mean, _ in found] == pytest.approx([0.027, -0.07, -0.144, -0.172], abs=0.015)
    assert regret(1, "last")[0] == pytest.approx(found[0][0], abs=0.01)
    for phase in (4, 16, 64):
        assert regret(phase, "last")[0] == pytest.approx(regret(4, "last")[0], abs=1e-9)


def test_without_its_code_the_team_needs_few_records_however_long_the_phase():
    for phase in (4, 16, 64):
        assert sc.HistoryTree(PROBLEM, phase).marginal_tv(36) <= 0.1


# --- seven ways to commit


def random_history(rng):
    """Return actions of both sides, (stages,) each, how many stages to leave out, and the partner's payoffs."""
    n, stages = int(rng.integers(1, 5)), int(rng.integers(1, 9))
    a, b = rng.integers(n, size=(2, stages))
    return a, b, int(rng.integers(stages)), rng.random((n, n))


def test_a_draw_from_the_later_stages_is_worth_what_she_got_in_them_and_that_bounds_it_by_the_whole_phase():
    """By loops over what may be drawn, and not by the package's mixture."""
    rng, ties = np.random.default_rng(10), 0
    for _ in range(1000):
        a, b, s, payoffs = random_history(rng)
        later = list(zip(a[s:].tolist(), b[s:].tolist(), strict=True))
        got = np.mean([payoffs[other, own] for own, other in later])
        pure = np.mean([payoffs[:, own].max() for own, _ in later])
        mixed = np.mean(
            [
                max(np.mean([row[own] for own, beside in later if beside == other]) for row in payoffs)
                for _, other in later
            ]
        )
        assert pure >= mixed - 1e-12
        assert mixed >= got - 1e-12
        whole = np.mean(payoffs[b, a])
        assert got >= whole - s / (len(a) - s) * (1 - whole) - 1e-12
    for stages, s in ((8, 7), (8, 4), (5, 0)):  # tight: all the early ones pay 1
        values = np.r_[np.ones(s), np.zeros(stages - s)]
        ties += values[s:].mean() == pytest.approx(values.mean() - s / (stages - s) * (1 - values.mean()))
    assert ties == 3


@pytest.mark.parametrize("seed", range(6))
def test_the_draw_of_the_package_is_that_of_the_later_stages(seed):
    """Each stage after the left out ones as likely as the other: the act that is kept, in 4000 episodes."""
    rng = np.random.default_rng(seed)
    stages, s = 6, int(rng.integers(6))
    own = rng.permutation(stages)  # six acts, each once
    game = sc.games.coordination(6)
    ai = sc.ThenCommit(sc.Scripted(own.tolist()), stages, "pure", since=s)
    kept = sc.play(ai, sc.Fixed(0), game, (0, 0), stages + 2, 4000, seed=seed).actions[-1, 0]
    counts = np.bincount(kept, minlength=6)[own]
    assert not counts[:s].any()
    assert (np.abs(counts[s:] - 4000 / (stages - s)) < 5 * np.sqrt(4000 / (stages - s))).all()


def window_bound(epsilon, delta, phase, s, worst):
    """Return the corollary's bound for somebody who imitates perfectly."""
    return 2 * delta + epsilon + phase / T + (epsilon * phase + s * (1 - worst)) / (phase - s)


def test_whoever_leaves_out_the_beginning_loses_at_most_what_the_corollary_says():
    """People on a schedule whose phase ends when they leave for the first time."""
    talk, worst = sc.games.conversation(3), []
    for shares in ([0.5, 0.3, 0.2], [0.3, 0.45, 0.25], [0.9, 0, 0.1], [0.4, 0.43, 0.17]):
        habit = sc.strategies.JointSchedule(np.diag(shares))
        phase = 1 + int((habit.steps(talk, 20)[:, 0] == 2).argmax())
        epsilon = max(1 / phase, 0.2)
        delta = habit.certificate(talk, T, epsilon)
        assert sc.compatibility(habit, habit, talk, phase, epsilon + 1e-9).failure.max() == 0
        for s in range(phase):
            ai = sc.ThenCommit(habit, phase, "pure", since=s)
            play = sc.play(ai, habit, talk, (0, 0), T, 200, seed=1)
            found, bound = sc.altruistic_regret(play).mean() / T, window_bound(epsilon, delta, phase, s, 1)
            assert found <= bound
        worst.append(found)
    assert min(worst) > 0.9  # who keeps the last act alone


DAY = 8
TALK = sc.games.conversation(3)
FAREWELL = sc.strategies.JointSchedule(np.diag([1 - 1 / DAY, 0, 1 / DAY]))


def farewell(commit, since=0):
    ai = sc.ThenCommit(FAREWELL, DAY, commit, since)
    return sc.play(ai, FAREWELL, TALK, (0, 0), T, 4000, seed=1).payoffs(1).mean()


def test_people_who_say_goodbye_keep_the_assumption_and_break_whoever_keeps_the_last_act():
    assert FAREWELL.steps(TALK, DAY).tolist() == [[0, 0]] * (DAY - 1) + [[2, 2]]
    together = sc.compatibility(FAREWELL, FAREWELL, TALK, DAY, epsilon=1 / DAY)
    assert together.failure.max() == 0
    assert sc.compatibility(FAREWELL, FAREWELL, TALK, DAY, epsilon=1 / DAY - 0.01).failure.max() == 1
    assert FAREWELL.certificate(TALK, T, 0.2) < 0.01
    assert farewell("last") == pytest.approx((DAY - 1) / T)  # nothing after the first day
    for commit in ("mixture", "pure", "hyperbolic"):
        assert farewell(commit) > 0.85
    assert farewell("pure", since=4) == pytest.approx(0.75, abs=0.03)


def test_their_loss_is_what_the_corollary_allows():
    assert (1 / DAY * DAY) / (DAY - 7) == 1
    assert (1 / DAY * DAY) / (DAY - 4) == 2 / 8
    for commit, since in (("pure", 0), ("pure", 4), ("mixture", 4)):
        epsilon = 0.2
        assert 1 - farewell(commit, since) <= window_bound(
            epsilon, FAREWELL.certificate(TALK, T, epsilon), DAY, since, 1
        )


PHASES = (1, 2, 3, 4, 6, 8, 12, 16)
WAYS = ("mixture", "pure", "pure since 1", "last", "careful", "hyperbolic", "universal")


def way(name, phase, imitator="table", **where):
    return told(f"{imitator}, {name} ({phase})", **where)


def test_the_table_of_ways_is_what_the_script_measures():
    problem = script.team(2)
    names = ["table, mixture (3)", "table, careful (3)", "back-off, pure since 1 (4)", "back-off, universal (4)"]

    def some(records):
        found = script.readers(problem, "kind", records)
        return {name: found[name] for name in names}

    measured = sc.rivals(problem, some, [10], plays=script.PLAYS, datasets=script.DATASETS, n_jobs=1)
    for name, mean in zip(names, measured.means()[:, 0], strict=True):
        assert told(name, "kind", 12, 10) == pytest.approx(mean, abs=1e-4)


@pytest.mark.parametrize("actions", [6, 12, 18])
def test_in_the_team_members_earn_far_more_than_the_best_constant(actions):
    ahead = told("one of the team", actions=actions, number="low") - told("no data", actions=actions, number="high")
    assert ahead > 0.15


def test_after_one_stage_all_ways_are_alike_and_no_better_than_a_constant():
    for actions, records in ((6, 100), (12, 10), (12, 1000), (18, 100)):
        where = {"actions": actions, "records": records}
        values = [way(name, 1, imitator, **where) for name in WAYS for imitator in ("table", "back-off")]
        assert np.ptp(values) < 1e-3
        assert values[0] == pytest.approx(told("no data", **where), abs=0.03)


def test_early_the_later_act_is_better_and_nu_is_behind():
    for imitator in ("table", "back-off"):
        for phase in (2, 3, 4):
            later = [way(name, phase, imitator) for name in ("last", "pure since 1")]
            assert later == pytest.approx([0.97, 0.97], abs=0.015)
            assert min(later) > way("pure", phase, imitator) + 0.03 > way("mixture", phase, imitator) + 0.06


def test_late_the_last_act_of_the_table_is_a_guess_and_care_hardly_minds():
    for actions in (12, 18):
        where = {"actions": actions}
        assert way("last", 16, **where) < told("no data", **where) - 0.05
        assert way("pure since 1", 16, **where) > way("last", 16, **where) + 0.04
        careful = [way("careful", phase, **where) for phase in (6, 8, 12, 16)]
        assert np.ptp(careful) < 0.01
        assert min(careful) > max(way(name, 16, **where) for name in WAYS if name != "careful") + 0.05


def test_a_back_off_imitator_is_never_at_a_loss_so_care_changes_nothing():
    for phase, records in ((4, 10), (16, 10), (16, 100)):
        assert way("careful", phase, "back-off", records=records) == way("mixture", phase, "back-off", records=records)


def test_the_random_stops_are_close_to_the_draw_of_one_act():
    for phase in PHASES[1:]:
        assert way("hyperbolic", phase) == pytest.approx(way("pure", phase), abs=0.03)
    for short, long in pairwise((2, 3, 4)):  # the universal one is a stage earlier
        assert way("universal", long) == pytest.approx(way("hyperbolic", short), abs=0.01)


def best(imitator, **where):
    return max(way(name, phase, imitator, **where) for name in WAYS for phase in PHASES)


def test_with_ten_records_the_imitator_matters_more_than_the_way():
    for actions in (12, 18):
        assert best("back-off", actions=actions, records=10) > best("table", actions=actions, records=10) + 0.03


def test_a_network_to_the_end_is_as_good_as_the_best_of_these_ways_and_without_a_code_the_table_is():
    for actions in (12, 18):
        for records in (100, 1000):
            where = {"actions": actions, "records": records}
            ways = max(best(imitator, **where) for imitator in ("table", "back-off"))
            assert told("network, cold", **where) == pytest.approx(ways, abs=0.004)
    assert told("table", actions=6) == pytest.approx(told("one of the team", actions=6), abs=0.001)
    assert max(way("mixture", phase, actions=6) for phase in PHASES) < told("table", actions=6) - 0.03


def test_the_echo_that_reads_nothing_is_ahead_of_nu_and_level_with_the_best_way():
    for actions in (12, 18):
        for records in (10, 100, 1000):
            where = {"actions": actions, "records": records}
            ways = max(best(imitator, **where) for imitator in ("table", "back-off"))
            assert told("echo", **where) > ways - 0.01
            assert told("echo", **where) > max(way("mixture", phase, **where) for phase in PHASES) + 0.05


def test_the_figure_of_ways_says_so():
    words = sc.plots.ways_to_commit(rows).update(phase=4, episodes=100, n_actions=12)
    assert f"To imitate to the end brings {told('table'):.2f} and {told('back-off'):.2f}" in words
    assert f"with a trained network {told('network, cold'):.2f}; the best constant {told('no data'):.2f}" in words
    assert f"and the echo {told('echo'):.2f} (K" in words
    assert f"ν brings {way('mixture', 4):.2f} and {way('mixture', 4, 'back-off'):.2f}" in words


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
