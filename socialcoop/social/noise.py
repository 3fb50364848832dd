"""Records as a careless observer would keep them."""

from __future__ import annotations

import numpy as np

from socialcoop import checks
from socialcoop.play import Play
from socialcoop.social.dataset import Dataset


def misread(
    dataset: Play, actions: float = 0.0, types: float = 0.0, seed: int | np.random.Generator | None = None
) -> Dataset:
    """Return the records with some entries replaced by uniformly drawn ones.

    Parameters
    ----------
    dataset
        What really happened.
    actions, types
        Probabilities that an action of either agent, or the type of either, is replaced, in [0, 1]; what is drawn
        may be the right one.
    seed
        An int, a Generator, or None for fresh randomness.

    Examples
    --------
    >>> problem = sc.SocialLearningProblem(sc.games.coordination(2), sc.Population([sc.Fixed(0)]), None, horizon=100)
    >>> kept = sc.misread(problem.sample(50, seed=1), actions=0.2, seed=2)
    >>> float(kept.actions.mean().round(1))  # half of what is drawn is right
    0.1
    """
    game = checks.instance("dataset", dataset, Play).game
    actions = checks.real("actions", actions, 0, 1)
    types = checks.real("types", types, 0, 1)
    rng = checks.generator(seed)
    blurred = []
    for kept, count, rate in ((dataset.actions, game.n_actions, actions), (dataset.types, game.n_types, types)):
        drawn = rng.integers(count, size=kept.shape, dtype=kept.dtype)
        blurred.append(np.where(rng.random(kept.shape, np.float32) < rate, drawn, kept))
    return Dataset(*blurred, game)
