"""A picture: one matplotlib figure whose animated artists can be drawn apart from the rest.

The unchanging part is drawn once, as SVG; each state of the animated artists is a small SVG fragment
laid over it. Colours become CSS variables, so that a page can show the picture light or dark.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from html import escape
from io import BytesIO, StringIO
from pathlib import Path
from threading import RLock
from typing import Any

import socialcoop.book.quiet  # noqa: F401, first: it says why

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from socialcoop import checks
from socialcoop.book import files
from socialcoop.book.handle import Handle
from socialcoop.book.look import COLORS, FRAMES, PALETTE, display_mode, stylesheet
from socialcoop.book.markup import HALO, page_svg

_VARIABLES = {light: f"var(--sc-{name})" for name, (light, _) in PALETTE.items()}
_VARIABLES["#000000"] = _VARIABLES[COLORS["ink"]]  # what readers draw, who have not chosen a colour

_STYLE: dict[Any, Any] = {  # matplotlib has a type for the names, younger than what the package needs
    "axes.edgecolor": COLORS["muted"],
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": COLORS["ink"],
    "axes.labelsize": 11,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "figure.dpi": 72,
    "figure.facecolor": "none",
    "font.size": 11,
    "grid.color": COLORS["grid"],
    "legend.frameon": False,
    "lines.linewidth": 2,
    "savefig.facecolor": "none",
    "svg.fonttype": "none",
    "text.color": COLORS["ink"],
    "xtick.color": COLORS["muted"],
    "xtick.labelcolor": COLORS["ink"],
    "ytick.color": COLORS["muted"],
    "ytick.labelcolor": COLORS["ink"],
}

_SETTINGS = RLock()  # matplotlib has one set of settings for all threads


@contextmanager
def style(salt: str | None = None) -> Iterator[None]:
    """Draw in the book's style within the block, whatever the user has set; names in SVG are made with the salt."""
    with _SETTINGS:
        before = dict(dict.items(mpl.rcParams))
        try:
            dict.update(mpl.rcParams, _book_settings())
            mpl.rcParams["svg.hashsalt"] = salt
            yield
        finally:
            dict.clear(mpl.rcParams)
            dict.update(mpl.rcParams, before)


@cache
def _book_settings() -> dict[Any, Any]:
    """Return matplotlib's defaults under the book's style, as they are once checked; windows are the user's own."""
    with mpl.rc_context():
        mpl.rcParams.update(_STYLE)
        ours = {name: mpl.rcParams[name] for name in _STYLE}
    kept = ("backend", "interactive", "toolbar", "webagg", "tk.", "macosx", "docstring", "date.epoch")
    return {name: value for name, value in dict.items(mpl.rcParamsDefault) if not name.startswith(kept)} | ours


class Told(checks.Frozen, str):
    """A sentence that a picture's update returns, with a text to stand below the picture.

    Attributes
    ----------
    beside
        A plain text, or anything with a method ``html()`` and a plain text, `str`: a transcript, say.

    Examples
    --------
    >>> told = sc.book.Told("They agree.", beside="Day 1: both say hello.")
    >>> told, told.beside
    ('They agree.', 'Day 1: both say hello.')
    """

    beside: Any

    def __new__(cls, sentence: str, beside: Any) -> Told:
        """Return the sentence, which remembers the text."""
        if not isinstance(beside, str) and (isinstance(beside, type) or not callable(getattr(beside, "html", None))):
            raise TypeError(f"beside must be a text or have a method html(), got {beside!r}")
        told = super().__new__(cls, sentence)
        told.beside = beside
        return told

    def html(self) -> str:
        """Return the text beside the sentence as HTML."""
        return f"<p>{escape(self.beside)}</p>" if isinstance(self.beside, str) else str(self.beside.html())

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) and (not isinstance(other, Told) or self.beside == other.beside)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    def __reduce__(self) -> tuple[type[Told], tuple[str, Any]]:
        """Return how a copy is made, here or in another process."""
        return type(self), (str(self), self.beside)


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure, its description, and what can change in it.

    Attributes
    ----------
    figure
        A matplotlib figure. Artists made with ``animated=True`` may change; all else stays.
    description
        What a reader who cannot see the picture needs to know: the alternative text.
    update
        Sets the animated artists for the values given by name, and returns one sentence that says what
        they now show, `Told` if it comes with a longer text. None for a picture in which nothing changes.
    handles
        For an argument of the update, by name, where its values stand: there a pointer can choose among them.

    Examples
    --------
    >>> figure, axes = sc.plots.canvas(xlabel="stage")
    >>> sc.Picture(figure, "Empty axes, ready to be drawn on.")
    Picture: Empty axes, ready to be drawn on.
    """

    figure: Figure
    description: str
    update: Callable[..., str] | None = None
    handles: Mapping[str, Handle] = field(default_factory=dict)

    def __post_init__(self) -> None:
        checks.instance("figure", self.figure, Figure)
        if not checks.instance("description", self.description, str).strip():
            raise ValueError("description must say what the picture shows, got an empty string")
        if self.update is not None and not callable(self.update):
            raise TypeError(f"update must be a function or None, got {self.update!r}")
        for handle in checks.instance("handles", self.handles, Mapping).values():
            checks.instance("handles", handle, Handle)
        if "matplotlib.pyplot" in sys.modules:  # or the notebook would show the bare figure as well
            sys.modules["matplotlib.pyplot"].close(self.figure)
        with style():
            self.figure.set_dpi(72)
            self.figure.draw_without_rendering()
            self.figure.set_layout_engine("none")

    @property
    def animated(self) -> list[Artist]:
        """The artists that may change, from the bottom to the top."""
        return sorted(self.figure.findobj(lambda artist: artist.get_animated()), key=Artist.get_zorder)

    def fragment(self) -> str:
        """Return the animated artists as they are now, as SVG without its outer element."""
        return page_svg(self._moving(), _VARIABLES)

    def unchanging(self) -> str:
        """Return all but the animated artists, as SVG without its outer element."""
        return page_svg(self._staying(), _VARIABLES)

    def svg(self) -> str:
        """Return the whole picture as an inline SVG element; what may change is in the group "sc-frame"."""
        return self.framed(self.unchanging())

    def framed(self, unchanging: str, pinned: str = "") -> str:
        """Return the whole picture as an inline SVG element, given what stays in it and a state that is kept, pale."""
        width, height = self.size
        return (
            f'<svg class="sc-svg" viewBox="0 0 {width:g} {height:g}" role="img" '
            f'aria-label="{escape(self.description)}">'
            f'<g aria-hidden="true">{unchanging}<g class="sc-pinned">{pinned}</g>'
            f'<g class="sc-frame">{self.fragment()}</g></g></svg>'
        )

    def png(self) -> bytes:
        """Return the whole picture as it is now, as a PNG on white."""
        out = BytesIO()
        with style(), self._halos():
            self.figure.savefig(out, format="png", dpi=120, facecolor="white", metadata={"Software": None})
        return out.getvalue()

    def html(self) -> str:
        """Return the whole picture as an HTML element with its style."""
        buttons = files.buttons(PALETTE)
        return f'<figure class="sc-picture"><style>{stylesheet()}</style>{self.svg()}{buttons}</figure>'

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture as it is now into a file of its own, and return its path.

        Parameters
        ----------
        path
            The file's name, which ends in .svg, .png or .html. A file of that name is replaced.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     sc.plots.payoff_tables(sc.games.chicken()).save(f"{folder}/chicken.svg").name
        'chicken.svg'
        """
        return files.save(path, {".svg": self._svg_file, ".png": self._png_file, ".html": self._html_file})

    def _svg_file(self) -> bytes:
        content = page_svg(self._staying(), {}) + page_svg(self._moving(), {})
        return files.svg_file(content, self.size, self.description, PALETTE)

    def _png_file(self) -> bytes:
        with style():
            return files.png_file(self.png(), self.description, COLORS["muted"])

    def _html_file(self) -> bytes:
        return files.html_file(self.html(), self.description, PALETTE)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, in CSS pixels on a page that has room for it."""
        width, height = self.figure.get_size_inches().tolist()
        return 72 * width, 72 * height

    def _moving(self) -> str:
        """Return the animated artists as matplotlib's SVG document."""
        out = StringIO()
        with self._stable_names("fragment"):
            renderer = RendererSVG(*self.size, out, image_dpi=72)
            for artist in self.animated:
                artist.draw(renderer)
            renderer.finalize()
        return out.getvalue()

    def _staying(self) -> str:
        """Return all but the animated artists as matplotlib's SVG document."""
        out = StringIO()
        with self._stable_names("unchanging"):
            visible = [artist for artist in self.animated if artist.get_visible()]
            for artist in visible:
                artist.set_visible(False)
            try:
                self.figure.savefig(out, format="svg", metadata={"Date": None})
            finally:
                for artist in visible:
                    artist.set_visible(True)
        return out.getvalue()

    @contextmanager
    def _halos(self) -> Iterator[None]:
        """Draw with matplotlib's own halos, which in SVG would turn letters into outlines."""
        texts = self.figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_gid() == HALO)
        for text in texts:
            text.set_path_effects([withStroke(linewidth=4, foreground=COLORS["paper"])])
        try:
            yield
        finally:
            for text in texts:
                text.set_path_effects([])

    @contextmanager
    def _stable_names(self, part: str) -> Iterator[None]:
        """Give markers and clips names that are the same in every run and differ between pictures and their parts."""
        with style(sha256(f"{part} {self.description}".encode()).hexdigest()):
            yield

    def __repr__(self) -> str:
        return f"Picture: {self.description}"

    @property
    def metadata(self) -> dict[str, Any]:
        """What goes with the still picture, namely its alternative text."""
        return {"image/png": {"alt": self.description}}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle: dict[str, Any] = {"text/plain": repr(self), "image/png": self.png()}
        if display_mode() == FRAMES:
            bundle["text/html"] = self.html()
        return bundle, self.metadata
