"""How fast a live control answers: from the moved control to the new figure and sentence, for every explorable."""

import sys
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))
from notebooks import NAMES, explorables_of


def answers(explorable) -> list[float]:
    """Move each live control through its values twice; return the seconds of the second time, when all is warm."""
    shown, *controls, _ = explorable.widget().children
    seconds = []
    for again in (False, True):
        for control in controls:
            start = control.value
            for _, value in (*control.options, ("", start)):
                before = perf_counter()
                control.value = value
                if again:
                    seconds.append(perf_counter() - before)
    assert shown.value.startswith("<figure")
    return seconds


print(f"{'explorable':<52}{'median':>8}{'slowest':>9}")
for name in NAMES:
    for number, explorable in enumerate(explorables_of(name), start=1):
        seconds = answers(explorable)
        label = f"{name} {number} ({', '.join(explorable.controls)})"
        print(f"{label:<52}{1000 * median(seconds):6.0f} ms{1000 * max(seconds):6.0f} ms")
