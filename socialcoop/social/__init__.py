"""Social intelligence: consistency, compatibility, populations, and records of them."""

from socialcoop.social.compatible import Compatibility, SocialIntelligence, compatibility, social_intelligence
from socialcoop.social.consistent import Consistency, WorstPartner, consistency, usual_partners, worst_failures
from socialcoop.social.intervals import clopper_pearson, mean_interval
from socialcoop.social.population import Population, SocialLearningProblem
from socialcoop.social.protocol_check import check_strategy
from socialcoop.social.records import Dataset, hide_types, merge_synonyms, misread

__all__ = [
    "Compatibility",
    "Consistency",
    "Dataset",
    "Population",
    "SocialIntelligence",
    "SocialLearningProblem",
    "WorstPartner",
    "check_strategy",
    "clopper_pearson",
    "compatibility",
    "consistency",
    "hide_types",
    "mean_interval",
    "merge_synonyms",
    "misread",
    "social_intelligence",
    "usual_partners",
    "worst_failures",
]
