"""Numbers mean the same in whatever form they are handed over: one answer, or a refusal that names the argument.

Every numeric argument in the table of `test_bad_input` is handed over in other dtypes, layouts and containers. The
budget is 15 forms for each, the same ones every time: about 20 seconds of one processor in all. More are tried with
``SOCIALCOOP_FUZZ=1000 pytest -n 0 tests/test_fuzz.py``.
"""

import array
import os
import re
import warnings
from collections import UserList, deque
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from zlib import crc32

import numpy as np
import pandas
import pytest
import test_bad_input as table
from hypothesis import given, seed, settings
from hypothesis import strategies as st

BUDGET = int(os.environ.get("SOCIALCOOP_FUZZ", "15"))

# --- what is handed over

OBJECTS = {"game", "strategy", "play", "problem", "members", "choice", "names"}
# values that tell more than the table's: no two axes are alike, and few numbers
MOVES = [[[0, 1, 1], [1, 0, 1]], [[0, 0, 1], [1, 1, 0]]]
SEEN = np.array([[[True, False, True], [True, True, True]], [[True, True, False], [True, False, True]]])
PAYOFFS = [[[0.1, 0.7], [0.3, 0.0]], [[1.0, 0.2], [0.6, 0.5]]]
TELLING = {
    "joint": [[0.1, 0.2], [0.3, 0.4]],
    "mixed": [0.3, 0.7],
    "shares": [0.3, 0.7],
    "payoffs": PAYOFFS,
    "square": PAYOFFS[0],
    "column": [[0.1], [0.7]],
    "code": [[0, 1], [1, 1]],
    "challenges": [[0, 1], [1, 1], [0, 0]],
    "owed": [[0.1, 0.2], [0.3, 0.4]],
    "tables": [np.array([[[0.3, 0.7]]])],
    "types": [0, 1],
    "Game.normalised(payoffs)": [[-3, 4], [9, 0.5]],
    "Play(actions)": MOVES,
    "Play(observed)": SEEN,
    "Dataset(actions)": MOVES,
    "Dataset(observed)": SEEN,
    "Scripted(actions)": [0, 1, 1],
    "strategies.Tabular(tables)": [np.array([[[0.3, 0.7]]]), np.full((1, 4, 2), 0.5)],
    "strategies.Automaton(actions)": [0, 1],
    "strategies.Automaton(moves)": [[0, 1], [1, 1]],
    "strategies.MemoryOne(replies)": [[[0.1, 0.9], [0.8, 0.2]], [[0.3, 0.7], [0.6, 0.4]]],
    "coarse_correlated_equilibrium(weights)": [0.3, 2.5],
    "social.worst_failures(epsilons)": [0.3, 0.1],
    "Dataset.from_arrays(ai)": [[0, 1], [1, 1]],
    "Dataset.from_arrays(partner)": [[0, 0], [1, 0]],
    "Dataset.from_arrays(types)": [[0, 1], [1, 1]],
    "marginal_tv(type_weights)": [1.0],
    "missing_mass(type_weights)": [1.0],
    "bounds.one_assistant(type_weights)": [1.0],
    "strategies.SecretCode(code)": [0, 1],
    "strategies.MemoryOne.zero_determinant(types)": [0, 0],
    "strategies.MemoryOne.zero_determinant(baseline)": 0.25,
    "Codebook.answers(challenges)": [[0, 0], [0, 0], [0, 0]],
    "stress(amounts)": [0.3, 0.1],
    "sweep(episodes)": [2, 3],
    "book.transcript(stages)": [2, 1],
}
# what may stand where the table has None
NUMBERS = {"from 0": 0.3, "unit": 0.3, "half-open unit": 0.3, "count": 2, "integer": 1, "agent": 1, "seed": 5}
NUMBERS |= {"strategies.MemoryOne.zero_determinant(phi)": 0.1, "imitation.behaviour_tables(horizon)": 3}
NUMBERS |= {"book.replay(alone)": 0.5}
OTHERS = {  # good arguments that fit the telling ones
    "Dataset.from_arrays": {"ai": [[0, 1], [1, 1]], "partner": [[0, 0], [1, 0]], "types": [[0, 1], [1, 1]]},
}
GAMES = ("Game", "Game.normalised", "Game.from_bimatrix")
NOT_NUMBERS = {f"{name}({argument})" for name in GAMES for argument in ("name", "types")}
NOT_NUMBERS |= {"strategies.BlackBox(start)", "strategies.BlackBox(name)", "strategies.from_axelrod(player)"}
NOT_NUMBERS |= {
    "Convention(select)",
    "sweep(commits)",
    "sweep(spoil)",
    "sweep(progress)",
    "stress(changes)",
    "stress(assistants)",
}
NOT_NUMBERS |= {"rivals(trained)", "rivals(progress)", "rivals(store)"}
NOT_NUMBERS |= {f"comparison.Rivals.{name}(assistant)" for name in ("interval", "margin")}
NOT_NUMBERS |= {f"sweeps.Stress.{name}(change)" for name in ("means", "interval", "lost")}
NOT_NUMBERS |= {f"sweeps.Stress.{name}({told})" for name in ("interval", "lost") for told in ("assistant", "amount")}
NOT_NUMBERS |= {
    "comparison.Rivals.margin(other)",
    "ModelImitator(estimator)",
    "games.team_lead(preferences)",
    "book.transcript(names)",
    "book.transcript(remarks)",
    "book.ask(question)",
    "book.ask(choices)",
    "book.ask(right)",
    "book.ask_number(question)",
    "book.ask_number(why)",
    "book.ask_number(traps)",
    "book.own_game(games)",
    "book.own_game(start)",
}
NOT_NUMBERS |= {f"book.replay({argument})" for argument in ("plays", "names", "remarks")}
NOT_NUMBERS |= {f"book.encounter({argument})" for argument in ("assistants", "words", "brief", "endings")}
NOT_NUMBERS |= {"teach.another(make)", "teach.as_gift(items)", "teach.seed_of(salt)", "teach.seed_of(parts)"}
NOT_NUMBERS |= {"teach.read_class(source)"}
NOT_NUMBERS |= {f"teach.make_exam({argument})" for argument in ("salt", "term", "names")}


def good_value(name, argument):
    """Return a number, a list or an array that the argument takes, or None."""
    place, kind = f"{name}({argument})", table.spec(name, argument)[0].rstrip("?")
    parameter = table.parameters(name)[argument]
    value = table.TABLE[name][0].get(argument, None if parameter.default is parameter.empty else parameter.default)
    for known in (TELLING.get(place), TELLING.get(kind), value, NUMBERS.get(place), NUMBERS.get(kind)):
        if known is not None:
            return known
    return None


def cases():
    for name, (_, listed) in table.TABLE.items():
        for argument in listed if " " in name else table.parameters(name):
            numeric = table.spec(name, argument)[0].rstrip("?") not in OBJECTS
            if numeric and f"{name}({argument})" not in NOT_NUMBERS and "of many" not in name:
                yield name, argument, good_value(name, argument)


CASES = [case for case in cases() if case[2] is not None]


def test_every_numeric_argument_is_handed_over():
    assert not [f"{name}({argument})" for name, argument, value in cases() if value is None and " " not in name]


# --- in which forms

KINDS = ["float64", "int64", "int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64", "float16", "float32"]
KINDS += ["longdouble", "bool", "object", "complex128", "str", "Fraction", "Decimal"]
TOLERANCE = {"float16": 2e-3, "float32": 1e-6}  # where probabilities are scaled to a sum of 1


def as_kind(plain, kind):
    """Return the numbers in another dtype, and as lists what they then are."""
    if kind in ("Fraction", "Decimal"):
        make = Fraction if kind == "Fraction" else lambda number: Decimal(str(number + 0))
        return np.vectorize(make, otypes=[object])(plain.astype(object)), plain.tolist()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values = np.asarray(plain.astype(kind))
    if kind in ("object", "complex128", "str"):
        return values, plain.tolist()
    meant = values.astype(int) if kind == "bool" and plain.dtype != bool else values
    return values, (meant.astype(float) if kind == "longdouble" else meant).tolist()


class Subclass(np.ndarray):
    pass


class Whole(int):
    pass


class Like:
    """Has numbers only when NumPy asks."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


def unaligned(values):
    if values.dtype == object:
        return values
    room = np.zeros(values.nbytes + 1, np.uint8)[1:].view(values.dtype).reshape(values.shape)
    room[...] = values
    return room


def read_only(values):
    view = values.view()
    view.flags.writeable = False
    return view


def one_for_all(values):
    return np.broadcast_to(values[:1], values.shape) if values.ndim and (values == values[:1]).all() else values


LAYOUTS = {
    "C": np.array,
    "F": lambda values: np.array(values, order="F"),
    "every second": lambda values: np.repeat(values, 2, axis=-1)[..., ::2] if values.ndim else values,
    "backwards": lambda values: np.flip(np.array(np.flip(values))) if values.ndim else values,
    "no stride": one_for_all,
    "read-only": read_only,
    "swapped": lambda values: values.astype(values.dtype.newbyteorder()),
    "unaligned": unaligned,
}


def tuples(values):
    return tuple(map(tuples, values)) if isinstance(values, np.ndarray) else values


def shuffled(values):
    """Return a Series or DataFrame whose labels go against the order of its rows."""
    if values.dtype.str[1:] == "f2":  # of which pandas cannot make a text without an overflow
        return values
    kind = pandas.Series if values.ndim == 1 else pandas.DataFrame
    native = values.astype(values.dtype.newbyteorder("="))
    return kind(native, index=list(range(len(values)))[::-1])


def half_masked(values):
    mask = np.zeros(values.shape, bool)
    mask.flat[-1:] = True
    return np.ma.array(values, mask=mask)


def whole(values):
    number = values[()]
    return Whole(number) if values.dtype.kind in "iu" else number


def memory(values):
    plain = values.dtype.isnative and values.flags.aligned and values.dtype.kind in "iufb"
    return memoryview(values) if plain else values


def typed(values):
    return array.array(values.dtype.char, values.tolist()) if values.dtype.char in "bBhHiIlLfd" else values


ANY_SHAPE = {
    "array": np.asarray,
    "list": np.ndarray.tolist,
    "unmasked": np.ma.array,
    "all mask": lambda values: np.ma.array(values, mask=np.zeros(values.shape, bool)),
    "half masked": half_masked,
    "subclass": lambda values: values.view(Subclass),
    "memory": memory,
    "like": Like,
    "in a list": lambda values: [values],
    "new axis": lambda values: values[None],
}
SHAPES = {  # of so many axes
    0: {"scalar": lambda values: values[()], "whole": whole, "mask": lambda values: np.ma.masked},
    1: {"series": shuffled, "typed": typed, "range": lambda values: range(len(values)), "deque": deque},
    2: {"frame": shuffled, "matrix": np.asmatrix, "series": lambda values: list(map(shuffled, values))},
    3: {
        "frames": lambda values: list(map(shuffled, values)),
        "matrices": lambda values: list(map(np.asmatrix, values)),
    },
}
LISTS = {
    "tuples": tuples,
    "rows": list,
    "user's": UserList,
    "masked rows": lambda values: list(half_masked(values)),
    "first": lambda values: values.ravel()[:1].reshape(()),
    "generator": lambda values: (each for each in values),
    "set": lambda values: set(values.ravel().tolist()),
    "keys": lambda values: dict.fromkeys(values.ravel().tolist(), 0),
}


def containers(axes):
    return ANY_SHAPE | SHAPES.get(axes, {}) | (LISTS if axes else {})


def without_last(meant):
    """Return the lists with None for the last number."""
    return [*meant[:-1], without_last(meant[-1])] if isinstance(meant, list) else None


MEANT = {  # what is no longer the same numbers
    "in a list": lambda meant: [meant],
    "new axis": lambda meant: [meant],
    "half masked": without_last,
    "masked rows": without_last,
    "first": lambda meant: np.ravel(meant).tolist()[0],
    "mask": without_last,
    "range": lambda meant: list(range(len(meant))),
    "set": lambda meant: list(set(np.ravel(meant).tolist())),
    "keys": lambda meant: list(dict.fromkeys(np.ravel(meant).tolist())),
}


def handed(value, kind, layout, container):
    """Return numbers in a form, what they are as plain lists, and the arrays that hold them."""
    if isinstance(value, list) and any(isinstance(each, np.ndarray) for each in value):
        parts = zip(*(handed(each, kind, layout, container) for each in value), strict=True)
        given, meant, held = map(list, parts)
        return given, meant, [each for some in held for each in some]
    values, meant = as_kind(np.asarray(value), kind)
    values = LAYOUTS[layout](values)
    given = containers(values.ndim)[container](values)
    return given, MEANT.get(container, lambda same: same)(meant), [values, given]


def forms(value):
    """Return the forms that a value can have: kinds, layouts and containers."""
    axes = max(map(np.ndim, value)) if isinstance(value, list) and isinstance(value[0], np.ndarray) else np.ndim(value)
    return st.tuples(*map(st.sampled_from, (KINDS, list(LAYOUTS), list(containers(axes)))))


# --- and what comes of it


def leaves(thing):
    """Yield what a result consists of, with the types of its numbers."""
    if isinstance(thing, np.ndarray):
        yield thing.shape, thing.dtype.str
        yield from thing.ravel().tolist()
    elif isinstance(thing, Mapping):
        for key in thing:
            yield key
            yield from leaves(thing[key])
    elif isinstance(thing, list | tuple):
        yield type(thing), len(thing)
        for each in thing:
            yield from leaves(each)
    elif hasattr(thing, "__dict__") and type(thing).__module__.startswith(("socialcoop", "imitation_oracles")):
        yield type(thing)
        results = {
            name for kind in type(thing).__mro__ for name in vars(kind) if isinstance(vars(kind)[name], cached_property)
        }
        yield from leaves({name: each for name, each in vars(thing).items() if name not in results})
        yield from [float(thing)] if isinstance(thing, float) else [str(thing)] if isinstance(thing, str) else []
    else:
        yield type(thing)
        yield thing


def same(one, other, tolerance=0.0):
    return len(one) == len(other) and all(
        a == b or (a != a and b != b) or (isinstance(a, float) and isinstance(b, float) and abs(a - b) <= tolerance)
        for a, b in zip(one, other, strict=True)
    )


def outcome(name, arguments):
    """Return the result of a call and what it consists of, or the error that refuses it and None."""
    if "seed" in table.parameters(name):
        arguments = {"seed": 0} | arguments
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        found = table.answer(table.function_of(name), arguments)
    return found, None if isinstance(found, Exception) else list(leaves(found))


def look(given, held):
    return repr(given), [(each.tolist(), each.flags.writeable) for each in held if isinstance(each, np.ndarray)]


def spoil(held):
    """Change the arrays, through what they are views of where they are."""
    for values in held:
        while isinstance(getattr(values, "base", None), np.ndarray):
            values = values.base
        if isinstance(values, np.ndarray) and values.flags.writeable:
            values.fill(7)
        elif isinstance(values, list | deque | UserList | dict | set):
            values.clear()
        elif isinstance(values, pandas.Series | pandas.DataFrame):
            values.iloc[:] = values.iloc[::-1].to_numpy()


def check(name, argument, value, form):
    """Raise if the answer to numbers in a form is not what the same numbers get as plain lists."""
    given, meant, held = handed(value, *form)
    good = table.TABLE[name][0] | OTHERS.get(name, {})
    before = look(given, held)
    found, parts = outcome(name, good | {argument: given})
    assert look(given, held) == before, "the argument was changed"
    plain, expected = outcome(name, good | {argument: meant})
    if parts is None:
        assert re.search(rf"\b{argument}\b", str(found)) or str(found) == str(plain), f"without its name: {found!r}"
        assert not welcome(value, *form), f"refused without need: {found!r}"
        return
    if expected is None and form[0] in TOLERANCE:
        plain, expected = outcome(name, good | {argument: handed(value, "object", *form[1:])[1]})
    assert expected is not None, f"as a plain list it was refused: {plain!r}, but here {found!r}"
    assert same(parts, expected, TOLERANCE.get(form[0], 0)), f"as a plain list {plain!r}, but here {found!r}"
    spoil([*held, given])
    assert same(list(leaves(found)), parts), "the result changed with the argument"


WELCOME = {"array", "list", "unmasked", "all mask", "subclass", "series", "frame", "matrix", "scalar", "tuples", "rows"}


def welcome(value, kind, layout, container):
    """Return whether a form must be taken: ordinary containers of a dtype that holds the numbers as they are."""
    values = [np.asarray(each) for each in (value if isinstance(value, list) else [value])]
    if any(each.dtype == bool for each in values):
        return kind == "bool" and container in WELCOME
    if kind in ("bool", "object", "complex128", "str", "Fraction", "Decimal"):
        return False
    number = np.dtype(kind).kind
    whole_numbers = all(each.dtype.kind in "iu" for each in values)
    with np.errstate(all="ignore"):
        fits = all((each.astype(kind).astype(each.dtype) == each).all() for each in values)
    fits |= kind in TOLERANCE and container not in ("list", "tuples", "rows")  # which do not say how exact they are
    return container in WELCOME and fits and (number in "iu" if whole_numbers else number == "f")


@pytest.mark.filterwarnings("ignore:the matrix subclass")  # is what some still have
@pytest.mark.parametrize(("name", "argument", "value"), [pytest.param(*case, id="-".join(case[:2])) for case in CASES])
def test_numbers_mean_the_same_in_any_form(name, argument, value):
    @seed(crc32(f"{name}({argument})".encode()))  # or all would get the same few forms
    @settings(max_examples=BUDGET)
    @given(form=forms(value))
    def holds(form):
        check(name, argument, value, form)

    holds()
