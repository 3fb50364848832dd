"""What a script moves in a page: HTML that needs neither kernel nor network; plain text elsewhere."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from typing import Any

from socialcoop.book.look import FRAMES, HERE, STILL, display_mode


class Element(ABC):
    """Something that a reader uses, and that displays itself where it is shown."""

    @abstractmethod
    def html(self) -> str:
        """Return HTML that needs neither kernel nor network."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        mode, bundle = display_mode(), {}
        if mode == FRAMES:
            bundle = {"text/html": self.html()}
        elif mode != STILL:
            bundle = self.widget()._repr_mimebundle_()
        return bundle | {"text/plain": repr(self)}

    def widget(self) -> Any:
        """Return the element as a widget, which notebooks show but do not store."""
        import ipywidgets as widgets

        shown = {"output_type": "display_data", "data": {"text/html": self.html()}, "metadata": {}}
        return widgets.Output(outputs=(shown,))


def as_json(data: Any) -> str:
    """Return what a script of ours reads; to the parser of a page "<!--", "<script" and "</" say something, too."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return re.sub("<(?=!|script)", r"\\u003c", text, flags=re.IGNORECASE).replace("</", r"<\/")


def whole(sentence: str) -> str:
    """Return the sentence so that no line breaks between a number and its %."""
    return re.sub(r"(?<=\d) (?=%)", "\N{NO-BREAK SPACE}", sentence)


def script(file: str) -> str:
    """Return one of our scripts, after the one that keeps the keys of notebooks away from all of them."""
    return "".join((HERE / name).read_text(encoding="utf-8") for name in ("keys.js", file))
