"""Who earns what with one kind of network or another, in five of the worlds of ``trained_model.py``.

After ``pip install -r requirements.txt -e .[neural]`` run ``python tests/benchmarks/architectures.py``. It takes about
20 minutes on one processor, and writes ``tests/benchmarks/architectures.csv``: for each world and assistant the mean
and a 95 % interval over three datasets of 200 records. For those that commit it also says how far they are ahead of
the best of the same model sampled, the same model cold, and no data, in pairs. The seconds are what a fit took in that
run, by the clock on the wall.
"""

import argparse
import csv
import sys
import warnings
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler
from trained_model import MAIN, World, network, references

import socialcoop as sc

sys.path.append(str(Path(__file__).parents[1]))
try:
    import torch
    from sequence_models import GRU, Transformer
except ModuleNotFoundError as missing:
    if missing.name != "torch":
        raise
    raise SystemExit("architectures.py trains networks with PyTorch: pip install -e .[neural]") from None

TABLE = Path(__file__).with_suffix(".csv")
WORLDS = [*MAIN, World("rota"), World("usual", slips=0.01)]
RECORDS, DATASETS, PLAYS = 200, 3, 500
CONTEXT, OPENING = 16, 3  # of those that read a sequence; the others see the last 4 exchanges and the first 4
DIALS = ("change", "slips", "clean")
COMMITTED = ("then mixture (8)", "cold, then last (5)")
COLUMNS = (
    *DIALS,
    "records",
    "assistant",
    "mean",
    "low",
    "high",
    "seconds",
    "beside",
    "ahead",
    "ahead_low",
    "ahead_high",
)


def classifiers(game, seed=0):
    """Return the untrained models by name, and how many of the last and the first exchanges each sees."""
    sizes = game.n_actions, CONTEXT, OPENING
    logistic = make_pipeline(MaxAbsScaler(), LogisticRegression(C=10, max_iter=500))
    return {
        "logistic": (logistic, 4, 4),
        "MLP": (network(seed), 4, 4),
        "GRU": (GRU(*sizes, seed), CONTEXT, OPENING),
        "transformer": (Transformer(*sizes, seed), CONTEXT, OPENING),
    }


def trained(world, seconds, records):
    """Return the assistants by name, and note the seconds that each model took to fit."""
    hidden, found = sc.social.hide_types(records), references(world)
    for name, (model, context, opening) in classifiers(world.game).items():
        sampled = sc.ModelImitator(hidden, model, context, opening, apart=True)
        start = perf_counter()
        sampled.seat(world.game, 0, np.zeros(1, int), world.horizon)  # who first sits down fits it
        seconds.setdefault(name, []).append(perf_counter() - start)
        cold = sampled.cooled(0)
        found |= {f"{name}, sampled": sampled, f"{name}, cold": cold}
        committed = sc.ThenCommit(sampled, 8), sc.ThenCommit(cold, 5, "last")
        found |= {f"{name}, {way}": ai for way, ai in zip(COMMITTED, committed, strict=True)}
    return found


def measured(world):
    """Yield for each assistant a dictionary of what the table says of it, in order."""
    seconds = {}
    found = sc.rivals(
        world.problem,
        partial(trained, world, seconds),
        [RECORDS],
        partner=world.people(world.slips),
        plays=PLAYS,
        datasets=DATASETS,
        n_jobs=1,  # one processor, so that seconds can be compared
    )
    means = dict(zip(found.assistants, found.means()[:, 0], strict=True))
    for assistant, mean in means.items():
        name, _, way = assistant.partition(", ")
        low, high = found.interval(assistant, RECORDS, 0.95)
        told = {"assistant": assistant, "mean": mean, "low": low, "high": high}
        if way == "sampled":
            told["seconds"] = np.mean(seconds[name])
        if way in COMMITTED:
            told["beside"] = max((f"{name}, sampled", f"{name}, cold", "no data"), key=means.get)
            told["ahead_low"], told["ahead_high"] = found.margin(assistant, told["beside"], RECORDS, 0.95)
            told["ahead"] = mean - means[told["beside"]]
        yield told


def line(told):
    """Return a line to print for an assistant."""
    text = f"  {told['assistant']:34}{told['mean']:.3f}   {told['low']:.3f} to {told['high']:.3f}"
    if "seconds" in told:
        text += f"   fitted in {told['seconds']:.1f} s"
    if "beside" in told:
        text += f"   {told['ahead']:+.3f} ({told['ahead_low']:+.3f} to {told['ahead_high']:+.3f}) to {told['beside']}"
    return text


def main():
    """Measure world after world, and write the table anew after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=int, default=len(WORLDS), help="how many of the worlds to do")
    parser.add_argument("--table", type=Path, default=TABLE)
    told = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore", ConvergenceWarning)  # with slips, 500 steps of the logistic model are not the last
    rows = []
    for world in WORLDS[: told.only]:
        print(f"{world}, {RECORDS} records", flush=True)
        dials = {dial: getattr(world, dial) for dial in DIALS} | {"records": RECORDS}
        for numbers in measured(world):
            print(line(numbers), flush=True)
            rows.append(dials | {key: _rounded(value) for key, value in numbers.items()})
        with told.table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _rounded(value):
    return value if isinstance(value, str) else f"{value:.4f}"


if __name__ == "__main__":
    main()
