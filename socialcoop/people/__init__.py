"""What people did in two experiments, as counts: rock-paper-scissors in pairs, and the repeated prisoner's dilemma."""

from socialcoop.people.counts import Dilemma, dilemmas, rock_paper_scissors

__all__ = ["Dilemma", "dilemmas", "rock_paper_scissors"]
