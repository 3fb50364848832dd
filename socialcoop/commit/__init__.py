"""Commit: what to repeat once it has shown whom one faces."""

from socialcoop.commit.mixture import best_commitment, best_constant, commitment_mixture
from socialcoop.commit.surprise import CommitWhenSurprised
from socialcoop.commit.then import COMMITS, ImitateThenCommit, ThenCommit

__all__ = [
    "COMMITS",
    "CommitWhenSurprised",
    "ImitateThenCommit",
    "ThenCommit",
    "best_commitment",
    "best_constant",
    "commitment_mixture",
]
