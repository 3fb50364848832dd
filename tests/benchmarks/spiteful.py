"""What many assistants lose with a spiteful colleague, at the horizon of the theorem, beside the floor and the bounds.

Run ``python tests/benchmarks/spiteful.py``: 200,000 stages take about five minutes. The tests do the same in small.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

import socialcoop as sc

sys.path.append(str(Path(__file__).parents[1]))
from rivals import Each, random_rivals, rivals

DELTA, RANDOM = 0.001, 40


def main() -> None:
    """Play, and print a line for each assistant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--horizon", type=int, default=200_000)
    parser.add_argument("--lam", type=float, default=0.5)
    parser.add_argument("--epsilon", type=float, default=0.01)
    parser.add_argument("--repeats", type=int, default=20)
    told = parser.parse_args()
    game = sc.games.hidden_favourite(told.lam)
    people = sc.strategies.Spiteful(int(told.lam * told.horizon) // 4 * 4, told.epsilon, DELTA)
    terms = told.horizon, people.phase, told.epsilon, DELTA, 0.0
    print(f"certified: {people.certificate(game, told.horizon, told.epsilon)}")
    print(f"printed bound {sc.bounds.theorem_3_7(*terms):.4f}, universal stop {sc.bounds.universal_stop(*terms):.4f}")
    named = rivals(people, told.horizon)
    members = [*named.values(), *random_rivals(RANDOM, seed=1)]
    types = np.repeat([[0, 1], [0, 2]], len(members) * told.repeats, axis=0)
    met = sc.play(Each(members), people, game, types, told.horizon, len(types), seed=2)
    lost = (sc.altruistic_regret(met) / told.horizon).reshape(2, told.repeats, len(members)).mean(axis=0)
    means, errors = lost.mean(axis=0), lost.std(axis=0, ddof=1) / told.repeats**0.5
    for name, mean, error in zip(named, means, errors, strict=False):
        print(f"{name:48}{mean:8.4f} ± {error:.4f}")
    print(f"the best of {RANDOM} random ones{means[len(named) :].min():32.4f}")
    print(f"the floor{sc.bounds.lower_bound_four_actions(told.lam):47.4f}")
    regret = sc.external_regret(met, agent=1).max() / told.horizon
    print(f"the largest external regret of the colleague {regret:.4f}, allowed {told.epsilon}")


if __name__ == "__main__":
    main()
