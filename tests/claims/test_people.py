"""What the chapter on people tells: of two experiments, of what regret in them can mean, and of a third experiment."""

import ast
import re
from fractions import Fraction
from functools import cache
from itertools import product

import numpy as np
import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st
from notebooks import cells_of
from scipy.stats import binom

import socialcoop as sc

COUNTS, DILEMMAS = sc.people.rock_paper_scissors(), sc.people.dilemmas()
BEATS = {0: 2, 1: 0, 2: 1}  # rock beats scissors, and so on
PROMISE = 0.1304  # Hedge's, over 300 rounds at δ = 0.01


@cache
def chapter():
    """Run the chapter, and return its names and its explorables."""
    found, scope = [], {}
    for cell in cells_of("people"):
        if cell["cell_type"] == "code":
            body = ast.parse(cell["source"]).body
            last = body.pop() if isinstance(body[-1], ast.Expr) else None
            exec(compile(ast.Module(body, []), "people", "exec"), scope)
            value = eval(compile(ast.Expression(last.value), "people", "eval"), scope) if last else None
            found += [value] if isinstance(value, sc.book.Explorable) else []
    return scope, found


def prose():
    return "\n".join(cell["source"] for cell in cells_of("people") if cell["cell_type"] == "markdown")


def printed(start):
    """Return the numbers of the printed lines that begin so."""
    texts = ["".join(out.get("text", "")) for cell in cells_of("people") for out in cell.get("outputs", [])]
    lines = [line[len(start) :] for text in [*texts] for line in text.splitlines() if line.startswith(start)]
    return [[float(number) for number in re.findall(r"-?\d+\.?\d*", line)] for line in lines]


@cache
def tables():
    """Return the stored tables, each as its rows, and a row as the texts of its cells."""
    outputs = [out for cell in cells_of("people") for out in cell.get("outputs", [])]
    pages = ["".join(out.get("data", {}).get("text/html", "")) for out in outputs]
    rows = [re.findall(r"<tr.*?</tr>", page, re.DOTALL) for page in pages if page]
    return [[re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table] for table in rows]


def tabled(text):
    """Return the tables that have this text in a cell, each as a mapping from its first column to the others."""
    found = [table for table in tables() if any(text in row for row in table)]
    return [{row[0]: row[1:] for row in table if any(row[1:])} for table in found]


def numbers(row):
    return [float(number) for cell in row for number in re.findall(r"-?\d+\.?\d*", cell)]


def points(own, other, tie=0.5):
    return tie if own == other else float(BEATS[own] == other)


def regret_of(joint, tie=0.5):
    """Return the regret per round of the player whose choices are the rows, by its definition."""
    cells = list(product(range(3), repeat=2))
    earned = sum(joint[a][b] * points(a, b, tie) for a, b in cells)
    fixed = [sum(joint[a][b] * points(c, b, tie) for a, b in cells) for c in range(3)]
    return (max(fixed) - earned) / sum(joint[a][b] for a, b in cells)


@cache
def regrets(thirds=(0, 1, 2), tie=0.5):
    joint = COUNTS[:, list(thirds)].sum(axis=1)
    return np.array([[regret_of(each, tie) for each in joint], [regret_of(each.T, tie) for each in joint]])


# --- rock-paper-scissors


def test_the_pair_worked_out_by_hand_is_the_first_one():
    rows = re.findall(r"^\| (?:rock|paper|scissors) \| (\d+) \| (\d+) \| (\d+) \|$", prose(), re.MULTILINE)
    table = np.array(rows, dtype=int)
    assert (table == COUNTS[0].sum(axis=0)).all()
    won = sum(table[a, b] for a, b in BEATS.items())
    assert (won, np.trace(table), won + np.trace(table) / 2) == (110, 108, 164)
    assert [sum(table[:, b].sum() * points(c, b) for b in range(3)) for c in range(3)] == [148, 133.5, 161]
    assert regret_of(table) == pytest.approx(-3 / 295)


def test_how_many_keep_within_what_hedge_promises():
    assert sc.bounds.hedge_epsilon(300, 3, 0.01) == pytest.approx(np.sqrt(np.log(3) / 600) + np.sqrt(np.log(100) / 600))
    assert sc.bounds.hedge_epsilon(300, 3, 0.01) == pytest.approx(PROMISE, abs=1e-4)
    assert (regrets() <= PROMISE).sum() == 111
    assert np.median(regrets()) == pytest.approx(0.043, abs=5e-4)
    assert numbers(tabled("median regret")[0]["median regret"])[0] == pytest.approx(np.median(regrets()), abs=5e-4)
    assert numbers(tabled("median regret")[0]["within promise"])[0] == pytest.approx(111 / 116, abs=5e-4)
    assert (regrets().min(), regrets().max()) == pytest.approx((-0.05, 0.188), abs=5e-4)


def test_the_others_of_the_strip():
    found = chapter()[0]["regrets"]
    within = {name: (parts["all"] <= PROMISE).sum() for name, parts in found.items()}
    assert within["people"] == 111
    assert min(within[name] for name in ("always rock", "copycat", "cycler")) >= 104  # "nearly as often"
    facing_people = ("a coin", "always rock", "copycat", "cycler", "Hedge")
    assert [name for name in facing_people if found[name]["all"].max() <= 0.1] == ["Hedge"]
    medians = [np.median(found["two Hedges"][part]) for part in ("first", "second", "last")]
    assert medians == sorted(medians)
    assert medians[2] > 2 * medians[0]
    for name in ("people", "two coins"):
        assert all(found[name][part].std() > 1.3 * found[name]["all"].std() for part in ("first", "second", "last"))


def test_moves_in_a_random_order_are_those_that_were_met():
    scope = chapter()[0]
    for person in (0, 7, 60, 115):
        for third in range(3):
            told = np.bincount(scope["others"][100 * third : 100 * third + 100, person], minlength=3)
            missing = 100 - scope["moves"][person, third].sum()
            assert (told >= scope["moves"][person, third]).all()
            assert (told - scope["moves"][person, third]).sum() == missing


def test_every_control_moves_the_figure_and_the_sentence():
    for explorable in chapter()[1]:
        start = {name: control.start for name, control in explorable.controls.items()}
        seen = {(explorable.set(**start), explorable.picture.fragment())}
        for name, control in explorable.controls.items():
            for value in control.values:
                if value != control.start:
                    seen.add((explorable.set(**start | {name: value}), explorable.picture.fragment()))
        positions = 1 + sum(len(control.values) - 1 for control in explorable.controls.values())
        assert len({told for told, _ in seen}) == len({drawn for _, drawn in seen}) == positions
        explorable.set(**start)
        assert "sc-data" in explorable.html()  # not too large for a page


@given(st.lists(st.integers(0, 9), min_size=9, max_size=9).filter(any))
def test_a_pair_regrets_what_two_coins_would(numbers):
    joint = np.reshape(numbers, (3, 3))
    pair = (regret_of(joint) + regret_of(joint.T)) / 2
    expected = []
    for met in (joint.sum(axis=0), joint.sum(axis=1)):
        fixed = max(sum(met[b] * points(c, b) for b in range(3)) for c in range(3))
        coin = sum(met[b] * points(c, b) / 3 for b in range(3) for c in range(3))
        expected.append((fixed - coin) / joint.sum())
    assert pair == pytest.approx(np.mean(expected), abs=1e-12)


def test_with_a_quarter_for_a_tie_pairs_and_coins_differ():
    joint = np.eye(3)  # they always tie
    assert regret_of(joint, 0.25) == pytest.approx(1.25 / 3 - 0.25)  # coins: 0
    told = printed("people")[-1]
    share = told[2]
    assert told[1] - told[0] == pytest.approx(0.25 * (1 / 3 - share), abs=1.1e-4)
    assert told[0] == pytest.approx(regrets(tie=0.25).mean(), abs=1e-4)
    assert share < 1 / 3
    assert np.median(regrets(tie=0.25)) == pytest.approx(0.040, abs=5e-4)
    assert regrets(tie=0.25).max() == pytest.approx(0.20, abs=5e-3)
    assert (regrets(tie=0.25) <= PROMISE).mean() == pytest.approx(0.931, abs=5e-4)


def test_the_means_of_people_and_coin_agree_as_printed():
    (told,) = tabled("their coin, expected")
    people, coin = (float(told[name][0]) for name in ("the people", "their coin, expected"))
    assert people == coin == pytest.approx(regrets().mean(), abs=5e-5)


def test_the_worst_partner_makes_three_habits_fail():
    (told,) = tabled("median with Hedge")
    failed, median = ({name: float(row[place]) for name, row in told.items() if name} for place in (0, 1))
    assert [failed[name] for name in ("always rock", "copycat", "cycler")] == [1, 1, 1]
    game = sc.games.rock_paper_scissors()
    for who in (sc.Fixed(0), sc.TitForTat(), sc.Scripted([0, 1, 2])):
        worst = 0.0
        history = []
        seat = who.seat(game, 0, np.zeros(1, int), 9)
        for _ in range(9):  # always what beats it
            own = int(seat.policy()[:, 0].argmax())
            other = (own + 1) % 3
            history.append((own, other))
            seat.observe(np.array([own]), np.array([other]))
            worst = oracles.regret(game.payoffs[0], history)
        assert worst > 0.4 * 9
    assert failed["a coin"] > 0.5 > failed["Hedge"]
    assert median["a coin"] > 0.1
    assert median["always rock"] > 0.9
    assert max(median[name] for name in ("copycat", "cycler", "Hedge")) < 0.1


def resampled(statistic, seed=11, draws=4000):
    """Return an interval over pairs drawn with replacement, one after the other."""
    rng = np.random.default_rng(seed)
    return np.quantile([statistic(rng.choice(58, 58)) for _ in range(draws)], [0.025, 0.975])


def test_the_intervals_are_those_over_pairs():
    first, last = regrets((0,)), regrets((2,))
    shown = {
        "median regret": resampled(lambda pairs: np.median(regrets()[:, pairs])),
        "within promise": resampled(lambda pairs: (regrets()[:, pairs] <= PROMISE).mean()),
        "last - first": resampled(lambda pairs: (last - first)[:, pairs].mean()),
    }
    (told,) = tabled("median regret")
    for name, interval in shown.items():
        steps = 1 / 116 if name == "within promise" else 0.004  # a share is a whole number of people
        assert numbers(told[name])[1:] == pytest.approx(interval, abs=steps + 5e-4)
    low, high = shown["last - first"]
    assert low < 0 < high
    assert (last - first).mean() < 0


def test_how_many_pairs_are_compatible():
    (told,) = tabled("two people")
    joint = COUNTS.sum(axis=1)
    won = np.array([sum(each[a, b] * points(a, b) for a in range(3) for b in range(3)) / each.sum() for each in joint])
    assert numbers(told["two people"])[0] == pytest.approx((np.abs(won - 0.5) <= 0.05 + 1e-9).mean(), abs=5e-4)
    walk = np.ones(1)  # wins less losses of two coins
    for _ in range(300):
        walk = np.convolve(walk, np.ones(3) / 3)
    exact = walk[300 - 30 : 300 + 31].sum()
    assert numbers(told["two coins"])[0] == pytest.approx(exact, abs=2e-3)
    assert numbers(told["two people"])[2] < exact  # above the interval
    game = sc.games.rock_paper_scissors()
    assert sc.compatibility(sc.Fixed(0), sc.Fixed(0), game, 9, 0.0).failure.max() == 0


def test_the_only_equilibrium_pays_a_half():
    assert len(sc.nash_equilibria(sc.games.rock_paper_scissors(), (0, 0))) == 1
    assert sc.worst_pone(sc.games.rock_paper_scissors(), (0, 0)) == pytest.approx((0.5, 0.5))


# --- the dilemma


def exact_regret(found):
    """Return the regret per counted round, from points and in fractions."""
    (cc, cd), (dc, dd) = found.counts.tolist()
    return (Fraction(50 - found.reward, 38) * cc + Fraction(13, 38) * cd) / (cc + cd + dc + dd)


def test_how_many_repeated_games_a_person_has():
    games = sum(found.supergames for found in DILEMMAS.values())
    assert games / sum(found.people for found in DILEMMAS.values()) == pytest.approx(10, abs=0.5)


def test_the_dilemma_by_hand():
    found = DILEMMAS["D75R40"]
    assert found.counts.tolist() == [[418, 54], [54, 138]]
    total = exact_regret(found) * 664
    assert float(total) == pytest.approx(128.5, abs=0.05)
    assert float(exact_regret(found)) == pytest.approx(0.19, abs=0.005)
    assert max(DILEMMAS, key=lambda name: exact_regret(DILEMMAS[name])) == "D75R40"
    sentence = chapter()[1][1].set(continuation=0.75, partner="as measured")
    assert "largest at reward 40, 0.19 a stage" in sentence
    assert "cooperate in 71 % of the rounds" in sentence


def test_those_who_earn_most_earn_much_more_than_mutual_defection():
    found = DILEMMAS["D75R48"]
    earned = (found.counts * np.array([[36, 0], [38, 13]]) / 38).sum() / found.counts.sum()
    assert earned - 13 / 38 == pytest.approx(0.56, abs=0.005)
    others = [(each.counts * each.game.payoffs[0]).sum() / each.counts.sum() for each in DILEMMAS.values()]
    assert max(others) == pytest.approx(earned)
    assert exact_regret(found) > 0.05


@given(st.integers(1, 3), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_with_a_dominant_action_regret_adds_up(n, people, seed):
    rng = np.random.default_rng(seed)
    table = rng.random((n, n)) / 2
    table[rng.integers(n)] = 0.5 + table.max(axis=0) / 2
    histories = [[tuple(rng.integers(n, size=2)) for _ in range(rng.integers(1, 6))] for _ in range(people)]
    each = [oracles.regret(table, history) for history in histories]
    together = oracles.regret(table, [stage for history in histories for stage in history])
    assert together == pytest.approx(sum(each), abs=1e-12)
    assert min(each) >= -1e-12


@given(st.integers(0, 2**32 - 1))
def test_without_one_pooled_regret_is_at_most_the_sum(seed):
    rng = np.random.default_rng(seed)
    table, histories = rng.random((3, 3)), rng.integers(3, size=(4, 5, 2)).tolist()
    each = sum(oracles.regret(table, history) for history in histories)
    assert oracles.regret(table, [stage for history in histories for stage in history]) <= each + 1e-12


# --- policy regret


def against_tit_for_tat(own):
    """Return what is earned, what the best fixed action would earn against the same moves, and if it were answered."""
    payoff = {(0, 0): 0.6, (0, 1): 0.0, (1, 0): 1.0, (1, 1): 0.2}

    def earns(acts, moves):
        return sum(payoff[pair] for pair in zip(acts, moves, strict=True))

    def answers(acts):
        return [0, *acts[:-1]]

    n = len(own)
    fixed = [[a] * n for a in (0, 1)]
    return (
        earns(own, answers(own)),
        max(earns(acts, answers(own)) for acts in fixed),
        max(earns(acts, answers(acts)) for acts in fixed),
    )


@pytest.mark.parametrize(
    ("own", "earned", "external", "policy"),
    [([0, 0, 0], 1.8, 1.2, 0), ([1, 1, 1], 1.4, 0, 0.4), ([0, 1, 0, 1], 2.6, 0.6, -0.2)],
)
def test_two_regrets_by_hand(own, earned, external, policy):
    found, still, answered = against_tit_for_tat(own)
    assert (found, still - found, answered - found) == pytest.approx((earned, external, policy))


def rates(found):
    first = found.first[0] / found.first.sum()
    return first, found.after[..., 0] / found.after.sum(axis=2)


def random_end(found, first, again):
    """Return (cooperation, external regret, payoff) per round of who plays so with a member; summed round by round."""
    theirs_first, theirs = rates(found)
    table = found.game.payoffs[0]
    joint = np.outer([first, 1 - first], [theirs_first, 1 - theirs_first])
    visits, alive = np.zeros((2, 2)), 1.0
    for _ in range(300):
        visits += alive * joint
        alive *= found.continuation
        after = np.zeros((2, 2))
        for a, b in product((0, 1), repeat=2):
            mine, other = again[a, b], theirs[b, a]
            after += joint[a, b] * np.outer([mine, 1 - mine], [other, 1 - other])
        joint = after
    visits /= visits.sum()
    regret = sum(visits[0, b] * (table[1, b] - table[0, b]) for b in (0, 1))
    return visits[0].sum(), regret, (visits * table).sum()


def test_the_members_regret_as_printed():
    policies, shown = {}, {name: numbers(row) for name, row in tabled("counted")[0].items()}
    for name, found in DILEMMAS.items():
        cooperation, external, earned = random_end(found, *rates(found))
        fixed = [random_end(found, own, np.full((2, 2), own))[2] for own in (1.0, 0.0)]
        policies[name] = max(fixed) - earned
        told = shown[name]
        wanted = float(exact_regret(found)), external, policies[name], cooperation
        assert told == pytest.approx(wanted, abs=6e-3)
        assert told[:3] == pytest.approx(wanted[:3], abs=6e-4)
    assert max(policies.values()) < 0.04
    assert policies["D75R40"] == pytest.approx(0.03, abs=0.005)
    gaps = {name: abs(shown[name][0] - shown[name][1]) for name in DILEMMAS}
    assert max(gaps, key=gaps.get) == "D75R40"
    assert shown["D75R40"][1] == pytest.approx(0.18, abs=0.005)
    found = DILEMMAS["D75R40"]
    assert shown["D75R40"][3] < found.counts[0].sum() / found.counts.sum()


# --- what the method needs


@given(st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_the_best_reply_to_a_drawn_commitment_pays_at_least_what_joint_play_did(n, seed):
    rng = np.random.default_rng(seed)
    z, payoffs = rng.dirichlet(np.full(n * n, 0.3)).reshape(n, n), rng.random((n, n))  # z[a, b]; payoffs[b, a]
    drawn = sum(max(payoffs @ z[:, b]) for b in range(n))
    assert drawn >= (z * payoffs.T).sum() - 1e-12


def test_a_learner_that_starts_afresh_keeps_the_bound_and_a_saver_does_not():
    """Coordination in turns: one record is enough, and members reach the PONE, so only the last term remains."""
    game, horizon, phase = sc.games.coordination(2), 500, 250
    afresh = sc.strategies.JointSchedule(np.eye(2) / 2)
    epsilon = 1.02 * (1 + sc.strategies.learners.hedge_regret(horizon - 1, 2, 0.01)) / horizon
    ben = sc.strategies.BankedRegret(np.eye(2) / 2, epsilon, 0.01)
    lost, eta = {}, {}
    for name, partner in (("afresh", afresh), ("saver", ben)):
        shown = sc.play(partner, partner, game, (0, 0), horizon)
        ai = sc.ImitateThenCommit(sc.Dataset(shown.actions, shown.types, shown.game), phase)
        met = sc.play(ai, partner, game, (0, 0), horizon, 200, seed=4)
        eta[name] = 1 - met.payoffs(1)[phase:].mean()  # a best reply to a pure action earns 1
        lost[name] = sc.altruistic_regret(met).mean() / horizon
    assert lost["afresh"] <= phase / horizon * eta["afresh"] + 1e-9
    bound = np.sqrt(np.log(2) / (2 * (horizon - phase)))
    assert eta["afresh"] <= bound + 2 / (horizon - phase)  # it sees the departure, which is at most two stages late
    assert eta["saver"] > 0.5


def test_hedge_afresh_falls_short_by_no_more_than_the_exercise_says():
    game, n = sc.games.rock_paper_scissors(), 40
    for x in ([0.5, 0.3, 0.2], [1, 0, 0], [0.34, 0.33, 0.33]):
        met = sc.play(sc.Fixed(x), sc.Hedge(), game, (0, 0), n, 4000, seed=2)
        short = (game.payoffs[0] @ x).max() - met.payoffs(1).mean()
        assert short <= np.sqrt(np.log(3) / (2 * n))


def test_what_members_leave_to_one_who_always_cooperates():
    shown = {}
    for name, found in DILEMMAS.items():
        first, again = rates(found)
        cooperates, earned = first, 0.0
        for _ in range(8):
            earned += cooperates * (found.reward - 12) / 38 + (1 - cooperates)
            cooperates = cooperates * again[0, 0] + (1 - cooperates) * again[1, 0]
        shown[name] = 1 - earned / 8
        told = numbers(tabled("comes back")[0][name])
        assert told == pytest.approx([again[0, 0], again[1, 0], earned / 8, shown[name]], abs=6e-3)
        assert told[-1] == pytest.approx(shown[name], abs=6e-4)
        assert again[0, 0] > 0.8
    assert max(shown.values()) == pytest.approx(0.38, abs=0.005)
    assert max(shown[name] for name in shown if "R48" in name) < 0.06
    assert min(shown[name] for name in shown if "R48" not in name) > 0.15


# --- a population as measured


def worst_failure(found, horizon, epsilon):
    """Return the largest probability of a regret above epsilon a round, by a plain recursion over histories."""
    first, again = rates(found)
    cost = (50 - found.reward) / 38, 13 / 38

    @cache
    def value(left, last, together, alone):  # cooperations with one who cooperates, and with one who defects
        if left == 0:
            return float(together * cost[0] + alone * cost[1] > epsilon * horizon + 1e-9)
        cooperates = first if last is None else again[last]
        options = []
        for b in (0, 1):
            yes = value(left - 1, (0, b), together + (b == 0), alone + (b == 1))
            options.append(cooperates * yes + (1 - cooperates) * value(left - 1, (1, b), together, alone))
        return max(options)

    return value(horizon, None, 0, 0)


def pair_failure(found, horizon, epsilon):
    """Return how often two members miss what mutual defection pays by more than epsilon, by counting joint actions."""
    first, again = rates(found)
    states = {(None, (0, 0, 0, 0)): 1.0}
    for _ in range(horizon):
        after = {}
        for (last, numbers), probability in states.items():
            one = first if last is None else again[last]
            two = first if last is None else again[last[::-1]]
            for a, b in product((0, 1), repeat=2):
                chance = (one if a == 0 else 1 - one) * (two if b == 0 else 1 - two)
                counted = list(numbers)
                counted[2 * a + b] += 1
                key = (a, b), tuple(counted)
                after[key] = after.get(key, 0) + probability * chance
        states = after
    failed = 0.0
    for (_, (cc, cd, dc, dd)), probability in states.items():
        earned = [(found.reward - 12) * cc + 38 * alone + 13 * dd for alone in (dc, cd)]
        failed += probability * (min(earned) / 38 < (13 / 38 - epsilon) * horizon - 1e-9)
    return failed


def test_from_where_on_members_are_consistent_and_compatible():
    least = []
    for name, found in DILEMMAS.items():
        own, pair, both = numbers(tabled("from ε =")[0][name])
        assert worst_failure(found, 8, own) <= 0.1 < worst_failure(found, 8, own - 0.01)
        assert pair_failure(found, 8, pair) <= 0.1
        assert pair == 0.01 or pair_failure(found, 8, pair - 0.01) > 0.1
        assert both == max(own, pair)
        least.append(both)
    assert min(least) == 0.19
    assert 2 * 0.1 + 2 * min(least) > 0.5 > 13 / 38


def test_a_constant_wins_where_people_are_members():
    earned = chapter()[0]["earned"]
    reads_nothing = ("best constant", "always cooperates", "always defects", "one of them")
    for name, each in earned.items():
        found = DILEMMAS[name]
        best = sc.best_constant(sc.SocialLearningProblem(found.game, found.member, 8))
        assert np.array_equal(best.seat(found.game, 0, np.zeros(1, int), 8).policy()[:, 0], [1, 0])
        intervals = {who: each.interval(who, 100) for who in each.assistants}
        others = [who for who in intervals if who not in ("best constant", "always cooperates")]
        assert intervals["best constant"][0] > max(intervals[who][1] for who in others)
        assert intervals["always defects"][1] < 13 / 38
        assert min(low for who, (low, _) in intervals.items() if who != "always defects") > 13 / 38
        copies = [who for who in intervals if "to the end" in who]
        for who in copies:  # as good as a person
            low, high = each.margin(who, "one of them", 100)
            assert low < 0.015
            assert high > -0.015
        holds = [who for who in intervals if "last" in who]
        ahead = all(intervals[held][0] > intervals[copy][1] for held in holds for copy in copies)
        assert ahead == (name == "D75R48")
    assert set(reads_nothing) < set(earned["D75R40"].assistants)


def test_eight_rounds_are_twice_the_mean_length():
    assert sum(0.75**t for t in range(1000)) == pytest.approx(4)


# --- an experiment


@cache
def allowed(size, limit=0.1):
    """Return the largest number of failures that has a probability of at most 5 %, -1 if there is none."""
    return int((np.cumsum(binom.pmf(np.arange(size + 1), size, limit)) <= 0.05).sum()) - 1


def needed(rate):
    """Return the size from which on, up to 1000, the power is at least 0.9."""
    short = [size for size in range(1, 1001) if binom.pmf(range(allowed(size) + 1), size, rate).sum() < 0.9]
    return short[-1] + 1 if short[-1] < 1000 else None


def test_how_many_pairs_it_takes():
    told = tabled("failure rate")[0]
    rates = [float(rate) for rate in told if rate]
    assert rates == [0, 0.01, 0.02, 0.05, 0.1]
    assert [told[f"{rate:.2f}"] for rate in rates] == [[f"{needed(rate)}".lower()] for rate in rates]
    assert 0.9**29 <= 0.05 < 0.9**28


def hedge_fails(horizon):
    """Return how often Hedge regrets more than 0.1 a round with one who never changes: its coins are independent."""
    failures = []
    for own, held in product((0, 1), repeat=2):
        table = np.array([[[1.0, 0.2], [0.0, 0.6]], [[0.6, 0.0], [0.2, 1.0]]])[own]
        rate, gain = np.sqrt(8 * np.log(2) / horizon), table[:, held]
        worse = int(gain.argmin())
        odds = [1 / (1 + np.exp(rate * t * (gain.max() - gain.min()))) for t in range(horizon)]
        misses = np.ones(1)
        for p in odds:
            misses = np.convolve(misses, [1 - p, p])
        losses = np.arange(horizon + 1) * (gain[1 - worse] - gain[worse])
        failures.append(misses[losses > 0.1 * horizon + 1e-9].sum())
    return np.mean(failures)


def test_how_often_a_hedge_of_twenty_rounds_does_a_wrong_act_on_either_kind_of_card():
    game = sc.games.team_lead()
    for taste, cost, often, many, share in ((0, 1, 1.5, 3, 0.18), (1, 0.4, 3.5, 6, 0.10)):
        met = sc.play(sc.Fixed(np.eye(2)), sc.Hedge(), game, (0, taste), 20, 4000, seed=1)
        lost = sc.external_regret(met, 1)
        assert lost.mean() / cost == pytest.approx(often, abs=0.15)
        assert np.allclose(lost / cost, np.round(lost / cost))
        assert ((lost > 2.001) == (np.round(lost / cost) >= many)).all()
        assert (lost > 2.001).mean() == pytest.approx(share, abs=0.01)


def test_how_often_subjects_fail():
    failed, pairs = tabled("20 rounds")
    rates = {name: numbers(row) for name, row in failed.items() if name}
    assert rates["Hedge"] == pytest.approx([hedge_fails(T) for T in (20, 50, 100)], abs=0.02)
    assert hedge_fails(20) > 0.1
    assert rates["regret matching"] == [0, 0, 0]
    assert rates["a habit"] == [0.5, 0.5, 0.5]
    assert min(rates["a coin"]) > 0.9
    assert pairs["Hedge"] == ["none", "46", "29"]
    assert pairs["regret matching"] == ["29", "29", "29"]
    assert pairs["a habit"] == pairs["a coin"] == ["none", "none", "none"]


def test_a_share_of_people_who_never_change():
    (table,) = tabled("share of habit")
    rows = [(share, *row) for share, row in table.items() if share]
    assert len(rows) == 6
    for share, failures, pairs in rows:
        assert float(failures) == pytest.approx(float(share) / 2)
        assert (None if pairs == "none" else int(pairs)) == needed(float(share) / 2)
    told = {share: pairs for share, _, pairs in rows}
    assert (told["0.08"], told["0.16"], told["0.20"]) == ("179", "none", "none")


def test_somebody_with_savings_passes_the_plan_and_fails_after_a_phase():
    """Whoever commits at once sees little regret; after a phase of half of the stages half of the others are wasted."""
    ben, game, horizon = sc.strategies.BankedRegret(np.eye(2) / 2, 0.1), sc.games.coordination(2), 100
    at_once = sc.play(sc.Fixed(0), ben, game, (0, 0), horizon, 200, seed=1)
    assert (sc.external_regret(at_once, 1) <= 0.1 * horizon).all()
    late = sc.play(sc.ThenCommit(ben, horizon // 2), ben, game, (0, 0), horizon, 200, seed=1)
    assert 1 - late.payoffs(1)[horizon // 2 :].mean() > 0.3


def test_twelve_are_enough_to_refute_it_if_half_fail():
    (least,) = [k for k in range(13) if binom.sf(k - 1, 12, 0.1) <= 0.05 < binom.sf(k - 2, 12, 0.1)]
    assert least == 4
    assert sum(binom.pmf(range(least, 13), 12, 0.5)) >= 0.9
    assert tabled("failures that refute")[0]["0.5"] == ["12", "4"]


def test_two_failures_among_forty_six():
    assert allowed(46) == 1
    assert binom.cdf(1, 46, 0.01) >= 0.9
    low, high = sc.social.clopper_pearson(2, 46, 0.95)
    assert (low, high) == pytest.approx((0.005, 0.148), abs=5e-4)
    assert binom.sf(1, 46, low) == pytest.approx(0.025)
    assert binom.cdf(2, 46, high) == pytest.approx(0.025)


def regret_of_hedge(treatment, tuned):
    """Return the mean regret a round of Hedge with members, in games of random length."""
    found, rounds = DILEMMAS[treatment], 60
    hedge = sc.Hedge(sc.Hedge().tuned(tuned, 2))
    met = sc.play(hedge, found.member, found.game, (0, 0), rounds, 20_000, seed=1)
    table, (own, other) = found.game.payoffs[0], met.actions.transpose(1, 0, 2).astype(int)
    missed = (table[1, other] - table[own, other]).mean(axis=1)  # to defect is best against either
    return (found.continuation ** np.arange(rounds) * (1 - found.continuation)) @ missed


def test_in_games_so_short_hedge_regrets_as_much_as_people_but_where_cooperation_is_common_and_dear():
    people = {name: sc.regret.counted_regret(found.game, found.counts) for name, found in DILEMMAS.items()}
    hedge = {name: regret_of_hedge(name, 4 if name.startswith("D75") else 2) for name in DILEMMAS}
    assert hedge["D75R48"] == pytest.approx(0.05, abs=0.005)
    assert people["D75R48"] == pytest.approx(0.06, abs=0.005)
    assert people["D75R40"] / hedge["D75R40"] == pytest.approx(2, abs=0.3)
    assert people["D75R32"] < hedge["D75R32"]
    assert all(people[name] < hedge[name] for name in ("D5R32", "D5R40", "D5R48"))


# --- the figures


def test_the_strip_counts_what_it_is_given():
    picture = sc.plots.regret_strip({"a": {"all": [0.1, 0.2, 0.7]}, "b": {"all": [0.0]}}, {"all": 100}, 2)
    told = picture.update(part="all", epsilon=0.2, delta=0.05)
    assert "At most 0.2 in this part (all) is regretted by: a 67 %, b 100 %." in told
    promised = np.sqrt(np.log(2) / 200) + np.sqrt(np.log(20) / 200)
    assert f"Hedge promises {promised:.3f} a stage over 100 rounds, with probability 0.95." in told
    assert "Within that keep: a 1 of 3, b 1 of 1." in told


@pytest.mark.parametrize("partner", ["always cooperates", "always defects"])
def test_the_dots_of_members_who_meet_a_fixed_partner(partner):
    picture = sc.plots.dilemma_dots(DILEMMAS, horizon=8)
    told = picture.update(continuation=0.75, partner=partner)
    other = 0 if partner == "always cooperates" else 1
    numbers = {}
    for name in ("D75R32", "D75R40", "D75R48"):
        found = DILEMMAS[name]
        first, again = rates(found)
        chance, share = first, 0.0
        for _ in range(8):
            share += chance / 8
            chance = chance * again[0, other] + (1 - chance) * again[1, other]
        table = found.game.payoffs[0]
        earned = share * table[0, other] + (1 - share) * table[1, other]
        numbers[found.reward] = share * (table[1, other] - table[0, other]), share, earned - table[1, 1]
    reward = max(numbers, key=lambda each: numbers[each][0])
    regret, share, gain = numbers[reward]
    assert f"at reward {reward}, {regret:.2f} a stage" in " ".join(told.split())
    assert f"cooperate in {100 * share:.0f} % of the rounds" in " ".join(told.split())
    assert f"earn {abs(gain):.2f} {'more' if gain > 0 else 'less'}" in " ".join(told.split())
