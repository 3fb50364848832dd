"""Argument checks: every bad value is named at once, with what came and what is allowed."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import FrozenInstanceError
from functools import cached_property
from importlib import import_module
from numbers import Real
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

T = TypeVar("T")
P = ParamSpec("P")
LARGEST = int(np.iinfo(np.int64).max)  # for integers that only a game can bound
TINY_IS_ZERO = np.errstate(under="ignore")  # decorates what may come to less than a double can hold


class Frozen:
    """Attributes are set once, by ``__init__``: what was checked is what is used, and results may be remembered.

    Arrays become read-only, in copies too. Objects are equal if they are of the same class and hold equal values;
    attributes that begin with an underscore and cached properties hold results, which do not count. As the base of a
    frozen dataclass it needs ``eq=False``.
    """

    def __post_init__(self) -> None:
        self.__setstate__(self.__dict__)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self.__dict__:
            raise FrozenInstanceError(f"{name} of a {type(self).__name__} cannot change: make a new one")
        super().__setattr__(name, _read_only(value))

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"{name} of a {type(self).__name__} cannot go: make a new one")

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update({name: _read_only(value) for name, value in state.items()})

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self is other or _key(values(self)) == _key(values(other))

    def __hash__(self) -> int:
        return hash((type(self), _key(values(self))))


def _read_only(value: Any) -> Any:
    """Return the value, with arrays that nobody can change through it."""
    if isinstance(value, np.ndarray) and value.flags.writeable:
        value.flags.writeable = False
    elif type(value) is tuple:
        for each in value:
            _read_only(each)
    return value


def values(thing: object) -> dict[str, Any]:
    """Return an object's attributes by name, but for those that hold results."""
    results = {
        name for kind in type(thing).__mro__ for name, what in vars(kind).items() if isinstance(what, cached_property)
    }
    return {name: value for name, value in vars(thing).items() if not name.startswith("_") and name not in results}


def _key(value: Any) -> Any:
    """Return something hashable that is equal for equal values."""
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.kind, (value + 0 if value.dtype.kind in "fc" else value).tobytes()
    if isinstance(value, dict):
        return tuple((name, _key(each)) for name, each in value.items())
    return tuple(map(_key, value)) if isinstance(value, list | tuple) else value


def integer(name: str, value: Any, low: int = 0, high: int | None = None) -> int:
    """Return ``value`` as an int in [low, high]; booleans and fractions are refused."""
    _unmasked(name, value)
    allowed = f"an integer of at least {low}" if high is None else f"an integer from {low} to {high}"
    if isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be {allowed}, got {value!r}")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be {allowed}, got {value!r}") from None
    if number < low or (high is not None and number > high):
        raise ValueError(f"{name} must be {allowed}, got {number}")
    return number


def real(name: str, value: Any, low: float, high: float, *, open_low: bool = False, open_high: bool = False) -> float:
    """Return ``value`` as a float in the interval from ``low`` to ``high``, ends open where asked."""
    _unmasked(name, value)
    brackets = ("(" if open_low else "[", ")" if open_high else "]")
    allowed = f"a number in {brackets[0]}{low:g}, {high:g}{brackets[1]}"
    try:
        given = np.asarray(value)
        if given.ndim != 0 or given.dtype.kind not in "iufO" or isinstance(given.item(), bool | str | bytes):
            raise TypeError  # what Python would read as a number, such as "1" or a complex one
        number = float(given)
    except (TypeError, ValueError, OverflowError):  # NumPy refuses rows of different lengths with a ValueError
        raise TypeError(f"{name} must be {allowed}, got {value!r}") from None
    above = number > low if open_low else number >= low
    below = number < high if open_high else number <= high
    if not (above and below):
        raise ValueError(f"{name} must be {allowed}, got {shown(number)}")
    return number


def shown(number: float) -> str:
    """Return the number as short as it can be told from others."""
    short = f"{number:g}"
    return short if float(short) == number or number != number else repr(float(number))


def array(name: str, value: ArrayLike, shape: str, ndim: int | tuple[int, ...]) -> NDArray[np.float64]:
    """Return ``value`` as a new finite float array with one of the allowed numbers of axes."""
    _unmasked(name, value)
    try:
        given = np.asarray(value)
        if given.dtype.kind not in "biufO":  # not text, nor complex numbers
            raise TypeError
        if given.dtype.kind == "O" and not all(isinstance(each, Real | np.bool_) for each in given.flat):
            raise TypeError  # what NumPy would read as a number, such as "1" or None
        numbers = np.array(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(f"{name} must be an array of numbers of shape {shape}, got {value!r}") from None
    if numbers.ndim not in ((ndim,) if isinstance(ndim, int) else ndim):
        raise ValueError(f"{name} must have shape {shape}, got shape {numbers.shape}")
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name} must hold finite numbers only, got NaN or infinity")
    return numbers


def distribution(name: str, value: ArrayLike, shape: str, ndim: int | tuple[int, ...]) -> NDArray[np.float64]:
    """Return ``value`` as probabilities: not negative, each last axis summing to 1 within 1e-9.

    Numbers of less than double precision may miss by more, by what they round to, and are scaled to a sum of 1.
    """
    probabilities = array(name, value, shape, ndim)
    if (probabilities < 0).any():
        raise ValueError(f"{name} must hold probabilities, got the negative number {shown(probabilities.min())}")
    sums = probabilities.sum(axis=-1, keepdims=True)
    coarse = rounding(value) * probabilities.shape[-1]
    if probabilities.shape[-1] == 0 or (np.abs(sums - 1) > max(1e-9, coarse)).any():
        raise ValueError(f"{name} must sum to 1 along its last axis, got sums {np.unique(sums)}")
    return probabilities / sums if coarse > 1e-9 else probabilities


def rounding(value: Any) -> float:
    """Return by how much a number near 1 may be off in the precision of ``value``."""
    dtype = getattr(value, "dtype", None)
    return float(np.finfo(dtype).eps) if isinstance(dtype, np.dtype) and dtype.kind == "f" else 0.0


def masked(value: Any) -> int:
    """Return how many entries are masked, also in lists of arrays: NumPy would forget it."""
    if isinstance(value, np.ma.MaskedArray):
        return int(np.ma.getmaskarray(value).sum())
    return sum(map(masked, value)) if isinstance(value, list | tuple) else 0


def _unmasked(name: str, value: Any) -> None:
    count = masked(value)
    if count:
        raise ValueError(f"{name} must have no masked entries, got {count} of them")


def joint(name: str, value: ArrayLike, n_actions: int | None = None) -> NDArray[np.float64]:
    """Return ``value`` as a joint distribution (N, N), of so many actions where that is known."""
    table = array(name, value, "(N, N)", 2)
    if table.shape[0] != table.shape[1] or n_actions not in (None, len(table)):
        wanted = "(N, N)" if n_actions is None else (n_actions, n_actions)
        raise ValueError(f"{name} must have shape {wanted}, got shape {table.shape}")
    return distribution(name, np.asarray(value).ravel(), "(N, N)", 1).reshape(table.shape)


def integers(name: str, value: ArrayLike, high: int, shape: str, ndim: int | tuple[int, ...]) -> NDArray[np.intp]:
    """Return ``value`` as a new integer array with entries from 0 to ``high`` - 1."""
    _unmasked(name, value)
    try:
        numbers = np.asarray(value)
    except ValueError:
        raise TypeError(f"{name} must be an integer array of shape {shape}, got {value!r}") from None
    if numbers.size and not np.issubdtype(numbers.dtype, np.integer):
        raise TypeError(f"{name} must hold integers, got {value!r}")
    if numbers.ndim not in ((ndim,) if isinstance(ndim, int) else ndim):
        raise ValueError(f"{name} must have shape {shape}, got shape {numbers.shape}")
    if numbers.size and (numbers.min() < 0 or numbers.max() >= high):
        raise ValueError(f"{name} must hold integers from 0 to {high - 1}, got {numbers.min()} to {numbers.max()}")
    return numbers.astype(np.intp)


def instance(name: str, value: Any, kind: type[T]) -> T:
    """Return ``value`` when it is a ``kind``; a class in place of an object gets a hint."""
    if not isinstance(value, kind):
        hint = f"; write {value.__name__}(...)" if isinstance(value, type) and issubclass(value, kind) else ""
        raise TypeError(f"{name} must be a {kind.__name__}, got {value!r}{hint}")
    return value


def listed(name: str, values: Any, what: str) -> list[Any]:
    """Return ``values`` as a list of one or more, of which ``what`` says what they are."""
    found = sequence(name, values, f"a list of one or more {what}")
    if not found:
        raise TypeError(f"{name} must be a list of one or more {what}, got {values!r}")
    return found


def sequence(name: str, values: Any, what: str) -> list[Any]:
    """Return ``values`` as a list by position, whatever labels they have; ``what`` says what they must be."""
    given = values
    if isinstance(values, memoryview) or (hasattr(values, "__array__") and not isinstance(values, np.ma.MaskedArray)):
        with suppress(TypeError):  # of what has the method and is no array
            given = np.asarray(values)
    single = isinstance(given, np.ndarray) and given.ndim == 0
    if single or isinstance(given, str | bytes) or not isinstance(given, Sequence | np.ndarray):
        raise TypeError(f"{name} must be {what}, got {values!r}")
    return list(given)


def optional(
    check: Callable[Concatenate[str, Any, P], T], name: str, value: Any, *args: P.args, **kw: P.kwargs
) -> T | None:
    """Return None for None, and else what the check returns."""
    return None if value is None else check(name, value, *args, **kw)


def choice(name: str, value: Any, allowed: Sequence[Any]) -> Any:
    """Return ``value`` when it is one of the allowed ones."""
    try:
        found = value in allowed and not (isinstance(value, np.ndarray) and value.ndim)
    except ValueError:  # arrays, also those within a tuple, are not simply equal or not
        found = False
    if not found:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, allowed))}, got {value!r}")
    return value


def text(name: str, value: Any) -> str:
    """Return a text that says something."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text, got {value!r}")
    if not value.strip():
        raise ValueError(f"{name} must say something, got {value!r}")
    return value


def generator(seed: int | np.random.Generator | None) -> np.random.Generator:
    """Return the random generator that ``seed`` stands for: a Generator as it is, an int, or fresh entropy."""
    if isinstance(seed, np.random.Generator):
        return seed
    if seed is not None:
        seed = integer("seed", seed)
    return np.random.Generator(np.random.SFC64(seed))


def extra(library: str, wanted: str) -> Any:
    """Return a library that only ``wanted`` needs, and that the package is installed without."""
    try:
        return import_module(library)
    except ImportError:
        raise ImportError(f"{wanted} needs {library}: pip install 'socialcoop[interop]'") from None


def jobs(name: str, value: Any) -> int:
    """Return the number of processes, -1 for one on each processor."""
    if integer(name, value, -1) == 0:
        raise ValueError(f"{name} must be an integer of at least 1, or -1, got 0")
    return int(value)


def misfit(function: Callable[..., Any], *values: Any, **named: Any) -> str | None:
    """Return why a function cannot be called so, or None where it can or does not tell what it takes."""
    try:
        inspect.signature(function).bind(*values, **named)
    except TypeError as error:
        return str(error)
    except ValueError:  # it has no signature, as some built-in functions
        pass
    return None


def path(name: str, value: Any) -> Path:
    """Return a file's name as a path."""
    try:
        return Path(value)
    except TypeError:
        raise TypeError(f"{name} must be a file's name, got {value!r}") from None
