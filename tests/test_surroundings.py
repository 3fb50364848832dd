"""The package in bare surroundings: the same results, byte for byte, and not a word on stderr."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from notebooks import NAMES, cells_of

ROOT = Path(__file__).parents[1]
OWN = ("HOME", "MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")  # where a user keeps things

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

WORK = """
import locale
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import socialcoop as sc

locale.setlocale(locale.LC_ALL, "")
game = sc.Game([[[1, 0.25], [0, 0.75]]], name="Zögern", actions=["jetzt", "später"], types=["ı"])
problem = sc.SocialLearningProblem(game, sc.Hedge(), horizon=3)
with TemporaryDirectory() as folder:
    path = Path(folder, "played.csv")
    problem.sample(5, seed=1).to_csv(path)
    table = path.read_bytes()
    assert sc.Dataset.from_csv(path, game) == problem.sample(5, seed=1)
    figure = sc.explore(sc.plots.payoff_region({"ı": (game, (0, 0))}, {"Hedge": (sc.Hedge(), sc.Hedge())}),
                        game=["ı"], pair=["Hedge"], horizon=[10, 1000])
    drawn = figure.save(Path(folder, "drawn.html")).read_bytes() + figure.picture.png()
grid = sc.sweep(problem, [1, 2], [5], plays=20, datasets=2, n_jobs=1, seed=1)
for result in table, drawn, repr(grid).encode():
    print(sha256(result).hexdigest())
"""


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """Return a function that does the work in given surroundings, and returns its results and complaints."""
    script = tmp_path_factory.mktemp("work") / "work.py"
    script.write_text(WORK, encoding="utf-8")

    def work(environment, folder):
        room = {name: value for name, value in os.environ.items() if name not in OWN}
        room |= {"PYTHONPATH": str(ROOT), **environment}
        run = subprocess.run([sys.executable, script], cwd=folder, env=room, capture_output=True, check=False)
        return run.stdout.decode(), run.stderr.decode()

    return work


@pytest.fixture(scope="module")
def results(work):
    """Return the results in the surroundings of the tests."""
    found, complaints = work({name: os.environ[name] for name in OWN if name in os.environ}, ROOT)
    assert len(found.split()) == 3, complaints
    return found


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({}, ROOT),
        ({"HOME": "/dev/null/nowhere"}, ROOT),
        ({"HOME": "/dev/null/nowhere", "TMPDIR": "/dev/null/nowhere"}, "/proc"),
        ({**ASCII, "PYTHONHASHSEED": "7", "TZ": "Pacific/Apia"}, ROOT),
        ({"PYTHONOPTIMIZE": "2"}, ROOT),
    ],
    ids=["no home", "unwritable home", "nothing writable", "ASCII elsewhere", "no docstrings"],
)
def test_surroundings_change_no_result_and_call_forth_no_word(work, results, environment, folder):
    assert work(environment, folder) == (results, "")


def test_a_comma_for_decimals_and_a_dotless_i_change_no_result(work, results, tmp_path):
    if not shutil.which("localedef"):
        pytest.skip("no localedef to make a Turkish locale with")
    made = subprocess.run(["localedef", "-i", "tr_TR", "-f", "UTF-8", tmp_path / "tr_TR.UTF-8"], check=False)
    if made.returncode:
        pytest.skip("localedef finds no source of a Turkish locale")
    assert work({"LOCPATH": str(tmp_path), "LC_ALL": "tr_TR.UTF-8"}, ROOT) == (results, "")


def without_encoding(source):
    """Return the lines of the code that read or write text in whatever encoding the machine has."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [call.lineno for call in calls if is_text(call) and "encoding" not in {each.arg for each in call.keywords}]


def is_text(call):
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", None)
    if name == "open":
        if ast.unparse(call.func) == "os.open":  # which gives a number, and takes no encoding
            return False
        return not any(isinstance(each, ast.Constant) and each.value in ("rb", "wb") for each in call.args)
    return name in ("read_text", "write_text") or (name == "run" and "text" in {each.arg for each in call.keywords})


def test_texts_are_read_and_written_in_an_encoding_that_is_named():
    """Ruff's rule for this knows what a Path is only where it is made."""
    files = [path for part in ("socialcoop", "chapters", "tests") for path in (ROOT / part).rglob("*.py")]
    code = {str(path): path.read_text(encoding="utf-8") for path in files}
    for name in NAMES:
        code |= {f"{name}, cell {i}": c["source"] for i, c in enumerate(cells_of(name)) if c["cell_type"] == "code"}
    found = {place: without_encoding(source) for place, source in code.items()}
    assert {place: lines for place, lines in found.items() if lines} == {}


def test_what_names_no_encoding_is_found():
    bare = "open(p)", "p.open('w')", "p.read_text()", "p.write_text('b')", "run(c, text=True)"
    named = "open(p, 'rb')", "p.open('w', encoding='ascii')", "p.write_bytes(b)", "run(c, text=True, encoding='utf-8')"
    assert [without_encoding(each) for each in bare] == [[1]] * len(bare)
    assert [without_encoding(each) for each in named] == [[]] * len(named)
