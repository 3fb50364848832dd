"""Runs the notebooks side by side, one on each processor."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def run_notebooks(
    _app: Sphinx, env: BuildEnvironment, names: Iterable[str]
) -> None:
    """Put the outputs of all notebooks into MyST-NB's cache before it looks.

    What was there before is dropped: it may be older than the package. A
    notebook that fails is left out, so that MyST-NB runs it again and reports.
    """
    config = env.mystnb_config
    if config.execution_mode != "cache":
        return
    cache = get_cache(config.execution_cache_path)
    cache.clear_cache()
    paths = [Path(env.doc2path(name)) for name in names]
    notebooks = [path for path in paths if path.suffix == ".ipynb"]
    # the largest first, so that none is left over at the end
    notebooks.sort(key=lambda path: path.stat().st_size, reverse=True)

    def run(path: Path) -> ExecutionResult:
        notebook = nbformat.read(path, as_version=4)
        where, limit = str(path.parent), config.execution_timeout
        return single_nb_execution(notebook, where, limit, allow_errors=False)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, result in zip(
            notebooks, pool.map(run, notebooks), strict=True
        ):
            if result.err is None:
                bundle = CacheBundleIn(
                    result.nb,
                    str(path),
                    data={"execution_seconds": result.time},
                )
                cache.cache_notebook_bundle(
                    bundle, check_validity=False, overwrite=True
                )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    # a notebook that runs beside others keeps to one processor
    os.environ["LOKY_MAX_CPU_COUNT"] = "1"
    app.connect("env-before-read-docs", run_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
