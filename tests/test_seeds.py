"""Seeds that a salt decides: always the same, different for different names, and of a size that every tool takes."""

from hashlib import sha256
from itertools import product

import pytest

from socialcoop.teach import seed_of

PARTS = [("a",), ("b",), ("a", "b"), ("b", "a"), ("ab",), ("1:a",), ("a1:b",)]


def test_a_seed_is_the_first_eight_bytes_of_the_hash_of_its_texts_with_their_lengths():
    first = int(sha256(b"4:salt4:Zo\xc3\xab").hexdigest()[:16], 16) % 2**31
    assert seed_of("salt", "Zoë") == first
    assert 0 <= first < 2**31


def test_other_salts_and_other_lists_of_names_lead_to_other_seeds():
    seeds = [seed_of(salt, *parts) for salt, parts in product(("salt", "pepper", "salta"), PARTS)]
    assert len(set(seeds)) == len(seeds)


def test_a_class_of_hundreds_gets_seeds_all_over_the_range():
    seeds = [seed_of("salt", str(number)) for number in range(600)]
    assert len(set(seeds)) == 600
    assert min(seeds) < 2**31 / 50 < 2**31 * 0.98 < max(seeds)


@pytest.mark.parametrize("parts", [("",), (3,), ("a", None)])
def test_what_is_no_name_is_refused(parts):
    with pytest.raises((ValueError, TypeError), match="parts must"):
        seed_of("salt", *parts)
