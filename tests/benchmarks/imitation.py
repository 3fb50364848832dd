"""What exact distances and imitators cost, beside slow and plain implementations of the same, and how it grows.

Times are the best of several runs. Run ``python tests/benchmarks/imitation.py``.
"""

import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np

import socialcoop as sc

sys.path.append(str(Path(__file__).parents[1]))
import imitation_oracles as oracles

EPISODES, STAGES, PLAYED = 100_000, 50, 4096
SMALLER = 5000  # records for the dictionary, which takes a kilobyte or two for each
GAME = sc.games.random_game(2, 2, 1)
POPULATION = sc.Population([sc.Hedge(), sc.RegretMatching(), sc.Fixed([[0.4, 0.6], [0.7, 0.3]])])
TARGET_TV, TARGET_TRAINING, TARGET_PLAYING = 2, 5, 5  # seconds


def seconds(run: Callable[[], object], rounds: int = 5, patience: float = 2.0) -> float:
    """Return the shortest time of a few runs; of fewer when they are slow."""
    found = []
    while len(found) < rounds and sum(found) < patience:
        start = perf_counter()
        run()
        found.append(perf_counter() - start)
    return min(found)


def mixing(n_actions: int, phase: int, n_types: int = 2) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return random behaviour strategies of both sides, all probabilities positive."""
    rng = np.random.default_rng(0)
    p, q = (
        [rng.dirichlet(np.ones(n_actions), (n_types, n_actions ** (2 * t))) for t in range(phase)] for _ in range(2)
    )
    return p, q


def slope(sizes: list[float], times: list[float]) -> float:
    """Return the slope of log time in log size."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def verdict(time: float, target: float) -> str:
    """Say whether a target is met."""
    return f"{time:10.3f} s   (target {target} s: {'met' if time < target else 'MISSED'})"


def exact_distances() -> None:
    """Print what exact distances cost, and what the recursion over counts does."""
    print("Exact marginal distance, all histories reachable, 2 types")
    for phase, episodes in ((6, 1000), (4, 10_000)):
        p, q = mixing(2, phase)
        time = seconds(lambda p=p, q=q, episodes=episodes: sc.marginal_tv(p, q, episodes))
        tv = sc.marginal_tv(p, q, episodes)
        print(f"  N = 2, T̃ = {phase}, K = {episodes:<6} TV = {tv:.6f}{verdict(time, TARGET_TV)}")
    p, q = mixing(2, 4)
    for episodes in (50, 100, 200, 400):
        fast = seconds(lambda episodes=episodes: sc.marginal_tv(p, q, episodes))
        start = perf_counter()
        population, imitator = oracles.marginal_by_counts(p, q, [0.5, 0.5], episodes)
        slow = perf_counter() - start
        gap = abs(np.maximum(population - imitator, 0).sum() - sc.marginal_tv(p, q, episodes))
        print(f"  N = 2, T̃ = 4, K = {episodes:<6} ours {fast:.4f} s, recursion over counts {slow:8.3f} s, "
              f"ratio {slow / fast:8,.0f}, difference {gap:.0e}")  # fmt: skip


def dictionary(play: sc.Play, agent: int) -> tuple[dict, dict]:
    """Return a tree of histories (number, a, b) → number, and how often each action followed each number."""
    numbers, tallies = {}, {}
    for types, history in oracles.records(play):
        number = -1 - types[agent]
        for a, b in history:
            tallies.setdefault(number, [0] * play.game.n_actions)[(a, b)[agent]] += 1
            number = numbers.setdefault((number, a, b), len(numbers))
    return numbers, tallies


def walk(numbers: dict, tallies: dict, play: sc.Play, agent: int) -> list[list[list[float]]]:
    """Return the policies that a dictionary imitator has along the episodes of a play."""
    policies = []
    for types, history in oracles.records(play):
        number, found = -1 - types[agent], []
        for a, b in history:
            tally = tallies.get(number, [1] * play.game.n_actions)
            total = sum(tally)
            found.append([count / total for count in tally])
            number = numbers.get((number, a, b))
        policies.append(found)
    return policies


def policies(imitator: sc.Imitator, play: sc.Play, agent: int) -> np.ndarray:
    """Return the policies (B, T, N) that our imitator has along the episodes of a play."""
    seat, found = imitator.seat(play.game, agent, play.types[:, agent], play.horizon), []
    for stage in play.actions:
        found.append(seat.policy().T)
        seat.observe(stage[agent], stage[1 - agent])
    return np.stack(found, axis=1)


def train(imitator: sc.Imitator) -> sc.Imitator:
    """Make it read its dataset, which it does when it first sits down."""
    imitator.seat(imitator.dataset.game, 0, np.zeros(1, dtype=int), imitator.dataset.horizon)
    return imitator


def trained() -> None:
    """Print what a large imitator costs, and what a dictionary does."""
    problem = sc.SocialLearningProblem(GAME, POPULATION, STAGES)
    data = problem.sample(EPISODES, seed=0)
    print(
        f"\nAn imitator of {EPISODES} episodes of {STAGES} stages, N = 2; they take {data.actions.nbytes / 1e6:.0f} MB"
    )
    print(f"  training                     {verdict(seconds(lambda: train(sc.Imitator(data))), TARGET_TRAINING)}")
    tracemalloc.start()
    imitator = train(sc.Imitator(data))
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"  its tables take {kept / 1e6:.0f} MB, {peak / 1e6:.0f} MB while training")

    def play() -> sc.Play:
        return sc.play(imitator, POPULATION, GAME, (0, 1), STAGES, PLAYED, seed=1)

    print(f"  playing {PLAYED} episodes        {verdict(seconds(play), TARGET_PLAYING)}")
    print(f"  it follows its records for {imitator.followed(play()).mean():.1f} stages on average")

    small, other = problem.sample(SMALLER, seed=2), problem.sample(PLAYED, seed=3)
    start = perf_counter()
    numbers, tallies = dictionary(small, 0)
    slow = perf_counter() - start
    fast = seconds(lambda: train(sc.Imitator(small)))
    print(f"  training on {SMALLER} episodes: ours {fast:.3f} s, dictionary {slow:.3f} s, ratio {slow / fast:.1f}")
    start = perf_counter()
    expected = walk(numbers, tallies, other, 0)
    slow = perf_counter() - start
    ours = train(sc.Imitator(small))
    fast = seconds(lambda: policies(ours, other, 0))
    print(f"  {PLAYED} × {STAGES} policies: ours {fast:.3f} s, dictionary {slow:.3f} s, ratio {slow / fast:.1f}")
    if not np.allclose(policies(ours, other, 0), expected, rtol=1e-15, atol=0):
        raise RuntimeError("the imitator and the dictionary do not play the same")


def growth() -> None:
    """Print how times grow with the sizes."""
    print("\nGrowth, milliseconds, and the slope of log time in log size (sizes in brackets)")
    rows = []
    phases = range(3, 10)
    times = [seconds(lambda p=p, q=q: sc.marginal_tv(p, q, 1000)) for p, q in (mixing(2, t) for t in phases)]
    paths = [2 ** (2 * t - 1) * 2 for t in phases]
    rows.append(("marginal_tv, T̃ (in paths N^(2T̃-1))", phases, times, slope(paths[3:], times[3:])))
    sizes = [10**k for k in range(1, 10, 2)]
    p, q = mixing(2, 6)
    times = [seconds(lambda k=k: sc.marginal_tv(p, q, k)) for k in sizes]
    rows.append(("marginal_tv, K", sizes, times, slope(sizes, times)))
    actions = [2, 4, 6, 8, 10]
    times = [seconds(lambda p=p, q=q: sc.marginal_tv(p, q, 1000)) for p, q in (mixing(n, 3) for n in actions)]
    rows.append(("marginal_tv, N (T̃ = 3, paths N^5)", actions, times, slope(actions[1:], times[1:])))
    p, q = mixing(2, 4)
    sizes = [50, 100, 200, 400]
    times = [seconds(lambda k=k: oracles.marginal_by_counts(p, q, [0.5, 0.5], k), 1) for k in sizes]
    rows.append(("recursion over counts, K", sizes, times, slope(sizes, times)))
    problem, records = sc.SocialLearningProblem(GAME, POPULATION, STAGES), [1000, 3000, 10_000, 30_000, 100_000]
    data = [problem.sample(k, seed=0) for k in records]
    times = [seconds(lambda each=each: train(sc.Imitator(each))) for each in data]
    rows.append((f"training, K (T = {STAGES})", records, times, slope(records, times)))
    lengths = [5, 10, 25, 50]
    times = [seconds(lambda t=t: train(sc.Imitator(data[3], t))) for t in lengths]
    rows.append(("training, T̃ (K = 30000)", lengths, times, slope(lengths, times)))
    tree = sc.HistoryTree(problem, 4)
    times = [seconds(lambda k=k: tree.sample_tv(k, 1000, seed=0)) for k in records]
    rows.append(("sample_tv of 1000 datasets, K (T̃ = 4)", records, times, slope(records, times)))
    for name, sizes, times, exponent in rows:
        cells = "  ".join(f"{size:g}: {1000 * time:.2f}" for size, time in zip(sizes, times, strict=True))
        print(f"  {name:40}{exponent:6.2f}   {cells}")


if __name__ == "__main__":
    exact_distances()
    trained()
    growth()
