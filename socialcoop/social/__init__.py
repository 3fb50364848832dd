"""Social intelligence: consistency, compatibility, populations, and records of them."""

from socialcoop.social.compatibility import Compatibility, SocialIntelligence, compatibility, social_intelligence
from socialcoop.social.consistency import (
    Consistency,
    WorstPartner,
    consistency,
    worst_failures,
    zoo,
)
from socialcoop.social.dataset import Dataset
from socialcoop.social.intervals import clopper_pearson, mean_interval
from socialcoop.social.noise import misread
from socialcoop.social.population import Population, SocialLearningProblem

__all__ = [
    "Compatibility",
    "Consistency",
    "Dataset",
    "Population",
    "SocialIntelligence",
    "SocialLearningProblem",
    "WorstPartner",
    "clopper_pearson",
    "compatibility",
    "consistency",
    "mean_interval",
    "misread",
    "social_intelligence",
    "worst_failures",
    "zoo",
]
