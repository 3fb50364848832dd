"""What stands on paper, read from a PDF."""

from pypdfium2 import PdfDocument


def texts_of(path):
    """Return what each sheet of a PDF says."""
    return [sheet.get_textpage().get_text_range() for sheet in PdfDocument(path)]
