"""What is measured once, however it is asked for."""

from functools import cache, wraps
from inspect import signature


def once(function):
    """Remember what a function returned: ``functools.cache``, for which an argument given and its default are alike."""
    parameters, kept = signature(function), cache(function)

    @wraps(function)
    def asked(*given, **named):
        bound = parameters.bind(*given, **named)
        bound.apply_defaults()
        return kept(*bound.args, **bound.kwargs)

    return asked
