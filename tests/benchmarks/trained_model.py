"""Who earns what with people whose ways change: trained networks and their rivals, over a map of such people.

Run ``python tests/benchmarks/trained_model.py``. It takes an hour on two processors, keeps what is done in
``trained_model.jsonl`` and goes on from there, and writes ``chapters/trained_model.csv``: for each world, number of
records and assistant the mean and a 95 % interval over five datasets. Three networks are trained on each dataset, of
which the mean is taken. ``--only 1`` does the first world alone, in three minutes.
"""

import argparse
import csv
from dataclasses import dataclass, fields
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from sklearn.neural_network import MLPClassifier

import socialcoop as sc

TABLE = Path(__file__).parents[2] / "chapters" / "trained_model.csv"
KEY, WAYS, WORDINGS = 7, 3, 4
DATASETS, PLAYS = 5, 200
PHASES = (2, 3, 4, 5, 8, 16)
NETWORKS = 3
OTHER_N_GRAMS = ((1, 1), (2, 1), (2, 5))


@dataclass(frozen=True)
class World:
    """People: how the way changes, how often it stays, how often they slip, and whether the records show slips."""

    change: str = "rota"
    stay: float | None = None
    slips: float = 0.0
    clean: bool = False
    patience: int = 0
    horizon: int = 200
    ways: int = WAYS

    @property
    def game(self):
        """Return the game."""
        return sc.games.varied_team(self.ways, WORDINGS, key=KEY)

    def people(self, slips):
        """Return people half of whom learn by Hedge after a departure, and half by regret matching."""
        dials = {"stay": self.stay, "patience": self.patience, "key": 1}
        members = [
            sc.strategies.VariedTeam(self.change, fallback=learner, **dials)
            for learner in (sc.Hedge(), sc.RegretMatching())
        ]
        if slips:
            members = [sc.strategies.Trembling(member, slips) for member in members]
        return sc.Population(members)

    @property
    def problem(self):
        """Return the problem: the assistant is of type 0, and four kinds of partners are equally likely."""
        tastes = np.zeros((4, 4))
        tastes[0] = 1 / 4
        return sc.SocialLearningProblem(self.game, self.people(0 if self.clean else self.slips), self.horizon, tastes)


def network(seed, size=64):
    """Return an untrained network: one hidden layer, plain cross-entropy, about ten times over the records."""
    return MLPClassifier(
        (size,), batch_size=500, learning_rate_init=0.005, tol=10, n_iter_no_change=8, random_state=seed
    )


def references(world):
    """Return those who read no records."""
    return {"one of them": world.people(world.slips), "no data": sc.best_constant(world.problem)}


def readers(records):
    """Return the rivals that are no networks; to some of them the wordings of an act are one."""
    acts = sc.social.merge_synonyms(records)
    n_gram = sc.strategies.Merged(sc.imitation.BackOffImitator(acts))
    copies = {
        "table": sc.Imitator(records),
        "n-gram 4, 1": sc.imitation.BackOffImitator(records),
        "n-gram of acts": n_gram,
        "n-gram of acts, cold": sc.strategies.Tempered(n_gram, 0),
    }
    commonest = np.bincount(acts.actions[:, 0].ravel()).argmax()
    found = copies | {"commonest act": sc.Fixed(int(WORDINGS * commonest))}
    for name, phase in product(copies, PHASES):
        found[f"{name}, then last ({phase})"] = sc.ThenCommit(copies[name], phase, "last")
    return found


def more_readers(records, world):
    """Return further ones, some of which choose by the records when to stop."""
    found = {f"n-gram {n}, {least}": sc.imitation.BackOffImitator(records, n, least) for n, least in OTHER_N_GRAMS}
    table, chosen = sc.Imitator(records), sc.choose_phase(records, PHASES, world.horizon)
    for commit in ("mixture", "pure"):
        found[f"table, then {commit}"] = sc.ThenCommit(table, chosen, commit)
        found |= {f"table, then {commit} ({phase})": sc.ThenCommit(table, phase, commit) for phase in PHASES}
    known, held = records.split(0.8, seed=0)
    _, phase = sc.phase.choose_window(sc.Imitator(known), held, PHASES, world.horizon)
    return found | {"table, then last": sc.ThenCommit(table, phase, "last")}


def networks(records, seed):
    """Return what can be done with one network, sampled or cold."""
    model, cold = both(records, seed)
    found = {"network": model, "network, cold": cold}
    for phase in PHASES:
        found[f"network, then mixture ({phase})"] = sc.ThenCommit(model, phase)
        found[f"cold, then last ({phase})"] = sc.ThenCommit(cold, phase, "last")
        found[f"cold, once unsure ({phase})"] = sc.commit.CommitWhenUnsure(cold, model, start=phase)
    return found


def more_networks(records, world, seed, model, cold):
    """Return what else can be done with the same network, such as to let held-out records say when to stop."""
    found = {f"network at {heat}": model.cooled(heat) for heat in (0.5, 0.1)}
    for phase in PHASES:
        found[f"network, then pure ({phase})"] = sc.ThenCommit(model, phase, "pure")
        found[f"network, then last ({phase})"] = sc.ThenCommit(model, phase, "last")
    known, held = records.split(0.8, seed=0)
    since, phase = sc.phase.choose_window(both(known, seed)[1], held, PHASES, world.horizon)
    found["cold, then late"] = sc.ThenCommit(cold, phase, "pure", since)
    found["cold, once unsure"] = sc.commit.CommitWhenUnsure(cold, model, start=phase)
    return found | {"cold, until surprised": sc.commit.CommitWhenSurprised(cold, model)}


def both(records, seed):
    """Return an imitator with a network of its own, and the same one cold; it can model the partner too."""
    model = sc.ModelImitator(sc.social.hide_types(records), network(seed), apart=True)
    return model, model.cooled(0)


def trained(world, everybody, records):
    """Return the assistants by name; a number follows what depends on a network's own chance."""
    found = references(world) | readers(records)
    if everybody:
        found |= more_readers(records, world)
    for number in range(NETWORKS):
        each = networks(records, number)
        if everybody:
            each |= more_networks(records, world, number, each["network"], each["network, cold"])
        found |= {f"{name} #{number}": ai for name, ai in each.items()}
    return found


def over_networks(found, name):
    """Return what was earned with an assistant, (datasets,), on average over the networks if it has one."""
    rows = [row for row, each in enumerate(found.assistants) if each.split(" #")[0] == name]
    return found.earned[rows, 0].mean(axis=0)


MAIN = [World("fresh"), World("rota", slips=0.01), World("rota", slips=0.01, clean=True)]
KINDS = [("usual", None), ("sticky", 0.6), ("sticky", 0.4), ("sticky", 0.3), ("fresh", None), ("rota", None)]
MAP = [World(*kind, slips) for kind, slips in product(KINDS, (0.0, 0.01, 0.05))]
BEYOND = [World("rota", slips=0.01, patience=patience) for patience in (3, 10)]
BEYOND += [World("rota", slips=0.01, horizon=horizon) for horizon in (50, 100, 1000)]
BEYOND += [World("sticky", stay) for stay in (0.2, 0.4)]
CELLS = [(world, 200, True) for world in MAIN]
CELLS += [(world, 200, False) for world in BEYOND]
CELLS += [(world, size, False) for size in (100, 20, 500) for world in MAP]


def measured(world, size, everybody, store=None, n_jobs=-1):
    """Yield the name of each assistant, and what it earns with each of the datasets."""
    met = world.people(world.slips)
    found = sc.rivals(
        world.problem,
        partial(trained, world, everybody),
        [size],
        partner=met,
        plays=PLAYS,
        datasets=DATASETS,
        n_jobs=n_jobs,
        store=store,
    )
    for name in dict.fromkeys(each.split(" #")[0] for each in found.assistants):
        yield name, over_networks(found, name)


def main():
    """Measure cell after cell, and write the table anew after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=int, default=len(CELLS), help="how many of the cells to do")
    parser.add_argument("--store", default="trained_model.jsonl")
    parser.add_argument("--table", type=Path, default=TABLE)
    parser.add_argument("--jobs", type=int, default=-1)
    told = parser.parse_args()
    dials = [field.name for field in fields(World)]
    rows = []
    for number, (world, size, everybody) in enumerate(CELLS[: told.only], start=1):
        print(f"{number} of {len(CELLS)}: {world}, {size} records", flush=True)
        for name, earned in measured(world, size, everybody, told.store, told.jobs):
            low, high = sc.social.mean_interval(earned, 0.95)
            numbers = [f"{number:.4f}" for number in (earned.mean(), low, high)]
            rows.append([*(getattr(world, dial) for dial in dials), size, name, *numbers])
            if everybody:
                print(f"  {name:28}{numbers[0]}   {numbers[1]} to {numbers[2]}", flush=True)
        with told.table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*dials, "records", "assistant", "mean", "low", "high"])
            writer.writerows(rows)


if __name__ == "__main__":
    main()
