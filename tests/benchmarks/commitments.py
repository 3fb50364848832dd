"""Who earns what in Alice's team: all ways to commit, and their rivals, with partners of three kinds.

Kind partners learn after a wrong word, grim ones do without, and in the mixed team some learn, some are wary, and some
go quiet first. Run ``python tests/benchmarks/commitments.py``. It takes half an hour on two busy processors, keeps what
is done in ``commitments.jsonl`` and goes on from there, and writes ``chapters/commitments.csv``: for each kind of
partner, number of actions, number of records and assistant the mean and a 95 % interval over five datasets.
``--records 10`` does the smallest number of records alone, in two minutes.
"""

import argparse
import csv
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from sklearn.neural_network import MLPClassifier

import socialcoop as sc

TABLE = Path(__file__).parents[2] / "chapters" / "commitments.csv"
LEAD, T, DATASETS, PLAYS = 2, 200, 5, 2000
WORDINGS, PHASES = (1, 2, 3), (1, 2, 3, 4, 6, 8, 12, 16)
CELLS = [*product((10, 100, 1000), WORDINGS, ("kind", "grim")), *product((50, 200, 1000), WORDINGS, ("mixed",))]
WAYS = ("mixture", "pure", "pure since 1", "last", "careful", "hyperbolic", "universal")


def reactions(reaction, wordings):
    """Return what the members do after a wrong word."""
    if reaction == "grim":
        return [sc.Fixed(6 * wordings - 1)]
    quiet = sc.strategies.Grudge([wordings, wordings, 3 * wordings, 3 * wordings], epsilon=0.25)
    return [sc.Hedge()] if reaction == "kind" else [sc.Hedge(), sc.RegretMatching(), quiet]


def team(wordings, reaction="kind"):
    """Return Alice's team; in the mixed one, tastes are not equally likely either."""
    people = [
        sc.strategies.CodedConvention(sc.Convention("favourite of 1", fallback=each), wordings)
        for each in reactions(reaction, wordings)
    ]
    tastes = np.zeros((4, 4))
    tastes[LEAD] = [0.25, 0.10, 0.50, 0.15] if reaction == "mixed" else 1 / 4
    return sc.SocialLearningProblem(sc.games.project(wordings), sc.Population(people), T, types=tastes)


def commits(strategy, way, phase):
    """Return who follows the strategy and then commits in one of the ways."""
    kind, _, since = way.partition(" since ")
    return sc.ThenCommit(strategy, phase, kind, min(int(since or 0), phase - 1))


def network(seed=0):
    """Return an untrained network: one hidden layer, plain cross-entropy, about ten times over the records."""
    return MLPClassifier((64,), batch_size=500, learning_rate_init=0.005, tol=10, n_iter_no_change=8, random_state=seed)


def readers(problem, reaction, records):
    """Return the assistants that are no networks, by name."""
    table, backs_off = sc.Imitator(records), sc.imitation.BackOffImitator(records, order=4)
    found = {"one of the team": problem.people, "no data": sc.best_constant(problem)}
    found["echo"] = sc.ThenCommit(sc.TitForTat(0), 2, "last")  # repeats the partner's first act, and reads no data
    found |= {"table": table, "back-off": backs_off}
    ways = WAYS if reaction == "kind" else ("mixture", "last")
    for (name, copies), way, phase in product((("table", table), ("back-off", backs_off)), ways, PHASES):
        found[f"{name}, {way} ({phase})"] = commits(copies, way, phase)
    return found


def trained(problem, reaction, records):
    """Return all assistants by name."""
    model = sc.ModelImitator(sc.social.hide_types(records), network(), apart=True)
    cold = model.cooled(0)
    found = readers(problem, reaction, records) | {"network": model, "network, cold": cold}
    if reaction == "mixed":
        found |= {f"cold, last ({phase})": sc.ThenCommit(cold, phase, "last") for phase in PHASES}
    return found


def measured(wordings, reaction, episodes, plays=PLAYS, datasets=DATASETS, store=None, n_jobs=-1):
    """Return what partners earn with each of the assistants."""
    problem = team(wordings, reaction)
    each = partial(trained, problem, reaction)
    return sc.rivals(problem, each, [episodes], plays=plays, datasets=datasets, store=store, n_jobs=n_jobs)


def main():
    """Measure cell after cell, and write the table anew after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[10, 50, 100, 200, 1000])
    parser.add_argument("--store", default="commitments.jsonl")
    parser.add_argument("--table", type=Path, default=TABLE)
    parser.add_argument("--jobs", type=int, default=-1)
    told = parser.parse_args()
    rows = []
    for episodes, wordings, reaction in CELLS:
        if episodes not in told.records:
            continue
        print(f"{reaction} partners, {6 * wordings} actions, {episodes} records", flush=True)
        found = measured(wordings, reaction, episodes, store=told.store, n_jobs=told.jobs)
        for name in found.assistants:
            numbers = [f"{number:.4f}" for number in _mean_and_interval(found, name, episodes)]
            rows.append([reaction, 6 * wordings, episodes, name, *numbers])
        with told.table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["reaction", "actions", "records", "assistant", "mean", "low", "high"])
            writer.writerows(rows)


def _mean_and_interval(found, name, episodes):
    low, high = found.interval(name, episodes)
    return found.means()[found.assistants.index(name), 0], low, high


if __name__ == "__main__":
    main()
