"""The figure of the upper bound draws any bounds: all their terms, none cut off, each named."""

import numpy as np
import pytest

import socialcoop as sc

PEOPLE = sc.Population([sc.Codebook(challenges=2, fallback=sc.Hedge())])
TALKS = sc.SocialLearningProblem(sc.games.conversation(4), PEOPLE, 50)


@pytest.fixture(scope="module")
def drawn():
    both, size = ["mixture", "imitation"], {"plays": 20, "datasets": 2, "n_jobs": 1}
    sweeps = {4: sc.sweep(TALKS, [1, 2], [10, 20], both, **size)}
    return lambda bounds: sc.plots.bound_terms(sweeps, lambda phase, n: sc.HistoryTree(TALKS, phase), 50, 0.01, bounds)


def hyperbolic(phase, episodes, n_actions):
    return sc.bounds.hyperbolic_theorem(50, phase, epsilon=0.3 * n_actions, delta=0.01, tv=1 / episodes)


CHANGED = sc.bounds.changed_theorem(50, 2, 0.0, 0.5, recorded=(0, 0), met=(0.01, 0.1), change=0.2)


@pytest.mark.parametrize(
    ("bounds", "legend"),
    [
        ({"changed partners": CHANGED}, ["2δ", "imitation", "ε terms", "λ · gap", "change"]),
        ({"hyperbolic stop": hyperbolic}, ["2δ", "imitation", "ε terms", "early stop"]),
        ({"one": sc.bounds.Bound({"mine": 3.5})}, ["mine"]),
        (
            {"a": CHANGED, "b": hyperbolic, "c": CHANGED},
            ["2δ", "imitation", "ε terms", "λ · gap", "change", "early stop"],
        ),
    ],
)
def test_every_term_of_every_bound_is_drawn_and_named(drawn, bounds, legend):
    picture = drawn(bounds)
    sentence = picture.update(phase=2, episodes=10, n_actions=4)
    (ax,) = picture.figure.axes
    assert [label.get_text() for label in ax.get_yticklabels()][: len(bounds)] == list(bounds)
    assert [text.get_text() for text in picture.figure.legends[0].get_texts()] == legend
    for row, (name, bound) in enumerate(bounds.items()):
        value = bound if isinstance(bound, sc.bounds.Bound) else bound(2, 10, 4)
        bars = [bar for bar in ax.patches if round(bar.get_y() + bar.get_height() / 2) == row]
        assert np.isclose(sum(bar.get_width() for bar in bars), value)
        assert f"{name} {value:.2f}" in sentence
        assert value < ax.get_xlim()[1]


@pytest.mark.parametrize(
    "bounds",
    [
        {},
        [CHANGED],
        {1: CHANGED},
        {"a": 0.5},
        {"a": lambda *_: 0.5},
        {"a": sc.bounds.Bound({"x": float("inf")})},
        {"a": sc.bounds.Bound({"x": float("nan")})},
        {"a": sc.bounds.Bound(dict.fromkeys("abcdefg", 0.1))},
    ],
)
def test_what_is_no_bound_is_refused_by_name(drawn, bounds):
    with pytest.raises((TypeError, ValueError), match="bounds must"):
        drawn(bounds)
