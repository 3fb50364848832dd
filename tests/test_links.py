"""What links in the notebooks promise: they lead somewhere, they say where, and the pages cite and number by them."""

import re

import pytest
from links import as_roles
from notebooks import CHAPTERS, NAMES, cells_of
from pybtex.database import parse_file
from pybtex.richtext import Text

IN_ORDER = re.findall(
    r"file: chapters/(\w+)$", (CHAPTERS.parent / "_toc.yml").read_text(encoding="utf-8"), re.MULTILINE
)
BIBLIOGRAPHY = parse_file(CHAPTERS / "references.bib").entries


def prose(name):
    return "\n\n".join(cell["source"] for cell in cells_of(name) if cell["cell_type"] == "markdown")


def links(name):
    """Return a notebook's links to files as (words, file, what is meant in it)."""
    return re.findall(r"\[([^][]+)\]\(([\w.]+)#?([^)]*)\)", prose(name))


def authors(work):
    """Return who wrote a work, as prose names them."""
    last = [str(Text.from_latex(" ".join(who.prelast_names + who.last_names))) for who in work.persons["author"]]
    return f"{last[0]} et al." if len(last) > 2 else " and ".join(last)


STATEMENTS = {
    (f"{name}.ipynb", label): f"{kind.title()} *{title}*"
    for name in NAMES
    for kind, title, label in re.findall(r"```\{prf:(\w+)\} ([^;\n]+).*\n:label: (\S+)", prose(name))
}


@pytest.mark.parametrize("name", NAMES)
def test_a_link_leads_somewhere_and_its_words_say_where(name):
    for words, file, part in links(name):
        if file == "references.bib":
            who, year = authors(BIBLIOGRAPHY[part]), BIBLIOGRAPHY[part].fields["year"]
            assert words in (f"{who} ({year})", f"{who}, {year}")
        elif part:
            assert words == STATEMENTS[file, part]
        else:
            assert (CHAPTERS / file).is_file()


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_cites_by_links(name):
    assert any(file == "references.bib" for _, file, _ in links(name))


@pytest.mark.parametrize("name", NAMES)
def test_roles_are_left_to_what_jupyterlab_can_follow(name):
    """It knows the statements and exercises of the notebook that it shows."""
    labels = set(re.findall(r"^:label: (\S+)$", prose(name), re.MULTILINE))
    for role, target in re.findall(r"\{([\w:]+)\}`([^`]+)`", prose(name)):
        assert role in ("prf:ref", "ref")
        assert target in labels


@pytest.mark.parametrize("name", NAMES)
def test_no_role_follows_the_word_with_which_its_text_begins(name):
    words = "exercise|theorem|lemma|proposition|corollary|definition"
    assert not re.search(rf"\b({words})s? \{{(prf:)?ref\}}", prose(name), re.IGNORECASE)


@pytest.mark.parametrize("name", NAMES)
def test_a_link_that_gives_a_chapters_number_gives_the_right_one(name):
    numbers = {f"{chapter}.ipynb": place for place, chapter in enumerate(IN_ORDER, start=1)}
    told = [(words, file) for words, file, _ in links(name) if re.search(r"^[Cc]hapter \d+$", words)]
    assert not [(words, file) for words, file in told if words.lower() != f"chapter {numbers[file]}"]


@pytest.mark.parametrize("name", NAMES)
def test_pages_have_roles_in_place_of_every_link_into_a_file(name):
    assert "(references.bib" not in as_roles(prose(name))
    assert not re.search(r"\.ipynb#", as_roles(prose(name)))


def test_links_become_roles_and_other_text_stays():
    hoeffding, azuma = "[Hoeffding, 1963](references.bib#hoeffding)", "[Azuma, 1967](references.bib#azuma)"
    assert as_roles(f"Both ({hoeffding}; {azuma}).") == "Both {cite:p}`hoeffding,azuma`."
    assert as_roles("By [Lewis (1969)](references.bib#lewis).") == "By {cite:t}`lewis`."
    assert as_roles('["(see [Theorem *A*](x.ipynb#thm-a))"]') == '["(see {prf:ref}`thm-a`)"]'
    kept = "In [0, 1] (see [chapter 9](x.ipynb), [words](notation.md)), `a[0](b)`"
    assert as_roles(kept) == kept
