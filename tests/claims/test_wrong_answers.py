"""The wrong answers that solutions name: each is what the error leads to, and not the right answer."""

import re
from fractions import Fraction
from math import exp, log, log2, sqrt

import numpy as np
import pytest
from notebooks import NAMES, cells_of

import socialcoop as sc


def wrong(label):
    """Return what a solution says of wrong answers."""
    for name in NAMES:
        text = "\n".join(cell["source"] for cell in cells_of(name) if cell["cell_type"] == "markdown")
        for told in re.findall(rf"\{{solution(?:-start)?\}} {label}\n(.*?)(?=\{{exercise\}}|\Z)", text, re.DOTALL):
            return "\n".join(re.findall(r"^If you found .+$", told, re.MULTILINE))
    raise KeyError(label)


lead = sc.games.team_lead().payoffs[1]  # likes it supportive, which is action 1
slips = np.array([0.3, 0.7])


def astray(epsilon, gap):
    return epsilon / gap * 2000


def pennies_regret(own, other):
    """Return what somebody who wins at every stage has more than a matcher."""
    return len(own) - sum(mine == theirs for mine, theirs in zip(own, other, strict=True))


reply = lead @ slips
ERRORS = {
    "intro-even": [next(s for s in range(101) if s + 0.2 * (100 - s) >= 0.6 * 100 - 1e-9)],
    "intro-own": [100 * sc.games.team_lead(compromise=0.9).payoffs[1, 0, 0]],
    "rg-count": [2 * 3**10, (3 * 3) ** 2],
    "rg-guess": [0.5, sum(abs(a - b) for a, b in ((0.64, 0.09), (0.16, 0.21), (0.16, 0.21), (0.04, 0.49))) / 2],
    "co-hand": [pennies_regret("rrll", "lrrl")],
    "co-astray": [
        astray(0.057 - 0.01, reply[1] - reply[0]),
        astray(0.057, lead[1, 1] - lead[0, 0]),
        0.4,
        astray(0.057, 1),
        1,
    ],
    "si-hand": [2.8 - 2.6, 6 * 1 - 2.6],
    "si-numbers": [94.2 / 2000],
    "zs-known": [0.8 - 0.05 - 0.01],
    "ub-lambda": [0.05 / 0.5 * 2000],
    "sc-hand": [np.ceil(16 / (0.1 * np.e))],
    "alice-hand": [0.6, 4 / 6 * (0.6 + 0.3) / 2],
    "pe-hand": [1 + 1 + 0.2 + 1 - 2.6, 0],
    "lim-hand": [0.02 + 0.01 + 0.06 + 0.05 + 0.1 + 0.04],
    "lim-excess": [0.02 + 0.01 + 0.06 + 0.04 + sqrt(0.02) + 0.02 / 96],
    "own-hand": [1 / (exp(10) + 1)],
    "cc-cliff": [log2(10)],
    "lb-phases": [0.05 * 200_000],
}


@pytest.mark.parametrize("label", ERRORS)
def test_the_error_that_is_named_leads_to_the_number_that_is_named(label):
    text = wrong(label).replace("\\,", "").replace("118 098", "118098").replace("10 000", "10000").replace(" ½", " 0.5")
    named = re.findall(r"\d+(?:\.\d+)?", text)
    for number in ERRORS[label]:
        assert any(abs(float(each) - number) <= 0.5 * 10 ** -len(each.partition(".")[2]) for each in named), number


def test_the_fractions_that_are_named_are_what_the_errors_lead_to():
    z = np.zeros((3, 3))
    z[0, 0] = z[0, 2] = z[2, 0] = 1 / 3
    rut = sc.games.inefficient_cce().payoffs[0]
    assert r"$\tfrac1{10}$" in wrong("ca-hand")
    assert rut[1, 0] == pytest.approx(0.1)
    assert rut[1, 2] == 0
    assert rut[1] @ z.sum(axis=0) == pytest.approx(1 / 15)

    hits = sc.Hedge(rate=log(2)).seat(sc.games.matching_pennies(), 0, np.array([0]), 2)
    hits.observe(own=np.array([0]), other=np.array([1]))  # missed: it met 1 and now leans to it
    assert hits.policy().min() == pytest.approx(1 / 3)
    assert r"$\tfrac13$" in wrong("co-worst")

    recorded = [Fraction(1, 2) ** stage for stage in range(3)]  # K = 1 and m = 2, without a guess
    assert (recorded[1], recorded[2]) == (Fraction(1, 2), Fraction(1, 4))
    assert "½ and ¼" in wrong("cc-hand")

    lam = Fraction(1, 4)
    assert lam / 8 == Fraction(1, 32) != lam / (8 - lam)
    assert r"$\tfrac1{32}$" in wrong("lb-hand")

    copied = [Fraction(0), Fraction(0), Fraction(1, 3), Fraction(1, 3)]  # each guest's share of mornings without it
    assert sum(copied) / 4 == Fraction(1, 6) < Fraction(1, 4)
    assert r"$\tfrac16$" in wrong("sc-choose")


def test_what_the_partner_replies_decides_what_the_assistant_has():
    own, theirs = np.array([[0.6, 0], [0.2, 1]]), np.array([[0.2, 0.8], [1, 0]])
    assert own.mean(axis=0).tolist() == [0.4, 0.5]  # beside a coin, to each reply
    assert theirs.mean(axis=0).argmax() == 0
    assert own.mean() == pytest.approx(0.45)
    assert "½ for the assistant" in wrong("ic-own")
    assert "0.45 with either" in wrong("ic-own")


def test_three_challenges_are_survived_as_long_as_the_solution_says():
    for records, last in ((100, 5), (1000, 7)):
        alive = sc.bounds.survival(10, records, challenges=3, n_actions=4)
        assert alive[last - 1] > 0.5 > alive[last]
    assert log(10, 3) == pytest.approx(2.1, abs=0.05)


def test_regret_matchers_hunt_or_settle_on_what_is_safe_in_the_first_days():
    hunt, learner = sc.games.stag_hunt(), sc.RegretMatching()
    close = []
    for horizon in (10, 100, 1000):
        met = sc.play(learner, learner, hunt, (0, 0), horizon, 60, seed=4)
        means = np.stack([met.payoffs(agent).mean(axis=0) for agent in (0, 1)])
        close.append(sc.equilibria.reaches_pone(hunt, (0, 0), means, 0.1))
    assert [each.sum() for each in close] == [16, 16, 16]
    assert (close[0] == close[2]).all()
    assert (met.payoffs(0)[-100:, ~close[2]] == 0.7).all()
    assert sc.external_regret(met, 0).max() < 2


def test_the_picture_says_up_to_where_the_printed_theorem_is_true():
    picture = sc.plots.printed_region(np.array([0.002, 0.1]), np.array([0.01, 0.25]))
    shown = sc.explore(picture, lam=sc.Control([0.05, 0.2], 0.05), epsilon=sc.Control([0.05], 0.05))
    assert "Up to λ = 0.0859 it is true" in repr(shown)
    assert round(0.0859 * 200_000, -2) == 17_200
    assert "false for every strategy" in repr(
        sc.explore(picture, lam=sc.Control([0.17], 0.17), epsilon=sc.Control([0.05], 0.05))
    )
