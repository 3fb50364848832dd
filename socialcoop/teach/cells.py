"""The cells of a student's notebook, run in a process of their own: this is what that process does.

It reads the cells from its standard input, and writes one line for each cell that begins, each answer and each error.
What the cells print goes nowhere. The limits below are for this process; they stop accidents, not an attack.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from importlib import import_module
from typing import Any

from socialcoop.teach.sheet import listen, opened

LARGEST_FILE = 50 * 2**20  # bytes
LONGEST = 300  # characters of what is said of an error


def main() -> None:
    """Run the cells that come from the standard input."""
    task = json.load(sys.stdin)
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)

    def tell(**what: Any) -> None:
        told.write(json.dumps(what) + "\n")
        told.flush()

    _limit(task["seconds"], task["memory"])
    _run(task["cells"], set(task["skipped"]), tell)
    os._exit(0)  # whatever threads are left


def _run(cells: Sequence[str], skipped: set[int], tell: Callable[..., None]) -> None:
    """Run the cells one after the other, whatever happens in them."""
    shell = _shell()
    listen(lambda student, name, value: tell(student=student, name=name, value=value))
    question, known, answer = opened("", lambda: shell.user_ns.get("student", ""))  # for who deletes the cell
    shell.push({"question": question, "known": known, "answer": answer, "student": ""})
    for place, source in enumerate(cells):
        if place in skipped:
            continue
        tell(cell=place)
        with suppress(KeyboardInterrupt):
            signal.signal(signal.SIGINT, signal.default_int_handler)  # a cell may be cut off, and nothing else
            done = shell.run_cell(source, silent=True)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            error = done.error_in_exec or done.error_before_exec
            if error is not None and not isinstance(error, KeyboardInterrupt):
                tell(error=_said(error))
    tell(student=str(shell.user_ns.get("student", "")).strip()[:LONGEST])


def _said(error: BaseException) -> str:
    """Return what an error says, the same each time."""
    what = error.msg if isinstance(error, SyntaxError) else re.sub(r" at 0x[0-9a-fA-F]+", "", str(error))
    return f"{type(error).__name__}: {what}".strip(": \n")[:LONGEST]


def _shell() -> Any:
    """Return the shell that a notebook's kernel has, without the kernel. It comes with ipywidgets."""
    config = import_module("traitlets.config").Config()
    config.HistoryManager.enabled = False
    shell = import_module("IPython.core.interactiveshell").InteractiveShell.instance(config=config)
    shell.enable_gui = shell.ask_exit = lambda gui=None: None
    shell._tee = lambda channel: nullcontext()  # newer ones keep all that is printed, until memory is full
    shell.display_formatter.active_types = ["text/plain"]
    for name in ("pip", "conda", "mamba", "uv"):  # whoever marks wants nothing installed
        shell.register_magic_function(lambda line: None, magic_name=name)
    return shell


def _limit(seconds: int, memory: int) -> None:
    """Limit time, memory and the size of a file, where the system can."""
    with suppress(ImportError):  # on Windows
        resource: Any = import_module("resource")
        limits = {"RLIMIT_CPU": seconds, "RLIMIT_AS": memory, "RLIMIT_FSIZE": LARGEST_FILE, "RLIMIT_CORE": 0}
        for name, most in limits.items():
            with suppress(AttributeError, ValueError, OSError):
                resource.setrlimit(getattr(resource, name), (most, most))


if __name__ == "__main__":
    main()
