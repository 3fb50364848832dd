"""Pictures as files of their own, to send and to print: with their colours, their description, and their source."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from html import escape
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

BOOK = "Social Cooperation, Executed"
STRIP = 16  # height of the line that says where the picture comes from, in CSS pixels
FONTS = "DejaVu Sans, Verdana, Arial, sans-serif"
SAVING = Path(__file__).parent / "saving.js"


def save(path: str | os.PathLike[str], kinds: Mapping[str, Callable[[], bytes]]) -> Path:
    """Write the file whose kind its name tells, and return its path."""
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"path must be a file's name that ends in {_either(kinds)}, got {path!r}")
    target = Path(path)
    if target.suffix.lower() not in kinds:
        raise ValueError(f"path must end in {_either(kinds)}, got {str(path)!r}")
    target.write_bytes(kinds[target.suffix.lower()]())
    return target


def _either(kinds: Mapping[str, Any]) -> str:
    *others, last = kinds
    return f"{', '.join(others)} or {last}"


def credit() -> str:
    """Return which book, of which version, a picture is from."""
    return f"{BOOK}, {version('socialcoop')}"


def titled(description: str) -> str:
    """Return the first sentence of a description, or the beginning of a long one, as a title."""
    return description.partition(". ")[0].partition(": ")[0].rstrip(".")


def svg_file(
    content: str, size: tuple[float, float], description: str, palette: Mapping[str, tuple[str, str]]
) -> bytes:
    """Return an SVG document in light colours, which turn dark where a browser is asked for that."""
    width, height = size
    dark = "".join(
        f'[style*="{what}:{light}"]{{{what}:{dark}!important}}'
        for light, dark in palette.values()
        for what in ("fill", "stroke")
    )
    paper, muted = palette["paper"][0], palette["muted"][0]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height + STRIP:g}" '
        f'viewBox="0 0 {width:g} {height + STRIP:g}" role="img" aria-labelledby="title" aria-describedby="desc" '
        f'font-family="{FONTS}" style="stroke-linejoin:round">'
        f'<title id="title">{escape(titled(description))}</title><desc id="desc">{escape(description)}</desc>'
        f"<style>@media (prefers-color-scheme: dark) {{{dark}}}</style>"
        f'<rect width="100%" height="100%" style="fill:{paper}"/>{content}'
        f'<text x="{width - 4:g}" y="{height + STRIP - 5:g}" style="fill:{muted};font-size:9px;text-anchor:end">'
        f"{escape(credit())}</text></svg>\n"
    ).encode()


def buttons(palette: Mapping[str, tuple[str, str]]) -> str:
    """Return the script that gives the figure it stands in a button for each file: what its reader sees, on paper."""
    light = {name: pair[0] for name, pair in palette.items()}
    known = ",".join(json.dumps(value, separators=(",", ":")) for value in (light, FONTS, credit(), STRIP))
    return f"<script>{SAVING.read_text(encoding='utf-8').rstrip()}({known});</script>"


def png_file(png: bytes, description: str, color: str) -> bytes:
    """Return a PNG with a line below that says where it is from."""
    from matplotlib.figure import Figure  # here, since whoever asks for the credit alone draws nothing
    from matplotlib.image import imread, imsave

    drawn = imread(BytesIO(png))
    dpi, width = 120, drawn.shape[1]
    strip = Figure(figsize=(width / dpi, STRIP / 72), dpi=dpi, facecolor="white")
    strip.text(1 - 4 / 72 * dpi / width, 0.3, credit(), color=color, fontsize=9, ha="right", va="baseline")
    below, out = BytesIO(), BytesIO()
    strip.savefig(below, format="png", dpi=dpi, facecolor="white")
    below.seek(0)
    told = {"Title": titled(description), "Description": description, "Source": credit()}
    imsave(out, np.vstack([drawn, imread(below)[:, :width]]), format="png", dpi=dpi, metadata=told)
    return out.getvalue()


def html_file(content: str, description: str, palette: Mapping[str, tuple[str, str]]) -> bytes:
    """Return a page that holds the figure alone, light or dark as the reader's screen is."""
    dark = " ".join(f"--sc-{name}: {pair[1]};" for name, pair in palette.items())
    (ink, dark_ink), (paper, dark_paper) = palette["ink"], palette["paper"]
    (muted, dark_muted) = palette["muted"]
    title = escape(titled(description))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><meta name="description" content="{escape(description)}">'
        f"<style>body {{ margin: 1rem; font-family: {FONTS}; color: {ink}; background: {paper}; }}"
        "main, footer { max-width: 38rem; margin: 0 auto; } h1 { font-size: 1.1rem; }"
        f"footer {{ font-size: .8rem; color: {muted}; }}"
        f"@media (prefers-color-scheme: dark) {{ body {{ color: {dark_ink}; background: {dark_paper}; }} "
        f"footer {{ color: {dark_muted}; }} html .sc-picture {{ {dark} }} }}</style></head>"
        f"<body><main><h1>{title}</h1>{content}</main><footer>{escape(credit())}</footer></body></html>\n"
    ).encode()
