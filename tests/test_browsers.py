"""The browser that prints the book is found wherever people have one."""

from pathlib import Path

import browsers
import pytest


@pytest.fixture
def nothing(monkeypatch, tmp_path):
    """Take away every browser there is, and return a folder to put one into."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browsers, "playwrights", lambda: ())
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for variable in browsers.PROGRAM_FOLDERS:
        monkeypatch.setenv(variable, str(tmp_path))
    return tmp_path


def put(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return str(path)


@pytest.mark.parametrize("name", browsers.NAMES)
def test_a_browser_on_the_path_is_found(nothing, name):
    assert browsers.find_browser() is None
    expected = put(nothing / name)
    assert browsers.find_browser() == expected


@pytest.mark.parametrize("place", [f"Applications/{n}.app/Contents/MacOS/{n}" for n in browsers.APPLICATIONS])
def test_an_application_of_macos_is_found(nothing, place):
    expected = put(nothing / place)
    assert browsers.find_browser() == expected


@pytest.mark.parametrize("place", browsers.PROGRAMS)
def test_a_program_of_windows_is_found(nothing, place):
    expected = put(nothing / place)
    assert browsers.find_browser() == expected


def test_playwrights_own_browser_is_found_last(nothing, monkeypatch):
    own = Path(put(nothing / "own" / "chrome"))
    monkeypatch.setattr(browsers, "playwrights", lambda: [own])
    assert browsers.find_browser() == str(own)
    edge = put(nothing / "msedge")
    assert browsers.find_browser() == edge


def test_the_message_says_what_was_looked_for(nothing):
    assert browsers.find_browser() is None
    for name in (*browsers.NAMES, *browsers.APPLICATIONS, "playwright install"):
        assert name in browsers.looked_for()
