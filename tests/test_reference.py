"""What the reference pages promise: they are complete, their links lead somewhere, their examples run."""

import ast
import doctest
import inspect
import re
import tomllib
from fnmatch import fnmatch
from functools import cache, reduce
from pathlib import Path

import numpy as np
import pytest
import test_strategies as contract
import yaml
from notebooks import CHAPTERS, NAMES, cells_of
from test_import import ORDER

import socialcoop as sc

ROOT = Path(__file__).parents[1]
PAGES = sorted(path.stem for path in CHAPTERS.glob("*.md"))
CHAPTERS_IN_ORDER = re.findall(r"file: chapters/(\w+)$", (ROOT / "_toc.yml").read_text(encoding="utf-8"), re.MULTILINE)
LABEL = re.compile(r"^(?::label: (\S+)|\((\S+)\)=)$", re.MULTILINE)


@cache
def page(name):
    return (CHAPTERS / f"{name}.md").read_text(encoding="utf-8")


@cache
def prose(name):
    return "\n".join(cell["source"] for cell in cells_of(name) if cell["cell_type"] == "markdown")


@cache
def labels():
    """Return where each label is defined: a page's name by label."""
    texts = {name: prose(name) for name in NAMES} | {name: page(name) for name in PAGES}
    return {"".join(found): name for name, text in texts.items() for found in LABEL.findall(text)}


def linked(text, role):
    """Return the targets of a role's links in a text, with or without a title."""
    found = re.findall(re.escape("{" + role + "}") + r"`([^`]+)`", text)
    return [re.sub(r".*<(.*)>$", r"\1", target) for target in found]


def in_the_package(name):
    """Return what a dotted name that begins with socialcoop stands for."""
    assert name.startswith("socialcoop."), name
    return reduce(getattr, name.split(".")[1:], sc)


@cache
def functions_of(path):
    """Return the names of the test functions in a file."""
    return {
        node.name
        for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }


# --- all pages


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name):
    text = page(name)
    assert set(linked(text, "doc")) <= {*NAMES, *PAGES}
    for role in ("prf:ref", "ref"):
        assert set(linked(text, role)) <= set(labels())
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(labels())
    for target in linked(text, "py:obj"):
        in_the_package(target)
    for path, test in re.findall(r"(tests/\S+\.py)::(\w+)", text):
        assert test in functions_of(path), f"{path} has no {test}"


NUMBERED = CHAPTERS_IN_ORDER[: CHAPTERS_IN_ORDER.index("limits") + 1]
TITLES = {f"{place}. {prose(name).splitlines()[0][2:]}": name for place, name in enumerate(NUMBERED, start=1)}


@pytest.mark.parametrize("name", ["notation", "teaching", "paper_map"])
def test_a_chapter_goes_by_its_number_or_by_its_number_and_title(name):
    calls = re.findall(r"\{doc\}`([^`<]+) <(\w+)>`", page(name))
    told = {words.replace("Chapter", "chapter"): chapter for words, chapter in calls if chapter in NUMBERED}
    right = {f"chapter {place}": chapter for place, chapter in enumerate(NUMBERED, start=1)} | TITLES
    assert len(told) > 10
    assert not {words: chapter for words, chapter in told.items() if right.get(words) != chapter}


def test_the_first_page_lists_the_chapters_with_their_numbers_and_titles():
    rows = re.findall(r"^\| (\d+) \| \[([^]]+)\]\((\w+)\.ipynb\)", prose("intro"), re.MULTILINE)
    assert {f"{number}. {title}": chapter for number, title, chapter in rows} == TITLES


# --- the paper, statement by statement

STATEMENTS = {
    "Introduction": [
        "First challenge: long histories",
        "Second challenge: small differences",
        "Two natural assumptions",
        "Learned more efficiently under these assumptions",
        "Direct imitation may be the wrong objective",
        "New objectives for language models",
    ],
    "Section 2: the model": [
        "The class of games",
        "Payoffs in [0, 1]",
        "Histories and meta-strategies",
        "Expected total payoff",
    ],
    "Section 3: social intelligence": [
        "Definition 3.1: consistency",
        "Nash equilibria and PONE",
        "Consistent and willing agents come close to a PONE",
        "Definition 3.2: compatibility",
        "Definition 3.3: social intelligence",
        "Members identify types and adapt",
        "“Ideally” without additional information",
        "Social learning problem and dataset",
        "Definition 3.4: altruistic regret",
        "Low regret for the partner, low regret for the AI",
        "The objective: expected altruistic regret",
        "The AI must know its own type",
        "The safe strategy: disengaging",
    ],
    "Section 3.1: consistency without compatibility": [
        "I.1 Are both needed?",
        "I.2 The most general consistent class",
        "I.3 Play approaches coarse correlated equilibria",
        "I.4 Can the AI do better, from such records?",
        "I.5 No guarantee from consistency alone",
        "I.6 Every such equilibrium has its learners",
        "I.7 Inefficient ones cannot be excluded",
        "I.8 No dataset teaches better",
        "I.9 The partner's type is unknown at work",
        "I.10 A classifier might infer the type",
        "I.11 No reason to communicate types",
    ],
    "Section 3.1: compatibility without consistency": [
        "II.1 A handshake identifies types",
        "II.2 Then they play the agreed PONE",
        "II.3 No constraint after a wrong action",
        "II.4 Grim trigger for the rest of the horizon",
        "II.5 Forgiving strategies are no better",
        "II.6 A member must be imitated perfectly",
        "II.7 The problem reduces to imitation without interaction",
        "II.8 Exponential in the horizon",
    ],
    "Section 3.2: the upper bound": [
        "The key idea",
        "A consistent partner can be coerced",
        "Imitate-then-commit strategies",
        "Assumption 3.5",
        "Imitation alone sets the sample complexity",
        "The imitation strategy",
        "The marginal strategy",
        "Lemma 3.6, equation (1)",
        "Lemma 3.6: readings",
        "Lemma 3.6: proof by two cited results",
        "The joint strategy ẑ",
        "A mixture ν that serves every partner",
        "The four steps",
        "Theorem 3.7, equation (2)",
        "Theorem 3.7: existence",
        "Theorem 3.7: units and names",
        "Proof sketch: imitated play is close to real play",
        "Proof sketch: both payoffs are close to some PONE",
        "Proof sketch: a best reply to ν is nearly as good",
    ],
    "Conclusion of the paper": [
        "Imitation alone is infeasible",
        "Formal guarantees with socially intelligent agents",
    ],
}
VERDICTS = ("Defined", "Holds", "Holds in part", "Fails as printed", "Not implied", "Open")


def entries():
    """Return the page's entries as {title: {term: text}}."""
    found = {}
    for title, body in re.findall(r"^### (.+)\n((?:(?!#).*\n)+)", page("paper_map"), re.MULTILINE):
        found[title] = dict(re.findall(r"^(\w+)\n((?:: .*\n)+)", body, re.MULTILINE))
    return found


def verdict_of(entry):
    """Return the words with which a verdict begins."""
    return re.match(r": \*\*([^*.]+)\.?\*\*", entry["Verdict"])[1]


def test_the_paper_map_has_every_statement_of_the_paper_in_its_order():
    found = {}
    for level, title in re.findall(r"^(##+) (.+)$", page("paper_map"), re.MULTILINE):
        if level == "##":
            found[title] = []
        else:
            list(found.values())[-1].append(title)
    assert found == STATEMENTS


@pytest.mark.parametrize("title", [title for section in STATEMENTS.values() for title in section])
def test_an_entry_leads_to_a_chapter_code_and_tests_and_judges(title):
    entry = entries()[title]
    assert list(entry) == ["Where", "Code", "Tests", "Verdict"]
    chapters = linked(entry["Where"], "doc")
    assert chapters
    assert {labels()[label] for label in linked(entry["Where"], "prf:ref")} <= set(chapters)
    assert linked(entry["Code"], "py:obj")
    lines = entry["Tests"].splitlines()
    assert all(re.fullmatch(r": `tests/\S+\.py::test_\w+`", line) for line in lines)
    assert verdict_of(entry) in VERDICTS


def test_every_verdict_is_explained_and_counted():
    opening = page("paper_map").split("\n## ")[0]
    counts = re.findall(r"^\| \*([A-Z][^*]+)\* \| (\d+) \|", opening, re.MULTILINE)
    assert tuple(word for word, _ in counts) == VERDICTS
    given = [verdict_of(entry) for entry in entries().values()]
    assert {word: int(count) for word, count in counts} == {word: given.count(word) for word in VERDICTS}


def test_the_table_of_the_main_statements_gives_their_verdicts():
    opening, *sections = page("paper_map").split("\n## ")
    titles = dict(re.findall(r"^\((map-\S+)\)=\n### (.+)$", "\n## ".join(sections), re.MULTILINE))
    rows = re.findall(r"^\| \[[^]]+\]\(#(map-\S+)\) \| \*\*([^*]+)\*\*", opening, re.MULTILINE)
    assert len(rows) >= 10
    assert [word for _, word in rows] == [verdict_of(entries()[titles[label]]) for label, _ in rows]


def test_the_paper_map_quotes_few_words():
    assert all(len(quoted.split()) <= 6 for quoted in re.findall(r"“([^”]*)”", page("paper_map")))


# --- the package's page


MODULES = ("games", "equilibria", "plays", "strategies", "people", "engine", "regret", "social", "imitation")
MODULES += ("commit", "phase", "bounds", "sweeps", "comparison", "book", "plots", "teach", "teach.items")


def public_objects():
    """Return every public function and class, by its name after ``sc.``: the shortest if it has several."""
    found = {name: getattr(sc, name) for name in sc.__all__ if not inspect.ismodule(getattr(sc, name))}
    for area in MODULES:
        module = in_the_package(f"socialcoop.{area}")
        objects = {name: getattr(module, name) for name in module.__all__}
        found |= {
            f"{area}.{name}": each for name, each in objects.items() if callable(each) and each not in found.values()
        }
    return found


PUBLIC = public_objects()


def listed():
    return re.findall(r"^\.\. auto(?:class|function):: socialcoop\.(\S+)$", page("api"), re.MULTILINE)


def test_the_package_page_lists_every_public_name_once():
    assert sorted(listed()) == sorted(PUBLIC)


def test_the_package_page_follows_the_flow_of_data():
    places = [ORDER.index(PUBLIC[name].__module__.split(".")[1]) for name in listed()]
    assert places == sorted(places)


def test_every_name_is_in_the_module_that_the_heading_of_its_section_names():
    parts = re.split(r"^##+ .*`sc\.([\w.]+)`$", page("api"), flags=re.MULTILINE)[1:]
    for module, text in zip(parts[::2], parts[1::2], strict=True):
        for name in re.findall(r"^\.\. auto(?:class|function):: socialcoop\.(\S+)$", text, re.MULTILINE):
            assert getattr(in_the_package(f"socialcoop.{module}"), name.split(".")[-1]) is PUBLIC[name]


# from_axelrod: test_axelrod.py, since it takes several seconds to load that library
@pytest.mark.parametrize("name", [name for name in PUBLIC if name != "strategies.from_axelrod"])
def test_the_examples_of_a_name_run_and_show_what_they_say(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # some write a file
    assert re.search(r"^ *Examples\n *-{8}\n", inspect.getdoc(PUBLIC[name]), re.MULTILINE)
    room = {"np": np, "sc": sc}  # what the page says that its examples begin with
    tests = doctest.DocTestFinder().find(PUBLIC[name], name, globs=room)
    examples = [example for test in tests for example in test.examples]
    assert [each for each in examples if each.want and not each.options.get(doctest.SKIP)]
    said = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)  # long sentences are wrapped
    for test in tests:
        runner.run(test, out=said.append)
    assert not said, "".join(said)


# --- notation


def symbols():
    """Return (formula, the rest of the entry) for each symbol of the notation page, above the paper's own."""
    text = page("notation").split("\n## The paper's symbols")[0]
    return re.findall(r"^\$([^$]+)\$, .*\n((?:: .*\n){2})", text, re.MULTILINE)


def has(owner, name):
    """Return whether an object has an attribute or takes an argument of this name."""
    return hasattr(owner, name) or name in inspect.signature(owner).parameters


def test_every_entry_of_the_notation_is_read():
    text = page("notation").split("\n## The paper's symbols")[0]
    assert len(symbols()) == len(re.findall(r"^\$", text, re.MULTILINE)) == text.count("First in {doc}") > 40


@pytest.mark.parametrize(("formula", "entry"), symbols())
def test_a_symbol_has_a_name_in_code_and_stands_first_where_it_says(formula, entry):
    code, first = entry.split("In code: ")[1].split("First in ")
    assert linked(code, "py:obj")
    assert code.count("`") == 2 * len(re.findall(r"`(\w+)` of ", code)) + 2 * len(linked(code, "py:obj"))
    for name, target in re.findall(r"`(\w+)` of \{py:obj\}`[^<`]+<([\w.]+)>`", code):
        assert has(in_the_package(target), name)
    (chapter,) = linked(first, "doc")
    assert formula in prose(chapter)
    if re.search(r"[\\_(]", formula):  # a lone letter may mean something else before
        assert not [name for name in CHAPTERS_IN_ORDER[: CHAPTERS_IN_ORDER.index(chapter)] if formula in prose(name)]


def letters_in(text):
    """Return the letters that stand alone in a text's formulas, whatever their ornaments."""
    formulas = " ".join("".join(found) for found in re.findall(r"\$\$(.+?)\$\$|\$([^$]+)\$", text, re.DOTALL))
    words = r"\\(?:mathrm|text|begin|end)\{[^}]*\}|\\[a-zA-Z]+"
    return set(re.findall(r"(?<![a-zA-Z])[a-zA-Z](?![a-zA-Z])", re.sub(words, " ", formulas)))


def letters_with_several_meanings():
    section = page("notation").split("\n## Letters with several meanings\n")[1].split("\n## ")[0]
    return re.findall(r"^The letter \$(\w)\$\n((?:: .*\n)+)", section, re.MULTILINE)


@pytest.mark.parametrize(("letter", "meanings"), letters_with_several_meanings())
def test_a_letter_with_several_meanings_lists_the_chapters_that_use_it(letter, meanings):
    assert len(meanings.splitlines()) > 1
    listed = set(linked(meanings, "doc"))
    running = {}  # without what is explained where it stands
    for name in CHAPTERS_IN_ORDER[: CHAPTERS_IN_ORDER.index("limits") + 1]:
        text = re.sub(r"```\{prf:proof\}.*?\n```", "", prose(name), flags=re.DOTALL)
        running[name] = letters_in(text.split("\n## Exercises")[0])
    assert {name for name, letters in running.items() if letter in letters} <= listed
    assert all(letter in letters_in(prose(name)) for name in listed)


# --- how to cite: CITATION.cff says it, and all else follows

CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
PAPER = CITATION["references"][0]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def fields(bibtex):
    """Return an entry's fields, without braces and with accents as letters."""
    plain = bibtex.replace(r"\c{C}", "Ç").replace("{The", "The").replace("socialcoop}}", "socialcoop}")
    return {name: value.replace("{AI}", "AI") for name, value in re.findall(r"(\w+) *= \{(.*)\},?\n", plain)}


def named(author, *, short=False):
    """Return an author as BibTeX has it, or with initials."""
    if "name" in author:
        return author["name"]
    given, family = author["given-names"], author["family-names"]
    return f"{' '.join(name[0] + '.' for name in given.split())} {family}" if short else f"{family}, {given}"


def test_the_file_has_what_its_format_asks_for():
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION["type"] == "software"
    assert all(CITATION[needed] for needed in ("message", "title", "authors"))
    assert all(PAPER[needed] for needed in ("type", "title", "authors"))


def test_there_is_one_version():
    versions = {CITATION["version"], PROJECT["version"], sc.__version__}
    versions |= set(re.findall(r"version (\d+\.\d+\.\d+)", page("cite"), re.IGNORECASE))
    versions |= set(re.findall(r"Version (\d+\.\d+\.\d+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert versions == {re.findall(r"^## (\d+\.\d+\.\d+)$", page("changes"), re.MULTILINE)[0]}


def test_the_book_is_cited_as_the_file_says():
    book, config = fields(page("cite").split("```bibtex")[1]), (ROOT / "_config.yml").read_text(encoding="utf-8")
    year = CITATION["date-released"].year
    assert book == {
        "author": " and ".join(map(named, CITATION["authors"])),
        "title": CITATION["title"],
        "year": str(year),
        "note": f"Version {CITATION['version']}",
    }
    cited = f"> {book['author']} ({year}). *{book['title']}.* {book['note']}."
    assert cited in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert f"title: {book['title']}\n" in config
    assert f"author: {book['author'].replace('The', 'the')}\n" in config
    assert f'copyright: "{year}"' in config


def test_the_paper_is_cited_as_the_file_and_the_bibliography_say():
    (number,) = (each["value"] for each in PAPER["identifiers"])
    archive, eprint = number.split(":")
    bibliography = (CHAPTERS / "references.bib").read_text(encoding="utf-8")
    entry = re.search(r"@misc\{celikok2025social,\n.*?\n\}", bibliography, re.DOTALL)[0]
    assert fields(page("cite").split("```bibtex")[2]) == fields(entry) == {
        "author": " and ".join(map(named, PAPER["authors"])),
        "title": PAPER["title"],
        "year": str(PAPER["year"]),
        "eprint": eprint,
        "archiveprefix": archive,
    }  # fmt: skip
    authors = ", ".join(named(author, short=True) for author in PAPER["authors"])
    assert f"{authors} ({PAPER['year']}). *{PAPER['title']}.* {number}.\n" in (ROOT / "README.md").read_text(
        encoding="utf-8"
    )


def test_the_licences_are_those_of_the_licence_file():
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    for words in ("MIT", "Creative Commons", "CC BY 4.0"):
        assert words in page("cite")
        assert words in licence
    assert CITATION["license"] == [PROJECT["license"], "CC-BY-4.0"]


# --- what changed


def test_what_the_table_of_changes_calls_new_is_there_and_what_it_calls_old_is_gone():
    table = page("changes").split("```{list-table}")[1].split("```")[0]
    rows = re.findall(r"^\* - (.*)\n  - (.*)$", table, re.MULTILINE)
    assert len(rows) > 10
    for old, new in rows:
        before, after = (re.findall(r"`(\w[\w.]*)`", cell) for cell in (old, new))
        gone = [name for name in before if name.startswith("sc.")]
        kept = [f"{after[0]}.{name[3:]}" for name in gone] if new.startswith("the same in") else after
        for name in kept:
            if name.startswith("sc."):
                in_the_package(name.replace("sc", "socialcoop", 1))
        for name in gone:
            assert not hasattr(sc, name[3:])
    game = sc.games.team_lead()
    assert (game.action_names, hasattr(game, "actions")) == (("direct", "supportive"), False)
    assert list(inspect.signature(sc.SocialLearningProblem).parameters) == ["game", "people", "horizon", "types"]


# --- contributing, and the repository


def test_the_strategy_that_the_page_for_contributors_adds_passes_the_contract():
    (code,) = re.findall(
        r"```python\n(.*?)```", (ROOT / ".github/CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL
    )
    room = {}
    exec(code, room)
    game = sc.games.random_game(3, contract.TYPES, seed=1)
    ran = [
        each(room["WinStay"](), game, agent)
        for each in vars(contract).values()
        if inspect.isfunction(each) and list(inspect.signature(each).parameters) == ["strategy", "game", "agent"]
        for agent in (0, 1)
    ]
    assert len(ran) > 10


def test_the_workflow_does_what_everybody_can_do():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    runs = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in workflow["jobs"].items()}
    with_torch = ['pip install -r requirements.txt -e ".[neural]"', "pytest tests/test_sequence_models.py"]
    assert runs == {"book": ["bash .ci/run"], "networks": with_torch}
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow[True] == ["push", "pull_request"]  # the key "on", in the words of YAML 1.1


def test_the_top_of_the_repository_shows_only_what_belongs_there():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").replace("/", "").split()
    shown = {
        path.name for path in ROOT.iterdir() if not any(fnmatch(path.name, pattern) for pattern in (*ignored, ".*"))
    }
    folders = {"chapters", "socialcoop", "tests"}
    files = {"README.md", "LICENSE", "CITATION.cff", "_config.yml", "_toc.yml", "requirements.txt", "pyproject.toml"}
    assert shown == folders | files
