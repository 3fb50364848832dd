"""Explorables: a picture with controls, live in a kernel and alive without one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import product
from math import prod
from typing import Any

from socialcoop import checks
from socialcoop.book.picture import FRAMES, HERE, STILL, Picture, Told, display_mode, stylesheet

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


class Control(checks.Frozen):
    """A named choice among a few values.

    Parameters
    ----------
    values
        The values to choose from, in order: numbers get a slider, strings a list.
    start
        The value shown first; by default the first one.
    label
        What the control is called; by default words and the paper's symbol for the name, or the name.

    Examples
    --------
    >>> sc.Control(["Hedge", "a mirror"], start="a mirror").is_list
    True
    >>> sc.Control(range(0, 101, 20), start=60, label="stages").labels
    ['0', '20', '40', '60', '80', '100']
    """

    def __init__(self, values: Iterable[Any], start: Any = None, label: str | None = None) -> None:
        if isinstance(values, str | bytes) or not isinstance(values, Iterable):
            raise TypeError(f"values must be a list of values, got {values!r}")
        self.values = tuple(values)
        if not self.values:
            raise ValueError("values must hold at least one value, got none")
        if any(value in self.values[:index] for index, value in enumerate(self.values)):
            raise ValueError(f"values must not repeat a value, got {list(self.values)!r}")
        self.start = self.values[0] if start is None else checks.choice("start", start, self.values)
        self.label = checks.optional(checks.instance, "label", label, str)

    @property
    def is_list(self) -> bool:
        """Whether to choose from a list of words rather than on a scale."""
        return any(isinstance(value, str) for value in self.values)

    @property
    def labels(self) -> list[str]:
        """The values as shown to the reader."""
        return [f"{v:,}" if isinstance(v, int) else f"{v:g}" if isinstance(v, float) else str(v) for v in self.values]


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
        self.set(**self.start)

    def set(self, **values: Any) -> str:
        """Draw the picture for these values, one for each control, and return its sentence."""
        assert self.picture.update is not None  # explore makes sure
        sentence = self.picture.update(**values)
        if not isinstance(sentence, str):
            raise TypeError(f"figure's update must return one sentence, got {sentence!r}")
        self.sentence = sentence
        return sentence

    def beside(self) -> str:
        """Return the text that came with the last sentence, as HTML, or nothing."""
        return self.sentence.beside.html() if isinstance(self.sentence, Told) else ""

    def frames(self) -> Iterator[tuple[str, str, str]]:
        """Yield (SVG fragment, text beside it, sentence) for every combination, the last control fastest."""
        for combination in product(*(control.values for control in self.controls.values())):
            values = dict(zip(self.controls, combination, strict=True))
            sentence = self.set(**values)
            yield self.picture.fragment(), self.beside(), sentence
        self.set(**self.start)

    def html(self) -> str:
        """Return the explorable as HTML that needs neither kernel nor network."""
        fragments, texts, sentences = zip(*self.frames(), strict=True)
        frames, order = _stored_once(fragments)
        besides, beside_order = _stored_once(texts)
        data = json.dumps(
            {
                "frames": frames,
                "order": order,
                "besides": besides,
                "besideOrder": beside_order,
                "sentences": sentences,
                "labels": [control.labels for control in self.controls.values()],
            },
            ensure_ascii=False,
        ).replace("</", r"<\/")
        if len(data.encode()) > MAX_BYTES:
            raise ValueError(
                f"controls must give at most {MAX_BYTES:,} bytes of frames, got {len(data.encode()):,} for "
                f"{prod(len(c.values) for c in self.controls.values())} combinations; use fewer values"
            )
        controls = "".join(_native(name, control) for name, control in self.controls.items())
        return (
            f'<figure class="sc-picture sc-explorable"><style>{stylesheet()}</style>{self.picture.svg()}'
            f'<div class="sc-controls">{controls}</div>'
            f'<p class="sc-sentence" aria-live="polite">{escape(self.sentence)}</p>'
            f'<div class="sc-beside">{self.beside()}</div>'
            '<div class="sc-tools"><button type="button" class="sc-full" hidden>full screen</button></div>'
            f'<script type="application/json" class="sc-data">{data}</script>'
            f"<script>{(HERE / 'explore.js').read_text(encoding='utf-8')}</script></figure>"
        )

    def widget(self) -> Any:
        """Return the explorable as ipywidgets: moving a control calls the picture's update."""
        import ipywidgets as widgets

        controls = {name: _live(name, control) for name, control in self.controls.items()}
        shown, sentence = widgets.HTML(), widgets.HTML()
        unchanging, end = self.picture.svg().split('<g class="sc-frame">')[0], "</g></svg></figure>"
        start = f'<figure class="sc-picture"><style>{stylesheet()}</style>{unchanging}<g class="sc-frame">'

        def refresh(_: Any = None) -> None:
            text = self.set(**{name: control.value for name, control in controls.items()})
            shown.value = start + self.picture.fragment() + end
            sentence.value = f'<p class="sc-sentence" aria-live="polite">{escape(text)}</p>{self.beside()}'

        for control in controls.values():
            control.observe(refresh, names="value")
        refresh()
        return widgets.VBox([shown, *controls.values(), sentence])

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
    ready = {name: c if isinstance(c, Control) else Control(c) for name, c in controls.items()}
    return Explorable(figure, ready)


def _stored_once(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return the different texts, and for each of the given ones its place among them."""
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return list(places), [places[text] for text in texts]


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
            f'<label><span>{label}</span><output class="sc-print">{labels[chosen]}</output>'
            f'<select data-control="{escape(name)}" aria-label="{label}">{options}</select></label>'
        )
    return (
        f"<label><span>{label}</span><output>{labels[chosen]}</output>"
        f'<input type="range" data-control="{escape(name)}" min="0" max="{len(labels) - 1}" step="1" '
        f'value="{chosen}" aria-label="{label}" aria-valuetext="{labels[chosen]}"></label>'
    )


def _live(name: str, control: Control) -> Any:
    import ipywidgets as widgets

    kind = widgets.Dropdown if control.is_list else widgets.SelectionSlider
    return kind(
        options=list(zip(control.labels, control.values, strict=True)),
        value=control.start,
        description=_label(name, control),
        style={"description_width": "initial"},
        layout={"width": "min(32rem, 96%)"},
    )
