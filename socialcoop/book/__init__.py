"""The book part: pictures of what the science computes, with controls, conversations to read, forms to fill in."""

import socialcoop.book.quiet  # noqa: F401, first: it says why
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
