"""The source beside the pages: all of it, nothing else, and always the same file."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
NAME = "social-cooperation-executed"


@pytest.fixture(scope="module")
def unpacked(built_book, tmp_path_factory):
    """Unpack the file that the pages link, and return its one folder."""
    where = tmp_path_factory.mktemp("source")
    with ZipFile(built_book / "_static" / f"{NAME}.zip") as archive:
        assert archive.testzip() is None
        archive.extractall(where)
    assert [path.name for path in where.iterdir()] == [NAME]
    return where / NAME


def test_the_pages_link_the_source_and_it_is_small(built_book):
    for page in ("intro", "cite"):
        html = (built_book / "chapters" / f"{page}.html").read_text(encoding="utf-8")
        (link,) = set(re.findall(r'href="([^"]*\.zip)"', html))
        target = built_book / "chapters" / link
        assert target.resolve() == (built_book / "_static" / f"{NAME}.zip").resolve()
        assert target.stat().st_size < 5_000_000


def test_the_package_lies_beside_the_pages_for_a_hub_to_install(built_book):
    (path,) = (built_book / "_static").glob("*.whl")
    release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert path.name == f"socialcoop-{release}-py3-none-any.whl"
    with ZipFile(path) as archive:
        held = {name for name in archive.namelist() if name.endswith(".py")}
        assert held == {each.relative_to(ROOT).as_posix() for each in (ROOT / "socialcoop").rglob("*.py")}
    told = (ROOT / "chapters" / "teaching.md").read_text(encoding="utf-8")
    assert f"_static/{path.name}" in told


def test_every_page_says_its_version(built_book):
    release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    pages = [*(built_book / "chapters").glob("*.html")]
    assert len(pages) > 20
    assert not [page.name for page in pages if f"Version {release}." not in page.read_text(encoding="utf-8")]


def test_it_holds_every_file_of_the_book_and_no_cache(unpacked):
    found = {path.relative_to(unpacked) for path in unpacked.rglob("*") if path.is_file()}
    kinds = ("py", "ipynb", "md", "bib", "csv", "css", "js", "svg", "png", "html", "toml", "txt", "typed")
    parts = [path for part in ("chapters", "socialcoop", "tests") for path in (ROOT / part).rglob("*")]
    wanted = {
        path.relative_to(ROOT) for path in parts if path.suffix[1:] in kinds and ".ipynb_checkpoints" not in str(path)
    }
    top = (
        "README.md",
        "LICENSE",
        "_config.yml",
        "_toc.yml",
        "requirements.txt",
        "pyproject.toml",
        ".gitignore",
        ".ci/run",
        ".github/CONTRIBUTING.md",
        ".github/workflows/ci.yml",
        "CITATION.cff",
    )
    assert found == wanted | {Path(name) for name in top}
    for path in found:
        assert (unpacked / path).read_bytes() == (ROOT / path).read_bytes(), path


def test_what_it_installs_is_in_it(unpacked):
    project = tomllib.loads((unpacked / "pyproject.toml").read_text(encoding="utf-8"))
    assert (unpacked / project["project"]["readme"]).exists()
    script = "import socialcoop, sys; sys.exit(not socialcoop.__file__.startswith(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", script, str(unpacked)], cwd=unpacked, check=True)


def test_packing_it_again_gives_the_same_bytes(unpacked, built_book, tmp_path):
    script = "import sys; from pathlib import Path; import source; source.pack(Path(sys.argv[1]), Path(sys.argv[2]))"
    again = tmp_path / "again.zip"
    command = [sys.executable, "-c", script, unpacked, again]
    subprocess.run(command, cwd=unpacked / "chapters" / "_ext", check=True)
    assert again.read_bytes() == (built_book / "_static" / f"{NAME}.zip").read_bytes()
