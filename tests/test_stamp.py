"""A book is stamped with what it is made of if it was built whole and nobody had to be warned."""

from pathlib import Path

import pytest
import stamp
import yaml
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

ROOT = Path(__file__).parents[1]


@pytest.fixture
def source(tmp_path):
    """Return the folder of a small book of two chapters."""
    folder = tmp_path / "book"
    (folder / "chapters").mkdir(parents=True)
    (folder / "README.md").write_text("a book", encoding="utf-8")
    for name in ("index", "other"):
        write(folder, name, "well")
    return folder


def write(folder, name, text):
    (folder / "chapters" / f"{name}.rst").write_text(f":orphan:\n\n{name}\n=====\n\n{text}\n", encoding="utf-8")


def build(source, **settings):
    """Build a small book, and return the stamp that it got, or None."""
    out = source.parent / "out"
    settings = {"extensions": ["stamp"], "root_doc": "chapters/index", "nitpicky": True} | settings
    with docutils_namespace():
        Sphinx(source, None, out / "html", out / "trees", "html", settings, status=None).build()
    path = out / stamp.STAMP
    return path.read_text(encoding="utf-8") if path.exists() else None


def test_a_whole_and_clean_book_is_stamped_with_what_it_is_made_of(source):
    assert build(source) == stamp.made_of(source)


@pytest.mark.parametrize("name", ["README.md", "chapters/other.rst", "tests/new.py"])
def test_every_change_and_every_new_file_makes_another_stamp(source, name):
    before = stamp.made_of(source)
    assert before == stamp.made_of(source)
    (source / name).parent.mkdir(exist_ok=True)
    (source / name).write_text("changed", encoding="utf-8")
    assert stamp.made_of(source) != before


def test_another_release_of_anything_installed_makes_another_stamp(source, monkeypatch):
    before = stamp.made_of(source)
    monkeypatch.setattr(stamp, "distributions", lambda: [])
    assert stamp.made_of(source) != before


def test_a_book_that_was_built_in_part_loses_its_stamp(source):
    assert build(source)
    write(source, "other", "better")
    assert build(source) is None


@pytest.mark.parametrize("text", ["*unfinished", ":doc:`nowhere`", ":py:func:`nothing`"])
def test_a_book_with_a_warning_gets_no_stamp(source, text):
    write(source, "other", text)
    assert build(source) is None


def test_a_book_that_would_not_be_warned_of_dead_links_gets_no_stamp(source):
    assert build(source, nitpicky=False) is None


def test_the_book_is_stamped_and_its_dead_links_are_warned_of():
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]
    assert config["local_extensions"]["stamp"] == "chapters/_ext"
    assert config["config"]["nitpicky"] is True
