"""The book part: pictures of what the science computes, with controls, conversations to read, forms to fill in.

Its names are loaded when first used: questions need nothing that draws.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socialcoop.book import figures
    from socialcoop.book.control import Control
    from socialcoop.book.encounters import Encounter, encounter
    from socialcoop.book.explorable import Explorable, explore
    from socialcoop.book.handle import Handle
    from socialcoop.book.matrix import OwnGame, own_game
    from socialcoop.book.picture import Picture, Told
    from socialcoop.book.questions import Question, ask, ask_number
    from socialcoop.book.replays import Replay, replay
    from socialcoop.book.series import Series
    from socialcoop.book.transcripts import Transcript, transcript

__all__ = [
    "Control",
    "Encounter",
    "Explorable",
    "Handle",
    "OwnGame",
    "Picture",
    "Question",
    "Replay",
    "Series",
    "Told",
    "Transcript",
    "ask",
    "ask_number",
    "encounter",
    "explore",
    "figures",
    "own_game",
    "replay",
    "transcript",
]

_MODULES = {
    "Control": "control",
    "Encounter": "encounters",
    "encounter": "encounters",
    "Explorable": "explorable",
    "explore": "explorable",
    "Handle": "handle",
    "OwnGame": "matrix",
    "own_game": "matrix",
    "Picture": "picture",
    "Told": "picture",
    "Question": "questions",
    "ask": "questions",
    "ask_number": "questions",
    "Replay": "replays",
    "replay": "replays",
    "Series": "series",
    "Transcript": "transcripts",
    "transcript": "transcripts",
}


def __getattr__(name: str) -> Any:
    """Return a name of the book part, or one of its modules, and keep it."""
    path = f"socialcoop.book.{_MODULES.get(name, name)}"
    if name.startswith("_") or not name.isidentifier() or find_spec(path) is None:
        raise AttributeError(f"module 'socialcoop.book' has no attribute {name!r}")
    module = import_module(path)
    found = getattr(module, name) if name in _MODULES else module
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
