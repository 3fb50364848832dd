"""The running text of the chapters, paragraph by paragraph and sentence by sentence, without formulas and code."""

import re

from notebooks import cells_of

FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
PROOF = re.compile(r"^:::\{dropdown\} Proof\n.*?^:::$", re.DOTALL | re.MULTILINE)
PAUSE = ":class: tip sc-pause"
OPTIONAL = "*Optional: nothing later needs this section.*"
WORDS_A_MINUTE = 27  # an estimate that leaves time for figures, predictions and thinking


def markdown(name):
    return [cell["source"] for cell in cells_of(name) if cell["cell_type"] == "markdown"]


def paragraphs(name):
    """Return the paragraphs and list items of a chapter; a formula is one word."""
    for text in markdown(name):
        plain = re.sub(r"\]\([^)]*\)", "]", re.sub(r"`[^`]*`", "C", FORMULA.sub("M", text)))
        for part in re.split(r"\n\s*\n|\n(?=[-\d*:])", plain):
            if part.strip() and part.strip()[0] not in "#|:`(":
                yield part.strip()


def sentences(paragraph):
    """Return the sentences of a paragraph."""
    text = re.sub(r"^(\d+\.|[-*])\s+", "", paragraph)
    return [each for each in re.split(r"(?<=[.!?:])[\"”*)]*\s+(?=[\"“*(]*[A-Z])", text) if each.strip()]


def numbers(sentence):
    """Return the numbers in a sentence, but for those in names of works and chapters."""
    named = r"\[[^]]*\]|\(\d{4}\)|chapters? \d+(?: (?:to|and) \d+)*"
    return re.findall(r"(?<![\w.])\d[\d,.]*(?:\d|\b)", re.sub(named, "", sentence))


def minutes(name):
    """Return about how long a chapter takes to read, without its proofs, exercises and optional sections."""
    return sum(sittings(name))


def sittings(name):
    """Return how long each part of a chapter takes, from one place to stop to the next."""
    return [_minutes(part) for part in "\n\n".join(markdown(name)).split(PAUSE)]


def _minutes(text):
    words = 0
    for section in re.split(r"^(?=## )", text, flags=re.MULTILINE):
        kept = [part for part in re.split(r"^(?=###? )", section, flags=re.MULTILINE) if OPTIONAL not in part]
        if not re.match(r"## (Exercises|Further reading)", section) and OPTIONAL not in section.split("\n### ")[0]:
            words += sum(len(re.findall(r"\S*\w\S*", FORMULA.sub("w", PROOF.sub("", part)))) for part in kept)
    return words / WORDS_A_MINUTE
