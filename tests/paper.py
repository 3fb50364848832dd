"""What stands on paper, read from a PDF."""

import numpy as np
from pypdfium2 import PdfDocument


def texts_of(path):
    """Return what each sheet of a PDF says."""
    return [sheet.get_textpage().get_text_range() for sheet in PdfDocument(path)]


def seen_in(path, number):
    """Return how dark a sheet is, from 0 to 1, in rows and columns of half a point."""
    return 1 - np.asarray(PdfDocument(path)[number].render(scale=2, grayscale=True).to_pil()) / 255
