"""Learning to cooperate in repeated games with private types.

The companion package of an executable book. Data flows one way: games → equilibria → strategies →
play → regret → social → bounds → picture → plots → explore.
"""

from socialcoop import bounds, games, plots
from socialcoop.equilibria import (
    Profile,
    coarse_correlated_equilibrium,
    nash_equilibria,
    pareto_optimal_nash,
    reaches_pone,
    worst_pone,
)
from socialcoop.explore import Control, Explorable, explore
from socialcoop.games import Game
from socialcoop.picture import Picture
from socialcoop.play import Play, expected_payoffs, history_distribution, play
from socialcoop.regret import altruistic_regret, external_regret, external_regret_path
from socialcoop.social import (
    Compatibility,
    Consistency,
    Dataset,
    Population,
    SocialIntelligence,
    SocialLearningProblem,
    WorstPartner,
    clopper_pearson,
    compatibility,
    consistency,
    social_intelligence,
    worst_failures,
    zoo,
)
from socialcoop.strategies import (
    ByRole,
    Convention,
    FictitiousPlay,
    Fixed,
    GrimTrigger,
    Hedge,
    RegretMatching,
    Scripted,
    Seat,
    Signal,
    Strategy,
    Tabular,
    TitForTat,
    announcing_classes,
    schedule,
)

__all__ = [
    "ByRole",
    "Compatibility",
    "Consistency",
    "Control",
    "Convention",
    "Dataset",
    "Explorable",
    "FictitiousPlay",
    "Fixed",
    "Game",
    "GrimTrigger",
    "Hedge",
    "Picture",
    "Play",
    "Population",
    "Profile",
    "RegretMatching",
    "Scripted",
    "Seat",
    "Signal",
    "SocialIntelligence",
    "SocialLearningProblem",
    "Strategy",
    "Tabular",
    "TitForTat",
    "WorstPartner",
    "altruistic_regret",
    "announcing_classes",
    "bounds",
    "clopper_pearson",
    "coarse_correlated_equilibrium",
    "compatibility",
    "consistency",
    "expected_payoffs",
    "explore",
    "external_regret",
    "external_regret_path",
    "games",
    "history_distribution",
    "nash_equilibria",
    "pareto_optimal_nash",
    "play",
    "plots",
    "reaches_pone",
    "schedule",
    "social_intelligence",
    "worst_failures",
    "worst_pone",
    "zoo",
]
