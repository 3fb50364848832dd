"""A control: a named choice among a few values, and how a reader sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from decimal import Decimal
from math import isinf
from typing import Any

import numpy as np

from socialcoop import checks


class Control(checks.Frozen):
    """A named choice among a few values.

    Parameters
    ----------
    values
        The values to choose from, in order: numbers get a slider, words and True and False a list. Each must read
        differently from the others.
    start
        The value shown first; by default the first one.
    label
        What the control is called; by default words and the paper's symbol for the name, or the name.
    time
        Whether the values are times: a page then plays them one after the other for whoever asks.

    Attributes
    ----------
    labels
        The values as shown to the reader.

    Examples
    --------
    >>> sc.Control(["Hedge", "a mirror"], start="a mirror").is_list
    True
    >>> sc.Control(range(0, 101, 20), start=60, label="stages").labels
    ['0', '20', '40', '60', '80', '100']
    >>> sc.Control([0.1 + 0.2, 1e6, 1e6 + 1, 1e-7]).labels
    ['0.3', '1,000,000', '1,000,001', '1e-7']
    """

    def __init__(self, values: Iterable[Any], start: Any = None, label: str | None = None, time: bool = False) -> None:
        single = isinstance(values, np.ndarray) and not values.ndim
        if isinstance(values, str | bytes | Set) or not isinstance(values, Iterable) or single:
            raise TypeError(f"values must be a list of values, got {values!r}")
        self.values = tuple(map(_value, values))
        if not self.values:
            raise ValueError("values must hold at least one value, got none")
        if any(value in self.values[:index] for index, value in enumerate(self.values)):
            raise ValueError(f"values must not repeat a value, got {list(self.values)!r}")
        chosen = self.values[0] if start is None else checks.choice("start", _plain(start), self.values)
        self.start = self.values[self.values.index(chosen)]
        self.label = checks.optional(checks.instance, "label", label, str)
        self.time = bool(checks.choice("time", time, (False, True)))
        self.labels = _labels(self.values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Control) and self._told() == other._told()

    def __hash__(self) -> int:
        return hash((*self.labels, self.label))

    def __repr__(self) -> str:
        time = ", time=True" * self.time
        return f"Control({list(self.values)!r}, start={self.start!r}, label={self.label!r}{time})"

    def _told(self) -> tuple[Any, ...]:
        return self.values, self.labels, self.start, self.label, self.time

    @property
    def is_list(self) -> bool:
        """Whether to choose from a list of words rather than on a scale."""
        return any(isinstance(value, str | bool) for value in self.values)


def _plain(value: Any) -> Any:
    """Return a number or word of NumPy's as Python's."""
    return value.item() if isinstance(value, np.bool_ | np.number | np.str_) else value


def _value(value: Any) -> Any:
    """Return a value in plain Python when it is one that can be chosen."""
    value = _plain(value)
    if value is None:
        raise TypeError("values must not hold None, which stands for no choice: write a word, such as 'none'")
    if isinstance(value, np.ndarray) or (isinstance(value, tuple | list) and _holds_arrays(value)):
        raise TypeError(f"values must hold numbers, words or tuples of them, not arrays, got {value!r}")
    if value != value:
        raise ValueError(f"values must be equal to themselves, got {value!r}: leave it out, or write a word for it")
    return value


def _holds_arrays(values: Sequence[Any]) -> bool:
    return any(isinstance(v, np.ndarray) or (isinstance(v, tuple | list) and _holds_arrays(v)) for v in values)


def _labels(values: Sequence[Any]) -> list[str]:
    """Return the values as shown to the reader, with as few digits as tell all of them apart, but at least six."""
    for digits in range(6, 18):
        labels = [_written(value, digits) for value in values]
        if len({" ".join(label.split()) for label in labels}) == len(labels):
            return labels
    same = next(label for label in labels if labels.count(label) > 1 or label != " ".join(label.split()))
    twins = [value for value, label in zip(values, labels, strict=True) if label.split() == same.split()]
    raise ValueError(f"values must read differently, got {', '.join(map(repr, twins))}, which all read {same!r}")


def _written(value: Any, digits: int) -> str:
    """Return a value as a person writes it, with so many digits where it is a fraction."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if not isinstance(value, float):
        return str(value)
    if isinf(value):
        return "∞" if value > 0 else "-∞"
    if value and not 1e-5 <= abs(value) < 1e15:
        return np.format_float_scientific(value, precision=digits - 1, trim="-", exp_digits=1)
    before = len(str(int(abs(value))))  # all digits before the point, and one after it, whatever is asked for
    text = np.format_float_positional(value, precision=max(digits, before + 1), fractional=False, trim="-")
    return f"{Decimal(text) + 0:,f}"
