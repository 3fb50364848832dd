"""Pages follow the package: when it has changed they are read, and their notebooks executed, again."""

from pathlib import Path

import fresh
import pytest
import yaml
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

ROOT = Path(__file__).parents[1]


@pytest.fixture
def package(monkeypatch, tmp_path):
    """Put a small package in the place of the real one, and return its folder."""
    folder = tmp_path / "package" / "small"
    (folder / "inner").mkdir(parents=True)
    for name in ("__init__.py", "inner/__init__.py", "inner/look.css"):
        (folder / name).write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(folder.parent)
    monkeypatch.setattr(fresh, "PACKAGE", "small")
    monkeypatch.setattr(fresh, "version", lambda name: RELEASE[name])
    monkeypatch.setitem(RELEASE, "small", "1.0")
    return folder


RELEASE = {}


def change_default(package):
    (package / "inner" / "__init__.py").write_text("def play(stages=3): ...", encoding="utf-8")


def change_style(package):
    (package / "inner" / "look.css").write_text("a {}", encoding="utf-8")


def rename(package):
    (package / "inner" / "look.css").rename(package / "look.css")


def release(package):
    RELEASE["small"] = "1.1"


@pytest.mark.parametrize("change", [change_default, change_style, rename, release])
def test_every_change_of_the_package_reads_all_pages_again(package, tmp_path, change):
    source = tmp_path / "source"
    source.mkdir()
    for name in ("index", "other"):
        (source / f"{name}.rst").write_text(f":orphan:\n\n{name}\n=====\n", encoding="utf-8")

    def read():
        settings = {"extensions": ["fresh"]}
        names = []
        with docutils_namespace():
            app = Sphinx(source, None, tmp_path / "out", tmp_path / "trees", "html", settings, status=None)
            app.connect("env-before-read-docs", lambda app, env, found: names.extend(found))
            app.build()
        return sorted(names)

    assert read() == ["index", "other"]
    assert read() == []
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "inner.pyc").write_bytes(b"compiled")
    assert read() == []
    change(package)
    assert read() == ["index", "other"]
    assert read() == []


def test_the_book_uses_it_for_its_own_package():
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert config["sphinx"]["local_extensions"]["fresh"] == "chapters/_ext"
    assert fresh.PACKAGE == "socialcoop"
    assert fresh.made_with() == fresh.made_with()
