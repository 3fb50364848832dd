"""Runs the notebooks side by side, while the other pages are read."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

RUNNING = "notebooks_that_run"  # by page, where the handlers below share them
SLOW = ("import axelrod", "from sklearn")


def start_notebooks(
    _app: Sphinx, env: BuildEnvironment, names: list[str]
) -> None:
    """Start all notebooks, one on each processor; they are read at the end.

    What MyST-NB's cache holds is dropped: it may be older than the package.
    """
    config = env.mystnb_config
    if config.execution_mode != "cache":
        return
    get_cache(config.execution_cache_path).clear_cache()

    def path(name: str) -> Path:
        return Path(env.doc2path(name))

    def run(name: str) -> Any:
        notebook = nbformat.read(path(name), as_version=4)
        where, limit = str(path(name).parent), config.execution_timeout
        return single_nb_execution(notebook, where, limit, allow_errors=False)

    notebooks = [name for name in names if path(name).suffix == ".ipynb"]
    # the longest first, so that none is left over at the end
    notebooks.sort(key=lambda name: _likely_length(path(name)), reverse=True)
    names[:] = [name for name in names if name not in notebooks] + notebooks
    pool = ThreadPoolExecutor(os.cpu_count())
    running = {name: pool.submit(run, name) for name in notebooks}
    pool.shutdown(wait=False)  # it takes no more, and ends when all are done
    setattr(env.app, RUNNING, running)


def await_notebook(app: Sphinx, name: str, _source: list[str]) -> None:
    """Put the outputs of a notebook into MyST-NB's cache before it looks.

    A notebook that fails is left out, so that MyST-NB runs it again and
    reports.
    """
    running: dict[str, Future[Any]] = getattr(app, RUNNING, {})
    if name not in running:
        return
    result = running.pop(name).result()
    if result.err is None:
        path = app.env.doc2path(name)
        seconds = {"execution_seconds": result.time}
        bundle = CacheBundleIn(result.nb, path, data=seconds)
        cache = get_cache(app.env.mystnb_config.execution_cache_path)
        cache.cache_notebook_bundle(
            bundle, check_validity=False, overwrite=True
        )


def _likely_length(path: Path) -> tuple[bool, int]:
    """Return what sorts notebooks by how long they may take, without a run.

    Those take longest that train models or load a library which takes seconds;
    of two others the larger one draws more.
    """
    source = path.read_text(encoding="utf-8")
    slow = any(line in source for line in SLOW)
    return slow, len(source)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    # a notebook that runs beside others keeps to one processor
    os.environ["LOKY_MAX_CPU_COUNT"] = "1"
    app.connect("env-before-read-docs", start_notebooks)
    app.connect("source-read", await_notebook)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
