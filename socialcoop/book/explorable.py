"""Explorables: a picture with controls, live in a kernel and alive without one."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from socialcoop import checks
from socialcoop.book import files
from socialcoop.book.control import Control
from socialcoop.book.element import as_json, whole
from socialcoop.book.look import FRAMES, HERE, PALETTE, STILL, display_mode, stylesheet
from socialcoop.book.picture import Picture, Told, style

# What controls are called unless told otherwise: in words, which the last row can read, and as in the paper.
LABELS = {
    "phase": "stages imitated, T̃",
    "episodes": "records, K",
    "n_actions": "actions, N",
    "horizon": "stages, T",
    "epsilon": "regret allowed, ε",
    "delta": "chance to fail, δ",
}
MAX_BYTES = 1_500_000  # of frames in one explorable, so that a page with two stays under 3 MB


class Explorable:
    """A picture with controls. Made by `explore`.

    Examples
    --------
    >>> figure, axes = sc.plots.canvas()
    >>> label = axes.text(0.5, 0.5, "", animated=True)
    >>> picture = sc.Picture(figure, "A tone.", lambda tone: label.set_text(tone) or f"Be {tone}.")
    >>> sc.explore(picture, tone=["direct", "supportive"]).set(tone="supportive")
    'Be supportive.'
    """

    def __init__(self, picture: Picture, controls: dict[str, Control]) -> None:
        self.picture = picture
        self.controls = controls
        self.start = {name: control.start for name, control in controls.items()}
        self.sentence = ""
        self._base = ""  # what stays in the picture, once drawn
        self._look_for_what_moves()

    def set(self, **values: Any) -> str:
        """Draw the picture for these values, one for each control, and return its sentence.

        Raises
        ------
        ValueError
            If the update changes what stays in the picture: a page would not show it.
        """
        with style():
            self.picture.figure.stale = False
            sentence = self._update(values)
            if self._base and self.picture.figure.stale:  # matplotlib's note that more than animated artists changed
                self._compare(values)
        return sentence

    def _update(self, values: dict[str, Any]) -> str:
        assert self.picture.update is not None  # explore makes sure
        with style():
            sentence = self.picture.update(**values)
        if not isinstance(sentence, str):
            raise TypeError(f"figure's update must return one sentence, got {sentence!r}")
        self.sentence = sentence
        return sentence

    def _look_for_what_moves(self) -> None:
        """Draw what stays, at the start and with every control elsewhere, and refuse an update that changes it."""
        far = {
            name: next((value for value in control.values[::-1] if value is not control.start), control.start)
            for name, control in self.controls.items()
        }
        self._update(self.start)
        if far == self.start:
            return
        artists = len(self.picture.animated)
        self._base = self.picture.unchanging()
        with style():
            self._update(far)
            self._compare(far)
            self._update(self.start)
        if (now := len(self.picture.animated)) > artists:
            raise ValueError(
                f"figure's update must not add artists whenever it is called, got {now} animated ones after {artists}: "
                "make them once, before, and let the update set their data"
            )

    def _compare(self, values: dict[str, Any]) -> None:
        if self.picture.unchanging() != self._base:
            told = ", ".join(f"{name}={value!r}" for name, value in values.items())
            raise ValueError(
                f"figure's update must change only artists made with animated=True, got other changes at {told}: pages "
                "draw limits, ticks, titles and all other artists once; make what changes animated, and set the rest "
                "before"
            )

    @property
    def name(self) -> str:
        """What addresses call it, after the function that makes the picture, as in "fig-phase-curve"."""
        maker = getattr(self.picture.update, "__qualname__", "").partition(".")[0]
        return "-".join(["fig", *re.findall(r"[^\W_]+", maker)])

    def beside(self) -> str:
        """Return the text that came with the last sentence, as HTML, or nothing."""
        return self.sentence.html() if isinstance(self.sentence, Told) else ""

    def frames(self) -> list[tuple[str, str, str]]:
        """Return (SVG fragment, text beside it, sentence) for every combination, the last control fastest.

        Each is drawn once, and the start last, where the picture is left.
        """
        combinations = list(product(*(control.values for control in self.controls.values())))
        start = combinations.index(tuple(self.start.values()))
        found = {}
        for place in (*range(start), *range(start + 1, len(combinations)), start):
            sentence = self.set(**dict(zip(self.controls, combinations[place], strict=True)))
            found[place] = self.picture.fragment(), self.beside(), sentence
        return [found[place] for place in range(len(combinations))]

    def html(self) -> str:
        """Return the explorable as HTML that needs neither kernel nor network."""
        with style():  # no other thread draws in between
            self._base = self.picture.unchanging()
            fragments, texts, sentences = zip(*self.frames(), strict=True)
            svg = self.picture.framed(self._base)
        frames, order = _stored_once(fragments)
        elements = [list(_elements(frame)) for frame in frames]
        parts, places = _stored_once([element for frame in elements for element in frame])
        place = iter(places)
        besides, beside_order = _stored_once(texts)
        data = as_json(
            {
                "parts": parts,
                "frames": [[next(place) for _ in frame] for frame in elements],
                "order": order,
                "besides": besides,
                "besideOrder": beside_order,
                "sentences": [*map(whole, sentences)],
                "labels": [control.labels for control in self.controls.values()],
                "handles": self._handles(),
            }
        )
        if len(data.encode()) > MAX_BYTES:
            raise ValueError(
                f"controls must give at most {MAX_BYTES:,} bytes of frames, got {len(data.encode()):,} for "
                f"{prod(len(c.values) for c in self.controls.values())} combinations; use fewer values"
            )
        controls = "".join(_native(name, control) for name, control in self.controls.items())
        what = escape("; ".join(_label(name, control) for name, control in self.controls.items()))
        return (
            f'<figure class="sc-picture sc-explorable" id="{self.name}" aria-label="Figure to explore by {what}">'
            f"<style>{stylesheet()}</style>{svg}"
            f'<div class="sc-controls" role="group" aria-label="Controls">{controls}</div>'
            f'<p class="sc-sentence">{escape(whole(self.sentence))}</p><p class="sc-spoken" aria-live="polite"></p>'
            f'<p class="sc-kept" hidden></p><div class="sc-beside">{self.beside()}</div>'
            f'<div class="sc-tools">{"".join(map(_tool, ("play", "pin", "full screen")))}</div>'
            f'<script type="application/json" class="sc-data">{data}</script>'
            f"<script>{(HERE / 'explore.js').read_text(encoding='utf-8')}</script>{files.buttons(PALETTE)}</figure>"
        )

    def _handles(self) -> list[dict[str, Any]]:
        """Return where a pointer can choose among the values of which control, as a page needs it."""
        numbers = {name: number for number, name in enumerate(self.controls)}
        return [
            {
                "control": numbers[name],
                "along": handle.along,
                "at": handle.pixels(self.controls[name].values),
                "box": handle.box,
            }
            for name, handle in self.picture.handles.items()
        ]

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the explorable into a file of its own, and return its path.

        Parameters
        ----------
        path
            The file's name: one that ends in .html holds the controls, one that ends in .svg or .png the picture as
            it is at the start. A file of that name is replaced.

        Examples
        --------
        >>> import tempfile
        >>> picture = sc.plots.survival_curve()
        >>> controls = {"horizon": [2, 4], "episodes": [1], "n_actions": [4], "challenges": [1]}
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     sc.explore(picture, **controls).save(f"{folder}/survival.html").name
        'survival.html'
        """
        self.set(**self.start)
        if isinstance(path, str | os.PathLike) and Path(path).suffix.lower() == ".html":
            page = files.html_file(self.html(), self.picture.description, PALETTE)
            return files.save(path, {".html": lambda: page})
        return self.picture.save(path)

    def widget(self) -> Any:
        """Return the explorable as ipywidgets: moving a control calls the picture's update."""
        import ipywidgets as widgets

        names = max(len(_label(name, control)) for name, control in self.controls.items())
        controls = {name: _live(name, control, f"min({names}ch, 50%)") for name, control in self.controls.items()}
        shown, sentence, pin = widgets.HTML(), widgets.HTML(), widgets.ToggleButton(description="pin")
        kept = [""]  # the state that is pinned, if any
        start, end = f'<figure class="sc-picture"><style>{stylesheet()}</style>', "</figure>"
        below = '<div class="sc-picture sc-below"><p class="sc-sentence" {}>{}</p>{}</div>'

        def draw(values: dict[str, Any]) -> None:
            text = self.set(**values)
            shown.value = start + self.picture.framed(self._base, *kept) + end
            sentence.value = below.format('aria-live="polite"', escape(whole(text)), self.beside())

        def refresh(_: Any) -> None:
            try:
                draw({name: control.value for name, control in controls.items()})
            except Exception as error:  # widgets would keep it to themselves
                sentence.value = below.format('role="alert"', escape(f"{type(error).__name__}: {error}"), "")

        def keep(change: Any) -> None:
            kept[0] = self.picture.fragment() if change["new"] else ""
            refresh(change)

        self._base = self.picture.unchanging()
        draw(self.start)
        for control in controls.values():
            control.observe(refresh, names="value")
        pin.observe(keep, names="value")
        return widgets.VBox([shown, *controls.values(), sentence, pin])

    def __repr__(self) -> str:
        text = f"Explorable: {self.sentence}"
        return f"{text}\n{self.sentence.beside}" if isinstance(self.sentence, Told) else text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        mode, bundle = display_mode(), {}
        if mode == FRAMES:
            bundle = {"text/html": self.html()}
        elif mode == STILL:
            self.set(**self.start)
        else:
            bundle = self.widget()._repr_mimebundle_()
        # each of the three has left the picture as it is at the start
        return bundle | {"text/plain": repr(self), "image/png": self.picture.png()}, self.picture.metadata


def explore(figure: Picture, **controls: Control | Sequence[Any]) -> Explorable:
    """Return an explorable: ``figure`` with one control for each argument of its update.

    Parameters
    ----------
    figure
        A picture with an update.
    **controls
        For each argument of the update, a `Control` or a list of values.

    Returns
    -------
    An object that displays itself: with live controls in a notebook, with native controls and one
    stored frame for each combination of values in the built book, as a still picture elsewhere.

    Raises
    ------
    ValueError, TypeError
        If the picture has no update, the controls do not fit it, or a control has no or repeated values.

    Examples
    --------
    >>> figure, axes = sc.plots.canvas()
    >>> label = axes.text(0.5, 0.5, "", animated=True)
    >>> def update(n):
    ...     label.set_text(f"{n} squared is {n * n}.")
    ...     return label.get_text()
    >>> sc.explore(sc.Picture(figure, "A number and its square.", update), n=[1, 2, 3])
    Explorable: 1 squared is 1.
    """
    checks.instance("figure", figure, Picture)
    if figure.update is None:
        raise ValueError("figure must have an update for its controls to call, got None")
    if not controls:
        raise ValueError("controls must name at least one control, got none")
    misfit = checks.misfit(figure.update, **controls)
    if misfit:
        wanted = inspect.signature(figure.update)
        raise TypeError(f"controls must be the arguments of the update, {wanted}, got {', '.join(controls)}: {misfit}")
    if unknown := ", ".join(set(figure.handles) - set(controls)):
        raise ValueError(f"figure must have handles for its controls, {', '.join(controls)}, got one for {unknown}")
    ready = {name: c if isinstance(c, Control) else Control(c) for name, c in controls.items()}
    return Explorable(figure, ready)


def _elements(fragment: str) -> Iterator[str]:
    """Yield the outermost elements of an SVG fragment, most of which many frames have in common."""
    depth, start = 0, 0
    for tag in re.finditer(r"<(/?)[^<>]*?(/?)>", fragment):
        depth += -1 if tag[1] else not tag[2]
        if not depth:
            yield fragment[start : tag.end()]
            start = tag.end()


def _stored_once(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return the different texts, and for each of the given ones its place among them."""
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return list(places), [places[text] for text in texts]


def _tool(name: str) -> str:
    """Return a button that a page's script brings to life."""
    return f'<button type="button" class="sc-{name.split()[0]}" hidden>{name}</button>'


def _label(name: str, control: Control) -> str:
    return control.label or LABELS.get(name, name.replace("_", " "))


def _native(name: str, control: Control) -> str:
    """Return a control as HTML; its value is the index of the chosen value, its output is what print shows."""
    label, labels = escape(_label(name, control)), [escape(text) for text in control.labels]
    chosen = control.values.index(control.start)
    if control.is_list:
        options = "".join(
            f'<option value="{i}"{" selected" * (i == chosen)}>{text}</option>' for i, text in enumerate(labels)
        )
        return (
            f'<label><span>{label}</span><select data-control="{escape(name)}" aria-label="{label}" disabled>{options}'
            f'</select><output class="sc-print" aria-live="off">{labels[chosen]}</output></label>'
        )
    return (
        f'<label><span>{label}</span><input type="range" data-control="{escape(name)}" min="0" max="{len(labels) - 1}" '
        f'step="1" value="{chosen}" aria-label="{label}" aria-valuetext="{labels[chosen]}" disabled'
        f'{" data-time" * control.time}><output aria-live="off" style="min-width: {max(map(len, labels))}ch">'
        f"{labels[chosen]}</output></label>"
    )


def _live(name: str, control: Control, label_width: str) -> Any:
    import ipywidgets as widgets

    kind = widgets.Dropdown if control.is_list else widgets.SelectionSlider
    return kind(
        options=list(zip(control.labels, control.values, strict=True)),
        value=control.start,
        description=_label(name, control),
        style={"description_width": label_width},
        layout={"width": "min(38rem, 96%)", "margin": "2px auto"},  # the picture's column
    )
