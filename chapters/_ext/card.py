"""Draws the picture that goes with a link to the book when it is shared.

Whoever shows it wants a full address. A book without a fixed host cannot have
one: then the address is relative to the page, which some services follow. Set
`html_baseurl` in _config.yml, and it is complete.
"""

from __future__ import annotations

from html import escape
from math import pi, sin
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from sphinx.application import Sphinx

from socialcoop.book.look import COLORS
from socialcoop.book.picture import style

SIZE = (1200, 630)  # pixels, which those who show such pictures ask for
NAME = "_static/card.png"
ALT = (
    "Two lines wave against one another until one of them goes straight and "
    "the other joins it, with the title of the book above."
)


def draw(title: str, path: Path) -> None:
    """Draw the logo's two lines with the title above them."""
    with style():
        figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, SIZE[0]), ylim=(0, SIZE[1]))
        axes.set_axis_off()
        across = range(80, 1121, 5)
        wave = [(x, 120 * sin((x - 80) * pi / 260)) for x in across]
        meet = [(x, y) for x, y in wave if x <= 600]
        lines = (
            ("partner", [*meet, (1120, 0)]),
            ("ai", [*((x, -y) for x, y in meet), (1120, 0)]),
        )
        for color, points in lines:
            x, y = zip(*points, strict=True)
            axes.plot(
                x,
                [200 + height for height in y],
                color=COLORS[color],
                linewidth=14,
                solid_capstyle="round",
                solid_joinstyle="round",
            )
        large = {"fontsize": 44, "fontweight": "bold"}
        axes.text(80, 500, title, va="center", color=COLORS["ink"], **large)
        axes.text(
            80,
            410,
            "Learning to cooperate with partners one knows from records",
            va="center",
            color=COLORS["muted"],
            fontsize=24,
        )
        figure.savefig(path, facecolor="white", metadata={"Software": None})


def mention(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    doctree: Any,
) -> None:
    """Name the picture in the head of each page that can be shared."""
    if doctree is None:
        return
    base = app.config.html_baseurl
    root = f"{base.rstrip('/')}/" if base else "../" * page.count("/")
    meta = {
        "og:image": root + NAME,
        "og:image:alt": ALT,
        "og:image:width": SIZE[0],
        "og:image:height": SIZE[1],
    }
    context["metatags"] = context.get("metatags", "") + "".join(
        f'<meta property="{name}" content="{escape(str(value))}" />\n'
        for name, value in meta.items()
    )


def beside_the_pages(app: Sphinx, error: Exception | None) -> None:
    """Draw it where the pages look for it."""
    if error is None and app.builder.format == "html":
        draw(app.config.html_title, Path(app.outdir) / NAME)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("html-page-context", mention, priority=600)  # after the rest
    app.connect("build-finished", beside_the_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
