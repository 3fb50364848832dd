"""What a reader fills in: a form in a page, a widget in a notebook, plain text elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from socialcoop.book.picture import FRAMES, STILL, display_mode


class Form(ABC):
    """Something to fill in that displays itself where it is shown."""

    @abstractmethod
    def html(self) -> str:
        """Return a form that needs neither kernel nor network."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        mode, bundle = display_mode(), {}
        if mode == FRAMES:
            bundle = {"text/html": self.html()}
        elif mode != STILL:
            bundle = self.widget()._repr_mimebundle_()
        return bundle | {"text/plain": repr(self)}

    def widget(self) -> Any:
        """Return the form as a widget, which notebooks show but do not store."""
        import ipywidgets as widgets

        shown = {"output_type": "display_data", "data": {"text/html": self.html()}, "metadata": {}}
        return widgets.Output(outputs=(shown,))
