"""Games with private types, and a small catalogue of named ones."""

from socialcoop.games.catalogue import (
    battle_of_the_sexes,
    chicken,
    conversation,
    coordination,
    inefficient_cce,
    matching_pennies,
    prisoners_dilemma,
    project,
    random_game,
    rock_paper_scissors,
    stag_hunt,
    team_lead,
)
from socialcoop.games.game import Game
from socialcoop.games.hidden_types import hidden_favourite, hidden_levels, hidden_taste
from socialcoop.games.synonyms import merged
from socialcoop.games.varied import varied_team

__all__ = [
    "Game",
    "battle_of_the_sexes",
    "chicken",
    "conversation",
    "coordination",
    "hidden_favourite",
    "hidden_levels",
    "hidden_taste",
    "inefficient_cce",
    "matching_pennies",
    "merged",
    "prisoners_dilemma",
    "project",
    "random_game",
    "rock_paper_scissors",
    "stag_hunt",
    "team_lead",
    "varied_team",
]
