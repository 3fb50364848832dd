"""Settings that all tests share: hypothesis draws the same examples every time and has no deadline."""

from hypothesis import settings

settings.register_profile("book", derandomize=True, deadline=None, max_examples=60, database=None)
settings.load_profile("book")
