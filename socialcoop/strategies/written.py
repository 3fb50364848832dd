"""How a strategy is written: the call that would make it again."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np


def arguments(strategy: object) -> Iterator[str]:
    """Yield the arguments that would make the strategy again, as far as its attributes have their names."""
    for number, (name, parameter) in enumerate(inspect.signature(type(strategy)).parameters.items()):
        value = getattr(strategy, name, parameter.default)
        if parameter.default is inspect.Parameter.empty and number == 0:
            yield _shown(value)
        elif not (value is parameter.default or np.array_equal(value, parameter.default)):
            yield f"{name}={_shown(value)}"


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, np.ndarray):
        return repr(value.tolist())
    if isinstance(value, tuple):
        return repr(list(value))
    return getattr(value, "__name__", repr(value))
