"""matplotlib, loaded without its words on where it keeps its cache.

It warns on stderr where a home cannot be written to, as in many a container, and where looking for fonts takes long.
In a notebook such words would stand among the outputs, and differ from run to run.
"""

import logging
from importlib import import_module


def _load() -> None:
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        import_module("matplotlib.font_manager")  # finds its folders, and the fonts
    finally:
        log.setLevel(level)


_load()
