"""The book part: pictures of what the science computes, with controls, and conversations to read."""

import socialcoop.book.quiet  # noqa: F401, first: it says why
from socialcoop.book import figures
from socialcoop.book.control import Control
from socialcoop.book.explorable import Explorable, explore
from socialcoop.book.picture import Picture, Told
from socialcoop.book.transcripts import Transcript, transcript

__all__ = ["Control", "Explorable", "Picture", "Told", "Transcript", "explore", "figures", "transcript"]
