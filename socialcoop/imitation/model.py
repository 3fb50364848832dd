"""The trained imitator: any classifier, fitted to the next move, in the seat."""

from __future__ import annotations

import copy
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, ClassVar, Self

import numpy as np

from socialcoop import checks
from socialcoop.games import Game
from socialcoop.imitation.imitator import check_size
from socialcoop.imitation.window import Window, before_a_move, blank, examples, longer
from socialcoop.plays import Play
from socialcoop.strategies import Seat, Strategy
from socialcoop.strategies.combinators import tempered
from socialcoop.strategies.protocol import Actions, Floats, Indices

LARGEST_KEY = 2**62


class ModelImitator(checks.Frozen, Strategy):
    r"""Fit a classifier to the next move in the records, and play by its probabilities.

    Parameters
    ----------
    dataset
        Records of a population, with both agents' types. A record counts for as long as for `Imitator`.
    estimator
        A classifier as in scikit-learn: ``fit(X, y)``, after which ``classes_`` lists its actions, and
        ``predict_proba(X)``, (rows, classes). It is copied, so that the one given stays unfitted. Its chance, if it
        has any, must come from a seed of its own, such as an integer ``random_state``.
    context, opening
        How many of the last, and of the first, exchanges the model sees.
    temperature
        1 plays the model's probabilities p. Others play what is in proportion to :math:`p^{1/\text{temperature}}`:
        below 1 it is surer of itself. At 0 it plays the likeliest action, and those within rounding of it equally
        often.
    apart
        Whether the two actions of an exchange have columns of their own, 2N instead of N² for each exchange. This is
        for games of many actions. A linear model then does not see which actions went together.

    Raises
    ------
    ValueError
        If the dataset shows no move to learn from; on sitting down to a game with other numbers of types or actions
        than the dataset's, or on a side of which it shows no move; and if an answer of the estimator is no
        distribution.

    Notes
    -----
    Each side has a model of its own, which is fitted when the imitator first sits down on that side, and then
    remembered. The rows of ``X`` are the moves of that side in the records, stage after stage; ``y`` has the moves,
    (rows,). The columns of ``X``, for N actions, are in order:

    - N² for each of the first exchanges, stage 1 first: 1 in column a·N + b for the AI's action a and the partner's
      b, and 0 in all of them while that stage is still to come;
    - N² for each of the last exchanges in the same way, the latest first;
    - one for each own type: 1 for the one it has;
    - log(1 + the number of stages played so far).

    In columns apart an exchange has N columns for a and then N for b. Exchanges that no record is long enough to
    show before a move have no columns. ``X`` is a ``scipy.sparse.csr_array`` of float64; an estimator that takes no
    sparse arrays needs a step before it that calls ``toarray()``. A row takes about 125 bytes, however many columns
    there are, so that 200 records of 200 stages take 5 MB. A network of one layer of 64 learns from these 40 000 rows
    ten times over in a second or two.

    Actions that the records never show have probability 0. Where they show only one, that is played, and nothing is
    fitted. Two are equal if the estimators are of one class and have equal parameters, by ``get_params`` or else by
    their attributes, and all else is equal.

    Examples
    --------
    >>> class Shares:  # the simplest model of all looks at no history
    ...     def fit(self, X, y):
    ...         self.classes_, counts = np.unique(y, return_counts=True)
    ...         self.shares = counts / counts.sum()
    ...     def predict_proba(self, X):
    ...         return np.tile(self.shares, (X.shape[0], 1))
    >>> game = sc.games.coordination(3)
    >>> records = sc.play(sc.Scripted([0, 0, 1]), sc.Hedge(), game, (0, 0), horizon=6, episodes=5)
    >>> for temperature in (1, 0.5, 0):
    ...     ai = sc.ModelImitator(records, Shares(), temperature=temperature)
    ...     print(ai.seat(game, 0, types=np.zeros(1, int), horizon=6).policy()[:, 0].round(3))
    [0.667 0.333 0.   ]
    [0.8 0.2 0. ]
    [1. 0. 0.]
    """

    def __init__(
        self,
        dataset: Play,
        estimator: Any,
        context: int = 4,
        opening: int = 4,
        temperature: float = 1.0,
        apart: bool = False,
    ) -> None:
        self.dataset = checks.instance("dataset", dataset, Play)
        self._estimator = copy.deepcopy(_classifier(estimator))
        self.context = checks.integer("context", context)
        self.opening = checks.integer("opening", opening)
        self.temperature = checks.real("temperature", temperature, 0, np.inf, open_high=True)
        self.apart = bool(checks.choice("apart", apart, (False, True)))
        if not any(len(examples(dataset, agent, 0).moves) for agent in (0, 1)):
            raise ValueError(f"dataset must show a move to learn from, got {dataset}")
        self._models: dict[int, _Model] = {}

    @property
    def estimator(self) -> Any:
        """The unfitted estimator."""
        return self._estimator

    def seat(self, game: Game, agent: int, types: Indices, horizon: int) -> Seat:
        check_size(game, self.dataset.game)
        if agent not in self._models:
            self._models[agent] = _Model(self, agent)
        return _ModelSeat(game, agent, types, self._models[agent], self.temperature)

    def cooled(self, temperature: float) -> ModelImitator:
        """Return the same imitator at another temperature. What one of them fits, the other need not fit again."""
        other = ModelImitator(
            self.dataset, self._estimator, self.context, self.opening, temperature=temperature, apart=self.apart
        )
        object.__setattr__(other, "_models", self._models)  # one store for both, filled by whoever sits down first
        return other

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ModelImitator) or type(self) is not type(other):
            return NotImplemented
        return super().__eq__(other) and _described(self._estimator) == _described(other._estimator)

    def __hash__(self) -> int:
        return hash((super().__hash__(), type(self._estimator)))


def _classifier(value: Any) -> Any:
    """Return ``value`` when it can be fitted and asked for probabilities."""
    hint = f"; write {value.__name__}(...)" if isinstance(value, type) else ""
    if hint or not all(callable(getattr(value, name, None)) for name in ("fit", "predict_proba")):
        wanted = "a classifier with the methods fit(X, y) and predict_proba(X)"
        raise TypeError(f"estimator must be {wanted}, got {value!r}{hint}")
    return value


def _described(value: Any) -> Any:
    """Return what can be compared: an estimator's class and parameters, and so for all estimators within."""
    if isinstance(value, list | tuple):
        return [_described(each) for each in value]
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if hasattr(value, "fit") and not isinstance(value, type):
        told = value.get_params(deep=False) if hasattr(value, "get_params") else vars(value)
        return type(value), {name: _described(each) for name, each in told.items()}
    return value


class _Model:
    """The fitted model of one side: after each window, the probabilities of the moves that the records show."""

    def __init__(self, imitator: ModelImitator, agent: int) -> None:
        dataset = imitator.dataset
        self.game, self.apart = dataset.game, imitator.apart
        self.opening = min(imitator.opening, before_a_move(dataset))
        self.rows = self.opening + min(imitator.context, before_a_move(dataset))
        known = examples(dataset, agent, self.rows, self.opening)
        self.actions = np.unique(known.moves)
        self.estimator: Any = None
        if not len(self.actions):
            raise ValueError(f"dataset must show a move of agent {agent} to learn from, got {dataset}")
        if len(self.actions) > 1:
            self.estimator = copy.deepcopy(imitator.estimator)
            rows = _columns(known.windows, known.types, known.stages, self.game, self.apart)
            with _one_thread():
                self.estimator.fit(rows, known.moves)
            self.actions = _classes(self.estimator, self.actions, self.game)
        self.last: tuple[tuple[int, bytes, bytes], Floats] | None = None  # what was asked last, and the answer
        self.name = f"the predict_proba of {self.estimator!r}"  # once: to write an estimator takes long

    @checks.TINY_IS_ZERO
    def policy(self, types: Indices, window: Window, stage: int, temperature: float) -> Floats:
        """Return the mixed action of every episode, (N, B); the estimator is asked once, for windows that differ."""
        first, group = _distinct(types, window, self.game)
        policy = np.zeros((self.game.n_actions, len(first)))
        if self.estimator is None:
            policy[self.actions] = 1
        elif len(first):
            asked = self._probabilities(types[first], window[:, first], stage)
            policy[self.actions] = tempered(asked.T, temperature)
        return policy[:, group]

    def _probabilities(self, types: Indices, window: Window, stage: int) -> Floats:
        """Return what the estimator answers, (rows, classes); at two temperatures it is asked once for the same."""
        question = stage, types.tobytes(), window.tobytes()
        last = self.last
        if last is None or last[0] != question:
            rows = _columns(window, types, np.full(len(types), stage), self.game, self.apart)
            with _one_thread():
                answer = self.estimator.predict_proba(rows)
            last = self.last = question, _distributions(self.name, answer, (len(types), len(self.actions)))
        return last[1]


def _one_thread() -> AbstractContextManager[Any]:
    """Return a context in which linear algebra has one thread: for small models more of them wait for each other.

    And the sums, which a number of threads would change in their last digits, are the same on every machine.
    """
    return _controller().limit(limits=1, user_api="blas")


@cache
def _controller() -> Any:
    """Return what limits threads; it knows the libraries that are loaded when it is first asked for."""
    from threadpoolctl import ThreadpoolController  # here, since it is used here alone

    return ThreadpoolController()


def _classes(estimator: Any, shown: Indices, game: Game) -> Indices:
    """Return the actions that a fitted estimator gives probabilities to, in its order."""
    name = f"the classes_ of {estimator!r}"
    listed: Any = getattr(estimator, "classes_", None)
    found = checks.integers(name, listed, game.n_actions, "(classes,)", 1)
    if not len(found) or len(np.unique(found)) < len(found) or not np.isin(found, shown).all():
        raise ValueError(f"{name} must be among the actions of the records, {shown.tolist()}, got {found.tolist()}")
    return found


def _distributions(name: str, answer: Any, wanted: tuple[int, int]) -> Floats:
    """Return what an estimator answers, (rows, classes), held to be distributions."""
    came = checks.array(name, answer, "(rows, classes)", 2).shape
    if came != wanted:
        raise ValueError(f"{name} must have shape {wanted}, a row for each history and a column for each of classes_, "
                         f"got shape {came}")  # fmt: skip
    return checks.distribution(name, answer, "(rows, classes)", 2)


def _distinct(types: Indices, window: Window, game: Game) -> tuple[Indices, Indices]:
    """Return the first episode of each kind, of one type and one window, and of which kind each episode is, (B,)."""
    key, kinds, base = types.astype(np.int64), game.n_types, game.n_actions**2 + 1
    for exchange in window:
        if kinds > LARGEST_KEY // base:  # number those that there are, which are far fewer
            found, key = np.unique(key, return_inverse=True)
            kinds = len(found)
        key, kinds = key * base + exchange, kinds * base
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    return first, group


def _columns(window: Window, types: Indices, stages: Indices, game: Game, apart: bool) -> Any:
    """Return the rows (R, columns) for windows (rows, R), as the docstring of `ModelImitator` lays them out."""
    from scipy.sparse import csr_array  # here, since scipy would double the package's import time

    shown, exchange, n = window > 0, window - 1, game.n_actions
    if apart:
        exchange = np.stack([exchange // n, exchange % n], axis=1).reshape(2 * len(window), len(types))
        shown = np.repeat(shown, 2, axis=0)
    width = n if apart else n**2
    begins = np.arange(len(exchange))[:, None] * width
    end = len(exchange) * width
    time = np.full((1, len(types)), end + game.n_types)
    columns = np.concatenate([begins + exchange, end + types[None], time])
    present = np.concatenate([shown, np.ones((2, len(types)), bool)]).T
    values = np.ones(present.shape)
    values[:, -1] = np.log1p(stages)
    ends = np.concatenate([[0], np.cumsum(present.sum(axis=1))])
    small = np.int32 if ends[-1] < 2**31 else np.int64  # trees take no others
    return csr_array(
        (values[present], columns.T[present].astype(small), ends.astype(small)),
        shape=(len(types), end + game.n_types + 1),
    )


class _ModelSeat(Seat):
    """Asks the model once for each stage, when first asked; ``answer`` is kept until the next is observed."""

    per_episode: ClassVar[tuple[str, ...]] = ("types", "window")

    def __init__(self, game: Game, agent: int, types: Indices, model: _Model, temperature: float) -> None:
        super().__init__(game, len(types))
        self.agent, self.types, self.model, self.temperature = agent, types, model, temperature
        self.window = blank(model.rows, self.episodes)
        self.stage = 0
        self.answer: Floats | None = None

    def policy(self) -> Floats:
        if self.answer is None:
            self.answer = self.model.policy(self.types, self.window, self.stage, self.temperature)
        return self.answer

    def observe(self, own: Actions, other: Actions) -> None:
        first, second = (own, other) if self.agent == 0 else (other, own)
        self.window = longer(self.window, self.stage, self.model.opening, first, second, self.game)
        self.stage += 1
        self.answer = None

    def take(self, indices: Actions) -> Self:
        seat = super().take(indices)
        if self.answer is not None:
            seat.answer = self.answer[:, np.asarray(indices, dtype=np.intp)]
        return seat
