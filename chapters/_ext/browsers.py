"""Finds a browser that prints and tests the book: Chromium, Chrome or Edge."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

NAMES = (
    "chromium-headless-shell",  # the same without a window: a third less work
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
# Where macOS and Windows put them, which is not on the path.
APPLICATIONS = ("Chromium", "Google Chrome", "Microsoft Edge")
PROGRAMS = (
    "Chromium/Application/chrome.exe",
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
PROGRAM_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")


def places() -> Iterator[Path]:
    """Yield where a browser may be that the path does not name."""
    for root in (Path("/"), Path.home()):
        for name in APPLICATIONS:
            yield root / f"Applications/{name}.app/Contents/MacOS/{name}"
    for variable in PROGRAM_FOLDERS:
        if variable in os.environ:
            for program in PROGRAMS:
                yield Path(os.environ[variable], program)


def find_browser() -> str | None:
    """Return the first browser found, Playwright's own last, or None."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    for place in (*places(), *playwrights()):
        if place.is_file():
            return str(place)
    return None


def playwrights() -> Iterator[Path]:
    """Yield where Playwright puts the browser that it installs itself."""
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            yield Path(playwright.chromium.executable_path)
    except Error:  # it runs already, or has no browser for this system
        return


def looked_for() -> str:
    """Return what was looked for, for a message that nothing was found."""
    return (
        f"no browser found: looked for {', '.join(NAMES)} on the path, for "
        f"{', '.join(APPLICATIONS)} where macOS and Windows install them, and "
        "for the one of `playwright install chromium`"
    )
