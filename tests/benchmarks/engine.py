"""Joint actions per second of `sc.play` and of its peers, measured side by side in one run.

Every round runs everybody once, in rotated order, so that a slow moment of the machine hits all
alike; a ratio is the median over the rounds of ours to the peer's *in the same round*. Run
``pip install -e .[benchmarks]``, then ``python tests/benchmarks/engine.py``.
"""

import random
from collections.abc import Callable
from math import hypot
from time import perf_counter

import numpy as np

import socialcoop as sc

ROUNDS = 7
STAGES, EPISODES = 1000, 4096
GAME = sc.games.random_game(4, seed=1)
RATE = sc.Hedge().tuned(STAGES, GAME.n_actions)

Run = Callable[[], int]  # plays, and returns the number of joint actions


def ours() -> Run:
    """Hedge against Hedge through the public interface."""
    return lambda: sc.play(sc.Hedge(), sc.Hedge(), GAME, (0, 0), STAGES, EPISODES, seed=1).actions[:, 0].size


def axelrod() -> Run:
    """Long matches of two random players; it is fastest at about this length, and caches nothing of them."""
    import axelrod as axl

    def run() -> int:
        players = axl.Random(), axl.Random()
        return sum(len(axl.Match(players, turns=10_000, seed=seed).play()) for seed in range(1, 8))

    return run


def open_spiel() -> Run:
    """Random actions in the repeated matrix game."""
    import pyspiel

    names, rows = [str(a) for a in range(4)], GAME.payoffs[0]
    stage = pyspiel.create_matrix_game("stage", "stage", names, names, rows.tolist(), rows.T.tolist())
    game = pyspiel.create_repeated_game(stage, {"num_repetitions": STAGES})

    def run() -> int:
        for _ in range(100):
            state = game.new_initial_state()
            while not state.is_terminal():
                state.apply_actions([random.randrange(4), random.randrange(4)])
        return 100 * STAGES

    return run


def nashpy() -> Run:
    """Fictitious play, the learner it offers for a pair of players."""
    import nashpy as nash

    rows = GAME.payoffs[0]
    return lambda: len(list(nash.Game(rows, rows.T).fictitious_play(iterations=6000)))


def compiled(loop: str, episodes: int) -> np.ndarray:
    """Return the actions (episodes, stages, 2) of Hedge against Hedge in one of the compiled loops."""
    import compiled as loops

    actions = np.empty((episodes, STAGES, 2), dtype=np.uint8)
    getattr(loops, loop)(GAME.payoffs[0], RATE, actions, 1)
    return actions


def textbook_loop() -> Run:
    """Hedge against Hedge in a compiled loop that keeps scores and takes their softmax."""
    compiled("textbook", 1)
    return lambda: compiled("textbook", 512)[..., 0].size


def best_loop() -> Run:
    """Hedge against Hedge in a compiled loop that keeps weights and looks up their factors."""
    compiled("multiplicative", 1)
    return lambda: compiled("multiplicative", EPISODES)[..., 0].size


# name, what sets it up, and how many times faster than it we must at least be and aim to be
PEERS = [
    ("socialcoop", ours, None, None),
    ("Axelrod", axelrod, 100, 200),
    ("nashpy", nashpy, 1000, 1500),
    ("OpenSpiel", open_spiel, 30, 50),
    ("compiled loop, textbook", textbook_loop, None, None),
    ("compiled loop, best", best_loop, 0.5, 1),
]


def installed() -> dict[str, Run]:
    """Set up every peer that can be imported."""
    runs = {}
    for name, prepare, _, _ in PEERS:
        try:
            runs[name] = prepare()
        except ModuleNotFoundError as missing:
            print(f"{name} is left out: {missing}")
    return runs


def measure(runs: dict[str, Run]) -> dict[str, np.ndarray]:
    """Return everybody's joint actions per second, one number for each round."""
    names, speeds = list(runs), {name: np.empty(ROUNDS) for name in runs}
    for turn in range(-1, ROUNDS):  # the first turn warms up, and is overwritten by the last
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            start = perf_counter()
            joint_actions = runs[name]()
            speeds[name][turn] = joint_actions / (perf_counter() - start)
    return speeds


def print_table(speeds: dict[str, np.ndarray]) -> None:
    """Print medians, ranges and ratios."""
    print(f"{'':26}{'thousand joint actions per second':>34}{'ours / peer':>13}{'at least':>10}{'aim':>7}")
    for name, _, least, aim in PEERS:
        if name not in speeds:
            print(f"{name:26}{'not installed':>34}")
            continue
        speed, ratio = speeds[name] / 1000, np.median(speeds["socialcoop"] / speeds[name])
        spread = f"{np.median(speed):,.0f} ({speed.min():,.0f} to {speed.max():,.0f})"
        print(f"{name:26}{spread:>34}{ratio:>13,.2f}{least or '':>10}{aim or '':>7}")


def check_same_process() -> None:
    """Raise unless the compiled loops and the engine earn the same, within five standard errors."""
    play = sc.play(sc.Hedge(), sc.Hedge(), GAME, (0, 0), STAGES, EPISODES, seed=1)
    ours, error = mean_and_error(play.payoffs(0).mean(axis=0))
    print(f"Mean payoff of a stage: {ours:.5f} ± {error:.5f} in the engine")
    for loop in ("textbook", "multiplicative"):
        actions = compiled(loop, EPISODES)
        theirs, their_error = mean_and_error(GAME.payoffs[0][actions[..., 0], actions[..., 1]].mean(axis=1))
        print(f"{theirs:>31.5f} ± {their_error:.5f} in the compiled loop, {loop}")
        if abs(ours - theirs) > 5 * hypot(error, their_error):
            raise RuntimeError(f"the engine and the compiled loop ({loop}) do not play the same process")


def mean_and_error(sample: np.ndarray) -> tuple[float, float]:
    """Return the mean of a sample and its standard error."""
    return float(sample.mean()), float(sample.std() / np.sqrt(len(sample)))


if __name__ == "__main__":
    runs = installed()
    if "compiled loop, best" in runs:
        check_same_process()
    print_table(measure(runs))
