"""Commit: what to repeat once it has shown whom one faces."""

from socialcoop.commit.mixture import best_commitment, commitment_mixture
from socialcoop.commit.then import COMMITS, ImitateThenCommit, ThenCommit

__all__ = ["COMMITS", "ImitateThenCommit", "ThenCommit", "best_commitment", "commitment_mixture"]
