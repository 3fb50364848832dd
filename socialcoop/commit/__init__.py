"""Commit: what to repeat once it has shown whom one faces."""

from socialcoop.commit.alarms import CommitWhenSurprised, CommitWhenUnsure
from socialcoop.commit.mixture import best_commitment, best_constant, commitment_mixture
from socialcoop.commit.then import COMMITS, ImitateThenCommit, ThenCommit

__all__ = [
    "COMMITS",
    "CommitWhenSurprised",
    "CommitWhenUnsure",
    "ImitateThenCommit",
    "ThenCommit",
    "best_commitment",
    "best_constant",
    "commitment_mixture",
]
