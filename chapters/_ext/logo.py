"""Draw the book's logo: `python chapters/_ext/logo.py` writes it."""

from __future__ import annotations

from math import pi, sin
from pathlib import Path

from socialcoop.book.look import COLORS

PATH = Path(__file__).parents[1] / "_static" / "logo.svg"


def logo() -> str:
    """Return the logo as SVG: two agents; one imitates, then commits.

    The partner's line waves. The assistant's line is its mirror image at
    first, and then goes straight to where they meet. The colours are those of
    the figures, and stand out on light and on dark pages alike.
    """
    wave = [(x, 9 * sin(pi * (x - 2) / 14)) for x in range(2, 31)]
    partner = [(x, 16 + y) for x, y in wave]
    imitates = [(x, 16 - y) for x, y in wave if x <= 16]
    lines = [
        (COLORS["partner"], partner),
        (COLORS["ai"], [*imitates, (30, 16)]),
    ]
    drawn = "".join(
        f'<polyline stroke="{colour}" points="'
        + " ".join(f"{x:g},{y:.1f}" for x, y in points)
        + '"/>\n'
        for colour, points in lines
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" '
        'fill="none" stroke-width="4" stroke-linecap="round" '
        f'stroke-linejoin="round">\n{drawn}</svg>\n'
    )


if __name__ == "__main__":
    PATH.write_text(logo(), encoding="utf-8")
