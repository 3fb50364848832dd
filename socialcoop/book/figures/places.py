"""The map of the book: the populations that it meets, by which of the two promises they keep."""

from __future__ import annotations

from typing import NamedTuple

from socialcoop import checks
from socialcoop.book.diagram import BREADTH, Diagram
from socialcoop.book.picture import Picture

__all__ = ["population_map"]


class Place(NamedTuple):
    """Where a population stands: its name, the chapter that it comes from, and what it promises."""

    name: str
    chapter: str
    consistent: bool
    compatible: bool


# In the order of the chapters. A test of the claims computes each with the package, in the population's own game.
PLACES = (
    Place("learners in the hunt", "compatibility", True, False),
    Place("always trusting", "compatibility", False, True),
    Place("coin flippers", "compatibility", False, False),
    Place("learning conventions", "social_intelligence", True, True),
    Place("stubborn conventions", "social_intelligence", False, True),
    Place("guests of one country", "zero_shot", True, True),
    Place("scheduled in the rut", "consistency_alone", True, False),
    Place("silent guests", "consistency_alone", True, False),
    Place("codebook, grim", "compatibility_alone", False, True),
    Place("codebook, then learn", "compatibility_alone", True, True),
    Place("Ben with his savings", "upper_bound", True, True),
    Place("Dana and her like", "lower_bound", True, True),
    Place("teams that vary", "trained_model", True, True),
)
CHAPTERS = tuple(dict.fromkeys(place.chapter for place in PLACES))
ROWS = {True: "consistent", False: "not\nconsistent"}
COLUMNS = {False: "not compatible", True: "compatible"}


def population_map(chapter: str) -> Picture:
    """Return the map of consistency and compatibility as it is known at the end of a chapter.

    Parameters
    ----------
    chapter
        The file name of the chapter; what it adds to the map is marked.

    Examples
    --------
    >>> sc.plots.population_map("compatibility")
    Picture: A map of two rows, consistent and not, and two columns, not compatible and
    compatible. Consistent and not compatible: learners in the hunt (new). Consistent and
    compatible: nobody yet. Not consistent and not compatible: coin flippers
    (new). Not consistent and compatible: always trusting (new).
    """
    checks.choice("chapter", chapter, CHAPTERS)
    known = [place for place in PLACES if CHAPTERS.index(place.chapter) <= CHAPTERS.index(chapter)]
    left, breadth, y = 70.0, (BREADTH - 70) / 2, 24.0
    paper, words = Diagram(28 + sum(_height(known, row) for row in ROWS)), []
    for column, compatible in enumerate(COLUMNS):
        paper.text(left + (column + 0.5) * breadth, 11, COLUMNS[compatible], fontweight="bold")
    for consistent in ROWS:
        cells = {it: [p for p in known if (p.consistent, p.compatible) == (consistent, it)] for it in COLUMNS}
        height = _height(known, consistent)
        paper.text(left / 2 - 2, y + height / 2, ROWS[consistent])
        for column, (compatible, there) in enumerate(cells.items()):
            x = left + (column + 0.5) * breadth
            good = consistent and compatible
            paper.box(x, y + height / 2, (breadth - 3, height - 4), "", "good" if good else "muted")
            for number, place in enumerate(there):
                new = place.chapter == chapter
                name, weight = "• " * new + place.name, "bold" if new else "normal"
                paper.text(x - breadth / 2 + 5, y + 16 + 18 * number, name, ha="left", fontweight=weight)
            words.append(_told(consistent, compatible, there, chapter))
        y += height
    return paper.picture(
        "A map of two rows, consistent and not, and two columns, not compatible and compatible. " + " ".join(words)
    )


def _height(known: list[Place], consistent: bool) -> float:
    """Return how high a row is, so that the longer one of its two lists has room."""
    lists = [sum((p.consistent, p.compatible) == (consistent, it) for p in known) for it in COLUMNS]
    return 18 * max(*lists, 2) + 16


def _told(consistent: bool, compatible: bool, there: list[Place], chapter: str) -> str:
    promises = f"{'Consistent' if consistent else 'Not consistent'} and {'' if compatible else 'not '}compatible: "
    names = [place.name + " (new)" * (place.chapter == chapter) for place in there]
    return promises + (", ".join(names) or "nobody yet") + "."
