"""Students' notebooks, run: each in a process and a folder of its own, within limits, for the answers that it gives.

It runs what students wrote. The process has no salt, no list and no names of them, neither in its surroundings nor in
its folder; its time, its memory and its files are limited. It is still a process of the same user: it can read what
that user can read, use the network, and end other processes. So mark in a throw-away account or container.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any

KEPT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL")  # of the surroundings; no secrets
ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg", "PIP_NO_INDEX": "1"}
MOST_SAID = 2**20  # characters that are read of what a notebook answers
GRACE = 3.0  # seconds that a cell has to stop once it is cut off
AT_REST = 0.2  # seconds between two looks


@dataclass(frozen=True)
class Limits:
    """What a notebook may use: seconds for a cell and for all, bytes of memory and of files."""

    cell: float = 30
    notebook: float = 120
    memory: int = 2 * 2**30
    disk: int = 200 * 2**20


@dataclass(frozen=True)
class Call:
    """An answer that was given, and under which student number."""

    student: str
    name: str
    value: float | str


@dataclass
class Run:
    """What a notebook did: the answers that it gave, the numbers under which it did, and what went wrong."""

    calls: list[Call] = field(default_factory=list)
    students: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


@dataclass
class _Attempt:
    """What came of running the cells once: by the place of each that began, what it said; and where it was ended."""

    said: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    last: str = ""
    cut: set[int] = field(default_factory=set)
    ended: tuple[int, str] | None = None


def run_cells(cells: Sequence[str], limits: Limits) -> Run:
    """Run the cells of one notebook in order. One that ends the process is left out when the others run again."""
    until = time.monotonic() + limits.notebook
    skipped: dict[int, str] = {}
    said: dict[int, list[dict[str, Any]]] = {}
    cut: set[int] = set()
    while True:
        attempt = _attempt(cells, set(skipped), limits, until)
        for place, lines in attempt.said.items():
            said[place] = max(lines, said.get(place, []), key=len)  # what a cell said before it was ended counts
        cut |= attempt.cut
        if attempt.ended is None:
            break
        place, why = attempt.ended
        skipped[place] = why
        if place < 0 or time.monotonic() >= until:
            break
    return _told(said, attempt.last, cut, skipped)


def _told(said: dict[int, list[dict[str, Any]]], last: str, cut: set[int], skipped: dict[int, str]) -> Run:
    """Return what the cells said, in their order."""
    run = Run()
    for place, lines in sorted(said.items()):
        run.calls += [Call(line["student"], line["name"], line["value"]) for line in lines if "value" in line]
        errors = [line["error"] for line in lines if "error" in line]
        if place in skipped:
            run.notes.append(f"Code cell {place + 1} {skipped[place]}.")
        elif place in cut:
            run.notes.append(f"Code cell {place + 1} took too long and was cut off.")
        elif errors:
            run.notes.append(f"Code cell {place + 1} stopped with {errors[-1]}")
    if -1 in skipped:
        run.notes.append(f"The notebook {skipped[-1]}.")
    run.students = {call.student for call in run.calls if call.student} or {last} - {""}
    return run


def _attempt(cells: Sequence[str], skipped: set[int], limits: Limits, until: float) -> _Attempt:
    """Run the cells once, in a new process and a new folder."""
    task = {"cells": list(cells), "skipped": sorted(skipped), "memory": limits.memory}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "socialcoop.teach.cells"],
            cwd=folder,
            env=_surroundings(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            lines: Queue[bytes | None] = Queue()
            Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
            _give(process, {**task, "seconds": int(limits.notebook) + 10})
            return _watch(process, lines, Path(folder), limits, until)
        finally:
            _end(process)


def _watch(
    process: subprocess.Popen[bytes], lines: Queue[bytes | None], folder: Path, limits: Limits, until: float
) -> _Attempt:
    """Listen to a process until it has run all cells, or has to be ended."""
    attempt, place, began, looked = _Attempt(), -1, time.monotonic(), 0.0
    while attempt.ended is None:
        now = time.monotonic()
        line = _next(lines, process)
        if line is None:
            attempt.ended = place, "ended the process" if place >= 0 else "could not be run"
        elif line and (told := _parsed(line)):
            if "cell" in told:
                place, began = told["cell"], now
                attempt.said[place] = []
            elif "value" in told or "error" in told:
                attempt.said.setdefault(place, []).append(told)
            else:
                attempt.last = told["student"]
                break
        elif now - looked > 1:
            looked = now
            if _size(folder) > limits.disk:
                attempt.ended = place, "wrote more than may be kept, and was ended"
        if now > until:
            attempt.ended = -1, f"took more than {limits.notebook:g} seconds, and what came later does not count"
        elif place >= 0 and now > began + limits.cell:  # to begin takes its time on a busy machine
            if os.name != "posix" or now > began + limits.cell + GRACE:
                attempt.ended = place, "took too long, did not stop and was ended"
            elif place not in attempt.cut:
                attempt.cut.add(place)
                process.send_signal(signal.SIGINT)
    return attempt


def _next(lines: Queue[bytes | None], process: subprocess.Popen[bytes]) -> bytes | None:
    """Return the next line, nothing if there is none yet, or None if none will come."""
    over = process.poll() is not None
    try:
        return lines.get(timeout=AT_REST)
    except Empty:
        return None if over else b""


def _parsed(line: bytes) -> dict[str, Any]:
    """Return what a line tells, or nothing if it is none that the process should write: students can write there."""
    try:
        told = json.loads(line)
        if set(told) == {"cell"}:
            return {"cell": int(told["cell"])}
        if set(told) in ({"error"}, {"student"}):
            return {name: str(text) for name, text in told.items()}
        value = told["value"] if isinstance(told["value"], str) else float(told["value"])
        return {"student": str(told["student"]), "name": str(told["name"]), "value": value}
    except (ValueError, LookupError, TypeError, RecursionError):
        return {}


def _size(folder: Path) -> int:
    """Return how many bytes the files in a folder have."""
    size = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                size += os.lstat(os.path.join(where, name)).st_size
    return size


def _surroundings(folder: str) -> dict[str, str]:
    """Return the environment of the process: nothing that the lecturer's may tell."""
    homes = dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "IPYTHONDIR", "MPLCONFIGDIR"), folder)
    found = [str(Path(__file__).parents[2]), *map(os.path.abspath, filter(None, sys.path))]  # as this process finds it
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | ALONE | homes | {"PYTHONPATH": os.pathsep.join(dict.fromkeys(found))}


def _give(process: subprocess.Popen[bytes], task: dict[str, Any]) -> None:
    with suppress(OSError):
        assert process.stdin is not None
        process.stdin.write(json.dumps(task).encode())
        process.stdin.close()


def _read(pipe: IO[bytes], lines: Queue[bytes | None]) -> None:
    """Hand on what comes, up to a limit, and then nothing more."""
    left = MOST_SAID
    with suppress(OSError, ValueError):
        while left > 0 and (line := pipe.readline(left)):
            left -= len(line)
            lines.put(line)
    lines.put(None)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, and what it has started and not set free."""
    with suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(OSError):
        process.kill()
    process.wait()
