"""Seeds that a lecturer's salt decides: the same for who has it, and not to be guessed by who has not."""

from __future__ import annotations

from hashlib import sha256

from socialcoop import checks

SEEDS = 2**31


def seed_of(salt: str, *parts: str) -> int:
    """Return the seed that a secret text and some names lead to.

    Parameters
    ----------
    salt
        The lecturer's secret text.
    *parts
        What the seed is for, such as a term, a student's number or the name of an item.

    Returns
    -------
    An integer from 0 up to 2147483647, the same in each session and on each machine.

    Raises
    ------
    ValueError, TypeError
        If the salt or a part is no text, or is empty.

    Examples
    --------
    >>> sc.teach.seed_of("keep this to yourself", "exam 2031", "external_regret")
    242132979
    """
    told = [checks.text("salt", salt), *(checks.text("parts", part) for part in parts)]
    # Each with its length before it, so that no two lists of texts run together.
    bytes_of = [part.encode() for part in told]
    digest = sha256(b"".join(b"%d:%b" % (len(part), part) for part in bytes_of)).digest()
    return int.from_bytes(digest[:8], "big") % SEEDS
