"""Who is shown beside whom: from chapter 7 on a comparison has the best constant and an imitator that generalises."""

import json
import re

import pytest
from notebooks import cells_of

CHAPTERS = (
    "compatibility_alone",
    "imitation",
    "imitate_then_commit",
    "upper_bound",
    "sample_complexity",
    "lower_bound",
    "alice_revisited",
    "trained_model",
    "people",
    "limits",
)
COMPARES = r"imitat|commit|copies|to the end|holds"
READS_NOTHING = r"no data|no records?\b|without (any )?data|constant|one act"
NOBODY = r"sc\.teach\.another|sc\.plots\.(codebook_tree|commitment_timeline|population_map|proof_chain)"  # is compared
GENERALISES = r"n-gram|network|trained|model\b|back-off|BackOff"

# the cells that speak of assistants and have no rivals, with the reason
WITHOUT = {
    "compatibility-alone-08": "how long a table survives, as a formula",
    "compatibility-alone-11": "what a table's survival takes, as a formula",
    "compatibility-alone-17": "the plain codebook, of which the text says that nothing is learned from its records",
    "imitation-04": "how long a table's records last",
    "imitation-26": "a distance between distributions, not what anybody earns",
    "imitate-then-commit-04": "the four steps of one commitment, by hand",
    "imitate-then-commit-06": "the first run of the method, whose rivals come with the ways to commit",
    "1tccours": "one episode of the method, watched stage by stage",
    "imitate-then-commit-14": "what two commitments are worth, from the joint play alone",
    "upper-bound-31": "a counterexample, in which there is one type and nothing to learn",
    "upper-bound-18": "a counterexample, in which there is one type and nothing to learn",
    "sample-complexity-09": "numbers of records that are enough, which a constant never has",
    "sample-complexity-10": "numbers of records that are enough, which a constant never has",
    "sample-complexity-16f": "a lower bound for everybody; the constant's loss is in the text",
    "lower-bound-23": "how often a promise is broken",
    "lower-bound-26": "bounds, for every assistant",
    "alice-11": "one project, read aloud",
    "alice-15": "one project measured, whose rivals come in a section of their own",
    "alice-19": "whether partners speak up, and not what they earn",
    "alice-23": "a steady assistant beside the two of the story; rivals come in a section of their own",
    "alice-30": "a bound, and its terms",
    "alice-33": "a partner with whom all are lost",
    "trained-model-15": "what happens after a departure, and not what is earned",
    "trained-model-24": "a rule, whose rivals are in the figure before it",
    "trained-model-unsure": "two rules for one network; its rivals are in the tables before and after",
    "limits-10": "two commitments and a proposition about them; rivals are in the table before it",
}


def told(cell):
    """Return what the outputs of a cell say, alternative texts included."""
    outputs = cell.get("outputs", [])
    texts = [output.get("text", output.get("data", {}).get("text/plain", "")) for output in outputs]
    texts += [json.dumps(output.get("metadata", {}).get("image/png", {})) for output in outputs]
    return " ".join("".join(text) for text in texts)


def comparisons():
    for name in CHAPTERS:
        for cell in cells_of(name):
            asked = "sc.book.ask" in cell["source"]  # what a question says stands in the text and figures around it
            drawn = re.search(NOBODY, cell["source"])
            if cell["cell_type"] == "code" and not asked and not drawn and re.search(COMPARES, told(cell)):
                yield pytest.param(cell, id=cell["id"])


@pytest.mark.parametrize("cell", list(comparisons()))
def test_a_comparison_shows_the_best_constant_and_an_imitator_that_generalises(cell):
    both = all(re.search(rival, told(cell)) for rival in (READS_NOTHING, GENERALISES))
    assert both != (cell["id"] in WITHOUT), "its rivals are missing, or the list of exceptions is out of date"


def test_the_exceptions_are_cells_that_compare():
    assert set(WITHOUT) <= {param.id for param in comparisons()}
