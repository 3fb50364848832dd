"""Pictures as files of their own: whole, offline, described, credited, and always the same bytes."""

import re
import tomllib
import xml.etree.ElementTree as ElementTree
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from matplotlib.image import imread

import socialcoop as sc
from socialcoop.book import files

ROOT = Path(__file__).parents[1]
SVG = "{http://www.w3.org/2000/svg}"


def picture():
    figure, ax = sc.plots.canvas(xlim=(0, 1), ylim=(0, 10), xlabel="p < 0.001 & more")
    (bar,) = ax.plot([0.5, 0.5], [0, 1], color="#0072b2", animated=True)
    return sc.Picture(
        figure, "A bar & <more>. It rises.", lambda height: bar.set_ydata([0, height]) or f"{height} high."
    )


def explorable():
    return sc.explore(picture(), height=[1, 5, 9])


@pytest.mark.parametrize("made", [picture, explorable])
@pytest.mark.parametrize("name", ["a.svg", "a.png", "a.html", "A.SVG"])
def test_a_file_is_written_and_equal_input_gives_equal_bytes(tmp_path, made, name):
    path = made().save(tmp_path / name)
    assert path == tmp_path / name
    first = path.read_bytes()
    assert made().save(str(path)).read_bytes() == first
    assert len(first) > 1000


@pytest.mark.parametrize("made", [picture, explorable])
@pytest.mark.parametrize("path", ["a.pdf", "a", "", "svg", "a.html.txt", 3, None, b"a.svg"])
def test_another_kind_is_refused_with_the_three_that_there_are(made, path):
    with pytest.raises((ValueError, TypeError), match=r"path must.*\.svg, \.png or \.html, got"):
        made().save(path)


def test_the_svg_stands_alone_with_a_title_a_description_and_its_colours(tmp_path):
    text = picture().save(tmp_path / "a.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title").text == "A bar & <more>"
    assert root.find(f"{SVG}desc").text == "A bar & <more>. It rises."
    assert "var(" not in text
    assert "stroke:#0072b2" in text
    assert '[style*="stroke:#0072b2"]{stroke:#5aaaf8!important}' in root.find(f"{SVG}style").text
    words = ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]
    assert "p < 0.001 & more" in words
    assert words[-1] == files.credit()


def test_the_png_has_a_line_more_than_the_picture_and_says_what_it_shows(tmp_path):
    made = picture()
    saved = made.save(tmp_path / "a.png").read_bytes()
    alone, whole = imread(BytesIO(made.png())), imread(BytesIO(saved))
    assert (whole[: len(alone)] == alone).all()
    assert whole.shape[1] == alone.shape[1]
    assert (whole[len(alone) :] < 0.9).any(axis=(0, 1))[:3].all()
    assert b"A bar & <more>. It rises." in saved


def test_the_page_is_whole_and_asks_for_nothing(tmp_path):
    for made in (picture, explorable):
        html = made().save(tmp_path / "a.html").read_text(encoding="utf-8")
        assert html.startswith('<!DOCTYPE html>\n<html lang="en">')
        for part in (
            '<meta charset="utf-8">',
            'name="viewport"',
            "<title>A bar &amp; &lt;more&gt;</title>",
            files.credit(),
        ):
            assert part in html
        assert not re.search(r'(src|href)="(?!#)|@import|url\((?!#)', html)
    assert html.count('type="range"') == 1
    assert "9 high." in html


def test_the_credit_names_the_book_and_its_version():
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert files.credit() == f"{config['title']}, {project['version']}"
